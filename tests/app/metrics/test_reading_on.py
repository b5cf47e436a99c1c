"""What is known of a community is read on by its journal: after whatever happens it is what reading all again gives."""

from collections.abc import Callable
from random import Random
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from app.kit.database import still_session
from app.members.tables import Community
from app.metrics import publishing as metrics
from app.metrics.honouring import concerned
from app.metrics.loading import Columns, known_of
from app.reports.digest import making as digests
from app.worker import run_once
from tests.app.contributions.routes import of, type_of
from tests.app.guild import Guild, done
from tests.app.issuers.conftest import runtime_of
from tests.app.metrics.test_loading import loaded
from tests.app.nominations.circle import Circle
from tests.app.nominations.offers import QUICK, respond
from tests.app.stories.routes import answered, asked, taken_up
from tests.service import ADMIN_TOKEN, on_both_databases
from tests.stand_ins import SettableClock

PEOPLE = ("ana", "bo", "cy", "dee")


class Life:
    """A community in which one thing after the other happens, drawn from a seed."""

    def __init__(self, guild: Guild, seed: int) -> None:
        self.guild, self.draw = guild, Random(seed)  # noqa: S311
        self.circle = Circle(guild).join(*PEOPLE, "fay").offering(**QUICK)
        self.done, self.offered, self.badges = list[str](), list[tuple[str, str]](), list[str]()
        self.strangers = list[str]()
        self.count = 0

    @property
    def who(self) -> str:
        return self.draw.choice(PEOPLE)

    def token(self) -> str:
        return self.circle.tokens[self.who]

    def number(self) -> int:
        self.count += 1
        return self.count

    def when(self) -> str:
        """When what is recorded now was done."""
        return f"2026-10-{self.draw.randint(1, 4):02}T09:00:00Z"

    def contribute(self) -> None:
        """At any time, often at one that others have too, alone or for somebody, in some channel."""
        who, helped = self.draw.sample(PEOPLE, 2)
        credits: list[dict[str, Any]] = [{"person": who}]
        if self.draw.random() < 0.5:
            credits.append({"person": helped, "side": "for"})
        if self.draw.random() < 0.3:
            credits.append({"account": {"platform": "github", "account": self.draw.choice(("cloud1", "stone"))}})
        body = {
            "type": self.draw.choice(("hosting", "mentoring")),
            "credits": credits,
            "occurred_at": self.when(),
            "channel": self.draw.choice((None, "chat", "forum", "air")),
            "url": self.draw.choice((None, "https://guild.example/call")),
        }
        said = {name: value for name, value in body.items() if value is not None}
        made = done(self.guild.post(self.guild.in_guild("contributions"), said, token=ADMIN_TOKEN), 201)
        self.done.append(made["id"])

    def correct(self) -> None:
        if self.done:
            id = self.done.pop(self.draw.randrange(len(self.done)))
            body = {"reason": "It was another day.", "occurred_at": self.when().replace("T09", "T10")}
            self.done.append(done(self.guild.post(self.guild.in_guild(f"contributions/{id}/correct"), body), 201)["id"])

    def retract(self) -> None:
        if self.done:
            id = self.done.pop(self.draw.randrange(len(self.done)))
            done(self.guild.post(self.guild.in_guild(f"contributions/{id}/retract"), {"reason": "It was none."}), 200)

    def nominate(self) -> None:
        """One at a time is open of somebody for one achievement; another is refused."""
        nominee = self.draw.choice(("bo", "dee"))
        made = self.circle.nominate(nominee, by="ana")
        if made.status_code == 201:
            id = made.json()["id"]
            self.circle.invite(id, "cy")
            self.circle.second(id, "cy")
            self.offered.append((id, nominee))

    def respond(self) -> None:
        if self.offered:
            id, nominee = self.offered.pop()
            respond(self.circle, id, by=nominee, response=self.draw.choice(("accept", "refuse")))

    def award(self) -> None:
        options = {"recipient": {"member": self.who}, "evidence": [{"url": "https://guild.example/call"}]}
        made = self.guild.badge(self.guild.achievement(name=f"Host {self.number()}"), **options)
        self.badges.append(made["id"])

    def revoke(self) -> None:
        if self.badges:
            done(self.guild.post(f"/v1/credentials/{self.badges.pop()}/revoke", {"reason": "By mistake."}), 200)

    def thank(self) -> None:
        giver, receiver = self.draw.sample(PEOPLE, 2)
        body = {"to": receiver, "text": f"Thank you for number {self.number()}.", "contribution_type": "hosting"}
        self.guild.post(self.guild.in_guild("thanks"), body, token=self.circle.tokens[giver])

    def ask(self) -> None:
        asked(self.guild, self.token())

    def answer(self) -> None:
        answered(self.guild, self.token(), "fay")

    def take_up(self) -> None:
        taken_up(self.guild, **({"contribution": self.done[-1]} if self.done else {}))

    def join(self) -> None:
        self.guild.member(f"new{self.number()}", joined_at=f"2026-0{self.draw.randint(1, 9)}-01T00:00:00Z")

    def link(self) -> None:
        self.guild.post(
            self.guild.in_guild("identities"), {"member": self.who, "platform": "github", "account": "cloud1"}
        )

    def add_type(self) -> None:
        type_of(self.guild, f"own_{self.number()}")

    def opt(self) -> None:
        method = self.draw.choice(("PUT", "DELETE"))
        self.guild.call(method, "/v1/me/uncounted", token=self.token())

    def award_stranger(self) -> None:
        """Known by an address alone."""
        self.strangers.append(f"s{self.number()}@people.example")
        self.badge({"email": self.strangers[-1], "name": "S"})

    def welcome_stranger(self) -> None:
        """They join, and what they are given next finds them."""
        if self.strangers:
            handle, address = f"met{self.number()}", self.strangers.pop()
            self.guild.member(handle, email=address)
            loaded(self.guild)
            self.badge({"member": handle})

    def badge(self, recipient: dict[str, str]) -> None:
        achievement = self.guild.achievement(name=f"Badge {self.number()}")
        self.badges.append(self.guild.badge(achievement, recipient=recipient)["id"])

    def newcomer(self) -> str:
        """Somebody who has just joined and done something."""
        handle = f"fresh{self.number()}"
        self.guild.member(handle)
        of(self.guild, handle, occurred_at=self.when())
        return handle

    def leave_and_return(self) -> None:
        who = self.newcomer()
        done(self.guild.post(self.guild.in_guild(f"members/{who}/leave")), 200)
        loaded(self.guild)
        if self.draw.random() < 0.8:
            done(self.guild.post(self.guild.in_guild(f"members/{who}/return")), 200)

    def rest(self) -> None:
        """From now on, and perhaps not as long as was said."""
        who = self.newcomer()
        path = self.guild.in_guild(f"members/{who}/breaks")
        made = done(self.guild.post(path, {"until": "2036-01-01T00:00:00Z"}), 201)
        loaded(self.guild)
        if self.draw.random() < 0.5:
            done(self.guild.call("DELETE", f"{path}/{made['id']}"), 200)

    def change(self) -> None:
        """Of affiliation and of role."""
        said = self.draw.choice(({"affiliation": "Tall Tree"}, {"affiliation": None}, {"role": "steward"}))
        path = self.guild.in_guild(f"members/{self.draw.choice(('cy', 'fay'))}")
        done(self.guild.call("PATCH", path, said, If_Match="*"), 200)

    def honour(self) -> None:
        method = self.draw.choice(("PUT", "DELETE"))
        done(self.guild.call(method, self.guild.in_guild("members/fay/emeritus")), 200)

    def tie(self) -> None:
        one, other = self.draw.sample(PEOPLE, 2)
        self.guild.post(self.guild.in_guild("ties"), {"members": [one, other], "kind": "close"})

    def unlink(self) -> None:
        known = done(self.guild.get(self.guild.in_guild("identities"), token=ADMIN_TOKEN), 200)["items"]
        if known:
            done(self.guild.call("DELETE", self.guild.in_guild(f"identities/{known[0]['id']}")), 200)

    def mark_bot(self) -> None:
        who = self.newcomer()
        body = {"member": who, "platform": "github", "account": who, "is_bot": True}
        done(self.guild.post(self.guild.in_guild("identities"), body), 201)
        answered(self.guild, self.token(), who)

    def erase(self) -> None:
        who = self.newcomer()
        path = f"/v1/me/data?credentials=keep&confirm={who}"
        done(self.guild.call("DELETE", path, token=self.guild.token(who)), 200)


