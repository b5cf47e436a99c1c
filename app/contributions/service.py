"""Use-case: recording what people did, by the thousand, in one transaction."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from app.contributions import kinds, naming
from app.contributions.rules import Fault, Named, Outcome, Report, Span, fault, misnamed
from app.contributions.tables import Contribution, Credit
from app.contributions.writing import credits_of, holders_of, holding_of, named, row_of, told_of
from app.kit.installation import Installation
from app.kit.journal import Datum
from app.kit.occasions import Occasion
from app.kit.prepared import Prepared, insert, insert_absent
from app.members.tables import Community


@dataclass(frozen=True)
class Recorded:
    """What became of a report."""

    outcome: Outcome
    contribution: UUID | None = None
    """The one that it is about, if there is one."""
    fault: Fault | None = None


@dataclass(frozen=True)
class _Draft:
    """A report that can be recorded."""

    place: int
    """In the order in which reports were given."""
    id: UUID
    report: Report
    credits: tuple[Named, ...]
    holding: str | None

    @property
    def span(self) -> Span:
        return Span.of(self.report.occurred_at, self.report.ends_at)


@dataclass
class _Done:
    """What came of some drafts."""

    answers: dict[int, Recorded] = field(default_factory=dict)
    fresh: list[_Draft] = field(default_factory=list)
    longer: dict[str, tuple[UUID, Span]] = field(default_factory=dict)
    """By what they hold: those that turned out to have lasted longer."""


def record(
    session: Session,
    community: Community,
    reports: Sequence[Report],
    *,
    at: Installation,
    on: Occasion,
    only_with: UUID | None = None,
) -> list[Recorded]:
    """Records what was reported; an answer for each, in their order. What is wrong with one is no matter to the others.

    A report under a dedupe key that its source has used before is the same contribution: it may say that it began
    earlier or ended later (as contributors.debian.org does), and changes nothing else. `only_with` is who has to be
    named by each as one who did it.
    """
    answers, drafts = _drafted(session, community, reports, only_with, at=at, on=on)
    done = _taken(session, community, drafts, on=on)
    insert(
        session,
        Credit,
        *(row for draft in done.fresh for row in credits_of(community.id, draft.id, draft.report, draft.credits)),
    )
    _lengthen(session, done)
    _tell(session, community, done, on=on)
    answers |= done.answers
    return [answers[place] for place in range(len(reports))]


def _drafted(
    session: Session,
    community: Community,
    reports: Sequence[Report],
    only_with: UUID | None,
    *,
    at: Installation,
    on: Occasion,
) -> tuple[dict[int, Recorded], list[_Draft]]:
    """What is refused, by its place, and drafts of the rest."""
    types = kinds.in_use(session, community)
    refused, drafts = dict[int, Recorded](), []
    for place, (report, credits) in enumerate(zip(reports, named(session, community.id, reports, at=at), strict=True)):
        found = fault(report, types, now=on.now)
        wrong = found or (credits if isinstance(credits, Fault) else misnamed(credits, only_with))
        if wrong is not None or isinstance(credits, Fault):
            refused[place] = Recorded(Outcome.refused, fault=wrong)
            continue
        key = report.dedupe_key
        holding = None if key is None else holding_of(community.id, report.source, key)
        drafts.append(_Draft(place, on.ids.row(), report, credits, holding))
    return refused, drafts


def _taken(session: Session, community: Community, drafts: Sequence[_Draft], *, on: Occasion) -> _Done:
    """Writes a contribution for each draft that is new; the unique constraint says which are."""
    done, by_key = _Done(), defaultdict[str, list[_Draft]](list)
    for draft in drafts:
        if draft.holding is None:
            done.fresh.append(draft)
        else:
            by_key[draft.holding].append(draft)
    insert(session, Contribution, *(_row(community.id, draft, on) for draft in done.fresh))
    while by_key:
        # In the order of their keys, so that no two who record the same wait for each other.
        first = [by_key[key][0] for key in sorted(by_key)]
        insert_absent(session, Contribution, *(_row(community.id, draft, on) for draft in first))
        for standing in _standing(session, list(by_key)):
            _compare(done, by_key.pop(str(standing.holding)), standing)
        # What is left was given up by another just now: once more.
    done.answers |= {draft.place: Recorded(Outcome.recorded, draft.id) for draft in done.fresh}
    return done


def _row(community: UUID, draft: _Draft, on: Occasion) -> dict[str, Any]:
    return row_of(community, draft.id, draft.report, holding=draft.holding, on=on)


def _standing(session: Session, holding: Sequence[str]) -> list[sa.Row[Any]]:
    """The contributions that hold these keys now."""
    row, found = Contribution, list[sa.Row[Any]]()
    chosen = sa.select(col(row.id), col(row.holding), col(row.occurred_at), col(row.ends_at), col(row.retracted_at))
    for some in naming.in_batches(holding):
        found += session.execute(chosen.where(col(row.holding).in_(some))).all()
    return found


def _compare(done: _Done, drafts: Sequence[_Draft], standing: sa.Row[Any]) -> None:
    """What the reports under one key say of the contribution that holds it."""
    if standing.retracted_at is not None:
        why = Fault("retracted", f"It was taken back on {standing.retracted_at:%Y-%m-%d}, for good.")
        done.answers |= {draft.place: Recorded(Outcome.refused, standing.id, why) for draft in drafts}
        return
    known = span = Span(standing.occurred_at, standing.ends_at)
    for draft in drafts:
        if draft.id == standing.id:
            done.fresh.append(draft)
            continue
        longer = span.over(draft.span)
        outcome = Outcome.duplicate if longer == span else Outcome.extended
        done.answers[draft.place], span = Recorded(outcome, standing.id), longer
    if span != known:
        done.longer[standing.holding] = (standing.id, span)


# Whoever else lengthens the same one is not undone: the database compares.
_CONTRIBUTION, _CREDIT = Contribution.__table__.c, Credit.__table__.c  # type: ignore[attr-defined]
_BEGINS = sa.bindparam("begins", type_=_CONTRIBUTION.occurred_at.type)
_ENDS = sa.bindparam("ends", type_=_CONTRIBUTION.ends_at.type)
_LAST = sa.func.coalesce(_CONTRIBUTION.ends_at, _CONTRIBUTION.occurred_at)
_LONGER = Prepared(
    sa.update(Contribution)
    .where(_CONTRIBUTION.holding == sa.bindparam("holds"))
    .values(
        occurred_at=sa.case((_CONTRIBUTION.occurred_at > _BEGINS, _BEGINS), else_=_CONTRIBUTION.occurred_at),
        ends_at=sa.case((_LAST < _ENDS, _ENDS), else_=_CONTRIBUTION.ends_at),
        first_occurred_at=sa.func.coalesce(_CONTRIBUTION.first_occurred_at, _CONTRIBUTION.occurred_at),
        first_ends_at=sa.case(
            (_CONTRIBUTION.first_occurred_at.is_(None), _CONTRIBUTION.ends_at), else_=_CONTRIBUTION.first_ends_at
        ),
    )
)
_EARLIER = Prepared(
    sa.update(Credit)
    .where(
        _CREDIT.contribution_id.in_(sa.select(_CONTRIBUTION.id).where(_CONTRIBUTION.holding == sa.bindparam("holds"))),
        _CREDIT.occurred_at > _BEGINS,
    )
    .values(occurred_at=_BEGINS)
)


def _lengthen(session: Session, done: _Done) -> None:
    spans = [
        {"holds": holding, "begins": span.begins, "ends": span.ends}
        for holding, (_, span) in sorted(done.longer.items())
    ]
    _LONGER.many(session, spans)
    _EARLIER.many(session, spans)


def _tell(session: Session, community: Community, done: _Done, *, on: Occasion) -> None:
    """What the journal is told of each: who did it, as far as they are members now, and where it is known from."""
    holders = holders_of(session, community.id, (credit for draft in done.fresh for credit in draft.credits))
    happened = list[tuple[str, UUID, dict[str, Datum]]]()
    for draft in sorted(done.fresh, key=lambda draft: draft.place):
        happened.append(("contribution.recorded", draft.id, told_of(draft.report, draft.credits, holders)))
    fresh = {draft.id for draft in done.fresh}
    longer = sorted(id for id, _ in done.longer.values() if id not in fresh)
    happened += [("contribution.extended", id, {}) for id in longer]
    if happened:
        on.record_all(session, community.id, happened)
