"""Portfolios of thousands of badges: written piece by piece, in memory that does not grow with them."""

import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import pytest

from app.kit.database import read_session
from app.members.tables import Member
from app.portfolio.formats import FORMATS
from app.portfolio.shelf import AT_ONCE, Shelf, shelf_of
from tests.app.guild import Guild, done, refused
from tests.app.issuers.conftest import runtime_of
from tests.stand_ins import THEN

LONGEST_PIECE = 3 * 1_048_576
"""Bytes: a picture, and what is gathered before it leaves."""

MOST_MORE = 4 * 1_048_576
"""Bytes: what an archive knows of each of its files, and garbage that waits to be collected."""


@pytest.fixture(scope="module")
def shelf(standing: Guild) -> Shelf:
    """As many badges as are read at a time, of a few achievements."""
    member = standing.member("ana")["id"]
    standing.tokens["ana"] = standing.token("ana")
    policy = {"stackable": True, "period": "year"}
    kinds = [standing.achievement(name=f"Kind {number}", policy=policy) for number in range(3)]
    for number in range(AT_ONCE):
        standing.badge(kinds[number % 3], recipient={"member": "ana"}, visibility="public")
    runtime = runtime_of(standing)
    with read_session(runtime.engine) as session:
        owner = session.get_one(Member, UUID(member))
        return shelf_of(session, owner, None, everything=False, runtime=runtime, now=THEN)


def peak(shelf: Shelf, format: str, badges: int) -> tuple[int, int]:
    """Bytes of memory that writing so many badges takes at most, and of what was written."""

    def pieces() -> Iterator[bytes]:
        yield from FORMATS[format].write(replace(shelf, ids=shelf.ids * (badges // AT_ONCE)))

    tracemalloc.start()
    try:
        sizes = [len(piece) for piece in pieces()]
        assert max(sizes) < LONGEST_PIECE
        return tracemalloc.get_traced_memory()[1], sum(sizes)
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(("format", "few", "many"), [("json", 100, 2_000), ("html", 100, 2_000), ("zip", 40, 200)])
def test_many_badges_take_hardly_more_memory_than_few(shelf: Shelf, format: str, few: int, many: int) -> None:
    peak(shelf, format, AT_ONCE)  # what is loaded once
    little, written = peak(shelf, format, few)
    much, all_written = peak(shelf, format, many)
    assert all_written > 4 * written
    assert much - little < MOST_MORE, (little, much)


def test_five_thousand_are_put_in_order_in_one_call_and_no_more(standing: Guild, shelf: Shelf) -> None:
    path, token = f"/v1/members/{shelf.owner.id}/portfolio/choice", standing.tokens["ana"]
    own = [str(id) for id in shelf.ids]
    done(standing.call("PUT", path, {"items": own}, token=token), 200)
    strangers = [str(UUID(int=number)) for number in range(5_000 - len(own))]
    problem = refused(standing.call("PUT", path, {"items": [*own, *strangers]}, token=token), 422, "invalid")
    assert problem["errors"][0]["pointer"] == f"/items/{len(own)}"
    more = refused(standing.call("PUT", path, {"items": [*own, *strangers, own[0]]}, token=token), 422, "invalid")
    assert more["errors"][0]["pointer"] == "/items"
