"""Statements that go past SQLAlchemy say and give what SQLAlchemy would, on both databases."""

from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import select

from app.kit.database import constraint_of, open_for_writing, read_session, write_session
from app.kit.journal import Chain
from app.kit.prepared import AT_ONCE, Prepared, PreparedRows, by_places, insert, insert_absent, insert_if_absent, places
from app.members.rules import Role
from app.members.tables import Community, Member, Token
from tests.service import on_both_databases
from tests.stand_ins import THEN

ONE, TWO = UUID(int=1), UUID(int=2)
SAID: dict[str, Any] = {
    "name": "x",
    "description": "x",
    "url": "https://x.example",
    "email": "x@x.example",
    "created_at": THEN,
}
CHAINS = PreparedRows(Chain, select(Chain).where(Chain.community == sa.bindparam("of")))


def chain(community: UUID = ONE, seq: int = 0) -> Chain:
    return Chain(community=community, seq=seq, hash="")


@on_both_databases
def test_of_two_equal_keys_one_is_inserted(engine: sa.Engine) -> None:
    with write_session(engine) as session:
        first = chain(seq=1)
        assert insert_if_absent(session, first) is True
        assert insert_if_absent(session, chain(seq=2)) is False
        assert session.exec(select(Chain.seq)).all() == [1]
        assert session.get_one(Chain, ONE) is first
        first.seq = 3
    with read_session(engine) as session:
        assert session.exec(select(Chain.seq)).all() == [3]


@on_both_databases
def test_of_many_rows_those_whose_key_is_taken_are_left_out(engine: sa.Engine) -> None:
    rows = [chain(UUID(int=n), seq=n).model_dump() for n in range(1, 1001)]
    with write_session(engine) as session:
        insert(session, Chain, *rows[:500:2])
        insert_absent(session, Chain, *({**row, "seq": 0} for row in rows[:500]), *rows[500:])
        insert_absent(session, Chain)
    with read_session(engine) as session:
        kept = session.exec(select(Chain.seq).order_by(Chain.community)).all()  # type: ignore[arg-type]
    assert kept == [n if n % 2 else 0 for n in range(1, 501)] + list(range(501, 1001))
    with pytest.raises(sa.exc.IntegrityError), write_session(engine) as session:
        insert(session, Chain, {**rows[0], "community": UUID(int=2000)}, rows[1])
    with read_session(engine) as session:
        assert len(session.exec(select(Chain.seq)).all()) == 1000


@on_both_databases
def test_what_a_row_refers_to_is_inserted_before_it(engine: sa.Engine) -> None:
    with write_session(engine) as session:
        session.add(Community(id=ONE, slug="one", **SAID))
        member = Member(id=ONE, community_id=ONE, handle="a", name="A", role=Role.member, joined_at=THEN)
        assert insert_if_absent(session, member)
        session.add(Community(id=TWO, slug="two", **SAID))
        second = member.model_dump() | {"id": TWO, "community_id": TWO}
        insert(session, Member, second)
    with read_session(engine) as session:
        assert set(session.exec(select(Member.community_id)).all()) == {ONE, TWO}


@on_both_databases
def test_values_come_back_as_they_went_in(engine: sa.Engine) -> None:
    token = Token(id=TWO, role=Role.platform, scopes=["a", "é"], digest="d", created_at=THEN, expires_at=THEN)
    of_role = select(Token).where(Token.role == sa.bindparam("role"))
    with write_session(engine) as session:
        assert insert_if_absent(session, token)
    with read_session(engine) as session:
        [read] = PreparedRows(Token, of_role).all(session, {"role": Role.platform})
        assert read.model_dump() == token.model_dump()
        assert read.role is Role.platform
        assert read.created_at.tzinfo is not None
        assert PreparedRows(Token, of_role).first(session, {"role": Role.member}) is None


@on_both_databases
def test_a_row_that_the_session_knows_is_read_as_it_is_there(engine: sa.Engine) -> None:
    with write_session(engine) as session:
        session.add(chain(seq=1))
    with write_session(engine) as session:
        known = session.get_one(Chain, ONE)
        known.seq = 2
        assert CHAINS.first(session, {"of": ONE}) is known
        assert Prepared(select(Chain.seq)).rows(session, {}) == [(2,)]


