"""Letters about what is for one person alone: the links by which they reach it, and that it was erased."""

from sqlmodel import Session

from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.members.addresses import valid_emails
from app.members.tables import Community, Member
from app.notifications.service import enqueue


def send_link(session: Session, to: str, community: Community, link: str, *, at: Installation, on: Occasion) -> None:
    """Has the link sent to whoever asked for it at this canonical address."""
    body = (
        f"Hello,\n\nsomebody asked what {community.name} ({community.url}) keeps of you, who were a member. If it was\n"
        f"you, read it here, or have it erased, within a day:\n{link}\n\n"
        "If it was not you, do nothing: the link is in this letter alone.\n"
    )
    subject = f"What {community.name} keeps of you"
    enqueue(session, to=to, subject=subject, body=body, community_id=community.id, on=on, at=at)


def send_token_link(session: Session, to: str, member: Member, link: str, *, at: Installation, on: Occasion) -> None:
    """Has the link sent by which a member gets a token of their own."""
    community = session.get_one(Community, member.community_id)
    body = (
        f"Hello {member.name},\n\na token of your own for {community.name} ({community.url}) was asked for, with one\n"
        f"that speaks for you. If it was you, get it here within a day, once:\n{link}\n\n"
        "It opens what is for you alone, so keep it to yourself. If it was not you, do nothing, and tell the\n"
        f"stewards ({community.email}): somebody else has a token of yours.\n"
    )
    subject = f"A token of your own for {community.name}"
    enqueue(session, to=to, subject=subject, body=body, community_id=community.id, on=on, at=at)


def tell_erased(session: Session, member: Member, *, revoked: bool, at: Installation, on: Occasion) -> None:
    """Has it told to all addresses that count as theirs: the last that is sent there, while they are still known."""
    community = session.get_one(Community, member.community_id)
    who = "with a token or a link of yours" if on.actor == str(member.id) else "by a steward, as it says at your wish"
    fate = "were revoked, and are shown to nobody" if revoked else "stay as they are, and verify"
    body = (
        f"Hello,\n\nwhat {community.name} ({community.url}) kept of you was erased on {on.now:%d %B %Y}, {who}:\n"
        "your name, your addresses, your accounts, what you wrote and what you chose. Your tokens have ended.\n"
        f"Badges that were signed for you {fate}.\n\n"
        f"It cannot be undone. If you did not want it, tell {community.email}, and whoever runs {at.public_url}.\n"
        "This is the last letter to this address.\n"
    )
    subject = f"{community.name} has erased what it kept of you"
    for to in valid_emails(session, member.id):
        enqueue(session, to=to, subject=subject, body=body, community_id=community.id, on=on, at=at)
