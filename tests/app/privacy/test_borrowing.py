"""In answers that others get too, what is one person's alone is told to no token of theirs that another made."""

from typing import Any

import pytest

from tests.app.credentials.test_participation import did
from tests.app.guild import Guild, done, refused
from tests.app.milestones.routes import approved
from tests.app.nominations.circle import Circle
from tests.app.nominations.offers import QUICK
from tests.app.privacy.test_owning import minted
from tests.app.stories.routes import asked, story, told
from tests.service import on_both_databases

UNNAMED = {"audience": "community", "may_quote": False, "named": False}
FOR_STEWARDS = UNNAMED | {"audience": "stewards"}
FEED = "/v1/me/digest-feed"
ANOTHERS = (403, "token-made-by-another")


@pytest.fixture
def circle(guild: Guild) -> Circle:
    """Bo, for whom Ste, a steward, made a token beside his own, did something."""
    circle = Circle(guild).join("ana", "bo", "cy").join("ste", role="steward").offering(**QUICK)
    did(circle, "hosting", "2026-04-04")
    circle.tokens["borrowed"] = minted(guild, "bo", circle.tokens["ste"])["token"]
    return circle


def at_work(circle: Circle) -> None:
    """A milestone begins."""
    ste, id = circle.tokens["ste"], approved(circle.guild, circle.achievement["id"], circle.tokens["ste"])
    done(circle.guild.post(circle.guild.in_guild(f"milestones/{id}/activate"), {}, token=ste), 200)


def wanted(circle: Circle) -> str:
    """A need of Ana's that Bo wants, too."""
    path = circle.guild.in_guild(f"needs/{asked(circle.guild, circle.tokens['ana'])['id']}")
    done(circle.guild.call("PUT", f"{path}/vote", token=circle.tokens["bo"]), 200)
    return path


def awarded(circle: Circle) -> str:
    """An award that Bo is offered directly."""
    award = circle.guild.award(circle.guild.achievement(name="Another"), {"member": "bo"}, participation={})
    id: str = done(award, 201)["id"]
    return id


def requested(circle: Circle) -> str:
    """A request of Bo's to somebody from elsewhere."""
    badge = circle.guild.badge(recipient={"member": "bo"}, visibility="private")
    of = {"email": "zed@people.example", "name": "Zed"}
    body = {"subject": "credential", "id": badge["id"], "of": of}
    made = done(circle.guild.post("/v1/endorsement-requests", body, token=circle.tokens["bo"]), 201)
    return f"/v1/endorsement-requests/{made['id']}"


def table(circle: Circle) -> list[tuple[str, tuple[str, ...]]]:
    """Where something stands that is Bo's alone, and what."""
    guild, needs = circle.guild, circle.guild.in_guild("needs")
    at_work(circle)
    need, unnamed = wanted(circle), told(guild, circle.tokens["bo"], consent=UNNAMED)["id"]
    nomination = circle.seconded("cy", participation={})
    award = awarded(circle)
    stories, offers = guild.in_guild("stories"), ("participation", "digest")
    return [
        (guild.in_guild("members/bo/milestones"), ("met", "parts", "gates", "counted")),
        (need, ("voted",)),
        (needs, ("voted",)),
        (f"{stories}/{unnamed}", ("author",)),
        (stories, ("author",)),
        (f"/v1/nominations/{nomination}/offer", offers),
        (f"/v1/credentials/{award}", offers),
        ("/v1/credentials", offers),
    ]


def read(circle: Circle, path: str, by: str) -> dict[str, Any]:
    answer = done(circle.guild.get(path, token=circle.tokens[by]), 200)
    found: dict[str, Any] = answer["items"][0] if "items" in answer else answer
    return found


@on_both_databases
def test_what_is_ones_alone_is_null_with_a_token_that_another_made(circle: Circle) -> None:
    for path, fields in table(circle):
        own, borrowed = read(circle, path, "bo"), read(circle, path, "borrowed")
        assert [field for field in fields if own[field] is None] == [], path
        assert [field for field in fields if borrowed[field] is not None] == [], path
        assert "participation" not in [each.get("genre") for each in borrowed.get("evidence") or []], path
    request = requested(circle)
    assert [read(circle, request, by)["of"]["email"] for by in ("bo", "borrowed")] == ["zed@people.example", None]


@on_both_databases
def test_it_tells_nobody_who_does_not_want_to_be_counted(circle: Circle) -> None:
    places = [path for path, _ in table(circle)]
    before = [read(circle, path, "borrowed") for path in places]
    done(circle.guild.call("PUT", "/v1/me/uncounted", token=circle.tokens["bo"]), 200)
    assert [read(circle, path, "borrowed") for path in places] == before


