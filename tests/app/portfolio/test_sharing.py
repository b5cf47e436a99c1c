"""A member shows badges to whoever has a link, until it ends."""

from datetime import timedelta
from typing import Any

import pytest

import badges
from tests.app.guild import Guild, done, path_of, refused
from tests.service import on_both_databases
from tests.stand_ins import THEN, SettableClock

SOON = (THEN + timedelta(days=7)).isoformat()


@pytest.fixture
def ana(guild: Guild) -> str:
    """The path of the links of somebody with a private badge, a public one, and another private one."""
    member = guild.member("ana", email="ana@people.example")
    guild.tokens["ana"] = guild.token("ana")
    return f"/v1/members/{member['id']}/portfolio/links"


def badge(guild: Guild, visibility: str) -> str:
    id: str = guild.badge(recipient={"member": "ana"}, visibility=visibility)["id"]
    return id


def share(guild: Guild, path: str, **body: Any) -> dict[str, Any]:
    return done(guild.post(path, {"ends_at": SOON} | body, token=guild.tokens["ana"]), 201)


def seen(guild: Guild, link: dict[str, Any]) -> dict[str, Any]:
    return done(guild.get(f"{path_of(link['url'])}.json"), 200)


@on_both_databases
def test_a_link_shows_what_was_named_for_it_and_nothing_else(guild: Guild, ana: str, clock: SettableClock) -> None:
    private, public, other = (badge(guild, each) for each in ("private", "public", "private"))
    named = share(guild, ana, title="For the school", items=[private, public])
    shown = seen(guild, named)
    assert (shown["title"], [each["id"] for each in shown["items"]]) == ("For the school", [private, public])
    assert (shown["owner"]["name"], shown["owner"]["email"]) == ("Ana", None)
    assert guild.verdict(badges.serialize(shown["items"][0]["credential"]))["verdict"] == "valid"
    assert [each["id"] for each in seen(guild, share(guild, ana))["items"]] == [public]
    assert seen(guild, share(guild, ana, items=[]))["items"] == []
    page = guild.get(path_of(named["url"]))
    assert (private in page.text, other in page.text) == (True, False)
    assert (page.headers["x-robots-tag"], page.headers["cache-control"]) == ("noindex", "private, no-store")
    listed = done(guild.get(ana, token=guild.tokens["ana"]), 200)["items"]
    assert len(listed) == 3
    assert named["secret"] not in str(listed)
    clock.forward(days=7)
    for end in ("", ".json"):
        refused(guild.get(path_of(named["url"]) + end), 410, "link-ended")
    refused(guild.get("/portfolios/unknown"), 404, "no-such-portfolio-link")


def test_a_link_that_is_taken_back_is_gone(guild: Guild, ana: str) -> None:
    link = share(guild, ana, items=[])
    one = f"{ana}/{link['id']}"
    for _ in range(2):
        assert done(guild.call("DELETE", one, token=guild.tokens["ana"]), 200)["state"] == "revoked"
    assert done(guild.get(one, token=guild.tokens["ana"]), 200)["state"] == "revoked"
    refused(guild.get(path_of(link["url"])), 410, "link-ended")


def test_who_has_left_shows_nothing_by_a_link_nor_by_a_portfolio_while_the_badge_stays(guild: Guild, ana: str) -> None:
    public = badge(guild, "public")
    link, portfolio = share(guild, ana, items=[public]), ana.removesuffix("/links")
    assert done(guild.get(portfolio), 200)["items"]
    done(guild.post(guild.in_guild("members/ana/leave"), token=guild.tokens["ana"]), 200)
    for end in ("", ".json"):
        refused(guild.get(path_of(link["url"]) + end), 410, "link-ended")
    refused(guild.get(portfolio), 404, "no-such-portfolio")
    refused(guild.get(f"{portfolio}/imports"), 404, "no-such-portfolio")
    assert guild.verdict(guild.get(f"/credentials/{public}.json").content)["verdict"] == "valid"


def test_links_are_to_badges_of_ones_own_and_end(guild: Guild, ana: str) -> None:
    other = guild.badge()["id"]
    for body in ({"items": [other]}, {"ends_at": THEN.isoformat()}, {"ends_at": "2029-01-01T00:00:00Z"}):
        refused(guild.post(ana, {"ends_at": SOON} | body, token=guild.tokens["ana"]), 422, "invalid")
    refused(guild.get(f"{ana}/{other}", token=guild.tokens["ana"]), 404, "no-such-portfolio-link")
    kid = guild.member("kid", minor=True)["id"]
    links = f"/v1/members/{kid}/portfolio/links"
    refused(guild.post(links, {"ends_at": SOON}, token=guild.token("kid")), 403, "forbidden")


def test_nobody_has_more_links_open_than_there_may_be(guild: Guild, ana: str) -> None:
    links = [share(guild, ana, items=[]) for _ in range(50)]
    refused(guild.post(ana, {"ends_at": SOON}, token=guild.tokens["ana"]), 409, "too-many-links")
    done(guild.call("DELETE", f"{ana}/{links[0]['id']}", token=guild.tokens["ana"]), 200)
    share(guild, ana)
