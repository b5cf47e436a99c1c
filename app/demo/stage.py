"""Where the history of the fictional community is played: one transaction, and instants that lie in the past."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.kit.deps import Runtime
from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.members import service as members
from app.members.tables import Community, Member


@dataclass
class Stage:
    """A community that is being made up, as of `now`."""

    session: Session
    runtime: Runtime
    community: Community
    now: datetime
    """The present: what is played took place before."""
    earned: dict[str, str] = field(default_factory=dict)
    """Ids of achievements, by contribution type."""
    known: dict[str, Any] = field(default_factory=dict)
    """What later scenes come back to, by a name of its own."""

    @property
    def at(self) -> Installation:
        return self.runtime.installation

    def member(self, handle: str) -> Member:
        return members.member_named(self.session, self.community, handle)

    def on(self, days_ago: float, who: str | UUID = "demo") -> Occasion:
        """What `who` (a handle, or a member's id) does so many days ago."""
        actor = who if who == "demo" or isinstance(who, UUID) else self.member(who).id
        return Occasion(actor=str(actor), now=self.now - timedelta(days=days_ago), ids=self.runtime.ids)


@dataclass(frozen=True)
class Scene:
    """One thing that took place."""

    days_ago: float
    play: Callable[[Stage, float], object]
    """Given the stage, and how many days ago it takes place."""


def play(stage: Stage, *parts: list[Scene]) -> None:
    """Plays the scenes of all parts in the order in which they took place."""
    for scene in sorted((scene for part in parts for scene in part), key=lambda scene: -scene.days_ago):
        scene.play(stage, scene.days_ago)
