"""What is kept is looked at again under other rules: first it is said what would be otherwise, then it is so, once."""

from typing import Any

import pytest

from app.sources.keeping import drop_old
from tests.app.guild import Guild, done, refused
from tests.app.issuers.conftest import runtime_of
from tests.app.sources import told
from tests.app.sources.listening import Platform, listen
from tests.app.sources.test_awards import ask, sender, states, take_back
from tests.app.sources.test_looking import CALLS, called, came_to, linked, looked, merged, types
from tests.app.sources.test_rules import OURS, put
from tests.service import ADMIN_TOKEN, on_both_databases
from tests.stand_ins import SettableClock


@pytest.fixture
def github(guild: Guild, clock: SettableClock) -> Platform:
    return listen(guild, clock, "github")


def replay(source: Platform, **body: Any) -> dict[str, Any]:
    """What would be otherwise; with `apply` as well, after it has been looked at."""
    which = {name: value for name, value in body.items() if name not in {"apply", "take_back"}}
    found = done(source.guild.post(source.at("/replay"), which), 200)
    if "apply" in body:
        applied = done(source.guild.post(source.at("/replay"), body | {"diff": found["diff"]}), 200)
        assert applied == found | {"applied": True}
        looked(source.guild)
    return found


def audited(guild: Guild) -> int:
    """How many things the journal tells of."""
    return int(done(guild.get(guild.in_guild("audit/verify"), token=ADMIN_TOKEN), 200)["events"])


def changes(found: dict[str, Any]) -> list[tuple[str, str | None]]:
    return sorted((one["change"], one["type"]) for one in found["differences"])


def test_a_replay_under_the_same_rules_changes_nothing(guild: Guild, github: Platform) -> None:
    merged(github)
    looked(guild)
    for _ in range(3):
        found = replay(github, apply=True, take_back=True)
        assert (found["deliveries"], found["unchanged"], found["differences"]) == (1, 1, [])
    assert types(guild) == ["co_creating"]
    assert came_to(github) == [["recorded"]]


@on_both_databases
def test_what_a_delivery_once_did_is_told_however_often_it_is_looked_at_again(
    guild: Guild, clock: SettableClock
) -> None:
    achievement = guild.achievement()["id"]
    guild.member("ana")
    guild.member("bo")
    platform = sender(guild, clock, achievement)
    ask(platform, achievement, {"member": "ana"}, id="offered")
    ask(platform, achievement, {"account": "nobody-yet"}, id="parked")
    ask(platform, achievement, {"member": "ana"}, id="again")
    ask(platform, achievement, {"member": "nobody"}, id="refused")
    take_back(platform, id="taken-back")
    ask(platform, achievement, {"member": "bo"}, id="past")
    before = [each["came_to"] for each in platform.deliveries()]
    for _ in range(2):
        assert replay(platform, apply=True)["changes"] == 0
    after = [each["came_to"] for each in platform.deliveries()]
    assert came_to(platform)[:2] == [["offered"], ["parked"]]
    assert sorted(came_to(platform)[4]) == ["revoked", "withdrawn"]
    assert came_to(platform)[5] == ["past"]
    assert [[each["did"] for each in one] for one in (after[0], after[1], after[4])] == [
        [each["did"] for each in one] for one in (before[0], before[1], before[4])
    ]


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
    assert replay(github, since="2026-01-01T00:00:00Z", until="2026-01-02T00:00:00Z")["deliveries"] == 0


def test_older_ones_are_reached_from_the_newest(guild: Guild, github: Platform, clock: SettableClock) -> None:
    for number in range(203):
        merged(github, f"d{number}")
        clock.forward(seconds=1)
    looked(guild)
    newest = replay(github)
    assert (newest["deliveries"], replay(github, until=newest["oldest"])["deliveries"]) == (200, 4)
    assert replay(github, until=newest["oldest"])["oldest"] is None


