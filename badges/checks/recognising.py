"""What is it then? Of whatever carries no badge that is judged here: what it seems to be, and what to hand in instead.

Only names things; nothing is believed, and nothing is refused here that could be read as a badge.
"""

import re
from collections.abc import Callable
from typing import Any

from badges.checks.questions import brief
from badges.documents import Document, as_list, id_of, types
from badges.errors import BadgeError, NoCredential, OpenBadges1, Unreadable, Unsupported
from badges.versions import OB20

_INSTEAD = "Hand in the badge itself: its picture (PNG or SVG), its JSON, its token, or its link."
_JWS = re.compile(r"e[yw][A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+){2}")
_BEGINNING = re.compile(r"e[yw][A-Za-z0-9_-]{8,}(\.[A-Za-z0-9_-]*)?")
_PICTURES = (
    (b"\xff\xd8\xff", 0, "JPEG"),
    (b"GIF8", 0, "GIF"),
    (b"WEBP", 8, "WebP"),
    (b"ftyphe", 4, "HEIC"),
    (b"ftypmi", 4, "HEIC"),
    (b"ftypms", 4, "HEIC"),
    (b"ftypavi", 4, "AVIF"),
    (b"\0\0\1\0", 0, "icon"),
    (b"BM", 0, "BMP"),
    (b"II*\0", 0, "TIFF"),
    (b"MM\0*", 0, "TIFF"),
)
_FILES = (
    (b"PK", f"This is an archive (ZIP), as backpacks and portfolios export them. Unpack it first. {_INSTEAD}"),
    (b"\x1f\x8b", f"This is a compressed file (gzip). Unpack it first. {_INSTEAD}"),
    (b"{\\rtf", f"This is a text document, and no such document carries a badge. {_INSTEAD}"),
    (b"\xd0\xcf\x11\xe0", f"This is an office document, and no such document carries a badge. {_INSTEAD}"),
)


def file_of(raw: bytes) -> BadgeError | None:
    """A file of another kind, by its first bytes; None where they say nothing."""
    for magic, at, name in _PICTURES:
        if raw[at : at + len(magic)] == magic:
            article = "an" if name[0] in "Ai" else "a"
            return Unreadable(
                f"This is {article} {name} picture, and only PNG and SVG carry badges. Phones, chats and image editors"
                " save pictures anew and lose the badge: use the file as the issuer gave it, or the badge's link."
            )
    if raw.lstrip().startswith(b"%PDF-"):
        return Unreadable(f"This is a PDF: it may show a badge, but carries none that can be checked. {_INSTEAD}")
    told = next((told for magic, told in _FILES if raw.startswith(magic)), None)
    return Unreadable(told) if told else None


def bytes_of() -> BadgeError:
    """Bytes that are not even text."""
    return Unreadable(f"This is neither text nor a PNG or SVG picture, and nothing else carries a badge. {_INSTEAD}")


def text_of(text: str) -> BadgeError:
    """Text that is no JSON object, no token of three parts and no address."""
    start = text[:1024].lower()
    if not text:
        told = "Nothing was handed in."
    elif start.startswith(("<!doctype html", "<html")) or "<html" in start:
        told = f"This is a web page. A page about a badge mostly has it as a download. {_INSTEAD}"
    elif start.startswith("<"):
        told = f"This is XML, but not an SVG picture. {_INSTEAD}"
    elif start.startswith("["):
        told = "This is a list. Hand in each badge in it by itself."
    elif start.startswith("data:"):
        told = "This is a picture or a file written as a data: URL. Hand in the picture or the file itself."
    elif _JWS.fullmatch(text.replace(" ", "")):
        told = (
            "This is a signed token with blanks in it, which it did not have when it was signed. Copy it anew, whole."
        )
    elif _BEGINNING.fullmatch(text):
        told = "This is the beginning of a signed token, which has three parts. Copy all of it."
    elif text.count(".") == 4 and " " not in text:
        told = "This is an encrypted token; only whom it was encrypted for can read it."
    elif "~" in text and text.partition("~")[0].count(".") == 2:
        told = "This is an SD-JWT, in which a credential travels with parts withheld. Open Badges do not come in it."
    else:
        told = f"This is neither a badge's picture, nor JSON, nor a signed token, nor an address. {_INSTEAD}"
    return NoCredential(told)


