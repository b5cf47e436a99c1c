"""Requests that come at once share a transaction, and nobody pays for another's fault."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

import badges
from app.kit.database import read_session
from app.kit.deps import Runtime
from app.kit.errors import Conflict
from app.kit.together import Together
from app.members.tables import Community
from app.settings import Settings
from tests.stand_ins import THEN


def prepared(_: Runtime, items: Sequence[int]) -> list[int | Exception]:
    return [Conflict(f"{item} is odd") if item % 2 else item for item in items]


class Writing:
    """Writes a community for each number, and notes how many at once."""

    def __init__(self) -> None:
        self.batches: list[int] = []

    def __call__(self, session: Session, items: Sequence[int]) -> list[str]:
        self.batches.append(len(items))
        for n in items:
            session.add(
                Community(id=UUID(int=n), slug=f"c{n}", name="", description="", url="", email="", created_at=THEN)
            )
            session.flush()
        return [f"c{n}" for n in items]


@pytest.fixture
def runtime(tmp_path: Path, engine: sa.Engine) -> Runtime:
    values = {"database_url": engine.url.render_as_string(hide_password=False), "state_dir": tmp_path}
    return Runtime.of(Settings.model_validate(values), fetch=badges.no_fetch)


async def answers(line: Together[int, int, str], runtime: Runtime, items: Sequence[int]) -> list[str | BaseException]:
    return list(await asyncio.gather(*(line.done(runtime, item) for item in items), return_exceptions=True))


def there(runtime: Runtime) -> set[str]:
    with read_session(runtime.engine) as session:
        return set(session.exec(select(Community.slug)).all())


def test_those_who_come_at_once_share_a_transaction(runtime: Runtime) -> None:
    write = Writing()
    found = asyncio.run(answers(Together(prepared, write), runtime, range(0, 40, 2)))
    assert found == [f"c{n}" for n in range(0, 40, 2)]
    assert there(runtime) == set(found)
    assert len(write.batches) < 5


def test_a_refusal_is_told_to_whom_it_concerns_alone(runtime: Runtime) -> None:
    found = asyncio.run(answers(Together(prepared, Writing()), runtime, [0, 1, 2, 3]))
    assert [str(each) for each in found] == ["c0", "1 is odd", "c2", "3 is odd"]
    assert there(runtime) == {"c0", "c2"}


def test_what_fails_for_one_is_done_for_the_others(runtime: Runtime) -> None:
    found = asyncio.run(answers(Together(prepared, Writing()), runtime, [0, 2, 2, 4]))
    assert sorted(str(each) for each in found if isinstance(each, str)) == ["c0", "c2", "c4"]
    assert sum(isinstance(each, sa.exc.IntegrityError) for each in found) == 1
    assert there(runtime) == {"c0", "c2", "c4"}


def test_what_cannot_be_prepared_for_one_is_for_the_others(runtime: Runtime) -> None:
    def failing(_: Runtime, items: Sequence[int]) -> list[int | Exception]:
        if 2 in items:
            raise ValueError("two")
        return list(items)

    found = asyncio.run(answers(Together(failing, Writing()), runtime, [0, 2, 4]))
    assert [str(each) for each in found] == ["c0", "two", "c4"]
    assert there(runtime) == {"c0", "c4"}
