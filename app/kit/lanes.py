"""Work beside the jobs whose length others decide: a thread for each that waits for somebody, so that no job does.

runtime.lanes.start("quick", key, work, of=community)     # from a job, whose beat goes on
def work(is_over: IsOver) -> None: ...                    # asks now and then whether its turn is over
"""

import logging
import time
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Condition, Event, Thread

_log = logging.getLogger(__name__)

IsOver = Callable[[], bool]
"""Whether a piece of work is to end where it can: all are to, or somebody waits for its place."""
TURN = 5.0
"""Seconds of a place that nobody takes away, however many wait for it."""


@dataclass(frozen=True)
class Places:
    """How many there are of a kind."""

    count: int
    each: int
    """How many of them one owner may have, so that a few who are slow never have them all."""


@dataclass
class _Taken:
    kind: str
    of: Hashable
    began: float = field(default_factory=time.monotonic)
    is_wanted: bool = False


class Lanes:
    """So many at once of each kind and owner, in turns, and of one key never two. One that fails is logged and over."""

    def __init__(self, places: Mapping[str, Places], *, turn: float = TURN) -> None:
        """`places` is what there is of each kind."""
        self._places = places
        self._turn = turn
        self._busy: dict[Hashable, _Taken] = {}
        self._ended = Condition()
        self._stopping = Event()

    def start(self, kind: str, key: Hashable, work: Callable[[IsOver], None], *, of: Hashable) -> bool:
        """Begins `work`, unless it is under way, there is no place for it, or all are to end; whether it was begun.

        Where there is no place, whoever has one that would do is over with it at the end of their turn.
        """
        with self._ended:
            if key in self._busy or self._stopping.is_set():
                return False
            if in_the_way := self._in_the_way(kind, of):
                for each in in_the_way:
                    each.is_wanted = True
                return False
            taken = self._busy[key] = _Taken(kind, of)
        Thread(target=self._run, args=(key, work, taken), name="lane", daemon=True).start()
        return True

    def _in_the_way(self, kind: str, of: Hashable) -> list[_Taken]:
        """Those of whom one has to end first, if any."""
        places = self._places[kind]
        alike = [each for each in self._busy.values() if each.kind == kind]
        own = [each for each in alike if each.of == of]
        if len(own) >= places.each:
            return own
        return alike if len(alike) >= places.count else []

    def wait(self, seconds: float) -> bool:
        """Until none is under way, but no longer than that; whether none is."""
        with self._ended:
            return self._ended.wait_for(lambda: not self._busy, timeout=seconds)

    def finish(self, seconds: float) -> bool:
        """Has every one end where it can, begins none any more, and waits; whether all have ended."""
        self._stopping.set()
        return self.wait(seconds)

    def _run(self, key: Hashable, work: Callable[[IsOver], None], taken: _Taken) -> None:
        def is_over() -> bool:
            return self._stopping.is_set() or (taken.is_wanted and time.monotonic() - taken.began >= self._turn)

        try:
            work(is_over)
        except Exception:  # noqa: BLE001  whatever it is, it is begun again by the next beat
            _log.exception("A lane failed; it is tried again.")
        finally:
            with self._ended:
                del self._busy[key]
                self._ended.notify_all()


class Going:
    """An instant that was passed, and how it goes on: for work that outlasts the moment in which it began."""

    def __init__(self, began: datetime) -> None:
        self._began = began
        self._at = time.monotonic()

    def now(self) -> datetime:
        """The instant and what has passed since."""
        return self._began + timedelta(seconds=time.monotonic() - self._at)
