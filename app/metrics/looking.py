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


@dataclass(frozen=True)
class Same:
    """The memberships of one person."""

    all: Sequence[Member]
    here: Sequence[Member]
    """Those in which they still are; none if they do not want to be counted."""


Seen = tuple[UUID, str, PromptKind | None]
"""A member who is looked at, of which period, and in which kind of note."""


def notes(
    session: Session, community: Community, window: Window, purpose: Purpose, pages: paging.Window, *, on: Occasion
) -> paging.Slice[Told]:
    """What there is to tell of a period. Raises `PeriodNotPublished` of a week, `FiguresNotThere`, `BadCursor`."""
    own.check_kept(window)
    own.check_out(session, community, window)
    rows = select(Note).where(Note.community_id == community.id, Note.period == periods.name_of(window))
    found = paging.page(session, rows, pages, by=[col(Note.id)])
    told, seen = _told(session, community, found.items)
    _log(session, community, seen, purpose, on)
    return paging.Slice(told, found.next)


def note_by_id(session: Session, community: Community, id: UUID, purpose: Purpose, *, on: Occasion) -> Told:
    """One. Raises `NoSuchNote`; if there was one, it is logged that whom it names were looked at."""
    found = session.exec(select(Note).where(Note.community_id == community.id, Note.id == id)).all()
    told, seen = _told(session, community, found)
    if told:
        _log(session, community, seen, purpose, on)
        return told[0]
    for note in found:
        named = _memberships(session, community, _named(session, [note])[note.id])
        looked = [(each.id, note.period, note.kind) for same in named.values() for each in same.all]
        _log(session, community, looked, purpose, on)
    raise _kept(NoSuchNote(f"{community.slug} has no note {id}."))


def figures_of(
    session: Session, community: Community, member: Member, window: Window, purpose: Purpose, *, on: Occasion
) -> Found:
    """What was found of a member in a period. Raises `PeriodNotPublished` of a week, `FiguresNotThere`.

    The look is logged also where nothing is told.
    Whether somebody does not want to be counted is theirs to tell: it is refused as if they had not been there.
    """
    found, period = own.found_of(session, community, member.id, window), periods.name_of(window)
    same = _memberships(session, community, [member.id])[member.id]
    _log(session, community, [(each.id, period, None) for each in same.all], purpose, on)
    if found.row is None or member not in same.here:
        raise _kept(FiguresNotThere(f"Of {member.handle} nothing is told for {period}."))
    return found


def _told(session: Session, community: Community, found: Sequence[Note]) -> tuple[list[Told], list[Seen]]:
    """Those that name nobody who has left or does not want to be counted; and who is looked at with them."""
    named = _named(session, found)
    same = _memberships(session, community, {member for members in named.values() for member in members})
    told = [
        Told(note, tuple(_shown(member, same[member].here) for member in named[note.id]))
        for note in found
        if all(same[member].here for member in named[note.id])
    ]
    seen: list[Seen] = [
        (each.id, one.note.period, one.note.kind)
        for one in told
        for member in named[one.note.id]
        for each in same[member].here
    ]
    return told, seen


def _kept(refusal: NotFound) -> NotFound:
    """The look is logged though nothing is told."""
    refusal.keeps = True
    return refusal


def _named(session: Session, notes: Sequence[Note]) -> Mapping[UUID, Sequence[UUID]]:
    those = select(Named).where(col(Named.note_id).in_([note.id for note in notes]))
    found = defaultdict[UUID, list[UUID]](list)
    for named in session.exec(those.order_by(col(Named.note_id), col(Named.place))).all():
        found[named.note_id].append(named.member_id)
    return found


def _memberships(session: Session, community: Community, members: Collection[UUID]) -> Mapping[UUID, Same]:
    """Of each, the memberships of that person."""
    person = accounts_of(session, community.id, members)
    wish = select(Uncounted.member_id).where(col(Uncounted.member_id).in_(person))
    hidden = {person[member] for member in session.exec(wish).all()}
    theirs = defaultdict[UUID, list[Member]](list)
    rows = select(Member).where(col(Member.id).in_(person), col(Member.erased_at).is_(None)).order_by(col(Member.id))
    for row in session.exec(rows.with_for_update(read=True)).all():  # nobody is erased while it is written down
        theirs[person[row.id]].append(row)
    return {
        member: Same(
            theirs[person[member]],
            [each for each in theirs[person[member]] if each.left_at is None and person[member] not in hidden],
        )
        for member in members
    }


def _shown(member: UUID, same: Sequence[Member]) -> Member:
    """As whom somebody is named who has several memberships."""
    return next((each for each in same if each.id == member), same[0])


def _log(
    session: Session,
    community: Community,
    seen: Iterable[Seen],
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
