"""Who hears of what, how soon, and how often it is tried: pure decisions."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

HEARS: Mapping[str, tuple[str, ...]] = {
    "credential.offered": ("recipient",),
    "credential.issued": ("recipient",),
    "credential.revoked": ("recipient",),
    "credential.suspended": ("recipient",),
    "credential.reinstated": ("recipient",),
    "member.joined": ("member",),
    "member.inviter_named": ("inviter",),
    "token.created": ("owner",),
    "thanks.given": ("receiver",),
    "proposal.opened": ("steward",),
    "milestone.given": ("steward",),
    "digest.made": ("member",),
    "webhook.failing": ("keeper",),
    "webhook.disabled": ("keeper",),
    "endorsement.offered": ("owner",),
    "endorsement.accepted": ("endorser",),
    "endorsement.declined": ("endorser",),
    "endorsement.taken_down": ("endorser",),
    "endorsement.withdrawn": ("owner",),
    "endorsement.lapsed": ("endorser",),
    "endorsement.requested": ("asked",),
    "endorsement.request_reminded": ("asked",),
    "endorsement.request_declined": ("asker",),
    "endorsement.request_lapsed": ("asker",),
    "farewell.said": ("thanked",),
    "wave.opened": ("asked",),
    "wave.reminded": ("asked",),
    "wave.closed": ("everybody",),
    "nomination.suggested": ("thanker",),
    "nomination.submitted": ("steward",),
    "nomination.invited": ("invited",),
    "nomination.seconded": ("nominator",),
    "nomination.review_started": ("drawn", "appointed", "nominator", "decider"),
    "nomination.reviewer_appointed": ("appointed",),
    "nomination.reviewers_drawn": ("drawn",),
    "nomination.escalated": ("steward", "bound"),
    "nomination.info_requested": ("nominator", "aware"),
    "nomination.info_answered": ("reviewer",),
    "nomination.info_missing": ("reviewer",),
    "nomination.objected": ("reviewer", "nominator"),
    "nomination.objection_answered": ("reviewer",),
    "nomination.evidence_changed": ("reviewer", "decider"),
    "nomination.held": ("steward",),
    "nomination.reported": ("steward",),
    "nomination.released": ("steward", "reporter"),
    "nomination.decided": ("nominator", "aware"),
    "nomination.appealed": ("nominator", "steward"),
    "nomination.offered": ("nominee",),
    "nomination.issued": ("nominator", "seconder"),
    "nomination.closed": ("nominator",),
    "nomination.expired": ("nominator",),
    "nomination.withdrawn": ("nominator", "reviewer", "reporter"),
    "nomination.reminded": ("nominator", "aware", "nominee", "reviewer", "decider", "steward"),
    "nomination.overdue": ("reviewer", "decider", "steward"),
}
"""By what they are told, in which parts people hear of it. Who that is, and in which words, is the topics' to say.

`drawn` are reviewers to whom the lots gave a seat just now, `appointed` those to whom a steward did, `decider` is a
steward where one decides alone, `aware` a nominee who knew of it from the start; of stewards, those without a stake in
it. `bound` are those with one who know of it, where there is no other.
"""

IN_THE_FEED = frozenset(
    {
        ("nomination.submitted", "steward"),
        ("nomination.released", "steward"),
        ("nomination.appealed", "steward"),
        ("wave.closed", "everybody"),
    }
)
"""What waits in the feed, or for the digest, since there is nothing for whoever hears it to do."""

WARNINGS = frozenset({"token.created"})
"""What nobody can have kept from themself by whoever holds their token: that somebody else now speaks for them."""
MAY_BE_MUTED = tuple(type for type in HEARS if type not in WARNINGS)


def hearing(type: str, data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """In which parts people hear of an event, each with the type as which they are told it.

    Whether somebody refused, did not answer, or is never asked at all is their own business: to others it is closed.
    And that an offer waited since somebody had reported it is not what its nominee is told.
    """
    if type in {"nomination.refused", "nomination.closed"} or (type, data.get("from")) == _UNANSWERED:
        type = "nomination.closed"
    told = [(part, type) for part in HEARS.get(type, ())]
    if (type, data.get("to")) == ("nomination.released", "offered"):
        told.append(("nominee", "nomination.offered"))
    if (type, data.get("from")) == ("nomination.held", "seconded"):
        told.append(("bound", "nomination.escalated"))  # who is in what looks like a ring sees it wait, as others do
    return told


_UNANSWERED = ("nomination.expired", "offered")


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
    """Those that nobody can mute."""
    return set(types) - set(MAY_BE_MUTED)


def is_mailed(mails: Mails, type: str, part: str, muted: Collection[str], *, by: str) -> bool:
    """Whether somebody who wants these mails, and hears of it in this part, is mailed at once what `by` did.

    A warning does not wait for a digest. Whoever runs the installation gives everybody their first token: that is no
    news to them.
    """
    if type in WARNINGS:
        return mails is not Mails.off and by != "admin"
    return mails is Mails.each and type not in muted and (type, part) not in IN_THE_FEED
