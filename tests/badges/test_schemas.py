import hashlib
import json
from typing import Any

import pytest

from badges import schemas
from badges.schemas import narrowing


def credential() -> dict[str, Any]:
    return {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": "urn:uuid:2f7f0a5e-0b0a-4f0f-8a5b-6b1f0d8f3a11",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": "did:web:example.org", "type": ["Profile"], "name": "Tuesday Study Group"},
        "validFrom": "2026-11-21T09:00:00Z",
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "achievement": {
                "id": "https://example.org/achievements/host",
                "type": ["Achievement"],
                "name": "Host",
                "description": "Hosted a session.",
                "criteria": {"narrative": "Host one session."},
            },
        },
    }


def endorsement() -> dict[str, Any]:
    return {
        **credential(),
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "Seen it",
        "credentialSubject": {
            "id": "did:web:example.org",
            "type": ["EndorsementSubject"],
            "endorsementComment": "Good.",
        },
    }


def test_every_pinned_schema_has_the_bytes_that_the_index_says() -> None:
    for url, entry in schemas.index().items():
        raw = (schemas.FOLDER / entry["file"]).read_bytes()
        assert hashlib.sha256(raw).hexdigest() == entry["sha256"], url
        assert url == schemas.BASE + entry["file"]


def test_a_conforming_document_has_no_errors() -> None:
    assert schemas.errors("achievementcredential", credential()) == []
    assert schemas.errors("endorsementcredential", endorsement()) == []
    assert schemas.errors("profile", credential()["issuer"]) == []


def test_a_missing_member_is_named_where_it_is_missing() -> None:
    document = credential()
    del document["credentialSubject"]["achievement"]["name"]
    assert schemas.errors("achievementcredential", document) == [
        ("/credentialSubject/achievement", '"name" is a required property')
    ]


def test_a_date_that_is_none_is_an_error() -> None:
    document = credential() | {"validFrom": "yesterday"}
    assert [pointer for pointer, _ in schemas.errors("achievementcredential", document)] == ["/validFrom"]


def test_an_error_inside_an_alternative_is_named_where_it_lies() -> None:
    document = credential()
    document["issuer"]["url"] = 7
    assert [pointer for pointer, _ in schemas.errors("achievementcredential", document)] == ["/issuer/url"]


def test_an_endorsement_without_a_name_does_not_conform() -> None:
    document = endorsement()
    del document["name"]
    assert schemas.errors("endorsementcredential", document) == [("", '"name" is a required property')]


@pytest.mark.parametrize("value", [None, [], "text", 7])
def test_what_is_no_object_does_not_conform(value: Any) -> None:
    for name in ("achievementcredential", "endorsementcredential", "profile"):
        assert schemas.errors(name, value)


def test_a_message_does_not_quote_a_long_value_whole() -> None:
    document = credential() | {"validFrom": "x" * 10_000}
    ((_, message),) = schemas.errors("achievementcredential", document)
    assert len(message) <= schemas.LONGEST_MESSAGE + 1


def test_the_definition_of_an_endorsement_is_whole() -> None:
    schema = json.loads((schemas.FOLDER / "ob_v3p0_achievementcredential_schema.json").read_bytes())
    definition = schema["$defs"]["EndorsementCredential"]
    assert "endorsementComment" in str(schema["$defs"]["EndorsementSubject"])
    assert {"@context", "id", "type", "name", "credentialSubject", "issuer", "validFrom"} == set(definition["required"])


def tagged(tags: list[Any]) -> dict[str, Any]:
    document = credential()
    document["credentialSubject"]["achievement"] |= {"tag": tags}
    return document


def test_of_thousands_of_errors_those_are_told_that_come_first() -> None:
    found = schemas.errors("achievementcredential", tagged(list(range(12_000))))
    assert [pointer for pointer, _ in found[:3]] == [f"/credentialSubject/achievement/tag/{n}" for n in range(3)]
    assert 100 < len(found) <= narrowing.MOST_VALUES
    assert not found.are_all


def test_an_error_is_found_however_far_in_it_lies() -> None:
    for place in (0, 700, 5_000, 11_998, 11_999):
        tags = [*map(str, range(place)), place, *map(str, range(place + 1, 12_000))]
        found = schemas.errors("achievementcredential", tagged(tags) | {"zest": ["z"] * 900})
        assert [pointer for pointer, _ in found] == [f"/credentialSubject/achievement/tag/{place}"]


def test_what_ends_sooner_departs_nowhere_else() -> None:
    """What is asked of a list, such as the types that it has to contain, is asked of all of it."""
    for name, document in (("achievementcredential", credential()), ("endorsementcredential", endorsement())):
        whole = {"evidence": [{"type": ["Evidence"], "name": f"{n}"} for n in range(900)]} | document
        assert schemas.errors(name, whole) == []
        late = document | {"evidence": [*whole["evidence"], 7]}
        assert [pointer for pointer, _ in schemas.errors(name, late)] == ["/evidence/900"]


def test_errors_of_a_document_of_few_values_are_all_told() -> None:
    found = schemas.errors("achievementcredential", tagged(list(range(900))))
    assert len(found) == 900
    assert found.are_all
