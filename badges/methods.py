"""Whose key it is: from the name of a key in a badge to one that the issuer itself lists.

A badge says who issued it and which key signed it, and neither is believed. The key has to be found in what is
published under the issuer's own id (OB 3.0 §8.2.4, with the binding that its Implementation Guide adds; Controlled
Identifiers §3.3): a `kid`, a `verificationMethod` or a `jwk` in a header only chooses among the keys listed there.

A key at an address on the issuer's own site (a `kid` of OB 3.0 §8.2.4) is no exception. Sites have many writers, so
being there says nothing: the key has to be linked from the issuer's document, or equal to one that is listed.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from badges.controllers import controller_document, did_web_url, is_web, refuse_unknown_kind, same_origin
from badges.documents import Document, as_list
from badges.ended_keys import ending_keys, refuse_ended, refuse_out_of_use
from badges.errors import (
    BadgeError,
    BadSignature,
    ForeignKey,
    InvalidKey,
    NoSuchKey,
    RevokedKey,
    UnreadableKey,
    UnsupportedProof,
)
from badges.keys import VerificationMethod
from badges.published_keys import MOST_METHODS, KeyList, is_of_other_kind, listed_keys, nodes_at, public_key
from badges.resolving import Fetch
from badges.written_keys import key_from_jwk

MOST_CANDIDATES = 8
"""Keys of one name that are tried on a signature."""


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


@dataclass(frozen=True)
class _Candidates:
    """The keys of which a signature may be, by what it says of its key."""

    methods: list[VerificationMethod]
    unread: list[BadgeError]
    """Why others that may have made it could not be read."""
    sources: tuple[tuple[str, Document], ...] = ()
    """Documents that list keys, beside that of the issuer."""


def attribute(signing: Signing, *, verify: Callable[[VerificationMethod], None], fetch: Fetch) -> VerificationMethod:
    """The key with which the issuer signed: one of that name, or the one equal to `jwk`, or its only one.

    `verify` returns for the key that made the signature, and raises `BadSignature` for another. Only keys that the
    issuer publishes for this purpose are tried. Raises `BadSignature` when none of them made it, `ForeignKey` when the
    key is somebody else's, not for this use or no longer, `RevokedKey` when its owner has revoked it since, `NoSuchKey`
    when the issuer lists none such, `UnreadableKey` when it is not written properly, `InvalidKey` when it is too weak,
    `UnsupportedProof` for kinds of issuers and keys that are not known here, `NotConformant` when the issuer's id is
    malformed, `Unreachable` when its document cannot be had; and what else `verify` raises.
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
    # (3) Those that the signature can mean, and of them the one that made it…
    candidates = _candidates(name, signing, keys, fetch=fetch)
    method = _signer(candidates, signing, verify)
    # (4) …of which nothing that is published says that it was no longer to be used (Controlled Identifiers §2.2).
    ending = ending_keys((*keys.sources, *candidates.sources))
    names = {method.id, *(each.id for each in _usable(keys, signing) if each.key == method.key)} if ending else ()
    refuse_ended(method, names, ending, at=signing.at, now=signing.now)
    return method


def _signer(
    candidates: _Candidates, signing: Signing, verify: Callable[[VerificationMethod], None]
) -> VerificationMethod:
    if len(candidates.methods) > MOST_CANDIDATES:  # rather none than the first ones: their order decides nothing
        raise NoSuchKey(f"{signing.issuer[:200]} publishes more than {MOST_CANDIDATES} keys by one name.")
    bad: BadSignature | None = None
    for method in candidates.methods:
        try:
            verify(method)
        except BadSignature as error:
            bad = error
        else:
            return method
    raise _gravest(candidates.unread) if candidates.unread or bad is None else bad


def _candidates(name: str | None, signing: Signing, keys: KeyList, *, fetch: Fetch) -> _Candidates:
    issuer = signing.issuer
    # By name…
    if (name and name != issuer) or name in keys.for_purpose:
        return _named(str(name), signing, keys, fetch=fetch)
    # …or by being equal to the one in the header, which by itself proves nothing (CVE-2026-27962)…
    usable = _usable(keys, signing)
    if signing.jwk is not None:
        claimed = key_from_jwk(signing.jwk)
        equal = [method for method in usable if method.key == claimed]
        if not equal:
            raise _unequal(keys, signing)
        return _Candidates(equal[:1], [])
    # …or by there being no choice.
    ids = {method.id for method in usable}
    if len(ids) != 1:
        raise NoSuchKey(f"The signature does not say which of the {len(ids)} keys of {issuer} made it.")
    (id,) = ids
    return _of_name(id, keys.for_purpose[id], signing)


def _named(name: str, signing: Signing, keys: KeyList, *, fetch: Fetch) -> _Candidates:
    if name in keys.for_purpose:
        return _of_name(name, keys.for_purpose[name], signing)
    if name in keys.links:
        # A key that the issuer links to may say that it is somebody else's: a link both ways, where there are two.
        nodes, source = nodes_at(name, fetch=fetch)
        return replace(_of_name(name, nodes, signing), sources=(source,))
    if name in keys.listed:
        raise ForeignKey(f"The key {name} is listed by its owner, but not for this purpose ({signing.purpose}).")
    if is_web(name) and not _is_within(name, signing.issuer):
        return _at_address(name, signing, keys, fetch=fetch)
    if is_web(signing.issuer) and not _is_within(name, signing.issuer) and keys:
        raise ForeignKey(f"The key {name[:200]} is not one that {signing.issuer[:200]} lists for signing.")
    raise NoSuchKey(f"The issuer's document does not list the key {name[:200]}.")


