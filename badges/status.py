"""Whether a credential still stands: bitstring status lists, and the revocation lists of OB 2.0 and early OB 3.0."""

import base64
import binascii
import gzip
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from isal import isal_zlib

from badges.documents import Document, as_list
from badges.errors import NotConformant, TooLarge, Unreadable
from badges.ob3 import BitstringStatusList, BitstringStatusListCredential

SMALLEST = 131_072
"""Entries. A shorter list tells too much about the few that are on it (Bitstring Status List §6.1)."""
LARGEST = 16 * 1024 * 1024
"""Bytes that a list may expand to when read; the standard sets no bound."""

_DAMAGED: type[Exception] = isal_zlib.IsalError  # type: ignore[assignment]  # the stub calls the class an instance
_LISTS = ("revokedAssertions", "revokedCredential", "revokedCredentials")

NO_REASON = "no reason given"


@dataclass(frozen=True)
class StatusList:
    """A bit for every credential, the first one in the highest bit of the first byte (Bitstring Status List §3.3)."""

    bits: bytes = field(repr=False)

    @classmethod
    def empty(cls, length: int = SMALLEST) -> Self:
        """A list of `length` entries, none set. Raises `NotConformant` under 131,072 or when not a multiple of 8."""
        if length < SMALLEST or length % 8:
            raise NotConformant(f"A status list has {SMALLEST} entries or more, in whole bytes; not {length}.")
        return cls(bytes(length // 8))

    def __len__(self) -> int:
        return len(self.bits) * 8

    def get(self, index: int) -> bool:
        """Whether the bit at `index` is set. Raises `NotConformant` outside the list (§3.2, RANGE_ERROR)."""
        self._holds(index)
        return bool(self.bits[index // 8] & 0x80 >> index % 8)

    def value(self, index: int, size: int = 1) -> int:
        """The number in the `size` bits of entry `index` (`statusSize`, §2.1), its highest bit first.

        Raises `NotConformant` outside the list.
        """
        first = index * size
        self._holds(first)
        self._holds(first + size - 1)
        last = (first + size - 1) // 8
        window = int.from_bytes(self.bits[first // 8 : last + 1])
        return window >> (last * 8 + 8 - first - size) & (1 << size) - 1

    def set(self, index: int, value: bool = True) -> Self:
        """A list that differs at `index` alone. Raises `NotConformant` outside the list."""
        if self.get(index) is value:
            return self
        bits = bytearray(self.bits)
        bits[index // 8] ^= 0x80 >> index % 8
        return type(self)(bytes(bits))

    def with_bits(self, indexes: Iterable[int]) -> Self:
        """A list in which the bits at `indexes` are set as well. Raises `NotConformant` outside the list."""
        bits = bytearray(self.bits)
        for index in indexes:
            self._holds(index)
            bits[index // 8] |= 0x80 >> index % 8
        return type(self)(bytes(bits))

    def encode(self) -> str:
        """The `encodedList`: `u` and base64url without padding, of GZIP (§3.3); of equal lists, equal texts."""
        # Level 9, Python's default, takes fifteen times as long for next to nothing.
        packed = gzip.compress(self.bits, compresslevel=6, mtime=0)
        return "u" + base64.urlsafe_b64encode(packed).rstrip(b"=").decode()

    @classmethod
    def decode(cls, text: str, *, largest: int = LARGEST) -> Self:
        """The list in an `encodedList` (§3.4). A list that is too short is read all the same: compare `len`.

        Raises `NotConformant` (no multibase `u`, padding), `Unreadable` (not base64url of GZIP, or cut off) or
        `TooLarge` (expands past `largest` bytes; no more than that is ever held).
        """
        if not text.startswith("u") or text.endswith("="):
            raise NotConformant(
                "An encodedList is u followed by base64url without padding (Bitstring Status List §2.2)."
            )
        return cls(_expanded(text[1:], largest))

    @classmethod
    def decode_2021(cls, text: str, *, largest: int = LARGEST) -> Self:
        """The list in an `encodedList` of Status List 2021 (§3.2: base64 of GZIP); otherwise like `decode`.

        That draft says base64 and its makers write base64url without padding, so both are read, with or without the
        `u` that came later: GZIP in base64 begins with `H4sI` and can be taken for nothing else.
        """
        packed = text.removeprefix("u").rstrip("=").replace("+", "-").replace("/", "_")
        return cls(_expanded(packed, largest))

    def _holds(self, index: int) -> None:
        if not 0 <= index < len(self):
            raise NotConformant(f"Index {index} lies outside a status list of {len(self)} entries.")


def _expanded(text: str, largest: int) -> bytes:
    """What GZIP in base64url without padding expands to. Raises `Unreadable` or `TooLarge`."""
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        expansion = isal_zlib.decompressobj(wbits=16 + isal_zlib.MAX_WBITS)
        bits = expansion.decompress(packed, largest + 1)
    except (binascii.Error, ValueError, _DAMAGED) as error:
        raise Unreadable(f"The encodedList is not base64url of GZIP: {error}.") from error
    if len(bits) > largest:
        raise TooLarge(f"The status list expands to more than {largest} bytes.")
    if not expansion.eof or expansion.unused_data:
        raise Unreadable("The GZIP data of the encodedList is cut off, or more follows it.")
    return bits


def list_credential(
    statuses: StatusList,
    *,
    id: str,
    issuer: str,
    valid_from: datetime,
    purpose: str = "revocation",
    valid_until: datetime | None = None,
    ttl: int | None = None,
) -> Document:
    """The unsigned credential of a list (Bitstring Status List §2.2), to be served at the URL `id`.

    `purpose` is `revocation` or `suspension`; `ttl` is how long a copy is good, in milliseconds. Raises
    `NotConformant`.
    """
    subject = BitstringStatusList(
        id=f"{id}#list",
        status_purpose=purpose,
        encoded_list=statuses.encode(),
        ttl=ttl,
    )
    return BitstringStatusListCredential(
        id=id, issuer=issuer, valid_from=valid_from, valid_until=valid_until, credential_subject=subject
    ).to_document()


def revocations_in(document: Document) -> dict[str, str]:
    """The badges that a list calls revoked, by id (or `uid`), and why; `NO_REASON` where none is given.

    `document` is an OB 2.0 RevocationList (§RevocationList: `revokedAssertions` of ids or of objects with `id` or
    `uid`) or a 1EdTechRevocationList (`revokedCredential` of objects with `id`, not revoked only if they say so; the
    prose of OB 3.0 calls the member `revokedCredentials`).
    Raises `NotConformant` for any other document, and for entries that name no badge: it says nothing about who is not
    on it.
    """
    listed = [document[name] for name in _LISTS if name in document]
    if not listed:
        raise NotConformant("The document lists neither revokedAssertions nor revokedCredential.")
    revoked: dict[str, str] = {}
    for entry in (entry for entries in listed for entry in _entries(entries)):
        node = entry if isinstance(entry, dict) else {"id": entry}
        if not any(isinstance(node.get(name), str) for name in ("id", "uid")):
            raise NotConformant("An entry of the list names no badge.")
        reason = node.get("revocationReason")
        because = reason if isinstance(reason, str) and reason else NO_REASON
        names = (node.get("id"), node.get("uid")) if node.get("revoked") is not False else ()
        for name in names:
            if isinstance(name, str):
                revoked.setdefault(name, because)
    return revoked


def _entries(listed: Any) -> list[Any]:
    """An array of entries, or one that stands without it, as JSON-LD compacts it; a word like `none` is none."""
    is_one = isinstance(listed, dict) or (isinstance(listed, str) and ":" in listed)
    if not isinstance(listed, list) and not is_one:
        raise NotConformant("What should list the revoked badges is no array.")
    return as_list(listed)
