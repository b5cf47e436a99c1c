"""Keys as issuers publish them: in a controller document, an Open Badges Profile, a JWK Set or PEM.

Controller documents say what a method is for (Controlled Identifiers §2.2, §2.3.2). Profiles of Open Badges have no
word for it: their issuers use `publicKey`, `publicKeyPem`, `jwks` or `jwks_uri`, and mean signing.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from badges.controllers import is_web, json_at
from badges.documents import Document, as_list, id_of
from badges.errors import (
    ForeignKey,
    InvalidKey,
    NoSuchKey,
    Unreachable,
    UnreadableKey,
    UnsupportedProof,
)
from badges.keys import method_of_did_key
from badges.resolving import Fetch
from badges.written_keys import (
    PublicKey,
    key_from_base58,
    key_from_jwk,
    key_from_multikey,
    key_from_pem,
    unknown_multikey,
)

MOST_METHODS = 100
"""How many keys of one issuer are looked at."""

JWK = "application/jwk+json, application/jwk-set+json, application/json;q=0.9, application/ld+json;q=0.8"

PURPOSES = ("assertionMethod", "authentication", "keyAgreement", "capabilityInvocation", "capabilityDelegation")
_KNOWN_JWK: dict[tuple[object, object], tuple[str, ...]] = {
    ("OKP", "Ed25519"): ("EdDSA", "Ed25519"),
    ("EC", "P-256"): ("ES256",),
    ("EC", "P-384"): ("ES384",),
    ("RSA", None): ("RS256",),
}
"""By `kty` and `crv`, with what the `alg` of such a key may say."""

_CURVES = ("Ed25519", "Ed448", "X25519", "X448", "P-256", "P-384", "P-521", "secp256k1")
"""That are registered for JOSE."""

_KEY_MEMBERS = ("publicKey", "keys", "kty", "blockchainAccountId", "ethereumAddress")
"""How the names of members begin that hold a key, be it of a kind that is known here or not."""

_KNOWN_MULTIKEY = ("z6Mk", "zDn", "z82")

Nodes = dict[str, list[Document]]
"""What is published about keys, by their names."""


@dataclass(frozen=True)
class KeyList:
    """The keys of one issuer by their absolute names. Several may go by one name (RFC 7517 §4.5)."""

    listed: Nodes
    for_purpose: Nodes
    """Those that are for what is asked, with all that is said of them."""
    links: frozenset[str] = frozenset()
    """Addresses of further ones that are."""
    sources: tuple[tuple[str, Document], ...] = ()
    """The documents that list them, each with the id or address below which its keys have their names."""

    def __bool__(self) -> bool:
        return bool(self.listed or self.for_purpose or self.links)


def listed_keys(document: Document, issuer: str, purpose: str, *, fetch: Fetch) -> KeyList:
    """The keys in a document of `issuer`, of every shape, and those of them that are for `purpose`.

    Raises `Unreachable` for a JWK Set that cannot be had.
    """
    listed, unread = _listed(document, "verificationMethod", issuer)
    fitting, named = _listed(document, purpose, issuer)
    if is_web(issuer) and document.keys().isdisjoint(PURPOSES):
        fitting, named = {id: [] for id in listed}, unread
    for id in named:
        if id in listed:
            fitting.setdefault(id, [])
        elif is_web(issuer) and id.startswith("did:key:"):
            with suppress(InvalidKey):
                fitting[id] = [{"publicKeyMultibase": method_of_did_key(id).multikey()}]
    # What stands under a purpose may also be listed, and be marked as revoked there alone.
    fitting = {id: [*nodes, *listed.get(id, [])] for id, nodes in fitting.items()}
    sources = [(issuer, document)]
    if is_web(issuer):
        for id, node in _of_profile(document, issuer):
            fitting.setdefault(id, []).append(node)
        jwks = _jwks_at(document.get("jwks_uri"), needed=not fitting, fetch=fetch)
        for id, node in _of_jwks(jwks, issuer):
            fitting.setdefault(id, []).append(node)
        sources.append((issuer, {"jwks": jwks}))
        named += [text for text in as_list(document.get("publicKey"))[:MOST_METHODS] if isinstance(text, str)]
    links = frozenset(id for id in named if is_web(id) and id not in fitting)
    return KeyList(listed, fitting, links, tuple(sources))


def _listed(document: Document, relationship: str, issuer: str) -> tuple[Nodes, list[str]]:
    """The methods that stand under a relationship by their absolute id, and the ids of those that are only named."""
    found: Nodes = {}
    named = []
    for entry in as_list(document.get(relationship))[:MOST_METHODS]:
        id = id_of(entry)
        if id is not None:
            url = issuer + id if id.startswith("#") else id
            if isinstance(entry, dict):
                found.setdefault(url, []).append(entry)
            else:
                named.append(url)
    return found, named


def _of_profile(profile: Document, issuer: str) -> Iterator[tuple[str, Document]]:
    if isinstance(profile.get("publicKeyPem"), str):
        yield issuer, {"publicKeyPem": profile["publicKeyPem"]}
    yield from _of_jwks(profile.get("jwks"), issuer)
    for n, entry in enumerate(as_list(profile.get("publicKey"))[:MOST_METHODS]):
        if isinstance(entry, dict):
            yield from _of_jwks(entry if "keys" in entry or "kty" in entry else None, issuer)
            id = id_of(entry) or f"#publicKey-{n}"
            yield issuer + id if id.startswith("#") else id, entry
        elif isinstance(entry, str) and entry.startswith("-----BEGIN"):
            yield f"{issuer}#publicKey-{n}", {"publicKeyPem": entry}


def _jwks_at(url: object, *, needed: bool, fetch: Fetch) -> Document | None:
    if not isinstance(url, str) or not is_web(url):
        return None
    try:
        return json_at(url, accept=JWK, fetch=fetch)
    except Unreachable:
        if needed:
            raise
        return None


def _of_jwks(value: object, issuer: str) -> Iterator[tuple[str, Document]]:
    """The keys of a JWK Set, or a JWK alone (RFC 7517 §5): below the issuer by their `kid`, unless that is a URL."""
    if not isinstance(value, dict):
        return
    for n, jwk in enumerate(as_list(value.get("keys", value))[:MOST_METHODS]):
        if isinstance(jwk, dict):
            kid = jwk.get("kid")
            name = kid if isinstance(kid, str) and kid else f"jwk-{n}"
            yield name if ":" in name else f"{issuer}#{name.removeprefix('#')}", {"publicKeyJwk": jwk}


def nodes_at(url: str, *, fetch: Fetch) -> tuple[list[Document], tuple[str, Document]]:
    """The key that an address holds: a JWK, one of a JWK Set, or an object with a key in it; several, if so many go by
    that name. And the document itself, as one of the `sources` of a `KeyList`.

    Raises `Unreachable`, and `NoSuchKey` where there is none of that name.
    """
    address, _, fragment = url.partition("#")
    document = json_at(address, accept=JWK, fetch=fetch)
    source = (address, {"publicKey": document})
    if "keys" in document or "kty" in document:
        nodes = [node for _, node in _of_jwks(document, address)]
        named = [node for node in nodes if node["publicKeyJwk"].get("kid") in (url, fragment)]
        if named or (len(nodes) == 1 and not fragment):
            return named or nodes, source
    elif document.get("id", url) == url:
        return [document], source
    raise NoSuchKey(f"{url[:200]} does not answer with one key of that name.")


def public_key(id: str, node: Document) -> PublicKey:
    """The key in a Multikey, a JsonWebKey, or an older class that carries the same members.

    Raises `UnsupportedProof` for kinds that are not known here, `UnreadableKey` for what is no such key, `InvalidKey`
    for one that gives its secret away, `ForeignKey` for one that is not for signing.
    """
    match node:
        case {"publicKeyMultibase": str(text)} if text.startswith(_KNOWN_MULTIKEY):
            return key_from_multikey(text)
        case {"publicKeyJwk": dict(jwk)} if (algorithms := _algorithms_of(jwk)) is not None:
            _refuse_other_use(id, jwk, algorithms)
            return key_from_jwk(jwk)
        case {"kty": _}:
            return public_key(id, {"publicKeyJwk": node})
        case {"publicKeyPem": str(pem)}:
            return key_from_pem(pem)
        case {"publicKeyBase58": str(text), "type": "Ed25519VerificationKey2018" | "Ed25519VerificationKey2020"}:
            return key_from_base58(text)
    if not any(member.startswith(_KEY_MEMBERS) for member in node):
        raise UnreadableKey(f"What is published as the key {id[:200]} holds none.")
    kind = unknown_multikey(str(node.get("publicKeyMultibase")))
    raise UnsupportedProof(
        f"The key {id[:200]} is of a kind that is not known here{f', {kind}' if kind else ''}: "
        "only Ed25519, P-256, P-384 and RSA are."
    )


def is_of_other_kind(node: Document, algorithms: tuple[str, ...]) -> bool:
    """Whether a key, be it readable or not, is plainly of none of the kinds of these JOSE algorithms (none: any)."""
    if not algorithms:
        return False
    jwk, text = node if "kty" in node else node.get("publicKeyJwk"), node.get("publicKeyMultibase")
    if isinstance(jwk, dict):
        is_plain = jwk.get("kty") in ("RSA", "oct") or (jwk.get("kty") in ("OKP", "EC") and jwk.get("crv") in _CURVES)
        return is_plain and set(_algorithms_of(jwk) or ()).isdisjoint(algorithms)
    return isinstance(text, str) and unknown_multikey(text) is not None


def _algorithms_of(jwk: Document) -> tuple[str, ...] | None:
    kind = jwk.get("kty"), jwk.get("crv")
    return next((algorithms for known, algorithms in _KNOWN_JWK.items() if known == kind), None)


def _refuse_other_use(id: str, jwk: Document, algorithms: tuple[str, ...]) -> None:
    """A JWK may say what it is for, and with which algorithm (RFC 7517 §4.2 to §4.4)."""
    operations = jwk.get("key_ops", ["verify"])
    if jwk.get("use", "sig") != "sig" or not isinstance(operations, list) or "verify" not in operations:
        raise ForeignKey(f"The key {id[:200]} is published for another use than signatures.")
    if jwk.get("alg", algorithms[0]) not in algorithms:
        raise ForeignKey(f"The key {id[:200]} is published for another algorithm, {str(jwk['alg'])[:40]}.")
