"""The value matrix: by cycle, how many stories there are at least, and which of them somebody may read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.contributions.reading import uncounted
from app.kit.suppression import USUAL_K, at_least
from app.members.links import accounts_of
from app.members.rules import Onlooker
from app.members.tables import Community
from app.stories.lines import grounded, lines
from app.stories.rules import CYCLES, REALISED, Counted, counts, month_of
from app.stories.service import stories
from app.stories.tables import Story

SHOWN = 20
"""Stories of a cycle that the matrix names; the list has them all."""


@dataclass(frozen=True)
class Cell:
    """A cycle of value creation."""

    cycle: int
    count: int | None
    """The multiple of k below; None where they are too few, or too few people told them, or there are none."""
    readable: Sequence[UUID]
    """The newest of those that the viewer may read."""


@dataclass(frozen=True)
class Matrix:
    """All five."""

    cells: tuple[Cell, ...]
    counted_until: datetime
    """What was told since is counted from the next month on."""
    not_counted: int
    """How many told stories who do not want to be counted: the multiple of k below, so that nobody sees one opt out."""
    k: int = USUAL_K


def matrix(
    session: Session, community: Community, viewer: Onlooker, mine: sa.ColumnElement[bool], *, now: datetime
) -> Matrix:
    """As this viewer sees it. The counts are the same for everyone, and of whole months, in steps of k: stories that
    only stewards read are in them, and nobody is to see one of those come or go. Which stories there are that one may
    read is no secret."""
    until = month_of(now)
    ones, left_out = counted(session, community, until)
    numbers = counts(ones)
    readable = stories(community, viewer, mine).order_by(col(Story.row).desc())
    cells = []
    for cycle in CYCLES:
        newest = readable.where(col(Story.cycles).contains(str(cycle))).limit(SHOWN).with_only_columns(col(Story.id))
        cells.append(Cell(cycle, numbers[cycle], session.execute(newest).scalars().all()))
    return Matrix(tuple(cells), until, at_least(left_out, k=USUAL_K))


def counted(session: Session, community: Community, until: datetime) -> tuple[list[Counted], int]:
    """The stories that stood before, of realised value those that are grounded; and of how many people there are more
    who do not want to be counted."""
    chosen = select(Story.id, Story.author_id, Story.cycles, Story.told_at).where(
        Story.community_id == community.id, col(Story.withdrawn_at).is_(None), Story.told_at < until
    )
    rows = session.exec(chosen.order_by(col(Story.row))).all()
    persons = accounts_of(session, community.id, {author for _, author, _, _ in rows})
    left_out = {persons[member] for member in uncounted(session, list(persons))}
    leads_to, named = lines(session, select(Story.id).where(Story.community_id == community.id))
    real = grounded(leads_to, named)
    found = [
        Counted(
            id,
            persons[author],
            frozenset(int(cycle) for cycle in cycles if int(cycle) != REALISED or id in real),
            frozenset(leads_to.get(id, ())),
            month_of(told_at),
        )
        for id, author, cycles, told_at in rows
        if persons[author] not in left_out
    ]
    return found, len({persons[author] for _, author, _, _ in rows} & left_out)
