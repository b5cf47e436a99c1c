"""`laurels verify`: reports on badges, for people and for programs.

Neither the database nor the network is loaded before something that a badge names is asked for.
"""

import json
import logging
from collections.abc import Iterator, Sequence
from datetime import datetime

import badges
from app.cli.archives import JudgedArchive, is_archive, judged_archive
from app.cli.files import read
from app.cli.judged import GRAVEST, Judged, one_line
from app.cli.talking import Status, Unread, say
from app.kit.clock import system_clock
from app.kit.networks import Refused
from app.kit.targets import target_of
from app.kit.wording import visible
from app.verifier.judging import judge, judge_address, unjudged
from badges.errors import TooLarge

Told = Judged | JudgedArchive


def verify(given: Sequence[str], *, recipient: str | None, as_json: bool, verbose: bool) -> Status:
    """Judges each, prints what came of it, and gives the exit status."""
    level = logging.INFO if verbose else logging.ERROR  # which names were asked in vain, the report says too
    logging.basicConfig(level=level, format="laurels: %(message)s")
    judged = _each(given, recipient, as_json)
    if len(given) == 1:
        (only,) = judged
        if only.trouble:
            say(f"laurels: {only.trouble}")
        if as_json:
            print(json.dumps(only.to_dict(), indent=2))
        elif only.told:
            print(only.told)
        return only.status
    if as_json:
        ended = list(judged)
        print(json.dumps([one.to_dict() for one in ended], indent=2))
    else:
        ended = _listed(judged)
    statuses = {one.status for one in ended}
    return next(status for status in GRAVEST if status in statuses)


def _each(given: Sequence[str], recipient: str | None, as_json: bool) -> Iterator[Told]:
    now = system_clock()
    fetch = _WhenAsked(now)
    for name in given:
        try:
            told = _judged(name, fetch, recipient, now, as_json)
        except Unread as error:
            yield Judged(name, None, str(error))
            continue
        if fetch.fault is not None:  # this installation's, not the badge's
            raise fetch.fault
        yield told


def _judged(name: str, fetch: badges.Fetch, recipient: str | None, now: datetime, as_json: bool) -> Told:
    if name.lower().startswith(("https://", "http://")):
        return Judged(name, judge_address(name, fetch, recipient=recipient, now=now))
    if is_archive(name):
        return judged_archive(name, recipient=recipient, now=now, with_reports=as_json)
    try:
        data = read(name)
    except TooLarge as error:
        return Judged(name, unjudged("too-large", error.detail, now))
    return Judged(name, judge(data, fetch, recipient=recipient, now=now))


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


def _listed(judged: Iterator[Told]) -> list[Told]:
    """Prints a line of each as it comes, and then the details of those that are not verified."""
    ended = []
    for one in judged:
        print(one.line, flush=True)
        ended.append(one)
    for one in ended:
        if one.status is not Status.verified and one.details:
            print(visible("\n".join(["", one_line(one.name), *one.details])))
    return ended
