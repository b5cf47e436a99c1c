"""Use-cases: a community becomes an issuer."""

from sqlmodel import Session

from app.issuers.keys import make_keys
from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.members import service as members
from app.members.tables import Community


def found(
    session: Session,
    *,
    slug: str,
    name: str,
    description: str,
    url: str,
    email: str,
    at: Installation,
    on: Occasion,
) -> Community:
    """A new community with its keys, in one transaction (decision record 7). Raises `SlugTaken`."""
    community = members.found_community(
        session, slug=slug, name=name, description=description, url=url, email=email, on=on
    )
    make_keys(session, community, at=at, on=on)
    return community
