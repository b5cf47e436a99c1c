from app.metrics.results import Result
from app.reports.charts import participation, spread
from tests.app.reports.charts.told import figure, whole


def p5(period: str, active: int | None, *, n: int | None = 50) -> Result:
    return figure("P5", period, {"active": active}, n=n, withheld=() if active else ("/active",))


def test_active_people_are_said_of_the_last_period_beside_the_first() -> None:
    chart = whole(participation.active([p5("2026-08", 20), p5("2026-09", None), p5("2026-10", 30)]))
    assert chart.title == "At least 30 people took part in October 2026, after 20 in August 2026"
    assert chart.rows == (("2026-08", 20), ("2026-09", None), ("2026-10", 30))
    assert chart.columns == ("Period", "Active people, at least")
    assert "Active people: at least 20 in August 2026 and 30 in October 2026." in chart.text
    assert "For September 2026 it is withheld" in chart.text


def test_the_same_number_as_at_first_is_no_change() -> None:
    chart = participation.active([p5("2026-W42", 20), p5("2026-W43", 20)])
    assert chart.title == "At least 20 people took part in week 43 of 2026, as in week 42 of 2026"


def test_ways_of_taking_part_are_told_from_the_deepest_on() -> None:
    groups = {
        "none": {"people_at_least": 175, "share": 0.47},
        "consume": {"people_at_least": 160, "share": 0.43},
        "respond": {"people_at_least": 10, "share": 0.03},
        "create": {"people_at_least": 25, "share": 0.07},
    }
    chart = whole(participation.ways(figure("P2", "2026-Q3", {"groups": groups}, n=375)))
    nobody_else = "The largest group, about 47 % of at least 375 people, did nothing recorded"
    assert chart.title == f"{nobody_else} in the third quarter of 2026"
    assert [row[1] for row in chart.rows] == [25, 10, 160, 175]


def test_no_share_is_made_of_what_is_left_of_all() -> None:
    """Each group is rounded by itself: 88 % of 40 would take part, where 30 of them are told to be active."""
    groups = {
        "none": {"people_at_least": 5, "share": 0.12},
        "consume": {"people_at_least": 20, "share": 0.5},
        "create": {"people_at_least": 10, "share": 0.25},
    }
    chart = whole(participation.ways(figure("P2", "2026-Q3", {"groups": groups, "other": None}, n=40)))
    assert chart.title == "The largest group, about 50 % of at least 40 people, came along in the third quarter of 2026"
    assert "88 %" not in f"{chart.title} {chart.text}"
    alike = groups | {"create": {"people_at_least": 20, "share": 0.5}}
    told = participation.ways(figure("P2", "2026-Q3", {"groups": alike, "other": None}, n=40))
    assert told.title == "How people took part in the third quarter of 2026"


def test_ways_that_are_withheld_are_told_together_or_not_at_all() -> None:
    none = {"none": {"people_at_least": 10, "share": 0.5}}
    together = whole(
        participation.ways(figure("P2", "2026", {"groups": none, "other": {"people_at_least": 10, "share": 0.5}}, n=20))
    )
    assert together.rows[0][0] == "made something or answered or helped or came along"
    hidden = whole(participation.ways(figure("P2", "2026", {"groups": none, "other": None}, n=20)))
    assert "withheld" in hidden.text


def test_where_a_share_is_withheld_beside_its_number_numbers_are_told() -> None:
    """All others but those who did nothing would be too few."""
    groups = {"none": {"people_at_least": 20, "share": None}}
    chart = whole(participation.ways(figure("P2", "2026-10", {"groups": groups, "other": None}, n=20)))
    assert chart.title == "At least 20 people of 20 or more did nothing recorded in October 2026"
    assert chart.rows == (("nothing recorded", 20),)


def test_retention_keeps_what_is_withheld_apart_from_what_is_still_to_come() -> None:
    cohorts = [
        {"cohort": "2026-06", "size_at_least": None, "kept": [None, None, None, None, None]},
        {"cohort": "2026-08", "size_at_least": 10, "kept": [1, 0.6, None]},
        {"cohort": "2026-09", "size_at_least": 5, "kept": [1, 0.8]},
        {"cohort": "2026-10", "size_at_least": 5, "kept": [1]},
    ]
    chart = whole(participation.retention(figure("P7", "2026-10", {"cohorts": cohorts})))
    assert chart.title == "About 80 % of those who first took part in 2026-09 did so in the next period too"
    assert [row[2:] for row in chart.rows] == [(100, 60, None), (100, 80, ""), (100, "", "")]
    assert "A dash stands for what is withheld" in chart.text
    late = [{"cohort": "2026-07", "size_at_least": 10, "kept": [None, None, 0.7, 0.6]}]
    told = whole(participation.retention(figure("P7", "2026-10", {"cohorts": late})))
    assert told.title == "About 70 % of those who first took part in 2026-07 did so 2 periods later too"


