"""Encryption at rest: what must not be readable from the database, or a backup of it, alone.

The key-encryption key lies in a file of the state directory, never in the database. Primitives are those of
`cryptography`: AES-256-GCM for sealing, HMAC-SHA-256 for looking up what is sealed.
"""

import base64
import json
import os
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES = 12
KEY_BYTES = 32


class VaultFault(RuntimeError):
    """The key-encryption key is missing, or is not the one this database was sealed with."""


class Vault:
    """Seals and opens with one key-encryption key; what is sealed for one purpose cannot be opened for another."""

    def __init__(self, key_encryption_key: bytes) -> None:
        """Raises `ValueError` for a key that has not its length."""
        if len(key_encryption_key) != KEY_BYTES:
            raise ValueError(f"a key-encryption key has {KEY_BYTES} bytes")
        self._seal = AESGCM(_derived(key_encryption_key, b"seal"))
        self._lookup = _derived(key_encryption_key, b"fingerprint")

    def seal(self, plain: bytes, *, bound_to: str) -> bytes:
        """`plain` encrypted and bound to a context (table, row, purpose), so that rows cannot be swapped."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._seal.encrypt(nonce, plain, bound_to.encode())

    def open(self, sealed: bytes, *, bound_to: str) -> bytes:
        """The plain bytes again. Raises `VaultFault` when key, bytes or context differ from those of sealing."""
        try:
            return self._seal.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to.encode())
        except InvalidTag as error:
            raise VaultFault(f"What was sealed for {bound_to} does not open with this key-encryption key.") from error

    def fingerprint(self, text: str, *, bound_to: str) -> str:
        """A keyed hash by which sealed text can be found again; useless to who holds the database alone."""
        mac = hmac.HMAC(self._lookup, hashes.SHA256())
        mac.update(f"{bound_to}\x00{text}".encode())
        return mac.finalize().hex()


def new_key() -> bytes:
    """A fresh key-encryption key."""
    return os.urandom(KEY_BYTES)


def record_path(state_dir: Path, instance: UUID) -> Path:
    """Where the record of one database lies."""
    return state_dir / "instances" / f"{instance}.json"


def read_record(state_dir: Path, instance: UUID) -> Vault | None:
    """The vault of a database that this state directory knows, else None. Raises `VaultFault` if unreadable."""
    path = record_path(state_dir, instance)
    try:
        record = json.loads(path.read_text())
        return Vault(base64.b64decode(record["key_encryption_key"], validate=True))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise VaultFault(f"The record {path} cannot be read ({error}); restore it from its own backup.") from error


def write_record(state_dir: Path, instance: UUID, key_encryption_key: bytes) -> None:
    """Writes the record of a new database: mode 0600, on disk before this returns, never over an existing one."""
    path = record_path(state_dir, instance)
    for folder in (state_dir, path.parent):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    record = {"instance_id": str(instance), "key_encryption_key": base64.b64encode(key_encryption_key).decode()}
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(record, file)
        file.flush()
        os.fsync(file.fileno())
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _derived(key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=b"laurels " + purpose).derive(key)
