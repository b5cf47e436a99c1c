"""The windows that figures are published for."""

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.metrics import periods
from app.metrics.periods import Kind, PeriodNotOver, PeriodNotPublished, Window

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
OUT = periods.ended(datetime(2025, 1, 1, tzinfo=UTC), now=datetime(2027, 2, 1, tzinfo=UTC))
MOMENTS = some.integers(0, 365 * 900).map(lambda days: datetime(1992, 1, 1, 7, 30, tzinfo=UTC) + timedelta(days=days))


def day(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "start", "end"),
    [
        ("2026-10", day(2026, 10, 1), day(2026, 11, 1)),
        ("2026-12", day(2026, 12, 1), day(2027, 1, 1)),
        ("2024-02", day(2024, 2, 1), day(2024, 3, 1)),
        ("2026-W43", day(2026, 10, 19), day(2026, 10, 26)),
        ("2026-W01", day(2025, 12, 29), day(2026, 1, 5)),
        ("2026-W53", day(2026, 12, 28), day(2027, 1, 4)),
        ("2026-Q4", day(2026, 10, 1), day(2027, 1, 1)),
        ("2026-Q1", day(2026, 1, 1), day(2026, 4, 1)),
        ("2026", day(2026, 1, 1), day(2027, 1, 1)),
    ],
)
def test_a_name_says_from_when_to_when(name: str, start: datetime, end: datetime) -> None:
    window = periods.parse(name)
    assert (window.start, window.end) == (start, end)
    assert periods.name_of(window) == name


WEEKS_AND_MONTHS = ["2025-W53", "2026-W00", "2026-W54", "2026-w01", "2026-13", "2026-00", "2026-1", "26-10"]


@pytest.mark.parametrize("name", [*WEEKS_AND_MONTHS, "2026-Q0", "2026-Q5", "1989", "3000", "9999", "0000"])
@pytest.mark.parametrize("spoilt", ["{}", " {}", "{}\n", "{}/{}"])
def test_what_names_no_period_is_refused(name: str, spoilt: str) -> None:
    with pytest.raises(PeriodNotPublished):
        periods.parse(spoilt.format(name, name))


@pytest.mark.parametrize("name", ["", "2026-10-01", "２０２６", "2026\n"])
def test_what_is_no_name_at_all_is_refused(name: str) -> None:
    with pytest.raises(PeriodNotPublished):
        periods.parse(name)


@given(some.sampled_from(Kind), MOMENTS)
def test_every_instant_is_in_one_period_of_each_kind(kind: Kind, when: datetime) -> None:
    window = periods.containing(kind, when)
    assert window.start <= when < window.end
    assert periods.kind_of(window) is kind
    assert periods.parse(periods.name_of(window)) == window
    before = periods.previous(window)
    assert before.end == window.start
    assert periods.kind_of(before) is kind


def test_a_leap_day_belongs_to_its_month_and_year() -> None:
    leap = day(2024, 2, 29)
    assert periods.name_of(periods.containing(Kind.month, leap)) == "2024-02"
    assert periods.containing(Kind.year, leap).days == 366
    assert periods.containing(Kind.month, leap).days == 29


def test_another_time_zone_is_the_same_instant() -> None:
    there = timezone(timedelta(hours=13))
    late = datetime(2026, 11, 1, 3, tzinfo=there)  # still October in UTC
    assert periods.name_of(periods.containing(Kind.month, late)) == "2026-10"
    october = periods.whole(
        datetime(2026, 10, 1, 13, tzinfo=there), datetime(2026, 11, 1, 13, tzinfo=there), out=(), now=NOW
    )
    assert periods.name_of(october) == "2026-10"


