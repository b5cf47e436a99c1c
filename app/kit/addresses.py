"""Addresses as requests give them: web, email, DID; each in the one form that is stored and compared."""

import re
import unicodedata
from ipaddress import IPv6Address
from typing import Annotated
from urllib.parse import quote

from pydantic import AfterValidator, StringConstraints

_PLAIN = r"(?:[A-Za-z0-9._~:/?@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*"
_URL = re.compile(
    r"https?://(?:(?P<name>[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)|\[(?P<ipv6>[0-9A-Fa-f:.]+)\])(?::(?P<port>\d{0,5}))?"
    rf"(?:[/?]{_PLAIN})?(?:#{_PLAIN})?",
    re.IGNORECASE,
)
"""RFC 3986 §3, of the web, without a user name."""
_LAST_PORT = 65535
_EMAIL = re.compile(r"[^@<>\"(),:;\\]{1,64}@[^@<>\"(),:;\\.]+(?:\.[^@<>\"(),:;\\.]+)+")
_DID = re.compile(r"did:[a-z0-9]{1,32}:(?:[A-Za-z0-9._:-]|%[0-9A-Fa-f]{2}){1,400}")
_DID_KEY = re.compile(r"did:key:z[1-9A-HJ-NP-Za-km-z]+")


def web_url(text: str) -> str:
    """An absolute http or https URL as a URI: what is not ASCII behind the host is percent-encoded (RFC 3987 §3.1).

    Raises `ValueError`: no other scheme may become a link, and a URL that is not one would go unsigned.
    """
    uri = re.sub(r"[^\x00-\x7f]+", lambda beyond: quote(beyond[0]), text) if text.isprintable() else ""
    match = _URL.fullmatch(uri)
    if not match:
        raise ValueError(
            "an http or https URL is needed, with a host name in ASCII (international ones in their xn-- form) and "
            "without spaces, quotes, stray % signs or a user name"
        )
    if match["ipv6"]:
        IPv6Address(match["ipv6"])
    if match["port"] and not 0 < int(match["port"]) <= _LAST_PORT:
        raise ValueError(f"there are ports from 1 to {_LAST_PORT} only")
    return uri


def canonical_email(text: str) -> str:
    """The one form of an email address that is stored and compared: NFC, trimmed, in lower case.

    Not case-folded: `weiß@` and `weiss@` are two mailboxes, of two people.
    """
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text.strip()).lower())


def email(text: str) -> str:
    """A canonical address. Raises `ValueError`; whether anybody reads it, only a message can tell."""
    canonical = canonical_email(text)
    if len(canonical) > 254 or not _EMAIL.fullmatch(canonical) or any(map(_unseen, canonical)):
        raise ValueError("this is not an email address")
    return canonical


def written_email(text: str) -> str:
    """An address as it was written, without what surrounds it. Raises `ValueError` as `email` does."""
    email(text)
    return unicodedata.normalize("NFC", text.strip())


def did(text: str) -> str:
    """A DID (DID Core §3.1); one of did:key is a key in base58 (did:key §3.1). Raises `ValueError`."""
    by_key = text.startswith("did:key:")
    if not _DID.fullmatch(text) or text.endswith(":") or (by_key and not _DID_KEY.fullmatch(text)):
        raise ValueError("a DID looks like did:key:z6Mk… or did:web:example.org")
    return text


WebUrl = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000), AfterValidator(web_url)]
Email = Annotated[str, StringConstraints(max_length=320), AfterValidator(email)]
WrittenEmail = Annotated[str, StringConstraints(max_length=320), AfterValidator(written_email)]
Did = Annotated[str, StringConstraints(strip_whitespace=True, max_length=450), AfterValidator(did)]


def _unseen(character: str) -> bool:
    """Spaces, controls, and what changes or hides its neighbours: two addresses that look alike are not taken."""
    return unicodedata.category(character)[0] in "CZ"
