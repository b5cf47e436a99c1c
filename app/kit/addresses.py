"""Addresses as requests give them: web, email, DID; each in the one form that is stored and compared."""

import re
import unicodedata
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, StringConstraints

_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\]")
_NOT_IN_A_URL = re.compile(r"[\x00-\x20\x7f-\x9f<>\"{}|\\^`\s\ufffe\uffff]")
_EMAIL = re.compile(r"[^@\s\x00-\x1f<>\"(),:;\\]{1,64}@[^@\s\x00-\x1f<>\"(),:;\\.]+(?:\.[^@\s\x00-\x1f<>\"(),:;\\.]+)+")
_DID = re.compile(r"did:[a-z0-9]{1,32}:[A-Za-z0-9._:%-]{1,400}")


def web_url(text: str) -> str:
    """An absolute http or https URL, as it was given. Raises `ValueError`: no other scheme may become a link."""
    parts = urlsplit(text)
    host = parts.netloc.rpartition("@")[2]
    bare = host.rpartition(":")[0] if re.search(r":\d*$", host) else host
    if parts.scheme.lower() not in {"http", "https"} or _NOT_IN_A_URL.search(text) or "@" in parts.netloc:
        raise ValueError("an http or https URL without spaces, quotes or a user name is needed")
    if not _HOST.fullmatch(bare):
        raise ValueError("the URL has no host name in ASCII; write international names in their xn-- form")
    return text


def canonical_email(text: str) -> str:
    """The one form of an email address that is stored and compared: NFC, trimmed, in lower case."""
    return unicodedata.normalize("NFC", text.strip()).casefold()


def email(text: str) -> str:
    """A canonical address. Raises `ValueError`; whether anybody reads it, only a message can tell."""
    canonical = canonical_email(text)
    if len(canonical) > 254 or not _EMAIL.fullmatch(canonical):
        raise ValueError("this is not an email address")
    return canonical


def did(text: str) -> str:
    """A DID (DID Core §3.1). Raises `ValueError`."""
    if not _DID.fullmatch(text) or text.endswith(":"):
        raise ValueError("a DID looks like did:key:z6Mk… or did:web:example.org")
    return text


WebUrl = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000), AfterValidator(web_url)]
Email = Annotated[str, StringConstraints(max_length=320), AfterValidator(email)]
Did = Annotated[str, StringConstraints(strip_whitespace=True, max_length=450), AfterValidator(did)]
