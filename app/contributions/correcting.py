"""Use-cases: what was wrong about a contribution is said in another; what should not be there is taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.contributions import kinds
from app.contributions.listing import contribution_by_id
from app.contributions.reading import account_of
from app.contributions.reporting import NotRecorded
from app.contributions.rules import Credited, Fault, Named, Report, fault, misnamed
from app.contributions.tables import Contribution, Credit
from app.contributions.writing import credits_of, holders_of, holding_of, named, row_of, told_of
from app.kit.errors import Conflict
from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.kit.prepared import insert
from app.members.tables import Community


class ContributionEnded(Conflict):
    """This contribution is not in force any more."""

    code = "contribution-ended"
    fix = "If it was corrected, `corrected_by` names the one that took its place; what was taken back is reported anew."


def correct(
    session: Session,
    community: Community,
    id: UUID,
    changes: Mapping[str, Any],
    *,
    reason: str,
    credits: Sequence[Credited] | None = None,
    at: Installation,
    on: Occasion,
    only_with: UUID | None = None,
) -> Contribution:
    """Another contribution in the stead of one: `changes` are fields of its `Report`, `credits` whom it names instead.

    Raises `NoSuchContribution`, `ContributionEnded`, `NotRecorded`.
    """
    row = _in_force(session, community.id, id)
    kept = _credits(session, row)
    # 1. What it says from now on, and whether it may.
    before = _reported(row)
    after = replace(before, credits=tuple(credits or ()), **changes)
    after_credits = kept if credits is None else named(session, community.id, [after], at=at)[0]
    found = fault(after, kinds.in_use(session, community), now=on.now)
    if isinstance(after_credits, Fault):
        raise NotRecorded(found or after_credits)
    if wrong := found or misnamed(after_credits, only_with):
        raise NotRecorded(wrong)
    # 2. It takes the place, and the key, of the one before.
    holding = row.holding
    row.superseded_at, row.reason, row.holding = on.now, reason, None
    _ended(session, row)
    new = on.ids.row()
    insert(session, Contribution, row_of(community.id, new, after, holding=holding, on=on, corrects=row.id))
    insert(session, Credit, *credits_of(community.id, new, after, after_credits))
    told = told_of(after, after_credits, holders_of(session, community.id, after_credits))
    on.record(session, community.id, "contribution.corrected", new, told | {"corrects": str(row.id)})
    return session.get_one(Contribution, new)


def retract(
    session: Session, community: Community, id: UUID, *, reason: str, for_good: bool, on: Occasion
) -> Contribution:
    """Takes a contribution back. `for_good`: what is reported under its key again is refused; else it is recorded anew,
    as where a platform says that something was undone. Raises `NoSuchContribution`, `ContributionEnded`.
    """
    row = _in_force(session, community.id, id)
    row.retracted_at, row.reason = on.now, reason
    if not for_good:
        row.holding = None
    _ended(session, row)
    credits = _credits(session, row)
    told = told_of(_reported(row), credits, holders_of(session, community.id, credits))
    on.record(session, community.id, "contribution.retracted", row.id, told)
    return row


def undo(
    session: Session, community: Community, source: str, dedupe_key: str, *, reason: str, on: Occasion
) -> Contribution | None:
    """Takes back what a source has reported under a key, since it says that it was undone; None if that is nothing.

    Reported again, it is recorded anew.
    """
    holds = col(Contribution.holding) == holding_of(community.id, source, dedupe_key)
    chosen = select(Contribution.id).where(holds, col(Contribution.retracted_at).is_(None))
    id = session.exec(chosen.with_for_update()).one_or_none()
    return None if id is None else retract(session, community, id, reason=reason, for_good=False, on=on)


def _in_force(session: Session, community: UUID, id: UUID) -> Contribution:
    """One, which nobody else changes meanwhile. Raises `NoSuchContribution`, `ContributionEnded`."""
    row = contribution_by_id(session, community, id, lock=True)
    if row.superseded_at is not None or row.retracted_at is not None:
        raise ContributionEnded("It was corrected." if row.retracted_at is None else "It was taken back.")
    return row


def _ended(session: Session, row: Contribution) -> None:
    session.add(row)
    session.flush()
    its = col(Credit.contribution_id) == row.id
    session.execute(sa.update(Credit).where(its).values(in_force=False))


def _credits(session: Session, row: Contribution) -> list[Named]:
    its = select(Credit).where(Credit.contribution_id == row.id).order_by(col(Credit.position))
    found = []
    for credit in session.exec(its).all():
        who = credit.member_id or account_of(credit)
        assert who is not None  # noqa: S101  a constraint says so
        found.append(Named(credit.side, credit.role, who))
    return found


def _reported(row: Contribution) -> Report:
    """What it says, but for whom it credits."""
    return Report(
        type=row.type,
        occurred_at=row.occurred_at,
        credits=(),
        source=row.source,
        dedupe_key=row.dedupe_key,
        ends_at=row.ends_at,
        url=row.url,
        title=row.title,
        channel=row.channel,
        evidence_digest=row.evidence_digest,
        loop=row.loop,
    )
