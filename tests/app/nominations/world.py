"""The people of the life of nominations, who outlive each example, and what strangers see of the place they are in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx2
import sqlalchemy as sa

from app.kit.deps import Runtime
from app.worker import JOBS, run_once
from tests.app.guild import Guild, done
from tests.app.issuers.conftest import runtime_of
from tests.app.nominations.circle import Circle
from tests.stand_ins import SettableClock

PANEL = {"panel_size": 2, "quorum": 2}
BROAD = {"min_seconds": 3, "min_distinct_affiliations": 2}
POLICIES: dict[str, dict[str, Any]] = {
    "panel": {},
    "one steward": {"review": {"mode": "single_steward"}, "min_seconds": 1},
    "seconds suffice": {"review": {"mode": "auto_on_seconds"}} | BROAD,
    "in the open": {"seconding": "community", "nominee_visibility": "from_submission", "review": PANEL},
    "team": {"team": True, "review": PANEL, "min_seconds": 1},
}
STEWARDS = ("sam", "sol", "sue", "syd", "sid", "sun")
"""Of whom Sun is the nominee's second account."""
SECONDERS = ("cy", "dee", "eli", "fay")
HOUSES = {"cy": "River Co-op", "dee": "River Co-op", "eli": "Hill House", "fay": "Hill House"}
UNTOLD = "health status audit/verify"
"""What tells the time, and nothing else."""


@dataclass
class World:
    """A guild with stewards, an outsider in it and a stranger beside it; everybody else is new in each example."""

    circle: Circle
    clock: SettableClock
    people: dict[str, str] = field(default_factory=dict)
    """Ids by the part they play in this example."""
    _examples: Iterator[int] = field(default_factory=lambda: count(1))
    _paths: list[str] = field(default_factory=list)

    @classmethod
    def founded(cls, guild: Guild, clock: SettableClock) -> "World":
        circle = Circle(guild).join(*STEWARDS, role="steward").join("out")
        beside = Guild(guild.client, slug="beside").found()
        beside.member("stranger", role="steward")
        circle.tokens["stranger"] = beside.token("stranger", "steward")
        world = cls(circle, clock)
        world._link("sun", "second-account")
        return world

    @property
    def guild(self) -> Guild:
        return self.circle.guild

    @property
    def runtime(self) -> Runtime:
        return runtime_of(self.guild)

    @property
    def engine(self) -> sa.Engine:
        return self.runtime.engine

    def begin(self, policy: str) -> None:
        """New people, and something new to be recognised for."""
        number, circle = next(self._examples), self.circle
        self.people = {name: circle.ids[name] for name in (*STEWARDS, "out")}
        for part in ("ana", "two", "bo", "bea", "tin", *SECONDERS):
            handle = f"{part}{number}"
            more = {"affiliation": HOUSES[part]} if part in HOUSES else {}
            circle.join(handle, **more)
            self.people[part], circle.tokens[part] = circle.ids[handle], circle.tokens[handle]
        self._link("ana", f"ana-{number}")
        self._link("two", f"ana-{number}")
        self._unlink, unlinked = self._link("bo", "second-account"), getattr(self, "_unlink", None)
        if unlinked:
            done(self.guild.call("DELETE", self.guild.in_guild(f"identities/{unlinked}")), 200)
        self._link("tin", f"tin-{number}", is_bot=True)
        circle.offering(**POLICIES[policy])
        for _ in range(3):  # what there is to tell of the people themselves is told before anything is proposed
            run_once(self.runtime, self.clock())

    def person(self, part: str) -> str:
        """Who somebody is, whichever account they use."""
        return {"two": "ana", "sun": "bo"}.get(part, part)

    def part_of(self, member: Any) -> str:
        """The part that a member plays."""
        return next((part for part, id in self.people.items() if id == str(member)), str(member))

    def send(self, method: str, path: str, body: Any = None, *, by: str | None) -> httpx2.Response:
        """A call of somebody; None has no token."""
        return self.guild.call(method, path, body, token=None if by is None else self.circle.tokens[by])

    def wait(self, **time: float) -> None:
        """Time passes, and the worker comes by."""
        now = self.clock.forward(**time)
        assert set(run_once(self.runtime, now)) == {job.name for job in JOBS}, "a job has failed"

    def reads(self, by: str | None) -> dict[str, bytes]:
        """All that somebody is shown who opens every address that there is."""
        found = {}
        for path in self.addresses():
            answer = self.send("GET", path, by=by)
            assert answer.status_code < 500, (path, answer.text)
            if answer.status_code == 200:
                found[path] = answer.content
        return found

    def addresses(self) -> Sequence[str]:
        """Whatever can be read that names no more than the community, its achievement and its members."""
        if not self._paths:
            spec = done(self.guild.get("/openapi.json"), 200)["paths"]
            self._paths = [path for path in spec if "get" in spec[path] and not any(w in path for w in UNTOLD.split())]
        achievement, nominee = self.circle.achievement["id"], self.people["bo"]
        filled = (
            path.replace("{c}", self.guild.slug).replace("{m}", nominee).replace("{a}", achievement)
            if not path.startswith("/achievements/")
            else path.replace("{name}", achievement)
            for path in self._paths
        )
        return [path for path in filled if "{" not in path]

    def _link(self, part: str, account: str, *, is_bot: bool = False) -> str:
        member = self.people.get(part) or self.circle.ids[part]
        body = {"member": member, "platform": "person", "account": account, "is_bot": is_bot}
        id: str = done(self.guild.post(self.guild.in_guild("identities"), body), 201)["id"]
        return id
