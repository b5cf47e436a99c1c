"""Use-case: a member leaves, and has what is kept of them erased.

What stays: the bytes that were signed, their status, and the journal, which holds ids and digests alone; so that all of
it can still be verified. Copies in others' hands cannot be recalled.
"""

from dataclasses import replace
from enum import StrEnum
from uuid import UUID

from sqlmodel import Session

from app.kit.deps import Runtime
from app.kit.errors import Conflict, Invalid
from app.kit.occasions import Occasion
from app.kit.personal import Leaving
from app.members.tables import Member
from app.privacy.asking import member_behind
from app.privacy.letters import tell_erased
from app.privacy.parts import PARTS


class StillAMember(Conflict):
    """Whoever is a member has what is kept of them erased themselves."""

    code = "still-a-member"
    fix = "They call DELETE /v1/me/data with their own token; once they have left, a steward does it at their wish."


class Badges(StrEnum):
    """What becomes of a member's badges, and of what they vouched for, when they leave."""

    keep = "keep"
    """They stay as they are, and verifiable."""
    revoke = "revoke"
    """They end, and are shown to nobody."""


def erase(session: Session, member: UUID, badges: Badges, *, confirmed: str, runtime: Runtime, on: Occasion) -> None:
    """Everything in one go; it is told to their addresses, if mail goes out here. `confirmed` is the member's handle.

    Raises `Invalid`.
    """
    person = session.get_one(Member, member)
    if person.handle != confirmed:
        raise Invalid(errors=[{"parameter": "confirm", "message": "is not that handle; nothing was erased"}])
    leaving = Leaving(member=member, revoke=badges is Badges.revoke, at=runtime.installation, on=on)
    for part in PARTS:
        if part.hold is not None:
            part.hold(session, leaving)
    if runtime.send is not None:
        tell_erased(session, person, revoked=leaving.revoke, at=runtime.installation, on=on)
    for part in PARTS:
        if part.erase is not None:
            part.erase(session, leaving)


def erase_departed(
    session: Session, member: Member, badges: Badges, *, confirmed: str, runtime: Runtime, on: Occasion
) -> None:
    """The same, at the wish of somebody who has left and so has no token. Raises `StillAMember`, `Invalid`."""
    if member.left_at is None:
        raise StillAMember(f"{member.handle} has not left.")
    erase(session, member.id, badges, confirmed=confirmed, runtime=runtime, on=on)


def erase_by_letter(
    session: Session, secret: str, badges: Badges, *, confirmed: str, runtime: Runtime, on: Occasion
) -> Member:
    """The same, as whoever has the link of a letter: who has left, in person.

    Raises `NoSuchDataLink`, `DataLinkOver`, `Invalid`.
    """
    member = member_behind(session, secret, on=on, lock=True)
    own = replace(on, actor=str(member.id))
    erase(session, member.id, badges, confirmed=confirmed, runtime=runtime, on=own)
    return member
