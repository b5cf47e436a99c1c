"""Published figures as sentences read them: by the figure's id and the way to a number in its value. Plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from app.metrics.periods import Window
from app.metrics.results import Reason, Result
from app.metrics.telling import Json


@dataclass(frozen=True)
class Snapshot:
    """The figures of one family of one period, and where they are from."""

    id: UUID
    family: str
    period: str
    sha256: str
    results: tuple[Result, ...]


@dataclass(frozen=True)
class Figures:
    """Those of one period."""

    window: Window
    period: str
    by_id: Mapping[str, Result]

    def value(self, metric: str, *way: str) -> Json:
        """What stands at the end of a way through a figure's value; None where it is not told."""
        found = self.by_id.get(metric)
        value = found.value if found is not None else None
        for name in way:
            value = value.get(name) if isinstance(value, dict) else None
        return value

    def number(self, metric: str, *way: str) -> float | None:
        """A number; None where it is not told, or where there is none."""
        value = self.value(metric, *way)
        return value if isinstance(value, int | float) and not isinstance(value, bool) else None

    def count(self, metric: str, *way: str) -> int | None:
        """A whole number."""
        value = self.number(metric, *way)
        return None if value is None else int(value)

    @property
    def small(self) -> bool:
        """Whether it is a community of so few that no rates are told of it, nor perhaps how few they are."""
        told = self.by_id.values()
        return self.count("P1", "end") is None or any(one.reason is Reason.too_few_for_rates for one in told)
