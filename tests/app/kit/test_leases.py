"""Work in rows: each is held by one, done, and recorded by whoever holds it."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from app.kit.database import read_session, write_session
from app.kit.leases import Stage, again, claim, end, end_all, give_back, put_off, renew
from app.members.tables import Community
from app.notifications.tables import Mail
from tests.service import on_both_databases
from tests.stand_ins import THEN

ONE = UUID(int=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def queue(engine: sa.Engine) -> sa.Engine:
    """Ten pieces of work, due one after the other."""
    with write_session(engine) as session:
        session.add(Community(id=ONE, slug="c", name="", description="", url="", email="", created_at=THEN))
        session.flush()
        for n in range(10):
            session.add(Mail(id=UUID(int=n), community_id=ONE, due_at=THEN + n * MINUTE))
    return engine


def claimed(engine: sa.Engine, lease: int, *, now: datetime = THEN + 20 * MINUTE, limit: int = 3) -> Sequence[Mail]:
    with write_session(engine) as session:
        return claim(session, Mail, lease=UUID(int=lease), now=now, lasting=MINUTE, limit=limit)


def numbers(mails: Sequence[Mail]) -> list[int]:
    return [mail.id.int for mail in mails]


def row(engine: sa.Engine, number: int) -> Mail:
    with read_session(engine) as session:
        return session.exec(select(Mail).where(Mail.id == UUID(int=number))).one()


@on_both_databases
def test_what_is_due_longest_is_claimed_first_and_by_one_only(queue: sa.Engine) -> None:
    assert numbers(claimed(queue, 1)) == [0, 1, 2]
    assert numbers(claimed(queue, 2)) == [3, 4, 5]
    assert numbers(claimed(queue, 3, now=THEN + 7 * MINUTE)) == [6, 7]
    assert row(queue, 0).attempts == 1


@on_both_databases
def test_many_who_claim_at_once_never_claim_the_same(queue: sa.Engine) -> None:
    with ThreadPoolExecutor(8) as threads:
        found = [numbers(each) for each in threads.map(lambda n: claimed(queue, n, limit=2), range(8))]
    every = [number for each in found for number in each]
    assert len(every) == len(set(every))
    left = numbers(claimed(queue, 99, limit=10))
    assert sorted(every + left) == list(range(10))
    assert all(len(each) <= 2 for each in found)


@on_both_databases
def test_when_a_lease_ends_somebody_else_goes_on(queue: sa.Engine) -> None:
    claimed(queue, 1)
    later = THEN + 21 * MINUTE
    assert numbers(claimed(queue, 2, now=later)) == [0, 1, 2]
    assert row(queue, 0).attempts == 2


@on_both_databases
def test_who_comes_too_late_records_nothing(queue: sa.Engine) -> None:
    first, now = claimed(queue, 1)[0], THEN + 21 * MINUTE
    second = claimed(queue, 2, now=now)[0]
    with write_session(queue) as session:
        assert not end(session, first, Stage.given_up, now=now, said="late")
        assert not again(session, first, at=now)
        assert end(session, second, Stage.done, now=now)
        assert not end(session, second, Stage.given_up, now=now)
    ended = row(queue, 0)
    assert (ended.stage, ended.due_at, ended.ended_at, ended.said) == (Stage.done, None, now, None)


@on_both_databases
def test_what_failed_is_done_again_later(queue: sa.Engine) -> None:
    first, *_ = claimed(queue, 1)
    later = THEN + 30 * MINUTE
    with write_session(queue) as session:
        assert again(session, first, at=later, said="450")
    assert (row(queue, 0).attempts, row(queue, 0).said) == (1, "450")
    assert numbers(claimed(queue, 2, limit=10))[:2] == [3, 4]
    assert numbers(claimed(queue, 3, now=later, limit=20))[-2:] == [8, 9]
    assert row(queue, 0).attempts == 2


@on_both_databases
def test_what_nobody_holds_is_put_off(queue: sa.Engine) -> None:
    claimed(queue, 1)
    now = THEN + 5 * MINUTE
    with write_session(queue) as session:
        assert put_off(session, Mail, now=now, until=now + timedelta(hours=1)) == 3
    assert numbers(claimed(queue, 2, now=THEN + 20 * MINUTE + timedelta(seconds=59), limit=10)) == [6, 7, 8, 9]


@on_both_databases
def test_what_is_still_held_is_held_for_longer(queue: sa.Engine) -> None:
    claimed(queue, 1)
    later = THEN + 21 * MINUTE
    with write_session(queue) as session:
        assert renew(session, Mail, UUID(int=1), until=later + MINUTE) == 3
        assert renew(session, Mail, UUID(int=2), until=later + MINUTE) == 0
    assert numbers(claimed(queue, 2, now=later)) == [3, 4, 5]


@on_both_databases
def test_what_is_given_back_is_as_if_it_had_not_been_claimed(queue: sa.Engine) -> None:
    claimed(queue, 1)
    with write_session(queue) as session:
        assert give_back(session, Mail, UUID(int=1), [UUID(int=0), UUID(int=1)]) == 2
        assert give_back(session, Mail, UUID(int=9), [UUID(int=2)]) == 0
    assert (row(queue, 0).attempts, row(queue, 0).lease_ends) == (0, None)
    assert numbers(claimed(queue, 2)) == [0, 1, 3]
    assert row(queue, 0).attempts == 1


@on_both_databases
def test_much_is_ended_at_once_where_it_is_still_ours(queue: sa.Engine) -> None:
    claimed(queue, 1)
    claimed(queue, 2, now=THEN + 21 * MINUTE, limit=1)
    ids = [UUID(int=n) for n in range(4)]
    with write_session(queue) as session:
        ended = end_all(session, Mail, UUID(int=1), ids, Stage.done, now=THEN, said="fine")
    assert ended == {UUID(int=1), UUID(int=2)}
    assert (row(queue, 1).stage, row(queue, 1).due_at, row(queue, 1).said) == (Stage.done, None, "fine")
    assert row(queue, 3).stage is Stage.waiting


@on_both_databases
def test_only_what_is_asked_for_is_claimed(queue: sa.Engine) -> None:
    with write_session(queue) as session:
        which = col(Mail.id) > UUID(int=4)
        found = claim(session, Mail, lease=ONE, now=THEN + 20 * MINUTE, lasting=MINUTE, limit=3, which=which)
    assert numbers(found) == [5, 6, 7]
