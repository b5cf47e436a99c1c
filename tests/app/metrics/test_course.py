"""The course of a community: size, trust beside it, and when they part."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.metrics.course import Divergence, Size, Trust, beside, divergence, trend, turning_points
from tests.app.guild import Guild, done
from tests.app.metrics.test_publishing import settle
from tests.app.surveys.polls import Poll
from tests.service import on_both_databases
from tests.stand_ins import SettableClock


def sizes(*of: tuple[int | None, float | None]) -> list[Size]:
    """Quarters from the first of 2026 on: how many there were, and the acceleration."""
    ends = [date(2026 + number // 4, number % 4 * 3 + 1, 1) for number in range(1, len(of) + 1)]
    return [
        Size(f"Q{number}", end, members, None, acceleration)
        for number, (end, (members, acceleration)) in enumerate(zip(ends, of, strict=True))
    ]


@pytest.mark.parametrize(
    ("accelerations", "turning"),
    [
        ([0.0, 0.0, 0.0], []),
        ([None, None], []),
        ([0.1, 0.05, 0.2], []),
        ([0.1, -0.1, -0.2], ["Q1"]),
        ([0.1, 0.0, None, -0.1, 0.3], ["Q3", "Q4"]),
    ],
)
def test_growth_turns_where_acceleration_has_another_sign(accelerations: list[float], turning: list[str]) -> None:
    steps = trend(sizes(*((60, each) for each in accelerations)))
    assert [step.period for step in steps if step.turns] == turning


def test_of_few_members_the_trend_is_not_sure() -> None:
    assert [step.sure for step in trend(sizes((49, 0.1), (50, 0.1), (None, 0.1)))] == [False, True, False]


EARLY = Trust("early", date(2026, 4, 10), "item", 20, 3.55, 0.95, members=339)
LATE = Trust("late", date(2027, 4, 10), "item", 20, 3.25, 0.85, members=430)


def test_a_community_that_grew_while_trust_fell_is_told_so() -> None:
    assert divergence([EARLY, LATE]) == Divergence("early", "late", (430 - 343) / 343, -0.3)


@pytest.mark.parametrize(
    "waves",
    [
        [],
        [LATE],
        [EARLY, replace(LATE, mean=3.55)],
        [EARLY, replace(LATE, mean=3.52)],
        [EARLY, replace(LATE, item="in other words")],
        [EARLY, replace(LATE, members=350)],
        [EARLY, replace(LATE, members=None)],
        [replace(EARLY, members=None), LATE],
    ],
)
def test_otherwise_nothing_is_said(waves: list[Trust]) -> None:
    assert divergence(waves) is None


def test_trust_is_compared_with_the_last_wave_of_the_same_words() -> None:
    between = replace(EARLY, wave="between", item="in other words", mean=1.0)
    assert divergence([EARLY, between, LATE]) == divergence([EARLY, LATE])


def test_beside_a_wave_stands_the_size_that_was_known_when_it_closed() -> None:
    known = sizes((40, None), (50, None))  # ends of March and of June
    waves = [replace(EARLY, members=None, closed_on=date(2026, *day)) for day in ((3, 31), (4, 1), (8, 1))]
    assert [wave.members for wave in beside(waves, known)] == [None, 40, 50]


def test_months_that_are_not_told_are_left_out() -> None:
    months: list[tuple[str, int | None]] = [(f"m{number}", 10 if number < 8 else 20) for number in range(16)]
    [(period, change)] = turning_points([*months[:3], ("withheld", None), *months[3:]])
    assert (period, change.before, change.after) == ("m8", 10, 20)


@pytest.fixture
def poll(guild: Guild, clock: SettableClock) -> Poll:
    return Poll(guild, clock)


def read(poll: Poll) -> Any:
    return done(poll.guild.get(poll.guild.in_guild("course"), token=poll.tokens["member0"]), 200)


@on_both_databases
def test_size_and_trust_stand_beside_each_other(poll: Poll, clock: SettableClock) -> None:
    clock.now = clock.now.replace(year=2027, month=3, day=1)
    people = poll.people(10)
    survey = poll.survey()
    nothing = read(poll)
    assert (nothing["size"], nothing["trust"], nothing["divergence"]) == ([], [], None)
    for at, means in (((2027, 4, 5), [4] * 10), ((2027, 7, 5), [3] * 10)):
        clock.now = clock.now.replace(year=at[0], month=at[1], day=at[2])
        settle(poll.guild, clock)
        wave = poll.open(survey)
        poll.everybody(wave, people, means)
        poll.close(wave)
        if at[1] == 4:
            poll.people(5, prefix="new")
    told = read(poll)
    assert [(each["period"], each["members"]) for each in told["size"]] == [("2027-Q1", 10), ("2027-Q2", 15)]
    assert [(each["mean"], each["members"], each["n"]) for each in told["trust"]] == [(4.0, 10, 10), (3.0, 15, 10)]
    assert (told["divergence"]["growth"], told["divergence"]["change"]) == (1 / 14, -1.0), "of fourteen at most"
    assert told["divergence"]["until"] == told["trust"][-1]["wave"]
    assert not any(each["sure"] for each in told["size"])


def test_too_few_answers_about_trust_are_not_in_the_course(poll: Poll, clock: SettableClock) -> None:
    people = poll.people(6)
    wave = poll.open()
    poll.everybody(wave, people[:4], [4] * 4)
    poll.close(wave)
    assert read(poll)["trust"] == []
