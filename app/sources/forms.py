"""What is sent about sources, and what is said of them."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, WithJsonSchema

from app.kit.installation import Installation
from app.kit.leases import Stage
from app.kit.schemas import In, Name, Out, Stays
from app.members.forms import Key
from app.sources.applying import MOST_TOLD
from app.sources.receiving import PLATFORMS
from app.sources.tables import AwardState, Inbound, PlatformAward, Source


def _a_platform(name: str) -> str:
    if name not in PLATFORMS:
        raise ValueError(f"one of {', '.join(PLATFORMS)} is needed")
    return name


PlatformName = Annotated[
    str, AfterValidator(_a_platform), WithJsonSchema({"type": "string", "enum": list(PLATFORMS), "title": "Platform"})
]
Secret = Annotated[str, Field(min_length=1, max_length=4_000)]


class SourcePolicyIn(In):
    """What a source may do besides telling."""

    achievements: list[Annotated[str, Field(max_length=100)]] = Field(
        default_factory=list, max_length=100, description="The ids of those that it may award."
    )
    consent: Literal["ask", "given"] = Field(
        default="ask", description="`given`: it may vouch for the consent of whom it awards (scope awards:consented)."
    )


class SourceIn(In):
    """A platform that tells what people do."""

    platform: PlatformName = Field(examples=["github"])
    name: Name | None = None
    secret: Secret | None = Field(
        default=None,
        description="What the platform signs with, if it makes that itself (Slack, Zoom; Discord's relay: its public "
        "key); else one is made.",
    )
    accounts: Key | None = Field(
        default=None,
        description="Whose accounts it names, where that is not the platform's name: of two forums, say, which.",
    )
    policy: SourcePolicyIn = Field(default_factory=SourcePolicyIn)


class SourceChangeIn(In):
    """What is to be otherwise."""

    name: Annotated[Name | None, Stays] = None
    policy: Annotated[SourcePolicyIn | None, Stays] = None


class RotationIn(In):
    """A new secret."""

    secret: Secret | None = Field(default=None, description="Left out, one is made where the platform does not.")
    overlap_hours: int = Field(default=24, ge=0, le=168, description="For so long the old one is believed as well.")


class SourcePolicyOut(Out):
    """What a source may do besides telling."""

    achievements: list[str]
    consent: Literal["ask", "given"]


class SourceOut(Out):
    """A source."""

    id: UUID
    url: str
    """Where the platform sends what it tells."""
    platform: str
    name: str
    accounts: str
    policy: SourcePolicyOut
    added_at: datetime
    old_secret_until: datetime | None
    """Until when the secret before is believed as well."""


class SourceMadeOut(SourceOut):
    """A source with its secret, which is shown this once."""

    secret: str


class CameOut(Out):
    """What a rule made of an event."""

    rule: str
    did: str
    """`recorded`, `duplicate`, `extended`, `refused`, `undone`, `offered`, `issued`, `parked` (it waits until the
    account is somebody's), `revoked`, `withdrawn` (it waited); `linked` (an account is proven); `noted` (of a gathering
    that has not ended), `past` (the platform has said otherwise of a later time), `not` (the rule is not about it).
    Looked at again, it adds what is new to what it once did."""
    contribution: UUID | None = None
    credential: UUID | None = None
    why: str | None = None


class DeliveryOut(Out):
    """What a platform sent, and what came of it."""

    id: UUID
    delivery_id: str
    """What the platform calls it."""
    received_at: datetime
    size: int
    state: Literal["waiting", "done", "given_up"]
    kept_until: datetime | None
    """Until when its body can be looked at again; null once it was dropped."""
    ended_at: datetime | None
    came_to: list[CameOut]
    """Empty where no rule is about it."""


def shown(source: Source, public_url: str) -> SourceOut:
    return SourceOut(**_said(source, public_url))


def shown_with(source: Source, secret: str, public_url: str) -> SourceMadeOut:
    """With its secret."""
    return SourceMadeOut(**_said(source, public_url), secret=secret)


def _said(source: Source, public_url: str) -> dict[str, Any]:
    return {
        "id": source.id,
        "url": f"{public_url}/hooks/{source.id}",
        "platform": source.platform,
        "name": source.name,
        "accounts": source.accounts,
        "policy": SourcePolicyOut(achievements=source.achievements, consent="given" if source.vouches else "ask"),
        "added_at": source.added_at,
        "old_secret_until": source.old_ends,
    }


def delivery(inbound: Inbound) -> DeliveryOut:
    return DeliveryOut(
        id=inbound.id,
        delivery_id=inbound.delivery_id,
        received_at=inbound.received_at,
        size=inbound.size,
        state=_STATES[inbound.stage],
        kept_until=inbound.drop_at,
        ended_at=inbound.ended_at,
        came_to=[CameOut(**each) for each in inbound.came_to[:MOST_TOLD]],
    )


_STATES: dict[Stage, Literal["waiting", "done", "given_up"]] = {
    Stage.waiting: "waiting",
    Stage.done: "done",
    Stage.given_up: "given_up",
}


class WaitsForOut(Out):
    """An account that is nobody's yet."""

    platform: str
    account: str


class PlatformAwardOut(Out):
    """An award that a platform asked for."""

    id: UUID
    external_id: str
    """What the platform calls it."""
    achievement: UUID | None
    """Null where the source's policy lists no such."""
    state: AwardState
    reason: str | None
    """Why it was refused: `policy` (which does not list the achievement), `recipient` (it cannot be awarded to whom it
    names), or the code of what is wrong about it."""
    credential: UUID | None
    """What came of it; what has become of that since, its own `state` says."""
    asked_at: datetime
    delivery: UUID | None
    """By which it was asked for; null of awards from before that was kept."""
    waits_for: WaitsForOut | None
    """Whose award it will be, while it waits; for stewards, and for who added the source."""
    claim_url: str | None
    """Where its recipient answers, who has no token: hand it to them, and to nobody else. Until it is used; for
    stewards, and for who added the source."""


def award_shown(row: PlatformAward, at: Installation, *, trusted: bool, claimable: bool) -> PlatformAwardOut:
    """`trusted`: to who looks after the source. `claimable`: its offer can still be answered by its link."""
    claim = row.claim if trusted and claimable else None
    secret = at.vault.open(claim, bound_to=f"platform-award/{row.id}").decode() if claim is not None else None
    waits = WaitsForOut(platform=row.platform, account=row.account) if row.platform and row.account else None
    return PlatformAwardOut(
        id=row.id,
        external_id=row.external_id,
        achievement=row.achievement_id,
        state=row.state,
        reason=row.reason,
        credential=row.credential_id,
        asked_at=row.asked_at,
        delivery=row.delivery,
        waits_for=waits if trusted else None,
        claim_url=f"{at.public_url}/v1/claims/{secret}" if secret else None,
    )
