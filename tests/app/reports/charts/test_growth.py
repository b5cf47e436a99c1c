from app.metrics.results import Result
from app.reports.charts import growth
from tests.app.reports.charts.told import figure, whole


def p1(period: str, end: int, joined: int | None = None, left: int | None = None) -> Result:
    return figure(
        "P1",
        period,
        {"end": end, "changes": {"joined": joined, "left": left}, "over_a_year": {"start": 339, "rate": 0.27}},
        n=end,
    )


GROWING = (p1("2026-08", 380, 20, 5), figure("P1", "2026-09", None, n=None), p1("2026-10", 430, 60, 10))


def test_growth_says_from_how_many_to_how_many() -> None:
    chart = whole(growth.members(GROWING))
    assert (
        chart.title == "The community grew from 380 to 430 members from the end of August 2026 to that of October 2026"
    )
    assert "27 % more than a year before" in chart.text


def test_what_is_withheld_is_said_and_is_no_zero() -> None:
    for chart in (whole(growth.members(GROWING)), whole(growth.comings(GROWING))):
        assert chart.rows[1][1] is None
        assert "For September 2026 it is withheld" in chart.text
        assert "withheld" in str(chart.spec)


def test_who_came_is_said_of_the_newest_period_beside_the_one_before() -> None:
    assert growth.comings(GROWING).title == "60 people joined and 10 left in October 2026, after 20 and 5 in August"
    assert growth.comings(GROWING[:1]).title == "20 people joined and 5 left in August 2026"
    quarters = p1("2026-Q2", 16, 16, 0), p1("2026-Q3", 16, 0, 0)
    assert growth.comings(quarters).title == "Nobody joined in the third quarter of 2026, after 16 in the second"
    weeks = p1("2026-W52", 16, 0, 0), p1("2027-W01", 16, 0, 0)
    assert growth.comings(weeks).title == "Nobody joined in week 1 of 2027, as in week 52 of 2026"
    assert growth.comings(GROWING[:2]).title == "How many joined and left in September 2026 is not told"


def test_a_community_that_stays_is_not_said_to_grow_nor_one_that_shrinks() -> None:
    assert "stayed at 40 members" in growth.members((p1("2026-W40", 40), p1("2026-W41", 40))).title
    assert "shrank from 40 to 39 members" in growth.members((p1("2026-Q2", 40), p1("2026-Q3", 39))).title


def test_of_no_period_there_is_a_sentence_and_no_picture() -> None:
    for told in ((), (figure("P1", "2026-09", None, n=None),)):
        for chart in (whole(growth.members(told)), whole(growth.comings(told))):
            assert chart.spec is None
            assert "not told" in chart.title
