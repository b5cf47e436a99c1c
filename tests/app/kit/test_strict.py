"""What strangers may send, and what they are told."""

import json
from collections.abc import Callable
from typing import Annotated, Any

import pytest
from fastapi import Body, Depends, Request, UploadFile
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, example, given
from hypothesis import settings as trying
from hypothesis import strategies as st

import badges
from app.kit.access import Gate, public
from app.kit.errors import Unauthenticated
from app.kit.schemas import Id, In, Instant, Name
from app.kit.strict import MIB, ReadRequest, limits_of, router
from tests.app.kit.conftest import Serve


class Closed(Gate):
    who = "nobody"

    def __call__(self) -> None:
        raise Unauthenticated("No token.")


class NoteIn(In):
    n: int
    text: Name = "x"
    when: Instant | None = None
    about: Id | None = None


class NoteChange(In):
    n: int | None = None
    text: Name | None = None


class Many(In):
    notes: list[NoteIn]


def page(limit: int = 50) -> None:
    """What several routes ask for."""


def notes() -> Any:
    r = router()

    @r.post("/notes", dependencies=[public])
    def note(body: NoteIn) -> NoteIn:
        """Gives back what was sent."""
        return body

    @r.post("/many", dependencies=[public])
    def many(body: NoteIn | list[NoteIn]) -> int:
        return len(body) if isinstance(body, list) else 1

    @r.post("/nested", dependencies=[public])
    def nested(body: Many | None = None) -> int:
        return len(body.notes) if body else 0

    @r.patch("/note", dependencies=[public])
    def change(body: NoteChange) -> NoteChange:
        return body

    @r.post("/closed")
    def closed(body: NoteIn, _caller: Annotated[None, Depends(Closed())]) -> NoteIn:
        return body

    @r.post("/raw", dependencies=[public], max_body_size=2 * MIB)
    async def raw(request: Request) -> int:
        return len(await request.body())

    @r.post("/file", dependencies=[public])
    def file(file: UploadFile) -> int:
        return len(file.file.read())

    @r.get("/words/{word}", dependencies=[public])
    def word(word: str, _page: Annotated[None, Depends(page)], q: str = "") -> str:
        return word + q

    return r


@pytest.fixture
def notebook(serve: Serve) -> TestClient:
    return serve(notes())


JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'{"n": NaN}', id="NaN"),
        pytest.param(b'{"n": Infinity}', id="Infinity"),
        pytest.param(b'{"n": 1e400}', id="a float beyond all"),
        pytest.param(b'{"n": 1, "text": "\\ud800"}', id="half a surrogate pair"),
        pytest.param(b'{"n": 1, "text": "a\\u0000b"}', id="U+0000"),
        pytest.param(b'{"n": 1, "text": "\xff\xfe"}', id="not UTF-8"),
        pytest.param(b'{"n": ' + b"9" * 5000 + b"}", id="5,000 digits"),
        pytest.param(b"[" * 100_000, id="100,000 brackets"),
        pytest.param(b'{"n": 1, "n": 2}', id="a member twice"),
        pytest.param(b'{"n": 9007199254740993}', id="an integer beyond 2^53"),
        pytest.param(b"\xef\xbb\xbf" + b'{"n": 1}', id="a byte order mark"),
        pytest.param(b'{"n": 1', id="cut off"),
        pytest.param(b"\x00", id="a null byte"),
    ],
)
@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/notes"), ("PATCH", "/note"), ("POST", "/many"), ("POST", "/nested")]
)
def test_json_that_readers_read_differently_is_refused_by_name(
    notebook: TestClient, method: str, path: str, body: bytes
) -> None:
    answer = notebook.request(method, path, content=body, headers=JSON)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "/problems/malformed-json"
    assert answer.json()["detail"]


