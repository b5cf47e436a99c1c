"""From a badge to contributions, events and people, as far as whoever asks may see them, and back."""

from typing import Any

import pytest

from tests.app.guild import Guild, done, path_of, refused
from tests.app.milestones.routes import met
from tests.app.nominations.circle import Circle
from tests.app.nominations.offers import QUICK, respond
from tests.service import ADMIN_TOKEN


@pytest.fixture
def circle(guild: Guild) -> Circle:
    """A community where one second decides, and in which Bo did two things, one of them for Dee."""
    circle = Circle(guild).join("ana", "bo", "cy", "dee").join("ste", role="steward").offering(**QUICK)
    did(circle, "hosting")
    helped = [{"person": "bo"}, {"person": "dee", "side": "for"}]
    said = {"type": "mentoring", "credits": helped, "occurred_at": "2026-03-04T18:00:00Z"}
    done(guild.post(guild.in_guild("contributions"), said), 201)
    return circle


def did(circle: Circle, type: str, **more: Any) -> str:
    said = {"type": type, "person": "bo", "occurred_at": "2026-03-03T18:00:00Z"} | more
    id: str = done(circle.guild.post(circle.guild.in_guild("contributions"), said), 201)["id"]
    return id


def badge(circle: Circle, visibility: str = "public", **more: Any) -> str:
    """The id of Bo's badge, which came of a nomination that Cy seconded under their name."""
    id = circle.nomination(**({"participation": {}} | more))
    done(circle.invite(id, "cy"), 200)
    done(circle.second(id, "cy", publish=True), 200)
    done(respond(circle, id, visibility=visibility, participation=True), 200)
    [held] = done(circle.guild.get("/v1/credentials", token=circle.tokens["bo"]), 200)["items"]
    credential: str = held["id"]
    return credential


def trail(circle: Circle, id: str, who: str) -> dict[str, Any]:
    return done(circle.guild.get(f"/v1/credentials/{id}/trail", token=circle.tokens[who]), 200)


def back(circle: Circle, contribution: str, who: str) -> list[dict[str, Any]]:
    path = circle.guild.in_guild(f"contributions/{contribution}/recognitions")
    items: list[dict[str, Any]] = done(circle.guild.get(path, token=circle.tokens[who]), 200)["items"]
    return items


def test_one_walks_from_a_badge_to_what_it_rests_on_and_from_there_back(circle: Circle) -> None:
    id = badge(circle)
    told = trail(circle, id, "dee")
    [ground] = told["rests_on"]
    assert (ground["kind"], ground["contributions"]) == ("participation", 2)
    assert circle.guild.get(path_of(ground["url"])).status_code == 200
    assert {each["type"]: each["stands"] for each in told["contributions"]} == {"hosting": True, "mentoring": True}
    helped = next(each for each in told["contributions"] if each["type"] == "mentoring")
    sides = {(credit["side"], credit["member"]) for credit in helped["contribution"]["credits"]}
    assert sides == {("by", circle.ids["bo"]), ("for", circle.ids["dee"])}
    for each in told["contributions"]:
        [recognition] = back(circle, each["id"], "dee")
        assert (recognition["credential"], recognition["by"]) == (id, ["participation"])
        assert recognition["recipient"] == circle.ids["bo"]
    later = did(circle, "hosting", occurred_at="2026-04-04T18:00:00Z")
    assert back(circle, later, "dee") == []


def test_whoever_looks_sees_the_people_and_events_that_they_may_see(circle: Circle) -> None:
    id = badge(circle)
    parts = {who: {each["part"] for each in trail(circle, id, who)["people"]} for who in ("dee", "ana", "bo", "ste")}
    assert parts["ana"] == parts["ste"] == {"recipient", "nominator", "seconder"}
    assert parts["dee"] == {"recipient", "seconder"}, "whoever agreed to be named is read in the badge itself"
    types = {who: {each["type"] for each in trail(circle, id, who)["events"]} for who in ("dee", "bo", "ste")}
    assert types["dee"] == {"contribution.recorded"}
    assert types["bo"] == types["dee"] | {"credential.offered", "credential.issued"}
    assert types["ste"] >= types["bo"] | {"nomination.submitted", "nomination.accepted"}
    told = trail(circle, id, "ste")
    for event in told["events"]:
        entry = done(circle.guild.call("GET", circle.guild.in_guild(f"audit/{event['seq']}")), 200)
        assert (entry["hash"], entry["action"], entry["object"]) == (event["hash"], event["type"], event["about"])
    cited = {each["event"]["seq"]: each["event"]["hash"] for each in told["contributions"]}
    assert cited.items() <= {each["seq"]: each["hash"] for each in told["events"]}.items()


