"""The life of a credential, and who may see one."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.credentials.rules import NEXT, SIGNED, Act, State, Visibility, after, present, shown_to
from app.kit.errors import InvalidTransition
from app.members.rules import STRANGER, Onlooker
from tests.stand_ins import THEN

ANY_STATE = st.sampled_from(State)
ANY_ACT = st.sampled_from(Act)
FELLOW = Onlooker(fellow=True)


@given(ANY_STATE, ANY_ACT)
def test_every_pair_is_either_in_the_table_or_refused_with_what_is_allowed(state: State, act: Act) -> None:
    if (state, act) in NEXT:
        assert after(state, act) is NEXT[state, act]
    else:
        with pytest.raises(InvalidTransition) as refusal:
            after(state, act)
        assert all((state, Act(allowed)) in NEXT for allowed in refusal.value.members["allowed"])


@given(st.lists(ANY_ACT, max_size=12))
def test_nothing_leads_out_of_refused_or_revoked(acts: list[Act]) -> None:
    state, ended = State.offered, None
    for act in acts:
        try:
            state = after(state, act)
        except InvalidTransition:
            continue
        assert ended is None
        ended = state if state in {State.refused, State.revoked} else None


@given(st.lists(ANY_ACT, max_size=12))
def test_nothing_is_signed_that_was_not_accepted(acts: list[Act]) -> None:
    state, accepted = State.offered, False
    for act in acts:
        try:
            state = after(state, act)
        except InvalidTransition:
            continue
        accepted = accepted or act is Act.accept
        assert (state in SIGNED) == accepted


def test_an_offer_lapses_at_its_deadline_and_not_before() -> None:
    ends = THEN + timedelta(days=60)
    just_before = ends - timedelta(microseconds=1)
    assert present(State.offered, offer_ends=ends, valid_until=None, now=just_before) is State.offered
    assert present(State.offered, offer_ends=ends, valid_until=None, now=ends) is State.lapsed


def test_an_offer_of_something_that_has_ended_has_lapsed() -> None:
    assert present(State.offered, offer_ends=None, valid_until=THEN, now=THEN) is State.lapsed


def test_time_expires_what_is_in_force_and_nothing_else() -> None:
    for state in State:
        now = present(state, offer_ends=None, valid_until=THEN, now=THEN)
        assert now is {State.active: State.expired, State.offered: State.lapsed}.get(state, state)


@pytest.mark.parametrize("state", sorted(set(State) - SIGNED))
@pytest.mark.parametrize("visibility", Visibility)
def test_strangers_and_members_see_nothing_before_acceptance(state: State, visibility: Visibility) -> None:
    assert not shown_to(FELLOW, visibility, state)


@pytest.mark.parametrize(
    ("visibility", "stranger", "fellow"),
    [(Visibility.private, False, False), (Visibility.community, False, True), (Visibility.public, True, True)],
)
def test_afterwards_the_recipient_decides_who_sees_it(visibility: Visibility, stranger: bool, fellow: bool) -> None:
    assert shown_to(STRANGER, visibility, State.active) is stranger
    assert shown_to(FELLOW, visibility, State.active) is fellow


@given(st.sampled_from(Visibility), ANY_STATE, st.booleans(), st.booleans())
def test_recipients_and_stewards_always_see_it(
    visibility: Visibility, state: State, recipient: bool, fellow: bool
) -> None:
    assert shown_to(Onlooker(in_person=recipient, steward=not recipient, fellow=fellow), visibility, state)