def test_newcomers_are_judged_by_the_median_where_half_of_them_contributed() -> None:
    value = {"median_days": 35, "contributed_within_days": {"7": 0.2, "30": 0.45, "180": 0.7, "90": 0.6, "365": 0.7}}
    assert whole(participation.first_steps(figure("P10", "2026-10", value))).title == (
        "Half of the newcomers contribute within about 35 days"
    )
    chart = participation.first_steps(figure("P10", "2026-10", value | {"median_days": None}))
    assert chart.title == "About 45 % of newcomers contribute within 30 days"
    assert "Of at least 50 newcomers there had contributed about 20 % within 7 days, 45 % within 30 days" in chart.text
    at_once = participation.first_steps(figure("P10", "2026-10", value | {"median_days": 0}))
    assert at_once.title == "Half of the newcomers contribute within a day"
    assert [row[0] for row in chart.rows] == ["7 days", "30 days", "90 days", "180 days", "365 days"]
    lately = figure("P10", "2026-Q4", {"median_days": None, "contributed_within_days": {"7": 0.2, "30": None}})
    assert participation.first_steps(lately).rows == (("7 days", 20.0),), "nothing of what nobody has been watched for"
    assert participation.first_steps(lately).title == "About 20 % of newcomers contribute within 7 days"


def test_a_month_without_questions_is_not_one_that_is_withheld() -> None:
    waits = [
        figure("P12", "2026-08", {"median_seconds": None}),
        figure("P12", "2026-09", None, n=None),
        figure("P12", "2026-10", {"median_seconds": 259_200}),
        figure("P12", "2026-11", {"median_seconds": 600}),
    ]
    chart = whole(participation.answering(waits))
    assert chart.title == (
        "Half of the questions were answered within about 12 minutes in November 2026, after 3 days in October 2026"
    )
    assert [row[1] for row in chart.rows] == ["none", None, 72.0, 0.2]
    assert "For August 2026 there is none" in chart.text


def test_concentration_is_said_of_the_tenth_who_made_most() -> None:
    points = [{"people": 0.5, "share": 0.1}, {"people": 0.9, "share": 0.4}, {"people": 0.99, "share": None}]
    value = {"lorenz": points, "top_share": {"0.01": None, "0.1": 0.6}}
    chart = whole(spread.lorenz(figure("P4", "2026-10", value)))
    assert chart.title == "The tenth who made most made about 60 % of all contributions in October 2026"
    assert "About 10 % of all contributions were made by the 50 % who made least and 40 % by the 90 %" in chart.text
    assert chart.rows == ((0, 0), (50, 10.0), (90, 40.0), (99, None), (100, 100))
    without = spread.lorenz(figure("P4", "2026-10", value | {"top_share": {"0.1": None}}))
    assert without.title == "The 10 % who made most made about 60 % of all contributions in October 2026"


def test_of_few_people_whose_shares_are_taken_out_numbers_are_told() -> None:
    groups = {"none": {"people_at_least": 5, "share": None}, "consume": {"people_at_least": 5, "share": None}}
    chart = whole(participation.ways(figure("P2", "2026-10", {"groups": groups}, n=10)))
    assert chart.title == "At least 5 people of 10 or more did nothing recorded in October 2026"
    assert chart.columns == ("They", "People, at least")
    cohorts = {"cohorts": [{"cohort": "2026-10", "size_at_least": 5, "kept": None}]}
    assert whole(participation.retention(figure("P7", "2026-10", cohorts, n=12))).spec is None
    steps = {"median_days": 4, "contributed_within_days": None}
    assert whole(participation.first_steps(figure("P10", "2026-10", steps, n=12))).spec is None
    curve = {"lorenz": None, "top_share": None}
    assert whole(spread.lorenz(figure("P4", "2026-10", curve, n=12))).spec is None


def test_what_is_withheld_as_a_whole_has_no_picture() -> None:
    nothing = figure("P", "2026-10", None, n=None)
    for chart in (
        participation.active([nothing]),
        participation.ways(nothing),
        participation.retention(nothing),
        participation.first_steps(nothing),
        participation.answering([]),
        spread.lorenz(nothing),
    ):
        assert whole(chart).spec is None
