"""Which of the numbers that are told are shares or rates, and what is left of a value without them."""

from collections.abc import Iterator
from typing import Final

from app.metrics.telling import Json, pointer

RATES: Final = frozenset(
    {
        "rate", "share", "acceleration", "daily_mean", "weekly_mean", "members_needed_for", "stickiness", "kept",
        "converted", "returned", "contributed_within_days", "still_waiting", "covered", "care_share", "givers",
        "answered", "top_share", "top_tenth", "lorenz", "interval", "parity", "ratio", "across", "recognitions_across",
        "reciprocity", "tied", "recognised", "contribution_share", "recognition_share", "response_rate",
        "percent_of_max", "top_two", "top_two_interval", "density",
    }
)  # fmt: skip
"""Their names, wherever they stand."""


def without_rates(value: Json) -> Json:
    """The same with null for every share and rate."""
    match value:
        case dict():
            return {name: None if name in RATES else without_rates(part) for name, part in value.items()}
        case list():
            return [without_rates(part) for part in value]
        case _:
            return value


def rates(value: Json, at: str = "") -> Iterator[str]:
    """The JSON pointers of all shares and rates in a value that are told."""
    match value:
        case dict():
            for name, part in value.items():
                if name not in RATES:
                    yield from rates(part, pointer(at, name))
                elif part is not None:
                    yield pointer(at, name)
        case list():
            for place, part in enumerate(value):
                yield from rates(part, pointer(at, str(place)))
