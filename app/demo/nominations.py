"""Nominations of the fictional community: one in every state in which a nomination can be found, and how it got there.

`approved` and `accepted` are states of a moment: what was approved is offered in the same breath, and what was accepted
is issued. They are in the journal.
"""

from collections.abc import Sequence
from uuid import UUID

from app.credentials.participation import Wanted
from app.credentials.rules import Visibility
from app.demo.people import SITE
from app.demo.stage import Scene, Stage
from app.nominations import answering, appealing, inquiring, moderating, reviewing, seconding, writing
from app.nominations.answering import Answer
from app.nominations.casefile import Case, opened_by_id
from app.nominations.moderating import Category
from app.nominations.nominees import Proposed
from app.nominations.reviewing import Opinion
from app.nominations.rules import Act
from app.nominations.stepping import step
from app.nominations.tables import ACTIVE, Verdict
from app.nominations.writing import STATEMENT, Draft

Words = tuple[str, ...]
"""A statement: who they are, what they did, where, and what came of it. A draft may say less."""


def drafts(
    days_ago: float, tale: str, who: str, *whom: str, kind: str, says: Words, rests: Wanted | None = None
) -> Scene:
    """Somebody begins to write; `rests` is what of it the badge is to rest on."""

    def play(stage: Stage, days: float) -> None:
        text = Draft(
            achievement=stage.earned[kind],
            nominees=[Proposed(member=one) for one in whom],
            statement=dict(zip(STATEMENT, says, strict=False)),
            evidence=[{"url": f"{SITE}/notes/{tale}", "name": "Notes"}],
            participation=rests,
        )
        on, nominator = stage.on(days, who), stage.member(who).id
        case = writing.draft(stage.session, stage.community, nominator, text, at=stage.at, on=on)
        stage.known[tale] = str(case.nomination.id)

    return Scene(days_ago, play)


def nominates(
    days_ago: float,
    tale: str,
    who: str,
    *whom: str,
    kind: str,
    says: Words,
    rests: Wanted | None = None,
    merge: bool = False,
) -> Scene:
    """Somebody nominates one, or a team; with `merge`, as a second of a nomination that there is."""
    written = drafts(days_ago, tale, who, *whom, kind=kind, says=says, rests=rests)

    def play(stage: Stage, days: float) -> None:
        written.play(stage, days)
        writing.submit(stage.session, stage.known[tale], merge=merge, at=stage.at, on=stage.on(days, who))

    return Scene(days_ago, play)


def invites(days_ago: float, tale: str, who: str, *whom: str) -> Scene:
    def play(stage: Stage, days: float) -> None:
        asked, by = [stage.member(one).id for one in whom], stage.member(who).id
        seconding.invite(stage.session, stage.known[tale], asked, by=by, on=stage.on(days, who))

    return Scene(days_ago, play)


def seconds(days_ago: float, tale: str, who: str, reason: str, *, publish: bool = False) -> Scene:
    """Somebody who was asked to, or is now, stands behind it."""

    def play(stage: Stage, days: float) -> None:
        member, id, on = stage.member(who).id, stage.known[tale], stage.on(days, who)
        seconding.invite(stage.session, id, [member], by=None, on=on)
        seconding.second(stage.session, id, member, reason, publish=publish, at=stage.at, on=on)

    return Scene(days_ago, play)


def votes(days_ago: float, tale: str, verdict: Verdict, *feedback: str) -> Scene:
    """As many of the panel as there is feedback of say so: those on whom the lots fell first."""

    def play(stage: Stage, days: float) -> None:
        for member, text in zip(_silent(stage, tale, days), feedback, strict=False):
            opinion = Opinion(verdict, feedback=text, checked=[0])
            on = stage.on(days, member)
            reviewing.review(stage.session, stage.known[tale], member, opinion, at=stage.at, on=on)

    return Scene(days_ago, play)


def decides(days_ago: float, tale: str, who: str, feedback: str) -> Scene:
    """A steward approves, where one decides alone."""

    def play(stage: Stage, days: float) -> None:
        opinion, on = Opinion(Verdict.approve, feedback=feedback, checked=[0]), stage.on(days, who)
        reviewing.review(stage.session, stage.known[tale], stage.member(who).id, opinion, at=stage.at, on=on)

    return Scene(days_ago, play)


def asks(days_ago: float, tale: str, question: str) -> Scene:
    """Somebody of the panel needs to know more."""

    def play(stage: Stage, days: float) -> None:
        member = _silent(stage, tale, days)[0]
        inquiring.ask(stage.session, stage.known[tale], member, question, on=stage.on(days, member))

    return Scene(days_ago, play)


def answers(days_ago: float, tale: str, who: str, *, accepts: bool) -> Scene:
    """A nominee answers, and has the badge shown to everybody if they accept."""

    def play(stage: Stage, days: float) -> None:
        given = Answer(
            accepts=accepts,
            visibility=Visibility.public if accepts else Visibility.private,
            participation=accepts,
        )
        member, on = stage.member(who).id, stage.on(days, who)
        answering.answer(stage.session, stage.known[tale], member, given, at=stage.at, on=on)

    return Scene(days_ago, play)


def appeals(days_ago: float, tale: str, who: str, argument: str) -> Scene:
    def play(stage: Stage, days: float) -> None:
        appealing.appeal(stage.session, stage.known[tale], argument, on=stage.on(days, who))

    return Scene(days_ago, play)


def reports(days_ago: float, tale: str, who: str, category: Category, text: str) -> Scene:
    """Somebody finds that a nomination does harm, and it is held."""

    def play(stage: Stage, days: float) -> None:
        member, on = stage.member(who).id, stage.on(days, who)
        moderating.report(stage.session, stage.known[tale], member, category, text, on=on)

    return Scene(days_ago, play)


def withdraws(days_ago: float, tale: str, who: str, reason: str) -> Scene:
    def play(stage: Stage, days: float) -> None:
        writing.withdraw(stage.session, stage.known[tale], reason, by_steward=False, on=stage.on(days, who))

    return Scene(days_ago, play)


def runs_out(days_ago: float, tale: str) -> Scene:
    """The time is over before enough people stood behind it."""

    def play(stage: Stage, days: float) -> None:
        step(_case(stage, tale, days, lock=True), Act.expire, on=stage.on(days))

    return Scene(days_ago, play)


def _case(stage: Stage, tale: str, days: float, *, lock: bool = False) -> Case:
    return opened_by_id(stage.session, stage.known[tale], now=stage.on(days).now, lock=lock)


def _silent(stage: Stage, tale: str, days: float) -> Sequence[UUID]:
    """Those of the panel who have not voted yet."""
    seats = _case(stage, tale, days).reviewers
    return [seat.member_id for seat in seats if seat.seat in ACTIVE and seat.verdict is None]
