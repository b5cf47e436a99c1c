"""What somebody consents to who is asked about a direct award: what they read is what is signed, and what is kept."""

import hashlib
import json
from typing import Any
from uuid import UUID

import pytest

from app.credentials.tables import AwardReceipt
from app.kit.database import read_session
from tests.app.credentials.test_participation import SPRING, claims_in, did, offered_directly
from tests.app.guild import PUBLIC_URL, Guild, done, path_of, refused
from tests.app.issuers.conftest import runtime_of
from tests.app.nominations.circle import Circle
from tests.service import on_both_databases

EVIDENCE = [{"url": "https://table.example/notes/1", "name": "Notes of the first evening"}]


@pytest.fixture
def circle(guild: Guild) -> Circle:
    """A community in which Bo did a thing or two."""
    circle = Circle(guild).join("bo", "cy").offering()
    for day in ("2026-03-03", "2026-04-04"):
        did(circle, "hosting", day)
    did(circle, "teaching", "2026-05-05")
    return circle


def read(circle: Circle, id: str) -> dict[str, Any]:
    return done(circle.guild.get(f"/v1/credentials/{id}", token=circle.tokens["bo"]), 200)


def answer(circle: Circle, id: str, response: str = "accept", **more: Any) -> Any:
    said = {"response": response} | more
    return circle.guild.post(f"/v1/credentials/{id}/response", said, token=circle.tokens["bo"])


def receipt_of(circle: Circle, id: str) -> AwardReceipt | None:
    with read_session(runtime_of(circle.guild).engine) as session:
        return session.get(AwardReceipt, UUID(id))


def text_of(circle: Circle, id: str) -> dict[str, Any]:
    receipt = receipt_of(circle, id)
    assert receipt is not None
    assert hashlib.sha256(receipt.text.encode()).hexdigest() == receipt.digest
    said: dict[str, Any] = json.loads(receipt.text)
    return said


def everything_changes(circle: Circle, facts: dict[str, Any]) -> None:
    """One contribution is taken back, one corrected, one more told, and the achievement is worded anew."""
    guild, contributions = circle.guild, circle.guild.in_guild("contributions")
    first, second, *_ = [each["id"] for each in facts["contributions"]]
    done(guild.post(f"{contributions}/{first}/retract", {"reason": "It was not."}), 200)
    done(guild.post(f"{contributions}/{second}/correct", {"reason": "Otherwise.", "type": "teaching"}), 201)
    did(circle, "hosting", "2026-05-06")
    path = guild.in_guild(f"achievements/{circle.achievement['id']}")
    done(guild.call("PATCH", path, {"name": "Called otherwise"}, **{"If-Match": "*"}), 200)


@on_both_databases
def test_what_was_read_is_what_is_signed_and_what_the_receipt_holds(circle: Circle) -> None:
    made = offered_directly(circle, narrative="Opened the table.", evidence=EVIDENCE)
    before = read(circle, made["id"])
    facts, words = before["participation"], "From 2026-03-01 to 2026-06-01: 3 contributions (hosting 2, teaching 1)."
    assert (before["evidence"][0]["narrative"], before["evidence"][1:]) == (words, EVIDENCE)
    everything_changes(circle, facts)
    assert read(circle, made["id"]) == before
    accepted = done(answer(circle, made["id"], digest=before["digest"], participation=True), 200)
    said = text_of(circle, made["id"])
    assert said["participation"] == facts
    assert {name: said[name] for name in ("narrative", "evidence", "visibility")} == {
        "narrative": "Opened the table.",
        "evidence": before["evidence"],
        "visibility": "private",
    }
    assert said["achievement_name"] == circle.achievement["name"]
    receipt = receipt_of(circle, made["id"])
    assert receipt is not None
    assert (receipt.digest, receipt.by) == (before["digest"], "token")
    assert accepted["consent"]["receipt"] == before["digest"]
    path = accepted["evidence"][0]["url"].removeprefix(PUBLIC_URL)
    claims = claims_in(circle.guild.get(path, token=circle.tokens["bo"]).text)
    assert {name: claims[name] for name in facts} == facts
    badge = done(circle.guild.get(f"/credentials/{made['id']}.json", token=circle.tokens["bo"]), 200)
    assert badge["evidence"][0]["narrative"] == words
    assert badge["name"] == said["achievement_name"]


