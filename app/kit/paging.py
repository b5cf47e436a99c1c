"""Lists in pages: `?limit=&cursor=` in, `{"items", "next"}` and a `Link` header out.

A page begins after the last row of the one before (keyset), so rows that come and go move nothing, and the last page
costs no more than the first.
"""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Generic, TypeVar, cast
from uuid import UUID

import orjson
import sqlalchemy as sa
from fastapi import Depends, Query, Request, Response
from pydantic import ConfigDict, Field
from sqlalchemy.orm import InstrumentedAttribute, Mapped
from sqlmodel import Session
from sqlmodel.sql.expression import SelectOfScalar

from app.kit.errors import BadCursor
from app.kit.schemas import Out

DEFAULT, MOST = 50, 200

R = TypeVar("R")
T = TypeVar("T")


@dataclass(frozen=True)
class Window:
    """Which part of a list is wanted; what a service takes."""

    limit: int = DEFAULT
    after: str | None = None


@dataclass(frozen=True)
class Slice(Generic[R]):
    """That part, and where the next one begins; what a service gives."""

    items: Sequence[R]
    next: str | None = None


class Listing(Out, Generic[T]):
    """A page of a list."""

    # For each kind of list pydantic would look for the docstrings through all modules there are: a quarter of a start.
    model_config = ConfigDict(use_attribute_docstrings=False)

    items: list[T]
    next: str | None = Field(None, description="The cursor of the next page; null on the last.")


def page(
    session: Session,
    rows: SelectOfScalar[R],
    window: Window,
    *,
    by: Sequence[Mapped[Any]],
    newest_first: bool = False,
) -> Slice[R]:
    """The rows of `rows` that fall into the window, in the order of the columns `by` (the last of them unique).

    Raises `BadCursor`.
    """
    columns = [cast(InstrumentedAttribute[Any], column) for column in by]  # what `col(Row.x)` is
    key, order = sa.tuple_(*columns), [column.desc() if newest_first else column.asc() for column in columns]
    if window.after is not None:
        last = sa.tuple_(*_read(window.after, [column.type for column in columns]))
        rows = rows.where(key < last if newest_first else key > last)
    found = session.exec(rows.order_by(*order).limit(window.limit + 1)).all()
    if len(found) <= window.limit:
        return Slice(found)
    items = found[: window.limit]
    return Slice(items, _written([getattr(items[-1], column.key) for column in columns]))


def page_of(rows: Sequence[R], window: Window, *, by: Callable[[R], str]) -> Slice[R]:
    """Likewise of rows that are in memory, of which none ever goes: in the order of what `by` says of each, its alone.

    Raises `BadCursor`.
    """
    rest = sorted(rows, key=by)
    if window.after is not None:
        [cursor] = _read(window.after, [sa.String()])
        last = str(cursor.value)
        if last not in map(by, rest):
            raise BadCursor("This cursor names nothing that is in the list.")
        rest = [row for row in rest if by(row) > last]
    found = rest[: window.limit]
    return Slice(found, _written([by(found[-1])]) if len(rest) > window.limit else None)


class Page:
    """The window that a request asks for, and the answer to it."""

    def __init__(
        self,
        request: Request,
        response: Response,
        limit: Annotated[int, Query(description=f"At most {MOST} are given.")] = DEFAULT,
        cursor: Annotated[str | None, Query(description="`next` of the page before.", max_length=500)] = None,
    ) -> None:
        self.window = Window(limit=max(1, min(limit, MOST)), after=cursor)
        self._request = request
        self._response = response

    def show(self, found: Slice[R], each: Callable[[R], T]) -> Listing[T]:
        """The answer, each row as `each` presents it; names the next page in a `Link` header (RFC 8288)."""
        if found.next is not None:
            url = self._request.url.include_query_params(cursor=found.next, limit=self.window.limit)
            self._response.headers["Link"] = f'<{url.path}?{url.query}>; rel="next"'
        return Listing(items=[each(row) for row in found.items], next=found.next)


PageDep = Annotated[Page, Depends()]


def _written(values: Sequence[Any]) -> str:
    return base64.urlsafe_b64encode(orjson.dumps([str(value) for value in values])).decode().rstrip("=")


def _moment(text: str) -> datetime:
    when = datetime.fromisoformat(text)
    if when.tzinfo is None:
        raise ValueError
    return when


def _number(text: str) -> int:
    number = int(text)
    if not -(2**63) <= number < 2**63:
        raise ValueError
    return number


def _word(text: str) -> str:
    if "\0" in text:
        raise ValueError
    return text


_READERS: dict[type, Callable[[str], Any]] = {
    UUID: UUID,
    datetime: _moment,
    date: date.fromisoformat,
    int: _number,
    str: _word,
}


def _read(cursor: str, kinds: Sequence[sa.types.TypeEngine[Any]]) -> list[sa.BindParameter[Any]]:
    try:
        values = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return [sa.literal(_reader(kind)(value), kind) for value, kind in zip(values, kinds, strict=True)]
    except (ValueError, TypeError, AttributeError):  # the JSON and base64 errors are ValueErrors
        raise BadCursor("This cursor cannot be read.") from None


def _reader(kind: sa.types.TypeEngine[Any]) -> Callable[[str], Any]:
    return _READERS[(kind.impl_instance if isinstance(kind, sa.types.TypeDecorator) else kind).python_type]
