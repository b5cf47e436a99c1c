"""What was known at an instant is the same whatever people do afterwards, through the door."""

from collections.abc import Callable, Sequence
from dataclasses import fields
from random import Random
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from app.kit.database import read_session
from app.members.tables import Community
from app.metrics.facts import NEVER, Facts, Table
from app.metrics.loading import read
from app.metrics.periods import instant
from tests.app.contributions.routes import of
from tests.app.guild import Guild, done
from tests.app.issuers.conftest import runtime_of
from tests.app.metrics.test_reading_on import Life
from tests.app.nominations.circle import STATEMENT
from tests.app.nominations.offers import QUICK, respond
from tests.app.stories.routes import asked, taken_up
from tests.service import ADMIN_TOKEN, on_both_databases
from tests.stand_ins import SettableClock

EXAMPLES: Final = {"sqlite": 12, "postgresql": 4}
BOUNDED: Final = settings(
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[
        Phase.explicit,
        Phase.reuse,
        Phase.generate,
    ],  # what happened before goes on: no example can be made shorter
)


class Afterwards(Life):
    """A community in which nothing is said of the past: no late report, no correction, nobody is somebody else."""

    def __init__(self, guild: Guild, clock: SettableClock) -> None:
        super().__init__(guild, seed=1)
        self.clock = clock
        self.circle.join("eli")
        self.breaks, self.questions = list[str](), list[str]()

    def begin(self, seed: int) -> None:
        """From now on; what was done and given before is not corrected."""
        self.draw = Random(seed)  # noqa: S311
        self.done, self.strangers = [], []

    def when(self) -> str:
        return f"{self.clock.now:%Y-%m-%dT%H:%M:%SZ}"

    def join(self) -> None:
        self.guild.member(f"new{self.number()}", affiliation=self.draw.choice((None, "tall tree", "TALL TREE", "Air")))

    def correct(self) -> None:
        """Of what was done since."""
        if self.done:
            id = self.done.pop()
            body = {"reason": "It was mentoring.", "type": "mentoring"}
            self.done.append(done(self.guild.post(self.guild.in_guild(f"contributions/{id}/correct"), body), 201)["id"])

    def take_up(self) -> None:
        """What was done since, today."""
        if self.done:
            taken_up(self.guild, contribution=self.done[-1], happened_at=self.when())

    def ask(self) -> None:
        self.questions.append(asked(self.guild, self.token())["id"])

    def answer(self) -> None:
        """Perhaps a question of long ago."""
        if self.questions:
            path = self.guild.in_guild(f"needs/{self.questions.pop()}/answer")
            self.guild.post(path, {"member": "fay"}, token=ADMIN_TOKEN)

    def come_and_go(self) -> None:
        """Eli leaves, or comes back."""
        for act in ("leave", "return"):
            if self.guild.post(self.guild.in_guild(f"members/eli/{act}")).status_code == 200:
                return

    def rest(self) -> None:
        """From now on, or no longer."""
        path = self.guild.in_guild("members/fay/breaks")
        if self.breaks:
            done(self.guild.call("DELETE", f"{path}/{self.breaks.pop()}"), 200)
        else:
            self.breaks.append(done(self.guild.post(path, {"until": "2036-01-01T00:00:00Z"}), 201)["id"])

    def change(self) -> None:
        """Of affiliation and of role."""
        names = ("Tall Tree", "tall tree", "Air", None)
        said: Any = self.draw.choice(
            ({"role": "steward"}, {"role": "member"}, {"affiliation": self.draw.choice(names)})
        )
        path = self.guild.in_guild(f"members/{self.draw.choice(('cy', 'fay'))}")
        done(self.guild.call("PATCH", path, said, If_Match="*"), 200)

    def opt(self) -> None:
        """Of somebody who has just joined, and did something for one who was there."""
        who = self.newcomer()
        body = {
            "type": "hosting", "occurred_at": self.when(),
            "credits": [{"person": who}, {"person": "bo", "side": "for"}],
        }  # fmt: skip
        done(self.guild.post(self.guild.in_guild("contributions"), body, token=ADMIN_TOKEN), 201)
        done(self.guild.call("PUT", "/v1/me/uncounted", token=self.guild.token(who)), 200)


