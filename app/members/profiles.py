"""Members as they are shown: to others, to stewards, to themselves."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.kit.schemas import Out
from app.members.absences import standings
from app.members.auth import Caller, onlooker
from app.members.person import Standing
from app.members.rules import Role
from app.members.tables import Member

CONFIDENTIAL = ("email", "minor", "guardian_agreed")
"""What other members are not shown."""


class MemberOut(Out):
    """A member; `email`, `minor` and `guardian_agreed` only for stewards and the member."""

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


def profiles(session: Session, members: Sequence[Member], caller: Caller, *, now: datetime) -> list[MemberOut]:
    """Members of one community, as the caller may see them."""
    standing = standings(session, members, now=now)
    return [_profile(member, standing[member.id], caller) for member in members]


def profile(session: Session, member: Member, caller: Caller, *, now: datetime) -> MemberOut:
    """One of them."""
    return profiles(session, [member], caller, now=now)[0]


def _profile(member: Member, standing: Standing, caller: Caller) -> MemberOut:
    shown = MemberOut.model_validate(member.model_dump() | {"standing": standing})
    in_full = onlooker(caller, member.id, member.community_id).in_full
    return shown if in_full else shown.model_copy(update=dict.fromkeys(CONFIDENTIAL))
