"""Tokens whose header or signature is not what it should be, and claims that say otherwise than the credential."""

import hashlib
import hmac
import json
from typing import Any

from badges.documents import Document, serialize
from badges.proofs import jws
from badges.written_keys import base64url
from tests.far_issuer import FarIssuer
from tests.vectors.making import Files, fresh


def files() -> Files:
    far, document = fresh()
    document["credentialStatus"]["statusListCredential"] += ".jwt"
    whole = far.sign(document, "vc-jwt")
    yield "ok-vc-jwt.jwt", whole.encode()
    yield from _headers(far, document)
    yield from _cut(whole)
    yield from _claims(far, document)


def _token(header: bytes | Document, payload: Document, signature: bytes = b"\x01" * 64) -> bytes:
    first = header if isinstance(header, bytes) else json.dumps(header).encode()
    return ".".join(map(base64url, (first, serialize(payload).encode(), signature))).encode()


def _headers(far: FarIssuer, document: Document) -> Files:
    payload = document | jws.claims_of(document)
    other = FarIssuer(name="Somebody else")
    jwk = far.p256.method.jwk()
    headers: dict[str, Document] = {
        "alg-none": {"alg": "none"},
        "alg-none-in-capitals": {"alg": "NONE", "jwk": jwk},
        "alg-missing": {"jwk": jwk},
        "alg-a-list": {"alg": ["ES256"], "jwk": jwk},
        "alg-es256k": {"alg": "ES256K", "jwk": jwk},
        "alg-of-another-key": {"alg": "EdDSA", "jwk": jwk},
        "crit": {"alg": "ES256", "jwk": jwk, "crit": ["exp"]},
        "b64-false": {"alg": "ES256", "jwk": jwk, "b64": False, "crit": ["b64"]},
        "jku": {"alg": "ES256", "jku": "https://far.example/keys"},
        "x5u": {"alg": "ES256", "x5u": "https://far.example/certificate"},
        "x5c": {"alg": "ES256", "x5c": ["MIIB"]},
        "jwk-private": {"alg": "ES256", "jwk": jwk | {"d": "AAAA"}},
        "jwk-off-the-curve": {"alg": "ES256", "jwk": jwk | {"y": jwk["x"]}},
        "jwk-symmetric": {"alg": "ES256", "jwk": {"kty": "oct", "k": "AAAA"}},
        "no-key": {"alg": "ES256"},
        "kid-a-number": {"alg": "ES256", "kid": 5},
        "kid-foreign": {"alg": "ES256", "kid": "https://far.example/other/keys/1"},
        "kid-a-path": {"alg": "ES256", "kid": "../../etc/passwd"},
        "header-huge": {"alg": "ES256", "kid": "x" * 5000},
        "signature-zero": {"alg": "ES256", "jwk": jwk, "typ": "vc+jwt"},
    }
    for name, header in headers.items():
        yield f"err-{name}.jwt", _token(header, payload, bytes(64) if name == "signature-zero" else b"\x01" * 64)
    twice = b'{"alg":"none","alg":"ES256","jwk":' + json.dumps(jwk).encode() + b"}"
    yield "err-header-member-twice.jwt", _token(twice, payload)
    hs256 = _token({"alg": "HS256"}, payload).rpartition(b".")[0]
    mac = hmac.new(far.p256.method.pem().encode(), hs256, hashlib.sha256).digest()
    yield "err-alg-hs256-with-the-public-key.jwt", hs256 + b"." + base64url(mac).encode()
    foreign = jws.sign(serialize(payload).encode(), other.p256, header={"jwk": other.p256.method.jwk()})
    yield "err-jwk-of-somebody-else.jwt", foreign.encode()


def _cut(whole: str) -> Files:
    header, payload, signature = whole.split(".")
    yield "err-no-signature.jwt", f"{header}.{payload}.".encode()
    yield "err-two-parts.jwt", f"{header}.{payload}".encode()
    yield "err-four-parts.jwt", f"{whole}.{signature}".encode()
    yield "err-detached.jwt", f"{header}..{signature}".encode()
    yield "err-padding.jwt", f"{whole}==".encode()
    yield "err-space-inside.jwt", f"{header}. {payload}.{signature}".encode()
    yield "ok-line-end-inside.jwt", f"{header}.\n{payload}.{signature}".encode()
    yield "err-standard-base64.jwt", f"{header}.{payload}.+/{signature[2:]}".encode()
    yield "err-bits-left-over.jwt", f"{header}.{payload}.{signature[:-1]}{_next(signature[-1])}".encode()
    yield "err-signature-cut.jwt", f"{header}.{payload}.{signature[:-4]}".encode()
    yield "err-signature-longer.jwt", f"{whole}AAAA".encode()
    yield "err-bearer.jwt", f"Bearer {whole}".encode()
    changed = base64url(b"{" + b" " + _decoded(payload)[1:])
    yield "err-payload-changed.jwt", f"{header}.{changed}.{signature}".encode()


def _next(character: str) -> str:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return letters[(letters.index(character) + 1) % 64]


def _decoded(part: str) -> bytes:
    from base64 import urlsafe_b64decode

    return urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _claims(far: FarIssuer, document: Document) -> Files:
    claims: dict[str, dict[str, Any]] = {
        "iss-differs": {"iss": "did:web:other.example"},
        "jti-differs": {"jti": "urn:uuid:other"},
        "sub-differs": {"sub": "did:example:mallory"},
        "nbf-differs": {"nbf": 1},
        "nbf-true": {"nbf": True},
        "exp-differs": {"exp": 4_000_000_000_000_000},
        "exp-passed": {"exp": 1_700_000_000},
        "exp-a-string": {"exp": "never"},
        "exp-a-fraction-of-nothing": {"exp": 1e300},
    }
    for name, changes in claims.items():
        payload = serialize(document | jws.claims_of(document) | changes).encode()
        yield f"err-{name}.jwt", jws.sign(payload, far.p256, header={"jwk": far.p256.method.jwk()}).encode()
    nothing = jws.sign(b"[]", far.p256, header={"jwk": far.p256.method.jwk()})
    yield "err-payload-a-list.jwt", nothing.encode()
