"""What a wave comes to: decided over plain values."""

from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.surveys.comparing import compared
from app.surveys.counting import Ballot, results
from app.surveys.rules import Instrument
from tests.app.surveys.polls import OPTIONS, THREE

INVITED = 430


def column(*of_4321: int) -> list[int]:
    """So many took the fourth option, the third, the second, the first."""
    return [option for option, count in zip((4, 3, 2, 1), of_4321, strict=True) for _ in range(count)]


def ballots(*columns: list[int], **more: Any) -> list[Ballot]:
    return [Ballot(options, **more) for options in zip(*columns, strict=True)]


def told(*columns: list[int], instrument: dict[str, Any] = THREE, k: int = 5) -> dict[str, Any]:
    asked = Instrument.model_validate(instrument)
    return results(asked, ballots(*columns), invited=INVITED, k=k, by_affiliation=False)


def asking(count: int, *, elements: int = 1, options: int = 4, **more: Any) -> dict[str, Any]:
    """An instrument of so many questions."""
    questions = [{"key": f"q{n}", "element": f"e{n % elements}", "text": f"The {n}th question?"} for n in range(count)]
    return THREE | {"questions": questions, "options": [f"Option {n}" for n in range(options)]} | more


def test_three_published_charts_come_out_exactly() -> None:
    """Of a community's birthday survey: 60/35/5/0, 40/45/15/0 and 50/50/0/0 percent, of 20 people at least."""
    found = told(column(12, 7, 1, 0), column(8, 9, 3, 0), column(10, 10, 0, 0))
    figures = [
        (one["mean"], one["mean_from_zero"], one["percent_of_max"], one["top_two"], one["top_two_interval"])
        for one in found["items"]
    ]
    assert figures == [
        (3.55, 2.55, 85.0, 0.95, [0.764, 0.991]),
        (3.25, 2.25, 75.0, 0.85, [0.640, 0.948]),
        (3.50, 2.50, 83.3, 1.0, [0.839, 1.0]),
    ]
    shares = [[option["share"] for option in one["distribution"]][::-1] for one in found["items"]]
    assert shares == [[0.60, 0.35, 0.05, 0.0], [0.40, 0.45, 0.15, 0.0], [0.50, 0.50, 0.0, 0.0]]
    assert (found["n"], found["invited"], found["response_rate"]) == (20, 430, 0.047)
    assert found["withheld"] == []


def test_elements_are_sums_from_zero_on() -> None:
    """24 questions in four elements, all answered by the third of four options: 12 of 18 each, and 48 of 72."""
    found = told(*[[3] * 10] * 24, instrument=asking(24, elements=4))
    assert [(one["score"], one["maximum"], one["items"]) for one in found["elements"]] == [(12, 18, 6)] * 4
    assert (found["total"]["score"], found["total"]["maximum"]) == (48, 72)
    assert found["total"]["percent_of_max"] == 66.7


def test_how_much_it_matters_is_told_beside_the_score_and_changes_none() -> None:
    importance = {"text": "Does it matter?", "options": [f"Degree {n}" for n in range(6)]}
    instrument = Instrument.model_validate(THREE | {"importance": importance})
    options = list(zip(column(12, 7, 1, 0), column(8, 9, 3, 0), column(10, 10, 0, 0), strict=True))
    least, most = (
        results(instrument, [Ballot(each, importance=n) for each in options], invited=20, k=5, by_affiliation=False)
        for n in (1, 6)
    )
    assert (least["importance"]["mean"], most["importance"]["mean"]) == (1, 6)
    assert least["total"] == most["total"]
    assert least["elements"] == most["elements"]


def test_alpha_is_told_of_ten_people_and_three_questions_on() -> None:
    matrix = [[3, 3, 2], [2, 2, 2], [1, 2, 1], [3, 2, 3], [0, 1, 0]] * 2
    columns = [[score + 1 for score in each] for each in zip(*matrix, strict=True)]
    found = told(*columns, instrument=asking(3))
    assert found["total"]["alpha"] == 0.9, "0.9034 in the books"
    assert told(*[each[:9] for each in columns], instrument=asking(3))["total"]["alpha"] is None
    assert told(*columns[:2], instrument=asking(2))["total"]["alpha"] is None
    assert told(*[[3] * 10] * 3, instrument=asking(3))["total"]["alpha"] is None, "all alike: it does not exist"


