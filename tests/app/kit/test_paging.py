"""Lists in pages."""

import base64
from datetime import timedelta
from itertools import chain
from uuid import UUID

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st
from sqlmodel import col, select

from app.kit.access import public
from app.kit.database import write_session
from app.kit.deps import ReadSessionDep
from app.kit.errors import BadCursor
from app.kit.journal import Event
from app.kit.paging import Listing, PageDep, Window, page, page_of
from app.kit.schemas import Out
from app.kit.strict import router
from tests.app.kit.conftest import Serve
from tests.service import on_both_databases
from tests.stand_ins import THEN

N = 23


class EventOut(Out):
    seq: int


@pytest.fixture
def events(serve: Serve, engine: sa.Engine) -> TestClient:
    r = router(prefix="/events", dependencies=[public])

    @r.get("")
    def by_id(page_: PageDep, session: ReadSessionDep) -> Listing[EventOut]:
        found = page(session, select(Event), page_.window, by=[col(Event.id)])
        return page_.show(found, EventOut.model_validate)

    @r.get("/newest")
    def newest(page_: PageDep, session: ReadSessionDep) -> Listing[EventOut]:
        by = [col(Event.occurred_at), col(Event.seq), col(Event.actor)]
        found = page(session, select(Event), page_.window, by=by, newest_first=True)
        return page_.show(found, EventOut.model_validate)

    with write_session(engine) as session:
        for seq in range(1, N + 1):
            session.add(
                Event(
                    community=UUID(int=1), seq=seq, id=UUID(int=seq), type="x", actor=f"a{seq}", subject="s", data={},
                    occurred_at=THEN + timedelta(minutes=seq // 3), prev_hash="", hash="",
                )
            )  # fmt: skip
    return serve(r)


def walk(client: TestClient, path: str) -> list[list[int]]:
    """The pages, following `Link` headers."""
    pages = []
    while path:
        answer = client.get(path)
        assert answer.status_code == 200
        pages.append([item["seq"] for item in answer.json()["items"]])
        path = answer.links["next"]["url"] if "next" in answer.links else ""
        assert bool(path) == (answer.json()["next"] is not None)
    return pages


@on_both_databases
def test_pages_follow_one_another_without_gap_or_repetition(events: TestClient) -> None:
    pages = walk(events, "/events?limit=10")
    assert [len(page) for page in pages] == [10, 10, 3]
    assert list(chain(*pages)) == list(range(1, N + 1))


@on_both_databases
def test_pages_hold_where_many_rows_sort_alike(events: TestClient) -> None:
    pages = walk(events, "/events/newest?limit=4")
    assert list(chain(*pages)) == list(range(N, 0, -1))


def test_a_full_last_page_is_the_last(events: TestClient) -> None:
    assert [len(page) for page in walk(events, f"/events?limit={N}")] == [N]


def test_a_limit_is_clamped_rather_than_refused(events: TestClient) -> None:
    for limit, given_ in ((0, 1), (-5, 1), (10**30, N), (200, N)):
        assert len(events.get(f"/events?limit={limit}").json()["items"]) == given_
    assert len(events.get("/events").json()["items"]) == N
    assert events.get("/events?limit=many").status_code == 422


def test_a_next_link_keeps_the_other_parameters(events: TestClient) -> None:
    link = events.get("/events?limit=2&x=1").links["next"]["url"]
    assert link.startswith("/events?")
    assert "x=1" in link


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.parametrize("path", ["/events", "/events/newest"])
def test_a_cursor_of_another_list_is_refused(events: TestClient, path: str) -> None:
    other = {"/events": "/events/newest", "/events/newest": "/events"}[path]
    cursor = events.get(f"{other}?limit=1").json()["next"]
    answer = events.get(path, params={"cursor": cursor})
    assert answer.status_code == 400
    assert answer.json()["type"] == "/problems/bad-cursor"


ODD = [
    b'["2026-11-21T09:00:00","1","a"]',
    b'["2026-11-21T09:00:00Z","99999999999999999999","a"]',
    b'["2026-11-21T09:00:00Z","1","\\u0000"]',
    b'["00000000-0000-0000-0000-00000000000g"]',
    b"[[]]",
    b"{}",
    b"null",
]


def _encoded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@given(
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=30)
    | st.binary(max_size=40).map(_encoded)
    | st.sampled_from(ODD).map(_encoded)
)
@trying(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_cursor_whatever_is_a_failure_of_ours(events: TestClient, cursor: str) -> None:
    for path in ("/events", "/events/newest"):
        assert events.get(path, params={"cursor": cursor}).status_code in {200, 400}


@given(st.sets(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), max_size=5)), st.integers(1, 5))
def test_rows_in_memory_come_in_pages_too_each_once(rows: set[str], limit: int) -> None:
    seen, after = list[str](), None
    while True:
        found = page_of(list(rows), Window(limit, after), by=str)
        assert len(found.items) <= limit
        seen += found.items
        after = found.next
        if after is None:
            break
    assert seen == sorted(rows)


def test_a_cursor_that_names_nothing_in_memory_is_none() -> None:
    first = page_of(["a", "b"], Window(1), by=str)
    with pytest.raises(BadCursor):
        page_of(["b", "c"], Window(1, first.next), by=str)
