"""Who hears of thanks and of what they suggest, of proposals, and of tokens that speak for somebody."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from app.achievements.tables import Proposal
from app.kit.ids import id_in
from app.kit.journal import Event
from app.members.rules import Role
from app.members.tables import Community, Invited, Member, Token
from app.nominations.thanks.tables import Suggestion, Thanks
from app.notifications.hearing import Telling, Topic, Words, looking


def _thanked(session: Session, event: Event, part: str, now: datetime) -> Iterable[UUID]:
    thanks = _thanks(session, event)
    return [thanks.receiver_id] if thanks is not None else []


def _said_of_thanks(session: Session, event: Event, telling: Telling) -> Words | None:
    thanks = _thanks(session, event)
    if thanks is None:
        return None
    kind = f" for {thanks.contribution_type}" if thanks.contribution_type else ""
    giver = session.get_one(Member, thanks.giver_id).name
    link = f"{_address(session, event, telling)}/thanks/{thanks.id}"
    return Words(f"{giver} thanks you{kind}.", link, quoted=thanks.text, next=looking(link))


def _thanks(session: Session, event: Event) -> Thanks | None:
    """A thanks that its receiver may read."""
    id = id_in(event.subject)
    thanks = session.get(Thanks, id) if id else None
    if thanks is None or thanks.held or thanks.hidden_at is not None or thanks.withdrawn_at is not None:
        return None
    return thanks


def _thanker(session: Session, event: Event, part: str, now: datetime) -> Iterable[UUID]:
    suggestion = _suggestion(session, event)
    return [suggestion.member_id] if suggestion is not None else []


def _said_of_suggestion(session: Session, event: Event, telling: Telling) -> Words | None:
    suggestion = _suggestion(session, event)
    if suggestion is None:
        return None
    nominee = session.get_one(Member, suggestion.nominee_id)
    if nominee.left_at is not None:
        return None
    link = f"{telling.public_url}/v1/me/suggestions/{suggestion.id}"
    return Words(
        f"You thanked {nominee.name} for {suggestion.contribution_type}, and so did others. "
        "Would you like to nominate them?",
        link,
        next=looking(link),
    )


def _suggestion(session: Session, event: Event) -> Suggestion | None:
    """A suggestion that was not put away."""
    id = id_in(event.subject)
    suggestion = session.get(Suggestion, id) if id else None
    return suggestion if suggestion is not None and suggestion.dismissed_at is None else None


def _stewards(session: Session, event: Event, part: str, now: datetime) -> Iterable[UUID]:
    stewards = select(Member.id).where(Member.community_id == event.community, Member.role == Role.steward)
    return session.exec(stewards.order_by(col(Member.id))).all()


def _said_of_proposal(session: Session, event: Event, telling: Telling) -> Words | None:
    id = id_in(event.subject)
    proposal = session.get(Proposal, id) if id else None
    if proposal is None or proposal.ended_at is not None:
        return None
    link = f"{_address(session, event, telling)}/proposals/{proposal.id}"
    text = f"A member proposes that the community recognises “{proposal.wording['name']}”."
    return Words(text, link, next=looking(link))


def _owner(session: Session, event: Event, part: str, now: datetime) -> Iterable[UUID]:
    token = _token(session, event)
    return [token.owner_id] if token is not None and token.owner_id is not None else []


def _said_of_token(session: Session, event: Event, telling: Telling) -> Words | None:
    """Said also once it has ended: what was done with it was done in its owner's name."""
    token, community = _token(session, event), session.get_one(Community, event.community)
    if token is None:
        return None
    return Words(
        f"A token that speaks for you in {community.name}, as {token.role}, was made by somebody else. "
        "If you know nothing of it, tell the stewards.",
        f"{telling.public_url}/issuers/{community.slug}",
    )


def _token(session: Session, event: Event) -> Token | None:
    """A token by which its holder is taken for its owner."""
    id = id_in(event.subject)
    token = session.get(Token, id) if id else None
    return token if token is not None and token.role in {Role.member, Role.steward} else None


def _inviter(session: Session, event: Event, part: str, now: datetime) -> Iterable[UUID]:
    said = _invited(session, event)
    return [said.inviter_id] if said is not None else []


def _said_of_inviting(session: Session, event: Event, telling: Telling) -> Words | None:
    said = _invited(session, event)
    if said is None:
        return None
    joined = session.get_one(Member, said.member_id)
    link = f"{_address(session, event, telling)}/members/{joined.id}"
    text = f"{joined.name} joined, and you are named as who brought them. If that is not so, tell the stewards."
    return Words(text, link, next=looking(link))


def _invited(session: Session, event: Event) -> Invited | None:
    """That somebody was brought, while it is said."""
    id = id_in(event.subject)
    return session.get(Invited, id) if id else None


def _address(session: Session, event: Event, telling: Telling) -> str:
    return f"{telling.public_url}/v1/communities/{session.get_one(Community, event.community).slug}"


TOPICS: Mapping[str, Topic] = {
    "thanks": Topic(_thanked, _said_of_thanks),
    "nomination.suggested": Topic(_thanker, _said_of_suggestion),
    "member.inviter_named": Topic(_inviter, _said_of_inviting),
    "proposal": Topic(_stewards, _said_of_proposal),
    "token": Topic(_owner, _said_of_token),
}
