"""Judging a badge: the library's verification, with this service's own documents at hand."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

import badges
from app.achievements.published import publication as achievements
from app.credentials.published import publication as credentials
from app.issuers.published import publication as issuers
from app.kit.database import read_session
from app.kit.deps import Runtime
from app.kit.errors import NotFound, Unprocessable
from app.kit.publishing import Place, Publication, read

PUBLICATIONS: Sequence[Publication] = (issuers, achievements, credentials)


NOT_FOUND = 404


class NotOfThisService(Unprocessable):
    """Only addresses of this service are looked up here."""

    code = "not-of-this-service"
    fix = "Send the badge itself: its JSON, its JWT, or the image it is baked into."


def judge(data: bytes | str, runtime: Runtime, *, recipient: str | None, now: datetime) -> badges.Report:
    """The report on whatever `data` is. Never raises for what the badge is or is not."""
    return badges.verify(data, fetch=own_documents(runtime, now), now=now, recipient=recipient)


def judge_address(url: str, runtime: Runtime, *, recipient: str | None, now: datetime) -> badges.Report:
    """The report on the badge at an address of this service, also at that of its page. Raises `NotOfThisService`."""
    if not _own(url, runtime):
        raise NotOfThisService(f"{url[:200]} is not an address of this service.")
    bare = url.partition("#")[0].partition("?")[0].removesuffix(".html")
    found = own_documents(runtime, now)(bare, accept="application/vc, application/json")
    if found.status == NOT_FOUND:
        return _nothing_at(url, now)
    return judge(found.body, runtime, recipient=recipient, now=now)


def _nothing_at(url: str, now: datetime) -> badges.Report:
    """The report on an address with nothing to see: the same for what is private and for what never was."""
    told = f"There is no badge at {url[:200]}, or it is not public."
    check = badges.Check("readable", badges.Outcome.failed, "nothing-there", told, "OB 3.0 §5; OB 2.0 §HostedBadge")
    return badges.Report(checks=(check,), verdict=badges.Verdict.not_a_badge, summary=told, checked_at=now)


def own_documents(runtime: Runtime, now: datetime) -> badges.Fetch:
    """Answers addresses of this service from what is stored, as a stranger would be answered; else asks the runtime's
    fetcher, if it has one.

    Each answer has a short transaction of its own: none is held while anybody is waited for.
    """

    def fetch(url: str, *, accept: str) -> badges.Fetched:
        if not _own(url, runtime):
            if runtime.fetch is None:
                raise badges.Unreachable(f"{url} is not an address of this service, and others are not asked.")
            fetched: badges.Fetched = runtime.fetch(url, accept=accept)
            return fetched
        with read_session(runtime.engine) as session:
            place = Place(session=session, at=runtime.installation, now=now, accept=accept)
            try:
                found = read(PUBLICATIONS, place, urlsplit(url).path)
            except NotFound as error:
                return badges.Fetched(404, "text/plain", error.detail.encode(), url)
            return badges.Fetched(found.status, found.media_type, found.body, url)

    return fetch


def _own(url: str, runtime: Runtime) -> bool:
    return url.startswith(f"{runtime.settings.public_url}/")
