"""This installation: the address under which the world knows it, and the vault that holds its secrets.

A database knows which installation it belongs to; the state directory holds that installation's key-encryption key. One
without the other is refused: an unknown database is a new one, a known one without its key is not opened.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, Session, select

from app.kit.database import Row, write_session
from app.kit.ids import Ids
from app.kit.vault import Vault, VaultFault, new_key, read_record, write_record


class Instance(Row, table=True):
    """The one row that names this database."""

    id: UUID = Field(primary_key=True)
    one: int = Field(default=1, unique=True)
    """Always 1: there is one row."""
    public_url: str
    """The address under which badges were issued."""
    key_check: bytes
    """Opens with the right key-encryption key only."""
    created_at: datetime


class AddressFixed(RuntimeError):
    """Badges name the service by its address, so it cannot change any more."""


@dataclass(frozen=True)
class Installation:
    """What use-cases need of the place they run in."""

    id: UUID
    public_url: str
    vault: Vault


def open_installation(engine: sa.Engine, *, public_url: str, state_dir: Path, now: datetime, ids: Ids) -> Installation:
    """The installation of this database, made at the first start. Raises `VaultFault`."""
    try:
        with write_session(engine) as session:
            return _found(session, state_dir, public_url) or _made(session, state_dir, public_url, now, ids)
    except IntegrityError:  # another process made it at the same time
        with write_session(engine) as session:
            found = _found(session, state_dir, public_url)
    if found is None:
        raise VaultFault("The database belongs to no installation.")
    return found


def settle_address(session: Session, installation: Installation, *, badges_exist: bool) -> None:
    """Takes on the configured address, or refuses it once badges bear another. Raises `AddressFixed`."""
    row = session.exec(select(Instance)).one()
    if row.public_url == installation.public_url:
        return
    if badges_exist:
        raise AddressFixed(
            f"Badges were issued under {row.public_url}; LAURELS_PUBLIC_URL says {installation.public_url}. "
            f"Their ids cannot change: set LAURELS_PUBLIC_URL={row.public_url}, or start with a new database."
        )
    row.public_url = installation.public_url
    session.add(row)


def _found(session: Session, state_dir: Path, public_url: str) -> Installation | None:
    row = session.exec(select(Instance)).one_or_none()
    if row is None:
        return None
    vault = read_record(state_dir, row.id)
    if vault is None:
        raise VaultFault(
            f"The key-encryption key of this database ({row.id}) is not in {state_dir}. "
            "Set LAURELS_STATE_DIR to where it is, or restore it from its own backup; nothing else opens the keys."
        )
    vault.open(row.key_check, bound_to=_context(row.id))
    return Installation(row.id, public_url, vault)


def _made(session: Session, state_dir: Path, public_url: str, now: datetime, ids: Ids) -> Installation:
    id, key = ids.public(), new_key()
    vault = Vault(key)
    check = vault.seal(b"laurels", bound_to=_context(id))
    session.add(Instance(id=id, public_url=public_url, key_check=check, created_at=now))
    session.flush()
    # The key is on disk before the database says that it exists; if the commit fails, a file nobody needs is left.
    write_record(state_dir, id, key)
    return Installation(id, public_url, vault)


def _context(instance: UUID) -> str:
    return f"instance/{instance}"
