"""Whatever a stranger sends is refused clearly, or done; it is never a failure of ours, and a refusal changes nothing.

Malformed calls go through the door to every real route, as the admin, so that nothing is refused for permission first.
"""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st

from app.kit.database import read_session
from tests.app.achievements.pictures import data_uri, png
from tests.app.guild import ACHIEVEMENT, Guild, done
from tests.app.issuers.conftest import runtime_of
from tests.service import ADMIN_TOKEN
from tests.stand_ins import SettableClock

MIB = 1024 * 1024
Tables = dict[str, int]


@dataclass
class Desk:
    """A community with one of everything, and what the API says of itself."""

    guild: Guild
    ids: dict[str, str]
    described: dict[str, Any]

    def rows(self) -> Tables:
        """How much there is of everything."""
        engine = runtime_of(self.guild).engine
        with read_session(engine) as session:
            tables = sa.inspect(engine).get_table_names()
            return {
                name: session.execute(sa.select(sa.func.count()).select_from(sa.table(name))).scalar_one()
                for name in tables
            }

    def path(self, template: str, **other: str) -> str:
        for name, value in (self.ids | other).items():
            template = template.replace(f"{{{name}}}", value)
        return template

    def send(self, method: str, path: str, content: bytes | Iterator[bytes], headers: Any = None) -> httpx2.Response:
        sent = {"Content-Type": "application/json", "Authorization": f"Bearer {ADMIN_TOKEN}", "If-Match": "*"}
        return self.guild.client.request(method, path, content=content, headers=sent | (headers or {}))

    def refused(self, method: str, path: str, content: Any, statuses: set[int], headers: Any = None) -> httpx2.Response:
        """The refusal of a call: a problem document with one of these statuses, and nothing changed."""
        before = self.rows()
        answer = self.send(method, path, content, headers)
        assert answer.status_code in statuses, (method, path, answer.status_code, answer.text[:500])
        assert answer.headers["content-type"] == "application/problem+json"
        problem = answer.json()
        assert problem["status"] == answer.status_code
        assert problem["title"]
        assert problem["fix"]
        assert len(answer.content) < 20_000
        assert self.rows() == before
        return answer


@pytest.fixture(scope="module")
def desk(standing: Guild) -> Desk:
    standing.member("mel")
    achievement = standing.achievement(image=data_uri(png()), policy={"stackable": True, "period": "year"})
    badge = standing.badge(achievement, recipient={"member": "mel"})
    token = done(standing.post(standing.in_guild("tokens"), {"owner": "mel", "role": "member"}), 201)
    offer = done(standing.award(achievement, {"did": "did:example:bo"}), 201)
    ids = {
        "c": standing.slug,
        "m": "mel",
        "a": achievement["id"],
        "id": badge["id"],
        "token_id": token["id"],
        "secret": offer["claim_url"].rpartition("/")[2],
        "name": achievement["id"],
        "kid": "x",
        "code": "not-found",
    }
    return Desk(standing, ids, done(standing.get("/openapi.json"), 200))


def valid(achievement: str = "x") -> dict[str, dict[str, Any]]:
    """A body that every route takes."""
    return {
        "POST /v1/communities": {"slug": "s", "name": "N", "description": "D", "url": "https://x.example",
                                 "email": "x@x.example"},
        "POST /v1/communities/{c}/members": {"handle": "new", "name": "N", "email": "n@x.example", "did": "did:x:y",
                                             "affiliation": "A", "joined_at": "2026-01-01T00:00:00Z", "role": "member"},
        "PATCH /v1/communities/{c}/members/{m}": {"name": "N", "email": None, "role": "member"},
        "POST /v1/communities/{c}/tokens": {"owner": "mel", "role": "member", "scopes": ["nominations:write"],
                                            "expires_at": "2027-01-01T00:00:00Z"},
        "POST /v1/communities/{c}/achievements": {**ACHIEVEMENT, "image": data_uri(png()), "tags": ["t"], "policy": {},
                                                  "alignments": [], "results": [], "achievement_type": "Badge"},
        "PATCH /v1/communities/{c}/achievements/{a}": {"name": "N", "tags": [], "image": data_uri(png())},
        "POST /v1/communities/{c}/credentials": {"achievement": achievement, "recipient": {"did": "did:x:y"},
                                                 "evidence": [{"url": "https://x.example"}], "narrative": "N",
                                                 "external_id": "e", "valid_until": "2030-01-01T00:00:00Z",
                                                 "consent": "ask", "visibility": "private"},
        "POST /v1/credentials/{id}/response": {"response": "accept", "visibility": "private"},
        "POST /v1/claims/{secret}": {"response": "accept", "visibility": "public"},
        "POST /v1/credentials/{id}/revoke": {"reason": "r"},
        "POST /v1/credentials/{id}/suspend": {"reason": "r"},
    }  # fmt: skip