OFTEN: tuple[Callable[[Life], None], ...] = (
    Life.contribute, Life.contribute, Life.contribute, Life.correct, Life.retract, Life.thank, Life.award, Life.revoke,
    Life.nominate, Life.respond,
)  # fmt: skip
SELDOM: tuple[Callable[[Life], None], ...] = (
    Life.ask, Life.answer, Life.take_up, Life.join, Life.link, Life.add_type, Life.opt,
    Life.award_stranger, Life.welcome_stranger, Life.leave_and_return, Life.rest, Life.change, Life.honour, Life.tie,
    Life.unlink, Life.mark_bot, Life.erase,
)  # fmt: skip


@on_both_databases
@pytest.mark.parametrize("seed", [1, 2])
def test_after_whatever_happens_it_is_what_reading_all_again_gives(guild: Guild, seed: int) -> None:
    life = Life(guild, seed)
    loaded(guild)
    for _ in range(40):
        for _ in range(life.draw.randint(1, 3)):
            life.draw.choice(OFTEN if life.draw.random() < 0.8 else SELDOM)(life)
        loaded(guild)


def known(guild: Guild) -> Columns:
    runtime = runtime_of(guild)
    with still_session(runtime.engine) as session:
        return known_of(runtime.memory, session, session.exec(select(Community)).one())


