"""An endorsement as the standards write it: OB 3.0 EndorsementCredential, OB 2.0 Endorsement."""

from dataclasses import dataclass
from datetime import datetime

import badges
from app.credentials import status
from app.credentials.tables import StatusEntry
from app.issuers.documents import profile
from app.issuers.keys import Issuer

ob2, ob3 = badges.ob2, badges.ob3

ENDORSER, SKILL = "Endorser", "Skill"
"""Genres of the evidence that says who vouches, and for what in particular."""


@dataclass(frozen=True)
class Pinned:
    """What is endorsed, as it was when it was: later edits show."""

    id: str
    """By which the endorsement names it."""
    ob2_id: str
    """The same in Open Badges 2.0."""
    name: str
    url: str
    """Where these bytes are found."""
    body: bytes
    media_type: str

    @property
    def digest(self) -> str:
        """By which it is pinned (VC Data Model 2.0 §5.3)."""
        return badges.digest_multibase(self.body)


@dataclass(frozen=True)
class Vouched:
    """Everything that a signed endorsement says."""

    issuer: Issuer
    """The community that signs."""
    url: str
    pinned: Pinned
    endorser: str
    """What they are called."""
    is_own: bool
    """Whether the community speaks for itself."""
    is_outsider: bool
    """Whether it is somebody of whom no more is known than that they read the letters to an address."""
    said_at: datetime
    comment: str
    skills: list[str]
    valid_from: datetime
    entry: StatusEntry


def credential(vouched: Vouched, *, jwt: bool) -> badges.Document:
    """The EndorsementCredential without its proof (OB 3.0 Appendix B); `jwt` chooses the form of its status list.

    Who wrote it, where that is not the issuer, stands in name and description for people and as evidence for programs.
    Raises `badges.NotConformant`.
    """
    issuer, pinned = vouched.issuer, vouched.pinned
    entry = ob3.BitstringStatusListEntry.at(
        vouched.entry.index,
        status_list=status.address(issuer.addresses.public_url, vouched.entry.list_id, jwt=jwt),
        purpose="revocation",
    )
    document = ob3.EndorsementCredential(
        id=vouched.url,
        name=f"{vouched.endorser} endorses “{pinned.name}”",
        description=_who(vouched),
        issuer=profile(issuer.community, issuer.id),
        valid_from=vouched.valid_from,
        credential_subject=ob3.EndorsementSubject(id=pinned.id, endorsement_comment=vouched.comment),
        credential_status=entry,
    ).to_document()
    evidence = [ob3.Evidence(name=skill, genre=SKILL).to_document() for skill in vouched.skills]
    if not vouched.is_own:
        evidence.insert(0, ob3.Evidence(name=vouched.endorser, narrative=_who(vouched), genre=ENDORSER).to_document())
    related = {"id": pinned.url, "digestMultibase": pinned.digest, "mediaType": pinned.media_type}
    return document | ({"evidence": evidence} if evidence else {}) | {"relatedResource": [related]}


def hosted(vouched: Vouched, id: str) -> badges.Document:
    """The hosted OB 2.0 Endorsement at the URL `id` (OB 2.0 §Endorsement)."""
    issuer = vouched.issuer
    return ob2.Endorsement(
        id=id,
        claim=ob2.Claim(id=vouched.pinned.ob2_id, endorsement_comment=f"{_who(vouched)}\n\n{vouched.comment}"),
        issuer=issuer.addresses.ob2_profile(issuer.ob2_generation),
        issued_on=vouched.valid_from,
        verification=ob2.VerificationObject.hosted(),
    ).to_document()


def _who(vouched: Vouched) -> str:
    community = vouched.issuer.community.name
    day = f"{vouched.said_at:%Y-%m-%d}"
    if vouched.is_own:
        return f"{community} says this for itself, on {day}."
    if vouched.is_outsider:
        told = "an outsider whose address is proven"
        return f"{vouched.endorser}, {told}, wrote this on {day}; {community} signs it on their behalf."
    return f"{vouched.endorser} wrote this on {day}; {community} signs it on their behalf."
