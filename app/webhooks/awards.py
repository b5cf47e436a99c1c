"""What is told of awards that platforms asked for: by what name of theirs they know the award again."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlmodel import Session, col, or_, select

from app.kit.ids import id_in
from app.sources.tables import PlatformAward, Source
from app.webhooks.rules import AWARDED, EVENTS, Told
from app.webhooks.tables import Subscription


def named(
    session: Session, subscription: Subscription, news: Sequence[Told], *, looks_after: bool
) -> list[Told | None]:
    """What is told, with the source of each award and the id by which that knows it; None where it is not told.

    Whoever looks after the community sees it of every source, and a platform of those that it added itself: what
    another calls its courses and pull requests is none of its business, nor what that asked for in vain.
    """
    about = [_award_or_badge(told) for told in news]
    ids = {id for id in about if id is not None}
    known = _known(session, subscription, ids, looks_after=looks_after) if ids else {}
    return [_told(told, known.get(id) if id is not None else None) for told, id in zip(news, about, strict=True)]


def _award_or_badge(told: Told) -> UUID | None:
    kind = EVENTS.get(told.type)
    if kind is None or not (kind.is_badges or kind.is_awards):
        return None
    return id_in(str(told.data.get("award") or told.data["id"]))


def _told(told: Told, award: PlatformAward | None) -> Told | None:
    if award is None:
        return None if EVENTS[told.type].is_awards or "award" in told.data else told
    named = dict(zip(AWARDED, (str(award.source_id), award.external_id, _text(award.delivery)), strict=True))
    of = (
        {} if EVENTS[told.type].is_badges and "award" not in told.data else {"achievement": _text(award.achievement_id)}
    )
    return replace(told, data={**told.data, **of, **named})


def _text(id: UUID | None) -> str | None:
    return str(id) if id is not None else None


def _known(
    session: Session, subscription: Subscription, ids: set[UUID], *, looks_after: bool
) -> dict[UUID, PlatformAward]:
    """By the id of an award, or of its badge, the award."""
    chosen = select(PlatformAward).join(Source, col(Source.id) == col(PlatformAward.source_id))
    chosen = chosen.where(Source.community_id == subscription.community_id)
    if not looks_after:
        chosen = chosen.where(Source.added_by == subscription.made_by)
    of = or_(col(PlatformAward.credential_id).in_(ids), col(PlatformAward.id).in_(ids))
    rows = session.exec(chosen.where(of).order_by(col(PlatformAward.id).desc())).all()
    return {id: row for row in rows for id in (row.id, row.credential_id) if id is not None}
