"""What people were recognised for, by whom, and what was decided: read from badges, nominations and thanks."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.achievements.tables import AchievementVersion
from app.contributions.naming import in_batches
from app.credentials.rules import State
from app.credentials.tables import Credential, Recipient
from app.kit.journal import Event
from app.metrics.facts import NEVER, NONE, Decisions, Path
from app.metrics.honours import Honour, Honours, Some
from app.metrics.ordering import Order, ids_of
from app.metrics.periods import instant
from app.milestones.tables import Attainment
from app.nominations.rules import State as Step
from app.nominations.tables import Nomination, Nominee, Reoffer, Second
from app.nominations.thanks.tables import Thanks

_FEW_PEOPLE: Final = 16
"""So many are looked at one by one."""


def concerned(session: Session, subjects: Collection[UUID], known: Order) -> Some:
    """What belongs together with badges, nominations, thanks and milestones' attainments of these ids.

    Whoever is given one badge may have become a member since they were given others: then all are theirs from now on.
    `known` are the recognitions that were read before.
    """
    badges, nominations, nominees = set[UUID](), set(subjects), set[UUID]()
    for few in in_batches(subjects):
        met = sa.select(col(Attainment.credential_id)).where(col(Attainment.id).in_(few))
        one = sa.or_(col(Credential.id).in_(few), col(Credential.id).in_(met))
        of = sa.select(col(Credential.id), col(Credential.nomination_id)).where(one)
        for badge, nomination in session.execute(of).all():
            badges.add(badge)
            nominations |= {nomination} - {None}
    for few in in_batches(nominations):
        badges |= set(session.exec(select(Credential.id).where(col(Credential.nomination_id).in_(few))).all())
    for few in in_batches(_with_others(session, frozenset(badges), known)):
        theirs = sa.select(col(Credential.id), col(Credential.nomination_id)).where(
            col(Credential.recipient_id).in_(few)
        )
        for badge, nomination in session.execute(theirs).all():
            badges.add(badge)
            nominations |= {nomination} - {None}
    for few in in_batches(nominations):
        nominees |= set(session.exec(select(Nominee.id).where(col(Nominee.nomination_id).in_(few))).all())
    return Some(frozenset(badges), frozenset(nominations), frozenset(nominees), frozenset(subjects))


def _with_others(session: Session, badges: Collection[UUID], known: Order) -> Collection[UUID]:
    """The recipients of these badges who may have others that are not known.

    Where one other of theirs is known all are: who becomes a member does so with all at once. Those with hundreds of
    badges would have them read again for each.
    """
    whose = set[UUID]()
    for few in in_batches(badges):
        whose |= set(session.exec(select(Credential.recipient_id).where(col(Credential.id).in_(few))).all())
    if len(whose) > _FEW_PEOPLE:
        return whose
    other = (
        sa.select(sa.func.coalesce(col(Nominee.id), col(Credential.id)))
        .outerjoin_from(Credential, Nominee, col(Nominee.credential_id) == col(Credential.id))
        .where(col(Credential.id).not_in(badges))
        .limit(1)
    )
    found = {one: session.execute(other.where(col(Credential.recipient_id) == one)).scalar() for one in whose}
    return {one for one, badge in found.items() if badge is not None and known.find(ids_of([badge]))[0] == NONE}


def revoked(session: Session, community: UUID) -> dict[str, int]:
    """When each badge was revoked that was: the journal knows, which is only read through where there is one."""
    of = sa.select(col(Credential.id)).where(
        col(Credential.community_id) == community, col(Credential.state) == State.revoked
    )
    if session.execute(of.limit(1)).first() is None:
        return {}
    said = sa.select(col(Event.subject), col(Event.occurred_at)).where(
        col(Event.community) == community, col(Event.type) == "credential.revoked"
    )
    return {subject: instant(at) for subject, at in session.execute(said.order_by(col(Event.seq))).all()}


def honours(
    session: Session,
    community: UUID,
    rows: Mapping[UUID, int],
    kinds: Mapping[str, int],
    ended: Mapping[str, int],
    some: Some | None = None,
) -> Honours:
    """Of the people in `rows`: what they received, whether they took it, and who of them gave it. All, or `some`.
    `ended` has when badges were revoked (`revoked`).

    What somebody says of themself is none. Who endorses a badge that is there already does not count as its giver.
    """
    nominations = None if some is None else some.nominations
    seconded = _seconds(session, community, nominations)
    found = [
        *_badges(session, community, rows, seconded, ended, None if some is None else some.badges),
        *_offers(session, community, rows, seconded, nominations),
        *_thanks(session, community, rows, None if some is None else some.thanks),
    ]
    return Honours.of(found, kinds, *_decisions(session, community, rows, nominations))


def _rows_of(session: Session, chosen: Any, by: Any, some: Collection[UUID] | None) -> Iterator[Any]:
    """What is chosen, or of that only where `by` is among some."""
    if some is None:
        yield from session.connection().execute(chosen)
        return
    for few in in_batches(some):
        yield from session.connection().execute(chosen.where(col(by).in_(few)))


def _badges(
    session: Session,
    community: UUID,
    rows: Mapping[UUID, int],
    seconded: Mapping[UUID, set[UUID]],
    ended: Mapping[str, int],
    some: Collection[UUID] | None,
) -> Iterator[Honour]:
    given = sa.select(col(Attainment.credential_id), col(Attainment.contributions)).where(
        col(Attainment.community_id) == community, col(Attainment.credential_id).is_not(None)
    )
    said = _rows_of(session, given, Attainment.credential_id, some)
    met = {id: tuple(UUID(one["id"]) for one in contributions) for id, contributions in said}
    badge = Credential
    columns = (badge.id, badge.nomination_id, badge.state, badge.offered_at, badge.answered_at, badge.awarded_at)
    chosen = (
        sa.select(*map(col, (*columns, badge.consent, badge.evidence, Recipient.member_id)))
        .add_columns(
            col(AchievementVersion.contribution_type), col(Nomination.nominator_id), col(Nomination.decided_at)
        )
        .add_columns(col(Nominee.id).label("nominee"), col(Nominee.answered_at).label("agreed_at"))
        .join(Recipient, col(Recipient.id) == col(badge.recipient_id))
        .join(
            AchievementVersion,
            sa.and_(
                col(AchievementVersion.achievement_id) == col(badge.achievement_id),
                col(AchievementVersion.number) == col(badge.achievement_version),
            ),
        )
        .outerjoin(Nomination, col(Nomination.id) == col(badge.nomination_id))
        .outerjoin(Nominee, col(Nominee.credential_id) == col(badge.id))
        .where(col(badge.community_id) == community, col(Recipient.member_id).is_not(None))
    )
    for one in _rows_of(session, chosen, Credential.id, some):
        if one.member_id not in rows or one.consent.get("given") == "own":
            continue
        nominated, awarded = one.nomination_id is not None, _when(one.awarded_at)
        yield Honour(
            # What was nominated is what it was before it became a badge.
            one.nominee or one.id,
            rows[one.member_id],
            one.contribution_type,
            Path.nomination if nominated else Path.milestone if one.id in met else Path.direct,
            instant(one.decided_at or one.offered_at),
            accepted=_when(one.agreed_at or one.awarded_at),
            refused=_when(one.answered_at) if one.state is State.refused else NEVER,
            issued=awarded,
            revoked=ended.get(str(one.id), awarded) if one.state is State.revoked else NEVER,
            givers=_rows(rows, (one.nominator_id, *seconded.get(one.nomination_id, ())) if nominated else ()),
            urls=_urls(one.evidence),
            contributions=met.get(one.id, ()),
        )


def _offers(
    session: Session,
    community: UUID,
    rows: Mapping[UUID, int],
    seconded: Mapping[UUID, set[UUID]],
    some: Collection[UUID] | None,
) -> Iterator[Honour]:
    """What was offered after a nomination and has not become a badge: not answered, refused, or not signed yet."""
    chosen = (
        _nominees(community)
        .join(
            AchievementVersion,
            sa.and_(
                col(AchievementVersion.achievement_id) == col(Nomination.achievement_id),
                col(AchievementVersion.number) == col(Nomination.achievement_version),
            ),
        )
        .add_columns(col(AchievementVersion.contribution_type))
        .where(
            col(Nominee.state).is_not(None),
            col(Nominee.credential_id).is_(None),
            col(Nomination.decided_at).is_not(None),
        )
    )
    for one in _rows_of(session, chosen, Nominee.nomination_id, some):
        if one.member_id in rows:
            yield Honour(
                one.id,
                rows[one.member_id],
                one.contribution_type,
                Path.nomination,
                instant(one.decided_at),
                accepted=_when(one.answered_at) if one.state is Step.accepted else NEVER,
                refused=_when(one.answered_at) if one.state is Step.refused else NEVER,
                givers=_rows(rows, (one.nominator_id, *seconded.get(one.nomination_id, ()))),
                urls=_urls(one.evidence),
            )


def _thanks(
    session: Session, community: UUID, rows: Mapping[UUID, int], some: Collection[UUID] | None
) -> Iterator[Honour]:
    """A thanks is there as soon as it is given; one that was held back has never arrived."""
    columns = (Thanks.id, Thanks.giver_id, Thanks.receiver_id, Thanks.contribution_type, Thanks.url, Thanks.given_at)
    chosen = sa.select(*map(col, (*columns, Thanks.withdrawn_at))).where(
        col(Thanks.community_id) == community, col(Thanks.held).is_(False)
    )
    for id, giver, receiver, type, url, at, withdrawn in _rows_of(session, chosen, Thanks.id, some):
        if receiver in rows:
            yield Honour(
                id,
                rows[receiver],
                type,
                Path.thanks,
                instant(at),
                accepted=instant(at),
                revoked=_when(withdrawn),
                givers=_rows(rows, (giver,)),
                urls=() if url is None else (url,),
            )


def _decisions(
    session: Session, community: UUID, rows: Mapping[UUID, int], some: Collection[UUID] | None
) -> tuple[Order, Decisions]:
    """One for each nominee of a nomination that was decided on; an offer that is made again is no other decision."""
    chosen = _nominees(community).where(
        col(Nomination.submitted_at).is_not(None),
        col(Nomination.decided_at).is_not(None),
        col(Nomination.id).not_in(select(Reoffer.nomination_id)),
    )
    found = sorted(
        (instant(one.decided_at), one.id, rows[one.member_id], instant(one.submitted_at), one.stage not in _TURNED_DOWN)
        for one in _rows_of(session, chosen, Nominee.nomination_id, some)
        if one.member_id in rows
    )
    return (
        Order.of((decided, id) for decided, id, _, _, _ in found),
        Decisions.of((nominee, submitted, decided, yes) for decided, _, nominee, submitted, yes in found),
    )


_TURNED_DOWN = frozenset({Step.not_yet, Step.declined})


def _nominees(community: UUID) -> sa.Select[Any]:
    of = (Nominee.id, Nominee.nomination_id, Nominee.member_id, Nominee.state, Nominee.answered_at)
    case = (Nomination.nominator_id, Nomination.submitted_at, Nomination.decided_at, Nomination.evidence)
    return (
        sa.select(*map(col, (*of, *case)), col(Nomination.state).label("stage"))
        .join(Nomination, col(Nomination.id) == col(Nominee.nomination_id))
        .where(col(Nomination.community_id) == community, col(Nominee.member_id).is_not(None))
    )


def _seconds(session: Session, community: UUID, some: Collection[UUID] | None) -> dict[UUID, set[UUID]]:
    chosen = (
        sa.select(col(Second.nomination_id), col(Second.member_id))
        .join(Nomination, col(Nomination.id) == col(Second.nomination_id))
        .where(col(Nomination.community_id) == community, col(Second.withdrawn_at).is_(None))
    )
    found = defaultdict[UUID, set[UUID]](set)
    for nomination, member in _rows_of(session, chosen, Second.nomination_id, some):
        found[nomination].add(member)
    return found


def _rows(rows: Mapping[UUID, int], members: Iterable[UUID]) -> tuple[int, ...]:
    return tuple(sorted({rows[member] for member in members if member in rows}))


def _urls(evidence: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(str(one["url"]) for one in evidence if one.get("url"))


def _when(when: datetime | None) -> int:
    return NEVER if when is None else instant(when)
