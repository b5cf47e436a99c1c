"""Use-cases: somebody records what others took up, a steward looks at the evidence, and it counts."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.contributions.listing import contribution_by_id
from app.kit import journal
from app.kit.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from app.kit.occasions import Occasion
from app.kit.suppression import USUAL_K
from app.members.communities.tables import CommunityProfile
from app.members.person import canonical_affiliation
from app.members.rules import Onlooker
from app.members.service import community_by_slug
from app.members.tables import Community, Member
from app.stories.rules import month_of
from app.stories.service import story_by_id
from app.stories.uptake.rules import PlaceKind, State, flaws, state_of
from app.stories.uptake.tables import Uptake


class NoSuchUptake(NotFound):
    """There is no such record of uptake in this community."""

    code = "no-such-uptake"
    fix = "GET …/uptake lists them."


class UptakeSettled(Conflict):
    """This record has been looked at, or was withdrawn."""

    code = "uptake-settled"
    fix = "Record it anew if it was wrong."


class UptakeUnproven(Conflict):
    """This record names no evidence that one could look at."""

    code = "uptake-without-evidence"
    fix = "Record it with `evidence_url` and `evidence_digest`; until then it stays, and does not count."


class OwnUptake(Forbidden):
    """Nobody verifies what they recorded themself."""

    code = "own-uptake"
    fix = "Let another steward look at it."


class NotYourUptake(Forbidden):
    """A record is withdrawn by who made it, or by a steward."""

    code = "not-your-uptake"
    fix = "Ask a steward."


@dataclass(frozen=True)
class Taken:
    """What somebody says was taken up."""

    what: str
    taker: str | None
    place: str
    place_kind: PlaceKind
    place_community: str | None
    """The slug of a community of this installation."""
    outcome: str
    organisational_change: str | None
    happened_at: datetime
    story: UUID | None
    contribution: UUID | None
    evidence_url: str | None
    evidence_digest: str | None


def record(
    session: Session,
    community: Community,
    taken: Taken,
    viewer: Onlooker,
    mine: sa.ColumnElement[bool],
    *,
    on: Occasion,
) -> Uptake:
    """A new record. Raises `Invalid`, `NoSuchCommunity`, `NoSuchStory`, `NoSuchContribution`."""
    found = flaws(
        happened_at=taken.happened_at,
        url=taken.evidence_url,
        digest=taken.evidence_digest,
        place=taken.place_community,
        here=community.slug,
        now=on.now,
    )
    if found:
        raise Invalid(errors=[FieldError(pointer=pointer, message=reason) for pointer, reason in found])
    place = community_by_slug(session, taken.place_community).id if taken.place_community is not None else None
    if taken.story is not None:
        story_by_id(session, community, taken.story, viewer, mine)
    if taken.contribution is not None:
        contribution_by_id(session, community.id, taken.contribution)
    uptake = Uptake(
        id=on.ids.row(),
        community_id=community.id,
        what=taken.what,
        taker=taken.taker,
        place=taken.place,
        place_kind=taken.place_kind,
        place_community_id=place,
        outcome=taken.outcome,
        organisational_change=taken.organisational_change,
        happened_at=taken.happened_at,
        story_id=taken.story,
        contribution_id=taken.contribution,
        evidence_url=taken.evidence_url,
        evidence_digest=taken.evidence_digest,
        recorded_by=on.actor,
        recorded_at=on.now,
    )
    _record(session, uptake, "recorded", on=on, evidence=taken.evidence_digest)
    return uptake


def verify(session: Session, uptake: Uptake, *, on: Occasion) -> None:
    """A steward has looked at the evidence, and it is so. The row is locked.

    Raises `UptakeSettled`, `OwnUptake`, `UptakeUnproven`.
    """
    if state_of(uptake.verified_at, uptake.withdrawn_at) is not State.recorded:
        raise UptakeSettled(f"It is {state_of(uptake.verified_at, uptake.withdrawn_at)}.")
    if uptake.recorded_by == on.actor:
        raise OwnUptake("You recorded it.")
    if uptake.evidence_digest is None:
        raise UptakeUnproven("It has neither an address nor a digest.")
    uptake.verified_by, uptake.verified_at = on.actor, on.now
    _record(session, uptake, "verified", on=on, evidence=uptake.evidence_digest)


def withdraw(session: Session, uptake: Uptake, *, steward: bool, on: Occasion) -> None:
    """Takes a record back, with its words. The row is locked. Raises `UptakeSettled`, `NotYourUptake`."""
    if not steward and uptake.recorded_by != on.actor:
        raise NotYourUptake("Another recorded it.")
    if uptake.withdrawn_at is not None:
        raise UptakeSettled("It is withdrawn.")
    uptake.withdrawn_at = on.now
    uptake.what = uptake.taker = uptake.place = uptake.outcome = uptake.organisational_change = None
    uptake.evidence_url = uptake.evidence_digest = None
    _record(session, uptake, "withdrawn", on=on)


def recorded(community: Community) -> SelectOfScalar[Uptake]:
    """Those of a community that were not withdrawn."""
    return select(Uptake).where(Uptake.community_id == community.id, col(Uptake.withdrawn_at).is_(None))


def counting(
    community: Community, since: datetime | None = None, until: datetime | None = None
) -> SelectOfScalar[Uptake]:
    """Those that count, from `since` on and before `until`, by when it happened."""
    rows = recorded(community).where(col(Uptake.verified_at).is_not(None), col(Uptake.evidence_digest).is_not(None))
    rows = rows.where(Uptake.happened_at >= since) if since is not None else rows
    return rows.where(Uptake.happened_at < until) if until is not None else rows


@dataclass(frozen=True)
class Place:
    """A community in a landscape."""

    id: UUID
    slug: str
    name: str
    domain: str | None
    landscape: str | None


@dataclass(frozen=True)
class Landscape:
    """Communities, and what they took up from each other."""

    places: tuple[Place, ...]
    taken_up: tuple[tuple[UUID, UUID, int], ...]
    """From whom, by whom, and how often; only what counted before `counted_until`."""
    counted_until: datetime


def landscape(session: Session, named: str | None = None, *, now: datetime) -> Landscape:
    """The communities that published a profile, of one landscape if it is named, and what each took up from another.

    Of those with fewer than k people nothing is shown: what is told of a few points at them. What was taken up is told
    as it counted when the month began: a record is often one person's, and nobody is to see when it came or went.
    """
    until = month_of(now)
    here = (
        sa.select(sa.func.count())
        .where(col(Member.community_id) == Community.id, col(Member.left_at).is_(None))
        .scalar_subquery()
    )
    rows = session.exec(
        select(Community, CommunityProfile)
        .join(CommunityProfile, col(CommunityProfile.community_id) == Community.id)
        .where(col(CommunityProfile.public), here >= USUAL_K)
        .order_by(col(Community.slug))
    ).all()
    wanted = None if named is None else canonical_affiliation(named)
    places = tuple(
        Place(community.id, community.slug, community.name, profile.domain, profile.landscape)
        for community, profile in rows
        if wanted is None or canonical_affiliation(profile.landscape or "") == wanted
    )
    shown = {place.id for place in places}
    counted = session.execute(
        sa.select(col(Uptake.community_id), col(Uptake.place_community_id), sa.func.count())
        .where(
            col(Uptake.place_community_id).is_not(None),
            col(Uptake.verified_at) < until,  # which nobody did without evidence; what is withdrawn keeps none
            sa.or_(col(Uptake.withdrawn_at).is_(None), col(Uptake.withdrawn_at) >= until),
        )
        .group_by(col(Uptake.community_id), col(Uptake.place_community_id))
        .order_by(col(Uptake.community_id), col(Uptake.place_community_id))
    ).all()
    return Landscape(places, tuple((a, b, n) for a, b, n in counted if a in shown and b in shown), until)


def uptake_by_id(session: Session, community: Community, id: UUID, *, lock: bool = False) -> Uptake:
    """One, withdrawn or not. Raises `NoSuchUptake`."""
    chosen = select(Uptake).where(Uptake.id == id, Uptake.community_id == community.id)
    found = session.exec(chosen.with_for_update() if lock else chosen).one_or_none()
    if found is None:
        raise NoSuchUptake(f"{community.slug} has no record {id}.")
    return found


def _record(session: Session, uptake: Uptake, happened: str, *, on: Occasion, **said: journal.Datum) -> None:
    session.add(uptake)
    session.flush()
    on.record(session, uptake.community_id, f"uptake.{happened}", uptake.id, said)
