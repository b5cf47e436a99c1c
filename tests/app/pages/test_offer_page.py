"""The page behind the link in the letter: what somebody who is no member is asked, word for word, and their answer."""

import base64
import json
import re
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import select

import badges
from app.achievements.tables import AchievementVersion
from app.credentials.tables import Credential
from app.kit.database import read_session
from app.nominations.tables import Receipt
from app.pages.stated import day
from tests.app.guild import done, path_of, refused
from tests.app.issuers.conftest import runtime_of
from tests.app.nominations.circle import EVIDENCE, REASON, STATEMENT, Circle
from tests.app.nominations.routes import link_of
from tests.app.pages.test_hostile_text import HOSTILE, MARKDOWN, assert_harmless
from tests.app.pages.test_pages import BROWSER, Page, page
from tests.stand_ins import SettableClock

ZED = {"email": "zed@people.example", "name": "Zed"}
QUICK = {"review": {"mode": "auto_on_seconds"}, "min_seconds": 1}
NARRATIVE = "\n\n".join(STATEMENT[part] for part in ("contribution", "context", "impact"))


def offered(circle: Circle, **more: Any) -> tuple[str, str]:
    """The id of a nomination of Zed that is offered, and the path of the page that the letter names."""
    id = circle.nomination(ZED, **more)
    done(circle.invite(id, "cy"), 200)
    done(circle.second(id, "cy", publish=True), 200)
    return id, f"/offers/{link_of(circle.guild, id)}"


@pytest.fixture
def quick(circle: Circle) -> Circle:
    return circle.offering(**QUICK)


def read(circle: Circle, address: str) -> Page:
    answer = circle.guild.get(address, accept=BROWSER)
    found = page(answer)
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    return found


def send(circle: Circle, address: str, **data: Any) -> Any:
    """What a browser sends when a button is pressed."""
    return circle.guild.client.post(address, data=data, headers={"Accept": BROWSER})


def flat(text: str) -> str:
    return " ".join(text.split())


def files(found: Page) -> dict[str, bytes]:
    links = [link for link in found.all("a") if "download" in link]
    return {link["download"]: base64.b64decode(link["href"].partition(",")[2]) for link in links}


def test_it_shows_every_word_of_the_badge_before_anything_is_signed(quick: Circle) -> None:
    id, address = offered(quick)
    found = read(quick, address)
    words = ["Zed", "Session Host", "Opens a space to learn in.", "Hosted at least three sessions."]
    words += [REASON, "— Cy", EVIDENCE[0]["name"], *(STATEMENT[part] for part in ("contribution", "context", "impact"))]
    assert [each for each in words if flat(each) not in flat(found.text)] == []
    assert STATEMENT["person"] not in found.text  # is for those who decide
    assert "Nothing of this is public" in found.text
    assert found.all("img")[0]["src"].startswith(f"/achievements/{quick.achievement['id']}-v1.png")
    assert quick.guild.get(found.all("img")[0]["src"]).status_code == 200
    offer = done(quick.guild.get(f"/v1{address}"), 200)
    assert json.loads(found.text[found.text.index("{") : found.text.rindex("}") + 1]) == offer["credential"]
    assert day(badges.instant(offer["deadline"])) in found.text
    assert quick.state(id) == "offered"


def test_it_asks_for_a_yes_that_is_private_unless_said_otherwise_or_a_no(quick: Circle) -> None:
    _, address = offered(quick)
    found = read(quick, address)
    yes, no = found.all("form")
    assert {(form["method"], form["action"]) for form in (yes, no)} == {("post", address)}
    seen_by = {f["value"]: "checked" in f for f in found.all("input") if f.get("name") == "visibility"}
    assert seen_by == {"private": True, "community": False, "public": False}
    ticked = [f for f in found.all("input") if f["type"] == "checkbox" and "checked" in f]
    assert ticked == []
    assert [button["value"] for button in found.all("button")] == ["accept", "refuse"]