def test_of_what_is_only_added_no_more_than_that_is_read(guild: Guild) -> None:
    life = Life(guild, 1)
    before = known(guild)
    life.contribute()
    done_since = known(guild)
    assert (done_since.everybody, done_since.given) == (before.everybody, before.given), "the very same objects"
    assert len(done_since.done.order) == 1
    life.thank()
    given_since = known(guild)
    assert given_since.done is done_since.done
    assert len(given_since.given.order) == 1


def test_of_who_has_many_badges_one_more_is_read_alone(guild: Guild) -> None:
    life = Life(guild, 1)
    for _ in range(3):
        life.badge({"member": "ana"})
    before = known(guild).given.order
    life.badge({"member": "ana"})
    with still_session(runtime_of(guild).engine) as session:
        assert [*concerned(session, [UUID(life.badges[-1])], before).badges] == [UUID(life.badges[-1])]


def test_of_who_has_become_a_member_with_what_they_are_given_all_is_read(guild: Guild) -> None:
    life = Life(guild, 1)
    for _ in range(3):
        life.badge({"email": "zed@people.example", "name": "Zed"})
    guild.member("zed", email="zed@people.example")
    assert len(known(guild).given.order) == 0
    life.badge({"member": "zed"})
    assert len(known(guild).given.order) == 4
    loaded(guild)


def test_publishing_has_nothing_read_again(guild: Guild, clock: SettableClock) -> None:
    life = Life(guild, 1)
    life.contribute()
    before = known(guild)
    clock.forward(days=100)
    assert run_once(runtime_of(guild), clock.now, jobs=[*metrics.JOBS, *digests.JOBS])["publish figures"]
    after = known(guild)
    assert after.seq > before.seq
    assert (after.everybody, after.done) == (before.everybody, before.done), "the very same objects"


@pytest.mark.parametrize("happens", dict.fromkeys(SELDOM), ids=lambda one: one.__name__)
def test_of_whatever_happens_seldom_it_is_so_each_time(guild: Guild, happens: Callable[[Life], None]) -> None:
    life = Life(guild, 7)
    for each in (Life.contribute, Life.award_stranger, Life.link, happens, happens):
        loaded(guild)
        each(life)
    loaded(guild)


def test_who_joins_has_everything_read_again(guild: Guild) -> None:
    before = known(guild)
    guild.member("ana")
    assert len(known(guild).everybody.ids) == len(before.everybody.ids) + 1
