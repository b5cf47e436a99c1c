"""Deliveries at rest: sealed with the headers that belong to them, and put to nobody's use but a new look at them; and
what is forgotten when its time is over.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlmodel import col

from app.credentials.rules import State
from app.credentials.tables import Credential
from app.kit.deps import Runtime
from app.kit.jobs import Job
from app.kit.vault import Vault
from app.sources.tables import AccountProof, Inbound, PlatformAward, ProofState, Remembered

KEPT = timedelta(days=30)
"""How long a body is kept, to be looked at again when a rule has changed."""
_SHOWN = timedelta(days=7)
"""How long members see that a code of theirs was not seen in time."""
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


def forget_answered(runtime: Runtime, now: datetime) -> int:
    """Takes away claim links that answer nothing any more, and proofs of accounts that came to nothing; how many."""
    open_still = sa.exists().where(
        col(Credential.id) == col(PlatformAward.credential_id),
        col(Credential.state) == State.offered,
        col(Credential.offer_ends) > now,
    )
    used = sa.select(col(PlatformAward.id)).where(col(PlatformAward.claim).is_not(None), ~open_still).limit(_AT_ONCE)
    over = sa.select(col(AccountProof.id)).where(
        col(AccountProof.state).in_([ProofState.open, ProofState.withdrawn]), col(AccountProof.ends_at) <= now - _SHOWN
    )
    with runtime.writing() as session:
        ids = session.execute(used).scalars().all()
        session.execute(sa.update(PlatformAward).where(col(PlatformAward.id).in_(ids)).values(claim=None))
        gone = session.execute(over.limit(_AT_ONCE)).scalars().all()
        session.execute(sa.delete(AccountProof).where(col(AccountProof.id).in_(gone)))
    return len(ids) + len(gone)


JOBS = (Job("drop old deliveries", drop_old), Job("forget what is answered", forget_answered))
