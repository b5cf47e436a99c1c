"""The journal: what happened, append-only, one chain of hashes per community.

A capability records what it did in the transaction that did it, and knows nothing of who listens. Three read: outbound
webhooks, metrics, audit. Only ids and digests go in, so that forgetting a person never breaks the chain.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlmodel import Field, Session, select

from app.kit.closing import refuse
from app.kit.database import Json, Row
from app.kit.prepared import Prepared, insert, insert_if_absent

GENESIS = "0" * 64
"""What stands before the first event of a chain."""

Datum = str | int | bool | list[str] | None
"""What an event may carry: ids, digests, codes and counts."""

_BATCH = 1000
_ID_OR_DIGEST = re.compile(r"[\x21-\x3f\x41-\x7e]{0,500}")


class NotForTheJournal(ValueError):
    """A value that may name a person or hold their words; the journal is never erased."""


class Event(Row, table=True):
    """One thing that happened. Triggers refuse to change or delete it."""

    __table_args__ = (sa.Index(None, "subject"),)

    community: UUID = Field(primary_key=True)
    seq: int = Field(primary_key=True, sa_type=sa.BigInteger)
    id: UUID = Field(unique=True)
    type: str = Field(max_length=64)
    occurred_at: datetime
    actor: str = Field(max_length=500)
    subject: str = Field(max_length=500)
    data: dict[str, Any] = Field(sa_type=Json)
    prev_hash: str = Field(max_length=64)
    hash: str = Field(max_length=64)

    def digest(self) -> str:
        """SHA-256 over the canonical JSON (RFC 8785) of everything but the hash itself, the previous hash included."""
        return _digest(self.model_dump(exclude={"hash"}))


class Chain(Row, table=True):
    """The end of a community's chain. Whoever appends holds this row until the transaction ends."""

    community: UUID = Field(primary_key=True)
    seq: int = Field(sa_type=sa.BigInteger)
    hash: str = Field(max_length=64)
    closes_at: datetime | None = None
    """From when on it does not take everything; None while nothing has been said about its end."""
    closed_to: str | None = None
    """The types that it does not take then, as patterns (`thanks.given`, `achievement.*`) with blanks between."""


@dataclass(frozen=True)
class Happening:
    """One thing that happens, before it has its place in the chain."""

    id: UUID
    type: str
    """Dotted: `credential.issued`."""
    subject: str
    """The id of what it happens to."""
    data: Mapping[str, Datum] = field(default_factory=dict)


def record(session: Session, happenings: Sequence[Happening], *, community: UUID, actor: str, now: datetime) -> None:
    """Appends to the community's chain, in this order and in the caller's transaction.

    `actor` is whoever did it (a member's id, `admin`, `system`). Raises `NotForTheJournal` where a value is no id,
    digest, code or count: our own mistake; `CommunityArchived` where the journal is closed to one of these types.
    """
    for happening in happenings:
        _only_ids(actor, happening.type, happening.subject, *happening.data, *happening.data.values())
    # 1. Take the end of the chain: from here to the commit nobody else appends to it, so no gap and no fork.
    seq, prev_hash, closes_at, closed_to = _taken(session, community, len(happenings))
    if closes_at is not None and closes_at <= now:
        refuse(closed_to or "", [happening.type for happening in happenings])
    # 2. Append.
    events = []
    for number, happening in enumerate(happenings, start=seq):
        event = {
            "community": community,
            "seq": number,
            "id": happening.id,
            "type": happening.type,
            "occurred_at": now,
            "actor": actor,
            "subject": happening.subject,
            "data": dict(happening.data),
            "prev_hash": prev_hash,
        }
        prev_hash = _digest(event)
        events.append(event | {"hash": prev_hash})
    insert(session, Event, *events)
    # 3. The last is the new end.
    _END.rows(session, {"of": community, "now_hash": prev_hash})


def hold(session: Session, community: UUID) -> None:
    """Takes the community's journal until this transaction ends, as the first `record` does.

    For what changes something else that is shared by the community: were some to take that first and others the
    journal, two could wait for each other. On PostgreSQL an advisory lock, since who waits for one is served in turn;
    of those who wait for a row that everybody updates, some wait until they give up. SQLite has one writer anyway.
    """
    if session.connection().dialect.name != "postgresql":
        return
    # What is taken inside of a savepoint is let go when that is undone: so it is asked for again outside.
    held = (session.get_nested_transaction() or session.get_transaction(), community)
    if session.info.get(hold) != held:
        _HOLD.rows(session, {"key": community.int & _63_BITS})
        session.info[hold] = held


def close(session: Session, community: UUID, *, at: datetime | None, to: Sequence[str]) -> None:
    """From `at` on the journal takes none of these types; with None it takes everything again.

    Whoever records something holds the chain, so that of an end and a beginning one comes first.
    """
    hold(session, community)
    closed_to = " ".join(to) if at is not None else None
    session.execute(_MINE.values(closes_at=at, closed_to=closed_to), {"of": community})


def newest(session: Session) -> datetime | None:
    """When the last thing happened that any journal tells of."""
    return session.exec(select(sa.func.max(Event.occurred_at))).one()


@dataclass(frozen=True)
class Examined:
    """What a look at a whole chain came to."""

    first_broken: int | None
    """The first `seq` at which it does not hold: changed, missing, or put in. None if it holds to its end."""
    events: int
    """How many hold, from the first on."""
    seq: int
    """The `seq` of its end."""
    head: str
    """The hash of its end: whoever keeps it elsewhere notices a journal that was rewritten whole."""


