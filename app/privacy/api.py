"""Doors: everything that is kept of whoever calls."""

from typing import Annotated

from fastapi import Depends, Query, Response
from fastapi.responses import StreamingResponse

from app.kit.deps import NowDep, RuntimeDep, SessionDep
from app.kit.schemas import Out
from app.kit.strict import router as strict_router
from app.members.auth import Caller, HoldingIn, occasion
from app.members.rules import Scope
from app.members.service import community_by_slug, member_named
from app.nominations.doors import Oneself, person_of
from app.privacy import erasing, telling
from app.privacy.erasing import Badges

router = strict_router(tags=["privacy"])


Steward = Annotated[Caller, Depends(HoldingIn(Scope.members_write))]
Confirmed = Annotated[str, Query(max_length=64, description="The handle of whose data it is: this cannot be undone.")]
Fate = Annotated[Badges, Query(description="`keep` leaves their badges as they are, `revoke` ends and hides them.")]


class Erased(Out):
    """What was done."""

    credentials: Badges


@router.get("/v1/me/data", response_class=Response, responses={200: {"content": {"application/json": {}}}})
def read_my_data(caller: Oneself, runtime: RuntimeDep, now: NowDep) -> StreamingResponse:
    """Read everything that is kept of you, table by table (GDPR Art. 15 and 20)."""
    headers = {"Content-Disposition": 'attachment; filename="my-data.json"', "Cache-Control": "private, no-store"}
    told = telling.written(runtime, person_of(caller), now)
    return StreamingResponse(told, media_type="application/json", headers=headers)


@router.delete("/v1/me/data")
def erase_my_data(
    caller: Oneself,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    confirm: Confirmed,
    credentials: Fate,
) -> Erased:
    """Leave, and have what is kept of you erased (GDPR Art. 17): name, addresses, accounts, texts, choices; your tokens
    end. What was signed, its status and the journal, which has ids alone, stay verifiable."""
    member, on = person_of(caller), occasion(caller, runtime, now)
    erasing.erase(session, member, credentials, confirmed=confirm, at=runtime.installation, on=on)
    return Erased(credentials=credentials)


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
    erasing.erase_departed(session, member, credentials, confirmed=confirm, at=runtime.installation, on=on)
    return Erased(credentials=credentials)
