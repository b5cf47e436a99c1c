"""What rows of the database lead to, found by the database alone: no more is read than hangs together."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel.sql.expression import SelectOfScalar


def reached(start: SelectOfScalar[UUID], one: Any, to: Any) -> sa.CTE:
    """Rows with an `id`, each once: those that `start` selects by it, and all to which they lead by the columns `one`
    and `to` of a table, from which to which."""
    found = start.cte("reached", recursive=True)
    return found.union(sa.select(to).join(found, one == found.c.id).where(to.is_not(None)))
