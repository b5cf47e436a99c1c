"""Who vouches for it: what is asked of the endorsements inside a badge (OB 3.0 §9.1 step 6, §9.2).

Each is a credential of its own, judged like one. A forged or a misdirected one fails the badge that shows it off. One
that expired, was withdrawn or cannot be checked is only mentioned: no endorser can undo somebody else's badge.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from badges.checks.allowances import MOST_CREDENTIALS
from badges.checks.questions import Question, named
from badges.checks.vouching import DEEPEST_ENDORSEMENT, MOST_ENDORSEMENTS
from badges.documents import Document
from badges.reports import Check, Outcome, Report

ENDORSEMENTS = Question("endorsements", "OB 3.0 §9.1 step 6, §9.2")


@dataclass(frozen=True)
class Judged:
    """What came of one endorsement."""

    pointer: str
    about: str | None
    """Id of what it endorses."""
    is_misdirected: bool
    """Whether that is nothing in the badge."""
    report: Report

    @property
    def is_forged(self) -> bool:
        """Whether its endorser did not sign it, or nobody did."""
        found = (self.report.found(name) for name in ("readable", "proof"))
        return any(check.outcome is Outcome.failed for check in found if check)

    def to_dict(self) -> Document:
        """As in the JSON report."""
        return {
            "pointer": self.pointer,
            "about": self.about,
            "verified": self.report.verified and not self.is_misdirected,
            "verdict": self.report.verdict.value,
            "summary": self.report.summary,
            "issuer": self.report.issuer,
            "checks": [check.to_dict() for check in self.report.checks],
        }


def endorsements(found: Sequence[Judged], shown: int, question: Question = ENDORSEMENTS) -> Check:
    """Whether none of the endorsements that the badge shows, `shown` in number, is forged or about something else."""
    # Those that nobody looked at are not none: there may be a forged one among them.
    if not shown:
        return question.skipped("no-endorsements", "Nobody's endorsement is in this badge.")
    for each in found:
        if each.is_misdirected:
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
    doubtful = [each for each in found if not each.report.verified]
    warnings = [
        question.warning(f"endorsement-{each.report.verdict.value}", each.report.summary, each.pointer)
        for each in doubtful
    ]
    held = len(found) - len(doubtful)
    return question.passed("endorsements-seen", f"{held} of {len(found)} endorsements hold.", warnings=warnings)
