"""A community in which milestones are drawn up and met."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

from app.kit.deps import Runtime
from app.milestones.watching import JOBS
from app.worker import run_once
from tests.app.guild import Guild, done
from tests.app.issuers.conftest import runtime_of
from tests.stand_ins import SettableClock

THRICE = {"all_of": [{"kind": "count", "of": {"types": ["hosting"]}, "at_least": 3}]}
TALK = "https://talk.guild.example/milestones"


@dataclass
class Path:
    """A community with two stewards, in which milestones are drawn up and met."""

    guild: Guild
    clock: SettableClock
    achievement: dict[str, Any]
    stewards: tuple[str, str]
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def runtime(self) -> Runtime:
        return runtime_of(self.guild)

    def draw(self, rule: dict[str, Any] | None = None, kind: str = "offer", **more: Any) -> dict[str, Any]:
        result = {"kind": kind, "achievement": self.achievement["id"]}
        said = {"name": "Three sessions", "description": "Hosted three sessions.", "discussion": TALK}
        body = said | {"rule": {"result": result} | (rule or THRICE)} | more
        return done(self.guild.post(self.guild.in_guild("milestones"), body, token=self.stewards[0]), 201)

    def at(self, milestone: dict[str, Any], what: str = "") -> str:
        return self.guild.in_guild(f"milestones/{milestone['id']}{what}")

    def begin(self, milestone: dict[str, Any], **how: Any) -> dict[str, Any]:
        done(self.guild.post(self.at(milestone, "/reviews"), {"verdict": "approve"}, token=self.stewards[1]), 200)
        return done(self.guild.post(self.at(milestone, "/activate"), how, token=self.stewards[0]), 200)

    def somebody(self, **more: Any) -> str:
        handle = f"doer{next(self._numbers)}"
        self.guild.member(handle, joined_at="2024-01-01T00:00:00Z", **more)
        return handle

    def host(self, handle: str, times: int = 1, **more: Any) -> list[str]:
        ids = []
        for _ in range(times):
            when = (self.clock.now - timedelta(hours=next(self._numbers))).isoformat()
            body = {"type": "hosting", "person": handle, "occurred_at": when} | more
            if "account" in more:
                del body["person"]
            ids.append(done(self.guild.post(self.guild.in_guild("contributions"), body), 201)["id"])
        return ids

    def work(self) -> None:
        """All jobs of milestones, until nothing is left to do."""
        for _ in range(20):
            if not any(run_once(self.runtime, self.clock(), jobs=JOBS).values()):
                return
        raise AssertionError("the jobs come to no end")

    def attainments(self, **query: str) -> list[dict[str, Any]]:
        asked = "&".join(f"{name}={value}" for name, value in query.items())
        found = self.guild.get(self.guild.in_guild(f"attainments?{asked}"), token=self.stewards[0])
        items: list[dict[str, Any]] = done(found, 200)["items"]
        return items

    def progress(self, handle: str) -> list[dict[str, Any]]:
        found = self.guild.get(self.guild.in_guild(f"members/{handle}/milestones"), token=self.guild.token(handle))
        items: list[dict[str, Any]] = done(found, 200)["items"]
        return items
