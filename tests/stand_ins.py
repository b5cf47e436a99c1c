"""Time and ids that tests can foretell."""

import threading
from datetime import UTC, datetime, timedelta
from uuid import UUID

THEN = datetime(2026, 11, 21, 9, 0, 0, tzinfo=UTC)
"""When tests begin."""


class SettableClock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime = THEN) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> datetime:
        """Moves on: `clock.forward(days=7)`."""
        self.now += timedelta(**by)
        return self.now


class CountingIds:
    """Ids that count up; those of rows, of the public and secrets each in a form of their own."""

    def __init__(self) -> None:
        self._count = 0
        self._counting = threading.Lock()

    def row(self) -> UUID:
        return UUID(f"00000000-0000-7000-8000-{self._next():012x}")

    def public(self) -> UUID:
        return UUID(f"00000000-0000-4000-8000-{self._next():012x}")

    def secret(self) -> str:
        return f"secret-{self._next():036d}"

    def _next(self) -> int:
        with self._counting:
            self._count += 1
            return self._count
