"""Deliveries, looked up."""

from sqlmodel import Session

from app.kit.errors import NotFound
from app.kit.ids import id_in
from app.sources.tables import Inbound, Source


class NoSuchDelivery(NotFound):
    """There is no such delivery."""

    code = "no-such-delivery"
    fix = "GET …/sources/{source}/deliveries lists what a source sent."


def delivery_of(session: Session, source: Source, id: str) -> Inbound:
    """A delivery of a source. Raises `NoSuchDelivery`."""
    known = id_in(id)
    inbound = session.get(Inbound, known) if known is not None else None
    if inbound is None or inbound.source_id != source.id:
        raise NoSuchDelivery(f"{source.name} sent no delivery {id[:100]!r}.")
    return inbound
