"""The texts of the figures' public pages: data, which a file holds."""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from app.metrics.metric import Compute, Explained, Method, Metric


@cache
def methods() -> Mapping[str, Method]:
    """All of them, by the figure's id."""
    read = tomllib.loads((files(__package__) / "methods.toml").read_text("utf-8"))
    return {
        id: Method(said["what"], said["how"], said["misleads"], tuple(said["sources"])) for id, said in read.items()
    }


def explained(computed: Iterable[tuple[str, str, Compute]], *, version: int = 1) -> tuple[Metric, ...]:
    """Figures with their texts, in the order of their ids."""
    found = [Metric(id, name, version, methods()[id], compute) for id, name, compute in computed]
    return tuple(sorted(found, key=lambda metric: (metric.id[0], int(metric.id[1:]))))


TOLD: Final = (
    "People are told as at least so many, in steps of k, which is five; that there is nobody is told as it is that "
    "there are fewer than k. A share that stands beside how many people it is of is that of the numbers as they are "
    "told, and so is how a community grew, where that is more than a step; other shares move in steps of two people at "
    "least, and are told where there are k on either side; in communities of fewer than 20 members none are, nor other "
    "rates. What people did is told to two digits, downwards, where no one of them did more than half of it. Spans of "
    "time are told to the half of a power of ten, 13 days as 15; other numbers with one digit behind the point if they "
    "rest on fewer than 50 people, with two if on fewer than 500. So differences of what is told are off by more than "
    "the few that they would be of; that somebody came or went may still show where a number was at the edge of a step."
)
"""How every figure is told."""
COURSE = Explained("course", "course_of_a_community", 1, methods()["course"])
MATURITY = Explained("maturity", "maturity_stage", 1, methods()["maturity"])
"""Which are no figures of a family, and are explained like them."""
