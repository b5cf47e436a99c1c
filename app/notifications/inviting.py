"""Letters to addresses, with links to answer by: of nominations, of requests to vouch, to prove the address, and to who
would come to a community that has not begun.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from sqlmodel import Session

from app.achievements.service import version_of
from app.endorsements import letters, subjects
from app.endorsements.rules import ASKED_FOR
from app.endorsements.tables import EndorsementRequest
from app.kit.deps import Runtime
from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.members import address_letters
from app.members.communities import interest
from app.members.communities.tables import Interest
from app.members.phases import LetterKind
from app.members.tables import Address, AddressLetter, Community, Member
from app.nominations import offering
from app.nominations.tables import Nomination, Nominee
from app.notifications.service import enqueue

AT_ONCE = 20

Row = TypeVar("Row")


def send_offers(runtime: Runtime, now: datetime) -> int:
    """Has the letters sent to those who were nominated by an address; how many."""
    return _send(runtime, now, offering.letters_due, _offer)


def send_requests(runtime: Runtime, now: datetime) -> int:
    """Has the letters sent to those who were asked by their address to vouch for something; how many."""
    return _send(runtime, now, letters.letters_due, _request)


def send_proofs(runtime: Runtime, now: datetime) -> int:
    """Has the letters sent that are about addresses of members; how many."""
    return _send(runtime, now, address_letters.due, _proof)


def send_interest(runtime: Runtime, now: datetime) -> int:
    """Has the letters sent to those who said that they would come to a community; how many."""
    return _send(runtime, now, interest.letters_due, _interest)


def _send(
    runtime: Runtime,
    now: datetime,
    due: Callable[..., list[Row]],
    write: Callable[[Session, Row, Installation, Occasion], None],
) -> int:
    """Has the letters written that are `due`; how many. From then on a link is in its letter alone."""
    if runtime.send is None:
        return 0
    on = Occasion(actor="system", now=now, ids=runtime.ids)
    with runtime.writing() as session:
        found = due(session, limit=AT_ONCE)
        for each in found:
            write(session, each, runtime.installation, on)
        return len(found)


def _offer(session: Session, nominee: Nominee, at: Installation, on: Occasion) -> None:
    letter = offering.letter_of(nominee, at=at)
    if letter is not None:
        contact, secret = letter
        nomination = session.get_one(Nomination, nominee.nomination_id)
        community = session.get_one(Community, nomination.community_id)
        version = version_of(session, nomination.achievement_id, nomination.achievement_version)
        enqueue(
            session,
            to=contact.email,
            subject=f"{community.name} would like to thank you",
            body=_offering(contact.name, community, version.name, f"{at.public_url}/offers/{secret}"),
            community_id=community.id,
            nominee=nominee.id,
            on=on,
            at=at,
        )
    offering.letter_sent(session, nominee)


def _offering(name: str | None, community: Community, achievement: str, link: str) -> str:
    return (
        f"Hello{f' {name}' if name else ''},\n\n"
        f"people of {community.name} ({community.url}) nominated you for “{achievement}”. Nothing of this is public,\n"
        "and nothing becomes so unless you say yes.\n\n"
        f"What they wrote, the badge that would come of it, and your answer, once:\n{link}\n\n"
        "You can leave sentences out, choose who sees it, or say no: nobody is told why, and if you wish it,\n"
        "nobody here can ask you again. If you do not answer, nothing happens.\n"
    )


def _request(session: Session, request: EndorsementRequest, at: Installation, on: Occasion) -> None:
    letter = letters.letter_of(request, at=at)
    if letter is not None:
        contact, secret = letter
        asker = session.get_one(Member, request.asker_id).name
        enqueue(
            session,
            to=contact.email,
            subject=f"{asker} asks for a word of yours",
            body=_requesting(session, request, contact.name, asker, f"{at.public_url}/vouch/{secret}"),
            community_id=request.community_id,
            on=on,
            at=at,
        )
    letters.letter_sent(session, request)


def _requesting(session: Session, request: EndorsementRequest, name: str | None, asker: str, link: str) -> str:
    community = session.get_one(Community, request.community_id)
    what, _ = subjects.described(session, subjects.thing_of(session, request))
    until = request.asked_at + ASKED_FOR
    again = "Once more: " if request.reminders else ""
    said = f"{request.message}\n\n" if request.message else ""
    return (
        f"Hello{f' {name}' if name else ''},\n\n"
        f"{again}{asker} of {community.name} ({community.url}) asks you to vouch for “{what}”, in your own words.\n\n"
        f"{said}"
        f"What it is, and your answer, once, until {until.day} {until:%B %Y}:\n{link}\n\n"
        f"If you do, {community.name} signs it on your behalf, under the name that you give, and it is shown where\n"
        f"“{what}” is. You can also say no: nobody asks you why, and if you wish it, nobody here can ask you again.\n"
        "If you do not answer, nothing happens.\n"
    )


def _proof(session: Session, letter: AddressLetter, at: Installation, on: Occasion) -> None:
    words = address_letters.opened(letter, at=at)
    community = session.get_one(Community, letter.community_id)
    member = session.get_one(Member, letter.member_id)
    link = f"{at.public_url}/emails/{words.secret}" if words.secret is not None else None
    counts = session.get_one(Address, letter.address_id).valid_since is not None
    subject, body = _asking(community, member, link, counts) if link is not None else _notice(community, member)
    enqueue(session, to=words.to, subject=subject, body=body, community_id=community.id, on=on, at=at)
    address_letters.sent(session, letter)


def _asking(community: Community, member: Member, link: str, counts: bool) -> tuple[str, str]:
    """`counts`: the community stated it as they joined, so that it is theirs before it is proven."""
    until = "Until then nothing is sent here, and nothing counts as yours by this address. If it is not you, do nothing"
    known = f"{community.name} has it as yours and writes here already. If it is not you, tell {community.email}"
    return (
        f"Is this your address at {community.name}?",
        f"Hello,\n\n{member.name} of {community.name} ({community.url}) is said to read mail at this address.\n\n"
        f"If that is you, say so here, within three days:\n{link}\n\n"
        f"{known if counts else until}.\n",
    )


def _notice(community: Community, member: Member) -> tuple[str, str]:
    return (
        f"{community.name} writes to another address from now on",
        f"Hello {member.name},\n\nthis is no longer the address at which {community.name} ({community.url})\n"
        "writes to you: another one has taken its place, or it was given up. If that was you, all is well.\n\n"
        "If it was not, somebody may be acting in your name: tell the stewards now, who can end your tokens.\n"
        "No offer to you can be answered for 72 hours after your first address has changed.\n",
    )


def _interest(session: Session, row: Interest, at: Installation, on: Occasion) -> None:
    letter = interest.letter_of(row, at=at)
    community = session.get_one(Community, row.community_id)
    begun = row.letter is LetterKind.launched
    subject, body = _begun(community) if begun else _would_come(community, f"{at.public_url}/interest/{letter.secret}")
    enqueue(session, to=letter.to, subject=subject, body=body, community_id=community.id, on=on, at=at)
    interest.letter_sent(session, row, at=at)


def _would_come(community: Community, link: str) -> tuple[str, str]:
    return (
        f"Would you come to {community.name}?",
        f"Hello,\n\nsomebody said with this address that they would come to {community.name} ({community.url}), which\n"
        "has not begun yet. If that was you, say so within three days; by the same link you can take it back later:\n"
        f"{link}\n\n"
        "You are counted then, and nobody is shown your address. When it begins you get one more letter.\n"
        "If it was not you, do nothing: nothing is kept.\n",
    )


def _begun(community: Community) -> tuple[str, str]:
    return (
        f"{community.name} has begun",
        f"Hello,\n\nyou said that you would come: {community.name} ({community.url}) has begun. You are not\n"
        f"a member of it yet: write to {community.email}, and its stewards add you.\n\n"
        "This is the last letter. Your address is not kept any more.\n",
    )
