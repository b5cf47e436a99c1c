"""What is kept of a member by this capability, and what is left once that is erased: an id, and a pseudonym."""

from sqlmodel import Session, col, delete, or_, select

from app.kit.personal import Kept, Leaving, Part
from app.members.communities.tables import Farewell
from app.members.rules import Role
from app.members.standing import leave
from app.members.tables import (
    Absence,
    Address,
    AddressLetter,
    Affiliation,
    Identity,
    Invited,
    Member,
    MemberDid,
    Tenure,
    Tie,
    Token,
)

FORMER = "former member"
"""The name of whoever had theirs erased."""


def _hold(session: Session, leaving: Leaving) -> None:
    """The last of all rows: what is linked or offered to them just now is there by then, and erased as well."""
    session.exec(select(Member.id).where(Member.id == leaving.member).with_for_update()).one()


def _erase(session: Session, leaving: Leaving) -> None:
    """They leave, if they have not, and nothing says who they were; roles that they held stay, without a name."""
    on = leaving.on
    chosen = select(Member).where(Member.id == leaving.member).with_for_update()
    member = session.exec(chosen.execution_options(populate_existing=True)).one()
    if member.left_at is None:
        leave(session, member, on=on)
    for table in (Farewell, Absence, Affiliation, Identity, MemberDid, AddressLetter, Address):
        session.exec(delete(table).where(col(table.member_id) == member.id))
    session.exec(delete(Invited).where(or_(col(Invited.member_id) == member.id, col(Invited.inviter_id) == member.id)))
    session.exec(delete(Tie).where(or_(col(Tie.first_id) == member.id, col(Tie.second_id) == member.id)))
    member.handle, member.name, member.role = f"former-{on.ids.public().hex}", FORMER, Role.member
    member.email = member.did = member.affiliation = member.contact_changed_at = None
    member.emeritus_at, member.guardian_agreed = None, False
    member.erased_at = on.now
    member.version += 1
    session.add(member)
    session.flush()
    on.record(session, member.community_id, "member.erased", member.id, {"revoked": leaving.revoke})


PART = Part(
    kept=(
        Kept(Member, which=lambda member: col(Member.id) == member),
        Kept(Address, ("member_id",), without=frozenset({"key"})),
        Kept(AddressLetter, ("member_id",), without=frozenset({"digest", "key", "sealed"})),
        Kept(MemberDid, ("member_id",), without=frozenset({"challenge"})),
        Kept(Affiliation, ("member_id",)),
        Kept(Identity, ("member_id",)),
        Kept(Tenure, ("member_id",)),
        Kept(Absence, ("member_id",)),
        Kept(Farewell, ("member_id",)),
        Kept(Invited, ("member_id", "inviter_id")),
        Kept(Tie, ("first_id", "second_id", "declared_by")),
        Kept(Token, ("owner_id",), without=frozenset({"digest"})),
    ),
    hold=_hold,
    erase=_erase,
)
