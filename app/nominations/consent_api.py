"""Doors around consent: asking for it again, taking it back, and the words that it is for."""

from typing import Annotated

from pydantic import Field

from app.kit.deps import NowDep, RuntimeDep, SessionDep
from app.kit.errors import Forbidden
from app.kit.idempotency import once
from app.kit.schemas import In, Prose
from app.kit.strict import router as strict_router
from app.members.auth import occasion
from app.nominations import renewing, rephrasing, withdrawing
from app.nominations.doors import Leading, Nominated, Seen, person_of, seen
from app.nominations.refusals import NotYours
from app.nominations.sight import Relation
from app.nominations.views import NominationOut, shown

router = strict_router(tags=["offers"])


class WithdrawIn(In):
    """Whether the badge shall end as well. Nobody is asked why."""

    revoke: bool = Field(
        default=False, description="For ever: every copy of it is then invalid. Without it the badge is only hidden."
    )


class NarrativeIn(In):
    """What you would rather have your badge say."""

    text: Annotated[Prose, Field(min_length=1, max_length=8000)]


class AgreementIn(In):
    """Whether the badge may say so."""

    agree: bool


@router.post("/v1/nominations/{nomination}/consent/withdraw")
@once
def withdraw_consent(
    nomination: str,
    caller: Nominated,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    body: WithdrawIn | None = None,
) -> NominationOut:
    """Take your consent back: your badge is hidden at once and in every form, or ends for ever. Nobody is told."""
    found = _own(seen(session, nomination, caller, now=now))
    revoke, on = body is not None and body.revoke, occasion(caller, runtime, now)
    case = withdrawing.withdraw_consent(
        session, nomination, person_of(caller), revoke=revoke, at=runtime.installation, on=on
    )
    return shown(Seen(case, found.relations, found.member), at=runtime.installation, now=now)


@router.post("/v1/nominations/{nomination}/narrative")
@once
def propose_narrative(
    nomination: str, body: NarrativeIn, caller: Nominated, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> NominationOut:
    """Propose what your badge says instead. Its nominator, or a steward, agrees first; your offer stands meanwhile."""
    found, on = _own(seen(session, nomination, caller, now=now)), occasion(caller, runtime, now)
    case = rephrasing.propose_narrative(session, nomination, person_of(caller), body.text, on=on)
    return shown(Seen(case, found.relations, found.member), at=runtime.installation, now=now)


@router.post("/v1/nominations/{nomination}/narrative/agreement")
@once
def agree_to_narrative(
    nomination: str, body: AgreementIn, caller: Leading, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> NominationOut:
    """Agree to what a nominee would rather have the badge say, or not; then it says what it said before."""
    found = seen(session, nomination, caller, now=now)
    if not found.relations & {Relation.nominator, Relation.steward}:
        raise Forbidden("The nominator agrees, or a steward who has no stake in it.", fix="Ask one of them.")
    at, on = runtime.installation, occasion(caller, runtime, now)
    case = rephrasing.answer_narrative(session, nomination, caller.member, agree=body.agree, at=at, on=on)
    return shown(Seen(case, found.relations, found.member), at=runtime.installation, now=now)


@router.post("/v1/nominations/{nomination}/claim-link")
@once
def renew_link(
    nomination: str, caller: Leading, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> NominationOut:
    """Send the letter again to a nominee who was named by address, with a new link that you do not see.

    The link before ends.
    """
    found = seen(session, nomination, caller, now=now)
    if not found.relations & {Relation.nominator, Relation.steward}:
        raise Forbidden("The nominator has it sent, or a steward who has no stake in it.", fix="Ask one of them.")
    case = renewing.renew_links(session, nomination, at=runtime.installation, on=occasion(caller, runtime, now))
    return shown(Seen(case, found.relations, found.member), at=runtime.installation, now=now)


def _own(found: Seen) -> Seen:
    """Raises `NotYours` for whoever it is not about."""
    if found.case.asked(found.member) is None:
        raise NotYours("Only the nominee does this, in person.")
    return found
