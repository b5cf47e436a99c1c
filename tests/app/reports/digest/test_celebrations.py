"""Wins are celebrated once whoever won says yes, before those whom they show it to."""

from typing import Any

from tests.app.guild import Guild, done, refused
from tests.app.nominations.circle import Circle
from tests.app.reports.digest.test_digest import badge
from tests.service import on_both_databases
from tests.stand_ins import SettableClock


def celebrated(guild: Guild, token: str | None = None, query: str = "") -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = done(guild.get(guild.in_guild(f"celebrations{query}"), token=token), 200)["items"]
    return items


@on_both_databases
def test_a_win_appears_when_it_was_accepted_and_goes_when_it_is_revoked(guild: Guild, clock: SettableClock) -> None:
    circle = Circle(guild).join("bo", "cy").offering(stackable=True, period="year")
    offer = guild.offer(circle.achievement, {"member": "bo"})
    assert celebrated(guild, circle.tokens["cy"]) == []
    accepted = {"response": "accept", "visibility": "community"}
    done(guild.post(f"/v1/credentials/{offer['id']}/response", accepted, token=circle.tokens["bo"]), 200)
    clock.forward(days=1)
    newest = badge(circle, "cy")
    badge(circle, "cy", "private")
    assert [(each["id"], each["whom"]) for each in celebrated(guild, circle.tokens["cy"])] == [
        (newest, "Cy"), (offer["id"], "Bo"),
    ]  # fmt: skip
    assert [each["id"] for each in celebrated(guild)] == [newest]
    page = guild.get(guild.in_guild("celebrations?limit=1"), token=circle.tokens["cy"]).json()
    rest = celebrated(guild, circle.tokens["cy"], f"?limit=1&cursor={page['next']}")
    assert [each["id"] for each in (*page["items"], *rest)] == [newest, offer["id"]]
    done(guild.post(f"/v1/credentials/{newest}/revoke", {"reason": "Not that Cy."}), 200)
    assert celebrated(guild) == []
    refused(guild.get(guild.in_guild(f"celebrations/{newest}")), 404, "no-such-celebration")


def test_nobody_celebrates_what_is_a_minors_or_says_of_themself(guild: Guild) -> None:
    circle = Circle(guild).join("cy").offering(self_assertion="allowed", evidence_min=0)
    guild.member("mia", minor=True)
    badge(circle, "mia")
    said = {
        "achievement": circle.achievement["id"],
        "narrative": "I kept the tea kitchen open all winter.",
        "visibility": "public",
    }
    done(guild.post(guild.in_guild("self-assertions"), said, token=circle.tokens["cy"]), 201)
    assert celebrated(guild) == []
