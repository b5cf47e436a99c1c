"""Use-case: looking again at what is kept, once rules have changed: what would be otherwise is said before it is so.

It is found out by having it happen and undoing that, so that it is all there is to say: contributions, awards, what is
taken back, and gatherings put together anew; and nothing that the platform has undone since.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.orm import defer
from sqlmodel import col, select

from app.contributions import correcting
from app.contributions.naming import in_batches
from app.contributions.tables import Contribution
from app.credentials.tables import Credential
from app.kit.database import tried
from app.kit.errors import AppError, Conflict
from app.kit.leases import Stage
from app.kit.occasions import Afterwards
from app.sources.applying import Came, Place, gather, gathering_key
from app.sources.events import Noted, WouldAward, WouldRevoke
from app.sources.looking import Made, come_of, made_by
from app.sources.outcomes import happened
from app.sources.paths import MOST_LOOKS, Looks, TooMuchInIt
from app.sources.portions import SoFar
from app.sources.rulebook import rules_of
from app.sources.tables import Gathered, Inbound
from app.sources.taking_back import count

MOST, _MOST_BYTES = 200, 8 * 1024 * 1024
"""Deliveries at once, and what is in them: nobody else writes meanwhile."""
_LOOKS = 3 * MOST_LOOKS
"""At what is in all of them: as much as any one may need is left for each."""
_MOST_AWARDS = 200
"""That all of them ask for or take back, and twice as many as any one may: so that there is room for two, always."""


class ReplayChanged(Conflict):
    """What would be otherwise is not what was shown."""

    code = "replay-changed"
    fix = "Look at it again without `apply`, and send the `diff` of that."


@dataclass(frozen=True)
class Difference:
    """What a delivery would come to otherwise than it did."""

    delivery: UUID
    rule: str | None
    change: str
    """`new` or `gone`, of a contribution; else what would become of it, in the words of `came_to`."""
    type: str | None = None
    """Of a contribution."""
    contribution: UUID | None = None
    """The one that there is; none of what would be new."""
    achievement: UUID | None = None
    credential: UUID | None = None


@dataclass(frozen=True)
class Replay:
    """What would be otherwise."""

    differences: Sequence[Difference]
    unchanged: int
    """Contributions that stay as they are."""
    unreadable: int
    """Deliveries that cannot be looked at under these rules."""
    looked: Sequence["Again"]
    """Those that were, and of which it is said what they would come to."""

    @property
    def digest(self) -> str:
        """Of what was looked at and all that would be otherwise: the same for whoever looks again, as long as it is."""
        said = [orjson.dumps(sorted(one.inbound.id for one in self.looked))]
        said += sorted(orjson.dumps(one) for one in self.differences)
        return hashlib.sha256(b"\n".join(said)).hexdigest()


@dataclass(frozen=True)
class Again:
    """A delivery, and what the rules in force make of it."""

    inbound: Inbound
    made: Made

    @property
    def noted(self) -> list[Noted]:
        return [one for one in self.made.would if isinstance(one, Noted)]


def chosen(
    place: Place, ids: Sequence[UUID], since: datetime | None, until: datetime | None
) -> tuple[list[Inbound], datetime | None]:
    """Those deliveries of a source whose bodies are still kept, and since when there are older ones.

    The newest, if they are more than `MOST`, or too much together.
    """
    those = [col(Inbound.source_id) == place.source.id, col(Inbound.sealed).is_not(None)]
    those += [col(Inbound.stage) != Stage.waiting]
    those += [col(Inbound.id).in_(ids)] if ids else []
    those += [col(Inbound.received_at) >= since] if since is not None else []
    those += [col(Inbound.received_at) <= until] if until is not None else []
    newest = select(Inbound).where(*those).order_by(col(Inbound.id).desc()).limit(MOST + 1)
    found, size = list[Inbound](), 0
    for inbound in place.session.exec(newest.options(defer(Inbound.sealed))).all():  # type: ignore[arg-type]
        size += inbound.size
        if len(found) == MOST or (found and size > _MOST_BYTES):
            return found[::-1], found[-1].received_at
        found.append(inbound)
    return found[::-1], None


def read(place: Place, inbounds: Sequence[Inbound]) -> tuple[list[Again], datetime | None]:
    """What the rules in force make of deliveries; of the newest, where all are too much, and since when those are."""
    rules, looks_left, awards_left, found = rules_of(place.session, place.source), _LOOKS, _MOST_AWARDS, list[Again]()
    for inbound in reversed(inbounds):
        looks = Looks(MOST_LOOKS)
        made = made_by(rules, place.source, inbound, vault=place.at.vault, looks=looks)
        place.session.expire(inbound, ["sealed"])
        looks_left -= MOST_LOOKS - max(looks.left, 0)
        awards = _awards(place, made)
        if awards > _MOST_AWARDS // 2:
            made, awards = Made(rules, refused="it asks for more awards than are looked at again"), 0
        awards_left -= awards
        if found and min(looks_left, awards_left) < 0:
            return found[::-1], found[-1].inbound.received_at
        found.append(Again(inbound, made))
    return found[::-1], None


def _awards(place: Place, made: Made) -> int:
    """How many it asks for and takes back, or that they are too many."""
    most, found = _MOST_AWARDS // 2, 0
    for one in made.would:
        if isinstance(one, WouldAward):
            found += 1
        elif isinstance(one, WouldRevoke):
            found += 1 + count(place, one, most)
        if found > most:
            break
    return found


def compared(place: Place, read: Sequence[Again]) -> Replay:
    """What these would come to, beside what they came to. Nothing of it has happened."""
    found, settled, looked = list[Difference](), set[str](), list[Again]()
    still, untouched = set[UUID](), _in_part(place, [each.inbound.id for each in read])
    place = replace(place, on=Afterwards.of(place.on), trial=True)  # and what is recorded is not written
    with tried(place.session):
        _gather(place, read)
        for each in read:
            came = _come(place, each, settled)
            if came is None:
                untouched.add(each.inbound.id)
                continue
            looked.append(each)
            found += _differences(place, each.inbound.id, came)
            still |= {UUID(one.contribution) for one in came if one.contribution}
    gone = {
        UUID(came["contribution"]): each.inbound.id
        for each in read
        for came in each.inbound.came_to
        if came.get("contribution") and each.inbound.id not in untouched
    }
    lost = _in_force(place, sorted(gone.keys() - still))
    new = {one.contribution for one in found if one.change == "new"}
    found = [replace(one, contribution=None) if one.change == "new" else one for one in found]
    found += [Difference(gone[row.id], None, "gone", row.type, row.id) for row in lost]
    return Replay(found, len(still - new), len(read) - len(looked), looked)


def replay(place: Place, read: Sequence[Again], found: Replay, *, seen: str | None, take_back: bool) -> None:
    """Has those that were looked at looked into again; what they would not come to any more is taken back, if wanted.

    Raises `ReplayChanged` if it is not what was `seen` before.
    """
    if seen != found.digest:
        raise ReplayChanged("It was not looked at before." if seen is None else "Something has changed since.")
    _gather(place, read)
    for each in found.looked:
        shown = SoFar(each.made.plan.digest, shown=True)
        again = {"stage": Stage.waiting, "due_at": place.on.now, "attempts": 0, "ended_at": None}
        waiting = sa.update(Inbound).where(col(Inbound.id) == each.inbound.id).values(again | {"so_far": shown.kept()})
        place.session.execute(waiting, execution_options={"synchronize_session": False})
    gone = {one.contribution for one in found.differences if one.change == "gone" and one.contribution is not None}
    after = Afterwards.of(place.on)
    for id in sorted(gone) if take_back else ():
        why = "the rules of its source changed"
        correcting.retract(place.session, place.community, id, reason=why, for_good=False, on=after)
    after.write(place.session)


def _gather(place: Place, read: Iterable[Again]) -> None:
    """First of all what is told of gatherings, so that each is put together from all of it."""
    for each in read:
        gather(place, each.inbound.id, each.noted)


def _come(place: Place, again: Again, settled: set[str]) -> list[Came] | None:
    """What comes of a delivery; None if it cannot be looked at."""
    if again.made.refused is not None:
        return None
    try:
        with place.session.begin_nested():
            came = come_of(place, again.made, again.inbound, settled=settled)
    except (AppError, TooMuchInIt):
        return None
    settled |= {gathering_key(one.rule, one.key) for one in again.noted}
    return came


def _differences(place: Place, delivery: UUID, came: Sequence[Came]) -> list[Difference]:
    news = [one for one in came if happened(one.did, one.contribution)]
    types = _column(place, Contribution.id, Contribution.type, [one.contribution for one in news])
    badges = _column(place, Credential.id, Credential.achievement_id, [one.credential for one in news])
    return [
        Difference(
            delivery,
            one.rule,
            "new" if one.did == "recorded" else one.did,
            types.get(one.contribution),
            UUID(one.contribution) if one.contribution else None,
            badges.get(one.credential),
            UUID(one.credential) if one.credential and one.did == "revoked" else None,
        )
        for one in news
    ]


def _column(place: Place, key: Any, value: Any, ids: Iterable[str | None]) -> dict[str | None, Any]:
    """A column of those rows that there are, by their ids as texts."""
    found: dict[str | None, Any] = {}
    for some in in_batches({UUID(id) for id in ids if id is not None}):
        found |= {str(id): said for id, said in place.session.exec(select(key, value).where(col(key).in_(some))).all()}
    return found


def _in_part(place: Place, ids: Sequence[UUID]) -> set[UUID]:
    """Of these deliveries, those that tell of gatherings of which others, that are not among them, tell as well."""
    its = sa.select(col(Gathered.key)).where(col(Gathered.source_id) == place.source.id)
    keys = its.where(col(Gathered.inbound_id).in_(ids))
    told = select(Gathered.key, Gathered.inbound_id).where(Gathered.source_id == place.source.id)
    rows = place.session.exec(told.where(col(Gathered.key).in_(keys))).all()
    others = {key for key, inbound in rows if inbound not in ids}
    return {inbound for key, inbound in rows if key in others}


def _in_force(place: Place, ids: Sequence[UUID]) -> list[Contribution]:
    found: list[Contribution] = []
    for some in in_batches(ids):
        rows = select(Contribution).where(
            col(Contribution.id).in_(some),
            col(Contribution.retracted_at).is_(None),
            col(Contribution.superseded_at).is_(None),
        )
        found += place.session.exec(rows.order_by(col(Contribution.id))).all()
    return found
