"""In which portions it happens what comes of a delivery: each is a transaction of its own.

All that is no award is the first; then comes each award by itself, and what is taken back some at a time. So nobody
waits for all that a delivery asks for, and whoever signs has locked all rows before: signing holds the journal.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any
from uuid import UUID

from app.sources.events import Noted, Told, Would, WouldAward, WouldRevoke
from app.sources.grammar import Rules
from app.sources.writings import codes_in


@dataclass(frozen=True)
class Plan:
    """The portions of a delivery."""

    asked: tuple[WouldAward | WouldRevoke | None, ...]
    """Each about one award, or one word that takes some back; None for all else."""
    digest: str
    """Of all that the rules make of it: other rules make another plan, which is begun anew."""

    @classmethod
    def of(cls, platform: str, told: Sequence[Told], would: Sequence[Would], rules: Rules) -> "Plan":
        asked: tuple[WouldAward | WouldRevoke | None, ...] = tuple(
            one for one in would if isinstance(one, WouldAward | WouldRevoke)
        )
        is_all = asked and len(asked) == len(would) and not codes_in(platform, told)
        # They are plain values, which are written alike by every process.
        said = repr(list(would))
        if any(isinstance(one, Noted) for one in would):  # what gatherings come to is decided when they end
            said += repr(rules.gathering)
        return cls(asked if is_all else (None, *asked), hashlib.sha256(said.encode()).hexdigest())


NO_PLAN = Plan((), "")
"""Of what nothing can be made of."""


@dataclass(frozen=True)
class SoFar:
    """How much of a plan has happened."""

    plan: str
    done: int = 0
    """Portions."""
    after: str | None = None
    """In the next of them, up to which award."""
    shown: bool = False
    """Whether this plan was shown to somebody who wanted it so, and no other."""
    again: list[dict[str, Any]] = field(default_factory=list)
    """Where it was: what has come of it since, besides what came of it before."""

    @property
    def begun(self) -> bool:
        return self.done > 0 or self.after is not None

    def kept(self) -> dict[str, Any]:
        return asdict(self)

    def then(self, after: UUID | None) -> "SoFar":
        """Once a portion has happened, up to an award, or whole."""
        if after is not None:
            return replace(self, after=str(after))
        return replace(self, done=self.done + 1, after=None)
