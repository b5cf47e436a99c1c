"""Communities beside each other: only those that want to be seen, and only uptake that somebody has looked at."""

from typing import Any

from tests.app.guild import Guild, done
from tests.app.stories.routes import UPTAKE
from tests.service import on_both_databases
from tests.stand_ins import SettableClock


def landscape(guild: Guild, query: str = "") -> dict[str, Any]:
    return done(guild.get(f"/v1/landscape{query}"), 200)


def settle(guild: Guild, people: int = 5, **profile: Any) -> Guild:
    for number in range(people):
        guild.member(f"m{number}")
    changes = {"domain": "Shared rooms", "public": True} | profile
    done(guild.call("PATCH", guild.in_guild("profile"), changes, If_Match="*"), 200)
    return guild


def taken(guild: Guild, by: str, *, verified: bool = True, **more: Any) -> None:
    if "ste" not in guild.tokens:
        guild.member("ste", role="steward")
        guild.tokens["ste"] = guild.token("ste", "steward")
    body = UPTAKE | {"place": by, "place_kind": "community", "place_community": by} | more
    id = done(guild.post(guild.in_guild("uptake"), body), 201)["id"]
    if verified:
        done(guild.post(guild.in_guild(f"uptake/{id}/verify"), token=guild.tokens["ste"]), 200)


@on_both_databases
def test_uptake_between_communities_that_want_to_be_seen_is_shown_once_it_counts(
    guild: Guild, clock: SettableClock
) -> None:
    harbour = settle(Guild(guild.client, slug="harbour").found(), landscape="The North")
    settle(guild, landscape="the  north")
    small = settle(Guild(guild.client, slug="small").found(), people=4)
    hidden = settle(Guild(guild.client, slug="hidden").found(), public=False)
    settle(Guild(guild.client, slug="meadow").found())
    taken(guild, "harbour")
    taken(guild, "harbour", what="The tea list")
    taken(guild, "harbour", verified=False)
    for other in (small, hidden):
        taken(guild, other.slug)
    taken(harbour, "meadow")
    assert landscape(guild)["flows"] == [], "of this month nothing is told yet"
    clock.forward(days=31)
    found = landscape(guild)
    assert [each["slug"] for each in found["communities"]] == ["guild", "harbour", "meadow"]
    flows = {(each["made_by"], each["taken_up_by"]): each["count"] for each in found["flows"]}
    assert flows == {("guild", "harbour"): 2, ("harbour", "meadow"): 1}
    north = landscape(guild, "?named=the%20NORTH")
    assert [each["slug"] for each in north["communities"]] == ["guild", "harbour"]
    assert [each["count"] for each in north["flows"]] == [2]
    nowhere = landscape(guild, "?named=nowhere")
    assert (nowhere["communities"], nowhere["flows"], nowhere["k"]) == ([], [], 5)


@on_both_databases
def test_nobody_sees_a_single_record_come_or_go_in_the_landscape(guild: Guild, clock: SettableClock) -> None:
    settle(Guild(guild.client, slug="harbour").found())
    settle(guild)
    taken(guild, "harbour")
    taken(guild, "harbour", what="The tea list")
    clock.forward(days=31)
    before = landscape(guild)
    assert [each["count"] for each in before["flows"]] == [2]
    taken(guild, "harbour", what="The shelf")
    id = done(guild.get(guild.in_guild("uptake?counting=true"), token=guild.tokens["ste"]), 200)["items"][-1]["id"]
    done(guild.call("DELETE", guild.in_guild(f"uptake/{id}"), token=guild.tokens["ste"]), 200)
    taken(guild, "harbour", what="The lamp")
    assert landscape(guild) == before, "the same all through the month"
    clock.forward(days=31)
    assert [each["count"] for each in landscape(guild)["flows"]] == [3], "two more, and one less"
