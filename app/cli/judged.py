"""What came of judging something, as it is told."""

from dataclasses import dataclass
from typing import Any

import badges
from app.cli.talking import Status
from app.kit.wording import visible

GRAVEST = (Status.not_verified, Status.no_input, Status.could_not_tell, Status.verified)
"""What several badges end with: the first of these that one of them does."""

VERDICTS = {Status.verified: "✓", Status.not_verified: "✗", Status.could_not_tell: "?"}
_MARKS = {"passed": "✓", "failed": "✗", "unknown": "?", "skipped": "–"}

_NOTHING_ASKED = {"not-reached", "asked-inside"}
"""Codes of checks that were not made, of which people need not hear one by one."""


@dataclass(frozen=True)
class Judged:
    """One of what was given, and what came of it: a report, or why there is none."""

    name: str
    report: badges.Report | None
    trouble: str = ""

    @property
    def status(self) -> Status:
        if self.report is None:
            return Status.no_input
        if self.report.verified:
            return Status.verified
        return Status.could_not_tell if self.report.outcome is badges.Outcome.unknown else Status.not_verified

    @property
    def line(self) -> str:
        """All of it in one line."""
        if self.report is None:
            return one_line(f"! {self.trouble}")
        return one_line(f"{VERDICTS[self.status]} {self.name}: {self.report.summary}")

    def to_dict(self) -> dict[str, Any]:
        """The report itself, or an object that says `error` where there is none."""
        return {"error": "no-input", "detail": self.trouble} if self.report is None else self.report.to_dict()

    @property
    def details(self) -> list[str]:
        """What there is to know beyond that line."""
        return [] if self.report is None else details(self.report)

    @property
    def told(self) -> str:
        """All of it, where nothing else was given."""
        return "" if self.report is None else visible("\n".join([self.report.summary, *_apart(self.details)]))


def details(report: badges.Report) -> list[str]:
    """What there is to know beyond the summary."""
    checks = [each for each in report.checks if each.code not in _NOTHING_ASKED and not _is_said(each, report)]
    lines = [f"  {_MARKS[each.outcome.value]} {each.check}: {each.detail}" for each in checks]
    lines += [f"  = {each['pointer']}: {each['summary']}" for each in report.contains]
    lines += [f"  ! {warning.detail}" for warning in report.warnings]
    lines += [
        f"  → {asked.url} at {badges.timestamp(asked.at)}: {asked.status or 'no answer'}" for asked in report.fetched
    ]
    return lines


def _is_said(check: badges.Check, report: badges.Report) -> bool:
    """Whether the summary has all of it: of what is no badge, it says what that is."""
    return check.check == "readable" and check.detail in report.summary


def one_line(text: str) -> str:
    """Text without line ends, as it can be shown."""
    return visible(" ".join(text.split()))


def _apart(lines: list[str]) -> list[str]:
    return ["", *lines] if lines else []
