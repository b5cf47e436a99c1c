"""Who takes part, how much and how deep, who stays."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from app.metrics.facts import Spells
from app.metrics.participation import METRICS
from app.metrics.periods import Window, parse
from app.metrics.policy import Policy
from app.metrics.population import here, present
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
    hamlet,
    questions,
)

NEVER = 10.0**6
FIVE = replace(THREE, k=5)
figure, value = partial(written.figure, METRICS), partial(written.value, METRICS)


def test_growth_counts_those_who_came_and_those_who_went() -> None:
    """The first is there from the first instant of October and the last leaves at its end, which is November."""
    facts = hamlet(22, joined=[0, 3, 4, 30.9, 31], left=[NEVER, NEVER, NEVER, NEVER, NEVER, 0, 1, 2, 31])
    told = value("P1", facts)
    assert (told["start"], told["end"]) == (15, 18)  # of 17 and 18, the multiples of three below
    assert told["changes"] == {"joined": 3, "left": 3}  # of 4 and 3
    assert told["rate"] is None, "a seventeenth, and a single step"


def test_whether_one_or_two_left_or_nobody_is_told_by_no_number() -> None:
    def told(*left: float) -> Any:
        return figure("P1", hamlet(47, joined=[3.0] * 6, left=[*[NEVER] * 6, *left]))

    assert told().value == told(4).value == told(4, 5).value
    assert told().value["changes"] == {"joined": 6, "left": None}
    assert "/changes/left" in told(4, 5).withheld


def test_who_left_and_came_back_was_away_in_between() -> None:
    """Of forty, five left in September and were back on the third of October, five left on the fourth for a week."""
    spells = [(who, 0, -20.0, 3.0) for who in range(5)] + [(who, 0, 4.0, 11.0) for who in range(5, 10)]
    gone = Spells.of((who, what, written.at(since), written.at(until)) for who, what, since, until in spells)
    facts = hamlet(40, gone=gone)
    told = value("P1", facts, policy=FIVE)
    assert (told["start"], told["end"], told["changes"]) == (35, 40, {"joined": 10, "left": 5})
    assert int(present(facts, parse("2026-W39")).sum()) == 35
    assert [int(here(facts, written.at(day)).sum()) for day in (2.9, 3.0, 4.0, 11.0)] == [35, 40, 35, 40]


def test_growth_over_a_year_is_that_of_the_birthday_survey() -> None:
    facts = hamlet(430, joined=[-100.0] * 91)
    assert value("P1", facts, policy=Policy(k=5))["over_a_year"] == {"start": 335, "rate": 0.28}  # of 339 and 430


def test_a_year_before_a_leap_day_is_the_first_of_march() -> None:
    week = Window(datetime(2024, 2, 22, tzinfo=UTC), datetime(2024, 2, 29, tzinfo=UTC))
    assert value("P1", hamlet(6, joined=[-2000.0] * 6), week)["over_a_year"]["start"] == 6


def population() -> list[tuple[int, float, int]]:
    """One person creates fifty times, nine respond five times each; ninety others are there."""
    often = [(0, day / 2, HOSTING) for day in range(50)]
    return often + [(person, float(day), SUPPORTING) for person in range(1, 10) for day in range(5)]


def test_of_a_hundred_one_creates_and_nine_respond_and_the_one_is_not_told_of() -> None:
    told = value("P2", hamlet(100, acts=population()), policy=FIVE)
    assert told == {
        "groups": {"none": {"people_at_least": 90, "share": 0.9}, "respond": {"people_at_least": 5, "share": 0.05}},
        "other": None,
    }


def test_the_output_of_fifty_such_hundreds_is_as_uneven_as_the_worked_example() -> None:
    facts = hamlet(5000, acts=alike(50, population()))
    told = value("P3", facts, policy=FIVE)
    assert told["gini"] == 0.943  # 0.942632
    assert told["contributions"] == 4700  # of 4750
    assert value("P4", facts)["top_share"] == {"0.01": 0.53, "0.1": 1}  # 0.526316


def test_of_that_hundred_alone_the_one_who_made_most_is_not_told_of() -> None:
    facts = hamlet(100, acts=population())
    told = value("P3", facts)
    assert told["gini"] == 0.9, "which ten people say"
    assert told["contributions"] is None, "one of them made more than half"
    assert value("P4", facts)["top_share"] == {"0.01": None, "0.1": 1}  # the top 1 % is one person


def test_the_depth_is_the_deepest_of_what_somebody_did() -> None:
    acts: list[tuple[int, float, int]] = [(who, 1, ATTENDING) for who in range(9)]
    acts += [(who, 2, SUPPORTING) for who in range(6)]
    acts += [(who, 3, HOSTING) for who in range(3)] + [(9, -0.1, HOSTING), (10, 31, HOSTING), (11, -3, HOSTING)]
    told = value("P2", hamlet(12, acts=acts))["groups"]
    assert {name: each["people_at_least"] for name, each in told.items()} == {
        "none": 3,
        "consume": 3,
        "respond": 3,
        "create": 3,
    }


def test_who_paused_all_month_is_not_counted_as_doing_nothing() -> None:
    acts = [(who, 1, SUPPORTING) for who in range(5)]
    facts = hamlet(12, acts=acts, breaks=[(5, -5, 31), (6, 0, 40), (7, 1, 31), (0, -5, 40)], left=[NEVER] * 11 + [0])
    result = figure("P2", facts)
    assert result.n == 9  # four did nothing, of whom the seventh paused from the second day on only
    assert isinstance(result.value, dict)
    assert result.value["groups"]["none"]["people_at_least"] == 3  # type: ignore[index,call-overload]


def test_somebody_on_two_channels_is_active_once() -> None:
    acts = [(who, day, SUPPORTING) for who in range(5) for day in (1, 2)]
    told = value("P5", hamlet(10, acts=acts), policy=replace(THREE, k=5))
    assert told["active"] == 5
    assert {name: each["people"] for name, each in told["channels"]["groups"].items()} == {"chat": 5, "calls": 5}
    assert told["share"] == 0.5
    assert told["members_needed_for"]["50"] == 100


def test_hours_are_those_of_utc_and_midnight_begins_the_day() -> None:
    acts = [(who, hour / 24, SUPPORTING) for who in range(6) for hour in (0, 5.99, 6, 23.99)]
    told = value("P5", hamlet(10, acts=acts))["hours_utc"]["groups"]
    assert {name: each["people"] for name, each in told.items()} == {"00-06": 6, "06-12": 6, "18-24": 6}


def test_a_small_employer_is_not_named() -> None:
    acts = [(who, 1, SUPPORTING) for who in range(10)]
    belongs = [(0, 1), (1, 1), *((who, 0) for who in range(2, 6))]
    result = figure("P5", hamlet(10, acts=acts, belongs=belongs))
    assert "Harbour" not in str(result.to_dict())
    assert isinstance(result.value, dict)
    four = {"people": 3, "share": 0.33}  # of ten, told as nine
    assert result.value["affiliations"] == {"groups": {"Tall Tree School": four, "": four}, "other": None}


def test_a_week_with_few_people_does_not_follow_from_the_mean_of_weeks() -> None:
    """October 2026 has three whole weeks, from the fifth on."""
    acts = [(who, day, ATTENDING) for who in range(6) for day in (4.5, 11.5)]
    one_more, two_more = [*acts, (0, 18.5, ATTENDING)], [*acts, (0, 18.5, ATTENDING), (1, 18.5, ATTENDING)]
    told = [value("P5", hamlet(60, acts=some))["weekly_mean"] for some in (acts, one_more, two_more)]
    assert told == [3, 3, 3]  # of 4, and a little more
    before = value("P5", hamlet(60, acts=[(who, 1.5, ATTENDING) for who in range(6)]))
    assert (before["active"], before["weekly_mean"]) == (6, None), "all before the first whole week"


def test_few_who_were_active_are_told_neither_as_a_number_nor_as_a_share() -> None:
    told = value("P5", hamlet(40, acts=[(0, 1, HOSTING), (1, 1, HOSTING)]))
    assert told["active"] is told["share"] is told["daily_mean"] is None
    assert told["members_needed_for"]["50"] is None


def test_stickiness_is_that_of_the_worked_example() -> None:
    september = parse("2026-09")
    acts = [(0, day - 30, SUPPORTING) for day in range(30)] + [(who, -27, SUPPORTING) for who in range(1, 11)]
    result = figure("P6", hamlet(600, acts=alike(50, acts)), september)
    assert result.n == 549
    assert result.value == {"stickiness": 0.121, "person_days": 1998, "days": 30}  # 0.121212, and 2000
    eleven = value("P6", hamlet(60, acts=acts), september)
    assert eleven == {"stickiness": 0.1, "person_days": None, "days": 30}, "three in four days are those of one"


def test_half_were_there_in_february_and_half_in_march() -> None:
    """Sixteen people, four for each of the worked example: cohorts of January to March, told in March."""
    months = {"a": (-270, -240), "b": (-270, -240, -210), "c": (-270, -210), "d": (-270,)}
    acts = alike(4, ((who, day, SUPPORTING) for who, days in enumerate(months.values()) for day in days))
    facts, march = hamlet(16, acts=acts), parse("2026-03")
    three = replace(THREE, cohorts=3)
    classic, rolling = (value(id, facts, march, three)["cohorts"] for id in ("P7", "P8"))
    assert (classic[0]["cohort"], classic[0]["size_at_least"], rolling[0]["size_at_least"]) == ("2026-01", 15, 15)
    assert classic[0]["kept"][1:] == [0.5, 0.5]
    assert rolling[0]["kept"][1:] == [0.75, 0.5]
    assert classic[1] == {"cohort": "2026-02", "size_at_least": None, "kept": [None, None]}, "nobody, or two"


def test_of_ten_who_joined_two_too_late_three_contributed_in_time() -> None:
    quarter = parse("2026-Q4")
    joined = [0.0, 1, 2, 3, 4, 5, 6, 61.5, 70, 80]
    acts = [(0, 0, SUPPORTING), (1, 31, SUPPORTING), (2, -9, SUPPORTING), (3, 34, SUPPORTING), (4, 5, ATTENDING)]
    acts += [(8, 70, SUPPORTING), (9, 81, SUPPORTING)]
    result = figure("P9", hamlet(20, joined=joined, acts=acts), quarter)
    assert (result.n, result.value) == (6, {"converted": 0.5, "within_days": 30})


def test_each_newcomer_is_judged_in_one_period() -> None:
    facts = hamlet(40, joined=[float(day) for day in range(-40, 0)])
    judged = [figure("P9", facts, parse(month)).n for month in ("2026-09", "2026-10", "2026-11")]
    assert judged == [9, 30, None]


def test_who_has_not_contributed_yet_is_still_waiting() -> None:
    """The worked example, each person ten times: 2, 5, 5+, 9, 12+ days."""
    joined = [day for day in (0.0, 0, 26, 0, 19) for _ in range(10)]
    acts = alike(10, ((who, day, SUPPORTING) for who, day in ((0, 2), (1, 5), (3, 9))))
    told = value("P10", hamlet(50, joined=joined, acts=acts), TO_OCTOBER)
    assert told["median_days"] == 9
    assert told["contributed_within_days"]["7"] == 0.4
    assert told["contributed_within_days"]["30"] is None, "for which nobody was watched"
    assert told["still_waiting"] == 0.4


def test_who_left_without_contributing_waited_until_they_left() -> None:
    facts = hamlet(6, joined=[0.0] * 6, left=[1, 1, 1], acts=[(who, 10, SUPPORTING) for who in (3, 4, 5)])
    assert value("P10", facts, TO_OCTOBER)["median_days"] == 10


def test_absence_factor_of_all_and_of_each_type_with_enough_people() -> None:
    counts = [1000, 202, 90, 33, 332, 343, 42, 433]
    acts = [(who, 1, SUPPORTING) for who, count in enumerate(counts) for _ in range(count)]
    acts += [(0, 2, HOSTING), (1, 2, HOSTING), *((who, 3, ATTENDING) for who in range(50))]
    few = written.figure(METRICS, "P11", hamlet(50, acts=acts))
    assert (few.suppressed, few.n, few.withheld[0]) == (True, 6, "/all"), "two made half of it"
    acts += [(who, 4, WELCOMING) for who in range(12) for _ in range(300)]
    told = value("P11", hamlet(50, acts=acts))
    assert told == {"all": 3, "kinds": {"supporting": None, "hosting": None, "welcoming": 6}}


def test_who_asked_late_and_has_no_answer_yet_makes_the_wait_longer() -> None:
    waits = [(0, 1), (0, 2), (0, NEVER), (0, 31), (-1, 1)]
    asked = [(5 * copy + who, *when) for copy in range(2) for who, when in enumerate(waits)]
    told = value("P12", hamlet(10, questions=questions(*asked)))
    assert told == {"median_seconds": 150_000, "p90_seconds": None, "questions": 6, "answered": 0.5}  # two days, and 8
    few = value("P12", hamlet(10, questions=questions(*asked[:5])))
    assert (few["questions"], few["answered"]) == (3, None), "two of four wait"


def test_what_one_person_asked_most_of_is_not_counted() -> None:
    asked = [(0, day, day + 1.0) for day in (1.0, 2.0, 3.0, 4.0)]
    others = [(who, 1.0, 2.0) for who in range(1, 6)]
    assert value("P12", hamlet(10, questions=questions(*asked, *others)))["questions"] == 9
    assert value("P12", hamlet(10, questions=questions(*asked, *others[:3])))["questions"] is None


def test_three_of_fifteen_who_were_away_came_back() -> None:
    """Four people for each of them."""
    acts = [(who, -10, SUPPORTING) for who in range(4)] + [(who, -61, SUPPORTING) for who in range(4, 19)]
    acts += [(who, 30, SUPPORTING) for who in (4, 5, 6)] + [(7, 31, SUPPORTING)]
    assert value("P13", hamlet(76, acts=alike(4, acts))) == {"returned": 0.2, "gap_days": 60}
    assert value("P13", hamlet(19, acts=acts), policy=replace(THREE, k=4))["returned"] is None


def test_who_paused_was_not_away() -> None:
    acts = [(who, -100, SUPPORTING) for who in range(10)]
    breaks = [(0, -90, -40), (1, -20, 20), (2, -90, -80)]
    facts = hamlet(12, acts=acts, breaks=breaks, left=[NEVER] * 9 + [-5])
    assert (
        figure("P13", facts).n == 6
    )  # they are seven: the third was away for 90 days beside the break; two never did anything


def test_two_of_three_stayed_from_one_quarter_to_the_next() -> None:
    acts = [(who, -50, SUPPORTING) for who in range(9)] + [(who, 50, SUPPORTING) for who in range(3, 12)]
    assert value("P14", hamlet(12, acts=acts), parse("2026-Q4")) == {"kept": 0.75}, "in quarters, of so few"


def test_newcomers_do_not_raise_gravity() -> None:
    before = [(who, -5, ATTENDING) for who in range(10)]
    deeper = [(who, 1, HOSTING if who < 3 else ATTENDING) for who in range(10)]
    newcomers = [(who, 1, HOSTING) for who in range(20, 30)]
    joined = [written.LONG_AGO] * 20 + [0.5] * 10
    alone = value("P15", hamlet(20, acts=before + deeper))
    assert alone == value("P15", hamlet(30, joined=joined, acts=before + deeper + newcomers))
    assert alone["gravity"] == pytest.approx(3 * (100 - 16) / 20)
    assert value("P15", hamlet(20, acts=before + deeper), policy=replace(THREE, k=4))["gravity"] is None


def test_presence_is_told_in_bands_of_days() -> None:
    days = {0: 1, 1: 1, 2: 1, 3: 2, 4: 3, 5: 2, 6: 8, 7: 30}
    acts = [(who, float(day), ATTENDING) for who, count in days.items() for day in range(count) for _ in range(3)]
    acts += [(8, -61.0, ATTENDING), (9, 31.0, ATTENDING)]
    told = value("P16", hamlet(60, acts=acts))
    three = {"people": 3, "share": 0.5}
    assert told["active_days"] == {"groups": {"1": three, "2-3": three}, "other": None}, "and two on more days"
    assert told["median_days_since_last"] == 30  # 29 of 30, 30, 30, 29, 28, 29, 23, 1 and 91
    groups = value("P16", hamlet(60, acts=alike(3, acts)))["active_days"]["groups"]
    assert {name: each["people"] for name, each in groups.items()} == {"1": 9, "2-3": 9, "8 or more": 6}


def test_people_who_come_like_clocks() -> None:
    acts = [(who, 7 * week + who / 9, ATTENDING) for who in range(5) for week in range(4)]
    acts += [(6, day, ATTENDING) for day in (1, 2, 3)]  # two gaps are too few to tell
    result = figure("P17", hamlet(9, acts=acts))
    assert (result.n, result.value) == (3, {"median": -1}), "five"


def test_what_was_done_a_half_life_ago_weighs_half() -> None:
    acts = [(who, 31 - 90, SUPPORTING) for who in range(3)] + [(who, 31 - 180, SUPPORTING) for who in range(3)]
    acts += [(3, 30, ATTENDING), (0, 31, SUPPORTING)]
    facts = hamlet(100, acts=alike(20, acts))
    assert value("P18", facts, TO_OCTOBER) == {"median": 0.75, "half_life_days": 90}


def test_two_of_ten_moved_on_to_respond() -> None:
    """Ten people, five times each."""
    acts = [(who, -5, ATTENDING) for who in range(50)] + [(who, 5, ATTENDING) for who in range(40)]
    acts += [(who, 5, SUPPORTING) for who in range(40, 50)]
    told = value("P19", hamlet(50, acts=acts), policy=replace(THREE, k=5))
    assert told["from_consume"]["groups"] == {
        "consume": {"share": 0.8},
        "respond": {"share": 0.2},
    }


@pytest.mark.parametrize("people", [0, 1, 2, 40])
@pytest.mark.parametrize("window", ["2026-10", "2026-W53", "2024", "1991-Q1"])
def test_of_nobody_or_nothing_every_figure_has_an_answer(people: int, window: str) -> None:
    for metric in METRICS:
        told = figure(metric.id, hamlet(people), parse(window))
        assert told.value is not None or told.reason is not None
        assert (told.reason is not None) == (told.value is None or bool({*told.withheld, *told.rates_withheld}))
        assert not told.suppressed or told.reason is Reason.fewer_than_k


def test_a_window_that_is_no_period_has_figures_too() -> None:
    week = Window(OCTOBER.start, OCTOBER.start.replace(day=9))
    assert figure("P7", hamlet(9, acts=[(who, 1, ATTENDING) for who in range(5)]), week, replace(THREE, k=5)).n == 5


def test_that_all_but_one_were_active_is_told_by_no_figure() -> None:
    facts = hamlet(24, acts=[(who, 1, SUPPORTING) for who in range(23)])
    told, profile = value("P5", facts), value("P2", facts)
    assert told["members_needed_for"]["100"] is profile["groups"].get("none") is None
    assert (told["active"], told["share"]) == (21, 0.88)  # of 24
    assert figure("P2", facts).n == 24, "from twenty-four to twenty-six"


def test_that_one_person_made_everything_is_told_by_no_figure() -> None:
    facts = hamlet(40, acts=[(0, day / 2, HOSTING) for day in range(50)])
    told = value("P3", facts)
    assert told["gini"] is told["corrected"] is told["contributions"] is None
    told = value("P4", facts)
    assert {point["share"] for point in told["lorenz"]} == {None} == {*told["top_share"].values()}


def test_how_large_a_cohort_is_does_not_follow_from_its_shares() -> None:
    """Thirteen began in October; seven of them were there in November, and three in December."""
    acts = [(who, day, ATTENDING) for day, many in ((1, 13), (40, 7), (70, 3)) for who in range(many)]
    acts += [(who, 70, ATTENDING) for who in range(13, 20)]
    told = value("P7", hamlet(20, acts=acts), parse("2026-12"), replace(THREE, k=5, cohorts=3))["cohorts"]
    assert told[0] == {"cohort": "2026-10", "size_at_least": 10, "kept": [None, 0.5, None]}


def test_nothing_is_told_of_days_that_nobody_has_been_watched_for() -> None:
    facts = hamlet(20, joined=[26.0] * 20)
    assert set(value("P10", facts, TO_OCTOBER)["contributed_within_days"].values()) == {None}
    acts = [(who, 27, SUPPORTING) for who in range(10)]
    told = value("P10", hamlet(20, joined=[20.0] * 20, acts=acts), TO_OCTOBER)["contributed_within_days"]
    assert told == {"7": 0.5, "30": None, "90": None, "180": None, "365": None}
    all = value("P10", hamlet(20, joined=[20.0] * 20, acts=[(who, 27, SUPPORTING) for who in range(20)]), TO_OCTOBER)
    assert (all["median_days"], all["still_waiting"]) == (7, None), "nobody waits any more, or few"
    assert set(all["contributed_within_days"].values()) == {None}
