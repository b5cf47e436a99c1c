"""Receivers that take what they are told, and their time: two communities full of them hold up no third."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from app.webhooks.service import MOST
from app.webhooks.watching import JOBS
from app.worker import run_forever
from tests.app.guild import Guild
from tests.app.webhooks.post import Office
from tests.receivers import Manner, Receivers, away
from tests.service import ADMIN_TOKEN


@contextmanager
def working(office: Office) -> Iterator[None]:
    """The worker, as it runs beside the service."""
    stop = threading.Event()
    worker = threading.Thread(target=run_forever, args=(office.runtime, stop), kwargs={"jobs": JOBS}, daemon=True)
    worker.start()
    try:
        yield
    finally:
        stop.set()
        worker.join(30)
        assert not worker.is_alive()


def until(is_so: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_two_communities_of_slow_receivers_hold_up_no_third(office: Office, tmp_path: Path) -> None:
    crowds = [Office(Guild(office.guild.client, slug).found(), office.clock) for slug in ("one", "other")]
    names = [f"slow{number}" for number in range(MOST * len(crowds))]
    with away(tmp_path / "receivers") as receivers:
        receivers.behave(**{name: Manner(200, seconds=4) for name in (*names, "patient")})
        for number, name in enumerate(names):
            crowds[number % 2].subscribe(receivers.url(name), "member.joined")
        for crowd in crowds:
            crowd.people(60)
        with working(office):
            until(lambda: busy(receivers, names) >= 12, 20)
            office.subscribe(receivers.url("quick"), "member.joined")
            office.subscribe(receivers.url("patient"), "member.joined")
            office.people(20)
            until(lambda: len(receivers.arrived("quick")) == 20, 8)
            until(lambda: len(receivers.arrived("patient")) >= 4, 20)
            until(lambda: busy(receivers, names) > 16, 30)  # and of the slow ones others have their turns
    for crowd in crowds:
        assert {each["attempts"] for each in waiting(crowd)} <= {0, 1}  # what was given back was not tried


def busy(receivers: Receivers, names: list[str]) -> int:
    return sum(bool(receivers.came(name)) for name in names)


def waiting(office: Office) -> list[dict[str, int]]:
    hooks = office.guild.get(office.at("?limit=100"), token=ADMIN_TOKEN).json()["items"]
    return [each for hook in hooks for each in office.deliveries(hook, "&state=waiting")]
