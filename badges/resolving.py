"""Whose key is it: from the id of an issuer to the keys that the issuer itself lists.

A badge says who issued it and which key signed it, and neither is believed. The key has to be found in what is
published under the issuer's own id (OB 3.0 §8.2.4, with the binding that its Implementation Guide adds; Controlled
Identifiers §3.3): a `kid`, a `verificationMethod` or a `jwk` in a header only chooses among the keys listed there.

Nothing here opens a connection: `fetch` comes in, and whoever makes it decides which addresses may be asked.
"""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from urllib.parse import unquote

from badges.documents import Document, as_list, id_of, parse_object
from badges.errors import ForeignKey, InvalidKey, NoSuchKey, NotConformant, Unreachable, Unreadable, UnsupportedProof
from badges.keys import PublicKey, VerificationMethod, key_from_jwk, key_from_multikey, key_from_pem, method_of_did_key

JSON_LD = "application/ld+json, application/json;q=0.9"
DID_DOCUMENT = "application/did+json, application/did+ld+json, application/json;q=0.9"

MOST_ADDRESSES = 64
"""How many addresses one verification may ask."""

MOST_METHODS = 100
"""How many keys of one issuer are looked at."""


@dataclass(frozen=True)
class Fetched:
    """What an address answered."""

    status: int
    """HTTP status; a 404 or a 410 is an answer."""
    content_type: str
    body: bytes
    url: str
    """Where the answer came from in the end, after redirects."""
    fetched_at: datetime | None = None
    """When it was asked for, if whoever asked says so; an answer that was kept is as old as this."""


class Fetch(Protocol):
    """How this library asks for what others publish. Raises `Unreachable` when nobody answers."""

    def __call__(self, url: str, *, accept: str) -> Fetched:
        """The answer of `url`, asked for the media types of `accept`."""
        ...


def no_fetch(url: str, *, accept: str) -> Fetched:
    """A `Fetch` that asks nobody: what would need the network stays unknown. Raises `Unreachable`."""
    raise Unreachable(f"{url} was not asked: this verification works without a network.")


class BoundedFetch:
    """A `Fetch` for the length of one verification: asks each address once, and at most `most` of them.

    A badge may name any number of addresses; without a bound it could make a verifier knock on all of them.
    """

    def __init__(self, fetch: Fetch, *, most: int = MOST_ADDRESSES) -> None:
        self._fetch = fetch
        self._most = most
        self._answers: dict[tuple[str, str], Fetched | Unreachable] = {}
        self.asked: list[tuple[str, Fetched | None]] = []
        """The addresses that were asked, in that order, with what each answered; None where nobody did."""

    def __call__(self, url: str, *, accept: str) -> Fetched:
        """The first answer of `url`, an `Unreachable` included."""
        asked = (url, accept)
        if asked not in self._answers:
            self._answers[asked] = self._ask(url, accept)
        answer = self._answers[asked]
        if isinstance(answer, Unreachable):
            raise answer
        return answer

    def _ask(self, url: str, accept: str) -> Fetched | Unreachable:
        if len(self._answers) >= self._most:
            return Unreachable(f"{url} was not asked: a verification asks at most {self._most} addresses.")
        try:
            answer = self._fetch(url, accept=accept)
        except Unreachable as unreachable:
            self.asked.append((url, None))
            return unreachable
        self.asked.append((url, answer))
        return answer


def fetched(url: str, *, fetch: Fetch, accept: str) -> Fetched:
    """What a web address answers, whatever the status. Raises `NotConformant` (not a web address), `Unreachable`."""
    if not url.startswith(("https://", "http://")):
        raise NotConformant(f"{url[:80]!r} is not an address on the web.")
    return fetch(url, accept=accept)


def document_at(url: str, *, fetch: Fetch, accept: str = JSON_LD) -> Document:
    """The JSON object that `url` answers with status 200.

    Raises `Unreachable` for any other answer too: an error page says nothing about a badge. Raises `NotConformant` when
    `url` is not a web address.
    """
    answer = fetched(url, fetch=fetch, accept=accept)
    if answer.status != 200:
        raise Unreachable(f"{url} answers with status {answer.status}.")
    try:
        return parse_object(answer.body)
    except Unreadable as error:
        raise Unreachable(f"{url} answers with something that cannot be read. {error.detail}") from error


