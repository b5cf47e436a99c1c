"""Use-case: a member leaves, and has what is kept of them erased.

What stays: the bytes that were signed, their status, and the journal, which holds ids and digests alone; so that all of
it can still be verified. Copies in others' hands cannot be recalled.
"""

from enum import StrEnum
from uuid import UUID

from sqlmodel import Session

from app.kit.errors import Conflict, Invalid
from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.kit.personal import Leaving
from app.members.tables import Member
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


def erase(session: Session, member: UUID, badges: Badges, *, confirmed: str, at: Installation, on: Occasion) -> None:
    """Everything in one go. `confirmed` is the member's handle. Raises `Invalid`."""
    if session.get_one(Member, member).handle != confirmed:
        raise Invalid(errors=[{"parameter": "confirm", "message": "is not that handle; nothing was erased"}])
    leaving = Leaving(member=member, revoke=badges is Badges.revoke, at=at, on=on)
    for part in PARTS:
        if part.hold is not None:
            part.hold(session, member)
    for part in PARTS:
        if part.erase is not None:
            part.erase(session, leaving)


def erase_departed(
    session: Session, member: Member, badges: Badges, *, confirmed: str, at: Installation, on: Occasion
) -> None:
    """The same, at the wish of somebody who has left and so has no token. Raises `StillAMember`, `Invalid`."""
    if member.left_at is None:
        raise StillAMember(f"{member.handle} has not left.")
    erase(session, member.id, badges, confirmed=confirmed, at=at, on=on)
