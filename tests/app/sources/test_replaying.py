"""What is kept is looked at again under other rules: first it is said what would be otherwise, then it is so, once."""

from typing import Any

import pytest

from app.sources.keeping import drop_old
from tests.app.guild import Guild, done
from tests.app.issuers.conftest import runtime_of
from tests.app.sources import told
from tests.app.sources.listening import Platform, listen
from tests.app.sources.test_looking import came_to, looked, merged, types
from tests.app.sources.test_rules import OURS, put
from tests.stand_ins import SettableClock


@pytest.fixture
def github(guild: Guild, clock: SettableClock) -> Platform:
    return listen(guild, clock, "github")


def replay(github: Platform, **body: Any) -> dict[str, Any]:
    found = done(github.guild.post(github.at("/replay"), body), 200)
    looked(github.guild)
    return found


def test_a_replay_under_the_same_rules_changes_nothing(guild: Guild, github: Platform) -> None:
    merged(github)
    looked(guild)
    for _ in range(3):
        found = replay(github, apply=True, take_back=True)
        assert (found["deliveries"], found["unchanged"], found["differences"]) == (1, 1, [])
    assert types(guild) == ["co_creating"]
    assert came_to(github) == [["duplicate"]]


def test_what_would_be_otherwise_is_said_first(guild: Guild, github: Platform) -> None:
    merged(github)
    looked(guild)
    put(guild, github, {"rule": [OURS], "without": ["github-pull-request-merged"]})
    found = replay(github)
    assert sorted((one["change"], one["type"]) for one in found["differences"]) == [
        ("gone", "co_creating"),
        ("new", "gardening"),
    ]
    assert types(guild) == ["co_creating"]
    replay(github, apply=True)
    assert sorted(types(guild)) == ["co_creating", "gardening"]


def test_what_would_not_be_any_more_is_taken_back_if_that_is_wanted(guild: Guild, github: Platform) -> None:
    merged(github)
    looked(guild)
    put(guild, github, {"without": ["github-pull-request-merged"]})
    replay(github, apply=True, take_back=True)
    assert types(guild) == []
    put(guild, github, {})
    replay(github, apply=True)
    assert types(guild) == ["co_creating"]


def test_only_what_is_chosen_is_looked_at(guild: Guild, github: Platform, clock: SettableClock) -> None:
    merged(github, merged=False)
    looked(guild)
    [first] = github.deliveries()
    clock.forward(days=1)
    github.tell(told.answered(), x_github_event="discussion")
    looked(guild)
    assert replay(github)["deliveries"] == 2
    assert replay(github, deliveries=[first["id"]])["deliveries"] == 1
    assert replay(github, since=clock().isoformat().replace("+00:00", "Z"))["deliveries"] == 1
    clock.forward(days=40)
    drop_old(runtime_of(guild), clock())
    assert replay(github)["deliveries"] == 0
