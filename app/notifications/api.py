"""Doors: a member's feed, and what they choose to be mailed."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query
from pydantic import Field, Strict
from sqlmodel import Session

from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep, SessionDep
from app.kit.errors import NotFound
from app.kit.idempotency import once
from app.kit.paging import Listing, PageDep, Slice
from app.kit.schemas import In, Out
from app.kit.strict import router as strict_router
from app.members.auth import Caller, InPerson, SignedIn, occasion
from app.members.tables import Community, Member
from app.notifications import service
from app.notifications.rules import Mails, Weekday
from app.notifications.service import Item
from app.notifications.tables import Choice

router = strict_router(tags=["notifications"])


Somebody = Annotated[Caller, Depends(SignedIn("a member or steward, about themself"))]
Myself = Annotated[Caller, Depends(InPerson())]
"""What they are mailed, they alone choose: it could keep from them that somebody else speaks for them."""


class NobodysToken(NotFound):
    """This token is of no member, so that nothing is told to its holder."""

    code = "nobodys-token"
    fix = "Use a token that a member owns."


class ItemOut(Out):
    """Something that you are told."""

    id: UUID
    type: str
    at: datetime
    community: str
    text: str
    link: str = Field(description="Where more of it is: a page, or, below `/v1/`, an address to GET with your token.")
    unread: bool


class ReadOut(Out):
    """How many items you had not read."""

    read: int


class ChoiceIn(In):
    """What you want to be mailed."""

    email: Annotated[Mails, Strict(False)] = Field(
        description="`each`: everything at once; `digest`: once a week what you have not read; `off`: nothing."
    )
    digest_day: Annotated[Weekday | None, Strict(False)] = Field(
        default=None, description="The day of the digest; left out, it stays as it is."
    )
    muted: list[Annotated[str, Field(max_length=64)]] = Field(
        default=[],
        max_length=50,
        description="Types of events that you do not want to hear of, by mail or in the feed; `token.created` is a "
        "warning, and cannot be among them.",
    )


class ChoiceOut(Out):
    """What you are mailed."""

    email: Mails
    digest_day: Weekday
    muted: list[str]


@router.get("/v1/me/feed")
def list_feed(
    caller: Somebody,
    session: ReadSessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    pages: PageDep,
    unread: Annotated[bool, Query(description="Only what you have not read.")] = False,
) -> Listing[ItemOut]:
    """List what you are told, newest first."""
    found, items = service.feed(session, caller.member, pages.window, unread=unread, at=runtime.installation, now=now)
    still_told = Slice([told for told in found.items if told.id in items], found.next)
    return pages.show(still_told, lambda told: _shown(session, items[told.id]))


@router.get("/v1/me/feed/{item}")
def read_item(item: str, caller: Somebody, session: ReadSessionDep, runtime: RuntimeDep, now: NowDep) -> ItemOut:
    """One of the things that you are told."""
    found = service.item_by_id(session, caller.member, item, at=runtime.installation, now=now)
    return _shown(session, found)


@router.post("/v1/me/feed/{item}/read")
@once
def mark_read(item: str, caller: Somebody, session: SessionDep, now: NowDep) -> ReadOut:
    """Say that you have read this, and all before it; with a token that another made, all but warnings."""
    return ReadOut(read=service.read(session, caller.member, item, warnings=not caller.borrowed, now=now))


@router.get("/v1/me/notifications")
def read_choice(caller: Somebody, session: ReadSessionDep) -> ChoiceOut:
    """What you are mailed."""
    return _chosen(service.choice_of(session, _id_of(caller)))


@router.put("/v1/me/notifications")
def choose(body: ChoiceIn, caller: Myself, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> ChoiceOut:
    """Choose what you are mailed."""
    chosen = service.choose(
        session,
        session.get_one(Member, _id_of(caller)),
        body.email,
        day=body.digest_day,
        muted=body.muted,
        on=occasion(caller, runtime, now),
    )
    return _chosen(chosen)


def _id_of(caller: Caller) -> UUID:
    """Who is calling, in person. Raises `NobodysToken`."""
    if caller.member is None:
        raise NobodysToken("The token has no owner who is a member.")
    return caller.member


def _shown(session: Session, item: Item) -> ItemOut:
    told = item.told
    return ItemOut(
        id=told.id,
        type=told.type,
        at=told.at,
        community=session.get_one(Community, told.community_id).slug,
        text=item.words.text,
        link=item.words.link,
        unread=told.read_at is None,
    )


def _chosen(choice: Choice) -> ChoiceOut:
    return ChoiceOut(email=choice.mails, digest_day=choice.digest_day, muted=choice.muted)
