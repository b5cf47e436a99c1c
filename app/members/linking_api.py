"""Doors: accounts of members, and ties between them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from pydantic import Field, Strict
from sqlmodel import col, or_, select

from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep, SessionDep
from app.kit.errors import Forbidden
from app.kit.idempotency import once
from app.kit.paging import Listing, PageDep, page
from app.kit.schemas import Id, In, Name, Out
from app.kit.strict import router as strict_router
from app.members import linking
from app.members.auth import Caller, FellowOf, HoldingIn, occasion
from app.members.forms import Key, Named
from app.members.person import TieKind
from app.members.rules import Scope
from app.members.service import community_by_slug, member_named
from app.members.tables import Identity, Tie

router = strict_router()

Steward = Annotated[Caller, Depends(HoldingIn(Scope.members_write))]
Fellow = Annotated[Caller, Depends(FellowOf())]


class IdentityIn(In):
    """An account to link to a member."""

    member: Named
    platform: Key = Field(examples=["github"])
    account: Name = Field(examples=["ana-fictional"])
    is_bot: bool = Field(default=False, description="A program's: its member neither seconds nor reviews.")


class IdentityOut(Out):
    """An account of a member."""

    id: UUID
    member: UUID
    platform: str
    account: str
    is_bot: bool
    created_at: datetime


class TieIn(In):
    """What two members are to each other."""

    members: list[Named] = Field(min_length=2, max_length=2, examples=[["ana", "bo"]])
    kind: Annotated[TieKind, Strict(False)]


class TieOut(Out):
    """A tie between two members, with who of them declared it (null: a steward)."""

    id: UUID
    members: list[UUID]
    kind: TieKind
    declared_by: UUID | None
    since: datetime = Field(serialization_alias="from")
    until: datetime | None = Field(serialization_alias="to")


@router.post("/v1/communities/{c}/identities", status_code=201)
@once
def link_identity(
    c: str, body: IdentityIn, caller: Steward, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> IdentityOut:
    """Link an account on a platform to a member.

    Two members to whom the same account is linked count as one person, and so does everybody whom either shares
    another account with: they do not second or judge each other. To say so of two members without a common account,
    link both to one of your own choosing, such as `{"platform": "person", "account": "ana"}`.
    """
    member = member_named(session, community_by_slug(session, c), body.member)
    return _identity(
        linking.link(
            session,
            member,
            platform=body.platform,
            account=body.account,
            is_bot=body.is_bot,
            on=occasion(caller, runtime, now),
        )
    )


@router.get("/v1/communities/{c}/identities")
def list_identities(c: str, caller: Steward, session: ReadSessionDep, pages: PageDep) -> Listing[IdentityOut]:
    """List the accounts of all members."""
    rows = select(Identity).where(Identity.community_id == community_by_slug(session, c).id)
    return pages.show(page(session, rows, pages.window, by=[col(Identity.id)]), _identity)


@router.get("/v1/communities/{c}/identities/{identity_id}")
def read_identity(c: str, identity_id: Id, caller: Steward, session: ReadSessionDep) -> IdentityOut:
    """One account of a member."""
    return _identity(linking.identity_by_id(session, community_by_slug(session, c), identity_id))


@router.delete("/v1/communities/{c}/identities/{identity_id}")
def unlink_identity(
    c: str, identity_id: Id, caller: Steward, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> IdentityOut:
    """Take an account from a member."""
    community = community_by_slug(session, c)
    return _identity(linking.unlink(session, community, identity_id, on=occasion(caller, runtime, now)))


@router.post("/v1/communities/{c}/ties", status_code=201)
@once
def declare_tie(c: str, body: TieIn, caller: Fellow, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> TieOut:
    """Declare a tie between two members, as one of the two or as a steward: they do not judge each other then."""
    community = community_by_slug(session, c)
    one, other = (member_named(session, community, name) for name in body.members)
    by = _oneself(caller)
    if by is not None and by not in {one.id, other.id}:
        raise Forbidden("A tie is declared by one of the two, or by a steward.")
    if caller.member in {one.id, other.id}:
        by = caller.member
    return _tie(linking.declare(session, one, other, body.kind, by=by, on=occasion(caller, runtime, now)))


@router.get("/v1/communities/{c}/ties")
def list_ties(c: str, caller: Fellow, session: ReadSessionDep, pages: PageDep) -> Listing[TieOut]:
    """List the ties that concern the caller; all of them for stewards. Those that ended are kept."""
    rows, own = select(Tie).where(Tie.community_id == community_by_slug(session, c).id), _oneself(caller)
    if own is not None:
        rows = rows.where(or_(Tie.first_id == own, Tie.second_id == own))
    return pages.show(page(session, rows, pages.window, by=[col(Tie.id)]), _tie)


@router.get("/v1/communities/{c}/ties/{tie_id}")
def read_tie(c: str, tie_id: Id, caller: Fellow, session: ReadSessionDep) -> TieOut:
    """One tie, for the two and for stewards."""
    return _tie(linking.tie_by_id(session, community_by_slug(session, c), tie_id, seen_by=_oneself(caller)))


@router.delete("/v1/communities/{c}/ties/{tie_id}")
def end_tie(c: str, tie_id: Id, caller: Fellow, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> TieOut:
    """End a tie, as who declared it or as a steward."""
    community, on = community_by_slug(session, c), occasion(caller, runtime, now)
    return _tie(linking.end_tie(session, community, tie_id, by=_oneself(caller), on=on))


def _oneself(caller: Caller) -> UUID | None:
    """The member as whom the caller acts; None for who looks after members. Raises `Forbidden`."""
    if Scope.members_write in caller.scopes:
        return None
    if caller.member is None:
        raise Forbidden("This is for members in person, and for tokens with the scope members:write.")
    return caller.member


def _identity(identity: Identity) -> IdentityOut:
    return IdentityOut(
        id=identity.id,
        member=identity.member_id,
        platform=identity.platform,
        account=identity.account,
        is_bot=identity.is_bot,
        created_at=identity.created_at,
    )


def _tie(tie: Tie) -> TieOut:
    return TieOut(
        id=tie.id,
        members=[tie.first_id, tie.second_id],
        kind=tie.kind,
        declared_by=tie.declared_by,
        since=tie.since,
        until=tie.until,
    )
