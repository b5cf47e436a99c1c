"""Where an issuer publishes its keys: the document that its id leads to (Controlled Identifiers §3.2), nowhere else.

A did:key and a did:jwk are their own document. A did:web and an https Profile have one at an address, which counts
only when it comes from there (not from where a redirect leads) and says of itself that it is the document of that id.
"""

import re
from urllib.parse import unquote

from badges.documents import Document, Limits, parse_object
from badges.errors import InvalidKey, NoSuchKey, NotConformant, Unreachable, Unreadable, UnsupportedProof
from badges.keys import method_of_did_key
from badges.resolving import Fetch, fetched, object_in
from badges.written_keys import decoded64, unknown_multikey

DID_DOCUMENT = "application/did+json, application/did+ld+json, application/json;q=0.9"
PROFILE = "application/ld+json, application/json;q=0.9"

JWK_LIMITS = Limits(bytes=4_096, depth=3, values=64)
"""Of a key that is its own name."""

_DID_KEYS = ("did:key:z6Mk", "did:key:zDn", "did:key:z82")
_WEB = re.compile(r"(https?)://([A-Za-z0-9.-]+)(?::([0-9]{1,5}))?(?:[/?#][\x21-\x5b\x5d-\x7e]*)?")
"""Addresses that every parser reads alike: no user, no backslash, nothing but ASCII."""


def refuse_unknown_kind(issuer: str) -> None:
    """Returns for issuers whose keys can be looked up here; asks nobody. Raises `UnsupportedProof`."""
    if issuer.startswith((*_DID_KEYS, "did:jwk:", "did:web:")) or is_web(issuer):
        return
    kind = unknown_multikey(issuer.removeprefix("did:key:")) if issuer.startswith("did:key:") else None
    told = f" Its key is of the kind {kind}." if kind else ""
    raise UnsupportedProof(
        f"The keys of {issuer[:80]!r} are not known here: only those of did:key (Ed25519, P-256, P-384), did:jwk, "
        f"did:web and https addresses.{told}"
    )


def is_web(url: str) -> bool:
    """Whether `url` is an address on the web that every parser reads alike."""
    return _WEB.fullmatch(url) is not None


def same_origin(one: str, other: str) -> bool:
    """Whether two addresses have scheme, host and port in common (RFC 6454 §4)."""
    return is_web(one) and _origin(one) == _origin(other)


def _origin(url: str) -> tuple[str, str, str] | None:
    match = _WEB.fullmatch(url)
    if not match:
        return None
    scheme, host, port = match.groups()
    return scheme, host.lower(), port or {"https": "443", "http": "80"}[scheme]


def controller_document(issuer: str, *, fetch: Fetch) -> Document:
    """The document in which an issuer lists its keys: computed for did:key and did:jwk, fetched for the others.

    Raises `UnsupportedProof`, `InvalidKey`, `NotConformant` (no did:web), `NoSuchKey` (not the issuer's document)
    or `Unreachable`.
    """
    refuse_unknown_kind(issuer)
    if issuer.startswith("did:key:"):
        method = method_of_did_key(issuer)
        return _of_one(issuer, method.id, {"type": "Multikey", "publicKeyMultibase": method.multikey()})
    if issuer.startswith("did:jwk:"):
        jwk = jwk_of_did(issuer)
        key = {} if jwk.get("use") == "enc" else {"type": "JsonWebKey", "publicKeyJwk": jwk}
        return _of_one(issuer, f"{issuer}#0", key)
    if issuer.startswith("did:web:"):
        return _published(did_web_url(issuer), issuer, accept=DID_DOCUMENT, fetch=fetch)
    return _published(issuer.partition("#")[0], issuer, accept=PROFILE, fetch=fetch)


def _of_one(did: str, id: str, key: Document) -> Document:
    methods = [{"id": id, "controller": did, **key}] if key else []
    return {"id": did, "verificationMethod": methods, "assertionMethod": methods, "authentication": methods}


def _published(url: str, issuer: str, *, accept: str, fetch: Fetch) -> Document:
    document = json_at(url, accept=accept, fetch=fetch)
    if document.get("id") != issuer:
        raise NoSuchKey(f"{url} answers with a document that is not that of {issuer}: its id differs.")
    return document


def json_at(url: str, *, accept: str, fetch: Fetch) -> Document:
    """The JSON object that the site of `url` itself publishes there.

    Raises `Unreachable` when it has none, and for what another site answers: redirects are easily had on the sites of
    others (did:web §4).
    """
    answer = fetched(url, fetch=fetch, accept=accept)
    if not same_origin(url, answer.url):
        raise Unreachable(f"{url} sends us elsewhere ({answer.url[:200]}), and keys are not believed from there.")
    return object_in(answer, of=url)


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


def jwk_of_did(did: str) -> Document:
    """The JWK that a did:jwk is made of (did:jwk §Read). Raises `InvalidKey`."""
    try:
        raw = decoded64(did.removeprefix("did:jwk:"))
        return parse_object(raw, limits=JWK_LIMITS)
    except (ValueError, Unreadable) as error:
        raise InvalidKey(f"{did[:80]}… is not a did:jwk: behind the prefix stands no JWK.") from error
