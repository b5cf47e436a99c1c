import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.documents import (
    BADGE_LIMITS,
    Limits,
    as_list,
    for_wallets,
    id_of,
    in_units,
    instant,
    parse,
    parse_object,
    pointer_to,
    serialize,
    timestamp,
    types,
    values_in,
    walk,
)
from badges.errors import NotConformant, TooLarge, Unreadable

TEXT = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=20)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda children: st.lists(children, max_size=4) | st.dictionaries(TEXT, children, max_size=4),
    max_leaves=20,
)
OBJECT = st.dictionaries(TEXT, JSON, max_size=4)


@given(JSON)
def test_values_are_counted_wherever_they_stand(value: Any) -> None:
    assert values_in(value) == sum(1 for _ in walk(value))


@given(OBJECT)
def test_what_is_written_is_read_back(document: dict[str, Any]) -> None:
    assert parse(serialize(document)) == document


@given(JSON)
def test_json_of_other_writers_is_read(value: Any) -> None:
    assert parse(json.dumps(value)) == value
    assert parse(json.dumps(value, ensure_ascii=False, indent=2).encode()) == value


@given(st.binary() | st.text())
def test_anything_is_read_or_refused(data: bytes | str) -> None:
    with suppress(Unreadable):
        parse(data)


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1, "a": 2}',
        '{"a": 1, "\\u0061": 1}',
        '[{"b": {"a": 1, "a": 1}}]',
        "NaN",
        "[Infinity]",
        "-Infinity",
        "9007199254740992",
        "-9007199254740992",
        "1" * 5000,
        "1e999",
        "0." + "1" * 100,
        '"\\u0000"',
        '{"\\u0000": 1}',
        '"\\ud800"',
        '"\\udc00\\ud800"',
        "",
        "{",
        "{} {}",
        "\ufeff{}",
        "'a'",
    ],
    ids=lambda text: text[:20],
)
def test_what_readers_disagree_about_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        parse(text)


@pytest.mark.parametrize("data", [b"\xff", b'"\xc3"', b'"\xed\xa0\x80"', b"{}\x00", '"\ud800"'])
def test_bytes_that_are_not_utf_8_are_refused(data: bytes | str) -> None:
    with pytest.raises(Unreadable):
        parse(data)


@pytest.mark.parametrize("number", [2**53 - 1, -(2**53) + 1, 0, 1.5, 1e300])
def test_numbers_that_all_readers_agree_on_are_read(number: float) -> None:
    assert parse(json.dumps(number)) == number


def test_a_pair_of_surrogates_is_one_character() -> None:
    assert parse('"\\ud83c\\udfc5"') == "🏅"


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "[" * 66 + "]" * 66,
        '{"a":' * 66 + "1" + "}" * 66,
        "[" + "0," * 50_000 + "0]",
        '"' + "a" * 2**20 + '"',
    ],
    ids=["open", "deep", "deep-objects", "wide", "long"],
)
def test_documents_past_the_limits_are_refused(text: str) -> None:
    with pytest.raises(TooLarge):
        parse(text)


def test_documents_at_the_limits_are_read() -> None:
    limits = Limits(bytes=8, depth=3, values=4)
    assert parse("[[[[]]]]", limits=limits) == [[[[]]]]
    with pytest.raises(TooLarge):
        parse("[[[[1]]]]", limits=limits)
    with pytest.raises(TooLarge):
        parse("[1,2,3]", limits=Limits(values=3))
    assert parse("[1,2]", limits=Limits(values=3)) == [1, 2]


@pytest.mark.parametrize("text", ["[]", '"a"', "1", "null"])
def test_a_document_is_an_object(text: str) -> None:
    with pytest.raises(Unreadable, match="not an object"):
        parse_object(text)


@given(OBJECT)
def test_braces_in_written_text_are_those_of_objects(document: dict[str, Any]) -> None:
    objects = sum(isinstance(node, dict) for _, node in walk(document))
    assert serialize(document).count("{") == objects == serialize(document).count("}")


@given(OBJECT)
def test_escaping_braces_leaves_the_value_as_it_was(document: dict[str, Any]) -> None:
    text = json.dumps(document, ensure_ascii=False)
    assert parse(for_wallets(text)) == document


@pytest.mark.parametrize(
    "text",
    ["{", "}", "{}", "}{", ":{", '{"a', '{"a":{', '"}', '"},{"a":"', '\\"{', "é}", "]]>{"],
)
def test_no_text_passes_for_an_object(text: str) -> None:
    for document in ({"a": text, "b": "}"}, {"a": [text, {}]}, {text: {"b": text}}):
        objects = sum(isinstance(node, dict) for _, node in walk(document))
        found = serialize(document)
        assert found.count("{") == objects == found.count("}")
        assert found.isascii()
        assert parse(found) == document


def test_a_brace_after_an_escaped_quote_is_still_inside_the_string() -> None:
    assert for_wallets(r'{"a": "\"}\\"}') == r'{"a": "\"\u007d\\"}'


@pytest.mark.parametrize(("value", "listed"), [(None, []), ([], []), ("a", ["a"]), ({"b": 1}, [{"b": 1}]), ([1], [1])])
def test_one_value_may_stand_alone(value: Any, listed: list[Any]) -> None:
    assert as_list(value) == listed


