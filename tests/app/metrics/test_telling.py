"""From what was computed to what may be told."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.kit.suppression import at_least, coarsely, in_steps, roughly
from app.metrics.facts import Facts, Members
from app.metrics.metric import Found, Method, Metric, tell
from app.metrics.periods import parse
from app.metrics.policy import Policy
from app.metrics.results import Reason, Result, canonical, rounded
from app.metrics.telling import (
    Given,
    Grows,
    Heads,
    Json,
    Part,
    Rests,
    Share,
    Sides,
    Split,
    Teller,
    Times,
    Tree,
    Wait,
    fine,
    places,
    told_growth,
)

OCTOBER = parse("2026-10")
METHOD = Method("what", "how", "misleads", ("source",))
METRIC = Metric("P0", "example", 1, METHOD, lambda *_: Found(0))


def told(tree: Tree, people: int = 60) -> Json:
    return Teller(5, people).tell(tree)


def result(found: Found) -> Result:
    return tell(METRIC, found, OCTOBER, Policy())


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (Heads(5), 5),
        (Heads(18), 15),
        (Heads(4), None),
        (Heads(0), None),
        (Share(8, 16), 0.5),
        (Share(9, 24), 0.4),
        (Share(9, 45), 0.2),
        (Share(3, 80), None),
        (Share(77, 80), None),
        (Share(0, 80), None),
        (Share(80, 80), None),
        (Share(30, 80, lambda share: 10 * share), 4.0),
        (Part(9, 44), 0.12),
        (Part(44, 44), 1.0),
        (Part(4, 44), None),
        (Grows(1 / 3), 0.33),
        (Grows(None), None),
        (Times(137, 9, 30), 130),
        (Times(47, 9, 20), 45),
        (Times(47, 9, 24), None),
        (Times(47, 4, 12), None),
        (Times(0, 0, 0), None),
        (Times(62, 9, 20, lambda count: count / 31), 1.9),
        (Rests(0.1234, 49), 0.1),
        (Rests(0.1234, 50), 0.12),
        (Rests([0.1234, 7], 500), [0.123, 7]),
        (Rests(0.1234, 4), None),
        (Sides(0.1234, (5, 45)), 0.12),
        (Sides(0.1234, (0, 5)), None),
        (Sides("look", (5, 4)), None),
        (Wait(13.4, 5), 15.0),
        (Wait(13.4, 4), None),
        (Wait(None, 5), None),
        (Given(0.123456), 0.123456),
        ({"a": [Heads(4), 7, "text", None, True, 0.1234]}, {"a": [None, 7, "text", None, True, 0.12]}),
    ],
)
def test_each_number_is_told_coarsely_and_what_rests_on_few_is_not(tree: Tree, expected: Json) -> None:
    assert told(tree) == expected


@pytest.mark.parametrize(
    ("people", "steps"), [(10, 4), (19, 4), (20, 10), (40, 20), (99, 20), (100, 50), (200, 100), (2_000, 1_000)]
)
def test_shares_move_in_steps_of_two_people_at_least(people: int, steps: int) -> None:
    every = {in_steps(part, people, k=5) for part in range(5, people - 4)}
    assert every <= {step / steps for step in range(steps + 1)}
    assert at_least(people, k=5) / steps >= 2


@given(some.integers(1, 10**7))
def test_a_count_is_told_so_that_ten_others_at_most_and_five_at_least_could_be_it(count: int) -> None:
    found = coarsely(count, k=5)
    assert found <= count < found + max(5, found / 10 + 1)
    assert all(coarsely(other, k=5) == found for other in range(max(found, 1), min(found + 5, count + 1)))


@given(some.floats(1e-3, 1e7))
def test_a_span_is_told_within_a_third_of_what_it_was(span: float) -> None:
    assert 0.66 < roughly(span) / span < 1.34


@pytest.mark.parametrize(
    ("start", "end", "growth"),
    [(40, 44, 0.0), (44, 45, None), (44, 50, 0.25), (54, 40, -0.2), (100, 105, 0.05), (4, 40, None), (40, 4, -1.0)],
)
def test_growth_of_a_single_step_is_not_told_of_few(start: int, end: int, growth: float | None) -> None:
    """What is told follows from the sizes as they are told: 44 to 45 reads as 40 to 45, and may be 40 to 49."""
    assert told_growth(start, end, k=5) == growth


def split(sizes: Mapping[str, int], **how: Any) -> Split:
    def of(names: Collection[str]) -> Mapping[str, Tree]:
        return {"people": Heads(sum(sizes[name] for name in names))}

    return Split(sizes, of, **how)


def test_groups_below_k_are_told_together_if_they_are_k() -> None:
    assert told(split({"core": 12, "active": 3, "new": 4, "none": 0})) == {
        "groups": {"core": {"people": 10}},
        "other": {"people": 5},
    }
    assert told(split({"a": 4, "b": 4, "c": 4})) == {"groups": {}, "other": None}, (
        "each is nearly as many as it could be"
    )
    assert told(split({"core": 20, "new": 4, "none": 1})) == {"groups": {"core": {"people": 20}}, "other": None}, (
        "of five in two hidden groups nobody would be in neither"
    )
    assert told(split({"core": 12, "new": 4})) == {"groups": {"core": {"people": 10}}, "other": None}
    assert told(split({"core": 12, "new": 7})) == {"groups": {"core": {"people": 10}, "new": {"people": 5}}}


@pytest.mark.parametrize(("groups", "most"), [(2, 24), (3, 12), (4, 9)])
def test_no_hidden_group_is_known_to_have_anybody_in_it(groups: int, most: int) -> None:
    """Tries all sizes there can be: whatever is told of groups, a hidden one may be empty, or have k - 1."""
    names = "abcd"[:groups]
    possible: dict[str, dict[str, set[int]]] = {}
    for each in product(range(most + 1), repeat=groups):
        sizes = dict(zip(names, each, strict=True))
        could = possible.setdefault(str(told(split(sizes))), {})
        for name in split(sizes).hidden(5):
            could.setdefault(name, set()).add(sizes[name])
    assert all(sizes == {0, 1, 2, 3, 4} for could in possible.values() for sizes in could.values())


def test_of_groups_without_names_nothing_says_whether_there_are_any_more() -> None:
    one, none = (told({"employers": split({"A": 12, **more}, named=False)}) for more in ({"B": 1}, {}))
    assert one == none == {"employers": {"groups": {"A": {"people": 10}}, "other": None}}


def test_where_names_themselves_tell_they_are_not_named() -> None:
    teller = Teller(5, 60)
    teller.tell({"employers": split({"A/B": 12, "C": 7, "D": 3}, named=False)})
    assert teller.withheld == ["/employers/other"]
    teller = Teller(5, 60)
    teller.tell({"types": split({"A/B": 2, "C": 3, "D": 30})})
    assert teller.withheld == ["/types/groups/A~1B", "/types/groups/C"]


@pytest.mark.parametrize(("groups", "most"), [(2, 34), (3, 24), (4, 14)])
def test_each_group_may_be_of_several_sizes_whatever_is_told_of_all(groups: int, most: int) -> None:
    """Tries all sizes there can be; whoever is told of all knows how it is told."""
    names = "abcd"[:groups]
    possible: dict[str, dict[str, set[int]]] = {}
    for each in product(range(most + 1), repeat=groups):
        if 5 <= sum(each) <= most:
            sizes = dict(zip(names, each, strict=True))
            said = str(told({"all": Heads(sum(each)), "of": split(sizes)}))
            could = possible.setdefault(said, {name: set() for name in names})
            for name, size in sizes.items():
                could[name].add(size)
    assert len(possible) > 10
    for said, could in possible.items():
        assert all(len(of_one) > 1 for of_one in could.values()), said


@given(some.lists(some.integers(0, 40), min_size=4, max_size=12), some.integers(0, 400))
def test_no_single_one_shows_in_a_sum_less_its_parts(parts: list[int], left: int) -> None:
    """What is left of a month after its weeks may be of nobody, or be as many as it was, or more than one more."""
    whole = sum(parts) + left
    seen = [coarsely(part, k=5) for part in parts]
    widths = [max(5, 10 ** (len(str(each)) - 2)) for each in (*seen, coarsely(whole, k=5))]
    most = coarsely(whole, k=5) + widths[-1] - 1 - sum(seen)
    least = coarsely(whole, k=5) - sum(each + width - 1 for each, width in zip(seen, widths, strict=False))
    assert least <= left <= most
    assert most - least >= 4 * (len(parts) + 1)


def test_of_fewer_than_k_even_the_number_is_not_told() -> None:
    assert result(Found(4, {"a": 1})) == Result(
        "P0", "example", 1, OCTOBER, None, 5, None, suppressed=True, reason=Reason.fewer_than_k
    )
    assert result(Found(0)) == result(Found(4, {"a": 1})), "nobody is told as few are"
    assert result(Found(7, None, Reason.undefined)).n == 5
    assert result(Found(5, {"a": 1})).value == {"a": 1}


def test_of_few_people_nothing_is_told_finely() -> None:
    for people, told in ((49, 0.1), (499, 0.12), (500, 0.123), (5_000, 0.1235)):
        assert result(Found(people, {"a": [0.123456]})).value == {"a": [told]}


def test_the_same_results_have_the_same_bytes_whatever_the_last_digits() -> None:
    told = result(Found(60, {"a": 3}))
    one, other = (replace(told, value={"b": number, "a": 3}) for number in (0.1 + 0.2, 0.3))
    assert one != other
    assert canonical([one]) == canonical([other])
    assert canonical([one]).startswith(
        b'[{"k":5,"metric":"P0","n":60,"name":"example","rates_withheld":[],"reason":null,"suppressed":false'
    )


@given(some.floats())
def test_every_float_can_be_written(number: float) -> None:
    written = rounded([number])
    assert isinstance(written, list)
    assert canonical([result(Found(60, {"a": number}))])
    if written[0] is not None:
        assert written[0] == pytest.approx(number, rel=1e-8)
        assert str(written[0]) != "-0.0"


def test_on_how_many_it_rests_is_told_in_steps_so_that_figures_do_not_differ_by_few() -> None:
    assert [result(Found(people, {"a": 1})).n for people in (10, 14, 15, 19, 61)] == [10, 10, 15, 15, 60]


def test_every_number_that_is_told_has_a_place() -> None:
    assert list(places({"a": {"b/c": 1, "d": None}, "e": [2]})) == ["", "/a", "/a/b~1c", "/e", "/e/0"]


@pytest.mark.parametrize("wrong", [{"k": 2}, {"half_life_days": 0}, {"damping": 1.0}, {"tie_month": 1.5}])
def test_a_policy_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"at least|must be|below one"):
        Policy(**wrong)


def test_every_knob_is_in_the_digest() -> None:
    assert Policy().digest == Policy().digest
    assert len({policy.digest for policy in (Policy(), Policy(gap_days=61), Policy(rates_from=12))}) == 3


def test_columns_are_of_one_length() -> None:
    members = Members.of([(0, 1, 0), (2, 3, 1)])
    with pytest.raises(ValueError, match="different lengths"):
        Members(members.joined, members.left[:1], members.counted)
    with pytest.raises(ValueError, match="as many ids"):
        Facts((), members)


@pytest.mark.parametrize("people", [20, 49, 50, 60, 120, 499, 500, 2_000, 4_999, 5_000, 20_000])
def test_unevenness_does_not_tell_how_many_people_there_are(people: int) -> None:
    exact = 0.8
    said = fine([exact, exact * people / (people - 1)], people)
    possible = [n for n in range(people - 10, people + 11) if fine([exact, exact * n / (n - 1)], people) == said]
    assert len(possible) > 5
