"""Digests by which a credential pins what stands elsewhere (VC Data Model 2.0 §5.3)."""

import base64
import binascii
import hashlib
from typing import Any

import base58

_CODES = {"sha256": b"\x12\x20", "sha384": b"\x20\x30", "sha512": b"\x13\x40"}
"""Of a multihash: the code of the function, and the length of its digest."""
_LONGEST = 200
"""Characters of a multibase: more than any of these has."""


def digest_multibase(body: bytes) -> str:
    """A multibase base64url multihash of SHA-256."""
    raw = _CODES["sha256"] + hashlib.sha256(body).digest()
    return "u" + base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def matches(node: dict[str, Any], body: bytes) -> bool | None:
    """Whether these bytes have the digests that a related resource names; None where it names none that is known here.

    Of several in a digestSRI the strongest kind counts (Subresource Integrity §3.3.4); where digestSRI and
    digestMultibase are both there, both have to be right.
    """
    answers = [
        reader(text, body)
        for name, reader in (("digestMultibase", _is_multihash), ("digestSRI", _is_sri))
        if isinstance(text := node.get(name), str)
    ]
    known = [answer for answer in answers if answer is not None]
    return all(known) if known else None


def _is_multihash(text: str, body: bytes) -> bool | None:
    raw = _decoded(text) if len(text) <= _LONGEST else b""
    for name, code in _CODES.items():
        if raw.startswith(code) and len(raw) == len(code) + code[1]:
            return raw == code + hashlib.new(name, body).digest()
    return None


def _decoded(text: str) -> bytes:
    """The bytes of a multibase in base58btc, base64url or hexadecimal digits; none of any other."""
    try:
        match text[:1]:
            case "z":
                return base58.b58decode(text[1:])
            case "u":
                return base64.b64decode(text[1:] + "=" * (-len(text[1:]) % 4), altchars=b"-_", validate=True)
            case "f":
                return bytes.fromhex(text[1:])
    except (ValueError, binascii.Error):
        pass
    return b""


def _is_sri(text: str, body: bytes) -> bool | None:
    told: dict[str, set[str]] = {}
    for word in text.split()[:16]:
        name, _, value = word.partition("-")
        told.setdefault(name, set()).add(value.partition("?")[0])
    strongest = next((name for name in ("sha512", "sha384", "sha256") if name in told), None)
    if strongest is None:
        return None
    return base64.b64encode(hashlib.new(strongest, body).digest()).decode() in told[strongest]
