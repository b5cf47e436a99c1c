"""Everything that is kept of a member, as JSON that is written as it is read."""

import base64
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlmodel import col, or_, select

from app.kit.database import read_session
from app.kit.deps import Runtime
from app.kit.journal import Chain, Event
from app.kit.personal import Kept
from app.privacy.parts import PARTS

AT_ONCE = 10
"""Rows that are in memory at a time: each may have megabytes of what was signed or handed in."""
EVENTS_AT_ONCE = 500


def written(runtime: Runtime, member: UUID, now: datetime) -> Iterator[bytes]:
    """One JSON object: for each table an array of rows, what was written about them, and what the journal has."""
    yield b'{"made_at":' + _json(now)
    for part in PARTS:
        for kept in part.kept:
            yield from _listed(kept.name, _rows(runtime, kept, member))
        for name, read in part.more.items():
            with read_session(runtime.engine) as session:
                found = list(read(session, member, now, runtime.installation))
            yield from _listed(name, iter(found))
    yield from _listed("journal", _events(runtime, member))
    yield b"}"


def _listed(name: str, items: Iterator[Any]) -> Iterator[bytes]:
    yield b"," + _json(name) + b":["
    between = b""
    for item in items:
        yield between + _json(item)
        between = b","
    yield b"]"


def _rows(runtime: Runtime, kept: Kept, member: UUID) -> Iterator[dict[str, Any]]:
    """The rows of a table that are told, `AT_ONCE` in memory; one that goes meanwhile is left out."""
    told = [column for name, column in kept.columns.items() if name not in kept.without]
    keys = [column for column in kept.columns.values() if column.primary_key]
    with read_session(runtime.engine) as session:
        found = session.execute(sa.select(*keys).where(kept.theirs(member)).order_by(*keys)).all()
    for start in range(0, len(found), AT_ONCE):
        these = sa.or_(*(_is(keys, each) for each in found[start : start + AT_ONCE]))
        with read_session(runtime.engine) as session:
            rows = session.execute(sa.select(*told).where(these).order_by(*keys)).all()
        for row in rows:
            yield {column.name: _plain(value) for column, value in zip(told, row, strict=True)}


def _plain(value: Any) -> Any:
    """What JSON has no form for, such as a picture, in Base64."""
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def _is(keys: Sequence[sa.Column[Any]], values: Sequence[Any]) -> sa.ColumnElement[bool]:
    return sa.and_(*(column == value for column, value in zip(keys, values, strict=True)))


def _events(runtime: Runtime, member: UUID) -> Iterator[dict[str, Any]]:
    """What they did and what happened to them, in every community: reviewers are guests in others."""
    theirs = or_(col(Event.actor) == str(member), col(Event.subject) == str(member))
    said = (Event.community, Event.seq, Event.id, Event.type, Event.occurred_at, Event.subject)
    with read_session(runtime.engine) as session:
        communities = session.exec(select(Chain.community)).all()
    for community in communities:
        seq = 0
        while True:
            batch = sa.select(*map(col, said)).where(col(Event.community) == community, col(Event.seq) > seq, theirs)
            with read_session(runtime.engine) as session:
                found = session.execute(batch.order_by(col(Event.seq)).limit(EVENTS_AT_ONCE)).all()
            for event in found:
                yield dict(event._mapping)  # noqa: SLF001  as SQLAlchemy documents
                seq = event.seq
            if len(found) < EVENTS_AT_ONCE:
                break


def _json(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_UTC_Z)
