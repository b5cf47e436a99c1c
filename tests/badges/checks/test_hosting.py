"""Open Badges 2.0, hosted."""

from functools import partial
from typing import Any

import pytest

from badges import Outcome, Verdict
from badges.checks.hosting import in_scope
from badges.documents import serialize
from badges.resolving import Fetched
from tests.badges.judging import found, judge
from tests.far_issuer import FarIssuer
from tests.forging import changed


def test_a_hosted_badge_is_what_its_address_says() -> None:
    issuer = FarIssuer()
    award = issuer.award("ob2-hosted")
    for path, to in ((("recipient", "identity"), "sha256$" + "0" * 64), (("issuedOn",), "2020-01-01T00:00:00Z")):
        report = judge(issuer, changed(award.text, *path, to=to))
        assert report.verdict is Verdict.forged
        assert found(report, "proof") == (Outcome.failed, "copy-differs")
        assert report.recipient["identity"] == award.document["recipient"]["identity"]
    # What its issuer may have put better since is no forgery for that.
    report = judge(issuer, changed(award.text, "narrative", to="Better than all others."))
    assert (report.verdict, found(report, "proof")) == (Verdict.unknown, (Outcome.unknown, "copy-differs"))
    assert [(warning.code, warning.pointer) for warning in report.warnings] == [("copy-differs", "/narrative")]


def test_what_somebody_has_put_into_a_copy_is_no_other_claim_wherever_it_stands() -> None:
    issuer = FarIssuer()
    award = issuer.award("ob2-hosted")
    whose, badge = award.document["recipient"], award.document["badge"]
    for changes, pointer in (
        ({"x": "1"}, "/x"),
        ({"evidence": ["https://x.example/"]}, "/evidence/0"),
        ({"recipient": whose | {"@type": "x"}}, "/recipient/@type"),
    ):
        report = judge(issuer, serialize(award.document | changes))
        assert (report.verdict, found(report, "proof")) == (Verdict.unknown, (Outcome.unknown, "copy-differs"))
        assert [(warning.code, warning.pointer) for warning in report.warnings] == [("copy-differs", pointer)]
    # One more recipient or BadgeClass is one.
    for claimed in (
        {"recipient": [whose, whose | {"identity": "sha256$" + "0" * 64}]},
        {"recipient": "ada@learner.example"},
        {"recipient": whose | {"type": "url"}},
        {"badge": [badge, "https://elsewhere.example/badge"]},
    ):
        report = judge(issuer, serialize(award.document | claimed))
        assert (report.verdict, found(report, "proof")) == (Verdict.forged, (Outcome.failed, "copy-differs")), claimed


def test_an_assertion_that_goes_by_another_address_of_its_site_is_what_that_says() -> None:
    issuer = FarIssuer()
    award = issuer.award("ob2-hosted")
    url = award.document["id"]
    for itself in (f"{url}?v=2_0", url.replace("far.", "FAR."), f"http{url.removeprefix('https')}"):
        named = award.document | {"id": itself}
        issuer.pages |= {url: partial(dict, named), itself: partial(dict, named)}
        assert judge(issuer, award).verdict is Verdict.valid, itself
        assert not any(asked.startswith("http:") for asked in issuer.asked)
        assert judge(issuer, changed(award.text, "issuedOn", to="2020-01-01T00:00:00Z")).verdict is not Verdict.valid
    # What stands there has the last word, and no further address has.
    itself = f"{url}?v=2_0"
    issuer.pages |= {url: partial(dict, award.document | {"id": itself})}
    for answer, verdict in (
        (award.document | {"id": f"{url}?v=3"}, Verdict.forged),
        (award.document | {"id": itself, "recipient": {"type": "email", "identity": "eve@x.y"}}, Verdict.forged),
        ({"type": "Assertion", "id": itself, "revoked": True}, Verdict.revoked),
        ({"error": "maintenance"}, Verdict.unknown),
    ):
        issuer.answer(itself, answer)
        assert judge(issuer, award).verdict is verdict


@pytest.mark.parametrize(
    "page", [{"id": "https://parked.example/"}, {"type": "Assertion", "error": "internal"}, {"id": "{url}"}]
)
def test_a_page_that_is_no_assertion_is_no_other_assertion(page: dict[str, str]) -> None:
    issuer = FarIssuer()
    award = issuer.award("ob2-hosted")
    url = award.document["id"]
    issuer.answer(url, {name: value.replace("{url}", url) for name, value in page.items()})
    report = judge(issuer, award)
    assert (report.verdict, found(report, "proof")) == (Verdict.unknown, (Outcome.unknown, "badge-unreachable"))


def test_an_identity_that_was_hashed_anew_cannot_be_compared() -> None:
    issuer = FarIssuer()
    award = issuer.award("ob2-hosted")
    resalted = award.document["recipient"] | {"salt": "pepper", "identity": "sha256$" + "1" * 64}
    issuer.answer(award.document["id"], award.document | {"recipient": resalted})
    report = judge(issuer, award)
    assert (report.verdict, found(report, "proof")) == (Verdict.unknown, (Outcome.unknown, "copy-differs"))
    assert judge(issuer, changed(award.text, "recipient", "type", to="url")).verdict is Verdict.forged


def test_a_badge_that_is_not_hosted_is_nobodys() -> None:
    issuer = FarIssuer()
    made_up = serialize(issuer.assertion())
    report = judge(issuer, made_up)
    assert (report.verdict, found(report, "proof")) == (Verdict.unknown, (Outcome.unknown, "not-hosted"))
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
        (None, "https://FAR.example:443/a", "https://far.example:8443/a"),
        ({"startsWith": "https://FAR.example/hill/"}, "https://far.example:443/hill/a", "https://far.example/Hill/a"),
        ({"allowedOrigins": "Far.example:443"}, "https://far.example/a", "https://far.example@evil.example/a"),
        ({"allowedOrigins": "https://far.example"}, "https://far.example/a", "http://far.example/a"),
        ({"allowedOrigins": "https://far.example/"}, "HTTPS://far.example/a", "https://far.example\\@evil.example/a"),
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


@pytest.mark.parametrize(
    "page",
    [
        {"error": "maintenance"},
        {"status": "ok", "id": 7},
        {"type": "Notice"},
        {"id": "https://parked.example/", "offer": "This name is for sale."},
        {"id": "https://parked.example/", "type": "WebPage"},
    ],
)
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
    assert found(judge(issuer, award), "proof") == (Outcome.unknown, "not-hosted")


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
