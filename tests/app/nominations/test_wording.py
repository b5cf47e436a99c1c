"""What a nominee may leave out of the words of a badge, and whom they do not name."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.nominations.wording import SOMEBODY, known_by, leaving_out, only_leaves_out, sentences, without_names

SENTENCE = st.text(alphabet="abc de", min_size=1, max_size=12).map(lambda s: f"x{s.strip()}").map(lambda s: s + ".")
SENTENCES = st.lists(SENTENCE, max_size=8)


@given(SENTENCES, st.sampled_from([" ", "\n\n", "  "]), st.data())
def test_any_of_the_sentences_may_be_left_out_and_the_others_stay(
    said: list[str], between: str, data: st.DataObject
) -> None:
    kept = [sentence for sentence in said if data.draw(st.booleans())]
    assert only_leaves_out(" ".join(kept), between.join(said))


@given(st.text(alphabet="ab.! \n。", max_size=60), st.sets(st.integers(0, 12)))
def test_what_is_named_is_left_out_and_nothing_else(text: str, unwanted: set[int]) -> None:
    kept = leaving_out(text, unwanted)
    assert sentences(kept) == [each for n, each in enumerate(sentences(text)) if n not in unwanted]
    assert only_leaves_out(kept, text)
    assert leaving_out(text, ()) == text.strip()


def test_the_others_stay_in_their_paragraphs() -> None:
    assert leaving_out("One. Two.\n\nThree. Four.", {1, 2}) == "One.\n\nFour."
    assert leaving_out("One. Two.\n\nThree. Four.", {0, 1}) == "Three. Four."


@given(SENTENCES, SENTENCE, st.integers(0, 8))
def test_a_sentence_that_was_not_there_is_more_than_leaving_out(said: Sequence[str], new: str, where: int) -> None:
    added = [*said[:where], f"new {new}", *said[where:]]
    assert not only_leaves_out(" ".join(added), " ".join(said))


@given(st.lists(SENTENCE, min_size=2, max_size=6, unique=True))
def test_another_order_is_more_than_leaving_out(said: list[str]) -> None:
    said = sorted({" ".join(sentence.split()) for sentence in said})
    if len(said) > 1:
        assert not only_leaves_out(" ".join(reversed(said)), " ".join(said))


@pytest.mark.parametrize("edit", ["Bo hosted ten evenings.", "Bo hosted.", "bo hosted twelve evenings.", "not"])
def test_no_sentence_is_shortened_or_changed(edit: str) -> None:
    assert not only_leaves_out(edit, "Bo hosted twelve evenings. It was not easy.")


def test_nothing_at_all_is_a_veto_that_anybody_may_have() -> None:
    assert only_leaves_out("", "Bo hosted.")
    assert only_leaves_out(" \n", "")


def test_lines_and_marks_of_other_scripts_end_sentences_too() -> None:
    assert sentences("One\n\ntwo!  Three… 四。 five") == ["One", "two!", "Three…", "四。", "five"]


def test_names_are_taken_out_as_words_of_their_own_only() -> None:
    text = "Bo Berg and @bo opened; Bo's chairs, Boris and robo stayed."
    assert without_names(text, {"Bo Berg", "Bo", "bo"}) == (
        f"{SOMEBODY} and {SOMEBODY} opened; {SOMEBODY}'s chairs, Boris and robo stayed."
    )
    assert without_names(text, set()) == text


@pytest.mark.parametrize(
    "text",
    [
        "Zed Quux",
        "ZED",
        "zed",
        "Quux",
        "QUUX",
        "@zeddy",
        "Zed\nQuux",
        "_Zed_",
        "**Quux**",
        "zed@people.example",
        "ZEDDY",
    ],
)
def test_names_are_taken_out_however_they_are_written(text: str) -> None:
    names = known_by("Zed Quux", handle="zeddy", email="zed@people.example")
    cleaned = without_names(f"The day that {text}, as we know, came by.", names).lower()
    assert SOMEBODY in cleaned
    assert not any(word in cleaned for word in ("zed", "quux", "people"))


def test_what_only_looks_like_a_part_of_a_name_stays() -> None:
    text = "Aus Freude von der Heide gesungen, and an evening off; at 2042 of Quuxville"
    cleaned = without_names(text, known_by("Anna von der Heide", handle="an42"))
    assert cleaned == f"Aus Freude von der {SOMEBODY} gesungen, and an evening off; at 2042 of Quuxville"
    assert without_names(text, known_by("Al An", handle="42")) == text


def test_whose_name_nobody_said_is_known_by_their_address() -> None:
    assert known_by(None, email="zed.quux@people.example") == {"zed.quux", "zed", "quux", "zed.quux@people.example"}


def test_names_in_scripts_without_capitals_are_found_between_other_signs() -> None:
    assert (
        without_names("\u738b\u5c0f\u660e\u548c\u674e\u56db", known_by("\u738b\u5c0f\u660e"))
        == f"{SOMEBODY}\u548c\u674e\u56db"
    )
