"""Deliveries, and awards that they asked for, looked up."""

from sqlmodel import Session

from app.kit.errors import NotFound
from app.kit.ids import id_in
from app.sources.tables import Inbound, PlatformAward, Source


class NoSuchDelivery(NotFound):
    """There is no such delivery."""

    code = "no-such-platform-delivery"
    fix = "GET …/sources/{source}/deliveries lists what a source sent."


def delivery_of(session: Session, source: Source, id: str) -> Inbound:
    """A delivery of a source. Raises `NoSuchDelivery`."""
    known = id_in(id)
    inbound = session.get(Inbound, known) if known is not None else None
    if inbound is None or inbound.source_id != source.id:
        raise NoSuchDelivery(f"{source.name} sent no delivery {id[:100]!r}.")
    return inbound


def award_of(session: Session, source: Source, id: str) -> PlatformAward:
    """An award that a source asked for. Raises `NoSuchDelivery`."""
    known = id_in(id)
    award = session.get(PlatformAward, known) if known is not None else None
    if award is None or award.source_id != source.id:
        raise NoSuchDelivery(f"{source.name} asked for no award {id[:100]!r}.")
    return award
