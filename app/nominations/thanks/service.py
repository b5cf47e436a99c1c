"""Use-cases: thanking somebody, taking it back, putting it away."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, and_, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from app.kit.errors import Forbidden, NotFound
from app.kit.journal import Datum
from app.kit.occasions import Occasion
from app.kit.prepared import insert_if_absent
from app.members.people import people
from app.members.service import member_named
from app.members.tables import Community, Member
from app.nominations.refusals import NotAPerson
from app.nominations.rings import BURST_WITHIN, is_burst
from app.nominations.thanks import suggestions
from app.nominations.thanks.rules import PER, AlreadyThanked, check, check_pace
from app.nominations.thanks.tables import Suggestion, Thanks


class NoSuchThanks(NotFound):
    """There is no such thanks, or none that you may see."""

    code = "no-such-thanks"
    fix = "GET …/thanks lists those that you gave and received."


class Side(StrEnum):
    """On which side of a thanks somebody is."""

    giver = "giver"
    receiver = "receiver"


@dataclass(frozen=True)
class Words:
    """A thanks as somebody says it."""

    to: str
    """Handle or id."""
    text: str
    contribution_type: str | None
    url: str | None

    @property
    def about(self) -> str:
        """What it is for: the address if it names one, whatever else it says; else what it says."""
        said = " ".join(self.text.casefold().split())
        about = f"url {self.url}" if self.url is not None else f"text {self.contribution_type} {said}"
        return hashlib.sha256(about.encode()).hexdigest()


def give(session: Session, community: Community, giver: UUID | None, words: Words, *, on: Occasion) -> Thanks:
    """Thanks somebody. What is one too many at once is held, and looks as if it were not.

    Raises `NotAPerson`, `NoSuchMember`, `SelfThanks`, `LinkedIdentity`, `BotsMayNot`, `ThanksToBot`, `Departed`,
    `TooManyThanks`, `AlreadyThanked`.
    """
    if giver is None:
        raise NotAPerson("The token has no owner who is a member.")
    receiver = member_named(session, community, words.to).id
    # 1. Nobody else counts what these two give and receive meanwhile. Rows are taken in one order, and the journal
    #    after them, so that no two wait for each other; nor does who only refers to a member wait.
    both = select(Member.id).where(col(Member.id).in_((giver, receiver))).order_by(col(Member.id))
    session.exec(both.with_for_update(key_share=True)).all()
    known = people(session, community.id, (giver, receiver), now=on.now)
    # 2. May they?
    check(known[giver], known[receiver])
    check_pace(_given(session, giver, on.now - PER), on.now)
    # 3. The unique constraint says whether it is new.
    thanks = Thanks(
        id=on.ids.row(),
        community_id=community.id,
        giver_id=giver,
        receiver_id=receiver,
        contribution_type=words.contribution_type,
        text=words.text,
        url=words.url,
        about=words.about,
        given_at=on.now,
        held=is_burst(_given(session, giver, on.now - BURST_WITHIN, receiver), on.now),
    )
    if not insert_if_absent(session, thanks):
        raise AlreadyThanked(f"You have thanked {words.to} for this before.")
    # 4. What follows.
    suggested = [] if thanks.held else suggestions.suggest(session, thanks, on=on)
    data: dict[str, Datum] = {"to": str(receiver)}  # whether it is held, neither of them is told
    on.record_all(session, community.id, [("thanks.given", thanks.id, data), *suggested])
    return thanks


def visible(community: UUID, viewer: UUID | None, *, steward: bool, side: Side | None) -> SelectOfScalar[Thanks]:
    """The thanks that somebody may see: a steward all but what they themself are not told, others their own."""
    gave, received = col(Thanks.giver_id) == viewer, col(Thanks.receiver_id) == viewer
    told = and_(col(Thanks.held).is_(False), col(Thanks.hidden_at).is_(None))
    if viewer is None:
        gave = received = sa.false()
    seen = or_(gave, and_(received, told))
    if side is not None:
        seen = gave if side is Side.giver else and_(received, told)
    elif steward:
        seen = or_(sa.not_(received), told)
    return select(Thanks).where(Thanks.community_id == community, col(Thanks.withdrawn_at).is_(None), seen)


def thanks_by_id(
    session: Session, community: UUID, id: UUID, viewer: UUID | None, *, steward: bool, lock: bool = False
) -> Thanks:
    """One that somebody may see. Raises `NoSuchThanks`."""
    chosen = visible(community, viewer, steward=steward, side=None).where(Thanks.id == id)
    found = session.exec(chosen.with_for_update() if lock else chosen).one_or_none()
    if found is None:
        raise NoSuchThanks(f"There is no thanks {id}.")
    return found


def withdraw(session: Session, community: UUID, id: UUID, by: UUID | None, *, steward: bool, on: Occasion) -> Thanks:
    """Its giver takes it back, with what it said; its receiver puts it away, and nobody is told.

    Raises `NoSuchThanks`, and `Forbidden` for a steward who is neither.
    """
    thanks = thanks_by_id(session, community, id, by, steward=steward, lock=True)
    if by is not None and by == thanks.giver_id:
        thanks.withdrawn_at, thanks.text, thanks.url = on.now, None, None
        _unsuggest(session, thanks, on.now)
        happened = "thanks.withdrawn"
    elif by is not None and by == thanks.receiver_id:
        thanks.hidden_at = on.now
        happened = "thanks.hidden"
    else:
        raise Forbidden("Only who gave a thanks takes it back, and only who received it puts it away.")
    session.add(thanks)
    session.flush()
    on.record(session, community, happened, thanks.id)
    return thanks


def _given(session: Session, giver: UUID, since: datetime, receiver: UUID | None = None) -> list[datetime]:
    """When somebody thanked (somebody) after an instant, oldest first; what was taken back counts too."""
    times = select(Thanks.given_at).where(Thanks.giver_id == giver, Thanks.given_at > since)
    if receiver is not None:
        times = times.where(Thanks.receiver_id == receiver)
    return list(session.exec(times.order_by(col(Thanks.given_at))).all())


def _unsuggest(session: Session, thanks: Thanks, now: datetime) -> None:
    """Whoever takes back one of three does not want to nominate for them."""
    mine = select(Suggestion).where(Suggestion.thanks_id == thanks.counted_in, Suggestion.member_id == thanks.giver_id)
    for suggestion in session.exec(mine).all():
        suggestion.dismissed_at = suggestion.dismissed_at or now
        session.add(suggestion)
