"""Texts that say how somebody can be reached or found are warned of; others are not; and no text takes long."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.nominations.linting import LONGEST, lint
from tests.app.nominations.circle import REASON, STATEMENT


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Write to bo@people.example and ask.", "an email address"),
        ("You find her as @bo_makes on most sites.", "a handle"),
        ("Call +44 20 7946 0018 before noon.", "a phone number"),
        ("Her number is (020) 7946-0018.", "a phone number"),
        ("+442079460018", "a phone number"),
        ("He lives at 12 Old Mill Lane, second floor.", "a postal address"),
        ("Sie wohnt in der Lindenstraße 7b.", "a postal address"),
    ],
)
def test_what_says_how_somebody_is_reached_is_warned_of(text: str, what: str) -> None:
    [warning] = lint({"/statement/person": text})
    assert warning.pointer == "/statement/person"
    assert what in warning.message


@pytest.mark.parametrize(
    "text",
    [
        "Twelve evenings from 2025-11-04 to 2026-02-17.",
        "The winters of 2019-2020 and 2020/2021.",
        "Since 4.11.2025, with 9 newcomers and 3 hosts.",
        "Version 1.2.3 fixed 15 bugs; see issue 4211.",
        "About 1 200 people came.",
        "Two at a time, all the way.",
    ],
)
def test_what_only_looks_like_it_is_not(text: str) -> None:
    assert lint({"/reason": text}) == []


def test_an_ordinary_statement_is_not_warned_of() -> None:
    assert lint(STATEMENT | {"reason": REASON}) == []


@given(st.text(max_size=2000))
def test_every_text_can_be_looked_at(text: str) -> None:
    lint({"/x": text})


@pytest.mark.parametrize("piece", ["a@", "1 ", "1 a a a a ", "+1", "(1) ", "@a", "a.a-", "12.12", "a" * 30, "straße 1"])
def test_no_text_takes_long(piece: str) -> None:
    began = time.process_time()
    lint({"/x": (piece * LONGEST)[:LONGEST]})
    assert time.process_time() - began < 0.5
