"""A community's facts, read out of the database as columns: whole, or only what the journal says has happened since.

Nobody's id but the people's own is kept, and no word but the names of types, channels and affiliations.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

import numpy as np
import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.contributions import kinds as types
from app.contributions.tables import ContributionType
from app.kit.journal import Chain
from app.kit.memory import Memory
from app.members.tables import Community
from app.metrics import happenings, registry
from app.metrics.deeds import Deeds, deeds
from app.metrics.facts import NEVER, NONE, Cites, Facts, Kind, Questions, Spells, Uptakes
from app.metrics.happenings import Happened
from app.metrics.honouring import concerned, honours, revoked
from app.metrics.honours import Honours
from app.metrics.ordering import ids_of
from app.metrics.periods import instant
from app.metrics.registry import Registry
from app.stories.needs.rules import NeedKind, NeedState
from app.stories.needs.tables import Need
from app.stories.tables import Story
from app.stories.uptake.rules import PlaceKind
from app.stories.uptake.service import counting
from app.stories.uptake.tables import Uptake


@dataclass(frozen=True, eq=False)
class Columns:
    """All that is known of a community, and up to where its journal was read for it."""

    seq: int
    kinds: tuple[Kind, ...]
    everybody: Registry
    affiliations: tuple[str, ...]
    belongs: Spells
    breaks: Spells
    done: Deeds
    given: Honours
    cites: Cites
    ended: dict[str, int]
    """When badges were revoked."""
    questions: Questions
    taken_up: tuple["_TakenUp", ...]

    @property
    def numbers(self) -> dict[str, int]:
        """By the key of a kind, its place."""
        return {kind.key: number for number, kind in enumerate(self.kinds)}

    @property
    def rows(self) -> int:
        """How much it is."""
        return len(self.done.order) + len(self.done.acts) + len(self.done.helps) + len(self.given.order)

    @property
    def facts(self) -> Facts:
        """What figures are computed from."""
        return self.whole.of_counted()

    @property
    def whole(self) -> Facts:
        """With people who do not want to be counted: for what each person is told of themselves."""
        return Facts(
            ids=self.everybody.ids,
            members=self.everybody.members,
            gone=self.everybody.gone,
            kinds=self.kinds,
            channels=self.done.channels,
            affiliations=self.affiliations,
            belongs=self.belongs,
            breaks=self.breaks,
            acts=self.done.acts,
            helps=self.done.helps,
            recognitions=self.given.table,
            gives=self.given.gives,
            cites=self.cites,
            decisions=self.given.decisions,
            questions=self.questions,
            uptakes=_uptakes(self.taken_up, self.done, self.everybody.rows),
        )


def facts_of(session: Session, community: Community) -> Facts:
    """Everything that figures of a community are computed from."""
    return read(session, community).facts


def known_of(memory: Memory, session: Session, community: Community) -> Columns:
    """All of it, as it is known now: what the memory has, read on, or read anew."""
    before: Columns | None = memory.get((Columns, community.id))
    known = read(session, community) if before is None else read_on(session, community, before)
    memory.put((Columns, community.id), known, known.rows)
    return known


def read(session: Session, community: Community) -> Columns:
    """All of it, as it is known now."""
    seq = session.exec(select(Chain.seq).where(Chain.community == community.id)).first() or 0
    kinds = _kinds(session, community)
    numbers = {kind.key: number for number, kind in enumerate(kinds)}
    everybody = registry.registry(session, community.id)
    names, belongs = registry.affiliations(session, community.id, everybody.rows)
    ended = revoked(session, community.id)
    given = honours(session, community.id, everybody.rows, numbers, ended)
    done = deeds(session, community.id, everybody.rows, numbers)
    return Columns(
        seq,
        kinds,
        everybody,
        names,
        belongs,
        registry.breaks(session, community.id, everybody.rows),
        done,
        given,
        given.cites(done.order, done.urls),
        ended,
        _questions(session, community, everybody.counted),
        _taken_up(session, community),
    )


def read_on(session: Session, community: Community, known: Columns) -> Columns:
    """The same as `read`, given what was known before: of what is only added, no more than that is read."""
    happened = happenings.since(session, community.id, known.seq)
    if happened is None:
        return read(session, community)
    if happened.kinds:
        kinds = _kinds(session, community)
        if kinds[: len(known.kinds)] != known.kinds:
            return read(session, community)
        known = replace(known, kinds=kinds)
    if happened.contributions:
        known = _done_since(session, community, known, happened)
    if happened.recognitions:
        known = _given_since(session, community, known, happened)
    if happened.board:
        known = replace(
            known,
            questions=_questions(session, community, known.everybody.counted),
            taken_up=_taken_up(session, community),
        )
    if happened.breaks:
        known = replace(known, breaks=registry.breaks(session, community.id, known.everybody.rows))
    return replace(known, seq=happened.seq)


def _done_since(session: Session, community: Community, known: Columns, happened: Happened) -> Columns:
    """With the contributions that were recorded, or have become otherwise."""
    before, some = known.done, happened.contributions
    fresh = deeds(session, community.id, known.everybody.rows, known.numbers, some)
    gone = before.order.find(ids_of(some))
    gone = gone[gone != NONE]
    move = before.order.changed(gone, fresh.order)
    done = before.changed(move, fresh)
    cited = np.isin(known.cites.contribution, gone).any()
    if cited or known.given.may_rest_on(fresh.order, fresh.urls):
        return replace(known, done=done, cites=known.given.cites(done.order, done.urls))
    return replace(known, done=done, cites=move.referring(known.cites, "contribution"))


def _given_since(session: Session, community: Community, known: Columns, happened: Happened) -> Columns:
    """With the recognitions that were given, or have become otherwise."""
    ended = known.ended | happened.revoked
    some = concerned(session, happened.recognitions, known.given.order)
    fresh = honours(session, community.id, known.everybody.rows, known.numbers, ended, some)
    given, move = known.given.changed(some, fresh)
    cites = move.hung(known.cites, fresh.cites(known.done.order, known.done.urls), "recognition")
    return replace(known, given=given, cites=cites, ended=ended)


def _kinds(session: Session, community: Community) -> tuple[Kind, ...]:
    chosen = select(ContributionType.key, ContributionType.created_at).where(
        ContributionType.community_id == community.id
    )
    added = {key: instant(at) for key, at in session.exec(chosen).all()}
    return tuple(
        Kind.of(
            kind.key,
            kind.mode,
            kind.cycles,
            (area.value for area in kind.care_areas),
            kind.potential.value,
            added.get(kind.key, -NEVER),
        )
        for kind in types.known(session, community).values()
    )


def _questions(session: Session, community: Community, rows: Mapping[UUID, int]) -> Questions:
    """What was asked on the board. An answer is none that the asker gave, a bot, or who does not want to be counted."""
    columns = (Need.asker_id, Need.asked_at, Need.answered_at, Need.answered_by)
    asked = sa.select(*map(col, columns)).where(
        col(Need.community_id) == community.id,
        col(Need.kind) == NeedKind.question,
        col(Need.state) != NeedState.withdrawn,
    )
    found = []
    for asker, at, answered, by in session.execute(asked).all():
        if asker in rows:
            by_another = answered is not None and (by is None or rows.get(by, rows[asker]) != rows[asker])
            found.append((instant(at), rows[asker], instant(answered) if answered and by_another else NEVER))
    return Questions.of((asker, at, answered) for at, asker, answered in sorted(found))


@dataclass(frozen=True)
class _TakenUp:
    """Something that others took up, as far as it counts."""

    at: int
    between: bool
    """Whether in another community."""
    contribution: UUID | None
    author: UUID | None
    """Of the story, if it is one."""


def _taken_up(session: Session, community: Community) -> tuple[_TakenUp, ...]:
    found = []
    for one in session.exec(counting(community).order_by(col(Uptake.happened_at), col(Uptake.id))).all():
        story = session.get(Story, one.story_id) if one.story_id is not None else None
        between = one.place_kind is PlaceKind.community
        found.append(
            _TakenUp(instant(one.happened_at), between, one.contribution_id, story.author_id if story else None)
        )
    return tuple(found)


def _uptakes(taken_up: tuple[_TakenUp, ...], done: Deeds, rows: Mapping[UUID, int]) -> Uptakes:
    """For each, the people whose work it was: who did the contribution, else who told the story."""
    ids = [one.contribution for one in taken_up if one.contribution is not None]
    place = dict(zip(ids, done.order.find(ids_of(ids)).tolist(), strict=True))
    found = []
    for one in taken_up:
        if one.contribution is None:
            people = [rows[one.author]] if one.author is not None and one.author in rows else []
        else:
            its = place[one.contribution]
            first, last = np.searchsorted(done.acts.contribution, [its, its + 1])
            people = done.acts.person[first:last].tolist() if its != NONE else []
        found += [(person, one.at, 1, one.between) for person in people]
    return Uptakes.of(found)
