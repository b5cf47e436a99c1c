"""Baking: a signed badge travels inside its own picture (OB 2.0 Baking; OB 3.0 §5.3).

Nothing is decoded or encoded: the picture's bytes stay as they are, and the badge's text goes in as it was signed.
"""

import re
from dataclasses import dataclass

from badges.baking import png, svg
from badges.documents import for_wallets, in_units
from badges.errors import NoCredential, TooLarge, Unreadable
from badges.versions import VERSIONS, Version, detect

LARGEST_IMAGE = 2 * 1024 * 1024
LARGEST_TEXT = png.LARGEST_TEXT

_CARRIERS = {"png": png, "svg": svg}
_JWS_OR_URL = re.compile(r"[\w-]+\.[\w-]+\.[\w-]*|https?://[\x21-\x7e]+", re.ASCII)
_BEFORE_ROOT = re.compile(rb"\s+|<\?.*?\?>|<!--.*?-->", re.DOTALL)
_SVG_ROOT = re.compile(rb"<(?:[\w.-]{1,40}:)?svg[\s/>]|<!DOCTYPE\s+(?:[\w.-]{1,40}:)?svg[\s>\[]", re.IGNORECASE)


@dataclass(frozen=True)
class Baked:
    """What a picture carried."""

    text: str
    """The signed badge: JSON or a compact JWS; in OB 2.0 also the address of a hosted assertion."""
    version: Version
    """The version as whose badge it was baked; the text itself has the last word (`versions.detect`)."""
    container: str
    """`png` or `svg`."""
    also: tuple[Version, ...] = ()
    """The elder versions of which the picture carries a badge too."""
    is_compressed: bool = False
    """Whether it was compressed, which the standards forbid and some bakers do."""


def bake(image: bytes, signed: str, *, version: Version | None = None) -> bytes:
    """The PNG or SVG `image` with the badge `signed` (JSON text or compact JWS) baked in.

    Who has just signed it may say its `version`; else it is read from the text, which takes longer than to bake it.

    A badge of the same version is replaced, one of the other version stays. JSON is the same value ever after, written
    as wallets read it (`documents.for_wallets`) and as XML can carry it; text made by `documents.serialize`, and any
    JWS, is the same to the byte.

    Raises `TooLarge`, `Unreadable` (no such picture, a damaged one, an SVG that runs or loads something) and
    `NoCredential` (no badge in `signed`).
    """
    text = _within(signed.strip())
    version = version or detect(text)
    if text.startswith("{"):
        text = _within(for_wallets(text))
    elif not _JWS_OR_URL.fullmatch(text):
        raise NoCredential("The text is neither JSON nor a compact JWS.")
    baked: bytes = _CARRIERS[_container(image)].bake(image, text, version)
    return baked


def unbake(image: bytes) -> Baked:
    """The badge in a PNG or SVG; of two, that of the newer version. Nothing about it is verified yet.

    Raises `NoCredential` for a picture without a badge, `TooLarge` and `Unreadable` for what cannot be read in exactly
    one way, and `Unsupported` for an SVG with entities or a document type that may say something.
    """
    container = _container(image)
    found = _CARRIERS[container].unbake(image)
    versions = [version for version in VERSIONS if version in found]
    if versions:
        carried = found[versions[0]]
        return Baked(_within(carried.text), versions[0], container, tuple(versions[1:]), carried.is_compressed)
    raise NoCredential(
        "There is no badge in this picture. Phones, chats and image editors remove what a picture carries when they"
        " save it again, and a screenshot never had it: use the file as the issuer gave it, or the badge's link."
    )


def container_of(data: bytes) -> str | None:
    """`png`, `svg` or None, by the first bytes; None is no picture that could carry a badge."""
    if data.startswith(png.SIGNATURE):
        return "png"
    at = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    while match := _BEFORE_ROOT.match(data, at):
        at = match.end()
    return "svg" if _SVG_ROOT.match(data, at) else None


def _container(image: bytes) -> str:
    if len(image) > LARGEST_IMAGE:
        raise TooLarge(f"The image has {in_units(len(image))}; at most {in_units(LARGEST_IMAGE)} are read.")
    container = container_of(image)
    if container is None:
        raise Unreadable("The image is neither a PNG nor an SVG, and no other kind can carry a badge.")
    return container


def _within(text: str) -> str:
    if len(text) > LARGEST_TEXT or len(text.encode("utf-8", "surrogatepass")) > LARGEST_TEXT:
        raise TooLarge(f"The badge's text is longer than {in_units(LARGEST_TEXT)}.")
    return text
