"""What requests are made of."""

import unicodedata
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Strict, TypeAdapter, ValidationError

from app.kit.schemas import Id, In, Instant, Line, Name, Out, Slug, Stays, Text


class Kind(StrEnum):
    thanks = "thanks"


class Letter(In):
    kind: Annotated[Kind, Strict(False)]
    at: Instant
    id: Id


def takes(kind: Any, value: object) -> bool:
    try:
        TypeAdapter(kind).validate_python(value)
    except ValidationError:
        return False
    return True


def test_json_has_strings_for_dates_ids_and_choices() -> None:
    letter = Letter.model_validate({"kind": "thanks", "at": "2026-11-21T10:00:00.5+01:00", "id": str(UUID(int=1))})
    assert letter == Letter(kind=Kind.thanks, at=datetime(2026, 11, 21, 9, 0, 0, 500_000, UTC), id=UUID(int=1))


@pytest.mark.parametrize(
    "when", ["2026-11-21", "2026-11-21T10:00:00", "now", "1", "9999-12-31T23:59:59-01:00", 5, None]
)
def test_a_moment_has_a_date_a_time_and_a_zone(when: object) -> None:
    assert not takes(Instant, when)


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_moment_is_read_as_it_was_written(when: datetime) -> None:
    class Letter(Out):
        at: datetime

    written = Letter(at=when).model_dump(mode="json")["at"]
    assert written.endswith("Z")
    assert TypeAdapter(Instant).validate_python(written) == when


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "a\nb",
        "a\tb",
        "a\u2028b",
        "a\u202eb",
        "a\u2066b",
        "a\u200fb",
        "a\x00b",
        "a\x1bb",
        "a\x85b",
        "a\ufffeb",
        "a\uffffb",
        "x" * 201,
        "\ufb2c" * 100,
        5,
    ],
)
def test_a_name_is_one_line_that_reads_as_it_looks(name: object) -> None:
    assert not takes(Name, name)


@pytest.mark.parametrize("name", ["Ada", "Ἀδα", "عائشة", "李", "👩‍🔬", "O’Neil", "Zoë {x} <b>", "x" * 200])
def test_people_are_called_what_they_are_called(name: str) -> None:
    assert TypeAdapter(Name).validate_python(f"  {name} ") == unicodedata.normalize("NFC", name)


def test_two_spellings_of_a_letter_are_one() -> None:
    assert TypeAdapter(Line).validate_python("Zoe\u0308") == "Zo\u00eb"


def test_prose_has_lines() -> None:
    assert TypeAdapter(Text).validate_python(" a\n\tb\r\n") == "a\n\tb"
    assert not takes(Text, "x" * 10_001)
    assert not takes(Text, "a\u202eb")


@pytest.mark.parametrize(("slug", "fits"), [
    ("a", True), ("data-guild", True), ("a1", True), ("a" * 63, True), ("a" * 64, False), ("", False), ("-a", False),
    ("a-", False), ("A", False), ("a_b", False), ("a/b", False), ("é", False), ("a\n", False),
])  # fmt: skip
def test_a_slug_fits_into_an_address(slug: str, fits: bool) -> None:
    assert takes(Slug, slug) is fits


def test_what_stays_may_be_left_out_but_not_be_null() -> None:
    class Change(In):
        name: Annotated[Name | None, Stays] = None
        nickname: Name | None = None

    assert Change.model_validate({}).model_fields_set == set()
    assert Change.model_validate({"nickname": None}).model_fields_set == {"nickname"}
    with pytest.raises(ValidationError, match="cannot be taken away") as refused:
        Change.model_validate({"name": None})
    assert [error["loc"] for error in refused.value.errors()] == [("name",)]


def test_an_answer_is_filled_from_a_row() -> None:
    class Row:
        at = datetime(2026, 11, 21, 9, tzinfo=UTC) + timedelta(0)

    class Letter(Out):
        at: datetime

    assert Letter.model_validate(Row()).model_dump_json() == '{"at":"2026-11-21T09:00:00Z"}'
