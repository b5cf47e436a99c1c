"""The documents by which the world knows a community: DID document, JWKS, Profiles, OB 2.0 keys."""

from typing import Any

from sqlmodel import Session

import badges
from app.issuers.keys import believed_keys, issuer_id, keys_of, method_id
from app.issuers.rules import Addresses
from app.issuers.tables import CommunityKey, KeyKind, KeyState
from app.members.tables import Community

DID_CONTEXTS = [
    "https://www.w3.org/ns/did/v1",
    "https://w3id.org/security/jwk/v1",
    "https://w3id.org/security/multikey/v1",
]
OB2_CONTEXT = "https://w3id.org/openbadges/v2"
_ORDER = {KeyKind.p256: 0, KeyKind.ed25519: 1}


def profile(community: Community, id: str) -> badges.ob3.Profile:
    """The community as the issuer of a credential (OB 3.0 §B.1.22)."""
    return badges.ob3.Profile(
        id=id,
        name=community.name,
        url=community.url,
        email=community.email,
        description=community.description,
    )


def active_issuer_id(session: Session, community: Community, public_url: str) -> str:
    """The community's DID."""
    keys = keys_of(session, community)
    active = next(key for key in keys if key.kind == KeyKind.ed25519 and key.state == KeyState.active)
    return issuer_id(Addresses(public_url, community.slug), active)


def did_document(session: Session, community: Community, public_url: str) -> dict[str, Any]:
    """did.json (did:web §3.2): the current P-256 key first, then the Ed25519 one, then retired ones, for ever.

    Some judges take the first key whatever a badge names; hence the order. RSA keys are OB 2.0's and stay out.
    """
    did = active_issuer_id(session, community, public_url)
    keys = [key for key in believed_keys(session, community) if key.kind != KeyKind.rsa]
    if did.startswith("did:key:"):
        keys = [key for key in keys if key.kind == KeyKind.ed25519 and key.state == KeyState.active]
    keys.sort(key=lambda key: (key.state != KeyState.active, _ORDER[key.kind], -key.generation))
    return {
        "@context": DID_CONTEXTS,
        "id": did,
        "verificationMethod": [_method(did, key) for key in keys],
        "assertionMethod": [method_id(did, key) for key in keys],
    }


def _method(did: str, key: CommunityKey) -> dict[str, Any]:
    method: dict[str, Any] = {"id": method_id(did, key), "type": "Multikey", "controller": did}
    if key.kind == KeyKind.ed25519:
        method["publicKeyMultibase"] = badges.multikey(badges.key_from_jwk(key.public_jwk))
    else:
        method |= {"type": "JsonWebKey", "publicKeyJwk": key.public_jwk}
    return method


def jwks(session: Session, community: Community) -> dict[str, Any]:
    """Every key that may verify, active or retired, as a JWK Set (RFC 7517 §5)."""
    return {"keys": [jwk(key) for key in believed_keys(session, community)]}


def jwk(key: CommunityKey) -> dict[str, Any]:
    """One bare JWK with its `kid`, which is its thumbprint."""
    algorithm = {KeyKind.ed25519: "EdDSA", KeyKind.p256: "ES256", KeyKind.rsa: "RS256"}[key.kind]
    return {**key.public_jwk, "kid": key.kid, "alg": algorithm, "use": "sig"}


def profile_document(session: Session, community: Community, public_url: str) -> dict[str, Any]:
    """The OB 3.0 Profile as a document of its own."""
    document = profile(community, active_issuer_id(session, community, public_url)).to_document()
    return {"@context": list(badges.ob3.CONTEXTS), **document}


def ob2_profile(community: Community, key: CommunityKey, public_url: str) -> dict[str, Any]:
    """The OB 2.0 Profile of one RSA generation (OB 2.0 §Profile), with the revocation list of that generation.

    When its key is compromised it stands for hosted badges alone: nobody trusts a key that is not linked from here
    (OB 2.0 §SignedBadge step 4).
    """
    addresses = Addresses(public_url, community.slug)
    believed = key.state is not KeyState.compromised
    return badges.ob2.Profile(
        id=addresses.ob2_profile(key.generation),
        type="Issuer",
        name=community.name,
        url=community.url,
        email=community.email,
        description=community.description,
        public_key=f"{public_url}/ob2/keys/{key.id}" if believed else (),
        revocation_list=addresses.ob2_revocations(key.generation),
    ).to_document()


def ob2_key(community: Community, key: CommunityKey, public_url: str) -> dict[str, Any]:
    """The OB 2.0 CryptographicKey of one RSA generation (OB 2.0 §CryptographicKey)."""
    owner = Addresses(public_url, community.slug).ob2_profile(key.generation)
    public = badges.key_from_jwk(key.public_jwk)
    method = badges.VerificationMethod(id=f"{public_url}/ob2/keys/{key.id}", controller=owner, key=public)
    return badges.ob2.CryptographicKey.of(method).to_document()
