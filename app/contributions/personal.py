"""What this capability keeps of a member: what they did, by their id or accounts of theirs, and what they reported."""

from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, delete, select

from app.contributions.naming import EMAIL
from app.contributions.tables import Contribution, CountedAgain, Credit, Uncounted
from app.kit.personal import Kept, Leaving, Part
from app.members.tables import Address, Identity


def _hold(session: Session, leaving: Leaving) -> None:
    theirs = select(Contribution.id).where(_concerning(leaving.member)).order_by(col(Contribution.id))
    session.exec(theirs.with_for_update()).all()


def _erase(session: Session, leaving: Leaving) -> None:
    """What they did stays, as an id's that says nothing: accounts of theirs go, but for those that are another's too,
    and of what they did alone the words and addresses. Of the keys of all of it only digests stay, by which what is
    delivered again is known."""
    member = leaving.member
    mine = session.exec(select(Contribution.id).where(_concerning(member))).all()
    session.execute(
        sa.update(Credit)
        .where(_by_account(member), ~_anothers(member))
        .values(member_id=member, platform=None, account=None)
    )
    with_others = sa.select(col(Credit.contribution_id)).where(
        sa.or_(col(Credit.member_id).is_(None), col(Credit.member_id) != member)
    )
    alone = sa.and_(col(Contribution.id).in_(mine), col(Contribution.id).not_in(with_others))
    session.execute(sa.update(Contribution).where(alone).values(url=None, title=None, channel=None, reason=None))
    session.execute(sa.update(Contribution).where(col(Contribution.id).in_(mine)).values(dedupe_key=None))
    session.exec(delete(Uncounted).where(col(Uncounted.member_id) == member))
    session.exec(delete(CountedAgain).where(col(CountedAgain.member_id) == member))


def _by_account(member: UUID) -> sa.ColumnElement[bool]:
    """Of a credit: that it names an account, or an address, that is or was theirs."""
    linked = sa.exists().where(
        col(Identity.member_id) == member,
        col(Identity.community_id) == col(Credit.community_id),
        col(Identity.platform) == col(Credit.platform),
        col(Identity.canonical) == col(Credit.account),
    )
    held = sa.exists().where(
        col(Address.member_id) == member,
        col(Address.community_id) == col(Credit.community_id),
        col(Address.valid_since).is_not(None),
        col(Address.key) == col(Credit.account),
        sa.or_(col(Address.ended_at).is_(None), col(Credit.occurred_at) < col(Address.ended_at)),
    )
    return sa.or_(linked, sa.and_(col(Credit.platform) == EMAIL, held))


def _anothers(member: UUID) -> sa.ColumnElement[bool]:
    """Of a credit: that its account is another member's as well."""
    return sa.exists().where(
        col(Identity.member_id) != member,
        col(Identity.community_id) == col(Credit.community_id),
        col(Identity.platform) == col(Credit.platform),
        col(Identity.canonical) == col(Credit.account),
    )


def _theirs(member: UUID) -> sa.ColumnElement[bool]:
    return sa.or_(col(Credit.member_id) == member, _by_account(member))


def _concerning(member: UUID) -> sa.ColumnElement[bool]:
    """Those that they are credited with, and those that they reported."""
    credited = sa.select(col(Credit.contribution_id)).where(_theirs(member))
    return sa.or_(col(Contribution.id).in_(credited), col(Contribution.recorded_by) == str(member))


PART = Part(
    kept=(
        Kept(Contribution, which=_concerning, without=frozenset({"holding", "dedupe_key"})),
        Kept(Credit, ("member_id",), which=_theirs),
        Kept(Uncounted, ("member_id",)),
        Kept(CountedAgain, ("member_id",)),
    ),
    hold=_hold,
    erase=_erase,
)
