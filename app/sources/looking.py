"""What the worker does about deliveries: it looks into each, once, and has happen what the rules make of it."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlmodel import Session, col, select

from app.kit import leases
from app.kit.deps import Runtime
from app.kit.errors import AppError
from app.kit.installation import Installation
from app.kit.jobs import Job
from app.kit.leases import Stage
from app.kit.occasions import Occasion
from app.kit.vault import Vault
from app.sources import gatherings, keeping
from app.sources.applying import MOST_TOLD, Came, Place, apply, gather, gathering_key, source_and_community
from app.sources.asking import made_of
from app.sources.awards import award_and_revoke
from app.sources.events import Noted, Told, Would
from app.sources.grammar import Rules
from app.sources.paths import Looks, TooMuchInIt
from app.sources.proving import prove
from app.sources.receiving import PLATFORMS
from app.sources.receiving.calls import Call
from app.sources.rulebook import rules_of
from app.sources.tables import Gathered, Inbound, Source

AT_ONCE = 20
LEASE = timedelta(minutes=5)
TRIES = 5
AGAIN = timedelta(minutes=1)

_log = logging.getLogger(__name__)


def look_into_deliveries(runtime: Runtime, now: datetime) -> int:
    """Looks into some that wait; how many."""
    with runtime.writing() as session:
        claimed = leases.claim(session, Inbound, lease=runtime.ids.row(), now=now, lasting=LEASE, limit=AT_ONCE)
        session.expunge_all()
    for inbound in claimed:
        try:
            with runtime.writing() as session:
                _look_into(session, inbound, runtime.installation, Occasion(str(inbound.source_id), now, runtime.ids))
        except Exception:  # noqa: BLE001  an error of ours over one delivery holds up no other
            _log.exception("Delivery %s could not be looked into.", inbound.id)
            with runtime.writing() as session:
                _later(session, inbound, now)
    return len(claimed)


def told_by(rules: Rules, source: Source, inbound: Inbound, *, vault: Vault, looks: Looks | None = None) -> list[Would]:
    """What rules make of a delivery. Raises `TooMuchInIt`, `AppError`."""
    told = events_in(source, inbound, vault=vault)
    return made_of(PLATFORMS[source.platform].asks, rules, told, at=inbound.received_at, looks=looks)


def events_in(source: Source, inbound: Inbound, *, vault: Vault) -> list[Told]:
    """What a delivery tells; nothing, of one whose body was dropped. Raises `AppError`."""
    kept = keeping.opened(vault, inbound)
    if kept is None:
        return []
    platform = PLATFORMS[source.platform]
    body = platform.read(Call(kept.raw, kept.headers, transaction=kept.transaction))
    return platform.events(kept.headers, body, inbound.received_at)


def _look_into(session: Session, inbound: Inbound, at: Installation, on: Occasion) -> None:
    source, community = source_and_community(session, inbound.source_id)
    rules, place = rules_of(session, source), Place(session, community, source, at, on)
    end = partial(leases.end, session, inbound, now=on.now)
    try:
        told = events_in(source, inbound, vault=at.vault)
        would = told_by(rules, source, inbound, vault=at.vault)
    except (TooMuchInIt, AppError) as error:
        end(Stage.given_up, came_to=[Came("", "refused", why=str(error)[:300]).said()])
        return
    noted = [one for one in would if isinstance(one, Noted)]
    came = prove(place, told, inbound) + apply(place, would) + award_and_revoke(place, would)
    over = gather(place, inbound.id, noted) if noted else set()
    came += [Came(one.rule, "noted") for one in noted if gathering_key(one.rule, one.key) not in over]
    settled = list(_settled(place, rules, over))
    came += apply(place, settled) + award_and_revoke(place, settled)
    end(Stage.done, came_to=[one.said() for one in came[:MOST_TOLD]])


def _settled(place: Place, rules: Rules, over: set[str]) -> Iterator[Would]:
    """What all that was told of gatherings comes to that have ended."""
    for key in sorted(over):
        telling = select(Inbound).join(Gathered, col(Gathered.inbound_id) == Inbound.id)
        telling = telling.where(Gathered.source_id == place.source.id, Gathered.key == key).order_by(col(Inbound.id))
        noted = [
            one
            for inbound in place.session.exec(telling).all()
            for one in told_by(rules, place.source, inbound, vault=place.at.vault)
            if isinstance(one, Noted) and gathering_key(one.rule, one.key) == key
        ]
        for rule in rules.gathering:
            of_it = [one for one in noted if one.rule == rule.id]
            if of_it:
                yield from gatherings.settle(rule, of_it)


def _later(session: Session, inbound: Inbound, now: datetime) -> None:
    if inbound.attempts < TRIES:
        leases.again(session, inbound, at=now + AGAIN * 2**inbound.attempts)
        return
    came: list[Any] = [Came("", "refused", why="an error of ours; it can be replayed once that is mended").said()]
    leases.end(session, inbound, Stage.given_up, now=now, came_to=came)


JOBS = (Job("look into deliveries", look_into_deliveries),)