def test_a_private_yes_hands_the_signed_badge_over_and_keeps_a_receipt(quick: Circle) -> None:
    id, address = offered(quick)
    answer = send(quick, address, response="accept", visibility="private", text_version="1")
    given = page(answer)
    assert answer.headers["cache-control"] == "private, no-store"
    assert quick.state(id) == "issued"
    kept = files(given)
    assert set(kept) == {"session-host.png", "session-host.json"}
    for data in kept.values():
        assert quick.guild.verdict(data)["verdict"] == "valid"
    signed = json.loads(kept["session-host.json"])
    assert signed["credentialSubject"]["narrative"] == NARRATIVE
    refused(quick.guild.get(path_of(signed["id"]) + ".json"), 404, "no-such-credential")
    with read_session(runtime_of(quick.guild).engine) as session:
        assert session.exec(select(Receipt)).one().by == "claim-link"


def test_sentences_that_are_ticked_are_left_out_and_the_others_stay_as_they_were(quick: Circle) -> None:
    two = STATEMENT | {
        "contribution": "Opened the table. Bo stacked the chairs.\nThen swept.",
        "impact": "Nine stayed.",
    }
    _, address = offered(quick, statement=two)
    found = read(quick, address)
    boxes = [field["value"] for field in found.all("input") if field.get("name") == "leave_out"]
    assert boxes == ["0", "1", "2", "3", "4"]
    given = page(send(quick, address, response="accept", leave_out=["1", "4"], text_version="1"))
    signed = json.loads(files(given)["session-host.json"])
    assert signed["credentialSubject"]["narrative"] == f"Opened the table.\nThen swept.\n\n{STATEMENT['context']}"


@pytest.mark.parametrize("takes_it", [False, True])
def test_what_they_took_part_in_is_shown_one_by_one_and_signed_only_by_a_tick(quick: Circle, takes_it: bool) -> None:
    quick.join("eve", email="eve@people.example")
    said = {"person": "eve", "occurred_at": "2026-03-03T18:00:00Z"}
    path = quick.guild.in_guild("contributions")
    did = [done(quick.guild.post(path, said | {"type": type}), 201)["id"] for type in ("hosting", "teaching")]
    id = quick.nomination({"email": "eve@people.example"}, participation={"since": "2026-01-01T00:00:00Z"})
    done(quick.invite(id, "cy"), 200)
    done(quick.second(id, "cy"), 200)
    address = f"/offers/{link_of(quick.guild, id)}"
    found = read(quick, address)
    told = ["2 contributions from 2026-01-01 to ", *did]
    assert [each for each in told if each not in flat(found.text)] == []
    [box] = [field for field in found.all("input") if field.get("name") == "with_participation"]
    assert (box["type"], "checked" in box) == ("checkbox", False)
    ticked = {box["name"]: box["value"]} if takes_it else {}
    given = page(send(quick, address, response="accept", visibility="public", text_version="1", **ticked))
    signed = json.loads(files(given)["session-host.json"])
    assert ("relatedResource" in signed) is takes_it
    assert ("participation" in {each.get("genre") for each in signed["evidence"]}) is takes_it


def test_a_public_yes_leads_to_the_page_of_the_badge_where_the_voices_are_read(quick: Circle) -> None:
    _, address = offered(quick)
    given = page(send(quick, address, response="accept", visibility="public"))
    [there] = [link["href"] for link in given.all("a") if re.fullmatch(r"/credentials/.*\.html", link.get("href", ""))]
    found = page(quick.guild.get(there))
    for words in ("Zed", STATEMENT["impact"], "Who vouches for it", REASON, "— Cy", EVIDENCE[0]["name"]):
        assert found.text.count(words) == 1, words
    assert found.all("blockquote")
    signed = files(given)["session-host.json"].decode()
    report = page(quick.guild.client.post("/verify", data={"text": signed}, headers={"Accept": BROWSER}))
    for words in (STATEMENT["impact"], "Cy (second)", REASON, "Nomination (nomination, in the words above)"):
        assert report.text.count(words) == 1, words


def test_a_no_is_private_and_may_be_for_good(quick: Circle) -> None:
    id, address = offered(quick)
    found = page(send(quick, address, response="refuse", never_add="true"))
    assert "nobody is told why" in found.text
    assert "reaches you again" in found.text
    assert quick.state(id) == "refused"
    again = quick.nomination(ZED, by="dee")
    done(quick.invite(again, "cy", by="dee"), 200)
    done(quick.second(again, "cy"), 200)
    assert quick.state(again) == "offered"  # as if nobody had answered: who is on that list, nobody can tell


