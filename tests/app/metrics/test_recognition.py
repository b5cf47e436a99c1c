"""What is recognised, by whom, how fairly, and what follows."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from app.metrics.facts import Spells
from app.metrics.periods import parse
from app.metrics.recognising import unsung_by_person
from app.metrics.recognition import METRICS
from app.metrics.results import Reason
from tests.app.metrics import hamlet as written
from tests.app.metrics.hamlet import (
    ATTENDING,
    HOSTING,
    OCTOBER,
    SUPPORTING,
    THREE,
    TO_OCTOBER,
    WELCOMING,
    at,
    cites,
    decisions,
    hamlet,
)

NEVER = 10.0**6
figure, value = partial(written.figure, METRICS), partial(written.value, METRICS)


def worked(counts: dict[int, int], *, kind: int = SUPPORTING, day: float = 1) -> list[tuple[int, float, int]]:
    """So many contributions by each."""
    return [(who, day, kind) for who, count in counts.items() for _ in range(count)]


def test_recognitions_count_when_they_were_accepted_and_while_they_stand() -> None:
    recognised = [(who, (9,), 5.0) for who in range(4)] + [(0, (9,), 31.0), (1, (9,), -0.01)]
    told = value("R0", hamlet(12, recognised=recognised))
    assert (told["accepted"], told["refused"], told["issued"]) == (4, 0, 4)
    assert told["kinds"]["groups"]["supporting"] == {"recognitions": 4, "people": 4}
    assert told["kinds"]["by_depth"] == {"respond": 4}
    assert told["paths"]["groups"]["nomination"] == {"recognitions": 4, "people": 4}


def test_what_recognises_no_type_is_a_group_too() -> None:
    facts = hamlet(20, recognised=[(who, (19,), 5.0) for who in range(9)])
    facts.recognitions.kind[:3] = -1
    told = value("R0", facts)
    assert told["accepted"] == 9
    assert {name: each["people"] for name, each in told["kinds"]["groups"].items() if each["people"]} == {
        "supporting": 6,
        "": 3,
    }
    facts.recognitions.kind[2] = SUPPORTING
    hidden = value("R0", facts)["kinds"]
    assert hidden["groups"] == {}
    assert hidden["other"] == {"recognitions": 9, "people": 9}


def test_many_recognitions_of_few_people_are_few() -> None:
    recognised = [(who, (9,), day) for who in range(2) for day in range(20)]
    result = figure("R0", hamlet(12, recognised=recognised))
    assert result.suppressed
    assert (result.n, result.value, result.reason) == (None, None, Reason.fewer_than_k)


def test_one_of_four_has_most_of_the_recognition() -> None:
    acts = worked(dict.fromkeys(range(12), 3))
    facts = hamlet(13, acts=acts, recognised=[(who, (12,), day) for who in range(3) for day in range(4)])
    assert value("R1", facts) == {"gini": 0.75, "corrected": 0.82}
    one = hamlet(13, acts=acts, recognised=[(0, (12,), day) for day in range(4)])
    assert value("R1", one) == {"gini": None, "corrected": None}, "which would say that it was one"
    assert figure("R1", hamlet(9, acts=worked({0: 1, 1: 1, 2: 1}))).reason is Reason.nothing_happened


def test_two_of_three_who_did_much_were_recognised() -> None:
    acts = worked({who: (40, 30, 20, 10)[who % 4] for who in range(12)})
    given = [(who, (12,), (2.0, -300.0, -400.0)[who % 4]) for who in range(12) if who % 4 < 3]
    facts = hamlet(13, acts=acts, recognised=given)
    assert value("R2", facts, TO_OCTOBER) == {"covered": 0.75, "least_contributions": 20}, "in quarters, of so few"


def test_the_unsung_are_counted_and_nobody_says_who_they_are() -> None:
    acts = worked({0: 40, 1: 30, 2: 20, 3: 10} | dict.fromkeys(range(4, 7), 20) | {7: 40})
    facts = hamlet(10, acts=acts, recognised=[(who, (9,), 2.0) for who in [0] * 20 + [1] * 15 + [7] * 20])
    assert value("R3", facts) == {"unsung": 5, "share": 0.5}
    done, found = unsung_by_person(facts, OCTOBER)
    assert done[:4].tolist() == [40, 30, 20, 10]
    assert found.expected[:4] == pytest.approx(np.array([40, 30, 20, 10]) * 55 / 200)


def test_newcomers_have_less_recognition_than_their_part_of_the_work() -> None:
    """Three newcomers do thirty of a hundred things and get twelve of a hundred recognitions."""
    joined = [-10.0] * 3
    acts = worked({0: 10, 1: 10, 2: 10, 3: 30, 4: 20, 5: 20})
    recognised = [(who, (9,), 5.0) for who in range(3) for _ in range(4)] + [(3, (9,), 5.0)] * 88
    assert value("R4", hamlet(10, joined=joined, acts=acts, recognised=recognised))["parity"] == 0.4


def test_whoever_did_much_before_they_joined_is_no_newcomer() -> None:
    acts = worked({0: 10, 1: 10, 2: 10, 3: 30, 4: 20, 5: 20}) + worked({3: 1, 4: 1, 5: 1}, day=-400)
    recognised = [(who, (9,), 5.0) for who in range(3) for _ in range(4)] + [(3, (9,), 5.0)] * 88
    facts = hamlet(10, joined=[-10.0] * 6, acts=acts, recognised=recognised)
    assert value("R4", facts)["parity"] == 0.4


def test_whoever_is_not_recognised_yet_still_waits() -> None:
    acts = worked(dict.fromkeys(range(15), 1), day=-20)
    recognised = [(3 * who + copy, (20,), day - 20.0) for who, day in ((0, 2), (1, 5), (2, 9)) for copy in range(3)]
    told = value("R5", hamlet(21, acts=acts, recognised=recognised, left=[NEVER] * 12 + [-15] * 3), TO_OCTOBER)
    assert told == {"median_days": 9, "still_waiting": 0.4}


def test_recognised_before_is_likelier_to_be_recognised_now() -> None:
    acts = worked(dict.fromkeys(range(40), 1))
    recognised = [(who, (50,), -100.0) for who in range(10)] + [
        (who, (50,), 3.0) for who in (0, 1, 2, 3, 4, 5, 20, 21, 22)
    ]
    assert value("R6", hamlet(60, acts=acts, recognised=recognised))["ratio"] == 6.0


def test_types_are_as_even_as_the_worked_example() -> None:
    facts = hamlet(40, recognised=[(who, (39,), 1.0) for who in range(32)])
    kinds = np.repeat([ATTENDING, SUPPORTING, WELCOMING, HOSTING], [16, 8, 4, 4])
    facts.recognitions.kind[:] = kinds
    told = value("R7", facts)["kinds"]
    assert told["evenness"] == 0.88  # 0.875, of fewer than fifty people
    assert told["care_share"] == 0.25


def test_who_gives_is_counted_once_however_much_they_give() -> None:
    acts = worked(dict.fromkeys(range(8), 1))
    recognised = [(7, (0, 1), 1.0), (7, (0, 2), 2.0), (6, (0, 3), 3.0)]
    told = value("R8", hamlet(12, acts=acts, recognised=recognised))
    assert told["givers"] == 0.5
    assert told["gini_of_giving"] == 0.62  # 3, 1, 1, 1 and four nothings


def test_the_school_has_more_of_the_recognition_than_of_the_work() -> None:
    belongs = [*((who, 0) for who in range(5)), *((who, 1) for who in range(5, 10))]
    acts = worked(dict.fromkeys(range(10), 1))
    recognised = [(who, (12,), 1.0) for who in range(5) for _ in range(4)] + [(5, (12,), 1.0)] * 5
    told = value("R9", hamlet(15, acts=acts, belongs=belongs, recognised=recognised))["affiliations"]["groups"]
    assert told["Tall Tree School"] == {"recognition_share": 0.8, "contribution_share": 0.5, "parity": 1.6}
    assert told["Harbour Library"]["parity"] == 0.4


def nominated(newcomers: int, of_them: int, others: int, of_others: int) -> list[tuple[int, float, float, bool]]:
    """So many newcomers approved of so many, and others: persons from 0 and from 50."""
    new = [(who, 1.0, 3.0, who < newcomers) for who in range(of_them)]
    return new + [(50 + who, 1.0, 11.0, who < others) for who in range(of_others)]


def test_newcomers_who_are_approved_half_as_often_are_worth_a_look() -> None:
    joined = [-10.0] * 50
    facts = hamlet(100, joined=joined, decisions=decisions(*nominated(8, 20, 16, 20)))
    told = value("R10", facts)["tenure"]
    assert told["verdict"] == "look"
    assert told["ratio"] == 0.5
    assert told["groups"]["newcomers"]["approved"] == 8
    assert told["groups"]["newcomers"]["median_days"] == 2
    assert told["groups"]["others"]["interval"] == [0.58, 0.92]
    few = hamlet(100, joined=joined, decisions=decisions(*nominated(4, 10, 8, 10)))
    assert value("R10", few)["tenure"]["verdict"] == "insufficient"


def test_a_small_group_does_not_keep_two_large_ones_from_being_compared() -> None:
    small = [(80 + who, 1.0, 5.0, False) for who in range(6)]
    belongs = [*((who, 0) for who in range(20)), *((50 + who, 1) for who in range(20))]
    facts = hamlet(100, belongs=belongs, decisions=decisions(*nominated(8, 20, 16, 20), *small))
    told = value("R10", facts)["affiliations"]
    assert told["groups"][""]["decided"] == 6, "of people who belong nowhere that is known"
    assert (told["verdict"], told["ratio"]) == ("look", 0.5)


def test_a_nominee_belongs_where_they_did_when_it_was_decided() -> None:
    moved = Spells.of(spell for who in range(6) for spell in ((who, 0, at(-99), at(2)), (who, 1, at(2), at(999))))
    facts = replace(hamlet(30, decisions=decisions(*((who, 0.0, 1.0, True) for who in range(6)))), belongs=moved)
    assert [*value("R10", facts)["affiliations"]["groups"]] == ["Tall Tree School"]


def test_a_group_of_two_nominees_is_not_compared() -> None:
    facts = hamlet(100, joined=[-10.0] * 50, decisions=decisions(*nominated(0, 2, 16, 20)))
    told = value("R10", facts)["tenure"]
    assert told["groups"] == {}
    assert told["verdict"] == "insufficient"
    assert told["other"]["decided"] == 22


def test_what_followed_is_compared_with_people_like_them() -> None:
    """All slow down after a busy summer, recognised or not: told in December, when sixty days have passed."""
    summer = [
        (who, float(day), SUPPORTING)
        for who in range(40)
        for day in range(-80, -10)
        if (day + who) % (2 + who // 10) == 0
    ]
    recognised = [(who, (45,), day) for who in range(0, 40, 2) for day in (-5.0, -4.0)]
    december, policy = parse("2026-12"), replace(THREE, bootstrap_rounds=50)
    alike = value("R11", hamlet(50, acts=summer, recognised=recognised), december, policy)
    assert alike["matched"] == 20
    assert alike["raw_change"] < -5
    assert abs(alike["difference"]) < 0.5
    went_on = summer + [(who, float(day), SUPPORTING) for who in range(0, 40, 2) for day in range(10, 40)]
    spurred = value("R11", hamlet(50, acts=went_on, recognised=recognised), december, policy)
    assert spurred["difference"] > 10
    assert spurred["interval"][0] > 10
    assert figure("R11", hamlet(50, acts=summer, recognised=recognised), OCTOBER, policy).n == 0


def test_recognition_takes_as_long_as_since_the_last_thing_it_cites() -> None:
    acts = [(who, float(day), SUPPORTING) for who in range(4) for day in (1, 3)]
    facts = hamlet(
        9,
        acts=acts,
        recognised=[(who, (8,), 10.0) for who in range(4)],
        cites=cites(*((row, row) for row in range(4)), *((row, row + 4) for row in range(3))),
    )
    result = figure("R12", facts)
    assert (result.n, result.value) == (3, {"median_days": 7})


def test_half_of_the_ties_go_both_ways() -> None:
    recognised = [(1, (0,), 1.0), (0, (1,), 2.0), (2, (0,), 3.0), (3, (2,), 4.0), (1, (0,), 5.0), (1, (1,), 6.0)]
    facts = hamlet(9, recognised=recognised)
    assert value("C1", facts) == {"reciprocity": 0.5}
    assert value("C2", facts) == {"rho": 0.25}


@pytest.mark.parametrize("people", [0, 1, 2, 40])
@pytest.mark.parametrize("window", ["2026-10", "2026-W53", "2024"])
def test_of_nobody_or_nothing_every_figure_has_an_answer(people: int, window: str) -> None:
    for metric in METRICS:
        told = figure(metric.id, hamlet(people), parse(window))
        assert told.value is not None or told.reason is not None


def test_what_was_taken_back_does_not_count() -> None:
    facts = hamlet(12, recognised=[(who, (9,), 5.0) for who in range(4)])
    facts.recognitions.revoked[0] = written.at(8)
    assert value("R0", facts)["kinds"]["groups"]["supporting"]["recognitions"] == 3
