"""Everybody locks rows first and the journal after them: so a delivery and a steward never wait for each other.

A steward's call is stopped between the two, until a worker that looks into a delivery waits for the same row.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from app.contributions import correcting
from app.contributions.listing import contribution_by_id
from app.credentials import awarding
from app.credentials import service as credentials
from app.credentials.recipients import Named, recipient_named
from app.credentials.rules import Visibility
from app.kit.database import read_session, write_session
from app.kit.leases import Stage
from app.kit.occasions import Occasion
from app.kit.prepared import insert_if_absent
from app.members.person import canonical_account
from app.members.service import community_by_slug
from app.members.tables import Identity
from app.privacy import erasing
from app.sources.tables import Inbound
from tests.app.guild import Guild, done
from tests.app.issuers.conftest import runtime_of
from tests.app.sources.listening import Platform, listen
from tests.app.sources.test_awards import ask as ask_for
from tests.app.sources.test_awards import credentials as badges
from tests.app.sources.test_awards import sender
from tests.app.sources.test_looking import came_to, found, looked
from tests.app.sources.test_proving import ask, comment
from tests.stand_ins import SettableClock

on_postgresql = pytest.mark.parametrize("database", ["postgresql"], indirect=True)
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


@contextmanager
def steward(guild: Guild) -> Iterator[tuple[Session, Occasion]]:
    runtime = runtime_of(guild)
    with write_session(runtime.engine) as session:
        yield session, Occasion("admin", runtime.clock(), runtime.ids)


def a_worker_that_waits(guild: Guild, work: Callable[[Guild], None] = looked) -> threading.Thread:
    """At work, and by now it waits for a row that is held here."""
    worker = threading.Thread(target=work, args=(guild,))
    worker.start()
    until = time.monotonic() + 10
    with runtime_of(guild).engine.connect() as watching:
        while not watching.scalar(sa.text(WAITING)):
            assert worker.is_alive(), "It waits for nobody."
            assert time.monotonic() < until
            watching.rollback()  # else it is told the same again
            time.sleep(0.01)
    return worker


def attempts(worker: threading.Thread, platform: Platform) -> int:
    """How often it has looked into the newest delivery until it was done with it."""
    worker.join()
    with read_session(runtime_of(platform.guild).engine) as session:
        newest = session.exec(select(Inbound).order_by(sa.desc("id"))).first()
    assert newest is not None
    assert newest.stage is Stage.done
    return newest.attempts


def deed(id: str, account: str = "ana", kind: str = "recorded", **more: str) -> dict[str, Any]:
    data = {"id": id, "type": "mentoring", "account": account, "occurred_at": "2026-01-01T00:00:00Z"} | more
    return {
        "type": f"contribution.{kind}",
        "timestamp": f"2026-01-0{2 + (kind == 'retracted')}T00:00:00Z",
        "data": data,
    }


@on_postgresql
@pytest.mark.parametrize("then", [
    [deed("7", kind="retracted")],
    [{"type": "contribution.recorded", "data": {"id": "9"}}, deed("7", ends_at="2026-02-01T00:00:00Z")],
])  # fmt: skip
def test_a_steward_corrects_what_a_platform_takes_back_or_says_lasted_longer(
    guild: Guild, clock: SettableClock, then: list[dict[str, Any]]
) -> None:
    platform = listen(guild, clock, "generic")
    platform.tell(deed("7"))
    looked(guild)
    [contribution] = found(guild)
    platform.tell([deed("8"), *then], id="m2")
    with steward(guild) as (session, on):
        community = community_by_slug(session, guild.slug)
        contribution_by_id(session, community.id, UUID(contribution["id"]), lock=True)
        worker = a_worker_that_waits(guild)
        at, id = runtime_of(guild).installation, UUID(contribution["id"])
        correcting.correct(session, community, id, {"title": "Better"}, reason="It was wrong.", at=at, on=on)
    assert attempts(worker, platform) == 1


@on_postgresql
def test_a_steward_revokes_what_a_platform_takes_back(guild: Guild, clock: SettableClock) -> None:
    achievement: str = guild.achievement()["id"]
    platform = sender(guild, clock, achievement, consent="given")
    ask_for(platform, achievement, {"email": "ana@people.example"}, consent="given")
    [badge] = badges(guild)
    assert badge["state"] == "active"
    revoked = {
        "type": "award.revoke_requested",
        "timestamp": "2026-01-03T00:00:00Z",
        "data": {"external_id": "course-7"},
    }
    platform.tell([deed("8"), revoked], id="m2")
    with steward(guild) as (session, on):
        credential = credentials.locked(session, UUID(badge["id"]))
        worker = a_worker_that_waits(guild)
        credentials.revoke(session, credential, "It was wrong.", at=runtime_of(guild).installation, on=on)
    assert attempts(worker, platform) == 1
    assert [each["state"] for each in badges(guild)] == ["revoked"]


@on_postgresql
def test_a_steward_awards_what_a_platform_awards_after_another(guild: Guild, clock: SettableClock) -> None:
    achievement: str = guild.achievement()["id"]
    platform = sender(guild, clock, achievement, consent="given")
    recipients = [{"email": f"{name}@people.example"} for name in ("ana", "bo")]
    data = {"achievement": achievement, "external_id": "course-7", "consent": "given"}
    platform.tell([{"type": "award.requested", "data": data | {"recipient": each}} for each in recipients])
    with steward(guild) as (session, on):
        community, at = community_by_slug(session, guild.slug), runtime_of(guild).installation
        bo = Named(email="bo@people.example")
        recipient_named(session, community, bo, at=at, on=on)
        worker = a_worker_that_waits(guild)
        offer = awarding.Offer(achievement, bo, None, None, [], None, consented=True, visibility=Visibility.private)
        awarding.award(session, community, offer, at=at, on=on)
    assert attempts(worker, platform) == 1
    assert [each["state"] for each in badges(guild)] == ["active", "active"]


def linking(session: Session, guild: Guild, on: Occasion, member: dict[str, Any]) -> Identity:
    """An account that is being linked; it has yet to be recorded."""
    row = Identity(
        id=on.ids.row(),
        community_id=community_by_slug(session, guild.slug).id,
        member_id=UUID(member["id"]),
        platform="github",
        account="Ana-Fictional",
        canonical=canonical_account("Ana-Fictional"),
        created_at=on.now,
    )
    assert insert_if_absent(session, row)
    return row


@on_postgresql
def test_somebody_is_erased_while_an_account_of_theirs_is_linked(guild: Guild) -> None:
    ana = guild.member("ana")
    done(guild.award(guild.achievement(), {"member": "ana"}), 201)

    def erased(guild: Guild) -> None:
        with steward(guild) as (session, on):
            kept = erasing.Badges.keep
            erasing.erase(session, UUID(ana["id"]), kept, confirmed="ana", runtime=runtime_of(guild), on=on)

    with steward(guild) as (session, on):
        row = linking(session, guild, on, ana)
        worker = a_worker_that_waits(guild, erased)
        on.record(session, row.community_id, "identity.linked", row.id, {"member": ana["id"]})
    worker.join()
    with read_session(runtime_of(guild).engine) as session:
        assert session.exec(select(Identity)).all() == []


@on_postgresql
def test_a_steward_links_an_account_that_is_just_proven(guild: Guild, clock: SettableClock) -> None:
    ana = guild.member("ana")
    github = listen(guild, clock, "github")
    code = ask(guild, "ana", "Ana-Fictional")["code"]
    with steward(guild) as (session, on):
        row = linking(session, guild, on, ana)
        github.tell(comment(code, "Ana-Fictional"), x_github_event="issue_comment", x_github_delivery="d1")
        worker = a_worker_that_waits(guild)
        on.record(session, row.community_id, "identity.linked", row.id, {"member": ana["id"]})
    assert attempts(worker, github) == 1
    assert came_to(github)[0][0] == "duplicate"
