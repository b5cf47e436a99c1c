"""What there is to tell of a week: which things, by their ids, and counts that may be told."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from app.contributions.listing import effective
from app.contributions.tables import Contribution
from app.credentials.tables import Credential
from app.members.auth import Caller
from app.members.rules import Role
from app.members.tables import Community
from app.metrics import notes, periods, results
from app.metrics.facts import Facts
from app.metrics.families import Family
from app.metrics.lifecycle import CONVENING
from app.metrics.periods import Window
from app.metrics.publishing import POLICY
from app.metrics.tables import Published
from app.nominations.doors import mine_as
from app.nominations.sight import Relation
from app.nominations.tables import Nomination
from app.reports.digest.introducing import newcomers
from app.reports.digest.recognised import INSIDE, accepted, celebrated
from app.reports.digest.rules import PROMPTS_OVER, Contents, Named, Prompts, raised, stagnant, told
from app.reports.digest.tables import Digest
from app.stories.needs.rules import NeedState
from app.stories.needs.tables import Need
from app.stories.rules import Audience
from app.stories.tables import Story


def contents_of(session: Session, community: Community, week: Window, facts: Facts) -> Contents:
    """What there is to tell of a week, as it is now."""
    known = facts.until(week.seconds[1])
    return Contents(
        recognitions=Named.of(_recognised(session, community.id, week)),
        stories=Named.of(session.exec(_stories(community.id, week)).all()),
        gatherings=Named.of(session.exec(_gatherings(community.id, week)).all()),
        asked=Named.of(session.exec(_needs(community.id, week, col(Need.asked_at))).all()),
        answered=Named.of(session.exec(_needs(community.id, week, col(Need.answered_at))).all()),
        newcomers=Named.of([member.id for member in session.exec(newcomers(community.id, week)).all()]),
        to_second=tuple(session.exec(_to_second(community.id)).all()),
        open_needs=session.exec(
            select(func.count()).where(
                Need.community_id == community.id, Need.state == NeedState.open, Need.asked_at < week.end
            )
        ).one(),
        joined=_joined(session, community.id, week),
        returned=told(len({person for person, _ in notes.returned(known, week, POLICY)}), k=POLICY.k),
    )


def _recognised(session: Session, community: UUID, week: Window) -> list[UUID]:
    """What was accepted in the week and is shown to others."""
    rows = session.exec(
        accepted(community)
        .where(col(Credential.awarded_at) >= week.start, col(Credential.awarded_at) < week.end)
        .order_by(col(Credential.awarded_at), col(Credential.row))
    ).all()
    return list(celebrated(session, rows, INSIDE, "", now=week.end))


def _stories(community: UUID, week: Window) -> SelectOfScalar[UUID]:
    return (
        select(Story.id)
        .where(
            Story.community_id == community,
            Story.audience != Audience.stewards,
            col(Story.withdrawn_at).is_(None),
            Story.told_at >= week.start,
            Story.told_at < week.end,
        )
        .order_by(col(Story.row))
    )


def _gatherings(community: UUID, week: Window) -> SelectOfScalar[UUID]:
    held = effective(community).where(
        col(Contribution.type).in_(CONVENING),
        Contribution.occurred_at >= week.start,
        Contribution.occurred_at < week.end,
    )
    ids: SelectOfScalar[UUID] = held.with_only_columns(col(Contribution.id))  # type: ignore[assignment]
    return ids.order_by(col(Contribution.occurred_at), col(Contribution.id))


def _needs(community: UUID, week: Window, at: Mapped[datetime] | Mapped[datetime | None]) -> SelectOfScalar[UUID]:
    rows = select(Need.id).where(Need.community_id == community, Need.state != NeedState.withdrawn)
    return rows.where(at >= week.start, at < week.end).order_by(at, col(Need.id))


def _to_second(community: UUID) -> SelectOfScalar[UUID]:
    """The nominations that are open to everybody; who is welcome to each is asked when somebody reads."""
    anybody = Caller("system", Role.member, community, None, frozenset())
    rows = select(Nomination.id).where(mine_as(anybody, {Relation.welcome}))
    return rows.order_by(col(Nomination.row))


def _joined(session: Session, community: UUID, week: Window) -> int | None:
    """As the figures of the week say: nothing is counted here that those keep to themselves."""
    body = session.exec(
        select(Published.body).where(
            Published.community_id == community,
            Published.family == Family.participation,
            Published.period == periods.name_of(week),
        )
    ).one()
    growth = next(one for one in results.read(body) if one.metric == "P1")
    changes = growth.value.get("changes") if isinstance(growth.value, dict) else None
    joined = changes.get("joined") if isinstance(changes, dict) else None
    return joined if isinstance(joined, int) else None


def prompts_of(session: Session, community: UUID, week: Window, facts: Facts) -> Prompts:
    """What stewards are told besides, of a quarter of a year up to the end of the week."""
    window = Window(week.end - PROMPTS_OVER, week.end)
    known = facts.until(window.seconds[1])
    looks = notes.stagnation(known, window, CONVENING)
    now = stagnant(nobody_new=looks.nobody_new, leans_on_one=looks.leans_on is not None)
    last = periods.name_of(periods.previous(week))
    before = session.exec(
        select(Digest.prompts).where(Digest.community_id == community, Digest.week == last)
    ).one_or_none()
    return Prompts(
        since=window.start,
        until=window.end,
        unsung=told(len(notes.unsung(known, window)), k=POLICY.k),
        stagnant=now,
        new=raised(now, before["stagnant"] if before is not None else None),
    )
