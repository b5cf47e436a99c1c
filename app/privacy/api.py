"""Doors: everything that is kept of whoever calls, or has left and reads their mail."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Response
from fastapi.responses import StreamingResponse
from pydantic import Field

from app.kit.access import public
from app.kit.addresses import Email
from app.kit.deps import NowDep, ReadSessionDep, Runtime, RuntimeDep, SessionDep
from app.kit.errors import FieldError, Invalid
from app.kit.idempotency import once
from app.kit.occasions import Occasion
from app.kit.schemas import In, Out
from app.kit.strict import router as strict_router
from app.members.auth import Caller, HoldingIn, occasion
from app.members.rules import Scope
from app.members.service import community_by_slug, member_named
from app.nominations.doors import Myself, person_of
from app.privacy import asking, erasing, telling
from app.privacy.erasing import Badges

router = strict_router(tags=["privacy"])


Steward = Annotated[Caller, Depends(HoldingIn(Scope.members_write))]
_JSON: dict[int | str, dict[str, Any]] = {200: {"content": {"application/json": {}}}}


_HANDLE = "the handle of whose data it is: what is erased cannot be brought back"
_FATE = "`keep` leaves their badges, and what they vouched for, as they are; `revoke` ends and hides them"


@dataclass(frozen=True)
class Meant:
    """That it is meant, and what becomes of the badges."""

    handle: str
    badges: Badges


def _meant(
    confirm: Annotated[str | None, Query(max_length=64, description=f"Needed: {_HANDLE}.")] = None,
    credentials: Annotated[Badges | None, Query(description=f"Needed: {_FATE}.")] = None,
) -> Meant:
    """Raises `Invalid`, which says what is asked for: this is not done by a call that says nothing."""
    if confirm is not None and credentials is not None:
        return Meant(confirm, credentials)
    asked = (("confirm", confirm, _HANDLE), ("credentials", credentials, _FATE))
    told: list[FieldError] = [
        {"parameter": name, "message": f"is needed: {what}"} for name, value, what in asked if value is None
    ]
    raise Invalid("Nothing was erased: say in the query that it is meant, and what becomes of the badges.", errors=told)


MeantDep = Annotated[Meant, Depends(_meant)]


Confirmed = Annotated[str, Query(max_length=64, description=f"It is {_HANDLE}.")]
Fate = Annotated[Badges, Query(description=f"{_FATE}.")]


class Erased(Out):
    """What was done."""

    credentials: Badges


class DataRequestIn(In):
    """Somebody who has left wants to know what is kept of them, or have it erased."""

    email: Email = Field(description="An address of theirs from the time at which they left.")


class DataRequestOut(Out):
    """What happens next, the same whoever asks: nobody learns here who was a member."""

    said: str


@router.get("/v1/me/data", response_class=Response, responses=_JSON)
def read_my_data(caller: Myself, runtime: RuntimeDep, now: NowDep) -> StreamingResponse:
    """Read everything that is kept of you, table by table (GDPR Art. 15 and 20)."""
    return _told(runtime, person_of(caller), now)


@router.delete("/v1/me/data")
def erase_my_data(
    caller: Myself,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    meant: MeantDep,
) -> Erased:
    """Leave, and have what is kept of you erased (GDPR Art. 17): name, addresses, accounts, texts, choices; your tokens
    end. What was signed, its status and the journal, which has ids alone, stay verifiable. It is done at once, and told
    to your addresses. `confirm` is your handle; `credentials` says what becomes of your badges."""
    member, on = person_of(caller), occasion(caller, runtime, now)
    erasing.erase(session, member, meant.badges, confirmed=meant.handle, runtime=runtime, on=on)
    return Erased(credentials=meant.badges)


@router.delete("/v1/communities/{c}/members/{m}/data")
def erase_data_of_departed(
    c: str,
    m: str,
    caller: Steward,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    confirm: Confirmed,
    credentials: Fate,
) -> Erased:
    """Erase what is kept of somebody who has left, at their wish: their tokens ended with their membership."""
    member = member_named(session, community_by_slug(session, c), m)
    on = occasion(caller, runtime, now)
    erasing.erase_departed(session, member, credentials, confirmed=confirm, runtime=runtime, on=on)
    return Erased(credentials=credentials)


@router.post("/v1/communities/{c}/data-requests", status_code=202, dependencies=[public])
@once
def ask_for_data(c: str, body: DataRequestIn, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> DataRequestOut:
    """Ask, as somebody who has left and so has no token, for what is kept of you: an address of yours from then is sent
    a link, good for a day, by which you read it and have it erased. At most three go out in a day, and none where no
    mail does (409)."""
    community = community_by_slug(session, c)
    asking.ask(session, community, body.email, runtime=runtime, on=_by_letter(runtime, now))
    return DataRequestOut(said="If this was the address of somebody as they left, a letter goes to it shortly.")


@router.get("/v1/data-requests/{letter}", dependencies=[public], response_class=Response, responses=_JSON)
def read_data_by_letter(letter: str, session: ReadSessionDep, runtime: RuntimeDep, now: NowDep) -> StreamingResponse:
    """Read everything that is kept of you, by the link of a letter."""
    return _told(runtime, asking.member_behind(session, letter, on=_by_letter(runtime, now)).id, now)


@router.delete("/v1/data-requests/{letter}", dependencies=[public])
def erase_data_by_letter(
    letter: str, session: SessionDep, runtime: RuntimeDep, now: NowDep, confirm: Confirmed, credentials: Fate
) -> Erased:
    """Have what is kept of you erased, by the link of a letter, as `DELETE /v1/me/data` does it; it ends the link."""
    on = _by_letter(runtime, now)
    erasing.erase_by_letter(session, letter, credentials, confirmed=confirm, runtime=runtime, on=on)
    return Erased(credentials=credentials)


def _told(runtime: Runtime, member: UUID, now: datetime) -> StreamingResponse:
    headers = {"Content-Disposition": 'attachment; filename="my-data.json"', "Cache-Control": "private, no-store"}
    return StreamingResponse(telling.written(runtime, member, now), media_type="application/json", headers=headers)


def _by_letter(runtime: Runtime, now: datetime) -> Occasion:
    return Occasion(actor="recipient", now=now, ids=runtime.ids)
