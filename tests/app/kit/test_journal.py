"""The journal: one chain per community, whoever writes, and no way to rewrite it unseen."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
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
    Happening,
    NotForTheJournal,
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
        ("DELETE FROM chain", 6),
        ("UPDATE event SET seq = 9 WHERE seq = 4", 4),
        ("UPDATE chain SET seq = 4", 6),
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


@on_both_databases
def test_an_event_put_in_with_a_right_hash_of_its_own_is_noticed(engine: sa.Engine) -> None:
    with write_session(engine) as session:
        happen(session)
        last = happen(session)
        forged = Event.model_validate(last.model_dump() | {"seq": 3, "id": UUID(int=99), "prev_hash": last.hash})
        forged.hash = forged.digest()
        session.add(forged)
    assert first_broken(engine) == 4  # the chain's end is elsewhere
    with engine.begin() as connection:
        connection.execute(sa.update(Chain).values(seq=3))
    assert first_broken(engine) == 4


def test_an_empty_journal_holds(engine: sa.Engine) -> None:
    assert first_broken(engine) is None


@given(st.text().filter(lambda text: not text.isascii() or " " in text or "@" in text))
def test_nothing_that_may_name_a_person_goes_in(text: str) -> None:
    harmless = Happening(id=IDS.row(), type="x", subject="x")
    for actor, happening in (
        (text, harmless),
        ("admin", replace(harmless, subject=text)),
        ("admin", replace(harmless, data={"x": text})),
        ("admin", replace(harmless, data={"x": [text]})),
    ):
        with pytest.raises(NotForTheJournal):
            record(Session(), [harmless, happening], community=GUILD, actor=actor, now=THEN)