class _End(NamedTuple):
    seq: int
    hash: str


def verify_chain(session: Session, community: UUID) -> int | None:
    """`first_broken` of `examine`."""
    return examine(session, community).first_broken


def examine(session: Session, community: UUID) -> Examined:
    """Looks at every event of a chain, some at a time; none that is appended meanwhile is taken for put in.

    Who can rewrite the whole chain and its end can still forge it; that takes a head published elsewhere to notice.
    """
    end, good = _end(session, community), _End(0, GENESIS)
    for event in _all(session, community):
        reached = _End(good.seq + 1, str(event.get("hash")))
        if not _follows(event, good) or (reached.seq == end.seq and reached != end):
            seq = event.get("seq")
            return _broken(min(seq, reached.seq) if isinstance(seq, int) else reached.seq, good, end)
        good = reached
    if good.seq < end.seq:
        return _broken(good.seq + 1, good, end)
    end = _end(session, community)
    if good.seq > end.seq:
        return _broken(end.seq + 1, good, end)
    if good.seq == end.seq and good != end:
        return _broken(good.seq, good, end)
    return Examined(None, good.seq, *good)


def _broken(at: int, good: _End, end: _End) -> Examined:
    return Examined(at, max(min(good.seq, at - 1), 0), *end)


def _end(session: Session, community: UUID) -> _End:
    end = session.exec(select(Chain.seq, Chain.hash).where(Chain.community == community)).first()
    return _End(*end) if end else _End(0, GENESIS)


def _follows(event: Mapping[str, Any], last: _End) -> bool:
    if not event or (event["seq"], event["prev_hash"]) != (last.seq + 1, last.hash):
        return False
    try:
        return _digest({name: value for name, value in event.items() if name != "hash"}) == str(event["hash"])
    except (TypeError, AttributeError):  # what stands there cannot be written as JSON, so nobody recorded it
        return False


def _all(session: Session, community: UUID) -> Iterator[dict[str, Any]]:
    """In order, some at a time, so that a long journal is never in memory whole; {} for the first unreadable one."""
    batch = sa.select(*_EVENT).where(_EVENT.community == community).order_by(_EVENT.seq)
    names, size, rest = _EVENT.keys(), _BATCH, batch
    while True:
        try:
            events = session.execute(rest.limit(size)).all()
        except (ValueError, TypeError, sa.exc.DBAPIError) as error:
            if not _is_unreadable(error):
                raise
            if size == 1:
                yield {}
                return
            size = 1  # on to the one that cannot be read
            continue
        for event in events:
            yield dict(zip(names, event, strict=True))
        if len(events) < size:
            return
        rest = batch.where(_EVENT.seq > events[-1].seq)


def _is_unreadable(error: Exception) -> bool:
    """Whether a value is of a form that nobody recorded, rather than the database in trouble."""
    if not isinstance(error, sa.exc.DBAPIError):
        return True
    of_its_own = getattr(error.orig, "sqlite_errorname", None) or getattr(error.orig, "sqlstate", None)
    return of_its_own is None and not error.connection_invalidated


# An event is written with everything that is done here.
_CHAIN, _EVENT = Chain.__table__.c, Event.__table__.c  # type: ignore[attr-defined]
_OF = sa.bindparam("of", type_=sa.Uuid)
_MORE = _CHAIN.seq + sa.bindparam("steps")
_MINE = sa.update(Chain).where(_CHAIN.community == _OF)
_STEP = Prepared(_MINE.values(seq=_MORE).returning(_CHAIN.seq, _CHAIN.hash, _CHAIN.closes_at, _CHAIN.closed_to))
_END = Prepared(_MINE.values(hash=sa.bindparam("now_hash")))
_HOLD = Prepared(sa.select(sa.func.pg_advisory_xact_lock(sa.bindparam("key", type_=sa.BigInteger))))
_63_BITS = 2**63 - 1


# Of what an event may hold this is the canonical form of RFC 8785, in a twentieth of the time.
_CANONICAL = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER


def _digest(content: dict[str, Any]) -> str:
    written = content | {
        "community": str(content["community"]),
        "id": str(content["id"]),
        "occurred_at": content["occurred_at"].astimezone(UTC).isoformat(timespec="microseconds"),
    }
    return hashlib.sha256(orjson.dumps(written, option=_CANONICAL)).hexdigest()


def _taken(session: Session, community: UUID, steps: int) -> tuple[int, str, datetime | None, str | None]:
    """The first of so many new numbers, and the hash before it; when it closes, and to what."""
    hold(session, community)
    step = {"of": community, "steps": steps}
    taken = _STEP.first(session, step)
    if taken is None:
        insert_if_absent(session, Chain(community=community, seq=0, hash=GENESIS))
        [taken] = _STEP.rows(session, step)
    seq, *rest = taken
    return (seq - steps + 1, *rest)


def _only_ids(*values: Datum) -> None:
    for value in values:
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str) and not _ID_OR_DIGEST.fullmatch(text):
                raise NotForTheJournal(f"{text!r} has a space or an @, or is not ASCII: it may name a person.")
            if not isinstance(text, str if isinstance(value, list) else str | int | None):
                raise NotForTheJournal(f"{text!r} is no id, digest, code or count.")
