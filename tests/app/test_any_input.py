"""Whatever is sent is done or refused clearly: bodies made from what the API says of itself, on both databases."""

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st

from tests.app.achievements.pictures import data_uri, png
from tests.app.conftest import community
from tests.app.desk import ROUTES, Desk, furnished, split, valid
from tests.app.guild import Guild
from tests.service import Servers


@pytest.fixture(scope="module")
def desk(standing: Guild) -> Desk:
    return furnished(standing)


@pytest.fixture(scope="module")
def desk_on_postgresql(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with community("postgresql", servers, tmp_path_factory.mktemp("desk")) as guild:
        yield furnished(guild)


def schema_strategy(schema: dict[str, Any], known: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values that a schema allows, near enough."""
    if "$ref" in schema:
        return schema_strategy(known[schema["$ref"].rpartition("/")[2]], known)
    if choices := schema.get("anyOf") or schema.get("oneOf"):
        return st.one_of([schema_strategy(choice, known) for choice in choices])
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


def bodies(desk: Desk, route: str, new: str) -> st.SearchStrategy[Any]:
    """A body that the route takes, with some of its fields otherwise; or anything at all."""
    method, template = split(route)
    operation = desk.described["paths"][template][method.lower()]
    known = desk.described["components"]["schemas"]
    body = operation["requestBody"]["content"]["application/json"]["schema"]
    schema = known[(body.get("anyOf") or body.get("oneOf") or [body])[0]["$ref"].rpartition("/")[2]]
    fields = {name: loosely(each, known) for name, each in schema["properties"].items()}
    changed = st.sets(st.sampled_from(sorted(fields)), max_size=3).flatmap(
        lambda names: st.fixed_dictionaries({name: fields[name] for name in sorted(names)})
    )
    right = valid(desk.ids["a"], new)[route]
    return st.integers(0, 9).flatmap(lambda n: JSON if n == 0 else changed.map(lambda changes: right | changes))


def whatever(desk: Desk, data: st.DataObject, seed: int) -> None:
    """Sends something to some routes."""
    for route in random.Random(seed).sample(ROUTES, 4):  # noqa: S311
        method, template = split(route)
        body = data.draw(bodies(desk, route, f"n{seed}"))
        before = desk.rows()
        answer = desk.send(method, desk.path(template), json.dumps(body).encode())
        assert answer.status_code < 500, (route, body, answer.text)
        if not answer.is_success:
            assert answer.headers["content-type"] == "application/problem+json"
            assert desk.rows() == before


@given(data=st.data(), seed=st.integers(0, 2**32))
@trying(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_sent_is_done_or_refused_clearly(desk: Desk, data: st.DataObject, seed: int) -> None:
    whatever(desk, data, seed)


@given(data=st.data(), seed=st.integers(0, 2**32))
@trying(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_so_is_whatever_is_sent_to_postgresql(desk_on_postgresql: Desk, data: st.DataObject, seed: int) -> None:
    whatever(desk_on_postgresql, data, seed)


KINDS = ["application/json", "text/plain", "image/png", "image/svg+xml", "", "multipart/form-data; boundary=b",
         "multipart/form-data", "application/x-www-form-urlencoded"]  # fmt: skip


@given(st.binary(max_size=60), st.sampled_from(KINDS))
@trying(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_verified_is_a_report_or_a_refusal(desk: Desk, body: bytes, kind: str) -> None:
    before = desk.rows()
    for path in ("/v1/verify", "/v1/verify/batch", "/verify"):
        answer = desk.guild.client.post(path, content=body, headers={"Content-Type": kind})
        assert answer.status_code in {200, 400, 413, 415, 422}, answer.text
    assert desk.rows() == before
