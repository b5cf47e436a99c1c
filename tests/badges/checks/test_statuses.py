"""What a status list says, and when it says nothing."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges import Outcome
from badges.checks.statuses import status
from badges.documents import Document, serialize
from badges.reports import Check
from tests.far_issuer import NOW, FarIssuer


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
