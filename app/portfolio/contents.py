"""What goes into an archive: every form of every badge as it was signed, and all that it takes to verify them.

Of each file it is told under which addresses the world finds it, so that a verifier finds it in the archive.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple
from uuid import UUID

from sqlmodel import col, select

import badges
from app.achievements import published as achievements
from app.credentials import published as credentials
from app.credentials import signing
from app.credentials.tables import Edition
from app.endorsements.tables import Endorsement
from app.issuers import endorsed
from app.issuers import published as issuers
from app.issuers.keys import believed_keys
from app.issuers.rules import generation_suffix
from app.issuers.tables import CommunityKey, KeyKind, SignedEndorsement
from app.kit.database import read_session
from app.kit.ids import id_in
from app.kit.publishing import Place, Reader
from app.members.tables import Community
from app.portfolio.shelf import Entry, Pictures, Shelf

LINKED_DATA, CREDENTIAL, TOKEN = "application/ld+json", "application/vc", "text/plain"

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


@dataclass(frozen=True)
class File:
    """One file of an archive."""

    path: str
    body: bytes
    media_type: str = LINKED_DATA
    urls: tuple[str, ...] = ()
    """Where the same is published."""
    status: int = 200
    """With which it is answered there."""


@dataclass
class Referred:
    """What the badges of an archive refer to, gathered while they are written."""

    versions: set[tuple[UUID, int]] = field(default_factory=set)
    """Of achievements."""
    classes: set[str] = field(default_factory=set)
    """Names of BadgeClasses."""
    lists: set[str] = field(default_factory=set)
    """Ids of status lists."""
    endorsements: set[UUID] = field(default_factory=set)


def folder_of(place: int, entry: Entry) -> str:
    """Where in the archive a badge is: numbered in the order of the portfolio, with what is left of its name."""
    plain = unicodedata.normalize("NFKD", entry.version.name).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "-", plain)[:40].strip("-")
    return f"badges/{place:04}-{name or 'badge'}"


def of_badge(shelf: Shelf, entry: Entry, folder: str, referred: Referred) -> Iterator[File]:
    """Every form of a badge: the newest edition, those before it, its endorsements."""
    for edition in shelf.editions(entry):
        if edition.number == entry.edition.number:
            yield from _newest(shelf, entry, folder)
        else:
            yield from _earlier(shelf, edition, f"{folder}/editions/{edition.number}")
        _refer(referred, shelf, entry, edition)
    for each in entry.endorsements:
        yield from _endorsement(each, folder, shelf.public_url)


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


def _newest(shelf: Shelf, entry: Entry, folder: str) -> Iterator[File]:
    """The edition that a credential's own addresses serve."""
    credential, edition, pictures = entry.credential, entry.edition, shelf.pictures(entry.version)
    url = signing.credential_url(shelf.public_url, credential)
    json_at, jwt_at = _edition_urls(shelf, edition)
    yield File(f"{folder}/badge.json", edition.data_integrity.encode(), CREDENTIAL, (url, f"{url}.json", json_at))
    yield File(f"{folder}/badge.jwt", edition.vc_jwt.encode(), TOKEN, (f"{url}.jwt", jwt_at))
    bake = partial(badges.bake, signed=edition.data_integrity, version=badges.OB30)
    yield from _baked(f"{folder}/badge", pictures, bake, url)
    at, url = f"{folder}/ob2/assertion", signing.assertion_url(shelf.public_url, credential)
    gone = credentials.revoked_as_hosted(credential, shelf.public_url)
    yield File(f"{at}.json", edition.ob2_hosted.encode(), LINKED_DATA, () if gone else (url,))
    if gone is not None:
        yield File(f"{folder}/ob2/revoked.json", gone, LINKED_DATA, (url,), 410)
    yield File(f"{at}.jws", edition.ob2_signed.encode(), TOKEN, (f"{url}.jws",))
    yield from _baked(at, pictures, partial(badges.bake, signed=edition.ob2_hosted, version=badges.OB20), url)


def _earlier(shelf: Shelf, edition: Edition, at: str) -> Iterator[File]:
    """An edition that another has followed: as it was signed."""
    json_at, jwt_at = _edition_urls(shelf, edition)
    yield File(f"{at}.json", edition.data_integrity.encode(), CREDENTIAL, (json_at,))
    yield File(f"{at}.jwt", edition.vc_jwt.encode(), TOKEN, (jwt_at,))
    yield File(f"{at}.ob2.json", edition.ob2_hosted.encode())
    yield File(f"{at}.ob2.jws", edition.ob2_signed.encode(), TOKEN)


def _edition_urls(shelf: Shelf, edition: Edition) -> tuple[str, str]:
    at = f"{shelf.public_url}/editions/{edition.credential_id}/{edition.number}"
    return f"{at}.json", f"{at}.jwt"


def _baked(at: str, pictures: Pictures, bake: Callable[[bytes], bytes], url: str) -> Iterator[File]:
    yield File(f"{at}.png", bake(pictures.png), "image/png", (f"{url}.png",))
    yield File(f"{at}.svg", bake(pictures.svg), "image/svg+xml", (f"{url}.svg",))


def _endorsement(each: SignedEndorsement, folder: str, public_url: str) -> Iterator[File]:
    """An endorsement in the forms that it was signed in."""
    at, url = f"{folder}/endorsements/{each.id}", endorsed.address(public_url, each.id)
    if each.data_integrity is not None:
        yield File(f"{at}.json", each.data_integrity.encode(), CREDENTIAL, (url, f"{url}.json"))
    if each.vc_jwt is not None:
        urls = (f"{url}.jwt",) if each.data_integrity is not None else (url, f"{url}.jwt")
        yield File(f"{at}.jwt", each.vc_jwt.encode(), TOKEN, urls)
    if each.ob2_hosted is not None:
        urls = (endorsed.ob2_address(public_url, each.id),)
        yield File(f"{at}.ob2.json", each.ob2_hosted.encode(), LINKED_DATA, urls)


def _refer(referred: Referred, shelf: Shelf, entry: Entry, edition: Edition) -> None:
    """Notes what an edition names, in its endorsements too."""
    credential, address = entry.credential, re.escape(shelf.public_url)
    version = f"{credential.achievement_id}-v{credential.achievement_version}"
    referred.versions.add((credential.achievement_id, credential.achievement_version))
    referred.classes.add(f"{version}{generation_suffix(edition.ob2_generation)}")
    for kind, id in re.findall(rf'"{address}/(status|endorsements)/([0-9a-f-]{{36}})["#]', edition.data_integrity):
        if kind == "status":
            referred.lists.add(id)
        elif (known := id_in(id)) is not None:
            referred.endorsements.add(known)
