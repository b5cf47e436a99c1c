"""What others think of an artefact, and how artefacts build on each other: plain values, no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.kit.suppression import USUAL_K, enough


class Review(StrEnum):
    """What somebody who did not make it thinks of it."""

    unreviewed = "unreviewed"
    approved = "approved"
    """It can be recommended."""
    changes_asked = "changes_asked"


@dataclass(frozen=True)
class Base:
    """Something that an artefact builds on: another one here, or something elsewhere."""

    artefact: UUID | None = None
    url: str | None = None
    title: str | None = None


@dataclass(frozen=True)
class Node:
    """An artefact in the picture of all: nobody is named in it."""

    id: UUID
    title: str
    licence: str | None
    review: Review
    contributors: int | None
    """None where they are too few to be told of."""


@dataclass(frozen=True)
class Picture:
    """All artefacts, and what builds on what."""

    nodes: Sequence[Node]
    edges: Sequence[tuple[UUID, UUID]]
    """Each from what builds to what it builds on."""
    said: str
    """The same in a sentence, for whoever does not see a picture."""


def told_of(people: int) -> int | None:
    """How many people, where that may be told."""
    return people if enough(people, k=USUAL_K) else None


def in_words(nodes: Sequence[Node], builds_on: Mapping[UUID, Sequence[UUID]]) -> str:
    """What the picture shows, in a sentence."""
    building = sum(bool(builds_on.get(node.id)) for node in nodes)
    recommended = sum(node.review is Review.approved for node in nodes)
    line = longest(builds_on) if nodes else 0
    return f"Artefacts: {len(nodes)}. Built on others: {building}. Recommended: {recommended}. Longest line: {line}."


def longest(builds_on: Mapping[UUID, Sequence[UUID]]) -> int:
    """How many there are in the longest line of what builds on what; there is no circle among them."""
    lengths: dict[UUID, int] = {}
    for start in builds_on:
        waiting = [start]
        while waiting:
            at = waiting.pop()
            if at in lengths:
                continue
            further = [to for to in builds_on.get(at, ()) if to not in lengths]
            if further:
                waiting += [at, *further]
            else:
                lengths[at] = 1 + max((lengths[to] for to in builds_on.get(at, ())), default=0)
    return max(lengths.values(), default=1)
