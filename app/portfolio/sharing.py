"""Use-cases: a member shows some of their badges to whoever has a link, until it ends."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, func, select

from app.kit.deps import Runtime
from app.kit.errors import Conflict, Forbidden, Gone, Invalid, NotFound
from app.kit.ids import id_in
from app.kit.occasions import Occasion
from app.members.rules import digest
from app.members.tables import Member
from app.portfolio.choosing import check, lock
from app.portfolio.shelf import Shelf, shelf_shared
from app.portfolio.tables import PortfolioLink

LONGEST = timedelta(days=731)
MOST_OPEN = 50
"""Links of one member that are open at a time."""


class NoSuchLink(NotFound):
    """There is no such link to a portfolio."""

    code = "no-such-portfolio-link"
    fix = "Check the address; it is whole only with everything after the last slash."


class LinkEnded(Gone):
    """This link to a portfolio has ended, or was taken back."""

    code = "link-ended"
    fix = "Ask who sent it for another."


class TooManyLinks(Conflict):
    """You have as many open links as there may be."""

    code = "too-many-links"
    fix = "Take back one that is not needed any more."


@dataclass(frozen=True)
class Made:
    """A link, and the secret in it, which is kept by nobody."""

    link: PortfolioLink
    secret: str


def share(
    session: Session,
    member: Member,
    *,
    title: str | None,
    items: tuple[UUID, ...] | None,
    ends_at: datetime,
    on: Occasion,
) -> Made:
    """A link to these badges, or to what everybody sees.

    Raises `Forbidden` for minors, who have no public page, `Invalid`, and `TooManyLinks`.
    """
    if member.minor:
        raise Forbidden("What a minor earned stays private.", fix="Show it in person.")
    if not on.now < ends_at <= on.now + LONGEST:
        raise Invalid(errors=[{"pointer": "/ends_at", "message": f"is to come, and in at most {LONGEST.days} days"}])
    lock(session, member)
    if items is not None:
        check(session, member, items)
    open_ones = (
        select(func.count())
        .select_from(PortfolioLink)
        .where(
            PortfolioLink.member_id == member.id,
            col(PortfolioLink.revoked_at).is_(None),
            col(PortfolioLink.ends_at) > on.now,
        )
    )
    if session.exec(open_ones).one() >= MOST_OPEN:
        raise TooManyLinks(f"{MOST_OPEN} are open.")
    secret = on.ids.secret()
    link = PortfolioLink(
        id=on.ids.row(),
        member_id=member.id,
        digest=digest(secret),
        title=title,
        items=None if items is None else [str(id) for id in items],
        made_at=on.now,
        ends_at=ends_at,
    )
    session.add(link)
    session.flush()
    told = {"link": str(link.id), "items": None if items is None else len(items)}
    on.record(session, member.community_id, "portfolio.shared", member.id, told)
    return Made(link, secret)


def link_of(session: Session, member: Member, id: str) -> PortfolioLink:
    """A link of a member's. Raises `NoSuchLink`."""
    known = id_in(id)
    link = session.get(PortfolioLink, known) if known else None
    if link is None or link.member_id != member.id:
        raise NoSuchLink(f"There is no link {id} of yours.")
    return link


def take_back(session: Session, member: Member, id: str, *, on: Occasion) -> PortfolioLink:
    """Ends a link at once; one that has ended stays as it is. Raises `NoSuchLink`."""
    lock(session, member)
    link = link_of(session, member, id)
    if link.revoked_at is None:
        link.revoked_at = on.now
        session.add(link)
        session.flush()
        on.record(session, member.community_id, "portfolio.link_revoked", member.id, {"link": str(link.id)})
    return link


def shelf_behind(session: Session, secret: str, *, runtime: Runtime, now: datetime) -> Shelf:
    """What the holder of a link sees. Raises `NoSuchLink`, `LinkEnded`."""
    link = session.exec(select(PortfolioLink).where(PortfolioLink.digest == digest(secret))).one_or_none()
    if link is None:
        raise NoSuchLink("Nobody has made this link.")
    member = session.get_one(Member, link.member_id)
    over = link.revoked_at is not None or link.ends_at <= now
    if over or member.minor or member.left_at is not None:
        raise LinkEnded("It is not known any more what was behind it.")
    items = None if link.items is None else tuple(UUID(each) for each in link.items)
    return shelf_shared(session, member, title=link.title, items=items, runtime=runtime, now=now)