def test_alpha_is_not_told_where_it_leaves_few_people_out() -> None:
    columns = [[1, 2, 3, 4] * 4, [2, 2, 3, 4] * 4, [1, 2, 4, 4] * 4]
    assert told(*columns, instrument=asking(3))["total"]["alpha"] is not None
    one_left_out = [[0, *columns[0][1:]], *columns[1:]]
    assert told(*one_left_out, instrument=asking(3))["total"]["alpha"] is None
    five_left_out = [[0] * 5 + columns[0][5:], *columns[1:]]
    assert told(*five_left_out, instrument=asking(3))["total"]["alpha"] is not None


def test_whoever_leaves_one_question_out_is_not_found_by_subtraction() -> None:
    """Sums over those who answered all, beside the sums of each question, would tell what the one answered."""
    columns = [[4] * 9 + [1], [4] * 9 + [2], [4] * 9 + [0]]
    element = told(*columns, instrument=asking(3))["elements"][0]
    items = told(*columns, instrument=asking(3))["items"]
    assert element["score"] == round(sum(one["mean_from_zero"] for one in items), 2), "it is known already"


def test_what_too_few_answered_is_withheld_and_named() -> None:
    found = told(column(4, 2, 0, 0), [3, 3, 3, 3, 0, 0], [0] * 6)
    shown, few, none = found["items"]
    assert (shown["suppressed"], few["suppressed"], none["suppressed"]) == (False, True, True)
    assert (few["n"], few["mean"], few["distribution"], few["top_two"]) == (None, None, None, None)
    assert found["withheld"] == [
        {"what": "glad", "reason": "fewer than 5 answered it"},
        {"what": "reach", "reason": "fewer than 5 answered it"},
        {"what": "needs", "reason": "a question of it is withheld"},
        {"what": "influence", "reason": "a question of it is withheld"},
        {"what": "total", "reason": "a question of it is withheld"},
    ]


def test_four_answers_to_a_pulse_are_not_told_nor_that_they_are_four() -> None:
    found = told([4, 4, 4, 4], instrument=asking(1))
    assert found["items"][0]["suppressed"]
    assert (found["n"], found["response_rate"]) == (None, None)
    assert found == told([1], instrument=asking(1)) == told([], instrument=asking(1)), "whoever guesses finds nothing"


def test_nobody_asked_and_nobody_answering_have_results_too() -> None:
    instrument = Instrument.model_validate(THREE)
    for invited in (0, 12):
        found = results(instrument, [], invited=invited, k=5, by_affiliation=True)
        assert (found["n"], found["response_rate"]) == (None, None)
        assert all(one["suppressed"] for one in found["items"])
        assert found["by_affiliation"] == []


def test_of_two_or_three_options_there_is_no_top() -> None:
    for options in (2, 3):
        [item] = told([1, 2, 2, 2, 1], instrument=asking(1, options=options))["items"]
        assert (item["top_two"], item["top_two_interval"]) == (None, None)


def test_an_odd_scale_is_counted_like_any_other() -> None:
    [item] = told([5, 4, 3, 4, 4], instrument=asking(1, options=5, kind="neutral_point"))["items"]
    assert (item["mean"], item["percent_of_max"], item["top_two"]) == (4.0, 75.0, 0.8)


GROUPS = {"Harbour": 12, "Mill": 7, "Tower": 3}


def by_affiliation(groups: dict[str, list[int]], k: int = 5) -> list[dict[str, Any]]:
    given = [Ballot((option,), affiliation=name) for name, options in groups.items() for option in options]
    instrument = Instrument.model_validate(asking(1))
    found = results(instrument, given, invited=INVITED, k=k, by_affiliation=True)
    groups_of: list[dict[str, Any]] = found["by_affiliation"]
    return groups_of


