"""Open Badges 2.0: from an assertion to its BadgeClass and issuer."""

from typing import Any

import pytest

from badges import Outcome, Verdict
from badges.checks.hosting import in_scope
from badges.resolving import Fetch, Fetched
from tests.badges.judging import found, judge
from tests.far_issuer import FarIssuer


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


def together(*issuers: FarIssuer) -> Fetch:
    def fetch(url: str, *, accept: str) -> Fetched:
        return next(each for each in issuers if url.startswith(each.base))(url, accept=accept)

    return fetch
