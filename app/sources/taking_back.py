"""Use-case: a platform takes awards back, as narrowly or widely as it says, in whatever order it is told."""

import hashlib
from collections.abc import Sequence
from itertools import product
from uuid import UUID

import orjson
from sqlmodel import col, select

from app.credentials import service as credentials
from app.credentials.rules import SIGNED, State
from app.credentials.tables import Credential, Recipient
from app.kit.ids import id_in
from app.sources.applying import Came, Place
from app.sources.awardees import Awardee, also_known, awardee
from app.sources.events import Would, WouldAward, WouldRevoke
from app.sources.tables import AwardState, PlatformAward, Word


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


def take_back(place: Place, one: WouldRevoke) -> list[Came]:
    """Ends what was given under this id, to this person and of this achievement where it says so; offers lapse.

    What it says is remembered, so that an award that is told late is not given.
    """
    whom = awardee(place, one.recipient) if one.recipient is not None else None
    for print in whom.prints if whom is not None else (None,):
        _say(place, _key(one.external_id, one.achievement and _achievement(one), print), one)
    return [_end(place, one, row) for row in _meant(place, one, whom)] or [Came(one.rule, "undone")]


def lock(place: Place, would: Sequence[Would]) -> None:
    """Locks the badges that are taken back, in their order: signing holds the journal, and rows come before it."""
    wanted = [one for one in would if isinstance(one, WouldRevoke)]
    meant = [row for one in wanted for row in _meant(place, one, None)]
    for id in sorted({row.credential_id for row in meant if row.credential_id is not None}):
        credentials.locked(place.session, id)


def _meant(place: Place, one: WouldRevoke, whom: Awardee | None) -> list[PlatformAward]:
    """The awards that stand or wait, in the order of their badges, which are locked in it."""
    chosen = select(PlatformAward).where(
        PlatformAward.source_id == place.source.id,
        PlatformAward.external_id == one.external_id,
        col(PlatformAward.state).in_([AwardState.awarded, AwardState.parked]),
    )
    if one.achievement is not None:
        chosen = chosen.where(PlatformAward.achievement_id == id_in(one.achievement))
    rows = list(place.session.exec(chosen.order_by(col(PlatformAward.credential_id), col(PlatformAward.id))).all())
    if whom is None:
        return rows
    theirs = _badges(place, whom, [row.credential_id for row in rows if row.credential_id is not None])
    return [row for row in rows if row.named in whom.prints or row.credential_id in theirs]


def _badges(place: Place, whom: Awardee, among: list[UUID]) -> set[UUID]:
    """Those of these badges that are this person's, however they were named."""
    of = select(Credential.id).join(Recipient, col(Recipient.id) == col(Credential.recipient_id))
    of = of.where(col(Credential.id).in_(among), col(Recipient.member_id).in_([one.id for one in whom.person]))
    return set(place.session.exec(of).all())


def _end(place: Place, one: WouldRevoke, row: PlatformAward) -> Came:
    if row.as_of > one.as_of:
        return Came(one.rule, "past")
    if row.credential_id is None:
        row.state = AwardState.withdrawn
        row.forget()
        place.session.add(row)
        place.on.record(place.session, place.community.id, "award.withdrawn", row.id, {"source": str(row.source_id)})
        return Came(one.rule, "withdrawn")
    credential = credentials.locked(place.session, row.credential_id)
    state = credentials.state_of(credential, place.on.now)
    if state is State.offered:
        _lapse(place, credential)
    elif state not in SIGNED or state is State.revoked:
        return Came(one.rule, "duplicate", credential=str(credential.id))
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
