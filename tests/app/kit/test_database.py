"""Transactions that commit whole or not at all, before the answer, however many want one."""

import stat
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import select

from app.kit.access import public
from app.kit.database import (
    AlreadyServed,
    connect,
    constraint_of,
    read_session,
    sole_server,
    write_session,
)
from app.kit.deps import ReadSessionDep, SessionDep
from app.kit.errors import Conflict
from app.kit.journal import Chain, Event
from app.kit.strict import router
from tests.app.kit.conftest import Serve
from tests.service import on_both_databases
from tests.stand_ins import THEN

ONE, TWO = UUID(int=1), UUID(int=2)


def chain(community: UUID = ONE, seq: int = 0) -> Chain:
    return Chain(community=community, seq=seq, hash="")


def event(seq: int, at: datetime = THEN) -> Event:
    return Event(
        community=ONE,
        seq=seq,
        id=UUID(int=seq),
        type="x",
        occurred_at=at,
        actor="a",
        subject="s",
        data={},
        prev_hash="",
        hash="",
    )


@on_both_databases
def test_a_block_that_raises_changes_nothing(engine: sa.Engine) -> None:
    def half() -> None:
        with write_session(engine) as session:
            session.add(chain())
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    with read_session(engine) as session:
        assert session.exec(select(Chain)).all() == []


@on_both_databases
def test_a_reader_cannot_write(engine: sa.Engine) -> None:
    with read_session(engine) as session, pytest.raises(sa.exc.DBAPIError, match=r"(?i)read-?only"):
        session.connection().execute(sa.insert(Chain).values(community=ONE, seq=0, hash=""))
    with write_session(engine) as session:  # and the connection it used can, when it is a writer's turn
        session.add(chain())


@on_both_databases
def test_instants_come_back_in_utc_and_aware(engine: sa.Engine) -> None:
    east = datetime(2026, 11, 21, 10, 30, 0, 123456, tzinfo=timezone(timedelta(hours=1)))
    with write_session(engine) as session:
        session.add(event(1, east))
    with read_session(engine) as session:
        [stored] = session.exec(select(Event.occurred_at)).all()
    assert stored == east
    assert stored.tzinfo is UTC


@on_both_databases
def test_a_broken_constraint_says_which(engine: sa.Engine) -> None:
    _add_chain(engine, ONE)
    with pytest.raises(sa.exc.IntegrityError) as caught:
        _add_chain(engine, ONE)
    assert constraint_of(caught.value) in {"pk_chain", "chain.community"}


def test_an_sqlite_file_is_for_its_owner_alone_and_keeps_what_it_acknowledged(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path}/deep/laurels.db")
    with write_session(engine) as session:
        session.connection().exec_driver_sql("CREATE TABLE t (a)")
        values = {
            name: session.connection().exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "trusted_schema")
        }
        files = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "deep").iterdir()}
    engine.dispose()
    assert values == {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000, "trusted_schema": 0
    }  # fmt: skip
    assert set(files.values()) == {0o600}
    assert stat.S_IMODE((tmp_path / "deep").stat().st_mode) == 0o700


def test_a_second_process_may_not_serve_the_same_file(engine: sa.Engine) -> None:
    with sole_server(engine), pytest.raises(AlreadyServed, match="served by another process"), sole_server(engine):
        pass
    with sole_server(engine):  # and when the first has gone, the next may
        pass


def test_a_writer_takes_its_lock_when_it_begins(engine: sa.Engine) -> None:
    """With a deferred BEGIN both would read, and the second to write would fail at once, whatever the timeout."""
    with write_session(engine) as first:
        first.exec(select(Chain)).all()
        other = threading.Thread(target=_add_chain, args=(engine, TWO))
        other.start()
        time.sleep(0.05)
        first.add(chain(ONE))
    other.join()
    with read_session(engine) as session:
        assert len(session.exec(select(Chain)).all()) == 2


