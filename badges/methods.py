"""Whose key it is: from the name of a key in a badge to one that the issuer itself lists.

A badge says who issued it and which key signed it, and neither is believed. The key has to be found in what is
published under the issuer's own id (OB 3.0 §8.2.4, with the binding that its Implementation Guide adds; Controlled
Identifiers §3.3): a `kid`, a `verificationMethod` or a `jwk` in a header only chooses among the keys listed there.

A key at an address on the issuer's own site (a `kid` of OB 3.0 §8.2.4) is no exception. Sites have many writers, so
being there says nothing: the key has to be linked from the issuer's document, or equal to one that is listed.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from badges.controllers import controller_document, did_web_url, is_web, refuse_unknown_kind, same_origin
from badges.documents import Document, as_list
from badges.errors import BadgeError, ForeignKey, InvalidKey, NoSuchKey, UnreadableKey, UnsupportedProof
from badges.keys import VerificationMethod
from badges.published_keys import MOST_METHODS, KeyList, listed_keys, nodes_at, public_key, refuse_out_of_use
from badges.resolving import Fetch
from badges.written_keys import key_from_jwk


@dataclass(frozen=True)
class Signing:
    """What a signature says about its key, and when it is judged."""

    issuer: str
    name: str | None
    """The key by `kid` or `verificationMethod`, if it has one."""
    jwk: Document | None
    """The key itself, as a header may hold it."""
    at: datetime | None
    """When the signature says that it was made."""
    now: datetime
    purpose: str = "assertionMethod"
    """For what: to say something oneself, or (`authentication`) to present what others have said."""
    algorithms: tuple[str, ...] = ()
    """Of which kinds the key can be, as JOSE calls them; it chooses among keys that go by one name."""


def attribute(signing: Signing, *, fetch: Fetch) -> VerificationMethod:
    """The key with which the issuer signed: the one of that name, or the one equal to `jwk`, or its only one.

    Only keys that the issuer publishes for this purpose come back. Raises `ForeignKey` when the key is somebody else's,
    not for this use or no longer, `RevokedKey` when its owner has revoked it since, `NoSuchKey` when the issuer lists
    none such, `UnreadableKey` when it is not written properly, `InvalidKey` when it is too weak, `UnsupportedProof` for
    kinds of issuers and keys that are not known here, `NotConformant` when the issuer's id is malformed, `Unreachable`
    when its document cannot be had.
    """
    issuer = signing.issuer
    # (1) The name of the key begins with the id of the issuer, or it is not the issuer's (Controlled Identifiers §3.3
    #     steps 3 and 8). Seen before anything is fetched: a DID owns no keys of other DIDs.
    refuse_unknown_kind(issuer)
    name = _absolute(signing.name, issuer) if signing.name else None
    is_address = name is not None and is_web(name)
    if name and not is_web(issuer) and not is_address and name.partition("#")[0] != issuer:
        raise ForeignKey(f"The key {name[:200]} is not one of {issuer[:200]}.")
    # (2) The issuer's own document says which keys sign for it (step 6).
    keys = listed_keys(controller_document(issuer, fetch=fetch), issuer, signing.purpose, fetch=fetch)
    # (3) By name…
    if (name and name != issuer) or name in keys.for_purpose:
        found = _named(str(name), signing, keys, fetch=fetch)
        if signing.jwk is not None and found.key != key_from_jwk(signing.jwk):
            raise ForeignKey(f"The key in the header is not the one that {issuer} publishes as {name}.")
        return found
    # (4) …or by being equal to the one in the header, which by itself proves nothing (CVE-2026-27962)…
    usable = _usable(keys, signing)
    if signing.jwk is not None:
        claimed = key_from_jwk(signing.jwk)
        equal = [(id, node) for id, node, method in usable if method.key == claimed]
        if not equal:
            raise _unequal(keys, signing)
        return _method(equal[0][0], [node for _, node in equal], signing)
    # (5) …or by there being no choice.
    ids = {id for id, _, _ in usable}
    if len(ids) != 1:
        raise NoSuchKey(f"The signature does not say which of the {len(ids)} keys of {issuer} made it.")
    (id,) = ids
    return _method(id, keys.for_purpose[id], signing)


def _named(name: str, signing: Signing, keys: KeyList, *, fetch: Fetch) -> VerificationMethod:
    if name in keys.for_purpose:
        return _method(name, keys.for_purpose[name], signing)
    if name in keys.links:
        # A key that the issuer links to may say that it is somebody else's: a link both ways, where there are two.
        return _method(name, nodes_at(name, fetch=fetch), signing)
    if name in keys.listed:
        raise ForeignKey(f"The key {name} is listed by its owner, but not for this purpose ({signing.purpose}).")
    if is_web(name) and not _is_within(name, signing.issuer):
        return _at_address(name, signing, keys, fetch=fetch)
    if is_web(signing.issuer) and not _is_within(name, signing.issuer) and keys:
        raise ForeignKey(f"The key {name[:200]} is not one that {signing.issuer[:200]} lists for signing.")
    raise NoSuchKey(f"The issuer's document does not list the key {name[:200]}.")


def _at_address(name: str, signing: Signing, keys: KeyList, *, fetch: Fetch) -> VerificationMethod:
    """A key by its address (OB 3.0 §8.2.4), which anyone can publish: asked for only on the issuer's own site, and
    believed only when it is one that the issuer lists.
    """
    issuer = signing.issuer
    home = did_web_url(issuer) if issuer.startswith("did:web:") else issuer
    if not same_origin(home, name):
        raise ForeignKey(f"The key {name[:200]} is neither listed by {issuer[:200]} nor on its site.")
    if not keys:
        raise NoSuchKey(
            f"{issuer[:200]} lists no keys, so that nothing says whose the key {name[:200]} on its site is."
        )
    found = _method(name, nodes_at(name, fetch=fetch), signing)
    # That the issuer no longer lists a key there may also be careless.
    equal = [(id, node) for id, node, method in _usable(keys, signing) if method.key == found.key]
    if not equal:
        raise NoSuchKey(f"The key {name[:200]} is on the site of {issuer[:200]}, who does not list it for signing.")
    _method(equal[0][0], [node for _, node in equal], signing)
    return found


def _unequal(keys: KeyList, signing: Signing) -> BadgeError:
    """Why a key counts for nothing that equals none of those that can be used."""
    issuer = signing.issuer
    if not keys:
        return NoSuchKey(f"{issuer[:200]} publishes no keys, so that nothing can be said about who signed.")
    for id, node in _published(keys):
        try:
            _key(id, node, signing)
        except UnreadableKey as unreadable:
            return unreadable  # it may have been this one
        except (InvalidKey, ForeignKey, UnsupportedProof):
            continue
    return ForeignKey(f"The key that signed is not one that {issuer[:200]} lists for signing.")


def _method(id: str, nodes: list[Document], signing: Signing) -> VerificationMethod:
    """The key of that name, by all that is said of it. Of several of one name (RFC 7517 §4.5: alternatives of another
    kind or for another use) it is the one that fits the signature.
    """
    found: list[tuple[VerificationMethod, Document]] = []
    refusals: list[BadgeError] = []
    for node in nodes:
        try:
            found.append((_key(id, node, signing), node))
        except (InvalidKey, ForeignKey, UnsupportedProof) as refusal:
            refusals.append(refusal)
    if not found:
        raise refusals[0]
    if signing.jwk is not None:
        claimed = key_from_jwk(signing.jwk)
        found = [one for one in found if one[0].key == claimed] or found
    fitting = [one for one in found if one[0].algorithm in signing.algorithms] or found
    method = fitting[0][0]
    for other, node in fitting:
        if other.key != method.key:
            raise NoSuchKey(f"{signing.issuer[:200]} publishes several keys by the name {id[:200]}.")
        refuse_out_of_use(id, node, at=signing.at, now=signing.now)
    return method


def _key(id: str, node: Document, signing: Signing) -> VerificationMethod:
    issuer = signing.issuer
    # A did:key is controlled by itself, wherever it is listed.
    itself = id.partition("#")[0] if id.startswith("did:key:") else issuer
    for member in ("controller", "owner"):
        said = as_list(node.get(member))
        if said and issuer not in said and itself not in said:
            raise ForeignKey(f"The key {id} is published by {issuer}, but controlled by {str(said[0])[:200]!r}.")
    return VerificationMethod(id, issuer, public_key(id, node))


def _usable(keys: KeyList, signing: Signing) -> list[tuple[str, Document, VerificationMethod]]:
    """Those that can be used here, whether or not they still may be: one odd key does not spoil the others."""
    usable = []
    for id, node in _published(keys):
        with suppress(InvalidKey, ForeignKey, UnsupportedProof):
            usable.append((id, node, _key(id, node, signing)))
    return usable


def _published(keys: KeyList) -> Iterator[tuple[str, Document]]:
    every = ((id, node) for id, nodes in keys.for_purpose.items() for node in nodes)
    return islice(every, MOST_METHODS)


def _absolute(name: str, issuer: str) -> str:
    """A name that is a fragment, with its # or (the bare `kid` of a JWK) without, below the issuer's id."""
    return name if ":" in name else f"{issuer}#{name.removeprefix('#')}"


def _is_within(name: str, issuer: str) -> bool:
    return name == issuer or name.startswith(f"{issuer.partition('#')[0]}#")