EVERYTHING: Final[Sequence[Callable[[Afterwards], None]]] = (
    Afterwards.contribute, Afterwards.correct, Afterwards.retract, Afterwards.nominate, Afterwards.respond,
    Afterwards.award, Afterwards.revoke, Afterwards.thank, Afterwards.ask, Afterwards.answer, Afterwards.take_up,
    Afterwards.join, Afterwards.add_type, Afterwards.opt, Afterwards.award_stranger, Afterwards.welcome_stranger,
    Afterwards.come_and_go, Afterwards.leave_and_return, Afterwards.rest, Afterwards.change, Afterwards.honour,
    Afterwards.tie, Afterwards.mark_bot, Afterwards.erase,
)  # fmt: skip


def known(guild: Guild, end: int) -> dict[str, Any]:
    """What was known of those who want to be counted, and the digest of it."""
    with read_session(runtime_of(guild).engine) as session:
        columns = read(session, session.exec(select(Community).where(Community.slug == guild.slug)).one())
    assert columns.facts.until(end).not_counted <= columns.whole.until(end).people
    return told(columns.facts.until(end)) | {"whole": told(columns.whole.until(end))}


def told(facts: Facts) -> dict[str, Any]:
    tables = {each.name: getattr(facts, each.name) for each in fields(facts)}
    rows = {
        name: [column.tolist() for column in table.columns]
        for name, table in tables.items()
        if isinstance(table, Table)
    }
    return rows | {"digest": facts.digest}


@on_both_databases
def test_whatever_happens_afterwards_what_was_known_is_the_same(
    guild: Guild, clock: SettableClock, request: pytest.FixtureRequest
) -> None:
    kind = "postgresql" if "postgresql" in request.node.name else "sqlite"
    life = Afterwards(guild, clock)
    for happens in EVERYTHING:
        happens(life)

    @settings(BOUNDED, max_examples=EXAMPLES[kind])
    @given(st.lists(st.sampled_from(EVERYTHING), min_size=6, max_size=12), st.integers(0, 2**32))
    def check(happening: list[Callable[[Afterwards], None]], seed: int) -> None:
        clock.forward(hours=1)
        end = instant(clock.now)
        before = known(guild, end)
        life.begin(seed)
        for happens in happening:
            happens(life)
            clock.forward(hours=1)
        assert known(guild, end) == before, [happens.__name__ for happens in happening]

    check()


def test_who_comes_back_had_been_away_and_what_is_accepted_now_had_been_offered(
    guild: Guild, clock: SettableClock
) -> None:
    life = Afterwards(guild, clock)
    life.circle.offering(**QUICK, team=True)
    statement = STATEMENT | {"contribution": "Bo and Eli opened the Tuesday table. Dee stacked the chairs."}
    offer = life.circle.seconded("cy", nominees=["bo", "dee", "eli"], statement=statement)
    life.award()  # for what stands at an address where nothing is known yet
    done(guild.post(guild.in_guild("members/fay/leave")), 200)
    clock.forward(hours=1)
    before = known(guild, instant(clock.now))
    end = instant(clock.now)
    rows = dict(zip(("offered", "accepted"), (before["recognitions"][place] for place in (3, 4)), strict=True))
    assert sorted(rows["accepted"])[-3:] == [NEVER] * 3, "of three it is not known whether they take it"
    clock.forward(hours=1)
    for nominee in ("eli", "dee", "bo"):
        clock.forward(hours=1)
        done(respond(life.circle, offer, by=nominee), 200)
        assert known(guild, end) == before
    done(guild.post(guild.in_guild("members/fay/return")), 200)
    assert known(guild, end) == before
    of(guild, "cy", occurred_at=life.when(), url="https://guild.example/call")
    assert known(guild, end) == before
