"""Use-cases: what a community has agreed on (its charter, in versions), and what it is about (its profile)."""

from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.kit import journal
from app.kit.errors import FieldError, Invalid, NotFound
from app.kit.occasions import Occasion
from app.members.communities.likeness import alike
from app.members.communities.tables import Charter, CommunityProfile
from app.members.tables import Community


class NoCharter(NotFound):
    """This community has no such version of a charter."""

    code = "no-charter"
    fix = "GET …/charter/versions lists those that there are; a steward adopts one with POST …/charter/versions."


class ProfileNotPublic(NotFound):
    """This community has published no profile."""

    code = "profile-not-public"
    fix = "Its members see it with their token; a steward publishes it once it names a domain."


@dataclass(frozen=True)
class Agreed:
    """What a charter says: from purpose to practice (Lipmanowicz and McCandless, Liberating Structures)."""

    purpose: str
    principles: str
    participants: str
    structure: str
    practices: str
    note: str | None = None


def adopt(session: Session, community: Community, agreed: Agreed, *, on: Occasion) -> Charter:
    """The next version of the charter. What was issued under those before it stays as it was signed."""
    journal.hold(session, community.id)  # two who adopt one at once do so one after the other
    newest = session.exec(versions(community).order_by(col(Charter.number).desc()).limit(1)).first()
    number = newest.number + 1 if newest is not None else 1
    charter = Charter(
        community_id=community.id, number=number, adopted_at=on.now, adopted_by=on.actor, **asdict(agreed)
    )
    session.add(charter)
    session.flush()
    on.record(session, community.id, "charter.adopted", community.id, {"version": number})
    return charter


def versions(community: Community) -> SelectOfScalar[Charter]:
    """All versions of a community's charter."""
    return select(Charter).where(Charter.community_id == community.id)


def charter_of(session: Session, community: Community, number: int | None = None) -> Charter:
    """One version of the charter, or the newest. Raises `NoCharter`."""
    chosen = versions(community).order_by(col(Charter.number).desc())
    if number is not None:
        chosen = chosen.where(Charter.number == number)
    found = session.exec(chosen.limit(1)).first()
    if found is None:
        raise NoCharter(f"{community.slug} has none.")
    return found


def profile_of(session: Session, community: Community) -> CommunityProfile:
    """What a community says it is about; empty while it has said nothing."""
    found = session.get(CommunityProfile, community.id)
    return found if found is not None else CommunityProfile(community_id=community.id)


def public_profile(session: Session, community: Community) -> CommunityProfile:
    """The same for everyone. Raises `ProfileNotPublic`."""
    profile = profile_of(session, community)
    if not profile.public:
        raise ProfileNotPublic(f"{community.slug} has not.")
    return profile


def like(session: Session, text: str, *, limit: int) -> list[Community]:
    """The communities that may be about the same as a text, by what everyone may read of them; the most alike first."""
    rows = session.exec(
        select(Community, CommunityProfile).outerjoin(
            CommunityProfile, sa.and_(col(CommunityProfile.community_id) == Community.id, col(CommunityProfile.public))
        )
    ).all()
    known = {community.id: community for community, _ in rows}
    said = {community.id: _about(community, profile) for community, profile in rows}
    return [known[id] for id, _ in alike(text, said)[:limit]]


def _about(community: Community, profile: CommunityProfile | None) -> str:
    told = [profile.domain, profile.community, profile.practice] if profile is not None else []
    return "\n".join([community.name, community.description, *(each for each in told if each)])


def describe(
    session: Session, community: Community, changes: dict[str, Any], *, on: Occasion
) -> tuple[CommunityProfile, int]:
    """Changes what `changes` names of the profile; gives it, and the version it had before.

    Raises `Invalid` where everyone is to read a profile that names no domain.
    """
    journal.hold(session, community.id)
    chosen = select(CommunityProfile).where(CommunityProfile.community_id == community.id)
    known = session.exec(chosen.execution_options(populate_existing=True)).one_or_none()
    profile = known or CommunityProfile(community_id=community.id)
    before = profile.version
    for name, value in changes.items():
        setattr(profile, name, value)
    if profile.public and not profile.domain:
        message = "what a community is about is needed before everyone may read its profile"
        raise Invalid(errors=[FieldError(pointer="/domain", message=message)])
    profile.version += 1
    session.add(profile)
    session.flush()
    on.record(session, community.id, "community.described", community.id, {"fields": sorted(changes)})
    return profile, before