def verification_method(
    issuer: str,
    method_id: str | None,
    *,
    fetch: Fetch,
    jwk: Document | None = None,
    relationship: str = "assertionMethod",
) -> VerificationMethod:
    """The key with which `issuer` signed: the one called `method_id`, or the one equal to `jwk`, or its only one.

    Only keys that the issuer lists for this use come back: signing statements (`assertionMethod`), or presenting those
    of others (`authentication`). Raises `ForeignKey` when the
    key is somebody else's or not for this use, `NoSuchKey` when the issuer's document does not list it, `InvalidKey`
    when it is too weak, `UnsupportedProof` for kinds of issuers and keys that are not known here, `NotConformant` when
    the issuer's id is malformed, `Unreachable` when its document cannot be had.
    """
    # (1) The name of the key begins with the id of the issuer, or it is not the issuer's (Controlled Identifiers §3.3
    #     steps 3 and 8). Seen before anything is fetched: a foreign name is never followed.
    _known_kind(issuer)
    url = _absolute(method_id, issuer) if method_id else issuer
    if url.startswith(("https://", "http://")):
        raise UnsupportedProof(f"The key is named by the address {url[:200]}; of a DID issuer only DID URLs are known.")
    if url.partition("#")[0] != issuer:
        raise ForeignKey(f"The key {url[:200]} is not one of {issuer[:200]}.")
    # (2) The issuer's own document says which keys sign for it (step 6: `assertionMethod`).
    document = controller_document(issuer, fetch=fetch)
    listed = _listed(document, "verificationMethod", issuer)
    asserting = _listed(document, relationship, issuer, known=listed)
    # (3) By name…
    if url != issuer:
        if url not in asserting:
            raise _not_asserting(url, listed, relationship)
        method = _method(url, asserting[url], issuer)
        if jwk is not None and method.key != key_from_jwk(jwk):
            raise ForeignKey(f"The key in the header is not the one that {issuer} publishes as {url}.")
        return method
    # (4) …or by being equal to the one in the header, which by itself proves nothing (CVE-2026-27962)…
    methods = _known_methods(asserting, issuer)
    if jwk is not None:
        claimed = key_from_jwk(jwk)
        equal = [method for method in methods if method.key == claimed]
        if not equal:
            raise ForeignKey(f"The key in the header is not one that {issuer} lists for signing.")
        return equal[0]
    # (5) …or by there being no choice.
    if len(methods) != 1:
        raise NoSuchKey(f"The signature does not say which of the {len(methods)} keys of {issuer} made it.")
    return methods[0]


def controller_document(issuer: str, *, fetch: Fetch) -> Document:
    """The document in which a DID lists its keys: computed for did:key, fetched for did:web.

    Raises `UnsupportedProof`, `InvalidKey`, `NotConformant` (no did:web), `NoSuchKey` (not the issuer's document) or
    `Unreachable`.
    """
    _known_kind(issuer)
    if issuer.startswith("did:key:"):
        method = method_of_did_key(issuer)
        node = {"id": method.id, "controller": issuer, "type": "Multikey", "publicKeyMultibase": method.multikey()}
        return {
            "id": issuer,
            "verificationMethod": [node],
            "assertionMethod": [method.id],
            "authentication": [method.id],
        }
    url = did_web_url(issuer)
    document = document_at(url, fetch=fetch, accept=DID_DOCUMENT)
    if document.get("id") != issuer:
        raise NoSuchKey(f"{url} answers with a document that is not that of {issuer}: its id differs (did:web §3.2).")
    return document


_DID_WEB = re.compile(
    r"did:web:(?P<host>[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)(?:%3[Aa](?P<port>[0-9]{1,5}))?"
    r"(?P<path>(?::(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2})+)*)"
)


def did_web_url(did: str) -> str:
    """Where the document of a did:web is, always by https (did:web §3.2). Raises `NotConformant`."""
    match = _DID_WEB.fullmatch(did)
    segments = match["path"].split(":")[1:] if match else []
    if not match or any(unquote(s) in {".", ".."} or set(unquote(s)) & set("/\\?#") for s in segments):
        raise NotConformant(f"{did[:200]!r} is not a did:web.")
    host = f"{match['host']}:{match['port']}" if match["port"] else match["host"]
    return f"https://{host}/{'/'.join(segments or ['.well-known'])}/did.json"


