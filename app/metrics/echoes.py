"""What peers said of somebody, taken together: by whom, for what, and in which words. Plain values, no database."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

SHORTEST = 5
"""Letters; shorter words are mostly those that hold a sentence together, in many languages."""
SEVERAL = 2
MOST_WORDS = 40
_WORD = re.compile(rf"[^\W\d_]{{{SHORTEST},}}")


class Form(StrEnum):
    """In which form somebody recognised somebody."""

    nomination = "nomination"
    second = "second"
    award = "award"
    """By the community: a steward's, or for a milestone."""
    thanks = "thanks"
    endorsement = "endorsement"


@dataclass(frozen=True)
class Speaker:
    """Who said something, as whom it is about may know them; somebody beyond the community has no id."""

    id: UUID | None
    name: str


@dataclass(frozen=True)
class Saying:
    """What one peer said."""

    at: datetime
    form: Form
    by: Speaker | None
    """None where the community said it, or somebody who is not named to whom it is about."""
    type: str | None
    """The type of contribution that it recognises."""
    about: str | None
    """What it is for: the name of the achievement."""
    words: str | None
    """None where there were none, or they were erased."""
    skills: tuple[str, ...] = ()


RECOGNITIONS = frozenset({Form.nomination, Form.award, Form.thanks})
"""Each is one recognition; whoever seconds or endorses says more about one of these."""


def types(sayings: Iterable[Saying]) -> dict[str, int]:
    """How often each type of contribution was recognised."""
    found = Counter(each.type for each in sayings if each.type is not None and each.form in RECOGNITIONS)
    return dict(sorted(found.items()))


def people(sayings: Iterable[Saying]) -> list[tuple[Speaker, int]]:
    """Who said how much, in the order of their names: it is no contest."""
    found = Counter(each.by for each in sayings if each.by is not None)
    return sorted(found.items(), key=lambda one: (one[0].name.casefold(), str(one[0].id)))


def words(sayings: Iterable[Saying]) -> list[tuple[str, int]]:
    """Words that several people used, and how many of them, most first; who is not named counts each time."""
    used = defaultdict[str, set[object]](set)
    for each in sayings:
        who: object = each.by if each.by is not None else each
        for word in _WORD.findall((each.words or "").casefold()):
            used[word].add(who)
    found = [(word, len(by)) for word, by in used.items() if len(by) >= SEVERAL]
    return sorted(found, key=lambda one: (-one[1], one[0]))[:MOST_WORDS]


def skills(sayings: Iterable[Saying]) -> list[str]:
    """All that were vouched for, each once."""
    return sorted({skill for each in sayings for skill in each.skills})
