"""Deliveries at rest: sealed with the headers that belong to them, and put to nobody's use but a new look at them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlmodel import col

from app.kit.deps import Runtime
from app.kit.jobs import Job
from app.kit.vault import Vault
from app.sources.tables import Inbound, Remembered

KEPT = timedelta(days=30)
"""How long a body is kept, to be looked at again when a rule has changed."""
_AT_ONCE = 200


@dataclass(frozen=True)
class Kept:
    """What a platform sent."""

    headers: Mapping[str, str]
    raw: bytes
    transaction: str | None = None


def sealed(vault: Vault, id: UUID, kept: Kept) -> bytes:
    head = orjson.dumps([dict(kept.headers), kept.transaction])
    return vault.seal(head + b"\n" + kept.raw, bound_to=f"inbound/{id}")


def opened(vault: Vault, inbound: Inbound) -> Kept | None:
    """What was sent, unless it was dropped."""
    if inbound.sealed is None:
        return None
    head, _, raw = vault.open(inbound.sealed, bound_to=f"inbound/{inbound.id}").partition(b"\n")
    headers, transaction = orjson.loads(head)
    return Kept(headers, raw, transaction)


def drop_old(runtime: Runtime, now: datetime) -> int:
    """Takes away bodies, and whose what was, that were kept for long enough; how many bodies."""
    with runtime.writing() as session:
        old = sa.select(col(Inbound.id)).where(col(Inbound.drop_at) <= now).limit(_AT_ONCE)
        dropping = sa.update(Inbound).where(col(Inbound.id).in_(old)).values(sealed=None, drop_at=None)
        dropped = session.execute(dropping, execution_options={"synchronize_session": False})
        session.execute(sa.delete(Remembered).where(col(Remembered.drop_at) <= now))
    return int(getattr(dropped, "rowcount", 0))


JOBS = (Job("drop old deliveries", drop_old),)
