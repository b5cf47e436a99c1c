"""Use-case: taking deliveries. Proven, read and sealed first; kept in one short transaction; looked into later."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlmodel import Session, select

from app.kit.database import read_session
from app.kit.deps import Runtime
from app.kit.errors import AppError, TooMany
from app.kit.prepared import Prepared, insert_if_absent
from app.kit.together import Together
from app.sources import service
from app.sources.keeping import KEPT, Kept, sealed
from app.sources.receiving import PLATFORMS
from app.sources.receiving.calls import Answer, Call
from app.sources.tables import Inbound, Source

_LONGEST_ID = 200
MOST_A_MINUTE, _MOST_BYTES_A_MINUTE = 18_000, 268_435_456
"""Deliveries of one source, and what is in them, that one serving process takes."""


@dataclass(frozen=True)
class Proven:
    """A delivery that is from whom it says, and can be read."""

    source: UUID
    platform: str
    inbound: Inbound
    answer: Answer


@dataclass(frozen=True)
class Asked:
    """A call, of nobody knows whom yet."""

    source: str
    call: Call
    now: datetime


def prepared(runtime: Runtime, asked: Sequence[Asked]) -> list[Proven | Answer | Exception]:
    """What each of several calls comes to, with one look for their sources."""
    with read_session(runtime.engine) as session:
        sources = [_source(session, each) for each in asked]
    return [
        source if isinstance(source, AppError) else _of_one(runtime, source, each)
        for source, each in zip(sources, asked, strict=True)
    ]


def _source(session: Session, asked: Asked) -> Source | AppError:
    try:
        return service.listening(session, asked.source)
    except AppError as refusal:
        return refusal


def _of_one(runtime: Runtime, source: Source, asked: Asked) -> Proven | Answer | Exception:
    try:
        return proven(runtime, source, asked.call, asked.now)
    except Exception as error:  # noqa: BLE001  whatever it is, those who came at the same moment are no part of it
        return error


def proven(runtime: Runtime, source: Source, call: Call, now: datetime) -> Proven | Answer:
    """The delivery, or the answer to a platform that only asks whether somebody is there.

    Raises `WrongSignature`, `StaleDelivery`, `TooMany`, `MalformedJson`, `TooLarge`.
    """
    at = runtime.installation
    # 1. Who it is from, over the bytes as they came. Only then it counts: else strangers could use up what it may send.
    known, platform = service.secrets_of(source, now, at=at), PLATFORMS[source.platform]
    platform.proof.check(call, known, now)
    _count(runtime, source.id, len(call.raw), now)
    # 2. What it says.
    body = platform.read(call)
    asked = platform.answer(call, body, known)
    if asked is not None:
        return asked
    # 3. What is kept of it.
    id, delivery_id = runtime.ids.row(), platform.delivery_id(call, body)
    kept = Kept(platform.kept_of(call.headers), call.raw, call.transaction)
    inbound = Inbound(
        id=id,
        source_id=source.id,
        key=_key(delivery_id, kept),
        delivery_id=delivery_id[:_LONGEST_ID],
        received_at=now,
        size=len(call.raw),
        sealed=sealed(at.vault, id, kept),
        drop_at=now + KEPT,
        due_at=now,
    )
    return Proven(source.id, platform.name, inbound, platform.taken(body, str(id)))


def _count(runtime: Runtime, source: UUID, size: int, now: datetime) -> None:
    """One more delivery. Raises `TooMany`."""
    rates = runtime.rates
    wait = rates.wait(("delivered", source), most=MOST_A_MINUTE, now=now) or rates.wait(
        ("bytes delivered", source), most=_MOST_BYTES_A_MINUTE, now=now, amount=size
    )
    if wait:
        raise TooMany(
            f"A source tells at most {MOST_A_MINUTE} times, and {_MOST_BYTES_A_MINUTE} bytes, a minute.",
            retry_after=wait,
        )


def keep(session: Session, given: Sequence[Proven | Answer]) -> list[Answer]:
    """Keeps deliveries, unless they were kept before; what each platform is told."""
    return [each if isinstance(each, Answer) else _kept(session, each) for each in given]


def _kept(session: Session, proven: Proven) -> Answer:
    inbound = proven.inbound
    if insert_if_absent(session, inbound) or "delivery" not in proven.answer.body:
        return proven.answer
    known = _KNOWN.first(session, {"source": inbound.source_id, "key": inbound.key})
    assert known is not None  # noqa: S101  that is what was in the way
    return Answer({"delivery": str(known[0])}, proven.answer.status)


_KNOWN = Prepared(
    select(Inbound.id).where(
        Inbound.source_id == sa.bindparam("source", type_=sa.Uuid()), Inbound.key == sa.bindparam("key")
    )
)


def _key(delivery_id: str, kept: Kept) -> str:
    """Of the platform's own id and of all that it tells: an id that is used for something else loses nothing."""
    head = orjson.dumps([delivery_id, dict(kept.headers)], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(head + b"\n" + kept.raw).hexdigest()


line: Together[Asked, Proven | Answer, Answer] = Together(prepared, keep)
"""Where calls wait to be taken: those that come at once share one transaction."""