@pytest.mark.parametrize(
    ("start", "end", "name"),
    [
        (day(2026, 10, 1), day(2026, 10, 31), "2026-10"),
        (day(2026, 10, 2), day(2026, 11, 2), "2026-10"),
        (day(2026, 10, 20), day(2026, 10, 26), "2026-W43"),
        (day(2025, 12, 31), day(2026, 12, 31), "2026"),
        (day(2026, 7, 2), day(2026, 10, 1), "2026-Q3"),
        (day(2026, 10, 20), day(2026, 10, 21), "2026-W43"),
    ],
)
def test_other_windows_are_refused_and_the_nearest_is_named(start: datetime, end: datetime, name: str) -> None:
    with pytest.raises(PeriodNotPublished) as refused:
        periods.whole(start, end, out=OUT, now=NOW)
    assert refused.value.members == {"nearest": name}


@given(MOMENTS, MOMENTS)
def test_any_two_instants_have_an_answer(start: datetime, end: datetime) -> None:
    if start >= end:
        with pytest.raises(PeriodNotPublished):
            periods.whole(start, end, out=OUT, now=NOW)
    else:
        assert periods.nearest(Window(start, end), OUT) in OUT


@pytest.mark.parametrize(("out", "nearest"), [((), [{}, {}]), (OUT, [{"nearest": "2025"}, {"nearest": "2027-W04"}])])
def test_the_nearest_to_the_ends_of_time_is_one_that_is_out_or_none(
    out: tuple[Window, ...], nearest: list[dict[str, str]]
) -> None:
    first, last = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)
    found = []
    for start in (first, last - timedelta(days=1)):
        with pytest.raises(PeriodNotPublished) as refused:
            periods.whole(start, last, out=out, now=NOW)
        found.append(refused.value.members)
    assert found == nearest


@pytest.mark.parametrize("fix", [PeriodNotPublished.fix, periods.LONGER])
def test_what_is_said_to_ask_for_instead_is_over(fix: str) -> None:
    named = [periods.parse(name) for name in re.findall(r"\((.*?)\)", fix)]
    assert named == [periods.over(window, now=NOW) for window in named] != []


def test_a_period_is_published_from_its_end_on() -> None:
    october = periods.parse("2026-10")
    assert periods.over(october, now=october.end) == october
    with pytest.raises(PeriodNotOver):
        periods.over(october, now=october.end - timedelta(microseconds=1))
    assert periods.last(Kind.month, now=NOW) == october
    assert periods.name_of(periods.last(Kind.week, now=NOW)) == "2026-W46"


def test_the_last_second_before_midnight_is_in_the_window_to_its_last_fraction() -> None:
    start, end = periods.parse("2026-10").seconds
    assert start <= periods.instant(datetime(2026, 10, 31, 23, 59, 59, 999_999, tzinfo=UTC)) < end
    assert periods.instant(datetime(2026, 11, 1, tzinfo=UTC)) == end


def test_a_window_neither_stands_still_nor_runs_backwards() -> None:
    for end in (day(2026, 1, 1), day(2025, 1, 1)):
        with pytest.raises(ValueError, match="ends after"):
            Window(day(2026, 1, 1), end)
    with pytest.raises(ValueError, match="time zone"):
        periods.instant(NOW.replace(tzinfo=None))


def test_windows_that_are_no_period_still_have_one_before() -> None:
    ten = Window(day(2026, 1, 11), day(2026, 1, 21))
    assert periods.previous(ten) == Window(day(2026, 1, 1), day(2026, 1, 11))
    assert [periods.name_of(each) for each in periods.back(periods.parse("2026-01"), 3)] == [
        "2025-11",
        "2025-12",
        "2026-01",
    ]


def test_periods_are_published_as_they_end_and_shorter_ones_first() -> None:
    names = [periods.name_of(each) for each in periods.ended(day(2025, 12, 10), now=day(2026, 1, 5))]
    assert names == ["2025-W50", "2025-W51", "2025-W52", "2025-12", "2025-Q4", "2025", "2026-W01"]
    assert periods.ended(NOW, now=NOW) == ()


def test_weeks_that_reach_over_the_end_of_a_month_are_not_wholly_in_it() -> None:
    weeks = [periods.name_of(week) for week in periods.within(Kind.week, periods.parse("2026-10"))]
    assert weeks == ["2026-W41", "2026-W42", "2026-W43"]
