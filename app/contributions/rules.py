"""What a contribution is, and which reports of one are refused: plain values, no database here."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID

BY_MEMBERS = "member:"
"""How the source of what a member reports begins; whose it is follows."""
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""What is dated before is a clock that was never set (1970), not a contribution to a community of today."""
TOLERANCE = timedelta(days=1)
"""By how much a date may lie ahead: platforms have clocks of their own, and dates without a time zone."""


class Mode(StrEnum):
    """How somebody takes part (CSCCE, the Community Participation Model)."""

    consume = "consume"
    contribute = "contribute"
    collaborate = "collaborate"
    co_create = "co_create"
    champion = "champion"


class Potential(StrEnum):
    """What a community of practice can do for those in it."""

    connect = "connect"
    context = "context"
    dialogue = "dialogue"
    learning = "learning"
    capture = "capture"
    collaborate = "collaborate"
    action = "action"
    knowledge = "knowledge"


class CareArea(StrEnum):
    """What has to be cared for in a community."""

    curating = "curating"
    creating_space = "creating_space"
    managing_knowledge = "managing_knowledge"
    managing_the_community = "managing_the_community"
    love_and_care = "love_and_care"


class Loop(StrEnum):
    """Where what was done has its effect: in the community's own practice, or in programmes, employers, frameworks."""

    inner = "inner"
    outer = "outer"


class Side(StrEnum):
    """On which side of a contribution somebody is: they did it, or were helped by it."""

    by = "by"
    benefits = "for"


@dataclass(frozen=True)
class Account:
    """Somebody as a platform knows them; on the platform `email`, by their address."""

    platform: str
    account: str


@dataclass(frozen=True)
class Credited:
    """Somebody whom a report names."""

    who: str | Account
    """A member's handle or id, or an account."""
    role: str | None = None
    """What they were in it; None where that is what the type says."""
    side: Side = Side.by


@dataclass(frozen=True)
class Named:
    """Somebody whom a contribution credits, as they are kept: a member, or an account in the form that is compared."""

    side: Side
    role: str | None
    who: UUID | Account


@dataclass(frozen=True)
class Report:
    """What somebody, or a platform, says was done."""

    type: str
    occurred_at: datetime
    credits: tuple[Credited, ...]
    source: str = "api"
    """Where it is known from: `api`, `import`, `member:<id>`, `source:<id>`, or a word of who reports it."""
    dedupe_key: str | None = None
    """The source's own name for it; what is reported under it again is the same contribution."""
    ends_at: datetime | None = None
    url: str | None = None
    title: str | None = None
    channel: str | None = None
    evidence_digest: str | None = None
    """SHA-256, in hexadecimal digits, of what stands at `url`."""
    loop: Loop | None = None
    """None for that of its type."""
    key_is_kept: bool = True
    """Whether its key is kept as it is given. Of what platforms tell only a digest of it is: it may name accounts."""


class Outcome(StrEnum):
    """What became of a report."""

    recorded = "recorded"
    duplicate = "duplicate"
    """It is known, and the report says nothing new."""
    extended = "extended"
    """It is known, and lasted longer than was known."""
    refused = "refused"


@dataclass(frozen=True)
class Fault:
    """Why a report is refused."""

    code: str
    detail: str


@dataclass(frozen=True)
class Span:
    """From when to when something was done; one instant has no end."""

    begins: datetime
    ends: datetime | None = None

    @classmethod
    def of(cls, begins: datetime, ends: datetime | None) -> "Span":
        """Written in the one way: what ends as it begins has no end."""
        return cls(begins, ends if ends is not None and ends > begins else None)

    def over(self, other: "Span") -> "Span":
        """The shortest that covers both (as contributors.debian.org extends what it knows)."""
        return Span.of(min(self.begins, other.begins), max(self.ends or self.begins, other.ends or other.begins))


def fault(report: Report, types: Mapping[str, datetime | None], *, now: datetime) -> Fault | None:
    """What is wrong with a report. `types` are those that are known, each with since when it is not used any more."""
    if report.type not in types:
        return Fault("unknown-type", f"There is no type of contribution {report.type!r} here.")
    ended = types[report.type]
    if ended is not None and report.occurred_at >= ended:
        return Fault("type-deprecated", f"{report.type!r} is not used for what was done since {ended:%Y-%m-%d}.")
    for when in (report.occurred_at, report.ends_at):
        if when is not None and when > now + TOLERANCE:
            return Fault("in-the-future", f"{when:%Y-%m-%d} is still to come.")
        if when is not None and when < EARLIEST:
            return Fault("too-early", f"{when:%Y-%m-%d} is before {EARLIEST:%Y}: a clock that was never set?")
    if report.ends_at is not None and report.ends_at < report.occurred_at:
        return Fault("ends-before-it-begins", "It ends before it begins.")
    return None


def misnamed(credits: Collection[Named], only_with: UUID | None = None) -> Fault | None:
    """What is wrong with who is named; `only_with` is who has to be among those who did it."""
    if not any(credit.side is Side.by for credit in credits):
        return Fault("nobody-named", "Nobody is named who did it.")
    if len(set(credits)) < len(credits):
        return Fault("named-twice", "Somebody is named twice in one role.")
    if only_with is not None and not any(credit.who == only_with and credit.side is Side.by for credit in credits):
        return Fault("not-yours", "Members report what they did themselves, alone or with others.")
    return None
