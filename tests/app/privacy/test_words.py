"""What somebody said in nominations of others goes once those have ended; and how a nomination stands is told by its
own door alone.
"""

from typing import Any

import pytest
import sqlalchemy as sa

from app.kit.database import Row, read_session
from app.worker import run_once
from tests.app.endorsements.routes import link_of
from tests.app.endorsements.test_endorsing import respond
from tests.app.guild import Guild, done, refused
from tests.app.issuers.conftest import runtime_of
from tests.app.nominations.circle import Circle
from tests.service import on_both_databases
from tests.stand_ins import SettableClock

WORDS = "Words of somebody who has left."


@pytest.fixture
def circle(guild: Guild) -> Circle:
    return Circle(guild).join("ana", "bo", "cy", "dee", "eli").join("ste", "sol", role="steward")


def holding(circle: Circle) -> set[str]:
    """The tables that have the words."""
    with read_session(runtime_of(circle.guild).engine) as session:
        tables = Row.metadata.tables.items()
        return {name for name, table in tables if WORDS in repr(session.execute(sa.select(table)).all())}


def rows(circle: Circle, name: str) -> list[dict[str, Any]]:
    with read_session(runtime_of(circle.guild).engine) as session:
        return [dict(row) for row in session.execute(sa.select(Row.metadata.tables[name])).mappings()]


def data(circle: Circle, who: str) -> dict[str, Any]:
    return done(circle.guild.get("/v1/me/data", token=circle.tokens[who]), 200)


def erase(circle: Circle, who: str) -> None:
    path = f"/v1/me/data?credentials=keep&confirm={who}"
    done(circle.guild.call("DELETE", path, token=circle.tokens[who]), 200)


@on_both_databases
def test_what_reviewers_and_reporters_said_goes_once_the_nomination_has_ended(
    circle: Circle, clock: SettableClock
) -> None:
    circle.offering()
    id = circle.under_review()
    first, second, _ = circle.panel(id)
    done(circle.review(id, first, "decline", feedback=WORDS), 200)
    done(circle.act(id, "objections", {"reason": WORDS}, by=second), 201)
    asked = done(circle.act(id, "info-requests", {"question": WORDS}, by=first), 201)
    done(circle.act(id, f"info-requests/{asked['id']}/answer", {"answer": WORDS}, by="ana"), 200)
    done(circle.act(id, "reports", {"category": "harassment", "text": WORDS}, by="dee"), 201)
    for who in (first, second, "dee"):
        erase(circle, who)
    assert holding(circle) == {"reviewer", "review_objection", "review_question", "nomination_report"}
    done(circle.act(id, "withdraw", {"reason": "It was reported."}, by=None), 200)
    assert run_once(runtime_of(circle.guild), clock())["erase what was left"] == 3
    assert holding(circle) == {"review_question"}, "the answer is that of another"
    assert {row["verdict"] for row in rows(circle, "reviewer")} >= {"decline"}
    assert [row["category"] for row in rows(circle, "nomination_report")] == ["harassment"]
    assert run_once(runtime_of(circle.guild), clock())["erase what was left"] == 0
    erase(circle, "ana")
    assert holding(circle) == set()


def test_a_nominator_is_told_no_more_of_a_nomination_than_its_door_shows(circle: Circle, clock: SettableClock) -> None:
    circle.offering(review={"mode": "auto_on_seconds"}, min_seconds=1)
    id = circle.seconded("cy")
    clock.forward(hours=5)
    done(circle.act(id, "response", {"response": "refuse"}, by="bo"), 200)
    clock.forward(days=40)
    done(circle.guild.call("DELETE", "/v1/me/about-me", token=circle.tokens["bo"]), 200)
    [told] = data(circle, "ana")["nomination"]
    door = done(circle.see(id, "ana"), 200)
    assert door["state"] == "closed"
    same = {"achievement_id": "achievement", "achievement_version": "achievement_version", "previous_id": "previous"}
    same |= {name: name for name in ("id", "statement", "evidence", "narrative_proposed", "created_at", "appeal")}
    same |= {"submitted_at": "submitted_at"}
    assert {name: told[name] for name in same} == {name: door[shown] or told[name] for name, shown in same.items()}
    assert told.keys() - same.keys() == {"row", "community_id", "nominator_id", "narrative", "participation"}
    assert (told["narrative"], told["participation"]) == (None, None)


