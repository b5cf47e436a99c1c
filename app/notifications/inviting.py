"""Letters to people who are no members: that they were nominated, and the link by which they answer."""

from datetime import datetime

from app.achievements.service import version_of
from app.kit.deps import Runtime
from app.kit.occasions import Occasion
from app.members.tables import Community
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


def _body(name: str | None, community: Community, achievement: str, link: str) -> str:
    return (
        f"Hello{f' {name}' if name else ''},\n\n"
        f"people of {community.name} ({community.url}) nominated you for “{achievement}”. Nothing of this is public,\n"
        "and nothing becomes so unless you say yes.\n\n"
        f"What they wrote, the badge that would come of it, and your answer, once:\n{link}\n\n"
        "You can leave sentences out, choose who sees it, or say no: nobody is told why, and if you wish it,\n"
        "nobody here can ask you again. If you do not answer, nothing happens.\n"
    )
