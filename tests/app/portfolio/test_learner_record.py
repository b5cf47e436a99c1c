"""A portfolio as a learner record (CLR 2.0), signed by the community."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft201909Validator

import badges
from app.verifier.service import documents
from tests.app.guild import Guild, done, refused
from tests.app.issuers.conftest import runtime_of
from tests.stand_ins import THEN

SCHEMA = Path(__file__).resolve().parents[4] / "shared/data/schemas/clr_v2p0/clr_v2p0_clrcredential_schema.json"


@pytest.fixture
def path(guild: Guild) -> str:
    """Of the portfolio of a member who has a public badge that somebody endorsed, and a private one."""
    id = guild.member("ana")["id"]
    guild.member("bo")
    guild.tokens |= {"ana": guild.token("ana"), "bo": guild.token("bo")}
    public = guild.badge(recipient={"member": "ana"}, visibility="public")["id"]
    guild.badge(guild.achievement(), recipient={"member": "ana"}, visibility="private")
    said = {"subject": "credential", "id": public, "comment": "I have seen it done, often and well."}
    endorsed = done(guild.post("/v1/endorsements", said, token=guild.tokens["bo"]), 201)["id"]
    answer = {"response": "accept"}
    done(guild.post(f"/v1/endorsements/{endorsed}/response", answer, token=guild.tokens["ana"]), 200)
    return f"/v1/members/{id}/portfolio?format=clr"


def test_a_learner_record_verifies_with_the_badges_in_it(guild: Guild, path: str) -> None:
    answer = guild.get(path, token=guild.tokens["ana"])
    assert answer.headers["content-type"] == "application/vc"
    record = done(answer, 200)
    assert record["@context"] == list(badges.clr.RECORD_CONTEXTS)
    assert (record["name"], record["partial"]) == ("Badges of Ana", False)
    inside = record["credentialSubject"]["verifiableCredential"]
    assert [bool(each.get("endorsement")) for each in inside] == [False, True]
    assert inside[0]["credentialSubject"]["id"] == record["credentialSubject"]["id"]
    fetch = documents(runtime_of(guild), THEN, strangers=badges.no_fetch)
    report = badges.verify(answer.content, fetch=fetch, now=THEN)
    assert (report.verdict, len(report.contains)) == (badges.Verdict.valid, 2), report.summary
    assert report.issuer["id"] == inside[0]["issuer"]["id"]
    if SCHEMA.is_file():
        validator = Draft201909Validator(json.loads(SCHEMA.read_text()))
        assert [error.message for error in validator.iter_errors(record)] == []


def test_whoever_does_not_see_all_is_not_told_whether_there_is_more(guild: Guild, path: str) -> None:
    record = done(guild.get(path), 200)
    assert (record["partial"], len(record["credentialSubject"]["verifiableCredential"])) == (True, 1)


def test_there_is_no_record_of_nothing(guild: Guild) -> None:
    id = guild.member("nil")["id"]
    refused(guild.get(f"/v1/members/{id}/portfolio?format=clr", token=guild.token("nil")), 409, "nothing-to-record")
    with pytest.raises(badges.BadgeError, match="at least one"):
        badges.clr.ClrSubject(id="urn:x:1", verifiable_credential=())
