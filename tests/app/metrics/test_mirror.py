"""How peers see somebody is shown to them alone: types, people and words, of what they received and what stands."""

from datetime import UTC, datetime
from typing import Any

import pytest

from app.metrics import echoes
from app.metrics.echoes import Form, Saying, Speaker
from tests.app.guild import Guild, done, refused
from tests.app.nominations.circle import REASON, STATEMENT, Circle
from tests.app.nominations.offers import credential_of, respond
from tests.service import on_both_databases

QUIET = "I would rather not be named for this, but it is so."


@pytest.fixture
def circle(guild: Guild) -> Circle:
    """Ana nominates Bo; the others may second, endorse and thank; Ste is a steward."""
    return Circle(guild).join("ana", "bo", "cy", "dee", "eli").join("ste", role="steward")


def mirror(circle: Circle, who: str, query: str = "") -> dict[str, Any]:
    return done(circle.guild.get(f"/v1/me/mirror{query}", token=circle.tokens[who]), 200)


def recognised(circle: Circle, **policy: Any) -> str:
    """Ana nominated Bo; Cy put their name to a reason and Dee did not; Bo took the badge."""
    circle.offering(min_seconds=2, review={"mode": "auto_on_seconds"}, **policy)
    id = circle.nomination()
    done(circle.invite(id, "cy", "dee"), 200)
    done(circle.second(id, "cy", publish=True), 200)
    done(circle.second(id, "dee", QUIET), 200)
    done(respond(circle, id, visibility="private"), 200)
    return id


@on_both_databases
def test_types_people_and_words_of_what_was_received(circle: Circle) -> None:
    recognised(circle)
    body = {"to": "bo", "text": "For every Tuesday with tea.", "contribution_type": "supporting"}
    done(circle.guild.post(circle.guild.in_guild("thanks"), body, token=circle.tokens["eli"]), 201)
    seen = mirror(circle, "bo")
    assert (seen["recognitions"], seen["types"]) == (2, {"hosting": 1, "supporting": 1})
    assert [(who["name"], who["times"]) for who in seen["people"]] == [("Ana", 1), ("Cy", 1), ("Eli", 1)]
    assert {"word": "tuesday", "people": 3} in seen["words"]
    said = {each["form"] + "/" + (each["by"] or {"name": "-"})["name"]: each["words"] for each in seen["sayings"]}
    assert said == {
        "nomination/Ana": "\n".join(STATEMENT.values()),
        "second/Cy": REASON,
        "second/-": QUIET,
        "thanks/Eli": "For every Tuesday with tea.",
    }


def test_it_is_for_nobody_else(circle: Circle) -> None:
    recognised(circle)
    for who in ("ana", "ste", "cy"):
        assert mirror(circle, who)["sayings"] == []
    refused(circle.guild.get("/v1/me/mirror", token=circle.guild.token(None, "platform", "metrics:read")), 403,
            "not-a-person")  # fmt: skip


def test_who_nominated_without_a_name_has_none_here(circle: Circle) -> None:
    recognised(circle, anonymity="to_nominee")
    seen = mirror(circle, "bo")
    assert [who["name"] for who in seen["people"]] == ["Cy"]
    assert circle.ids["ana"] not in str(seen)
    assert circle.ids["dee"] not in str(seen)


def test_an_offer_that_is_open_or_refused_is_not_in_it(circle: Circle) -> None:
    circle.offering(min_seconds=1, review={"mode": "auto_on_seconds"})
    refusing = circle.seconded("cy")
    assert mirror(circle, "bo")["sayings"] == []
    done(respond(circle, refusing, response="refuse"), 200)
    assert mirror(circle, "bo")["sayings"] == []


def test_a_badge_that_was_taken_back_is_not_in_it(circle: Circle) -> None:
    badge = credential_of(circle, recognised(circle))
    assert mirror(circle, "bo")["recognitions"] == 1
    done(circle.guild.post(f"/v1/credentials/{badge}/revoke", {"reason": "By mistake."}), 200)
    assert mirror(circle, "bo")["recognitions"] == 0


def test_what_is_endorsed_later_adds_words_and_skills(circle: Circle) -> None:
    badge = credential_of(circle, recognised(circle))
    body = {"subject": "credential", "id": badge, "comment": "The tables were never wobbly.", "skills": ["Tables"]}
    done(circle.guild.post(f"/v1/credentials/{badge}/visibility", {"visibility": "community"},
                           token=circle.tokens["bo"]), 200)  # fmt: skip
    given = done(circle.guild.post("/v1/endorsements", body, token=circle.tokens["eli"]), 201)
    assert mirror(circle, "bo")["skills"] == []
    answer = f"/v1/endorsements/{given['id']}/response"
    done(circle.guild.post(answer, {"response": "accept"}, token=circle.tokens["bo"]), 200)
    seen = mirror(circle, "bo")
    assert seen["skills"] == ["Tables"]
    assert [(each["form"], each["by"]["name"]) for each in seen["sayings"] if each["skills"]] == [
        ("endorsement", "Eli")
    ]


def test_a_period_is_when_it_was_received(circle: Circle) -> None:
    recognised(circle)
    assert mirror(circle, "bo", "?period=2020")["sayings"] == []
    assert len(mirror(circle, "bo", "?period=2026")["sayings"]) == 3
    bad = circle.guild.get("/v1/me/mirror?period=soon", token=circle.tokens["bo"])
    refused(bad, 422, "period-not-published")


def saying(by: Speaker | None, words: str | None, form: Form = Form.thanks) -> Saying:
    return Saying(datetime(2026, 11, 1, tzinfo=UTC), form, by, "hosting", None, words)


@pytest.mark.parametrize("words", ["Größe, größe!", "größe GRÖSSE"])
def test_a_word_counts_once_for_each_who_used_it(words: str) -> None:
    ana, bo = Speaker(None, "Ana"), Speaker(None, "Bo")
    assert echoes.words([saying(ana, words), saying(ana, words)]) == []
    assert echoes.words([saying(ana, words), saying(bo, "of some größe")]) == [("grösse", 2)]
    assert echoes.words([saying(None, words), saying(None, words + ".")]) == [("grösse", 2)]
    assert echoes.words([saying(ana, None), saying(bo, "a b c abcd")]) == []


def test_who_seconds_adds_no_recognition() -> None:
    assert echoes.types([saying(None, "x", Form.nomination), saying(None, "y", Form.second)]) == {"hosting": 1}
