"""The single questions, where the whole verdict would not show what was asked."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.checks import recipients, timing, verdicts
from badges.checks.hosting import in_scope
from badges.checks.proofs import proof
from badges.checks.questions import Question, brief
from badges.checks.reading import secured_in
from badges.checks.statuses import status
from badges.documents import Document, serialize, timestamp
from badges.errors import BadgeError, BadSignature, NoSuchKey, TooLarge, UnknownContext, Unreachable, UnsupportedProof
from badges.identities import identity_hash
from badges.reports import Check, Outcome, Verdict
from tests.far_issuer import NOW, FarIssuer

ASKED = Question("proof", "a section")


# Refusals


@pytest.mark.parametrize(
    ("refusal", "outcome", "code"),
    [
        (Unreachable("x"), Outcome.unknown, "issuer-unreachable"),
        (NoSuchKey("x"), Outcome.unknown, "no-such-key"),
        (UnsupportedProof("x"), Outcome.unknown, "unsupported-proof"),
        (UnknownContext("x"), Outcome.unknown, "unknown-context"),
        (TooLarge("x"), Outcome.unknown, "too-large"),
        (BadSignature("x"), Outcome.failed, "bad-signature"),
    ],
)
def test_what_could_not_be_checked_is_neither_passed_nor_failed(
    refusal: BadgeError, outcome: Outcome, code: str
) -> None:
    check = ASKED.refused(refusal, whose="issuer")
    assert (check.outcome, check.code, check.detail, check.spec) == (outcome, code, "x", "a section")


@given(st.text())
def test_a_strangers_text_stays_on_its_line_and_short(text: str) -> None:
    assert len(brief(text)) <= 80
    assert len(brief(text).splitlines()) <= 1


# Status lists


def stands(issuer: FarIssuer, index: int = 7, *, purpose: str = "revocation", **changes: Any) -> Check:
    credential = issuer.credential(purpose=purpose)
    entry = credential["credentialStatus"] | {"statusListIndex": str(index)} | changes
    return status(credential | {"credentialStatus": entry}, fetch=issuer, now=NOW)


def said(check: Check) -> tuple[Outcome, str]:
    return check.outcome, check.code


NOT_REVOKED = (Outcome.passed, "not-revoked")
REVOKED = (Outcome.failed, "revoked")
URL = f"{FarIssuer.base}/status/revocation"


@given(st.sets(st.integers(0, 131_071), max_size=5), st.integers(0, 131_071))
def test_exactly_the_set_bits_revoke(revoked: set[int], index: int) -> None:
    issuer = FarIssuer(mode="did:key")
    issuer.bits["revocation"] = revoked
    for asked in {index, *revoked}:
        assert said(stands(issuer, asked)) == (REVOKED if asked in revoked else NOT_REVOKED)


@pytest.mark.parametrize("suffix", ["", ".jwt"])
def test_a_list_may_be_json_or_a_token(suffix: str) -> None:
    issuer = FarIssuer()
    url = f"{URL}{suffix}"
    assert said(stands(issuer, statusListCredential=url)) == NOT_REVOKED
    issuer.bits["revocation"] = {7}
    assert said(stands(issuer, statusListCredential=url)) == REVOKED


def test_a_set_bit_counts_in_a_short_or_old_list_and_an_unset_one_does_not() -> None:
    for prepare, code in (
        (lambda issuer: setattr(issuer, "entries", 1024), "status-list-too-short"),
        (lambda issuer: issuer.age_lists(timedelta(days=2)), "status-list-stale"),
    ):
        issuer = FarIssuer(mode="did:key")
        prepare(issuer)
        assert said(stands(issuer)) == (Outcome.unknown, code)
        issuer.bits["revocation"] = {7}
        assert said(stands(issuer)) == REVOKED


def test_an_old_list_cannot_tell_whether_a_suspension_was_lifted() -> None:
    issuer = FarIssuer(mode="did:key")
    issuer.bits["suspension"] = {7}
    assert said(stands(issuer, purpose="suspension")) == (Outcome.failed, "suspended")
    issuer.age_lists(timedelta(days=2))
    assert said(stands(issuer, purpose="suspension")) == (Outcome.unknown, "status-list-stale")


def test_an_index_outside_the_list_says_nothing() -> None:
    for index in (131_072, 10**9):
        assert said(stands(FarIssuer(mode="did:key"), index)) == (Outcome.unknown, "status-unreadable")


@pytest.mark.parametrize(
    "changes",
    [
        {"statusListIndex": 7},
        {"statusListIndex": "-7"},
        {"statusListIndex": "٧"},
        {"statusListIndex": "7" * 5000},
        {"statusListIndex": None},
        {"statusPurpose": None},
        {"statusListCredential": {"id": URL}},
    ],
)
def test_an_entry_that_does_not_say_where_its_bit_is_says_nothing(changes: Document) -> None:
    assert said(stands(FarIssuer(), **changes)) == (Outcome.unknown, "invalid-status")


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "StatusList2021Entry"},
        {"type": "1EdTechRevocationList"},
        {"type": None},
        {"statusSize": 2},
        {"statusSize": 0},
        {"statusSize": "1"},
    ],
)
def test_a_status_of_a_kind_we_do_not_know_is_unknown(changes: Document) -> None:
    assert said(stands(FarIssuer(), **changes)) == (Outcome.unknown, "unsupported-status")


def test_a_list_counts_only_as_its_issuers_own() -> None:
    issuer, forger = FarIssuer(), FarIssuer(mode="did:key", name="Forger")
    lists = issuer.status_list("revocation")
    for page, code in (
        (forger.sign(forger.status_list("revocation")), "status-foreign-list"),
        (issuer.sign(lists, key=forger.ed25519), "status-unproven"),
        (serialize(lists), "status-unproven"),
        (issuer.sign(lists).replace('"revocation"', '"suspension"'), "status-unproven"),
    ):
        for revoked in (set(), {7}):
            forger.bits["revocation"] = revoked
            issuer.answer(URL, page)
            assert said(stands(issuer)) == (Outcome.unknown, code)


def test_a_list_for_another_purpose_says_nothing() -> None:
    issuer = FarIssuer(mode="did:key")
    issuer.bits["revocation"] = {7}
    assert said(stands(issuer, statusPurpose="suspension")) == (Outcome.unknown, "status-purpose-differs")
    issuer.list_changes = {"statusPurpose": ["refresh", "revocation"]}
    assert said(stands(issuer)) == REVOKED


def test_a_mark_that_does_not_invalidate_is_mentioned() -> None:
    issuer = FarIssuer(mode="did:key")
    issuer.bits["revocation"] = {7}
    issuer.list_changes = {"statusPurpose": "message"}
    check = stands(issuer, statusPurpose="message")
    assert said(check) == NOT_REVOKED
    assert [warning.code for warning in check.warnings] == ["status-set"]


def test_a_list_by_another_name_is_mentioned() -> None:
    issuer = FarIssuer(mode="did:key")
    issuer.answer(f"{URL}/copy", issuer.sign(issuer.status_list("revocation")))
    check = stands(issuer, statusListCredential=f"{URL}/copy")
    assert said(check) == NOT_REVOKED
    assert [warning.code for warning in check.warnings] == ["status-list-id"]


@pytest.mark.parametrize("page", [b"", b"<html>", b"{}", b"\xff", b"a.b.c", b'{"id": NaN}', b"[" * 100_000])
def test_a_list_that_cannot_be_read_says_nothing(page: bytes) -> None:
    issuer = FarIssuer()
    issuer.answer(URL, page)
    assert said(stands(issuer)) == (Outcome.unknown, "status-unreadable")


@pytest.mark.parametrize("encoded", ["", "u", "H4sI", "u!!!", "uAAAA", None, 7])
def test_an_encoded_list_that_cannot_be_read_says_nothing(encoded: Any) -> None:
    issuer = FarIssuer(mode="did:key")
    issuer.list_changes = {"encodedList": encoded}
    url = f"{URL}.jwt"
    assert said(stands(issuer, statusListCredential=url)) == (Outcome.unknown, "status-unreadable")


@pytest.mark.parametrize("answer", [404, 410, 500])
def test_a_list_that_is_not_there_is_no_all_clear(answer: int) -> None:
    issuer = FarIssuer()
    issuer.answer(URL, "", status=answer)
    assert said(stands(issuer)) == (Outcome.unknown, "status-unreachable")
    assert said(stands(issuer, statusListCredential="file:///etc/passwd")) == (Outcome.unknown, "status-unreadable")


def test_of_several_entries_the_worst_counts_and_too_many_are_not_followed() -> None:
    issuer = FarIssuer(mode="did:key")
    issuer.bits["suspension"] = {7}
    entries = [
        issuer.credential(purpose=purpose)["credentialStatus"] | {"statusListIndex": "7"}
        for purpose in ("revocation", "suspension")
    ]
    credential = issuer.credential() | {"credentialStatus": entries}
    assert said(status(credential, fetch=issuer, now=NOW)) == (Outcome.failed, "suspended")
    issuer.bits["suspension"].clear()
    assert said(status(credential, fetch=issuer, now=NOW)) == NOT_REVOKED
    many = credential | {"credentialStatus": entries * 20}
    assert said(status(many, fetch=issuer, now=NOW)) == (Outcome.unknown, "too-many-statuses")


# Proofs


def test_a_proof_that_names_no_key_proves_nothing() -> None:
    issuer = FarIssuer(mode="did:key")
    signed = secured_in(issuer.sign(issuer.credential()))
    for named in (None, 7, {}, {"publicKeyMultibase": issuer.ed25519.method.multikey()}):
        signed.document["proof"][0]["verificationMethod"] = named
        assert proof(signed, fetch=issuer, now=NOW).outcome is Outcome.failed


# Recipients


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
        (identifier(identity_hash("ada@example.org", "s"), hashed=True, salt="s"), "ada@example.org", "match"),
        (
            identifier(identity_hash("ada@example.org", "s").upper(), hashed=True, salt="s"),
            "ADA@example.org",
            "no-match",
        ),
        (identifier(identity_hash("ada@example.org"), hashed=True), "ada@example.org", "match"),
        (identifier(identity_hash("ada@example.org", "s"), hashed=True, salt="t"), "ada@example.org", "no-match"),
        (identifier("md5$" + "0" * 32, hashed=True), "ada@example.org", "no-match"),
        (identifier(identity_hash("ada@example.org"), hashed=False), "ada@example.org", "no-match"),
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
        ({"type": "email", "hashed": False, "identity": 7}, "ada@example.org", "cannot-tell"),
        (None, "ada@example.org", "cannot-tell"),
    ],
)
def test_recipients_of_assertions_are_compared_by_their_property(recipient: Any, known: str, answer: str) -> None:
    assert asked(recipients.of_assertion({"recipient": recipient}), known) == answer


# Scope of hosting


@pytest.mark.parametrize(
    ("verification", "inside", "outside"),
    [
        (None, "https://far.example/a", "https://far.example:8443/a"),
        (None, "https://far.example/a", "https://other.far.example/a"),
        ({"startsWith": "https://cdn.example/far/"}, "https://cdn.example/far/1", "https://far.example/1"),
        ({"startsWith": ["https://a.example/", "https://b.example/"]}, "https://b.example/1", "https://c.example/1"),
        ({"allowedOrigins": "a.example"}, "https://a.example/1", "https://far.example/1"),
        ({"allowedOrigins": ["a.example", "b.example"]}, "https://b.example/1", "https://a.example.evil.example/1"),
        ([{"allowedOrigins": "a.example"}], "https://a.example/1", "https://[a.example/1"),
        ("text", "https://far.example/1", "https://far.example@evil.example/1"),
        ({"allowedOrigins": [7]}, "https://far.example/1", ""),
    ],
)
def test_badges_are_hosted_where_their_issuer_says(verification: Any, inside: str, outside: str) -> None:
    profile = {"id": "https://far.example/profile", "verification": verification}
    if verification != {"allowedOrigins": [7]}:
        assert in_scope(inside, profile)
    assert not in_scope(outside, profile)
    assert not in_scope("", {"id": ""})


# Dates


def test_a_date_that_is_none_cannot_be_told() -> None:
    dates: list[Any] = ["2026-01-01", "2026-01-01T00:00:00", 1_700_000_000, [], {}]
    for text in dates:
        assert said(timing.valid_from(text, now=NOW)) == (Outcome.unknown, "no-date")
        assert said(timing.expiry(text, now=NOW)) == (Outcome.unknown, "no-date")
    assert said(timing.valid_from(None, now=NOW)) == (Outcome.unknown, "no-date")
    assert said(timing.expiry(None, now=NOW)) == (Outcome.passed, "never-expires")


def test_a_badge_holds_in_its_last_second_and_not_after() -> None:
    assert timing.expiry(timestamp(NOW), now=NOW).outcome is Outcome.passed
    assert timing.expiry(timestamp(NOW), now=NOW + timedelta(seconds=1)).outcome is Outcome.failed


# Verdicts


def test_of_what_failed_the_gravest_is_the_verdict() -> None:
    failed = [Check(name, Outcome.failed, "x", "X.", "") for name, _ in verdicts.DECISIVE]
    for n, (_, word) in enumerate(verdicts.DECISIVE):
        assert verdicts.verdict(failed[n:]) is word
        assert verdicts.verdict(failed[: n - 1 : -1] if n else failed[::-1]) is word


def test_nothing_asked_is_nothing_known() -> None:
    assert verdicts.verdict(()) is Verdict.unknown
    assert verdicts.summary(Verdict.unknown, (), verdicts.Claims({}, {}, {})).startswith("We cannot tell.")
