"""Lists of contributions, for those who may see them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.contributions import naming
from app.contributions.reading import of_persons
from app.contributions.tables import Contribution, Credit
from app.kit.errors import NotFound
from app.members.links import accounts_of
from app.members.service import member_named
from app.members.tables import Address, Community, Identity


class NoSuchContribution(NotFound):
    """There is no such contribution in this community."""

    code = "no-such-contribution"
    fix = "GET …/contributions lists them."


def effective(community: UUID) -> SelectOfScalar[Contribution]:
    """Those in force: neither corrected nor taken back."""
    return select(Contribution).where(
        Contribution.community_id == community,
        col(Contribution.superseded_at).is_(None),
        col(Contribution.retracted_at).is_(None),
    )


@dataclass(frozen=True)
class Wanted:
    """Which contributions somebody wants to see."""

    type: str | None = None
    source: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    unclaimed: bool = False
    """Only those that credit an account that is nobody's."""
    ended: bool = False
    """Those too that are not in force."""


def wanted(
    session: Session, community: UUID, those: Wanted, persons: Collection[UUID] | None
) -> SelectOfScalar[Contribution]:
    """Contributions of a community; with `persons`, those that credit these members or accounts of theirs."""
    rows = select(Contribution).where(Contribution.community_id == community) if those.ended else effective(community)
    if those.type is not None:
        rows = rows.where(Contribution.type == those.type)
    if those.source is not None:
        rows = rows.where(Contribution.source == those.source)
    if those.since is not None:
        rows = rows.where(Contribution.occurred_at >= those.since)
    if those.until is not None:
        rows = rows.where(Contribution.occurred_at < those.until)
    if those.unclaimed:
        rows = rows.where(unclaimed())
    if persons is not None:
        theirs = select(Credit.contribution_id).where(of_persons(session, community, persons))
        rows = rows.where(col(Contribution.id).in_(theirs))
    return rows


def memberships(session: Session, community: Community, named: str) -> frozenset[UUID]:
    """All members who are the one person that a handle or id names. Raises `NoSuchMember`."""
    member = member_named(session, community, named).id
    return frozenset(accounts_of(session, community.id, [member]))


def contribution_by_id(session: Session, community: UUID, id: UUID, *, lock: bool = False) -> Contribution:
    """One, in force or not. Raises `NoSuchContribution`."""
    chosen = select(Contribution).where(Contribution.id == id, Contribution.community_id == community)
    found = session.exec(chosen.with_for_update() if lock else chosen).one_or_none()
    if found is None:
        raise NoSuchContribution(f"There is no contribution {id}.")
    return found


def unclaimed() -> sa.ColumnElement[bool]:
    """Of a contribution: that it credits an account that is nobody's here."""
    linked = sa.exists().where(
        col(Identity.community_id) == col(Credit.community_id),
        col(Identity.platform) == col(Credit.platform),
        col(Identity.canonical) == col(Credit.account),
    )
    held = sa.exists().where(
        col(Address.community_id) == col(Credit.community_id),
        col(Address.key) == col(Credit.account),
        col(Address.valid_since).is_not(None),
        col(Credit.platform) == naming.EMAIL,
    )
    nobodys = sa.and_(col(Credit.account).is_not(None), ~linked, ~held)
    return sa.exists().where(col(Credit.contribution_id) == col(Contribution.id), nobodys)
