"""What can be asked, when, and what may be quoted: decided over plain values."""

from datetime import date
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.surveys.frames import Frame, shipped
from app.surveys.rules import (
    Days,
    Instrument,
    Question,
    advice,
    anniversary,
    flaws,
    flaws_of_days,
    item_id,
    only_leaves_out,
    planned_days,
)
from tests.app.surveys.polls import OPTIONS, THREE

TODAY = date(2026, 11, 21)


def instrument(**changes: Any) -> Instrument:
    return Instrument.model_validate(THREE | changes)


@pytest.mark.parametrize(("kind", "even"), [("forced_choice", True), ("neutral_point", False)])
def test_a_forced_choice_has_no_middle_and_the_other_kind_has_one(kind: str, even: bool) -> None:
    for count in range(2, 11):
        found = flaws(instrument(kind=kind, options=[f"Option {n}" for n in range(count)]))
        assert (found == []) is ((count % 2 == 0) is even), count
        if found:
            assert found[0][0] == "/options"
            assert "middle" in found[0][1], "it says why"


def test_nothing_is_asked_twice_in_a_survey() -> None:
    one, other = THREE["questions"][0], THREE["questions"][1]
    assert flaws(instrument(questions=[one, other | {"key": "trust"}]))[0][0] == "/questions/1/key"
    assert flaws(instrument(questions=[one, other | {"text": one["text"]}]))[0][0] == "/questions/1/text"
    assert flaws(instrument(options=["Yes", "No", "Yes", "Perhaps"])) == [("/options", "two of them are the same")]
    twice = {"text": "Does it matter?", "options": ["Yes", "Yes"]}
    assert flaws(instrument(importance=twice))[0][0] == "/importance/options"


def test_another_word_makes_another_item_and_another_name_does_not() -> None:
    asked = Question(key="trust", element="membership", text="I would leave my keys here.")
    same = Question(key="keys", element="needs", text="I would leave my keys here.")
    other = Question(key="trust", element="membership", text="I would leave my key here.")
    assert item_id(asked, OPTIONS) == item_id(same, OPTIONS)
    assert item_id(asked, OPTIONS) != item_id(other, OPTIONS)
    assert item_id(asked, OPTIONS) != item_id(asked, OPTIONS[::-1]), "what can be answered is part of it"


def test_the_surveys_that_come_along_are_sound_and_ask_in_four_elements() -> None:
    frames = shipped()
    assert set(frames) == set(Frame)
    assert [flaws(one) for one in frames.values()] == [[], []]
    whole, pulse = frames[Frame.sense_of_community], frames[Frame.pulse]
    elements = [question.element for question in whole.questions]
    assert {each: elements.count(each) for each in elements} == dict.fromkeys(
        ["membership", "influence", "needs", "connection"], 3
    )
    assert {"trust", "agency", "glad"} <= {question.key for question in whole.questions}
    assert whole.importance is not None
    assert len(whole.importance.options) == 6
    same = {item_id(each, whole.options) for each in whole.questions}
    assert {item_id(each, pulse.options) for each in pulse.questions} < same, "so that a pulse can be compared"


@pytest.mark.parametrize(
    ("of", "after", "expected"),
    [
        (date(2021, 11, 4), date(2026, 11, 1), date(2026, 11, 4)),
        (date(2021, 11, 4), date(2026, 11, 4), date(2026, 11, 4)),
        (date(2021, 11, 4), date(2026, 11, 5), date(2027, 11, 4)),
        (date(2020, 2, 29), date(2026, 11, 5), date(2027, 3, 1)),
        (date(2020, 2, 29), date(2027, 3, 2), date(2028, 2, 29)),
    ],
)
def test_a_birthday_comes_back_every_year(of: date, after: date, expected: date) -> None:
    assert anniversary(of, after=after) == expected


def test_a_wave_opens_when_it_is_said_or_on_the_next_birthday() -> None:
    founded = date(2021, 12, 4)
    assert planned_days(None, None, founded, today=TODAY) == Days(date(2026, 12, 4), date(2026, 12, 25))
    said = planned_days(date(2026, 12, 1), date(2026, 12, 8), founded, today=TODAY)
    assert said == Days(date(2026, 12, 1), date(2026, 12, 8))
    assert planned_days(None, date(2026, 12, 8), None, today=TODAY) is None
    assert planned_days(date.max, None, None, today=TODAY) == Days(date.max, date.max), "where the calendar ends"


@pytest.mark.parametrize(
    ("opens", "closes", "flaw"),
    [
        (TODAY, date(2026, 11, 22), None),
        (date(2026, 11, 20), date(2026, 12, 1), "/opens_on"),
        (date(2028, 11, 24), date(2028, 12, 1), "/opens_on"),
        (TODAY, TODAY, "/closes_on"),
        (TODAY, date(2026, 11, 1), "/closes_on"),
        (TODAY, date(2027, 2, 19), None),
        (TODAY, date(2027, 2, 20), "/closes_on"),
    ],
)
def test_days_that_make_no_wave_are_named(opens: date, closes: date, flaw: str | None) -> None:
    found = flaws_of_days(Days(opens, closes), today=TODAY)
    assert [pointer for pointer, _ in found] == ([flaw] if flaw else [])


def test_few_answers_are_warned_of_and_enough_are_not() -> None:
    assert "qualitative-notes" in advice(8, k=5)[0]
    assert advice(0, k=5) == advice(1, k=5) == advice(9, k=5), "everybody reads it, so it says no number"
    assert advice(10, k=5) == []


ORIGINAL = "Rosa from the harbour never lets anybody finish. Otherwise I like it here."


@pytest.mark.parametrize(
    ("redacted", "sound"),
    [
        (ORIGINAL, True),
        ("[…] never lets anybody finish. Otherwise I like it here.", True),
        ("I like it here.", True),
        ("never […] like it here.", True),
        ("Rosa likes it here.", False),
        ("I like it here. Rosa", False),
        ("Everybody says: I like it here.", False),
    ],
)
def test_a_quote_leaves_words_out_and_adds_none(redacted: str, sound: bool) -> None:
    assert only_leaves_out(redacted, ORIGINAL) is sound


@given(st.lists(st.tuples(st.text("ab […]", min_size=1, max_size=4), st.booleans()), max_size=12))
@example([("[…][", True), ("a", False)])
def test_any_words_may_be_left_out(words: list[tuple[str, bool]]) -> None:
    original = " ".join(word for word, _ in words)
    assert only_leaves_out(" ".join(word if stays else "[…]" for word, stays in words), original)
