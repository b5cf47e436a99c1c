"""What somebody hands in: one badge or many, as bytes, as an address, for somebody or for nobody in particular."""

import json
import re
from base64 import b64decode
from binascii import Error as NotBase64
from dataclasses import dataclass, replace
from typing import TypeVar
from urllib.parse import unquote_to_bytes

import badges
from app.kit.errors import BadRequest, Invalid, MalformedJson
from app.kit.pieces import elements, members

T = TypeVar("T")

MOST = 200
"""Badges in one batch."""

_ADDRESS = (b"https://", b"http://")
_MAYBE_ADDRESSED = re.compile(rb'\{\s*"(?:badge|recipient)"')
_MAYBE_ADDRESS = re.compile(rb'\s*\{\s*"(?:url|recipient)"')


class NothingToVerify(BadRequest):
    """There is no badge in the request."""

    code = "nothing-to-verify"
    fix = "Send JSON, a JWT, a PNG or an SVG as the body, or as `file` in a form."


@dataclass(frozen=True)
class Submission:
    """What somebody wants to have verified."""

    data: bytes
    recipient: str | None = None


def address_in(given: Submission) -> tuple[str | None, str | None]:
    """The URL that stands for a badge, in `{"url", "recipient"?}` or alone, and whose badge it should be.

    Raises `Invalid` for a `url` that is none.
    """
    start = given.data.lstrip()[:8]
    if start.lower().startswith(_ADDRESS):
        return given.data.decode("utf-8", "replace").strip(), given.recipient
    if not _MAYBE_ADDRESS.match(given.data):  # a credential need not be read twice
        return None, given.recipient
    try:
        document = badges.parse(given.data)
    except badges.BadgeError:
        return None, given.recipient
    if not isinstance(document, dict) or not document.keys() <= {"url", "recipient"} or "url" not in document:
        return None, given.recipient
    url, recipient = document["url"], document.get("recipient", given.recipient)
    if not isinstance(url, str) or not isinstance(recipient, str | None):
        raise Invalid(errors=[{"pointer": "/url", "message": "url and recipient are strings"}])
    if not url.lower().startswith(("https://", "http://")):
        raise Invalid(errors=[{"pointer": "/url", "message": "an address begins with https:// or http://"}])
    return url, recipient


def items_in(body: bytes, recipient: str | None) -> list[Submission]:
    """The badges in a batch: `{"items": […], "recipient"?}`, or the array alone. Raises `MalformedJson`, `Invalid`.

    An item is a credential; `{"url"}`; text (a JWT or JWS, JSON, an address, or an image as a `data:` URL); or, where
    it is for somebody in particular, `{"badge": any of these, "recipient"}`. What cannot be read is an item too.
    """
    array = body
    if not body.strip().startswith(b"["):
        batch = members(body)
        if batch is None:
            raise MalformedJson("A batch is JSON: an object with `items`, or an array.")
        if "items" not in batch or not batch.keys() <= {"items", "recipient"}:
            raise Invalid(
                errors=[{"pointer": "/items", "message": "a batch has items, may have a recipient, and no more"}]
            )
        array, recipient = batch["items"], _text(batch.get("recipient", b"null"), "/recipient") or recipient
    items = elements(array, most=MOST)
    if items is None:
        raise Invalid(errors=[{"pointer": "/items", "message": "the items are one array"}])
    return [item_in(item, recipient) for item in at_most(items)]


def at_most(items: list[T]) -> list[T]:
    """`items`, if they are not too many. Raises `Invalid`."""
    if len(items) > MOST:
        raise Invalid(errors=[{"pointer": "/items", "message": f"a batch has at most {MOST} items"}])
    return items


def item_in(text: bytes, recipient: str | None) -> Submission:
    """The badge in JSON text: the text itself, unless it is a string that holds one, or `{"badge", "recipient"?}`.

    What is not JSON comes back as it is. Never raises.
    """
    text = text.strip(b" \t\r\n") if text.lstrip()[:1] in {b'"', b"{"} else text
    whole = members(text) if _MAYBE_ADDRESSED.match(text) else None
    if whole is not None and "badge" in whole and whole.keys() <= {"badge", "recipient"}:
        named = _string(whole.get("recipient", b"null"))
        return replace(_item_alone(whole["badge"], recipient), recipient=named or recipient)
    return _item_alone(text, recipient)


def _item_alone(text: bytes, recipient: str | None) -> Submission:
    string = _string(text)
    if string is None:
        return Submission(text, recipient)
    return Submission(_image(string) or string.encode(), recipient)


def _string(text: bytes) -> str | None:
    """What a JSON string says, or None where it is none that can be read."""
    if not text.startswith(b'"'):
        return None
    try:
        value = json.loads(text)
        value.encode()
    except ValueError:
        return None
    return str(value)


def _text(text: bytes, pointer: str) -> str | None:
    value = _string(text)
    if value is None and text != b"null":
        raise Invalid(errors=[{"pointer": pointer, "message": "a string"}])
    return value


def _image(text: str) -> bytes | None:
    """What a `data:` URL holds (RFC 2397), or None where it is none."""
    head, comma, data = text.partition(",")
    if not comma or not head.lower().startswith("data:"):
        return None
    raw = unquote_to_bytes(data)
    if not head.lower().endswith(";base64"):
        return raw
    try:
        return b64decode(raw)
    except NotBase64:
        return None