def test_links_that_are_used_ended_or_of_nobody_lead_to_a_quiet_page(quick: Circle, clock: SettableClock) -> None:
    _, used = offered(quick)
    page(send(quick, used, response="refuse"))
    quick.join("fay", "gus")
    id = quick.nomination({"email": "yan@people.example"}, by="fay")
    done(quick.invite(id, "gus", by="fay"), 200)
    done(quick.second(id, "gus"), 200)
    late = f"/offers/{link_of(quick.guild, id)}"
    clock.forward(days=60)
    for address, status, code in (
        (used, 410, "offer-closed"),
        (late, 410, "offer-closed"),
        ("/offers/unknown", 404, "no-such-offer"),
    ):
        for answer in (quick.guild.get(address, accept=BROWSER), send(quick, address, response="accept")):
            told = page(answer, status)
            assert answer.headers["cache-control"] == "no-store"
            assert not [words for words in ("Zed", "yan", STATEMENT["impact"], "guild of makers") if words in told.text]
        refused(quick.guild.get(address), status, code)


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({}, 422),
        ({"response": "maybe"}, 422),
        ({"response": "accept", "visibility": "x"}, 422),
        ({"response": "accept", "leave_out": "3"}, 422),
        ({"response": "accept", "leave_out": "-1"}, 422),
        ({"response": "accept", "leave_out": "9" * 5000}, 422),
        ({"response": "accept", "leave_out": ["0"] * 901}, 422),
        ({"response": "accept", "text_version": "7"}, 409),
        ({"response": "accept", "never_add": "true"}, 422),
    ],
)
def test_an_answer_that_is_none_changes_nothing(quick: Circle, data: dict[str, Any], status: int) -> None:
    id, address = offered(quick)
    page(send(quick, address, **data), status)
    json_body = quick.guild.client.post(address, json={"response": "accept"}, headers={"Accept": BROWSER})
    page(json_body, 415)
    assert quick.state(id) == "offered"
    page(send(quick, address, response="accept"))


def test_a_yes_is_kept_where_the_badge_cannot_be_signed_at_once(quick: Circle, engine: sa.Engine) -> None:
    id, address = offered(quick)
    with engine.begin() as connection:  # past the door that would have refused it
        connection.execute(sa.update(AchievementVersion).values(name="Unspeakable \uffff"))
    assert "Your answer is kept" in page(send(quick, address, response="accept")).text
    assert quick.state(id) == "accepted"
    with read_session(engine) as session:
        assert not session.exec(select(Credential).where(Credential.nomination_id == UUID(id))).all()


@pytest.mark.parametrize("some", range(0, len(HOSTILE + MARKDOWN), 8))
def test_whatever_was_written_of_somebody_is_shown_as_words(quick: Circle, some: int) -> None:
    text = "\n\n".join((HOSTILE + MARKDOWN)[some : some + 8])
    line = " ".join(text.split())[:200]
    statement = dict.fromkeys(STATEMENT, text)
    evidence = [{"url": "https://notes.example/'x'", "name": line, "description": text}]
    quick.achievement = quick.guild.achievement(policy=QUICK, name=line, description=text, criteria={"narrative": text})
    quick.guild.member("mal", name=line, joined_at="2020-01-01T00:00:00Z")
    quick.tokens["mal"] = quick.guild.token("mal")
    id = quick.nomination({"email": "zed@people.example", "name": line}, statement=statement, evidence=evidence)
    done(quick.invite(id, "mal"), 200)
    answer = quick.second(id, "mal", f"{REASON} {text}", publish=True)
    assert answer.status_code == 200, answer.text
    address = f"/offers/{link_of(quick.guild, id)}"
    assert_harmless(read(quick, address), forms=2)
    given = page(send(quick, address, response="accept", visibility="public"))
    assert_harmless(given)
    [there] = [link["href"] for link in given.all("a") if re.fullmatch(r"/credentials/.*\.html", link.get("href", ""))]
    assert_harmless(page(quick.guild.get(there)))
