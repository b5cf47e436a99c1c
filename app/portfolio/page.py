"""A portfolio as one page, which is whole without the network."""

import hashlib
from base64 import b64encode
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from markupsafe import Markup
from PIL import Image

from app.credentials import signing
from app.credentials.rules import State, Visibility
from app.kit.markup import prose, templates, web_link
from app.portfolio.imports import original_path
from app.portfolio.shelf import Shelf
from app.portfolio.voices import Voice
from app.portfolio.wording import STATES, day, found, provenance

_FOLDER = Path(__file__).parent / "templates"
_SIDE = 300
"""Pixels of an image: a page of a thousand badges is to be opened by a telephone."""
_MOST_VOICES = 10


@cache
def style() -> str:
    """The style sheet, which lies in the page."""
    return (_FOLDER / "portfolio.css").read_text()


@cache
def policy() -> str:
    """The Content-Security-Policy of the page: it runs nothing, loads nothing, and looks as its own sheet says."""
    digest = b64encode(hashlib.sha256(style().encode()).digest()).decode()
    return f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def headers() -> dict[str, str]:
    """The page obeys its policy wherever it lies; whether it may lie in a frame, only its server can say."""
    return {"Content-Security-Policy": f"{policy()}; frame-ancestors 'none'"}


def written(shelf: Shelf) -> Iterator[bytes]:
    """The page, piece by piece."""
    brought = {"imported": _imported(shelf), "from_elsewhere": bool(shelf.imported)}
    page = templates(_FOLDER).get_template("portfolio.html")
    stream = page.stream(**_opening(shelf), badges=_badges(shelf), **brought)
    stream.enable_buffering(50)
    for piece in stream:
        yield piece.encode()


def _opening(shelf: Shelf) -> dict[str, Any]:
    owner = shelf.owner
    told = {
        "Email": owner.email,
        "DID": owner.did,
        "Affiliation": owner.affiliation,
        "Member since": day(owner.joined_at),
    }
    return {
        "policy": policy(),
        "style": Markup(style()),  # noqa: S704  our own words
        "indexed": shelf.wanted.indexed,
        "title": shelf.title,
        "owner": owner,
        "told": [(name, value) for name, value in told.items() if value],
        "summary": prose(shelf.wanted.summary) if shelf.wanted.summary else None,
        "community": shelf.community,
        "home": web_link(shelf.community.url),
        "made": day(shelf.made_at),
        "verifier": f"{shelf.public_url}/verify",
    }


def _badges(shelf: Shelf) -> Iterator[dict[str, Any]]:
    drawn = set[UUID]()
    for entry in shelf.entries():
        version, url = entry.version, signing.credential_url(shelf.public_url, entry.credential)
        # Whoever may look at this page could not fetch from elsewhere what is not public: it comes along.
        public = shelf.visibility(entry.credential) is Visibility.public
        yield {
            "id": entry.credential.id,
            "image_id": f"image-{version.id}",
            "image": None if version.id in drawn else _small(shelf.pictures(version).png),
            "caption": version.image_caption,
            "name": version.name,
            "description": version.description,
            "awarded": day(entry.credential.awarded_at),
            "until": day(entry.credential.valid_until),
            "provenance": provenance(entry),
            "state": None if entry.state is State.active else STATES[entry.state],
            "narrative": prose(entry.credential.narrative) if entry.credential.narrative else None,
            "voices": [_voice(each) for each in entry.voices[:_MOST_VOICES]],
            "file": None if public else _data("application/json", entry.edition.data_integrity.encode()),
            "page": f"{url}.html",
            "json": f"{url}.json",
            "check": f"{shelf.public_url}/verify?{urlencode({'url': url})}",
        }
        drawn.add(version.id)


def _imported(shelf: Shelf) -> Iterator[dict[str, Any]]:
    for badge in shelf.imports():
        public = shelf.visibility(badge) is Visibility.public
        yield {
            "id": badge.id,
            "name": badge.name or "A badge",
            "issuer": badge.issuer_name or badge.issuer_id or "an issuer without a name",
            "awarded": day(badge.awarded_at),
            "found": found(badge),
            "original": f"{shelf.public_url}{original_path(badge)}" if public else None,
        }


def _voice(voice: Voice) -> dict[str, Any]:
    return {"name": voice.name, "told": prose(voice.comment) if voice.comment else None, "own_key": voice.own_key}


def _small(png: bytes) -> str:
    with Image.open(BytesIO(png)) as image:
        image.thumbnail((_SIDE, _SIDE))
        small = BytesIO()
        image.save(small, "PNG", optimize=True)
    return _data("image/png", small.getvalue())


def _data(media_type: str, data: bytes) -> str:
    return f"data:{media_type};base64,{b64encode(data).decode()}"
