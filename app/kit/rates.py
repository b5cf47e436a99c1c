"""So many within so long: how long whoever did as much as they may waits until they may do one more."""

from collections import deque
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from threading import Lock

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


def wait(done: Iterable[datetime], *, most: int, within: timedelta, now: datetime) -> int:
    """Whole seconds until one more is allowed; 0 where it is now.

    `done` is when the last ones were, in any order; those that are over may be in it or not. Each counts until it is as
    long ago as `within`, and at that instant no more (half-open).
    """
    last = sorted(done)[-most:]
    return seconds_until(last[0] + within, now) if len(last) == most else 0


def seconds_until(instant: datetime, now: datetime) -> int:
    """Whole seconds after which it is that instant, or later; 0 where it is by now."""
    return max(0, ceil((instant - now) / SECOND))


@dataclass
class _Counted:
    """What was done of late: how much in which second, oldest first."""

    total: int = 0
    seconds: deque[tuple[int, int]] = field(default_factory=deque)

    def forget(self, until: int) -> None:
        """What was done until a second."""
        while self.seconds and self.seconds[0][0] <= until:
            self.total -= self.seconds.popleft()[1]

    def add(self, second: int, amount: int) -> None:
        if self.seconds and self.seconds[-1][0] >= second:  # or the clock was set back
            second, counted = self.seconds.pop()
            self.seconds.append((second, counted + amount))
        else:
            self.seconds.append((second, amount))
        self.total += amount


class Rates:
    """What was done by many, as counted by this process: by the second, so that much of it takes no room."""

    def __init__(self) -> None:
        self._by: dict[Hashable, _Counted] = {}
        self._lock = Lock()

    def wait(self, key: Hashable, *, most: int, now: datetime, amount: int = 1) -> int:
        """0 where so much more is allowed within a minute, and counted from now on; else seconds until it is."""
        second = int(now.timestamp())
        over = second - ceil(MINUTE / SECOND) - 1  # what was done within a second counts as if at its end
        with self._lock:
            if key not in self._by:
                self._by = {known: done for known, done in self._by.items() if done.seconds[-1][0] > over}
            done = self._by.setdefault(key, _Counted())
            done.forget(over)
            if not done.seconds or done.total + amount <= most:
                done.add(second, amount)
                return 0
            left = done.total
            for then, counted in done.seconds:
                left -= counted
                if left + amount <= most:
                    return max(1, then - over)
        return max(1, second - over)
