"""Three thanks of one type suggest a nomination: asked of those who gave them, each in their own words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlmodel import Session, and_, col, select

from app.achievements.tables import Achievement, AchievementVersion
from app.kit.errors import NotFound
from app.kit.journal import Datum
from app.kit.occasions import Occasion
from app.members.tables import Community, Member
from app.nominations.thanks.tables import Suggestion, Thanks

ENOUGH = 3
WITHIN = timedelta(days=365)


class NoSuchSuggestion(NotFound):
    """There is no such suggestion, or it is not yours, or you dismissed it."""

    code = "no-such-suggestion"
    fix = "GET /v1/me/suggestions lists yours."


@dataclass(frozen=True)
class Draft:
    """What a suggestion proposes to nominate somebody for."""

    community: Community
    nominee: Member
    achievement: UUID | None
    """The community's oldest of that contribution type, if it has one."""
    thanks: Sequence[Thanks]
    """Those of the three that whoever is asked gave themself: what others said in private stays private."""


def suggest(session: Session, latest: Thanks, *, on: Occasion) -> list[tuple[str, UUID, dict[str, Datum]]]:
    """Makes the suggestions for which `latest` is enough; what the journal is to say of it.

    The receiver's row is locked, so that no thanks counts for two suggestions.
    """
    if latest.contribution_type is None:
        return []
    uncounted = (
        select(Thanks)
        .where(
            Thanks.community_id == latest.community_id,
            Thanks.receiver_id == latest.receiver_id,
            Thanks.contribution_type == latest.contribution_type,
            Thanks.given_at > on.now - WITHIN,
            col(Thanks.counted_in).is_(None),
            col(Thanks.held).is_(False),
            col(Thanks.hidden_at).is_(None),
            col(Thanks.withdrawn_at).is_(None),
        )
        .order_by(col(Thanks.id))
    )
    together = session.exec(uncounted).all()
    if len(together) < ENOUGH:
        return []
    happened: list[tuple[str, UUID, dict[str, Datum]]] = []
    for giver in dict.fromkeys(thanks.giver_id for thanks in together):
        suggestion = Suggestion(
            id=on.ids.row(),
            thanks_id=latest.id,
            member_id=giver,
            nominee_id=latest.receiver_id,
            contribution_type=latest.contribution_type,
            made_at=on.now,
        )
        session.add(suggestion)
        happened.append(("nomination.suggested", suggestion.id, {"to": str(giver), "thanks": str(latest.id)}))
    for thanks in together:
        thanks.counted_in = latest.id
    session.flush()
    return happened


def suggestion_for(session: Session, member: UUID | None, id: UUID, *, lock: bool = False) -> Suggestion:
    """One of somebody's open suggestions. Raises `NoSuchSuggestion`."""
    chosen = select(Suggestion).where(
        Suggestion.id == id, Suggestion.member_id == member, col(Suggestion.dismissed_at).is_(None)
    )
    found = session.exec(chosen.with_for_update() if lock else chosen).one_or_none()
    if member is None or found is None:
        raise NoSuchSuggestion(f"You have no suggestion {id}.")
    return found


def dismiss(session: Session, member: UUID | None, id: UUID, *, on: Occasion) -> Suggestion:
    """Puts a suggestion away for good. Raises `NoSuchSuggestion`."""
    suggestion = suggestion_for(session, member, id, lock=True)
    suggestion.dismissed_at = on.now
    session.add(suggestion)
    session.flush()
    nominee = session.get_one(Member, suggestion.nominee_id)
    on.record(session, nominee.community_id, "nomination.suggestion_dismissed", suggestion.id)
    return suggestion


def draft(session: Session, suggestion: Suggestion) -> Draft:
    """What a suggestion proposes, from what is still there of the thanks."""
    nominee = session.get_one(Member, suggestion.nominee_id)
    newest = and_(
        col(AchievementVersion.achievement_id) == col(Achievement.id),
        col(AchievementVersion.number) == col(Achievement.newest),
    )
    fitting = (
        select(Achievement.id)
        .join(AchievementVersion, newest)
        .where(
            Achievement.community_id == nominee.community_id,
            AchievementVersion.contribution_type == suggestion.contribution_type,
        )
        .order_by(col(Achievement.row))
        .limit(1)
    )
    own = (
        select(Thanks)
        .where(
            Thanks.counted_in == suggestion.thanks_id,
            Thanks.giver_id == suggestion.member_id,
            col(Thanks.withdrawn_at).is_(None),
        )
        .order_by(col(Thanks.id))
    )
    return Draft(
        community=session.get_one(Community, nominee.community_id),
        nominee=nominee,
        achievement=session.exec(fitting).first(),
        thanks=session.exec(own).all(),
    )
