"""When a badge holds: from `validFrom` to `validUntil`, in OB 2.0 from `issuedOn` to `expires`.

VC Data Model 1.1 announced the names of 2.0 (§4.6) beside its own, and the token around a credential has a date as well
(OB 3.0 §8.2). Whatever is said counts: a credential holds while it holds by every one of its dates.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from badges.checks.data_models import VC1, VC2, data_model_of
from badges.checks.questions import Question, brief
from badges.checks.tokens import date_of
from badges.documents import Document, instant, timestamp
from badges.errors import NotConformant
from badges.reports import Check

SKEW = timedelta(seconds=60)
"""How far an issuer's clock may be ahead of ours."""

VALID_FROM = Question("valid_from", "OB 3.0 §9.1 step 4; OB 2.0 §Verification")
EXPIRY = Question("expiry", "OB 3.0 §9.1 step 4; OB 2.0 §Verification")


def begin_of(credential: Document) -> Any:
    """From when a credential holds: the latest date of those it gives, or one that is missing or names no instant."""
    own = data_model_of(credential).begins
    said = [credential.get(own), *(credential[name] for name in (VC1.begins, VC2.begins) if name in credential)]
    return max(said, key=lambda date: _instant(date) or datetime.max.replace(tzinfo=UTC))


def end_of(credential: Document, claims: Document) -> Any:
    """Until when a credential holds: the earliest date of those that it and the `claims` of the token around it give,
    or one that names no instant; None where there is none.
    """
    dates = (credential.get(VC1.ends), credential.get(VC2.ends), date_of(claims, "exp"))
    said = [date for date in dates if date is not None]
    return min(said, key=lambda date: _instant(date) or datetime.min.replace(tzinfo=UTC), default=None)


def _instant(date: Any) -> datetime | None:
    try:
        return instant(date)
    except NotConformant:
        return None


def valid_from(text: Any, *, now: datetime) -> Check:
    """Whether the badge has begun to hold. `text` is its date as the document says it, None where it is missing."""
    try:
        begin = instant(text)
    except NotConformant:
        return VALID_FROM.unknown("no-date", f"The badge does not say from when it holds: {brief(text)!r}.")
    if begin > now + SKEW:
        return VALID_FROM.failed(
            "not-yet-valid", f"The badge holds from {timestamp(begin)} on, which is still to come."
        )
    return VALID_FROM.passed("begun", f"The badge holds since {timestamp(begin)}.")


def expiry(text: Any, *, now: datetime) -> Check:
    """Whether the badge still holds. `text` is its date as the document says it, None where it is missing."""
    if text is None:
        return EXPIRY.passed("never-expires", "The badge does not expire.")
    try:
        end = instant(text)
    except NotConformant:
        return EXPIRY.unknown("no-date", f"The badge does not say until when it holds: {brief(text)!r}.")
    if end < now:
        return EXPIRY.failed("expired", f"The badge expired on {timestamp(end)}.")
    return EXPIRY.passed("not-expired", f"The badge holds until {timestamp(end)}.")
