"""What is kept for when the same is asked again."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

import badges
from badges.proofs.remembering import Findings
from tests.far_issuer import EMBEDDED, NOW, FarIssuer


def test_the_same_question_is_answered_without_asking_again() -> None:
    findings, asked = Findings[int](10), []

    def find() -> int:
        asked.append(1)
        return 7

    assert [findings.of(question, find) for question in (b"a", b"a", b"b", b"a")] == [7] * 4
    assert len(asked) == 2


def test_refusals_and_what_is_not_worth_it_are_found_again() -> None:
    findings = Findings[int](10)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            findings.of(b"a", lambda: 1 // 0)
    assert findings.of(b"b", lambda: 1, worth=lambda found: found > 1) == 1
    assert findings.of(b"b", lambda: 2, worth=lambda found: found > 1) == 2
    assert findings.of(b"b", lambda: 3) == 2


def test_who_was_not_asked_for_longest_makes_room() -> None:
    findings = Findings[int](2)
    for n, question in enumerate((b"a", b"b", b"a", b"c")):
        findings.of(question, partial(int, n))
    assert [findings.of(question, lambda: 9) for question in (b"a", b"c", b"b")] == [0, 3, 9]


def test_many_may_ask_at_once() -> None:
    findings = Findings[int](3)
    with ThreadPoolExecutor(8) as crowd:
        found = list(crowd.map(lambda n: findings.of(b"%d" % (n % 5), lambda: n % 5), range(2000)))
    assert found == [n % 5 for n in range(2000)]


@pytest.mark.parametrize("form", [*EMBEDDED, "vc-jwt"])
def test_of_a_badge_seen_before_whatever_may_have_changed_is_asked_again(form: str) -> None:
    issuer = FarIssuer()
    award = issuer.award(form)

    def verdict() -> str:
        return badges.verify(award.text, fetch=issuer, now=NOW).verdict.value

    assert [verdict(), verdict()] == ["valid", "valid"]
    # The status…
    issuer.revoke(award)
    assert verdict() == "revoked"
    # … the dates …
    dated = issuer.award(form, validUntil="2026-12-01T00:00:00Z")
    for now, expected in ((NOW, "valid"), (NOW.replace(year=2027), "expired"), (NOW, "valid")):
        assert badges.verify(dated.text, fetch=issuer, now=now).verdict.value == expected
    # … whom it belongs to …
    assert badges.verify(dated.text, fetch=issuer, now=NOW, recipient="did:example:eve").verified is False
    # … and the key: one that its issuer no longer lists signs nothing any more.
    issuer.rotate(forget=True)
    assert badges.verify(dated.text, fetch=issuer, now=NOW).verified is False


@pytest.mark.parametrize("form", EMBEDDED)
def test_a_badge_seen_before_lends_its_proof_to_no_other(form: str) -> None:
    issuer = FarIssuer()
    text = issuer.award(form).text
    assert badges.verify(text, fetch=issuer, now=NOW).verified
    for found, put in (("The Far Hill", "The Near Hill"), ('"proofValue":"z', '"proofValue":"z2')):
        assert found in text
        assert badges.verify(text.replace(found, put), fetch=issuer, now=NOW).verdict.value == "forged"
