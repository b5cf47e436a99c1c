"""`laurels verify`: reports on badges, for people and for programs.

Neither the database nor the network is loaded before something that a badge names is asked for.
"""

import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import badges
from app.cli.files import read
from app.cli.talking import Status, Unread, say
from app.kit.clock import system_clock
from app.kit.networks import Refused
from app.kit.targets import target_of
from app.kit.wording import visible
from app.verifier.judging import judge, judge_address, unjudged
from badges.errors import TooLarge

_GRAVEST = (Status.not_verified, Status.no_input, Status.could_not_tell, Status.verified)
"""What several badges end with: the first of these that one of them does."""

_VERDICTS = {Status.verified: "✓", Status.not_verified: "✗", Status.could_not_tell: "?"}
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
            return _one_line(f"! {self.trouble}")
        return _one_line(f"{_VERDICTS[self.status]} {self.name}: {self.report.summary}")

    def to_dict(self) -> dict[str, Any]:
        """The report itself, or an object that says `error` where there is none."""
        return {"error": "no-input", "detail": self.trouble} if self.report is None else self.report.to_dict()


def verify(given: Sequence[str], *, recipient: str | None, as_json: bool, verbose: bool) -> Status:
    """Judges each, prints what came of it, and gives the exit status."""
    level = logging.INFO if verbose else logging.ERROR  # which names were asked in vain, the report says too
    logging.basicConfig(level=level, format="laurels: %(message)s")
    judged = _each(given, recipient)
    if len(given) == 1:
        (only,) = judged
        if only.report is None:
            say(f"laurels: {only.trouble}")
        if as_json:
            print(json.dumps(only.to_dict(), indent=2))
        elif only.report is not None:
            print(visible("\n".join([only.report.summary, *_details(only.report)])))
        return only.status
    if as_json:
        ended = list(judged)
        print(json.dumps([one.to_dict() for one in ended], indent=2))
    else:
        ended = _listed(judged)
    statuses = {one.status for one in ended}
    return next(status for status in _GRAVEST if status in statuses)


def _each(given: Sequence[str], recipient: str | None) -> Iterator[Judged]:
    now = system_clock()
    fetch = _WhenAsked(now)
    for name in given:
        try:
            report = _report(name, fetch, recipient, now)
        except Unread as error:
            yield Judged(name, None, str(error))
            continue
        if fetch.fault is not None:  # this installation's, not the badge's
            raise fetch.fault
        yield Judged(name, report)


def _report(name: str, fetch: badges.Fetch, recipient: str | None, now: datetime) -> badges.Report:
    if name.lower().startswith(("https://", "http://")):
        return judge_address(name, fetch, recipient=recipient, now=now)
    try:
        data = read(name)
    except TooLarge as error:
        return unjudged("too-large", error.detail, now)
    return judge(data, fetch, recipient=recipient, now=now)


class _WhenAsked:
    """A `badges.Fetch` that comes to be when something is asked: strangers', and what this installation publishes.

    Where there is no database, verifying makes none: then nothing was issued here, and all badges are others'.
    """

    def __init__(self, now: datetime) -> None:
        self.fault: Exception | None = None
        """What is wrong here, so that nobody can be asked: `badges.verify` would take it for the badge's."""
        self._now = now
        self._strangers: badges.Fetch | None = None
        self._own: badges.Fetch | None = None

    def __call__(self, url: str, *, accept: str) -> badges.Fetched:
        try:
            fetch = self._of(url)
        except badges.Unreachable:
            raise
        except Exception as error:
            self.fault = error
            raise badges.Unreachable("Nobody was asked: the settings here do not allow it.") from error
        return fetch(url, accept=accept)

    def _of(self, url: str) -> badges.Fetch:
        """Who answers `url`. Raises `badges.Unreachable` for what is on this machine and not to be asked."""
        from app.kit.way_out import fetcher
        from app.settings import Outward

        settings = Outward()
        self._strangers = self._strangers or fetcher(settings, system_clock)
        if url.startswith(f"{settings.public_url}/"):
            self._own = self._own or _own_documents(self._strangers, self._now)
            return self._own
        if not settings.allow_loopback and _is_here(url):
            raise badges.Unreachable(
                f"{url[:200]} is on this machine, which is asked only where LAURELS_ALLOW_LOOPBACK=true is set."
            )
        return self._strangers


def _own_documents(strangers: badges.Fetch, now: datetime) -> badges.Fetch:
    from app.cli.installing import here, is_made
    from app.settings import Settings
    from app.verifier.service import documents

    settings = Settings()
    return documents(here(settings), now, strangers=strangers) if is_made(settings) else strangers


def _is_here(url: str) -> bool:
    try:
        return target_of(url, allow_loopback=True).is_loopback
    except Refused:
        return False


def _listed(judged: Iterator[Judged]) -> list[Judged]:
    """Prints a line of each as it comes, and then the details of those that are not verified."""
    ended = []
    for one in judged:
        print(one.line, flush=True)
        ended.append(one)
    for one in ended:
        details = [] if one.report is None or one.report.verified else _details(one.report)
        if details:
            print(visible("\n".join(["", _one_line(one.name), *details[1:]])))
    return ended


def _details(report: badges.Report) -> list[str]:
    """What there is to know beyond the summary, behind an empty line; nothing if there is nothing."""
    checks = [each for each in report.checks if each.code not in _NOTHING_ASKED and not _is_said(each, report)]
    lines = [f"  {_MARKS[each.outcome.value]} {each.check}: {each.detail}" for each in checks]
    lines += [f"  = {each['pointer']}: {each['summary']}" for each in report.contains]
    lines += [f"  ! {warning.detail}" for warning in report.warnings]
    lines += [
        f"  → {asked.url} at {badges.timestamp(asked.at)}: {asked.status or 'no answer'}" for asked in report.fetched
    ]
    return ["", *lines] if lines else []


def _is_said(check: badges.Check, report: badges.Report) -> bool:
    """Whether the summary has all of it: of what is no badge, it says what that is."""
    return check.check == "readable" and check.detail in report.summary


def _one_line(text: str) -> str:
    return visible(" ".join(text.split()))
