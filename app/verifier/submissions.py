"""What somebody hands in: one badge or many, as bytes, as an address, for somebody or for nobody in particular.

Whose badge it should be is the question that an answer must never leave out unsaid. So what is meant as that question
and cannot be asked (no text, no words in it, a name that is misspelt, two that differ) is refused, never passed over.
"""

import json
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar
from urllib.parse import unquote_to_bytes

import badges
from app.kit.errors import BadRequest, FieldError, Invalid, MalformedJson
from app.kit.pieces import elements, members

T = TypeVar("T")

MOST = 200
"""Badges in one batch."""

LONGEST_RECIPIENT = 8000
"""Characters by which somebody may be named."""

_ADDRESS = (b"https://", b"http://")
_WHITESPACE = b" \t\r\n"
_LAYERS = 4
"""An object around a string around an object around a badge, and the badge."""

_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
"""With which text begins that an editor has marked, as those of Windows do, and how it is written then."""

_OF_A_BADGE = frozenset(
    {"@context", "type", "@type", "name", "uid", "verify", "issuedOn", "issued_on", "expires", "evidence", "salt"}
)
"""Members by which an object with a `badge` or `url` is a badge itself, or part of one: `badge` is a member of the
Assertion of every Open Badges before 3.0, `url` of a Profile, and before 2.0 they did not have to name a context."""


class NothingToVerify(BadRequest):
    """There is no badge in the request."""

    code = "nothing-to-verify"
    fix = "Send JSON, a JWT, a PNG or an SVG as the body, or as `file` in a form."


@dataclass(frozen=True)
class Submission:
    """What somebody wants to have verified."""

    data: bytes
    recipient: str | None = None
    url: str | None = None
    """The address that stands for the badge, instead of `data`."""


def _unmarked(text: bytes) -> bytes:
    """Text that an editor has marked, as UTF-8 without its mark (RFC 8259 §8.1); anything else as it is."""
    encoding = next((encoding for mark, encoding in _MARKS.items() if text.startswith(mark)), None)
    try:
        return text.decode(encoding).encode() if encoding else text
    except UnicodeDecodeError:
        return text


Item = Submission | Invalid
"""One of a batch, or why it is not understood: that is a matter of its own, and stops no other."""


def submitted(text: bytes, recipient: str | None = None, *, pointer: str = "", layers: int = _LAYERS) -> Submission:
    """What is handed in with `text`: a badge as it is; JSON text that holds one; its address; or an object around any
    of these, `{"badge", "recipient"?}` or `{"url", "recipient"?}`.

    `recipient` is whose badge it should be, as said elsewhere. What is no JSON comes back as it is. Raises `Invalid`
    for an object around a badge that is not as it should be, and where two recipients differ.
    """
    inner = _unmarked(text).strip(_WHITESPACE)
    if inner[:8].lower().startswith(_ADDRESS):
        return Submission(b"", recipient, inner.decode("utf-8", "replace"))
    if layers and (string := _string(inner)) is not None:
        return submitted(_image(string) or string.encode(), recipient, pointer=pointer, layers=layers - 1)
    around = _around(inner) if layers else None
    if around is None:
        return Submission(text, recipient)
    refuse_unknown(around, ("badge", "recipient") if "badge" in around else ("url", "recipient"), pointer)
    recipient = agreed(_named(around.get("recipient", b"null"), f"{pointer}/recipient"), recipient, pointer)
    if "url" in around:
        return Submission(b"", recipient, _url(around["url"], f"{pointer}/url"))
    return submitted(around["badge"], recipient, pointer=f"{pointer}/badge", layers=layers - 1)


