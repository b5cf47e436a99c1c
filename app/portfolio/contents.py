"""What an archive holds of each badge: every form of it as it was signed.

Of each file it is told under which addresses the world finds it, so that a verifier finds it in the archive.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

import badges
from app.achievements.tables import AchievementVersion
from app.credentials import participation, signing
from app.credentials import published as credentials
from app.credentials.tables import Edition
from app.issuers import endorsed
from app.issuers.rules import generation_suffix
from app.issuers.tables import SignedEndorsement
from app.kit.database import read_session
from app.kit.ids import id_in
from app.portfolio.shelf import Entry, Pictures, Shelf

LINKED_DATA, CREDENTIAL, TOKEN = "application/ld+json", "application/vc", "text/plain"

_PICTURES_KEPT = 24
"""Images in memory at a time: many badges are of one achievement."""


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
    _drawn: dict[UUID, Pictures] = field(default_factory=dict)

    def pictures(self, shelf: Shelf, version: AchievementVersion) -> Pictures:
        """The image of a version; that of the last few need not be read again."""
        found = self._drawn.pop(version.id, None) or shelf.pictures(version)
        self._drawn[version.id] = found
        if len(self._drawn) > _PICTURES_KEPT:
            del self._drawn[next(iter(self._drawn))]
        return found


def folder_of(place: int, entry: Entry) -> str:
    """Where in the archive a badge is: numbered in the order of the portfolio, with what is left of its name."""
    plain = unicodedata.normalize("NFKD", entry.version.name).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "-", plain)[:40].strip("-")
    return f"badges/{place:04}-{name or 'badge'}"


def of_badge(shelf: Shelf, entry: Entry, folder: str, referred: Referred) -> Iterator[File]:
    """Every form of a badge: the newest edition, those before it, its endorsements."""
    for edition in shelf.editions(entry):
        if edition.number == entry.edition.number:
            yield from _newest(shelf, entry, folder, referred)
        else:
            yield from _earlier(shelf, edition, f"{folder}/editions/{edition.number}")
        _refer(referred, shelf, entry, edition)
    for each in entry.endorsements:
        yield from _endorsement(each, folder, shelf.public_url)
    yield from _participation(shelf, entry, folder)


def _participation(shelf: Shelf, entry: Entry, folder: str) -> Iterator[File]:
    """What a badge rests on of what its holder took part in, as its issuer signed that alone."""
    if not any(each.get("genre") == participation.GENRE for each in entry.credential.evidence):
        return
    with read_session(shelf.runtime.engine) as session:
        kept = participation.kept_of(session, entry.credential)
    if kept is not None and kept.token is not None:
        url = participation.address(shelf.public_url, kept.id)
        yield File(f"{folder}/participation.jwt", kept.token.encode(), participation.MEDIA_TYPE, (url,))


def _newest(shelf: Shelf, entry: Entry, folder: str, referred: Referred) -> Iterator[File]:
    """The edition that a credential's own addresses serve."""
    credential, edition = entry.credential, entry.edition
    pictures = referred.pictures(shelf, entry.version)
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
        known = id_in(id)
        if known is not None and kind == "status":
            referred.lists.add(id)
        elif known is not None:
            referred.endorsements.add(known)
