"""Work in rows: each is held by one, done, and recorded by whoever holds it."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import select

from app.kit.database import read_session, write_session
from app.kit.leases import Stage, again, claim, end, put_off
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
