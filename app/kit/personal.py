"""What is kept of a person: told to them (GDPR Art. 15 and 20), and taken away at their wish (Art. 17).

Each capability says it of its own tables, in one `Part`; whoever stands above all of them puts the parts together. A
test holds them against every column of every table that refers to a member: a new one is told, or it is said why not.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from app.kit.database import Row
from app.kit.installation import Installation
from app.kit.occasions import Occasion


@dataclass(frozen=True)
class Kept:
    """A table that keeps something of people."""

    table: type[Row]
    by: tuple[str, ...] = ()
    """The columns that name them."""
    which: Callable[[UUID], sa.ColumnElement[bool]] | None = None
    """Of a member, the rows that are told: where some of those that name them are not theirs to read, or none does."""
    without: frozenset[str] = frozenset()
    """Columns that are not told: secrets, seals and digests, and what others decide in confidence."""

    @property
    def name(self) -> str:
        """What it is called where it is told."""
        return str(self.table.__tablename__)

    @property
    def columns(self) -> dict[str, sa.Column[Any]]:
        """Those of the table, by name."""
        return dict(self.table.__table__.c)  # type: ignore[attr-defined]

    def theirs(self, member: UUID) -> sa.ColumnElement[bool]:
        """The rows that are told to a member."""
        if self.which is not None:
            return self.which(member)
        return sa.or_(*(self.columns[name] == member for name in self.by))


@dataclass(frozen=True)
class Leaving:
    """A member who wants what is kept of them taken away."""

    member: UUID
    revoke: bool
    """Whether their badges end too; else those stay as they are, and verifiable."""
    at: Installation
    on: Occasion


@dataclass(frozen=True)
class Part:
    """What a capability keeps of people."""

    kept: tuple[Kept, ...]
    more: Mapping[str, Callable[[Session, UUID, datetime, Installation], Iterable[Any]]] = field(default_factory=dict)
    """Told besides, of a member at an instant: plain values, by name."""
    untold: Mapping[str, str] = field(default_factory=dict)
    """`table.column` of what names them and is not told, and why."""
    hold: Callable[[Session, Leaving], None] | None = None
    """Locks what `erase` changes of a member and others may be changing, before anything takes the journal."""
    erase: Callable[[Session, Leaving], None] | None = None
