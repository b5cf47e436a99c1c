"""Doors: whether a week may greet one by name."""

from datetime import datetime
from typing import Annotated

from fastapi import Depends

from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep, SessionDep
from app.kit.schemas import Out
from app.kit.strict import router as strict_router
from app.members.auth import Caller, SignedIn, occasion, person_in
from app.reports.digest import introducing

router = strict_router(tags=["me"])

Somebody = Annotated[Caller, Depends(SignedIn("a member or steward, about themself"))]


class IntroductionOut(Out):
    """Whether the round-up of the week in which you joined may name you."""

    introduced: bool
    since: datetime | None


@router.get("/v1/me/introduction")
def read_introduction(caller: Somebody, session: ReadSessionDep) -> IntroductionOut:
    """Whether you may be named among those who joined. Nobody is who has not said so."""
    return _shown(introducing.agreed_since(session, person_in(caller)))


@router.put("/v1/me/introduction")
def agree_to_introduction(caller: Somebody, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> IntroductionOut:
    """Let the round-up of the week in which you joined greet you by name, before the members of your community."""
    return _shown(introducing.agree(session, person_in(caller), on=occasion(caller, runtime, now)))


@router.delete("/v1/me/introduction")
def take_introduction_back(caller: Somebody, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> IntroductionOut:
    """Not be named any more, in no week."""
    introducing.withdraw(session, person_in(caller), on=occasion(caller, runtime, now))
    return _shown(None)


def _shown(since: datetime | None) -> IntroductionOut:
    return IntroductionOut(introduced=since is not None, since=since)
