"""What stories are about, and which lead to something that somebody did."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from uuid import UUID

from sqlmodel import Session, col, select

from app.contributions.tables import Contribution
from app.stories.chains import behind
from app.stories.rules import Links
from app.stories.tables import Story, StoryLink


def links_of(session: Session, ids: Collection[UUID]) -> dict[UUID, Links]:
    """What each of these stories is about."""
    rows = session.exec(
        select(StoryLink).where(col(StoryLink.story_id).in_(ids)).order_by(col(StoryLink.position))
    ).all()
    found = {id: Links() for id in ids}
    for row in rows:
        known = found[row.story_id]
        if row.contribution_id is not None:
            found[row.story_id] = replace(known, contributions=(*known.contributions, row.contribution_id))
        elif row.credential_id is not None:
            found[row.story_id] = replace(known, credentials=(*known.credentials, row.credential_id))
        elif row.to_story_id is not None:
            found[row.story_id] = replace(known, stories=(*known.stories, row.to_story_id))
    return found


def lines(session: Session, community: UUID) -> tuple[dict[UUID, set[UUID]], set[UUID]]:
    """Of the stories that stand: which goes on from which, and which name a contribution that stands."""
    stands = col(Story.withdrawn_at).is_(None)
    of_community = select(StoryLink).join(Story, col(Story.id) == col(StoryLink.story_id))
    leads_to = dict[UUID, set[UUID]]()
    mine = of_community.where(Story.community_id == community, stands)
    for row in session.exec(mine.where(col(StoryLink.to_story_id).is_not(None))).all():
        if row.to_story_id is not None:
            leads_to.setdefault(row.story_id, set()).add(row.to_story_id)
    named = select(StoryLink.story_id).join(Story, col(Story.id) == col(StoryLink.story_id))
    named = named.join(Contribution, col(Contribution.id) == col(StoryLink.contribution_id))
    named = named.where(Story.community_id == community, stands, col(Contribution.retracted_at).is_(None))
    return leads_to, set(session.exec(named).all())


def grounded(stories: Sequence[UUID], leads_to: dict[UUID, set[UUID]], named: set[UUID]) -> set[UUID]:
    """Those of these that lead to a contribution, directly or through the stories that they go on from."""
    return {id for id in stories if behind([id], leads_to) & named}
