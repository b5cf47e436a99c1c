"""Letters to people who are no members: that they were nominated, and the link by which they answer."""

from datetime import datetime

from app.achievements.service import version_of
from app.kit.deps import Runtime
from app.kit.occasions import Occasion
from app.members import address_letters
from app.members.tables import Community, Member
from app.nominations.offering import letter_of, letter_sent, letters_due
from app.nominations.tables import Nomination
from app.notifications.service import enqueue

AT_ONCE = 20


def send_offers(runtime: Runtime, now: datetime) -> int:
    """Has the letters sent that are due; how many. From then on the link is in the letter alone."""
    if runtime.send is None:
        return 0
    at, on = runtime.installation, Occasion(actor="system", now=now, ids=runtime.ids)
    with runtime.writing() as session:
        due = letters_due(session, limit=AT_ONCE)
        for nominee in due:
            letter = letter_of(nominee, at=at)
            if letter is not None:
                contact, secret = letter
                nomination = session.get_one(Nomination, nominee.nomination_id)
                community = session.get_one(Community, nomination.community_id)
                version = version_of(session, nomination.achievement_id, nomination.achievement_version)
                enqueue(
                    session,
                    to=contact.email,
                    subject=f"{community.name} would like to thank you",
                    body=_body(contact.name, community, version.name, f"{at.public_url}/offers/{secret}"),
                    community_id=community.id,
                    nominee=nominee.id,
                    on=on,
                    at=at,
                )
            letter_sent(session, nominee)
        return len(due)


def send_proofs(runtime: Runtime, now: datetime) -> int:
    """Has the letters sent that are about addresses of members; how many."""
    if runtime.send is None:
        return 0
    at, on = runtime.installation, Occasion(actor="system", now=now, ids=runtime.ids)
    with runtime.writing() as session:
        due = address_letters.due(session, limit=AT_ONCE)
        for letter in due:
            words = address_letters.opened(letter, at=at)
            community, member = (
                session.get_one(Community, letter.community_id),
                session.get_one(Member, letter.member_id),
            )
            link = f"{at.public_url}/emails/{words.secret}" if words.secret is not None else None
            subject, body = _asking(community, member, link) if link is not None else _notice(community, member)
            enqueue(session, to=words.to, subject=subject, body=body, community_id=community.id, on=on, at=at)
            address_letters.sent(session, letter)
        return len(due)


def _asking(community: Community, member: Member, link: str) -> tuple[str, str]:
    return (
        f"Is this your address at {community.name}?",
        f"Hello,\n\n{member.name} of {community.name} ({community.url}) is said to read mail at this address.\n\n"
        f"If that is you, say so here, within three days:\n{link}\n\n"
        "Until then nothing is sent here, and nothing counts as yours by this address. If it is not you, do nothing.\n",
    )


def _notice(community: Community, member: Member) -> tuple[str, str]:
    return (
        f"{community.name} writes to another address from now on",
        f"Hello {member.name},\n\nthis is no longer the address at which {community.name} ({community.url})\n"
        "writes to you: another one has taken its place, or it was given up. If that was you, all is well.\n\n"
        "If it was not, somebody may be acting in your name: tell the stewards now, who can end your tokens.\n"
        "No offer to you can be answered for 72 hours after your first address has changed.\n",
    )


def _body(name: str | None, community: Community, achievement: str, link: str) -> str:
    return (
        f"Hello{f' {name}' if name else ''},\n\n"
        f"people of {community.name} ({community.url}) nominated you for “{achievement}”. Nothing of this is public,\n"
        "and nothing becomes so unless you say yes.\n\n"
        f"What they wrote, the badge that would come of it, and your answer, once:\n{link}\n\n"
        "You can leave sentences out, choose who sees it, or say no: nobody is told why, and if you wish it,\n"
        "nobody here can ask you again. If you do not answer, nothing happens.\n"
    )
