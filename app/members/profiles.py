"""Members as they are shown: to others, to stewards, to themselves."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.kit.schemas import Out
from app.members.absences import standings
from app.members.auth import Caller, onlooker
from app.members.bringing import inviters
from app.members.person import Standing
from app.members.rules import Role
from app.members.tables import Member

CONFIDENTIAL = ("email", "minor", "guardian_agreed", "invited_by")
"""What other members are not shown."""


class MemberOut(Out):
    """A member; `email`, `minor`, `guardian_agreed` and `invited_by` only for stewards and the member."""

    id: UUID
    handle: str
    name: str
    email: str | None
    did: str | None
    affiliation: str | None
    role: Role
    joined_at: datetime
    standing: Standing
    minor: bool | None
    guardian_agreed: bool | None
    invited_by: UUID | None
    """Who brought them, if that was said."""


def profiles(session: Session, members: Sequence[Member], caller: Caller, *, now: datetime) -> list[MemberOut]:
    """Members of one community, as the caller may see them."""
    standing, brought_by = standings(session, members, now=now), inviters(session, [member.id for member in members])
    return [_profile(member, standing[member.id], brought_by.get(member.id), caller) for member in members]


def profile(session: Session, member: Member, caller: Caller, *, now: datetime) -> MemberOut:
    """One of them."""
    return profiles(session, [member], caller, now=now)[0]


def _profile(member: Member, standing: Standing, inviter: UUID | None, caller: Caller) -> MemberOut:
    shown = MemberOut.model_validate(member.model_dump() | {"standing": standing, "invited_by": inviter})
    in_full = onlooker(caller, member.id, member.community_id).in_full
    return shown if in_full else shown.model_copy(update=dict.fromkeys(CONFIDENTIAL))
