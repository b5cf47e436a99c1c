"""A portfolio as a PDF: a page that lists the badges, and a certificate for each, with the signed badge attached."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from app.credentials import signing
from app.credentials.rules import State, Visibility
from app.kit.errors import Unprocessable
from app.kit.markup import words
from app.kit.typesetting import paragraphs, set_in, text
from app.portfolio.elsewhere import genuine
from app.portfolio.import_rules import ENDINGS
from app.portfolio.shelf import Entry, Shelf
from app.portfolio.wording import STATES, day, found, provenance

MOST = 200
"""Certificates in one file: a reader of PDFs opens it still, and it is set within seconds."""
MOST_ATTACHED = 32 * 1_048_576
"""Bytes of files from elsewhere in one PDF; of those beyond, it says that they are not in it."""
_LONGEST = {"description": 500, "narrative": 700, "summary": 2000}
"""Characters of what people wrote that a page has room for; the signed badge holds it all."""
_MOST_LINES = 12
_PIECE = 65_536
UNNAMED = "Badge"
"""What stands for a name of which nothing can be seen."""


class TooManyCertificates(Unprocessable):
    """There are more badges than one PDF holds."""

    code = "too-many-certificates"
    fix = f"Choose at most {MOST} badges (PUT …/portfolio/choice), or take another format, which holds them all."


def written(shelf: Shelf) -> Iterator[bytes]:
    """The file. Raises `TooManyCertificates`, `NotSet`, `Busy`, all before its first piece."""
    many = len(shelf.ids) + len(shelf.imported)
    if many > MOST:
        raise TooManyCertificates(f"There are {many}.")
    with TemporaryDirectory(prefix="laurels-") as name:
        folder = Path(name)
        _lay_out(shelf, folder)
        with set_in(folder).open("rb") as file:
            while piece := file.read(_PIECE):
                yield piece


def _lay_out(shelf: Shelf, folder: Path) -> None:
    """Everything that is set, as files: what people wrote is data there, never a part of the template."""
    shutil.copy(Path(__file__).parent / "templates" / "certificates.typ", folder / "main.typ")
    owner = shelf.owner
    told = {"Email": owner.email, "DID": owner.did, "Affiliation": owner.affiliation}
    told["Member since"] = day(owner.joined_at)
    drawn = set[UUID]()
    badges = [_badge(entry, shelf, folder, drawn) for entry in shelf.entries()]
    given = {
        "title": text(shelf.title, otherwise="Badges"),
        "owner": text(owner.name),
        "community": text(shelf.community.name),
        "told": [[name, text(value)] for name, value in told.items() if value],
        "summary": _paragraphs("summary", shelf.wanted.summary),
        "day": day(shelf.made_at),
        "made_at": shelf.made_at.isoformat(),
        "verifier": f"{shelf.public_url}/verify",
        "badges": badges,
        "codes": {badge["qr"]: badge["page"] for badge in badges if badge["qr"] is not None},
        "elsewhere": list(_from_elsewhere(shelf, folder)),
    }
    (folder / "given.json").write_text(json.dumps(given))


def _badge(entry: Entry, shelf: Shelf, folder: Path, drawn: set[UUID]) -> dict[str, Any]:
    credential, version = entry.credential, entry.version
    image, file = f"image-{version.id}.png", f"badge-{credential.id}.json"
    if version.id not in drawn:
        (folder / image).write_bytes(shelf.pictures(version).png)
        drawn.add(version.id)
    (folder / file).write_text(entry.edition.data_integrity)
    public = shelf.visibility(credential) is Visibility.public
    return {
        "name": text(version.name, otherwise=UNNAMED),
        "recipient": text(shelf.owner.name),
        "issuer": text(shelf.community.name),
        "description": _paragraphs("description", version.description),
        "narrative": _paragraphs("narrative", credential.narrative),
        "awarded": day(credential.awarded_at) or "",
        "until": day(credential.valid_until),
        "provenance": provenance(entry),
        "state": None if entry.state is State.active else STATES[entry.state],
        "image": image,
        "caption": version.image_caption or version.name,
        "file": file,
        "page": f"{signing.credential_url(shelf.public_url, credential)}.html",
        "qr": f"qr-{credential.id}.svg" if public else None,  # of what is not public, nobody could open the page
    }


def _from_elsewhere(shelf: Shelf, folder: Path) -> Iterator[dict[str, Any]]:
    """Badges that others have issued; the files of the first of them, as they came."""
    room = MOST_ATTACHED
    for place, badge in enumerate(genuine(shelf), 1):
        original = shelf.original(badge)
        if original is None:
            continue
        room -= len(original)
        file = f"elsewhere-{place:03}.{ENDINGS[badge.media_type]}" if room >= 0 else None
        if file is not None:
            (folder / file).write_bytes(original)
        yield {
            "name": text(badge.name or "A badge", otherwise=UNNAMED),
            "issuer": text(badge.issuer_name or badge.issuer_id),
            "awarded": day(badge.awarded_at) or "",
            "found": found(badge),
            "file": file,
            "media_type": badge.media_type,
        }


def _paragraphs(kind: str, markdown: str | None) -> dict[str, Any]:
    whole, most = words(markdown), _LONGEST[kind]
    if len(whole) > most:
        whole = whole[:most].rsplit(" ", 1)[0] + " …"
    lines = whole.split("\n")
    if len(lines) > _MOST_LINES:
        lines = [*lines[:_MOST_LINES], "…"]
    return paragraphs(lines if whole else [])
