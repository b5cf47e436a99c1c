"""Lots that anybody can draw again."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from app.nominations.lots import drawn, pseudonym

POOLS = st.sets(st.uuids().map(str), max_size=12)


@given(st.text(max_size=20), POOLS, st.integers(0, 14))
def test_the_same_lots_fall_on_the_same_people_in_whatever_order_they_stand(seed: str, pool: set[str], k: int) -> None:
    once = drawn(seed, sorted(pool), k)
    assert once == drawn(seed, sorted(pool, reverse=True), k)
    assert len(once) == len(set(once)) == min(k, len(pool))
    assert set(once) <= pool


@given(POOLS, st.integers(0, 14))
def test_who_was_drawn_stays_drawn_when_more_are(pool: set[str], k: int) -> None:
    assert drawn("seed", pool, k + 1)[:k] == drawn("seed", pool, k)


def test_everybody_is_drawn_about_as_often() -> None:
    pool = [f"person-{n}" for n in range(10)]
    times = Counter(who for seed in range(2000) for who in drawn(f"seed-{seed}", pool, 3))
    assert set(times) == set(pool)
    assert all(500 < count < 700 for count in times.values())


def test_pseudonyms_go_on_after_the_alphabet() -> None:
    names = [pseudonym(number) for number in (0, 1, 25, 26, 27, 701, 702)]
    assert names == [f"Reviewer {letters}" for letters in ("A", "B", "Z", "AA", "AB", "ZZ", "AAA")]
    assert len({pseudonym(number) for number in range(2000)}) == 2000
