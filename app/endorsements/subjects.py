"""What is endorsed: looked up for whoever may know of it, owned by somebody, pinned as it is now."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

import badges
from app.achievements import documents as achievement_documents
from app.achievements.service import version_of
from app.achievements.tables import Achievement
from app.credentials import signing
from app.credentials.editions import newest_edition
from app.credentials.published import visible
from app.credentials.rules import State
from app.credentials.tables import Credential, Recipient
from app.endorsements.documents import Pinned
from app.endorsements.rules import BadgeRevoked, Subject
from app.endorsements.tables import Endorsement, EndorsementRequest
from app.issuers.documents import active_issuer_id, profile_document
from app.issuers.keys import ob2_keys
from app.issuers.rules import Addresses
from app.kit.errors import NotFound
from app.kit.ids import id_in
from app.kit.installation import Installation
from app.kit.publishing import Place
from app.members.auth import Caller
from app.members.service import community_by_slug
from app.members.tables import Community


class NothingToEndorse(NotFound):
    """There is no such thing to endorse, or none that you may see."""

    code = "no-such-subject"
    fix = "Name the id of a signed credential or of an achievement, or the slug of a community (subject: issuer)."


@dataclass(frozen=True)
class Thing:
    """What can be endorsed, and whose it is."""

    subject: Subject
    id: UUID
    community: Community
    owner: UUID | None
    """The member whose it is; None where it is the stewards', or somebody's who is no member."""
    version: int | None = None
    """Of an achievement."""


def thing_named(place: Place, subject: Subject, name: str) -> Thing:
    """What a caller names, if they may know of it. Raises `NoSuchCredential`, `NothingToEndorse`, `NoSuchCommunity`."""
    session = place.session
    if subject is Subject.credential:
        return of_credential(session, visible(place, name))
    if subject is Subject.issuer:
        community = community_by_slug(session, name)
        return Thing(subject, community.id, community, None)
    known = id_in(name)
    achievement = session.get(Achievement, known) if known else None
    if achievement is None:
        raise NothingToEndorse(f"There is no achievement {name}.")
    community = session.get_one(Community, achievement.community_id)
    return Thing(subject, achievement.id, community, None, version_of(session, achievement.id).number)


def thing_of(session: Session, row: Endorsement | EndorsementRequest) -> Thing:
    """What an endorsement, or a request for one, is about."""
    if row.subject is Subject.credential:
        return of_credential(session, session.get_one(Credential, row.subject_id))
    community = session.get_one(Community, row.community_id)
    return Thing(row.subject, row.subject_id, community, None, row.subject_version)


def of_credential(session: Session, credential: Credential) -> Thing:
    """A credential, and whose it is."""
    recipient = session.get_one(Recipient, credential.recipient_id)
    community = session.get_one(Community, credential.community_id)
    return Thing(Subject.credential, credential.id, community, recipient.member_id)


def check_stands(session: Session, thing: Thing) -> None:
    """Raises `BadgeRevoked`: no edition of it is signed any more that an endorsement could be in."""
    if thing.subject is Subject.credential and session.get_one(Credential, thing.id).state is State.revoked:
        raise BadgeRevoked(f"The badge {thing.id} was revoked.")


def described(session: Session, thing: Thing) -> tuple[str, str]:
    """What a thing is called, and what it says it is."""
    if thing.subject is Subject.issuer:
        return thing.community.name, thing.community.description
    if thing.subject is Subject.achievement:
        version = version_of(session, thing.id, thing.version)
    else:
        credential = session.get_one(Credential, thing.id)
        version = version_of(session, credential.achievement_id, credential.achievement_version)
    return version.name, version.description


def is_owner(thing: Thing, caller: Caller) -> bool:
    """Whether it is the caller's to say what stands beside it: the recipient's own, or the stewards'."""
    if thing.subject is Subject.credential:
        return thing.owner is not None and caller.member == thing.owner
    return caller.stewards(thing.community.id)


def is_looked_after(thing: Thing) -> bool:
    """Whether stewards answer for it, not somebody who may be no member."""
    return thing.subject is not Subject.credential


def is_visible(place: Place, endorsement: Endorsement) -> bool:
    """Whether the viewer may know of what is endorsed."""
    if endorsement.subject is not Subject.credential:
        return True
    try:
        visible(place, str(endorsement.subject_id))
    except NotFound:
        return False
    return True


def pinned(session: Session, thing: Thing, *, at: Installation) -> Pinned:
    """The thing as it is now, byte for byte."""
    public_url, community = at.public_url, thing.community
    addresses = Addresses(public_url, community.slug)
    generation = ob2_keys(session, community)[0].generation
    if thing.subject is Subject.credential:
        credential = session.get_one(Credential, thing.id)
        edition = newest_edition(session, credential)
        document = badges.parse(edition.data_integrity)
        return Pinned(
            id=document["id"],
            ob2_id=signing.assertion_url(public_url, credential),
            name=document["name"],
            url=f"{public_url}/editions/{credential.id}/{edition.number}.json",
            body=edition.data_integrity.encode(),
            media_type="application/vc",
        )
    issuer_id = active_issuer_id(session, community, public_url)
    if thing.subject is Subject.achievement:
        version = version_of(session, thing.id, thing.version)
        url = achievement_documents.address(public_url, thing.id, version.number)
        body = badges.serialize(achievement_documents.achievement_document(version, community, issuer_id, public_url))
        ob2_id = achievement_documents.ob2_address(public_url, thing.id, version.number, generation)
        return Pinned(url, ob2_id, version.name, f"{url}.json", body.encode(), "application/ld+json")
    body = badges.serialize(profile_document(session, community, public_url))
    ob2_id = addresses.ob2_profile(generation)
    return Pinned(issuer_id, ob2_id, community.name, addresses.profile, body.encode(), "application/ld+json")
