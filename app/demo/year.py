"""A year and a quarter of the fictional community: who came and went, what they did, who thanked whom for it, and how
many hours they say it took. Drawn by lots that fall the same way every time; only their days depend on the present.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from random import Random

from app.contributions import service as contributions
from app.contributions.rules import Credited, Report, Side
from app.demo.habits import EVENING, EVENINGS, WAYS, Way
from app.demo.people import LIBRARY, PEOPLE, SITE
from app.demo.quarters import OVER, Calendar
from app.demo.stage import Scene, Stage
from app.kit.occasions import Occasion
from app.members import service as members
from app.members import standing
from app.metrics import periods
from app.metrics.periods import Kind
from app.nominations.thanks import service as thanks
from app.nominations.thanks.service import Words
from app.stories.effort import service as effort
from app.stories.effort.service import Worked

OFTEN, COMES, SAYS_SO = 0.55, 0.4, 0.6
"""How likely somebody does in a month what they do, comes to an evening, and says thank you."""
UNSUNG = {"tove"}
"""Whom nobody has thought of thanking."""
LATER = 0.1
"""Of a quarter: nobody takes longer to say thank you."""
A_WEEK = 3
"""Thanks, at most. Of a month with a week that can be told of, and others that cannot, nothing would be told."""


@dataclass(frozen=True)
class Deed:
    """Something that was done."""

    at: float
    """In quarters."""
    when: datetime
    kind: str
    way: Way
    title: str
    doers: tuple[str, ...]
    helped: tuple[str, ...]
    number: int

    @property
    def url(self) -> str:
        """Where it is told of."""
        return f"{SITE}/days/{self.number}"

    @property
    def report(self) -> Report:
        """As it is entered in the notebook."""
        return Report(
            type=self.kind,
            occurred_at=self.when,
            credits=(*map(Credited, self.doers), *(Credited(each, side=Side.benefits) for each in self.helped)),
            source="notebook",
            dedupe_key=f"day-{self.number}",
            url=self.url,
            title=self.title,
            channel=self.way.channel,
        )


def a_year(calendar: Calendar) -> list[Scene]:
    """All of it, as scenes."""
    lots = Random(20)  # noqa: S311  to make a story up, not to guard one
    done = [deed for deed in (*_daily(calendar, lots), *_evenings(calendar, lots)) if calendar.is_past(deed.when)]
    return [
        *_comings(calendar),
        *_entries(calendar, done),
        *_thanks(calendar, done, lots),
        *_hours(calendar, lots),
    ]


def enters(stage: Stage, handle: str, on: Occasion) -> None:
    """Somebody becomes a member; who was not there from the first day was brought by somebody of their house."""
    person = PEOPLE[handle]
    friend = next(each for each, other in PEOPLE.items() if other.house == person.house)
    members.join(
        stage.session,
        stage.community,
        handle=handle,
        name=person.name,
        email=f"{handle}@lantern-commons.example",
        did=None,
        affiliation=person.house,
        role=person.role,
        joined_at=None,
        inviter=stage.member(friend) if person.came else None,
        at=stage.at,
        on=on,
    )


def _comings(calendar: Calendar) -> Iterator[Scene]:
    """And goings."""

    def coming(handle: str) -> Scene:
        when = calendar.when(PEOPLE[handle].came).replace(hour=6)
        return calendar.scene(when, lambda stage, days: enters(stage, handle, stage.on(days)))

    def going(handle: str, left: float) -> Scene:
        def play(stage: Stage, days: float) -> None:
            standing.leave(stage.session, stage.member(handle), on=stage.on(days, handle))

        return calendar.scene(calendar.when(left), play)

    for handle, person in PEOPLE.items():
        if person.came and calendar.is_past(calendar.when(person.came)):
            yield coming(handle)
        if person.left is not None and calendar.is_past(calendar.when(person.left)):
            yield going(handle, person.left)


def _daily(calendar: Calendar, lots: Random) -> Iterator[Deed]:
    """What everybody does by themselves or with some."""
    chances = [(quarter, month, who, kind) for quarter in range(OVER + 1) for month in range(3)
               for who, person in PEOPLE.items() for kind in person.does.split()]  # fmt: skip
    for number, (quarter, month, who, kind) in enumerate(chances):
        at = quarter + (month + lots.random()) / 3
        others, lot, way = _others(at, who, lots), lots.random(), WAYS[kind]
        title, minute = lots.choice(way.titles), lots.randrange(60)
        if lot < OFTEN and _is_seen(who, at):
            beside = tuple(each for each in others if PEOPLE[each].does)[: way.beside]
            helped = tuple(each for each in others if each not in beside)[: way.helped]
            when = calendar.when(at).replace(hour=way.hour, minute=minute)
            yield Deed(at, when, kind, way, title, (who, *beside), helped, number)


def _evenings(calendar: Calendar, lots: Random) -> Iterator[Deed]:
    """The open evenings, and who came."""
    for quarter, hosts in enumerate(EVENINGS):
        for place, host in enumerate(hosts.split()):
            at = quarter + (place + 0.5) / len(hosts.split())
            when, number = calendar.when(at).replace(hour=EVENING.hour), 10_000 + 100 * quarter + 2 * place
            others = _others(at, host, lots)
            came = tuple(each for each in others if lots.random() < COMES)
            (title,) = EVENING.titles
            yield Deed(at, when, "hosting", EVENING, title, (host,), came[: EVENING.helped], number)
            yield Deed(at, when, "attending", EVENING, title, came, (), number + 1)


def _others(at: float, who: str, lots: Random) -> tuple[str, ...]:
    """Everybody else who is there then, in an order of chance."""
    drawn = lots.sample(list(PEOPLE), len(PEOPLE))
    return tuple(each for each in drawn if each != who and _is_seen(each, at))


def _is_seen(who: str, at: float) -> bool:
    person = PEOPLE[who]
    return person.is_there(at) and person.away != int(at)


def _entries(calendar: Calendar, done: list[Deed]) -> Iterator[Scene]:
    """On Monday morning what was done in the week is entered."""

    def monday(deed: Deed) -> datetime:
        return min(periods.containing(Kind.week, deed.when).end + timedelta(hours=8), calendar.now)

    def entering(day: datetime, deeds: list[Deed]) -> Scene:
        def play(stage: Stage, days: float) -> None:
            reports = [deed.report for deed in deeds]
            contributions.record(stage.session, stage.community, reports, at=stage.at, on=stage.on(days))

        return calendar.scene(day, play)

    for day, deeds in groupby(sorted(done, key=lambda deed: deed.when), key=monday):
        yield entering(day, list(deeds))


def _thanks(calendar: Calendar, done: list[Deed], lots: Random) -> Iterator[Scene]:
    """Some of those who were helped, or had a part in it, say so some days later."""

    def thanking(giver: str, deed: Deed, when: datetime) -> Scene:
        words = Words(to=deed.doers[0], text=deed.way.thanks, contribution_type=deed.kind, url=deed.url)

        def play(stage: Stage, days: float) -> None:
            on = stage.on(days, giver)
            thanks.give(stage.session, stage.community, stage.member(giver).id, words, on=on)

        return calendar.scene(when, play)

    said = Counter[datetime]()
    for deed in done:
        says_so, days = lots.random() < SAYS_SO, lots.uniform(0.5, 8)
        glad = [each for each in (*deed.helped, *deed.doers[1:]) if PEOPLE[each].is_there(deed.at + LATER)]
        when = deed.when + timedelta(days=days)
        there = PEOPLE[deed.doers[0]].is_there(deed.at + LATER) and deed.doers[0] not in UNSUNG
        week = periods.containing(Kind.week, when).start
        if deed.way.thanks and glad and says_so and there and calendar.is_past(when) and said[week] < A_WEEK:
            said[week] += 1
            yield thanking(glad[0], deed, when)


def _hours(calendar: Calendar, lots: Random) -> Iterator[Scene]:
    """On the day after a quarter people say how many hours it took; the library pays for those of its own."""

    def saying(handle: str, worked: Worked, when: datetime) -> Scene:
        def play(stage: Stage, days: float) -> None:
            effort.state(stage.session, stage.community, stage.member(handle).id, worked, on=stage.on(days, handle))

        return calendar.scene(when, play)

    for quarter, window in enumerate(calendar.quarters[:OVER]):
        month, after = periods.last(Kind.month, now=window.end).start.date(), window.end + timedelta(hours=9)
        for handle, person in PEOPLE.items():
            hours = lots.randint(5, 30)
            if person.does and person.is_there(quarter) and person.is_there(quarter + 1):
                sponsor = LIBRARY if person.house == LIBRARY else None
                yield saying(handle, Worked(month, 60 * hours, sponsor), after)
