"""From answers to a word."""

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
