"""A community's keys: made, sealed, opened, rotated. The only place that sees private keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from sqlalchemy import bindparam
from sqlmodel import Session, col, select

import badges
from app.issuers.rules import Addresses
from app.issuers.tables import CommunityKey, KeyKind, KeyState
from app.kit.errors import Conflict
from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.kit.prepared import PreparedRows
from app.kit.vault import Vault
from app.members.tables import Community

RSA_BITS = 2048
"""What OB 2.0's verifiers all accept; larger keys would cost every award more."""


class KeyIsTheName(Conflict):
    """A did:key issuer cannot change its key, because the key is its name."""

    code = "key-is-the-name"


class KeepsItsKey(Conflict):
    """The OB 2.0 key is changed only when it has been compromised."""

    code = "ob2-key-stays"


@dataclass(frozen=True)
class Issuer:
    """A community ready to sign."""

    community: Community
    addresses: Addresses
    id: str
    """Its DID: did:web on https, did:key on http (decision record 6)."""
    data_integrity: badges.SigningKey
    vc_jwt: badges.SigningKey
    embed_key: bool
    """Whether a VC-JWT carries the public key in its header (did:web) or names it by `kid` (did:key)."""
    ob2: badges.SigningKey
    ob2_generation: int


def make_keys(session: Session, community: Community, *, at: Installation, on: Occasion) -> None:
    """The first key of every kind, for a community that has none."""
    for kind in KeyKind:
        _make(session, community, kind, generation=1, vault=at.vault, on=on)


def issuer_of(session: Session, community: Community, *, at: Installation, did: str | None = None) -> Issuer:
    """The community with its active keys, opened; with `did`, as the issuer that it was under that DID.

    A status list goes on being signed by the issuer whose badges it speaks of, also after `rotate(new_issuer=True)`.
    """
    vault, public_url = at.vault, at.public_url
    addresses = Addresses(public_url, community.slug)
    keys = keys_of(session, community)
    active = {key.kind: key for key in keys if key.state == KeyState.active}
    ed, p256, ob2 = active[KeyKind.ed25519], active[KeyKind.p256], active[KeyKind.rsa]
    if did is not None:
        ed = next(key for key in keys if key.kind == KeyKind.ed25519 and issuer_id(addresses, key) == did)
    did = issuer_id(addresses, ed)
    ob2_id = f"{public_url}/ob2/keys/{ob2.id}"
    ob2_owner = addresses.ob2_profile(ob2.generation)
    embed = addresses.did_web is not None
    data_integrity = _opened(vault, ed.id, ed.sealed, method_id(did, ed), did)
    return Issuer(
        community=community,
        addresses=addresses,
        id=did,
        data_integrity=data_integrity,
        vc_jwt=_opened(vault, p256.id, p256.sealed, method_id(did, p256), did) if embed else data_integrity,
        embed_key=embed,
        ob2=_opened(vault, ob2.id, ob2.sealed, ob2_id, ob2_owner),
        ob2_generation=ob2.generation,
    )


def keys_of(session: Session, community: Community) -> Sequence[CommunityKey]:
    """Every key there ever was, newest generation first."""
    return _OF_COMMUNITY.all(session, {"community": community.id})


_OF_COMMUNITY = PreparedRows(
    CommunityKey,
    select(CommunityKey)
    .where(CommunityKey.community_id == bindparam("community"))
    .order_by(col(CommunityKey.generation).desc(), col(CommunityKey.kind)),
)


def believed_keys(session: Session, community: Community) -> list[CommunityKey]:
    """Those that may verify, active or retired, newest generation first.

    The others are published nowhere: a `revoked` mark (Controlled Identifiers §2.2) or a missing `assertionMethod` is
    overlooked by verifiers in use, and a thief signs with any date.
    """
    return [key for key in keys_of(session, community) if key.state is not KeyState.compromised]