def _add_chain(engine: sa.Engine, community: UUID) -> None:
    with write_session(engine) as session:
        session.exec(select(Chain)).all()
        session.add(chain(community))


@on_both_databases
def test_two_hundred_slow_writers_at_once_all_come_to_an_end(serve: Serve, engine: sa.Engine) -> None:
    """They outnumber threads and connections; each holds a transaction over more than one step."""
    r = router()

    @r.post("/slow", dependencies=[public])
    def slow(session: SessionDep) -> int:
        row = session.exec(select(Chain).with_for_update()).one()
        time.sleep(0.005)
        row.seq += 1
        return row.seq

    with write_session(engine) as session:
        session.add(chain())
    client = serve(r)
    with ThreadPoolExecutor(200) as threads:
        answers = list(threads.map(lambda _: client.post("/slow").status_code, range(200)))
    assert set(answers) == {200}
    with read_session(engine) as session:
        assert session.exec(select(Chain.seq)).one() == 200


def test_readers_do_not_wait_for_a_writer(serve: Serve) -> None:
    started, may_end = threading.Event(), threading.Event()
    r = router()

    @r.post("/write", dependencies=[public])
    def write(session: SessionDep) -> int:
        session.add(chain())
        session.flush()
        started.set()
        assert may_end.wait(10)
        return 1

    @r.get("/read", dependencies=[public])
    def read(session: ReadSessionDep) -> int:
        return len(session.exec(select(Chain)).all())

    client = serve(r)
    with ThreadPoolExecutor(1) as threads:
        writing = threads.submit(client.post, "/write")
        assert started.wait(10)
        assert client.get("/read").json() == 0
        may_end.set()
        assert writing.result().status_code == 200
    assert client.get("/read").json() == 1


@on_both_databases
def test_the_commit_comes_before_the_answer(serve: Serve, engine: sa.Engine) -> None:
    r = router()

    @r.post("/chains", dependencies=[public], status_code=201)
    def late(session: SessionDep) -> int:
        session.add(chain())  # written at the commit only, where it turns out to be there already
        return 1

    @r.post("/refused", dependencies=[public], status_code=201)
    def refused(session: SessionDep) -> int:
        session.add(chain(TWO))
        session.flush()
        raise Conflict("Not now.")

    client = serve(r)
    assert client.post("/chains").status_code == 201
    second = client.post("/chains")
    assert second.status_code == 409
    assert second.json()["type"] == "/problems/conflict"
    assert client.post("/refused").status_code == 409
    with read_session(engine) as session:
        assert session.exec(select(Chain.community)).all() == [ONE]


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_who_waits_too_long_for_a_row_is_told_to_come_again(serve: Serve, engine: sa.Engine) -> None:
    r = router()

    @r.post("/lock", dependencies=[public])
    def lock(session: SessionDep) -> int:
        return session.exec(select(Chain).with_for_update()).one().seq

    with write_session(engine) as session:
        session.add(chain())
    client = serve(r)
    with write_session(engine) as session:
        session.exec(select(Chain).with_for_update()).one()
        answer = client.post("/lock")
    assert answer.status_code == 503
    assert answer.json()["type"] == "/problems/busy"
    assert answer.headers["retry-after"] == "2"
    assert client.post("/lock").status_code == 200


def test_a_database_that_cannot_be_written_is_told_from_a_mistake_of_ours(serve: Serve, engine: sa.Engine) -> None:
    r = router()

    @r.post("/full", dependencies=[public])
    def full(session: SessionDep) -> int:
        session.connection().exec_driver_sql("PRAGMA max_page_count = 1")
        for seq in range(200):
            session.add(event(seq))
        session.flush()
        return 1

    @r.post("/mistake", dependencies=[public])
    def mistake(session: SessionDep) -> int:
        session.connection().exec_driver_sql("SELECT * FROM nowhere")
        return 1

    client = serve(r)
    assert client.post("/full").status_code == 503
    answer = client.post("/mistake")
    assert answer.status_code == 500
    assert "nowhere" not in answer.text
