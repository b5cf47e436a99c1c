"""Badges at an address, whatever they are."""

import json
from typing import Any

import pytest

import badges
from badges import Outcome, Verdict
from badges.documents import serialize
from badges.resolving import Fetched
from tests.badges.checks.collected import presentation
from tests.badges.judging import OB3_FORMS, SVG, found, judge, png
from tests.far_issuer import FarIssuer
from tests.forging import changed

URL = "https://far.example/shared/1"


def pointing_to(url: str) -> bytes:
    """A picture of Open Badges 3.0 that carries no more than an address."""
    namespace = 'xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"'
    return SVG.replace(b">", f' {namespace}><openbadges:credential verify="{url}"/>'.encode(), 1)


@pytest.mark.parametrize("form", [*OB3_FORMS, "ob2-signed"])
@pytest.mark.parametrize("carried", [str, pointing_to])
def test_what_an_address_serves_is_judged_as_what_it_is(form: str, carried: Any) -> None:
    issuer = FarIssuer()
    award = issuer.award(form)
    issuer.answer(URL, award.text)
    report = judge(issuer, carried(URL))
    assert (report.verdict, report.format) == (Verdict.valid, form if not form.startswith("edd") else "data-integrity")
    assert report.container == (None if carried is str else "svg")
    assert URL in [lookup.url for lookup in report.fetched]
    assert issuer.asked.count(URL) == 1


def test_what_an_address_serves_is_believed_no_more_than_what_is_handed_in() -> None:
    issuer = FarIssuer()
    issuer.answer(URL, changed(issuer.award().text, "name", to="Doctor of Everything"))
    assert judge(issuer, URL).verdict is Verdict.forged
    revoked = issuer.award()
    issuer.revoke(revoked)
    issuer.answer(URL, revoked.text)
    assert judge(issuer, URL).verdict is Verdict.revoked
    unsigned = issuer.credential()
    issuer.answer(URL, serialize(unsigned))
    assert found(judge(issuer, URL), "proof") == (Outcome.failed, "no-proof")


@pytest.mark.parametrize("picture", [png(), SVG])
@pytest.mark.parametrize("form", ["eddsa-rdfc-2022", "vc-jwt", "ob2-hosted", "ob2-signed"])
def test_an_address_may_serve_a_baked_picture(picture: bytes, form: str) -> None:
    issuer = FarIssuer()
    issuer.answer(URL, badges.bake(picture, issuer.award(form).text))
    report = judge(issuer, URL)
    assert (report.verdict, report.container) == (Verdict.valid, "png" if picture == png() else "svg")


def test_an_address_may_serve_a_presentation() -> None:
    issuer = FarIssuer()
    issuer.answer(URL, serialize(presentation(json.loads(issuer.award().text))))
    report = judge(issuer, URL)
    assert (report.verdict, len(report.contains)) == (Verdict.valid, 1)


def test_a_picture_at_an_address_may_carry_another_address_and_no_more_follow() -> None:
    issuer = FarIssuer()
    other, further = "https://far.example/shared/2", "https://far.example/shared/3"
    issuer.answer(URL, pointing_to(other))
    issuer.answer(other, issuer.award().text)
    assert judge(issuer, URL).verdict is Verdict.valid
    issuer.answer(other, pointing_to(further))
    issuer.answer(further, issuer.award().text)
    assert not judge(issuer, URL).verified
    issuer.answer(URL, pointing_to(URL))
    assert not judge(issuer, URL).verified


def test_a_hosted_assertion_at_another_address_than_its_own_is_asked_for_at_its_own() -> None:
    issuer = FarIssuer()
    award = issuer.award("ob2-hosted")
    issuer.answer(URL, award.text)
    assert judge(issuer, URL).verdict is Verdict.valid
    issuer.answer(URL, changed(award.text, "issuedOn", to="2020-01-01T00:00:00Z"))
    assert judge(issuer, URL).verdict is Verdict.forged
    assert judge(issuer, award.document["id"].replace("https:", "HTTPS:")).verdict is Verdict.valid


def test_an_address_where_no_badge_is_claims_nothing() -> None:
    issuer = FarIssuer()
    report = judge(issuer, URL)
    assert (report.verdict, found(report, "readable")) == (Verdict.not_a_badge, (Outcome.failed, "nothing-there"))
    issuer.answer(URL, "<html>Welcome!</html>")
    report = judge(issuer, URL)
    assert (report.verdict, found(report, "readable")) == (Verdict.not_a_badge, (Outcome.failed, "no-credential"))
    issuer.answer(URL, "<html>Oh.</html>", status=500)
    report = judge(issuer, URL)
    assert (report.verdict, found(report, "proof")) == (Verdict.unknown, (Outcome.unknown, "badge-unreachable"))


@pytest.mark.parametrize(
    "said",
    [b"", b"<html>Gone.</html>", b"{}", b"[]", b'{"revoked": false}', b'{"revoked": true, "id": "https://a.example/"}'],
)
def test_an_address_that_is_gone_was_a_badge_only_where_somebody_says_so(said: bytes) -> None:
    issuer = FarIssuer()
    url = issuer.award("ob2-hosted").document["id"]
    issuer.answer(url, said, status=410)
    report = judge(issuer, url)
    assert (report.verdict, found(report, "readable")) == (Verdict.unknown, (Outcome.unknown, "gone"))
    assert (report.issuer, report.version) == ({}, None)
    assert f"Whatever was at {url} is gone." in report.summary
    for words in ({"revoked": True}, {"revoked": True, "id": url}, {"revocationReason": "By mistake."}):
        issuer.answer(url, words, status=410)
        assert judge(issuer, url).verdict is Verdict.revoked


def test_a_picture_that_carries_an_address_is_a_badge_that_was_hosted_there() -> None:
    issuer = FarIssuer()
    award = issuer.award("ob2-hosted")
    url = award.document["id"]
    carrier = badges.bake(png(), url)
    assert judge(issuer, carrier).verdict is Verdict.valid
    issuer.answer(url, "<html>Welcome!</html>")
    assert judge(issuer, carrier).verdict is Verdict.unknown
    issuer.answer(url, "", status=404)
    assert found(judge(issuer, carrier), "proof") == (Outcome.unknown, "not-hosted")
    issuer.answer(url, "", status=410)
    assert judge(issuer, carrier).verdict is Verdict.revoked


def test_a_revoked_badge_is_revoked_at_its_address_too() -> None:
    issuer = FarIssuer()
    award = issuer.award("ob2-hosted")
    issuer.revoke(award)
    assert judge(issuer, award.document["id"]).verdict is Verdict.revoked
    issuer.answer(award.document["id"], "", status=410)
    assert judge(issuer, award).verdict is Verdict.revoked  # a copy in hand says that it was one
    issuer.lies[award.document["id"]] = Fetched(410, "text/html", b"", "https://parked.example/")
    assert judge(issuer, award.document["id"]).verdict is Verdict.unknown