def ob2_keys(session: Session, community: Community) -> list[CommunityKey]:
    """The RSA keys, newest generation first; compromised ones too, since hosted badges go on naming their Profile."""
    return [key for key in keys_of(session, community) if key.kind is KeyKind.rsa]


def issuer_id(addresses: Addresses, ed25519_key: CommunityKey) -> str:
    """The DID of a community whose active Ed25519 key is given."""
    return addresses.did_web or _did_key(**ed25519_key.public_jwk)


def method_id(did: str, key: CommunityKey) -> str:
    """The URL of a key as verification method: a did:key names itself, a did:web by thumbprint."""
    return f"{did}#{did.removeprefix('did:key:') if did.startswith('did:key:') else key.kid}"


def rotate(
    session: Session,
    community: Community,
    *,
    at: Installation,
    on: Occasion,
    compromised: bool = False,
    ob2: bool = False,
    new_issuer: bool = False,
) -> list[CommunityKey]:
    """New active keys; the old ones stay published, so that what they signed still verifies, unless `compromised`.

    The did:key of an http installation is the issuer's name: replacing it makes a new issuer, which has to be asked for
    (`new_issuer`), else `KeyIsTheName`. The OB 2.0 key is replaced alone (`ob2`) and only when `compromised`, since the
    reference validator takes one key of a Profile, else `KeepsItsKey`.
    """
    if ob2 and not compromised:
        raise KeepsItsKey(
            "Badges signed with the present key would no longer be found under the issuer's newest Profile.",
            fix="Rotate it only if it was compromised: laurels keys rotate COMMUNITY --ob2 --compromised",
        )
    if not ob2 and not new_issuer and Addresses(at.public_url, community.slug).did_web is None:
        raise KeyIsTheName(
            f"{community.slug} is known by its did:key, because this service has a plain http address.",
            fix="Give --new-issuer to become a new issuer, or serve under https, where the issuer is a did:web.",
        )
    kinds = {KeyKind.rsa} if ob2 else {KeyKind.ed25519, KeyKind.p256}
    state = KeyState.compromised if compromised else KeyState.retired
    made = []
    for key in [k for k in keys_of(session, community) if k.state == KeyState.active and k.kind in kinds]:
        key.state, key.retired_at = state, on.now
        session.add(key)
        made.append(_make(session, community, key.kind, generation=key.generation + 1, vault=at.vault, on=on))
    data = {"kids": [key.kid for key in made], "replaced": state.value}
    on.record(session, community.id, "keys.rotated", community.id, data)
    return made


def _make(
    session: Session, community: Community, kind: KeyKind, *, generation: int, vault: Vault, on: Occasion
) -> CommunityKey:
    private: badges.PrivateKey
    match kind:
        case KeyKind.ed25519:
            private = ed25519.Ed25519PrivateKey.generate()
        case KeyKind.p256:
            private = ec.generate_private_key(ec.SECP256R1())
        case KeyKind.rsa:
            private = rsa.generate_private_key(65537, RSA_BITS)
    id = on.ids.public()
    signing = badges.SigningKey.of(private, id=str(id), controller=str(community.id))
    key = CommunityKey(
        id=id,
        community_id=community.id,
        kind=kind,
        generation=generation,
        kid=signing.method.thumbprint(),
        state=KeyState.active,
        public_jwk=signing.method.jwk(),
        sealed=vault.seal(signing.pkcs8(), bound_to=_context(id)),
        created_at=on.now,
    )
    session.add(key)
    session.flush()
    return key


def _context(key: UUID) -> str:
    return f"community_key/{key}"


@lru_cache(maxsize=512)
def _did_key(**jwk: str) -> str:
    return badges.did_key(badges.key_from_jwk(dict(jwk)))


@lru_cache(maxsize=512)
def _opened(vault: Vault, key: UUID, sealed: bytes, id: str, controller: str) -> badges.SigningKey:
    """Opening and parsing an RSA key costs more than signing with it; the row says which key counts."""
    return badges.SigningKey.from_pkcs8(vault.open(sealed, bound_to=_context(key)), id=id, controller=controller)
