"""Statements that run with almost every request: compiled once, from then on handed to the driver as they are.

On every execution SQLAlchemy spends several times what SQLite does, and its unit of work several times that (decision
record 15). What is prepared here is still said in its words, with its types and its exceptions; only its events and
its log hear nothing of it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import manager_of_class
from sqlmodel import Session

from app.kit.database import Row, by_driver

R = TypeVar("R", bound=Row)
_Processor = Callable[[Any], Any] | None


class Prepared:
    """One statement. Its `bindparam`s get their values anew each time; it may be used by all threads and engines."""

    def __init__(self, statement: Any, *, columns: Sequence[str] | None = None) -> None:
        """`columns`: of an insertion, those that get values."""
        self._statement, self._columns = statement, columns
        self._by_dialect: dict[str, _Compiled] = {}

    def rows(self, session: Session, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """What it gives, now, in the session's transaction; what the session has to write is written before."""
        session.flush()
        connection = _connection(session)
        compiled = self._compiled(connection.dialect)
        found = by_driver(connection, compiled.sql, compiled.parameters(values), rows=bool(compiled.results))
        return [compiled.result(row) for row in found]

    def first(self, session: Session, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """The first row, if there is one."""
        found = self.rows(session, values)
        return found[0] if found else None

    def many(self, session: Session, values: Iterable[Mapping[str, Any]]) -> None:
        """Runs it once for each of these, in their order; for what gives no rows. To PostgreSQL they go as one."""
        session.flush()
        connection = _connection(session)
        compiled = self._compiled(connection.dialect)
        if given := [compiled.parameters(each) for each in values]:
            by_driver(connection, compiled.sql, given, many=True)

    def _compiled(self, dialect: Dialect) -> "_Compiled":
        if dialect.name not in self._by_dialect:
            self._by_dialect[dialect.name] = _Compiled.of(self._statement, dialect, self._columns)
        return self._by_dialect[dialect.name]


class PreparedRows(Generic[R]):
    """A SELECT of rows of one table. They are in the session, as any that it reads.

    Columns that are left out are read when they are asked for.
    """

    def __init__(self, table: type[R], statement: Any) -> None:
        self._table, self._prepared, self._mapper = table, Prepared(statement), sa.inspect(table)
        self._names = [self._mapper.get_property_by_column(column).key for column in statement.selected_columns]
        self._primary = [self._mapper.get_property_by_column(column).key for column in self._mapper.primary_key]

    def all(self, session: Session, values: Mapping[str, Any]) -> list[R]:
        found = self._prepared.rows(session, values)
        return [self._in_session(session, dict(zip(self._names, row, strict=True))) for row in found]

    def first(self, session: Session, values: Mapping[str, Any]) -> R | None:
        """The first row, if there is one."""
        found = self.all(session, values)
        return found[0] if found else None

    def _in_session(self, session: Session, values: dict[str, Any]) -> R:
        """The row with these values; one that the session knows already stays as it is there."""
        identity = self._mapper.identity_key_from_primary_key([values[name] for name in self._primary])
        known: R | None = session.identity_map.get(identity)
        if known is not None:
            return known
        row: R = manager_of_class(self._table).new_instance()
        row.__dict__.update(values)
        make_transient_to_detached(row)
        session.add(row)
        return row


AT_ONCE = 16
"""Values that a prepared statement takes for one list: it has as many places whatever it is given."""
T = TypeVar("T")


def places(name: str, kind: Any) -> list[sa.BindParameter[Any]]:
    """For `column.in_(places(…))`: a list that is filled `by_places`."""
    return [sa.bindparam(f"{name}_{n}", type_=kind) for n in range(AT_ONCE)]


def by_places(name: str, values: Iterable[T]) -> Iterator[dict[str, T]]:
    """What fills such a list, so many values at a time; of fewer the first stands in the other places too."""
    rest = iter(values)
    while some := list(islice(rest, AT_ONCE)):
        some += some[:1] * (AT_ONCE - len(some))
        yield {f"{name}_{n}": value for n, value in enumerate(some)}


def insert_if_absent(session: Session, row: Row) -> bool:
    """Inserts a row unless one with the same unique key is there; whether it did. From then on `row` is as if read.

    Where another transaction is just inserting the same key, waits until it is decided. No savepoint is needed to
    survive a conflict. A rollback has the session forget the row, as it does with all that it wrote itself.
    """
    if _insertion(type(row)).first(session, row.__dict__) is None:
        return False
    make_transient_to_detached(row)
    session.add(row)
    written = session.get_nested_transaction() or session.get_transaction()
    assert written is not None  # noqa: S101  it has just been written in
    written._new[sa.inspect(row)] = True  # noqa: SLF001  as a flush does; nothing else tells the session
    return True


def insert(session: Session, table: type[Row], *rows: dict[str, Any]) -> None:
    """Inserts rows now, each given by all its values. Raises `IntegrityError` where a key is taken.

    For what is written once and by the thousand; no row is kept in the session.
    """
    _plain_insertion(table).many(session, rows)


def insert_absent(session: Session, table: type[Row], *rows: dict[str, Any]) -> None:
    """As `insert`, but leaves out each whose unique key is taken; who wants to know which has to read them.

    Where another transaction is just inserting the same key, waits until it is decided: give them in one order.
    """
    _absent_insertion(table).many(session, rows)


@dataclass(frozen=True)
class _Compiled:
    """A statement in the words of one database, with how values go in and come out."""

    sql: str
    names: tuple[str, ...]
    """Of the places in it, in order."""
    places: tuple[tuple[str, _Processor], ...]
    """For each of them the key of its value, and what makes of that what the driver takes."""
    constant: dict[str, Any]
    positional: bool
    results: tuple[_Processor, ...]

    @classmethod
    def of(cls, statement: Any, dialect: Dialect, columns: Sequence[str] | None) -> "_Compiled":
        compiled = statement.compile(dialect=dialect, column_keys=columns)
        names = tuple(compiled.positiontup if compiled.positional else compiled.binds)
        binds = [compiled.binds[name] for name in names]
        results = [column.type.dialect_impl(dialect) for column in statement.exported_columns]
        return cls(
            sql=str(compiled),
            names=names,
            places=tuple((bind.key, bind.type.dialect_impl(dialect).bind_processor(dialect)) for bind in binds),
            constant={bind.key: bind.effective_value for bind in binds if not bind.required},
            positional=compiled.positional,
            results=tuple(_remembering(kind, kind.result_processor(dialect, None)) for kind in results),
        )

    def parameters(self, values: Mapping[str, Any]) -> Any:
        """The values as the driver takes them."""
        known = {**values, **self.constant} if self.constant else values
        given = [p(known[key]) if p else known[key] for key, p in self.places]
        return given if self.positional else dict(zip(self.names, given, strict=True))

    def result(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        """A row of the driver's as the types of the columns say it."""
        return tuple([p(value) if p else value for p, value in zip(self.results, row, strict=True)])


def _remembering(kind: Any, read: _Processor) -> _Processor:
    """Has ids that come again and again be read once: SQLite keeps them as text, and a `UUID` takes its time."""
    return lru_cache(maxsize=32_768)(read) if read is not None and isinstance(kind, sa.Uuid) else read


def _connection(session: Session) -> sa.Connection:
    """The connection of the session's transaction. The session looks at all it knows each time it is asked.

    Inside of a savepoint it is always asked: only then does it set the savepoint.
    """
    known: sa.Connection | None = session.info.get(_connection)
    if known is None or not known.in_transaction() or session.in_nested_transaction():
        known = session.info[_connection] = session.connection()
    return known


@cache
def _insertion(table: type[Row]) -> Prepared:
    made = postgresql.insert(table).on_conflict_do_nothing()  # SQLite says it in the same words
    return Prepared(made.returning(sa.literal(True)), columns=_columns(table))


@cache
def _absent_insertion(table: type[Row]) -> Prepared:
    return Prepared(postgresql.insert(table).on_conflict_do_nothing(), columns=_columns(table))


@cache
def _plain_insertion(table: type[Row]) -> Prepared:
    return Prepared(sa.insert(table), columns=_columns(table))


def _columns(table: type[Row]) -> list[str]:
    return list(sa.inspect(table).columns.keys())
