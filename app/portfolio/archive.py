"""A portfolio as a zip archive that verifies with the network unplugged."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import badges
from app.credentials import signing
from app.issuers.keys import issuer_of
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
    archive.add(MANIFEST, _manifest(shelf, archive).encode())
    archive.close()
    yield from archive.taken(0)


def _manifest(shelf: Shelf, archive: Zip) -> str:
    """What is in the archive, signed by the community as it is now."""
    with read_session(shelf.runtime.engine) as session:
        issuer = issuer_of(session, shelf.community, at=shelf.runtime.installation)
    said = {
        "issuer": issuer.id,
        "made_at": badges.timestamp(shelf.made_at),
        "files": {path: sealed._asdict() for path, sealed in archive.sealed.items()},
    }
    header = {"typ": MANIFEST_TYPE, "kid": issuer.vc_jwt.id}
    return badges.sign(badges.serialize(said).encode(), issuer.vc_jwt, header=header)


def _json(value: dict[str, Any]) -> bytes:
    return badges.serialize(value).encode()
