"""Doors of one's own: the nominations one has to do with, and what others wrote about one."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import sqlalchemy as sa
from fastapi import Query
from sqlmodel import col, select

from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep, SessionDep
from app.kit.paging import Listing, PageDep, page
from app.kit.schemas import Out
from app.kit.strict import router as strict_router
from app.members.auth import occasion
from app.nominations import remembering
from app.nominations.doors import Myself, Oneself, mine_as, person_of, readable, seen_row
from app.nominations.sight import Relation
from app.nominations.tables import Nomination
from app.nominations.views import NominationOut, shown

router = strict_router(tags=["nominations"])

IN_PERSON = frozenset(Relation) - {Relation.steward, Relation.welcome}


class PassageOut(Out):
    """Something that was written about you; `by` is null where its writer stays unnamed."""

    kind: str
    of: UUID
    """The nomination, the thanks or the endorsement."""
    text: str
    by: UUID | None
    at: datetime | None


class AboutMe(Out):
    """Everything that was written about you in nominations, endorsements and thanks."""

    items: list[PassageOut]


class Erasure(Out):
    """What has no texts any more; and nominations and endorsements that are open still, to withdraw or answer first."""

    erased: list[UUID]
    left: list[UUID]


@router.get("/v1/me/nominations")
def list_own_nominations(
    caller: Oneself,
    session: ReadSessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    pages: PageDep,
    role: Annotated[Relation | None, Query(description="Only those in which you are this.")] = None,
) -> Listing[NominationOut]:
    """List the nominations that you have to do with in person, newest first."""
    wanted = IN_PERSON if role is None else frozenset({role})
    rows = select(Nomination).where(readable(caller), mine_as(caller, wanted) if caller.member else sa.false())
    found = page(session, rows, pages.window, by=[col(Nomination.row)], newest_first=True)
    listed = pages.show(found, lambda row: seen_row(session, row, caller, now=now))
    mine = [each for each in listed.items if each is not None and each.relations & wanted]
    return Listing(items=[shown(each, at=runtime.installation, now=now) for each in mine], next=listed.next)


@router.get("/v1/me/about-me")
def about_me(caller: Myself, session: ReadSessionDep, now: NowDep) -> AboutMe:
    """Read everything that was written about you in nominations that have ended or that you know of, in endorsements
    of your badges, and in thanks."""
    passages = remembering.about(session, person_of(caller), now=now)
    return AboutMe(items=[PassageOut.model_validate(passage) for passage in passages])


@router.delete("/v1/me/about-me")
def erase_about_me(caller: Myself, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> Erasure:
    """Have what was written about you erased. Badges stay, and endorsements that were signed: hide, revoke or decline
    those by themselves."""
    erased, left = remembering.erase(session, person_of(caller), on=occasion(caller, runtime, now))
    return Erasure(erased=erased, left=left)