def test_a_small_affiliation_is_hidden_with_another_so_that_nothing_can_be_subtracted() -> None:
    [found] = by_affiliation({name: [3] * count for name, count in GROUPS.items()})
    assert found["groups"] == [{"affiliation": "Harbour", "n": 12, "mean": 3.0}]
    assert found["others"] == {"n": 10, "mean": 3.0}


@given(
    st.dictionaries(st.sampled_from(["", "A", "B", "C", "D"]), st.lists(st.integers(1, 4), max_size=9), max_size=5),
    st.integers(3, 6),
)
def test_no_sum_and_no_difference_of_what_is_told_is_of_fewer_than_k(groups: dict[str, list[int]], k: int) -> None:
    for found in by_affiliation(groups, k):
        sizes = [group["n"] for group in found["groups"]] + ([found["others"]["n"]] if found["others"] else [])
        whole = sum(len(options) for options in groups.values())
        assert sum(sizes) == whole
        assert all(size >= k for size in sizes)
        for count in range(1, len(sizes)):
            assert all(whole - sum(some) >= k for some in combinations(sizes, count))


@given(st.lists(st.tuples(*[st.integers(0, 4)] * 3), max_size=14), st.integers(3, 6))
def test_everything_is_told_or_withheld_with_a_reason(rows: list[tuple[int, ...]], k: int) -> None:
    given = [Ballot(row) for row in rows]
    found = results(Instrument.model_validate(THREE), given, invited=INVITED, k=k, by_affiliation=False)
    scores = [*found["items"], *found["elements"], found["total"]]
    assert {one["what"] for one in found["withheld"]} == {one["key"] for one in scores if one["suppressed"]}
    for place, item in enumerate(found["items"]):
        n = sum(1 for row in rows if row[place])
        assert item["suppressed"] is (n < k)
        assert bool(item["reason"]) is item["suppressed"]
        if not item["suppressed"]:
            assert sum(option["n"] for option in item["distribution"]) == item["n"] == n
            assert 1 <= item["mean"] <= 4
            assert item["top_two_interval"][0] <= item["top_two"] + 0.005


def test_the_order_of_answers_changes_nothing() -> None:
    rows = [Ballot((option, 5 - option, 2), affiliation=name) for option in (1, 2, 3, 4) for name in ("A", "B", "")]
    instrument = Instrument.model_validate(THREE)
    one, other = (results(instrument, each, invited=12, k=3, by_affiliation=True) for each in (rows, rows[::-1]))
    assert one == other


def test_two_waves_are_compared_where_the_words_are_the_same() -> None:
    before = told(column(4, 4, 2, 0), column(4, 4, 2, 0), [0] * 10)
    words = [each | ({"text": "I go home happy."} if each["key"] == "glad" else {}) for each in THREE["questions"]]
    added = {"key": "tea", "element": "needs", "text": "There is enough tea."}
    later = told(*[column(9, 1, 0, 0)] * 4, instrument=THREE | {"questions": [*words, added]})
    found = {one["key"]: one for one in compared(before, later)}
    assert (found["trust"]["change"], found["trust"]["earlier"]["mean"], found["trust"]["later"]["n"]) == (0.7, 3.2, 10)
    reasons = {key: one["reason"] for key, one in found.items() if not one["comparable"]}
    assert reasons == {
        "glad": "it was asked in other words",
        "reach": "it is withheld in one of the two",
        "tea": "it was asked in one of the two only",
    }
    assert all(one["change"] is None and one["later"] is None for one in found.values() if not one["comparable"])


@pytest.mark.parametrize("k", [0, 1, 2])
def test_nobody_is_told_of_in_twos(k: int) -> None:
    with pytest.raises(ValueError, match="at least 3"):
        told(column(4, 4, 2, 0), column(4, 4, 2, 0), [3] * 10, k=k)


def test_options_are_named_as_they_were_asked() -> None:
    [item, *_] = told(*[column(4, 4, 2, 0)] * 3)["items"]
    assert [option["label"] for option in item["distribution"]] == OPTIONS
