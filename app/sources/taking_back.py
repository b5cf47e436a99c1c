"""Use-case: a platform takes awards back, as narrowly or widely as it says, in whatever order it is told."""

import hashlib
from collections.abc import Sequence
from itertools import product
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.credentials import service as credentials
from app.credentials.rules import SIGNED, State
from app.credentials.tables import Credential, Recipient
from app.kit.ids import id_in
from app.sources.applying import Came, Place
from app.sources.awardees import Awardee, also_known, awardee
from app.sources.events import WouldAward, WouldRevoke
from app.sources.tables import AwardState, PlatformAward, Word

AT_ONCE = 20
"""Awards that one transaction ends: each takes the community's list to be signed anew."""
_NOTHING_YET = (
    "nothing that was awarded or waits fits this; what is told later, and was asked for before it, is not given"
)


def digest(*parts: str) -> str:
    """Of what something is known by: platforms' own texts are kept in it for ever, and nobody reads them."""
    return hashlib.sha256(orjson.dumps(parts)).hexdigest()


def is_taken_back(place: Place, one: WouldAward, whom: Awardee) -> bool:
    """Whether the platform has taken this very award back since, by itself or with others of its id.

    By whatever it named them then: an account may have become theirs only after that.
    """
    named = (None, *whom.prints, *also_known(place, whom))
    keys = {_key(one.external_id, *narrowed) for narrowed in product((None, _achievement(one)), named)}
    said = select(Word.as_of).where(Word.source_id == place.source.id, col(Word.undone), col(Word.key).in_(keys))
    return any(as_of >= one.as_of for as_of in place.session.exec(said).all())


def take_back(place: Place, one: WouldRevoke, after: UUID | None = None) -> tuple[list[Came], UUID | None]:
    """Ends some of what was given under this id, to this person and of this achievement where it says so; offers lapse.

    What it says is remembered first, so that an award that is told late is not given. Where there may be more, the last
    of these is said, `after` which to go on, in a transaction of its own.
    """
    whom = awardee(place, one.recipient) if one.recipient is not None else None
    if after is None:
        for print in whom.prints if whom is not None else (None,):
            _say(place, _key(one.external_id, one.achievement and _achievement(one), print), one)
    rows = _meant(place, one, whom, after)
    # All rows in their order before the first is signed for: that takes the journal, and rows come before it.
    badges = sorted(row.credential_id for row in rows if row.credential_id is not None)
    locked = {id: credentials.locked(place.session, id) for id in badges}
    came = [_end(place, one, row, locked.get(row.credential_id or row.id)) for row in rows]
    more = rows[-1].id if len(rows) == AT_ONCE else None
    return came if rows or after is not None else [Came(one.rule, "undone", why=_NOTHING_YET)], more


def count(place: Place, one: WouldRevoke, most: int) -> int:
    """How many awards it means, or that they are more than `most`."""
    whom = awardee(place, one.recipient) if one.recipient is not None else None
    some = _those(place, one, whom).with_only_columns(col(PlatformAward.id)).limit(most + 1).subquery()
    return int(place.session.execute(sa.select(sa.func.count()).select_from(some)).scalar_one())


def _meant(place: Place, one: WouldRevoke, whom: Awardee | None, after: UUID | None) -> Sequence[PlatformAward]:
    """The next of the awards that stand or wait, locked."""
    chosen = _those(place, one, whom)
    if after is not None:
        chosen = chosen.where(col(PlatformAward.id) > after)
    chosen = chosen.order_by(col(PlatformAward.id)).limit(AT_ONCE).with_for_update()
    return place.session.exec(chosen.execution_options(populate_existing=True)).all()


def _those(place: Place, one: WouldRevoke, whom: Awardee | None) -> SelectOfScalar[PlatformAward]:
    """The awards that are meant: those of a person however they were named."""
    chosen = select(PlatformAward).where(
        PlatformAward.source_id == place.source.id,
        PlatformAward.external_id == one.external_id,
        col(PlatformAward.state).in_([AwardState.awarded, AwardState.parked]),
    )
    if one.achievement is not None:
        chosen = chosen.where(PlatformAward.achievement_id == id_in(one.achievement))
    if whom is None:
        return chosen
    theirs = sa.exists().where(
        col(Credential.id) == col(PlatformAward.credential_id),
        col(Recipient.id) == col(Credential.recipient_id),
        col(Recipient.member_id).in_([each.id for each in whom.person]),
    )
    return chosen.where(sa.or_(col(PlatformAward.named).in_(whom.prints), theirs))


def _end(place: Place, one: WouldRevoke, row: PlatformAward, credential: Credential | None) -> Came:
    if row.as_of > one.as_of:
        return Came(one.rule, "past", why="it was asked for again after the time of this")
    if credential is None:
        row.state = AwardState.withdrawn
        row.forget()
        place.session.add(row)
        place.on.record(place.session, place.community.id, "award.withdrawn", row.id, {"source": str(row.source_id)})
        return Came(one.rule, "withdrawn")
    state = credentials.state_of(credential, place.on.now)
    if state is State.offered:
        _lapse(place, credential)
    elif state not in SIGNED or state is State.revoked:
        return Came(one.rule, "duplicate", credential=str(credential.id), why="it had ended before")
    elif place.trial:
        credential.state, credential.held = State.revoked, None
        place.session.add(credential)
        place.session.flush()
    else:
        reason = one.reason or "its platform took it back"
        credentials.revoke(place.session, credential, reason, at=place.at, on=place.on)
    return Came(one.rule, "revoked", credential=str(credential.id))


def _lapse(place: Place, credential: Credential) -> None:
    credential.offer_ends, credential.held = place.on.now, None
    place.session.add(credential)
    place.session.flush()
    place.on.record(place.session, place.community.id, "credential.withdrawn", credential.id)


def _say(place: Place, key: str, one: WouldRevoke) -> None:
    word = place.session.get(Word, (place.source.id, key))
    if word is None or not word.undone or word.as_of < one.as_of:
        word = word or Word(source_id=place.source.id, key=key, as_of=one.as_of, undone=True)
        word.as_of, word.undone = one.as_of, True
        place.session.add(word)


def _achievement(one: WouldAward | WouldRevoke) -> str:
    return str(id_in(one.achievement or "") or one.achievement)


def _key(external_id: str, achievement: str | None, print: str | None) -> str:
    """Of a platform's word about an award, about all of an achievement, of a person, or of its id altogether."""
    narrower = [part or "" for part in (achievement, print)] if achievement or print else []
    return digest(f"award:{digest(external_id)}", *narrower)
