"""Credentials to sign, whole and at random, and what other people's libraries make of them."""

import copy
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from hypothesis import strategies as st
from pyld import jsonld

from badges import contexts
from badges.keys import SigningKey

VC2 = "https://www.w3.org/ns/credentials/v2"
OB3 = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"

ED25519 = SigningKey.did_key(ed25519.Ed25519PrivateKey.from_private_bytes(b"\7" * 32))
OTHER_ED25519 = SigningKey.did_key(ed25519.Ed25519PrivateKey.from_private_bytes(b"\11" * 32))
P256 = SigningKey.did_key(ec.derive_private_key(7**60, ec.SECP256R1()))
RSA = SigningKey.of(
    rsa.generate_private_key(65537, 2048), id="https://example.org/keys/rsa", controller="https://example.org/"
)


def credential() -> dict[str, Any]:
    """A credential with nearly everything that an issuer can say."""
    return {
        "@context": [VC2, OB3],
        "id": "urn:uuid:3f0c6b0e-7b1d-4c3a-9a39-0a52d2a0f1aa",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Host of the year — « Ágora »",
        "issuer": {
            "id": ED25519.controller,
            "type": ["Profile"],
            "name": "Tuesday Study Group",
            "url": "https://example.org/",
            "email": "hello@example.org",
            "image": {"id": "https://example.org/logo.png", "type": "Image", "caption": "A lamp"},
        },
        "validFrom": "2026-11-21T09:00:00Z",
        "validUntil": "2031-11-21T09:00:00Z",
        "awardedDate": "2026-11-20T18:30:00Z",
        "credentialSubject": {
            "id": "urn:uuid:0d6f6bd3-5b5c-4c3c-8a59-6b3b6f0a8c11",
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": True,
                    "identityHash": "sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399",
                    "identityType": "emailAddress",
                    "salt": "deadsea",
                }
            ],
            "achievement": {
                "id": "https://example.org/achievements/host",
                "type": ["Achievement"],
                "name": "Host",
                "description": "Prepared and led sessions for a whole year.",
                "achievementType": "ext:Hosting",
                "criteria": {"narrative": "Lead **ten** sessions and hand the eleventh to somebody new."},
                "image": {"id": "https://example.org/achievements/host.png", "type": "Image"},
                "creator": {"id": ED25519.controller, "type": ["Profile"]},
                "tag": ["hosting", "teaching", "care"],
                "creditsAvailable": 3.5,
                "alignment": [
                    {
                        "type": ["Alignment"],
                        "targetName": "Facilitation",
                        "targetUrl": "http://data.europa.eu/esco/skill/1",
                        "targetCode": "S1.3",
                    }
                ],
                "resultDescription": [
                    {
                        "id": "urn:uuid:f6ab24cd-86e8-4eaf-b8c6-ded74e8fd41c",
                        "type": ["ResultDescription"],
                        "name": "Sessions",
                        "resultType": "LetterGrade",
                        "allowedValue": ["A", "B", "A"],
                    }
                ],
            },
            "result": [
                {
                    "type": ["Result"],
                    "resultDescription": "urn:uuid:f6ab24cd-86e8-4eaf-b8c6-ded74e8fd41c",
                    "value": "A",
                }
            ],
        },
        "evidence": [
            {"id": "https://example.org/sessions/11", "type": ["Evidence"], "name": "The eleventh", "genre": "Notes"},
            {"type": ["Evidence"], "narrative": "What the group says."},
        ],
        "credentialStatus": {
            "id": "https://example.org/status/1#94567",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": "94567",
            "statusListCredential": "https://example.org/status/1",
        },
    }


TEXTS = st.text(
    st.characters(codec="utf-8", exclude_characters="\x7f\ufffe\uffff", exclude_categories=("Cc", "Cs")), max_size=40
) | st.sampled_from(["\\", '"', "\n", "\t", "{", "🎖 ", "漢", "\u2028"])
"""Without what PyLD is known not to escape: C0 controls (two excepted) and DEL."""


@st.composite
def credentials(draw: st.DrawFn) -> dict[str, Any]:
    """Credentials of many shapes: members missing, repeated, in any order, with any text."""
    document = credential()
    achievement = document["credentialSubject"]["achievement"]
    for node, members in (
        (document, ["name", "validUntil", "awardedDate", "evidence", "credentialStatus", "id"]),
        (document["issuer"], ["url", "email", "image"]),
        (document["credentialSubject"], ["id", "identifier", "result"]),
        (achievement, ["id", "image", "creator", "tag", "alignment", "resultDescription", "creditsAvailable"]),
    ):
        for member in members:
            if draw(st.integers(0, 3)) == 0:
                del node[member]
    achievement["name"] = draw(TEXTS)
    achievement["criteria"]["narrative"] = draw(TEXTS)
    if "tag" in achievement:
        achievement["tag"] = draw(st.lists(TEXTS, max_size=4))
    if "evidence" in document:
        document["evidence"] = [
            {"type": ["Evidence"], "name": draw(st.sampled_from(["a", "b"])), "genre": draw(TEXTS)}
            for _ in range(draw(st.integers(0, 4)))
        ]
    if draw(st.booleans()):
        document["name"] = {"@value": draw(TEXTS), "@language": draw(st.sampled_from(["en", "pt-BR", "zh-Hant"]))}
    shuffled: dict[str, Any] = draw(st.just(document).map(lambda it: _reversed(it) if draw(st.booleans()) else it))
    return shuffled


def objects_in(value: Any) -> list[dict[str, Any]]:
    """Every object of a document, contexts apart."""
    if isinstance(value, dict):
        return [value, *(found for key, child in value.items() if key != "@context" for found in objects_in(child))]
    return [found for child in value for found in objects_in(child)] if isinstance(value, list) else []


def pyld_canonical(document: dict[str, Any]) -> bytes:
    """The canonical N-Quads by PyLD, an independent processor."""

    def pinned(url: str, options: object = None) -> dict[str, Any]:
        return {
            "contextUrl": None,
            "documentUrl": url,
            "document": contexts.load(url),
            "contentType": "application/json",
        }

    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "base": "", "documentLoader": pinned}
    text: str = jsonld.normalize(copy.deepcopy(document), options)
    return text.encode()


def _reversed(value: Any) -> Any:
    """The same JSON with the members of every object in the other order, so that types come last."""
    if isinstance(value, dict):
        return {key: _reversed(child) for key, child in reversed(value.items())}
    return [_reversed(child) for child in value] if isinstance(value, list) else value
