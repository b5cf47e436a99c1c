"""Open Badges 2.0, hosted and signed."""

from typing import Any

import pytest

import badges
from badges import Outcome, Verdict
from badges.checks.hosting import in_scope
from badges.documents import serialize
from badges.resolving import Fetch, Fetched
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


@pytest.mark.parametrize("id", ["https://[", "https://[x]/", "http://a\u2100b/"])
def test_a_profile_whose_id_no_parser_reads_is_not_that_of_its_address(id: str) -> None:
    issuer = FarIssuer()
    award = issuer.award("ob2-hosted")
    issuer.profile_changes = {"id": id, "verification": {"type": "HostedBadge", "allowedOrigins": ["far.example"]}}
    assert found(judge(issuer, award), "issuer") == (Outcome.failed, "foreign-profile")


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


@pytest.mark.parametrize(
    ("prefix", "outside"),
    [
        ("https://far.example", "https://far.example.evil.example/1"),
        ("https://far.example", "https://far.example@evil.example/1"),
        ("https://far.example/hill/", "https://far.example/hill/../people/1"),
        ("https://far.example/hill/", "https://far.example/hill/%2e%2E/people/1"),
        ("https://far.example/hill/", "https://far.example/hill/%252e%252e/people/1"),
        ("https://far.example/hill/", "https://far.example/hill/..\\people/1"),
        ("http", "https://evil.example/1"),
        ("", "https://evil.example/1"),
    ],
)
def test_a_prefix_is_one_of_addresses_and_not_of_letters(prefix: str, outside: str) -> None:
    profile = {"id": "https://far.example/profile", "verification": {"startsWith": prefix}}
    assert not in_scope(outside, profile)
    if prefix.startswith("https://"):
        assert in_scope("https://far.example/hill/..1", profile)


# Taken back


def test_only_its_own_address_says_that_a_badge_was_taken_back() -> None:
    issuer = FarIssuer()
    award = issuer.award("ob2-hosted")
    url = award.document["id"]
    for lost in (f"{issuer.base}/ob2/badgeclass", f"{issuer.base}/ob2/profile"):
        issuer.lies = {lost: Fetched(410, "text/html", b"Gone.", lost)}
        assert judge(issuer, award).verdict is Verdict.unknown
    # A site that was closed, and leads elsewhere now.
    issuer.lies = {url: Fetched(410, "text/html", b"Gone.", "https://parked.example/")}
    report = judge(issuer, award)
    assert (report.verdict, found(report, "proof")) == (Verdict.unknown, (Outcome.unknown, "badge-unreachable"))
    for led in (f"{issuer.base}/gone", "https://FAR.example:443/gone", "http://far.example/gone"):
        issuer.lies = {url: Fetched(410, "text/html", b"Gone.", led)}
        assert judge(issuer, award).verdict is Verdict.revoked


def test_a_badge_that_is_gone_from_where_its_issuer_hosts_none_was_never_its_badge() -> None:
    issuer = FarIssuer()
    url = "https://forger.example/assertions/1"
    forged = serialize(issuer.assertion(id=url))
    issuer.withdrawn[url] = "So that it looks as if it had been genuine."
    report = judge(issuer, forged)
    assert (report.verdict, found(report, "proof")) == (Verdict.forged, (Outcome.failed, "out-of-scope"))


def test_a_badge_that_was_taken_back_is_known_by_what_it_was() -> None:
    issuer = FarIssuer()
    award = issuer.award("ob2-hosted")
    issuer.revoke(award, "Awarded twice.")
    report = judge(issuer, award)
    assert (report.verdict, report.issuer["name"]) == (Verdict.revoked, issuer.name)
    assert report.achievement["name"] == "Patient Teacher"
    assert "Awarded twice." in report.summary
    # By its address alone, of which nothing else is left.
    assert judge(issuer, award.document["id"]).verdict is Verdict.revoked


def test_a_badge_may_be_taken_back_without_being_gone() -> None:
    issuer = FarIssuer()
    award = issuer.award("ob2-hosted")
    url = award.document["id"]
    for said in ({"id": url}, {}):
        issuer.answer(url, {"revoked": True, "revocationReason": "By mistake.", **said})
        assert judge(issuer, award).verdict is Verdict.revoked
    issuer.answer(url, {"revoked": True, "id": "https://far.example/another"})
    assert found(judge(issuer, award), "proof") == (Outcome.failed, "not-hosted")


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


# What is embedded


@pytest.mark.parametrize("form", ["ob2-hosted", "ob2-signed"])
def test_what_is_embedded_counts_for_no_more_than_its_address(form: str) -> None:
    issuer, forger = FarIssuer(), FarIssuer(name="Forger", base="https://forger.example")
    flattering = issuer.badge_class() | {"name": "Nobel Prize", "issuer": issuer.profile() | {"name": "The Committee"}}
    report = judge(issuer, issuer.award(form, badge=flattering))
    assert (report.verdict, report.achievement["name"], report.issuer["name"]) == (
        Verdict.valid,
        "Patient Teacher",
        issuer.name,
    )
    differing = [w.pointer for w in report.warnings if w.code == "embedded-differs"]
    assert differing == ["/badge/name", "/badge/issuer/name"]
    # The forger signs or hosts, and says in its own words that the famous issuer made the badge.
    forged = forger.award(form, badge=forger.badge_class() | {"issuer": issuer.profile()})
    report = judge(forger, forged, fetch=together(issuer, forger))
    assert report.issuer["name"] == "Forger"


@pytest.mark.parametrize("form", ["ob2-hosted", "ob2-signed"])
def test_a_badge_class_without_an_address_is_as_it_was_signed_or_hosted(form: str) -> None:
    issuer, forger = FarIssuer(), FarIssuer(name="Forger", base="https://forger.example")
    embedded = issuer.badge_class() | {"id": "urn:uuid:6f1c1f6e-3a0e-4d56-9a53-0e6d5a3b7a12"}
    report = judge(issuer, issuer.award(form, badge=embedded))
    assert (report.verdict, report.warnings) == (Verdict.valid, ())
    forged = forger.award(form, badge=embedded)
    assert judge(forger, forged, fetch=together(issuer, forger)).verdict is Verdict.forged


def together(*issuers: FarIssuer) -> Fetch:
    def fetch(url: str, *, accept: str) -> Fetched:
        return next(each for each in issuers if url.startswith(each.base))(url, accept=accept)

    return fetch


@pytest.mark.parametrize(
    "context",
    [
        "https://purl.imsglobal.org/spec/ob/v2p1/ob_v2p1.jsonld",
        ["https://w3id.org/openbadges/v2", {"extensions": "https://far.example/extensions#"}],
    ],
)
@pytest.mark.parametrize("form", ["ob2-hosted", "ob2-signed"])
def test_contexts_that_go_further_change_nothing(form: str, context: Any) -> None:
    issuer = FarIssuer()
    extension = {"type": ["Extension", "extensions:Mood"], "@context": "https://far.example/mood", "mood": "bright"}
    evidence = [{"id": "https://far.example/evidence/1", "narrative": "The thread."}, "https://far.example/evidence/2"]
    award = issuer.award(form, **{"@context": context, "extensions:mood": extension, "evidence": evidence})
    report = judge(issuer, award)
    assert (report.verdict, report.version) == (Verdict.valid, "OB20")
    assert not any("evidence" in url for url in issuer.asked)
