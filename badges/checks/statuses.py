"""Whether a credential still stands, by the status lists it names (OB 3.0 §9.1 step 4; Bitstring Status List §3.2).

A list counts when it is proven to be the issuer's own. Then a set bit revokes, whatever else is wrong with the list;
an unset one reassures only where nothing is wrong. All else is unknown: what cannot be read says nothing.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from badges import reports
from badges.checks.proofs import proof
from badges.checks.questions import Question, brief, first
from badges.checks.reading import Secured, secured_in
from badges.checks.timing import expiry, valid_from
from badges.documents import Document, as_list, id_of, types
from badges.errors import BadgeError, NotConformant, Unreachable, Unreadable
from badges.reports import Check, Outcome, worst
from badges.resolving import Fetch, fetched
from badges.status import SMALLEST, StatusList

STATUS = Question("status", "OB 3.0 §9.1 step 4; Bitstring Status List §3.2")

MOST_ENTRIES = 8
"""Status entries of one credential that are looked at."""

ACCEPT = "application/vc, application/vc+ld+json, application/ld+json, application/json, application/vc+jwt, text/plain"

_INVALIDATING = {"revocation": "revoked", "suspension": "suspended"}
"""Purposes whose bit means that the credential does not stand; others (refresh, message) only say something."""


def status(credential: Document, *, fetch: Fetch, now: datetime) -> Check:
    """Whether the credential still stands, by every entry of its `credentialStatus`."""
    entries = as_list(credential.get("credentialStatus"))
    if not entries:
        return STATUS.skipped("no-status", "The badge names no status list; its issuer cannot take it back.")
    if len(entries) > MOST_ENTRIES:
        return STATUS.unknown("too-many-statuses", f"The badge names more than {MOST_ENTRIES} status entries.")
    answers = [_one(entry, credential, fetch=fetch, now=now) for entry in entries]
    return next(answer for answer in answers if answer.outcome is worst([answer.outcome for answer in answers]))


def _one(entry: Any, credential: Document, *, fetch: Fetch, now: datetime) -> Check:
    # (1) An entry of the kind that is known here, saying where its bit is (§2.1).
    if "BitstringStatusListEntry" not in types(entry) or entry.get("statusSize", 1) != 1:
        kind = " ".join(types(entry)) or "without a type"
        return STATUS.unknown("unsupported-status", f"Status entries like this ({brief(kind)}) are not known here.")
    purpose, index, url = (entry.get(f"status{name}") for name in ("Purpose", "ListIndex", "ListCredential"))
    if not isinstance(purpose, str) or not isinstance(url, str) or not _is_index(index):
        return STATUS.unknown("invalid-status", "The badge does not say properly where its status is.")
    # (2) The list, proven to be that of the badge's own issuer (§3.2 steps 3 and 4).
    try:
        listing = _list_at(url, fetch=fetch)
    except Unreachable as error:
        return STATUS.refused(error, whose="status")
    except BadgeError as error:
        return STATUS.unknown("status-unreadable", f"{brief(url)} holds no status list. {error.detail}")
    owner = id_of(listing.document.get("issuer"))
    if owner != id_of(credential.get("issuer")):
        return STATUS.unknown("status-foreign-list", f"The list at {brief(url)} is that of {brief(owner)}.")
    proven = proof(listing, fetch=fetch, now=now)
    if proven.outcome is not Outcome.passed:
        return STATUS.unknown("status-unproven", f"The list at {brief(url)} is not proven. {proven.detail}")
    # (3) The bit, and what would make it say less than it seems to (§3.2 steps 5 to 11).
    return _bit(listing.document, purpose, int(index), url, now=now)


def _is_index(index: Any) -> bool:
    return isinstance(index, str) and index.isascii() and index.isdigit() and len(index) <= 10


def _list_at(url: str, *, fetch: Fetch) -> Secured:
    answer = fetched(url, fetch=fetch, accept=ACCEPT)
    if answer.status != 200:
        raise Unreachable(f"{brief(url)} answers with status {answer.status}.")
    try:
        listing = secured_in(answer.body.decode().strip())
    except UnicodeDecodeError as error:
        raise Unreadable("It is not UTF-8.") from error
    if "BitstringStatusListCredential" not in types(listing.document):
        raise NotConformant("It is not a BitstringStatusListCredential.")
    return listing


def _bit(listing: Document, purpose: str, index: int, url: str, *, now: datetime) -> Check:
    subject = first(listing.get("credentialSubject"))
    subject = subject if isinstance(subject, dict) else {}
    if purpose not in as_list(subject.get("statusPurpose")):
        return STATUS.unknown("status-purpose-differs", f"The list at {brief(url)} is not about {brief(purpose)}.")
    try:
        bits = StatusList.decode(str(subject.get("encodedList")))
        is_set = bits.get(index)
    except BadgeError as error:
        return STATUS.unknown("status-unreadable", f"The list at {brief(url)} cannot be read. {error.detail}")
    verdict = _INVALIDATING.get(purpose)
    faults = dict(_faults(listing, bits, url, now=now))
    # A revocation is for ever, so an old list tells of it as well as a new one; a suspension may have been lifted.
    if is_set and verdict and (purpose == "revocation" or "status-list-stale" not in faults):
        return STATUS.failed(verdict, f"The issuer has {verdict} this badge.")
    if faults:
        code, detail = next(iter(faults.items()))
        return STATUS.unknown(code, detail)
    return STATUS.passed(
        "not-revoked", "The issuer has not revoked this badge.", warnings=_remarks(listing, url, purpose, is_set)
    )


def _faults(listing: Document, bits: StatusList, url: str, *, now: datetime) -> Iterator[tuple[str, str]]:
    if len(bits) < SMALLEST:
        yield "status-list-too-short", f"The list at {brief(url)} has {len(bits)} entries, fewer than {SMALLEST}."
    begin, end = listing.get("validFrom"), listing.get("validUntil")
    current = [valid_from(begin, now=now), expiry(end, now=now)] if begin is not None else [expiry(end, now=now)]
    if any(answer.outcome is not Outcome.passed for answer in current):
        yield "status-list-stale", f"The list at {brief(url)} is not of today."


def _remarks(listing: Document, url: str, purpose: str, is_set: bool) -> Iterator[reports.Warning]:
    if is_set:
        yield STATUS.warning("status-set", f"The issuer has marked this badge: {brief(purpose)}.")
    if id_of(listing) not in (None, url):
        yield STATUS.warning("status-list-id", f"The list at {brief(url)} calls itself {brief(id_of(listing))}.")
