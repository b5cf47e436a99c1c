"""All that stewards are told of a period in private: what it is, its numbers, and whom it names."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from itertools import islice

from app.metrics import notes
from app.metrics.facts import Facts
from app.metrics.formulas.ties import Return
from app.metrics.metric import Explained, Method
from app.metrics.notes import STAGNATION_DAYS
from app.metrics.periods import Window
from app.metrics.policy import Policy
from app.metrics.telling import Json
from app.nominations import rings

MOST = 50
"""Of each kind: nobody looks at more."""


class PromptKind(StrEnum):
    """What stewards are told."""

    unsung = "unsung"
    """Somebody did far more than they were recognised for."""
    circle = "circle"
    """A small group whose members all recognise each other, and few others."""
    quick_pair = "quick_pair"
    """Two recognise each other at once, and often."""
    burst = "burst"
    """One recognised the other more often within a day than an honest day has."""
    nobody_new = "nobody_new"
    """Nobody has contributed for the first time for long."""
    leans_on_one = "leans_on_one"
    """One person makes more than half of the hosting."""
    dominant_affiliation = "dominant_affiliation"
    """One affiliation has nearly all of the recognition, or far more than its part of the work."""
    unserved = "unserved"
    """There is something that communities do for people, or take care of, for which nobody did anything."""


@dataclass(frozen=True)
class Advised(Explained):
    """How prompts of a kind are found, what they say and cannot say, and what to do about them."""

    consider: str
    """A question to oneself."""


@dataclass(frozen=True)
class Prompt:
    """One thing to look at; people by row."""

    kind: PromptKind
    values: Mapping[str, Json]
    people: tuple[int, ...] = ()


@cache
def advice() -> Mapping[PromptKind, Advised]:
    """The texts of each kind."""
    read = tomllib.loads((files(__package__) / "prompts.toml").read_text("utf-8"))
    return {PromptKind(kind): _advised(kind, **said) for kind, said in read.items()}


def _advised(kind: str, *, consider: str, sources: list[str], **said: str) -> Advised:
    return Advised(kind, kind, 1, Method(sources=tuple(sources), **said), consider)


def prompts(facts: Facts, window: Window, policy: Policy) -> tuple[Prompt, ...]:
    """Of a window, from facts cut at its end; of each kind the most unusual first."""
    found = (
        _unsung(facts, window),
        _circles(facts, window),
        (_pair(each) for each in sorted(notes.quick_pairs(facts, window), key=lambda one: (one.median_seconds, one))),
        (
            Prompt(PromptKind.burst, {"more_than": rings.BURST, "within_hours": _HOURS}, pair)
            for pair in notes.bursts(facts, window)
        ),
        _stagnation(facts, window),
        (
            Prompt(PromptKind.dominant_affiliation, {"affiliation": name, "share": share, "parity": parity})
            for name, share, parity in notes.dominant(facts, window, policy)
        ),
        _unserved(facts, window),
    )
    return tuple(each for kind in found for each in islice(kind, MOST))


_HOURS = int(rings.BURST_WITHIN.total_seconds() // 3600)


def _unsung(facts: Facts, window: Window) -> Iterator[Prompt]:
    for one in notes.unsung(facts, window, most=MOST):
        numbers: dict[str, Json] = {"contributions": one.contributions, "recognitions": one.recognitions}
        yield Prompt(PromptKind.unsung, numbers | {"expected": one.expected, "residual": one.residual}, (one.person,))


def _circles(facts: Facts, window: Window) -> Iterator[Prompt]:
    found = notes.circles(facts, window)
    if found.unknown:
        yield Prompt(PromptKind.circle, {"insularity": None, "not_known_of": len(found.unknown)})
    for members, insularity in found.rings:
        yield Prompt(PromptKind.circle, {"insularity": insularity, "not_known_of": 0}, members)


def _pair(each: Return) -> Prompt:
    numbers: dict[str, Json] = {"median_hours": each.median_seconds / 3600, "acts": each.acts}
    return Prompt(PromptKind.quick_pair, numbers, (each.one, each.other))


def _stagnation(facts: Facts, window: Window) -> Iterator[Prompt]:
    found = notes.stagnation(facts, window)
    if found.nobody_new:
        yield Prompt(PromptKind.nobody_new, {"days": STAGNATION_DAYS})
    if found.leans_on is not None:
        yield Prompt(PromptKind.leans_on_one, {"type": "hosting"}, (found.leans_on,))


def _unserved(facts: Facts, window: Window) -> Iterator[Prompt]:
    found = notes.unserved(facts, window)
    if found.potentials or found.care_areas:
        values: dict[str, Json] = {"potentials": [*found.potentials], "care_areas": [*found.care_areas]}
        yield Prompt(PromptKind.unserved, values)
