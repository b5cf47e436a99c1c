"""Who vouches for it: what is asked of the endorsements inside a badge (OB 3.0 §9.1 step 6, §9.2).

Each is a credential of its own, judged like one. A forged or a misdirected one fails the badge that shows it off. One
that expired, was withdrawn or cannot be checked is only mentioned: no endorser can undo somebody else's badge.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from badges.checks.aiming import Aim, aims
from badges.checks.allowances import MOST_CREDENTIALS
from badges.checks.questions import Question, named
from badges.checks.vouching import DEEPEST_ENDORSEMENT, MOST_ENDORSEMENTS, Embedded, Shown
from badges.documents import Document
from badges.reports import Check, Outcome, Report

ENDORSEMENTS = Question("endorsements", "OB 3.0 §9.1 step 6, §9.2")


@dataclass(frozen=True)
class Judged:
    """What came of one endorsement."""

    pointer: str
    about: str | None
    """Id of what it endorses."""
    aim: Aim | None
    """Whether that is in the badge; None where nothing of it was seen."""
    report: Report

    @property
    def is_verified(self) -> bool:
        """Whether it holds, and of this badge."""
        return self.report.verified and self.aim is Aim.met

    @property
    def is_forged(self) -> bool:
        """Whether its endorser did not sign it, or nobody did."""
        return any(_is(self.report, name, Outcome.failed) for name in ("readable", "proof"))

    def to_dict(self) -> Document:
        """As in the JSON report."""
        return {
            "pointer": self.pointer,
            "about": self.about,
            "verified": self.is_verified,
            "verdict": self.report.verdict.value,
            "summary": self.report.summary,
            "issuer": self.report.issuer,
            "checks": [check.to_dict() for check in self.report.checks],
        }


def aimed(shown: Shown, judged: Sequence[tuple[Embedded, Report]]) -> list[Judged]:
    """What came of the endorsements of those that a credential shows that were judged alone."""
    found = aims(shown, {each.pointer for each, report in judged if _is(report, "proof", Outcome.passed)})
    seen = (found[each.pointer] if _is(report, "readable", Outcome.passed) else None for each, report in judged)
    return [Judged(each.pointer, each.about, aim, report) for (each, report), aim in zip(judged, seen, strict=True)]


def _is(report: Report, name: str, outcome: Outcome) -> bool:
    check = report.found(name)
    return check is not None and check.outcome is outcome


def endorsements(found: Sequence[Judged], shown: int, question: Question = ENDORSEMENTS) -> Check:
    """Whether none of the endorsements that the badge shows, `shown` in number, is forged or about something else."""
    # Those that nobody looked at are not none: there may be a forged one among them.
    if not shown:
        return question.skipped("no-endorsements", "Nobody's endorsement is in this badge.")
    for each in found:
        if each.aim is Aim.missed:
            detail = f"The endorsement at {each.pointer} is about {named(each.about)}, which is nothing in this badge."
            return question.failed("endorsement-misdirected", detail)
        if each.is_forged:
            return question.failed(
                "endorsement-forged", f"The endorsement at {each.pointer} is not what it seems. {each.report.summary}"
            )
    if shown > len(found):
        told = (
            f"The badge shows more than the {len(found)} endorsements that were looked at: at most {MOST_ENDORSEMENTS},"
            f" {DEEPEST_ENDORSEMENT} inside each other, and with the credentials beside it {MOST_CREDENTIALS} in all."
        )
        return question.unknown("too-many-endorsements", told)
    for each in (each for each in found if each.aim is Aim.unsure):
        told = (
            f"The endorsement at {each.pointer} is about {named(each.about)}. An endorsement in this badge goes by that"
        )
        return question.unknown("endorsement-unsure", f"{told} name, and so may something else that is not in it.")
    return _seen(found, question)


def _seen(found: Sequence[Judged], question: Question) -> Check:
    """That none of them is worse than of no use; which are, and why, is told."""
    doubtful = [each for each in found if not each.report.verified]
    warnings = [
        question.warning(f"endorsement-{each.report.verdict.value}", each.report.summary, each.pointer)
        for each in doubtful
    ]
    told = "which is neither this badge nor its achievement nor a profile in it, nor a proven endorsement of these."
    warnings += [
        question.warning("endorsement-aside", f"This endorsement is about {named(each.about)}, {told}", each.pointer)
        for each in found
        if each.aim is Aim.aside
    ]
    held = sum(each.is_verified for each in found)
    return question.passed("endorsements-seen", f"{held} of {len(found)} endorsements hold.", warnings=warnings)
