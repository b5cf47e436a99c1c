"""Use-case: a platform awards, within what its policy allows, and each award once and for ever."""

from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from app.credentials import awarding
from app.credentials.recipients import Named, recipient_known
from app.credentials.rules import State, Visibility
from app.credentials.service import state_of
from app.credentials.tables import Credential, Recipient
from app.kit.errors import AppError, Busy
from app.kit.ids import id_in
from app.sources.applying import Came, Place
from app.sources.awardees import Awardee, awardee, wants_none
from app.sources.events import WouldAward
from app.sources.parking import park
from app.sources.tables import AwardState, PlatformAward
from app.sources.taking_back import digest, is_taken_back

POLICY, RECIPIENT = "policy", "recipient"
WHY = {
    POLICY: "the source's policy does not list this achievement",
    # One word for whoever has left, has this badge, is nobody, or never wants to be added: a platform learns no more.
    RECIPIENT: "it cannot be awarded to whom this names",
}


def award(place: Place, one: WouldAward) -> Came:
    """Awards what is asked for; what is refused says why, and can be asked for again. Raises `Busy`.

    It signs at its end, for which it holds the journal: who asks for several has each in a transaction of its own.
    """
    whom = awardee(place, one.to)
    if is_taken_back(place, one, whom):
        return Came(one.rule, "past", why="it was taken back by its platform, not before the time of this")
    row = _row(place, one, whom)
    if row.state is AwardState.awarded:
        return _there(place, one, row.credential_id)
    row.as_of, row.achievement_id = min(one.as_of, place.on.now), _listed(place, one)
    row.delivery = place.delivery or row.delivery
    if row.achievement_id is not None and whom.waits_for:
        return park(place, row, one, whom)
    return give(place, row, one, whom)


def give(place: Place, row: PlatformAward, one: WouldAward, whom: Awardee) -> Came:
    """Awards what a row of a locked source asks for, or says in it why not. Raises `Busy`."""
    if _listed(place, one) is None:
        return _refused(place, row, one, POLICY)
    named = whom.named(one.name)
    if named is None or wants_none(place, whom):
        return _refused(place, row, one, RECIPIENT)
    same = _to_the_same(place, row, named, whom)
    if same is not None:
        row.credential_id = same
        _settle(place, row, AwardState.awarded)
        return _there(place, one, same)
    try:
        with place.session.begin_nested():
            offer = _offer(place, row, one, named)
            awarded = awarding.award(place.session, place.community, offer, at=place.at, on=place.on)
    except Busy:
        raise
    except awarding.AlreadyAwarded:
        return _refused(place, row, one, RECIPIENT)
    except AppError as refusal:
        return _refused(place, row, one, refusal.code, refusal.detail)
    row.credential_id = awarded.credential.id
    if awarded.secret is not None:
        row.claim = place.at.vault.seal(awarded.secret.encode(), bound_to=f"platform-award/{row.id}")
    _settle(place, row, AwardState.awarded)
    did = "issued" if one.consented and place.source.vouches else "offered"
    return Came(one.rule, did, credential=str(awarded.credential.id))


def _there(place: Place, one: WouldAward, id: UUID | None) -> Came:
    """It was awarded before; where that is over, it is not awarded again under the same id."""
    badge = place.session.get_one(Credential, id)
    is_over = state_of(badge, place.on.now) in {State.revoked, State.lapsed}
    why = "it was awarded before, and that has ended; another external_id is another award" if is_over else None
    return Came(one.rule, "duplicate", credential=str(badge.id), why=why)


def _row(place: Place, one: WouldAward, whom: Awardee) -> PlatformAward:
    """The award's row, known and locked, or new. Of the locked source nobody else makes one meanwhile.

    Names are handed on: what was given to whoever had this one before is another award.
    """
    print = whom.prints[0] if whom.prints else ""
    parts = [one.external_id, str(id_in(one.achievement) or one.achievement), print]
    key = digest(*parts)
    found = _known(place, key)
    if found is not None and _is_anothers(place, found, whom):
        key = digest(*parts, str(whom.person[0].id))
        found = _known(place, key)
    if found is not None:
        return found
    row = PlatformAward(
        id=place.on.ids.row(),
        community_id=place.community.id,
        source_id=place.source.id,
        key=key,
        named=print,
        external_id=one.external_id,
        as_of=min(one.as_of, place.on.now),
        asked_at=place.on.now,
        delivery=place.delivery,
    )
    place.session.add(row)
    place.session.flush()
    return row


def _known(place: Place, key: str) -> PlatformAward | None:
    known = select(PlatformAward).where(PlatformAward.source_id == place.source.id, PlatformAward.key == key)
    return place.session.exec(known.with_for_update().execution_options(populate_existing=True)).one_or_none()


def _is_anothers(place: Place, row: PlatformAward, whom: Awardee) -> bool:
    """Whether this was given to a member who is not the one whom its name means now."""
    given = select(Recipient.member_id).join(Credential, col(Credential.recipient_id) == col(Recipient.id))
    member = place.session.exec(given.where(Credential.id == row.credential_id)).one_or_none()
    return member is not None and bool(whom.person) and member not in {each.id for each in whom.person}


def _listed(place: Place, one: WouldAward) -> UUID | None:
    """The achievement, if the policy lists it."""
    achievement = id_in(one.achievement)
    return achievement if str(achievement) in place.source.achievements else None


def _offer(place: Place, row: PlatformAward, one: WouldAward, named: Named) -> awarding.Offer:
    return awarding.Offer(
        achievement=str(row.achievement_id),
        recipient=named,
        external_id=f"{place.source.id}:{row.key}",
        narrative=one.narrative,
        evidence=[dict(shown) for shown in one.evidence],
        valid_until=None,
        consented=one.consented and place.source.vouches and not place.trial,
        visibility=Visibility.private,
        activity_end_date=min(one.occurred_at, place.on.now) if one.occurred_at is not None else None,
    )


def _to_the_same(place: Place, row: PlatformAward, named: Named, whom: Awardee) -> UUID | None:
    """The badge by which this award was given already, to the same person by another of their names."""
    known = recipient_known(place.session, place.community, named, at=place.at)
    theirs: list[sa.ColumnElement[bool]] = [col(Recipient.member_id).in_([member.id for member in whom.person])]
    theirs += [col(Recipient.id) == known.id] if known is not None else []
    given = (
        select(PlatformAward.credential_id)
        .join(Credential, col(Credential.id) == col(PlatformAward.credential_id))
        .join(Recipient, col(Recipient.id) == col(Credential.recipient_id))
        .where(
            PlatformAward.source_id == row.source_id,
            PlatformAward.external_id == row.external_id,
            PlatformAward.achievement_id == row.achievement_id,
        )
        .order_by(col(PlatformAward.id))
    )
    found = [place.session.exec(given.where(each).limit(1)).first() for each in theirs]
    return next(filter(None, found), None)


def _refused(place: Place, row: PlatformAward, one: WouldAward, reason: str, detail: str | None = None) -> Came:
    """It is said once for each reason, however often it is asked for."""
    said = detail or WHY.get(reason, reason)
    if (row.state, row.reason) != (AwardState.refused, reason):
        row.reason = reason
        _settle(place, row, AwardState.refused)
        data = {"source": str(row.source_id), "reason": reason}
        place.on.record(place.session, place.community.id, "award.refused", row.id, data)
    return Came(one.rule, "refused", why=said[:300])


def _settle(place: Place, row: PlatformAward, state: AwardState) -> None:
    row.state = state
    if state is AwardState.awarded:
        row.reason = None
    row.forget()
    place.session.add(row)
    place.session.flush()
