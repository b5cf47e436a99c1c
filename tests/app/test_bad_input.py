"""Whatever a stranger sends is refused clearly, or done; it is never a failure of ours, and a refusal changes nothing.

Malformed calls go through the door to every real route, as the admin, so that nothing is refused for permission first.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.routing import compile_path

from tests.app.achievements.pictures import data_uri, png
from tests.app.desk import (
    BODY_MAY_BE_LEFT_OUT,
    EVERYTHING_HAS_A_DEFAULT,
    ROUTES,
    Desk,
    furnished,
    operations,
    split,
    valid,
)
from tests.app.guild import Guild, done
from tests.service import ADMIN_TOKEN
from tests.stand_ins import SettableClock

MIB = 1024 * 1024


@pytest.fixture(scope="module")
def desk(standing: Guild) -> Desk:
    return furnished(standing)


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
        if (method == "PATCH" or route in EVERYTHING_HAS_A_DEFAULT) and b"{}" in body and b"[" not in body:
            continue  # nothing is to change
        if route in BODY_MAY_BE_LEFT_OUT and body.strip() in {b"", b"null", b"{}"}:
            continue
        answer = desk.refused(method, desk.path(template), body, {422})
        assert answer.json()["type"] == "/problems/invalid"


def in_parts(size: int) -> Iterator[bytes]:
    for _ in range(0, size, 65_536):
        yield b" " * 65_536


@pytest.mark.parametrize("route", ROUTES)
def test_a_body_beyond_the_limit_is_refused_whether_or_not_it_says_its_size(desk: Desk, route: str) -> None:
    method, template = split(route)
    limit = 4 * MIB if "achievements" in route or route.endswith(("/proposals", "/{p}")) else MIB
    limit = 8 * MIB if route.endswith("/contributions") else limit
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
    for template in known:
        path = desk.path(template)
        methods = set().union(*(of for other, of in known.items() if compile_path(other)[0].match(path)))
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"} - methods:
            answer = desk.refused(method, path, b"", {405})
            assert answer.json()["type"] == "/problems/method-not-allowed"
            heads = {"HEAD"} if "GET" in methods else set()
            assert set(answer.headers["allow"].split(", ")) == methods | heads


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
            path = desk.path(template.replace(f"{{{name}}}", ODD_IDS[odd])) + NEEDED.get(f"{method} {template}", "")
            body = bodies.get(f"{method} {template}")
            content = b"" if body is None else json.dumps(body).encode()
            for_people = template.startswith(("/v1/me/", "/v1/members/")) or template.endswith(
                ("{question}/answer", "{objection}/answer", "{wave_id}/slip", "{effort_id}")
            )
            in_person = {403} if for_people else set()  # the admin's token is nobody's
            answer = desk.refused(method, path, content, {400, 404, 405} | in_person)
            assert "x-evil" not in answer.headers
            tried += 1
    assert tried > 40


NEEDED = dict.fromkeys(
    ("DELETE /v1/communities/{c}/members/{m}/data", "DELETE /v1/data-requests/{letter}"), "?confirm=x&credentials=keep"
) | dict.fromkeys(
    ("GET /v1/communities/{c}/members/{m}/metrics", "GET /v1/communities/{c}/metrics/notes/{prompt_id}"),
    "?purpose=planning",
)

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
            theirs = "/portfolio/" in template or template.endswith(
                ("/me/emails", "/me/identities", "/me/tokens", "/effort")
            )
            in_person = {403} if theirs else set()  # the admin's token is nobody's
            in_person |= {403} if template.endswith("/metrics/notes") else set()  # no purpose is stated
            desk.refused(method, f"{desk.path(template)}?{query}", b"", {400, 422} | in_person)


def test_any_number_asks_for_a_page(desk: Desk) -> None:
    for limit in ("0", "-1", "-99999999999999999999", "201", "99999999999999999999", "+1", "007"):
        page = done(desk.send("GET", f"/v1/communities?limit={limit}", b""), 200)
        assert page["next"] is None


ACCEPTS = [
    "", "*", "*/*", "text/html;q=nan", "text/html;q=inf", "text/html;q=-1", "text/html;q=", "text/html; q=1e400",
    ";;;,,,=", "x" * 8000, "a/b," * 2000, "\xff/\xfe", '"', "%00", "image/avif", "text/html;level=1;q=0.9, */*;q=0.1",
]  # fmt: skip


@pytest.mark.parametrize("accept", ACCEPTS)
def test_an_odd_accept_header_gets_an_answer(desk: Desk, accept: str) -> None:
    sent = {b"Accept": accept.encode("latin-1"), b"Authorization": f"Bearer {ADMIN_TOKEN}".encode()}
    for method, template, _ in operations(desk):
        if method == "GET" and template != "/v1/claims/{secret}":
            answer = desk.guild.client.get(desk.path(template), headers=sent)
            not_yet = {409} if template.endswith(("{wave_id}/results", "{wave_id}/comparison")) else set()  # it is open
            assert answer.status_code in {200, 403, 404} | not_yet, (template, answer.text[:300])
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
