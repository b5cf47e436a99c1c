"""The people of the life of nominations, new in each example, and what strangers see of the place they are in."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx2
import sqlalchemy as sa

from app.achievements.tables import AchievementVersion
from app.kit.deps import Runtime
from app.kit.mail import Message
from app.worker import JOBS, run_once
from tests.app.guild import ACHIEVEMENT, Guild, done
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
    "too few": {"review": {"panel_size": 5, "quorum": 2}, "min_seconds": 1, "min_tenure_days": 3650},
}
"""Of five stewards one is the nominee's second account: where five are needed of those who are there so long, it
waits."""
STEWARDS = ("sam", "sol", "sue", "syd", "sun")
SECONDERS = ("cy", "dee", "eli", "fay")
MEMBERS = ("ana", "two", "bo", "bea", "tin", "out", *SECONDERS)
HOUSES = {"cy": "River Co-op", "dee": "River Co-op", "eli": "Hill House", "fay": "Hill House"}
ELDERS = ("ana", "two")
UNTOLD = "health status audit/verify openapi docs"
"""What tells the time, or how to call, and nothing else."""
UNSPEAKABLE = "Unspeakable \uffff"
"""A name that cannot be signed."""


@dataclass
class World:
    """A service with a place beside. In each example there is a new community; who plays which part in it is known."""

    beside: Guild
    clock: SettableClock
    mails: list[Message]
    circle: Circle = field(init=False)
    people: dict[str, str] = field(default_factory=dict)
    """Ids by the part they play in this example."""
    persons: dict[str, str] = field(default_factory=dict)
    """Who is one person with whom, as far as that is known."""
    _examples: Iterator[int] = field(default_factory=lambda: count(1))
    _strangers: Circle = field(init=False)
    _paths: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._strangers = Circle(self.beside).join("stranger", role="steward").join("gil")

    @property
    def guild(self) -> Guild:
        return self.circle.guild

    @property
    def runtime(self) -> Runtime:
        return runtime_of(self.beside)

    @property
    def engine(self) -> sa.Engine:
        return self.runtime.engine

    def begin(self, policy: str) -> None:
        """A new place, with people and something to be recognised for."""
        number, strangers = next(self._examples), self._strangers
        self.circle = circle = Circle(Guild(self.beside.client, slug=f"guild{number}").found())
        self.address = f"zed{number}@people.example"
        strangers.join("guz" + str(number), email=self.address)
        for part in (*STEWARDS, *MEMBERS):
            more = {"affiliation": HOUSES[part]} if part in HOUSES else {}
            more |= {"joined_at": "2001-01-01T00:00:00Z"} if part in ELDERS else {}
            circle.join(part, role="steward" if part in STEWARDS else "member", **more)
        self.people = dict(circle.ids)
        for part, handle in {"stranger": "stranger", "gil": "gil", "guz": f"guz{number}"}.items():
            self.people[part], circle.tokens[part] = strangers.ids[handle], strangers.tokens[handle]
        self.persons = {"guz": "zed"}
        self.one_person("ana", "two")
        self.one_person("bo", "sun")
        self._account("tin", "tin", is_bot=True)
        circle.achievement = self.guild.achievement(policy=POLICIES[policy])
        run_once(self.runtime, self.clock())  # what there is to tell of the people is told before anything is proposed

    def join(self) -> None:
        """Zed, whom all know by an address, becomes a member."""
        self.circle.join("zed", email=self.address)
        self.people["zed"] = self.circle.ids["zed"]

    def one_person(self, one: str, other: str) -> None:
        """Two accounts are found to be one person's."""
        for part in (one, other):
            self._account(part, f"{one}-{other}")
        here, there = self.person(one), self.person(other)
        self.persons |= {part: here for part in (*self.people, "zed") if self.person(part) == there}

    def person(self, part: str) -> str:
        """Who somebody is, whichever account they use."""
        return self.persons.get(part, part)

    def part_of(self, member: Any) -> str:
        """The part that a member plays; who is no member was named by an address."""
        return next((part for part, id in self.people.items() if id == str(member)), "zed")

    def send(self, method: str, path: str, body: Any = None, *, by: str | None, **headers: str) -> httpx2.Response:
        """A call of somebody; None has no token."""
        return self.guild.call(method, path, body, token=None if by is None else self.circle.tokens[by], **headers)

    def wait(self, **time: float) -> None:
        """Time passes, and the worker comes by."""
        now = self.clock.forward(**time)
        assert set(run_once(self.runtime, now)) == {job.name for job in JOBS}, "a job has failed"

    def speak(self, *, clearly: bool) -> None:
        """Whether badges can be signed from here on."""
        with self.engine.begin() as connection:  # past the door that would have refused the name
            name = ACHIEVEMENT["name"] if clearly else UNSPEAKABLE
            connection.execute(sa.update(AchievementVersion).values(name=name))

    def links(self) -> list[str]:
        """Every link that Zed was sent, oldest first."""
        letters = [mail.body for mail in self.mails if mail.to == self.address]
        return [link for body in letters for link in re.findall(r"/offers/([\w-]+)", body)]

    def reads(self, by: str | None) -> dict[str, bytes]:
        """All that somebody is shown who opens every address that there is."""
        found = {}
        for path in self.addresses():
            answer = self.send("GET", path, by=by)
            assert answer.status_code < 500, (path, answer.text)
            if answer.status_code == 200:
                found[path] = answer.content
        return found

    def addresses(self) -> list[str]:
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

    def _account(self, part: str, account: str, *, is_bot: bool = False) -> None:
        body = {"member": self.people[part], "platform": "person", "account": account, "is_bot": is_bot}
        self.guild.post(self.guild.in_guild("identities"), body)
