"""Whose badge it is."""

from collections.abc import Iterator
from typing import Any

import pytest

from badges import Verdict
from badges.checks import recipients
from badges.documents import Document
from badges.identities import identity_hash
from tests.badges.judging import judge
from tests.far_issuer import FarIssuer


def asked(identities: Iterator[recipients.Identity], known: str) -> str:
    return recipients.recipient(identities, known).code


@pytest.mark.parametrize(
    ("subject", "known", "answer"),
    [
        ({"id": "did:example:1"}, "did:example:1", "match"),
        ({"id": "did:example:1"}, "did:example:2", "no-match"),
        ({"id": "did:example:1"}, "ada@example.org", "cannot-tell"),
        ({"id": "mailto:Ada@example.org"}, "ada@example.org", "match"),
        ({"id": "mailto:ada@example.org"}, "mailto:ada@example.org", "match"),
        ({"id": "mailto:ada@example.org"}, "bob@example.org", "no-match"),
        ({"id": "https://x.example/ada"}, "https://x.example/ada", "match"),
        ({"id": "https://x.example/ada"}, "https://x.example/Ada", "no-match"),
        ({"id": "urn:uuid:1"}, "urn:uuid:1", "match"),
        ({"id": "urn:uuid:1"}, "urn:uuid:2", "no-match"),
        ({"id": "urn:uuid:1"}, "ada", "cannot-tell"),
        ({"id": "tel:+49 30 901820"}, "tel:+49 30 901820", "match"),
        ({"id": "tel:+49-30-901820"}, "+49 (30) 901820", "match"),
        ({"id": "tel:+49-30-901820"}, "+49 30 901821", "no-match"),
        ({}, "ada@example.org", "cannot-tell"),
        ({"id": 7, "identifier": ["x", 7, {}, None]}, "ada@example.org", "cannot-tell"),
    ],
)
def test_subjects_are_compared_by_their_id(subject: Document, known: str, answer: str) -> None:
    assert asked(recipients.of_subject(subject), known) == answer


def identifier(value: str, **more: Any) -> Document:
    return {"type": "IdentityObject", "hashed": False, "identityHash": value, "identityType": "emailAddress"} | more


@pytest.mark.parametrize(
    ("entry", "known", "answer"),
    [
        (identifier("ada@example.org"), "Ada@example.org", "match"),
        (identifier("ada@example.org"), "bob@example.org", "no-match"),
        (identifier("weiß@example.org"), "weiss@example.org", "no-match"),
        (identifier(identity_hash("ada@example.org", "s"), hashed=True, salt="s"), "ada@example.org", "match"),
        (
            identifier(identity_hash("ada@example.org", "s").upper(), hashed=True, salt="s"),
            "ADA@example.org",
            "cannot-tell",
        ),
        (identifier("sha512$" + "0" * 128, hashed=True), "ada@example.org", "cannot-tell"),
        (identifier("sha256$" + "0" * 40, hashed=True), "ada@example.org", "cannot-tell"),
        (identifier("sha512$" + "0" * 128, hashed=True), "did:example:1", "cannot-tell"),
        (identifier(identity_hash("ada@example.org"), hashed=True), "ada@example.org", "match"),
        (identifier(identity_hash("ada@example.org", "s"), hashed=True, salt="t"), "ada@example.org", "no-match"),
        (identifier("md5$" + "0" * 32, hashed=True), "ada@example.org", "no-match"),
        (identifier(identity_hash("ada@example.org"), hashed=False), "ada@example.org", "no-match"),
        (identifier(identity_hash("ada@example.org"), hashed=True, salt=None), "ada@example.org", "match"),
        (identifier(identity_hash("ada", "s"), identityType="userName", hashed=True, salt="s"), "ada", "match"),
        (identifier("did:example:1", identityType="ext:did"), "did:example:1", "match"),
        (identifier("ada", identityType="userName"), "ada", "match"),
        (identifier("ada", identityType="userName"), "bob", "cannot-tell"),
        (identifier("ada", identityType="userName"), "ada@example.org", "cannot-tell"),
    ],
)
def test_subjects_are_compared_by_every_identifier(entry: Document, known: str, answer: str) -> None:
    other = identifier("x", identityType="ext:x")
    assert asked(recipients.of_subject({"identifier": [other, entry]}), known) == answer


