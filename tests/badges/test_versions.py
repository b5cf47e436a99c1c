import base64
import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.errors import NoCredential, Unreadable
from badges.versions import OB20, OB30, VERSIONS, Version, detect, jws_payload, version_of

V3 = ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"]


def token(payload: Any) -> str:
    body = base64.urlsafe_b64encode(json.dumps(payload).encode()).rstrip(b"=").decode()
    return f"e30.{body}.AA"


@pytest.mark.parametrize(
    ("context", "version"),
    [
        (V3, OB30),
        (["https://www.w3.org/2018/credentials/v1", V3[1]], OB30),
        ("https://w3id.org/openbadges/v2", OB20),
        (["https://w3id.org/openbadges/v2", {"x": "https://x.example"}], OB20),
        ("https://openbadgespec.org/v2/context.json", OB20),
    ],
)
def test_a_document_is_of_the_version_whose_context_it_names(context: Any, version: Version) -> None:
    assert version_of({"@context": context}) is version


@pytest.mark.parametrize("context", [None, [], {}, 5, "https://schema.org", ["https://example.org", {"a": "b"}]])
def test_a_document_of_no_version_is_no_badge(context: Any) -> None:
    with pytest.raises(NoCredential) as refusal:
        version_of({"@context": context})
    assert refusal.value.pointer == "/@context"


@pytest.mark.parametrize(
    ("text", "version"),
    [
        (json.dumps({"@context": V3}), OB30),
        ("  " + json.dumps({"@context": OB20.contexts[0]}) + "\n", OB20),
        (token({"@context": V3}), OB30),
        (token({"vc": {"@context": V3}}), OB30),
        (token({"@context": OB20.contexts[0]}) + "\n", OB20),
        ("https://guild.example/ob2/assertions/1", OB20),
    ],
)
def test_the_version_of_a_signed_text_is_found(text: str, version: Version) -> None:
    assert detect(text) is version


@pytest.mark.parametrize(
    "text", ["", "hello", "a.b", "a.b.c.d", "a.@@@@.c", "e30.W10.AA", "e30.ü.AA", token([1]), token({})]
)
def test_what_carries_no_badge_is_refused(text: str) -> None:
    with pytest.raises(NoCredential):
        detect(text)


@given(st.text())
def test_any_text_has_a_version_or_is_refused(text: str) -> None:
    for candidate in (text, "{" + text, f"e30.{text}.AA"):
        with suppress(Unreadable):
            assert detect(candidate) in VERSIONS


def test_a_jws_is_looked_into_without_being_believed() -> None:
    assert jws_payload(token({"a": 1})) == {"a": 1}
    assert jws_payload(token({"iss": "x", "vc": {"a": 1}})) == {"a": 1}
    assert jws_payload(token({"vc": "no object"})) == {"vc": "no object"}


def test_badges_of_the_two_versions_travel_side_by_side_in_one_image() -> None:
    assert OB20.png_keyword != OB30.png_keyword
    assert OB20.svg_namespace != OB30.svg_namespace
