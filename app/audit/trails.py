"""Use-cases: from a badge to what it rests on, and from something that was done to the badges that rest on it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.contributions.reading import parties
from app.contributions.rules import Side
from app.contributions.tables import Contribution
from app.credentials.participation import address, kept_of, standing_today
from app.credentials.published import visible
from app.credentials.service import NoSuchCredential
from app.credentials.tables import Credential, Recipient
from app.kit.journal import Event
from app.kit.paging import Slice, Window, page
from app.kit.publishing import Place
from app.members.links import accounts_of
from app.milestones.evidence import address as evidence_address
from app.milestones.evidence import rests
from app.milestones.tables import Attainment

MOST_EVENTS = 1000
"""Events that one trail tells of; of more, the newest."""


class Grounds(StrEnum):
    """How a badge came to rest on contributions."""

    participation = "participation"
    """Whoever proposed it wanted that told, and its holder agreed."""
    milestone = "milestone"
    """They added up to a milestone."""


@dataclass(frozen=True)
class Ground:
    """Something that a badge rests on."""

    kind: Grounds
    id: UUID
    url: str
    """Where it is served."""
    cited: Sequence[Mapping[str, Any]]
    """Its contributions, as it cites them."""


@dataclass(frozen=True)
class Step:
    """One contribution on the way."""

    id: UUID
    type: str
    stands: bool
    """Whether it stands today as it did when it was cited, as the holder's."""
    event: Mapping[str, Any] | None
    """By which the journal has it, where it is cited with that."""
    row: Contribution | None


def grounds_of(place: Place, credential: Credential) -> list[Ground]:
    """What a signed badge rests on."""
    session, found = place.session, list[Ground]()
    own = kept_of(session, credential)
    if own is not None:
        cited = own.facts["contributions"]
        found.append(Ground(Grounds.participation, own.id, address(place.at.public_url, own.id), cited))
    for met in session.exec(select(Attainment).where(_gave(session, credential)).order_by(col(Attainment.row))).all():
        if met.contributions and rests(credential.evidence, met):
            url = evidence_address(place.at, met)
            found.append(Ground(Grounds.milestone, met.id, url, met.contributions))
    return found


def steps_of(session: Session, credential: Credential, grounds: Sequence[Ground]) -> list[Step]:
    """The contributions that these cite, each once."""
    cited = {each["id"]: each for ground in reversed(grounds) for each in ground.cited}
    stands = {each["id"]: each["stands"] for each in standing_today(session, credential, list(cited.values()))}
    ids = [UUID(id) for id in cited]
    rows = {row.id: row for row in session.exec(select(Contribution).where(col(Contribution.id).in_(ids))).all()}
    return [
        Step(UUID(id), each["type"], stands[id], each.get("event"), rows.get(UUID(id))) for id, each in cited.items()
    ]


def events_about(session: Session, community: UUID, subjects: Collection[UUID]) -> list[Event]:
    """What the journal tells of these, in order."""
    about = col(Event.subject).in_([str(subject) for subject in subjects])
    chosen = select(Event).where(Event.community == community, about)
    return list(reversed(session.exec(chosen.order_by(col(Event.seq).desc()).limit(MOST_EVENTS)).all()))


def recognitions_of(place: Place, contribution: Contribution, window: Window) -> Slice[Credential]:
    """The badges that rest on a contribution and that the viewer may see, newest first. Raises `BadCursor`."""
    session, community = place.session, contribution.community_id
    [credited] = parties(session, community, [contribution.id]).values()
    doers = {member for party in credited if party.side is Side.by for member in party.members}
    same = accounts_of(session, community, doers)
    theirs = select(Credential).join(Recipient).where(col(Recipient.member_id).in_(same))
    held = {row.id: row for row in session.exec(theirs).all() if _sees(place, row)}
    told = [id for id, row in held.items() if _rests(place, row, contribution.id)]
    chosen = select(Credential).where(col(Credential.id).in_(told))
    return page(session, chosen, window, by=[col(Credential.row)], newest_first=True)


def _rests(place: Place, credential: Credential, contribution: UUID) -> bool:
    return any(each["id"] == str(contribution) for ground in grounds_of(place, credential) for each in ground.cited)


def _sees(place: Place, credential: Credential) -> bool:
    try:
        visible(place, str(credential.id))
    except NoSuchCredential:
        return False
    return True


def _gave(session: Session, credential: Credential) -> sa.ColumnElement[bool]:
    """Of an attainment: that it came to this badge, as an offer or by a nomination that it had drafted."""
    offered = col(Attainment.credential_id) == credential.id
    member = session.get_one(Recipient, credential.recipient_id).member_id
    if credential.nomination_id is None or member is None:
        return offered
    same = accounts_of(session, credential.community_id, [member])
    by_nomination = col(Attainment.nomination_id) == credential.nomination_id
    return sa.or_(offered, sa.and_(by_nomination, col(Attainment.member_id).in_(same)))
