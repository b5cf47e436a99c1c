"""Use-case: having what rules make of events happen, in one transaction with the journal."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.dialects import postgresql
from sqlmodel import Session, col, select

from app.contributions import correcting
from app.contributions import service as contributions
from app.contributions.rules import Credited, Report, Side
from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.members.tables import Community
from app.sources.crediting import Named, accounts_in
from app.sources.events import Noted, Would, WouldNot, WouldRecord, WouldRemember, WouldUndo
from app.sources.paths import Looks
from app.sources.tables import Gathered, Remembered, Source, Word

REMEMBERED = timedelta(days=30)
MOST_TOLD = 200
"""What came of so many events of one delivery is shown."""
_PAST = "the platform has said otherwise of a later time"
_NOT_KNOWN = "nothing is recorded that it would take back"


@dataclass(frozen=True)
class Came:
    """What came of one event under one rule."""

    rule: str
    did: str
    contribution: str | None = None
    credential: str | None = None
    why: str | None = None

    def said(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value is not None}


def kept_of(came: Sequence[Came], before: int = 0) -> list[dict[str, Any]]:
    """Of all that came of a delivery, what is kept: all that there is since, and of the rest what is shown.

    `before` is how much of it is kept already.
    """
    shown = MOST_TOLD - before
    return [one.said() for number, one in enumerate(came) if number < shown or one.contribution or one.credential]


MOST_OF_GATHERINGS = 16 * 1024 * 1024


@dataclass
class Left:
    """How much may still be put together of gatherings: of all that one delivery, or one replay, ends."""

    looks: Looks = field(default_factory=Looks)
    room: int = MOST_OF_GATHERINGS
    """Bytes of what was told of them."""


@dataclass(frozen=True)
class Place:
    """Where it happens: for whom, by which source, in which transaction."""

    session: Session
    community: Community
    source: Source
    at: Installation
    on: Occasion
    delivery: UUID | None = None
    """The one that is looked into, if one is."""
    trial: bool = False
    """Whether it is undone at its end: then nothing is signed, and nobody waits for the journal."""
    left: Left = field(default_factory=Left)

    @property
    def said_by(self) -> str:
        """How contributions name the source."""
        return f"source:{self.source.id}"


def apply(place: Place, would: Sequence[Would]) -> list[Came]:
    """Has it happen, in its order: what is taken back stands behind what it takes back."""
    found: list[Came] = []
    waiting: list[WouldRecord] = []
    for one in would:
        if isinstance(one, WouldRecord):
            waiting.append(one)
            continue
        found += _record(place, waiting)
        waiting = []
        if isinstance(one, WouldUndo):
            found.append(_undo(place, one))
        elif isinstance(one, WouldRemember):
            _remember(place, one.key, one.person.account)
        elif isinstance(one, WouldNot):
            found.append(Came(one.rule, "not", why=one.why))
    return found + _record(place, waiting)


def _record(place: Place, would: Sequence[WouldRecord]) -> list[Came]:
    """Records what is not past; an answer for each."""
    found: dict[int, Came] = {}
    reports: dict[int, Report] = {}
    accounts = accounts_in(place.session, place.community, place.source, would, at=place.at)
    for number, one in enumerate(would):
        named = accounts.named(one)
        if isinstance(named, str):
            found[number] = Came(one.rule, "not", why=named)
        elif one.undoable and not _is_news(place, one.dedupe, one.as_of, undone=False):
            found[number] = Came(one.rule, "past", why=_PAST)
        else:
            reports[number] = _report(place, one, named)
    answers = contributions.record(
        place.session, place.community, list(reports.values()), at=place.at, on=place.on
    ) if reports else []  # fmt: skip
    for number, answer in zip(reports, answers, strict=True):
        if would[number].undoable and answer.fault is None:  # what is refused is nobody's word about anything
            _say(place, would[number].dedupe, would[number].as_of, undone=False)
        if (also := would[number].also) is not None and answer.fault is None:
            _remember(place, also, would[number].dedupe)
        id = str(answer.contribution) if answer.contribution else None
        why = answer.fault.detail[:300] if answer.fault else None
        found[number] = Came(would[number].rule, answer.outcome.value, id, why=why)
    return [found[number] for number in range(len(would))]


def _report(place: Place, one: WouldRecord, named: Sequence[Named]) -> Report:
    sides = {"by": Side.by, "for": Side.benefits}
    credits = tuple(Credited(each.account, each.role, sides[each.part]) for each in named)
    return Report(
        type=one.type[:64],
        occurred_at=one.occurred_at,
        credits=credits,
        source=place.said_by,
        dedupe_key=one.dedupe,
        key_is_kept=False,
        ends_at=one.ends_at,
        url=one.url,
        title=one.title,
        channel=one.channel,
    )


def _undo(place: Place, one: WouldUndo) -> Came:
    key = _called(place, one.dedupe) if one.also else one.dedupe
    if key is None:
        return Came(one.rule, "undone", why=_NOT_KNOWN)
    if not _is_news(place, key, one.as_of, undone=True):
        return Came(one.rule, "past", why=_PAST)
    _say(place, key, one.as_of, undone=True)
    gone = correcting.undo(
        place.session, place.community, place.said_by, key, reason="undone by its platform", on=place.on
    )
    return Came(one.rule, "undone", str(gone.id)) if gone is not None else Came(one.rule, "undone", why=_NOT_KNOWN)


def _called(place: Place, also: str) -> str | None:
    """The key of what was recorded with this as another."""
    row = place.session.get(Remembered, (place.source.id, also))
    return row.account if row is not None else None


def _is_news(place: Place, key: str, as_of: datetime, *, undone: bool) -> bool:
    """Whether a platform says something later than all that it has said about this.

    What is said of one instant both ways was undone last.
    """
    word = place.session.get(Word, (place.source.id, _word(key)))
    if word is not None and (word.as_of > as_of or (word.as_of == as_of and word.undone and not undone)):
        return not undone and not word.undone  # it was said again since, and never taken back
    return True


def _say(place: Place, key: str, as_of: datetime, *, undone: bool) -> None:
    """Has it be its last word, unless that is later."""
    word = place.session.get(Word, (place.source.id, _word(key)))
    if word is None or word.as_of <= as_of:
        word = word or Word(source_id=place.source.id, key=_word(key), as_of=as_of, undone=undone)
        word.as_of, word.undone = as_of, undone
        place.session.add(word)


def _word(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()  # it may hold accounts, and is kept for ever


def _remember(place: Place, key: str, account: str) -> None:
    values = {
        "source_id": place.source.id,
        "key": key,
        "account": account,
        "drop_at": place.on.now + REMEMBERED,
    }
    place.session.execute(postgresql.insert(Remembered).values(values).on_conflict_do_nothing())


def gather(place: Place, inbound: UUID, noted: Iterable[Noted]) -> set[str]:
    """Keeps that a delivery tells of gatherings; those of them that have ended."""
    ends = dict[str, bool]()
    for one in noted:
        key = gathering_key(one.rule, one.key)
        ends[key] = ends.get(key, False) or one.kind == "ended" or one.never_ends
    for key, is_end in sorted(ends.items()):
        row = Gathered(source_id=place.source.id, key=key, inbound_id=inbound, is_end=is_end)
        place.session.merge(row)
    place.session.flush()
    over = select(Gathered.key).where(
        Gathered.source_id == place.source.id, col(Gathered.key).in_(ends), col(Gathered.is_end)
    )
    return set(place.session.exec(over).all())


def gathering_key(rule: str, key: str) -> str:
    return hashlib.sha256(f"{rule}\n{key}".encode()).hexdigest()


def source_and_community(session: Session, source_id: UUID) -> tuple[Source, Community]:
    """Locked: of one source one delivery is looked into at a time. Others may be told and kept meanwhile."""
    source = session.exec(select(Source).where(Source.id == source_id).with_for_update(key_share=True)).one()
    return source, session.get_one(Community, source.community_id)
