"""What signs for a subscription (Standard Webhooks 1.0): a secret, and where it is wanted an Ed25519 key besides."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from standardwebhooks import Webhook

from app.kit.ids import Ids
from app.kit.vault import Vault

SECRET, PUBLIC = "whsec_", "whpk_"


@dataclass(frozen=True)
class Keys:
    """What signs at one time."""

    secret: str
    """`whsec_…`"""
    seed: str | None
    """Of the Ed25519 key, in base64."""

    @classmethod
    def new(cls, ids: Ids, *, asymmetric: bool) -> "Keys":
        """Fresh ones, from 256 random bits each."""
        return cls(SECRET + _random(ids), _random(ids) if asymmetric else None)

    @property
    def public(self) -> str | None:
        """`whpk_…`, which everybody may know."""
        if self.seed is None:
            return None
        raw = self._private(self.seed).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return PUBLIC + base64.b64encode(raw).decode()

    def signatures(self, id: str, at: datetime, body: str) -> list[str]:
        """What stands in `webhook-signature` for a message: one for the secret, and one for the key if there is one."""
        signed = [Webhook(self.secret).sign(id, at, body)]
        if self.seed is not None:
            content = f"{id}.{int(at.timestamp())}.{body}".encode()
            signed.append(f"v1a,{base64.b64encode(self._private(self.seed).sign(content)).decode()}")
        return signed

    @staticmethod
    def _private(seed: str) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(base64.b64decode(seed))


@dataclass(frozen=True)
class Ring:
    """The present keys, and those before while they still sign."""

    now: Keys
    before: Keys | None = None

    def rotated(self, ids: Ids, *, asymmetric: bool) -> "Ring":
        """New keys, with the present ones as those before."""
        return Ring(Keys.new(ids, asymmetric=asymmetric), self.now)

    def signing(self, overlap_ends: datetime | None, at: datetime) -> Sequence[Keys]:
        """Those that sign at an instant, the present first."""
        if self.before is None or overlap_ends is None or overlap_ends <= at:
            return (self.now,)
        return (self.now, self.before)

    def sealed(self, vault: Vault, subscription: UUID) -> bytes:
        """As it is kept."""
        kept = [[keys.secret, keys.seed] for keys in (self.now, self.before) if keys]
        return vault.seal(orjson.dumps(kept), bound_to=_bound(subscription))

    @classmethod
    def opened(cls, sealed: bytes, vault: Vault, subscription: UUID) -> "Ring":
        """What was sealed. Raises `VaultFault`."""
        return cls(*(Keys(*pair) for pair in orjson.loads(vault.open(sealed, bound_to=_bound(subscription)))))


def headers(ring: Ring, overlap_ends: datetime | None, id: UUID, at: datetime, body: str) -> dict[str, str]:
    """The headers of Standard Webhooks for a message that is sent at an instant."""
    signed = [each for keys in ring.signing(overlap_ends, at) for each in keys.signatures(str(id), at, body)]
    return {
        "webhook-id": str(id),
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signed),
    }


def public_key(text: str) -> Ed25519PublicKey:
    """The key that `whpk_…` says. Raises `ValueError`."""
    return Ed25519PublicKey.from_public_bytes(base64.b64decode(text.removeprefix(PUBLIC), validate=True))


def _random(ids: Ids) -> str:
    """32 bytes of a secret, in base64."""
    return base64.b64encode(hashlib.sha256(ids.secret().encode()).digest()).decode()


def _bound(subscription: UUID) -> str:
    return f"webhook:{subscription}"
