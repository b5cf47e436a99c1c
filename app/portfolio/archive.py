"""A portfolio as a zip archive that verifies with the network unplugged."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlmodel import col, select

import badges
from app.credentials import signing
from app.credentials.tables import StatusList
from app.issuers.keys import Issuer, issuer_of
from app.kit.database import read_session
from app.portfolio import front, listing
from app.portfolio.contents import File, Referred, folder_of, of_badge
from app.portfolio.import_rules import ENDINGS
from app.portfolio.offline.verify import MANIFEST, MANIFEST_TYPE
from app.portfolio.shelf import Shelf
from app.portfolio.surroundings import of_issuers
from app.portfolio.zipping import Zip

_OFFLINE = Path(__file__).parent / "offline"


def written(shelf: Shelf) -> Iterator[bytes]:
    """The archive in pieces; while they are sent no more than a few badges are in memory."""
    archive, referred = Zip(shelf.made_at), Referred()
    addresses: dict[str, dict[str, Any]] = {}
    items, page = [], [front.head(shelf)]

    def put(file: File) -> None:
        archive.add(file.path, file.body)
        about = {"file": file.path, "media_type": file.media_type, "status": file.status}
        addresses.update(dict.fromkeys(file.urls, about))

    for place, entry in enumerate(shelf.entries(), 1):
        folder = folder_of(place, entry)
        for file in of_badge(shelf, entry, folder, referred):
            put(file)
            yield from archive.taken()
        items.append({"folder": folder} | listing.shown(entry, shelf))
        page.append(front.item(entry, folder, signing.credential_url(shelf.public_url, entry.credential)))
    for file in of_issuers(shelf, referred):
        put(file)
        yield from archive.taken()
    imported, told = [], []
    for place, badge in enumerate(shelf.imports(), 1):
        body, path = shelf.original(badge), f"imported/{place:04}.{ENDINGS[badge.media_type]}"
        if body is None:
            continue
        archive.add(path, body)
        yield from archive.taken()
        imported.append({"file": path} | listing.brought(badge, shelf))
        told.append(front.brought(badge, path))
    archive.add("portfolio.json", _json(listing.opening(shelf) | {"items": items, "imported": imported}))
    archive.add("addresses.json", _json(addresses))
    archive.add("index.html", "".join([*page, front.foot(told)]).encode())
    for name in ("README.txt", "verify.py"):
        archive.add(name, (_OFFLINE / name).read_bytes())
    archive.add(MANIFEST, _manifest(shelf, archive, referred).encode())
    archive.close()
    yield from archive.taken(0)


def _manifest(shelf: Shelf, archive: Zip, referred: Referred) -> str:
    """What is in the archive, signed by the community as it is now, and by each issuer that it was of badges in it.

    Only a badge's issuer can say that what is in the archive is all that it had to say of that badge.
    """
    at = shelf.runtime.installation
    with read_session(shelf.runtime.engine) as session:
        named = col(StatusList.id).in_([UUID(id) for id in sorted(referred.lists)])
        own = select(StatusList.issuer_id).where(named, StatusList.community_id == shelf.community.id).distinct()
        now = issuer_of(session, shelf.community, at=at)
        earlier = sorted(set(session.exec(own).all()) - {now.id})
        issuers = [now, *(issuer_of(session, shelf.community, at=at, did=did) for did in earlier)]
    said = {
        "made_at": badges.timestamp(shelf.made_at),
        "files": {path: sealed._asdict() for path, sealed in archive.sealed.items()},
    }
    return "\n".join(_sealed({"issuer": issuer.id} | said, issuer) for issuer in issuers)


def _sealed(said: dict[str, Any], issuer: Issuer) -> str:
    header = {"typ": MANIFEST_TYPE, "kid": issuer.vc_jwt.id}
    return badges.sign(badges.serialize(said).encode(), issuer.vc_jwt, header=header)


def _json(value: dict[str, Any]) -> bytes:
    return badges.serialize(value).encode()
