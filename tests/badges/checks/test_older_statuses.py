"""The status of badges by lists of older kinds."""

import json
from datetime import timedelta
from typing import Any

import pytest

from badges import Outcome, Verdict
from badges.checks.statuses import status
from badges.documents import Document
from badges.reports import Check
from tests.badges.checks.standing import NOT_REVOKED, REVOKED, URL, said, stands
from tests.badges.judging import judge
from tests.far_issuer import FIRST, NOW, FarIssuer

# Status List 2021


def stands_2021(issuer: FarIssuer, **changes: Any) -> Check:
    entry = {"type": "StatusList2021Entry", "statusListCredential": f"{issuer.base}/status/2021/revocation"}
    return stands(issuer, **entry | changes)


def test_the_list_of_2021_is_read_like_the_one_that_came_after_it() -> None:
    issuer = FarIssuer()
    assert said(stands_2021(issuer)) == NOT_REVOKED
    issuer.age_lists(timedelta(days=2))
    assert said(stands_2021(issuer)) == (Outcome.unknown, "status-list-stale")
    issuer.bits["revocation"] = {7}
    assert said(stands_2021(issuer)) == REVOKED
    assert said(stands_2021(issuer, statusListIndex="8")) == (Outcome.unknown, "status-list-stale")


def test_a_list_of_one_kind_does_not_answer_for_the_other() -> None:
    issuer = FarIssuer()
    assert said(stands_2021(issuer, statusListCredential=URL)) == (Outcome.unknown, "status-unreadable")
    older = f"{issuer.base}/status/2021/revocation"
    assert said(stands(issuer, statusListCredential=older)) == (Outcome.unknown, "status-unreadable")


@pytest.mark.parametrize("left_to_the_claims", [(), ("id", "issuer", "issuanceDate", "expirationDate")])
def test_a_list_of_2021_may_be_a_token_in_whose_claims_the_rest_is_said(left_to_the_claims: tuple[str, ...]) -> None:
    issuer = FarIssuer()
    issuer.bits["revocation"] = {7}
    url = f"{issuer.base}/status/2021/token"
    listing = json.loads(issuer.signed_list_2021("revocation"))
    said_inside = {name: v for name, v in listing.items() if name != "proof" and name not in left_to_the_claims}
    claims = {"iss": issuer.id, "jti": url, "nbf": int(FIRST.timestamp())}
    for ends, unset in ((1, NOT_REVOKED), (-1, (Outcome.unknown, "status-list-stale"))):
        exp = int((NOW + timedelta(days=ends)).timestamp())
        issuer.answer(url, issuer.sign_payload(claims | {"exp": exp, "vc": said_inside}))
        assert said(stands_2021(issuer, statusListCredential=url)) == REVOKED
        if left_to_the_claims:
            assert said(stands_2021(issuer, statusListCredential=url, statusListIndex="8")) == unset


# 1EdTech Revocation List


def stands_plain(issuer: FarIssuer, credential: Document) -> Check:
    entry = {"id": f"{issuer.base}/status/plain", "type": "1EdTechRevocationList"}
    return status(credential | {"credentialStatus": entry}, fetch=issuer, now=NOW)


def test_a_plain_list_of_the_issuer_revokes_by_name() -> None:
    issuer = FarIssuer()
    one, other = issuer.credential(), issuer.credential()
    issuer.withdrawn[one["id"]] = "Awarded twice."
    assert said(stands_plain(issuer, one)) == REVOKED
    assert "Awarded twice." in stands_plain(issuer, one).detail
    assert said(stands_plain(issuer, other)) == NOT_REVOKED
    issuer.list_changes = {"revokedCredential": [{"id": one["id"], "revoked": False}, {"id": other["id"]}]}
    assert said(stands_plain(issuer, one)) == NOT_REVOKED
    assert said(stands_plain(issuer, other)) == REVOKED


def test_a_plain_list_of_somebody_else_says_nothing() -> None:
    issuer = FarIssuer()
    credential = issuer.credential()
    issuer.withdrawn[credential["id"]] = "Not mine."
    issuer.list_changes = {"issuer": {"id": "did:web:forger.example", "type": "Profile"}}
    assert said(stands_plain(issuer, credential)) == (Outcome.unknown, "status-foreign-list")


def test_a_plain_list_that_cannot_be_had_or_read_is_no_all_clear() -> None:
    issuer = FarIssuer()
    credential = issuer.credential()
    url = f"{issuer.base}/status/plain"
    for page, code in (
        ("{}", "status-unreadable"),
        ('{"revokedCredential": null}', "status-unreadable"),
        ('{"revokedCredential": [7]}', "status-unreadable"),
        ("<html>", "status-unreachable"),
    ):
        issuer.answer(url, page)
        assert said(stands_plain(issuer, credential)) == (Outcome.unknown, code)
    issuer.answer(url, "", status=404)
    assert said(stands_plain(issuer, credential)) == (Outcome.unknown, "status-unreachable")
    nameless = {name: value for name, value in credential.items() if name != "id"}
    assert said(stands_plain(issuer, nameless)) == (Outcome.unknown, "invalid-status")


@pytest.mark.parametrize(
    ("entry", "context"),
    [
        (
            {"type": "StatusList2021Entry", "statusListCredential": f"{FarIssuer.base}/status/2021/revocation"},
            "https://w3id.org/vc/status-list/2021/v1",
        ),
        (
            {"id": f"{FarIssuer.base}/status/plain", "type": "1EdTechRevocationList"},
            "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
        ),
    ],
)
def test_a_badge_with_a_status_of_an_older_kind_is_judged_whole(entry: Document, context: str) -> None:
    issuer = FarIssuer()
    credential = issuer.credential()
    older = {"id": "urn:status:7", "statusPurpose": "revocation", "statusListIndex": "7"} | entry
    if entry["type"] == "1EdTechRevocationList":
        older = entry
    award = issuer.award("eddsa-rdfc-2022", **{"@context": [*credential["@context"], context]}, credentialStatus=older)
    assert judge(issuer, award).verdict is Verdict.valid
    issuer.bits["revocation"] = {7}
    issuer.withdrawn[award.document["id"]] = "By mistake."
    assert judge(issuer, award).verdict is Verdict.revoked
