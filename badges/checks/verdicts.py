"""From checks to one word, and from the word to a sentence for a person."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

from badges.checks.questions import named, quoted
from badges.documents import Document
from badges.reports import REQUIRED, Check, Outcome, Verdict
from badges.resolving import authority_of

DECISIVE = (
    ("readable", Verdict.not_a_badge),
    ("proof", Verdict.forged),
    ("issuer", Verdict.forged),
    ("status", Verdict.revoked),
    ("conforms", Verdict.not_conformant),
    ("endorsements", Verdict.forged),
    ("valid_from", Verdict.not_yet_valid),
    ("expiry", Verdict.expired),
    ("recipient", Verdict.wrong_recipient),
)
"""The check that failed, and what the badge is then called; the first one counts."""

_BY_CODE = {
    "suspended": Verdict.suspended,
    "proof-error": Verdict.expired,
    "no-proof": Verdict.not_conformant,
    "not-conformant": Verdict.not_conformant,
    "undefined-term": Verdict.not_conformant,
}
"""Failures that are called otherwise: what nobody signed is no forgery yet."""


@dataclass(frozen=True)
class Claims:
    """What the badge says, for the report; to be believed as far as the checks say."""

    issuer: Document
    recipient: Document
    achievement: Document
    awarded: str = ""
    """The date, as it stands there."""
    document: Document = field(default_factory=dict)
    """All of it, as it was judged."""


def verdict(checks: Sequence[Check], required: Sequence[str] = REQUIRED) -> Verdict:
    """The one word: of what failed, the gravest; else unknown if anything is, and valid only when all that matters,
    which is `required`, has passed.
    """
    found = {check.check: check for check in checks}
    for name, called in DECISIVE:
        if name in found and found[name].outcome is Outcome.failed:
            return _BY_CODE.get(found[name].code, called)
    passed = {check.check for check in checks if check.outcome is Outcome.passed}
    doubtful = any(check.outcome is Outcome.unknown for check in checks)
    return Verdict.unknown if doubtful or not passed.issuperset(required) else Verdict.valid


def summary(word: Verdict, checks: Sequence[Check], claims: Claims) -> str:
    """The verdict in a sentence or two."""
    found = {check.check: check for check in checks}
    decisive = next((found[name] for name, _ in DECISIVE if _is(found.get(name), Outcome.failed)), None)
    doubtful = next((check for check in checks if check.outcome is Outcome.unknown), None)
    issuer = _issuer(claims.issuer, found.get("issuer"))
    match word, decisive, doubtful:
        case Verdict.valid, _, _:
            return _praise(found, claims, issuer)
        case Verdict.unknown, _, _:
            return _doubt(doubtful, issuer, is_signed=_is(found.get("proof"), Outcome.passed))
        case Verdict.not_a_badge, Check(detail=detail), _:
            return f"There is no Open Badge to be judged here. {detail}"
        case Verdict.forged, Check(code="bad-signature"), _:
            return "Do not trust this badge: it was changed after it was signed, or somebody else signed it."
        case Verdict.forged, Check(detail=detail), _:
            return f"Do not trust this badge. {detail}"
        case _, Check(detail=detail), _ if _is(found.get("proof"), Outcome.passed):
            return f"Genuinely from {issuer}, but: {detail}"
        case _, Check(detail=detail), _:
            return detail
    return "Nothing was checked."


def _doubt(doubtful: Check | None, issuer: str, *, is_signed: bool) -> str:
    match doubtful:
        case Check(check="status", code="status-unreachable"):
            return f"Signed by {issuer}, but we could not reach its status list, so we cannot tell if it was revoked."
        case Check(code="issuer-unreachable" | "badge-unreachable", detail=detail):
            return f"We could not reach {issuer}, so we cannot tell whether this badge is genuine. {detail}"
        case Check(check=name, detail=detail) if is_signed:
            question = "if it was revoked" if name == "status" else "all about it"
            return f"Signed by {issuer}, but we cannot tell {question}. {detail}"
    return f"We cannot tell. {doubtful.detail if doubtful else 'Too little could be checked.'}"


def _is(check: Check | None, outcome: Outcome) -> bool:
    return check is not None and check.outcome is outcome


def _praise(found: dict[str, Check], claims: Claims, issuer: str) -> str:
    achievement = claims.achievement.get("name") or claims.achievement.get("id")
    whom = _whom(claims.recipient)
    what = f"{quoted(achievement)} was awarded to {whom} by {issuer}" if achievement else f"signed by {issuer}"
    status = found.get("status")
    standing = "; not revoked" if status and status.code == "not-revoked" else ""
    return f"Genuine: {what} on {claims.awarded[:10]}{standing}."


def _issuer(issuer: Document, answer: Check | None) -> str:
    """A name is what somebody chose to be called; beside it stands where they were found."""
    name, id = issuer.get("name"), str(issuer.get("id") or "")
    if not name:
        return named(id) if id else "its issuer"
    if answer and answer.code == "self-asserted":
        return f"{quoted(name)} (so it says: only its key is known)"
    host = unquote(id.removeprefix("did:web:").partition(":")[0]) if id.startswith("did:web:") else _host(id)
    return f"{quoted(name)} ({named(host)})" if host else quoted(name)


def _host(address: str) -> str:
    host, port = authority_of(address) or ("", None)
    return f"{host}:{port}" if port else host


def _whom(recipient: Document) -> str:
    if recipient.get("hashed"):
        return f"the person behind a hashed {named(recipient.get('type') or 'identity')}"
    id = str(recipient.get("id") or recipient.get("identity") or "")
    if id.startswith("urn:uuid:"):
        return f"the person numbered {named(id)}"
    return named(id) if id else "somebody"
