"""Whoever keeps everything that the doors tell of a small community learns nothing of few people by subtracting."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import orjson
import pytest

from app.metrics.facts import NEVER, Facts
from app.metrics.families import Family
from app.metrics.periods import Window, ended, parse
from app.metrics.publishing import issued
from tests.app.guild import Guild, done
from tests.app.metrics.attacker import Attack, Counted, Item, follows, of_acts, within
from tests.app.metrics.generated import community
from tests.app.metrics.test_loading import loaded
from tests.app.metrics.test_publishing import settle
from tests.stand_ins import SettableClock

LEFT_OPEN = 3
"""By so many at least the highest and the lowest differ that a number of few people could be."""
SMALL, OFTEN = ("mentoring", "translating"), ("welcoming", "supporting", "attending", "hosting")


def spent(guild: Guild, clock: SettableClock, handles: list[str], draw: np.random.Generator, *, acts: int) -> None:
    """A week of a community: most do what many do, and a few what hardly anybody does."""
    batch = []
    for _ in range(acts):
        who = int(min(len(handles) - 1, draw.exponential(len(handles) / 3)))
        kinds = SMALL if who < 3 and draw.random() < 0.4 else OFTEN
        when = clock.now + timedelta(minutes=int(draw.integers(0, 7 * 24 * 60)))
        batch.append(
            {"type": str(draw.choice(kinds)), "person": handles[who], "occurred_at": f"{when:%Y-%m-%dT%H:%M:%SZ}"}
        )
    clock.forward(days=7)
    assert guild.post(guild.in_guild("contributions"), batch).status_code in {200, 201}
    settle(guild, clock)


def everything(guild: Guild, token: str) -> Iterator[tuple[Window, Item]]:
    """All figures that there are, asked for in each way in which they can be: by pages, by name and by their ends."""
    page, snapshots = guild.in_guild("metrics/snapshots?limit=7"), list[dict[str, Any]]()
    found = done(guild.get(page, token=token), 200)
    snapshots += found["items"]
    while found["next"]:
        found = done(guild.get(f"{page}&cursor={found['next']}", token=token), 200)
        snapshots += found["items"]
    for one in snapshots:
        body = done(guild.get(guild.in_guild(f"metrics/snapshots/{one['id']}"), token=token), 200)["body"]
        window = Window(*(datetime.fromisoformat(one["window"][end]) for end in ("from", "to")))
        family = guild.in_guild(f"metrics/{one['family']}")
        ends = f"from={one['window']['from']}&to={one['window']['to']}"
        for query in (f"period={one['period']}", ends):
            told = done(guild.get(f"{family}?{query}", token=token), 200)["items"]
            assert [(each["metric"], each["value"]) for each in told] == [
                (each["metric"], each["value"]) for each in orjson.loads(body)
            ], "no door tells anything else than the snapshot"
            yield from ((window, item) for item in told)


def test_nothing_of_few_people_follows_from_all_that_the_doors_tell(guild: Guild, clock: SettableClock) -> None:
    """Two are of Quiet Works, and three do what hardly anybody else does; people come, leave, and do not want to be
    counted any more while figures are published."""
    clock.now = clock.now.replace(year=2027, month=2, day=1, hour=0)  # a Monday: weeks and months meet
    draw = np.random.Generator(np.random.PCG64(7))
    schools = ["Tall Tree School"] * 7 + ["Quiet Works"] * 2 + ["Harbour Library"] * 3
    handles = [f"p{number}" for number in range(len(schools))]
    for handle, school in zip(handles, schools, strict=True):
        guild.member(handle, affiliation=school)
    thanking = {handle: guild.token(handle) for handle in handles}
    for week in range(14):
        spent(guild, clock, handles, draw, acts=int(draw.integers(6, 25)))
        for giver in draw.choice(len(handles), 6, replace=False):
            to = handles[(int(giver) + 1 + int(draw.exponential(2))) % len(handles)]
            body = {"to": to, "text": "Thank you.", "contribution_type": str(draw.choice([*SMALL, *OFTEN])),
                    "url": f"https://table.example/{week}"}  # fmt: skip
            guild.post(guild.in_guild("thanks"), body, token=thanking[handles[int(giver)]])
        if week % 3 == 0:
            guild.member(f"new{week}", affiliation="Harbour Library")
        if week == 9:
            done(guild.post(guild.in_guild("members/p11/leave")), 200)
        if week == 11:
            done(guild.call("PUT", "/v1/me/uncounted", token=thanking["p10"]), 200)
    told = list(everything(guild, guild.token(None, "platform", "metrics:read")))
    assert {window.days for window, _ in told} >= {7, 28, 31, 90}
    assert sum(item["value"] is not None for _, item in told) > 100
    done(guild.call("DELETE", "/v1/me/uncounted", token=thanking["p10"]), 200)  # what was told, was told of them too
    assert follows(told, loaded(guild), k=5, within=LEFT_OPEN) == []
    for quarter in done(guild.get(guild.in_guild("maturity/quarters"), token=thanking["p1"]), 200)["items"]:
        active = next(
            item["value"]["active"]
            for window, item in told
            if item["metric"] == "P5" and window == parse(quarter["period"])
        )
        seen = {check["rule"]: check["seen"] for check in quarter["checks"]}
        assert seen["active"] == active, "no other count of the same people, which could be subtracted"
        assert seen["kinds"] is seen["leader_share_high"] is seen["leader_share_low"] is None


@pytest.mark.parametrize("seed", [4, 5, 7])
def test_nor_from_half_a_year_of_drawn_communities(seed: int) -> None:
    people = 10 + seed * 7
    facts = community(people, people * (4 + seed), people * (1 + seed), seed=seed)
    told = published(facts, Window(parse("2026-04").start, parse("2026-09").end))
    assert follows(told, facts, k=5, within=LEFT_OPEN) == []


@pytest.mark.parametrize("seed", [4, 7])
def test_nor_what_somebody_did_who_does_not_want_to_be_counted_any_more(seed: int) -> None:
    """Months are told with them and their quarter without: what is between the two may be of nobody, and of many."""
    facts, quarter = community(60, 900, 400, seed=seed), parse("2026-Q3")
    gone = int(np.bincount(facts.output.person).argmax())
    windows = [(parse(f"2026-0{month}"), facts) for month in (7, 8, 9)] + [(quarter, without(facts, gone))]
    told = [(window, item) for window, known in windows for item in items(known, window)]
    compared = 0
    for metric, name in (("P3", "contributions"), ("R0", "accepted"), ("R0", "issued")):
        *months, whole = [within(item["value"], (name,)) for _, item in told if item["metric"] == metric]
        if None not in (*months, whole):
            compared += 1
            bounds = [of_acts(each) for each in months]
            least = sum(low for low, _ in bounds) - of_acts(whole)[1]
            most = sum(high for _, high in bounds) - of_acts(whole)[0]
            assert most - least >= LEFT_OPEN
    assert compared >= 2


@pytest.mark.parametrize(("people", "periods"), [(44, ("2026-08", "2026-Q3")), (120, ("2026-08", "2026-Q3"))])
def test_most_people_may_be_there_or_not_and_nothing_that_is_told_differs(
    people: int, periods: tuple[str, ...]
) -> None:
    """Whoever is taken out moves numbers only where these were at the edge of a step, and then by one."""
    facts = community(people, people * 12, people * 4, seed=people)
    for period in map(parse, periods):
        told = dict(leaves(items(facts, period)))
        changed = []
        for person in range(0, people, 4):
            less = dict(leaves(items(without(facts, person), period)))
            changed.append(sum(less.get(place) != value for place, value in told.items()) / len(told))
        assert float(np.median(changed)) < 0.1, period


def leaves(told: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    """Every number that is told, by its place."""
    if isinstance(told, dict | list):
        for name, part in told.items() if isinstance(told, dict) else enumerate(told):
            yield from leaves(part, f"{at}/{name}")
    elif isinstance(told, int | float) and not isinstance(told, bool):
        yield at, told


def without(facts: Facts, person: int) -> Facts:
    """The same, of whom somebody is not counted."""
    given, helps = facts.recognitions, facts.helps
    theirs = given.receiver == person
    hidden = {name: np.where(theirs, NEVER, getattr(given, name)) for name in ("offered", "accepted", "issued")}
    return replace(
        facts,
        members=replace(facts.members, joined=np.where(np.arange(facts.people) == person, NEVER, facts.members.joined)),
        belongs=facts.belongs.where(facts.belongs.person != person),
        acts=facts.acts.where(facts.acts.person != person),
        helps=helps.where((helps.giver != person) & (helps.receiver != person)),
        recognitions=replace(given, **hidden),
        gives=facts.gives.where(facts.gives.giver != person),
        questions=facts.questions.where(facts.questions.asker != person),
    )


def items(facts: Facts, window: Window) -> list[Item]:
    """All figures of a period."""
    issue = issued(facts, window, now=window.end)
    return [item for family in Family for item in orjson.loads(issue.bodies[family])]


def published(facts: Facts, span: Window) -> list[tuple[Window, Item]]:
    """All figures, in the order in which they are published."""
    windows = [window for window in ended(span.start, now=span.end) if window.start >= span.start]
    return [(window, item) for window in windows for item in items(facts, window)]


@pytest.mark.parametrize(("exactly", "found"), [(True, 1), (False, 0)])
def test_the_attacker_finds_what_is_left_of_a_month_after_its_weeks_only_if_they_are_told_exactly(
    *, exactly: bool, found: int
) -> None:
    june, weeks = parse("2026-06"), [parse(f"2026-W{number}") for number in range(23, 27)]
    days = np.array([june.seconds[0] + 86_400 * day for day in range(30)])
    counted = Counted("contributions", days, np.arange(30) % 9, np.zeros(30, dtype=np.int64), ("",))
    edges = np.unique(np.array([edge for each in (june, *weeks) for edge in each.seconds]))
    attack = Attack(counted, edges)
    for week in weeks:
        attack.told(week, [0], *((7, 7) if exactly else of_acts(5)))
    left = (weeks[-1].seconds[1], june.seconds[1])
    assert list(attack.known([left], 5, within=LEFT_OPEN)) == []
    attack.told(june, [0], *((30, 30) if exactly else of_acts(30)))
    assert len(list(attack.known([left], 5, within=LEFT_OPEN))) == found
