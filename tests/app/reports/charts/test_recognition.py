from dataclasses import replace
from typing import Any

from app.metrics.results import Result
from app.reports.charts import recognition
from tests.app.reports.charts.told import figure, whole

KINDS: dict[str, Any] = {
    "groups": {
        "reviewing": {"recognitions": 15, "people": 5},
        "co_creating": {"recognitions": 10, "people": 10},
        "hosting": {"recognitions": 15, "people": 10},
    },
    "by_care_area": {"creating_space": 15, "love_and_care": 10, "common_ground": None},
    "other": {"recognitions": 5, "people": 5},
}


def r0(kinds: dict[str, Any], *hidden: str) -> Result:
    return figure("R0", "2026-10", {"kinds": kinds}, withheld=tuple(f"/kinds/groups/{name}" for name in hidden))


def test_types_are_in_the_order_of_how_often_they_were_recognised() -> None:
    chart = whole(recognition.kinds(r0(KINDS, "speaking", "")))
    assert chart.title == "Most often recognised in October 2026, of what is told: hosting and reviewing"
    assert chart.columns == ("Type of contribution", "Recognitions, at least", "People, at least")
    assert "At least 15 recognitions were for hosting, 15 for reviewing and 10 for co-creating in" in chart.text
    assert chart.rows == (
        ("hosting", 15, 10),
        ("reviewing", 15, 5),
        ("co-creating", 10, 10),
        ("others together", 5, 5),
        ("speaking", None, None),
        ("no certain type", None, None),
    )
    assert "For speaking and no certain type it is withheld" in chart.text


def test_where_only_others_are_told_nothing_is_drawn_by_type() -> None:
    """A single bar of all that is hidden says nothing by type."""
    chart = whole(recognition.kinds(r0({"groups": {}, "other": {"recognitions": 5, "people": 5}}, "speaking")))
    assert chart.spec is None
    assert chart.text == "Of all types together there were at least 5 recognitions."


def test_recognitions_that_are_mostly_one_persons_are_withheld_beside_the_number_of_people() -> None:
    groups = {
        "hosting": {"recognitions": None, "people": 5},
        "reviewing": {"recognitions": 5, "people": 5},
    }
    chart = whole(recognition.kinds(r0({"groups": groups}, "hosting/recognitions")))
    assert chart.rows == (("reviewing", 5, 5), ("hosting", None, 5))
    assert chart.title == "Most often recognised in October 2026, of what is told: reviewing"
    assert chart.text == (
        "At least 5 recognitions were for reviewing in October 2026. "
        "For hosting it is withheld, so that nothing is told of too few people."
    )
    many = recognition.kinds(r0({"groups": groups}, *(f"type_{number}" for number in range(20))))
    assert many.rows[2] == ("20 other types", None, None)
    nothing = {"groups": {"hosting": {"recognitions": None, "people": 5}}, "other": None}
    assert whole(recognition.kinds(r0(nothing, "hosting/recognitions"))).spec is None


def test_care_for_the_community_is_told_by_itself() -> None:
    chart = whole(recognition.care(r0(KINDS)))
    assert chart.title == (
        "Care for the community most often recognised in October 2026, of what is told: creating space"
    )
    assert chart.rows == (("creating space", 15), ("love and care", 10), ("common ground", None))
    assert "For common ground it is withheld" in chart.text
    assert whole(recognition.care(r0({"by_care_area": {"common_ground": None}}))).spec is None
    assert whole(recognition.care(r0({"groups": {}}))).spec is None


def test_coverage_is_told_in_percent_and_parity_beside_one() -> None:
    covered = [figure("R2", "2026-09", {"covered": 0.5}), figure("R2", "2026-10", {"covered": 0.667})]
    assert whole(recognition.coverage(covered)).title == (
        "About 67 % of those who contribute much had been recognised within a year in October 2026,"
        " after 50 % in September 2026"
    )
    chart = whole(recognition.newcomers([figure("R4", "2026-10", {"parity": 0.4})]))
    assert chart.title == (
        "For each contribution newcomers were recognised about 0.4 times as much as everybody in October 2026"
    )
    assert "'datum': 1" in str(chart.spec)
    assert "1 = as much as everybody, about" in str(chart.spec)
    assert "At 1, the dashed line, they are recognised as much as everybody for what they do." in chart.text
    assert "others" not in f"{chart.title} {chart.text} {chart.columns} {chart.spec}"


def test_a_rate_that_was_taken_out_is_withheld_and_not_none() -> None:
    small = replace(figure("R2", "2026-09", {"covered": None}), rates_withheld=("/covered",))
    chart = recognition.coverage([small, figure("R2", "2026-10", {"covered": 0.5})])
    assert chart.rows[0] == ("2026-09", None)
    assert "For September 2026 it is withheld" in chart.text


def r10(verdict: str | None = "look", **groups: dict[str, Any]) -> Result:
    withheld = () if verdict else ("/tenure/verdict",)
    return figure("R10", "2026-Q3", {"tenure": {"groups": groups, "ratio": 0.5, "verdict": verdict}}, withheld=withheld)


def decided(share: float | None, **also: Any) -> dict[str, Any]:
    return {"share": share, "approved": 5, "decided": 20, "interval": [0.2, 0.6], "median_days": 9.0} | also


def test_decisions_are_told_with_their_intervals_and_what_to_make_of_them() -> None:
    chart = whole(recognition.fairness(r10(newcomers=decided(0.4), others=decided(0.8, approved=30, decided=40))))
    assert chart.title == "Approved in the third quarter of 2026: about 40 % of newcomers and 80 % of others"
    assert chart.rows[0] == ("newcomers", 5, 20, 40, 20, 60, 9.0), "the share is not that of two rounded numbers"
    assert (
        "there were approved about 40 % of those of newcomers (20 or more; between 20 % and 60 %) and 80 % of"
        in chart.text
    )
    assert "it proves nothing" in chart.text
    assert chart.columns[4:6] == ("From, in %", "To, in %"), "at least is what is told in steps"
    assert "withheld" not in chart.text


def test_whatever_is_withheld_of_decisions_the_shares_that_are_told_are_drawn() -> None:
    few = decided(0.4, approved=None, decided=None, interval=None, median_days=None)
    chart = whole(recognition.fairness(r10(None, newcomers=few, others=decided(0.8))))
    assert chart.rows[0] == ("newcomers", None, None, 40, None, None, None)
    assert "40 % of those of newcomers and 80 % of those of others (20 or more" in chart.text
    assert "Some groups or numbers are withheld" in chart.text


def test_a_group_of_which_no_share_is_told_is_no_group_that_nobody_approved() -> None:
    none = decided(None, approved=0, decided=0, interval=None, median_days=None)
    chart = whole(recognition.fairness(r10(newcomers=none, others=decided(1.0, approved=5, decided=5))))
    assert [row[0] for row in chart.rows] == ["others"]
    assert whole(recognition.fairness(r10(newcomers=none))).spec is None
