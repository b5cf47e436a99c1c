"""What everyone may read of a community as an issuer."""

from typing import Any
from uuid import UUID

from sqlmodel import Session

import badges
from app.issuers import documents
from app.issuers.keys import believed_keys, ob2_keys
from app.issuers.rules import generation_suffix
from app.issuers.tables import CommunityKey, KeyKind
from app.kit.errors import NotFound
from app.kit.publishing import Place, Publication, Published
from app.members.service import community_by_slug
from app.members.tables import Community

publication = Publication("issuers")


class NoSuchKey(NotFound):
    """This issuer has no such key."""

    code = "no-such-key"


@publication.at("/issuers/{c}.json")
def profile(place: Place, c: str) -> Published:
    """The issuer's Open Badges 3.0 Profile."""
    community = community_by_slug(place.session, c)
    return linked_data(documents.profile_document(place.session, community, place.at.public_url))


@publication.at("/issuers/{c}/did.json")
def did_document(place: Place, c: str) -> Published:
    """The issuer's DID document."""
    community = community_by_slug(place.session, c)
    return _json(documents.did_document(place.session, community, place.at.public_url), "application/did+json")


@publication.at("/issuers/{c}/jwks.json")
def jwks(place: Place, c: str) -> Published:
    """The issuer's keys as a JWK Set, retired ones included."""
    return _json(documents.jwks(place.session, community_by_slug(place.session, c)), "application/jwk-set+json")


@publication.at("/issuers/{c}/keys/{kid}")
def jwk(place: Place, c: str, kid: str) -> Published:
    """One key as a bare JWK."""
    for key in believed_keys(place.session, community_by_slug(place.session, c)):
        if key.kid == kid:
            return _json(documents.jwk(key), "application/jwk+json")
    raise NoSuchKey(f"{c} has no key {kid}.")


@publication.at("/ob2/issuers/{c}")
def ob2_profile(place: Place, c: str) -> Published:
    """The issuer's Open Badges 2.0 Profile (`.k2` and so on behind the slug for later keys)."""
    community, key = ob2_generation(place.session, c)
    return linked_data(documents.ob2_profile(community, key, place.at.public_url))


@publication.at("/ob2/keys/{id}")
def ob2_key(place: Place, id: str) -> Published:
    """An Open Badges 2.0 CryptographicKey."""
    key = place.session.get(CommunityKey, _uuid(id))
    if key is None or key.kind is not KeyKind.rsa:
        raise NoSuchKey(f"There is no Open Badges 2.0 key {id}.")
    community = place.session.get_one(Community, key.community_id)
    return linked_data(documents.ob2_key(community, key, place.at.public_url))


def ob2_generation(session: Session, name: str) -> tuple[Community, CommunityKey]:
    """The community and RSA key that `slug` or `slug.k{generation}` names. Raises `NoSuchKey`, `NoSuchCommunity`."""
    slug = name.partition(".")[0]
    community = community_by_slug(session, slug)
    for key in ob2_keys(session, community):
        if name == f"{slug}{generation_suffix(key.generation)}":  # one name each: `.k1` and `.k02` are none
            return community, key
    raise NoSuchKey(f"{slug} has no Open Badges 2.0 key of that generation.")


def linked_data(document: dict[str, Any]) -> Published:
    """A JSON-LD document."""
    return _json(document, "application/ld+json")


def _json(document: dict[str, Any], media_type: str) -> Published:
    return Published(badges.serialize(document).encode(), media_type)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(f"{text!r} is no id.") from None
