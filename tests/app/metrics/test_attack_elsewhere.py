"""Surveys, hours and reports: whoever reads all that the doors tell of planted small groups learns of none of them."""

from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from app.stories.effort.service import JOBS
from app.worker import run_once
from tests.app.guild import Guild, done
from tests.app.issuers.conftest import runtime_of
from tests.app.metrics.attacker import of_acts, of_few
from tests.app.metrics.test_publishing import settle
from tests.app.reports.support.routes import made
from tests.app.stories.routes import asked, stated, told
from tests.app.surveys.polls import Poll
from tests.service import ADMIN_TOKEN
from tests.stand_ins import SettableClock

K = 5


def test_the_attacker_would_have_found_a_group_that_is_left_over() -> None:
    people = {"mill": "abcdefg", "harbour": "hijkl", "tower": "mn"}
    assert of_few(people, [people], k=K) == []
    assert of_few(people, [people, ["mill"]], k=K) == []
    assert of_few(people, [people, ["mill"], ["harbour"]], k=K) == [{"tower"}]


PLACES = {"Harbour": 8, "Mill": 6, "Tower": 2, "Quay": 1}


@pytest.fixture
def poll(guild: Guild, clock: SettableClock) -> Poll:
    return Poll(guild, clock)


def test_no_answers_of_few_follow_from_two_waves_beside_each_other(poll: Poll) -> None:
    """Three are of small places; in each question others answer nothing, so that each has groups of its own."""
    homes = {handle: name for name, count in PLACES.items() for handle in poll.people(count, name.lower(),
             affiliation=name)}  # fmt: skip
    survey, found, wave = poll.survey(), [], ""
    for silent in (3, 4):
        wave = poll.open(survey, by_affiliation=True)
        offered = set(poll.wave(wave)["affiliations"])
        answered = list[tuple[str, tuple[int, ...]]]()
        for number, (handle, home) in enumerate(homes.items()):
            options = tuple(0 if (number + place) % silent == 0 else 1 + number % 4 for place in range(3))
            name = home if home in offered else "elsewhere"
            poll.answers(wave, handle, *options, affiliation=name)
            answered.append((name, options))
        results = poll.close(wave)
        for place, key in enumerate(("trust", "glad", "reach")):
            groups: dict[str, list[str]] = {}
            for number, (name, options) in enumerate(answered):
                if options[place]:
                    groups.setdefault(name, []).append(str(number))
            sums = list(_of_item(results, key, groups))
            assert of_few(groups, sums, k=K) == []
            found += sums
        poll.clock.forward(days=30)
        poll.work()
    beside = done(poll.guild.get(poll.at(wave, "/comparison"), token=ADMIN_TOKEN), 200)["items"]
    assert all({*each} <= {"key", "comparable", "reason", "earlier", "later", "change"} for each in beside)
    assert {*(beside[0]["later"] or {})} <= {"n", "mean", "top_two"}, "nothing by affiliation, nor of whom it changed"
    assert len(found) > 6


def _of_item(results: Mapping[str, Any], key: str, groups: Mapping[str, Collection[str]]) -> Iterator[list[str]]:
    """The groups of each sum that is told of a question."""
    if any(one["key"] == key and not one["suppressed"] for one in results["items"]):
        yield list(groups)
    for one in results["by_affiliation"]:
        if one["key"] == key:
            names = [each["affiliation"] for each in one["groups"]]
            yield from ([name] for name in names)
            if one["others"]:
                yield [name for name in groups if name not in names]


PAID: Mapping[str | None, range] = {
    None: range(7), "Harbour Library": range(7, 13), "Tall Tree School": range(6, 11), "Quiet Works": range(11, 13)
}  # fmt: skip
"""Who paid for the hours of whom; some are paid by two, and two alone by Quiet Works."""


