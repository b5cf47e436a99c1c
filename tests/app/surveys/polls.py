"""A community that is asked something: short words for what people do in it, all through the door."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import httpx2

from app.kit.deps import Runtime
from app.surveys.deadlines import JOBS
from app.worker import run_once
from tests.app.guild import Guild, done
from tests.app.issuers.conftest import runtime_of
from tests.service import ADMIN_TOKEN
from tests.stand_ins import SettableClock

OPTIONS = ["Not at all", "A little", "For the most part", "Entirely"]
THREE: dict[str, Any] = {
    "name": "Three questions",
    "kind": "forced_choice",
    "options": OPTIONS,
    "questions": [
        {"key": "trust", "element": "membership", "text": "I would leave my keys here."},
        {"key": "glad", "element": "needs", "text": "I go home lighter than I came."},
        {"key": "reach", "element": "influence", "text": "What we do is felt elsewhere."},
    ],
    "free_text": "Anything else?",
}


@dataclass
class Poll:
    """A community, and what it is asked."""

    guild: Guild
    clock: SettableClock
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def runtime(self) -> Runtime:
        return runtime_of(self.guild)

    @property
    def today(self) -> date:
        return self.clock.now.date()

    def people(self, count: int, prefix: str = "member", **more: Any) -> list[str]:
        """So many new members, each with a token."""
        handles = [f"{prefix}{number}" for number in range(count)]
        for handle in handles:
            self.guild.member(handle, **more)
            self.tokens[handle] = self.guild.token(handle)
        return handles

    def survey(self, instrument: dict[str, Any] | None = None, **changes: Any) -> str:
        """The id of a new survey."""
        body = {"instrument": (instrument or THREE) | changes}
        id: str = done(self.guild.post(self.guild.in_guild("surveys"), body), 201)["id"]
        return id

    def plan(self, survey: str, **more: Any) -> httpx2.Response:
        body = {"survey": survey, "name": "This year"} | more
        return self.guild.post(self.guild.in_guild("waves"), body)

    def open(self, survey: str | None = None, **more: Any) -> str:
        """The id of a wave that has just opened, for a week."""
        days = {"opens_on": f"{self.today}", "closes_on": f"{self.today + timedelta(days=7)}"}
        wave: str = done(self.plan(survey or self.survey(), **(days | more)), 201)["id"]
        self.work()
        return wave

    def at(self, wave: str, what: str = "") -> str:
        return self.guild.in_guild(f"waves/{wave}{what}")

    def draw(self, wave: str, handle: str) -> httpx2.Response:
        return self.guild.post(self.at(wave, "/slip"), token=self.tokens[handle])

    def slip(self, wave: str, handle: str) -> str:
        found: str = done(self.draw(wave, handle), 201)["slip"]
        return found

    def answer(self, wave: str, slip: str, options: dict[str, int], **more: Any) -> httpx2.Response:
        return self.guild.post(self.at(wave, "/answer"), {"slip": slip, "answers": options} | more, token=None)

    def answers(self, wave: str, handle: str, *options: int, **more: Any) -> None:
        """A member draws a slip and answers the three questions; 0 leaves one out."""
        given = {key: option for key, option in zip(("trust", "glad", "reach"), options, strict=False) if option}
        done(self.answer(wave, self.slip(wave, handle), given, **more), 201)

    def everybody(self, wave: str, handles: Sequence[str], *columns: Sequence[int]) -> None:
        """Each of these answers; a column for each question."""
        for handle, *options in zip(handles, *columns, strict=True):
            self.answers(wave, handle, *options)

    def close(self, wave: str) -> dict[str, Any]:
        """The results of a wave, whose days go by."""
        closes = date.fromisoformat(self.wave(wave)["closes_on"])
        self.clock.forward(days=(closes - self.today).days)
        self.work()
        return self.results(wave)

    def work(self) -> None:
        """All jobs of surveys."""
        did = run_once(self.runtime, self.clock(), jobs=JOBS)
        assert set(did) == {job.name for job in JOBS}, "one of them failed"

    def wave(self, wave: str) -> dict[str, Any]:
        return done(self.guild.get(self.at(wave), token=ADMIN_TOKEN), 200)

    def results(self, wave: str) -> dict[str, Any]:
        return done(self.guild.get(self.at(wave, "/results"), token=ADMIN_TOKEN), 200)
