"""Judging a badge: the library's verification, within a time. It takes along neither web nor database."""

import logging
from datetime import datetime
from urllib.parse import quote

import badges
from app.kit.pacing import Deadline, until

_log = logging.getLogger(__name__)

_ASCII = "".join(map(chr, range(0x21, 0x7F)))

MOST_SECONDS = 20.0
"""After so long a verification asks nobody any more."""


def judge(data: bytes | str, fetch: badges.Fetch, *, recipient: str | None, now: datetime) -> badges.Report:
    """The report on whatever `data` is, with what `fetch` brings. Never raises for what the badge is or is not."""
    in_time = until(Deadline(MOST_SECONDS), fetch)
    report = badges.verify(data, fetch=in_time, now=now, recipient=recipient)
    log_faults(report)
    return report


def log_faults(report: badges.Report) -> None:
    """Tells whoever runs the service of errors that are not the badge's; nothing of it stands in them."""
    for fault in report.faults:
        _log.error("A badge was not judged to the end: %r", fault)


def judge_address(url: str, fetch: badges.Fetch, *, recipient: str | None, now: datetime) -> badges.Report:
    """The report on the badge at an address, or at that of its page here. Never raises for what is there or is not."""
    return judge(as_uri(url), fetch, recipient=recipient, now=now)


def as_uri(url: str) -> str:
    """An address as it is asked for, where somebody copied it as it is read (RFC 3987 §3.1)."""
    return quote(url, safe=_ASCII, errors="replace")


def unjudged(code: str, told: str, now: datetime) -> badges.Report:
    """The report where no badge was looked at to the end."""
    check = badges.Check("readable", badges.Outcome.unknown, code, told, "OB 3.0 §5; OB 2.0 §HostedBadge")
    return badges.Report(checks=(check,), verdict=badges.Verdict.unknown, summary=told, checked_at=now)
