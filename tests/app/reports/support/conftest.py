"""A community with something to report."""

from datetime import timedelta

import pytest

from tests.app.contributions.routes import of
from tests.app.guild import Guild
from tests.app.reports.support.routes import made
from tests.stand_ins import SettableClock

PEOPLE = ("ana", "bo", "cy", "di", "eli", "flo")


@pytest.fixture
def reported(guild: Guild, clock: SettableClock) -> Guild:
    """Six people who did something last quarter, and the report of it."""
    busy(guild, clock)
    over(guild, clock)
    return guild


def busy(guild: Guild, clock: SettableClock) -> None:
    """Six people do something on the first day of a quarter."""
    clock.now = clock.now.replace(year=2027, month=1, day=1, hour=9)
    for handle in PEOPLE:
        guild.member(handle)
        of(guild, handle, occurred_at=f"{clock.now:%Y-%m-%dT%H:%M:%SZ}")


def over(guild: Guild, clock: SettableClock) -> None:
    """Waits until the quarter is over, and its figures and its report are out."""
    clock.now = clock.now.replace(year=2027, month=4, day=3, hour=9)
    made(guild)


def later(clock: SettableClock, days: int) -> None:
    clock.now += timedelta(days=days)