AWARD = {
    "id": "our-badge",
    "discussion": "https://forum.example/t/8",
    "match": {"event": "pull_request", "action": "closed", "when": [{"eq": ["$.pull_request.merged", True]}]},
    "to": {"person": "$.pull_request.user.login"},
    "external_id": "merged:{$.pull_request.node_id}",
    "occurred_at": "$.pull_request.merged_at",
}


@on_both_databases
def test_badges_that_would_be_awarded_or_taken_back_are_said_first(guild: Guild, clock: SettableClock) -> None:
    achievement = guild.achievement()["id"]
    linked(guild, "ana", "github", "ana-fictional")
    github = listen(guild, clock, "github", policy={"achievements": [achievement]})
    merged(github)
    looked(guild)
    undo = {"undo_on": {"event": "pull_request", "action": "reopened", "as_of": "$.pull_request.updated_at"}}
    put(guild, github, {"award": [AWARD | {"achievement": achievement}]})
    before = audited(guild)
    found = replay(github)
    assert [(one["change"], one["achievement"], one["credential"]) for one in found["differences"]] == [
        ("offered", achievement, None)
    ]
    assert (states(guild), audited(guild)) == ([], before + 1), "but for that it was looked at, nothing has happened"
    replay(github, apply=True)
    assert states(guild) == ["offered"]
    assert replay(github)["differences"] == []
    reopened = told.closed() | {"action": "reopened"}
    reopened["pull_request"]["updated_at"] = "2026-06-01T00:00:00Z"
    github.tell(reopened, x_github_event="pull_request", x_github_delivery="d2")
    looked(guild)
    put(guild, github, {"award": [AWARD | {"achievement": achievement} | undo]})
    assert [one["change"] for one in replay(github, apply=True)["differences"]] == ["revoked"]
    assert states(guild) == ["lapsed"]


def test_what_was_undone_since_is_not_announced_as_new(guild: Guild, github: Platform) -> None:
    github.tell(told.answered(), x_github_event="discussion", x_github_delivery="d1")
    looked(guild)
    github.tell(told.unanswered(), x_github_event="discussion", x_github_delivery="d2")
    looked(guild)
    assert types(guild) == []
    assert replay(github, apply=True)["differences"] == []
    assert types(guild) == []


def meeting(zoom: Platform, guests: int) -> None:
    zoom.tell(told.ended())
    for number in range(guests):
        zoom.tell(told.came(f"guest{number}"))
    looked(zoom.guild)


@on_both_databases
def test_gatherings_are_put_together_anew_in_the_look_before(guild: Guild, clock: SettableClock) -> None:
    zoom = listen(guild, clock, "zoom")
    meeting(zoom, guests=2)
    assert types(guild) == []
    [shipped] = done(guild.call("GET", zoom.at("/rules/0")), 200)["rules"]["gathering"]
    put(guild, zoom, {"gathering": [shipped | {"least_guests": 2}]})
    new = [("new", "attending")] * 2 + [("new", "hosting")]
    assert changes(replay(zoom, apply=True)) == new
    assert sorted(types(guild)) == ["attending", "attending", "hosting"]
    assert replay(zoom)["unchanged"] == 3
    put(guild, zoom, {"without": ["zoom-meeting"]})
    one = zoom.deliveries()[0]["id"]
    assert changes(replay(zoom, deliveries=[one])) == [], "of a part of it nothing is sure"
    assert changes(replay(zoom, apply=True, take_back=True)) == [("gone", type) for _, type in new]
    assert types(guild) == []
    put(guild, zoom, {"gathering": [shipped | {"id": "our-meeting", "least_guests": 2}], "without": ["zoom-meeting"]})
    assert changes(replay(zoom, apply=True)) == new
    assert sorted(types(guild)) == ["attending", "attending", "hosting"]


def test_of_a_large_delivery_all_that_would_be_gone_is_said(guild: Guild, github: Platform) -> None:
    commit = told.pushed()["commits"][0]
    body = told.pushed() | {"commits": [commit | {"id": f"c{number}"} for number in range(300)]}
    github.tell(body, x_github_event="push")
    looked(guild)
    [delivery] = github.deliveries()
    assert len(delivery["came_to"]) == 200
    put(guild, github, {"without": ["github-push-docs"]})
    assert changes(replay(github, apply=True, take_back=True)) == [("gone", "documenting")] * 300
    assert types(guild) == []


