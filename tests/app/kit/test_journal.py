"""The journal: one chain per community, whoever writes, and no way to rewrite it unseen."""

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import rfc8785
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from app.kit.database import read_session, write_session
from app.kit.journal import (
    GENESIS,
    Chain,
    Datum,
    Event,
    Examined,
    Happening,
    NotForTheJournal,
    examine,
    record,
    verify_chain,
)
from tests.service import on_both_databases
from tests.stand_ins import THEN, CountingIds

GUILD, CIRCLE = UUID(int=1), UUID(int=2)
IDS = CountingIds()


def happen(session: Session, community: UUID = GUILD, what: str = "credential.issued") -> Event:
    happen_all(session, [what], community)
    return session.exec(select(Event).where(Event.community == community).order_by(col(Event.seq).desc())).first()  # type: ignore[return-value]


def happen_all(session: Session, what: list[str], community: UUID = GUILD) -> None:
    data: dict[str, Datum] = {"status_index": 7, "digests": ["ab", "cd"], "given": True, "reason": None}
    happenings = [Happening(id=IDS.row(), type=type, subject=str(UUID(int=9)), data=data) for type in what]
    record(session, happenings, community=community, actor="admin", now=THEN + timedelta(microseconds=1))


def first_broken(engine: sa.Engine, community: UUID = GUILD) -> int | None:
    with read_session(engine) as session:
        return verify_chain(session, community)


@on_both_databases
def test_events_are_numbered_and_chained_per_community(engine: sa.Engine) -> None:
    for community in (GUILD, CIRCLE, GUILD):
        with write_session(engine) as session:
            happen(session, community)
            happen_all(session, ["x.first", "x.second"], community)
    with read_session(engine) as session:
        guild = session.exec(select(Event).where(Event.community == GUILD).order_by(Event.seq)).all()  # type: ignore[arg-type]
        assert [event.seq for event in guild] == [1, 2, 3, 4, 5, 6]
        assert [event.type for event in guild] == ["credential.issued", "x.first", "x.second"] * 2
        assert [event.prev_hash for event in guild] == [GENESIS, *(event.hash for event in guild[:-1])]
        assert verify_chain(session, GUILD) is verify_chain(session, CIRCLE) is None


@on_both_databases
def test_sixteen_writers_at_once_leave_no_gap_and_no_fork(engine: sa.Engine) -> None:
    def write(n: int) -> None:
        for _ in range(10):
            with write_session(engine) as session:
                happen(session, (GUILD, CIRCLE)[n % 2])

    with ThreadPoolExecutor(16) as threads:
        list(threads.map(write, range(16)))
    with read_session(engine) as session:
        for community in (GUILD, CIRCLE):
            seqs = session.exec(select(Event.seq).where(Event.community == community)).all()
            assert sorted(seqs) == list(range(1, 81))
            assert verify_chain(session, community) is None


@on_both_databases
def test_what_is_taken_back_leaves_no_event(engine: sa.Engine) -> None:
    def half() -> None:
        with write_session(engine) as session:
            happen(session)
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    with write_session(engine) as session:
        assert happen(session).seq == 1
    assert first_broken(engine) is None


@on_both_databases
@pytest.mark.parametrize("act", ["UPDATE event SET actor = 'somebody'", "DELETE FROM event"])
def test_the_database_refuses_to_rewrite_the_journal(engine: sa.Engine, act: str) -> None:
    with write_session(engine) as session:
        happen(session)
    with engine.connect() as connection, pytest.raises(sa.exc.DBAPIError, match="append-only"):
        connection.execute(sa.text(act))


