"""Workers are killed again and again while a receiver fails every third time: nothing is lost, nothing is new twice."""

import random
import time
from pathlib import Path

import pytest

from app.kit.clock import system_clock
from app.kit.leases import Stage
from app.webhooks.sending import LEASE
from tests.app.webhooks.post import Office
from tests.app.webhooks.test_processes import rows, worker
from tests.receiver import FINE, Receiver

EVENTS, KILLS = 400, 4


@pytest.mark.parametrize("office", ["postgresql"], indirect=True)
def test_nothing_is_lost_however_often_workers_are_killed(office: Office, receiver: Receiver, tmp_path: Path) -> None:
    luck = random.Random(6)  # noqa: S311
    office.clock.now = system_clock()
    receiver.seconds = 0.005
    receiver.answers = lambda _got, before: (500, {}, b"") if before % 3 == 0 else FINE
    office.subscribe(receiver.url, "member.joined")
    everybody = office.people(EVENTS)
    for _ in range(KILLS):
        with worker(office, tmp_path) as process:
            receiver.wait_for(1)
            time.sleep(luck.uniform(0.1, 1.5))
            process.kill()
            process.wait()
    receiver.answers = lambda _got, _before: FINE
    office.clock.now = system_clock()
    for _ in range(4):
        office.later(seconds=LEASE.total_seconds() + 600)
    assert set(office.told(receiver)) == set(everybody)
    assert len(set(receiver.ids)) == EVENTS  # one id each, however often it came
    assert {each.stage for each in rows(office)} == {Stage.done}
    assert [each.sequence for each in rows(office)] == sorted({got.said["sequence"] for got in receiver.got})
