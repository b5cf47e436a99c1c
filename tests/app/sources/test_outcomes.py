"""What a delivery once did stays told, whatever a later look at it says."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.sources.outcomes import together

ONES = st.builds(
    lambda rule, did, about: {"rule": rule, "did": did} | about,
    st.sampled_from("ab"),
    st.sampled_from(["recorded", "offered", "parked", "duplicate", "past", "not", "undone"]),
    st.sampled_from([{}, {"contribution": "1"}, {"credential": "2"}]),
)
LOOKS = st.lists(ONES, max_size=6)


def did(rule: str, word: str, **about: str) -> dict[str, Any]:
    return {"rule": rule, "did": word} | about


@given(LOOKS, LOOKS)
def test_nothing_that_was_done_is_lost_and_a_second_such_look_adds_nothing(
    before: list[dict[str, Any]], again: list[dict[str, Any]]
) -> None:
    found = together(before, again)
    assert together(before, before) == before
    assert all(found.count(one) >= before.count(one) for one in before if one["did"] in {"recorded", "offered"})
    assert together(found, again) == found


def test_that_it_was_done_before_is_not_said_of_what_the_delivery_did_itself() -> None:
    before = [did("a", "recorded", contribution="1"), did("a", "past")]
    assert together(before, [did("a", "duplicate", contribution="1"), did("a", "past")]) == before
    assert together(before, [did("a", "past"), did("a", "past")]) == before
    assert together([did("b", "parked")], [did("b", "duplicate", credential="2")]) == [did("b", "parked")]


def test_a_later_look_adds_what_is_new_and_says_anew_why_nothing_was() -> None:
    before = [did("a", "not", why="of old"), did("b", "offered", credential="2")]
    again = [did("a", "recorded", contribution="1"), did("b", "not", why="now")]
    assert together(before, again) == [before[1], *again]
