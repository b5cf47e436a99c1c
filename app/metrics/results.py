"""A figure as it is told, and its bytes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import isfinite

import orjson
import rfc8785

from app.metrics.periods import Window
from app.metrics.telling import Json

DIGITS = 9
"""Significant digits that floats are rounded to: processors add in different orders and differ in the sixteenth."""


class Reason(StrEnum):
    """Why a figure has no value, or not all of it."""

    fewer_than_k = "fewer-than-k"
    """It, or what is withheld of it, would rest on fewer people than k, or on nobody (of few, which of the two tells of
    them), or on one who did more than half."""
    undefined = "undefined"
    """The formula has no value for what happened, such as a median that fewer than half have reached."""
    told_by_quarter = "told-by-quarter"
    """It looks back over a year: two weeks or months of it differ by single people, so it is told of quarters and
    years."""
    too_few_for_a_graph = "too-few-for-a-graph"
    """Among so few people, positions in a graph are noise."""
    too_few_for_rates = "too-few-for-rates"
    """The community has so few members that none of its shares and rates are told. What else there is, is."""


@dataclass(frozen=True)
class Result:
    """One figure of one window. `n` is the multiple of k below the number of people it rests on; None where
    there are fewer, or nothing is told of it."""

    metric: str
    name: str
    version: int
    window: Window
    n: int | None
    k: int
    value: Json
    suppressed: bool = False
    reason: Reason | None = None
    withheld: tuple[str, ...] = ()
    """JSON pointers to the parts of the value that would tell of too few people: None there, or left out."""
    rates_withheld: tuple[str, ...] = ()
    """JSON pointers to the shares and rates that are not told of so small a community."""

    def to_dict(self) -> dict[str, Json]:
        """As JSON, with every float rounded."""
        return {
            "metric": self.metric,
            "name": self.name,
            "version": self.version,
            "window": dict(self.window.to_dict()),
            "n": self.n,
            "k": self.k,
            "value": rounded(self.value),
            "suppressed": self.suppressed,
            "reason": self.reason.value if self.reason else None,
            "withheld": list(self.withheld),
            "rates_withheld": list(self.rates_withheld),
        }


def canonical(results: Iterable[Result]) -> bytes:
    """The same bytes for the same results, on every machine (RFC 8785)."""
    return rfc8785.dumps([result.to_dict() for result in results])


def read(body: bytes) -> tuple[Result, ...]:
    """The results of canonical bytes."""
    return tuple(
        Result(
            metric=one["metric"],
            name=one["name"],
            version=one["version"],
            window=Window(datetime.fromisoformat(one["window"]["from"]), datetime.fromisoformat(one["window"]["to"])),
            n=one["n"],
            k=one["k"],
            value=one["value"],
            suppressed=one["suppressed"],
            reason=Reason(one["reason"]) if one["reason"] is not None else None,
            withheld=tuple(one["withheld"]),
            rates_withheld=tuple(one["rates_withheld"]),
        )
        for one in orjson.loads(body)
    )


def rounded(value: Json) -> Json:
    """With every float rounded to `DIGITS` significant digits, and those that are none left out."""
    match value:
        case float():
            return float(f"{value:.{DIGITS - 1}e}") + 0.0 if isfinite(value) else None
        case list():
            return [rounded(each) for each in value]
        case dict():
            return {name: rounded(each) for name, each in value.items()}
        case _:
            return value
