"""The quarters through which the community has lived: five that are over and told of, and the one that runs."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from app.demo.stage import Scene, Stage
from app.metrics import periods
from app.metrics.periods import Kind, Window
from app.metrics.publishing import SETTLING

OVER = 5
"""Quarters."""
_LATELY = timedelta(hours=12)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Calendar:
    """From when the community began to the present. Times are in quarters: 1.5 is half way through the second."""

    now: datetime

    @cached_property
    def quarters(self) -> tuple[Window, ...]:
        """All of them, the one that runs last."""
        over = periods.back(periods.last(Kind.quarter, now=self.now - SETTLING), OVER)
        return (*over, periods.containing(Kind.quarter, over[-1].end))

    @property
    def began(self) -> datetime:
        """When the community did."""
        return self.quarters[0].start

    def when(self, at: float) -> datetime:
        """The instant of a time."""
        quarter = self.quarters[int(at)]
        return quarter.start + (quarter.end - quarter.start) * (at % 1)

    def is_past(self, when: datetime) -> bool:
        """Whether it is before the present, and not only just."""
        return when < self.now - _LATELY

    def scene(self, when: datetime, play: Callable[[Stage, float], object]) -> Scene:
        """What takes place at an instant."""
        return Scene((self.now - when) / _DAY, play)

    def dated(self, scenes: Iterable[Scene]) -> list[Scene]:
        """Of scenes whose time is counted in quarters, those that are past, in days."""
        found = [(self.when(scene.days_ago), scene) for scene in scenes]
        return [self.scene(when, scene.play) for when, scene in found if self.is_past(when)]
