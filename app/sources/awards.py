"""Use-case: a platform awards, within what its policy allows, and each award once and for ever."""

import hashlib
from collections.abc import Sequence
from uuid import UUID

import orjson
from sqlmodel import Session, col, select

from app.contributions import naming
from app.credentials import awarding
from app.credentials import service as credentials
from app.credentials.recipients import Named
from app.credentials.rules import SIGNED, State, Visibility
from app.credentials.tables import Credential
from app.kit.errors import AppError
from app.kit.ids import id_in
from app.kit.prepared import insert_if_absent
from app.members import service as members
from app.members.tables import Member
from app.members.unasked import fingerprints, fingerprints_of, is_listed
from app.sources.applying import Came, Place, account_of, is_news
from app.sources.events import Would, WouldAward, WouldRevoke
from app.sources.tables import PlatformAward


def award_and_revoke(place: Place, would: Sequence[Would]) -> list[Came]:
    """Has happen what is asked of awards; what is refused says why, and can be asked for again."""
    found = []
    for one in would:
        if isinstance(one, WouldAward):
            found.append(_award(place, one))
        elif isinstance(one, WouldRevoke):
            found += _revoke(place, one)
    return found


def _award(place: Place, one: WouldAward) -> Came:
    achievement = id_in(one.achievement)
    if achievement is None or one.achievement not in place.source.achievements:
        return Came(one.rule, "refused", why="the source's policy does not list this achievement")
    named = _recipient(place, one)
    if isinstance(named, str):
        return Came(one.rule, "refused", why=named)
    if not is_news(place, f"award:{_digest(one.external_id)}", one.as_of, undone=False):
        return Came(one.rule, "past")
    known = one.to.known[0]
    row = PlatformAward(
        id=place.on.ids.row(),
        source_id=place.source.id,
        key=_digest(one.external_id, one.achievement, known.scheme or place.source.accounts, known.account),
        external_id=one.external_id,
        achievement_id=achievement,
        asked_at=place.on.now,
    )
    if not insert_if_absent(place.session, row):
        return Came(one.rule, "duplicate", credential=_given_before(place, row.key))
    try:
        with place.session.begin_nested():
            awarded = awarding.award(
                place.session, place.community, _offer(place, one, named), at=place.at, on=place.on
            )
    except AppError as refusal:
        place.session.delete(row)
        place.session.flush()
        return Came(one.rule, "refused", why=(refusal.detail or refusal.code)[:300])
    row.credential_id = awarded.credential.id
    if awarded.secret is not None:
        row.claim = place.at.vault.seal(awarded.secret.encode(), bound_to=f"platform-award/{row.id}")
    place.session.add(row)
    place.session.flush()
    did = "issued" if awarded.credential.state is State.active else "offered"
    return Came(one.rule, did, credential=str(awarded.credential.id))


def _offer(place: Place, one: WouldAward, named: Named) -> awarding.Offer:
    return awarding.Offer(
        achievement=one.achievement,
        recipient=named,
        external_id=f"{place.source.id}:{_digest(one.external_id)[:32]}:{_digest(str(named))[:16]}",
        narrative=one.narrative,
        evidence=[dict(shown) for shown in one.evidence],
        valid_until=None,
        consented=one.consented and place.source.vouches,
        visibility=Visibility.private,
    )


def _given_before(place: Place, key: str) -> str | None:
    known = select(PlatformAward.credential_id).where(
        PlatformAward.source_id == place.source.id, PlatformAward.key == key
    )
    id = place.session.exec(known).one_or_none()
    return str(id) if id is not None else None


def _recipient(place: Place, one: WouldAward) -> Named | str:
    """Whom it is for, or why that is nobody who can be recognised."""
    known = one.to.known[0]
    email = known.account if known.scheme == "email" else None
    did = known.account if known.scheme == "did" else None
    if email is None and did is None:
        member = _member(place, one)
        if member is None:
            return "this account is nobody's here yet; link it, and replay the delivery"
        if member.left_at is not None:
            return "they have left"
        listed = is_listed(place.session, fingerprints_of(place.session, member, at=place.at))
        return "they never want to be recognised here" if listed else Named(member=str(member.id))
    if is_listed(place.session, fingerprints(place.at, email=email, did=did)):
        return "they never want to be recognised here"
    return Named(email=email, did=did, name=one.name)


def _member(place: Place, one: WouldAward) -> Member | None:
    """The member who is meant; of an account, the one whose it is alone."""
    known = one.to.known[0]
    if known.scheme == "member":
        try:
            return members.member_named(place.session, place.community, known.account)
        except AppError:
            return None
    named = [account_of(place.source, each) for each in one.to.known]
    kept = [naming.known_as(account, place.community.id, at=place.at) for account in named]
    claims = naming.claims_on(place.session, place.community.id, set(kept))
    for account in kept:
        holders = {claim.member for claim in claims.get(account, []) if claim.covers(place.on.now)}
        if len(holders) == 1:
            return place.session.get(Member, holders.pop())
    return None


def _revoke(place: Place, one: WouldRevoke) -> list[Came]:
    """Ends what was given under this id; an offer lapses."""
    if not is_news(place, f"award:{_digest(one.external_id)}", one.as_of, undone=True):
        return [Came(one.rule, "past")]
    chosen = select(PlatformAward.credential_id).where(
        PlatformAward.source_id == place.source.id,
        PlatformAward.external_id == one.external_id,
        col(PlatformAward.credential_id).is_not(None),
    )
    return [_end(place, one, id) for id in sorted(filter(None, place.session.exec(chosen).all()))] or [
        Came(one.rule, "undone")
    ]


def _end(place: Place, one: WouldRevoke, id: UUID) -> Came:
    credential = credentials.locked(place.session, id)
    state = credentials.state_of(credential, place.on.now)
    if state is State.offered:
        _lapse(place.session, credential, place)
        return Came(one.rule, "revoked", credential=str(id))
    if state not in SIGNED or state is State.revoked:
        return Came(one.rule, "duplicate", credential=str(id))
    reason = one.reason or "its platform took it back"
    credentials.revoke(place.session, credential, reason, at=place.at, on=place.on)
    return Came(one.rule, "revoked", credential=str(id))


def _lapse(session: Session, credential: Credential, place: Place) -> None:
    credential.offer_ends, credential.held = place.on.now, None
    session.add(credential)
    session.flush()
    place.on.record(session, place.community.id, "credential.withdrawn", credential.id)


def _digest(*parts: str) -> str:
    return hashlib.sha256(orjson.dumps(parts)).hexdigest()
