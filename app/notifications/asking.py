"""Letters to people who were asked to vouch for something by their address, with the link by which they answer."""

from datetime import datetime

from sqlmodel import Session

from app.endorsements import subjects
from app.endorsements.letters import letter_of, letter_sent, letters_due
from app.endorsements.rules import ASKED_FOR
from app.endorsements.tables import EndorsementRequest
from app.kit.deps import Runtime
from app.kit.occasions import Occasion
from app.members.tables import Community, Member
from app.notifications.service import enqueue

AT_ONCE = 20


def send_requests(runtime: Runtime, now: datetime) -> int:
    """Has the letters sent that are due; how many. From then on the link is in the letter alone."""
    if runtime.send is None:
        return 0
    at, on = runtime.installation, Occasion(actor="system", now=now, ids=runtime.ids)
    with runtime.writing() as session:
        due = letters_due(session, limit=AT_ONCE)
        for request in due:
            letter = letter_of(request, at=at)
            if letter is not None:
                contact, secret = letter
                asker = session.get_one(Member, request.asker_id).name
                enqueue(
                    session,
                    to=contact.email,
                    subject=f"{asker} asks for a word of yours",
                    body=_body(session, request, contact.name, asker, f"{at.public_url}/vouch/{secret}"),
                    community_id=request.community_id,
                    on=on,
                    at=at,
                )
            letter_sent(session, request)
        return len(due)


def _body(session: Session, request: EndorsementRequest, name: str | None, asker: str, link: str) -> str:
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
