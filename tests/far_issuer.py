"""An issuer we know nothing of, whole, in memory: what a verifier meets when a stranger's badge arrives.

It writes its badges by hand, from the standard, and not with this library's models. It signs on demand, hosts what it
says, revokes and suspends, rotates its keys, goes down, and lies when told to; it is a `Fetch`.
"""

import gzip
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from itertools import count
from typing import Any, Literal

from badges.documents import Document, instant, serialize, timestamp
from badges.keys import SigningKey
from badges.proofs import data_integrity, jws
from tests.far_keys import FarKeys, Mode
from tests.far_site import OB2

NOW = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)
FIRST = NOW - timedelta(days=30)
VC2 = "https://www.w3.org/ns/credentials/v2"
OB3 = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
ED25519_2020 = "https://w3id.org/security/suites/ed25519-2020/v1"
VC1_CONTEXTS = (
    "https://www.w3.org/2018/credentials/v1",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json",
    "https://w3id.org/security/data-integrity/v2",
    "https://www.w3.org/ns/credentials/status/v1",
)
VC1_NAMES = {"validFrom": "issuanceDate", "validUntil": "expirationDate"}

EMBEDDED = ("eddsa-rdfc-2022", "eddsa-jcs-2022")
FURTHER = ("ecdsa-rdfc-2019", "ecdsa-jcs-2019", "Ed25519Signature2020")
"""What others put inside their badges, besides; the first two take the issuer's P-256 key."""
FORMS = (*EMBEDDED, "vc-jwt", "ob2-hosted", "ob2-signed")
"""Every way in which an award can be put into text."""


@dataclass(frozen=True)
class Award:
    """A badge as it leaves the issuer."""

    text: str
    """What travels: JSON or a compact JWS."""
    document: Document
    """What it says, without proof."""


