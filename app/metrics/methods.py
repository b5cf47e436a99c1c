"""The texts of the figures' public pages: data, which a file holds."""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

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


COURSE = Explained("course", "course_of_a_community", 1, methods()["course"])
MATURITY = Explained("maturity", "maturity_stage", 1, methods()["maturity"])
"""Which are no figures of a family, and are explained like them."""
