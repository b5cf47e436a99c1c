"""Short words for what webhooks do in tests: everything through the door, and the jobs as the worker does them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from app.kit.deps import Runtime
from app.main import create_app
from app.settings import Settings
from app.webhooks.watching import JOBS
from app.worker import run_once
from tests.app.guild import Guild, done
from tests.app.issuers.conftest import runtime_of
from tests.client import Client
from tests.receiver import Receiver
from tests.service import ADMIN_TOKEN, Servers
from tests.stand_ins import CountingIds, SettableClock


class Office:
    """A community whose webhooks may lead to this machine."""

    def __init__(self, guild: Guild, clock: SettableClock) -> None:
        self.guild = guild
        self.clock = clock

    @property
    def runtime(self) -> Runtime:
        return runtime_of(self.guild)

    def at(self, path: str = "") -> str:
        return self.guild.in_guild(f"webhooks{path}")

    def subscribe(self, url: str, *events: str, token: str = ADMIN_TOKEN, **more: Any) -> dict[str, Any]:
        body = {"url": url, "events": list(events or ("*",))} | more
        return done(self.guild.post(self.at(), body, token=token), 201)

    def hook(self, made: dict[str, Any]) -> dict[str, Any]:
        return done(self.guild.get(self.at(f"/{made['id']}"), token=ADMIN_TOKEN), 200)

    def deliveries(self, made: dict[str, Any], query: str = "", token: str = ADMIN_TOKEN) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = done(
            self.guild.get(self.at(f"/{made['id']}/deliveries?limit=200{query}"), token=token), 200
        )["items"]
        return found

    def attempts(self, made: dict[str, Any], delivery: str) -> list[dict[str, Any]]:
        path = self.at(f"/{made['id']}/deliveries/{delivery}/attempts")
        found: list[dict[str, Any]] = done(self.guild.get(path, token=ADMIN_TOKEN), 200)["items"]
        return found

    def work(self, now: datetime | None = None, *, seconds: float = 20.0) -> dict[str, int]:
        """What the worker does once, and what it leaves in lanes."""
        did = run_once(self.runtime, now or self.clock(), jobs=JOBS)
        assert self.runtime.lanes.wait(seconds)
        return did

    def later(self, **by: float) -> dict[str, int]:
        self.clock.forward(**by)
        return self.work()

    def people(self, count: int, begin: int = 0) -> list[str]:
        """So many events: new members, by their ids."""
        return [self.guild.member(f"p{begin + number}")["id"] for number in range(count)]

    def told(self, receiver: Receiver) -> list[str]:
        """The ids of what happened to whom, as the receiver was told."""
        return [got.said["data"]["id"] for got in receiver.got]


@contextmanager
def office(kind: str, servers: Servers, folder: Path, **more: Any) -> Iterator[Office]:
    """A service of its own; `more` is for `create_app`."""
    values = {"database_url": servers.fresh(kind, folder), "admin_token": ADMIN_TOKEN, "state_dir": folder}
    clock = SettableClock()
    settings = Settings.model_validate(values | {"allow_loopback": True})
    with Client(create_app(settings, clock=clock, ids=CountingIds(), **more)) as client:
        yield Office(Guild(client).found(), clock)
