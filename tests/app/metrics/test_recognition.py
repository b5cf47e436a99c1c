"""What is recognised, by whom, how fairly, and what follows."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from app.metrics.facts import Facts, Spells
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
    alike,
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
    recognised = [(who, (9,), 5.0) for who in range(6)] + [(0, (9,), 31.0), (1, (9,), -0.01)]
    told = value("R0", hamlet(12, recognised=recognised))
    assert (told["accepted"], told["refused"], told["issued"]) == (6, None, 6)
    assert told["kinds"]["groups"] == {"supporting": {"recognitions": 6, "people": 6}}
    assert told["kinds"]["by_depth"] == {"consume": None, "create": None, "respond": 6}
    assert told["paths"]["groups"] == {"nomination": {"recognitions": 6, "people": 6}}


def test_what_recognises_no_type_is_a_group_too() -> None:
    facts = hamlet(20, recognised=[(who, (19,), 5.0) for who in range(9)])
    facts.recognitions.kind[:3] = -1
    told = value("R0", facts)
    assert told["accepted"] == 9
    six, three = ({"recognitions": people, "people": people} for people in (6, 3))
    assert told["kinds"]["groups"] == {"supporting": six, "": three}
    facts.recognitions.kind[2] = SUPPORTING
    few = value("R0", facts)["kinds"]
    assert (few["groups"], few["other"]) == ({"supporting": six}, None)


def test_many_recognitions_of_few_people_are_few() -> None:
    recognised = [(who, (9,), day) for who in range(2) for day in range(20)]
    result = figure("R0", hamlet(12, recognised=recognised))
    assert result.suppressed
    assert (result.n, result.value, result.reason) == (None, None, Reason.fewer_than_k)


def test_one_of_four_has_most_of_the_recognition() -> None:
    """Three of twelve have all of it, and sixty of two hundred and forty."""
    twelve = [(who, 1.0, SUPPORTING) for who in range(12) for _ in range(3)]
    given = [(who, (12,), day) for who in range(3) for day in range(4)]
    many = [(who, (240,), day) for who in range(60) for day in range(4)]
    assert value("R1", hamlet(241, acts=alike(20, twelve), recognised=many)) == {"gini": 0.75, "corrected": 0.75}
    assert value("R1", hamlet(13, acts=twelve, recognised=given)) == {"gini": 0.8, "corrected": 0.8}  # 0.82
    untold = {"gini": None, "corrected": None}
    one = hamlet(13, acts=twelve, recognised=[(0, (12,), day) for day in range(4)])
    assert value("R1", one) == untold, "which would say that it was one"
    assert value("R1", hamlet(13, acts=twelve)) == untold, "and of nobody no more"


def test_two_of_three_who_did_much_were_recognised() -> None:
    acts = worked({who: (40, 30, 20, 10)[who % 4] for who in range(12)})
    given = [(who, (12,), (2.0, -300.0, -400.0)[who % 4]) for who in range(12) if who % 4 < 3]
    facts = hamlet(13, acts=acts, recognised=given)
    assert value("R2", facts, TO_OCTOBER) == {"covered": 0.75, "least_contributions": 20}, "in quarters, of so few"


def test_the_unsung_are_counted_and_nobody_says_who_they_are() -> None:
    acts = worked({0: 40, 1: 30, 2: 20, 3: 10} | dict.fromkeys(range(4, 7), 20) | {7: 40})
    got = {0: 20, 1: 15, 7: 20}
    facts = hamlet(10, acts=acts, recognised=[(who, (9,), 2.0) for who, count in got.items() for _ in range(count)])
    done, found = unsung_by_person(facts, OCTOBER)
    assert done[:4].tolist() == [40, 30, 20, 10]
    assert found.expected[:4] == pytest.approx(np.array([40, 30, 20, 10]) * 55 / 200)
    times = [(4 * who + copy, (39,), 2.0) for who, count in got.items() for copy in range(4) for _ in range(count)]
    many = value("R3", hamlet(40, acts=alike(4, acts), recognised=times))
    assert many == {"unsung": 18, "share": 0.6}  # twenty of thirty-two, in tenths
    assert value("R3", facts) == {"unsung": 3, "share": 0.5}  # five of eight, in halves


NEW_AND_OLD = [(who, (9,), 5.0) for who in range(3) for _ in range(4)] + [(3 + n % 3, (9,), 5.0) for n in range(88)]
"""Three newcomers get twelve of a hundred recognitions."""


def test_newcomers_have_less_recognition_than_their_part_of_the_work() -> None:
    """They do thirty of a hundred things."""
    acts = worked({0: 10, 1: 10, 2: 10, 3: 30, 4: 20, 5: 20})
    joined = [-10.0] * 3
    assert value("R4", hamlet(10, joined=joined, acts=acts, recognised=NEW_AND_OLD))["parity"] == 0.4
    two = [each for each in NEW_AND_OLD if each[0] != 5]
    assert value("R4", hamlet(10, joined=joined, acts=acts, recognised=two))["parity"] is None, "two of the others"


def test_whoever_did_much_before_they_joined_is_no_newcomer() -> None:
    acts = worked({0: 10, 1: 10, 2: 10, 3: 30, 4: 20, 5: 20}) + worked({3: 1, 4: 1, 5: 1}, day=-400)
    facts = hamlet(10, joined=[-10.0] * 6, acts=acts, recognised=NEW_AND_OLD)
    assert value("R4", facts)["parity"] == 0.4


def test_whoever_is_not_recognised_yet_still_waits() -> None:
    """The worked example, each person ten times: 2, 5, 5+, 9, 20+ days."""
    acts = worked(dict.fromkeys(range(50), 1), day=-20)
    recognised = [(10 * who + copy, (55,), day - 20.0) for who, day in ((0, 2), (1, 5), (2, 9)) for copy in range(10)]
    facts = hamlet(60, acts=acts, recognised=recognised, left=[NEVER] * 40 + [-15] * 10)
    assert value("R5", facts, TO_OCTOBER) == {"median_days": 9, "still_waiting": 0.4}


def test_recognised_before_is_likelier_to_be_recognised_now() -> None:
    acts = worked(dict.fromkeys(range(40), 1))
    recognised = [(who, (50,), -100.0) for who in range(10)] + [
        (who, (50,), 3.0) for who in (0, 1, 2, 3, 4, 5, 20, 21, 22)
    ]
    assert value("R6", hamlet(60, acts=acts, recognised=recognised))["ratio"] == 6.0


def test_types_are_as_even_as_the_worked_example() -> None:
    facts = hamlet(700, recognised=[(who, (699,), 1.0) for who in range(640)])
    facts.recognitions.kind[:] = np.repeat([ATTENDING, SUPPORTING, WELCOMING, HOSTING], [320, 160, 80, 80])
    told = value("R7", facts)["kinds"]
    assert (told["evenness"], told["care_share"]) == (0.88, 0.25)  # 0.875


def test_who_gives_is_counted_once_however_much_they_give() -> None:
    def facts(copies: int) -> Facts:
        given = [
            (who, tuple(copies * giver + copy for giver in (0, also)), float(8 - who))
            for who, also in ((7, 1), (7, 2), (6, 3))
            for copy in range(copies)
        ]
        given = [(copies * who + n % copies, givers, day) for n, (who, givers, day) in enumerate(given)]
        return hamlet(12 * copies, acts=worked(dict.fromkeys(range(8 * copies), 1)), recognised=given)

    assert value("R8", facts(1)) == {"givers": 0.5, "gini_of_giving": 0.6}
    assert value("R8", facts(130))["gini_of_giving"] == 0.625, "as of 3, 1, 1, 1 and four nothings"


def test_the_school_has_more_of_the_recognition_than_of_the_work() -> None:
    belongs = [*((who, 0) for who in range(5)), *((who, 1) for who in range(5, 10))]
    acts = worked(dict.fromkeys(range(10), 1))
    recognised = [(who, (12,), 1.0) for who in range(5) for _ in range(4)]
    recognised += [(who, (12,), 1.0) for who in (5, 5, 6, 6, 7)]
    told = value("R9", hamlet(15, acts=acts, belongs=belongs, recognised=recognised))["affiliations"]["groups"]
    assert told["Tall Tree School"] == {"recognition_share": 0.8, "contribution_share": 0.5, "parity": 1.6}
    assert told["Harbour Library"]["parity"] == 0.4
    few = recognised[:20] + [(5, (12,), 1.0)] * 5
    told = value("R9", hamlet(15, acts=acts, belongs=belongs, recognised=few))["affiliations"]["groups"]
    assert told["Tall Tree School"] == {"recognition_share": None, "contribution_share": 0.5, "parity": None}


def nominated(newcomers: int, of_them: int, others: int, of_others: int) -> list[tuple[int, float, float, bool]]:
    """So many newcomers approved of so many, and others: persons from 0 and from 50."""
    new = [(who, 1.0, 3.0, who < newcomers) for who in range(of_them)]
    return new + [(50 + who, 1.0, 11.0, who < others) for who in range(of_others)]


def test_newcomers_who_are_approved_half_as_often_are_worth_a_look() -> None:
    joined, four = [-10.0] * 50, replace(THREE, k=4)
    facts = hamlet(100, joined=joined, decisions=decisions(*nominated(8, 20, 16, 20)))
    told = value("R10", facts, policy=four)["tenure"]
    assert told["verdict"] == "look"
    assert told["ratio"] == 0.5
    assert told["groups"]["newcomers"] == {
        "share": 0.4,
        "approved": 8,
        "decided": 20,
        "interval": [0.2, 0.6],
        "median_days": 2,
    }
    assert told["groups"]["others"]["interval"] == [0.6, 0.9]  # 0.58 and 0.92
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
    assert [*told["groups"]] == ["others"]
    assert (told["other"], told["ratio"], told["verdict"]) == (None, None, "insufficient")


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
    same = value("R11", hamlet(50, acts=summer, recognised=recognised), december, policy)
    assert (same["matched"], same["unmatched"]) == (18, None)  # twenty people, and nobody
    assert same["raw_change"] < -5
    assert abs(same["difference"]) < 0.5
    went_on = summer + [(who, float(day), SUPPORTING) for who in range(0, 40, 2) for day in range(10, 40)]
    spurred = value("R11", hamlet(50, acts=went_on, recognised=recognised), december, policy)
    assert spurred["difference"] > 10
    assert spurred["interval"][0] > 10
    assert figure("R11", hamlet(50, acts=summer, recognised=recognised), OCTOBER, policy).value is None


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
    """Of four people, and of three times four."""
    given = [(1, 0, 1.0), (0, 1, 2.0), (2, 0, 3.0), (3, 2, 4.0), (1, 0, 5.0), (1, 1, 6.0)]
    four = hamlet(9, recognised=[(who, (giver,), day) for who, giver, day in given])
    assert value("C1", four) == {"reciprocity": None}, "two of them did it for each other"
    assert value("C2", four) == {"rho": None}
    thrice = [(3 * who + copy, (3 * giver + copy,), day) for who, giver, day in given for copy in range(3)]
    assert value("C1", hamlet(12, recognised=thrice)) == {"reciprocity": 0.5}
    assert value("C2", hamlet(12, recognised=thrice)) == {"rho": 0.4}  # 0.45


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
