"""Which types of contributions there are, and what communities add to them."""

from collections import Counter
from typing import Any

import pytest

from app.contributions import kinds
from app.contributions.kinds import Meaning
from app.contributions.rules import CareArea, Loop, Mode, Potential
from app.contributions.taxonomy import shipped
from app.kit.database import write_session
from app.kit.occasions import Occasion
from app.members.service import community_by_slug
from tests.app.guild import Guild, done, refused
from tests.app.issuers.conftest import runtime_of
from tests.service import ADMIN_TOKEN, on_both_databases
from tests.stand_ins import THEN, SettableClock

OWN = {
    "key": "tea_kitchen",
    "name": "Tea kitchen",
    "description": "Keeps the kitchen open.",
    "mode": "contribute",
    "cycles": [1],
    "potential": "connect",
    "care_areas": ["love_and_care"],
}


def added(guild: Guild, **changes: Any) -> dict[str, Any]:
    return done(guild.post(guild.in_guild("contribution-types"), OWN | changes), 201)


def test_every_area_of_care_has_two_types_and_every_potential_one() -> None:
    types = shipped().values()
    assert len(types) == 29
    areas = Counter(area for kind in types for area in kind.care_areas)
    assert all(areas[area] >= 2 for area in CareArea)
    assert {kind.potential for kind in types} == set(Potential)
    assert {cycle for kind in types for cycle in kind.cycles} == {1, 2, 3, 4, 5}
    for kind in types:
        assert kind.evidence_hint, kind.key
        assert kind.value_to_member, kind.key
        assert kind.value_to_community, kind.key


def test_a_community_has_those_that_come_along_and_its_own(guild: Guild) -> None:
    own = added(guild)
    listed = done(guild.get(guild.in_guild("contribution-types?limit=200"), token=ADMIN_TOKEN), 200)["items"]
    assert [each["key"] for each in listed] == sorted([*shipped(), "tea_kitchen"])
    assert [each for each in listed if not each["shipped"]] == [own]
    first = done(guild.get(guild.in_guild("contribution-types?limit=29"), token=ADMIN_TOKEN), 200)
    rest = done(guild.get(guild.in_guild(f"contribution-types?cursor={first['next']}"), token=ADMIN_TOKEN), 200)
    assert first["items"] + rest["items"] == listed
    assert rest["next"] is None
    hosting = done(guild.get(guild.in_guild("contribution-types/hosting"), token=ADMIN_TOKEN), 200)
    assert (hosting["mode"], hosting["effort"], hosting["shipped"]) == ("co_create", 9, True)


@on_both_databases
def test_a_key_never_comes_to_mean_something_else(guild: Guild) -> None:
    added(guild)
    for key in ("tea_kitchen", "hosting"):
        answer = guild.post(guild.in_guild("contribution-types"), OWN | {"key": key, "name": "Other"})
        refused(answer, 409, "contribution-type-exists")
    path = guild.in_guild("contribution-types/tea_kitchen")
    refused(guild.call("PATCH", path, {"mode": "champion"}, If_Match="*"), 422, "invalid")
    refused(guild.call("DELETE", path), 405, "method-not-allowed")


def test_what_comes_along_is_the_same_everywhere(guild: Guild) -> None:
    path = guild.in_guild("contribution-types/hosting")
    refused(guild.call("PATCH", path, {"name": "Party"}, If_Match="*"), 409, "contribution-type-shipped")


def test_a_type_is_said_anew_by_whoever_saw_the_last_wording(guild: Guild) -> None:
    added(guild)
    path = guild.in_guild("contribution-types/tea_kitchen")
    seen = guild.get(path, token=ADMIN_TOKEN).headers["etag"]
    changed = guild.call("PATCH", path, {"name": "Kitchen", "effort": 2}, If_Match=seen)
    assert (done(changed, 200)["name"], changed.json()["effort"]) == ("Kitchen", 2)
    refused(guild.call("PATCH", path, {"name": "Late"}, If_Match=seen), 412, "precondition-failed")


def test_a_deprecated_type_takes_what_was_done_before_and_nothing_since(guild: Guild, clock: SettableClock) -> None:
    guild.member("ana")
    added(guild)
    clock.forward(days=3)
    path = guild.in_guild("contribution-types/tea_kitchen")
    assert done(guild.call("PATCH", path, {"deprecated": True}, If_Match="*"), 200)["deprecated_at"] is not None
    clock.forward(days=3)
    said = {"type": "tea_kitchen", "person": "ana"}
    done(guild.post(guild.in_guild("contributions"), said | {"occurred_at": "2026-11-22T00:00:00Z"}), 201)
    late = guild.post(guild.in_guild("contributions"), said | {"occurred_at": "2026-11-25T00:00:00Z"})
    assert refused(late, 422, "contribution-refused")["reason"] == "type-deprecated"
    done(guild.call("PATCH", path, {"deprecated": False}, If_Match="*"), 200)
    done(guild.post(guild.in_guild("contributions"), said | {"occurred_at": "2026-11-25T00:00:00Z"}), 201)


@pytest.mark.parametrize("changes", [{"cycles": []}, {"cycles": [6]}, {"potential": "fame"}, {"key": "Tea Kitchen"}])
def test_a_type_has_to_be_one(guild: Guild, changes: dict[str, Any]) -> None:
    refused(guild.post(guild.in_guild("contribution-types"), OWN | changes), 422, "invalid")


def test_a_community_has_so_many_types_of_its_own(guild: Guild) -> None:
    runtime = runtime_of(guild)
    on = Occasion(actor="system", now=THEN, ids=runtime.ids)
    with write_session(runtime.engine) as session:
        community = community_by_slug(session, guild.slug)
        for n in range(200):
            meaning = Meaning(f"k{n}", Mode.contribute, (1,), Potential.connect, (), Loop.inner, ())
            kinds.add(session, community, meaning, {"name": "N", "description": "D"}, on=on)
    refused(guild.post(guild.in_guild("contribution-types"), OWN), 409, "too-many-contribution-types")
