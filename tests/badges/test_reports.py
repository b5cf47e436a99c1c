from itertools import product

import pytest

from badges import reports
from badges.reports import REQUIRED, Check, Lookup, Outcome, Report, Verdict, worst
from tests.badges.samples import AWARDED


def check(name: str, outcome: Outcome) -> Check:
    return Check(check=name, outcome=outcome, code="x", detail="X.", spec="OB 3.0 §9.1")


def report(*checks: Check) -> Report:
    return Report(checks=checks, verdict=Verdict.valid, summary="Genuine.", checked_at=AWARDED)


ALL_PASSED = [check(name, Outcome.passed) for name in REQUIRED]


def test_an_empty_report_verifies_nothing() -> None:
    assert not report().verified
    assert report().outcome is Outcome.unknown


def test_a_report_is_verified_when_the_four_that_matter_passed() -> None:
    assert report(*ALL_PASSED).verified
    assert report(*ALL_PASSED, check("recipient", Outcome.skipped)).verified


def test_a_report_is_as_true_as_it_is_verified() -> None:
    assert bool(report(*ALL_PASSED)) is True
    assert bool(report(*ALL_PASSED[1:])) is False


@pytest.mark.parametrize("missing", REQUIRED)
def test_a_report_without_one_of_the_four_is_not_verified(missing: str) -> None:
    assert not report(*[each for each in ALL_PASSED if each.check != missing]).verified


@pytest.mark.parametrize("name", [*REQUIRED, "status", "expiry", "endorsements"])
@pytest.mark.parametrize("outcome", [Outcome.failed, Outcome.unknown])
def test_one_check_that_did_not_pass_keeps_a_report_from_being_verified(name: str, outcome: Outcome) -> None:
    checks = [*ALL_PASSED, check(name, outcome)]
    assert not report(*checks).verified
    assert report(*checks).outcome is outcome


def test_a_required_check_that_was_skipped_is_not_passed() -> None:
    checks = [*ALL_PASSED[1:], check(REQUIRED[0], Outcome.skipped)]
    assert not report(*checks).verified


@pytest.mark.parametrize("outcomes", list(product(Outcome, repeat=3)))
def test_failed_comes_before_unknown_and_unknown_before_passed(outcomes: tuple[Outcome, ...]) -> None:
    found = worst(outcomes)
    assert (found is Outcome.failed) == (Outcome.failed in outcomes)
    if found is Outcome.passed:
        assert Outcome.unknown not in outcomes
        assert Outcome.passed in outcomes
    assert found is not Outcome.skipped


def test_a_check_is_found_by_its_name() -> None:
    failed = check("status", Outcome.failed)
    assert report(*ALL_PASSED, failed).found("status") is failed
    assert report(*ALL_PASSED).found("status") is None


def test_the_json_report_is_that_of_the_contract() -> None:
    of = Report(
        checks=(check("proof", Outcome.passed),),
        verdict=Verdict.unknown,
        summary="Could not tell.",
        checked_at=AWARDED,
        version="OB30",
        format="vc-jwt",
        container="png",
        issuer={"id": "did:web:guild.example", "name": "Guild"},
        warnings=(reports.Warning(code="x", detail="X.", pointer="/name", spec="OB 3.0"),),
        endorsements=({"id": "urn:x:1"},),
        fetched=(Lookup("https://x.example/1", AWARDED, 200), Lookup("https://x.example/2", AWARDED, None)),
    )
    assert of.to_dict() == {
        "verified": False,
        "verdict": "unknown",
        "outcome": "passed",
        "version": "OB30",
        "format": "vc-jwt",
        "container": "png",
        "summary": "Could not tell.",
        "issuer": {"id": "did:web:guild.example", "name": "Guild"},
        "recipient": {},
        "achievement": {},
        "checked_at": "2026-11-21T09:00:00Z",
        "checks": [{"check": "proof", "outcome": "passed", "code": "x", "detail": "X.", "spec": "OB 3.0 §9.1"}],
        "warnings": [{"code": "x", "detail": "X.", "pointer": "/name", "spec": "OB 3.0"}],
        "endorsements": [{"id": "urn:x:1"}],
        "evidence": [],
        "contains": [],
        "fetched": [
            {"url": "https://x.example/1", "at": "2026-11-21T09:00:00Z", "status": 200},
            {"url": "https://x.example/2", "at": "2026-11-21T09:00:00Z", "status": None},
        ],
    }
