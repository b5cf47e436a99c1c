"""Sentences of trust beside growth, and of who made most of it."""

from datetime import date
from uuid import UUID

from app.metrics import periods
from app.metrics.telling import Json
from app.reports.support import findings, voices
from app.reports.support.figures import Figures
from app.reports.support.material import Asked, Counts, Stories
from tests.app.reports.charts.told import figure

QUARTER = "2027-Q1"


def figures(metric: str, value: Json, *, n: int | None = 50) -> Figures:
    return Figures(periods.parse(QUARTER), QUARTER, {metric: figure(metric, QUARTER, value, n=n)})


def asked(month: int, mean: float) -> Asked:
    item = {"key": "trust", "item": "one", "suppressed": False, "mean": mean, "distribution": [1, 2, 3, 4]}
    return Asked(UUID(int=month), "Wave", "Trust", date(2027, month, 1), {"items": [item]})


def test_growth_beside_falling_trust_is_told_in_members_and_not_as_a_rate() -> None:
    lines = voices.trust(figures("P1", {"start": 10, "end": 15}), [], [asked(1, 3.5), asked(2, 3.0)])
    [last] = [line.text for line in lines][-1:]
    assert last.startswith(
        "Size and trust part: the community grew, from at least 10 members at the beginning of the first quarter of "
        "2027 to 15 at its end, while trust fell."
    )
    assert "%" not in last


def test_growth_over_a_year_is_said_with_both_of_its_periods() -> None:
    """Within the period it may have shrunk."""
    before = Figures(periods.parse("2026-Q2"), "2026-Q2", {"P1": figure("P1", "2026-Q2", {"start": 30, "end": 40})})
    now = figures("P1", {"start": 40, "end": 39})
    [*_, last] = voices.trust(now, [before], [asked(1, 3.5), asked(2, 3.0)])
    assert "from at least 30 members at the beginning of the second quarter of 2026 to 39 at the end of" in last.text


def test_what_was_taken_up_is_counted_in_words() -> None:
    def said(all: int, communities: int) -> str:
        told = Counts({"uptake": {"all": all, "communities": communities}})
        [line] = voices.value(Stories({}), told)
        return line.text

    begins, ends = "What was made here was taken up elsewhere", ": with evidence that a steward has looked at."
    assert said(1, 0) == f"{begins} once{ends}"
    assert said(1, 1) == f"{begins} once, by another community{ends}"
    assert said(3, 0) == f"{begins} 3 times, none of them by other communities{ends}"
    assert said(3, 2) == f"{begins} 3 times, 2 of them by other communities{ends}"


def test_hours_of_few_are_whose_they_are() -> None:
    *_, last = voices.effort({"hours": 500.0, "volunteer_hours": None, "sponsored": [], "other_hours": 420.0})
    assert last.text == (
        "420 of them were worked by volunteers, or paid for by sponsors, who are too few to be told of by themselves."
    )


def test_growth_that_may_be_of_one_person_is_not_set_beside_trust() -> None:
    """At least 20 and then 25 may be 24 and 25."""
    lines = voices.trust(figures("P1", {"start": 20, "end": 25}), [], [asked(1, 3.5), asked(2, 3.0)])
    assert not [line for line in lines if "grew" in line.text]


def test_nothing_is_said_of_growth_that_is_not_told() -> None:
    lines = voices.trust(figures("P1", {"start": None, "end": None}), [], [asked(1, 3.5), asked(2, 3.0)])
    assert not [line for line in lines if "grew" in line.text]


def test_of_few_who_made_half_of_everything_no_number_is_told() -> None:
    [line] = [line.text for line in findings.participation(figures("P11", None))]
    assert line.startswith("Half of all contributions were made by fewer than 5 people:")
    [line] = [line.text for line in findings.participation(figures("P11", {"all": 5, "kinds": {}}))]
    assert line.startswith("Half of all contributions were made by at least 5 people:")
    assert not list(findings.participation(figures("P11", None, n=None)))
