"""The models against the published examples and schemas of OB 3.0."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft201909Validator

from badges import ob3
from badges.documents import Document, types
from badges.errors import NotConformant
from badges.models import Model
from tests.badges import samples

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
EXAMPLES = sorted((DATA / "examples" / "ob_v3p0").glob("*.json"))

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the published examples and schemas are not here")


def model_of(document: Document) -> type[Model]:
    return ob3.EndorsementCredential if "EndorsementCredential" in types(document) else ob3.OpenBadgeCredential


def errors(schema: str, document: Document) -> list[str]:
    validator = Draft201909Validator(json.loads((DATA / "schemas" / schema).read_text()))
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(document)]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_published_example_is_read_and_written_the_same(path: Path) -> None:
    document = json.loads(path.read_text())
    assert model_of(document).from_document(document).to_document() == document


@pytest.mark.parametrize("flavour", ["ob_v3p0", "ob_v3p0_strict"])
def test_a_credential_that_says_everything_fits_both_published_schemas(flavour: str) -> None:
    document = samples.credential().to_document()
    assert errors(f"{flavour}/ob_v3p0_achievementcredential_schema.json", document) == []


@pytest.mark.parametrize("flavour", ["ob_v3p0", "ob_v3p0_strict"])
def test_a_credential_that_says_the_least_fits_both_published_schemas(flavour: str) -> None:
    least = ob3.OpenBadgeCredential(
        id="urn:uuid:00000000-0000-4000-8000-000000000001",
        issuer="https://guild.example",
        valid_from=samples.AWARDED,
        credential_subject=ob3.AchievementSubject(
            id="mailto:ben@guild.example",
            achievement=ob3.Achievement(
                id="urn:uuid:00000000-0000-4000-8000-000000000002",
                name="Thanks",
                description="For being here.",
                criteria=ob3.Criteria(narrative="Be here."),
            ),
        ),
    )
    assert errors(f"{flavour}/ob_v3p0_achievementcredential_schema.json", least.to_document()) == []


def test_an_endorsement_and_a_profile_fit_the_published_schemas() -> None:
    endorsement, profile = samples.endorsement().to_document(), samples.issuer().to_document()
    assert errors("ob_v3p0/ob_v3p0_endorsementcredential_schema.json", endorsement) == []
    assert errors("ob_v3p0/ob_v3p0_profile_schema.json", profile) == []


REFUSED: list[tuple[str, Any]] = [
    ("/credentialSubject/achievement/image", "https://guild.example/mentor.png"),
    ("/credentialSubject/achievement/achievementType", "Thanks"),
    ("/credentialSubject/achievement/alignment/0/targetType", "Skill"),
    ("/credentialSubject/achievement/inLanguage", "English"),
    ("/credentialSubject/achievement/criteria", None),
    ("/credentialSubject/achievement/creditsAvailable", "many"),
    ("/credentialSubject/identifier/0/hashed", "true"),
    ("/credentialSubject/identifier/0/identityType", "shoeSize"),
    ("/credentialSubject/result/2/status", "Done"),
    ("/credentialStatus/id", None),
    ("/issuer/type", ["Organization"]),
    ("/@context", ["https://www.w3.org/ns/credentials/v2"]),
    ("/type", ["VerifiableCredential"]),
    ("/validFrom", None),
]


@pytest.mark.parametrize(("pointer", "value"), REFUSED, ids=[pointer for pointer, _ in REFUSED])
def test_the_models_refuse_what_the_strict_schema_refuses(pointer: str, value: Any) -> None:
    document = samples.credential().to_document()
    *path, last = pointer.split("/")[1:]
    node: Any = document
    for step in path:
        node = node[int(step)] if isinstance(node, list) else node[step]
    if value is None:
        del node[last]
    else:
        node[last] = value
    assert errors("ob_v3p0_strict/ob_v3p0_achievementcredential_schema.json", document)
    with pytest.raises(NotConformant) as refusal:
        ob3.OpenBadgeCredential.from_document(document)
    assert refusal.value.pointer == pointer


def test_the_vocabularies_are_those_of_the_schema() -> None:
    schema = json.loads((DATA / "schemas/ob_v3p0_strict/ob_v3p0_achievementcredential_schema.json").read_text())[
        "$defs"
    ]

    def listed(node: str, member: str) -> set[str]:
        member_schema = schema[node]["properties"][member]
        return set(member_schema.get("enum") or member_schema["oneOf"][0]["enum"])

    assert listed("Achievement", "achievementType") == set(ob3.ACHIEVEMENT_TYPES)
    assert listed("Alignment", "targetType") == set(ob3.ALIGNMENT_TARGET_TYPES)
    assert listed("IdentityObject", "identityType") == set(ob3.IDENTIFIER_TYPES)
    assert listed("ResultDescription", "resultType") == set(ob3.RESULT_TYPES)
    assert listed("Result", "status") == set(ob3.RESULT_STATUSES)
