"""JSON Web Signatures around a payload: VC-JWT of OB 3.0 (§8.2), signed badges of OB 2.0 (RFC 7515).

A payload is signed and verified as the bytes that it is. The algorithm follows from the key; a header that says
otherwise is refused, and `none` and HMAC do not exist.
"""

import base64
import re
from dataclasses import dataclass

import jwt

from badges.documents import Document, Limits, id_of, instant, parse_object, serialize
from badges.errors import (
    BadgeError,
    BadSignature,
    ForeignKey,
    NotConformant,
    TooLarge,
    Unreadable,
    Unsigned,
    UnsupportedProof,
)
from badges.keys import SigningKey, VerificationMethod
from badges.proofs.canonical import refuse_disputed_values
from badges.proofs.safe_mode import refuse_unsigned
from badges.written_keys import base64url, key_from_jwk

LARGEST_TOKEN = 1_572_864
"""Characters: a payload of a megabyte, a header of four kilobytes, a signature of an RSA key of 8192 bits."""

HEADER_LIMITS = Limits(bytes=4_096, depth=3, values=64)
HEADER_MEMBERS = frozenset({"alg", "kid", "jwk", "typ", "cty"})
"""OB 3.0 §8.2.3 allows no others, but that VC-JOSE-COSE §3.1.1 adds `cty`. RFC 7515 §4 has them ignored, whatever keys
they bring from elsewhere (`jku`, `x5c`): they prove nothing, and take nothing from a proof that holds without them.
"""

_CHANGING = frozenset({"b64", "crit"})
"""Members that say that a signature is of something else than it seems (RFC 7797 §3, RFC 7515 §4.1.11)."""

_KINDS = frozenset(
    {"jwt", "jose", "vc+jwt", "vp+jwt", "vc+ld+jwt", "vp+ld+jwt", "vc+ld+json+jwt", "vp+ld+json+jwt"}
    | {"vc+ld+json", "vp+ld+json"}
)
"""Media types, without `application/`, of tokens that are badges, drafts included: a token that was signed for another
protocol is not taken for one (RFC 8725 §3.11).
"""

_CONTENTS = frozenset({"vc", "vp", "vc+ld+json", "vp+ld+json", "ld+json", "json"})
"""Those of what is in them."""

ALGORITHMS = {"EdDSA": "EdDSA", "Ed25519": "EdDSA", "ES256": "ES256", "RS256": "RS256"}
"""Of a header, to the kind of key; `Ed25519` is the newer name of `EdDSA` with that curve (RFC 9864 §2.2)."""

_COMPACT = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)")
_SIGNER = jwt.PyJWS(algorithms=["EdDSA", "ES256", "RS256"])


@dataclass(frozen=True)
class CompactJws:
    """A compact JWS taken apart; nothing about it is verified yet."""

    header: Document
    payload: bytes
    signing_input: bytes
    signature: bytes


def sign(payload: bytes, key: SigningKey, *, header: Document | None = None) -> str:
    """The compact JWS over exactly these bytes, with `alg` and whatever `header` adds; no `typ` unless it does.

    Raises `UnsupportedProof` for a key of a kind that signs no tokens here.
    """
    if key.algorithm not in ALGORITHMS:
        raise UnsupportedProof(f"Tokens are not signed with {key.algorithm} here.")
    members: Document = {"typ": None} | (header or {}) | {"alg": key.algorithm}
    return _SIGNER.encode(payload, key.private_key, algorithm=key.algorithm, headers=members)


def parse(token: str) -> CompactJws:
    """A compact JWS taken apart, strictly (RFC 7515 §5.2 steps 1 to 7). What its header says of other keys is ignored.

    Raises `TooLarge`, `Unreadable`, `NotConformant` for a header that cannot be taken as it stands, `UnsupportedProof`
    for an algorithm that is not known here, and `Unsigned` for one that proves nothing.
    """
    if len(token) > LARGEST_TOKEN:
        raise TooLarge(f"The token has {len(token)} characters; at most {LARGEST_TOKEN} are read.")
    match = _COMPACT.fullmatch(token)
    if not match:
        raise Unreadable("A compact JWS is three base64url texts with dots between.")
    header = parse_object(_decoded(match[1]), limits=HEADER_LIMITS)
    _refuse_header(header)
    signing_input = token[: match.end(2)].encode("ascii")
    return CompactJws(header, _decoded(match[2]), signing_input, _decoded(match[3]))


def verify(jws: CompactJws, method: VerificationMethod) -> None:
    """Returns when the signature is the method's over these bytes.

    That the method is the issuer's is for the caller to see to. Raises `BadSignature`, and `ForeignKey` when the header
    holds another key.
    """
    if ALGORITHMS.get(jws.header["alg"]) != method.algorithm:
        raise BadSignature(f"The header says {jws.header['alg']}, and the key is for {method.algorithm}.")
    if "jwk" in jws.header and key_from_jwk(jws.header["jwk"]) != method.key:
        raise ForeignKey("The key in the header is not the one that the issuer publishes.")
    method.verify(jws.signature, jws.signing_input)


