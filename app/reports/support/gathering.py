"""Reads what a report is made of: figures as they were published, waves as they were told, and ids of words."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session, col, select

from app.contributions.reading import uncounted
from app.kit.suppression import USUAL_K, enough
from app.members.links import accounts_of
from app.members.tables import Community
from app.metrics import maturing, periods, results
from app.metrics.formulas.maturity import Stage
from app.metrics.periods import Window, instant
from app.metrics.tables import Published
from app.metrics.telling import Teller, Times, Tree
from app.reports.support.figures import Figures, Snapshot
from app.reports.support.material import About, Asked, Counts, Material, Stories, Unquoted
from app.stories import matrix
from app.stories.effort import service as effort
from app.stories.needs.rules import NeedState
from app.stories.needs.tables import Need
from app.stories.rules import Audience, counts
from app.stories.tables import Story
from app.stories.uptake import service as uptake
from app.stories.uptake.rules import PlaceKind
from app.stories.uptake.tables import Uptake
from app.surveys import service
from app.surveys.tables import Note, Remark, RemarkState, Wave, WaveState

BEFORE: Final = 8
"""Earlier periods that are looked at."""
MOST: Final = 50
"""Of each kind of words that are quoted: the newest."""


def gathered(session: Session, community: Community, window: Window) -> Material:
    """All that is known of a period, whose figures have been published."""
    period = periods.name_of(window)
    snapshots = _snapshots(session, community, [period])
    taken = session.exec(uptake.counting(community, window.start, window.end).order_by(col(Uptake.id))).all()
    waves, earlier_waves = _waves(session, community, window)
    told, notes = _quoted(session, community, window), _notes(session, community, window)
    remarks = _remarks(session, [wave.id for wave in waves])
    quoted = [(id, wave) for id, wave, state, _ in remarks if state == RemarkState.quoted]
    said = maturing.override_of(session, community)
    kinds: Mapping[str, Sequence[Any]] = {"stories": told, "remarks": quoted, "notes": notes, "uptake": taken}
    return Material(
        about=About(community.slug, community.name, community.description, community.url),
        window=window,
        period=period,
        snapshots=snapshots,
        now=_figures(window, snapshots),
        before=_before(session, community, window),
        stories=Stories(_by_cycle(session, community, window), _ids(told, Audience.public)),
        counts=_counts(session, community, window, taken),
        waves=waves,
        earlier_waves=earlier_waves,
        stages=_stages(session, community, window),
        stewards_say=said.stage if said is not None else None,
        effort=effort.told_of(session, community.id, window.start.date(), window.end.date()),
        remarks=[id for id, _ in quoted[:MOST]],
        unquoted=[_unquoted(wave, remarks) for wave in waves],
        notes=[id for id, n in notes if enough(n, k=USUAL_K)][:MOST],
        few_notes=sum(not enough(n, k=USUAL_K) for _, n in notes),
        beyond=[kind for kind, rows in kinds.items() if len(rows) > MOST],
        inside={
            "stories": [str(id) for id in _ids(told, Audience.community)],
            "uptake": [str(each.id) for each in taken[:MOST]],
            "stage_said_at": said.said_at.isoformat() if said is not None else None,
        },
        k=USUAL_K,
    )


def _snapshots(session: Session, community: Community, names: Sequence[str]) -> list[Snapshot]:
    chosen = select(Published).where(Published.community_id == community.id, col(Published.period).in_(names))
    rows = session.exec(chosen.order_by(col(Published.ends_at), col(Published.id))).all()
    return [Snapshot(row.id, row.family.value, row.period, row.sha256, results.read(row.body)) for row in rows]


def _before(session: Session, community: Community, window: Window) -> list[Figures]:
    earlier = {periods.name_of(each): each for each in periods.back(window, BEFORE + 1)[:-1]}
    by_period: dict[str, list[Snapshot]] = {name: [] for name in earlier}
    for snapshot in _snapshots(session, community, list(earlier)):
        by_period[snapshot.period].append(snapshot)
    return [_figures(earlier[name], those) for name, those in by_period.items() if those]


def _figures(window: Window, snapshots: Sequence[Snapshot]) -> Figures:
    by_id = {one.metric: one for each in snapshots for one in each.results}
    return Figures(window, periods.name_of(window), by_id)


def _waves(session: Session, community: Community, window: Window) -> tuple[list[Asked], list[Asked]]:
    """Those that closed in the window, and those before."""
    chosen = service.waves(community).where(Wave.state == WaveState.closed, Wave.closes_on < window.end.date())
    rows = session.exec(chosen.order_by(col(Wave.closes_on), col(Wave.id))).all()
    found = [
        Asked(
            row.id,
            row.name,
            service.instrument_of(service.survey_by_id(session, community, row.survey_id)).name,
            row.closes_on,
            service.results_of(row),
        )
        for row in rows
    ]
    begun = window.start.date()
    return [one for one in found if one.closed_on >= begun], [one for one in found if one.closed_on < begun]


def _stages(session: Session, community: Community, window: Window) -> list[tuple[str, Stage]]:
    rows = [row for row in maturing.history(session, community) if row.ends_at <= window.end]
    return [(row.period, row.stage) for row in reversed(rows[:BEFORE])]


def _by_cycle(session: Session, community: Community, window: Window) -> Mapping[int, int | None]:
    counted, _ = matrix.counted(session, community, window.end)
    return counts(counted)


def _quoted(session: Session, community: Community, window: Window) -> list[tuple[UUID, Audience]]:
    """Those told in the window whose authors let them be quoted, newest first."""
    chosen = select(Story).where(
        Story.community_id == community.id,
        col(Story.withdrawn_at).is_(None),
        col(Story.may_quote).is_(True),
        Story.audience != Audience.stewards,
        Story.told_at >= window.start,
        Story.told_at < window.end,
    )
    rows = session.exec(chosen.order_by(col(Story.row).desc()).limit(MOST + 1)).all()
    return [(row.id, row.audience) for row in rows]


def _ids(told: Sequence[tuple[UUID, Audience]], audience: Audience) -> list[UUID]:
    return [id for id, of in told[:MOST] if of is audience]


def _remarks(session: Session, waves: Sequence[UUID]) -> Sequence[tuple[UUID, UUID, str, bool]]:
    """Of each its id, wave, state, and whether it may be quoted."""
    chosen = select(Remark.id, Remark.wave_id, Remark.state, Remark.may_quote).where(col(Remark.wave_id).in_(waves))
    return session.exec(chosen.order_by(col(Remark.id))).all()


def _unquoted(wave: Asked, remarks: Sequence[tuple[UUID, UUID, str, bool]]) -> Unquoted:
    """How many of a wave are not quoted: told where both numbers, of which members know the sum, are k at least; that
    there are none is not told apart from few."""
    of_wave = [(state, may) for _, id, state, may in remarks if id == wave.id]
    quoted = sum(state == RemarkState.quoted for state, _ in of_wave)
    kept = sum(not may for _, may in of_wave)
    rest = len(of_wave) - quoted - kept
    safe = enough(min(rest, kept), k=USUAL_K)
    return Unquoted(wave.id, wave.name, quoted, *((rest, kept) if safe else (None, None)))


def _notes(session: Session, community: Community, window: Window) -> Sequence[tuple[UUID, int]]:
    """Of each conversation the id, and how many took part."""
    chosen = select(Note.id, Note.n).where(
        Note.community_id == community.id, Note.held_on >= window.start.date(), Note.held_on < window.end.date()
    )
    return session.exec(chosen.order_by(col(Note.held_on), col(Note.id))).all()


def _counts(session: Session, community: Community, window: Window, taken: Sequence[Uptake]) -> Counts:
    """What is counted for the report alone."""
    needs = session.exec(select(Need).where(Need.community_id == community.id)).all()
    asked = [(each.asked_at, each.asker_id) for each in needs if each.state is not NeedState.withdrawn]
    answered = [(at, by) for each in needs if (at := each.answered_at) and (by := each.answered_by)]
    tree: Tree = {
        "uptake": {
            "all": len(taken),
            "communities": sum(each.place_kind is PlaceKind.community for each in taken),
        },
        "needs": {
            "asked": _of_people(session, community, window, asked),
            "answered": _of_people(session, community, window, answered),
        },
    }
    teller = Teller(USUAL_K, 0)
    told = teller.tell(tree)
    return Counts(told, tuple(teller.withheld))


def _of_people(session: Session, community: Community, window: Window, done: Sequence[tuple[datetime, UUID]]) -> Times:
    """How much of it was in the window, of those who want to be counted."""
    persons = accounts_of(session, community.id, {member for _, member in done})
    left_out = {persons[member] for member in uncounted(session, list(persons))}
    start, end = window.seconds
    each = Counter(
        persons[member] for at, member in done if start <= instant(at) < end and persons[member] not in left_out
    )
    return Times(each.total(), len(each), max(each.values(), default=0))
