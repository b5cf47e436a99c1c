"""Use-cases: a member has their community's weeks told to their feed reader, which sends no token.

The address holds a secret, of which only the digest is kept. Whoever has it reads what the member may, of those things
that are told to members; what stewards alone are told stays out, since many readers are services of others.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, delete, select

from app.kit.errors import NotFound
from app.kit.occasions import Occasion
from app.members.auth import Caller
from app.members.rules import Role, digest
from app.members.tables import Community, Member
from app.reports.digest import service
from app.reports.digest.service import Told
from app.reports.digest.tables import Digest, DigestFeed

NEWEST = 8
"""Weeks."""


class NoSuchDigestFeed(NotFound):
    """There is no feed at this address, or it has ended."""

    code = "no-such-digest-feed"
    fix = "Make another address with POST /v1/me/digest-feed, and give that to your feed reader."


def made_at(session: Session, member: UUID) -> datetime | None:
    """Since when a member has an address for their feed reader; None where they have none."""
    row = session.get(DigestFeed, member)
    return row.made_at if row is not None else None


def make(session: Session, member: UUID, *, on: Occasion) -> str:
    """The secret of a new address. The one before ends."""
    secret = on.ids.secret()
    session.exec(delete(DigestFeed).where(col(DigestFeed.member_id) == member))
    session.add(DigestFeed(member_id=member, digest=digest(secret), made_at=on.now))
    session.flush()
    _record(session, member, "made", on)
    return secret


def end(session: Session, member: UUID, *, on: Occasion) -> None:
    """Ends the address, if there is one."""
    if session.exec(delete(DigestFeed).where(col(DigestFeed.member_id) == member)).rowcount:
        _record(session, member, "ended", on)


def behind(session: Session, secret: str, *, public_url: str, now: datetime) -> tuple[Community, Sequence[Told]]:
    """The newest weeks, as whoever's address this is may know them today. Raises `NoSuchDigestFeed`."""
    theirs = select(Member).join(DigestFeed, col(DigestFeed.member_id) == Member.id)
    found = theirs.where(DigestFeed.digest == digest(secret), col(Member.left_at).is_(None))
    member = session.exec(found).one_or_none()
    if member is None:
        raise NoSuchDigestFeed("Nobody has it.")
    community = session.get_one(Community, member.community_id)
    reader = Caller(str(member.id), Role.member, community.id, member.id, frozenset())
    weeks = session.exec(service.digests(community).order_by(col(Digest.ends_at).desc()).limit(NEWEST)).all()
    return community, [service.told(session, each, reader, public_url=public_url, now=now) for each in weeks]


def _record(session: Session, member: UUID, happened: str, on: Occasion) -> None:
    community = session.get_one(Member, member).community_id
    on.record(session, community, f"digest_feed.{happened}", member)
