"""Our own verifier, put beside the others: every form of both versions, in the same words, with no blind spot."""

from datetime import timedelta

import badges  # before time and sockets are taken from whoever comes next
from app.kit.clock import system_clock

from judging import NobodyAnswers, ask, judge  # isort: skip

VERDICTS = {
    badges.Verdict.revoked: "revoked",
    badges.Verdict.suspended: "suspended",
    badges.Verdict.expired: "expired",
    badges.Verdict.not_yet_valid: "not-yet",
    badges.Verdict.wrong_recipient: "recipient",
}
CHECKS = {"conforms": "schema", "issuer": "issuer", "endorsements": "endorsement"}
# The issuer answered, and says nothing of such a key: theirs it is not.
UNKNOWN = {"no-such-key": "issuer", "status": "status-unknown"}
PROOFS = {"key-foreign": "issuer", "undefined-term": "undefined-term"}


def fetch(url, *, accept):
    try:
        status, content_type, body = ask(url, accept)
    except NobodyAnswers as silence:
        raise badges.Unreachable(str(silence)) from silence
    return badges.Fetched(status, content_type, body, url)


def words(report):
    """The one of the verdict, else those of every check that did not pass."""
    if report.verdict in VERDICTS:
        return [VERDICTS[report.verdict]]
    if report.contains:  # what is wrong with a collection is wrong with one of the badges in it, or with its own proof
        inside = {"forged": ["signature"]}.get(report.verdict.value)
        if inside:
            return inside
    if any(rest["outcome"] == badges.Outcome.failed for rest in report.evidence):
        return ["evidence"]  # told beside the verdict, which does not hang on it
    failed = [check for check in report.checks if check.outcome is badges.Outcome.failed]
    found = [PROOFS.get(c.code, "signature") if c.check == "proof" else CHECKS.get(c.check, "other") for c in failed]
    unknown = [check for check in report.checks if check.outcome is badges.Outcome.unknown]
    found += [UNKNOWN.get(check.code) or UNKNOWN.get(check.check, "unreachable") for check in unknown]
    return sorted(set(found))


def verdict(exhibit, raw):
    given = exhibit["url"] if exhibit["form"] == "ob2" else raw
    now = system_clock() + timedelta(seconds=exhibit["later"])
    report = badges.verify(given, fetch=fetch, now=now, recipient=exhibit["recipient"])
    found = words(report)
    return {"accepted": report.verified and found != ["evidence"], "reasons": found, "said": report.summary}


judge(verdict)
