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
    issuer.pages["https://far.example/me"] = issuer.profile
    report = judge(issuer, award)
    assert (report.verdict, [warning.code for warning in report.warnings]) == (Verdict.valid, ["issuer-id-differs"])
    assert report.issuer["id"] == "https://far.example/me"
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


# On a site of many issuers


@pytest.mark.parametrize("declared", ["{url}/", "https://FAR.example/issuers/hill/ob2/profile"])
@pytest.mark.parametrize("form", ["ob2-hosted", "ob2-signed"])
def test_another_spelling_of_its_own_address_makes_a_profile_no_other(form: str, declared: str) -> None:
    issuer = FarIssuer()
    award, url = issuer.award(form), f"{issuer.base}/ob2/profile"
    itself = declared.format(url=url)
    issuer.pages[itself] = issuer.profile
    issuer.answer(issuer.rsa.id, issuer.cryptographic_key() | {"owner": itself})
    # By letters, case and all, hosting at the authority of an id is what the issuer has to say itself.
    issuer.profile_changes = {"id": itself, "verification": {"allowedOrigins": "far.example"}}
    report = judge(issuer, award)
    assert (report.verdict, report.issuer["id"]) == (Verdict.valid, itself)
    assert [warning.code for warning in report.warnings] == ["issuer-id-differs"]


def test_a_profile_found_by_https_may_call_itself_by_http() -> None:
    issuer = FarIssuer()
    issuer.profile_changes = {"id": f"http:{issuer.base.removeprefix('https:')}/ob2/profile"}
    report = judge(issuer, issuer.award("ob2-hosted"))
    assert (report.verdict, [warning.code for warning in report.warnings]) == (Verdict.valid, ["issuer-id-differs"])
    assert not any(url.startswith("http:") for url in issuer.asked)


@pytest.mark.parametrize("form", ["ob2-hosted", "ob2-signed"])
def test_a_page_on_the_same_site_is_not_the_issuer_whose_id_it_takes(form: str) -> None:
    hill, eve = FarIssuer(), FarIssuer(name="Eve", base="https://far.example/issuers/eve")
    hill.profile_changes = {"verification": {"type": "VerificationObject", "startsWith": f"{hill.base}/"}}
    eve.profile_changes = {
        "id": hill.profile()["id"],
        "name": hill.name,
        "verification": {"type": "VerificationObject", "startsWith": f"{eve.base}/"},
    }
    eve.rotate()
    eve.answer(eve.rsa.id, eve.cryptographic_key() | {"owner": hill.profile()["id"]})
    report = judge(eve, eve.award(form), fetch=together(hill, eve))
    assert report.verdict is Verdict.forged
    assert found(report, "proof")[1] in {"out-of-scope", "foreign-key"}
    # Nor can she say so of what is not there, or calls itself otherwise again.
    for elsewhere in ("https://far.example/issuers/hill/lost", f"{hill.base}/ob2/badgeclass"):
        eve.profile_changes["id"] = elsewhere
        hill.answer(f"{hill.base}/ob2/badgeclass", hill.profile())
        report = judge(eve, eve.award(form), fetch=together(hill, eve))
        assert (report.verdict, found(report, "proof")) == (Verdict.unknown, (Outcome.unknown, "issuer-unreachable"))


@pytest.mark.parametrize("id", ["https://[", "https://[x]/", "http://a\u2100b/", "https://far.example:x/", "", "urn:x"])
def test_a_profile_whose_id_is_no_address_is_nobodys(id: str) -> None:
    issuer = FarIssuer()
    issuer.profile_changes = {"id": id, "verification": {"type": "VerificationObject", "startsWith": issuer.base}}
    assert found(judge(issuer, issuer.award("ob2-hosted")), "issuer") == (Outcome.failed, "foreign-profile")
    assert not in_scope("https://[", issuer.profile() | {"verification": {"startsWith": "https://["}})


@pytest.mark.parametrize("id", [None, 7, {"id": "x"}])
def test_a_profile_that_does_not_say_whose_it_is_is_one_that_cannot_be_had(id: Any) -> None:
    issuer = FarIssuer()
    issuer.profile_changes = {"id": id}
    assert judge(issuer, issuer.award("ob2-hosted")).verdict is Verdict.unknown


# Led elsewhere


@pytest.mark.parametrize("path", ["/ob2/profile", "/ob2/badgeclass", "/ob2/key", "/ob2/revocations"])
def test_where_a_site_leads_to_a_stranger_the_stranger_is_not_believed(path: str) -> None:
    issuer = FarIssuer()
    url = f"{issuer.base}{path}"
    page = serialize(issuer.pages[url]()).encode()
    for led, verdict in (
        ("https://evil.example/a", Verdict.unknown),
        ("https://far.example:8443/a", Verdict.unknown),
        ("http://far.example/a", Verdict.unknown),
        ("https://[", Verdict.unknown),
        ("https://Far.example:443/a", Verdict.valid),
    ):
        issuer.lies = {url: Fetched(200, "application/json", page, led)}
        assert judge(issuer, issuer.award("ob2-signed")).verdict is verdict


def test_a_stranger_to_whom_an_address_leads_cannot_say_what_it_hosts() -> None:
    issuer = FarIssuer()
    url = f"{issuer.base}/go?to=https://evil.example/a"
    forged = issuer.assertion(id=url)
    issuer.lies[url] = Fetched(200, "application/json", serialize(forged).encode(), "https://evil.example/a")
    report = judge(issuer, serialize(forged))
    assert (report.verdict, found(report, "proof")) == (Verdict.unknown, (Outcome.unknown, "badge-unreachable"))
    # Unless the issuer says that it hosts badges there.
    issuer.profile_changes = {"verification": {"allowedOrigins": ["far.example", "evil.example"]}}
    assert judge(issuer, serialize(forged)).verdict is Verdict.valid


@pytest.mark.parametrize("page", [{"error": "maintenance"}, {"status": "ok", "id": 7}, {"type": "Notice"}])
@pytest.mark.parametrize("path", ["/ob2/assertions/1", "/ob2/badgeclass", "/ob2/profile"])
def test_an_error_page_with_status_200_says_nothing_about_a_badge(path: str, page: dict[str, Any]) -> None:
    issuer = FarIssuer()
    award = issuer.award("ob2-hosted")
    issuer.answer(f"{issuer.base}{path}", page)
    assert judge(issuer, award).verdict is Verdict.unknown


def test_an_address_whose_site_was_closed_is_silent() -> None:
    issuer = FarIssuer()
    award = issuer.award("ob2-hosted")
    url, revoked = award.document["id"], serialize(award.document | {"revoked": True}).encode()
    for status, body in ((404, b""), (410, b""), (200, revoked), (200, b'{"status": "for sale"}')):
        issuer.lies = {url: Fetched(status, "application/json", body, "https://parked.example/")}
        report = judge(issuer, award)
        assert (report.verdict, found(report, "proof")) == (Verdict.unknown, (Outcome.unknown, "badge-unreachable"))
    issuer.lies = {url: Fetched(404, "text/plain", b"", f"{issuer.base}/lost")}
    assert found(judge(issuer, award), "proof") == (Outcome.failed, "not-hosted")


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