class FarIssuer(FarKeys):
    """Awards, revokes and suspends, endorses, and hosts what that takes."""

    def __init__(
        self,
        *,
        mode: Mode = "did:web",
        name: str = "The Far Hill",
        base: str | None = None,
    ) -> None:
        super().__init__(mode, name, base)
        self.bits: dict[str, set[int]] = {"revocation": set(), "suspension": set()}
        self.entries = 131_072
        self.messages: dict[int, int] = {}
        self.list_changes: Document = {}
        self.list_age = timedelta()
        self.profile_changes: Document = {}
        self._numbers = count(1)
        for purpose in self.bits:
            self.pages[f"{self.base}/status/{purpose}"] = partial(self.signed_list, purpose)
            self.pages[f"{self.base}/status/{purpose}.jwt"] = partial(self.signed_list, purpose, ".jwt")
            self.pages[f"{self.base}/status/2021/{purpose}"] = partial(self.signed_list_2021, purpose)
        self.pages[f"{self.base}/status/message"] = self.signed_messages
        self.pages[f"{self.base}/status/plain"] = self.plain_list
        self.pages[f"{self.base}/ob2/profile"] = self.profile
        self.pages[f"{self.base}/ob2/badgeclass"] = self.badge_class
        self.pages[f"{self.base}/ob2/revocations"] = self.revocation_list
        self.pages[f"{self.base}/ob2/key"] = self.cryptographic_key

    # Awarding

    def award(self, form: str = "eddsa-rdfc-2022", **changes: Any) -> Award:
        """A fresh badge in one of `FORMS`; `changes` replace members of the credential or assertion."""
        if form.startswith("ob2-"):
            assertion = self.assertion(form.removeprefix("ob2-"), **changes)
            if form == "ob2-hosted":
                self.pages[assertion["id"]] = lambda: assertion
                return Award(serialize(assertion), assertion)
            return Award(jws.sign(serialize(assertion).encode(), self.rsa), assertion)
        suffix = ".jwt" if form == "vc-jwt" else ""
        credential = self.credential(status_suffix=suffix) | changes
        credential = {member: value for member, value in credential.items() if value is not None}
        return Award(self.sign(credential, form), credential)

    def award_vc1(self, form: str = "eddsa-rdfc-2022", **changes: Any) -> Award:
        """A fresh badge of VC Data Model 1.1 in one of the forms of OB 3.0; `changes` are those of its model."""
        suffix = ".jwt" if form == "vc-jwt" else ""
        credential = in_vc1(self.credential(status_suffix=suffix)) | changes
        credential = {member: value for member, value in credential.items() if value is not None}
        if form != "vc-jwt":
            return Award(self.sign(credential, form), credential)
        ids = {"iss": credential["issuer"]["id"], "sub": credential["credentialSubject"]["id"]}
        token = {"vc": credential, "jti": credential["id"]} | ids
        for claim, member in (("nbf", "issuanceDate"), ("exp", "expirationDate")):
            if member in credential:
                token[claim] = int(instant(credential[member]).timestamp())
        return Award(self.sign_payload(token), credential)

    def sign_payload(self, payload: Document) -> str:
        """A token around whatever it is told to say."""
        return jws.sign(serialize(payload).encode(), self.p256, header={"jwk": self.p256.method.jwk()})

    def sign(
        self,
        document: Document,
        form: str = "eddsa-rdfc-2022",
        *,
        key: SigningKey | None = None,
        created: datetime = FIRST,
    ) -> str:
        """`document` with a proof of that form, by the issuer's own key and of its first day unless told otherwise."""
        if form == "vc-jwt":
            key = key or self.p256
            return jws.sign_credential(document, key, embed_key=key.algorithm == "ES256")
        if form == "Ed25519Signature2020":
            document = document | {"@context": [*document["@context"], ED25519_2020]}
        key = key or (self.p256 if form.startswith("ecdsa") else self.ed25519)
        signed = data_integrity.add_proof(document, key, created=created, cryptosuite=form)
        return serialize(signed)

    def credential(self, *, purpose: str = "revocation", status_suffix: str = "") -> Document:
        """An OpenBadgeCredential of everything that a generous issuer says, unsigned."""
        number = next(self._numbers)
        achievement = f"{self.base}/achievements/patient-teacher"
        status = f"{self.base}/status/{purpose}{status_suffix}"
        return {
            "@context": [VC2, OB3],
            "id": f"{self.base}/credentials/{number}",
            "type": ["VerifiableCredential", "OpenBadgeCredential"],
            "name": "Patient Teacher",
            "issuer": {"id": self.id, "type": ["Profile"], "name": self.name, "url": "https://far.example/"},
            "validFrom": timestamp(FIRST),
            "awardedDate": timestamp(FIRST),
            "credentialSubject": {
                "id": "urn:uuid:6f1c1f6e-3a0e-4d56-9a53-0e6d5a3b7a11",
                "type": ["AchievementSubject"],
                "identifier": [
                    {
                        "type": "IdentityObject",
                        "hashed": True,
                        "identityHash": "sha256$" + sha256(b"ada@example.org" + b"mint").hexdigest(),
                        "identityType": "emailAddress",
                        "salt": "mint",
                    }
                ],
                "achievement": {
                    "id": achievement,
                    "type": ["Achievement"],
                    "achievementType": "CommunityService",
                    "name": "Patient Teacher",
                    "description": "Explained the same thing for the third time, and kindly.",
                    "criteria": {"narrative": "Named by those who *learned*."},
                    "tag": ["teaching"],
                },
                "narrative": "Answered {every} question of the newcomers' week.",
            },
            "evidence": [{"type": ["Evidence"], "narrative": "The thread of the newcomers' week."}],
            "credentialStatus": {
                "id": f"{status}#{number}",
                "type": "BitstringStatusListEntry",
                "statusPurpose": purpose,
                "statusListIndex": str(number),
                "statusListCredential": status,
            },
        }

    def endorsement(self, about: str, **changes: Any) -> Document:
        """An EndorsementCredential about the thing of that id, unsigned."""
        return {
            "@context": [VC2, OB3],
            "id": f"{self.base}/endorsements/{next(self._numbers)}",
            "type": ["VerifiableCredential", "EndorsementCredential"],
            "name": "Vouched for",
            "issuer": {"id": self.id, "type": ["Profile"], "name": self.name},
            "validFrom": timestamp(FIRST),
            "credentialSubject": {
                "id": about,
                "type": ["EndorsementSubject"],
                "endorsementComment": "I was there.",
            },
            **changes,
        }

    # Taking back

    def revoke(self, award: Award, reason: str = "Awarded by mistake.") -> None:
        entry = award.document.get("credentialStatus")
        if entry:
            self.bits[entry["statusPurpose"]].add(int(entry["statusListIndex"]))
        else:
            self.withdrawn[award.document["id"]] = reason

    def age_lists(self, age: timedelta) -> None:
        """From now on the lists are those of the past, as somebody on the way might serve them."""
        self.list_age = age

    def signed_list(self, purpose: str, suffix: str = "") -> str:
        """What the address of a list serves: JSON, or with the suffix a token."""
        return self.sign(self.status_list(purpose, suffix=suffix), "vc-jwt" if suffix else "eddsa-rdfc-2022")

    def status_list(self, purpose: str, *, suffix: str = "") -> Document:
        """The BitstringStatusListCredential of one purpose, unsigned; `list_changes` go into its subject."""
        bits = bytearray(self.entries // 8)
        for index in self.bits[purpose]:
            bits[index // 8] |= 0x80 >> index % 8
        url = f"{self.base}/status/{purpose}{suffix}"
        return {
            "@context": [VC2],
            "id": url,
            "type": ["VerifiableCredential", "BitstringStatusListCredential"],
            "issuer": self.id,
            "validFrom": timestamp(FIRST),
            "validUntil": timestamp(NOW + timedelta(days=1) - self.list_age),
            "credentialSubject": {
                "id": f"{url}#list",
                "type": "BitstringStatusList",
                "statusPurpose": purpose,
                "encodedList": f"u{packed(bits)}",
            }
            | self.list_changes,
        }

    def signed_messages(self) -> str:
        """A list of four bits an entry, `messages` by index."""
        bits = bytearray(self.entries // 2)
        for index, value in self.messages.items():
            bits[index // 2] |= value << (4 if index % 2 == 0 else 0)
        listing = self.status_list("revocation")
        subject = {"statusPurpose": "message", "encodedList": f"u{packed(bits)}"} | self.list_changes
        url = f"{self.base}/status/message"
        return self.sign(listing | {"id": url, "credentialSubject": listing["credentialSubject"] | subject})

    def signed_list_2021(self, purpose: str) -> str:
        """The list as it was before Bitstring Status List, of VC Data Model 1.1 and proven by a JCS proof."""
        listing = self.status_list(purpose)
        subject = listing["credentialSubject"]
        older = {
            "@context": ["https://www.w3.org/2018/credentials/v1", "https://w3id.org/vc/status-list/2021/v1"],
            "id": f"{self.base}/status/2021/{purpose}",
            "type": ["VerifiableCredential", "StatusList2021Credential"],
            "issuer": self.id,
            "issuanceDate": listing["validFrom"],
            "expirationDate": listing["validUntil"],
            "credentialSubject": subject
            | {"type": "StatusList2021", "encodedList": subject["encodedList"].removeprefix("u")},
        }
        return self.sign(older, "eddsa-jcs-2022")

    def plain_list(self) -> Document:
        """A 1EdTech Revocation List of `withdrawn`."""
        return {
            "id": f"{self.base}/status/plain",
            "issuer": self.id,
            "revokedCredential": [{"id": id, "revocationReason": why} for id, why in self.withdrawn.items()],
        } | self.list_changes

    # Open Badges 2.0

    def assertion(self, kind: str = "hosted", **changes: Any) -> Document:
        number = next(self._numbers)
        hosted = {"id": f"{self.base}/ob2/assertions/{number}", "verification": {"type": "hosted"}}
        signed = {
            "id": f"urn:uuid:00000000-0000-4000-8000-{number:012}",
            "verification": {"type": "signed", "creator": self.rsa.id},
        }
        return {
            "@context": OB2,
            "type": "Assertion",
            "recipient": {
                "type": "email",
                "hashed": True,
                "salt": "mint",
                "identity": "sha256$" + sha256(b"ada@example.org" + b"mint").hexdigest(),
            },
            "badge": f"{self.base}/ob2/badgeclass",
            "issuedOn": timestamp(FIRST),
            "narrative": "Answered {every} question of the newcomers' week.",
            **(hosted if kind == "hosted" else signed),
            **changes,
        }

    def vouch(self, about: str, kind: Literal["hosted", "signed"] = "hosted", **changes: Any) -> Award:
        """An OB 2.0 Endorsement of the thing of that id; a hosted one is at its address from now on."""
        claim = {"claim": {"id": about, "endorsementComment": "I was there."}, "issuer": f"{self.base}/ob2/profile"}
        shared = self.assertion(kind) | {"type": "Endorsement"} | claim | changes
        endorsement = {name: v for name, v in shared.items() if name not in {"recipient", "badge", "narrative"}}
        if kind == "hosted":
            self.pages[endorsement["id"]] = lambda: endorsement
            return Award(serialize(endorsement), endorsement)
        return Award(jws.sign(serialize(endorsement).encode(), self.rsa), endorsement)

    def badge_class(self) -> Document:
        return {
            "@context": OB2,
            "id": f"{self.base}/ob2/badgeclass",
            "type": "BadgeClass",
            "name": "Patient Teacher",
            "description": "Explained the same thing for the third time, and kindly.",
            "image": f"{self.base}/ob2/badgeclass.png",
            "criteria": {"narrative": "Named by those who *learned*."},
            "issuer": f"{self.base}/ob2/profile",
        }

    def profile(self) -> Document:
        return {
            "@context": OB2,
            "id": f"{self.base}/ob2/profile",
            "type": "Profile",
            "name": self.name,
            "url": "https://far.example/",
            "email": "badges@far.example",
            "publicKey": self.rsa.id,
            "revocationList": f"{self.base}/ob2/revocations",
        } | self.profile_changes

    def cryptographic_key(self) -> Document:
        return {
            "@context": OB2,
            "id": self.rsa.id,
            "type": "CryptographicKey",
            "owner": f"{self.base}/ob2/profile",
            "publicKeyPem": self.rsa.method.pem(),
        }

    def revocation_list(self) -> Document:
        return {
            "@context": OB2,
            "id": f"{self.base}/ob2/revocations",
            "type": "RevocationList",
            "issuer": f"{self.base}/ob2/profile",
            "revokedAssertions": [
                "urn:uuid:00000000-0000-4000-8000-000000000000",
                *({"id": id, "revocationReason": reason} for id, reason in self.withdrawn.items()),
            ],
        }


def in_vc1(document: Document) -> Document:
    """A credential as VC Data Model 1.1 had it."""
    renamed = {VC1_NAMES.get(member, member): value for member, value in document.items()}
    return renamed | {"@context": list(VC1_CONTEXTS)}


def packed(bits: bytes | bytearray) -> str:
    """Bits as every kind of list has them: GZIP in base64url without padding."""
    return urlsafe_b64encode(gzip.compress(bits, mtime=0)).rstrip(b"=").decode()
