"""Doors: awarding an achievement, and saying of oneself that one has earned it."""

from typing import Annotated, Literal

from fastapi import Depends
from pydantic import Field, Strict, model_validator

from app.credentials import asserting, awarding
from app.credentials.forms import ParticipationIn
from app.credentials.recipients import Named
from app.credentials.rules import Visibility
from app.credentials.views import CredentialOut, shown_with
from app.kit.addresses import Did, Email, WebUrl
from app.kit.deps import NowDep, RuntimeDep, SessionDep
from app.kit.errors import Forbidden, Invalid
from app.kit.idempotency import once
from app.kit.schemas import In, Instant, Name, Text
from app.kit.strict import router as strict_router
from app.members.auth import Caller, HoldingIn, occasion
from app.members.rules import Scope
from app.members.service import community_by_slug

router = strict_router(tags=["credentials"])

Awarder = Annotated[Caller, Depends(HoldingIn(Scope.awards_write))]
Peer = Annotated[Caller, Depends(HoldingIn(Scope.nominations_write))]


class RecipientIn(In):
    """Who is recognised: exactly one of `member`, `email` and `did`."""

    member: str | None = Field(default=None, max_length=100, description="Handle or id.")
    email: Email | None = None
    did: Did | None = None
    name: Name | None = None

    @model_validator(mode="after")
    def _one(self) -> "RecipientIn":
        if sum(known is not None for known in (self.member, self.email, self.did)) != 1:
            raise ValueError("name exactly one of member, email and did")
        return self


class EvidenceIn(In):
    """Something that shows what was done."""

    url: WebUrl
    name: Name | None = None
    description: Text | None = None


class AwardIn(In):
    """An award."""

    achievement: str = Field(max_length=100, description="The id of the achievement.")
    recipient: RecipientIn
    external_id: Name | None = Field(default=None, description="Your own id of this award: given twice, awarded once.")
    evidence: list[EvidenceIn] = Field(default_factory=list, max_length=50)
    narrative: Annotated[Text, Field(min_length=1)] | None = None
    valid_until: Instant | None = None
    participation: ParticipationIn | None = Field(
        default=None,
        description="Have the badge rest on what the recipient took part in, too: a member who answers with a token of "
        "their own reads it with the offer, and may leave it out. Nobody else sees it before.",
    )
    consent: Literal["ask", "given"] = Field(
        default="ask", description="`given`: you vouch for the recipient's consent (scope awards:consented)."
    )
    visibility: Annotated[Visibility, Strict(False)] = Visibility.private


class AssertionIn(In):
    """What you say of yourself."""

    achievement: str = Field(max_length=100, description="The id of an achievement whose policy allows it.")
    narrative: Annotated[Text, Field(min_length=20)] = Field(examples=["I kept the tea kitchen open all winter."])
    evidence: list[EvidenceIn] = Field(default_factory=list, max_length=50)
    visibility: Annotated[Visibility, Strict(False)] = Visibility.private


class AwardOut(CredentialOut):
    """A new credential; `claim_url` is shown this once, for a recipient without a token."""

    claim_url: str | None = None


@router.post("/v1/communities/{c}/credentials", status_code=201)
@once
def award(c: str, body: AwardIn, caller: Awarder, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> AwardOut:
    """Award an achievement: an offer, or at once a badge where you vouch for consent."""
    given = body.consent == "given"
    if given and Scope.awards_consented not in caller.scopes:
        raise Forbidden("To vouch for somebody's consent, the token needs the scope awards:consented.")
    valid_until = body.valid_until and body.valid_until.replace(microsecond=0)  # a badge tells whole seconds
    if valid_until is not None and valid_until <= now:
        raise Invalid(errors=[{"pointer": "/valid_until", "message": "lies in the past"}])
    if given and body.participation is not None:
        told = "is read by the recipient before they accept: ask for their consent"
        raise Invalid(errors=[{"pointer": "/participation", "message": told}])
    offer = awarding.Offer(
        achievement=body.achievement,
        recipient=Named(**body.recipient.model_dump()),
        external_id=body.external_id,
        narrative=body.narrative,
        evidence=[item.model_dump(exclude_none=True) for item in body.evidence],
        valid_until=valid_until,
        consented=given,
        visibility=body.visibility,
        participation=body.participation.wanted() if body.participation is not None else None,
        owner=caller.owner,
    )
    awarded = awarding.award(
        session,
        community_by_slug(session, c),
        offer,
        at=runtime.installation,
        on=occasion(caller, runtime, now),
    )
    known = shown_with(session, awarded.credential, awarded.recipient, runtime, now)
    claim_url = f"{runtime.installation.public_url}/v1/claims/{awarded.secret}" if awarded.secret else None
    return AwardOut(**dict(known), claim_url=claim_url)


@router.post("/v1/communities/{c}/self-assertions", status_code=201)
@once
def assert_oneself(
    c: str, body: AssertionIn, caller: Peer, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> CredentialOut:
    """Say of yourself that you did something: a badge that says whose word alone it is, which peers may endorse."""
    if caller.member is None:
        raise Forbidden("Only a person asserts something of themself.", fix="Use the token of a member.")
    said = asserting.Asserted(
        achievement=body.achievement,
        narrative=body.narrative,
        evidence=[item.model_dump(exclude_none=True) for item in body.evidence],
        visibility=body.visibility,
    )
    community, on = community_by_slug(session, c), occasion(caller, runtime, now)
    made = asserting.self_assert(session, community, str(caller.member), said, at=runtime.installation, on=on)
    return shown_with(session, made.credential, made.recipient, runtime, now)