def test_the_pages_of_a_badge_and_of_a_portfolio_say_once_that_words_were_erased(circle: Circle) -> None:
    circle.offering(review={"mode": "auto_on_seconds"}, min_seconds=1)
    id = circle.nomination()
    done(circle.invite(id, "cy"), 200)
    done(circle.second(id, "cy", WORDS, publish=True), 200)
    done(circle.act(id, "response", {"response": "accept", "visibility": "public"}, by="bo"), 200)
    [badge] = done(circle.guild.get("/v1/credentials", token=circle.tokens["bo"]), 200)["items"]
    paths = f"/credentials/{badge['id']}.html", f"/v1/members/{circle.ids['bo']}/portfolio?format=html"
    assert [circle.guild.get(path).text.count(WORDS) for path in paths] == [1, 1]
    erase(circle, "cy")
    for page in (circle.guild.get(path).text for path in paths):
        assert (page.count(WORDS), page.count("Its words were erased."), page.count("former member")) == (0, 1, 1)


def test_who_does_not_say_that_they_mean_it_is_told_what_to_say(circle: Circle) -> None:
    problem = refused(circle.guild.call("DELETE", "/v1/me/data", token=circle.tokens["ana"]), 422, "invalid")
    told = {each["parameter"]: each["message"] for each in problem["errors"]}
    assert "handle" in told["confirm"]
    assert "`keep`" in told["credentials"]
    assert "`revoke`" in told["credentials"]
    odd = circle.guild.call("DELETE", "/v1/me/data?confirm=ana&credentials=sell", token=circle.tokens["ana"])
    refused(odd, 422, "invalid")


def test_of_a_team_what_one_consented_to_goes_and_the_others_stays(circle: Circle, clock: SettableClock) -> None:
    circle.offering(review={"mode": "auto_on_seconds"}, min_seconds=1, team=True)
    id = circle.seconded("cy", nominees=["bo", "eli"])
    done(circle.act(id, "response", {"response": "accept", "visibility": "public"}, by="bo"), 200)
    erase(circle, "bo")
    assert all(row["text"] for row in rows(circle, "consent_receipt")), "others are still asked"
    done(circle.act(id, "response", {"response": "accept", "visibility": "public"}, by="eli"), 200)
    assert run_once(runtime_of(circle.guild), clock())["erase what was left"] == 1
    assert run_once(runtime_of(circle.guild), clock())["erase what was left"] == 0
    own = {row["id"]: str(row["member_id"]) == circle.ids["bo"] for row in rows(circle, "nominee")}
    assert {own[row["nominee_id"]]: bool(row["text"]) for row in rows(circle, "consent_receipt")} == {
        True: False,
        False: True,
    }
    told = {str(row["member_id"]): row["offered_text"] for row in rows(circle, "nominee")}
    assert (told[circle.ids["bo"]], bool(told[circle.ids["eli"]])) == (None, True)
    assert done(circle.see(id, "eli"), 200)["statement"], "what was written of both is still the other's"


@pytest.mark.parametrize("fate", ["keep", "revoke"])
@pytest.mark.parametrize("accepted", [True, False])
def test_what_was_vouched_for_by_a_letter_ends_as_what_a_member_gave(guild: Guild, fate: str, accepted: bool) -> None:
    circle = Circle(guild).join("bo")
    badge = guild.badge(recipient={"member": "bo"})
    body = {"subject": "credential", "id": badge["id"], "of": {"email": "zed@people.example"}}
    asked = done(guild.post("/v1/endorsement-requests", body, token=circle.tokens["bo"]), 201)
    said = {"response": "endorse", "name": "Zed Zedson", "comment": "I have seen it done, often and well."}
    id = done(guild.post(f"/v1/vouch/{link_of(guild, asked['id'])}", said, token=None), 200)["endorsement"]
    guild.tokens["bo"] = circle.tokens["bo"]
    if accepted:
        done(respond(guild, id, "accept"), 200)
    circle.join("zed", email="zed@people.example")
    path = f"/v1/me/data?confirm=zed&credentials={fate}"
    done(guild.call("DELETE", path, token=circle.tokens["zed"]), 200)
    public = guild.get(f"/endorsements/{id}.json")
    if accepted and fate == "keep":
        assert "Zed Zedson" in public.text, "it was signed, and stays"
        return
    assert public.status_code == (410 if accepted else 404)
    refused(respond(guild, id, "accept"), 409, "invalid-transition")
    assert "Zed Zedson" not in guild.get(f"/credentials/{badge['id']}.json").text
