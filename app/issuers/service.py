"""Use-cases: a community becomes an issuer, and changes its keys."""

from sqlmodel import Session

import badges
from app.issuers import keys
from app.issuers.documents import did_document
from app.issuers.tables import CommunityKey
from app.kit.errors import Conflict
from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.members import service as members
from app.members.phases import Phase
from app.members.tables import Community

LARGEST_DID_DOCUMENT = 8192
"""Bytes that resolvers in use read (did-method-web of digitalbazaar): with more, none of the keys would be found."""


class NoRoomForKeys(Conflict):
    """The issuer's DID document is full of retired keys."""

    code = "no-room-for-keys"
    fix = "Keep the present keys. If they were compromised, rotate with --compromised, which takes them out."


def found(
    session: Session,
    *,
    slug: str,
    name: str,
    description: str,
    url: str,
    email: str,
    phase: Phase = Phase.active,
    at: Installation,
    on: Occasion,
) -> Community:
    """A new community with its keys, in one transaction (decision record 7). Raises `SlugTaken`."""
    community = members.found_community(
        session, slug=slug, name=name, description=description, url=url, email=email, phase=phase, on=on
    )
    keys.make_keys(session, community, at=at, on=on)
    return community


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
    """New active keys, as `keys.rotate` makes and refuses them, if the DID document has room: for some ten generations.

    Raises `NoRoomForKeys`, never for compromised keys, since those leave the document.
    """
    made = keys.rotate(session, community, at=at, on=on, compromised=compromised, ob2=ob2, new_issuer=new_issuer)
    size = len(badges.serialize(did_document(session, community, at.public_url)).encode())
    if size > LARGEST_DID_DOCUMENT and not compromised:
        raise NoRoomForKeys(f"It would have {size} bytes; many verifiers read {LARGEST_DID_DOCUMENT} at most.")
    return made