@given(st.binary(max_size=200) | st.text().map(str.encode) | st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
).map(lambda value: json.dumps(value).encode()))  # fmt: skip
@example(b'{"n": 1}')
@trying(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_body_whatever_is_a_failure_of_ours(notebook: TestClient, body: bytes) -> None:
    assert notebook.post("/many", content=body, headers=JSON).status_code in {200, 400, 422}


def test_a_body_without_json_type_is_told_which_type_is_read(notebook: TestClient) -> None:
    for sent in ({}, {"Content-Type": "text/plain"}, {"Content-Type": "application/xml"}):
        answer = notebook.post("/notes", content=b'{"n": 1}', headers=sent)
        assert answer.status_code == 415
        assert "application/json" in answer.json()["fix"]
    assert notebook.post("/notes", content=b'{"n": 1}', headers={"Content-Type": "application/ld+json"}).is_success


def test_a_compressed_body_is_refused_unread(notebook: TestClient) -> None:
    for path in ("/notes", "/raw"):
        answer = notebook.post(path, content=b"x" * 10, headers=JSON | {"Content-Encoding": "gzip"})
        assert answer.status_code == 415


def test_a_body_is_counted_while_it_is_read(notebook: TestClient) -> None:
    large = b'{"n": 1, "text": "' + b"x" * MIB + b'"}'
    declared = notebook.post("/notes", content=large, headers=JSON)
    streamed = notebook.post(
        "/notes", content=(large[i : i + 65_536] for i in range(0, len(large), 65_536)), headers=JSON
    )
    for answer in (declared, streamed):
        assert answer.status_code == 413
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["limit"] == MIB
    assert notebook.post("/notes", content=b"1", headers=JSON | {"Content-Length": "9" * 5000}).status_code == 413


def test_a_route_may_state_another_limit(notebook: TestClient) -> None:
    assert notebook.post("/raw", content=b"x" * (2 * MIB)).json() == 2 * MIB
    assert notebook.post("/raw", content=b"x" * (2 * MIB + 1)).status_code == 413


def test_permission_is_looked_at_before_the_body(notebook: TestClient) -> None:
    for body in (b'{"n": 1}', b'{"n": "no"}', b'{"n": NaN}'):
        answer = notebook.post("/closed", content=body, headers=JSON)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
    assert notebook.post("/closed", content=b"n=1").status_code == 401


def test_an_optional_body_may_be_left_out_but_not_unreadable(notebook: TestClient) -> None:
    assert notebook.post("/nested").json() == 0
    assert notebook.post("/nested", json={"notes": [{"n": 1}]}).json() == 1
    assert notebook.post("/nested", content=b"{", headers=JSON).status_code == 400
    assert notebook.post("/nested", content=b"{}").status_code == 415


def test_a_form_is_read_as_a_form_only(notebook: TestClient) -> None:
    assert notebook.post("/file", files={"file": b"abc"}).json() == 3
    assert notebook.post("/file", json={"file": "abc"}).status_code == 415
    broken = notebook.post("/file", content=b"--x", headers={"Content-Type": "multipart/form-data; boundary=y"})
    assert broken.status_code in {400, 422}


def test_null_in_an_address_is_refused(notebook: TestClient) -> None:
    assert notebook.get("/words/a%00b").status_code == 400
    assert notebook.get("/words/a?q=%00").status_code == 400
    assert notebook.get("/words/a?q=%ff%ED%A0%80").status_code == 200


@pytest.mark.parametrize(("query", "name"), [("q=a&q=b", "q"), ("q=a&limit=1&limit=1", "limit"), ("%71=&q=a", "q")])
def test_what_is_asked_for_twice_is_refused_by_its_name(notebook: TestClient, query: str, name: str) -> None:
    answer = notebook.get(f"/words/a?{query}")
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"parameter": name, "message": "is given 2 times"}]
    assert notebook.get("/words/a?q=b&limit=1&other=1&other=2").json() == "ab"


def test_faults_are_named_where_they_are_and_never_echoed(notebook: TestClient) -> None:
    secret = "correct horse battery staple"
    answer = notebook.post("/nested", json={"notes": [{"n": 1}, {"n": secret, "te/xt": secret, "about": secret}]})
    assert answer.status_code == 422
    assert secret not in answer.text
    assert [error["pointer"] for error in answer.json()["errors"]] == [
        "/notes/1/n", "/notes/1/about", "/notes/1/te~1xt"
    ]  # fmt: skip


def test_a_fault_among_alternatives_is_named_by_where_it_is(notebook: TestClient) -> None:
    answer = notebook.post("/many", json=[{"n": 1}, {"text": "no number"}])
    assert "/1/n" in [error["pointer"] for error in answer.json()["errors"]]


def test_nothing_is_converted(notebook: TestClient) -> None:
    for n in ("1", False, 1.0, None):
        assert notebook.post("/notes", json={"n": n}).status_code == 422
    assert notebook.post("/notes", json={"n": 1, "when": 1700000000}).status_code == 422
    assert notebook.post("/notes", json={"n": 1, "when": "2026-11-21"}).status_code == 422
    read = notebook.post("/notes", json={"n": 1, "when": "2026-11-21T10:00:00+01:00", "about": "0" * 32})
    assert read.json() == {
        "n": 1,
        "text": "x",
        "when": "2026-11-21T09:00:00Z",
        "about": "00000000-0000-0000-0000-000000000000",
    }


def test_a_large_body_is_parsed_beside_the_others(notebook: TestClient) -> None:
    many = [{"n": n, "text": "x" * 30} for n in range(1000)]
    assert notebook.post("/many", json=many).json() == 1000


def test_where_larger_bodies_are_taken_they_may_have_more_values_unless_those_are_tiny() -> None:
    assert limits_of(MIB) == badges.Limits(bytes=MIB)
    many = json.dumps([{"name": "n" * 20, "number": n} for n in range(40_000)])
    assert len(badges.parse(many, limits=limits_of(8 * MIB))) == 40_000
    for refused, limit in ((many, MIB), (json.dumps([0] * 60_000), 8 * MIB)):
        with pytest.raises(badges.BadgeError):
            badges.parse(refused, limits=limits_of(limit))


def test_equal_json_has_an_equal_canonical_body() -> None:
    request = Request({"type": "http", "headers": []})
    one, other = ReadRequest(request, b"", {"b": 1, "a": [1.0]}), ReadRequest(request, b"", {"a": [1], "b": 1})
    assert one.canonical_body() == other.canonical_body() == b'{"a":[1],"b":1}'
    assert ReadRequest(request, b"PNG").canonical_body() == b"PNG"


def any_body(body: Annotated[Any, Body()]) -> None: ...
def bytes_body(body: Annotated[bytes, Body()]) -> None: ...


@pytest.mark.parametrize("endpoint", [any_body, bytes_body])
def test_a_route_that_would_take_an_unreadable_body_cannot_be_declared(endpoint: Callable[..., None]) -> None:
    with pytest.raises(TypeError, match="as a model"):
        router().post("/any")(endpoint)


def test_a_summary_is_the_first_line_of_the_docstring() -> None:
    [summary] = {route.summary for route in notes().routes if route.path == "/notes"}
    assert summary == "Gives back what was sent"
