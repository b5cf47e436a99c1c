"""Until when a published key counts, by all that its issuer says of it, in whatever place and form.

Controlled Identifiers §2.2: at and after `expires` and `revoked` a key is not used. One entry that says so is enough;
that another says nothing does not take it back.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa

from badges.documents import Document, as_list, id_of, instant
from badges.errors import BadgeError, ForeignKey, InvalidKey, NotConformant, RevokedKey, UnreadableKey
from badges.keys import VerificationMethod
from badges.published_keys import MOST_METHODS, PURPOSES, is_of_other_kind
from badges.written_keys import (
    PublicKey,
    key_from_base58,
    key_from_jwk,
    key_from_multikey,
    key_from_pem,
    multikey,
)

MOST_ENDING = 300
"""How many keys of one issuer may say of themselves that they end."""

_ENDS = ("revoked", "expires")
_LISTS = ("verificationMethod", *PURPOSES, "publicKey", "jwks")

Ending = tuple[str | None, Document]
"""What says of a key that it ends, with the absolute name of the key, if it has one."""


def ending_keys(sources: Iterable[tuple[str, Document]]) -> list[Ending]:
    """All that says of a key that it ends, in documents with the addresses below which their keys have their names.

    Raises `UnreadableKey` where there are too many: which of them are looked at is not for their order to decide.
    """
    found = [
        (_name(node, base), node)
        for base, document in sources
        for node in _nodes(document)
        if any(place.get(member) is not None for place in _places(node) for member in _ENDS)
    ]
    if len(found) > MOST_ENDING:
        raise UnreadableKey(f"More than {MOST_ENDING} keys of the issuer say until when they count.")
    return found


def _nodes(document: Document) -> Iterator[Document]:
    for member in _LISTS:
        for entry in as_list(document.get(member)):
            if isinstance(entry, dict):
                yield entry
                yield from (jwk for jwk in as_list(entry.get("keys")) if isinstance(jwk, dict))


def _name(node: Document, base: str) -> str | None:
    name = id_of(node) or node.get("kid")
    if not isinstance(name, str):
        return None
    return name if ":" in name else f"{base}#{name.removeprefix('#')}"


def _places(node: Document) -> list[Document]:
    """An entry and the JWK inside it: of either it may be said that it ends."""
    jwk = node.get("publicKeyJwk")
    return [node, jwk] if isinstance(jwk, dict) else [node]


def refuse_ended(
    method: VerificationMethod, names: Collection[str], ending: list[Ending], *, at: datetime | None, now: datetime
) -> None:
    """Returns when a key, which goes by these names, could sign at the instant `at`, or `now` where that is not known.

    Asked are the entries that hold this key, whatever they call it, and those of its names that do not plainly hold
    another: an issuer may strike a key out and leave its name. Raises as `refuse_out_of_use` does, but `UnreadableKey`
    where only an entry that cannot be read says that the key had ended: it may have been another of that name.
    """
    named = [node for name, node in ending if name in names]
    if len(named) > MOST_METHODS:
        raise UnreadableKey(f"More than {MOST_METHODS} keys by the name {method.id[:200]} say until when they count.")
    refusals: list[BadgeError] = []
    for name, node in ending:
        try:
            if _holds(node, method.key):
                refuse_out_of_use(method.id, node, at=at, now=now)
            elif name in names and not _holds_another(node, method):
                _refuse_perhaps(method.id, node, at=at, now=now)
        except (ForeignKey, RevokedKey, UnreadableKey) as refusal:
            refusals.append(refusal)
    if refusals:
        # What is certain comes first, wherever it stands.
        raise min(refusals, key=lambda each: (ForeignKey.code, RevokedKey.code, UnreadableKey.code).index(each.code))


def _refuse_perhaps(id: str, node: Document, *, at: datetime | None, now: datetime) -> None:
    try:
        refuse_out_of_use(id, node, at=at, now=now)
    except ForeignKey as error:
        told = f"{error.detail} Or it was another of that name: what is left of it cannot be read."
        raise UnreadableKey(told) from error


def refuse_out_of_use(id: str, node: Document, *, at: datetime | None, now: datetime) -> None:
    """Returns when a key could sign at the instant `at`, which a signature says of itself, or `now` if it does not.

    Of what says that it was signed before a key expired, that is believed: this is how keys retire. Of a revoked key it
    is not: whoever stole it would say the same. Raises `ForeignKey`, `RevokedKey`, and `UnreadableKey` for what is no
    instant.
    """
    signed = at or now
    for place in _places(node):
        revoked, expires = _instant(id, place, "revoked"), _instant(id, place, "expires")
        if revoked and revoked <= now:
            when = place["revoked"]
            if signed >= revoked:
                raise ForeignKey(f"The key {id[:200]} had been revoked when this was signed, on {when}.")
            raise RevokedKey(f"The key {id[:200]} was revoked on {when}; when this was signed, nobody can tell.")
        if expires and signed >= expires:
            raise ForeignKey(f"The key {id[:200]} had expired when this was signed, on {place['expires']}.")


def _instant(id: str, node: Document, member: str) -> datetime | None:
    try:
        return instant(node[member]) if node.get(member) is not None else None  # some write null for never
    except NotConformant as error:
        raise UnreadableKey(f"The key {id[:200]} does not say properly when it is {member}: {error.detail}") from error


def _holds(node: Document, key: PublicKey) -> bool:
    """Whether an entry holds this key, in whatever form and for whatever use; or names it by its did:key."""
    text, did = node.get("publicKeyMultibase"), str(id_of(node)).partition("#")[0]
    if (text is not None or did.startswith("did:key:")) and not isinstance(key, rsa.RSAPublicKey):
        own = multikey(key)
        if own == text or did == f"did:key:{own}":
            return True
    return key in _read(node)


def _holds_another(node: Document, method: VerificationMethod) -> bool:
    """Whether an entry that does not hold this key holds another one, plainly."""
    if _read(node) or is_of_other_kind(node, (method.algorithm,)):
        return True
    with suppress(InvalidKey):
        return bool(key_from_multikey(str(node.get("publicKeyMultibase"))))
    return False


def _read(node: Document) -> list[PublicKey]:
    """The keys in an entry, without asking what they are for; a Multikey is compared as text, which it has but one."""
    jwk = node if "kty" in node else node.get("publicKeyJwk")
    readings: list[tuple[Any, Callable[[Any], PublicKey]]] = [
        (_public_part(jwk) if isinstance(jwk, dict) else None, key_from_jwk),
        (node.get("publicKeyPem"), key_from_pem),
        (node.get("publicKeyBase58"), key_from_base58),
    ]
    found = []
    for written, reading in readings:
        if isinstance(written, str | dict):
            with suppress(InvalidKey):
                found.append(reading(written))
    return found


def _public_part(jwk: Document) -> Document:
    return {member: jwk[member] for member in ("kty", "crv", "x", "y", "n", "e") if member in jwk}
