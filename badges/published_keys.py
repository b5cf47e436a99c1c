"""Keys as issuers publish them: in a controller document, an Open Badges Profile, a JWK Set or PEM; and until when.

Controller documents say what a method is for (Controlled Identifiers §2.2, §2.3.2). Profiles of Open Badges have no
word for it: their issuers use `publicKey`, `publicKeyPem`, `jwks` or `jwks_uri`, and mean signing.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from badges.controllers import is_web, json_at
from badges.documents import Document, as_list, id_of, instant
from badges.errors import (
    ForeignKey,
    InvalidKey,
    NoSuchKey,
    NotConformant,
    RevokedKey,
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

_PURPOSES = ("assertionMethod", "authentication", "keyAgreement", "capabilityInvocation", "capabilityDelegation")
_KNOWN_JWK: dict[tuple[object, object], tuple[str, ...]] = {
    ("OKP", "Ed25519"): ("EdDSA", "Ed25519"),
    ("EC", "P-256"): ("ES256",),
    ("EC", "P-384"): ("ES384",),
    ("RSA", None): ("RS256",),
}
"""By `kty` and `crv`, with what the `alg` of such a key may say."""

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

    def __bool__(self) -> bool:
        return bool(self.listed or self.for_purpose or self.links)


def listed_keys(document: Document, issuer: str, purpose: str, *, fetch: Fetch) -> KeyList:
    """The keys in a document of `issuer`, of every shape, and those of them that are for `purpose`.

    Raises `Unreachable` for a JWK Set that cannot be had.
    """
    listed, unread = _listed(document, "verificationMethod", issuer)
    fitting, named = _listed(document, purpose, issuer)
    if is_web(issuer) and document.keys().isdisjoint(_PURPOSES):
        fitting, named = {id: [] for id in listed}, unread
    for id in named:
        if id in listed:
            fitting.setdefault(id, [])
        elif is_web(issuer) and id.startswith("did:key:"):
            with suppress(InvalidKey):
                fitting[id] = [{"publicKeyMultibase": method_of_did_key(id).multikey()}]
    # What stands under a purpose may also be listed, and be marked as revoked there alone.
    fitting = {id: [*nodes, *listed.get(id, [])] for id, nodes in fitting.items()}
    if is_web(issuer):
        for id, node in _of_profile(document, issuer):
            fitting.setdefault(id, []).append(node)
        for id, node in _of_jwks_uri(document, issuer, needed=not fitting, fetch=fetch):
            fitting.setdefault(id, []).append(node)
        named += [text for text in as_list(document.get("publicKey"))[:MOST_METHODS] if isinstance(text, str)]
    return KeyList(listed, fitting, frozenset(id for id in named if is_web(id) and id not in fitting))


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


def _of_jwks_uri(profile: Document, issuer: str, *, needed: bool, fetch: Fetch) -> list[tuple[str, Document]]:
    url = profile.get("jwks_uri")
    if not isinstance(url, str) or not is_web(url):
        return []
    try:
        return list(_of_jwks(json_at(url, accept=JWK, fetch=fetch), issuer))
    except Unreachable:
        if needed:
            raise
        return []


def _of_jwks(value: object, issuer: str) -> Iterator[tuple[str, Document]]:
    """The keys of a JWK Set, or a JWK alone (RFC 7517 §5): below the issuer by their `kid`, unless that is a URL."""
    if not isinstance(value, dict):
        return
    for n, jwk in enumerate(as_list(value.get("keys", value))[:MOST_METHODS]):
        if isinstance(jwk, dict):
            kid = jwk.get("kid")
            name = kid if isinstance(kid, str) and kid else f"jwk-{n}"
            yield name if ":" in name else f"{issuer}#{name.removeprefix('#')}", {"publicKeyJwk": jwk}


def nodes_at(url: str, *, fetch: Fetch) -> list[Document]:
    """The key that an address holds: a JWK, one of a JWK Set, or an object with a key in it; several, if so many go by
    that name.

    Raises `Unreachable`, and `NoSuchKey` where there is none of that name.
    """
    address, _, fragment = url.partition("#")
    document = json_at(address, accept=JWK, fetch=fetch)
    if "keys" in document or "kty" in document:
        nodes = [node for _, node in _of_jwks(document, address)]
        named = [node for node in nodes if node["publicKeyJwk"].get("kid") in (url, fragment)]
        if named or (len(nodes) == 1 and not fragment):
            return named or nodes
    elif document.get("id", url) == url:
        return [document]
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


def refuse_out_of_use(id: str, node: Document, *, at: datetime | None, now: datetime) -> None:
    """Returns when a key could sign at the instant `at`, which a signature says of itself, or `now` if it does not.

    Controlled Identifiers §2.2: at and after `expires` and `revoked` a key is not used. Of what says that it was signed
    before a key expired, that is believed: this is how keys retire. Of a revoked key it is not: whoever stole it would
    say the same. Raises `ForeignKey`, `RevokedKey`, and `UnreadableKey` for what is no instant.
    """
    signed = at or now
    revoked, expires = _instant(id, node, "revoked"), _instant(id, node, "expires")
    if revoked and revoked <= now:
        if signed >= revoked:
            raise ForeignKey(f"The key {id[:200]} had been revoked when this was signed, on {node['revoked']}.")
        raise RevokedKey(f"The key {id[:200]} was revoked on {node['revoked']}; when this was signed, nobody can tell.")
    if expires and signed >= expires:
        raise ForeignKey(f"The key {id[:200]} had expired when this was signed, on {node['expires']}.")


def _instant(id: str, node: Document, member: str) -> datetime | None:
    try:
        return instant(node[member]) if node.get(member) is not None else None  # some write null for never
    except NotConformant as error:
        raise UnreadableKey(f"The key {id[:200]} does not say properly when it is {member}: {error.detail}") from error
