"""Judging many badges at once, each by itself: in processes, so that they do not wait for each other's computing."""

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Lock
from typing import Any

import badges
from app.kit.deps import Runtime
from app.kit.errors import Busy, Invalid
from app.kit.pacing import Deadline, TooLate, until
from app.kit.processes import WentAstray
from app.kit.recent import Recent
from app.verifier.service import MOST_SECONDS, as_uri, documents, log_faults, unjudged
from app.verifier.submissions import Item

_log = logging.getLogger(__name__)

MOST_SECONDS_OF_ALL = 60.0
"""After so long nobody is asked any more, and no further badge is looked at."""

AT_ONCE = 8
"""Badges of one batch that are under way: most of them wait for strangers or for a process."""

KEPT = 16_777_216
"""Bytes of strangers' answers that are kept while a batch lasts."""


def judge_all(given: Sequence[Item], runtime: Runtime, *, now: datetime) -> list[dict[str, Any]]:
    """The report on each, in their order; one that cannot be read has one too. Raises `Busy`."""
    deadline = Deadline(MOST_SECONDS_OF_ALL)
    fetch = AskedOnce(until(deadline, documents(runtime, now)), now)

    def judge(one: Item) -> dict[str, Any]:
        try:
            deadline.left()
            return _judge(one, runtime, until(Deadline(MOST_SECONDS), fetch), now)
        except TooLate:
            told = "This was not looked at: the time for the whole batch was over. Send it again, in a smaller one."
            return unjudged(badges.Verdict.unknown, "batch-too-long", told, now).to_dict()
        except WentAstray as error:
            _log.warning("A badge was not judged: %s", error)
            told = "This was not judged to the end: it takes more time or memory than a badge may."
            return unjudged(badges.Verdict.unknown, "too-costly", told, now).to_dict()
        except Busy:
            raise
        except Exception as error:  # noqa: BLE001  an error of ours over one badge stops no other
            report = badges.unjudged(error, now)
            log_faults(report)
            return report.to_dict()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(judge, given))


def _judge(one: Item, runtime: Runtime, fetch: badges.Fetch, now: datetime) -> dict[str, Any]:
    if isinstance(one, Invalid):
        return _not_understood(one, now).to_dict()
    data = one.data if one.url is None else as_uri(one.url).encode()
    return runtime.processes.verify(data, fetch=fetch, now=now, recipient=one.recipient)


def _not_understood(refusal: Invalid, now: datetime) -> badges.Report:
    """The report on an item that asks for something in a way which is not known: nothing was judged."""
    told = "; ".join(f"{wrong['pointer']} {wrong['message']}" for wrong in refusal.errors)
    return unjudged(badges.Verdict.unknown, "invalid-item", f"This item was not judged: {told}."[:1000], now)


class AskedOnce:
    """A `Fetch` for the length of a batch: for badges of one issuer, its keys and lists are asked for once."""

    def __init__(self, fetch: badges.Fetch, now: datetime) -> None:
        self._fetch = fetch
        self._now = now
        self._kept = Recent(KEPT)
        self._silent: dict[tuple[str, str], str] = {}
        self._asking: dict[tuple[str, str], Lock] = {}
        self._lock = Lock()

    def __call__(self, url: str, *, accept: str) -> badges.Fetched:
        """The answer that was given once. Raises `badges.Unreachable`, also once and for all."""
        asked = (url, accept)
        with self._lock:
            asking = self._asking.setdefault(asked, Lock())
        with asking:
            if asked in self._silent:
                raise badges.Unreachable(self._silent[asked])
            answer = self._kept.find(asked, self._now)
            if answer is None:
                answer = self._ask(asked)
                self._kept.keep(asked, answer, now=self._now, seconds=1)
            return answer

    def _ask(self, asked: tuple[str, str]) -> badges.Fetched:
        try:
            return self._fetch(asked[0], accept=asked[1])
        except badges.Unreachable as silence:
            self._silent[asked] = silence.detail
            raise
