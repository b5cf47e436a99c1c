import json
from pathlib import Path

import pytest

from badges import contexts, schemas

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
pytestmark = pytest.mark.skipif(not SHARED.exists(), reason="the shared data lie beside some clones only")


def test_every_pinned_context_equals_the_shared_one() -> None:
    shared = json.loads((SHARED / "contexts" / "index.json").read_bytes())
    for url, entry in contexts.index().items():
        assert entry["sha256"] == shared[url]["sha256"], url
        assert (contexts.FOLDER / entry["file"]).read_bytes() == (
            SHARED / "contexts" / shared[url]["file"]
        ).read_bytes()


def test_every_pinned_schema_equals_the_shared_one() -> None:
    shared = json.loads((SHARED / "schemas" / "index.json").read_bytes())
    for url, entry in schemas.index().items():
        assert entry["sha256"] == shared[url]["sha256"], url


def test_the_endorsement_schema_is_word_for_word_the_definition_that_is_used() -> None:
    folder = SHARED / "schemas" / "ob_v3p0"
    own = json.loads((folder / "ob_v3p0_endorsementcredential_schema.json").read_bytes())
    whole = json.loads((schemas.FOLDER / "ob_v3p0_achievementcredential_schema.json").read_bytes())
    definition = whole["$defs"]["EndorsementCredential"]
    about_the_file = ("$schema", "$id", "$defs", "title")
    assert {k: v for k, v in own.items() if k not in about_the_file} == {
        k: v for k, v in definition.items() if k not in about_the_file
    }
    for name, meaning in own["$defs"].items():
        assert whole["$defs"][name] == meaning, name


def test_the_schema_for_vc_1_1_says_what_that_of_1edtech_says() -> None:
    folder = SHARED / "schemas" / "ob_v3p0"
    theirs = json.loads((folder / "ob_v3p0_anyachievementcredential_schema.json").read_bytes())
    pinned = json.loads((schemas.FOLDER / "ob_v3p0_achievementcredential_schema.json").read_bytes())
    for ours, published in (
        (schemas.for_vc1(pinned), theirs["anyOf"][0]),
        (schemas.for_vc1(pinned["$defs"]["EndorsementCredential"]), theirs["$defs"]["EndorsementCredentialv1p1"]),
    ):
        assert set(ours["required"]) == set(published["required"])
        assert ours["properties"].keys() == published["properties"].keys()
        assert ours["properties"]["@context"] == published["properties"]["@context"]


@pytest.mark.parametrize("path", sorted((SHARED / "examples" / "ob_v3p0").glob("*.json")), ids=lambda path: path.stem)
def test_the_examples_of_the_standard_conform(path: Path) -> None:
    document = json.loads(path.read_bytes())
    name = "endorsementcredential" if "EndorsementCredential" in document["type"] else "achievementcredential"
    assert schemas.errors(name, document) == []
