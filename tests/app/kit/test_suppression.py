"""What may be said of groups of people without telling of the few who are in a small one."""

from collections import defaultdict
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.kit.suppression import Shown, at_least, coarsely, enough, in_steps, roughly, share, shown

SIZES = some.dictionaries(some.text("abcdefgh", min_size=1, max_size=3), some.integers(0, 40), max_size=12)


def test_what_could_be_computed_by_subtraction_is_hidden_too() -> None:
    assert shown({"core": 12, "active": 7, "new": 3}, k=5) == Shown({"core": 12}, 10, frozenset({"active", "new"}))


def test_small_groups_that_are_enough_together_hide_no_large_one() -> None:
    assert shown({"core": 12, "active": 4, "new": 3}, k=5) == Shown({"core": 12}, 7, frozenset({"active", "new"}))


def test_where_no_group_is_small_all_are_told_and_so_are_empty_ones() -> None:
    assert shown({"a": 12, "b": 5, "c": 0}) == Shown({"a": 12, "b": 5, "c": 0}, 0, frozenset())


def test_of_fewer_than_k_people_nothing_is_told() -> None:
    assert shown({"a": 1, "b": 3}) == Shown({}, None, frozenset({"a", "b"}))
    assert shown({}) == Shown({}, 0, frozenset())


def test_an_empty_group_is_not_told_apart_from_a_small_one() -> None:
    assert shown({"a": 12, "b": 4, "c": 3, "d": 0}) == Shown({"a": 12}, 7, frozenset({"b", "c", "d"}))


def test_hidden_groups_that_could_only_be_equal_take_another_with_them() -> None:
    """Who knows the rule and that three groups of at most four are twelve knows each."""
    assert shown({"a": 4, "b": 4, "c": 4, "d": 6, "e": 9}).groups == {"e": 9}


@pytest.mark.parametrize("k", [2, 1, 0, -5])
def test_k_is_never_under_three(k: int) -> None:
    with pytest.raises(ValueError, match="at least 3"):
        shown({"a": 9}, k=k)
    with pytest.raises(ValueError, match="at least 3"):
        enough(9, k=k)


def test_k_people_are_enough() -> None:
    assert enough(5, k=5)
    assert not enough(4, k=5)


@given(SIZES, some.integers(3, 9))
def test_every_group_is_told_or_hidden_and_no_small_one_is_told(sizes: dict[str, int], k: int) -> None:
    found = shown(sizes, k=k)
    assert found.groups.keys() | found.hidden == sizes.keys()
    assert not found.groups.keys() & found.hidden
    assert all(sizes[name] == size and (size >= k or size == 0) for name, size in found.groups.items())
    together = sum(sizes[name] for name in found.hidden)
    assert found.other == (None if 0 < together < k else together)


@given(SIZES, some.integers(3, 9))
def test_a_group_that_is_told_is_larger_than_all_that_are_hidden(sizes: dict[str, int], k: int) -> None:
    found = shown(sizes, k=k)
    if found.hidden and found.groups:
        assert min(found.groups.values()) > max(sizes[name] for name in found.hidden)


@pytest.mark.parametrize(("groups", "most", "k"), [(2, 14, 5), (3, 9, 3), (4, 6, 3), (3, 13, 5), (4, 8, 5)])
def test_nothing_hidden_can_be_computed_even_by_who_knows_the_rule_and_the_sum(groups: int, most: int, k: int) -> None:
    """Tries all sizes there can be: whatever is told, each hidden group could have had at least two sizes."""
    names = "abcd"[:groups]
    possible: defaultdict[tuple[object, ...], defaultdict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for each in product(range(most + 1), repeat=groups):
        if sum(each) >= k:  # fewer are not told of at all
            sizes = dict(zip(names, each, strict=True))
            found = shown(sizes, k=k)
            could = possible[tuple(found.groups.items()), found.other, sum(each)]
            for name in found.hidden:
                could[name].add(sizes[name])
    assert all(len(of_one) > 1 for could in possible.values() for of_one in could.values())


def test_shares_of_few_people_are_told_in_whole_percent() -> None:
    assert (share(3, 8), share(1, 49), share(1, 8), share(0, 7)) == (0.38, 0.02, 0.13, 0.0)
    assert share(1, 64) == 1 / 64
    assert share(0, 0) is None


@pytest.mark.parametrize("k", [3, 5, 8])
def test_from_a_share_and_so_many_at_least_follows_no_number_of_people(k: int) -> None:
    """Whatever share is told of however many people, it could be of each number with the same multiple of k below."""
    for told in range(k, 400, k):
        could = [
            {in_steps(part, size, k=k) for part in (0, *range(k, size - k + 1), size)} for size in range(told, told + k)
        ]
        assert all(shares == could[0] for shares in could)


def test_shares_are_told_in_steps_of_no_less_than_two_people() -> None:
    assert [in_steps(3, size, k=5) for size in (4, 5, 9, 13, 24, 60)] == [None, 0.5, 0.5, 0.25, 0.1, 0.05]
    assert (at_least(14, k=5), at_least(15, k=5), at_least(4, k=5)) == (10, 15, 0)


def test_counts_have_two_digits_and_spans_of_time_one_and_a_half() -> None:
    assert [coarsely(count, k=5) for count in (0, 4, 13, 99, 104, 137, 2_345)] == [0, 0, 10, 95, 100, 130, 2_300]
    assert [roughly(span) for span in (0, 0.26, 1, 13.4, 27, 130)] == [0, 0.25, 1, 15, 25, 150]
