"""New keys for a community, with which its status lists are signed anew."""

from sqlmodel import Session

from app.credentials import status
from app.issuers import service as issuers
from app.issuers.tables import CommunityKey
from app.kit import journal
from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.members.tables import Community


def rotate(
    session: Session,
    community: Community,
    *,
    at: Installation,
    on: Occasion,
    compromised: bool = False,
    ob2: bool = False,
    new_issuer: bool = False,
) -> list[CommunityKey]:
    """New active keys, as `issuers.rotate` makes and refuses them, and every status list signed with them.

    Badges keep their signatures, but a list speaks for badges of every key: were it left as it is, nobody could tell
    the status of any once its key is compromised (BSL §3.2), and some verifiers look at the newest key only.
    """
    journal.hold(session, community.id)
    made = issuers.rotate(session, community, at=at, on=on, compromised=compromised, ob2=ob2, new_issuer=new_issuer)
    status.sign_anew(session, community, at=at, now=on.now)
    return made
