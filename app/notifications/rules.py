"""Who hears of what, how soon, and how often it is tried: pure decisions."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

HEARS: Mapping[str, tuple[str, ...]] = {
    "credential.offered": ("recipient",),
    "credential.issued": ("recipient",),
    "credential.revoked": ("recipient",),
    "credential.suspended": ("recipient",),
    "credential.reinstated": ("recipient",),
    "member.joined": ("member",),
}
"""By what happened, in which part somebody hears of it. Who that is, and in which words, is the topics' to say."""


class Mails(StrEnum):
    """What somebody is mailed."""

    each = "each"
    digest = "digest"
    off = "off"


class Weekday(StrEnum):
    """When a digest comes."""

    monday = "monday"
    tuesday = "tuesday"
    wednesday = "wednesday"
    thursday = "thursday"
    friday = "friday"
    saturday = "saturday"
    sunday = "sunday"


NEWS_FOR = timedelta(days=3)
"""How old something may be when it is mailed; what is older is in the feed."""

KEPT = timedelta(days=30)
"""How long it is kept that a mail was sent."""

WEEK = timedelta(days=7)
_DIGEST_HOUR = 6

_BACKOFF = (1, 5, 30, 2 * 60, 6 * 60, 12 * 60, 24 * 60)
"""Minutes after each attempt that failed; after one more it is given up, two days later."""


def next_digest(now: datetime, day: Weekday) -> datetime:
    """The first such day after `now`, at six in the morning, UTC."""
    today = now.replace(hour=_DIGEST_HOUR, minute=0, second=0, microsecond=0)
    that_day = today + timedelta(days=(list(Weekday).index(day) - now.weekday()) % 7)
    return that_day if that_day > now else that_day + WEEK


def again_after(attempts: int) -> timedelta | None:
    """How long to wait after so many attempts that failed; None where it is given up."""
    return timedelta(minutes=_BACKOFF[attempts - 1]) if attempts <= len(_BACKOFF) else None


def unknown_types(types: Iterable[str]) -> set[str]:
    """Those of which nobody hears."""
    return set(types) - HEARS.keys()
