"""Rules are data, read strictly, and nothing that is in them or in an event does more than look."""

import time
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.sources.asking import made_of
from app.sources.conditions import condition
from app.sources.evaluating import evaluate
from app.sources.events import Told, WouldNot, WouldRecord, within
from app.sources.finding import moment
from app.sources.grammar import Rules
from app.sources.paths import MOST_LOOKS, MOST_VALUES, Looks, Scope, TooMuchInIt, path
from app.sources.receiving import PLATFORMS
from app.sources.shipped import shipped
from app.sources.texts import text

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
EVENT = {
    "a": {"b": [1, 2, {"c": "x"}], "m.d": "y"},
    "ids": [{"type": "login", "id": "ana"}],
    "n": 3,
    "t": True,
    "z": None,
}
SCOPE = Scope(EVENT, {"x-forum": "https://forum.example"}, {"name": "item"})

RULE: dict[str, Any] = {
    "id": "a-rule",
    "discussion": "https://forum.example/t/1",
    "match": {"event": "said"},
    "type": "supporting",
    "credit": {"person": "$.who"},
    "dedupe": "said:{$.id}",
}


def rules(**changes: Any) -> Rules:
    return Rules.model_validate({"rule": [RULE | changes]})


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("$.a.b[0]", [1]),
        ("$.a.b[*]", [1, 2, {"c": "x"}]),
        ("$.a.b[2].c", ["x"]),
        ("$.a['m.d']", ["y"]),
        ("$.a~", ["b", "m.d"]),
        ("$.ids[type=login].id", ["ana"]),
        ("$.ids[type=email].id", []),
        ("@.name", ["item"]),
        ("$.z", []),
        ("$.a.b[9]", []),
        ("headers.x-forum", ["https://forum.example"]),
        ("$.a[*]", [[1, 2, {"c": "x"}], "y"]),
        ("$.n.a", []),
        ("$", [EVENT]),
    ],
)
def test_a_path_leads_to_what_is_there_and_else_nowhere(said: str, found: list[Any]) -> None:
    assert path(said).values(SCOPE) == found


@pytest.mark.parametrize(
    "said",
    [
        "",
        "a.b",
        "$.",
        "$..a",
        "$.a[",
        "$.a[-1]",
        "$.a[99999]",
        "$.a[?(@.b)]",
        "$.a b",
        "$.a;import os",
        "headers",
        "$" + ".a" * 17,
        "$.a~.b",
        "$." + "a" * 300,
        "$['a'b']",
        "$.__class__.__init__()",
        "@@.a",
        "$.a['']",
        "$.é",
    ],
)
def test_what_is_no_path_is_refused(said: str) -> None:
    with pytest.raises(ValueError, match=r"path"):
        path(said)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("x:{$.n}:{@.name}", ["x:3:item"]),
        ("{$.z}", []),
        ("a", ["a"]),
        ("", [""]),
        ("{$.t}", []),
        ("x{$.a.b[*]}", []),
        ("$.ids|id", ["ana"]),
        ("{headers.x-forum}/t", ["https://forum.example/t"]),
        ("$.a.b[*]", ["1", "2"]),
    ],
)
def test_a_text_is_put_together_from_one_of_each(said: str, found: list[str]) -> None:
    assert text(said).values(SCOPE) == found


@pytest.mark.parametrize("said", ["{", "}", "{{$.a}}", "{$.a", "{a}", "{$.a|upper}", "{}", "x" * 301])
def test_what_is_no_text_is_refused(said: str) -> None:
    with pytest.raises(ValueError, match=r"brace|path|known|characters"):
        text(said)


@pytest.mark.parametrize(
    ("said", "holds"),
    [
        ({"eq": ["$.n", 3]}, True),
        ({"eq": ["$.n", "3"]}, False),
        ({"eq": ["$.t", 1]}, False),
        ({"eq": ["$.t", True]}, True),
        ({"eq": ["$.n", 3.0]}, True),
        ({"eq": ["$.no", "$.neither"]}, False),
        ({"ne": ["$.n", 4]}, True),
        ({"ne": ["$.no", 4]}, False),
        ({"ne": ["$.a.b[*]", 1]}, False),
        ({"eq": ["$.a.b[*]", 2]}, True),
        ({"gt": ["$.n", 2]}, True),
        ({"gt": ["$.t", 0]}, False),
        ({"ge": ["$.n", 3]}, True),
        ({"lt": ["$.n", 3]}, False),
        ({"le": ["$.n", 3]}, True),
        ({"in": ["$.n", [1, 3]]}, True),
        ({"exists": "$.a"}, True),
        ({"exists": "$.z"}, False),
        ({"not": {"exists": "$.z"}}, True),
        ({"at_least": ["$.a~", 2]}, True),
        ({"at_least": ["$.a.b[*]", 3]}, False),
        ({"matches": ["@.name", "it*"]}, True),
        ({"matches": ["@.name", "IT*"]}, False),
        ({"any": [{"exists": "$.z"}, {"exists": "$.n"}]}, True),
        ({"all": [{"exists": "$.z"}, {"exists": "$.n"}]}, False),
    ],
)
def test_a_condition_holds_or_not(said: dict[str, Any], holds: bool) -> None:
    assert condition(said).holds(SCOPE) is holds


