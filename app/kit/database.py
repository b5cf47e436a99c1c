"""The database: one engine per process, transactions that commit whole or not at all, and what tables are made of.

SQLite and PostgreSQL run the same code. On SQLite a writer takes its lock when it begins (`BEGIN IMMEDIATE`), so that
no transaction fails halfway for having read first; on PostgreSQL rows are locked one by one, under READ COMMITTED, and
every wait is bounded. Unique constraints, not checks in Python, make duplicates impossible.
"""

import fcntl
import re
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlmodel import Session, SQLModel

CONNECTIONS = 16
"""Requests that may hold a transaction at once, in one process."""
_THREADS = 40
"""Threads that may each want a connection for a moment besides (AnyIO's default); so nobody waits for one in vain."""

_SQLITE_SETTINGS = """
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA busy_timeout = 5000;
    PRAGMA trusted_schema = OFF;
    PRAGMA temp_store = MEMORY;
    PRAGMA journal_size_limit = 67108864;
"""
_POSTGRESQL_SETTINGS = (
    "-c default_transaction_isolation=read\\ committed -c statement_timeout=5s -c lock_timeout=2s "
    "-c idle_in_transaction_session_timeout=10s -c timezone=UTC"
)


class Row(SQLModel):
    """What every table derives from, so that constraints have the same names on both databases.

    A `table=True` class does not validate: requests have schemas of their own. A plain `datetime` is stored in UTC and
    comes back aware.
    """

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )

    def __init__(self, **values: Any) -> None:
        """Takes the values as they are. SQLModel's own would announce each of them, which takes ten times as long."""
        self.__dict__.update(_defaults(type(self)) | values)


Json = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
"""A column type for JSON values: `Field(sa_type=Json)`."""


def choice(kind: type[Enum]) -> sa.Enum:
    """A column type for an enum, kept as the text of its values: `Field(sa_type=choice(State))`.

    Without a database type of its own, so that a new member needs no migration.
    """
    return sa.Enum(kind, native_enum=False, length=32, values_callable=lambda members: [m.value for m in members])


class AlreadyServed(RuntimeError):
    """Another process serves this SQLite file; its writer lock would not cover a second one."""


def connect(database_url: str) -> sa.Engine:
    """The engine of this process. An SQLite file and its folder are made if they are missing, for their owner alone."""
    url = make_url(database_url)
    in_a_file = url.get_backend_name() == "sqlite"
    if in_a_file:
        _make_file(url)
    engine = sa.create_engine(
        url,
        pool_size=CONNECTIONS,
        max_overflow=_THREADS,
        pool_timeout=5,
        pool_pre_ping=not in_a_file,
        connect_args={} if in_a_file else {"options": _POSTGRESQL_SETTINGS, "connect_timeout": 5},
        json_serializer=_json,
        json_deserializer=orjson.loads,
    )
    if in_a_file:
        event.listen(engine, "connect", _on_sqlite_connect)
        event.listen(engine, "begin", _on_sqlite_begin)
    return engine


def is_sqlite(engine: sa.Engine) -> bool:
    return engine.dialect.name == "sqlite"


@contextmanager
def write_session(engine: sa.Engine) -> Iterator[Session]:
    """A transaction that commits when the block ends, and rolls back if it raises. For what runs beside requests."""
    with open_for_writing(engine) as session, session.begin():
        yield session


@contextmanager
def read_session(engine: sa.Engine) -> Iterator[Session]:
    """A transaction in which the database refuses every write."""
    with open_for_reading(engine) as session:
        yield session


@contextmanager
def still_session(engine: sa.Engine) -> Iterator[Session]:
    """A reading transaction that sees the database as it was when it began, and may take minutes.

    For jobs that read much; requests have seconds (`_POSTGRESQL_SETTINGS`).
    """
    with open_for_reading(engine) as session:
        if not is_sqlite(engine):
            connection = session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            for wait in ("statement_timeout", "idle_in_transaction_session_timeout"):
                by_driver(connection, f"SET LOCAL {wait} = '10min'")
        yield session


def open_for_writing(engine: sa.Engine) -> Session:
    """A session whose first word to the database begins a writing transaction."""
    return Session(engine, expire_on_commit=False)


def open_for_reading(engine: sa.Engine) -> Session:
    """A session whose first word to the database begins a reading transaction."""
    return Session(_read_only(engine), expire_on_commit=False)


@contextmanager
def tried(session: Session) -> Iterator[None]:
    """What happens inside is undone at its end: so it is found out what would happen."""
    trial = session.begin_nested()
    try:
        yield
    finally:
        trial.rollback()


@lru_cache(maxsize=4)
def _read_only(engine: sa.Engine) -> sa.Engine:
    return engine.execution_options(postgresql_readonly=True)


@contextmanager
def sole_server(engine: sa.Engine) -> Iterator[None]:
    """Holds this SQLite file for one serving process; nothing to hold on PostgreSQL. Raises `AlreadyServed`.

    The kernel lets go of the lock when the process ends, however it ends.
    """
    if not is_sqlite(engine):
        yield
        return
    path = Path(f"{engine.url.database}.lock")
    path.touch(mode=0o600)
    with path.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyServed(
                f"{engine.url.database} is being served by another process; stop that one, or use PostgreSQL."
            ) from None
        yield


def by_driver(
    connection: sa.Connection, sql: str, parameters: Any = (), *, rows: bool = False, many: bool = False
) -> list[tuple[Any, ...]]:
    """Runs a statement past SQLAlchemy; what the driver gives, if it gives `rows`. Errors are SQLAlchemy's own.

    With `many`, `parameters` are those of several executions, one after the other.
    """
    driver: Any = connection.dialect.loaded_dbapi
    cursor = connection.connection.cursor()
    try:
        (cursor.executemany if many else cursor.execute)(sql, parameters)
        return list(cursor.fetchall()) if rows else []
    except driver.Error as error:
        lost = connection.dialect.is_disconnect(error, connection.connection, cursor)
        if lost:
            connection.invalidate(error)
        raise sa.exc.DBAPIError.instance(
            sql,
            None,  # what was given is nobody's business who reads a log
            error,
            driver.Error,
            connection_invalidated=lost,
            dialect=connection.dialect,
        ) from error
    finally:
        cursor.close()


@cache
def _defaults(table: type[Row]) -> dict[str, Any]:
    return {name: field.default for name, field in table.model_fields.items() if not field.is_required()}


def constraint_of(error: sa.exc.IntegrityError) -> str:
    """What an integrity error is about: a constraint's name on PostgreSQL, `table.column, …` on SQLite."""
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None:
        return str(diagnosis.constraint_name)
    return re.sub(r"^.*constraint failed:?\s*", "", str(error.orig))


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()


def _make_file(url: URL) -> None:
    path = Path(str(url.database))
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)  # SQLite gives its journal files the same permissions


def _on_sqlite_connect(connection: DBAPIConnection, _record: Any) -> None:
    connection.isolation_level = None  # the driver begins no transactions by itself: `_on_sqlite_begin` does
    cursor = connection.cursor()
    for setting in _SQLITE_SETTINGS.strip().splitlines():
        cursor.execute(setting)
    cursor.close()


def _on_sqlite_begin(connection: sa.Connection) -> None:
    reading = connection.get_execution_options().get("postgresql_readonly", False)
    by_driver(connection, f"PRAGMA query_only = {int(reading)}")
    by_driver(connection, "BEGIN" if reading else "BEGIN IMMEDIATE")