def sign_credential(document: Document, key: SigningKey, *, embed_key: bool) -> str:
    """The credential as a VC-JWT (OB 3.0 §8.2.4.1): its own members and the claims that repeat them.

    With `embed_key` the header holds the public `jwk`, and otherwise the `kid`, a URL at which the JWK is found. An
    embedded proof stays where it is; it comes first (§8.2). Raises `UndefinedTerm`, `UnknownContext`, `NotConformant`.
    """
    refuse_disputed_values(document)
    refuse_unsigned({name: value for name, value in document.items() if name != "proof"})
    header = {"jwk": key.method.jwk()} if embed_key else {"kid": key.id}
    return sign(serialize(document | claims_of(document)).encode(), key, header=header)


def claims_of(document: Document) -> Document:
    """`iss`, `sub`, `jti`, `nbf` and, where it has a `validUntil`, `exp` of a credential (OB 3.0 §8.2.4.1).

    Raises `NotConformant` when the credential lacks what a claim repeats.
    """
    subject = document.get("credentialSubject")
    if isinstance(subject, list) and len(subject) == 1:
        subject = subject[0]
    claims: Document = {
        "iss": id_of(document.get("issuer")),
        "jti": id_of(document),
        "nbf": _seconds(document, "validFrom"),
        "sub": id_of(subject),
    }
    for claim, member in (("iss", "issuer"), ("jti", "id"), ("sub", "credentialSubject")):
        if claims[claim] is None:
            raise NotConformant(f"A VC-JWT repeats an id as {claim!r}, and there is none.", pointer=f"/{member}")
    return claims | ({"exp": _seconds(document, "validUntil")} if "validUntil" in document else {})


def _seconds(document: Document, member: str) -> int:
    when = instant(document.get(member), pointer=f"/{member}")
    if when.microsecond:
        raise NotConformant("A VC-JWT repeats this instant in whole seconds.", pointer=f"/{member}")
    return int(when.timestamp())


def _decoded(text: str) -> bytes:
    """Base64url without padding, in the one form that encoding gives (RFC 4648 §3.5)."""
    if len(text) % 4 == 1:
        raise Unreadable("A part of the token is cut short, for no text is that long in base64url: copy all of it.")
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError as error:
        raise Unreadable(f"Part of the JWS is not base64url: {error}.") from error
    if base64url(raw) != text:
        raise Unreadable("Part of the JWS is not base64url as it would be written.")
    return raw


def refuse_other_kind(header: Document) -> None:
    """Returns for the header of a token that may hold a credential. Raises `NotConformant`.

    Open Badges 2.0 has no such kinds.
    """
    if "typ" in header and _media_type(header["typ"]) not in _KINDS:
        raise NotConformant(f"The header says typ {header['typ'][:100]!r}: the token is made for something else.")


def header_deviations(header: Document) -> list[str]:
    """What the header of a credential's token says, and should not: a sentence for each."""
    told = [
        f"The header of the token may not have {name[:100]!r} (OB 3.0 §8.2.3)."
        for name in sorted(header.keys() - HEADER_MEMBERS)
    ]
    if "cty" in header and _media_type(header["cty"]) not in _CONTENTS:
        told.append(f"The header says cty {header['cty'][:100]!r}; in the token is `vc` (VC-JOSE-COSE §3.1.1).")
    return told


def _media_type(text: str) -> str:
    """Without `application/`, and without parameters (RFC 7515 §4.1.9)."""
    return text.partition(";")[0].strip().casefold().removeprefix("application/")


def _refuse_header(header: Document) -> None:
    changing = sorted(header.keys() & _CHANGING)
    if changing:
        raise NotConformant(f"The header of the JWS may not have {changing[0]!r}, which changes what is signed.")
    if str(header.get("alg")).casefold().startswith(("none", "hs")):
        raise Unsigned("The token is not signed with a key of its issuer: `none` and HMAC prove nothing.")
    if str(header.get("alg")) not in ALGORITHMS:
        raise UnsupportedProof(f"The algorithm {str(header.get('alg'))[:100]!r} is not known here.")
    if not all(isinstance(header.get(name, ""), str) for name in ("kid", "typ", "cty")):
        raise NotConformant("`kid`, `typ` and `cty` in the header of a JWS are strings.")
    _refuse_header_key(header)


def _refuse_header_key(header: Document) -> None:
    if "jwk" in header:
        jwk = header["jwk"]
        if not isinstance(jwk, dict):
            raise NotConformant("`jwk` in the header of a JWS is an object.")
        try:
            key_from_jwk(jwk)
        except BadgeError as error:
            raise NotConformant(f"`jwk` in the header of the JWS holds no public key: {error.detail}") from error
