"""Doors for what people want left alone: whom they block, and never to be added."""

from datetime import datetime
from uuid import UUID

from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep, SessionDep
from app.kit.paging import Listing, PageDep
from app.kit.schemas import Out
from app.kit.strict import router as strict_router
from app.members.auth import occasion
from app.nominations import wishes
from app.nominations.doors import Myself, person_of
from app.nominations.tables import Block

router = strict_router(tags=["me"])


class BlockOut(Out):
    """Somebody who cannot nominate you. Only you see this."""

    member: UUID
    at: datetime


class NeverAddOut(Out):
    """Whether nothing is offered to you any more."""

    never_add: bool


@router.get("/v1/me/blocks")
def list_blocks(caller: Myself, session: ReadSessionDep, pages: PageDep) -> Listing[BlockOut]:
    """List whom you have blocked."""
    return pages.show(wishes.blocks(session, caller.member, pages.window), _shown)


@router.get("/v1/me/blocks/{member}")
def read_block(member: str, caller: Myself, session: ReadSessionDep) -> BlockOut:
    """Whether you have blocked a member, by handle or id."""
    return _shown(wishes.block_of(session, caller.member, member))


@router.put("/v1/me/blocks/{member}")
def block(member: str, caller: Myself, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> BlockOut:
    """Block a member: they can no longer nominate you, and are told of a cool-down as anybody is."""
    return _shown(wishes.block(session, person_of(caller), member, on=occasion(caller, runtime, now)))


@router.delete("/v1/me/blocks/{member}")
def unblock(member: str, caller: Myself, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> BlockOut:
    """Take a block back."""
    return _shown(wishes.unblock(session, person_of(caller), member, on=occasion(caller, runtime, now)))


@router.put("/v1/me/never-add")
def never_add(caller: Myself, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> NeverAddOut:
    """Never be recognised here again: nothing is offered to you, in any community of this installation.

    Kept are keyed hashes of your id, address and DID, and nobody can read who is on the list: whoever nominates you
    sees an offer that is never answered, and you are not told of it.
    """
    wishes.never_add(session, person_of(caller), at=runtime.installation, on=occasion(caller, runtime, now))
    return NeverAddOut(never_add=True)


@router.delete("/v1/me/never-add")
def may_add(caller: Myself, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> NeverAddOut:
    """Be welcome to recognition again."""
    wishes.may_add(session, person_of(caller), at=runtime.installation, on=occasion(caller, runtime, now))
    return NeverAddOut(never_add=False)


def _shown(row: Block) -> BlockOut:
    return BlockOut(member=row.blocked_id, at=row.at)
