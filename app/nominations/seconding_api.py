"""Doors of those who stand behind a nomination: inviting them, seconding, taking a second back."""

from typing import Annotated

from fastapi import Response
from pydantic import Field

from app.kit.deps import NowDep, RuntimeDep, SessionDep
from app.kit.idempotency import once
from app.kit.schemas import In, Prose
from app.kit.strict import router as strict_router
from app.members.auth import occasion
from app.members.service import member_named
from app.nominations import seconding
from app.nominations.doors import Asked, Leading, Seconding, Seen, having, person_of, relations_of, seen
from app.nominations.sight import Relation
from app.nominations.views import WAITS, NominationOut, answered, shown

router = strict_router(tags=["nominations"])

LED_BY = frozenset({Relation.nominator, Relation.steward})


class InvitationsIn(In):
    """Who is asked to second."""

    members: list[Annotated[str, Field(max_length=100)]] = Field(min_length=1, max_length=50)


class SecondIn(In):
    """A reason of one's own."""

    reason: Annotated[Prose, Field(max_length=4000)] = Field(
        description="What you saw this person do: at least 20 characters, and three different words."
    )
    publish: bool = Field(default=False, description="Whether the reason, with your name, may go into the badge.")


@router.post("/v1/nominations/{nomination}/invitations")
@once
def invite(
    nomination: str,
    body: InvitationsIn,
    caller: Leading,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
) -> NominationOut:
    """Ask members to second; from now on they see the statement."""
    found = having(LED_BY, seen(session, nomination, caller, now=now))
    asked = [member_named(session, found.case.community, name).id for name in body.members]
    case = seconding.invite(session, nomination, asked, by=caller.member, on=occasion(caller, runtime, now))
    return shown(Seen(case, found.relations, caller.member), at=runtime.installation, now=now)


@router.post("/v1/nominations/{nomination}/seconds", responses=WAITS)
@once
def second(
    nomination: str,
    body: SecondIn,
    caller: Asked,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    response: Response,
) -> NominationOut:
    """Stand behind a nomination, with your own reason."""
    seen(session, nomination, caller, now=now)
    member = person_of(caller)
    case = seconding.second(
        session,
        nomination,
        member,
        body.reason,
        publish=body.publish,
        at=runtime.installation,
        on=occasion(caller, runtime, now),
    )
    return answered(Seen(case, relations_of(case, caller), member), response, at=runtime.installation, now=now)


@router.delete("/v1/nominations/{nomination}/seconds")
def take_second_back(
    nomination: str, caller: Seconding, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> NominationOut:
    """Take your second back, while nobody weighs the nomination yet."""
    found = seen(session, nomination, caller, now=now)
    member = person_of(caller)
    case = seconding.take_back(session, nomination, member, on=occasion(caller, runtime, now))
    return shown(Seen(case, found.relations, member), at=runtime.installation, now=now)
