"""What one person may see of themselves."""

from typing import Any

import pytest

from app.metrics.facts import Uptakes
from app.metrics.portrait import about
from tests.app.metrics.hamlet import ATTENDING, HOSTING, OCTOBER, SUPPORTING, THREE, WELCOMING, at, hamlet, helps


def own(person: int, *, people: int = 40, **what: Any) -> Any:
    return about(hamlet(people, **what), OCTOBER, THREE, person)


def test_four_sides_of_influence_stand_apart() -> None:
    ring = [(who, ((who + 1) % 40,), 1.0) for who in range(40)]
    found = own(
        0,
        recognised=[*ring, (0, (5, 6), 2.0), (0, (5, 6), 3.0)],
        helps=helps((0, 3, 1.0), (0, 3, 2.0), (0, 4, 3.0), (7, 0, 3.0)),
        belongs=[(0, 0), (3, 0), (4, 1), (1, 0), (39, 1), (5, 0)],
        uptakes=Uptakes.of([(0, at(1), 1, 1), (0, at(2), 1, 0), (0, at(2), 0, 1), (1, at(2), 1, 1)]),
    )
    influence = found["influence"]
    assert influence["standing"]["times_average"] > 1.2
    assert influence["standing"]["recognition_h_index"] == 2
    assert influence["people_helped"] == 2
    assert influence["ties"]["people"] == 7
    assert influence["ties"]["across_affiliations"] == 0.4
    assert influence["uptake"] == {"verified": 2, "between_communities": 1}
    assert "rank" not in str(found)


def test_among_few_people_standing_is_not_told() -> None:
    found = own(0, people=10, recognised=[(0, (1,), 1.0)])
    assert found["influence"]["standing"] == {
        "times_average": None,
        "recognition_h_index": 1,
        "reason": "too-few-for-a-graph",
    }


def test_types_are_strengths() -> None:
    acts = [(0, 1.0, what) for what, count in ((SUPPORTING, 8), (WELCOMING, 4), (HOSTING, 4)) for _ in range(count)]
    found = own(0, acts=[*acts, (0, 1.0, ATTENDING), (1, 1.0, HOSTING), (0, 31.0, HOSTING)])
    assert found["strengths"]["types"] == {"supporting": 8, "welcoming": 4, "hosting": 4}
    assert found["strengths"]["evenness"] == pytest.approx(1.5 / 1.584963)
    assert found["participation"]["acts"] == 17
    assert found["participation"]["active_days"] == 1
    assert found["participation"]["modes"]["consume"] == pytest.approx(1 / 17)


def test_of_somebody_who_did_nothing_there_is_an_answer() -> None:
    found = own(3)
    assert found["participation"]["days_since_last"] is None
    assert found["strengths"] == {"types": {}, "evenness": None}
    assert found["influence"]["ties"] == {"people": 0, "reach": 0, "across_affiliations": None}
    assert found["belonging"] == {"reciprocal_tie": False, "recognition_given_or_received": False}
