"""The life of a nomination as a table, its clocks, and what the journal says of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.achievements.rules import Policy
from app.kit.errors import InvalidTransition
from app.nominations.rules import (
    BY_ITSELF,
    CLOSED,
    DECIDED_AGAINST,
    NEXT,
    ON_LAPSE,
    OPEN,
    Act,
    Clock,
    Lapse,
    State,
    after,
    allowed_from,
    paused,
    period_of,
    present,
    replayed,
    settled,
    window,
)

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
DAY = timedelta(days=1)
TERMINAL = {State.issued, State.refused, State.withdrawn, State.expired, State.merged}

STEPS = {
    "T2": ("draft", "submit", "submitted"),
    "T2b": ("draft", "merge", "merged"),
    "T3": ("submitted", "second", "submitted"),
    "T3, quorum": ("submitted", "suffice", "seconded"),
    "T4": ("seconded", "fall_short", "submitted"),
    "T5": ("seconded", "start_review", "under_review"),
    "T6": ("under_review", "ask", "needs_info"),
    "T6, answered": ("needs_info", "answer", "under_review"),
    "T7": ("under_review", "approve", "approved"),
    "T8, not yet": ("under_review", "postpone", "not_yet"),
    "T8, declined": ("under_review", "decline", "declined"),
    "T9": ("approved", "offer", "offered"),
    "T10, yes": ("offered", "accept", "accepted"),
    "T10, no": ("offered", "refuse", "refused"),
    "T11": ("accepted", "issue", "issued"),
    "T12": ("accepted", "accept", "accepted"),
    "T13": ("under_review", "withdraw", "withdrawn"),
    "T14": ("offered", "hold", "held"),
    "T15, declined": ("declined", "appeal", "appealed"),
    "T15, not yet": ("not_yet", "appeal", "appealed"),
    "T16, approved": ("appealed", "approve", "approved"),
    "T16, declined": ("appealed", "decline", "declined"),
    "T17": ("submitted", "expire", "expired"),
}


@pytest.mark.parametrize("name", STEPS)
def test_every_step_of_the_state_table_is_taken(name: str) -> None:
    state, act, then = STEPS[name]
    assert after(State(state), Act(act)) is State(then)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("act", Act)
def test_every_other_step_is_refused_with_those_that_are_allowed(state: State, act: Act) -> None:
    if (state, act) in NEXT:
        return
    with pytest.raises(InvalidTransition) as refusal:
        after(state, act)
    assert refusal.value.members == {"allowed": allowed_from(state)}
    people_may = {a.value for s, a in NEXT if s is state} - {a.value for a in BY_ITSELF}
    assert set(allowed_from(state)) == people_may | ({"release"} if state is State.held else set())


@pytest.mark.parametrize("state", sorted(TERMINAL))
def test_what_has_ended_stays_ended(state: State) -> None:
    assert not [act for now, act in NEXT if now is state]


def test_what_was_decided_against_leads_on_by_an_appeal_alone() -> None:
    for state in DECIDED_AGAINST:
        assert [act for now, act in NEXT if now is state] == [Act.appeal]


def test_every_state_is_a_draft_or_open_or_closed() -> None:
    assert {State.draft} | OPEN | CLOSED == set(State)
    assert not OPEN & CLOSED


@pytest.mark.parametrize("state", [s for s in State if (s, Act.hold) in NEXT])
def test_what_was_held_goes_back_to_where_it_was(state: State) -> None:
    assert after(State.held, Act.release, held_from=state) is state


def test_the_clocks_are_those_of_the_policy() -> None:
    days = {state: window(state, Policy()) for state in State}
    assert {state.value: span.days for state, span in days.items() if span} == {
        "draft": 60, "submitted": 30, "seconded": 7, "under_review": 21, "needs_info": 14, "held": 14, "offered": 60,
        "appealed": 21,
    }  # fmt: skip


def test_whatever_has_a_clock_says_what_follows() -> None:
    assert {state for state in State if window(state, Policy())} == set(ON_LAPSE)


@pytest.mark.parametrize("state", sorted(ON_LAPSE))
def test_a_deadline_is_over_at_its_very_instant(state: State) -> None:
    end = NOW + DAY
    assert present(state, deadline=end, now=end - timedelta(microseconds=1)) is state
    later = present(state, deadline=end, now=end)
    assert (later is State.expired) is (ON_LAPSE[state] is Lapse.expire)


def test_a_clock_that_goes_on_has_what_was_left() -> None:
    clock = Clock.started(State.submitted, Policy(), NOW, left=3 * DAY)
    assert clock is not None
    assert (clock.since, clock.deadline) == (NOW, NOW + 3 * DAY)
    assert clock.since < clock.remind_at < clock.deadline


@pytest.mark.parametrize(
    ("breaks", "days"),
    [
        ([], 30),
        ([(5, 10)], 35),
        ([(-5, 10)], 40),
        ([(-5, -1)], 30),
        ([(29, 40)], 41),
        ([(30, 40)], 30),
        ([(5, 10), (33, 40)], 42),
    ],
)
def test_a_break_stops_the_clock(breaks: list[tuple[int, int]], days: int) -> None:
    spans = [(NOW + begin * DAY, NOW + end * DAY) for begin, end in breaks]
    assert paused(NOW + 30 * DAY, NOW, spans) == NOW + days * DAY


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(1, 30)), max_size=5))
def test_breaks_never_shorten_and_never_add_more_than_they_last(given: list[tuple[int, int]]) -> None:
    at, spans = NOW, []
    for gap, length in given:
        begin = at + gap * DAY
        at = begin + length * DAY
        spans.append((begin, at))
    later = paused(NOW + 30 * DAY, NOW, spans) - (NOW + 30 * DAY)
    assert timedelta(0) <= later <= sum((end - begin for begin, end in spans), timedelta(0))


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        (["offered", "issued"], None),
        (["issued"], "issued"),
        (["refused"], "refused"),
        (["refused", "issued"], "issued"),
        (["refused", "expired"], "expired"),
        (["accepted", "issued"], "accepted"),
        (["held", "issued"], None),
    ],
)
def test_a_team_is_settled_once_everybody_is(answers: list[str], outcome: str | None) -> None:
    assert settled(State(answer) for answer in answers) == outcome


@pytest.mark.parametrize(
    ("period", "month", "named"),
    [("none", 1, ""), ("year", 5, "2026"), ("quarter", 3, "2026Q1"), ("quarter", 4, "2026Q2")],
)
def test_a_period_has_a_name(period: Any, month: int, named: str) -> None:
    policy = Policy(stackable=period != "none", period=period)
    assert period_of(policy, datetime(2026, month, 28, tzinfo=UTC)) == named


def event(begin: str, end: str, version: int) -> dict[str, Any]:
    return {"from": begin, "to": end, "version": version, "deadline": None}


def test_the_journal_alone_says_where_a_nomination_is() -> None:
    told = [
        event("draft", "draft", 1),
        event("draft", "submitted", 2),
        {"seconds": 1},
        event("submitted", "expired", 3),
    ]
    assert replayed(told) == {"state": "expired", "version": 3, "deadline": None}


@pytest.mark.parametrize("gap", [event("seconded", "under_review", 3), event("submitted", "seconded", 4)])
def test_a_journal_with_a_gap_is_noticed(gap: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="the journal goes from"):
        replayed([event("draft", "draft", 1), event("draft", "submitted", 2), gap])
