"""Authentic but expired, authentic but revoked, forged, not conformant and could not be checked: five answers."""

import json
from datetime import timedelta

import pytest

from badges import Outcome, Verdict
from badges.documents import Document, timestamp
from badges.reports import Report
from tests.badges.judging import found, judge
from tests.far_issuer import FORMS, NOW, Award, FarIssuer

ENDED = timestamp(NOW - timedelta(days=1))


def ending(form: str) -> Document:
    return {"expires": ENDED} if form.startswith("ob2-") else {"validUntil": ENDED}


def misshapen(form: str) -> Document:
    """A badge whose issuer signs what is not as the standard asks."""
    return {"recipient": "ada@example.org"} if form.startswith("ob2-") else {"awardedDate": "last year"}


def tampered(issuer: FarIssuer, award: Award, form: str) -> str:
    """The same badge, for somebody else."""
    if form in {"vc-jwt", "ob2-signed"}:
        head, _, signature = award.text.split(".")
        other = issuer.award(form).text.split(".")[1]
        return f"{head}.{other}.{signature}"
    document = json.loads(award.text)
    if form == "ob2-hosted":
        return json.dumps(document | {"recipient": document["recipient"] | {"identity": "sha256$" + "0" * 64}})
    return json.dumps(document | {"name": "Another"})


def word(report: Report) -> tuple[Verdict, Outcome, bool]:
    return report.verdict, report.outcome, report.verified


@pytest.mark.parametrize("form", FORMS)
def test_five_kinds_of_no_are_five_answers(form: str) -> None:
    issuer = FarIssuer()
    expired, revoked, genuine = issuer.award(form, **ending(form)), issuer.award(form), issuer.award(form)
    issuer.revoke(revoked)
    assert word(judge(issuer, genuine)) == (Verdict.valid, Outcome.passed, True)
    assert word(judge(issuer, expired)) == (Verdict.expired, Outcome.failed, False)
    assert word(judge(issuer, revoked)) == (Verdict.revoked, Outcome.failed, False)
    assert word(judge(issuer, tampered(issuer, genuine, form))) == (Verdict.forged, Outcome.failed, False)
    made_wrongly = issuer.award(form, **misshapen(form))
    assert word(judge(issuer, made_wrongly)) == (Verdict.not_conformant, Outcome.failed, False)
    issuer.go_down()
    for each in (genuine, revoked):
        assert word(judge(issuer, each)) == (Verdict.unknown, Outcome.unknown, False)
    told = {judge(issuer, award).summary for award in (genuine, expired)}
    assert all("cannot tell" in summary for summary in told)


@pytest.mark.parametrize("form", FORMS)
def test_the_gravest_is_told_of_a_badge_with_every_fault(form: str) -> None:
    issuer = FarIssuer()
    award = issuer.award(form, **ending(form))
    issuer.revoke(award)
    report = judge(issuer, award)
    assert report.verdict is Verdict.revoked
    if form != "ob2-hosted":  # of what is gone from its address nothing else is known
        assert found(report, "proof")[0] is Outcome.passed
        assert found(report, "expiry") == (Outcome.failed, "expired")
    if form != "ob2-hosted":
        forged = judge(issuer, tampered(issuer, award, form))
        assert (forged.verdict, found(forged, "status")) == (Verdict.forged, (Outcome.skipped, "not-reached"))


@pytest.mark.parametrize("form", [form for form in FORMS if form != "ob2-hosted"])
def test_an_expired_badge_is_expired_though_its_status_cannot_be_had(form: str) -> None:
    issuer = FarIssuer()
    expired, genuine = issuer.award(form, **ending(form)), issuer.award(form)
    issuer.unreachable = {f"{issuer.base}/status/", f"{issuer.base}/ob2/revocations"}
    report = judge(issuer, expired)
    assert (report.verdict, found(report, "status")[0]) == (Verdict.expired, Outcome.unknown)
    assert report.summary.startswith(f"Genuinely from “{issuer.name}” (far.example), but: The badge expired on ")
    report = judge(issuer, genuine)
    assert (report.verdict, report.summary) == (
        Verdict.unknown,
        f"Signed by “{issuer.name}” (far.example), but we could not reach its status list, "
        "so we cannot tell if it was revoked.",
    )
