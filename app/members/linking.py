"""Use-cases: accounts of members, by which two members are found to be one person; ties between two people."""

from uuid import UUID

from sqlmodel import Session, select

from app.kit.errors import Conflict, Forbidden, Invalid, NotFound
from app.kit.journal import Datum
from app.kit.occasions import Occasion
from app.kit.prepared import insert_if_absent
from app.members.people import require_known
from app.members.person import TieKind, canonical_account
from app.members.tables import Community, Identity, Member, Tie


class IdentityExists(Conflict):
    """This account is linked to this member already."""

    code = "identity-exists"
    fix = "Nothing needs to be done; to say otherwise whether it is a bot's, delete the link and make it anew."


class TieExists(Conflict):
    """This tie between these two is declared already."""

    code = "tie-exists"
    fix = "Nothing needs to be done: one of the two is enough to declare it."


class TieOver(Conflict):
    """This tie has ended."""

    code = "tie-over"
    fix = "Nothing needs to be done; a tie that begins again is declared again."


def link(session: Session, member: Member, *, platform: str, account: str, is_bot: bool, on: Occasion) -> Identity:
    """An account that is this member's. Raises `IdentityExists`, `MemberErased`, and `Invalid` for an account of
    nothing."""
    require_known(member)
    canonical = canonical_account(account)
    if not canonical:
        raise Invalid(errors=[{"pointer": "/account", "message": "names no account"}])
    identity = Identity(
        id=on.ids.row(),
        community_id=member.community_id,
        member_id=member.id,
        platform=platform,
        account=account,
        canonical=canonical,
        is_bot=is_bot,
        created_at=on.now,
    )
    if not insert_if_absent(session, identity):
        raise IdentityExists(f"{member.handle} has this account on {platform} already.")
    data: dict[str, Datum] = {"member": str(member.id), "platform": platform, "is_bot": is_bot}
    on.record(session, member.community_id, "identity.linked", identity.id, data)
    return identity


def identity_by_id(session: Session, community: Community, id: UUID, *, lock: bool = False) -> Identity:
    """Raises `NotFound`."""
    chosen = select(Identity).where(Identity.id == id, Identity.community_id == community.id)
    identity = session.exec(chosen.with_for_update() if lock else chosen).one_or_none()
    if identity is None:
        raise NotFound(f"{community.slug} has no identity {id}.")
    return identity


def unlink(session: Session, community: Community, id: UUID, *, on: Occasion) -> Identity:
    """What was linked, and is no longer; told with whose it is `still`. Raises `NotFound`."""
    identity = identity_by_id(session, community, id, lock=True)
    session.delete(identity)
    others = select(Identity.member_id).where(
        Identity.community_id == community.id,
        Identity.platform == identity.platform,
        Identity.canonical == identity.canonical,
        Identity.member_id != identity.member_id,
    )
    still = sorted(map(str, session.exec(others).all()))
    data: dict[str, Datum] = {"member": str(identity.member_id), "still": still}
    on.record(session, community.id, "identity.unlinked", identity.id, data)
    return identity


def declare(session: Session, one: Member, other: Member, kind: TieKind, *, by: UUID | None, on: Occasion) -> Tie:
    """A tie between two members of one community; `by` is which of them says so. Raises `TieExists`, `Invalid`."""
    if one.id == other.id:
        raise Invalid(errors=[{"pointer": "/members", "message": "a tie is between two people"}])
    first, second = sorted((one.id, other.id))
    tie = Tie(
        id=on.ids.row(),
        community_id=one.community_id,
        first_id=first,
        second_id=second,
        kind=kind,
        declared_by=by,
        since=on.now,
    )
    if not insert_if_absent(session, tie):
        raise TieExists(f"{one.handle} and {other.handle} have this tie already.")
    data: dict[str, Datum] = {"members": [str(first), str(second)], "kind": kind.value}
    on.record(session, one.community_id, "tie.declared", tie.id, data)
    return tie


def tie_by_id(session: Session, community: Community, id: UUID, *, seen_by: UUID | None, lock: bool = False) -> Tie:
    """A tie, for a member whom it concerns; for stewards without `seen_by`. Raises `NotFound`."""
    chosen = select(Tie).where(Tie.id == id, Tie.community_id == community.id)
    tie = session.exec(chosen.with_for_update() if lock else chosen).one_or_none()
    if tie is None or (seen_by is not None and seen_by not in {tie.first_id, tie.second_id}):
        raise NotFound(f"{community.slug} has no tie {id}.")
    return tie


def end_tie(session: Session, community: Community, id: UUID, *, by: UUID | None, on: Occasion) -> Tie:
    """Ends a tie; that it was stays. `by` is the member who wants it, None a steward.

    Only who declared it takes it back, so that nobody gets rid of what stands against them. Raises `NotFound`,
    `Forbidden`, `TieOver`.
    """
    tie = tie_by_id(session, community, id, seen_by=by, lock=True)
    if by is not None and tie.declared_by != by:
        raise Forbidden("A tie is ended by who declared it, or by a steward.")
    if tie.until is not None:
        raise TieOver(f"It ended at {tie.until.isoformat()}.")
    tie.until = on.now
    session.add(tie)
    on.record(session, community.id, "tie.ended", tie.id, {"members": [str(tie.first_id), str(tie.second_id)]})
    return tie
