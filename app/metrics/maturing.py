"""Use-cases: the stage of a community is estimated when a quarter is over, and stewards say what they think it is."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import orjson
import rfc8785
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.kit.errors import NotFound
from app.kit.journal import Event, hold
from app.kit.occasions import Occasion
from app.kit.prepared import insert_if_absent
from app.members.communities.charters import profile_of, versions
from app.members.communities.tables import Charter
from app.members.tables import Community
from app.metrics import lifecycle, periods, results
from app.metrics.formulas.maturity import Quarter, Stage, checks, settled, stage_of
from app.metrics.periods import Window
from app.metrics.policy import Policy
from app.metrics.tables import MaturityOverride, MaturityQuarter

LOOKS_BACK = 2
"""Quarters before that a rule may look at."""
SHOWN = 40
"""Quarters that are shown as the history: ten years."""


class NoStageYet(NotFound):
    """No stage of this quarter has been estimated."""

    code = "no-such-stage"
    fix = "A stage is estimated two days after each quarter: GET …/maturity/quarters lists them."


class NoOverride(NotFound):
    """Stewards have not said what the stage is."""

    code = "no-such-override"
    fix = "PUT …/maturity/override says one, with the reason."


def keep(
    session: Session, community: Community, window: Window, seen: Quarter, facts: str, policy: Policy, *, on: Occasion
) -> None:
    """Writes down the stage of a quarter of which `seen` is known from what people did. Once: unique keys decide."""
    now = _placed(session, community, window, seen)
    before = session.exec(quarters(community).order_by(col(MaturityQuarter.ends_at).desc()).limit(LOOKS_BACK)).all()
    in_a_row = list(adjoining(before, window.start))
    known = [*(Quarter.kept(row.seen) for row in reversed(in_a_row)), now]
    looks_like = stage_of(known, policy)
    body = rfc8785.dumps([results.rounded(asdict(check)) for check in checks(known, policy)])
    row = MaturityQuarter(
        id=on.ids.row(),
        community_id=community.id,
        period=periods.name_of(window),
        starts_at=window.start,
        ends_at=window.end,
        stage=settled(before[0].stage if before else None, in_a_row[0].looks_like if in_a_row else None, looks_like),
        looks_like=looks_like,
        seen=asdict(now),
        body=body,
        sha256=sha256(body).hexdigest(),
        policy=policy.digest,
        facts=facts,
        made_at=on.now,
    )
    if insert_if_absent(session, row):
        said = {"period": row.period, "stage": row.stage.value, "sha256": row.sha256}
        on.record(session, community.id, "maturity.estimated", row.id, said)


def adjoining(before: Iterable[MaturityQuarter], start: datetime) -> Iterator[MaturityQuarter]:
    """Of these quarters, the newest first, those that end where the next begins: none from before a pause."""
    for row in before:
        if row.ends_at != start:
            return
        yield row
        start = row.starts_at


def _placed(session: Session, community: Community, window: Window, seen: Quarter) -> Quarter:
    """With what the community had agreed on by the end of the quarter."""
    profile = profile_of(session, community)
    planned = max(1, window.days // profile.rhythm_days) if profile.rhythm_days else None
    charter, before = _charter(session, community, window.end), _charter(session, community, window.start)
    new_purpose = charter is not None and before is not None and charter.purpose != before.purpose
    return replace(
        seen,
        rhythm=lifecycle.rhythm(seen.held, planned),
        chartered=charter is not None,
        changing=new_purpose or _ends(session, community, window.end),
    )


def _charter(session: Session, community: Community, at: datetime) -> Charter | None:
    """The one that stood at an instant."""
    newest = versions(community).where(col(Charter.adopted_at) < at).order_by(col(Charter.number).desc())
    return session.exec(newest.limit(1)).first()


def _ends(session: Session, community: Community, at: datetime) -> bool:
    """Whether an end had been set at an instant, and not been taken back: the journal knows."""
    said = select(Event).where(
        Event.community == community.id,
        col(Event.type).in_(("community.end_set", "community.archived", "community.reopened")),
        Event.occurred_at < at,
    )
    last = session.exec(said.order_by(col(Event.seq).desc()).limit(1)).first()
    if last is None or last.type == "community.reopened":
        return False
    return last.type == "community.archived" or last.data["ends_at"] is not None


def quarters(community: Community) -> SelectOfScalar[MaturityQuarter]:
    """Those of which a stage was estimated."""
    return select(MaturityQuarter).where(MaturityQuarter.community_id == community.id)


def history(session: Session, community: Community) -> Sequence[MaturityQuarter]:
    """The last ten years of them, newest first."""
    return session.exec(quarters(community).order_by(col(MaturityQuarter.ends_at).desc()).limit(SHOWN)).all()


def quarter_of(session: Session, community: Community, period: str) -> MaturityQuarter:
    """That of a name such as `2026-Q3`. Raises `NoStageYet`."""
    found = session.exec(quarters(community).where(MaturityQuarter.period == period)).one_or_none()
    if found is None:
        raise NoStageYet(f"{community.slug} has none of {period[:20]!r}.")
    return found


def checks_of(row: MaturityQuarter) -> list[dict[str, Any]]:
    """Each rule as it was applied."""
    found: list[dict[str, Any]] = orjson.loads(row.body)
    return found


def override_of(session: Session, community: Community) -> MaturityOverride | None:
    """What stewards say; None while they say nothing."""
    return session.get(MaturityOverride, community.id)


def override(session: Session, community: Community, stage: Stage, reason: str, *, on: Occasion) -> MaturityOverride:
    """Stewards say what the stage is. The estimate stays, and is shown beside it."""
    _held(session, community.id)
    said = MaturityOverride(community_id=community.id, stage=stage, reason=reason, said_at=on.now)
    row = session.merge(said)
    session.flush()
    on.record(session, community.id, "maturity.overridden", community.id, {"stage": stage.value})
    return row


def withdraw_override(session: Session, community: Community, *, on: Occasion) -> None:
    """Has the estimate stand alone again. Raises `NoOverride`."""
    row = _held(session, community.id)
    if row is None:
        raise NoOverride(f"{community.slug} has none.")
    session.delete(row)
    session.flush()
    on.record(session, community.id, "maturity.override_withdrawn", community.id)


def _held(session: Session, community: UUID) -> MaturityOverride | None:
    """What is said by now; whoever else would say something waits."""
    hold(session, community)
    chosen = select(MaturityOverride).where(MaturityOverride.community_id == community)
    return session.exec(chosen.execution_options(populate_existing=True)).one_or_none()
