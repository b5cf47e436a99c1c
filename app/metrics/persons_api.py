"""Doors: what the figures say of single people, to themselves and to stewards who say why they look."""

from typing import Annotated

from fastapi import Depends, Query

from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep, SessionDep
from app.kit.errors import Forbidden
from app.kit.paging import Listing, PageDep
from app.kit.schemas import Id
from app.kit.strict import router as strict_router
from app.members.auth import AnotherCommunity, Caller, FellowOf, occasion
from app.members.rules import Scope
from app.members.service import community_by_slug, member_named
from app.metrics import looking, own, persons_views
from app.metrics.persons_views import MyFiguresOut, NoteOut, PersonalFiguresOut
from app.metrics.purposes import Purpose
from app.nominations.doors import Myself, person_of

router = strict_router(tags=["metrics"])

PERIODS = (
    "A month (`2026-10`), quarter (`2026-Q4`) or year (`2026`) that is out and ended within the last 800 days; no "
    "week, which of one person would be a diary. What cannot be had is refused with the nearest that can (`nearest`). "
    "By default the newest month that is out."
)
Period = Annotated[str | None, Query(max_length=20, description=PERIODS)]
Steward = Annotated[Caller, Depends(FellowOf(Scope.members_write))]


class PurposeNotStated(Forbidden):
    """Nobody looks at what was found of single people without saying what for."""

    code = "purpose-not-stated"
    fix = "Say it in the query: `purpose=` " + ", ".join(f"`{each}`" for each in Purpose) + "."


def _stated(
    purpose: Annotated[
        Purpose | None, Query(description="Needed: what it is for. Those who are named are told, with their data.")
    ] = None,
) -> Purpose:
    """Raises `PurposeNotStated`."""
    if purpose is None:
        raise PurposeNotStated("Whom you look at is told what you looked for; so say it.")
    return purpose


Why = Annotated[Purpose, Depends(_stated)]


@router.get("/v1/me/metrics")
def read_my_figures(
    caller: Myself,
    session: ReadSessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    period: Period = None,
    community: Annotated[str | None, Query(max_length=64, description="Where; a token is of one community.")] = None,
) -> MyFiguresOut:
    """What the figures say of you, for you: of a month, quarter or year, by default of the newest month that is out. It
    was worked out once and does not change. Who does not want to be counted is told so, and nothing else."""
    member = person_of(caller)
    here = own.community_of(session, member, community)
    if here is None:
        raise AnotherCommunity(f"This token is not one of {community}.")
    window = own.asked_window(session, here, period, now=now)
    own.check_joined(session, here, member, window, now=now)
    found = own.found_of(session, here, member, window)
    brought = own.brought_by(session, here, member, found)
    return persons_views.my_figures(found, brought, runtime.settings.public_url)


@router.get("/v1/communities/{c}/members/{m}/metrics")
def read_figures_of_member(
    c: str,
    m: str,
    caller: Steward,
    purpose: Why,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    period: Period = None,
) -> PersonalFiguresOut:
    """What the figures say of one member, for a purpose: the look is logged, also where nothing is told, and told to
    the member with their data."""
    community = community_by_slug(session, c)
    member = member_named(session, community, m)
    window = own.asked_window(session, community, period, now=now)
    on = occasion(caller, runtime, now)
    found = looking.figures_of(session, community, member, window, purpose, on=on)
    return persons_views.personal_figures(found, runtime.settings.public_url)


@router.get("/v1/communities/{c}/metrics/notes")
def list_notes(
    c: str,
    caller: Steward,
    purpose: Why,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    pages: PageDep,
    period: Period = None,
) -> Listing[NoteOut]:
    """List what is worth a look: who did much and was hardly recognised, circles, habits, standstill, what nobody
    cares for. For stewards, for a purpose: the look is logged, and told to those who are named with their data. Pages
    may be shorter than asked for; a note that names somebody who has left or does not want to be counted is not shown.
    """
    community = community_by_slug(session, c)
    window = own.asked_window(session, community, period, now=now)
    on = occasion(caller, runtime, now)
    found = looking.notes(session, community, window, purpose, pages.window, on=on)
    return pages.show(found, lambda told: persons_views.note(told, runtime.settings.public_url))


@router.get("/v1/communities/{c}/metrics/notes/{prompt_id}")
def read_note(
    c: str, prompt_id: Id, caller: Steward, purpose: Why, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> NoteOut:
    """One of them, for a purpose; logged like the list, also where it is not shown any more."""
    on = occasion(caller, runtime, now)
    told = looking.note_by_id(session, community_by_slug(session, c), prompt_id, purpose, on=on)
    return persons_views.note(told, runtime.settings.public_url)