def test_strangers_to_the_community_see_of_a_public_badge_what_it_says_itself(circle: Circle) -> None:
    other = Guild(circle.guild.client, "others").found()
    other.member("zora")
    id = badge(circle)
    told = done(circle.guild.get(f"/v1/credentials/{id}/trail", token=other.token("zora")), 200)
    assert {each["part"] for each in told["people"]} == {"recipient", "seconder"}
    assert {each["member"] for each in told["people"]} == {None}
    assert (told["nomination"], told["events"]) == (None, [])
    assert [each["contribution"] for each in told["contributions"]] == [None, None]


def test_what_somebody_may_not_see_is_not_there(circle: Circle) -> None:
    id = badge(circle, "private")
    refused(circle.guild.get(f"/v1/credentials/{id}/trail", token=circle.tokens["dee"]), 404, "no-such-credential")
    [first, *_] = trail(circle, id, "bo")["contributions"]
    assert back(circle, first["id"], "dee") == []
    assert [each["credential"] for each in back(circle, first["id"], "bo")] == [id]
    assert [each["credential"] for each in back(circle, first["id"], "ste")] == [id]
    done(
        circle.guild.post(f"/v1/credentials/{id}/visibility", {"visibility": "community"}, token=circle.tokens["bo"]),
        200,
    )
    assert [each["credential"] for each in back(circle, first["id"], "dee")] == [id]


def test_what_was_taken_back_since_is_on_the_trail_and_does_not_stand(circle: Circle) -> None:
    id = badge(circle)
    [first, second] = trail(circle, id, "bo")["contributions"]
    path = circle.guild.in_guild(f"contributions/{first['id']}/retract")
    done(circle.guild.post(path, {"reason": "It was not."}), 200)
    told = trail(circle, id, "bo")
    assert {each["id"]: each["stands"] for each in told["contributions"]} == {first["id"]: False, second["id"]: True}
    assert "contribution.retracted" in {each["type"] for each in told["events"]}


def test_a_badge_of_a_milestone_leads_to_its_contributions_and_back(circle: Circle) -> None:
    guild = circle.guild
    attained = met(guild, circle.achievement["id"], "dee", circle.tokens["ste"], kind="offer")
    answer = {"response": "accept", "visibility": "public"}
    done(guild.post(f"/v1/credentials/{attained['credential']}/response", answer, token=circle.tokens["dee"]), 200)
    told = trail(circle, attained["credential"], "bo")
    assert [(each["kind"], each["id"]) for each in told["rests_on"]] == [("milestone", attained["id"])]
    assert [each["event"] for each in told["contributions"]] == [None, None]
    for each in told["contributions"]:
        assert [one["by"] for one in back(circle, each["id"], "bo")] == [["milestone"]]


def test_a_badge_that_rests_on_nothing_has_a_trail_all_the_same(circle: Circle) -> None:
    id = badge(circle, participation=None)
    told = trail(circle, id, "bo")
    assert (told["rests_on"], told["contributions"]) == ([], [])
    assert {each["part"] for each in told["people"]} >= {"recipient", "nominator"}


def test_the_way_back_is_paged(circle: Circle) -> None:
    guild, id = circle.guild, badge(circle)
    second = guild.achievement(name="Another", policy=QUICK)
    circle.achievement = second
    nominated = circle.seconded("cy", by="dee", participation={})
    done(respond(circle, nominated, visibility="public", participation=True), 200)
    [first, *_] = trail(circle, id, "bo")["contributions"]
    path = guild.in_guild(f"contributions/{first['id']}/recognitions?limit=1")
    page = done(guild.get(path, token=ADMIN_TOKEN), 200)
    rest = done(guild.get(f"{path}&cursor={page['next']}", token=ADMIN_TOKEN), 200)
    name = done(guild.get(f"/credentials/{id}.json"), 200)["name"]
    assert [each["achievement_name"] for each in page["items"] + rest["items"]] == ["Another", name]
    assert rest["next"] is None