def _at_address(name: str, signing: Signing, keys: KeyList, *, fetch: Fetch) -> _Candidates:
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
    nodes, source = nodes_at(name, fetch=fetch)
    found, usable = _of_name(name, nodes, signing), _usable(keys, signing)
    equal = [method for method in found.methods if any(method.key == each.key for each in usable)]
    # That the issuer no longer lists a key there may also be careless.
    unlisted = NoSuchKey(f"The key {name[:200]} is on the site of {issuer[:200]}, who does not list it for signing.")
    return _Candidates(equal, found.unread if len(equal) == len(found.methods) else [unlisted], (source,))


def _unequal(keys: KeyList, signing: Signing) -> BadgeError:
    """Why a key counts for nothing that equals none of those that can be used."""
    issuer = signing.issuer
    if not keys:
        return NoSuchKey(f"{issuer[:200]} publishes no keys, so that nothing can be said about who signed.")
    unread = []
    for id, node in _published(keys):
        try:
            _key(id, node, signing)
        except UnreadableKey as unreadable:
            unread += _unread(id, node, unreadable, signing)  # it may have been this one
        except (InvalidKey, ForeignKey, UnsupportedProof):
            continue
    foreign = ForeignKey(f"The key that signed is not one that {issuer[:200]} lists for signing.")
    return _gravest(unread) if unread else foreign


def _of_name(id: str, nodes: list[Document], signing: Signing) -> _Candidates:
    """The keys of that name. Of several (RFC 7517 §4.5: alternatives of another kind or for another use; or an older
    one) those that fit the signature.
    """
    found: list[VerificationMethod] = []
    refusals: list[BadgeError] = []
    unread: list[BadgeError] = []
    for node in nodes:
        try:
            method = _key(id, node, signing)
        except (InvalidKey, ForeignKey, UnsupportedProof) as refusal:
            refusals.append(refusal)
            unread += _unread(id, node, refusal, signing)
        else:
            found += [method] if method not in found else []
    if not found:
        raise _gravest(refusals)
    if signing.jwk is not None:
        claimed = key_from_jwk(signing.jwk)
        found = [method for method in found if method.key == claimed]
        if not found:
            foreign = ForeignKey(f"The key in the header is not the one that {signing.issuer} publishes as {id}.")
            raise _gravest(unread) if unread else foreign
    return _Candidates([method for method in found if method.algorithm in signing.algorithms] or found, unread)


def _unread(id: str, node: Document, refusal: BadgeError, signing: Signing) -> list[BadgeError]:
    """Why nobody can tell whether a key that was refused made the signature; nothing where it plainly did not, or would
    not have been allowed to.
    """
    if not isinstance(refusal, UnreadableKey | UnsupportedProof) or is_of_other_kind(node, signing.algorithms):
        return []
    try:
        refuse_out_of_use(id, node, at=signing.at, now=signing.now)
    except ForeignKey:
        return []
    except (RevokedKey, UnreadableKey) as ended:
        return [ended]
    return [refusal]


def _gravest(refusals: list[BadgeError]) -> BadgeError:
    """Of several refusals the one that counts, whatever their order: as long as one leaves it open, it is open."""
    order = [kind.code for kind in (RevokedKey, UnreadableKey, UnsupportedProof, NoSuchKey, InvalidKey, ForeignKey)]
    return min(refusals, key=lambda each: order.index(each.code))


def _key(id: str, node: Document, signing: Signing) -> VerificationMethod:
    issuer = signing.issuer
    # A did:key is controlled by itself, wherever it is listed.
    itself = id.partition("#")[0] if id.startswith("did:key:") else issuer
    for member in ("controller", "owner"):
        said = as_list(node.get(member))
        if said and issuer not in said and itself not in said:
            raise ForeignKey(f"The key {id} is published by {issuer}, but controlled by {str(said[0])[:200]!r}.")
    return VerificationMethod(id, issuer, public_key(id, node))


def _usable(keys: KeyList, signing: Signing) -> list[VerificationMethod]:
    """Those that can be used here, whether or not they still may be: one odd key does not spoil the others."""
    usable = []
    for id, node in _published(keys):
        with suppress(InvalidKey, ForeignKey, UnsupportedProof):
            usable.append(_key(id, node, signing))
    return usable


def _published(keys: KeyList) -> Iterator[tuple[str, Document]]:
    every = ((id, node) for id, nodes in keys.for_purpose.items() for node in nodes)
    return islice(every, MOST_METHODS)


def _absolute(name: str, issuer: str) -> str:
    """A name that is a fragment, with its # or (the bare `kid` of a JWK) without, below the issuer's id."""
    return name if ":" in name else f"{issuer}#{name.removeprefix('#')}"


def _is_within(name: str, issuer: str) -> bool:
    return name == issuer or name.startswith(f"{issuer.partition('#')[0]}#")
