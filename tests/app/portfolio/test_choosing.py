"""A member chooses what their portfolio shows, and everybody sees of it what they may see."""

from dataclasses import dataclass
from typing import Any

import pytest

from tests.app.guild import Guild, done, refused
from tests.service import ADMIN_TOKEN, on_both_databases


@dataclass
class Bo:
    """A member with a badge of every visibility."""

    guild: Guild
    id: str
    badges: dict[str, str]

    @property
    def path(self) -> str:
        return f"/v1/members/{self.id}/portfolio"

    def choose(self, by: str = "bo", **body: Any) -> Any:
        return self.guild.call("PUT", f"{self.path}/choice", body, token=self.guild.tokens[by])

    def seen(self, by: str | None, query: str = "") -> dict[str, Any]:
        return done(self.guild.get(self.path + query, token=by and self.guild.tokens[by]), 200)

    def ids(self, by: str | None, query: str = "") -> list[str]:
        return [item["id"] for item in self.seen(by, query)["items"]]


@pytest.fixture
def bo(guild: Guild) -> Bo:
    member = guild.member("bo", email="bo@people.example", affiliation="Hill School")
    for handle, role in (("cy", "member"), ("ste", "steward")):
        guild.member(handle, role=role)
        guild.tokens[handle] = guild.token(handle, role)
    guild.tokens |= {"bo": guild.token("bo"), "admin": ADMIN_TOKEN}
    achievement = guild.achievement(policy={"stackable": True, "period": "year"})
    made = {
        each: guild.badge(achievement, recipient={"member": "bo"}, visibility=each)["id"]
        for each in ("private", "community", "public")
    }
    return Bo(guild, member["id"], made)


@on_both_databases
def test_everybody_sees_of_a_portfolio_what_they_may_see_badge_by_badge(bo: Bo) -> None:
    private, community, public = bo.badges.values()
    assert bo.ids("bo") == bo.ids("ste") == bo.ids("admin") == [public, community, private]
    assert bo.ids("cy") == [public, community]
    assert bo.ids(None) == [public]
    [item] = bo.seen(None)["items"]
    assert item["credential"] == done(bo.guild.get(f"/credentials/{public}.json"), 200)
    assert item["state"] == "active"


def test_a_member_says_what_is_shown_and_in_which_order(bo: Bo) -> None:
    private, community, public = bo.badges.values()
    chosen = done(bo.choose(title="What I did", summary="<b>Much</b>", items=[private, public]), 200)
    assert chosen == done(bo.guild.get(f"{bo.path}/choice", token=bo.guild.tokens["bo"]), 200)
    assert bo.ids("bo") == [private, public]
    assert bo.ids("cy") == [public]
    assert bo.ids("bo", "?everything=true") == [public, community, private]
    assert bo.ids("cy", "?everything=true") == [public]
    assert (bo.seen(None)["title"], bo.seen(None)["summary"]) == ("What I did", "<b>Much</b>")
    done(bo.choose(items=[]), 200)
    assert bo.ids("bo") == []
    refused(bo.guild.get(bo.path), 404, "no-such-portfolio")


def test_only_what_is_revealed_is_told(bo: Bo) -> None:
    owner = bo.seen(None)["owner"]
    assert (owner["name"], owner["email"], owner["affiliation"]) == ("Bo", None, None)
    done(bo.choose(reveal=["email", "affiliation", "joined_at"]), 200)
    seen = bo.seen(None)
    assert (seen["owner"]["name"], seen["owner"]["email"]) == (None, "bo@people.example")
    assert seen["owner"]["affiliation"] == "Hill School"
    assert seen["title"] == "Badges"


def test_what_is_revoked_is_shown_only_to_who_asks_for_everything_or_by_choice(bo: Bo) -> None:
    public = bo.badges["public"]
    done(bo.guild.post(f"/v1/credentials/{public}/revoke", {"reason": "Given twice."}), 200)
    assert public not in bo.ids("bo")
    [item] = [each for each in bo.seen("bo", "?everything=true")["items"] if each["id"] == public]
    assert item["state"] == "revoked"
    refused(bo.guild.get(bo.path), 404, "no-such-portfolio")
    done(bo.choose(items=[public]), 200)
    assert bo.ids(None) == [public]


def test_nobody_chooses_what_is_not_theirs_or_names_it_twice(bo: Bo) -> None:
    public = bo.badges["public"]
    other = bo.guild.badge(recipient={"member": "cy"})["id"]
    offered = bo.guild.offer(bo.guild.achievement(), {"member": "bo"})["id"]
    problem = refused(bo.choose(items=[public, other, offered, public]), 422, "invalid")
    assert [each["pointer"] for each in problem["errors"]] == ["/items/1", "/items/2", "/items/3"]
    refused(bo.choose("cy", title="Mine"), 403, "forbidden")
    refused(bo.guild.get(f"{bo.path}?format=docx"), 422, "invalid")


def test_who_calls_need_not_know_their_id(bo: Bo) -> None:
    token = bo.guild.tokens["bo"]
    assert bo.guild.get("/v1/members/me/portfolio", token=token).json()["items"] == bo.seen("bo")["items"]
    done(bo.guild.call("PUT", "/v1/members/me/portfolio/choice", {"title": "Mine"}, token=token), 200)
    assert bo.seen("bo")["title"] == "Mine"
    for by in (None, ADMIN_TOKEN):
        refused(bo.guild.get("/v1/members/me/portfolio", token=by), 404, "no-such-portfolio")


def test_a_member_with_nothing_and_a_minor_have_no_portfolio_for_strangers(bo: Bo) -> None:
    nil, kid = bo.guild.member("nil")["id"], bo.guild.member("kid", minor=True, guardian_agreed=True)["id"]
    for handle, id in (("nil", nil), ("kid", kid)):
        own = done(bo.guild.get(f"/v1/members/{id}/portfolio", token=bo.guild.token(handle)), 200)
        assert own["items"] == []
        refused(bo.guild.get(f"/v1/members/{id}/portfolio"), 404, "no-such-portfolio")
    bo.guild.badge(recipient={"member": "kid"}, visibility="private")
    refused(bo.guild.get(f"/v1/members/{kid}/portfolio", token=bo.guild.tokens["cy"]), 404, "no-such-portfolio")