@pytest.mark.parametrize(
    ("node", "found"), [({"type": "A"}, ["A"]), ({"type": ["A", 5, "B"]}, ["A", "B"]), ({}, []), ("A", [])]
)
def test_types_are_a_list_of_strings(node: Any, found: list[str]) -> None:
    assert types(node) == found


@pytest.mark.parametrize(
    ("node", "found"), [("urn:x", "urn:x"), ({"id": "urn:x"}, "urn:x"), ({"id": 5}, None), ({}, None), (5, None)]
)
def test_an_id_stands_alone_or_in_an_object(node: Any, found: str | None) -> None:
    assert id_of(node) == found


def test_walking_names_every_value_by_its_pointer_parents_first() -> None:
    document = {"a": [1, {"b/c": 2}], "~": None}
    assert list(walk(document)) == [
        ("", document),
        ("/a", [1, {"b/c": 2}]),
        ("/a/0", 1),
        ("/a/1", {"b/c": 2}),
        ("/a/1/b~1c", 2),
        ("/~0", None),
    ]


def test_a_pointer_is_the_steps_from_the_root() -> None:
    assert pointer_to() == ""
    assert pointer_to("a/b", 0, "~1") == "/a~1b/0/~01"


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("2026-11-21T09:00:00Z", datetime(2026, 11, 21, 9, tzinfo=UTC)),
        ("2026-11-21T09:00:00.5Z", datetime(2026, 11, 21, 9, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-11-21T09:00:00.123456789Z", datetime(2026, 11, 21, 9, 0, 0, 123_456, tzinfo=UTC)),
        ("2026-11-21T10:30:00+01:30", datetime(2026, 11, 21, 9, tzinfo=UTC)),
        ("2026-11-20T23:00:00-10:00", datetime(2026, 11, 21, 9, tzinfo=UTC)),
    ],
)
def test_an_instant_is_read_in_any_zone(text: str, when: datetime) -> None:
    assert instant(text) == when


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-21",
        "2026-11-21T09:00:00",
        "2026-11-21 09:00:00Z",
        "2026-11-21T09:00Z",
        "2026-11-21t09:00:00z",
        "2026-13-21T09:00:00Z",
        "2026-11-21T09:00:60Z",
        "2026-11-21T09:00:00+25:00",
        "2026-11-21T09:00:00Z\n",
        "2026-11-21T09:00:00.٣Z",
        "٢٠٢٦-11-21T09:00:00Z",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
        1_763_715_600,
        None,
    ],
)
def test_what_names_no_instant_is_refused_with_its_place(text: Any) -> None:
    with pytest.raises(NotConformant) as refusal:
        instant(text, pointer="/validFrom")
    assert refusal.value.pointer == "/validFrom"


@given(st.text() | st.from_regex(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"))
def test_any_text_names_an_instant_or_is_refused(text: str) -> None:
    with suppress(NotConformant):
        assert instant(text).utcoffset() == timedelta(0)


@given(st.datetimes(timezones=st.just(UTC)))
def test_instants_are_written_in_whole_seconds_and_read_back(when: datetime) -> None:
    assert instant(timestamp(when)) == when.replace(microsecond=0)


def test_an_instant_is_written_in_utc() -> None:
    assert timestamp(datetime(2026, 11, 21, 10, 0, 59, 999_999, timezone(timedelta(hours=1)))) == "2026-11-21T09:00:59Z"
    assert timestamp(datetime(1, 2, 3, tzinfo=UTC)) == "0001-02-03T00:00:00Z"


def test_an_instant_without_a_zone_is_not_guessed() -> None:
    with pytest.raises(ValueError, match="time zone"):
        timestamp(datetime(2026, 11, 21, 9, 0))  # noqa: DTZ001


def test_what_is_to_be_judged_has_values_in_proportion_to_its_length() -> None:
    few = json.dumps({"a": [0] * 4_900})
    assert parse(few, limits=BADGE_LIMITS)
    many = json.dumps({"a": [0] * 5_100})
    assert parse(many)
    with pytest.raises(TooLarge, match="5000 values"):
        parse(many, limits=BADGE_LIMITS)
    assert parse(json.dumps({"a": ["x" * 20] * 10_000}), limits=BADGE_LIMITS)


@pytest.mark.parametrize(
    ("count", "told"),
    [(0, "0 bytes"), (1023, "1023 bytes"), (1024, "1 KiB"), (262_144, "256 KiB"), (1_048_576, "1 MiB"),
     (1_048_577, "1.1 MiB"), (3_145_728, "3 MiB"), (1_201_111, "1.2 MiB")],
)  # fmt: skip
def test_sizes_are_told_as_people_say_them(count: int, told: str) -> None:
    assert in_units(count) == told


def test_what_is_to_be_judged_has_objects_in_proportion_to_its_length() -> None:
    few = json.dumps({"a": [{}] * 1_400})
    assert parse(few, limits=BADGE_LIMITS)
    many = json.dumps({"a": [{}] * 1_600})
    assert parse(many)
    with pytest.raises(TooLarge, match="1500 objects"):
        parse(many, limits=BADGE_LIMITS)
    assert parse(json.dumps({"a": [{"b": "x" * 120}] * 5_000}), limits=BADGE_LIMITS)