def unseal(connection: sa.Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("DROP TRIGGER event_no_update")
        connection.exec_driver_sql("DROP TRIGGER event_no_delete")
    else:
        connection.exec_driver_sql("DROP TRIGGER event_append_only ON event")


@on_both_databases
@pytest.mark.parametrize(
    ("act", "broken"),
    [
        ("UPDATE event SET actor = 'somebody' WHERE seq = 3", 3),
        ("UPDATE event SET data = '{\"status_index\": 8}' WHERE seq = 3", 3),
        ("UPDATE event SET occurred_at = '2020-01-01 00:00:00' WHERE seq = 1", 1),
        ("UPDATE event SET hash = prev_hash WHERE seq = 5", 5),
        ("DELETE FROM event WHERE seq = 2", 2),
        ("DELETE FROM event WHERE seq = 5", 5),
        ("DELETE FROM event", 1),
        ("DELETE FROM chain", 1),
        ("UPDATE event SET seq = 9 WHERE seq = 4", 4),
        ("UPDATE event SET seq = -2 WHERE seq = 4", -2),
        ("UPDATE event SET seq = CASE seq WHEN 2 THEN -3 ELSE -2 END WHERE seq IN (2, 3)", -3),
        ("UPDATE event SET data = '{\"status_index\": 7.0}' WHERE seq = 4", 4),
        ("UPDATE event SET data = '[1e300]' WHERE seq = 4", 4),
        ("UPDATE event SET data = 'null' WHERE seq = 4", 4),
        ("UPDATE chain SET seq = 4", 4),
    ],
)
def test_a_rewritten_journal_is_noticed_where_it_was_rewritten(engine: sa.Engine, act: str, broken: int) -> None:
    for _ in range(5):
        with write_session(engine) as session:
            happen(session)
    with engine.begin() as connection:
        unseal(connection)
        connection.exec_driver_sql(act)
    assert first_broken(engine) == broken


@pytest.mark.parametrize(
    "act",
    [
        "UPDATE event SET data = 'no JSON' WHERE seq = 4",
        "UPDATE event SET occurred_at = 'soon' WHERE seq = 4",
        "UPDATE event SET type = x'ff' WHERE seq = 4",
        "UPDATE event SET hash = CAST(x'ff' AS TEXT) WHERE seq = 4",
        "UPDATE event SET seq = 'four' WHERE seq = 4",
    ],
)
def test_an_event_that_nobody_can_read_is_named(engine: sa.Engine, act: str) -> None:
    with write_session(engine) as session:
        happen_all(session, ["x.first"] * 5)
    with engine.begin() as connection:
        unseal(connection)
        connection.exec_driver_sql(act)
    assert first_broken(engine) == 4


@on_both_databases
def test_two_events_that_changed_places_are_noticed(engine: sa.Engine) -> None:
    with write_session(engine) as session:
        happen_all(session, ["x.first", "x.second", "x.third", "x.fourth"])
    with engine.begin() as connection:
        unseal(connection)
        for seq, to in ((2, 99), (3, 2), (99, 3)):
            connection.execute(sa.update(Event).where(col(Event.seq) == seq).values(seq=to))
    assert first_broken(engine) == 2


@on_both_databases
def test_a_look_at_a_chain_tells_its_end_and_how_far_it_holds(engine: sa.Engine) -> None:
    with write_session(engine) as session:
        _, last = happen(session), happen(session)
        happen(session, CIRCLE)
    with read_session(engine) as session:
        assert examine(session, GUILD) == Examined(None, 2, 2, last.hash)
        assert examine(session, UUID(int=3)) == Examined(None, 0, 0, GENESIS)
    with engine.begin() as connection:
        unseal(connection)
        connection.exec_driver_sql("UPDATE event SET actor = 'somebody' WHERE seq = 2")
    with read_session(engine) as session:
        assert examine(session, GUILD) == Examined(2, 1, 2, last.hash)


@on_both_databases
def test_what_is_appended_during_a_look_is_not_taken_for_put_in(engine: sa.Engine) -> None:
    ended = threading.Event()

    def write() -> None:
        while not ended.is_set():
            with write_session(engine) as session:
                happen_all(session, ["x.first"] * 3)

    with ThreadPoolExecutor(1) as thread:
        writing = thread.submit(write)
        try:
            assert {first_broken(engine) for _ in range(40)} == {None}
        finally:
            ended.set()
        writing.result()


WRITTEN = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters="@"), max_size=20)


@given(st.dictionaries(WRITTEN, st.none() | st.booleans() | st.integers(1 - 2**53, 2**53 - 1) | WRITTEN
                       | st.lists(WRITTEN, max_size=3), max_size=6))  # fmt: skip
def test_anybody_can_work_out_the_hash_of_an_event_by_the_standard(data: dict[str, Datum]) -> None:
    event: dict[str, Any] = {"seq": 1, "type": "x", "actor": "x", "subject": "x", "data": data, "prev_hash": GENESIS}
    known = Event(**event, community=GUILD, id=UUID(int=3), occurred_at=THEN)
    written = event | {
        "community": str(GUILD),
        "id": str(UUID(int=3)),
        "occurred_at": "2026-11-21T09:00:00.000000+00:00",
    }
    assert known.digest() == hashlib.sha256(rfc8785.dumps(written)).hexdigest()


@on_both_databases
def test_an_event_put_in_with_a_right_hash_of_its_own_is_noticed(engine: sa.Engine) -> None:
    with write_session(engine) as session:
        happen(session)
        last = happen(session)
        forged = Event.model_validate(last.model_dump() | {"seq": 3, "id": UUID(int=99), "prev_hash": last.hash})
        forged.hash = forged.digest()
        session.add(forged)
    assert first_broken(engine) == 3  # the chain ends before it
    with engine.begin() as connection:
        connection.execute(sa.update(Chain).values(seq=3))
    assert first_broken(engine) == 3  # the chain ends with another


def test_an_empty_journal_holds(engine: sa.Engine) -> None:
    assert first_broken(engine) is None


@given(st.text().filter(lambda text: not text.isascii() or " " in text or "@" in text))
def test_nothing_that_may_name_a_person_goes_in(text: str) -> None:
    harmless = Happening(id=IDS.row(), type="x", subject="x")
    for actor, happening in (
        (text, harmless),
        ("admin", replace(harmless, data={text: 1})),
        ("admin", replace(harmless, subject=text)),
        ("admin", replace(harmless, data={"x": text})),
        ("admin", replace(harmless, data={"x": [text]})),
    ):
        with pytest.raises(NotForTheJournal):
            record(Session(), [harmless, happening], community=GUILD, actor=actor, now=THEN)


@pytest.mark.parametrize("value", [1.5, {"a": 1}, [1], b"x"])
def test_nothing_goes_in_that_is_no_id_digest_code_or_count(value: Any) -> None:
    happening = Happening(id=IDS.row(), type="x", subject="x", data={"x": value})
    with pytest.raises(NotForTheJournal):
        record(Session(), [happening], community=GUILD, actor="admin", now=THEN)