def test_only_what_was_shown_is_applied(guild: Guild, github: Platform) -> None:
    merged(github)
    looked(guild)
    put(guild, github, {"rule": [OURS]})
    seen = replay(github)["diff"]
    refused(guild.post(github.at("/replay"), {"apply": True}), 409, "replay-changed")
    put(guild, github, {"rule": [OURS | {"type": "organising"}]})
    refused(guild.post(github.at("/replay"), {"apply": True, "diff": seen}), 409, "replay-changed")
    looked(guild)
    assert types(guild) == ["co_creating"]


@on_both_databases
def test_what_could_not_be_looked_at_is_not_applied(guild: Guild, clock: SettableClock) -> None:
    achievement = guild.achievement()["id"]
    generic = listen(guild, clock, "generic", policy={"achievements": []})
    for asked in (101, 1):
        data = {"achievement": achievement, "external_id": "course-7"}
        recipients = [{"email": f"guest{number}-of-{asked}@people.example"} for number in range(asked)]
        body = [{"type": "award.requested", "data": data | {"recipient": each}} for each in recipients]
        generic.tell(body, id=f"m{asked}")
    looked(guild)
    policy, version = {"achievements": [achievement]}, guild.call("GET", generic.at()).headers["etag"]
    done(guild.call("PATCH", generic.at(), {"policy": policy}, if_match=version), 200)
    found = replay(generic, apply=True)
    assert (found["deliveries"], found["unreadable"]) == (2, 1)
    assert [one["change"] for one in found["differences"]] == ["offered"]
    assert states(guild) == ["offered"]


def test_a_replay_that_asks_for_much_is_cut_where_it_is_enough(guild: Guild, clock: SettableClock) -> None:
    generic = listen(guild, clock, "generic")
    for number in range(3):
        data = {"achievement": "11111111-1111-4111-8111-111111111111", "external_id": f"course-{number}"}
        body = [{"type": "award.requested", "data": data | {"recipient": {"member": f"m{each}"}}} for each in range(80)]
        generic.tell(body, id=f"m{number}")
        clock.forward(seconds=1)
    looked(guild)
    newest = replay(generic)
    assert (newest["deliveries"], newest["unreadable"]) == (2, 0)
    older = replay(generic, until=newest["oldest"])
    assert (older["deliveries"], older["oldest"]) == (2, None)


def test_what_gatherings_come_to_under_other_rules_than_were_shown_does_not_happen(
    guild: Guild, clock: SettableClock
) -> None:
    calls = listen(guild, clock, "generic")
    put(guild, calls, {"gathering": [CALLS | {"least_guests": 3}]})
    calls.tell([*(called("joined", "17:00", who=who) for who in ("bo", "cy")), called("ended", "18:00")])
    looked(guild)
    put(guild, calls, {"gathering": [CALLS]})
    found = done(guild.post(calls.at("/replay"), {}), 200)
    assert found["changes"] > 0
    done(guild.post(calls.at("/replay"), {"apply": True, "diff": found["diff"]}), 200)
    put(guild, calls, {"gathering": [CALLS | {"least_guests": 1}]})
    looked(guild)
    assert types(guild) == []
    assert "other rules" in calls.deliveries()[0]["came_to"][-1]["why"]


def test_under_rules_that_were_set_after_it_was_shown_nothing_happens(guild: Guild, github: Platform) -> None:
    merged(github)
    looked(guild)
    before = came_to(github)[0]
    put(guild, github, {"rule": [OURS]})
    seen = replay(github)["diff"]
    done(guild.post(github.at("/replay"), {"apply": True, "diff": seen}), 200)
    put(guild, github, {"rule": [OURS | {"type": "organising"}]})
    looked(guild)
    assert types(guild) == ["co_creating"]
    assert came_to(github) == [[*before, "refused"]]