DEEP: dict[str, Any] = {"exists": "$.a"}
for _ in range(7):
    DEEP = {"not": DEEP}


@pytest.mark.parametrize(
    "said",
    [
        None,
        [],
        {},
        1,
        "x",
        {"eq": []},
        {"eq": ["$.a"]},
        {"eq": ["$.a", None]},
        {"eq": ["$.a", []]},
        {"eval": "1"},
        {"any": []},
        {"eq": ["$.a", 1], "ne": ["$.a", 2]},
        {"matches": ["$.a", ""]},
        {"matches": ["$.a", "*" * 201]},
        {"in": ["$.a", []]},
        {"at_least": ["$.a", 0]},
        {"at_least": ["$.a", True]},
        {"exists": 1},
        {"not": []},
        {"any": {}},
        DEEP,
        {"all": [{"exists": "$.a"}] * 64},
        {"matches": ["$.a", 1]},
    ],
)
def test_what_is_no_condition_is_refused(said: Any) -> None:
    with pytest.raises(ValueError, match=r".+"):
        condition(said)


@pytest.mark.parametrize(
    "changes",
    [
        {"discussion": None},
        {"discussion": "ask me"},
        {"match": {}},
        {"match": {"event": []}},
        {"match": {"event": "*" * 201}},
        {"credit": []},
        {"credit": {}},
        {"credit": [{"person": "$.a"}] * 9},
        {"credit": {"role": "author"}},
        {"dedupe": None},
        {"dedupe": 1},
        {"id": "An Id"},
        {"eval": "1"},
        {"not_if": {"eq": ["$.a", 1]}},
        {"when": [{"exists": "$.a"}] * 21},
        {"undo_on": {"dedupe": "x"}},
        {"each": "list"},
        {"credit": {"person": ["$.a"] * 6}},
        {"credit": {"person": "$.a", "part": "in"}},
    ],
)
def test_what_is_no_rule_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        rules(**changes)


def test_a_rule_has_an_id_of_its_own() -> None:
    with pytest.raises(ValidationError, match="two rules have one id"):
        Rules.model_validate({"rule": [RULE, RULE]})


def test_no_rule_matches_everything() -> None:
    found = evaluate(rules(match={"event": "*"}), Told(("said",), {"who": "ana", "id": 1}), at=NOW)
    assert found == []


def test_one_deed_is_told_once_by_an_event_and_named_once_by_each_key() -> None:
    told = Told(("said",), {"items": [{"id": 1}] * 3 + [{"id": 2}], "who": "ana"})
    found = evaluate(rules(each="$.items[*]", dedupe="{@.id}"), told, at=NOW)
    assert [one.dedupe for one in found if isinstance(one, WouldRecord)] == ["1", "2"]


def test_people_named_twice_are_one_and_nobody_did_it_for_themself() -> None:
    both = [{"person": "$.who[*]"}, {"person": "$.whom", "part": "for", "needed": False}]
    [found] = evaluate(rules(credit=both), Told(("said",), {"who": ["ana", "ana", "bo"], "id": 1}), at=NOW)
    assert isinstance(found, WouldRecord)
    assert [party.known[0].account for party in found.parties] == ["ana", "bo"]
    [why] = evaluate(rules(credit=both), Told(("said",), {"who": ["ana", "bo"], "whom": "bo", "id": 1}), at=NOW)
    assert why == WouldNot("a-rule", "it was done for whoever did it")


def test_an_event_with_more_in_it_than_a_rule_looks_at_is_refused_and_not_cut_off() -> None:
    told = Told(("said",), {"items": [{"id": number} for number in range(MOST_VALUES + 1)], "who": "ana"})
    with pytest.raises(TooMuchInIt):
        evaluate(rules(each="$.items[*]", dedupe="{@.id}"), told, at=NOW)
    with pytest.raises(TooMuchInIt):
        condition({"eq": ["$.items[*].id", "$.items[*].no"]}).holds(Scope({"items": [{"id": 1, "no": 2}] * 1_500}, {}))


ITEMS = [{"x": number} for number in range(2_500)]


