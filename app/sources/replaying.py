"""Use-case: looking again at what is kept, once rules have changed: what would be otherwise is said before it is so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.contributions import correcting
from app.contributions.naming import in_batches
from app.contributions.tables import Contribution
from app.contributions.writing import holding_of
from app.kit.errors import AppError
from app.kit.installation import Installation
from app.kit.leases import Stage
from app.kit.occasions import Occasion
from app.members.tables import Community
from app.sources.events import Noted, WouldRecord
from app.sources.looking import told_by
from app.sources.paths import MOST_LOOKS, Looks, TooMuchInIt
from app.sources.rulebook import rules_of
from app.sources.tables import Inbound, Source

MOST = 500
"""Deliveries at once."""
_LOOKS = 10 * MOST_LOOKS
"""At all of them, since somebody waits for the answer."""


@dataclass(frozen=True)
class Difference:
    """What a delivery would come to otherwise than it did."""

    delivery: UUID
    rule: str | None
    is_new: bool
    """Whether it would be recorded and is not; else it is, and would not be."""
    type: str
    contribution: UUID | None = None


@dataclass(frozen=True)
class Replay:
    """Deliveries, and what would be otherwise."""

    deliveries: Sequence[Inbound]
    differences: Sequence[Difference]
    unchanged: int
    """Contributions that stay as they are."""
    unreadable: int
    """Deliveries that cannot be looked at under these rules."""


def chosen(session: Session, source: Source, ids: Sequence[UUID], since: datetime | None) -> Sequence[Inbound]:
    """Those deliveries of a source whose bodies are still kept; the newest, if they are more than `MOST`."""
    rows = select(Inbound).where(Inbound.source_id == source.id, col(Inbound.sealed).is_not(None))
    rows = rows.where(col(Inbound.stage) != Stage.waiting)
    if ids:
        rows = rows.where(col(Inbound.id).in_(ids))
    if since is not None:
        rows = rows.where(col(Inbound.received_at) >= since)
    return list(reversed(session.exec(rows.order_by(col(Inbound.id).desc()).limit(MOST)).all()))


def compared(
    session: Session, community: Community, source: Source, inbounds: Sequence[Inbound], *, at: Installation
) -> Replay:
    """What these would come to under the rules in force, beside what they came to. Gatherings are left out of it."""
    rules, unreadable = rules_of(session, source), 0
    would: list[tuple[Inbound, WouldRecord]] = []
    untouched: set[UUID] = set()
    left = _LOOKS
    for inbound in inbounds:
        looks = Looks(min(MOST_LOOKS, left))
        left -= looks.left
        try:
            made = told_by(rules, source, inbound, vault=at.vault, looks=looks)
        except (TooMuchInIt, AppError):
            unreadable += 1
            untouched.add(inbound.id)
            continue
        finally:
            left += max(looks.left, 0)
        if any(isinstance(one, Noted) for one in made):
            untouched.add(inbound.id)
        would += [(inbound, one) for one in made if isinstance(one, WouldRecord)]
    holding = {one.dedupe: holding_of(community.id, f"source:{source.id}", one.dedupe) for _, one in would}
    known = _known(session, list(holding.values()))
    new = {one.dedupe: (inbound, one) for inbound, one in reversed(would) if holding[one.dedupe] not in known}
    differences = [Difference(inbound.id, one.rule, True, one.type) for inbound, one in new.values()]
    recorded = {UUID(each["contribution"]): inbound for inbound in inbounds if inbound.id not in untouched
                for each in inbound.came_to if each.get("contribution")}  # fmt: skip
    still = {known[each].id for each in holding.values() if each in known}
    gone = _in_force(session, [id for id in recorded if id not in still])
    differences += [Difference(recorded[row.id].id, None, False, row.type, row.id) for row in gone]
    return Replay(inbounds, differences, len(still), unreadable)


def replay(session: Session, community: Community, found: Replay, *, take_back: bool, on: Occasion) -> None:
    """Has deliveries looked into again; what they would not come to any more is taken back, if that is wanted."""
    again = {"stage": Stage.waiting, "due_at": on.now, "attempts": 0, "ended_at": None}
    for some in in_batches([inbound.id for inbound in found.deliveries]):
        waiting = sa.update(Inbound).where(col(Inbound.id).in_(some), col(Inbound.stage) != Stage.waiting)
        session.execute(waiting.values(again), execution_options={"synchronize_session": False})
    gone = [one.contribution for one in found.differences if one.contribution is not None] if take_back else []
    for id in sorted(gone):
        correcting.retract(session, community, id, reason="the rules of its source changed", for_good=False, on=on)


def _known(session: Session, holding: Sequence[str]) -> dict[str, Contribution]:
    found: dict[str, Contribution] = {}
    for some in in_batches(holding):
        rows = select(Contribution).where(col(Contribution.holding).in_(some))
        found |= {str(row.holding): row for row in session.exec(rows).all()}
    return found


def _in_force(session: Session, ids: Sequence[UUID]) -> list[Contribution]:
    found: list[Contribution] = []
    for some in in_batches(ids):
        rows = select(Contribution).where(
            col(Contribution.id).in_(some),
            col(Contribution.retracted_at).is_(None),
            col(Contribution.superseded_at).is_(None),
        )
        found += session.exec(rows.order_by(col(Contribution.id))).all()
    return found
