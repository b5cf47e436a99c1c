"""Open Badges 2.0, hosted and signed."""

from typing import Any

import pytest

import badges
from badges import Outcome, Verdict
from badges.checks.hosting import in_scope
from badges.documents import serialize
from tests.badges.judging import as_token, found, judge
from tests.far_issuer import FarIssuer, changed


def test_a_hosted_badge_is_what_its_address_says() -> None:
    issuer = FarIssuer()
    award = issuer.award("ob2-hosted")
    for path, to in ((("recipient", "identity"), "sha256$" + "0" * 64), (("issuedOn",), "2020-01-01T00:00:00Z")):
        report = judge(issuer, changed(award.text, *path, to=to))
        assert report.verdict is Verdict.forged
        assert found(report, "proof") == (Outcome.failed, "copy-differs")
        assert report.recipient["identity"] == award.document["recipient"]["identity"]
    report = judge(issuer, changed(award.text, "narrative", to="Better than all others."))
    assert report.verdict is Verdict.valid
    assert [(warning.code, warning.pointer) for warning in report.warnings] == [("copy-differs", "/narrative")]


def test_links_may_be_embedded_in_a_copy() -> None:
    issuer = FarIssuer()
    award = issuer.award("ob2-hosted")
    report = judge(issuer, changed(award.text, "badge", to=issuer.badge_class()))
    assert (report.verdict, report.warnings) == (Verdict.valid, ())


def test_a_badge_that_is_not_hosted_is_nobodys() -> None:
    issuer = FarIssuer()
    made_up = serialize(issuer.assertion())
    assert found(judge(issuer, made_up), "proof") == (Outcome.failed, "not-hosted")
    award = issuer.award("ob2-hosted")
    issuer.answer(award.document["id"], issuer.assertion())
    assert found(judge(issuer, award), "proof") == (Outcome.failed, "not-hosted")
    issuer.answer(award.document["id"], "<html>Welcome!</html>")
    assert judge(issuer, award).verdict is Verdict.unknown
    issuer.answer(award.document["id"], "", status=503)
    assert judge(issuer, award).verdict is Verdict.unknown


def test_nobody_hosts_a_badge_in_another_issuers_name() -> None:
    issuer = FarIssuer()
    url = "https://forger.example/assertions/1"
    forged = issuer.assertion(id=url)
    issuer.pages[url] = lambda: forged
    assert found(judge(issuer, serialize(forged)), "proof") == (Outcome.failed, "out-of-scope")
    issuer.profile_changes = {"verification": {"type": "VerificationObject", "startsWith": "https://forger.example/"}}
    assert judge(issuer, serialize(forged)).verdict is Verdict.valid
    assert not judge(issuer, issuer.award("ob2-hosted")).verified
    issuer.profile_changes = {"verification": {"type": "VerificationObject", "allowedOrigins": ["forger.example"]}}
    assert judge(issuer, serialize(forged)).verdict is Verdict.valid


def test_a_profile_that_calls_itself_by_another_id_is_foreign_elsewhere_and_odd_at_home() -> None:
    issuer = FarIssuer()
    award = issuer.award("ob2-hosted")
    issuer.profile_changes = {"id": "https://far.example/me"}
    report = judge(issuer, award)
    assert (report.verdict, [warning.code for warning in report.warnings]) == (Verdict.valid, ["issuer-id-differs"])
    scope = {"verification": {"type": "VerificationObject", "startsWith": "https://far.example/"}}
    issuer.profile_changes = {"id": "https://famous.example/me"} | scope
    report = judge(issuer, award)
    assert found(report, "issuer") == (Outcome.failed, "foreign-profile")
    assert report.verdict is Verdict.forged


def test_a_link_that_leads_nowhere_is_unknown_and_a_link_that_is_none_does_not_conform() -> None:
    issuer = FarIssuer()
    for form in ("ob2-hosted", "ob2-signed"):
        assert judge(issuer, issuer.award(form, badge="https://far.example/lost")).verdict is Verdict.unknown
        report = judge(issuer, issuer.award(form, badge={"type": "BadgeClass", "name": "Mine"}))
        assert found(report, "conforms")[0] is Outcome.failed
        assert not report.verified


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


def test_endorsements_of_the_older_version_are_mentioned_and_not_judged() -> None:
    issuer = FarIssuer()
    report = judge(issuer, issuer.award("ob2-signed", endorsement="https://friend.example/endorsement"))
    assert report.verdict is Verdict.valid
    assert [(warning.code, warning.pointer) for warning in report.warnings] == [
        ("endorsement-not-judged", "/endorsement")
    ]
