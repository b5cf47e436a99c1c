from dataclasses import replace
from typing import Any

from app.metrics.results import Result
from app.reports.charts import recognition
from tests.app.reports.charts.told import figure, whole

KINDS: dict[str, Any] = {
    "groups": {
        "reviewing": {"recognitions": 8, "people": 7},
        "co_creating": {"recognitions": 6, "people": 6},
        "hosting": {"recognitions": 8, "people": 5},
    },
    "by_care_area": {"creating_space": 8, "love_and_care": 3},
    "other": {"recognitions": 4, "people": 5},
}


def r0(kinds: dict[str, Any], *hidden: str) -> Result:
    return figure("R0", "2026-10", {"kinds": kinds}, withheld=tuple(f"/kinds/groups/{name}" for name in hidden))


def test_types_are_in_the_order_of_how_often_they_were_recognised() -> None:
    chart = whole(recognition.kinds(r0(KINDS, "speaking", "")))
    assert chart.title == "Most often recognised in October 2026: hosting and reviewing"
    assert chart.rows == (
        ("hosting", 8, 5),
        ("reviewing", 8, 7),
        ("co creating", 6, 6),
        ("others together", 4, 5),
        ("speaking", None, None),
        ("no certain type", None, None),
    )
    assert "For speaking and no certain type it is withheld" in chart.text


def test_where_only_others_are_told_no_type_leads() -> None:
    chart = whole(recognition.kinds(r0({"groups": {}, "other": {"recognitions": 4, "people": 5}}, "speaking")))
    assert chart.title == "Recognitions by type of contribution in October 2026"


def test_care_for_the_community_is_told_by_itself() -> None:
    chart = whole(recognition.care(r0(KINDS)))
    assert chart.title == "Care for the community most often recognised in October 2026: creating space"
    assert whole(recognition.care(r0({"groups": {}}))).spec is None


def test_coverage_is_told_in_percent_and_parity_beside_one() -> None:
    covered = [figure("R2", "2026-09", {"covered": 0.5}), figure("R2", "2026-10", {"covered": 0.667})]
    assert whole(recognition.coverage(covered)).title == (
        "67 % of those who contribute much had been recognised within a year in October 2026,"
        " after 50 % in September 2026"
    )
    chart = whole(recognition.newcomers([figure("R4", "2026-10", {"parity": 0.4})]))
    assert chart.title == (
        "For each contribution newcomers were recognised 0.4 times as much as everybody in October 2026"
    )
    assert "'datum': 1" in str(chart.spec)


def test_a_rate_that_was_taken_out_is_withheld_and_not_none() -> None:
    small = replace(figure("R2", "2026-09", {"covered": None}), rates_withheld=("/covered",))
    chart = recognition.coverage([small, figure("R2", "2026-10", {"covered": 0.5})])
    assert chart.rows[0] == ("2026-09", None)
    assert "For September 2026 it is withheld" in chart.text


def r10(**groups: tuple[int, int]) -> Result:
    told: Any = {
        name: {"approved": approved, "decided": decided, "interval": [0.2, 0.6], "median_days": 9.0}
        for name, (approved, decided) in groups.items()
    }
    return figure("R10", "2026-Q3", {"tenure": {"groups": told, "ratio": 0.5, "verdict": "look"}})


def test_decisions_are_told_with_their_intervals_and_what_to_make_of_them() -> None:
    chart = whole(recognition.fairness(r10(newcomers=(8, 20), others=(32, 40))))
    assert chart.title == "Approved in the third quarter of 2026: 40 % of newcomers and 80 % of others"
    assert chart.rows[0] == ("newcomers", 8, 20, 40, 20, 60, 9.0)
    assert "it proves nothing" in chart.text


def test_a_group_without_decisions_is_no_group_that_nobody_approved() -> None:
    chart = whole(recognition.fairness(r10(newcomers=(0, 0), others=(5, 5))))
    assert [row[0] for row in chart.rows] == ["others"]
    assert whole(recognition.fairness(r10(newcomers=(0, 0)))).spec is None
