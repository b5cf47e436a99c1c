"""What a sender of one's own asks for by name: `award.requested` and `award.revoke_requested`. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError, model_validator

from app.kit.addresses import Did, Email, WebUrl
from app.kit.schemas import In, Instant, Name, Prose, Text
from app.sources.evaluating import evaluate
from app.sources.events import Known, Party, Told, Would, WouldAward, WouldNot, WouldRevoke
from app.sources.grammar import Rules
from app.sources.paths import Looks

REQUESTED, REVOKE_REQUESTED = "award.requested", "award.revoke_requested"
CLOCKS_DIFFER = timedelta(minutes=5)
"""By so much a sender's clock may be ahead of ours."""
_INSTANT: TypeAdapter[datetime] = TypeAdapter(Instant)


class _NoTime(Exception):
    """It does not say when it was asked in a way that can be read."""


class AwardedTo(In):
    """Who is to be recognised: exactly one of `account`, `member`, `email` and `did`."""

    account: Name | None = None
    member: str | None = Field(default=None, min_length=1, max_length=100)
    email: Email | None = None
    did: Did | None = None
    name: Name | None = None

    @model_validator(mode="after")
    def _one(self) -> "AwardedTo":
        if sum(known is not None for known in (self.account, self.member, self.email, self.did)) != 1:
            raise ValueError("name exactly one of account, member, email and did")
        return self

    @property
    def party(self) -> Party:
        ways = ((None, self.account), ("member", self.member), ("email", self.email), ("did", self.did))
        return Party(tuple(Known(scheme, text) for scheme, text in ways if text is not None), "recipient", "by")


class Shown(In):
    """Something that shows what was done."""

    url: WebUrl
    name: Name | None = None
    description: Text | None = None


class Requested(In):
    """An award that a platform asks for."""

    achievement: str = Field(min_length=1, max_length=100)
    recipient: AwardedTo
    external_id: Name
    evidence: list[Shown] = Field(default_factory=list, max_length=50)
    narrative: Annotated[Text, Field(min_length=1)] | None = None
    occurred_at: Instant | None = None
    consent: Literal["ask", "given"] = "ask"


class RevokeRequested(In):
    """An award that a platform asks to be taken back; without `achievement` and `recipient`, all under its id."""

    external_id: Name
    achievement: str | None = Field(default=None, min_length=1, max_length=100)
    recipient: AwardedTo | None = None
    reason: Annotated[Prose, Field(min_length=1, max_length=500)] | None = None


def asked(told: Told, *, at: datetime) -> list[Would]:
    """What an event asks for by name, if it does."""
    data = told.body.get("data") if isinstance(told.body, dict) else None
    try:
        if REQUESTED in told.names:
            wanted, as_of = Requested.model_validate(data), _as_of(told.body, at)
            if wanted.occurred_at is not None and wanted.occurred_at > at + CLOCKS_DIFFER:
                return [WouldNot(REQUESTED, "data/occurred_at: it is still to come")]
            return [_awarded(wanted, as_of)]
        if REVOKE_REQUESTED in told.names:
            return [_revoked(RevokeRequested.model_validate(data), _as_of(told.body, at))]
    except _NoTime as error:
        return [WouldNot(_name(told), str(error))]
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = "/".join(["data", *map(str, wrong["loc"])])
        return [WouldNot(_name(told), f"{where}: {wrong['msg']}")]
    return []


def made_of(asks: bool, rules: Rules, told: Sequence[Told], *, at: datetime, looks: Looks | None = None) -> list[Would]:
    """What rules make of the events of a delivery, and, of a sender who `asks`, what it asks for by name.

    All of them together may look `looks` times at what is in it. Raises `TooMuchInIt`.
    """
    looks, found = looks or Looks(), list[Would]()
    for event in told:
        found += (asked(event, at=at) if asks else []) + evaluate(rules, event, at=at, looks=looks)
    return found


def _awarded(wanted: Requested, as_of: datetime) -> WouldAward:
    return WouldAward(
        rule=REQUESTED,
        achievement=wanted.achievement,
        to=wanted.recipient.party,
        external_id=wanted.external_id,
        occurred_at=wanted.occurred_at,
        as_of=as_of,
        narrative=wanted.narrative,
        evidence=tuple(shown.model_dump(exclude_none=True) for shown in wanted.evidence),
        name=wanted.recipient.name,
        consented=wanted.consent == "given",
    )


def _revoked(wanted: RevokeRequested, as_of: datetime) -> WouldRevoke:
    return WouldRevoke(
        rule=REVOKE_REQUESTED,
        external_id=wanted.external_id,
        as_of=as_of,
        reason=wanted.reason,
        achievement=wanted.achievement,
        recipient=wanted.recipient.party if wanted.recipient is not None else None,
    )


def _as_of(body: Any, at: datetime) -> datetime:
    """When the platform says so; where it does not, or that is still to come, when it was told. Raises `_NoTime`."""
    said = body.get("timestamp")
    if said is None:
        return at
    try:
        return min(_INSTANT.validate_python(said), at)
    except ValidationError:
        raise _NoTime("timestamp: an instant with its time zone is needed, as in 2026-06-01T12:00:00Z") from None


def _name(told: Told) -> str:
    return next(name for name in told.names if name in {REQUESTED, REVOKE_REQUESTED})
