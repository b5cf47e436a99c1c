"""What may be read of endorsements: each as it was signed, for whoever may see what it is about.

Who may not gets the same 404 as for one that does not exist.
"""

from sqlmodel import Session

import badges
from app.achievements import documents as achievement_documents
from app.achievements.published import named
from app.endorsements import service, subjects
from app.endorsements.rules import SIGNED, Signer, Subject
from app.endorsements.rules import EndorsementState as State
from app.endorsements.service import NoSuchEndorsement
from app.endorsements.tables import Endorsement
from app.issuers import endorsed
from app.issuers.documents import active_issuer_id, profile_document
from app.issuers.published import linked_data
from app.issuers.tables import SignedEndorsement
from app.kit.errors import Gone
from app.kit.publishing import FRESH, UNSHARED, Place, Publication, Published
from app.members.auth import Caller
from app.members.service import community_by_slug

publication = Publication("endorsements")

VC_JWT = "application/vc+jwt"
"""What else than JSON an endorsement may be asked for as."""


class EndorsementWithdrawn(Gone):
    """Whoever endorsed this has taken it back."""

    code = "endorsement-withdrawn"
    fix = (
        "Do not count on it, wherever you have a copy: signed with a key of theirs, it has no status that would say so."
    )


@publication.at("/endorsements/{id}.json")
def as_json(place: Place, id: str) -> Published:
    """The EndorsementCredential with its embedded proof (Open Badges 3.0, Data Integrity)."""
    endorsement, signed = visible(place, id)
    return _as(place, endorsement, signed, signed.data_integrity, "application/vc")


@publication.at("/endorsements/{id}.jwt")
def as_jwt(place: Place, id: str) -> Published:
    """The EndorsementCredential as a VC-JWT (Open Badges 3.0)."""
    endorsement, signed = visible(place, id)
    return _as(place, endorsement, signed, signed.vc_jwt, "text/plain")


@publication.at("/endorsements/{id}", served=False)
def as_asked(place: Place, id: str) -> Published:
    """The EndorsementCredential in the form that it was signed in; JSON where there are both."""
    endorsement, signed = visible(place, id)
    if signed.data_integrity is None or place.accept.startswith(VC_JWT):
        return _as(place, endorsement, signed, signed.vc_jwt, VC_JWT)
    return _as(place, endorsement, signed, signed.data_integrity, "application/vc")


@publication.at("/ob2/endorsements/{id}")
def ob2_hosted(place: Place, id: str) -> Published:
    """The hosted Open Badges 2.0 Endorsement; 410 once its endorser has taken it back."""
    endorsement, signed = visible(place, id)
    if endorsement.state is State.withdrawn:
        url = endorsed.ob2_address(place.at.public_url, endorsement.id)
        body = badges.serialize(badges.ob2.revoked_endorsement(url)).encode()
        return Published(body, "application/ld+json", status=410, cache=_cache(endorsement))
    return _as(place, endorsement, signed, signed.ob2_hosted, "application/ld+json")


@publication.at("/endorsed/achievements/{name}.json")
def of_achievement(place: Place, name: str) -> Published:
    """The achievement with the endorsements of it that stand."""
    version, community = named(place.session, name)
    issuer_id = active_issuer_id(place.session, community, place.at.public_url)
    document = achievement_documents.achievement_document(version, community, issuer_id, place.at.public_url)
    return linked_data(document | endorsed.in_json(endorsed.endorsements_of(place.session, version.achievement_id)))


@publication.at("/endorsed/issuers/{c}.json")
def of_issuer(place: Place, c: str) -> Published:
    """The issuer's Profile with the endorsements of it that stand."""
    community = community_by_slug(place.session, c)
    document = profile_document(place.session, community, place.at.public_url)
    return linked_data(document | endorsed.in_json(endorsed.endorsements_of(place.session, community.id)))


def visible(place: Place, id: str) -> tuple[Endorsement, SignedEndorsement]:
    """A signed endorsement that the viewer may see. Raises `NoSuchEndorsement` alike for none and for hidden ones.

    Once its owner has taken it down, only they, the endorser and the stewards see it; withdrawn, it stays for all who
    have it in an earlier edition, and its status tells. One that its endorser signed has no status here: that address
    alone can say that it was withdrawn (`EndorsementWithdrawn`). It says so, too, where the words were erased besides.
    """
    endorsement = service.endorsement_by_id(place.session, id)
    signed = place.session.get(SignedEndorsement, endorsement.id)
    viewer: Caller | None = place.viewer
    shown = endorsement.state in {State.accepted, State.withdrawn} and subjects.is_visible(place, endorsement)
    if signed is None or not (shown or (viewer is not None and concerns(place.session, endorsement, viewer))):
        raise NoSuchEndorsement(f"There is no endorsement {id}.")
    by_endorser, erased = endorsement.signed_by is Signer.endorser, endorsement.comment is None
    if endorsement.state is State.withdrawn and (by_endorser or erased):
        raise EndorsementWithdrawn(f"The endorsement {id} was withdrawn.")
    return endorsement, signed


def concerns(session: Session, endorsement: Endorsement, caller: Caller) -> bool:
    """Whether the caller gave it, is asked, or looks after the community that it is about."""
    thing = subjects.thing_of(session, endorsement)
    return (
        service.is_endorser(endorsement, caller)
        or subjects.is_owner(thing, caller)
        or (caller.stewards(endorsement.community_id) and endorsement.state in SIGNED | {State.withdrawn})
    )


def _as(place: Place, endorsement: Endorsement, signed: SignedEndorsement, text: str | None, media: str) -> Published:
    if text is None:
        raise NoSuchEndorsement("Its endorser did not sign it in this form.")
    return Published(text.encode(), media, cache=_cache(endorsement), modified=signed.signed_at)


def _cache(endorsement: Endorsement) -> str:
    """Of what not everybody sees nobody keeps a copy for others."""
    return UNSHARED if endorsement.subject is Subject.credential else FRESH
