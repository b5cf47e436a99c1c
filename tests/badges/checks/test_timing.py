"""From when and until when a badge holds."""

from datetime import timedelta
from typing import Any

import pytest

from badges import Outcome, Verdict
from badges.checks import timing
from badges.documents import instant, timestamp
from badges.proofs import jws
from badges.reports import Check
from tests.badges.judging import judge
from tests.far_issuer import NOW, FarIssuer


def said(check: Check) -> tuple[Outcome, str]:
    return check.outcome, check.code


def test_a_date_that_is_none_cannot_be_told() -> None:
    dates: list[Any] = ["2026-01-01", "2026-01-01T00:00:00", 1_700_000_000, [], {}]
    for text in dates:
        assert said(timing.valid_from(text, now=NOW)) == (Outcome.unknown, "no-date")
        assert said(timing.expiry(text, now=NOW)) == (Outcome.unknown, "no-date")
    assert said(timing.valid_from(None, now=NOW)) == (Outcome.unknown, "no-date")
    assert said(timing.expiry(None, now=NOW)) == (Outcome.passed, "never-expires")


@pytest.mark.parametrize("ahead", [timedelta(seconds=61), timedelta(days=2000)])
def test_a_signature_of_a_day_to_come_is_mentioned(ahead: timedelta) -> None:
    issuer = FarIssuer()
    credential = issuer.credential()
    payload = credential | jws.claims_of(credential)
    later = NOW + ahead
    for text in (
        issuer.sign(credential, created=later),
        issuer.sign_payload(payload | {"iat": int(later.timestamp())}),
    ):
        report = judge(issuer, text)
        assert report.verdict is Verdict.valid
        assert [warning.code for warning in report.warnings] == ["dated-ahead"]
    for text in (
        issuer.sign(credential, created=NOW + timedelta(seconds=59)),
        issuer.sign_payload(payload | {"iat": "soon"}),
        issuer.sign_payload(payload | {"iat": 1e300}),
    ):
        assert not judge(issuer, text).warnings


def test_a_badge_holds_in_its_last_second_and_not_after() -> None:
    assert timing.expiry(timestamp(NOW), now=NOW).outcome is Outcome.passed
    assert timing.expiry(timestamp(NOW), now=NOW + timedelta(seconds=1)).outcome is Outcome.failed


def test_a_credential_holds_while_it_holds_by_all_of_its_dates() -> None:
    first, last = "2026-01-01T00:00:00Z", "2026-01-01T02:00:00+01:00"
    exp = int(instant(first).timestamp())
    assert timing.end_of({"expirationDate": last, "validUntil": first}, {}) == first
    assert timing.end_of({"validUntil": last}, {"exp": exp}) == first
    assert timing.end_of({}, {}) is None
    assert timing.begin_of({"validFrom": first, "issuanceDate": last}) == last
    # What cannot be read is no reassurance, whatever stands beside it.
    assert timing.end_of({"expirationDate": last, "validUntil": "soon"}, {}) == "soon"
    assert timing.begin_of({"validFrom": first, "issuanceDate": []}) == []
    assert timing.begin_of({"issuanceDate": first}) is None
