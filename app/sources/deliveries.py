"""Deliveries, and awards that they asked for, looked up."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import defer
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.credentials import service as credentials
from app.credentials.rules import State
from app.credentials.tables import Credential
from app.kit.errors import NotFound
from app.kit.ids import id_in
from app.sources.tables import Inbound, PlatformAward, Source


class NoSuchDelivery(NotFound):
    """There is no such delivery."""

    code = "no-such-platform-delivery"
    fix = "GET …/sources/{source}/deliveries lists what a source sent."


_BODY: Any = Inbound.sealed


def sent_by(source: Source) -> SelectOfScalar[Inbound]:
    """The deliveries of a source, without their bodies, of which each may be large."""
    return select(Inbound).where(Inbound.source_id == source.id).options(defer(_BODY, raiseload=True))


def delivery_of(session: Session, source: Source, id: str) -> Inbound:
    """A delivery of a source, without its body. Raises `NoSuchDelivery`."""
    known = id_in(id)
    inbound = session.exec(sent_by(source).where(Inbound.id == known)).one_or_none() if known is not None else None
    if inbound is None:
        raise NoSuchDelivery(f"{source.name} sent no delivery {id[:100]!r}.")
    return inbound


def award_of(session: Session, source: Source, id: str) -> PlatformAward:
    """An award that a source asked for. Raises `NoSuchDelivery`."""
    known = id_in(id)
    award = session.get(PlatformAward, known) if known is not None else None
    if award is None or award.source_id != source.id:
        raise NoSuchDelivery(f"{source.name} asked for no award {id[:100]!r}.")
    return award


def claimable(session: Session, awards: Collection[PlatformAward], *, now: datetime) -> frozenset[UUID]:
    """Those of these awards whose claim links have yet to be used, and can be."""
    ids = [award.credential_id for award in awards if award.claim is not None]
    badges = session.exec(select(Credential).where(col(Credential.id).in_(ids))).all()
    offered = {badge.id for badge in badges if credentials.state_of(badge, now) is State.offered}
    return frozenset(award.id for award in awards if award.credential_id in offered)