def test_no_hours_of_few_follow_from_quarters_and_reports(guild: Guild, clock: SettableClock) -> None:
    handles = [f"mel{number}" for number in range(13)]
    tokens = [(guild.member(handle), guild.token(handle))[1] for handle in handles]
    clock.now = datetime(2027, 1, 4, 9, tzinfo=UTC)
    for month, left_out in ((1, set[str | None]()), (4, {"Quiet Works"}), (7, {"Quiet Works", "Tall Tree School"})):
        clock.now = clock.now.replace(month=month)
        for sponsor, whose in PAID.items():
            for number in whose if sponsor not in left_out else ():
                stated(guild, tokens[number], hours=1 + 0.25 * number, sponsored_by=sponsor)
    clock.now = datetime(2028, 1, 4, tzinfo=UTC)
    run_once(runtime_of(guild), clock(), jobs=JOBS)
    settle(guild, clock)
    made(guild)
    quarters = done(guild.get(guild.in_guild("effort-sums"), token=tokens[0]), 200)["items"]
    rows = {one["quarter"]: one for one in quarters}
    assert len(rows) == 3
    people = {f"{quarter} {sponsor}": [handles[number] for number in whose]
              for quarter, without in zip(sorted(rows), ((), ("Quiet Works",), ("Quiet Works", "Tall Tree School")),
                                          strict=True)
              for sponsor, whose in PAID.items() if sponsor not in without}  # fmt: skip
    sums = [groups for quarter, row in rows.items() for groups in _of_hours(row, [quarter], people)]
    for readers in ("everyone", "community"):
        path = f"reports/case-for-support?period=2027&for={readers}"
        report = done(guild.get(guild.in_guild(path), token=tokens[0]), 200)["report"]
        sums += _of_hours(report["effort"], sorted(rows), people)
    assert len(sums) > 8
    assert of_few(people, sums, k=K) == []


def _of_hours(row: Mapping[str, Any], quarters: list[str], people: Mapping[str, Any]) -> Iterator[list[str]]:
    """The groups of each sum of hours that is told."""
    all = [name for name in people if name[:7] in quarters]
    named = [each["name"] for each in row["sponsored"]] + ([str(None)] if row["volunteer_hours"] is not None else [])
    if row["hours"] is not None:
        yield all
    if len(quarters) == 1:
        yield from ([f"{quarters[0]} {name}"] for name in named)
        if row["other_hours"] is not None:
            yield [name for name in all if name[8:] not in named]
    elif row["volunteer_hours"] is not None:
        yield [name for name in all if name.endswith(" None")]


def test_no_needs_of_few_follow_from_reports_of_months_and_their_quarter(guild: Guild, clock: SettableClock) -> None:
    """Seven ask in each month; then one of them does not want to be counted, and the quarter is reported."""
    tokens = [(guild.member(f"ned{number}"), guild.token(f"ned{number}"))[1] for number in range(7)]
    clock.now = datetime(2027, 1, 4, 9, tzinfo=UTC)
    for month in (2, 3, 4):
        for token in tokens:
            asked(guild, token)
            told(guild, token)
        if month == 4:
            done(guild.call("PUT", "/v1/me/uncounted", token=tokens[6]), 200)
        clock.now = clock.now.replace(month=month, day=4)
        settle(guild, clock)
        made(guild)
    counts = {}
    for period in ("2027-01", "2027-02", "2027-03", "2027-Q1"):
        both = [
            done(guild.get(guild.in_guild(f"reports/case-for-support?period={period}&for={readers}"), token=tokens[0]),
                 200)["report"]
            for readers in ("everyone", "community")
        ]  # fmt: skip
        assert both[0] == both[1], "for the community there are more words, and no other numbers"
        counts[period] = both[0]["counts"]["needs"]["asked"]
    quarter = counts.pop("2027-Q1")
    assert ([*counts.values()], quarter) == ([5, 5, 5], 15)
    least, most = (sum(of_acts(each)[end] for each in counts.values()) for end in (0, 1))
    assert (least - of_acts(quarter)[1], most - of_acts(quarter)[0]) == (-4, 12), "what the one asked for is among it"
