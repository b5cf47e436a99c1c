"""What an archive holds besides the badges: all that they refer to, as strangers read it at the time."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import NamedTuple

from sqlmodel import col, select

import badges
from app.achievements import published as achievements
from app.credentials import published as credentials
from app.endorsements.tables import Endorsement
from app.issuers import published as issuers
from app.issuers.keys import believed_keys
from app.issuers.rules import generation_suffix
from app.issuers.tables import CommunityKey, KeyKind
from app.kit.database import read_session
from app.kit.errors import NotFound
from app.kit.publishing import Place, Reader
from app.members.tables import Community
from app.portfolio.contents import LINKED_DATA, File, Referred
from app.portfolio.shelf import Shelf

CONTEXTS = {
    "https://www.w3.org/ns/credentials/v2": "credentials-v2.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json": "ob-3.0.3.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json": "ob-extensions.json",
    "https://www.w3.org/ns/did/v1": "did-v1.json",
    "https://w3id.org/security/multikey/v1": "multikey-v1.json",
}
"""What the documents in it mean, by the addresses that they name."""

_AT_ONCE = 500
"""Ids that one statement asks for."""


def of_issuers(shelf: Shelf, referred: Referred) -> Iterator[File]:
    """All that badges refer to, as it is published: achievements, issuers, keys, status lists, contexts."""
    for achievement, number in sorted(referred.versions):
        name = f"{achievement}-v{number}"
        yield from _published(
            shelf,
            Document(
                f"achievements/{name}.json", achievements.as_json, name, ("/achievements/{}.json", "/achievements/{}")
            ),
            Document(f"achievements/{name}.png", achievements.as_png, name, ("/achievements/{}.png",)),
            Document(f"achievements/{name}.svg", achievements.as_svg, name, ("/achievements/{}.svg",)),
        )
    for name in sorted(referred.classes):
        wanted = Document(f"ob2/badgeclasses/{name}.json", achievements.badge_class, name, ("/ob2/badgeclasses/{}",))
        yield from _published(shelf, wanted)
    for community, keys in _communities(shelf, referred):
        yield from _of_issuer(shelf, community, keys)
    for id in sorted(referred.lists):
        with suppress(NotFound):  # somebody wrote such an address into their evidence
            yield from _published(
                shelf,
                Document(f"status/{id}.json", credentials.status_list, id, ("/status/{}",)),
                Document(f"status/{id}.jwt", credentials.status_list_jwt, id, ("/status/{}.jwt",)),
            )
    for url, name in CONTEXTS.items():
        yield File(f"contexts/{name}", badges.pinned_context(url), LINKED_DATA, (url,))


class Document(NamedTuple):
    """A document as strangers read it here."""

    path: str
    """In the archive."""
    reader: Reader
    name: str
    """What the reader is asked for."""
    published_at: tuple[str, ...]
    """Its addresses here, with `{}` for the name."""


def _published(shelf: Shelf, *wanted: Document) -> list[File]:
    """These documents, in one short transaction."""
    with read_session(shelf.runtime.engine) as session:
        place = Place(session, shelf.runtime.installation, shelf.made_at)
        found = [(each, each.reader(place, each.name)) for each in wanted]
    return [
        File(
            each.path,
            published.body,
            published.media_type,
            tuple(shelf.public_url + at.format(each.name) for at in each.published_at),
        )
        for each, published in found
    ]


def _of_issuer(shelf: Shelf, community: Community, keys: Sequence[CommunityKey]) -> Iterator[File]:
    """The documents by which the world knows an issuer, and since when it has had each key."""
    slug, folder = community.slug, f"issuers/{community.slug}"
    yield from _published(
        shelf,
        Document(f"{folder}/did.json", issuers.did_document, slug, ("/issuers/{}/did.json",)),
        Document(f"{folder}/jwks.json", issuers.jwks, slug, ("/issuers/{}/jwks.json",)),
        Document(f"{folder}/profile.json", issuers.profile, slug, ("/issuers/{}.json",)),
    )
    history = [
        {
            "kid": key.kid,
            "kind": key.kind.value,
            "state": key.state.value,
            "since": badges.timestamp(key.created_at),
            "until": key.retired_at and badges.timestamp(key.retired_at),
        }
        for key in keys
    ]
    yield File(f"{folder}/keys.json", badges.serialize({"keys": history}).encode(), "application/json")
    for key in keys:
        if key.kind is KeyKind.rsa:
            name = f"{slug}{generation_suffix(key.generation)}"
            yield from _published(
                shelf,
                Document(f"ob2/issuers/{name}.json", issuers.ob2_profile, name, ("/ob2/issuers/{}",)),
                Document(f"ob2/revocations/{name}.json", credentials.ob2_revocations, name, ("/ob2/revocations/{}",)),
                Document(f"ob2/keys/{key.id}.json", issuers.ob2_key, str(key.id), ("/ob2/keys/{}",)),
            )


def _communities(shelf: Shelf, referred: Referred) -> list[tuple[Community, Sequence[CommunityKey]]]:
    """Who issued the badges, and who signed the endorsements in them."""
    ids, named = {shelf.community.id}, sorted(referred.endorsements)
    with read_session(shelf.runtime.engine) as session:
        for start in range(0, len(named), _AT_ONCE):
            some = col(Endorsement.id).in_(named[start : start + _AT_ONCE])
            ids.update(session.exec(select(Endorsement.signing_id).where(some).distinct()).all())
        found = [session.get_one(Community, id) for id in sorted(ids)]
        return [(community, believed_keys(session, community)) for community in found]
