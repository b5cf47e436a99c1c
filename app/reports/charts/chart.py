"""What a chart is: the same numbers as a finding, a text, a table and a picture."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Self, TypeAlias

import rfc8785

from app.metrics.telling import Json

Cell: TypeAlias = str | int | float | None
"""None is what is withheld, which is said and never drawn as zero."""

LOOKS = 1
"""The version of how charts are drawn: a new one has them all drawn again."""


@dataclass(frozen=True)
class Chart:
    """One of them. Where there is nothing to draw, there is no picture and the text says why."""

    id: str
    title: str
    """The finding, as a sentence without its full stop."""
    text: str
    """What the picture shows, with its numbers, in whole sentences."""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    spec: Mapping[str, Json] | None = None
    """The picture in Vega-Lite, with its data, so that anybody can draw it anew."""

    def to_dict(self) -> dict[str, Json]:
        """As JSON."""
        return {
            "id": self.id,
            "title": self.title,
            "text": self.text,
            "columns": [*self.columns],
            "rows": [[*row] for row in self.rows],
            "spec": dict(self.spec) if self.spec is not None else None,
        }

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Self:
        """From JSON, as `to_dict` made it."""
        return cls(
            told["id"],
            told["title"],
            told["text"],
            tuple(told["columns"]),
            tuple(tuple(row) for row in told["rows"]),
            told["spec"],
        )

    @property
    def digest(self) -> str:
        """Of all that its drawing depends on: charts with the same digest have the same drawing."""
        return sha256(rfc8785.dumps({"looks": LOOKS, "chart": self.to_dict()})).hexdigest()


def nothing(id: str, title: str, text: str) -> Chart:
    """A chart of nothing: a sentence that says so."""
    return Chart(id, title, text)


def table(values: Sequence[Mapping[str, Cell]], columns: Mapping[str, str]) -> tuple[tuple[Cell, ...], ...]:
    """The rows of a table: of each value what stands under the names in `columns`, whole numbers without a point."""
    return tuple(tuple(_whole(value[name]) for name in columns) for value in values)


def _whole(cell: Cell) -> Cell:
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell
