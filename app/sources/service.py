"""Use-cases: sources are added, changed, given new secrets, and removed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.achievements import service as achievements
from app.kit.errors import Conflict, Invalid, NotFound
from app.kit.ids import id_in
from app.kit.installation import Installation
from app.kit.journal import Datum
from app.kit.occasions import Occasion
from app.kit.prepared import PreparedRows
from app.members.tables import Community
from app.sources.receiving import PLATFORMS
from app.sources.receiving.platforms import Platform
from app.sources.tables import AwardState, PlatformAward, Source

MOST = 200
"""Sources of one community."""


class NoSuchSource(NotFound):
    """There is no such source."""

    code = "no-such-source"
    fix = "GET /v1/communities/{c}/sources lists the sources there are; one that was removed hears nothing any more."


class TooManySources(Conflict):
    """This community has as many sources as it may have."""

    code = "too-many-sources"
    fix = "Remove one that tells nothing any more."


_BY_ID = PreparedRows(Source, select(Source).where(Source.id == sa.bindparam("id", type_=sa.Uuid())))


def listening(session: Session, id: str) -> Source:
    """A source that is still heard. Raises `NoSuchSource`."""
    known = id_in(id)
    source = _BY_ID.first(session, {"id": known}) if known is not None else None
    if source is None or source.removed_at is not None:
        raise NoSuchSource(f"There is no source {id[:100]!r}.")
    return source


def source_of(session: Session, community: Community, id: str, *, lock: bool = False) -> Source:
    """A source of a community; with `lock`, nobody else changes it, and it is heard. Raises `NoSuchSource`."""
    known = id_in(id)
    chosen = select(Source).where(Source.id == known, Source.community_id == community.id)
    source = session.exec(chosen.with_for_update(key_share=True) if lock else chosen).one_or_none() if known else None
    if source is None or source.removed_at is not None:
        raise NoSuchSource(f"{community.slug} has no source {id[:100]!r}.")
    return source


def add(
    session: Session,
    community: Community,
    platform: Platform,
    *,
    name: str,
    accounts: str,
    secret: str | None,
    may_award: Sequence[str],
    vouches: bool,
    at: Installation,
    on: Occasion,
) -> tuple[Source, str]:
    """A new source, and its secret. Raises `TooManySources`, `NoSuchAchievement`, `Invalid`."""
    count = sa.select(sa.func.count()).where(col(Source.community_id) == community.id, col(Source.removed_at).is_(None))
    if session.execute(count).scalar_one() >= MOST:
        raise TooManySources(f"{community.slug} has {MOST} sources.")
    id = on.ids.public()
    its = secret_for(platform, secret, on=on)
    source = Source(
        id=id,
        row=on.ids.row(),
        community_id=community.id,
        platform=platform.name,
        name=name,
        accounts=accounts,
        achievements=_named(session, community, may_award),
        vouches=vouches,
        secret=_seal(its, id, at),
        added_at=on.now,
        added_by=on.actor,
    )
    session.add(source)
    session.flush()
    on.record(session, community.id, "source.added", id, {"platform": platform.name, "awards": source.achievements})
    return source, its


def change(
    session: Session,
    community: Community,
    source: Source,
    *,
    name: str | None,
    may_award: Sequence[str] | None,
    vouches: bool | None,
    on: Occasion,
) -> Source:
    """Calls a locked source by another name, or lets it award others. Raises `NoSuchAchievement`."""
    source.name = name or source.name
    if may_award is not None:
        source.achievements = _named(session, community, may_award)
    source.vouches = source.vouches if vouches is None else vouches
    source.version += 1
    session.add(source)
    on.record(session, community.id, "source.changed", source.id, {"awards": source.achievements})
    return source


def rotate(
    session: Session, source: Source, secret: str | None, *, overlap: timedelta, at: Installation, on: Occasion
) -> str:
    """A new secret for a locked source; the one before is believed for a while longer. Raises `Invalid`."""
    its = secret_for(PLATFORMS[source.platform], secret, on=on)
    source.old_secret, source.old_ends = (source.secret, on.now + overlap) if overlap else (None, None)
    source.secret = _seal(its, source.id, at)
    source.version += 1
    session.add(source)
    on.record(session, source.community_id, "source.rotated", source.id)
    return its


def remove(session: Session, source: Source, *, on: Occasion) -> None:
    """Hears a locked source no longer, and forgets its secret. What was made of what it told stays, not what waits.

    Of that the journal is told award by award, as where the platform takes it back.
    """
    source.removed_at, source.version = on.now, source.version + 1
    source.secret, source.old_secret, source.old_ends = b"", None, None
    session.add(source)
    waiting = sa.and_(col(PlatformAward.source_id) == source.id, col(PlatformAward.state) == AwardState.parked)
    chosen = sa.select(col(PlatformAward.id)).where(waiting).order_by(col(PlatformAward.id))
    withdrawn = session.execute(chosen.with_for_update()).scalars().all()
    forgotten = {"state": AwardState.withdrawn, "platform": None, "account": None, "address": None, "asked": None}
    session.execute(sa.update(PlatformAward).where(waiting).values(forgotten))
    happened: list[tuple[str, UUID, dict[str, Datum]]] = [
        ("award.withdrawn", id, {"source": str(source.id)}) for id in withdrawn
    ]
    on.record_all(session, source.community_id, [*happened, ("source.removed", source.id, {})])


def secrets_of(source: Source, now: datetime, *, at: Installation) -> list[str]:
    """Those that are believed now, the newest first."""
    sealed = [source.secret]
    if source.old_secret is not None and source.old_ends is not None and now < source.old_ends:
        sealed.append(source.old_secret)
    return [at.vault.open(each, bound_to=f"source/{source.id}").decode() for each in sealed]


def secret_for(platform: Platform, given: str | None, *, on: Occasion) -> str:
    """What is given, or a new one. Raises `Invalid`."""
    if given is None:
        if platform.secret_is_given:
            message = f"is needed: {platform.name} makes it, and shows it where its webhooks are set up"
            raise Invalid(errors=[{"pointer": "/secret", "message": message}])
        return platform.made(on.ids.secret())
    try:
        return platform.checked(given)
    except ValueError as error:
        raise Invalid(errors=[{"pointer": "/secret", "message": str(error)}]) from None


def _seal(secret: str, source: UUID, at: Installation) -> bytes:
    return at.vault.seal(secret.encode(), bound_to=f"source/{source}")


def _named(session: Session, community: Community, ids: Sequence[str]) -> list[str]:
    """The achievements that these are, each once. Raises `NoSuchAchievement`."""
    return list(dict.fromkeys(str(achievements.newest(session, community, id).achievement_id) for id in ids))
