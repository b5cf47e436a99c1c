"""The service and its workers are killed at random while 2,000 badges are issued and told of: none is lost or doubled.

Everything is a real process: what serves, what works, and what is told. The receiver fails, hangs, takes its time, is
gone for a day and comes back. Run with `-s`, it says how often who was killed and what was done again.
"""

import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from app.credentials.rules import State
from app.credentials.tables import Credential, Recipient
from app.kit.database import connect, read_session
from app.kit.journal import Event, verify_chain
from app.kit.leases import Stage
from app.webhooks.tables import Attempt, Delivery
from tests.app.faults.clients import Clients, person
from tests.app.faults.machines import Installation, installed
from tests.app.guild import ACHIEVEMENT
from tests.receivers import Manner, Receivers, away
from tests.service import ADMIN_TOKEN, on_both_databases

ISSUES, KILLS = 2_000, 30
PHASES = (
    (0.00, Manner(500, share=0.3)),
    (0.25, Manner(500, seconds=20, share=0.02)),
    (0.40, Manner(200, seconds=1.2, share=0.01)),
    (0.60, Manner()),
)
"""How the receiver behaves, from when so much has been issued."""
GONE_AT = 0.75
A_DAY = 24


@dataclass
class Town:
    """The installation with one community, and its one receiver."""

    at: Installation
    receivers: Receivers
    achievement: str
    source: dict[str, Any]
    webhook: dict[str, Any]


def made(at: Installation, path: str, body: Any) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {ADMIN_TOKEN}"}
    answer = httpx.post(f"{at.url}/v1/communities{path}", json=body, headers=headers, trust_env=False, timeout=20)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.fixture
def town(database: str, tmp_path: Path) -> Iterator[Town]:
    with away(tmp_path / "receivers") as receivers, installed(database, tmp_path) as at:
        community = {"slug": "guild", "name": "The guild", "description": "People.", "url": "https://guild.example"}
        made(at, "", community | {"email": "hello@guild.example"})
        achievement = made(at, "/guild/achievements", ACHIEVEMENT)["id"]
        policy = {"achievements": [achievement], "consent": "given"}
        source = made(at, "/guild/sources", {"platform": "generic", "policy": policy})
        webhook = made(at, "/guild/webhooks", {"url": receivers.url("shaky"), "events": ["credential.*"]})
        yield Town(at, receivers, achievement, source, webhook)


@pytest.mark.timeout(600)  # it takes a minute or so where nothing else runs
@on_both_databases
def test_nothing_is_lost_and_nothing_doubled_whoever_is_killed(town: Town, database: str) -> None:
    luck, began = random.Random(9), time.monotonic()  # noqa: S311
    clients = Clients(town.at.url, town.at.later, town.achievement, town.source["url"], town.source["secret"], luck)
    with town.at.killed_at_random(luck, KILLS, clients.done, ISSUES):
        issued(town, clients)
    took = time.monotonic() - began
    a_day_passes(town)
    engine = connect(database)
    told = awaited(town, engine)
    each_once(engine)
    as_it_happened(engine, town, told)
    came, arrived = town.receivers.came("shaky"), town.receivers.arrived("shaky")
    with read_session(engine) as session:
        attempts = session.exec(select(sa.func.count(col(Attempt.id)))).one()
        failed = session.exec(select(sa.func.count(col(Attempt.id))).where(_is_failed())).one()
    assert town.at.kills >= KILLS * 2 // 3, "some may come too late"
    assert all(machine.kills for machine in town.at.machines), [machine.kills for machine in town.at.machines]
    assert clients.unanswered, "nobody was killed in the midst of a call"
    assert failed, "the receiver took everything at once"
    assert len(came) > len(arrived), "nothing was sent a second time"
    print(  # noqa: T201
        f"\n{engine.dialect.name}: {ISSUES} issued in {took:.0f} s, all told after {time.monotonic() - began:.0f} s; "
        f"{town.at.kills} killed; {clients.calls} calls, {clients.unanswered} not answered; "
        f"{len(told)} deliveries, {attempts} attempts known, {failed} of them failed; "
        f"{len(came)} came, {len(arrived)} taken"
    )
    engine.dispose()


def _is_failed() -> sa.ColumnElement[bool]:
    return sa.or_(col(Attempt.status).is_(None), col(Attempt.status) >= 300)


def issued(town: Town, clients: Clients) -> None:
    """Until every client has heard that all of theirs is done, while the receiver gets worse and worse."""
    phases, is_there = list(PHASES), True
    callers = clients.start(ISSUES)
    while any(caller.is_alive() for caller in callers):
        share = len(clients.done) / ISSUES
        while phases and share >= phases[0][0]:
            town.receivers.behave(shaky=phases.pop(0)[1])
        if is_there and share >= GONE_AT:
            town.receivers.kill()
            is_there = False
        time.sleep(0.05)
    assert not clients.failed, clients.failed[0]
    assert sorted(clients.done) == list(range(ISSUES))


def a_day_passes(town: Town) -> None:
    """In which nobody listens, and a beat comes every few hours."""
    for _ in range(A_DAY // 6):
        town.at.later.forward(hours=6)
        time.sleep(2)
    town.receivers.start()


def awaited(town: Town, engine: sa.Engine) -> list[Delivery]:
    """All deliveries, once they have ended."""
    end = time.monotonic() + 180
    while True:
        with read_session(engine) as session:
            told = session.exec(select(Delivery).order_by(col(Delivery.sequence))).all()
        expected = 2 * ISSUES  # each is offered, and issued since consent was given
        if len(told) == expected and {each.stage for each in told} == {Stage.done}:
            return list(told)
        stages = Counter(each.stage for each in told)
        assert time.monotonic() < end, (len(told), stages, town.at.service.log.read_text()[-3000:])
        town.at.later.forward(minutes=20)
        time.sleep(1)


def each_once(engine: sa.Engine) -> None:
    """Of the badges that clients asked for, each is there, in force, once; and no other."""
    with read_session(engine) as session:
        chosen = sa.select(col(Recipient.did), col(Credential.state))
        rows = session.execute(chosen.join(Recipient, col(Recipient.id) == col(Credential.recipient_id))).all()
    assert Counter(did for did, _ in rows) == Counter(person(number) for number in range(ISSUES))
    assert {state for _, state in rows} == {State.active}


def as_it_happened(engine: sa.Engine, town: Town, told: list[Delivery]) -> None:
    """What was taken is what is in the journal, each under its one id, and can be put in order without a gap."""
    with read_session(engine) as session:
        events = session.exec(select(Event).order_by(col(Event.seq))).all()
        assert verify_chain(session, events[0].community) is None
    happened = {event.seq: event for event in events if event.type.startswith("credential.")}
    taken = {each.id: each for each in town.receivers.arrived("shaky")}
    assert {UUID(id) for id in taken} == {each.id for each in told}
    came = town.receivers.came("shaky")
    assert Counter(id for id, _ in {(each.id, each.body) for each in came}) == Counter(list(taken))
    assert all(each.as_got().signed_by(town.webhook["secret"]) for each in taken.values())
    said = {each.said["sequence"]: each.said for each in taken.values()}
    assert sorted(said) == sorted(happened) == list(range(min(happened), max(happened) + 1))
    assert {seq: (one["type"], one["data"]["id"]) for seq, one in said.items()} == {
        seq: (event.type, event.subject) for seq, event in happened.items()
    }