def document_of(document: Document, *, is_token: bool = False) -> BadgeError:
    """A JSON object, or what a token says, that is no badge of a kind that is judged here."""
    told = next((told for is_it, told in _KINDS if is_it(document)), None)
    if told is not None:
        return NoCredential(told)
    if _is_blockcerts(document):
        return Unsupported("This is a Blockcerts certificate, which a blockchain proves; that is not judged here.")
    if _is_assertion_of_1(document):
        return OpenBadges1(
            "This is a badge of Open Badges 1 (Mozilla's, 2011 to 2017), which had other rules, and hosts that are"
            " mostly gone; nothing can be said about it here. Its issuer can award it anew, in a form of today."
        )
    named = [t for t in types(document) if t not in ("VerifiableCredential", "VerifiablePresentation")]
    if "VerifiableCredential" in types(document):
        kind = f" of type {brief(' '.join(named))}" if named else ""
        return NoCredential(f"This is a verifiable credential{kind}, but it is not an Open Badge.")
    for kind, words in _PARTS.items():
        if kind in named:
            return NoCredential(f"This is {words}, and not an award: nobody is said to have earned anything.")
    if "EnvelopedVerifiableCredential" in named:
        return NoCredential("This is an envelope inside an envelope.")
    if is_token:
        return NoCredential("This is a signed token, but there is no badge in it: a login, perhaps, or an LTI launch.")
    if _is_part_of_1(document):
        return OpenBadges1(
            "This describes a badge or an issuer of Open Badges 1 (Mozilla's, 2011 to 2017), and is not an award."
        )
    return NoCredential("The document names no context of Open Badges and is not an Open Badge.", pointer="/@context")


def _is_assertion_of_1(document: Document) -> bool:
    """Open Badges 1.0 and 1.1, and what came before: recipient and badge, without the words of 2.0."""
    is_hosted_or_signed = bool(document.keys() & {"uid", "verify", "issued_on", "issuedOn", "salt"})
    about = document.get("badge")
    return (
        "recipient" in document
        and isinstance(about, str | dict)
        and not any(_names(document, context) for context in OB20.contexts)
        and (is_hosted_or_signed or isinstance(about, dict))
    )


def _is_part_of_1(document: Document) -> bool:
    is_badge_class = {"name", "description", "image", "criteria", "issuer"} <= document.keys()
    return (is_badge_class and isinstance(document.get("criteria"), str)) or _names(
        document, "https://w3id.org/openbadges/v1"
    )


def _is_blockcerts(document: Document) -> bool:
    return any(isinstance(each, str) and "blockcerts" in each for each in as_list(document.get("@context")))


def _is_wrapped(document: Document) -> bool:
    inner = [
        each
        for name in ("credential", "verifiableCredential", "compactJwsString", "assertion")
        for each in as_list(document.get(name))
    ]
    return "type" not in document and "@context" not in document and any(isinstance(each, dict | str) for each in inner)


def _names(document: Document, context: str) -> bool:
    return any(isinstance(each, str) and each.startswith(context) for each in as_list(document.get("@context")))


def _has(*members: str) -> Callable[[Document], bool]:
    return lambda document: all(member in document for member in members)


def _is_clr_1(document: Document) -> bool:
    return _names(document, "https://purl.imsglobal.org/spec/clr/v1p0") or _names(
        document, "https://purl.imsglobal.org/clr/v1p0"
    )


def _is_did_document(document: Document) -> bool:
    return (id_of(document) or "").startswith("did:") and bool(
        document.keys() & {"verificationMethod", "assertionMethod", "authentication"}
    )


def _is_list(document: Document) -> bool:
    return any("StatusList" in t and t.endswith("Credential") for t in types(document))


_KINDS: tuple[tuple[Callable[[Document], Any], str], ...] = (
    (_is_list, "This is a status list: it says which credentials of an issuer were taken back, and is no badge."),
    (_is_did_document, "This is the document in which an issuer lists its keys (a DID document), and no badge."),
    (_has("keys"), "This is a set of keys (JWKS), and no badge."),
    (_has("kty"), "This is a key (JWK), and no badge."),
    (_is_clr_1, "This is a learner record of CLR 1.0, which is not judged here; CLR 2.0 is."),
    (_is_wrapped, "This is the answer of a service with credentials in it. Hand in the credential itself."),
)

_PARTS = {
    "BadgeClass": "the description of a badge (BadgeClass)",
    "Achievement": "the description of a badge (Achievement)",
    "Issuer": "the description of an issuer (Issuer)",
    "Profile": "the description of an issuer or a person (Profile)",
    "CryptographicKey": "an issuer's key (CryptographicKey)",
    "RevocationList": "a list of what an issuer took back (RevocationList)",
    "1EdTechRevocationList": "a list of what an issuer took back (1EdTechRevocationList)",
    "Endorsement": "an endorsement of Open Badges 2.0",
    "EndorsementSubject": "part of an endorsement",
    "AchievementSubject": "part of a badge (AchievementSubject)",
    "Criteria": "part of a badge (Criteria)",
    "Evidence": "part of a badge (Evidence)",
}
