"""Whether a credential still stands, by every status it names (OB 3.0 §9.1 step 4), each in the way of its kind."""

from datetime import datetime
from typing import Any

from badges.checks import revocations, status_lists
from badges.checks.opened_lists import Lists
from badges.checks.questions import quoted
from badges.checks.status_lists import KINDS, NO_REVOCATION, STATUS, Entry
from badges.documents import Document, as_list, id_of, types
from badges.reports import Check, Outcome
from badges.resolving import Fetch

MOST_ENTRIES = 8
"""Status entries of one credential that are looked at."""

_GRAVITY = {"revoked": 0, "suspended": 1, NO_REVOCATION: 3}


def status(credential: Document, *, fetch: Fetch, now: datetime, lists: Lists | None = None) -> Check:
    """Whether the credential still stands, by every entry of its `credentialStatus`: the worst answer counts.

    What the others have noticed on the way is told all the same. `lists` are those that the verification has opened.
    """
    return _of_all(credential, fetch=fetch, now=now, lists=lists or Lists(), follow=True)


def _of_all(credential: Document, *, fetch: Fetch, now: datetime, lists: Lists, follow: bool) -> Check:
    entries = as_list(credential.get("credentialStatus"))
    if not entries:
        return STATUS.skipped("no-status", "The badge names no status list; its issuer cannot take it back.")
    if len(entries) > MOST_ENTRIES:
        return STATUS.unknown("too-many-statuses", f"The badge names more than {MOST_ENTRIES} status entries.")
    answers = [_one(entry, credential, fetch=fetch, now=now, lists=lists, follow=follow) for entry in entries]
    worst = min(answers, key=_rank)
    warnings = tuple(dict.fromkeys(warning for answer in answers for warning in answer.warnings))
    return Check(worst.check, worst.outcome, worst.code, worst.detail, worst.spec, warnings=warnings)


def _rank(answer: Check) -> tuple[int, int]:
    """Failed before unknown before passed, revoked (for ever) before suspended, and a mark after all that say more."""
    order = (Outcome.failed, Outcome.unknown, Outcome.passed)
    return order.index(answer.outcome), _GRAVITY.get(answer.code, 2)


def _one(node: Any, credential: Document, *, fetch: Fetch, now: datetime, lists: Lists, follow: bool) -> Check:
    named = types(node)
    if revocations.KIND in named:
        return revocations.by_status(node, credential, fetch=fetch, lists=lists)
    if not set(named) & KINDS.keys():
        kind = " ".join(named) or "without a type"
        return STATUS.unknown("unsupported-status", f"Status entries like this ({quoted(kind)}) are not known here.")
    entry = Entry.of(node)
    if isinstance(entry, Check):
        return entry

    def standing(listing: Document) -> Check:
        return _of_all(listing, fetch=fetch, now=now, lists=lists, follow=False)

    # A list may have a status of its own. That one is taken at its word: lists of lists of lists would have no end.
    owner = id_of(credential.get("issuer"))
    next_one = standing if follow else None
    return status_lists.listed(entry, owner, fetch=fetch, now=now, lists=lists, standing=next_one)
