"""The life of a proposal: every step that there is, and no other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.achievements.proposal_rules import NEXT, Act, ProposalState, after, shown_to
from app.kit.errors import InvalidTransition

ENDED = {ProposalState.adopted, ProposalState.declined, ProposalState.withdrawn}


@given(st.sampled_from(ProposalState), st.sampled_from(Act))
def test_every_step_is_in_the_table_or_refused_with_those_that_are(state: ProposalState, act: Act) -> None:
    allowed = {step for now, step in NEXT if now is state}
    if act in allowed:
        assert after(state, act) is NEXT[state, act]
        return
    with pytest.raises(InvalidTransition) as refusal:
        after(state, act)
    assert set(refusal.value.members["allowed"]) == allowed
    assert state.value in refusal.value.detail


@given(st.lists(st.sampled_from(Act), max_size=12))
def test_whatever_is_tried_nothing_is_decided_undiscussed_and_the_end_is_the_end(acts: list[Act]) -> None:
    state, been = ProposalState.draft, [ProposalState.draft]
    for act in acts:
        try:
            state = after(state, act)
        except InvalidTransition:
            continue
        assert been[-1] not in ENDED
        been.append(state)
    if state in {ProposalState.adopted, ProposalState.declined}:
        assert ProposalState.discussed in been


@pytest.mark.parametrize("end", sorted(ENDED))
def test_from_the_end_no_step_leads_on(end: ProposalState) -> None:
    assert [act for state, act in NEXT if state is end] == []


@given(opened=st.booleans(), proposer=st.booleans(), steward=st.booleans())
def test_what_was_never_opened_is_its_proposers_and_the_stewards(opened: bool, proposer: bool, steward: bool) -> None:
    assert shown_to(opened=opened, proposer=proposer, steward=steward) is (opened or proposer or steward)
