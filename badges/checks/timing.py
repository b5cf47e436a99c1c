"""When a badge holds: from `validFrom` to `validUntil`, in OB 2.0 from `issuedOn` to `expires`."""

from datetime import datetime, timedelta
from typing import Any

from badges.checks.questions import Question, brief
from badges.documents import instant, timestamp
from badges.errors import NotConformant
from badges.reports import Check

SKEW = timedelta(seconds=60)
"""How far an issuer's clock may be ahead of ours."""

VALID_FROM = Question("valid_from", "OB 3.0 §9.1 step 4; OB 2.0 §Verification")
EXPIRY = Question("expiry", "OB 3.0 §9.1 step 4; OB 2.0 §Verification")


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