def items_in(body: bytes, recipient: str | None) -> list[Item]:
    """The badges in a batch: `{"items": […], "recipient"?}`, or the array alone. Raises `MalformedJson`, `Invalid`.

    An item is whatever `submitted` takes. The batch's recipient is that of the items which name none.
    """
    array = body = _unmarked(body)
    if not body.strip(_WHITESPACE).startswith(b"["):
        batch = members(body)
        if batch is None:
            raise MalformedJson("A batch is JSON: an object with `items`, or an array.")
        refuse_unknown(batch, ("items", "recipient"))
        if "items" not in batch:
            raise Invalid(errors=[{"pointer": "/items", "message": "a batch has items"}])
        array, recipient = batch["items"], agreed(_named(batch.get("recipient", b"null"), "/recipient"), recipient)
    items = elements(array, most=MOST)
    if items is None:
        raise Invalid(errors=[{"pointer": "/items", "message": "the items are one array"}])
    return all_of(items, recipient)


def all_of(items: Sequence[bytes], recipient: str | None) -> list[Item]:
    """What is handed in with each, for `recipient` where it names nobody itself. Raises `Invalid` for too many."""
    return [_item(item, recipient) for item in at_most(items)]


def at_most(items: Sequence[T]) -> Sequence[T]:
    """`items`, if they are not too many. Raises `Invalid`."""
    if len(items) > MOST:
        raise Invalid(errors=[{"pointer": "/items", "message": f"a batch has at most {MOST} items"}])
    return items


def named(value: str, where: FieldError) -> str:
    """By what somebody is named, without the blanks around it. Raises `Invalid`, which says `where` it stood."""
    found = value.strip()
    if not found:
        raise Invalid(errors=[where | {"message": "is empty; leave it out to ask about nobody in particular"}])
    if len(found) > LONGEST_RECIPIENT:
        raise Invalid(errors=[where | {"message": f"has more than {LONGEST_RECIPIENT} characters"}])
    return found


def agreed(one: str | None, other: str | None, pointer: str = "") -> str | None:
    """Whose badge it should be, where that can be said in two places. Raises `Invalid` if they differ."""
    if one is not None and other is not None and one != other:
        told = "two recipients are named, and they differ; name one"
        raise Invalid(errors=[{"pointer": f"{pointer}/recipient", "message": told}])
    return other if one is None else one


def refuse_unknown(given: Collection[str], known: Sequence[str], pointer: str = "") -> None:
    """Returns where nothing else is `given` than is known. Raises `Invalid`, which names what is."""
    also = " and ".join(f"`{name}`" for name in known)
    errors: list[FieldError] = [
        {
            "pointer": pointer + badges.pointer_to(name),
            "message": f"is unknown; {also} are known",
        }
        for name in given
        if name not in known
    ]
    if errors:
        raise Invalid(f"{len(errors)} field{'s are' if len(errors) > 1 else ' is'} unknown.", errors=errors)


def _item(text: bytes, recipient: str | None) -> Item:
    try:
        found = submitted(text)
    except Invalid as refusal:
        return refusal
    return replace(found, recipient=found.recipient or recipient)


def _around(text: bytes) -> dict[str, bytes] | None:
    """The members of an object around a badge; None for what is a badge itself, or nothing of the kind."""
    if not text.startswith(b"{") or text[1:100].lstrip(_WHITESPACE).startswith(b'"@context"'):
        return None  # nearly every badge begins so, and need not be taken apart
    found = members(text)
    if found is None or not found.keys() & {"badge", "url"} or found.keys() & _OF_A_BADGE:
        return None
    return found


def _url(text: bytes, pointer: str) -> str:
    url = _string(text)
    if url is None:
        raise Invalid(errors=[{"pointer": pointer, "message": "is no text; an address is"}])
    if not url.lower().startswith(("https://", "http://")):
        raise Invalid(errors=[{"pointer": pointer, "message": "an address begins with https:// or http://"}])
    return url


def _named(text: bytes, pointer: str) -> str | None:
    """Whom a member names; None for null, which is as good as left out."""
    if text == b"null":
        return None
    value = _string(text)
    if value is None:
        told = "is no text; an email address, a DID or another identifier is"
        raise Invalid(errors=[{"pointer": pointer, "message": told}])
    return named(value, {"pointer": pointer, "message": ""})


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
