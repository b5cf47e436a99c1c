"""Everybody at once, over real HTTP and on both databases: one quorum, one decision, one credential, nothing lost.

That a storm would notice is shown by storms against a service without the lock, or without the unique constraint.
"""

from typing import Any

import pytest
import sqlalchemy as sa

from tests.app.nominations.crowd import (
    Answered,
    Crowd,
    Service,
    assert_one_badge,
    assert_one_decision,
    assert_one_quorum,
    panel_of,
    served,
)
from tests.service import Servers

PEOPLE = [f"s{number}" for number in range(32)]
"""Stewards, who second some nominations and weigh others."""
QUORUM = 9
PANEL = {"panel_size": 24, "quorum": QUORUM}
CONSTRAINTS_OF_A_BADGE = [
    ("credential", "uq_credential_nomination_id_recipient_id"),
    ("credential", "uq_credential_held"),
    ("consent_receipt", "pk_consent_receipt"),
]
UNGUARDED = "tests.app.nominations.unguarded"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def service(request: pytest.FixtureRequest, servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A guild in a service as it is: on PostgreSQL in two processes."""
    kind: str = request.param
    with served(kind, servers, tmp_path_factory.mktemp(kind), processes=2) as found:
        found.crowd.join("ana", "bo").join(*PEOPLE, role="steward")
        yield found


@pytest.fixture(scope="module")
def unlocked(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The same without the lock on a nomination. Only on PostgreSQL: of SQLite the one writer is the lock."""
    with served("postgresql", servers, tmp_path_factory.mktemp("unlocked"), processes=2, module=UNGUARDED) as found:
        found.crowd.join("ana", "bo").join(*PEOPLE, role="steward")
        yield found


def seconds_at_once(crowd: Crowd, quorum: int = QUORUM) -> tuple[str, list[Answered]]:
    """A nomination that 32 people second at the same instant, some of them twice."""
    id = crowd.nomination(by="ana", of="bo", min_seconds=quorum)
    invited = crowd.call("POST", f"/v1/nominations/{id}/invitations", {"members": PEOPLE}, by="ana")
    assert invited.done, invited
    return id, crowd.at_once([*PEOPLE[:8], *PEOPLE], lambda who, place: crowd.second(id, who, place))


@pytest.mark.parametrize("quorum", [QUORUM, len(PEOPLE)])
def test_of_many_seconds_at_once_none_is_lost_and_one_is_the_quorum(service: Service, quorum: int) -> None:
    id, answers = seconds_at_once(service.crowd, quorum)
    assert len(answers) == len(PEOPLE) + 8
    assert_one_quorum(service, id, answers, quorum=quorum)


def reviews_at_once(service: Service) -> tuple[str, list[Answered]]:
    """A nomination that a panel of 24 approves at the same instant, while others second another one."""
    crowd = service.crowd
    id = crowd.nomination(by="ana", of="bo", min_seconds=0, review=PANEL)
    other = crowd.nomination(by="ana", of="bo", seconding="community", min_seconds=40)
    panel = panel_of(service, id)
    assert len(panel) == 24

    def one(who: str, place: int) -> Answered:
        return crowd.approve(id, who, place) if who in panel else crowd.second(other, who, place)

    answers = crowd.at_once(PEOPLE, one)
    assert all(answer.done for answer in answers if answer.who not in panel)
    return id, [answer for answer in answers if answer.who in panel]


def test_of_many_approvals_at_once_one_is_the_decision(service: Service) -> None:
    id, answers = reviews_at_once(service)
    assert_one_decision(service, id, answers, quorum=QUORUM)


def test_without_the_lock_the_storm_of_reviews_is_noticed(unlocked: Service) -> None:
    id, answers = reviews_at_once(unlocked)
    with pytest.raises((AssertionError, ValueError)):
        assert_one_decision(unlocked, id, answers, quorum=QUORUM)


def accepts_at_once(service: Service, times: int = 50) -> tuple[str, list[Answered]]:
    """An offer that its nominee accepts so often at the same instant."""
    crowd = service.crowd
    id = crowd.nomination(by="ana", of="bo", min_seconds=0, review={"mode": "single_steward"})
    approved = crowd.approve(id, PEOPLE[0])
    assert approved.done, approved
    return id, crowd.at_once(["bo"] * times, lambda who, place: crowd.accept(id, who, place))


def test_of_fifty_who_accept_at_once_one_gets_the_badge(service: Service) -> None:
    id, answers = accepts_at_once(service)
    assert len(answers) == 50
    assert_one_badge(service, id, answers)


def test_without_the_lock_the_storm_of_seconds_is_noticed(unlocked: Service) -> None:
    id, answers = seconds_at_once(unlocked.crowd)
    with pytest.raises((AssertionError, ValueError)):
        assert_one_quorum(unlocked, id, answers, quorum=QUORUM)


@pytest.mark.parametrize("service", ["postgresql"], indirect=True)
def test_without_the_constraint_the_storm_of_seconds_is_noticed(service: Service) -> None:
    """The last one against this service, to which the constraint does not come back."""
    with service.engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE second DROP CONSTRAINT uq_second_nomination_id_member_id"))
    id, answers = seconds_at_once(service.crowd, len(PEOPLE))
    with pytest.raises(AssertionError):
        assert_one_quorum(service, id, answers, quorum=len(PEOPLE))


def test_without_the_lock_and_the_constraints_the_storm_of_answers_is_noticed(unlocked: Service) -> None:
    """The last one too. Each alone is enough for one badge: a constraint refuses what the lock keeps waiting."""
    with unlocked.engine.begin() as connection:
        for table, constraint in CONSTRAINTS_OF_A_BADGE:
            connection.execute(sa.text(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}"))
    id, answers = accepts_at_once(unlocked, 8)
    with pytest.raises((AssertionError, ValueError)):
        assert_one_badge(unlocked, id, answers)
