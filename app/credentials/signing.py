"""From an accepted award to an edition: the same award said in every format, signed once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

import badges
from app.achievements import documents as achievement_documents
from app.achievements.documents import TooMuchToCarry
from app.achievements.tables import AchievementVersion
from app.credentials import status
from app.credentials.tables import Credential, Edition, StatusEntry
from app.issuers import endorsed
from app.issuers.documents import profile
from app.issuers.keys import Issuer
from app.issuers.tables import SignedEndorsement
from app.kit.occasions import Occasion
from app.kit.prepared import insert
from app.members.tables import Community

ob2, ob3 = badges.ob2, badges.ob3

LARGEST = 240 * 1024
"""Bytes of the texts of a credential as JSON. An image carries 256 KiB: these, and ids, status and proof."""
SELF_ASSERTED = "Self-asserted: the recipient says so of themself, and nobody else assessed it when this was issued."
"""Said for people in both versions; for programs, OB 3.0 names the recipient as `source` (§B.1.2)."""
_NEVER_TOO_LONG = 16 * 1024
"""What an award may always add: an achievement has 160 KiB at most, and an issuer, for its description, some 60."""


@dataclass(frozen=True)
class Award:
    """Everything that a signed credential says, gathered from its rows."""

    issuer: Issuer
    credential: Credential
    version: AchievementVersion
    subject: str
    """What the recipient is called."""
    entry: StatusEntry
    asserted_by: str | None = None
    """The recipient's name, where nobody but they themself assessed it."""
    valid_from: datetime | None = None
    """Of an edition after the first: of two, the one with the later instant counts (VC Data Model 2.0 §4.9)."""
    endorsements: list[SignedEndorsement] = field(default_factory=list)
    """Those that it shows."""

    @property
    def public_url(self) -> str:
        """The service's address."""
        return self.issuer.addresses.public_url

    @property
    def url(self) -> str:
        """The id of the credential."""
        return credential_url(self.public_url, self.credential)


def credential_url(public_url: str, credential: Credential) -> str:
    """The id of a credential, which is also where it is found."""
    return f"{public_url}/credentials/{credential.id}"


def assertion_url(public_url: str, credential: Credential) -> str:
    """The id of the hosted OB 2.0 Assertion."""
    return f"{public_url}/ob2/assertions/{credential.id}"


def check_texts(credential: Credential, version: AchievementVersion, community: Community) -> None:
    """Refuses an award that could not be baked into its image later. Raises `TooMuchToCarry`."""
    own = {"narrative": credential.narrative, "evidence": credential.evidence}
    if len(badges.serialize(own)) <= _NEVER_TOO_LONG:
        return
    issuer, public_url = "did:example:issuer", "https://badges.example"
    texts = {
        "issuer": profile(community, issuer).to_document(),
        "achievement": achievement_documents.achievement(version, community, issuer, public_url).to_document(),
        **own,
    }
    size = len(badges.serialize(texts))
    if size > LARGEST:
        raise TooMuchToCarry(
            f"Narrative, evidence, achievement and issuer come to {size} bytes as JSON; at most {LARGEST} are taken."
        )


def room_in(award: Award) -> int:
    """Bytes of endorsements that the credential can show so that its image still carries it."""
    return LARGEST - len(badges.serialize(unsigned(award)).encode())


def sign(session: Session, award: Award, *, number: int, on: Occasion) -> None:
    """Signs edition `number` in every format and stores it; the caller's transaction decides whether it exists.

    The embedded proof comes first, then the JWT (OB 3.0 §8.1). Both say the same but for the form of their status
    list, which is secured as they are; likewise the two of OB 2.0, but for their ids and how they are verified.
    """
    issuer = award.issuer
    document = said(award)
    embedded = badges.add_proof(unsigned(award), issuer.data_integrity, created=on.now)
    enveloped = document | {"credentialStatus": _status(award, jwt=True)} | endorsed.in_jwt(award.endorsements)
    signed_id = f"urn:uuid:{on.ids.public()}"
    signed = _assertion(award)
    # Endorsements are of the hosted Assertion: the signed one has an id of its own, which they do not name.
    hosted = signed | endorsed.in_ob2(award.endorsements, award.public_url)
    signed = signed | {"id": signed_id, "verification": ob2.VerificationObject.signed(issuer.ob2.id).to_document()}
    edition = {
        "credential_id": award.credential.id,
        "number": number,
        "signed_at": on.now,
        "data_integrity": badges.serialize(embedded),
        "vc_jwt": badges.sign_credential(enveloped, issuer.vc_jwt, embed_key=issuer.embed_key),
        "ob2_hosted": badges.serialize(hosted),
        "ob2_signed": badges.sign(badges.serialize(signed).encode(), issuer.ob2),
        "ob2_signed_id": signed_id,
        "ob2_generation": issuer.ob2_generation,
    }
    insert(session, Edition, edition)


