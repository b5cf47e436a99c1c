"""Doors: the accounts on platforms of whoever calls, each proven by a code that the account writes there; and, for
stewards, those that somebody else has as well.
"""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from pydantic import Field
from sqlmodel import Session, col, select

from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep, SessionDep
from app.kit.errors import Forbidden, NotFound
from app.kit.idempotency import once
from app.kit.paging import Listing, PageDep, page
from app.kit.schemas import Id, In, Name, Out
from app.kit.strict import router as strict_router
from app.members.auth import Caller, HoldingIn, SignedIn, occasion
from app.members.forms import Key
from app.members.rules import Scope
from app.members.service import community_by_slug
from app.sources import proving
from app.sources.tables import AccountProof, ProofState

router = strict_router(tags=["me"])

Oneself = Annotated[Caller, Depends(SignedIn("a member or steward, about themself"))]
Steward = Annotated[Caller, Depends(HoldingIn(Scope.members_write))]


class ProofIn(In):
    """An account of yours, on a platform that your community listens to."""

    platform: Key = Field(description="As contributions name its accounts.", examples=["github"])
    account: Name = Field(
        description="As the platform tells it: a name on GitHub and Discourse, the id of a user on Slack and Discord, "
        "`@name:server` on Matrix.",
        examples=["ana-fictional"],
    )


class ProofOut(Out):
    """An account that you prove to be yours, or have proven."""

    id: UUID
    platform: str
    account: str
    state: ProofState
    """`disputed`: it is another member's too, and stewards say whether you are one person."""
    asked_at: datetime
    expires_at: datetime
    """After which the code proves nothing."""
    proven_at: datetime | None
    source: UUID | None
    """By which the code came."""


class ProofMadeOut(ProofOut):
    """The same, with what is to be written."""

    code: str = Field(
        description="Shown this once. Write it with that account where your community hears it, at the very beginning "
        "of a new comment, post or message. Never write one that somebody else gave you."
    )


class DisputedOut(Out):
    """An account that a member has proven to be theirs, and that others have."""

    id: UUID
    member: UUID
    """Who has proven it, and is not linked to it."""
    platform: str
    account: str
    proven_at: datetime | None
    source: UUID | None
    """By which the code came."""
    held_by: list[UUID]
    """The members who are linked to it; with whoever has proven it they would be one person."""


@router.post("/v1/me/identities", status_code=201)
@once
def ask_for_proof(
    body: ProofIn, caller: Oneself, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> ProofMadeOut:
    """Say that an account is yours: the answer has a code, which is good for a day and once.

    Written by that account it links the account to you; written by another it proves nothing.
    """
    on = occasion(caller, runtime, now)
    row, code = proving.ask(session, _person(caller), body.platform, body.account, on=on)
    return ProofMadeOut(**_shown(row, now).model_dump(), code=code)


@router.get("/v1/me/identities")
def list_proofs(caller: Oneself, session: ReadSessionDep, pages: PageDep, now: NowDep) -> Listing[ProofOut]:
    """List the accounts that you have said are yours."""
    rows = select(AccountProof).where(
        AccountProof.member_id == _person(caller), AccountProof.state != ProofState.withdrawn
    )
    return pages.show(page(session, rows, pages.window, by=[col(AccountProof.id)]), lambda row: _shown(row, now))


@router.get("/v1/me/identities/{proof_id}")
def read_proof(proof_id: Id, caller: Oneself, session: ReadSessionDep, now: NowDep) -> ProofOut:
    """One account that you have said is yours."""
    return _shown(proving.proof_of(session, _person(caller), proof_id), now)


@router.delete("/v1/me/identities/{proof_id}")
def withdraw_proof(proof_id: Id, caller: Oneself, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> ProofOut:
    """Take it back: the code proves nothing any more, and an account that it proved is yours no longer.

    What the account did stays listed, as that account's.
    """
    return _shown(proving.withdraw(session, _person(caller), proof_id, on=occasion(caller, runtime, now)), now)


@router.get("/v1/communities/{c}/disputed-accounts")
def list_disputed(c: str, caller: Steward, session: ReadSessionDep, pages: PageDep) -> Listing[DisputedOut]:
    """List accounts that somebody has proven to be theirs and that others have: who is one person, stewards say.

    To say that they are, link the account to who has proven it; if the others are not, delete their links first.
    """
    rows = proving.disputed(community_by_slug(session, c).id)
    found = page(session, rows, pages.window, by=[col(AccountProof.id)])
    return pages.show(found, lambda row: _disputed(row, session))


@router.get("/v1/communities/{c}/disputed-accounts/{proof_id}")
def read_disputed(c: str, proof_id: Id, caller: Steward, session: ReadSessionDep) -> DisputedOut:
    """One account that somebody has proven to be theirs and that others have."""
    rows = proving.disputed(community_by_slug(session, c).id).where(AccountProof.id == proof_id)
    row = session.exec(rows).one_or_none()
    if row is None:
        raise NotFound(f"No such account is disputed in {c}.")
    return _disputed(row, session)


def _disputed(row: AccountProof, session: Session) -> DisputedOut:
    return DisputedOut(
        id=row.id,
        member=row.member_id,
        platform=row.platform,
        account=row.account,
        proven_at=row.proven_at,
        source=row.source_id,
        held_by=list(proving.held_by(session, row)),
    )


def _person(caller: Caller) -> UUID:
    """Raises `Forbidden`."""
    if caller.member is None:
        raise Forbidden("Only a person has accounts.", fix="Use the token of a member.")
    return caller.member


def _shown(row: AccountProof, now: datetime) -> ProofOut:
    over = row.state is ProofState.open and now >= row.ends_at
    return ProofOut(
        id=row.id,
        platform=row.platform,
        account=row.account,
        state=ProofState.expired if over else row.state,
        asked_at=row.asked_at,
        expires_at=row.ends_at,
        proven_at=row.proven_at,
        source=row.source_id,
    )
