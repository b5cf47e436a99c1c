"""Use-cases: a member chooses what their portfolio shows."""

from uuid import UUID

from sqlmodel import Session, col, select

from app.credentials.rules import SIGNED
from app.credentials.tables import Credential, Recipient
from app.kit.errors import FieldError, Forbidden, Invalid, NotFound
from app.kit.ids import id_in
from app.kit.occasions import Occasion
from app.members.auth import Caller, is_recipient
from app.members.tables import Member
from app.portfolio.rules import Reveal, Wanted, repeated
from app.portfolio.tables import ImportedBadge, PortfolioChoice


class NoSuchPortfolio(NotFound):
    """There is no such portfolio, or none that you may see."""

    code = "no-such-portfolio"
    fix = "Ask by the id of a member; strangers see it once a badge in it is public."


MYSELF = "me"
"""Stands for the id of the member who calls."""


def owner_named(session: Session, id: str, viewer: Caller | None) -> Member:
    """The member of this id; whoever calls, by `me`. Raises `NoSuchPortfolio`."""
    known = viewer.member if viewer is not None and id == MYSELF else id_in(id)
    member = session.get(Member, known) if known else None
    if member is None:
        raise NoSuchPortfolio(f"Nobody has the id {id}.")
    return member


def own(session: Session, id: str, caller: Caller) -> Member:
    """The member, if they are calling. Raises `NoSuchPortfolio`, `Forbidden`."""
    member = owner_named(session, id, caller)
    if is_recipient(caller, member.id):
        return member
    if caller.within(member.community_id):
        raise Forbidden("Only its owner says what a portfolio shows.", fix="Use the member's own token.")
    raise NoSuchPortfolio(f"Nobody has the id {id}.")


def chosen(session: Session, member: Member) -> Wanted:
    """What a member shows; what everybody does who has not chosen anything."""
    row = session.get(PortfolioChoice, member.id)
    if row is None:
        return Wanted()
    return Wanted(
        title=row.title,
        summary=row.summary,
        reveal=tuple(Reveal(each) for each in row.reveal),
        items=None if row.items is None else tuple(UUID(each) for each in row.items),
        indexed=row.indexed,
    )


def choose(session: Session, member: Member, wanted: Wanted, *, on: Occasion) -> Wanted:
    """Shows what is wanted from now on. Raises `Invalid` for badges that are not theirs, or named twice."""
    lock(session, member)
    if wanted.items is not None:
        check(session, member, wanted.items)
    row = session.get(PortfolioChoice, member.id, populate_existing=True)
    if row is None:
        row = PortfolioChoice(member_id=member.id, reveal=[], changed_at=on.now)
    row.title, row.summary, row.indexed = wanted.title, wanted.summary, wanted.indexed
    row.reveal = [each.value for each in wanted.reveal]
    row.items = None if wanted.items is None else [str(id) for id in wanted.items]
    row.changed_at = on.now
    session.add(row)
    session.flush()
    told = {"items": None if wanted.items is None else len(wanted.items), "reveal": sorted(row.reveal)}
    on.record(session, member.community_id, "portfolio.chosen", member.id, told)
    return wanted


def lock(session: Session, member: Member) -> None:
    """Who changes two things at once does so one after the other; nobody who only refers to the member waits."""
    session.exec(select(Member.id).where(Member.id == member.id).with_for_update(key_share=True)).one()


def held(session: Session, member: Member) -> list[UUID]:
    """Every signed badge of a member, the newest first."""
    theirs = select(Credential.id).join(Recipient, col(Recipient.id) == Credential.recipient_id)
    theirs = theirs.where(Recipient.member_id == member.id, col(Credential.state).in_(SIGNED))
    return list(session.exec(theirs.order_by(col(Credential.row).desc())).all())


def check(session: Session, member: Member, items: tuple[UUID, ...]) -> None:
    """Raises `Invalid` for badges that are not the member's, or named twice."""
    brought = select(ImportedBadge.id).where(ImportedBadge.member_id == member.id)
    there = {*held(session, member), *session.exec(brought).all()}
    unknown = "is no signed badge of yours, and none that you have imported"
    wrong = {place: unknown for place, id in enumerate(items) if id not in there}
    wrong |= dict.fromkeys(repeated(items), "is named twice")
    if wrong:
        told: list[FieldError] = [
            {"pointer": f"/items/{place}", "message": why} for place, why in sorted(wrong.items())[:20]
        ]
        raise Invalid(errors=told)
