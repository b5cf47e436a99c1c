"""Evidence that a badge pins: looked at again, and told; no verdict hangs on it."""

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

import badges
from badges import Verdict
from badges.checks.participating import TYP, claims_in, facts_in, signature, token_in, told
from badges.checks.resting import MOST_EVIDENCE
from badges.proofs import jws
from badges.reports import Report
from badges.resolving import Fetched
from tests.badges.judging import judge
from tests.far_issuer import NOW, Award, FarIssuer

URL = "https://far.example/evidence/1"
TODAY = f"{URL}/standing"


def listing(**more: Any) -> bytes:
    contributions = [{"id": "a", "type": "hosting", "digest": "1"}, {"id": "b", "type": "hosting", "digest": "2"}]
    return json.dumps({"contributions": contributions} | more).encode()


def looked_at(
    body: bytes,
    served: dict[str, Fetched],
    *,
    urls: tuple[str, ...] = (URL,),
    issuer: FarIssuer | None = None,
    credential: Any = None,
) -> tuple[Report, list[str]]:
    """The report on a badge that pins `body` at each of these, and what was asked for of evidence."""
    issuer, asked = issuer or FarIssuer(mode="did:key"), list[str]()
    credential = credential or issuer.credential()
    credential["evidence"] = [{"id": url, "type": ["Evidence"]} for url in urls]
    pin = badges.digest_multibase(body)
    credential["relatedResource"] = [{"id": url, "digestMultibase": pin} for url in urls] + [
        {"id": "https://far.example/not-evidence", "digestMultibase": pin}
    ]

    def fetch(url: str, *, accept: str) -> Fetched:
        if "/evidence/" not in url and "not-evidence" not in url:
            return issuer(url, accept=accept)
        asked.append(url)
        if url not in served:
            raise badges.Unreachable(f"{url}: nobody answered.")
        return served[url]

    report = judge(issuer, Award(issuer.sign(credential), credential), fetch=fetch)
    assert report.verdict is Verdict.valid, report.summary
    return report, asked


def answer(body: bytes, url: str = URL, status: int = 200, end: str | None = None) -> dict[str, Fetched]:
    return {url: Fetched(status, "application/json", body, end or url, NOW)}


def codes(report: Report) -> list[str]:
    return [each["code"] for each in report.evidence]


def test_what_it_lists_is_told_with_what_stands_today() -> None:
    body = listing(standing=TODAY)
    today = json.dumps({"contributions": [{"id": "a", "stands": True}, {"id": "b", "stands": False}]}).encode()
    report, asked = looked_at(body, answer(body) | answer(today, TODAY))
    assert asked == [URL, TODAY], "and nothing that is pinned, but no evidence"
    [evidence] = report.evidence
    assert [(each["id"], each["stands"]) for each in evidence["contributions"]] == [("a", True), ("b", False)]
    assert [warning.code for warning in report.warnings if warning.code.startswith("evidence")] == ["evidence-fallen"]


@pytest.mark.parametrize("standing", ["https://elsewhere.example/standing", "not an address", 7, TODAY])
def test_what_stands_is_said_by_the_same_site_or_by_nobody(standing: Any) -> None:
    body = listing(standing=standing)
    report, asked = looked_at(body, answer(body))
    assert codes(report) == ["evidence-unchanged"]
    assert {each["stands"] for each in report.evidence[0]["contributions"]} == {None}
    assert "https://elsewhere.example/standing" not in asked


@pytest.mark.parametrize(
    ("served", "code"),
    [
        ({}, "evidence-unreachable"),
        (answer(listing(), status=404), "evidence-unreachable"),
        (answer(listing(), end="https://elsewhere.example/1"), "evidence-unreachable"),
        (answer(listing(more=1)), "evidence-changed"),
    ],
)
def test_evidence_that_is_not_to_be_had_or_not_the_same_is_a_warning(served: dict[str, Fetched], code: str) -> None:
    report, _ = looked_at(listing(), served)
    assert codes(report) == [code]
    assert report.evidence[0]["contributions"] == []
    assert [warning.code for warning in report.warnings if warning.code.startswith("evidence")] == [code]


@pytest.mark.parametrize(
    "body", [b"\x89PNG a picture", b"[]", b'{"contributions": 7}', b'{"contributions": [{}, [], 1]}']
)
def test_evidence_may_be_anything(body: bytes) -> None:
    report, _ = looked_at(body, answer(body))
    assert codes(report) == ["evidence-unchanged"]


def test_no_more_is_looked_at_than_a_few() -> None:
    body, urls = listing(), tuple(f"{URL}{n}" for n in range(MOST_EVIDENCE + 2))
    report, asked = looked_at(body, {url: answer(body, url)[url] for url in urls}, urls=urls)
    assert len(asked) == MOST_EVIDENCE
    assert codes(report)[-2:] == ["too-much-evidence"] * 2


