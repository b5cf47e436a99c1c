"""Drawing lots that anybody can draw again from what the journal says. Plain values, no database."""

import hashlib
from collections.abc import Iterable
from itertools import count


def drawn(seed: str, pool: Iterable[str], k: int) -> list[str]:
    """The `k` ids of the pool on which the lots fall, in their order; fewer where there are not so many.

    They are those whose SHA-256 of `seed|id` is least: whoever has the seed and the pool comes to the same.
    """
    return sorted(frozenset(pool), key=lambda one: hashlib.sha256(f"{seed}|{one}".encode()).digest())[:k]


def pseudonym(number: int) -> str:
    """What the reviewer with this number, from 0, is called: `Reviewer A`, …, `Reviewer Z`, `Reviewer AA`, …"""
    letters, rest = "", number
    for _ in count():
        letters = chr(ord("A") + rest % 26) + letters
        rest = rest // 26 - 1
        if rest < 0:
            break
    return f"Reviewer {letters}"
