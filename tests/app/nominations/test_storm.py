"""Everybody at once, over real HTTP and on both databases: one quorum, one decision, one credential, nothing lost.

That a storm would notice is shown by storms against a service without the lock, or without the unique constraint.
"""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.app.nominations.crowd import Answered, Crowd, Service, assert_one_quorum, served
from tests.service import Servers

SECONDERS = [f"s{number}" for number in range(32)]
QUORUM = 9
UNGUARDED = "tests.app.nominations.unguarded"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def service(request: pytest.FixtureRequest, servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A guild in a service as it is: on PostgreSQL in two processes."""
    kind: str = request.param
    with served(kind, servers, tmp_path_factory.mktemp(kind), processes=2) as found:
        found.crowd.join("ana", "bo", *SECONDERS)
        yield found


def seconds_at_once(crowd: Crowd) -> tuple[str, list[Answered]]:
    """A nomination that 32 people second at the same instant, some of them twice."""
    id = crowd.nomination(by="ana", of="bo", seconding="community", min_seconds=QUORUM)
    return id, crowd.at_once([*SECONDERS, *SECONDERS[:8]], lambda who, place: crowd.second(id, who, place))


def test_of_many_seconds_at_once_none_is_lost_and_one_is_the_quorum(service: Service) -> None:
    id, answers = seconds_at_once(service.crowd)
    assert len(answers) == len(SECONDERS) + 8
    assert_one_quorum(service, id, answers, quorum=QUORUM)


def test_without_the_lock_the_storm_of_seconds_is_noticed(servers: Servers, tmp_path: Path) -> None:
    """Only on PostgreSQL: of SQLite the one writer is the lock."""
    with served("postgresql", servers, tmp_path, processes=2, module=UNGUARDED) as service:
        service.crowd.join("ana", "bo", *SECONDERS)
        id, answers = seconds_at_once(service.crowd)
        with pytest.raises((AssertionError, ValueError)):
            assert_one_quorum(service, id, answers, quorum=QUORUM)


def test_without_the_constraint_the_storm_of_seconds_is_noticed(servers: Servers, tmp_path: Path) -> None:
    with served("postgresql", servers, tmp_path) as service:
        with service.engine.begin() as connection:
            connection.execute(sa.text("ALTER TABLE second DROP CONSTRAINT uq_second_nomination_id_member_id"))
        service.crowd.join("ana", "bo", *SECONDERS)
        id, answers = seconds_at_once(service.crowd)
        with pytest.raises(AssertionError):
            assert_one_quorum(service, id, answers, quorum=QUORUM)