FACTS: dict[str, dict[str, Any]] = {
    "window": {"since": "2026-03-01T00:00:00+00:00", "until": "2026-06-01T00:00:00+00:00"},
    "counts": {"contributions": 3, "by_type": {"hosting": 2, "teaching": 1}},
}


def recorded(issuer: FarIssuer, credential: Any, *, key: Any = None, typ: str = TYP, **otherwise: Any) -> bytes:
    """A record of participation, signed alone."""
    said = {"iss": credential["issuer"]["id"], "badge": credential["id"], "iat": int(NOW.timestamp())}
    said |= FACTS | json.loads(listing()) | otherwise
    key = key or issuer.ed25519
    return jws.sign(json.dumps(said).encode(), key, header={"typ": typ, "kid": key.id}).encode()


def of_badge(**otherwise: Any) -> Report:
    """The report on a badge that pins such a record."""
    issuer = FarIssuer(mode="did:key")
    credential = issuer.credential()
    body = recorded(issuer, credential, **otherwise)
    return looked_at(body, answer(body), issuer=issuer, credential=credential)[0]


def test_a_record_that_the_issuer_signed_alone_is_told_with_its_window_and_counts() -> None:
    report = of_badge()
    [evidence] = report.evidence
    assert (evidence["code"], evidence["signature"]["code"]) == ("evidence-unchanged", "signature-valid")
    assert evidence["participation"] == {
        "since": FACTS["window"]["since"],
        "until": FACTS["window"]["until"],
        "contributions": 3,
        "by_type": {"hosting": 2, "teaching": 1},
    }
    assert [each["id"] for each in evidence["contributions"]] == ["a", "b"]
    assert "It counts 3 contributions from 2026-03-01 to 2026-06-01. The issuer signed that." in evidence["detail"]
    assert [each.code for each in report.warnings if each.code.startswith("evidence")] == []


@pytest.mark.parametrize(
    ("otherwise", "code"),
    [
        ({"iss": "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"}, "foreign-key"),
        ({"badge": "https://far.example/another"}, "not-conformant"),
        ({"key": badges.SigningKey.did_key(Ed25519PrivateKey.generate())}, "foreign-key"),
    ],
)
def test_a_record_by_somebody_else_or_of_another_badge_is_not_used(otherwise: Any, code: str) -> None:
    report = of_badge(**otherwise)
    [evidence] = report.evidence
    assert (evidence["code"], evidence["signature"]["code"]) == ("evidence-forged", code)
    assert (evidence["participation"], evidence["contributions"]) == (None, [])
    assert [each.code for each in report.warnings if each.code.startswith("evidence")] == ["evidence-forged"]


def test_a_record_that_was_changed_after_it_was_signed_is_forged_though_the_badge_pins_it() -> None:
    issuer = FarIssuer(mode="did:key")
    credential = issuer.credential()
    own = recorded(issuer, credential).decode().split(".")
    more = recorded(issuer, credential, counts={"contributions": 9, "by_type": {"hosting": 9}}).decode().split(".")
    assert own[1] != more[1]
    body = ".".join((own[0], more[1], own[2])).encode()
    report, _ = looked_at(body, answer(body), issuer=issuer, credential=credential)
    assert codes(report) == ["evidence-forged"]
    assert report.evidence[0]["signature"]["code"] == "bad-signature"


def test_a_token_that_was_made_for_something_else_is_no_record() -> None:
    [evidence] = of_badge(typ="vc+jwt").evidence
    assert (evidence["code"], evidence["signature"], evidence["participation"]) == ("evidence-unchanged", None, None)


WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=10,
)
COUNTS = ANYTHING | st.dictionaries(st.sampled_from(["contributions", "by_type"]), ANYTHING)
_ISSUER = FarIssuer(mode="did:key")
_CREDENTIAL = _ISSUER.credential()


@given(window=ANYTHING, counts=COUNTS, iat=ANYTHING)
def test_a_record_may_say_anything(window: Any, counts: Any, iat: Any) -> None:
    said = recorded(_ISSUER, _CREDENTIAL, window=window, counts=counts, iat=iat)
    token = token_in(said)
    assert token is not None
    claims = claims_in(token)
    found = signature(token, claims, _CREDENTIAL, fetch=badges.no_fetch, now=NOW)
    assert found.code == "signature-valid"
    facts = facts_in(claims)
    assert facts is None or isinstance(told(facts, found), str)


def test_a_token_that_cannot_be_read_is_not_taken_for_one_that_is_none() -> None:
    issuer = FarIssuer(mode="did:key")
    body = jws.sign(b"no JSON", issuer.ed25519, header={"typ": TYP, "kid": issuer.ed25519.id}).encode()
    report, _ = looked_at(body, answer(body), issuer=issuer)
    [evidence] = report.evidence
    assert (evidence["outcome"], evidence["signature"]["outcome"]) == ("passed", "unknown")
    assert "evidence-signature-unknown" in {warning.code for warning in report.warnings}
