"""What a status list says, and when it says nothing."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges import Outcome, Verdict
from badges.checks.statuses import status
from badges.documents import Document, serialize
from badges.resolving import Fetched
from tests.badges.checks.standing import MARKED, NOT_REVOKED, REVOKED, URL, said, stands
from tests.badges.judging import judge
from tests.far_issuer import NOW, FarIssuer


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
        {"type": "RevocationList2020Status"},
        {"type": "CredentialStatusList2017"},
        {"type": None},
        {"statusSize": 0},
        {"statusSize": "1"},
        {"statusSize": True},
        {"statusSize": 1000},
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


def test_a_mark_that_does_not_invalidate_is_mentioned_and_says_nothing_of_revocation() -> None:
    issuer = FarIssuer(mode="did:key")
    issuer.list_changes = {"statusPurpose": "message"}
    assert said(stands(issuer, statusPurpose="message")) == MARKED
    issuer.bits["revocation"] = {7}
    check = stands(issuer, statusPurpose="message")
    assert said(check) == MARKED
    assert "not revoked" not in check.detail
    assert [warning.code for warning in check.warnings] == ["status-set"]


def test_a_badge_that_cannot_be_taken_back_is_not_said_to_be_unrevoked() -> None:
    issuer = FarIssuer()
    report = judge(issuer, issuer.award("eddsa-jcs-2022", credentialStatus=message_entry(issuer)))
    assert report.verdict is Verdict.valid
    assert "revoked" not in report.summary


@pytest.mark.parametrize("purpose", ["Revocation", "revoked", "revocation ", "urn:x:withdrawn"])
def test_a_set_bit_for_a_purpose_that_nobody_knows_is_no_all_clear(purpose: str) -> None:
    issuer = FarIssuer(mode="did:key")
    issuer.list_changes = {"statusPurpose": purpose}
    assert said(stands(issuer, statusPurpose=purpose)) == MARKED
    issuer.bits["revocation"] = {7}
    assert said(stands(issuer, statusPurpose=purpose)) == (Outcome.unknown, "unsupported-status")


def test_a_list_by_another_name_reassures_nobody_and_one_without_a_name_does() -> None:
    issuer = FarIssuer(mode="did:key")
    listing = issuer.status_list("revocation")
    issuer.answer(f"{URL}/copy", issuer.sign(listing))
    assert said(stands(issuer, statusListCredential=f"{URL}/copy")) == (Outcome.unknown, "status-list-id")
    nameless = {name: value for name, value in listing.items() if name != "id"}
    issuer.answer(f"{URL}/copy", issuer.sign(nameless))
    assert said(stands(issuer, statusListCredential=f"{URL}/copy")) == NOT_REVOKED


def test_a_credential_of_two_lists_says_nothing() -> None:
    issuer = FarIssuer(mode="did:key")
    listing = issuer.status_list("revocation")
    subject = listing["credentialSubject"]
    twice = [subject, subject | {"id": f"{URL}#second"}]
    issuer.answer(URL, issuer.sign(listing | {"credentialSubject": twice}, "eddsa-jcs-2022"))
    assert said(stands(issuer)) == (Outcome.unknown, "status-unreadable")
    issuer.answer(URL, issuer.sign(listing | {"credentialSubject": [subject]}, "eddsa-jcs-2022"))
    assert said(stands(issuer)) == NOT_REVOKED


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
        for purpose in ("suspension", "revocation")
    ]
    credential = issuer.credential() | {"credentialStatus": entries}
    assert said(status(credential, fetch=issuer, now=NOW)) == (Outcome.failed, "suspended")
    issuer.bits["revocation"] = {7}
    assert said(status(credential, fetch=issuer, now=NOW)) == REVOKED
    issuer.bits = {"suspension": set(), "revocation": set()}
    assert said(status(credential, fetch=issuer, now=NOW)) == NOT_REVOKED
    issuer.unreachable = {f"{issuer.base}/status/suspension"}
    assert said(status(credential, fetch=issuer, now=NOW)) == (Outcome.unknown, "status-unreachable")
    issuer.bits["revocation"] = {7}
    assert said(status(credential, fetch=issuer, now=NOW)) == REVOKED
    many = credential | {"credentialStatus": entries * 20}
    assert said(status(many, fetch=issuer, now=NOW)) == (Outcome.unknown, "too-many-statuses")


def test_what_one_entry_remarks_is_told_also_when_another_decides() -> None:
    issuer = FarIssuer(mode="did:key")
    issuer.messages = {7: 2}
    mark = message_entry(issuer)
    plain = issuer.credential()["credentialStatus"]
    for entries in ([mark, plain], [plain, mark]):
        check = status(issuer.credential() | {"credentialStatus": entries}, fetch=issuer, now=NOW)
        assert said(check) == NOT_REVOKED
        assert [warning.code for warning in check.warnings] == ["status-set"]


def message_entry(issuer: FarIssuer, **changes: Any) -> Document:
    lines = [{"status": f"{n:#x}", "message": text} for n, text in enumerate(["in force", "contested", "on hold"])]
    return {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "message",
        "statusListIndex": "7",
        "statusSize": 4,
        "statusMessage": lines,
        "statusListCredential": f"{issuer.base}/status/message",
    } | changes


@pytest.mark.parametrize(("index", "value", "told"), [(6, 1, "contested"), (7, 2, "on hold"), (7, 13, "0xd")])
def test_an_entry_of_several_bits_is_told_in_the_words_of_its_issuer(index: int, value: int, told: str) -> None:
    issuer = FarIssuer(mode="did:key")
    issuer.messages = {index: value}
    check = stands(issuer, index, **message_entry(issuer, statusListIndex=str(index)))
    assert said(check) == MARKED
    assert [warning.code for warning in check.warnings] == ["status-set"]
    assert told in check.warnings[0].detail
    neighbour = stands(issuer, **message_entry(issuer, statusListIndex=str(13 - index)))
    assert (said(neighbour), neighbour.warnings) == (MARKED, ())


def test_an_entry_of_several_bits_revokes_with_any_of_them_set() -> None:
    issuer = FarIssuer(mode="did:key")
    issuer.messages = {7: 2}
    issuer.list_changes = {"statusPurpose": "revocation"}
    check = stands(issuer, **message_entry(issuer, statusPurpose="revocation"))
    assert said(check) == REVOKED
    assert "on hold" in check.detail


def test_an_entry_of_several_bits_needs_a_list_that_is_longer_by_as_much() -> None:
    issuer = FarIssuer(mode="did:key")
    outside = stands(issuer, **message_entry(issuer, statusListIndex="131072"))
    assert said(outside) == (Outcome.unknown, "status-unreadable")
    issuer.entries = 65_536
    assert said(stands(issuer, **message_entry(issuer))) == (Outcome.unknown, "status-list-too-short")


@pytest.mark.parametrize("lines", [None, "on hold", [7], [{"status": 2}], [{"status": "two", "message": "on hold"}]])
def test_messages_that_say_nothing_leave_the_number(lines: Any) -> None:
    issuer = FarIssuer(mode="did:key")
    issuer.messages = {7: 2}
    check = stands(issuer, **message_entry(issuer, statusMessage=lines))
    assert [warning.code for warning in check.warnings] == ["status-set"]
    assert "0x2" in check.warnings[0].detail


def test_a_refresh_is_offered_and_takes_nothing_away() -> None:
    issuer = FarIssuer(mode="did:key")
    issuer.bits["revocation"] = {7}
    issuer.list_changes = {"statusPurpose": "refresh"}
    check = stands(issuer, statusPurpose="refresh")
    assert said(check) == MARKED
    assert "newer edition" in check.warnings[0].detail


def test_a_list_that_was_taken_back_says_nothing_of_those_on_it() -> None:
    for revoked in (set(), {7}):
        issuer = FarIssuer(mode="did:key")
        issuer.bits["revocation"] = revoked
        own = {"credentialStatus": issuer.credential(purpose="suspension")["credentialStatus"]}
        entry = int(own["credentialStatus"]["statusListIndex"])
        issuer.answer(URL, issuer.sign(issuer.status_list("revocation") | own))
        assert said(stands(issuer)) == (REVOKED if revoked else NOT_REVOKED)
        issuer.bits["suspension"] = {entry}
        assert said(stands(issuer)) == (Outcome.unknown, "status-list-revoked")


def test_a_list_whose_own_status_cannot_be_had_reassures_nobody() -> None:
    issuer = FarIssuer(mode="did:key")
    for revoked, expected in ((set(), (Outcome.unknown, "status-list-doubtful")), ({7}, REVOKED)):
        issuer.bits["revocation"] = revoked
        own = {"credentialStatus": issuer.credential(purpose="suspension")["credentialStatus"]}
        issuer.answer(URL, issuer.sign(issuer.status_list("revocation") | own))
        issuer.unreachable = {f"{issuer.base}/status/suspension"}
        assert said(stands(issuer)) == expected


def test_a_list_that_is_its_own_list_is_asked_once() -> None:
    issuer = FarIssuer()
    own = issuer.credential()["credentialStatus"]
    issuer.answer(URL, issuer.sign(issuer.status_list("revocation") | {"credentialStatus": own}))
    assert said(stands(issuer)) == NOT_REVOKED
    assert issuer.asked.count(URL) == 1


def test_a_copy_that_was_kept_for_longer_than_its_issuer_allows_is_mentioned() -> None:
    issuer = FarIssuer(mode="did:key")
    issuer.list_changes = {"ttl": 30_000}

    def keep(url: str, *, accept: str, seconds: int) -> Fetched:
        return replace(issuer(url, accept=accept), fetched_at=NOW - timedelta(seconds=seconds))

    for seconds, codes in ((30, []), (31, ["status-list-kept"])):
        check = status(issuer.credential(), fetch=partial(keep, seconds=seconds), now=NOW)
        assert said(check) == NOT_REVOKED
        assert [warning.code for warning in check.warnings] == codes