def unsigned(award: Award) -> badges.Document:
    """The credential as JSON, with everything but its proof. Raises `badges.NotConformant`."""
    return said(award) | {"credentialStatus": _status(award, jwt=False)} | endorsed.in_json(award.endorsements)


def said(award: Award) -> badges.Document:
    """What both forms say; each adds its own credentialStatus. Raises `badges.NotConformant`."""
    credential, version, issuer = award.credential, award.version, award.issuer
    return ob3.OpenBadgeCredential(
        id=award.url,
        name=version.name,
        issuer=profile(issuer.community, issuer.id),
        valid_from=award.valid_from or credential.awarded_at,
        valid_until=credential.valid_until,
        awarded_date=credential.awarded_at,
        credential_subject=ob3.AchievementSubject(
            id=award.subject,
            achievement=achievement_documents.achievement(version, issuer.community, issuer.id, award.public_url),
            narrative=credential.narrative,
            activity_end_date=credential.activity_end_date,
            source=ob3.Profile(id=award.subject, name=award.asserted_by) if award.asserted_by else None,
        ),
        description=SELF_ASSERTED if award.asserted_by else None,
        evidence=[ob3.Evidence(**_evidence(each)) for each in credential.evidence],
    ).to_document() | _pinned(credential.evidence)


def _status(award: Award, *, jwt: bool) -> badges.Document:
    """The one status entry, in the list of the form that refers to it."""
    return ob3.BitstringStatusListEntry.at(
        award.entry.index,
        status_list=status.address(award.public_url, award.entry.list_id, jwt=jwt),
        purpose=award.credential.status_purpose.value,
    ).to_document()


def _assertion(award: Award) -> badges.Document:
    """The award as hosted OB 2.0; its recipient is an opaque id, since an email's hash can be guessed (T23)."""
    credential, generation = award.credential, award.issuer.ob2_generation
    url = assertion_url(award.public_url, credential)
    return ob2.Assertion(
        id=url,
        recipient=ob2.IdentityObject.plain(award.subject),
        badge=achievement_documents.ob2_address(
            award.public_url, award.version.achievement_id, award.version.number, generation
        ),
        verification=ob2.VerificationObject.hosted(),
        issued_on=credential.awarded_at,
        expires=credential.valid_until,
        image=f"{url}.png",
        narrative="\n\n".join(filter(None, [SELF_ASSERTED if award.asserted_by else None, credential.narrative]))
        or None,
        evidence=[ob2.Evidence(**_evidence(each)) for each in credential.evidence],
    ).to_document()


def _evidence(each: Mapping[str, str]) -> dict[str, str]:
    """A piece of evidence as both versions call its parts: at an address, in words, or both."""
    return {_PARTS_OF_EVIDENCE[part]: value for part, value in each.items() if part in _PARTS_OF_EVIDENCE}


def _pinned(evidence: Iterable[Mapping[str, str]]) -> badges.Document:
    """Of evidence whose bytes are never changed, their digests (VC Data Model 2.0 §5.3); OB 2.0 has no place for it."""
    pins = [
        {"id": each["url"], "digestMultibase": each["digest"], "mediaType": each.get("media_type", "application/json")}
        for each in evidence
        if "digest" in each
    ]
    return {"relatedResource": pins} if pins else {}


_PARTS_OF_EVIDENCE = {
    "url": "id",
    "name": "name",
    "description": "description",
    "narrative": "narrative",
    "genre": "genre",
}
