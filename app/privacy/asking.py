"""Use-cases: somebody who has left, and so has no token, reaches what is kept of them by a letter to their address.

Anybody may ask, so the door does the same for every address, and a job finds out whose it was: neither the answer nor
the time it takes says who was a member.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, delete, func, or_, select

from app.kit.deps import Runtime
from app.kit.errors import Conflict, Gone, NotFound
from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.members.addresses import address_key, holder
from app.members.rules import digest
from app.members.tables import Address, Community, Member
from app.privacy.letters import send_link
from app.privacy.tables import DataLink, DataRequest

LINK_LASTS = timedelta(days=1)
MOST = 3
"""Links that somebody is sent within a day, whoever asks for them."""
AT_ONCE = 100


class NoMailHere(Conflict):
    """No mail goes out from this installation."""

    code = "no-mail-here"
    fix = "Ask the community's stewards: they can erase what is kept of somebody who has left."


class NoSuchDataLink(NotFound):
    """Nobody has this link, or what it led to was erased."""

    code = "no-such-data-link"
    fix = "Open the link exactly as it stands in the letter."


class DataLinkOver(Gone):
    """This link is too old, or its member has come back."""

    code = "data-link-over"
    fix = "POST /v1/communities/{c}/data-requests sends another one; who is a member uses their token."


def ask(session: Session, community: Community, email: str, *, runtime: Runtime, on: Occasion) -> None:
    """Puts down that somebody asks for a letter to a canonical address. Raises `NoMailHere`.

    Whose it is, `answer` finds out: this takes as long for an address that was nobody's.
    """
    if runtime.send is None:
        raise NoMailHere(f"So no link is sent. Write to {community.email}.")
    request = DataRequest(id=on.ids.row(), community_id=community.id, at=on.now, sealed=b"")
    request.sealed = runtime.installation.vault.seal(email.encode(), bound_to=_purpose(request))
    session.add(request)


def answer(runtime: Runtime, now: datetime) -> int:
    """Sends the letters that were asked for, to whom they are due, and forgets who asked; how many had."""
    on = Occasion(actor="recipient", now=now, ids=runtime.ids)
    for done in range(AT_ONCE):
        # Each by itself: it locks a member and then a journal, so with two a circle could come of it.
        with runtime.writing() as session:
            waiting = select(DataRequest).order_by(col(DataRequest.id)).limit(1).with_for_update(skip_locked=True)
            request = session.exec(waiting).one_or_none()
            if request is None:
                return done
            if runtime.send is not None and request.at > now - LINK_LASTS:
                _send(session, request, at=runtime.installation, on=on)
            session.delete(request)
    return AT_ONCE


def _send(session: Session, request: DataRequest, *, at: Installation, on: Occasion) -> None:
    """Sends a link to an address, if it was that of somebody as they left.

    An address that was given to them afterwards does not count: others may have given it. Nor does one that is another
    member's by now: an office has its address, and whoever holds it next.
    """
    community = session.get_one(Community, request.community_id)
    email = at.vault.open(request.sealed, bound_to=_purpose(request)).decode()
    member = _departed(session, community.id, address_key(community.id, email, at=at))
    if member is None or holder(session, community.id, email) not in {None, member}:
        return
    # Nobody else counts what they are sent meanwhile.
    session.exec(select(Member.id).where(Member.id == member).with_for_update(key_share=True)).one()
    theirs = col(DataLink.member_id) == member
    session.exec(delete(DataLink).where(theirs, col(DataLink.ends_at) <= on.now))
    if session.exec(select(func.count()).select_from(DataLink).where(theirs)).one() >= MOST:
        return
    secret = on.ids.secret()
    session.add(
        DataLink(id=on.ids.row(), member_id=member, digest=digest(secret), at=on.now, ends_at=on.now + LINK_LASTS)
    )
    session.flush()
    send_link(session, email, community, f"{at.public_url}/data/{secret}", at=at, on=on)
    on.record(session, community.id, "member.data_asked", member)


def member_behind(session: Session, secret: str, *, on: Occasion, lock: bool = False) -> Member:
    """Whose data a link leads to. Raises `NoSuchDataLink`, `DataLinkOver`."""
    chosen = select(DataLink).where(DataLink.digest == digest(secret))
    link = session.exec(chosen.with_for_update() if lock else chosen).one_or_none()
    if link is None:
        raise NoSuchDataLink("It leads nowhere.")
    member = session.get_one(Member, link.member_id)
    if link.ends_at <= on.now or member.left_at is None:
        raise DataLinkOver("It was good for a day, for somebody who had left.")
    return member


def _departed(session: Session, community: UUID, key: str) -> UUID | None:
    """Whoever has left and had an address with this key when they did; the last of several."""
    had = select(Address.member_id).join(Member, col(Member.id) == Address.member_id)
    had = had.where(
        Address.community_id == community,
        Address.key == key,
        col(Address.valid_since) <= col(Member.left_at),
        or_(col(Address.ended_at).is_(None), col(Address.ended_at) >= col(Member.left_at)),
    )
    return session.exec(had.order_by(col(Address.valid_since).desc()).limit(1)).first()


def _purpose(request: DataRequest) -> str:
    return f"data-request/{request.id}"
