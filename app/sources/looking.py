"""What becomes of a delivery: it is read, the rules make something of it, and that happens."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.kit import leases
from app.kit.database import read_session
from app.kit.deps import Runtime
from app.kit.errors import AppError, Busy
from app.kit.leases import Stage
from app.kit.occasions import Afterwards, Occasion
from app.kit.vault import Vault
from app.sources import gatherings, keeping
from app.sources.applying import Came, Place, apply, gather, gathering_key, kept_of, source_and_community
from app.sources.asking import made_of
from app.sources.awards import award
from app.sources.events import Noted, Told, Would, WouldAward, WouldNot, WouldRevoke
from app.sources.grammar import Rules
from app.sources.outcomes import together
from app.sources.paths import Looks, TooMuchInIt
from app.sources.portions import NO_PLAN, Plan, SoFar
from app.sources.proving import prove
from app.sources.receiving import PLATFORMS
from app.sources.receiving.calls import Call
from app.sources.rulebook import rules_of
from app.sources.tables import Gathered, Inbound, Source
from app.sources.taking_back import take_back

MOST_DELIVERIES = 5_000
"""In which one gathering is told, which are read anew each time."""


More = Callable[[], datetime | None]
"""Until when a delivery may be held for more of it; None when it is the turn of others."""


class OutOfHand(Exception):
    """The lease of a delivery has ended, and another worker has it in hand."""


class Step(Enum):
    """What follows on a portion."""

    anew = "anew"
    """Other rules are in force, and nothing has happened."""
    on = "on"
    over = "over"
    """For now, or for good."""


@dataclass(frozen=True)
class Made:
    """What the rules that were in force made of a delivery."""

    rules: Rules
    told: Sequence[Told] = ()
    would: Sequence[Would] = ()
    refused: str | None = None
    """Why nothing can be made of it."""
    plan: Plan = NO_PLAN
    """In which portions it happens."""


def told_by(rules: Rules, source: Source, inbound: Inbound, *, vault: Vault, looks: Looks | None = None) -> list[Would]:
    """What rules make of a delivery. Raises `TooMuchInIt`, `AppError`."""
    told = events_in(source, inbound, vault=vault)
    return _would(rules, source, told, inbound, looks)


def _would(
    rules: Rules, source: Source, told: Sequence[Told], inbound: Inbound, looks: Looks | None = None
) -> list[Would]:
    return made_of(PLATFORMS[source.platform].asks, rules, told, at=inbound.received_at, looks=looks)


def events_in(source: Source, inbound: Inbound, *, vault: Vault) -> list[Told]:
    """What a delivery tells; nothing, of one whose body was dropped. Raises `AppError`."""
    kept = keeping.opened(vault, inbound)
    if kept is None:
        return []
    platform = PLATFORMS[source.platform]
    body = platform.read(Call(kept.raw, kept.headers, transaction=kept.transaction))
    return platform.events(kept.headers, body, inbound.received_at)


def look_into(runtime: Runtime, inbound: Inbound, on: Occasion, more: More) -> None:
    """Has happen what comes of a delivery that is in hand, portion by portion. Raises `OutOfHand`.

    Each is kept with what came of it, so that who dies in between leaves it to the next to go on there. What takes its
    time is done before the first; where other rules were set meanwhile, it is begun anew.
    """
    made = _made_of(runtime, inbound)
    while (step := _happened(runtime, inbound, made, on, more)) is not Step.over:
        if step is Step.anew:
            made = _made_of(runtime, inbound)


def give_up(runtime: Runtime, inbound: Inbound, why: str, *, now: datetime) -> None:
    """Looks no more into a delivery that is in hand; what has happened of it stays."""
    with runtime.writing() as session:
        far, before = _before(session, inbound)
        came = [*(before if far is not None else ()), *kept_of([Came("", "refused", why=why)])]
        leases.end(session, inbound, Stage.given_up, now=now, came_to=came, so_far=None)


def _made_of(runtime: Runtime, inbound: Inbound) -> Made:
    with read_session(runtime.engine) as session:
        source, inbound = session.get_one(Source, inbound.source_id), session.get_one(Inbound, inbound.id)
        rules = rules_of(session, source)
    return made_by(rules, source, inbound, vault=runtime.installation.vault)


def made_by(rules: Rules, source: Source, inbound: Inbound, *, vault: Vault, looks: Looks | None = None) -> Made:
    """What rules make of a delivery, or why nothing."""
    try:
        told = events_in(source, inbound, vault=vault)
        would = _would(rules, source, told, inbound, looks)
        return Made(rules, told, would, plan=Plan.of(source.platform, told, would, rules))
    except (TooMuchInIt, AppError) as error:
        return Made(rules, refused=str(error)[:300])


def _happened(runtime: Runtime, inbound: Inbound, made: Made, on: Occasion, more: More) -> Step:
    """Has the next portion happen. One that may not is said to be refused, and takes none of the others along."""
    try:
        return _portion(runtime, inbound, made, on, more)
    except Busy:
        raise
    except AppError as refusal:
        return _portion(runtime, inbound, made, on, more, refused=refusal)


def _portion(
    runtime: Runtime, inbound: Inbound, made: Made, on: Occasion, more: More, *, refused: AppError | None = None
) -> Step:
    with runtime.writing() as session:
        source, community = source_and_community(session, inbound.source_id)
        if rules_of(session, source) != made.rules:
            return Step.anew
        after = Afterwards.of(on)
        place = Place(session, community, source, runtime.installation, after, inbound.id)
        far, before = _before(session, inbound)
        came, further = _next(place, made, inbound, far, refused)
        if far is not None and far.shown and far.plan == made.plan.digest:
            again = [*far.again, *kept_of(came, len(far.again))]
            came_to = together(before, again)
            further = replace(further, again=again) if further is not None else None
        else:
            came_to = [*before, *kept_of(came, len(before))]
        stage = Stage.given_up if made.refused is not None or source.removed_at is not None else Stage.done
        step = Step.over
        if further is None:
            held = leases.end(session, inbound, stage, now=on.now, came_to=came_to, so_far=None)
        elif (until := more()) is not None:
            step, inbound.attempts = Step.on, 1
            held = leases.go_on(session, inbound, until=until, came_to=came_to, so_far=further.kept())
        else:  # it is the turn of others
            held = leases.again(session, inbound, at=on.now, attempts=0, came_to=came_to, so_far=further.kept())
        if not held:
            raise OutOfHand  # and nothing of it has happened
        after.write(session)
        return step


def _before(session: Session, inbound: Inbound) -> tuple[SoFar | None, list[Any]]:
    """How far a delivery is, and what came of that."""
    kept = select(Inbound.so_far, Inbound.came_to).where(Inbound.id == inbound.id)
    so_far, came_to = session.exec(kept).one()
    return SoFar(**so_far) if so_far is not None else None, list(came_to)


def _next(
    place: Place, made: Made, inbound: Inbound, far: SoFar | None, refused: AppError | None
) -> tuple[list[Came], SoFar | None]:
    """What comes of the next portion, and how far that is; None at its end. `refused` says why nothing may."""
    if place.source.removed_at is not None:
        return [Came("", "refused", why="the source was removed before this was looked into")], None
    if made.refused is not None:
        return [Came("", "refused", why=made.refused)], None
    if far is None or far.plan != made.plan.digest:
        if far is not None and far.shown:
            return [
                Came("", "refused", why="other rules came into force after it was shown what this would come to")
            ], None
        far = SoFar(made.plan.digest)
    one = made.plan.asked[far.done]
    came, after = list[Came](), None
    if refused is not None:
        came = [Came(one.rule if one is not None else "", "refused", why=str(refused)[:300])]
    elif one is None:
        came = _all_else(place, made, inbound)
    elif isinstance(one, WouldAward):
        came = [award(place, one)]
    else:
        came, after = take_back(place, one, UUID(far.after) if far.after is not None else None)
    further = far.then(after)
    return came, further if further.done < len(made.plan.asked) else None


def come_of(place: Place, made: Made, inbound: Inbound, *, settled: Collection[str] = ()) -> list[Came]:
    """All that would come of it, but for gatherings that are `settled` just now; for a trial, which signs nothing."""
    came = _all_else(place, made, inbound, settled)
    for one in made.would:
        if isinstance(one, WouldAward):
            came.append(award(place, one))
        elif isinstance(one, WouldRevoke):
            some, after = take_back(place, one)
            came += some
            while after is not None:
                some, after = take_back(place, one, after)
                came += some
    return came


def _all_else(place: Place, made: Made, inbound: Inbound, settled: Collection[str] = ()) -> list[Came]:
    """What comes of it besides the awards that it asks for: what gatherings award is offered, and signed by nobody."""
    noted = [one for one in made.would if isinstance(one, Noted)]
    came = prove(place, made.told, inbound) + apply(place, made.would)
    over = gather(place, inbound.id, noted) if noted else set()
    rule_of = {gathering_key(one.rule, one.key): one.rule for one in noted}
    came += [Came(one.rule, "noted") for one in noted if gathering_key(one.rule, one.key) not in over]
    would = list(_settled(place, made.rules, {key: rule_of[key] for key in over.difference(settled)}))
    return came + apply(place, would) + [award(place, one) for one in would if isinstance(one, WouldAward)]


def _settled(place: Place, rules: Rules, over: Mapping[str, str]) -> Iterator[Would]:
    """What all that was told of gatherings comes to that have ended, by their keys and the rules that they are of."""
    left = place.left
    for key, rule in sorted(over.items()):
        its = col(Gathered.source_id) == place.source.id, col(Gathered.key) == key
        of_it = sa.select(col(Gathered.inbound_id)).where(*its)
        count, size = place.session.execute(
            sa.select(sa.func.count(), sa.func.sum(col(Inbound.size))).where(col(Inbound.id).in_(of_it))
        ).one()
        left.room -= size or 0
        if left.room < 0 and place.trial:
            raise TooMuchInIt("it ends gatherings of which more was told than is put together at once")
        if count > MOST_DELIVERIES or left.room < 0:
            yield WouldNot(rule, "more was told of it than is put together")
            continue
        telling = select(Inbound).where(col(Inbound.id).in_(of_it)).order_by(col(Inbound.id))
        try:
            noted = [
                one
                for inbound in place.session.exec(telling).all()
                for one in told_by(rules, place.source, inbound, vault=place.at.vault, looks=left.looks)
                if isinstance(one, Noted) and gathering_key(one.rule, one.key) == key
            ]
        except (TooMuchInIt, AppError) as error:
            if place.trial:
                raise
            yield WouldNot(rule, str(error)[:300])
            continue
        for gathering in rules.gathering:
            if gathering.id == rule and noted:
                yield from gatherings.settle(gathering, noted)
