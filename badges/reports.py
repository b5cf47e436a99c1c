"""Verdicts as values: what a check found, and the report that the checks add up to."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from badges.documents import Document, timestamp


class Outcome(StrEnum):
    """What a check found. `unknown` (could not be checked) is neither passed nor failed."""

    passed = "passed"
    failed = "failed"
    unknown = "unknown"
    skipped = "skipped"


class Verdict(StrEnum):
    """The one word of a report."""

    valid = "valid"
    expired = "expired"
    not_yet_valid = "not_yet_valid"
    revoked = "revoked"
    suspended = "suspended"
    forged = "forged"
    not_conformant = "not_conformant"
    wrong_recipient = "wrong_recipient"
    unknown = "unknown"
    not_a_badge = "not_a_badge"


@dataclass(frozen=True)
class Warning:
    """Something a person should know that does not change the verdict."""

    code: str
    detail: str
    pointer: str = ""
    spec: str = ""

    def to_dict(self) -> Document:
        """As in the JSON report."""
        return {"code": self.code, "detail": self.detail, "pointer": self.pointer, "spec": self.spec}


@dataclass(frozen=True)
class Deviation:
    """One place in which a document is not as the standard says."""

    pointer: str
    """Where (RFC 6901)."""
    detail: str

    def to_dict(self) -> Document:
        """As in the JSON report."""
        return {"pointer": self.pointer, "detail": self.detail}


@dataclass(frozen=True)
class Check:
    """One question that was asked of a badge, and the answer."""

    check: str
    """Its name: readable, conforms, proof, issuer, status, valid_from, expiry, recipient, endorsements."""
    outcome: Outcome
    code: str
    """Stable, for machines: `signature-valid`, `revoked`, `issuer-unreachable`…"""
    detail: str
    """A sentence for people."""
    spec: str
    """Where the standard asks for it."""
    errors: tuple[Deviation, ...] = ()
    """Every deviation that was found, where the check looks for more than one."""
    warnings: tuple[Warning, ...] = ()
    """What was noticed on the way; the report lists them together."""

    def to_dict(self) -> Document:
        """As in the JSON report; `errors` only where there are any."""
        document: Document = {
            "check": self.check,
            "outcome": self.outcome.value,
            "code": self.code,
            "detail": self.detail,
            "spec": self.spec,
        }
        if self.errors:
            document["errors"] = [error.to_dict() for error in self.errors]
        return document


@dataclass(frozen=True)
class Lookup:
    """An outside document that was asked for on the way to a report."""

    url: str
    at: datetime
    """When it was asked for; of an answer that somebody had kept, when that was given."""
    status: int | None
    """The HTTP status of the answer, None where nobody answered."""

    def to_dict(self) -> Document:
        """As in the JSON report."""
        return {"url": self.url, "at": timestamp(self.at), "status": self.status}


REQUIRED = ("proof", "conforms", "issuer", "valid_from")
"""Without each of these having passed, nothing is `verified`: an empty report proves nothing (`all(())` is true)."""


@dataclass(frozen=True)
class Report:
    """What was checked about one badge, in the order of the standard."""

    checks: tuple[Check, ...]
    verdict: Verdict
    summary: str
    checked_at: datetime
    version: str | None = None
    format: str | None = None
    container: str | None = None
    issuer: Document = field(default_factory=dict)
    recipient: Document = field(default_factory=dict)
    achievement: Document = field(default_factory=dict)
    warnings: tuple[Warning, ...] = ()
    endorsements: tuple[Document, ...] = ()
    evidence: tuple[Document, ...] = ()
    """What came of each piece of evidence that it pins by a digest."""
    contains: tuple[Document, ...] = ()
    """Of a collection, the report of each credential in it, with its pointer."""
    required: tuple[str, ...] = REQUIRED
    """What has to have passed before anything is `verified`; a presentation, which awards nothing, needs less."""
    fetched: tuple[Lookup, ...] = ()
    """What the answers rest on besides the badge, in the order of asking."""
    document: Document = field(default_factory=dict, repr=False)
    """What was judged, to be believed as far as the checks say: the credential out of its picture or token, or the
    assertion with the BadgeClass and the issuer that were found. Empty where nothing was; not in the JSON report.

    Whoever acts on a badge acts on this: another reader of the same bytes might read something else.
    """
    documents: tuple[Document, ...] = field(default=(), repr=False)
    """Of a collection, the same of each credential in it, and of those in collections in it; not in the JSON report."""
    faults: tuple[str, ...] = ()
    """Errors that are not the badge's (code `internal`): the kind of each, and where in the code, the innermost first.

    For whoever runs this, and not in the JSON report; nothing of the badge stands in it.
    """

    @property
    def outcome(self) -> Outcome:
        """Failed if any check failed, else unknown if any is unknown, else passed."""
        return worst([check.outcome for check in self.checks])

    @property
    def verified(self) -> bool:
        """Whether every check passed, those that matter among them."""
        passed = {check.check for check in self.checks if check.outcome is Outcome.passed}
        return self.outcome is Outcome.passed and passed.issuperset(self.required)

    def __bool__(self) -> bool:
        """As `verified`: whoever asks a report whether it is true wants to know that, and `if` would pass forgeries."""
        return self.verified

    def found(self, name: str) -> Check | None:
        """The check of that name, if it was made."""
        return next((check for check in self.checks if check.check == name), None)

    def to_dict(self) -> Document:
        """The JSON report of the public contract."""
        return {
            "verified": self.verified,
            "verdict": self.verdict.value,
            "outcome": self.outcome.value,
            "version": self.version,
            "format": self.format,
            "container": self.container,
            "summary": self.summary,
            "issuer": self.issuer,
            "recipient": self.recipient,
            "achievement": self.achievement,
            "checked_at": timestamp(self.checked_at),
            "checks": [check.to_dict() for check in self.checks],
            "warnings": [warning.to_dict() for warning in self.warnings],
            "endorsements": list(self.endorsements),
            "evidence": list(self.evidence),
            "contains": list(self.contains),
            "fetched": [lookup.to_dict() for lookup in self.fetched],
        }


def worst(outcomes: Sequence[Outcome]) -> Outcome:
    """Failed before unknown before passed; of nothing at all, unknown."""
    if Outcome.failed in outcomes:
        return Outcome.failed
    if Outcome.unknown in outcomes or Outcome.passed not in outcomes:
        return Outcome.unknown
    return Outcome.passed
