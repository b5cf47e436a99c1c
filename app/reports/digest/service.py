"""Use-cases: a week's round-up is read, in the words of today, as whoever reads it may know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.contributions.listing import effective
from app.contributions.tables import Contribution
from app.credentials.tables import Credential
from app.kit.errors import NotFound
from app.kit.markup import web_link
from app.members.auth import Caller, onlooker
from app.members.rules import Onlooker
from app.members.tables import Community, Member
from app.metrics import periods
from app.metrics.periods import Kind, PeriodNotPublished
from app.nominations.doors import readable, seen_row
from app.nominations.sight import SECONDING, Relation
from app.nominations.tables import Nomination
from app.reports.digest.introducing import introduced
from app.reports.digest.recognised import INSIDE, OUTSIDE, Recognised, celebrated
from app.reports.digest.rules import Contents, Prompts
from app.reports.digest.tables import Digest
from app.stories.needs.rules import NeedState
from app.stories.needs.tables import Need
from app.stories.service import stories
from app.stories.tables import Story


class NoSuchDigest(NotFound):
    """There is no round-up of this week."""

    code = "no-such-digest"
    fix = "A week is put together two days after its end, once its figures are out: GET …/digests lists the weeks."


_A_WEEK = "Name a week that is over: 2025-W43."


@dataclass(frozen=True)
class Thing:
    """Something with a title that happened: a story, a gathering, a need."""

    id: UUID
    title: str
    by: str | None
    """Who told it, where it says so."""
    url: str | None
    at: datetime


@dataclass(frozen=True)
class Told:
    """A week as one reader may know it."""

    digest: Digest
    community: Community
    contents: Contents
    recognised: Sequence[Recognised]
    stories: Sequence[Thing]
    gatherings: Sequence[Thing]
    asked: Sequence[Thing]
    answered: Sequence[Thing]
    newcomers: Sequence[str]
    """The names of those who joined and still agree to be named."""
    to_second: int
    """Nominations of others that the reader may second."""
    open_needs: int | None
    prompts: Prompts | None
    """For stewards."""
    public_url: str


def digests(community: Community) -> SelectOfScalar[Digest]:
    """Every week that was put together."""
    return select(Digest).where(Digest.community_id == community.id)


def digest_by_id(session: Session, community: Community, id: UUID) -> Digest:
    """One. Raises `NoSuchDigest`."""
    found = session.exec(digests(community).where(Digest.id == id)).one_or_none()
    if found is None:
        raise NoSuchDigest(f"{community.slug} has no round-up {id}.")
    return found


def digest_of(session: Session, community: Community, week: str | None, *, now: datetime) -> Digest:
    """That of a week such as `2026-W43`; by default the newest.

    Raises `PeriodNotPublished` of what is no week, `PeriodNotOver`, `NoSuchDigest`.
    """
    chosen = digests(community)
    if week is not None:
        window = periods.parse(week, fix=_A_WEEK)
        if periods.kind_of(window) is not Kind.week:
            raise PeriodNotPublished(f"{week[:20]} is no week.", fix=_A_WEEK)
        chosen = chosen.where(Digest.week == periods.name_of(periods.over(window, now=now)))
    found = session.exec(chosen.order_by(col(Digest.ends_at).desc()).limit(1)).first()
    if found is None:
        raise NoSuchDigest(f"{community.slug} has no round-up{f' of {week}' if week else ''}.")
    return found


def told(session: Session, digest: Digest, caller: Caller, *, public_url: str, now: datetime) -> Told:
    """A week as the caller may know it. What was taken back since is not in it."""
    community = session.get_one(Community, digest.community_id)
    contents, viewer = Contents.from_json(digest.contents), onlooker(caller, None, digest.community_id)
    inside = viewer.fellow or viewer.steward
    needs = _needs(session, [*contents.asked.ids, *contents.answered.ids]) if inside else {}
    there = [needs[id] for id in contents.asked.ids if id in needs]
    answered = [needs[id] for id in contents.answered.ids if id in needs and needs[id].answered_at is not None]
    return Told(
        digest=digest,
        community=community,
        contents=contents,
        recognised=_recognised(session, contents.recognitions.ids, inside, public_url, now),
        stories=_stories(session, community, contents.stories.ids, viewer, caller, public_url),
        gatherings=_gatherings(session, community, contents.gatherings.ids) if inside else [],
        asked=[_need(need, f"{public_url}/v1/communities/{community.slug}/needs/{need.id}") for need in there],
        answered=[_need(need, web_link(need.capture_url or need.answer_url)) for need in answered],
        newcomers=_newcomers(session, community, contents.newcomers.ids) if inside else [],
        to_second=_to_second(session, contents.to_second, caller, now),
        open_needs=contents.open_needs if inside else None,
        prompts=Prompts.from_json(digest.prompts) if viewer.steward else None,
        public_url=public_url,
    )


def _recognised(
    session: Session, ids: Sequence[UUID], inside: bool, public_url: str, now: datetime
) -> list[Recognised]:
    """Those in force that the reader may see: what is for the community, nobody else does."""
    rows = session.exec(select(Credential).where(col(Credential.id).in_(ids))).all()
    found = celebrated(session, rows, INSIDE if inside else OUTSIDE, public_url, now=now)
    return [found[id] for id in ids if id in found]


def _stories(
    session: Session, community: Community, ids: Sequence[UUID], viewer: Onlooker, caller: Caller, public_url: str
) -> list[Thing]:
    """Those that the reader may read because they are told to the community, or to everybody."""
    others = Onlooker(fellow=viewer.fellow or viewer.steward)
    rows = session.exec(
        stories(community, others, sa.false()).where(col(Story.id).in_(ids)).order_by(col(Story.row))
    ).all()
    names = _names(session, [row.author_id for row in rows if row.named])
    return [
        Thing(
            id=row.id,
            title=row.title or "",
            by=names.get(row.author_id) if row.named else None,
            url=f"{public_url}/v1/communities/{community.slug}/stories/{row.id}",
            at=row.told_at,
        )
        for row in rows
    ]


def _gatherings(session: Session, community: Community, ids: Sequence[UUID]) -> list[Thing]:
    """Those that were not taken back; of one that was corrected, what stands in its stead is another."""
    rows = session.exec(effective(community.id).where(col(Contribution.id).in_(ids))).all()
    found = {
        row.id: Thing(row.id, row.title or "A gathering", None, web_link(row.url), row.occurred_at) for row in rows
    }
    return [found[id] for id in ids if id in found]


def _needs(session: Session, ids: Sequence[UUID]) -> Mapping[UUID, Need]:
    """Those that are on the board."""
    rows = select(Need).where(col(Need.id).in_(ids), Need.state != NeedState.withdrawn, col(Need.title).is_not(None))
    return {need.id: need for need in session.exec(rows).all()}


def _need(need: Need, url: str | None) -> Thing:
    return Thing(need.id, need.title or "", None, url, need.asked_at)


def _newcomers(session: Session, community: Community, ids: Sequence[UUID]) -> list[str]:
    rows = session.exec(introduced(community.id).where(col(Member.id).in_(ids))).all()
    return [row.name for row in sorted(rows, key=lambda row: ids.index(row.id))]


def _to_second(session: Session, ids: Sequence[UUID], caller: Caller, now: datetime) -> int:
    """Only those that are still open, and that the reader may second: others might learn that they are nominated."""
    if caller.member is None:
        return 0
    rows = select(Nomination).where(col(Nomination.id).in_(ids), col(Nomination.state).in_(SECONDING), readable(caller))
    found = [seen_row(session, row, caller, now=now) for row in session.exec(rows).all()]
    return sum(
        each is not None and Relation.welcome in each.relations and Relation.seconder not in each.relations
        for each in found
    )


def _names(session: Session, ids: Sequence[UUID]) -> Mapping[UUID, str]:
    return dict(session.exec(select(Member.id, Member.name).where(col(Member.id).in_(ids))).all())
