"""Taking a JSON text apart, whatever its parts are."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit import pieces
from app.kit.pieces import members


def elements(text: bytes) -> list[bytes] | None:
    return pieces.elements(text, most=1000)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.lists(VALUES), st.sampled_from([None, 2]), st.booleans())
def test_the_elements_of_any_array_are_found_as_they_were(values: list[object], indent: int, as_ascii: bool) -> None:
    found = elements(json.dumps(values, indent=indent, ensure_ascii=as_ascii).encode("utf-8", "surrogatepass"))
    assert found is not None
    assert [json.loads(each) for each in found] == values


@given(st.dictionaries(st.from_regex(r"[a-zA-Z_@#$ /.~-]{0,40}", fullmatch=True), VALUES, max_size=10))
def test_the_members_of_an_object_are_found_as_they_were(document: dict[str, object]) -> None:
    found = members(json.dumps(document).encode())
    assert found is not None
    assert {name: json.loads(text) for name, text in found.items()} == document


@given(st.binary() | st.text(alphabet='[]{},:"\\ a').map(str.encode))
def test_any_bytes_can_be_taken_apart_or_not(text: bytes) -> None:
    elements(text)
    members(text)


def test_parts_that_cannot_be_read_are_parts() -> None:
    assert elements(b'[{"a": 1, "a": 2}, NaN, "\xff", tru, {"x": "]"}]') == [
        *(b'{"a": 1, "a": 2}', b"NaN", b'"\xff"', b"tru", b'{"x": "]"}')
    ]
    deep = b"[" * 50_000 + b"]" * 50_000
    assert elements(b"[1," + deep + b"]") == [b"1", deep]


def test_of_too_many_parts_no_more_are_kept_than_show_it() -> None:
    many = b"[" + b"1," * 1_000_000 + b"1]"
    assert pieces.elements(many, most=200) == [b"1"] * 201
    assert members(b"{" + b",".join(b'"%c": 1' % letter for letter in b"abcdefghijk") + b"}") is None


@pytest.mark.parametrize("text", [b"", b"1", b"{}", b"[", b"]", b"[1][2]", b"[]]", b"[[]", b'["]', b'["\\"]'])
def test_what_is_no_array_has_no_elements(text: bytes) -> None:
    assert elements(text) is None


@pytest.mark.parametrize(
    "text", [b"", b"[]", b'{"a": 1, "a": 2}', b'{"\\u0061": 1}', b"{a: 1}", b'{"a"}', b'{"a": 1,}']
)
def test_what_is_no_plain_object_has_no_members(text: bytes) -> None:
    assert members(text) is None


@pytest.mark.parametrize("text", [b"[" * 2_000_000, b'["' + b'\\"' * 1_000_000, b'"' * 2_000_000, b"[]," * 600_000])
def test_a_hostile_text_takes_no_longer_than_its_length_asks(text: bytes) -> None:
    began = time.process_time()
    elements(text + b"]")
    assert time.process_time() - began < 2
