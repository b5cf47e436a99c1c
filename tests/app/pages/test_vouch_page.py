"""The page behind the link in the letter to somebody who was asked to vouch for something."""

from typing import Any

import pytest

from tests.app.endorsements.routes import link_of
from tests.app.guild import Guild, done
from tests.app.pages.test_hostile_text import HOSTILE, assert_harmless
from tests.app.pages.test_offer_page import flat
from tests.app.pages.test_pages import BROWSER, page

SAID = "I sat beside him at every one of these calls."


@pytest.fixture
def badge(guild: Guild) -> dict[str, Any]:
    guild.member("bo")
    guild.tokens["bo"] = guild.token("bo")
    return guild.badge(recipient={"member": "bo"}, visibility="private")


def asked(guild: Guild, badge: dict[str, Any], email: str, message: str = "You were there.") -> str:
    body = {"subject": "credential", "id": badge["id"], "of": {"email": email}, "message": message}
    id = done(guild.post("/v1/endorsement-requests", body, token=guild.tokens["bo"]), 201)["id"]
    return f"/vouch/{link_of(guild, id)}"


def send(guild: Guild, address: str, **data: Any) -> Any:
    return guild.client.post(address, data=data, headers={"Accept": BROWSER})


def test_who_is_asked_reads_it_and_answers_without_a_token(guild: Guild, badge: dict[str, Any]) -> None:
    address = asked(guild, badge, "zed@people.example")
    answer = guild.get(address, accept=BROWSER)
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    text = flat(page(answer).text)
    assert "Bo of The guild of makers asks you to vouch for" in text
    assert "You were there." in text
    wrong = send(guild, address, response="endorse", name="", comment="")
    assert (wrong.status_code, "Say what you are called" in flat(page(wrong, 422).text)) == (422, True)
    short = send(guild, address, response="endorse", name="Zed", comment="I <saw> it.", skills="chairs")
    shown = flat(page(short, 422).text)
    assert (short.status_code, short.headers["cache-control"]) == (422, "private, no-store")
    assert "20 to 2,000 characters what you have seen" in shown
    assert "Say what you are called" not in shown
    assert "I &lt;saw&gt; it." in short.text
    assert {"Zed", "chairs"} <= {each.get("value") for each in page(short, 422).all("input")}
    assert {"text"} == {each["type"] for each in page(short, 422).all("input") if each["name"] in {"name", "skills"}}
    said = send(guild, address, response="endorse", name="Zed", comment=SAID, skills="patience, , chairs")
    assert "Thank you." in page(said).text
    [given] = done(guild.get("/v1/endorsements?role=owner", token=guild.tokens["bo"]), 200)["items"]
    assert (given["endorser"]["name"], given["comment"], given["skills"]) == ("Zed", SAID, ["patience", "chairs"])
    assert guild.get(address, accept=BROWSER).status_code == 410
    other = asked(guild, badge, "yan@people.example")
    assert "No letter from anybody" in flat(page(send(guild, other, response="decline", never_add="true")).text)


def test_who_is_asked_reads_what_they_are_to_vouch_for(guild: Guild) -> None:
    guild.member("bo")
    guild.tokens["bo"] = guild.token("bo")
    evidence = [{"url": "https://guild.example/notes/12", "name": "Notes of the twelfth call"}]
    achievement = guild.achievement(criteria={"narrative": "Hosted at least *three* calls."})
    said = {"narrative": "Hosted the spring series.", "evidence": evidence, "visibility": "private"}
    badge = guild.badge(achievement, recipient={"member": "bo"}, **said)
    found = page(guild.get(asked(guild, badge, "zed@people.example"), accept=BROWSER))
    text = flat(found.text)
    for words in ("Hosted at least three calls.", "Hosted the spring series.", "Bo, 21 November 2026"):
        assert words in text, words
    assert "https://guild.example/notes/12" in {each.get("href") for each in found.all("a")}


def test_who_is_asked_finds_the_page_of_the_badge_where_everybody_may(guild: Guild, badge: dict[str, Any]) -> None:
    public = guild.badge(recipient={"member": "bo"})
    for one, there in ((public, True), (badge, False)):
        found = page(guild.get(asked(guild, one, "zed@people.example"), accept=BROWSER))
        links = [each.get("href") for each in found.all("a")]
        assert (f"/credentials/{one['id']}.html" in links) is there


def test_what_the_asker_writes_does_no_harm(guild: Guild, badge: dict[str, Any]) -> None:
    address = asked(guild, badge, "zed@people.example", "\n\n".join(HOSTILE)[:1000])
    assert_harmless(page(guild.get(address, accept=BROWSER)), forms=2)
