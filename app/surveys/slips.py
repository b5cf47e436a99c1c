"""Slips: who holds one may answer once, and nothing tells whose it was.

A slip is a random number and its MAC (HMAC-SHA-256, RFC 2104) under a key of the wave's own. So whether it is genuine
can be told without having kept anything of it: when somebody draws one, nothing is written down that says which. Only
when it is used its digest is, so that it is not used twice; and who used it nobody knows by then.
"""

import base64
import hashlib
import hmac

from app.kit.ids import Ids

MOST = 200
"""Characters of a slip."""


def new_key(ids: Ids) -> bytes:
    """A wave's key."""
    return ids.secret().encode()


def drawn(key: bytes, ids: Ids) -> str:
    """A new slip."""
    number = ids.secret()
    return f"{number}.{_mac(key, number)}"


def is_genuine(key: bytes, slip: str) -> bool:
    """Whether it was drawn with this key."""
    number, _, mac = slip.rpartition(".")
    return hmac.compare_digest(_mac(key, number).encode(), mac.encode("utf-8", "surrogatepass"))


def digest(slip: str) -> str:
    """What is kept of a slip that was used."""
    return hashlib.sha256(slip.encode()).hexdigest()


def is_marked(bits: bytes, place: int) -> bool:
    """Whether the bit of a place is set."""
    return bool(bits[place // 8] >> place % 8 & 1)


def marked(bits: bytes, place: int) -> bytes:
    """The same with the bit of a place set."""
    changed = bytearray(bits)
    changed[place // 8] |= 1 << place % 8
    return bytes(changed)


def unmarked(places: int) -> bytes:
    """A bit for each of so many places, none of them set."""
    return bytes(-(-places // 8))


def _mac(key: bytes, number: str) -> str:
    mac = hmac.digest(key, number.encode("utf-8", "surrogatepass"), "sha256")
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()
