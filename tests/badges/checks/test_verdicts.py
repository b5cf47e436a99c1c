"""From answers to a word."""

from itertools import product
from typing import Any

import pytest

from badges import Outcome, Verdict
from badges.checks import verdicts
from badges.reports import Check


def test_of_what_failed_the_gravest_is_the_verdict() -> None:
    failed = [Check(name, Outcome.failed, "x", "X.", "") for name, _ in verdicts.DECISIVE]
    for n, (_, word) in enumerate(verdicts.DECISIVE):
        assert verdicts.verdict(failed[n:]) is word
        assert verdicts.verdict(failed[: n - 1 : -1] if n else failed[::-1]) is word


def test_nothing_asked_is_nothing_known() -> None:
    assert verdicts.verdict(()) is Verdict.unknown
    assert verdicts.summary(Verdict.unknown, (), verdicts.Claims({}, {}, {})).startswith("We cannot tell.")


ASKED = ("conforms", "proof", "issuer", "status", "valid_from", "expiry")
SOMEBODY = verdicts.Claims({"id": "https://far.example/", "name": "The Far Hill"}, {}, {}, awarded="2026-10-22")
PASSED, FAILED, UNKNOWN = Outcome.passed, Outcome.failed, Outcome.unknown
GRAVEST_FIRST = (
    ("proof", Verdict.forged),
    ("issuer", Verdict.forged),
    ("status", Verdict.revoked),
    ("conforms", Verdict.not_conformant),
    ("valid_from", Verdict.not_yet_valid),
    ("expiry", Verdict.expired),
)


def answered(**outcomes: Outcome) -> list[Check]:
    return [Check(name, outcomes.get(name, PASSED), "x", f"About {name}.", "") for name in ASKED]


@pytest.mark.parametrize("first", [PASSED, FAILED, UNKNOWN])
def test_each_combination_of_answers_has_its_word_and_its_sentence(first: Outcome) -> None:
    for others in product((PASSED, FAILED, UNKNOWN), repeat=len(ASKED) - 1):
        has_its_word_and_its_sentence((first, *others))


def has_its_word_and_its_sentence(outcomes: tuple[Outcome, ...]) -> None:
    asked = dict(zip(ASKED, outcomes, strict=True))
    checks = answered(**asked)
    word = verdicts.verdict(checks)
    told = verdicts.summary(word, checks, SOMEBODY)
    failed = [(name, called) for name, called in GRAVEST_FIRST if asked[name] is FAILED]
    if failed:
        name, called = failed[0]
        assert word is called
        assert told.endswith(f"About {name}.")
    else:
        assert word is (Verdict.unknown if UNKNOWN in outcomes else Verdict.valid)
    # What nobody has proven is not called anybody's, and what could not be checked is not called wrong.
    is_proven = asked["proof"] is PASSED
    assert told.startswith("Genuine: ") == (word is Verdict.valid)
    assert told.startswith("Do not trust this badge") == (word is Verdict.forged)
    assert ("cannot tell" in told) == (word is Verdict.unknown)
    assert told.startswith("Genuinely from “The Far Hill” (far.example), but: ") == (
        is_proven and word not in {Verdict.valid, Verdict.unknown, Verdict.forged}
    )
    assert told.startswith("Signed by “The Far Hill” (far.example), but") == (is_proven and word is Verdict.unknown)


@pytest.mark.parametrize(
    ("name", "code", "word"),
    [
        ("readable", "no-credential", Verdict.not_a_badge),
        ("status", "suspended", Verdict.suspended),
        ("status", "revoked", Verdict.revoked),
        ("proof", "no-proof", Verdict.not_conformant),
        ("proof", "undefined-term", Verdict.not_conformant),
        ("proof", "bad-signature", Verdict.forged),
        ("proof", "foreign-key", Verdict.forged),
        ("proof", "proof-error", Verdict.expired),
        ("endorsements", "endorsement-forged", Verdict.forged),
        ("recipient", "no-match", Verdict.wrong_recipient),
    ],
)
def test_a_failure_is_called_what_it_is(name: str, code: str, word: Verdict) -> None:
    others = [check for check in answered() if check.check != name]
    assert verdicts.verdict([*others, Check(name, FAILED, code, "X.", "")]) is word


def test_who_chose_a_name_does_not_write_our_sentence() -> None:
    name = "The Registrar” (harvard.example) on 2020-01-01; not revoked. “Confirmed"
    far = verdicts.Claims(
        {"id": "https://far.example/", "name": name}, {"id": "did:x by The Dean"}, {"name": "A” by “B"}
    )
    assert verdicts.summary(Verdict.valid, answered(), far) == (
        "Genuine: “A' by 'B” was awarded to “did:x by The Dean” by "
        "“The Registrar' (harvard.example) on 2020-01-01; not revoked. 'Confirmed” (far.example) on ."
    )


@pytest.mark.parametrize(
    ("id", "told"),
    [
        ("https://far.example/issuers/1", "by “Hill” (far.example) on"),
        ("did:web:far.example%3A8443:issuers:1", "by “Hill” (far.example:8443) on"),
        ("did:other:1", "by “Hill” on"),
        ("https://[", "by “Hill” on"),
        ("https://harvard.example@Far.example:443/", "by “Hill” (far.example) on"),
    ],
)
def test_beside_an_issuers_name_stands_where_they_were_found(id: str, told: str) -> None:
    claims = verdicts.Claims({"id": id, "name": "Hill"}, {}, {"name": "A"}, awarded="2026-10-22")
    assert told in verdicts.summary(Verdict.valid, answered(), claims)


@pytest.mark.parametrize(
    ("recipient", "told"),
    [
        ({"id": "did:example:bo"}, "to did:example:bo by"),
        ({"id": "urn:uuid:1"}, "to the person numbered urn:uuid:1 by"),
        ({"type": "email", "hashed": True, "identity": "sha256$00"}, "to the person behind a hashed email by"),
        ({}, "to somebody by"),
    ],
)
def test_whose_a_badge_is_is_said_as_far_as_it_says_so(recipient: Any, told: str) -> None:
    claims = verdicts.Claims({"id": "https://far.example/"}, recipient, {"name": "A"})
    assert told in verdicts.summary(Verdict.valid, answered(), claims)
