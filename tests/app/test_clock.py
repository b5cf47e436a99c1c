"""A clock far off: nothing is dated by it."""

from datetime import UTC, datetime

import pytest
from fastapi.testclient import TestClient

from app.main import ClockBehind, create_app
from app.settings import Settings
from tests.app.guild import Guild, refused
from tests.stand_ins import SettableClock


@pytest.mark.parametrize("year", [1, 1960, 2201, 9999])
def test_with_an_impossible_clock_nothing_is_awarded(client: TestClient, clock: SettableClock, year: int) -> None:
    guild = Guild(client).found()
    host = guild.achievement()
    clock.now = datetime(year, 6, 1, tzinfo=UTC)
    refused(guild.award(host, {"did": "did:example:bo"}, consent="given"), 503, "clock-wrong")
    clock.now = datetime(2026, 12, 1, tzinfo=UTC)
    assert guild.get(guild.in_guild("credentials"), token=None).status_code == 401
    assert guild.call("GET", guild.in_guild("credentials")).json()["items"] == []


def test_a_service_whose_clock_went_back_does_not_start(settings: Settings, clock: SettableClock) -> None:
    with TestClient(create_app(settings, clock=clock)) as client:
        Guild(client).found()
    clock.forward(days=-1)
    with pytest.raises(ClockBehind), TestClient(create_app(settings, clock=clock)):
        pass


def test_two_clocks_may_disagree_by_minutes(settings: Settings, clock: SettableClock) -> None:
    with TestClient(create_app(settings, clock=clock)) as client:
        Guild(client).found()
    clock.forward(minutes=-4)
    with TestClient(create_app(settings, clock=clock)) as client:
        assert client.get("/health/ready").status_code == 200
