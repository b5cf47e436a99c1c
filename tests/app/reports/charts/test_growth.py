from app.metrics.results import Result
from app.reports.charts import growth
from tests.app.reports.charts.told import figure, whole


def p1(period: str, end: int | None, joined: int | None = None, left: int | None = None) -> Result:
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
        chart.title
        == "The community grew, from at least 380 members at the end of August 2026 to 430 at that of October 2026"
    )
    assert "There were at least 380 members at the end of August 2026 and 430 members at" in chart.text
    assert "That is about 27 % more than a year before." in chart.text
    assert chart.columns[1] == "Members at its end, at least"


def test_growth_that_turned_is_said_with_what_was_before() -> None:
    told = p1("2026-Q1", 30), p1("2026-Q2", 40), p1("2026-Q3", 35)
    assert growth.members(told).title == (
        "The community grew, from at least 30 members at the end of the first quarter of 2026 to 35 at that of the "
        "third quarter of 2026, after 40 at that of the second"
    )
    assert "after" not in growth.members((*told[::2], p1("2026-Q4", 45))).title


def test_what_is_withheld_is_said_and_is_no_zero() -> None:
    for chart in (whole(growth.members(GROWING)), whole(growth.comings(GROWING))):
        assert chart.rows[1][1] is None
        assert "For September 2026 it is withheld" in chart.text
        assert "withheld" in str(chart.spec)


def test_who_came_is_said_of_the_newest_period_beside_the_one_before() -> None:
    assert growth.comings(GROWING).title == (
        "At least 60 people joined and 10 left in October 2026, after 20 and 5 in August"
    )
    assert growth.comings(GROWING[:1]).title == "At least 20 people joined and 5 left in August 2026"
    quarters = p1("2026-Q2", 15, 15), p1("2026-Q3", 20, 5)
    assert growth.comings(quarters).title == (
        "At least 5 people joined in the third quarter of 2026, after 15 in the second"
    )
    weeks = p1("2026-W52", 15, 5, 5), p1("2027-W01", 15, 5)
    assert growth.comings(weeks).title == "At least 5 people joined in week 1 of 2027, as in week 52 of 2026"
    assert growth.comings(GROWING[:2]).title == "How many joined and left in September 2026 is not told"


def test_a_community_that_stays_is_not_said_to_grow_nor_one_that_shrinks() -> None:
    assert growth.members((p1("2026-W40", 40), p1("2026-W41", 40))).title == (
        "There were at least 40 members at the end of week 41 of 2026, as at that of week 40 of 2026"
    )
    shrank = growth.members((p1("2026-Q2", 40), p1("2026-Q3", 35))).title
    assert shrank.startswith("The community shrank, from at least 40 members at the end of the second")


def test_who_left_may_be_withheld_where_who_came_is_not() -> None:
    """And the other way round: neither is said to be none."""
    told = (p1("2026-08", 380, 20, None), p1("2026-09", 380, None, 5), p1("2026-10", 390, 10, None))
    chart = whole(growth.comings(told))
    assert chart.title == "At least 10 people joined in October 2026, after 20 in August"
    assert chart.rows == (("2026-08", 20, None), ("2026-09", None, 5), ("2026-10", 10, None))
    assert chart.text == (
        "In August 2026 at least 20 people joined; in September 2026 at least 5 people left; in October 2026 at least "
        "10 people joined. It is withheld how many joined in September 2026 and how many left in August 2026 and "
        "October 2026, since it would tell of too few people."
    )


def test_of_no_period_there_is_a_sentence_and_no_picture() -> None:
    for told in ((), (figure("P1", "2026-09", None, n=None),)):
        for chart in (whole(growth.members(told)), whole(growth.comings(told))):
            assert chart.spec is None
            assert "not told" in chart.title
