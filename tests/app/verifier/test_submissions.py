"""Whose badge it should be is asked, or the request is refused: no answer leaves the question out unsaid."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from app.kit.errors import Invalid
from app.verifier.submissions import submitted
from tests.app.guild import done, refused
from tests.far_issuer import FarIssuer

OTHER = "did:example:eve"
URL = "https://far.example/a-badge"
NO_TEXT = [["did:example:eve"], {"id": OTHER}, {"email": "eve@people.example"}, 5, 0, True, False, 1.5, [], {}]
NOBODY = ["", " ", "\t\n", "x" * 8001]
MISSPELT = ["recipent", "recipients", "Recipient", "recipient ", "recipient-email", "recipient[]", "id", "to"]


@pytest.fixture(scope="module")
def badge(issuer: FarIssuer) -> Any:
    text = issuer.award("eddsa-jcs-2022").text
    issuer.answer(URL, text)
    return json.loads(text)


@pytest.fixture(scope="module")
def verify(listening: TestClient) -> Any:
    def post(body: Any = None, **options: Any) -> Any:
        if body is not None:
            options["content"] = body if isinstance(body, bytes) else json.dumps(body)
        return listening.post(options.pop("path", "/v1/verify"), **options)

    return post


@pytest.fixture(scope="module")
def holder(badge: Any) -> str:
    return str(badge["credentialSubject"]["id"])


def wrapped(badge: Any) -> Iterator[dict[str, Any]]:
    yield {"badge": badge}
    yield {"badge": json.dumps(badge)}
    yield {"badge": {"url": URL}}
    yield {"url": URL}


@pytest.mark.parametrize("recipient", [*NO_TEXT, *NOBODY])
def test_a_recipient_that_cannot_be_asked_for_is_refused_and_none_is_verified(
    verify: Any, badge: Any, recipient: Any
) -> None:
    for body in wrapped(badge):
        for asked in (body | {"recipient": recipient}, {"recipient": recipient} | body):
            problem = refused(verify(asked), 422, "invalid")
            assert [error["pointer"] for error in problem["errors"]] == ["/recipient"]
        item = body | {"recipient": recipient}
        reports = done(verify([item, body], path="/v1/verify/batch"), 200)["items"]
        assert [report["verified"] for report in reports] == [False, True]
        assert (reports[0]["verdict"], reports[0]["checks"][0]["code"]) == ("unknown", "invalid-item")
        assert "/recipient" in reports[0]["summary"]
    for body in ({"items": [badge], "recipient": recipient}, {"recipient": recipient, "items": [badge]}):
        refused(verify(body, path="/v1/verify/batch"), 422, "invalid")


@pytest.mark.parametrize("text", [b'"\\ud800"', b'"\xff"', b"eve", b"'eve'", b'"eve', b""])
def test_a_recipient_that_cannot_be_read_verifies_nothing(verify: Any, badge: Any, text: bytes) -> None:
    body = b'{"badge": %b, "recipient": %b}' % (json.dumps(badge).encode(), text)
    alone, among_others = verify(body), verify(b"[%b]" % body, path="/v1/verify/batch")
    assert alone.status_code == 422 or alone.json()["verified"] is False, alone.text
    assert among_others.status_code == 422 or among_others.json()["items"][0]["verified"] is False, among_others.text


def test_null_is_as_good_as_left_out(verify: Any, badge: Any) -> None:
    for body in wrapped(badge):
        assert done(verify(body | {"recipient": None}), 200)["verdict"] == "valid"
        assert done(verify(body | {"recipient": None}, params={"recipient": OTHER}), 200)["verified"] is False


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_request_that_an_editor_has_marked_asks_the_same(verify: Any, badge: Any, encoding: str) -> None:
    for body in wrapped(badge):
        assert done(verify(json.dumps(body).encode(encoding)), 200)["verdict"] == "valid"
        assert done(verify(json.dumps(body | {"recipient": OTHER}).encode(encoding)), 200)["verified"] is False
        refused(verify(json.dumps(body | {"recipient": 5}).encode(encoding)), 422, "invalid")
    batch = json.dumps([badge, {"badge": badge, "recipient": OTHER}]).encode(encoding)
    reports = done(verify(batch, path="/v1/verify/batch"), 200)["items"]
    assert [report["verified"] for report in reports] == [True, False]


@pytest.mark.parametrize("name", MISSPELT)
def test_an_unknown_member_beside_a_badge_is_named(verify: Any, badge: Any, name: str) -> None:
    for body in wrapped(badge):
        for asked in (body | {name: OTHER}, {name: OTHER} | body):
            (error,) = refused(verify(asked), 422, "invalid")["errors"]
            assert error["pointer"] == f"/{name}"
            assert "`recipient`" in error["message"]
            assert done(verify([asked], path="/v1/verify/batch"), 200)["items"][0]["verdict"] == "unknown"
    problem = refused(verify({"items": [badge], name: OTHER}, path="/v1/verify/batch"), 422, "invalid")
    assert problem["errors"][0]["pointer"] == f"/{name}"


@pytest.mark.parametrize(
    "query",
    [
        {"recipient": ""},
        {"recipient": "  "},
        {"recipient": "x" * 8001},
        {"recipent": OTHER},
        {"recipient": OTHER, "more": "1"},
        [("recipient", "did:example:ada"), ("recipient", OTHER)],
        [("recipient", OTHER), ("recipient", OTHER)],
        [("recipient[]", OTHER)],
    ],
)
def test_a_query_says_whose_it_should_be_once_and_nothing_else(verify: Any, badge: Any, query: Any) -> None:
    for path, body in (("/v1/verify", badge), ("/v1/verify/batch", [badge]), ("/v1/verify", {"url": URL})):
        problem = refused(verify(body, path=path, params=query), 422, "invalid")
        assert all("parameter" in error for error in problem["errors"])


def test_two_recipients_that_differ_are_refused_and_the_same_twice_is_one(verify: Any, badge: Any, holder: str) -> None:
    for body in wrapped(badge):
        asked = body | {"recipient": holder}
        refused(verify(asked, params={"recipient": OTHER}), 422, "invalid")
        assert done(verify(asked, params={"recipient": holder}), 200)["verdict"] == "valid"
        within = {"badge": asked, "recipient": OTHER}
        (error,) = refused(verify(within), 422, "invalid")["errors"]
        assert error["pointer"] == "/badge/recipient"
    batch = {"items": [badge], "recipient": holder}
    refused(verify(batch, path="/v1/verify/batch", params={"recipient": OTHER}), 422, "invalid")
    form = {"text": json.dumps(badge), "recipient": holder}
    refused(verify(data=form, params={"recipient": OTHER}), 422, "invalid")
    refused(
        verify(data={"text": json.dumps({"badge": badge, "recipient": OTHER}), "recipient": holder}), 422, "invalid"
    )


def test_a_form_asks_what_its_fields_say_or_is_refused(verify: Any, badge: Any, holder: str) -> None:
    text = json.dumps(badge)
    file = {"file": ("badge.json", text.encode())}
    assert done(verify(data={"text": text, "recipient": " "}), 200)["verdict"] == "valid"  # as browsers leave it blank
    assert done(verify(data={"recipient": holder}, files=file), 200)["verdict"] == "valid"
    for sent in (
        {"data": {"text": text, "recipient": [holder, OTHER]}},
        {"data": {"recipient": [holder, OTHER]}, "files": file},
        {"data": {"recipent": OTHER}, "files": file},
        {"data": {"text": text, "recipent": OTHER}},
        {"data": {"text": text}, "files": {"file": ("other.json", b"{}")}},
        {"data": {"text": [text, text]}},
    ):
        (error,) = refused(verify(**sent), 422, "invalid")["errors"]
        assert error["parameter"] in {"recipient", "recipent", "text"}


def test_a_form_of_a_batch_is_read_like_that_of_one(verify: Any, badge: Any, holder: str) -> None:
    file = ("file", ("badge.json", json.dumps(badge).encode()))
    body = json.dumps({"badge": badge, "recipient": OTHER}).encode()

    def batch(data: Any, files: Any) -> Any:
        return verify(path="/v1/verify/batch", data=data, files=files)

    answer = done(batch({"recipient": holder}, [file, ("file", ("b.json", body)), ("file", ("c", b""))]), 200)
    assert [report["verified"] for report in answer["items"]] == [True, False, False]
    refused(batch({"recipent": holder}, [file]), 422, "invalid")
    refused(batch({"recipient": [holder, OTHER]}, [file]), 422, "invalid")
    part = b'--x\r\nContent-Disposition: form-data; name="badge"\r\n\r\n{}\r\n--x--\r\n'
    answer = verify(part, path="/v1/verify/batch", headers={"Content-Type": "multipart/form-data; boundary=x"})
    problem = refused(answer, 400, "nothing-to-verify")
    assert "`badge`" in problem["detail"]


def test_a_badge_with_a_badge_or_an_address_in_it_is_itself(verify: Any) -> None:
    """`badge` is a member of every assertion before 3.0, and `url` of a Profile."""
    for document in (
        {"type": "Assertion", "badge": "https://far.example/b", "recipient": {"type": "email"}},
        {"recipient": "sha256$00", "salt": "x", "badge": {"name": "Old"}, "issued_on": "2012-01-01"},
        {"uid": "1", "recipient": {"identity": "a@b.example"}, "badge": "https://far.example/b", "verify": {}},
        {"@context": "https://w3id.org/openbadges/v2", "type": "Profile", "url": "https://far.example"},
        {"name": "The Far Hill", "url": "https://far.example"},
    ):
        for text in (document, dict(reversed(document.items()))):
            assert done(verify(text), 200)["verified"] is False


@examples(deadline=None)
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=3)))
def test_whatever_the_recipient_is_it_is_asked_for_or_refused(value: Any) -> None:
    text = json.dumps({"badge": "e30.e30.e30", "recipient": value}).encode()
    try:
        asked = submitted(text).recipient
    except Invalid:
        return
    assert asked == (value.strip() if value is not None else None)
    assert asked != ""
