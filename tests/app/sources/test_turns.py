"""Sources take turns, and what one of them tells holds up no other, whatever is wrong with it."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import col

from app.kit.database import write_session
from app.kit.lanes import Going
from app.members.service import community_by_slug
from app.sources import service
from app.sources.applying import source_and_community
from app.sources.receiving.calls import Answer, Call
from app.sources.tables import Inbound, Source
from app.sources.taking import Asked, line
from app.sources.turns import AT_ONCE, LEASE, TRIES, Turn, look_into_deliveries
from tests.app.guild import Guild
from tests.app.issuers.conftest import runtime_of
from tests.app.sources import told
from tests.app.sources.listening import Platform, listen
from tests.app.sources.signing import body_of
from tests.app.sources.test_looking import came_to, looked, merged, types
from tests.service import on_both_databases
from tests.stand_ins import SettableClock

on_postgresql = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


class Passing(Going):
    """Time that passes by a step each time that somebody looks at it; by default it stands still."""

    def __init__(
        self, began: datetime, step: timedelta = timedelta(0), meanwhile: Callable[[datetime], None] | None = None
    ) -> None:
        self._now, self._step, self._meanwhile = began, step, meanwhile

    def now(self) -> datetime:
        self._now += self._step
        if self._meanwhile is not None:
            self._meanwhile(self._now)
        return self._now


def turn(platform: Platform, time: Going | None = None) -> Turn:
    """A turn that a worker of its own takes now."""
    now = platform.clock()
    return Turn(runtime_of(platform.guild), UUID(platform.id), now, time or Passing(now))


def states(platform: Platform) -> list[str]:
    """Oldest first."""
    return [each["state"] for each in reversed(platform.deliveries())]


@on_postgresql
def test_deliveries_are_taken_while_their_source_is_looked_at_or_changed(guild: Guild, clock: SettableClock) -> None:
    github, runtime = listen(guild, clock, "github"), runtime_of(guild)
    with write_session(runtime.engine) as session:
        source_and_community(session, UUID(github.id))
        merged(github, "d1")
    with write_session(runtime.engine) as session:
        service.source_of(session, community_by_slug(session, guild.slug), github.id, lock=True).name = "Another"
        session.flush()
        merged(github, "d2")
    assert states(github) == ["waiting", "waiting"]


def test_a_source_whose_secret_cannot_be_opened_fails_alone(guild: Guild, clock: SettableClock) -> None:
    well, ill, runtime = listen(guild, clock, "github"), listen(guild, clock, "github"), runtime_of(guild)
    with write_session(runtime.engine) as session:
        session.execute(sa.update(Source).where(col(Source.id) == UUID(ill.id)).values(secret=b"not as it was sealed"))
    raw = body_of(told.closed())
    asked = [Asked(each.id, Call(raw, each.headers(raw)), clock()) for each in (well, ill, well)]

    async def at_once() -> Sequence[Answer | BaseException]:
        return await asyncio.gather(*(line.done(runtime, each) for each in asked), return_exceptions=True)

    found = asyncio.run(at_once())
    assert [isinstance(each, Answer) for each in found] == [True, False, True]
    assert states(well) == ["waiting"]


@on_both_databases
def test_who_tells_much_delays_nobody(guild: Guild, clock: SettableClock) -> None:
    much, little = listen(guild, clock, "github"), listen(guild, clock, "github")
    for number in range(2 * AT_ONCE + 1):
        merged(much, f"d{number}")
    merged(little)
    assert look_into_deliveries(runtime_of(guild), clock()) == AT_ONCE + 1
    assert states(little) == ["done"]
    assert states(much).count("waiting") == AT_ONCE + 1


@on_both_databases
def test_at_one_source_is_one_worker_at_a_time(guild: Guild, clock: SettableClock) -> None:
    github = listen(guild, clock, "github")
    merged(github, "d1")
    assert len(turn(github).claim()) == 1  # by one who then dies over it
    merged(github, "d2")
    assert turn(github).take() == 0
    clock.now += LEASE
    assert turn(github).take() == 2
    assert states(github) == ["done", "done"]


def test_what_a_worker_is_at_stays_its_own_for_as_long_as_that_takes(guild: Guild, clock: SettableClock) -> None:
    github = listen(guild, clock, "github")
    for number in range(AT_ONCE):
        merged(github, f"d{number}")
    claimed = turn(github).claim()

    def another_looks(now: datetime) -> None:
        clock.now = now
        assert turn(github).claim() == []

    slow = turn(github, Passing(clock(), LEASE / 4, another_looks))
    slow.look_into(claimed)
    assert states(github) == ["done"] * AT_ONCE


@on_both_databases
def test_a_worker_that_comes_too_late_changes_nothing(guild: Guild, clock: SettableClock) -> None:
    github = listen(guild, clock, "github")
    merged(github)
    late = turn(github)
    first = late.claim()
    clock.now += LEASE
    second = turn(github)
    again = second.claim()
    late.look_into(first)
    assert types(guild) == []
    assert states(github) == ["waiting"]
    second.look_into(again)
    late.look_into(first)
    assert came_to(github) == [["recorded"]]


@on_both_databases
def test_what_workers_die_of_is_given_up_and_takes_nothing_along(guild: Guild, clock: SettableClock) -> None:
    github, runtime = listen(guild, clock, "github"), runtime_of(guild)
    merged(github, "deadly")
    merged(github, "harmless")
    for _ in range(TRIES):
        assert turn(github).claim()[0].delivery_id == "deadly"
        clock.now += LEASE
    looked(guild)
    assert states(github) == ["given_up", "done"]
    [came] = github.deliveries()[1]["came_to"]
    assert (came["did"], came["why"]) == (
        "refused", "the worker ended each time that it looked into this; it can be replayed",
    )  # fmt: skip
    with write_session(runtime.engine) as session:
        assert session.scalar(sa.select(sa.func.max(Inbound.attempts))) == TRIES + 1
