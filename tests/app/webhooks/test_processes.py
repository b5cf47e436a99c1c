"""Many workers share the work: nobody sends what another has in hand, and what a dead one held the next one sends."""

import logging
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import col, select

from app.kit import leases
from app.kit.clock import system_clock
from app.kit.database import read_session, write_session
from app.kit.lanes import Going
from app.kit.leases import Stage
from app.kit.occasions import Occasion
from app.kit.posting import Answered
from app.webhooks.reading import write_deliveries
from app.webhooks.recording import Tried, record
from app.webhooks.sending import LEASE, Lane, send_deliveries
from app.webhooks.tables import Attempt, Delivery, Subscription
from tests.app.commands import ROOT
from tests.app.guild import done
from tests.app.webhooks.post import Office
from tests.live import environment
from tests.receiver import Receiver

Receivers = Callable[[], Receiver]
on_both = pytest.mark.parametrize("office", ["sqlite", "postgresql"], indirect=True)
on_postgresql = pytest.mark.parametrize("office", ["postgresql"], indirect=True)


@contextmanager
def worker(office: Office, folder: Path) -> "Iterator[subprocess.Popen[str]]":
    """`laurels worker`, up; killed when the block ends, if it has not ended by then."""
    env = environment(
        folder, database_url=office.runtime.settings.database_url, state_dir=str(folder), allow_loopback="true"
    )
    line = [sys.executable, "-m", "app", "worker"]
    with subprocess.Popen(line, env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "Laurels works.\n"
        try:
            yield process
        finally:
            process.kill()


def rows(office: Office) -> list[Delivery]:
    with read_session(office.runtime.engine) as session:
        return list(session.exec(select(Delivery).order_by(col(Delivery.sequence))).all())


@on_postgresql
def test_three_workers_send_each_delivery_once(office: Office, receivers: Receivers, tmp_path: Path) -> None:
    office.clock.now = system_clock()
    hooks = [receivers() for _ in range(3)]
    for hook in hooks:
        hook.seconds = 0.01
        office.subscribe(hook.url, "member.*")
    with worker(office, tmp_path), worker(office, tmp_path), worker(office, tmp_path):
        everybody = office.people(100)
        for hook in hooks:
            hook.wait_for(100, 60)
    for hook in hooks:
        assert sorted(office.told(hook)) == sorted(everybody)
        assert len(set(hook.ids)) == 100
        assert hook.most_at_once <= 4


@on_postgresql
def test_what_a_killed_worker_held_another_sends_within_a_lease(
    office: Office, receiver: Receiver, tmp_path: Path
) -> None:
    office.clock.now = system_clock()
    receiver.hangs = threading.Event()
    made = office.subscribe(receiver.url, "member.*")
    everybody = office.people(20)
    with worker(office, tmp_path) as process:
        receiver.wait_for(4)
        process.kill()
    receiver.hangs.set()
    office.work(system_clock())
    assert len(receiver.got) == 4  # the dead one holds them still
    office.work(system_clock() + LEASE)
    assert set(office.told(receiver)) == set(everybody)
    assert len(receiver.got) == 24  # what was under way when it died came twice, under the same ids
    assert len(set(receiver.ids)) == 20
    assert {each["state"] for each in office.deliveries(made)} == {"arrived"}


@on_postgresql
def test_a_worker_that_is_told_to_end_gives_back_what_it_has_not_begun(
    office: Office, receiver: Receiver, tmp_path: Path
) -> None:
    office.clock.now = system_clock()
    receiver.seconds = 0.3
    made = office.subscribe(receiver.url, "member.*")
    everybody = office.people(40)
    with worker(office, tmp_path) as process:
        receiver.wait_for(4)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    sent = len(receiver.got)
    assert sent < 40
    left = [each for each in rows(office) if each.stage is Stage.waiting]
    assert len(left) == 40 - sent
    assert {(each.lease, each.lease_ends, each.attempts) for each in left} == {(None, None, 0)}
    receiver.seconds = 0
    office.work(system_clock())
    assert sorted(office.told(receiver)) == sorted(everybody)
    assert {each["attempts"] for each in office.deliveries(made)} == {1}


@on_both
def test_a_lease_is_renewed_while_a_lane_is_at_it(office: Office, receiver: Receiver) -> None:
    receiver.seconds = 0.3
    made = office.subscribe(receiver.url, "member.*")
    office.people(24)
    write_deliveries(office.runtime, office.clock())
    time, id, stopping = Going(office.clock()), UUID(made["id"]), threading.Event()
    slow = threading.Thread(
        target=Lane(office.runtime, id, time, lasting=timedelta(seconds=1)).run, args=(stopping.is_set,), daemon=True
    )
    slow.start()
    receiver.wait_for(1)
    while slow.is_alive():  # another worker, who would take what nobody holds
        Lane(office.runtime, id, time).run(stopping.is_set)
        slow.join(0.1)
    assert len(receiver.got) == 24
    assert {each["attempts"] for each in office.deliveries(made)} == {1}


@on_both
def test_who_comes_too_late_changes_nothing(office: Office) -> None:
    made = office.subscribe("https://hooks.example/", "member.*")
    office.people(1)
    write_deliveries(office.runtime, office.clock())
    first = claimed(office, 1, after=timedelta(0))
    second = claimed(office, 2, after=LEASE)
    office.clock.forward(minutes=2)
    assert recorded(office, made, second, Answered(200, b"", None))
    recorded(office, made, first, None)
    [delivery] = rows(office)
    assert (delivery.stage, delivery.status, delivery.error, delivery.attempts) == (Stage.done, 200, None, 2)
    with read_session(office.runtime.engine) as session:
        assert len(session.exec(select(Attempt)).all()) == 1


def claimed(office: Office, lease: int, *, after: timedelta) -> Delivery:
    now = office.clock() + after
    with write_session(office.runtime.engine) as session:
        [found] = leases.claim(session, Delivery, lease=UUID(int=lease), now=now, lasting=LEASE, limit=1)
        return found


def recorded(office: Office, made: dict[str, str], delivery: Delivery, answered: Answered | None) -> bool:
    assert delivery.lease is not None
    on = Occasion(actor="system", now=office.clock(), ids=office.runtime.ids)
    tried = Tried(delivery, office.clock(), timedelta(seconds=1), answered, None if answered else "timeout")
    with write_session(office.runtime.engine) as session:
        return record(session, UUID(made["id"]), delivery.lease, [tried], on=on)


@on_both
def test_workers_that_die_over_it_are_no_reason_to_give_it_up(office: Office, receiver: Receiver) -> None:
    made = office.subscribe(receiver.url, "member.*")
    office.people(1)
    write_deliveries(office.runtime, office.clock())
    for number in range(12):
        claimed(office, number + 1, after=number * LEASE)
    receiver.always(500)
    office.later(minutes=20)
    [delivery] = office.deliveries(made)
    assert (delivery["state"], delivery["attempts"]) == ("waiting", 1)
    receiver.always(204)
    office.later(minutes=1)
    assert [(each["state"], each["attempts"]) for each in office.deliveries(made)] == [("arrived", 2)]


@on_both
def test_one_lane_is_at_a_receiver_though_the_beat_of_another_worker_began_earlier(
    office: Office, receiver: Receiver
) -> None:
    office.subscribe(receiver.url, "member.*")
    office.people(1)
    write_deliveries(office.runtime, office.clock() + timedelta(seconds=20))
    claimed(office, 1, after=timedelta(seconds=30))
    office.people(1, 1)
    write_deliveries(office.runtime, office.clock())
    send_deliveries(office.runtime, office.clock() + timedelta(seconds=5))
    assert office.runtime.lanes.wait(10)
    assert receiver.got == []


@on_both
def test_what_cannot_be_written_down_for_one_is_for_the_others(
    office: Office, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    broken, _ = office.subscribe("https://hooks.example/", "member.*"), office.subscribe(receiver.url, "member.*")
    everybody = office.people(3)
    with write_session(office.runtime.engine) as session:  # its events are no list of patterns any more
        session.get_one(Subscription, UUID(broken["id"])).events = [7]
    with caplog.at_level(logging.ERROR):
        office.work()
    assert sorted(office.told(receiver)) == sorted(everybody)
    assert broken["id"] in caplog.text


@on_both
def test_a_webhook_that_is_removed_while_it_is_sent_to_is_no_failure(office: Office, receiver: Receiver) -> None:
    receiver.hangs = threading.Event()
    made = office.subscribe(receiver.url, "member.*")
    office.people(10)
    write_deliveries(office.runtime, office.clock())
    lane = Lane(office.runtime, UUID(made["id"]), Going(office.clock()))
    sending = threading.Thread(target=lane.run, args=(threading.Event().is_set,), daemon=True)
    sending.start()
    receiver.wait_for(4)
    assert office.guild.call("DELETE", office.at(f"/{made['id']}")).status_code == 204
    receiver.hangs.set()
    sending.join(30)
    assert not sending.is_alive()
    assert rows(office) == []


@on_both
def test_what_is_in_hand_is_not_sent_again_by_hand(office: Office, receiver: Receiver) -> None:
    receiver.hangs = threading.Event()
    made = office.subscribe(receiver.url, "member.*")
    office.people(1)
    write_deliveries(office.runtime, office.clock())
    lane = Lane(office.runtime, UUID(made["id"]), Going(office.clock()))
    sending = threading.Thread(target=lane.run, args=(threading.Event().is_set,), daemon=True)
    sending.start()
    receiver.wait_for(1)
    path = office.at(f"/{made['id']}/deliveries/{receiver.ids[0]}/replay")
    assert office.guild.post(path).json()["type"] == "/problems/delivery-being-sent"
    receiver.hangs.set()
    sending.join(30)
    done(office.guild.post(path), 200)
