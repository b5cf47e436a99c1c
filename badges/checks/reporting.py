"""The report: the checks that were made, those that were not, and what they add up to."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from traceback import walk_tb

from badges import reports
from badges.checks import collecting, stating
from badges.checks.collecting import Examined
from badges.checks.endorsing import Judged
from badges.checks.questions import Question
from badges.checks.reading import Badge
from badges.checks.resting import Rest
from badges.checks.verdicts import Claims, summary, verdict
from badges.documents import Document
from badges.errors import BadgeError
from badges.reports import REQUIRED, Check, Report

READABLE = Question("readable", "OB 3.0 §5; OB 2.0 Baking")
NOT_REACHED = "This was not asked: an earlier answer leaves nothing to ask."
ASKED_INSIDE = "This is asked of each credential in the presentation."
ORDER = ("readable", "conforms", "proof", "issuer", "status", "valid_from", "expiry", "recipient", "endorsements")
"""The checks of a badge; of a collection there is `contains` besides."""

_MOST_PLACES = 8
"""Of an error: those nearest to it. (Too deep a recursion has a thousand.)"""


def report(
    badge: Badge | None,
    checks: Sequence[Check],
    claims: Claims,
    now: datetime,
    judged: Sequence[Judged] = (),
    inside: Sequence[Examined] = (),
    rests: Sequence[Rest] = (),
) -> Report:
    """The checks in the order of the contract, those that were not made among them, and what they add up to."""
    ordered = _in_order(badge, checks)
    required = collecting.REQUIRED_OF_PRESENTATION if badge and badge.is_presentation else REQUIRED
    word = verdict(ordered, required)
    told = summary(word, ordered, claims)
    if badge and (badge.is_presentation or badge.is_learner_record):
        answer = collecting.contains(inside, len(collecting.members_of(badge)))
        word, told = collecting.together(badge, word, told, answer)
        ordered, required = (*ordered, answer), (*required, answer.check)
    reports = (*(each.report for each in judged), *(each.report for each in inside))
    return Report(
        checks=ordered,
        verdict=word,
        summary=told,
        checked_at=now,
        version=badge.version.code if badge else None,
        format=badge.format.value if badge else None,
        container=badge.container if badge else None,
        issuer=claims.issuer,
        recipient=claims.recipient,
        achievement=claims.achievement,
        document=claims.document,
        warnings=(
            *(warning for check in ordered for warning in check.warnings),
            *(warning for each in rests for warning in each.warnings()),
        ),
        endorsements=tuple(each.to_dict() for each in judged),
        evidence=tuple(each.to_dict() for each in rests),
        contains=tuple(each.to_dict() for each in inside),
        required=required,
        documents=tuple(_documents(inside)),
        faults=tuple(dict.fromkeys(fault for each in reports for fault in each.faults)),
    )


def _documents(inside: Sequence[Examined]) -> Iterator[Document]:
    for each in inside:
        yield each.report.document
        yield from each.report.documents


def unread(error: BadgeError, now: datetime, *, whose: str = "badge") -> Report:
    """The report on what could not be read; `whose` is what it was taken for."""
    return report(None, [READABLE.refused(error, whose=whose)], stating.NOTHING, now)


def unjudged(error: Exception, now: datetime) -> Report:
    """The report where an error that is not the badge's left it unjudged: the kind is told, the place in `faults`."""
    told = f"Something went wrong here ({type(error).__name__}), which says nothing about the badge."
    told_of = report(None, [READABLE.unknown("internal", told)], stating.NOTHING, now)
    return replace(told_of, faults=(_fault(error),))


def _fault(error: Exception) -> str:
    """The kind of an error and where it was, without its words: those may be the badge's."""
    places = [
        f"{frame.f_globals.get('__name__')}:{line} {frame.f_code.co_name}"
        for frame, line in walk_tb(error.__traceback__)
    ]
    return f"{type(error).__name__} in {' < '.join(places[: -_MOST_PLACES - 1 : -1])}"


def _carried(badge: Badge) -> Iterator[reports.Warning]:
    """What there is to say of how a badge lay in its picture, and what lay beside it: a reader might take another badge
    for what was judged.
    """
    if badge.is_compressed:
        told = "The badge lies compressed in its picture, which the standard forbids: others may not find it."
        yield READABLE.warning("compressed", told)
    for version in badge.also:
        told = f"The picture also carries a badge of {version.name}, which was not judged: only the newest was."
        yield READABLE.warning("another-badge", told)


def _in_order(badge: Badge | None, checks: Sequence[Check]) -> tuple[Check, ...]:
    made = {check.check: check for check in checks}
    if badge:
        told = f"It is a {badge.kind} of {badge.version.name}."
        made.setdefault("readable", READABLE.passed("readable", told, warnings=_carried(badge)))
    code, told = ("asked-inside", ASKED_INSIDE) if badge and badge.is_presentation else ("not-reached", NOT_REACHED)
    return tuple(made.get(name) or Question(name, "").skipped(code, told) for name in ORDER)
