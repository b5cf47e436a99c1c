"""From refusals to answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges import Outcome
from badges.checks.questions import Question, brief, named, quoted
from badges.errors import BadgeError, BadSignature, NoSuchKey, TooLarge, UnknownContext, Unreachable, UnsupportedProof

ASKED = Question("proof", "a section")


@pytest.mark.parametrize(
    ("refusal", "outcome", "code"),
    [
        (Unreachable("x"), Outcome.unknown, "issuer-unreachable"),
        (NoSuchKey("x"), Outcome.unknown, "no-such-key"),
        (UnsupportedProof("x"), Outcome.unknown, "unsupported-proof"),
        (UnknownContext("x"), Outcome.unknown, "unknown-context"),
        (TooLarge("x"), Outcome.unknown, "too-large"),
        (BadSignature("x"), Outcome.failed, "bad-signature"),
    ],
)
def test_what_could_not_be_checked_is_neither_passed_nor_failed(
    refusal: BadgeError, outcome: Outcome, code: str
) -> None:
    check = ASKED.refused(refusal, whose="issuer")
    assert (check.outcome, check.code, check.detail, check.spec) == (outcome, code, "x", "a section")


@given(st.text())
def test_a_strangers_text_stays_on_its_line_and_short(text: str) -> None:
    assert len(brief(text)) <= 80
    assert len(brief(text).splitlines()) <= 1


@given(st.text())
def test_quoted_a_strangers_text_ends_where_the_quotation_ends(text: str) -> None:
    told = quoted(text)
    assert (told[0], told[-1]) == ("“", "”")
    assert not set('“”"«»') & set(told[1:-1])


@pytest.mark.parametrize("hidden", ["\u202e", "\u2066", "\u200b", "\ufeff", "\u200f", "\u00ad"])
def test_what_turns_or_hides_the_words_around_it_is_left_out(hidden: str) -> None:
    assert brief(f"revoked{hidden}by") == "revokedby"


@pytest.mark.parametrize("id", ["did:example:bo", "urn:uuid:1", "https://far.example/a?b=c#d", "ada@example.org"])
def test_an_identifier_is_said_as_it_is(id: str) -> None:
    assert named(id) == id


@pytest.mark.parametrize(
    "id",
    ["", "urn:x by Harvard", "urn:x\u2800by\u3164Harvard", "urn:x”(harvard.edu)“", "urn:x'", "https://far.example/é"],
)
def test_what_looks_like_no_identifier_is_quoted(id: str) -> None:
    assert named(id) == quoted(id)
    assert not set("\u2800\u3164") & set(quoted(id))