ROUTES = sorted(valid())


def split(route: str) -> tuple[str, str]:
    method, _, template = route.partition(" ")
    return method, template


def operations(desk: Desk) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for template, item in desk.described["paths"].items():
        for method, operation in item.items():
            yield method.upper(), template, operation


def test_every_route_that_takes_json_is_tried(desk: Desk) -> None:
    takes = {
        f"{m} {t}"
        for m, t, o in operations(desk)
        if set(o.get("requestBody", {}).get("content", ())) == {"application/json"}
    }
    assert takes == set(ROUTES)


NESTED = b'{"a":' * 65 + b"1" + b"}" * 65
UNREADABLE = {
    "NaN": b'{"name": NaN}',
    "Infinity": b'{"name": Infinity}',
    "minus Infinity": b'{"name": -Infinity}',
    "a float beyond all": b'{"name": 1e400}',
    "half a surrogate pair": b'{"name": "\\ud800"}',
    "a surrogate pair the wrong way round": b'{"name": "\\udc00\\ud800"}',
    "half a pair as a name": b'{"\\udfff": 1}',
    "U+0000": b'{"name": "a\\u0000b"}',
    "U+0000 as a name": b'{"\\u0000": 1}',
    "a member twice": b'{"name": "a", "name": "b"}',
    "a member twice, spelled differently": b'{"name": "a", "n\\u0061me": "b"}',
    "a member twice, deep inside": b'{"name": [{"x": {"y": 1, "y": 2}}]}',
    "5,000 digits": b'{"name": ' + b"9" * 5000 + b"}",
    "5,000 digits behind the point": b'{"name": 0.' + b"1" * 5000 + b"}",
    "5,000 digits of exponent": b'{"name": 1e' + b"9" * 5000 + b"}",
    "beyond 2^53": b'{"name": 9007199254740993}',
    "not UTF-8": b'{"name": "\xff\xfe"}',
    "overlong UTF-8": b'{"name": "\xc0\xaf"}',
    "a surrogate in UTF-8": b'{"name": "\xed\xa0\x80"}',
    "beyond Unicode": b'{"name": "\xf4\x90\x80\x80"}',
    "cut off inside a character": b'{"name": "\xe2\x82',
    "UTF-16": '{"name": "a"}'.encode("utf-16"),
    "a byte order mark": b'\xef\xbb\xbf{"name": "a"}',
    "cut off": b'{"name": "a"',
    "cut off in a string": b'{"name": "a',
    "two values": b'{"name": "a"} {}',
    "a comment": b'{"name": "a"} // x',
    "a comma too many": b'{"name": "a",}',
    "single quotes": b"{'name': 'a'}",
    "an unknown escape": b'{"name": "\\x41"}',
    "a line end in a string": b'{"name": "a\nb"}',
    "65 levels": NESTED,
    "100,000 brackets": b"[" * 100_000,
    "100,000 opened objects": b'{"a":' * 100_000,
    "60,000 values": b'{"name": [' + b"0," * 60_000 + b"0]}",
    "a null byte": b"\x00",
    "nonsense": b"\x89PNG\r\n\x1a\n",
    "XML": b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_json_that_readers_read_differently_is_refused_everywhere(desk: Desk, name: str) -> None:
    for route in ROUTES:
        method, template = split(route)
        answer = desk.refused(method, desk.path(template), UNREADABLE[name], {400})
        assert answer.json()["type"] == "/problems/malformed-json"


@pytest.mark.parametrize(
    "body", [b"", b"null", b"1", b'"x"', b"true", b"[]", b"[{}]", b"{}", b"[[]]", b"  {}  ", b'{"": 1}']
)
def test_json_of_another_shape_is_refused_everywhere(desk: Desk, body: bytes) -> None:
    for route in ROUTES:
        method, template = split(route)
        if method == "PATCH" and b"{}" in body and b"[" not in body:
            continue  # nothing is to change
        answer = desk.refused(method, desk.path(template), body, {422})
        assert answer.json()["type"] == "/problems/invalid"


def in_parts(size: int) -> Iterator[bytes]:
    for _ in range(0, size, 65_536):
        yield b" " * 65_536


@pytest.mark.parametrize("route", ROUTES)
def test_a_body_beyond_the_limit_is_refused_whether_or_not_it_says_its_size(desk: Desk, route: str) -> None:
    method, template = split(route)
    limit = 4 * MIB if "achievements" in route else MIB
    for content in (b" " * (limit + 1), in_parts(limit + 65_536)):
        desk.refused(method, desk.path(template), content, {413})
    for size in ("9" * 30, str(limit + 1), "99999999999"):
        desk.refused(method, desk.path(template), b"{}", {413}, {"Content-Length": size})
    desk.refused(method, desk.path(template), b" " * limit, {400})


@pytest.mark.parametrize(
    ("header", "value"),
    [
        *(("Content-Type", kind) for kind in (
            "", "text/plain", "text/json", "application/xml", "multipart/form-data", "multipart/form-data; boundary=x",
            "application/x-www-form-urlencoded", "image/png", "application/jsonx", "json", "application/json+", "*/*",
            "application/" + "x" * 5000, ";", "application/json, text/plain",
        )),
        *(("Content-Encoding", coding) for coding in ("gzip", "br", "deflate", "zstd", "gzip, identity", "x" * 5000)),
    ],
)  # fmt: skip
def test_a_body_in_another_format_is_refused_everywhere(desk: Desk, header: str, value: str) -> None:
    for route, body in valid().items():
        method, template = split(route)
        answer = desk.refused(method, desk.path(template), json.dumps(body).encode(), {415}, {header: value})
        assert answer.json()["type"] == "/problems/unsupported-media-type"


def test_json_by_its_other_names_is_json(desk: Desk) -> None:
    path = desk.path("/v1/communities/{c}/members/{m}")
    for kind in ("application/json; charset=utf-8", "APPLICATION/JSON", "application/merge-patch+json"):
        assert done(desk.send("PATCH", path, b"{}", {"Content-Type": kind, "Content-Encoding": "identity"}), 200)


@pytest.mark.parametrize("route", ROUTES)
def test_what_no_route_knows_is_refused_by_name(desk: Desk, route: str) -> None:
    method, template = split(route)
    for name in ("unknown", "id", "__class__", "community_id", "Name", "state", "a/b~c", "é", "x" * 5000):
        body = valid()[route] | {name: 1}
        answer = desk.refused(method, desk.path(template), json.dumps(body).encode(), {422})
        pointer = "/" + name.replace("~", "~0").replace("/", "~1")
        assert answer.json()["errors"][0]["pointer"][:500] == pointer[:500]


WRONG: list[Any] = [True, 0, -1, 1.5, 10**15, "", "x", "x" * 20_000, [], [None], [[]], {}, {"x": 1}, [{}]]


@pytest.mark.parametrize("route", ROUTES)
def test_a_wrong_value_is_refused_by_the_name_of_its_field(desk: Desk, route: str) -> None:
    method, template = split(route)
    for name, right in valid(desk.ids["a"])[route].items():
        for wrong in WRONG:
            kinds = (type(right), str if right is None else type(right))
            if isinstance(wrong, kinds):
                continue  # may be right: `test_whatever_is_sent…` tries those
            body = valid(desk.ids["a"])[route] | {name: wrong}
            answer = desk.refused(method, desk.path(template), json.dumps(body).encode(), {422})
            assert {error["pointer"].split("/")[1] for error in answer.json()["errors"]} == {name}


def test_no_address_takes_a_method_that_it_does_not_know(desk: Desk) -> None:
    known: dict[str, set[str]] = {}
    for method, template, _ in operations(desk):
        known.setdefault(template, set()).add(method)
    for template, methods in known.items():
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"} - methods:
            answer = desk.refused(method, desk.path(template), b"", {405})
            assert answer.json()["type"] == "/problems/method-not-allowed"
            assert set(answer.headers["allow"].split(", ")) <= methods | {"HEAD"}


LONG = "x" * 5000
ODD_IDS = {
    "nothing to see": "%20",
    "U+0000": "%00",
    "U+0000 inside": "a%00b",
    "a slash": "a%2fb",
    "upwards": "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "dots": "%2e%2e",
    "very long": LONG,
    "an emoji": "%F0%9F%98%80",
    "not UTF-8": "%ff",
    "a surrogate": "%ED%A0%80",
    "SQL": "'%20OR%201=1;%20DROP%20TABLE%20member;--",
    "LIKE": "%25",
    "a header": "a%0d%0aX-Evil:%20y",
    "minus one": "-1",
    "5,000 digits": "9" * 5000,
    "digits of another script": "%D9%A1" * 32,
    "a template": "{{7*7}}",
    "a UUID of nobody": "00000000-0000-0000-0000-000000000000",
    "a UUID in braces": "%7B00000000-0000-4000-8000-0000000000ff%7D",
    "a UUID as a URN": "urn:uuid:00000000-0000-4000-8000-0000000000ff",
    "a half UUID": "00000000-0000-4000-8000",
    "underscores": "0000000_-000_-400_-800_-0000000000f_",
    "direction": "%E2%80%AE",
    "backslash": "%5C%5Cserver%5Cshare",
}


@pytest.mark.parametrize("odd", ODD_IDS)
def test_an_odd_id_names_nothing(desk: Desk, odd: str) -> None:
    bodies = valid(desk.ids["a"])
    tried = 0
    for method, template, _ in operations(desk):
        for name in (name for name in desk.ids if f"{{{name}}}" in template):
            path = desk.path(template.replace(f"{{{name}}}", ODD_IDS[odd]))
            body = bodies.get(f"{method} {template}")
            content = b"" if body is None else json.dumps(body).encode()
            answer = desk.refused(method, path, content, {400, 404, 405})
            assert "x-evil" not in answer.headers
            tried += 1
    assert tried > 40


CURSORS = [
    "%00", "%ff", "A", "AA", "A" * 499, "....", "-", "%F0%9F%98%80", "0", "=", "null",
    "bnVsbA", "W10", "e30", "WzFd", "WyJhIl0", "W251bGxd", "WyIiLCIiXQ", "W1tdXQ",  # JSON, but of other shapes
    "WyIwMDAwMDAwMC0wMDAwLTcwMDAtODAwMC0wMDAwMDAwMDAwMDEiLCJ4Il0",
]  # fmt: skip


@pytest.mark.parametrize("query", [
    *(f"cursor={cursor}" for cursor in CURSORS), "cursor=" + "A" * 501, "limit=x", "limit=1.5", "limit=1e3", "limit=",
    "limit=%D9%A11x", "limit=" + "9" * 5000, "limit=0x10", "limit=1&limit=x", "limit=null",
])  # fmt: skip
def test_an_odd_page_is_refused(desk: Desk, query: str) -> None:
    for method, template, operation in operations(desk):
        if "cursor" in {parameter["name"] for parameter in operation.get("parameters", ())}:
            desk.refused(method, f"{desk.path(template)}?{query}", b"", {400, 422})


def test_any_number_asks_for_a_page(desk: Desk) -> None:
    for limit in ("0", "-1", "-99999999999999999999", "201", "99999999999999999999", "+1", "007"):
        page = done(desk.send("GET", desk.path(f"/v1/communities/{{c}}/members?limit={limit}"), b""), 200)
        assert page["next"] is None


ACCEPTS = [
    "", "*", "*/*", "text/html;q=nan", "text/html;q=inf", "text/html;q=-1", "text/html;q=", "text/html; q=1e400",
    ";;;,,,=", "x" * 8000, "a/b," * 3000, "\xff/\xfe", '"', "%00", "image/avif", "text/html;level=1;q=0.9, */*;q=0.1",
]  # fmt: skip


@pytest.mark.parametrize("accept", ACCEPTS)
def test_an_odd_accept_header_gets_an_answer(desk: Desk, accept: str) -> None:
    sent = {b"Accept": accept.encode("latin-1"), b"Authorization": f"Bearer {ADMIN_TOKEN}".encode()}
    for method, template, _ in operations(desk):
        if method == "GET" and template != "/v1/claims/{secret}":
            answer = desk.guild.client.get(desk.path(template), headers=sent)
            assert answer.status_code in {200, 404}, (template, answer.text[:300])
    for path, status in (("/nowhere", 404), ("/v1/communities/nowhere", 404)):
        assert desk.guild.client.get(path, headers=sent).status_code == status


@pytest.mark.parametrize("years", [-10, 10])
def test_with_a_clock_ten_years_off_calls_are_answered_clearly(guild: Guild, clock: SettableClock, years: int) -> None:
    guild.member("ana")
    achievement, token = guild.achievement(image=data_uri(png())), guild.token("ana")
    offer = guild.offer(achievement)
    badge = guild.badge(achievement, valid_until="2027-01-01T00:00:00Z")
    signed = guild.get(f"/credentials/{badge['id']}.json").content
    clock.forward(days=years * 365)
    report = guild.verdict(signed)
    assert (report["verified"], report["verdict"]) == (False, "expired" if years > 0 else "not_yet_valid")
    answers = [
        guild.post(guild.in_guild("members"), {"handle": "bo", "name": "Bo"}),
        guild.get(guild.in_guild("members"), token=token),
        guild.award(achievement, {"did": "did:example:new"}, consent="given"),
        guild.claim(offer),
        guild.post(f"/v1/credentials/{badge['id']}/revoke", {"reason": "r"}),
    ]
    for answer in answers:
        assert answer.status_code < 500 or answer.json()["type"] == "/problems/clock-wrong", answer.text
    expected = 410 if years > 0 else 200
    assert answers[3].status_code == expected, answers[3].text


def schema_strategy(schema: dict[str, Any], known: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values that a schema allows, near enough."""
    if "$ref" in schema:
        return schema_strategy(known[schema["$ref"].rpartition("/")[2]], known)
    if "anyOf" in schema:
        return st.one_of([schema_strategy(choice, known) for choice in schema["anyOf"]])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    match schema.get("type"):
        case "object" if "properties" in schema:
            required = set(schema.get("required", ()))
            fields = {name: loosely(each, known) for name, each in schema["properties"].items()}
            return st.fixed_dictionaries(
                {name: fields[name] for name in fields if name in required},
                optional={name: fields[name] for name in fields if name not in required},
            )
        case "object":
            return st.dictionaries(st.text(max_size=8), JSON, max_size=4)
        case "array":
            return st.lists(loosely(schema["items"], known), max_size=4)
        case "integer" | "number":
            return st.integers(-5, 400)
        case "boolean":
            return st.booleans()
        case "null":
            return st.none()
    return st.sampled_from(WORDS) | st.text(max_size=12)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
WORDS = [
    "mel", "new", "guild", "n@x.example", "did:key:z6Mk", "https://x.example/?a#b", "ask", "given", "accept", "refuse",
    "2027-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-02-30T00:00:00Z",
    data_uri(png()), "ext:x", "hosting", "Badge", "00000000-0000-4000-8000-000000000000",
    "\u202e", "a\u0301", "{{7*7}}", "<script>", "' OR 1=1",
]  # fmt: skip


def loosely(schema: dict[str, Any], known: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Mostly what the schema allows."""
    return st.integers(0, 9).flatmap(lambda n: JSON if n == 0 else schema_strategy(schema, known))


@given(data=st.data(), seed=st.integers(0, 2**32))
@trying(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_sent_is_done_or_refused_clearly(desk: Desk, data: st.DataObject, seed: int) -> None:
    known, order = desk.described["components"]["schemas"], random.Random(seed)  # noqa: S311
    for route in order.sample(ROUTES, 4):
        method, template = split(route)
        operation = desk.described["paths"][template][method.lower()]
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        body = data.draw(loosely(schema, known))
        before = desk.rows()
        answer = desk.send(method, desk.path(template), json.dumps(body).encode())
        assert answer.status_code < 500, (route, body, answer.text)
        if not answer.is_success:
            assert answer.headers["content-type"] == "application/problem+json"
            assert desk.rows() == before


@given(
    st.binary(max_size=60),
    st.sampled_from(
        [
            "application/json",
            "text/plain",
            "image/png",
            "image/svg+xml",
            "multipart/form-data; boundary=b",
            "application/x-www-form-urlencoded",
            "",
        ]
    ),
)
@trying(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_verified_is_a_report_or_a_refusal(desk: Desk, body: bytes, kind: str) -> None:
    before = desk.rows()
    for path in ("/v1/verify", "/verify"):
        answer = desk.guild.client.post(path, content=body, headers={"Content-Type": kind})
        assert answer.status_code in {200, 400, 413, 415, 422}, answer.text
    assert desk.rows() == before
