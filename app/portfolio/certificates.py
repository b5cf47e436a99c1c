"""A portfolio as a PDF: a page that lists the badges, and a certificate for each, with the signed badge attached."""

import json
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from app.credentials import signing
from app.credentials.rules import State, Visibility
from app.kit.errors import Busy, Unprocessable
from app.kit.markup import words
from app.portfolio.elsewhere import genuine
from app.portfolio.import_rules import ENDINGS
from app.portfolio.shelf import Entry, Shelf
from app.portfolio.wording import STATES, day, found, provenance

MOST = 200
"""Certificates in one file: a reader of PDFs opens it still, and it is set within seconds."""
MOST_ATTACHED = 32 * 1_048_576
"""Bytes of files from elsewhere in one PDF; of those beyond, it says that they are not in it."""
SECONDS = 60.0
"""After so long a file is given up."""

_LONGEST = {"description": 500, "narrative": 700, "summary": 2000}
"""Characters of what people wrote that a page has room for; the signed badge holds it all."""
_MOST_LINES = 12
_PIECE = 65_536


_log = logging.getLogger(__name__)


class NotSet(Unprocessable):
    """These badges cannot be set as a PDF."""

    code = "not-set"
    fix = "Take another format, which holds the same badges; or change the title, or choose fewer badges."


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
        set_in(folder)
        with (folder / "portfolio.pdf").open("rb") as file:
            while piece := file.read(_PIECE):
                yield piece


def _lay_out(shelf: Shelf, folder: Path) -> None:
    """Everything that is set, as files: what people wrote is data there, never a part of the template."""
    shutil.copy(Path(__file__).parent / "templates" / "certificates.typ", folder / "main.typ")
    owner = shelf.owner
    told = {"Email": owner.email, "DID": owner.did, "Affiliation": owner.affiliation}
    told["Member since"] = day(owner.joined_at)
    drawn = set[UUID]()
    given = {
        "title": _text(shelf.title),
        "owner": _text(owner.name),
        "community": _text(shelf.community.name),
        "told": [[name, _text(value)] for name, value in told.items() if value],
        "summary": _paragraphs("summary", shelf.wanted.summary),
        "day": day(shelf.made_at),
        "made_at": shelf.made_at.isoformat(),
        "verifier": f"{shelf.public_url}/verify",
        "badges": [_badge(entry, shelf, folder, drawn) for entry in shelf.entries()],
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
        "name": _text(version.name),
        "recipient": _text(shelf.owner.name),
        "issuer": _text(shelf.community.name),
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
            "name": _text(badge.name or "A badge"),
            "issuer": _text(badge.issuer_name or badge.issuer_id),
            "awarded": day(badge.awarded_at) or "",
            "found": found(badge),
            "file": file,
            "media_type": badge.media_type,
        }


def _text(value: str | None) -> dict[str, list[str]]:
    return {"text": [value] if value else []}


def _paragraphs(kind: str, markdown: str | None) -> dict[str, list[str]]:
    text, most = words(markdown), _LONGEST[kind]
    if len(text) > most:
        text = text[:most].rsplit(" ", 1)[0] + " …"
    lines = text.split("\n")
    if len(lines) > _MOST_LINES:
        lines = [*lines[:_MOST_LINES], "…"]
    return {"text": lines if text else []}


def set_in(folder: Path) -> None:
    """The PDF of what is laid out in a folder. Raises `NotSet`, `Busy`."""
    try:
        # It gets the way to the code and nothing else of the environment: no token, no password of a database.
        path = os.pathsep.join(part or str(Path.cwd()) for part in sys.path)
        subprocess.run(  # noqa: S603  a command of our own, of which nobody chooses any part
            [sys.executable, "-P", "-m", "app.portfolio.typesetter", str(folder)],
            env={"PYTHONPATH": path, "RAYON_NUM_THREADS": "1"},  # a thread for each core would reserve a lot of memory
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=SECONDS,
            check=True,
        )
    except subprocess.TimeoutExpired as slow:
        raise Busy(f"It took longer than {SECONDS:.0f} seconds.", fix="Choose fewer badges.") from slow
    except subprocess.CalledProcessError as failed:
        _log.error("A portfolio could not be set: %s", failed.stderr.decode(errors="replace")[-2000:])
        raise NotSet("What stands in them could not be set.") from failed
    except OSError as error:
        raise Busy("There is no room to set it in.") from error