@pytest.mark.parametrize(
    ("changes", "more"),
    [
        ({"each": "$.items[*]", "not_if": [{"eq": ["$.a[*]", "$.b[*]"]}]}, {"a": ["a"] * 300, "b": ["b"] * 300}),
        ({"each": "$.items[*]", "not_if": [{"exists": "$.items[x=no]"}]}, {}),
        ({"each": "$.items[*]", "not_if": [{"at_least": ["$.items[*].x", 2_501]}]}, {}),
        ({"each": "$.items[*]", "dedupe": "{@.x}:{$.long}"}, {"long": "a" * 2_000_000}),
        ({"each": "$.items[*]", "not_if": [{"matches": ["$.a[*]", "*" + "b*" * 99]}]}, {"a": ["ab" * 1_000] * 2_000}),
    ],
)
def test_all_rules_together_look_only_so_often_at_what_is_in_a_delivery(changes: Any, more: dict[str, Any]) -> None:
    told = Told(("said",), {"who": "ana", "id": 1, "items": ITEMS} | more)
    begun = time.perf_counter()
    with pytest.raises(TooMuchInIt, match="All that"):
        evaluate(rules(**changes), told, at=NOW)
    assert time.perf_counter() - begun < 10


def test_events_that_come_together_share_how_often_is_looked() -> None:
    event = Told(("said",), {"who": "ana", "items": ITEMS})
    each = rules(each="$.items[*]", dedupe="{@.x}")
    looks = Looks()
    assert len(made_of(False, each, [event], at=NOW, looks=looks)) == 2_500
    many = [event] * (2 + MOST_LOOKS // (MOST_LOOKS - looks.left))
    with pytest.raises(TooMuchInIt):
        made_of(False, each, many, at=NOW)


def test_a_hostile_pattern_takes_no_time() -> None:
    began = time.perf_counter()
    scope = Scope({"a": "a" * 100_000 + "b"}, {})
    assert not condition({"matches": ["$.a", "*a" * 90 + "c"]}).holds(scope)
    assert time.perf_counter() - began < 1


def test_a_key_that_is_too_long_is_known_by_its_digest() -> None:
    assert within("x" * 200) == "x" * 200
    assert len(within("x" * 201)) == len("sha256:") + 64
    assert within("x" * 201) != within("x" * 202)


@pytest.mark.parametrize(
    ("said", "when"),
    [
        ("2026-01-05T10:00:00.000Z", datetime(2026, 1, 5, 10, tzinfo=UTC)),
        ("2026-01-05", datetime(2026, 1, 5, tzinfo=UTC)),
        ("20260105", datetime(2026, 1, 5, tzinfo=UTC)),
        ("2026-01-05T10:00:00-04:00", datetime(2026, 1, 5, 14, tzinfo=UTC)),
        (0, datetime(1970, 1, 1, tzinfo=UTC)),
        ("1477958240.864741", datetime(2016, 10, 31, 23, 57, 20, 864741, tzinfo=UTC)),
        (1432735824653, datetime(2015, 5, 27, 14, 10, 24, 653000, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read_as_platforms_write_it(said: Any, when: datetime) -> None:
    assert moment(said) == when


@pytest.mark.parametrize(
    "said",
    [
        "yesterday",
        "",
        True,
        None,
        [],
        {},
        "1e400",
        1e300,
        "nan",
        "-inf",
        "9999999999999999999",
        "2026",
        "1_000_000_000",
    ],
)
def test_what_is_no_moment_is_refused(said: Any) -> None:
    with pytest.raises((ValueError, OverflowError)):
        moment(said)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


@given(JSON)
def test_whatever_is_given_as_rules_is_refused_or_taken(data: Any) -> None:
    for given_ in (
        data,
        {"rule": data},
        {"rule": [data]},
        {"rule": [RULE | {"not_if": [data]}]},
        {"gathering": [data]},
    ):
        try:
            Rules.model_validate(given_)
        except ValidationError:
            continue


ALL = [shipped(platform.shipped) for platform in PLATFORMS.values()]
NAMES = sorted({name for of in ALL for one in of.rule for name in one.match.event} | {"m.room.message"})
MEMBERS = st.sampled_from(
    ["id", "type", "user", "event", "post", "like", "data", "object", "actor", "login", "username"]
)
BODIES = st.recursive(
    JSON, lambda inner: st.dictionaries(MEMBERS, inner, max_size=6) | st.lists(inner, max_size=3), max_leaves=12
)


@given(BODIES, st.sampled_from(NAMES), st.sampled_from([None, "answered", "closed", "submitted", "opened", "Posted"]))
def test_whatever_a_platform_tells_the_rules_say_what_they_make_of_it(body: Any, name: str, action: str | None) -> None:
    for platform in PLATFORMS.values():
        found = evaluate(shipped(platform.shipped), Told((name,), body, action), at=NOW)
        assert found == evaluate(shipped(platform.shipped), Told((name,), body, action), at=NOW)
        for one in found:
            assert not isinstance(one, WouldRecord) or (one.parties and one.dedupe)


@given(
    BODIES, st.dictionaries(st.sampled_from(["x-github-event", "x-discourse-event", "ce-type"]), st.text(max_size=9))
)
def test_whatever_a_platform_sends_it_is_taken_apart(body: Any, headers: dict[str, str]) -> None:
    for platform in PLATFORMS.values():
        for told in platform.events(headers, body, NOW):
            assert told.names
        platform.taken(body, "d")
