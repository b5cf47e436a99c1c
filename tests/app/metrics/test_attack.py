"""Whoever keeps everything that the doors tell of a small community learns nothing of few people by subtracting."""

from collections import defaultdict
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
from app.metrics.publishing import Told, issued, remember
from tests.app.guild import Guild, done
from tests.app.metrics.attacker import Attack, Counted, Item, follows, within
from tests.app.metrics.generated import community
from tests.app.metrics.test_loading import loaded
from tests.app.metrics.test_publishing import settle
from tests.stand_ins import SettableClock

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
    assert follows(told, loaded(guild), k=5) == []
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
    assert follows(published(facts, Window(parse("2026-04").start, parse("2026-09").end)), facts, k=5) == []


ADDING = [("P1", "joined"), ("P1", "left"), ("P3", "contributions"), ("P12", "questions"), ("R0", "accepted"),
          ("R0", "refused"), ("R0", "issued"), ("I13", "credited")]  # fmt: skip


@pytest.mark.parametrize("seed", [4, 7])
def test_nor_what_somebody_did_who_does_not_want_to_be_counted_any_more(seed: int) -> None:
    """Months are told with them and their quarter is made without: it says what its months said."""
    facts, quarter = community(60, 900, 400, seed=seed), parse("2026-Q3")
    gone, told = int(np.bincount(facts.output.person).argmax()), list[tuple[Window, Item]]()
    before: Told = defaultdict(list)
    for window, known in [(parse(f"2026-0{month}"), facts) for month in (7, 8, 9)] + [(quarter, without(facts, gone))]:
        issue = issued(known, window, before, now=window.end)
        remember(before, issue.bodies.values())
        told += [(window, item) for body in issue.bodies.values() for item in orjson.loads(body)]
    compared = 0
    for metric, name in ADDING:
        place = ("changes", name) if metric == "P1" else (name,)
        *months, whole = [within(item["value"], place) for _, item in told if item["metric"] == metric]
        if None not in (*months, whole):
            compared += whole > 0
            assert whole == sum(months), name
    assert compared >= 2
    assert not list(follows_of_groups(told, quarter))


def follows_of_groups(told: list[tuple[Window, Item]], quarter: Window) -> Iterator[str]:
    """Where a sum is told as it was, and its groups as they are now: less them it would be what one person did."""
    for window, item in told:
        for place in ("kinds", "paths"):
            split = within(item["value"], (place,))
            if window == quarter and item["metric"] in {"R0", "R7"} and split and split["groups"]:
                parts = [each["recognitions"] for each in [*split["groups"].values(), split.get("other")] if each]
                if sum(parts) != within(item["value"], ("accepted",)):
                    yield f"{item['metric']} {place}"


def without(facts: Facts, person: int) -> Facts:
    """The same, of whom somebody is not counted."""
    given = facts.recognitions
    never = np.where(given.receiver == person, NEVER, given.accepted)
    return replace(
        facts,
        acts=facts.acts.where(facts.acts.person != person),
        recognitions=replace(given, accepted=never, issued=np.where(given.receiver == person, NEVER, given.issued)),
        questions=facts.questions.where(facts.questions.asker != person),
    )


def published(facts: Facts, span: Window) -> list[tuple[Window, Item]]:
    """All figures, in the order in which they are published."""
    told: Told = defaultdict(list)
    found = []
    for window in ended(span.start, now=span.end):
        if window.start >= span.start:
            issue = issued(facts, window, told, now=span.end)
            remember(told, issue.bodies.values())
            found += [(window, item) for family in Family for item in orjson.loads(issue.bodies[family])]
    return found


def test_the_attacker_would_have_found_what_is_left_of_a_month_after_its_weeks() -> None:
    june, weeks = parse("2026-06"), [parse(f"2026-W{number}") for number in range(23, 27)]
    days = np.array([june.seconds[0] + 86_400 * day for day in range(30)])
    counted = Counted("contributions", days, np.arange(30) % 9, np.zeros(30, dtype=np.int64), ("",))
    edges = np.unique(np.array([edge for each in (june, *weeks) for edge in each.seconds]))
    attack = Attack(counted, edges)
    for week in weeks:
        attack.told(week, [0], 7)
    left = (weeks[-1].seconds[1], june.seconds[1])
    assert list(attack.solved([left], 5)) == []
    attack.told(june, [0], 30)
    assert len(list(attack.solved([left], 5))) == 1