@on_both_databases
def test_which_stories_without_a_name_are_ones_own_shows_in_no_other_way(circle: Circle) -> None:
    guild, stories = circle.guild, circle.guild.in_guild("stories")
    bo, borrowed = circle.tokens["bo"], circle.tokens["borrowed"]
    mine, others = told(guild, bo, consent=UNNAMED), told(guild, circle.tokens["ana"], consent=UNNAMED)
    for id in (mine["id"], others["id"]):
        for method, path, body in (
            ("PATCH", f"{stories}/{id}", {"title": "Otherwise"}),
            ("PUT", f"{stories}/{id}/consent", UNNAMED | {"named": True}),
            ("DELETE", f"{stories}/{id}", None),
        ):
            refused(guild.call(method, path, body, token=borrowed, If_Match="*"), *ANOTHERS)
    hidden = told(guild, bo, consent=FOR_STEWARDS)["id"]
    refused(guild.get(f"{stories}/{hidden}", token=borrowed), 404, "no-such-story")
    refused(guild.call("DELETE", f"{stories}/{hidden}", token=borrowed), 404, "no-such-story")
    assert hidden not in [each["id"] for each in done(guild.get(stories, token=borrowed), 200)["items"]]
    cells = done(guild.get(guild.in_guild("value-matrix"), token=borrowed), 200)["cells"]
    assert hidden not in [id for cell in cells for id in cell["stories"]]
    done(guild.get(f"{stories}/{hidden}", token=bo), 200)
    done(guild.call("DELETE", f"{stories}/{mine['id']}", token=bo), 200)


@on_both_databases
def test_which_stories_without_a_name_are_ones_own_shows_by_no_link(circle: Circle) -> None:
    guild, stories = circle.guild, circle.guild.in_guild("stories")
    bo, borrowed = circle.tokens["bo"], circle.tokens["borrowed"]
    mine, others = (told(guild, circle.tokens[by], consent=FOR_STEWARDS)["id"] for by in ("bo", "ana"))
    named = told(guild, bo, consent=FOR_STEWARDS | {"named": True})["id"]
    going_on = told(guild, bo, consent=UNNAMED | {"named": True}, links={"stories": [mine]})["id"]
    path = f"{stories}/{told(guild, borrowed, links={'stories': [named]})['id']}"
    for id in (mine, others):
        links = {"links": {"stories": [id]}}
        for method, at, body in (("POST", stories, story(**links)), ("PATCH", path, links)):
            problem = refused(guild.call(method, at, body, token=borrowed, If_Match="*"), 422, "invalid")
            assert [each["message"] for each in problem["errors"]] == ["there is none that you can name"]
    done(guild.call("PATCH", f"{stories}/{going_on}", {"title": "Otherwise"}, token=borrowed, If_Match="*"), 200)
    assert done(guild.get(f"{stories}/{going_on}", token=bo), 200)["links"]["stories"] == [mine], "it stays"
    done(guild.call("PATCH", path, {"links": {"stories": [mine]}}, token=bo, If_Match="*"), 200)


def test_what_says_whose_it_is_is_changed_with_any_token_of_theirs(circle: Circle) -> None:
    guild, borrowed = circle.guild, circle.tokens["borrowed"]
    mine = told(guild, borrowed, consent=FOR_STEWARDS | {"named": True})
    path = guild.in_guild(f"stories/{mine['id']}")
    assert done(guild.get(path, token=borrowed), 200)["author"]["name"] == "Bo"
    done(guild.call("PATCH", path, {"title": "Otherwise"}, token=borrowed, If_Match="*"), 200)
    done(guild.call("DELETE", path, token=borrowed), 200)


@on_both_databases
def test_nobody_answers_in_anothers_name_to_what_is_not_told_to_them(circle: Circle) -> None:
    guild, bo, borrowed = circle.guild, circle.tokens["bo"], circle.tokens["borrowed"]
    nomination = circle.seconded("cy", participation={})
    award = awarded(circle)
    for offer, path in (
        (f"/v1/nominations/{nomination}/offer", f"/v1/nominations/{nomination}/response"),
        (f"/v1/credentials/{award}", f"/v1/credentials/{award}/response"),
    ):
        digest = done(guild.get(offer, token=bo), 200)["digest"]
        for more in ({"participation": True}, {"digest": digest}):
            refused(guild.post(path, {"response": "accept"} | more, token=borrowed), *ANOTHERS)
        done(guild.post(path, {"response": "accept"}, token=borrowed), 200)


def test_no_address_for_a_feed_reader_is_made_or_ended_in_anothers_name(circle: Circle) -> None:
    guild, bo, borrowed = circle.guild, circle.tokens["bo"], circle.tokens["borrowed"]
    made = done(guild.post(FEED, token=bo), 201)
    for method in ("POST", "DELETE"):
        refused(guild.call(method, FEED, token=borrowed), *ANOTHERS)
    assert done(guild.get(FEED, token=bo), 200)["made_at"] == made["made_at"]
    refused(guild.call("DELETE", "/v1/me/about-me", token=borrowed), *ANOTHERS)
