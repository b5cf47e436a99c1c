"""Open Badges 2.0, signed."""

from typing import Any

import badges
from badges import Outcome, Verdict
from badges.documents import serialize
from tests.badges.judging import as_token, found, judge
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
