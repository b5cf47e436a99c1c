"""Who hears of endorsements, and of requests for them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from app.endorsements import subjects
from app.endorsements.requests import state_of
from app.endorsements.rules import ASKED_FOR, EndorsementState, RequestState
from app.endorsements.subjects import Thing
from app.endorsements.tables import Endorsement, EndorsementRequest
from app.kit.ids import id_in
from app.kit.journal import Event
from app.members.rules import Role
from app.members.tables import Member
from app.notifications.hearing import Telling, Topic, Words, call, looking


def _concerned(session: Session, event: Event, part: str, now: datetime) -> Iterable[UUID]:
    endorsement = _endorsement(session, event)
    if endorsement is None:
        return []
    if part == "owner":
        return _owners(session, subjects.thing_of(session, endorsement))
    return [endorsement.member_id] if endorsement.member_id is not None else []


def _said(session: Session, event: Event, telling: Telling) -> Words | None:
    endorsement = _endorsement(session, event)
    if endorsement is None:
        return None
    thing = subjects.thing_of(session, endorsement)
    what, _ = subjects.described(session, thing)
    link = f"{telling.public_url}/v1/endorsements/{endorsement.id}"
    who, happened = endorsement.name, event.type.removeprefix("endorsement.")
    if telling.hearer.part == "owner":
        if telling.hearer.member_id not in _owners(session, thing):
            return None  # who is no steward any more
        if happened == "withdrawn":
            return Words(f"{who} has taken back what they said of “{what}”.", link, next=looking(link))
        waits = endorsement.state is EndorsementState.offered
        answers = '{"response": "accept"} or {"response": "decline"}'
        steps = f"{looking(link)}\nAnswer with it: {call('POST', link)}/response {answers}"
        asks = " It is signed and shown if you accept it." if waits else ""
        return Words(f"{who} vouches for “{what}”.{asks}", link, next=steps if waits else looking(link))
    return Words(_ANSWERS[happened].format(what=what), link, next=looking(link))


_ANSWERS: Mapping[str, str] = {
    "accepted": "What you said of “{what}” was accepted: it is signed, and shown with it.",
    "declined": "What you said of “{what}” was not taken up.",
    "taken_down": "What you said of “{what}” is not shown with it any more.",
    "lapsed": "Nobody answered what you said of “{what}”; it has ended.",
}


def _asked(session: Session, event: Event, part: str, now: datetime) -> Iterable[UUID]:
    request = _request(session, event)
    if request is None:
        return []
    if part == "asker":
        return [request.asker_id]
    return [request.member_id] if request.member_id is not None and not request.barred else []


def _said_of_request(session: Session, event: Event, telling: Telling) -> Words | None:
    request = _request(session, event)
    if request is None:
        return None
    what, _ = subjects.described(session, subjects.thing_of(session, request))
    link = f"{telling.public_url}/v1/endorsement-requests/{request.id}"
    if telling.hearer.part == "asker":
        whom = _whom(session, request)
        told = {
            "endorsement.request_declined": f"{whom} would rather not vouch for “{what}”.",
            "endorsement.request_lapsed": f"{whom} did not answer whether they vouch for “{what}”.",
        }
        return Words(told[event.type], link, next=looking(link))
    state = state_of(request, telling.now)
    if state is RequestState.withdrawn:
        return None
    asker = session.get_one(Member, request.asker_id).name
    if state is not RequestState.open:
        return Words(f"{asker} asked you to vouch for “{what}”.", link, next=looking(link))
    until = request.asked_at + ASKED_FOR
    answer = (
        f"{looking(link)}\nAnswer with it: POST /v1/endorsements "
        f'{{"request": "{request.id}", …}}, or {call("POST", link)}/decline'
    )
    return Words(f"{asker} asks you to vouch for “{what}”, until {until.day} {until:%B %Y}.", link, next=answer)


def _whom(session: Session, request: EndorsementRequest) -> str:
    member = session.get(Member, request.member_id) if request.member_id is not None else None
    return member.name if member is not None else "Whom you asked by letter"


def _owners(session: Session, thing: Thing) -> list[UUID]:
    """The recipient of a badge; of anything else the stewards."""
    if thing.owner is not None:
        return [thing.owner]
    if not subjects.is_looked_after(thing):
        return []
    stewards = select(Member.id).where(Member.community_id == thing.community.id, Member.role == Role.steward)
    return list(session.exec(stewards.order_by(col(Member.id))).all())


def _endorsement(session: Session, event: Event) -> Endorsement | None:
    id = id_in(event.subject)
    return session.get(Endorsement, id) if id else None


def _request(session: Session, event: Event) -> EndorsementRequest | None:
    id = id_in(event.subject)
    return session.get(EndorsementRequest, id) if id else None


_OF_REQUESTS = Topic(_asked, _said_of_request)

TOPICS: Mapping[str, Topic] = {
    "endorsement": Topic(_concerned, _said),
    "endorsement.requested": _OF_REQUESTS,
    "endorsement.request_reminded": _OF_REQUESTS,
    "endorsement.request_declined": _OF_REQUESTS,
    "endorsement.request_lapsed": _OF_REQUESTS,
}
