"""What is asked of strangers while many badges are judged, in threads of its own: who judges does not wait for them.

An answer that is not there yet is `Missing`, and can be waited for. Until then others are judged.
"""

import time
from collections import Counter, defaultdict, deque
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime
from threading import RLock
from types import TracebackType

import badges
from app.kit.pacing import host_of
from app.kit.recent import Recent

_Asked = tuple[str, str]
"""An address, and the media types that are wanted of it."""

Missing = Future[float]
"""An answer that is not there yet; then it is the seconds that it took."""


@dataclass(frozen=True)
class Manners:
    """How strangers are asked."""

    at_once: int = 32
    per_host: int = 4
    glance: float = 0.25
    """Seconds in which most answer: for so long it is better to wait than to begin again."""
    all_glances: float = 2.0
    """Seconds for all of these together: of many hosts, also of prompt ones, it is better to ask many at once."""
    slow: float = 3.0
    """Seconds without an answer that count as silence: a refusal takes less."""
    most_silences: int = 4
    """In a row, after which a host is not asked any more."""
    most_times: int = 3
    """How often an answer is asked for, if there was no room to keep it."""
    kept: int = 16_777_216
    """Bytes of answers."""


@dataclass
class _Host:
    line: deque[tuple[_Asked, Missing]] = field(default_factory=deque)
    being_asked: int = 0
    silences: int = 0
    is_slow: bool = False


class Errands:
    """Asks with `fetch`, each address once, whoever wants to know: a few at once of one host, and many hosts at once.

    A host that keeps silent again and again is not asked any more, so that it keeps nobody waiting but those who need
    it. To be closed (`with`) once nobody wants anything any more.
    """

    def __init__(self, fetch: badges.Fetch, now: datetime, manners: Manners = Manners()) -> None:
        self._fetch = fetch
        self._now = now
        self._manners = manners
        self._askers = ThreadPoolExecutor(manners.at_once)
        self._lock = RLock()
        self._hosts: defaultdict[str, _Host] = defaultdict(_Host)
        self._missing: dict[_Asked, Missing] = {}
        self._kept = Recent(manners.kept)
        self._failed: dict[_Asked, tuple[Exception, TracebackType | None]] = {}
        self._times: Counter[_Asked] = Counter()
        self._glances = manners.all_glances

    def __enter__(self) -> "Errands":
        return self

    def __exit__(self, *_: object) -> None:
        self._askers.shutdown()

    def answer(self, url: str, *, accept: str) -> badges.Fetched | Missing:
        """The answer, if it is there or soon will be. Raises `badges.Unreachable`, and whatever else was in the way."""
        asked = (url, accept)
        with self._lock:
            found = self._found(asked) or self._missing.get(asked)
            if found:
                return found
            host, missing = self._begin(asked)
        began = time.monotonic()
        is_there = wait([missing], timeout=0.0 if host.is_slow else min(self._glances, self._manners.glance)).done
        with self._lock:
            self._glances = max(0.0, self._glances - (time.monotonic() - began))
            host.is_slow = not is_there
            return (self._found(asked) if is_there else None) or missing

    def _found(self, asked: _Asked) -> badges.Fetched | None:
        if asked in self._failed:
            error, where = self._failed[asked]
            raise error.anew() if isinstance(error, badges.Unreachable) else error.with_traceback(where)
        return self._kept.find(asked, self._now)

    def _begin(self, asked: _Asked) -> tuple[_Host, Missing]:
        if self._times[asked] >= self._manners.most_times:
            raise badges.Unreachable(f"{asked[0][:200]} was not asked again: too much was answered at once.")
        self._times[asked] += 1
        host = self._hosts[host_of(asked[0])]
        missing: Missing = Future()
        self._missing[asked] = missing
        host.line.append((asked, missing))
        self._go_on(host)
        return host, missing

    def _go_on(self, host: _Host) -> None:
        while host.line and host.being_asked < self._manners.per_host:
            host.being_asked += 1
            self._askers.submit(self._ask, host, *host.line.popleft())

    def _ask(self, host: _Host, asked: _Asked, missing: Missing) -> None:
        began = time.monotonic()
        try:
            if host.silences >= self._manners.most_silences:
                raise badges.Unreachable(f"{asked[0][:200]} was not asked: its host has kept silent before.")  # noqa: TRY301
            self._kept.keep(asked, self._fetch(asked[0], accept=asked[1]), now=self._now, seconds=1)
            host.silences = 0
        except badges.Unreachable as silence:
            self._failed[asked] = silence.anew(), None
        except Exception as error:  # noqa: BLE001  raised again where the answer is wanted
            self._failed[asked] = error, error.__traceback__
        took = time.monotonic() - began
        with self._lock:
            host.silences += asked in self._failed and took >= self._manners.slow
            host.being_asked -= 1
            del self._missing[asked]
            self._go_on(host)
        missing.set_result(took)


class Look:
    """A `badges.Fetch` for one look at a badge, with what is known by now; what was `missing` is silent."""

    def __init__(self, errands: Errands) -> None:
        self._errands = errands
        self.missing: set[Missing] = set()

    def __call__(self, url: str, *, accept: str) -> badges.Fetched:
        """The answer. Raises `badges.Unreachable`, and whatever else was in the way."""
        answer = self._errands.answer(url, accept=accept)
        if isinstance(answer, badges.Fetched):
            return answer
        self.missing.add(answer)
        raise badges.Unreachable(f"{url[:200]} did not answer in time.")
