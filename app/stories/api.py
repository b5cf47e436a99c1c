"""Doors: value stories, and the matrix of their cycles."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query
from sqlmodel import Session, col

from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep, SessionDep
from app.kit.etags import IfMatch
from app.kit.idempotency import once
from app.kit.paging import Listing, PageDep, page
from app.kit.schemas import Id
from app.kit.strict import router as strict_router
from app.members.auth import Caller, FellowOf, Visitor, occasion, person_in, require_own
from app.members.service import community_by_slug
from app.members.tables import Community
from app.stories import service
from app.stories.matrix import matrix
from app.stories.tables import Story
from app.stories.views import (
    ConsentIn,
    MatrixOut,
    StoryChange,
    StoryIn,
    StoryOut,
    matrix_shown,
    redrawn,
    shown,
    viewer_of,
)

router = strict_router(tags=["stories"])

Author = Annotated[Caller, Depends(FellowOf())]
Viewer = Annotated[Caller | None, Depends(Visitor())]


@router.post("/v1/communities/{c}/stories", status_code=201)
@once
def tell_story(
    c: str, body: StoryIn, caller: Author, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> StoryOut:
    """Tell what you got out of it. Whoever you say may read it; a story of realised value (cycle 4) leads back, itself
    or through the stories that it goes on from, to something that somebody did."""
    community, on = community_by_slug(session, c), occasion(caller, runtime, now)
    author, (_, mine) = person_in(caller), viewer_of(caller, community)
    story = service.tell(session, community, author, body.told, body.consent.consent, mine=mine, on=on)
    return shown(session, community, [story], caller)[story.id]


@router.get("/v1/communities/{c}/stories")
def list_stories(
    c: str,
    caller: Viewer,
    session: ReadSessionDep,
    pages: PageDep,
    cycle: Annotated[int | None, Query(ge=1, le=5, description="Of one cycle.")] = None,
) -> Listing[StoryOut]:
    """List the stories that you may read, newest first."""
    community = community_by_slug(session, c)
    rows = service.stories(community, *viewer_of(caller, community))
    if cycle is not None:
        rows = rows.where(col(Story.cycles).contains(str(cycle)))
    found = page(session, rows, pages.window, by=[col(Story.row)], newest_first=True)
    items = shown(session, community, found.items, caller)
    return pages.show(found, lambda row: items[row.id])


@router.get("/v1/communities/{c}/value-matrix")
def read_matrix(c: str, caller: Viewer, session: ReadSessionDep, now: NowDep) -> MatrixOut:
    """Value by cycle: how many stories there are at least, of whole months, and which of them you may read."""
    community = community_by_slug(session, c)
    return matrix_shown(matrix(session, community, *viewer_of(caller, community), now=now))


@router.get("/v1/communities/{c}/stories/{story_id}")
def read_story(c: str, story_id: Id, caller: Viewer, session: ReadSessionDep, if_match: IfMatch) -> StoryOut:
    """One story, to whoever may read it."""
    community = community_by_slug(session, c)
    story = service.story_by_id(session, community, story_id, *viewer_of(caller, community))
    if_match.changed_to(story.version)
    return shown(session, community, [story], caller)[story.id]


@router.patch("/v1/communities/{c}/stories/{story_id}")
def change_story(
    c: str,
    story_id: Id,
    body: StoryChange,
    caller: Author,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    if_match: IfMatch,
) -> StoryOut:
    """Say your story otherwise."""
    community, on = community_by_slug(session, c), occasion(caller, runtime, now)
    story = _own(session, community, story_id, caller)
    before = story.version
    _, mine = viewer_of(caller, community)
    service.change(session, story, redrawn(session, story, body), mine=mine, on=on)
    if_match.require(before)
    if_match.changed_to(story.version)
    return shown(session, community, [story], caller)[story.id]


@router.put("/v1/communities/{c}/stories/{story_id}/consent")
def change_consent(
    c: str, story_id: Id, body: ConsentIn, caller: Author, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> StoryOut:
    """Say who may read your story from now on, whether it may be quoted, and whether it says whose it is."""
    community, on = community_by_slug(session, c), occasion(caller, runtime, now)
    story = _own(session, community, story_id, caller)
    service.consent(session, story, body.consent, on=on)
    return shown(session, community, [story], caller)[story.id]


@router.delete("/v1/communities/{c}/stories/{story_id}")
def withdraw_story(
    c: str, story_id: Id, caller: Author, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> StoryOut:
    """Take your story back for good: its words are not kept. What you get is the last that is seen of it."""
    community, on = community_by_slug(session, c), occasion(caller, runtime, now)
    story = _own(session, community, story_id, caller)
    last = shown(session, community, [story], caller)[story.id]
    service.withdraw(session, story, on=on)
    return last


def _own(session: Session, community: Community, id: UUID, caller: Caller) -> Story:
    """Raises `NoSuchStory`, `Forbidden` where it is nobody in person who may read it, and `AnothersToken` of every one
    without a name: by which of them can be changed one would know whose it is."""
    story = service.story_by_id(session, community, id, *viewer_of(caller, community))
    if not story.named:
        require_own(caller)
    return service.own(session, community, id, person_in(caller))