@pytest.mark.parametrize(
    ("recipient", "known", "answer"),
    [
        ({"type": "email", "hashed": False, "identity": "ada@example.org"}, "ADA@example.org", "match"),
        ({"type": "email", "hashed": True, "identity": identity_hash("ada@example.org")}, "ada@example.org", "match"),
        ({"type": "id", "hashed": False, "identity": "did:example:1"}, "did:example:1", "match"),
        ({"type": "id", "hashed": True, "identity": identity_hash("did:example:1")}, "did:example:1", "match"),
        ({"type": "id", "hashed": True, "identity": identity_hash("did:example:1")}, "did:example:2", "no-match"),
        ({"type": "url", "hashed": False, "identity": "https://x.example/"}, "https://y.example/", "no-match"),
        ({"type": "telephone", "hashed": False, "identity": "+49 30 901820"}, "+49 30 901820", "match"),
        ({"type": "telephone", "hashed": False, "identity": "+49 30 901820"}, "tel:+4930901820", "match"),
        ({"type": "telephone", "hashed": True, "identity": identity_hash("+4930901820")}, "+49 30 901820", "match"),
        ({"type": "telephone", "hashed": False, "identity": "+49 30 901820"}, "+49 30 901821", "no-match"),
        ({"type": ["email"], "hashed": False, "identity": "ada@example.org"}, "ada@example.org", "match"),
        ("ada@example.org", "ada@example.org", "cannot-tell"),
        ({"type": "email", "hashed": False, "identity": 7}, "ada@example.org", "cannot-tell"),
        (None, "ada@example.org", "cannot-tell"),
    ],
)
def test_recipients_of_assertions_are_compared_by_their_property(recipient: Any, known: str, answer: str) -> None:
    assert asked(recipients.of_assertion({"recipient": recipient}), known) == answer


def test_one_identity_that_cannot_be_compared_may_be_the_one() -> None:
    bob, unknown = identifier("bob@example.org"), identifier("sha512$" + "0" * 128, hashed=True)
    for both in ([bob, unknown], [unknown, bob]):
        assert asked(recipients.of_subject({"identifier": both}), "ada@example.org") == "cannot-tell"
        assert asked(recipients.of_subject({"identifier": both}), "bob@example.org") == "match"


def test_a_hash_of_an_unknown_kind_makes_nobody_the_wrong_recipient() -> None:
    issuer = FarIssuer()
    odd = identifier("sha512$" + "0" * 128, hashed=True)
    subject = issuer.credential()["credentialSubject"] | {"identifier": [odd]}
    recipient = {"type": "email", "hashed": True, "identity": odd["identityHash"]}
    for award in (
        issuer.award("vc-jwt", credentialSubject=subject),
        issuer.award("ob2-hosted", recipient=recipient),
        issuer.award("ob2-signed", recipient=recipient),
    ):
        report = judge(issuer, award, recipient="ada@example.org")
        assert report.verdict is not Verdict.wrong_recipient
        assert not report.verified


@pytest.mark.parametrize(
    ("subject", "told"),
    [
        ({"id": "urn:uuid:1"}, "by a number that only its issuer can match to a person"),
        ({"id": "did:example:1"}, "by DID"),
        ({"id": "did:example:1", "identifier": identifier("ada", identityType="userName")}, "by DID, by userName"),
        ({}, "not at all"),
    ],
)
def test_who_asks_in_another_way_is_told_in_which_way_the_badge_names_somebody(subject: Any, told: str) -> None:
    answer = recipients.recipient(recipients.of_subject(subject), "ada@example.org")
    assert answer.detail == (f"The badge names its recipient {told}, so it cannot be told if that is ada@example.org.")


@pytest.mark.parametrize(
    "known", ["MAILTO:ada@example.org", "\ufeffada@example.org", " ada@example.org\u200b\n", "Ada@Example.org"]
)
def test_who_is_asked_for_may_be_written_as_it_was_copied(known: str) -> None:
    assert asked(recipients.of_subject({"identifier": identifier("ada@example.org")}), known) == "match"
