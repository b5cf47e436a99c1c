"""Work beside the jobs whose length others decide: a thread for each that waits for somebody, so that no job does.

runtime.lanes.start("quick", key, work)     # from a job, whose beat goes on
def work(stopping: Event) -> None: ...      # looks now and then whether it is to end
"""

import logging
import time
from collections.abc import Callable, Hashable, Mapping
from datetime import datetime, timedelta
from threading import Condition, Event, Thread

_log = logging.getLogger(__name__)


class Lanes:
    """So many at once of each kind, and of one key never two. One that fails is logged and over."""

    def __init__(self, places: Mapping[str, int]) -> None:
        """`places` is how many there are of each kind."""
        self._places = places
        self._busy: dict[Hashable, str] = {}
        self._ended = Condition()
        self._stopping = Event()

    def start(self, kind: str, key: Hashable, work: Callable[[Event], None]) -> bool:
        """Begins `work`, unless it is under way, there is no place, or all are to end; whether it was begun."""
        with self._ended:
            full = list(self._busy.values()).count(kind) >= self._places[kind]
            if full or key in self._busy or self._stopping.is_set():
                return False
            self._busy[key] = kind
        Thread(target=self._run, args=(key, work), name="lane", daemon=True).start()
        return True

    def wait(self, seconds: float) -> bool:
        """Until none is under way, but no longer than that; whether none is."""
        with self._ended:
            return self._ended.wait_for(lambda: not self._busy, timeout=seconds)

    def finish(self, seconds: float) -> bool:
        """Has every one end where it can, begins none any more, and waits; whether all have ended."""
        self._stopping.set()
        return self.wait(seconds)

    def _run(self, key: Hashable, work: Callable[[Event], None]) -> None:
        try:
            work(self._stopping)
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
