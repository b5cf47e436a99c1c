"""Which communities may be about the same: advice before another one is founded, never a refusal. Pure.

Texts are compared by the words that they share, rare ones counting more (tf-idf and the cosine of the angle between two
texts; Salton and Buckley, Term-weighting approaches in automatic text retrieval, 1988). It misleads where two mean the
same in other words, or another language: so whoever asks still has to look.
"""

import math
import re
from collections import Counter
from collections.abc import Hashable, Mapping
from typing import TypeVar

K = TypeVar("K", bound=Hashable)

ALIKE = 0.2
"""From this on a text is like another: they share a word in five, weighed by how rare each is."""
_WORD = re.compile(r"\w{4,}")
_STEM = 6
"""Letters by which words are compared, so that one in another number or case is the same."""
_LONGEST = 20_000
"""Characters of a text that are looked at."""


def alike(text: str, others: Mapping[K, str]) -> list[tuple[K, float]]:
    """Those of `others` that are like `text`, the most alike first, each with how much: from `ALIKE` to 1."""
    wanted = _words(text)
    counted = {key: _words(other) for key, other in others.items()}
    having = Counter(word for words in counted.values() for word in words)
    rare = {word: math.log(1 + (1 + len(counted)) / (1 + having[word])) for word in wanted | having}
    found = [(key, round(_cosine(wanted, words, rare), 3)) for key, words in counted.items()]
    return sorted((each for each in found if each[1] >= ALIKE), key=lambda each: -each[1])


def _words(text: str) -> Counter[str]:
    return Counter(word[:_STEM] for word in _WORD.findall(text[:_LONGEST].casefold()))


def _cosine(one: Counter[str], other: Counter[str], rare: Mapping[str, float]) -> float:
    lengths = _length(one, rare) * _length(other, rare)
    shared = sum(one[word] * other[word] * rare[word] ** 2 for word in one.keys() & other.keys())
    return shared / lengths if lengths else 0.0


def _length(words: Counter[str], rare: Mapping[str, float]) -> float:
    return math.sqrt(sum((count * rare[word]) ** 2 for word, count in words.items()))
