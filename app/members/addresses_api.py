"""Doors: a member's own email addresses, and the links that prove them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from pydantic import Field
from sqlmodel import col, select

from app.kit.access import public
from app.kit.addresses import WrittenEmail
from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep, SessionDep
from app.kit.errors import Forbidden
from app.kit.idempotency import once
from app.kit.occasions import Occasion
from app.kit.paging import Listing, PageDep, page
from app.kit.schemas import Id, In, Out
from app.kit.strict import router as strict_router
from app.members import addressing
from app.members.addressing import Asked
from app.members.auth import Caller, SignedIn, occasion
from app.members.tables import Address, Member

router = strict_router()

Somebody = Annotated[Caller, Depends(SignedIn())]


class EmailIn(In):
    """An address of yours."""

    email: WrittenEmail = Field(examples=["ana@second.example.org"])


class EmailOut(Out):
    """One of your addresses. It counts as yours from `since` on: since its link was followed (`proven`), or since the
    community stated it as you joined. Until then no nomination by it is yours to answer, and no mail goes there."""

    id: UUID
    email: str
    primary: bool
    """Whether it is the one at which you are written to, once it counts."""
    proven: bool
    since: datetime | None
    added_at: datetime


class ProofOut(Out):
    """What a link asks, or what it has shown: that this address is this member's."""

    email: str
    community: str
    member: str
    proven: bool


@router.get("/v1/me/emails")
def list_own_emails(caller: Somebody, session: ReadSessionDep, pages: PageDep) -> Listing[EmailOut]:
    """List your email addresses."""
    me = _oneself(caller)
    rows = select(Address).where(Address.member_id == me, col(Address.ended_at).is_(None))
    first = session.get_one(Member, me).email
    return pages.show(page(session, rows, pages.window, by=[col(Address.id)]), lambda row: _email(row, first))


@router.post("/v1/me/emails", status_code=201)
@once
def add_email(body: EmailIn, caller: Somebody, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> EmailOut:
    """Add an address of yours: it is sent a link, good for three days, and counts as yours once that was followed.

    With an address that you have added already, another link is sent.
    """
    me = _oneself(caller)
    at, on = runtime.installation, occasion(caller, runtime, now)
    return _email(addressing.add(session, me, body.email, at=at, on=on), session.get_one(Member, me).email)


@router.get("/v1/me/emails/{address_id}")
def read_own_email(address_id: Id, caller: Somebody, session: ReadSessionDep) -> EmailOut:
    """One of your addresses."""
    me = _oneself(caller)
    return _email(addressing.address_by_id(session, me, address_id), session.get_one(Member, me).email)


@router.delete("/v1/me/emails/{address_id}")
def remove_email(address_id: Id, caller: Somebody, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> EmailOut:
    """Give up an address, unless it is your first. What you were nominated for by it stays yours."""
    me = _oneself(caller)
    removed = _email(addressing.address_by_id(session, me, address_id), session.get_one(Member, me).email)
    addressing.remove(session, me, address_id, at=runtime.installation, on=occasion(caller, runtime, now))
    return removed


@router.post("/v1/me/emails/{address_id}/primary")
@once
def make_email_first(
    address_id: Id, caller: Somebody, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> EmailOut:
    """Be written to at this address from now on. The one before is told, and stays yours; for 72 hours no offer can be
    answered, in case it was not you."""
    me = _oneself(caller)
    at, on = runtime.installation, occasion(caller, runtime, now)
    address = addressing.make_first(session, me, address_id, at=at, on=on)
    return _email(address, address.email)


@router.get("/v1/emails/{proof}", dependencies=[public])
def read_proof(proof: str, session: ReadSessionDep, runtime: RuntimeDep, now: NowDep) -> ProofOut:
    """What the link in a letter asks; looking at it proves nothing."""
    return _proof(addressing.asked_by(session, proof, on=Occasion(actor="recipient", now=now, ids=runtime.ids)))


@router.post("/v1/emails/{proof}", dependencies=[public])
@once
def prove_email(proof: str, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> ProofOut:
    """Say, as whoever reads its mail, that an address is the member's who gave it."""
    return _proof(addressing.prove(session, proof, on=Occasion(actor="recipient", now=now, ids=runtime.ids)))


def _oneself(caller: Caller) -> UUID:
    """Raises `Forbidden`."""
    if caller.member is None:
        raise Forbidden("This is for members in person.", fix="Use a member's own token.")
    return caller.member


def _email(address: Address, first: str | None) -> EmailOut:
    return EmailOut(
        id=address.id,
        email=address.written or "",
        primary=address.email == first,
        proven=address.proven_at is not None,
        since=address.valid_since,
        added_at=address.added_at,
    )


def _proof(asked: Asked) -> ProofOut:
    return ProofOut(
        email=asked.address.written or "",
        community=asked.community.name,
        member=asked.member.name,
        proven=asked.address.proven_at is not None,
    )
