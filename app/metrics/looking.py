"""Use-cases: a steward says why, and sees what was found of single people. Whom they looked at is told that and why."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from app.contributions.tables import Uncounted
from app.kit import paging
from app.kit.errors import NotFound
from app.kit.occasions import Occasion
from app.kit.prepared import insert
from app.members.links import accounts_of
from app.members.tables import Community, Member
from app.metrics import own, periods
from app.metrics.own import Found
from app.metrics.periods import Window
from app.metrics.prompts import PromptKind
from app.metrics.purposes import Purpose
from app.metrics.service import FiguresNotThere
from app.metrics.tables import Look, Named, Note


class NoSuchNote(NotFound):
    """There is no such note to the stewards of this community."""

    code = "no-such-stewards-note"
    fix = "GET …/metrics/notes?purpose= lists them. A note goes with each of those whom it names."


@dataclass(frozen=True)
class Told:
    """A note, and whom it names, in its order."""

    note: Note
    people: tuple[Member, ...]


def notes(
    session: Session, community: Community, window: Window, purpose: Purpose, pages: paging.Window, *, on: Occasion
) -> paging.Slice[Told]:
    """What there is to tell of a period. Raises `PeriodNotPublished` of a week, `FiguresNotThere`, `BadCursor`."""
    own.check_kept(window)
    own.check_out(session, community, window)
    rows = select(Note).where(Note.community_id == community.id, Note.period == periods.name_of(window))
    found = paging.page(session, rows, pages, by=[col(Note.id)])
    return paging.Slice(_told(session, community, found.items, purpose, on), found.next)


def note_by_id(session: Session, community: Community, id: UUID, purpose: Purpose, *, on: Occasion) -> Told:
    """One. Raises `NoSuchNote`."""
    found = session.exec(select(Note).where(Note.community_id == community.id, Note.id == id)).all()
    for told in _told(session, community, found, purpose, on):
        return told
    raise NoSuchNote(f"{community.slug} has no note {id}.")


def figures_of(
    session: Session, community: Community, member: Member, window: Window, purpose: Purpose, *, on: Occasion
) -> Found:
    """What was found of a member in a period. Raises `PeriodNotPublished` of a week, `FiguresNotThere`.

    Whether somebody does not want to be counted is theirs to tell: it is refused as if they had not been there.
    """
    found = own.found_of(session, community, member.id, window)
    same = _memberships(session, community, [member.id])[member.id]
    if found.row is None or member not in same:
        raise FiguresNotThere(f"Of {member.handle} nothing is told for {periods.name_of(window)}.")
    _log(session, community, [(each.id, found.row.period, None) for each in same], purpose, on)
    return found


def _told(session: Session, community: Community, found: Sequence[Note], purpose: Purpose, on: Occasion) -> list[Told]:
    """Those that name nobody who has left or does not want to be counted; it is written down who was looked at."""
    named = _named(session, found)
    same = _memberships(session, community, {member for members in named.values() for member in members})
    told = [
        Told(note, tuple(_shown(member, same[member]) for member in named[note.id]))
        for note in found
        if all(same[member] for member in named[note.id])
    ]
    seen = [
        (each.id, one.note.period, one.note.kind)
        for one in told
        for member in named[one.note.id]
        for each in same[member]
    ]
    _log(session, community, seen, purpose, on)
    return told


def _named(session: Session, notes: Sequence[Note]) -> Mapping[UUID, Sequence[UUID]]:
    those = select(Named).where(col(Named.note_id).in_([note.id for note in notes]))
    found = defaultdict[UUID, list[UUID]](list)
    for named in session.exec(those.order_by(col(Named.note_id), col(Named.place))).all():
        found[named.note_id].append(named.member_id)
    return found


def _memberships(session: Session, community: Community, members: Collection[UUID]) -> Mapping[UUID, Sequence[Member]]:
    """Of each, the memberships in which that person still is; none of somebody who does not want to be counted."""
    person = accounts_of(session, community.id, members)
    wish = select(Uncounted.member_id).where(col(Uncounted.member_id).in_(person))
    hidden = {person[member] for member in session.exec(wish).all()}
    theirs = defaultdict[UUID, list[Member]](list)
    rows = select(Member).where(col(Member.id).in_(person), col(Member.left_at).is_(None)).order_by(col(Member.id))
    for row in session.exec(rows.with_for_update(read=True)).all():  # nobody is erased while it is written down
        if person[row.id] not in hidden:
            theirs[person[row.id]].append(row)
    return {member: theirs[person[member]] for member in members}


def _shown(member: UUID, same: Sequence[Member]) -> Member:
    """As whom somebody is named who has several memberships."""
    return next((each for each in same if each.id == member), same[0])


def _log(
    session: Session,
    community: Community,
    seen: Iterable[tuple[UUID, str, PromptKind | None]],
    purpose: Purpose,
    on: Occasion,
) -> None:
    """That these members were looked at, and what for. What was found of them is not in the journal."""
    once = list(dict.fromkeys(seen))
    about = {"community_id": community.id, "by": on.actor, "purpose": purpose, "looked_at": on.now}
    rows = [
        {"id": on.ids.row(), "member_id": member, "period": period, "kind": kind} | about
        for member, period, kind in once
    ]
    insert(session, Look, *rows)
    looked = dict.fromkeys((member, period) for member, period, _ in once)
    said = [("member.looked_at", member, {"purpose": purpose.value, "period": period}) for member, period in looked]
    on.record_all(session, community.id, said or [("notes.read", community.id, {"purpose": purpose.value})])
