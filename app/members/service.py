"""Use-cases: communities and members."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, func, select

from app.kit.errors import Conflict, FieldError, Invalid, NotFound
from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.kit.prepared import Prepared, PreparedRows
from app.members import affiliations, bringing
from app.members.addresses import COUNTS, address_of, follow, holder
from app.members.people import require_known
from app.members.phases import Phase
from app.members.rules import Role, id_like
from app.members.tables import Address, Community, Member
from app.members.tokens import end_tokens

TOLERANCE = timedelta(days=1)
"""By how much the day on which somebody joined may lie ahead: dates come without a time zone, too."""


class NoSuchCommunity(NotFound):
    """There is no community of that slug."""

    code = "no-such-community"
    fix = "GET /v1/communities lists the slugs there are."


class NoSuchMember(NotFound):
    """There is no such member in this community."""

    code = "no-such-member"
    fix = "Name a member of this community by handle or id; GET …/members lists them."


class SlugTaken(Conflict):
    """Another community has this slug."""

    code = "slug-taken"
    fix = "Choose another slug."


class MemberExists(Conflict):
    """A member of this community already has that handle, email address or DID."""

    code = "member-exists"
    fix = "Use the member that exists, or another handle."


# These run with almost every request.
_BY_SLUG = PreparedRows(Community, select(Community).where(Community.slug == bindparam("slug")))
_ID_BY_SLUG = Prepared(select(Community.id).where(Community.slug == bindparam("slug")))
_IN_COMMUNITY = select(Member).where(Member.community_id == bindparam("community"))
_BY_EMAIL = PreparedRows(
    Member,
    _IN_COMMUNITY.join(Address, col(Address.member_id) == Member.id).where(
        Address.community_id == bindparam("community"), Address.email == bindparam("contact"), COUNTS
    ),
)
_BY_DID = PreparedRows(Member, _IN_COMMUNITY.where(Member.did == bindparam("contact")))


def found_community(
    session: Session,
    *,
    slug: str,
    name: str,
    description: str,
    url: str,
    email: str,
    phase: Phase = Phase.active,
    on: Occasion,
) -> Community:
    """A new community. Raises `SlugTaken`."""
    community = Community(
        id=on.ids.row(),
        slug=slug,
        name=name,
        description=description,
        url=url,
        email=email,
        created_at=on.now,
        phase=phase,
    )
    if not _added(session, community):
        raise SlugTaken(f"The slug {slug!r} is taken.")
    on.record(session, community.id, "community.founded", community.id)
    return community


def community_by_slug(session: Session, slug: str) -> Community:
    """Raises `NoSuchCommunity`."""
    community = _BY_SLUG.first(session, {"slug": slug})
    if community is None:
        raise NoSuchCommunity(f"There is no community {slug!r}.")
    return community


def id_of_member(session: Session, community: UUID, name: str) -> UUID:
    """The id alone of a member named by handle or id. Raises `NoSuchMember`."""
    named = Member.id == UUID(name) if id_like(name) else Member.handle == name
    found = session.exec(select(Member.id).where(Member.community_id == community, named)).one_or_none()
    if found is None:
        raise NoSuchMember(f"There is no member {name!r}.")
    return found


def id_of_community(session: Session, slug: str) -> UUID:
    """The id alone: every gate asks for it. Raises `NoSuchCommunity`."""
    found = _ID_BY_SLUG.first(session, {"slug": slug})
    if found is None:
        raise NoSuchCommunity(f"There is no community {slug!r}.")
    id: UUID = found[0]
    return id


def every_community(session: Session) -> Sequence[Community]:
    """All of them, oldest first."""
    return session.exec(select(Community).order_by(col(Community.id))).all()


def join(
    session: Session,
    community: Community,
    *,
    handle: str,
    name: str,
    email: str | None,
    did: str | None,
    affiliation: str | None,
    role: Role,
    joined_at: datetime | None,
    minor: bool = False,
    guardian_agreed: bool = False,
    inviter: Member | None = None,
    at: Installation,
    on: Occasion,
) -> Member:
    """A new member, with a canonical `email`, brought by `inviter`, whose row is locked.

    Raises `MemberExists`, `MemberLeft` of the inviter, and `Invalid` where they are still to come.
    """
    if joined_at is not None and joined_at > on.now + TOLERANCE:
        raise Invalid(errors=[FieldError(pointer="/joined_at", message="is still to come")])
    member = Member(
        id=on.ids.row(),
        community_id=community.id,
        handle=handle,
        name=name,
        email=email,
        did=did,
        affiliation=affiliation,
        role=role,
        joined_at=joined_at or on.now,
        minor=minor,
        guardian_agreed=guardian_agreed,
    )
    stated = address_of(member, email, at=at, on=on) if email is not None else None
    if stated is not None:
        stated.valid_since = on.now
    if not _added(session, member) or (stated is not None and not _added(session, stated)):
        raise MemberExists(f"{community.slug} already has a member with the handle, email or DID of {handle!r}.")
    affiliations.follow(session, member, None, on=on)
    on.record(session, community.id, "member.joined", member.id)
    if inviter is not None:
        bringing.brought(session, member, inviter, on=on)
    return member


def member_named(session: Session, community: Community, name: str, *, lock: bool = False) -> Member:
    """The member with this handle or id: wherever a member is named, either serves. Raises `NoSuchMember`.

    With `lock`, nobody else changes the member meanwhile.
    """
    chosen = select(Member).where(Member.community_id == community.id)
    chosen = chosen.where(Member.id == UUID(name) if id_like(name) else Member.handle == name)
    member = session.exec(chosen.with_for_update() if lock else chosen).one_or_none()
    if member is None:
        raise NoSuchMember(f"{community.slug} has no member {name!r}.")
    return member


def member_by_contact(
    session: Session, community: Community, *, email: str | None = None, did: str | None = None
) -> Member | None:
    """Who in the community is known by this DID, or by this canonical email address, if it counts as anybody's."""
    chosen = _BY_EMAIL if did is None else _BY_DID
    return chosen.first(session, {"community": community.id, "contact": email if did is None else did})


def size(session: Session, community: Community) -> int:
    """How many members there are."""
    return session.exec(select(func.count()).where(Member.community_id == community.id)).one()


def change_member(
    session: Session, member: Member, changes: dict[str, Any], *, at: Installation, on: Occasion
) -> Member:
    """Sets what `changes` names; another address counts once it is proven. Raises `MemberErased`, `MemberExists`.

    Who is a steward no longer has no steward's token any more.
    """
    require_known(member)
    affiliation, contact = member.affiliation, (member.email, member.did)
    with session.no_autoflush:
        for field, value in changes.items():
            setattr(member, field, value)
        if (member.email, member.did) != contact:
            member.contact_changed_at = on.now
        member.version += 1
    if not _added(session, member) or _is_anothers(session, member, contact[0]):
        raise MemberExists("Another member of this community has that email address or DID.")
    follow(session, member, contact[0], at=at, on=on)
    affiliations.follow(session, member, affiliation, on=on)
    on.record(session, member.community_id, "member.changed", member.id, {"fields": sorted(changes)})
    if member.role is not Role.steward:
        end_tokens(session, member, Role.steward, on=on)
    return member


def _is_anothers(session: Session, member: Member, was: str | None) -> bool:
    """Whether the address that a member was given counts as somebody else's."""
    if member.email is None or member.email == was:
        return False
    return holder(session, member.community_id, member.email) not in {None, member.id}


def _added(session: Session, row: Community | Member | Address) -> bool:
    """Whether the row fits every unique constraint; if not, only this step is undone."""
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError:
        return False
    return True
