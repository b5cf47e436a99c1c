"""Slips are known without having been kept, and the roll has a bit for each place."""

from hypothesis import given
from hypothesis import strategies as st

from app.kit.ids import SystemIds
from app.surveys import slips

IDS = SystemIds()
KEY = slips.new_key(IDS)


def test_a_slip_is_genuine_in_its_own_wave_alone() -> None:
    slip = slips.drawn(KEY, IDS)
    assert slips.is_genuine(KEY, slip)
    assert not slips.is_genuine(slips.new_key(IDS), slip)
    assert len(slip) <= slips.MOST
    assert slips.drawn(KEY, IDS) != slip


@given(st.text(max_size=40) | st.sampled_from(["", ".", "a.", ".a", "\ud800.\ud800"]))
def test_nothing_made_up_is_a_slip(text: str) -> None:
    assert not slips.is_genuine(KEY, text)


@given(st.data())
def test_a_slip_that_was_tampered_with_is_none(data: st.DataObject) -> None:
    slip = slips.drawn(KEY, IDS)
    place = data.draw(st.integers(0, len(slip) - 2))  # the last character has bits that mean nothing
    other = data.draw(st.characters(codec="ascii").filter(lambda char: char != slip[place]))
    assert not slips.is_genuine(KEY, slip[:place] + other + slip[place + 1 :])


@given(st.integers(1, 70).flatmap(lambda n: st.tuples(st.just(n), st.sets(st.integers(0, n - 1)))))
def test_each_place_in_the_roll_has_a_bit_of_its_own(case: tuple[int, set[int]]) -> None:
    places, marked = case
    bits = slips.unmarked(places)
    for place in marked:
        bits = slips.marked(bits, place)
    assert {place for place in range(places) if slips.is_marked(bits, place)} == marked
    assert int.from_bytes(bits).bit_count() == len(marked)
