"""What is told to whom, when it is tried again, and when a subscription rests or ends: pure decisions."""

import fnmatch
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Any

from app.contributions.rules import BY_MEMBERS


class State(StrEnum):
    """Whether a subscription is sent to."""

    active = "active"
    paused = "paused"
    """By those who look after it; nothing is lost meanwhile."""
    disabled = "disabled"
    """By itself; `Reason` says why. Nothing is lost meanwhile either."""


class Reason(StrEnum):
    """Why a subscription was disabled."""

    gone = "gone"
    """The receiver answered 410: it wants no more (RFC 9110 §15.5.11)."""
    unreachable = "unreachable"
    """Nothing arrived for days."""
    owner_left = "owner_left"
    """Who saw what it told looks after the community no more."""
    right_ended = "right_ended"
    """The token of the platform that made it has ended."""


@dataclass(frozen=True)
class Kind:
    """A type of events that is told."""

    said: str
    """What happened, for people who read the documentation."""
    told: tuple[str, ...] = ()
    """What of the event's data is told besides the id of its subject: ids, codes and counts that are no secret."""
    is_badges: bool = False
    """Whether its subject is a badge: of one that a source awarded `AWARDED` is told too, to whoever may see it."""
    is_awards: bool = False
    """Whether its subject is what a source asked for: `AWARDED` is told too, and nobody else is told of it."""


_NOMINATION = {
    "submitted": "A nomination was submitted.",
    "seconded": "Somebody seconded a nomination.",
    "review_started": "The review of a nomination began.",
    "escalated": "A nomination waits for another panel, or for stewards.",
    "decided": "A nomination was decided.",
    "offered": "A nominee was asked whether they want to be recognised.",
    "accepted": "A nominee accepted.",
    "refused": "A nominee refused; whoever does not look after the community is told `nomination.closed`.",
    "issued": "A nomination has become a badge.",
    "closed": "A nomination came to its end without a badge.",
    "expired": "A nomination ran out of time.",
    "withdrawn": "A nomination was withdrawn.",
}
_CREDENTIAL = {
    "offered": "A badge was offered to somebody.",
    "issued": "A badge was issued.",
    "refused": "An offered badge was refused; or, to who did not ask for `award.refused`, what a source asked to be "
    "awarded: then `id` is null, and `award` and `reason` say which and why.",
    "revoked": "A badge was revoked.",
    "suspended": "A badge was suspended.",
    "reinstated": "A suspended badge is in force again.",
    "withdrawn": "An offered badge was withdrawn before it was answered.",
}
_ENDORSEMENT = {
    "offered": "Somebody vouches for something.",
    "accepted": "Whoever it is about accepted an endorsement; it is signed.",
    "declined": "An endorsement was declined.",
    "withdrawn": "An endorsement was withdrawn.",
    "taken_down": "An endorsement was taken down.",
    "lapsed": "Nobody answered an endorsement in time.",
}
_MEMBER = {
    "joined": "Somebody joined the community.",
    "left": "Somebody left the community.",
    "readmitted": "Somebody who had left is a member again.",
    "returned": "Somebody did something again after a long absence; they had been a member all the time. Told to "
    "stewards alone.",
}

_CONTRIBUTION = {
    "recorded": "Somebody contributed; stewards are told who (`by`).",
    "extended": "What is known of a contribution reaches further: it began earlier, or ended later.",
    "corrected": "A contribution was corrected, by a new one that stands in its place.",
    "retracted": "A contribution was taken back.",
}

_AWARD = {
    "refused": "What a source asked to be awarded is not; it can be asked for again.",
    "parked": "What a source asked to be awarded waits until the account that it names is somebody's.",
    "withdrawn": "A source took back what it had asked to be awarded, while that waited.",
}

AWARDED = ("source", "external_id", "delivery")
"""Of a badge that a source awarded: by which it was, what that platform calls the award, and by which of its
deliveries it asked for it."""

OF_STEWARDS, WHOSE = frozenset({"member.returned"}), frozenset({"by"})
"""Types of events, and data of others, that nobody but stewards is told: whoever knows of each single person what they
did, and when, beside figures of all, sees who is missing there, and so who does not want to be counted."""

ENDORSED = "credential.endorsed"
"""What an accepted endorsement of a badge is to whoever wants to hear of badges, and not of endorsements."""

EVENTS: Mapping[str, Kind] = {
    **{f"nomination.{name}": Kind(said) for name, said in _NOMINATION.items()},
    **{
        f"credential.{name}": Kind(said, ("achievement", "edition", "from"), True) for name, said in _CREDENTIAL.items()
    },
    ENDORSED: Kind("An endorsement of a badge was accepted; the next edition holds it.", ("endorsement",)),
    **{f"endorsement.{name}": Kind(said, ("subject", "about")) for name, said in _ENDORSEMENT.items()},
    **{
        f"contribution.{name}": Kind(said, ("type", "by", "source", "corrects")) for name, said in _CONTRIBUTION.items()
    },
    **{f"award.{name}": Kind(said, ("reason",), is_awards=True) for name, said in _AWARD.items()},
    "milestone.given": Kind(
        "Somebody reached a milestone; where a nomination was drafted, `id` is that, told as nominations are.",
        ("milestone", "kind"),
    ),
    "wave.opened": Kind("A survey can be answered."),
    "wave.closed": Kind("What came of a survey can be read."),
    "figures.beginning_set": Kind("Stewards said from when on figures are published.", ()),
    "figures.published": Kind("Figures of a period can be read.", ("family", "period")),
    "digest.made": Kind("What happened in a week can be read.", ("week",)),
    "report.made": Kind("The case for support of a period can be read.", ("period",)),
    "report.published": Kind("Everyone may read a report.", ("period",)),
    "report.unpublished": Kind("Strangers may not read a report any more.", ("period",)),
    "maturity.estimated": Kind("The community's stage in a quarter was estimated.", ("period",)),
    "maturity.overridden": Kind("Stewards say what the stage is; the reason stands beside the estimate."),
    "maturity.override_withdrawn": Kind("The estimate of the stage stands alone again."),
    **{f"member.{name}": Kind(said) for name, said in _MEMBER.items()},
}
"""What can be subscribed to; whatever else the journal holds is told to nobody. Of nominations the id alone is."""