@on_both_databases
def test_what_was_read_and_is_changed_is_written(engine: sa.Engine) -> None:
    with write_session(engine) as session:
        session.add(chain(seq=1))
    with write_session(engine) as session:
        [read] = CHAINS.all(session, {"of": ONE})
        read.seq = 5
    with read_session(engine) as session:
        assert session.get_one(Chain, ONE).seq == 5


@on_both_databases
def test_columns_that_are_left_out_are_read_when_asked_for(engine: sa.Engine) -> None:
    with write_session(engine) as session:
        session.add(Community(id=ONE, slug="one", **SAID))
    with read_session(engine) as session:
        table = sa.inspect(Community).columns
        [read] = PreparedRows(Community, sa.select(table.id, table.slug)).all(session, {})
        assert (read.slug, read.email, read.created_at) == ("one", "x@x.example", THEN)


@on_both_databases
def test_a_refusal_of_the_database_is_raised_as_of_any_statement_and_repeats_no_values(engine: sa.Engine) -> None:
    row = chain(seq=4711).model_dump()
    with write_session(engine) as session:
        insert(session, Chain, row)
    with pytest.raises(sa.exc.IntegrityError) as caught, write_session(engine) as session:
        insert(session, Chain, row)
    assert constraint_of(caught.value) in {"pk_chain", "chain.community"}
    assert "4711" not in str(caught.value)
    with pytest.raises(sa.exc.DBAPIError, match=r"(?i)read-?only"), read_session(engine) as session:
        insert(session, Chain, chain(TWO).model_dump())
    with read_session(engine) as session:
        assert session.exec(select(Chain.community)).all() == [ONE]


@on_both_databases
def test_a_row_takes_the_defaults_of_its_columns(engine: sa.Engine) -> None:
    given = Community(id=ONE, slug="one", **SAID)
    member = Member(id=ONE, community_id=ONE, handle="a", name="A", role=Role.member, joined_at=THEN)
    with write_session(engine) as session:
        session.add(given)
        session.flush()
        session.add(member)
        assert (member.email, member.version) == (None, 1)
    with read_session(engine) as session:
        assert session.get_one(Member, ONE).model_dump() == member.model_dump()


@on_both_databases
@pytest.mark.parametrize("before", [True, False], ids=["something was read before", "nothing was"])
def test_what_a_savepoint_takes_back_was_never_written(engine: sa.Engine, before: bool) -> None:
    row = chain(TWO, seq=7)
    with write_session(engine) as session:
        if before:
            assert insert_if_absent(session, chain())
        savepoint = session.begin_nested()
        assert insert_if_absent(session, row)
        savepoint.rollback()
        assert session.get(Chain, TWO) is None
        assert insert_if_absent(session, row)  # it is as it was
        with session.begin_nested():
            insert(session, Chain, chain(UUID(int=3)).model_dump())
    with read_session(engine) as session:
        kept = {TWO, UUID(int=3)} | ({ONE} if before else set())
        assert set(session.exec(select(Chain.community)).all()) == kept


@on_both_databases
def test_what_a_rollback_takes_back_leaves_nothing_in_the_session(engine: sa.Engine) -> None:
    with open_for_writing(engine) as session:
        row = chain(seq=7)
        assert insert_if_absent(session, row)
        session.rollback()
        assert row not in session
        assert session.get(Chain, ONE) is None
        assert row.seq == 7
        assert insert_if_absent(session, row)
        session.commit()
        assert row in session
    with read_session(engine) as session:
        assert session.get_one(Chain, ONE).seq == 7


@on_both_databases
@pytest.mark.parametrize("asked", [0, 1, AT_ONCE, AT_ONCE + 1])
def test_a_list_of_any_length_fills_the_same_places(engine: sa.Engine, asked: int) -> None:
    among = Prepared(sa.select(Chain.seq).where(Chain.community.in_(places("of", sa.Uuid()))))  # type: ignore[attr-defined,call-overload]
    with write_session(engine) as session:
        insert(session, Chain, *(chain(UUID(int=n), seq=n).model_dump() for n in range(40)))
        ids = [UUID(int=n) for n in range(asked)]
        found = [seq for some in by_places("of", ids) for (seq,) in among.rows(session, some)]
    assert sorted(found) == list(range(asked))
