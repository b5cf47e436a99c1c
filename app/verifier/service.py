"""Judging a badge: the library's verification, with this service's own documents at hand."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

import badges
from app.achievements.published import publication as achievements
from app.credentials.published import publication as credentials
from app.issuers.published import publication as issuers
from app.kit.database import read_session
from app.kit.deps import Runtime
from app.kit.errors import NotFound
from app.kit.pacing import Deadline, until
from app.kit.publishing import Place, Publication, read

_log = logging.getLogger(__name__)

PUBLICATIONS: Sequence[Publication] = (issuers, achievements, credentials)

ALL_KINDS = (
    "application/vc, application/ld+json, application/json, image/png;q=0.9, image/svg+xml;q=0.9, text/plain;q=0.8, "
    "*/*;q=0.1"
)
"""Whatever a badge may be, the document before the picture."""

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
    fetch = until(Deadline(MOST_SECONDS), fetch)
    lookup, found = look_up(url, fetch, now=now)
    report = found if isinstance(found, badges.Report) else judge(found, fetch, recipient=recipient, now=now)
    # What was asked for first is told first, before there was a badge to verify.
    return replace(report, fetched=tuple(dict.fromkeys([lookup, *report.fetched])))


def look_up(url: str, fetch: badges.Fetch, *, now: datetime) -> tuple[badges.Lookup, bytes | badges.Report]:
    """What there is to be judged at an address, or the report that says why there is nothing; and that it was asked."""
    scheme, colon, rest = url.partition(":")
    url = scheme.lower() + colon + rest
    try:
        found = fetch(url, accept=ALL_KINDS)
    except badges.Unreachable as silence:
        unseen = unjudged(badges.Verdict.unknown, "badge-unreachable", silence.detail, now)
        return badges.Lookup(url, now, None), unseen
    return badges.Lookup(url, found.fetched_at or now, found.status), _to_judge(url, found, now)


def _to_judge(url: str, found: badges.Fetched, now: datetime) -> bytes | badges.Report:
    match found.status:
        case 200:
            return found.body
        case 404:
            told = f"There is no badge at {url[:200]}, or it is not public."
            return unjudged(badges.Verdict.not_a_badge, "nothing-there", told, now)
        case 410:  # as the address of a hosted badge that was revoked
            return url.encode()
    told = f"{url[:200]} answers with status {found.status}."
    return unjudged(badges.Verdict.unknown, "badge-unreachable", told, now)


def documents(runtime: Runtime, now: datetime) -> badges.Fetch:
    """What others publish, as the runtime fetches it; what this service publishes, from what is stored, as a stranger
    would be answered, though a page by the document that it shows.

    Each answer has a short transaction of its own: none is held while anybody is waited for.
    """

    def fetch(url: str, *, accept: str) -> badges.Fetched:
        if not url.startswith(f"{runtime.settings.public_url}/"):
            return runtime.fetch(url, accept=accept)
        with read_session(runtime.engine) as session:
            place = Place(session=session, at=runtime.installation, now=now, accept=accept)
            try:
                found = read(PUBLICATIONS, place, urlsplit(url).path.removesuffix(".html"))
            except NotFound as error:
                return badges.Fetched(404, "text/plain", error.detail.encode(), url, now)
            return badges.Fetched(found.status, found.media_type, found.body, url, now)

    return fetch


def unjudged(verdict: badges.Verdict, code: str, told: str, now: datetime) -> badges.Report:
    """The report where no badge was seen or looked at to the end: the same for what is private and what never was."""
    outcome = badges.Outcome.unknown if verdict is badges.Verdict.unknown else badges.Outcome.failed
    check = badges.Check("readable", outcome, code, told, "OB 3.0 §5; OB 2.0 §HostedBadge")
    return badges.Report(checks=(check,), verdict=verdict, summary=told, checked_at=now)
