"""Whether a credential still stands, by a list of bits (Bitstring Status List §3.2; Status List 2021 before it).

A list counts when it is proven to be the issuer's own. Then a set bit revokes, whatever else is wrong with the list;
an unset one reassures only where nothing is wrong. All else is unknown: what cannot be read says nothing.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from badges import reports
from badges.checks.opened_lists import Decode, Lists
from badges.checks.proofs import proof
from badges.checks.questions import Question, brief, first, named, quoted
from badges.checks.reading import Secured, secured_in
from badges.checks.timing import begin_of, end_of, expiry, valid_from
from badges.documents import Document, as_list, id_of, types
from badges.errors import BadgeError, NotConformant, TooLarge, Unreachable, Unreadable
from badges.reports import Check, Outcome
from badges.resolving import Fetch, fetched
from badges.status import SMALLEST, StatusList

STATUS = Question("status", "OB 3.0 §9.1 step 4; Bitstring Status List §3.2")

ACCEPT = "application/vc, application/vc+ld+json, application/ld+json, application/json, application/vc+jwt, text/plain"

KINDS: dict[str, tuple[str, Decode]] = {
    "BitstringStatusListEntry": ("BitstringStatusListCredential", StatusList.decode),
    "StatusList2021Entry": ("StatusList2021Credential", StatusList.decode_2021),
}
"""Types of entries, each with the type of its list and how the bits of that are read."""

MOST_BITS = 16
"""Bits of one entry that are read; `statusMessage` has a line for every value they can have (§2.1)."""

_INVALIDATING = {"revocation": "revoked", "suspension": "suspended"}
"""Purposes whose bit means that the credential does not stand."""

NO_REVOCATION = "no-revocation-list"
"""The code of an entry that says something about the badge, and nothing about whether it stands."""

_MARKS = {"refresh": "has a newer edition of this badge", "message": "has a message about this badge"}

_VALUE = re.compile(r"0[xX]0*([0-9a-fA-F]+)")

Standing = Callable[[Document], Check]
"""How the status of a list is asked that is a credential with a status of its own."""


@dataclass(frozen=True)
class Entry:
    """Where a list speaks about a credential (§2.1)."""

    kind: str
    purpose: str
    index: int
    url: str
    size: int
    messages: dict[int, str]
    """What the values of a `size` above one mean, as the credential says it."""

    @classmethod
    def of(cls, node: Document) -> "Entry | Check":
        """The entry in a `credentialStatus` of one of `KINDS`, or the answer that it does not say where its bit is."""
        kind = next(name for name in types(node) if name in KINDS)
        size = node.get("statusSize", 1)
        if isinstance(size, bool) or not isinstance(size, int) or not 1 <= size <= MOST_BITS:
            told = f"Status entries of {brief(size)!r} bits are not known here."
            return STATUS.unknown("unsupported-status", told)
        purpose, index, url = (node.get(f"status{name}") for name in ("Purpose", "ListIndex", "ListCredential"))
        if not isinstance(purpose, str) or not isinstance(url, str) or not _is_index(index):
            return STATUS.unknown("invalid-status", "The badge does not say properly where its status is.")
        return cls(kind, purpose, int(str(index)), url, size, dict(_messages(node)))


def listed(
    entry: Entry, owner: str | None, *, fetch: Fetch, now: datetime, lists: Lists, standing: Standing | None
) -> Check:
    """Whether the credential of `owner` stands, by the one entry. `standing`, if any, asks whether the list does."""
    # (1) The list, proven to be that of the credential's own issuer (§3.2 steps 3 and 4).
    place = entry.kind, entry.url
    try:
        listing, age = lists.once(("list", *place), lambda: _list_at(entry, fetch=fetch, now=now))
    except Unreachable as error:
        return STATUS.refused(error, whose="status")
    except BadgeError as error:
        return STATUS.unknown("status-unreadable", f"{brief(entry.url)} holds no status list. {error.detail}")
    theirs = id_of(listing.document.get("issuer"))
    if theirs is None or theirs != owner:
        return STATUS.unknown("status-foreign-list", f"The list at {brief(entry.url)} is that of {named(theirs)}.")
    try:
        proven = lists.once(("proof", *place), lambda: lists.prove(listing, partial(proof, fetch=fetch, now=now)))
    except TooLarge as error:
        return STATUS.unknown("too-many-lists", f"The list at {brief(entry.url)} was not looked at. {error.detail}")
    if proven.outcome is not Outcome.passed:
        return STATUS.unknown("status-unproven", f"The list at {brief(entry.url)} is not proven. {proven.detail}")
    # (2) A list that its issuer has taken back says nothing any more, not even of those that it revokes.
    own = standing(listing.document) if standing and "credentialStatus" in listing.document else None
    if own and own.outcome is Outcome.failed:
        told = f"The list at {brief(entry.url)} was itself taken back: {own.detail}"
        return STATUS.unknown("status-list-revoked", told)
    # (3) The bit, and what would make it say less than it seems to (§3.2 steps 5 to 11).
    return _answer(entry, listing, own, age, now=now, lists=lists)


def _is_index(index: Any) -> bool:
    return isinstance(index, str) and index.isascii() and index.isdigit() and len(index) <= 10


def _messages(node: Document) -> Iterator[tuple[int, str]]:
    for line in as_list(node.get("statusMessage"))[: 1 << MOST_BITS]:
        match line:
            case {"status": str(status), "message": str(message)} if value := _VALUE.fullmatch(status[:40]):
                yield int(value[1], 16), message


def _list_at(entry: Entry, *, fetch: Fetch, now: datetime) -> tuple[Secured, timedelta]:
    """The list, with the age of the copy. Raises what says that there is none."""
    answer = fetched(entry.url, fetch=fetch, accept=ACCEPT)
    if answer.status != 200:
        raise Unreachable(f"{brief(entry.url)} answers with status {answer.status}.")
    try:
        listing = secured_in(answer.body.decode().strip(), read=answer.read)
    except UnicodeDecodeError as error:
        raise Unreadable("It is not UTF-8.") from error
    kind = KINDS[entry.kind][0]
    if kind not in types(listing.document):
        raise NotConformant(f"It is not a {kind}.")
    if len(as_list(listing.document.get("credentialSubject"))) > 1:
        raise NotConformant("It holds more than one list.")
    return listing, now - (answer.fetched_at or now)


def _answer(entry: Entry, listing: Secured, own: Check | None, age: timedelta, *, now: datetime, lists: Lists) -> Check:
    subject = first(listing.document.get("credentialSubject"))
    subject = subject if isinstance(subject, dict) else {}
    if entry.purpose not in as_list(subject.get("statusPurpose")):
        told = f"The list at {brief(entry.url)} is not about {quoted(entry.purpose)}."
        return STATUS.unknown("status-purpose-differs", told)
    try:
        text, decode = str(subject.get("encodedList")), KINDS[entry.kind][1]
        bits = lists.once(("bits", entry.kind, entry.url), lambda: lists.expand(text, decode))
        value = bits.value(entry.index, entry.size)
    except BadgeError as error:
        return STATUS.unknown("status-unreadable", f"The list at {brief(entry.url)} cannot be read. {error.detail}")
    verdict = _INVALIDATING.get(entry.purpose)
    faults = dict(_faults(entry, listing, bits, own, now=now))
    # A revocation is for ever, so an old list tells of it as well as a new one; a suspension may have been lifted.
    if value and verdict and (entry.purpose == "revocation" or "status-list-stale" not in faults):
        return STATUS.failed(verdict, f"The issuer has {verdict} this badge.{_message(entry, value)}")
    if faults:
        code, detail = next(iter(faults.items()))
        return STATUS.unknown(code, detail)
    if value and not verdict and entry.purpose not in _MARKS:
        # It may be a revocation by another name.
        told = f"The issuer has marked this badge for a purpose that is not known here, {quoted(entry.purpose)}."
        return STATUS.unknown("unsupported-status", f"{told}{_message(entry, value)}")
    warnings = [*_remarks(entry, value), *_kept(entry, subject.get("ttl"), age)]
    if not verdict:
        told = (
            f"The list at {brief(entry.url)} is about {quoted(entry.purpose)}; if the badge was taken back, none says."
        )
        return STATUS.passed(NO_REVOCATION, told, warnings=warnings)
    return STATUS.passed("not-revoked", "The issuer has not revoked this badge.", warnings=warnings)


def _faults(
    entry: Entry, listing: Secured, bits: StatusList, own: Check | None, *, now: datetime
) -> Iterator[tuple[str, str]]:
    if id_of(listing.document) not in (None, entry.url):
        # Another list of the same issuer is as well proven, and says nothing about this badge.
        told = f"The list at {brief(entry.url)} calls itself {named(id_of(listing.document))}."
        yield "status-list-id", told
    entries = len(bits) // entry.size
    if entries < SMALLEST:
        told = f"The list at {brief(entry.url)} has {entries} entries, fewer than {SMALLEST}."
        yield "status-list-too-short", told
    begin, end = begin_of(listing.document), end_of(listing.document, listing.claims)
    current = [valid_from(begin, now=now), expiry(end, now=now)] if begin is not None else [expiry(end, now=now)]
    if any(answer.outcome is not Outcome.passed for answer in current):
        yield "status-list-stale", f"The list at {brief(entry.url)} is not of today."
    if own and own.outcome is Outcome.unknown:
        told = f"Whether the list at {brief(entry.url)} itself still stands cannot be told: {own.detail}"
        yield "status-list-doubtful", told


def _message(entry: Entry, value: int) -> str:
    message = entry.messages.get(value) if entry.size > 1 else None
    return f" It says: {quoted(message, 300)}" if message else ""


def _remarks(entry: Entry, value: int) -> Iterator[reports.Warning]:
    if value:
        mark = _MARKS[entry.purpose]
        number = f" ({value:#x})" if entry.size > 1 else ""
        yield STATUS.warning("status-set", f"The issuer {mark}{number}.{_message(entry, value)}")


def _kept(entry: Entry, ttl: Any, age: timedelta) -> Iterator[reports.Warning]:
    """A copy that somebody kept for longer than its issuer calls it good (§2.2, `ttl` in milliseconds)."""
    if isinstance(ttl, int | float) and age.total_seconds() * 1000 > ttl:
        told = f"The list at {brief(entry.url)} was fetched {int(age.total_seconds())} seconds ago, and may be newer."
        yield STATUS.warning("status-list-kept", told)
