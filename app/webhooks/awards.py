"""What is told of badges that platforms awarded: by what name of theirs they know the award again."""

from collections.abc import Iterable, Mapping

from sqlmodel import Session, col, select

from app.kit.ids import id_in
from app.sources.tables import PlatformAward, Source
from app.webhooks.rules import AWARDED, EVENTS, Told
from app.webhooks.tables import Subscription


def awarded(
    session: Session, subscription: Subscription, news: Iterable[Told], *, looks_after: bool
) -> Mapping[str, Mapping[str, str]]:
    """By the id of a badge, which source awarded it and under which id of its own.

    Whoever looks after the community sees it of every source, and a platform of those that it added itself: what
    another calls its courses and pull requests is none of its business.
    """
    ids = (id_in(str(told.data["id"])) for told in news if told.type in EVENTS and EVENTS[told.type].is_badges)
    badges = {id for id in ids if id is not None}
    if not badges:
        return {}
    chosen = select(PlatformAward).join(Source, col(Source.id) == col(PlatformAward.source_id))
    chosen = chosen.where(Source.community_id == subscription.community_id)
    if not looks_after:
        chosen = chosen.where(Source.added_by == subscription.made_by)
    awards = session.exec(chosen.where(col(PlatformAward.credential_id).in_(badges))).all()
    return {
        str(award.credential_id): dict(zip(AWARDED, (str(award.source_id), award.external_id), strict=True))
        for award in awards
    }
