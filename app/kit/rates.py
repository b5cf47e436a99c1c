"""So many within so long: how long whoever did as much as they may waits until they may do one more."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from math import ceil

SECOND = timedelta(seconds=1)


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
