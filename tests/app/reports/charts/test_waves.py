"""What surveys came to from wave to wave."""

from datetime import date
from typing import Any

from app.reports.charts import waves
from app.surveys.counting import Ballot, results
from app.surveys.rules import Instrument, Kind, Question
from tests.app.reports.charts.told import figure, whole

ASKED = Instrument(
    name="Belonging",
    kind=Kind.forced_choice,
    options=("not at all", "somewhat", "mostly", "completely"),
    questions=tuple(
        Question(key=f"{element}_{number}", element=element, text=f"{element} {number}")
        for element in ("membership", "influence")
        for number in (1, 2)
    ),
)


def wave(closed: date, *answers: tuple[int, ...]) -> tuple[date, dict[str, Any]]:
    ballots = [Ballot(each) for each in answers]
    return closed, dict(results(ASKED, ballots, invited=40, k=5, by_affiliation=False))


SPRING = wave(date(2026, 3, 31), *[(4, 3, 2, 2)] * 4, *[(3, 3, 1, 2)] * 4)
AUTUMN = wave(date(2026, 9, 30), *[(4, 4, 3, 3)] * 8)


def test_elements_are_told_of_each_wave_with_how_sure_they_are() -> None:
    chart = whole(waves.elements([SPRING, AUTUMN]))
    assert chart.title == "Belonging in the survey that closed on 2026-09-30: membership 100 % and influence 66.7 %"
    spring = {row[1]: row[2:] for row in chart.rows if row[0] == "2026-03-31"}
    assert spring["membership"] == (75.0, 68.8, 81.2)
    autumn = {row[1]: row[2:] for row in chart.rows if row[0] == "2026-09-30"}
    assert autumn["influence"] == (66.7, 66.7, 66.7)


def test_an_element_that_is_withheld_in_one_wave_is_no_zero_there() -> None:
    few = wave(date(2026, 6, 30), *[(4, 3, 0, 2)] * 6)
    chart = whole(waves.elements([SPRING, few]))
    assert ("2026-06-30", "influence", None, None, None) in chart.rows
    assert "influence withheld" in chart.text


def test_without_enough_answers_there_is_no_picture() -> None:
    assert whole(waves.elements([])).spec is None
    assert whole(waves.elements([wave(date(2026, 6, 30), (4, 4, 4, 4))])).spec is None


def test_size_and_trust_are_told_of_the_same_periods() -> None:
    sizes = [figure("P1", period, {"end": end}) for period, end in (("2026-Q1", 60), ("2026-Q2", 80), ("2026-Q3", 95))]
    trust = [(closed, found["items"][2]) for closed, found in (AUTUMN, SPRING)]
    chart = whole(waves.size_and_trust(sizes, sorted(trust, key=lambda one: one[0])))
    assert chart.title == (
        "Between 2026-Q1 and 2026-Q3 size rose from at least 60 to 95 members, and trust rose from 16.7 to 66.7 %"
    )
    assert [row[2] for row in chart.rows] == [16.7, "not asked", 66.7]
    fewer = waves.size_and_trust([figure("P1", "2026-Q3", {"end": 50})], trust)
    assert fewer.title == "In 2026-Q3 trust was at 66.7 % of the most it could be, with at least 50 members"
    same = [figure("P1", period, {"end": 60}) for period in ("2026-Q1", "2026-Q3")]
    assert waves.size_and_trust(same, sorted(trust, key=lambda one: one[0])).title == (
        "Between 2026-Q1 and 2026-Q3 size stayed at 60 members or more, while trust rose from 16.7 to 66.7 %"
    )
    assert whole(waves.size_and_trust(sizes[1:2], trust)).spec is None


def test_trust_is_told_beside_the_size_of_its_own_period() -> None:
    sizes = [figure("P1", period, {"end": end}) for period, end in (("2026-Q1", 60), ("2026-Q2", 80), ("2026-Q3", 95))]
    once = whole(waves.size_and_trust(sizes, [(SPRING[0], SPRING[1]["items"][2])]))
    assert once.title == "In 2026-Q1 trust was at 16.7 % of the most it could be, with at least 60 members"
    assert once.rows[0] == ("2026-Q1", 60, 16.7)
    summer = date(2026, 6, 30)
    twice = whole(waves.size_and_trust(sizes, [(SPRING[0], SPRING[1]["items"][2]), (summer, AUTUMN[1]["items"][2])]))
    assert twice.title == (
        "Between 2026-Q1 and 2026-Q2 size rose from at least 60 to 80 members, and trust rose from 16.7 to 66.7 %"
    )
    untold = [figure("P1", "2026-Q1", {"end": None}), *sizes[1:]]
    later = [(SPRING[0], SPRING[1]["items"][2]), (summer, AUTUMN[1]["items"][2])]
    assert waves.size_and_trust(untold, later).title.startswith("In 2026-Q2 trust was at 66.7 %")


def test_the_ends_of_an_interval_are_no_steps() -> None:
    assert waves.elements([SPRING]).columns[3:] == ("From, in %", "To, in %")
