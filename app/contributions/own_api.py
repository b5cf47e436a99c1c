"""Doors: whether what one does is counted."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends

from app.contributions import opting
from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep, SessionDep
from app.kit.errors import Forbidden
from app.kit.schemas import Out
from app.kit.strict import router as strict_router
from app.members.auth import Caller, InPerson, occasion

router = strict_router(tags=["me"])

Somebody = Annotated[Caller, Depends(InPerson())]


class UncountedOut(Out):
    """Whether what you do is left out where things are counted."""

    uncounted: bool
    since: datetime | None


@router.get("/v1/me/uncounted")
def read_uncounted(caller: Somebody, session: ReadSessionDep) -> UncountedOut:
    """Whether what you do is left out where contributions are counted."""
    return _shown(opting.uncounted_since(session, _oneself(caller)))


@router.put("/v1/me/uncounted")
def leave_uncounted(caller: Somebody, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> UncountedOut:
    """Have what you do, and have done, left out of milestones and figures. It stays listed, and you are credited."""
    return _shown(opting.opt_out(session, _oneself(caller), on=occasion(caller, runtime, now)))


@router.delete("/v1/me/uncounted")
def count_again(caller: Somebody, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> UncountedOut:
    """Have all of it counted again."""
    opting.opt_in(session, _oneself(caller), on=occasion(caller, runtime, now))
    return _shown(None)


def _oneself(caller: Caller) -> UUID:
    """Raises `Forbidden`."""
    if caller.member is None:
        raise Forbidden("This is for members in person; the token has no owner who is one.")
    return caller.member


def _shown(since: datetime | None) -> UncountedOut:
    return UncountedOut(uncounted=since is not None, since=since)