TEST = "webhook.test"
"""The type of a delivery that somebody asked for to try a receiver."""

LARGEST = 20_000
"""Bytes of a body (Standard Webhooks: payloads are small, the rest is fetched)."""


def unknown_patterns(patterns: Iterable[str]) -> list[str]:
    """Those that no event fits."""
    return [pattern for pattern in patterns if not fnmatch.filter(EVENTS, pattern)]


def wants(patterns: Sequence[str], type: str) -> bool:
    """Whether one of the patterns (`credential.issued`, `nomination.*`, `*`) fits a type of events."""
    return any(fnmatch.fnmatchcase(type, pattern) for pattern in patterns)


@dataclass(frozen=True)
class Told:
    """What is said of an event."""

    type: str
    data: Mapping[str, Any]


def told_of(type: str, subject: str, data: Mapping[str, Any], *, looks_after: bool) -> list[Told]:
    """As what an event may be told, the plainest first; one of them is, of those that a subscriber wants.

    That somebody refused, or did not answer, is for stewards to know, and so is who did what.
    """
    if type not in EVENTS or (type in OF_STEWARDS and not looks_after):
        return []
    unanswered = (type, data.get("from")) == ("nomination.expired", "offered")
    closed = not looks_after and (type == "nomination.refused" or unanswered)
    hidden = frozenset[str]() if looks_after else WHOSE
    said = {name: data[name] for name in EVENTS[type].told if name in data and name not in hidden}
    if not looks_after and str(said.get("source", "")).startswith(BY_MEMBERS):
        said["source"] = BY_MEMBERS.removesuffix(":")
    told = [Told("nomination.closed" if closed else type, {"id": subject, **said})]
    if type == "endorsement.accepted" and data.get("subject") == "credential":
        told.append(Told(ENDORSED, {"id": data.get("about"), "endorsement": subject}))
    if type == "award.refused":
        told.append(Told("credential.refused", {"id": None, "award": subject, **said}))
    return told


# When it is tried again

WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=10),
    timedelta(hours=24),
    timedelta(hours=24),
)
"""Between attempts, of which there are one more: some three days in all."""
_SPREAD = 0.2
LONGEST_ASKED = timedelta(hours=1)
"""For which a receiver may have us wait (Retry-After)."""
_MAY_ASK = {429, 503}


def again_after(attempts: int, *, luck: float) -> timedelta | None:
    """How long to wait after so many attempts, or None where it is given up. `luck`, from 0 to 1, spreads it."""
    if attempts > len(WAITS):
        return None
    return WAITS[attempts - 1] * (1 - _SPREAD + 2 * _SPREAD * luck)


def asked_to_wait(status: int | None, retry_after: str | None, now: datetime) -> timedelta | None:
    """For how long a receiver has asked us to leave it in peace: seconds, or a date (RFC 9110 §10.2.3)."""
    if status not in _MAY_ASK or retry_after is None:
        return None
    text = retry_after.strip()
    try:
        wait = timedelta(seconds=int(text)) if text.isascii() and text.isdigit() else _date(text) - now
    except (ValueError, OverflowError):
        return None
    return min(max(wait, timedelta(0)), LONGEST_ASKED)


def _date(text: str) -> datetime:
    date = parsedate_to_datetime(text)
    return date if date.tzinfo else date.replace(tzinfo=UTC)


# How a receiver is

TRIPS_AFTER = 5
"""Failures in a row, after which one delivery at a time finds out whether it is back."""
PROBE_EVERY = timedelta(minutes=1)
WARNED_AFTER = timedelta(days=4)
DISABLED_AFTER = timedelta(days=5)
NOTICE = timedelta(days=1)
"""Between the warning and the end, at least."""


@dataclass(frozen=True)
class Health:
    """What is known of a receiver."""

    failures: int = 0
    """In a row."""
    failing_since: datetime | None = None
    resting_until: datetime | None = None
    """Until then nothing is sent to it."""

    def after(self, status: int | None, retry_after: str | None, now: datetime) -> "Health":
        """After one more attempt, which was answered with `status` or not at all."""
        if arrived(status):
            return Health()
        failures = self.failures + 1
        rest = asked_to_wait(status, retry_after, now)
        if failures >= TRIPS_AFTER:
            rest = max(rest or PROBE_EVERY, PROBE_EVERY)
        return replace(
            self,
            failures=failures,
            failing_since=self.failing_since or now,
            resting_until=now + rest if rest else self.resting_until,
        )

    @property
    def is_tripped(self) -> bool:
        """Whether only one at a time is sent."""
        return self.failures >= TRIPS_AFTER


def arrived(status: int | None) -> bool:
    """Whether an answer says that a delivery has arrived; where a redirect leads is not asked."""
    return status is not None and 200 <= status < 300


SLOW = timedelta(seconds=1)
"""Whoever takes longer to answer shares places with those that fail, and takes none of those of the others."""
GONE = 410
KEPT = timedelta(days=30)
"""How long a delivery that has ended can be looked at and sent again."""
