"""From what was computed to what may be told."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from app.metrics.differencing import Counter, Ledger, Other
from hypothesis import given
from hypothesis import strategies as some

from app.metrics import periods
from app.metrics.facts import Facts, Members
from app.metrics.metric import Found, Method, Metric, digits, ledger, tell
from app.metrics.periods import Kind, Window, parse
from app.metrics.policy import Policy
from app.metrics.results import Reason, Result, canonical, rounded
from app.metrics.telling import (
    Adds,
    AllOrNone,
    AtLeast,
    Chain,
    Follows,
    Heads,
    Json,
    Rests,
    Share,
    Sides,
    Split,
    Teller,
    Tree,
    places,
)

OCTOBER = parse("2026-10")
METHOD = Method("what", "how", "misleads", ("source",))
METRIC = Metric("P0", "example", 1, METHOD, lambda *_: Found(0))


def many(since: int, until: int) -> int:
    return 99


def told(tree: Tree, k: int = 5) -> Json:
    return Teller(k, OCTOBER).tell(tree)


def result(found: Found, window: Window = OCTOBER, before: list[Result] | None = None) -> Result:
    return tell(METRIC, found, window, Policy(), ledger(before or []))


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (Share(7, 13), 0.5),
        (Share(3, 8), None),
        (Share(15, 18), None),
        (Share(0, 9), 0.0),
        (Share(9, 9), 1.0),
        (Share(0, 4), None),
        (Share(30, 80), 0.38),
        (Share(30, 80, lambda share: 10 * share), 3.8),
        (Sides(0.123, (0, 5)), 0.123),
        (Sides(0.123, (9, 4)), None),
        (Heads(5), 5),
        (Heads(4), None),
        (Heads(0), 0),
        (Rests(0.123, 5), 0.123),
        (Rests(0.123, 4), None),
        (AtLeast(18), 15),
        (AtLeast(4), None),
        (AtLeast(0), 0),
        (Adds(40, 5, many), 40),
        (Adds(40, 4, many), None),
        (Adds(0, 0, many), 0),
        (AllOrNone({"a": Heads(9), "b": Heads(5)}), {"a": 9, "b": 5}),
        (AllOrNone({"a": Heads(9), "b": Heads(4)}), {"a": None, "b": None}),
        ({"a": [Heads(4), 7, "text", None, True]}, {"a": [None, 7, "text", None, True]}),
    ],
)
def test_what_rests_on_few_is_not_told(tree: Tree, expected: Json) -> None:
    assert told(tree) == expected


def split(sizes: Mapping[str, int], **how: Any) -> Split:
    def of(names: Collection[str]) -> Mapping[str, Json]:
        return {"people": sum(sizes[name] for name in names)}

    return Split(sizes, of, **how)


def test_groups_are_told_so_that_none_can_be_subtracted() -> None:
    assert told(split({"core": 12, "active": 7, "new": 3})) == {
        "groups": {"core": {"people": 12}},
        "other": {"people": 10},
    }


@pytest.mark.parametrize(
    ("sizes", "groups", "other"),
    [
        ((90, 0, 9, 1), "none consume", 10),
        ((20, 9, 9, 9), "none consume respond create", None),
        ((20, 9, 9, 0), "none consume respond create", None),
        ((20, 4, 9, 9), "none", 22),
        ((20, 20, 2, 2), "none", 24),
        ((4, 20, 20, 20), "", 64),
        ((20, 3, 0, 0), "", 23),
        ((60, 0, 0, 0), "none consume respond create", None),
    ],
)
def test_what_is_known_of_those_who_follow_gives_no_group_away(
    sizes: tuple[int, ...], groups: str, other: int | None
) -> None:
    """How many were active, and how many contributed, stands beside it."""
    named = dict(zip(("none", "consume", "respond", "create"), sizes, strict=True))
    found = told(Chain(named, lambda names: {"people": sum(named[name] for name in names)}))
    assert isinstance(found, dict)
    assert found["groups"] == {name: {"people": named[name]} for name in groups.split()}
    assert found.get("other") == (None if other is None else {"people": other})


def test_where_names_themselves_tell_they_are_not_named() -> None:
    teller = Teller(5, OCTOBER)
    teller.tell({"employers": split({"A/B": 12, "C": 7, "D": 3}, named=False)})
    assert teller.withheld == ["/employers/groups"]
    teller = Teller(5, OCTOBER)
    teller.tell({"types": split({"A/B": 2, "C": 7, "D": 30})})
    assert teller.withheld == ["/types/groups/A~1B", "/types/groups/C"]


def test_of_fewer_than_k_even_the_number_is_not_told() -> None:
    assert result(Found(4, {"a": 1})) == Result(
        "P0", "example", 1, OCTOBER, None, 5, None, suppressed=True, reason=Reason.fewer_than_k
    )
    assert result(Found(0)).reason is Reason.nobody
    assert result(Found(7, None, Reason.undefined)).n == 5
    assert result(Found(5, {"a": 1})).value == {"a": 1}


def test_of_few_people_nothing_is_told_finely() -> None:
    for people, told in ((49, 0.12), (499, 0.12), (500, 0.123), (5_000, 0.1235)):
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


def quarter(counts: tuple[int, int, int]) -> list[Result]:
    """Months and then their quarter, as they are published one after the other."""

    def counted(since: int, until: int) -> int:
        months = zip(("2026-10", "2026-11", "2026-12"), counts, strict=True)
        return sum(count for name, count in months if since <= parse(name).seconds[0] < until)

    published: list[Result] = []
    for name, count in zip(("2026-10", "2026-11", "2026-12", "2026-Q4"), (*counts, sum(counts)), strict=True):
        whole = Adds(90 if name == "2026-Q4" else 30, 30, many)
        found = Found(
            60,
            {
                "joined": Adds(count, count, many, counted),
                "kinds": split(
                    {"a": count, "b": 30},
                    number="people",
                    adds={"a": Adds(count, 9, many, counted), "b": whole}.__getitem__,
                ),
            },
        )
        published.append(result(found, parse(name), published))
    return published


def test_the_quarter_does_not_give_away_the_month_that_was_withheld() -> None:
    joined = [told.value["joined"] for told in quarter((7, 6, 3))]  # type: ignore[index,call-overload]
    assert joined == [7, 6, None, None]
    assert [told.value["joined"] for told in quarter((7, 2, 3))] == [7, None, None, 12]  # type: ignore[index,call-overload]
    assert [told.value["joined"] for told in quarter((7, 6, 5))] == [7, 6, 5, 18]  # type: ignore[index,call-overload]


def test_nor_does_its_mean_by_day() -> None:
    published: list[Result] = []
    for name, people in (("2026-10", 7), ("2026-11", 6), ("2026-12", 3), ("2026-Q4", 9)):
        days = Adds(3 * people, people, many)
        tree: Tree = {"days": days, "mean": Follows("/days", days, lambda count: count / 30)}
        published.append(result(Found(60, tree), parse(name), published))
    assert [told.withheld for told in published] == [(), (), ("/days", "/mean"), ("/days", "/mean")]


def test_nor_does_a_group_of_the_quarter() -> None:
    *_, december, whole = (told.value["kinds"] for told in quarter((7, 6, 3)))  # type: ignore[index,call-overload]
    assert december == {"groups": {}, "other": {"people": 33}}
    assert whole == {"groups": {}, "other": None}


def test_what_is_left_of_a_month_after_its_weeks_is_not_told_of_few() -> None:
    """June 2026 begins on a Monday, so that two days are left after four weeks."""
    left = parse("2026-W26").seconds[1]

    def told_of(left_over: int) -> list[Json]:
        def between(since: int, until: int) -> int:
            return left_over if since >= left else 8

        published: list[Result] = []
        for name, count in zip(
            ("2026-W23", "2026-W24", "2026-W25", "2026-W26", "2026-06"), (8, 8, 8, 8, 32), strict=True
        ):
            joined = Adds(count, count, between) if name != "2026-06" else Adds(32 + left_over, 32, between)
            published.append(result(Found(60, {"joined": joined}), parse(name), published))
        return [each.value["joined"] for each in published]  # type: ignore[index,call-overload]

    assert told_of(2) == [8, 8, 8, 8, None]
    assert told_of(0) == [8, 8, 8, 8, 32]
    assert told_of(6) == [8, 8, 8, 8, 38]


def test_a_window_in_which_nobody_came_joins_every_instant_within() -> None:
    """Nobody came from the end of September to the fourth of October, so the weeks and the month meet."""
    weeks, october = [f"2026-W{number}" for number in (40, 41, 42, 43, 44)], "2026-10"
    last = parse("2026-W43").seconds[1]

    def told_of(first_week: int) -> Json:
        def between(since: int, until: int) -> int:
            return first_week if until <= parse(weeks[0]).seconds[1] else 2 if since >= last else 8

        published: list[Result] = []
        for name in (*weeks[:-1], october):
            count = between(*parse(name).seconds)
            published.append(result(Found(60, {"joined": Adds(count, count, between)}), parse(name), published))
        return published[-1].value["joined"]  # type: ignore[index,call-overload]

    assert told_of(8) == 3 * 8 + 8 + 2
    assert told_of(0) is None


def test_groups_are_told_of_one_length_of_periods_once_any_is_hidden() -> None:
    def told_of(*counts: int) -> list[bool]:
        published: list[Result] = []
        for name, count in zip(("2026-W40", "2026-10", "2026-11", "2026-12", "2026-Q4"), counts, strict=True):
            sizes = {"a": count, "b": 30, "c": 20} if name != "2026-Q4" else {"a": count, "b": 90, "c": 60}
            adding = {each: Adds(size, size, many) for each, size in sizes.items()}
            groups = split(sizes, number="people", adds=adding.__getitem__)
            published.append(result(Found(90, {"kinds": groups}), parse(name), published))
        return [bool(each.value["kinds"]["groups"]) for each in published]  # type: ignore[index,call-overload]

    assert told_of(9, 9, 9, 9, 27) == [False, True, True, True, True]
    assert told_of(9, 9, 3, 9, 21) == [False, True, True, True, False]


def test_a_sum_that_is_withheld_is_not_told_by_its_groups() -> None:
    whole = Adds(90, 4, many)
    groups = split({"a": 50, "b": 40}, adds=lambda _: Adds(45, 9, many))
    assert told({"all": whole, "kinds": replace(groups, whole=("/all", whole))}) == {
        "all": None,
        "kinds": {"groups": {}, "other": None},
    }


def test_on_how_many_it_rests_is_told_in_steps_so_that_figures_do_not_differ_by_few() -> None:
    assert [result(Found(people, {"a": 1})).n for people in (10, 14, 15, 19, 61)] == [10, 10, 15, 15, 60]


def derivable(windows: list[Window], hidden: Window) -> bool:
    """By brute force: whether sums and differences of these windows make the hidden one."""
    reached = {hidden.start}
    for _ in windows:
        reached |= {one.end for one in windows if one.start in reached}
        reached |= {one.start for one in windows if one.end in reached}
    return hidden.end in reached


@given(some.integers(0, 2**32), some.sampled_from([0.02, 0.1, 0.2, 0.5]))
def test_no_window_can_be_computed_from_all_others_that_are_published(seed: int, a_day: float) -> None:
    """Eight months of days on which people join, in weeks, months and quarters: whoever keeps everything subtracts."""
    start = parse("2026-06").start  # a Monday, as the end is: weeks and months meet there
    span = Window(start, parse("2027-01").end)
    joined = np.random.Generator(np.random.PCG64(seed)).poisson(a_day, span.days)
    every = sorted(
        (one for kind in Kind for one in periods.within(kind, span)), key=lambda one: (one.end, one.end - one.start)
    )

    def between(since: int, until: int) -> int:
        first, last = ((each - start.timestamp()) // 86_400 for each in (since, until))
        return int(joined[int(first) : int(last)].sum())

    others: list[Other] = []
    for window in every:
        count = between(*window.seconds)
        told = Ledger(tuple(others)).tells("/joined", window, Counter(count, between, between), k=5)
        assert told in {None, count}, "nothing changed, so sums of parts are what is counted now"
        if told is None or 0 < count < 5:
            others.append(Other(window, withheld=frozenset({"/joined"})))
        else:
            empty = frozenset({"/joined"} if count == 0 else ())
            others.append(Other(window, frozenset({"/joined"}), empty=empty, numbers={"/joined": count}))
    shown, hidden = ([one.window for one in others if one.hides("/joined") is hides] for hides in (False, True))
    assert not any(derivable(shown, window) for window in hidden)


def test_what_was_told_of_its_parts_stays_told() -> None:
    """Somebody is not counted any more when October and November are out: their five of each month stay in both."""

    def of(people: int, each: int) -> Adds:
        months = {parse(f"2026-{month}").seconds: each for month in (10, 11, 12)}

        def many(since: int, until: int) -> int:
            return sum(count for (start, end), count in months.items() if since <= start and end <= until)

        return Adds(0, people, lambda since, until: people, many)

    published: list[Result] = []
    for name, people, each in (("2026-10", 8, 40), ("2026-11", 8, 40), ("2026-12", 7, 35), ("2026-Q4", 7, 35)):
        adds, window = of(people, each), parse(name)
        counted = replace(adds, count=adds.counter.many(*window.seconds))
        kinds = split({"a": 8, "b": 9}, adds={"a": counted, "b": counted}.__getitem__, whole=("/made", counted))
        published.append(result(Found(60, {"made": counted, "kinds": kinds}), window, published))
    values: list[Any] = [each.value for each in published]
    assert [value["made"] for value in values] == [40, 40, 35, 115]
    assert [bool(value["kinds"]["groups"]) for value in values] == [True, True, True, False]


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
        Members(members.joined, members.left[:1], members.steward)
    with pytest.raises(ValueError, match="as many ids"):
        Facts((), members)


@pytest.mark.parametrize("people", [50, 60, 120, 499, 500, 2_000, 4_999, 5_000, 20_000])
def test_unevenness_does_not_tell_how_many_people_there_are(people: int) -> None:
    exact = 0.8
    corrected = exact * people / (people - 1)
    told = [round(each, digits(people)) for each in (exact, corrected)]
    possible = [n for n in range(people - 10, people + 11) if round(told[0] * n / (n - 1), digits(people)) == told[1]]
    assert len(possible) > 5
