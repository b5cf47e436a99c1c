"""What becomes of a badge from elsewhere. Plain values, no database.

What is genuine, or may be, is kept and told as what it is. What nobody awarded to the member is not theirs to show:
forged, no badge, awarded to somebody else.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import badges

MOST_IMPORTS = 5_000
"""Badges from elsewhere in one portfolio."""
MOST_BYTES = 256 * 1_048_576
"""Bytes of them."""
CHECKED_EVERY = timedelta(days=1)

VERDICTS_REFUSED = frozenset({badges.Verdict.forged, badges.Verdict.not_a_badge, badges.Verdict.wrong_recipient})
SHOWN = frozenset(badges.Verdict) - VERDICTS_REFUSED - {badges.Verdict.revoked}
"""What is shown of a portfolio unless everything is asked for: what has been found out to be worth nothing is not."""
SHOWN_TO_OTHERS = SHOWN - {badges.Verdict.unknown}
"""What others may see: anybody can make up a badge whose issuer never answers."""
_NOBODYS_DID = "did:example:nobody"

_AWARDS = {"OpenBadgeCredential", "AchievementCredential", "ClrCredential", "Assertion"}


class Match(StrEnum):
    """Whether a badge from elsewhere is that of the member."""

    matched = "matched"
    """By an address, a DID or a hash of one that is known to be theirs."""
    unmatched = "unmatched"
    cannot_tell = "cannot_tell"
    """It names its recipient in a way that nothing known of the member can be compared with."""


class Fate(StrEnum):
    """What became of something that was handed in."""

    taken = "taken"
    already = "already"
    """The same file, or the same badge in another one, is in the portfolio."""
    refused = "refused"


@dataclass(frozen=True)
class Why:
    """Why something was not taken."""

    code: str
    detail: str


def matched(document: Mapping[str, Any], known: Collection[str]) -> Match:
    """Whether what was judged was awarded to whom is known by these addresses and DIDs.

    A DID is somebody else's until it is proven, also of who has proven none.
    """
    outcomes = {badges.awarded_to(dict(document), each).outcome for each in {*known, _NOBODYS_DID}}
    if badges.Outcome.passed in outcomes:
        return Match.matched
    return Match.unmatched if badges.Outcome.failed in outcomes else Match.cannot_tell


def refused(report: Mapping[str, Any], document: Mapping[str, Any], *, public_url: str) -> Why | None:
    """Why a badge is not taken, whoever it was awarded to; None if it is."""
    verdict = badges.Verdict(report["verdict"])
    if verdict in VERDICTS_REFUSED or (verdict is badges.Verdict.not_conformant and "failed" in _proof(report)):
        return Why(verdict.value.replace("_", "-"), report["summary"])
    if _disowned(report, verdict):
        told = "The address that it names as its own answers that there is no such badge, or no longer."
        return Why("not-hosted", told)
    kinds = _kinds(document)
    # A picture may carry no more than the address of an assertion: what it says is known once its issuer answers.
    if not kinds & _AWARDS and (kinds or report["format"] != "ob2-hosted" or not document):
        if document:
            return Why("no-award", "It awards nothing: an endorsement or a presentation. Send the badge itself.")
        return Why("unread", report["summary"])
    # A signed Assertion of OB 2.0 has an id without an address: whose it is, is told by the key that it names.
    named = (document.get("id"), _creator(document))
    if any(isinstance(each, str) and each.startswith(f"{public_url}/") for each in named):
        return Why("issued-here", "It was issued here: it is in your portfolio once you have accepted it.")
    return None


def verdict_of(report: Mapping[str, Any]) -> badges.Verdict:
    """What is known: that a badge has expired, say, is hearsay as long as nobody is known to have issued it."""
    verdict = badges.Verdict(report["verdict"])
    return badges.Verdict.unknown if verdict in SHOWN and "passed" not in _proof(report) else verdict


def is_genuine(verdict: badges.Verdict, recipient: Match) -> bool:
    """Whether a badge from elsewhere is proven, and the member's: then others may see it, if its owner wants."""
    return verdict in SHOWN_TO_OTHERS and recipient is Match.matched


def settles(verdict: badges.Verdict, before: badges.Verdict) -> bool:
    """Whether a later look says more than what is known: that an issuer does not answer takes nothing away."""
    return verdict is not badges.Verdict.unknown or before is badges.Verdict.unknown


def media_type(report: Mapping[str, Any], data: bytes) -> str:
    """What the bytes of a badge are."""
    match report["container"]:
        case "png":
            return "image/png"
        case "svg":
            return "image/svg+xml"
    if data.lstrip(b" \t\r\n\xef\xbb\xbf").startswith(b"{"):
        return {"data-integrity": "application/vc", "ob2-hosted": "application/ld+json"}.get(
            report["format"], "application/json"
        )
    return "application/vc+jwt" if report["format"] == "vc-jwt" else "text/plain"


ENDINGS = {
    "image/png": "png",
    "image/svg+xml": "svg",
    "application/vc": "json",
    "application/ld+json": "json",
    "application/json": "json",
    "application/vc+jwt": "jwt",
    "text/plain": "txt",
}
"""How files of these types are called."""


def awarded_at(document: Mapping[str, Any]) -> datetime | None:
    """When a badge says that it was awarded."""
    return _moment(document, "awardedDate", "validFrom", "issuanceDate", "issuedOn")


def ends_at(document: Mapping[str, Any]) -> datetime | None:
    """When a badge says that it expires."""
    return _moment(document, "validUntil", "expirationDate", "expires")


def named(told: Mapping[str, Any], member: str) -> str | None:
    """What a part of a report says of itself, as a line that can be kept."""
    value = told.get(member)
    if not isinstance(value, str):
        return None
    return " ".join("".join(char if char.isprintable() else " " for char in value[:1000]).split())[:450] or None


def _proof(report: Mapping[str, Any]) -> set[str]:
    """What came of asking whether its issuer says so."""
    return {check["outcome"] for check in report["checks"] if check["check"] == "proof"}


def _disowned(report: Mapping[str, Any], verdict: badges.Verdict) -> bool:
    """Whether it is hosted, and its address knows nothing of it: then all that it says is hearsay."""
    if verdict is badges.Verdict.revoked and report["format"] == "ob2-hosted":
        return True
    return any(check["check"] == "proof" and check["code"] == "not-hosted" for check in report["checks"])


def _creator(document: Mapping[str, Any]) -> Any:
    verification = document.get("verification")
    return verification.get("creator") if isinstance(verification, Mapping) else None


def _kinds(document: Mapping[str, Any]) -> set[str]:
    stated = document.get("type", document.get("@type"))
    return {each for each in (stated if isinstance(stated, list) else [stated]) if isinstance(each, str)}


def _moment(document: Mapping[str, Any], *members: str) -> datetime | None:
    for member in members:
        value = document.get(member)
        if isinstance(value, str):
            try:
                return badges.instant(value)
            except badges.BadgeError:
                return None
    return None
