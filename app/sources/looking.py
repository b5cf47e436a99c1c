"""What becomes of a delivery: it is read, the rules make something of it, and that happens."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import col, select

from app.kit import leases
from app.kit.database import read_session
from app.kit.deps import Runtime
from app.kit.errors import AppError
from app.kit.leases import Stage
from app.kit.occasions import Afterwards, Occasion
from app.kit.vault import Vault
from app.sources import gatherings, keeping
from app.sources.applying import Came, Place, apply, gather, gathering_key, kept_of, source_and_community
from app.sources.asking import made_of
from app.sources.awards import award_and_revoke
from app.sources.events import Noted, Told, Would, WouldNot
from app.sources.grammar import Rules
from app.sources.paths import Looks, TooMuchInIt
from app.sources.proving import prove
from app.sources.receiving import PLATFORMS
from app.sources.receiving.calls import Call
from app.sources.rulebook import rules_of
from app.sources.tables import Gathered, Inbound, Source

MOST_DELIVERIES, MOST_OF_GATHERINGS = 5_000, 16 * 1024 * 1024
"""In which one gathering is told, and what may be in all that one delivery ends: they are read anew each time."""


class OutOfHand(Exception):
    """The lease of a delivery has ended, and another worker has it in hand."""


@dataclass(frozen=True)
class Made:
    """What the rules that were in force made of a delivery."""

    rules: Rules
    told: Sequence[Told] = ()
    would: Sequence[Would] = ()
    refused: str | None = None
    """Why nothing can be made of it."""


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


def look_into(runtime: Runtime, inbound: Inbound, on: Occasion) -> None:
    """Has happen what comes of a delivery that is in hand. Raises `OutOfHand`.

    What takes its time is done before the transaction begins; where other rules were set meanwhile, once more.
    """
    while not _happened(runtime, inbound, _made_of(runtime, inbound), on):
        pass


def _made_of(runtime: Runtime, inbound: Inbound) -> Made:
    with read_session(runtime.engine) as session:
        source, inbound = session.get_one(Source, inbound.source_id), session.get_one(Inbound, inbound.id)
        rules = rules_of(session, source)
    return made_by(rules, source, inbound, vault=runtime.installation.vault)


def made_by(rules: Rules, source: Source, inbound: Inbound, *, vault: Vault, looks: Looks | None = None) -> Made:
    """What rules make of a delivery, or why nothing."""
    try:
        told = events_in(source, inbound, vault=vault)
        return Made(rules, told, _would(rules, source, told, inbound, looks))
    except (TooMuchInIt, AppError) as error:
        return Made(rules, refused=str(error)[:300])


def _happened(runtime: Runtime, inbound: Inbound, made: Made, on: Occasion) -> bool:
    with runtime.writing() as session:
        source, community = source_and_community(session, inbound.source_id)
        rules, after = rules_of(session, source), Afterwards.of(on)
        place = Place(session, community, source, runtime.installation, after)
        if rules != made.rules:
            return False
        if source.removed_at is not None:
            made = Made(rules, refused="the source was removed before this was looked into")
        if made.refused is None:
            stage, came = Stage.done, come_of(place, made, inbound)
        else:
            stage, came = Stage.given_up, [Came("", "refused", why=made.refused)]
        if not leases.end(session, inbound, stage, now=on.now, came_to=kept_of(came)):
            raise OutOfHand  # and nothing of it has happened
        after.write(session)
        return True


def come_of(place: Place, made: Made, inbound: Inbound, *, settled: Collection[str] = ()) -> list[Came]:
    """Has it happen: what comes of each event, but for gatherings that are `settled` just now."""
    noted = [one for one in made.would if isinstance(one, Noted)]
    came = prove(place, made.told, inbound) + apply(place, made.would) + award_and_revoke(place, made.would)
    over = gather(place, inbound.id, noted) if noted else set()
    rule_of = {gathering_key(one.rule, one.key): one.rule for one in noted}
    came += [Came(one.rule, "noted") for one in noted if gathering_key(one.rule, one.key) not in over]
    would = list(_settled(place, made.rules, {key: rule_of[key] for key in over.difference(settled)}))
    return came + apply(place, would) + award_and_revoke(place, would)


def _settled(place: Place, rules: Rules, over: Mapping[str, str]) -> Iterator[Would]:
    """What all that was told of gatherings comes to that have ended, by their keys and the rules that they are of."""
    looks, room = Looks(), MOST_OF_GATHERINGS
    for key, rule in sorted(over.items()):
        its = col(Gathered.source_id) == place.source.id, col(Gathered.key) == key
        of_it = sa.select(col(Gathered.inbound_id)).where(*its)
        count, size = place.session.execute(
            sa.select(sa.func.count(), sa.func.sum(col(Inbound.size))).where(col(Inbound.id).in_(of_it))
        ).one()
        room -= size or 0
        if count > MOST_DELIVERIES or room < 0:
            yield WouldNot(rule, "more was told of it than is put together")
            continue
        telling = select(Inbound).where(col(Inbound.id).in_(of_it)).order_by(col(Inbound.id))
        try:
            noted = [
                one
                for inbound in place.session.exec(telling).all()
                for one in told_by(rules, place.source, inbound, vault=place.at.vault, looks=looks)
                if isinstance(one, Noted) and gathering_key(one.rule, one.key) == key
            ]
        except (TooMuchInIt, AppError) as error:
            yield WouldNot(rule, str(error)[:300])
            continue
        for gathering in rules.gathering:
            if gathering.id == rule and noted:
                yield from gatherings.settle(gathering, noted)
