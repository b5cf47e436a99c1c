"""A template is a shorter way to the same statements, never to others."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from badges.errors import BadgeError
from badges.proofs import templates
from badges.proofs.blank_nodes import canonical_lines, line
from badges.proofs.statements import statements
from tests.badges.proofs.credentials import EXTENSIONS, OB3, VC2, credential, credentials, objects_in

VC1 = "https://www.w3.org/2018/credentials/v1"
OB3_1 = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json"
CLR = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"

IRIS = [
    "https://example.org/é?q=a b",
    "https://example.org/a/../b",
    "HTTPS://Example.ORG",
    "urn:uuid:3f0c6b0e-7b1d-4c3a-9a39-0a52d2a0f1aa",
    "mailto:ada@example.org",
    "did:web:example.org%3A8443",
    "data:,",
    "https://[::1",
    "https://x/<y>",
]
OTHERS = [
    "",
    "_:b0",
    "_:",
    "relative",
    "../up",
    "#fragment",
    "name",
    "Achievement",
    "schema:name",
    "@id",
    "@none",
    "xsd:date",
    "cred:x",
    "obi:Achievement",
    "assertionMethod",
    "https",
    "urn:mark:0:",
]
TEXTS = st.sampled_from(IRIS + OTHERS) | st.text(max_size=8)

ABOUT = {"about": {"@id": "https://example.org/about", "@type": "@vocab"}}


def by_the_processor(document: dict[str, Any]) -> list[str] | str:
    try:
        return canonical_lines(map(line, statements(document)))
    except BadgeError as error:
        return type(error).__name__


def by_template(document: dict[str, Any]) -> list[str] | str:
    try:
        return canonical_lines(templates.lines(document))
    except BadgeError as error:
        return type(error).__name__


def places(document: dict[str, Any]) -> Iterator[tuple[dict[str, Any] | list[Any], Any]]:
    """Where strings stand, in objects and lists."""
    for node in objects_in(document):
        for key, child in node.items():
            if key != "@context" and isinstance(child, str):
                yield node, key
            elif key != "@context" and isinstance(child, list):
                yield from ((child, i) for i, one in enumerate(child) if isinstance(one, str))


@settings(deadline=None)
@given(st.data())
def test_whatever_strings_stand_in_a_document_it_says_what_the_processor_says(data: st.DataObject) -> None:
    document = data.draw(credentials())
    for _ in range(data.draw(st.integers(0, 6))):
        holder, key = data.draw(st.sampled_from(list(places(document))))
        holder[key] = data.draw(TEXTS)
    assert by_template(document) == by_the_processor(document)


@pytest.mark.parametrize("contexts", [[VC2, OB3], [VC1, OB3_1], [VC2, CLR, OB3]], ids=["2.0", "1.1", "CLR"])
@pytest.mark.parametrize("string", IRIS + OTHERS)
def test_a_string_in_any_place_means_what_the_processor_makes_of_it(string: str, contexts: list[str]) -> None:
    for n in range(len(list(places(credential())))):
        document = credential() | {"@context": contexts}
        holder, key = list(places(document))[n]
        holder[key] = string
        assert by_template(document) == by_the_processor(document), (key, string)


@pytest.mark.parametrize(
    "value", [0, 0.0, 1, 1.0, -1, 1e21, 3.5, True, False, None, "1", "true", "", [], {}, [[]], [None]]
)
def test_values_that_are_no_strings_are_told_apart(value: Any) -> None:
    for member in ("creditsAvailable", "name", "id", "tag", "image", "version"):
        document = credential()
        document["credentialSubject"]["achievement"][member] = value
        assert by_template(document) == by_the_processor(document), member


@pytest.mark.parametrize(
    "meaning",
    [
        ABOUT | {"https://example.org/known": "https://example.org/other"},
        ABOUT | {"urn:x:y": "https://example.org/z"},
        {"data": {"@id": "https://example.org/data", "@type": "@json"}},
        {"@vocab": "https://example.org/vocabulary#"},
        {"tag": {"@id": "https://example.org/tag", "@type": "@id"}},
    ],
)
def test_what_an_inline_context_says_is_heeded(meaning: dict[str, Any]) -> None:
    for about in ("urn:x:y", "https://example.org/known", "data"):
        document = credential() | {"@context": [VC2, OB3, meaning], "about": about, "data": {"about": about}}
        assert by_template(document) == by_the_processor(document)


def test_literals_of_json_and_texts_with_direction_are_read_by_the_processor() -> None:
    document = credential() | {
        "@context": [VC2, OB3, EXTENSIONS],
        "name": {"@value": "Ágora", "@language": "pt", "@direction": "ltr"},
        "description": {"@value": "2026-01-01", "@type": "http://www.w3.org/2001/XMLSchema#date"},
        "credentialSchema": [{"id": "https://x.example/", "type": "JsonSchema", "jsonSchema": {"a": ["b", 1]}}],
    }
    assert by_template(document) == by_the_processor(document)


def test_the_same_id_in_several_places_and_equal_values_are_said_once() -> None:
    document = credential()
    achievement = document["credentialSubject"]["achievement"]
    achievement["creator"] = {"id": document["issuer"]["id"], "type": ["Profile"], "name": document["issuer"]["name"]}
    achievement["tag"] = ["same", "same", "other"]
    document["evidence"] = [{"type": ["Evidence"], "name": "same"}, {"type": ["Evidence"], "name": "same"}]
    assert by_template(document) == by_the_processor(document)


def test_documents_of_one_shape_do_not_say_what_stands_in_each_other() -> None:
    one, other = credential(), credential()
    other["name"] = other["credentialSubject"]["achievement"]["name"] = "Another"
    other["id"] = "urn:uuid:0"
    said = by_template(one)
    assert by_template(other) == by_the_processor(other)
    assert by_template(one) == said == by_the_processor(one)
