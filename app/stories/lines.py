"""What stories are about, and which lead to something that somebody did."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.contributions.tables import Contribution
from app.stories.chains import behind
from app.stories.reaching import reached
from app.stories.rules import Links
from app.stories.tables import StoryLink


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


def lines(session: Session, stories: SelectOfScalar[UUID]) -> tuple[dict[UUID, set[UUID]], set[UUID]]:
    """Of these stories, selected by their ids, and of all that they go on from: which goes on from which, and which
    name a contribution that stands. What was taken back has no links."""
    among = reached(stories, col(StoryLink.story_id), col(StoryLink.to_story_id))
    stands = sa.and_(col(Contribution.id) == col(StoryLink.contribution_id), col(Contribution.retracted_at).is_(None))
    rows = (
        sa.select(col(StoryLink.story_id), col(StoryLink.to_story_id), col(Contribution.id))
        .join(among, col(StoryLink.story_id) == among.c.id)
        .outerjoin(Contribution, stands)
    )
    leads_to, named = dict[UUID, set[UUID]](), set[UUID]()
    for one, other, contribution in session.execute(rows):
        if other is not None:
            leads_to.setdefault(one, set()).add(other)
        elif contribution is not None:
            named.add(one)
    return leads_to, named


def grounded(leads_to: Mapping[UUID, Iterable[UUID]], named: Iterable[UUID]) -> set[UUID]:
    """Those that lead to a contribution, directly or through the stories that they go on from; `named` name one.

    Each link is followed once, backwards from these: forwards, a long chain would be walked from each of its stories.
    """
    go_on = dict[UUID, list[UUID]]()
    for one, others in leads_to.items():
        for other in others:
            go_on.setdefault(other, []).append(one)
    return behind(named, go_on)
