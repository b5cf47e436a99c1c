"""Open Badges 2.0, signed."""

from typing import Any

import pytest

import badges
from badges import Outcome, Verdict
from badges.documents import Document, serialize
from badges.proofs import jws
from tests.badges.judging import as_token, found, judge, token
from tests.far_issuer import FarIssuer


def test_a_signed_badge_needs_a_key_that_its_issuer_links_to_both_ways() -> None:
    issuer = FarIssuer()
    award = issuer.award("ob2-signed")
    issuer.profile_changes = {"publicKey": "https://far.example/another"}
    assert found(judge(issuer, award), "proof") == (Outcome.failed, "foreign-key")
    issuer.profile_changes = {"publicKey": None}
    assert found(judge(issuer, award), "proof") == (Outcome.unknown, "no-such-key")
    issuer.profile_changes = {}
    issuer.answer(issuer.rsa.id, issuer.cryptographic_key() | {"owner": "https://forger.example/"})
    assert found(judge(issuer, award), "proof") == (Outcome.failed, "foreign-key")


def test_a_signed_badge_by_another_key_is_forged() -> None:
    issuer, forger = FarIssuer(), FarIssuer(name="Forger")
    forger.rotate()
    key = badges.SigningKey.of(forger.rsa.private_key, id=issuer.rsa.id, controller=issuer.rsa.controller)
    report = judge(issuer, as_token(issuer.assertion("signed"), key))
    assert (report.verdict, found(report, "proof")[1]) == (Verdict.forged, "foreign-key")


def test_a_signed_badge_is_looked_for_in_both_forms_of_a_list() -> None:
    issuer = FarIssuer()
    award = issuer.award("ob2-signed")
    id, url = award.document["id"], f"{issuer.base}/ob2/revocations"
    lists: list[Any] = [id, [id], {"id": id}, [{"id": id, "revocationReason": "By mistake."}], {"uid": id}]
    for revoked in lists:
        issuer.answer(url, issuer.revocation_list() | {"revokedAssertions": revoked})
        assert judge(issuer, award).verdict is Verdict.revoked
    issuer.answer(url, issuer.revocation_list() | {"revokedAssertions": []})
    assert judge(issuer, award).verdict is Verdict.valid
    for other in ({"issuer": "https://forger.example/"}, {"revokedAssertions": None, "type": "Profile"}):
        issuer.answer(url, {name: v for name, v in (issuer.revocation_list() | other).items() if v is not None})
        assert judge(issuer, award).verdict is Verdict.unknown


def test_a_signed_badge_that_says_itself_that_it_was_revoked_is() -> None:
    issuer = FarIssuer()
    assert judge(issuer, issuer.award("ob2-signed", revoked=True)).verdict is Verdict.revoked


# The wrong proof


def test_hosting_does_not_prove_a_signed_badge_nor_a_signature_a_hosted_one() -> None:
    issuer = FarIssuer()
    signed = issuer.assertion("signed", id=f"{issuer.base}/ob2/assertions/signed")
    issuer.pages[signed["id"]] = lambda: signed
    assert found(judge(issuer, signed["id"]), "proof") == (Outcome.failed, "no-proof")
    assert found(judge(issuer, serialize(signed)), "proof") == (Outcome.failed, "no-proof")
    hosted = as_token(issuer.assertion("hosted"), issuer.rsa)
    assert found(judge(issuer, hosted), "proof") == (Outcome.failed, "no-proof")


@pytest.mark.parametrize(
    "header",
    [{"x5t": "abc"}, {"x5c": ["MIIB"]}, {"jku": "https://forger.example/jwks"}, {"iat": 1}, {"typ": "JWS"},
     {"typ": "application/ld+json"}, {"cty": "application/ld+json"}],
    ids=str,
)  # fmt: skip
def test_what_else_the_header_of_a_signed_badge_says_is_ignored(header: Document) -> None:
    issuer, forger = FarIssuer(), FarIssuer(name="Forger", base="https://forger.example/issuers/hill")
    payload = serialize(issuer.assertion("signed")).encode()
    assert judge(issuer, jws.sign(payload, issuer.rsa, header=header)).verdict is Verdict.valid
    assert judge(issuer, jws.sign(payload, forger.p256, header=header)).verdict is Verdict.forged
    assert not any("forger" in url for url in issuer.asked)


@pytest.mark.parametrize("header", [{"crit": ["exp"], "exp": 1}, {"b64": False, "crit": ["b64"]}], ids=str)
def test_a_header_that_changes_what_is_signed_is_not_ignored(header: Document) -> None:
    issuer = FarIssuer()
    given = token({"alg": "RS256"} | header, issuer.assertion("signed"), b"\0" * 256)
    assert judge(issuer, given).verdict is Verdict.not_conformant
