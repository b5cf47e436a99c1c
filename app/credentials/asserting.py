"""Use-case: saying of oneself that one did something."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from app.achievements import service as achievements
from app.credentials import signing
from app.credentials.awarding import Awarded, Offer, insert_once, offered
from app.credentials.editions import issue, issued
from app.credentials.recipients import Named, is_minor, recipient_named
from app.credentials.rules import Visibility
from app.credentials.service import consent_to
from app.credentials.tables import Credential, Recipient
from app.kit import rates
from app.kit.errors import Forbidden, Invalid, TooMany
from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.members.people import people
from app.members.service import member_named
from app.members.tables import Community, Member

MOST, WITHIN = 10, timedelta(days=30)
"""As many may one member assert of themself within that time; as often may they nominate others."""


class NoSelfAssertion(Forbidden):
    """This achievement is not one that people assert of themselves."""

    code = "no-self-assertion"
    fix = "Ask a peer to nominate you, or a steward for an achievement whose policy allows self-assertion."


class BotsDoNotAssert(Forbidden):
    """Bots assert nothing of themselves."""

    code = "bot-self-assertion"
    fix = "Let a person do it, with a token of their own."


class TooManySelfAssertions(TooMany):
    """You have asserted as much of yourself as one person may within thirty days."""

    code = "too-many-self-assertions"


@dataclass(frozen=True)
class Asserted:
    """What a member says of themself."""

    achievement: str
    narrative: str
    evidence: list[dict[str, Any]]
    visibility: Visibility


def self_assert(
    session: Session, community: Community, member: str, said: Asserted, *, at: Installation, on: Occasion
) -> Awarded:
    """A member says of themself that they did something: signed at once, and it says whose word alone it is.

    Peers may endorse it then (Open Recognition), and nominate them for the same achievement. Raises `NoSelfAssertion`,
    `Invalid`, `BotsDoNotAssert`, `TooManySelfAssertions`, `AlreadyAwarded` (said before, or others have said it), and
    what `award` raises.
    """
    version = achievements.newest(session, community, said.achievement)
    policy = achievements.policy_of(version)
    if policy.self_assertion != "allowed":
        raise NoSelfAssertion(f"The policy of “{version.name}” says that others have to say so.")
    if len(said.evidence) < policy.evidence_min:
        needed = f"at least {policy.evidence_min} needed, which show what you did"
        raise Invalid(errors=[{"pointer": "/evidence", "message": needed}])
    _check_member(session, community, member, on.now)
    recipient = recipient_named(session, community, Named(member=member), at=at, on=on)
    visibility = Visibility.private if is_minor(session, recipient) else said.visibility
    offer = Offer(
        achievement=said.achievement,
        recipient=Named(member=member),
        external_id=None,
        narrative=said.narrative,
        evidence=said.evidence,
        valid_until=None,
        consented=True,
        visibility=visibility,
    )
    credential = offered(session, community, version, policy, recipient, offer, on=on)
    consent_to(credential, policy, visibility, {"given": "own", "by": "token"}, on=on)
    signing.check_texts(credential, version, community)
    insert_once(session, credential, on.now)
    issue(session, community, credential, version, recipient, at=at, on=on)
    asserted = ("credential.self_asserted", credential.id, {"achievement": str(version.achievement_id)})
    on.record_all(session, community.id, [asserted, issued(credential)])
    return Awarded(credential, recipient)


def _check_member(session: Session, community: Community, named: str, now: datetime) -> None:
    id = member_named(session, community, named).id
    # Two of theirs at once count each other.
    session.exec(select(Member.id).where(Member.id == id).with_for_update(key_share=True)).one()
    if people(session, community.id, {id}, now=now)[id].is_bot:
        raise BotsDoNotAssert(f"{named} is a bot.")
    theirs = (
        select(Credential.offered_at)
        .join(Recipient, col(Recipient.id) == Credential.recipient_id)
        .where(Recipient.member_id == id, Credential.awarded_by == named, Credential.offered_at > now - WITHIN)
    )
    if wait := rates.wait(session.exec(theirs).all(), most=MOST, within=WITHIN, now=now):
        raise TooManySelfAssertions(f"At most {MOST} within {WITHIN.days} days.", retry_after=wait)