def linked_key(profile: Document, creator: str | None, *, fetch: Fetch) -> VerificationMethod:
    """The key of an OB 2.0 issuer: named by its Profile, and naming that Profile as its owner (OB 2.0 §SignedBadge).

    `profile` is the issuer's Profile as fetched from its own address; `creator` the key that the badge asks for. Raises
    `ForeignKey`, `NoSuchKey`, `InvalidKey`, `NotConformant` or `Unreachable`.
    """
    owner = id_of(profile)
    # (1) From the Profile to the key.
    links = {id: node for node in as_list(profile.get("publicKey"))[:MOST_METHODS] if (id := id_of(node))}
    if not links:
        raise NoSuchKey(f"The issuer {owner} publishes no key, so nothing that is signed can be its badge.")
    if creator is None and len(links) > 1:
        raise NoSuchKey(f"The badge does not say which of the {len(links)} keys of {owner} signed it.")
    url = creator or next(iter(links))
    if url not in links:
        raise ForeignKey(f"The key {url[:200]} is not one that the issuer {owner} links to.")
    node = links[url]
    key = node if isinstance(node, dict) and "publicKeyPem" in node else document_at(url, fetch=fetch)
    # (2) And back from the key to the Profile: a link one way can be set by anyone.
    if key.get("id") != url or key.get("owner") != owner:
        raise ForeignKey(f"The key at {url} says that it belongs to {key.get('owner')!r}, not to {owner}.")
    pem = key.get("publicKeyPem")
    if not isinstance(pem, str):
        raise InvalidKey(f"The key at {url} holds no publicKeyPem.")
    return VerificationMethod(url, str(owner), key_from_pem(pem))


def _known_kind(issuer: str) -> None:
    if not issuer.startswith(("did:key:z6Mk", "did:key:zDn", "did:web:")):
        raise UnsupportedProof(
            f"The keys of {issuer[:80]!r} are not known here: only did:key (Ed25519, P-256), did:web."
        )


_USES = {"assertionMethod": "signing statements", "authentication": "presenting them"}


def _absolute(method_id: str, controller: str) -> str:
    return controller + method_id if method_id.startswith("#") else method_id


def _listed(
    document: Document, relationship: str, controller: str, known: dict[str, Document] | None = None
) -> dict[str, Document]:
    """The methods under a relationship by their absolute id: embedded ones, and those that `known` has by reference."""
    found: dict[str, Document] = {}
    for entry in as_list(document.get(relationship))[:MOST_METHODS]:
        id = id_of(entry)
        if id is None:
            continue
        url = _absolute(id, controller)
        node = entry if isinstance(entry, dict) else (known or {}).get(url)
        if node is not None:
            found.setdefault(url, node)
    return found


def _not_asserting(url: str, listed: dict[str, Document], relationship: str) -> ForeignKey | NoSuchKey:
    if url in listed:
        return ForeignKey(f"The key {url} is listed by its owner, but not for {_USES[relationship]} ({relationship}).")
    return NoSuchKey(f"The issuer's document does not list the key {url[:200]}.")


def _method(url: str, node: Document, controller: str) -> VerificationMethod:
    if node.get("controller", controller) != controller:
        raise ForeignKey(f"The key {url} is listed by {controller}, but controlled by {node['controller']!r}.")
    return VerificationMethod(url, controller, _public_key(url, node))


def _known_methods(nodes: dict[str, Document], controller: str) -> list[VerificationMethod]:
    """Those of `nodes` that can be used here: one odd key does not spoil the others."""
    methods = []
    for url, node in nodes.items():
        with suppress(InvalidKey, ForeignKey, UnsupportedProof):
            methods.append(_method(url, node, controller))
    return methods


def _public_key(url: str, node: Document) -> PublicKey:
    """The key in a Multikey, a JsonWebKey, or an older class that carries the same members."""
    match node:
        case {"publicKeyMultibase": str(text)} if text.startswith(("z6Mk", "zDn")):
            return key_from_multikey(text)
        case {"publicKeyJwk": dict(jwk)} if (jwk.get("kty"), jwk.get("crv")) in _KNOWN_JWK:
            return key_from_jwk(jwk)
    raise UnsupportedProof(f"The key {url} is of a kind that is not known here: only Ed25519, P-256 and RSA are.")


_KNOWN_JWK = [("OKP", "Ed25519"), ("EC", "P-256"), ("RSA", None)]
