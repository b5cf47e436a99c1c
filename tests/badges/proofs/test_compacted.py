from typing import Any

import pytest

from badges.errors import NotConformant
from badges.proofs.canonical import rdfc
from badges.proofs.compacted import refuse_other_forms
from tests.badges.proofs.credentials import OB3, VC2, credential

STATUS = "https://www.w3.org/2018/credentials#credentialStatus"


def hidden_status(key: str, context: Any = None) -> dict[str, Any]:
    """A credential whose status stands where no reader of the JSON looks."""
    document = credential()
    document[key] = document.pop("credentialStatus")
    if context:
        document["@context"] = [VC2, OB3, context]
    return document


@pytest.mark.parametrize(
    "document",
    [
        hidden_status(STATUS),
        hidden_status("myStatus", {"myStatus": STATUS}),
        hidden_status("myStatus", {"myStatus": {"@id": STATUS}}),
        hidden_status("my:Status", {"my": {"@id": "https://www.w3.org/2018/credentials#credential", "@prefix": True}}),
        hidden_status("credentials#credentialStatus", {"@vocab": "https://www.w3.org/2018/"}),
    ],
    ids=["IRI", "term", "definition", "prefix", "vocabulary"],
)
def test_a_status_under_another_name_is_refused(document: dict[str, Any]) -> None:
    with pytest.raises(NotConformant):
        rdfc(document)


@pytest.mark.parametrize("keyword", ["@included", "@graph", "@reverse", "@nest", "@set", "@id", "@type", "@index"])
def test_keywords_have_no_place_in_a_credential(keyword: str) -> None:
    with pytest.raises(NotConformant, match="keyword") as refusal:
        rdfc(credential() | {keyword: []})
    assert refusal.value.pointer == f"/{keyword}"


def test_a_status_that_moves_into_another_object_of_the_same_id_is_refused() -> None:
    document = credential()
    document["endorsement"] = [
        {
            "id": "urn:uuid:e1",
            "type": ["VerifiableCredential", "EndorsementCredential"],
            "credentialSubject": {
                "id": document["id"],
                "type": ["EndorsementSubject", "VerifiableCredential"],
                "credentialStatus": document.pop("credentialStatus"),
            },
        }
    ]
    with pytest.raises(NotConformant, match="same id") as refusal:
        rdfc(document)
    assert refusal.value.pointer == "/endorsement/0/credentialSubject/id"


def test_an_endorsement_of_the_credential_that_encloses_it_is_accepted() -> None:
    document = credential()
    subject = {"id": document["id"], "type": ["EndorsementSubject"], "endorsementComment": "Good."}
    document["endorsement"] = [
        {
            "id": "urn:uuid:e1",
            "type": ["VerifiableCredential", "EndorsementCredential"],
            "credentialSubject": subject,
        }
    ]
    rdfc(document)


def test_an_abbreviated_id_is_refused() -> None:
    document = credential() | {"@context": [VC2, OB3, {"my": "https://example.org/"}], "id": "my:credential"}
    with pytest.raises(NotConformant, match="abbreviated") as refusal:
        rdfc(document)
    assert refusal.value.pointer == "/id"


@pytest.mark.parametrize(
    "context",
    [
        {"also": "@included"},
        {"kind": "@type"},
        {"kind": {"@id": "@type"}},
        {"@base": "https://example.org/"},
        {"@import": "https://example.org/"},
        {"@direction": "rtl"},
        {"back": {"@reverse": "https://example.org/x"}},
        {"in": {"@id": "https://example.org/x", "@nest": "y"}},
        {"by": {"@id": "https://example.org/x", "@container": "@index"}},
        {"by": {"@id": "https://example.org/x", "@container": ["@graph", "@id"]}},
        {"urn": "https://example.org/"},
        {"Own": {"@id": "https://example.org/Own", "@context": {"kind": "@type"}}},
    ],
    ids=repr,
)
def test_an_inline_context_may_not_move_or_hide_statements(context: dict[str, Any]) -> None:
    with pytest.raises(NotConformant, match="inline context") as refusal:
        rdfc(credential() | {"@context": [VC2, OB3, context]})
    assert refusal.value.pointer == "/@context"


def test_an_inline_context_may_not_swap_the_meanings_of_terms_that_are_not_protected() -> None:
    old = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json"
    vocabulary = "https://purl.imsglobal.org/spec/vc/ob/vocab.html#"
    document = {
        "@context": ["https://www.w3.org/2018/credentials/v1", old],
        "id": "urn:uuid:1",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "credentialSubject": {
            "type": "AchievementSubject",
            "achievement": {"type": "Achievement", "humanCode": "A", "fieldOfStudy": "B"},
        },
    }
    rdfc(document)
    swapped = {
        "Achievement": {
            "@id": f"{vocabulary}Achievement",
            "@context": {"humanCode": f"{vocabulary}fieldOfStudy", "fieldOfStudy": f"{vocabulary}humanCode"},
        }
    }
    with pytest.raises(NotConformant, match="another term"):
        rdfc(document | {"@context": [*document["@context"], swapped]})


def test_an_inline_context_may_add_terms() -> None:
    own = {
        "id": "@id",
        "type": "@type",
        "@protected": True,
        "mentor": {"@id": "https://example.org/terms#mentor", "@type": "@id", "@container": "@set"},
        "Mentorship": {"@id": "https://example.org/terms#Mentorship", "@context": {"weeks": "https://example.org/w"}},
    }
    document = credential() | {"@context": [VC2, OB3, own], "mentor": ["did:example:1"]}
    document["credentialSubject"]["achievement"]["related"] = [
        {"id": "urn:uuid:1", "type": ["Related", "Mentorship"], "weeks": 7}
    ]
    assert b"https://example.org/w" in rdfc(document)


def test_a_credential_in_compacted_form_is_accepted() -> None:
    refuse_other_forms(credential())
    refuse_other_forms(credential() | {"name": {"@value": "x", "@language": "en"}})
