"""Platforms take back what they have awarded: all under an id or what they name, in whatever order it is told."""

from datetime import timedelta
from typing import Any

import pytest

from tests.app.guild import Guild
from tests.app.sources.listening import Platform
from tests.app.sources.test_awards import STACKABLE, ask, credentials, sender, states, take_back
from tests.app.sources.test_looking import came_to, linked
from tests.service import on_both_databases
from tests.stand_ins import SettableClock


@pytest.fixture
def achievement(guild: Guild) -> str:
    id: str = guild.achievement()["id"]
    return id


@on_both_databases
def test_an_award_is_taken_back_in_whatever_order_it_is_told(
    guild: Guild, clock: SettableClock, achievement: str
) -> None:
    guild.member("ana")
    platform = sender(guild, clock, achievement, consent="given")
    ask(platform, achievement, {"member": "ana"}, consent="given")
    take_back(platform)
    take_back(platform, id="r2")
    assert states(guild) == ["revoked"]
    ask(platform, achievement, {"member": "ana"}, id="m2", consent="given")
    assert states(guild) == ["revoked"]
    assert came_to(platform) == [["issued"], ["revoked"], ["duplicate"], ["past"]]
    early = sender(guild, clock, achievement)
    take_back(early)
    ask(early, achievement, {"member": "ana"})
    assert states(guild) == ["revoked"]


def test_an_offer_that_is_taken_back_lapses(guild: Guild, clock: SettableClock, achievement: str) -> None:
    guild.member("ana")
    platform = sender(guild, clock, achievement)
    ask(platform, achievement, {"member": "ana"})
    take_back(platform)
    assert states(guild) == ["lapsed"]


@pytest.fixture
def two(guild: Guild, clock: SettableClock) -> tuple[Platform, list[str]]:
    """A platform that may award either of two to Ana, who has an account there, and to Bo."""
    linked(guild, "ana", "generic", "ana-there")
    guild.member("bo")
    ids = [guild.achievement(name=name, policy=STACKABLE)["id"] for name in ("One", "Other")]
    return sender(guild, clock, ids[0], achievements=ids), ids


BOTH: list[tuple[int, dict[str, str]]] = [
    (0, {"account": "ana-there"}), (1, {"account": "ana-there"}), (0, {"member": "bo"}), (1, {"member": "bo"}),
]  # fmt: skip
NARROWED: list[tuple[dict[str, Any], list[bool]]] = [
    ({}, [False, False, False, False]),
    ({"achievement": 1}, [True, False, True, False]),
    ({"recipient": {"account": "Ana-There"}}, [False, False, True, True]),
    ({"recipient": {"member": "ana"}}, [False, False, True, True]),
    ({"recipient": {"member": "bo"}, "achievement": 0}, [True, True, False, True]),
    ({"recipient": {"member": "nobody"}}, [True, True, True, True]),
]


def narrower(ids: list[str], said: dict[str, Any]) -> dict[str, Any]:
    return said | ({"achievement": ids[said["achievement"]]} if "achievement" in said else {})


@pytest.mark.parametrize(("said", "stays"), NARROWED)
@pytest.mark.parametrize("told_first", [False, True])
def test_what_is_taken_back_is_what_is_named_and_nothing_else(
    guild: Guild, two: tuple[Platform, list[str]], said: dict[str, Any], stays: list[bool], *, told_first: bool
) -> None:
    platform, ids = two
    if told_first:
        take_back(platform, **narrower(ids, said))
    for number, (achievement, recipient) in enumerate(BOTH):
        ask(platform, ids[achievement], recipient, id=f"m{number}")
    if not told_first:
        take_back(platform, **narrower(ids, said))
        assert [state == "offered" for state in reversed(states(guild))] == stays
        return
    assert came_to(platform)[1:] == [["offered"] if stay else ["past"] for stay in stays]


def test_what_is_awarded_after_that_stands(guild: Guild, two: tuple[Platform, list[str]]) -> None:
    platform, ids = two
    take_back(platform, at="2026-01-01T00:00:00Z", recipient={"member": "ana"})
    ask(platform, ids[0], {"account": "ana-there"})
    take_back(platform, at="2026-01-01T12:00:00Z", id="r2")
    assert came_to(platform) == [["undone"], ["offered"], ["past"]]
    assert [each["state"] for each in credentials(guild)] == ["offered"]


def test_what_was_taken_back_from_an_account_is_so_once_it_is_linked_also_by_another_name(
    guild: Guild, clock: SettableClock, achievement: str
) -> None:
    platform = sender(guild, clock, achievement)
    take_back(platform, recipient={"account": "ana-there"})
    linked(guild, "ana", "generic", "ana-there")
    ask(platform, achievement, {"member": "ana"})
    guild.member("bo")
    ask(platform, achievement, {"member": "bo"}, id="m2")
    assert came_to(platform) == [["undone"], ["past"], ["offered"]]


def test_a_platform_whose_clock_is_ahead_can_take_back_what_it_awarded(
    guild: Guild, clock: SettableClock, two: tuple[Platform, list[str]]
) -> None:
    platform, ids = two
    ask(platform, ids[0], {"member": "bo"}, at="2099-01-01T00:00:00Z")
    clock.forward(minutes=1)
    take_back(platform, at=clock().isoformat())
    assert states(guild) == ["lapsed"]
    later = clock() + timedelta(days=900)
    take_back(platform, at=later.isoformat(), id="r2", recipient={"member": "ana"})
    clock.forward(minutes=1)
    ask(platform, ids[0], {"member": "ana"}, id="m2", at=clock().isoformat())
    assert came_to(platform)[-1] == ["offered"]
