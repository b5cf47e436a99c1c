"""The one place that asks what time it is."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Gives the present instant, aware and in UTC."""


def system_clock() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  this is the home of the clock
