"""A verification report, for people: what was found, what it means, and what the badge says."""

import re
from base64 import b64encode
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from markupsafe import Markup

import badges
from app.pages import stated

TONES = {"passed": "good", "failed": "bad", "unknown": "unsure"}
MARKS = {"passed": "✓ passed", "failed": "✗ failed", "unknown": "? could not tell"}
CHECKS = {
    "readable": "Readable",
    "conforms": "As the standard asks",
    "proof": "Signature",
    "issuer": "Issuer",
    "status": "Revocation",
    "valid_from": "Begin",
    "expiry": "End",
    "recipient": "Recipient",
    "endorsements": "Endorsements",
    "contains": "What is inside",
}
KINDS = {
    "OB20": "Open Badges 2.0",
    "OB30": "Open Badges 3.0",
    "CLR20": "learner record (CLR 2.0)",
    "data-integrity": "signed inside (Data Integrity)",
    "vc-jwt": "signed as a token (VC-JWT)",
    "ob2-hosted": "hosted",
    "ob2-signed": "signed (JWS)",
    "png": "in a PNG",
    "svg": "in an SVG",
}
_UNSIGNED = {"no-proof", "not-signed"}
_HEADLINES = {
    badges.Verdict.valid: "This badge is genuine.",
    badges.Verdict.expired: "Genuine, but expired.",
    badges.Verdict.not_yet_valid: "Genuine, but not valid yet.",
    badges.Verdict.revoked: "Revoked by its issuer.",
    badges.Verdict.suspended: "Suspended by its issuer.",
    badges.Verdict.forged: "Do not believe this badge.",
    badges.Verdict.not_conformant: "This does not conform to Open Badges.",
    badges.Verdict.wrong_recipient: "Genuine, but somebody else's.",
    badges.Verdict.unknown: "We could not tell.",
    badges.Verdict.not_a_badge: "There is no badge in this.",
}
_FOR_NOW = {badges.Verdict.expired, badges.Verdict.not_yet_valid, badges.Verdict.suspended}
_TYPES = {"png": "image/png", "svg": "image/svg+xml"}


def shown(report: badges.Report, picture: bytes = b"", recipient: str | None = None) -> dict[str, Any]:
    """What the page of a report shows; `picture` is the file that somebody gave, if they gave one, and `recipient` whom
    they named.
    """
    told = report.to_dict()
    was_proven = _outcome(report, "proof") is badges.Outcome.passed
    is_theirs = recipient is not None and _outcome(report, "recipient") is badges.Outcome.passed
    return {
        "report": told,
        "tone": "unsure" if report.verdict in _FOR_NOW else TONES[report.outcome.value],
        "headline": headline(report),
        "checked": when(report.checked_at),
        "kind": _kind(report),
        # Unsigned words are nobody's: of what is not proven no more is shown than what it calls itself.
        "says": stated.what(report.document) if was_proven and report.document else None,
        "whose": [recipient] if is_theirs else stated.whose(report.document) if was_proven else [],
        "picture": _picture(report, picture) if was_proven or report.contains else None,
        "asked": [check for check in told["checks"] if check["outcome"] != "skipped"],
        "not_asked": _not_asked(report.checks),
        "called": CHECKS,
        "plainly": plainly,
        "tones": TONES,
        "marks": MARKS,
    }


def headline(report: badges.Report) -> str:
    """The verdict in a few words."""
    proof, issuer = report.found("proof"), report.found("issuer")
    open_questions = [check.check for check in report.checks if check.outcome is badges.Outcome.unknown]
    match report.verdict:
        case badges.Verdict.not_conformant if proof and proof.code == "no-proof":
            return "Nobody signed this badge."
        case badges.Verdict.unknown if open_questions == ["recipient"] and proof and not report.contains:
            return "Genuine, but we could not tell whose."
        case badges.Verdict.valid if report.contains:
            return "Everything in this is genuine."
        case badges.Verdict.valid if issuer and issuer.code == "self-asserted":
            return "This badge is genuine, from an issuer known only by a key."
    return _HEADLINES[report.verdict]


def when(instant: datetime) -> str:
    """An instant for people."""
    return f"{stated.day(instant)}, {instant:%H:%M} UTC"


_INSTANT = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z")
_DAY = re.compile(r"(?<= on )\d{4}-\d\d-\d\d\b")
_KEY = re.compile(r"\b(did:(?:key|jwk):[A-Za-z0-9_-]{8})[A-Za-z0-9_-]{16,}(?:#[A-Za-z0-9_-]*…?)?")


def plainly(text: str) -> str:
    """A sentence of a report with dates for people, and without the whole length of keys; the details have those."""
    text = _INSTANT.sub(lambda found: _told(found[0], found[0], when), text)
    text = _DAY.sub(lambda found: _told(found[0], f"{found[0]}T00:00:00Z", stated.day), text)
    return _KEY.sub(r"\1…", text).replace("….", "…")


def _told(text: str, instant: str, by: Callable[[datetime], str]) -> str:
    try:
        return by(badges.instant(instant))
    except badges.BadgeError:
        return text


def _outcome(report: badges.Report, name: str) -> badges.Outcome | None:
    check = report.found(name)
    return check.outcome if check else None


def _kind(report: badges.Report) -> str:
    proof = report.found("proof")
    is_unsigned = proof is not None and proof.code in _UNSIGNED
    parts = (report.version, "not signed" if is_unsigned and report.format else report.format, report.container)
    return ", ".join(KINDS.get(part, part) for part in parts if part)


def _not_asked(checks: Sequence[badges.Check]) -> list[tuple[str, str]]:
    """What was not checked, and why, in one line for each reason."""
    skipped = [check for check in checks if check.outcome is badges.Outcome.skipped]
    reasons = list(dict.fromkeys(check.detail for check in skipped))
    return [(", ".join(CHECKS[check.check] for check in skipped if check.detail == why), why) for why in reasons]


def _picture(report: badges.Report, picture: bytes) -> Markup | None:
    """The very picture that was given, within the page: no other is shown, and nobody is asked for any."""
    media_type = _TYPES.get(report.container or "")
    if not picture or media_type is None:
        return None
    return Markup(f"data:{media_type};base64,{b64encode(picture).decode()}")  # noqa: S704  letters and digits