@pytest.mark.parametrize("response", ["accept", "refuse"])
def test_to_other_words_than_those_that_were_read_nothing_is_answered(circle: Circle, response: str) -> None:
    made = offered_directly(circle)
    problem = refused(answer(circle, made["id"], response, digest="0" * 64, participation=True), 409, "text-changed")
    assert "`digest`" in problem["fix"]
    refused(answer(circle, made["id"], response, digest="short"), 422, "invalid")
    there = read(circle, made["id"])
    assert (there["state"], there["participation"]["counts"]["contributions"]) == ("offered", 3)
    assert receipt_of(circle, made["id"]) is None
    done(answer(circle, made["id"], response, digest=there["digest"]), 200)
    refused(answer(circle, made["id"], response, digest="0" * 64), 409, "invalid-transition")


def test_what_is_left_out_is_not_in_the_receipt_and_who_sees_it_is(circle: Circle) -> None:
    made = offered_directly(circle, evidence=EVIDENCE)
    done(answer(circle, made["id"], visibility="community"), 200)
    said = text_of(circle, made["id"])
    assert (said["evidence"], said["visibility"]) == (EVIDENCE, "community")
    assert "participation" not in said
    told = done(circle.guild.get("/v1/me/data", token=circle.tokens["bo"]), 200)
    assert said["credential"] in json.dumps(told["award_receipt"])


def test_whoever_answers_by_a_link_has_a_receipt_of_what_the_link_shows(circle: Circle) -> None:
    guild = circle.guild
    made = guild.offer(circle.achievement, narrative="Opened the table.", evidence=EVIDENCE)
    path = path_of(made["claim_url"])
    shown = done(guild.get(path), 200)
    page = guild.get(path, accept="text/html").text
    assert EVIDENCE[0]["url"] in page
    assert EVIDENCE[0]["name"] in page
    refused(guild.claim(made, digest="0" * 64), 409, "text-changed")
    done(guild.claim(made, digest=shown["digest"]), 200)
    said, receipt = text_of(circle, made["id"]), receipt_of(circle, made["id"])
    assert receipt is not None
    assert (receipt.by, receipt.digest) == ("claim-link", shown["digest"])
    assert (said["narrative"], said["evidence"]) == (shown["narrative"], shown["evidence"])


def test_nobody_has_a_receipt_who_was_not_asked(circle: Circle) -> None:
    made = done(circle.guild.award(circle.achievement, {"member": "bo"}, consent="given"), 201)
    assert receipt_of(circle, made["id"]) is None
    assert "receipt" not in made["consent"]


def test_whoever_has_theirs_erased_takes_the_words_of_their_receipt_along(circle: Circle) -> None:
    made = offered_directly(circle)
    done(answer(circle, made["id"], participation=True), 200)
    done(circle.guild.call("DELETE", "/v1/me/data?credentials=keep&confirm=bo", token=circle.tokens["bo"]), 200)
    receipt = receipt_of(circle, made["id"])
    assert receipt is not None
    assert (receipt.text, len(receipt.digest)) == ("", 64)


@pytest.mark.parametrize("visibility", ["private", "public"])
def test_whoever_awarded_it_reads_what_it_rests_on_only_if_they_see_the_badge(circle: Circle, visibility: str) -> None:
    guild = circle.guild
    platform = guild.token(None, "platform", "awards:write")
    made = offered_directly(circle, token=platform)
    answered = done(answer(circle, made["id"], visibility=visibility, participation=True), 200)
    [listed] = done(guild.get(guild.in_guild("credentials"), token=platform), 200)["items"]
    one = done(guild.get(f"/v1/credentials/{made['id']}", token=platform), 200)
    other = done(guild.get(guild.in_guild(f"credentials/{made['id']}"), token=platform), 200)
    told = [each["genre"] for each in answered["evidence"]]
    assert told == ["participation"]
    for seen in (listed, one, other):
        assert [each["genre"] for each in seen["evidence"]] == (told if visibility == "public" else [])
        assert ("receipt" in seen["consent"]) == (visibility == "public")
    assert SPRING["since"][:10] in json.dumps(answered["evidence"])
