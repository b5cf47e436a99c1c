"""What follows from single verdicts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.nominations.tables import Verdict
from app.nominations.voting import Vote, outcome, outvoted

A, N, D = Verdict.approve, Verdict.not_yet, Verdict.decline


@pytest.mark.parametrize(
    ("given_so_far", "size", "quorum", "expected"),
    [
        ([], 3, 2, None),
        ([A], 3, 2, None),
        ([A, A], 3, 2, A),
        ([A, N], 3, 2, None),
        ([A, N, A], 3, 2, A),
        ([N], 3, 2, None),
        ([N, N], 3, 2, N),
        ([D, D], 3, 2, D),
        ([N, D], 3, 2, N),
        ([A, N, D], 3, 2, N),
        ([A, D, D], 3, 2, D),
        ([N], 3, 3, N),
        ([A, A, A, A, N], 5, 5, N),
        ([A, A, A], 5, 3, A),
        ([D, D, N], 5, 3, D),
        ([A], 1, 1, A),
        ([D], 1, 1, D),
        ([N], 1, 1, N),
    ],
)
def test_the_votes_decide(given_so_far: list[Verdict], size: int, quorum: int, expected: Verdict | None) -> None:
    open_seats = [Vote(None)] * (size - len(given_so_far))
    assert outcome([Vote(verdict) for verdict in given_so_far] + open_seats, size=size, quorum=quorum) is expected


def test_a_seat_that_is_empty_may_still_come_to_approve() -> None:
    assert outcome([Vote(A), Vote(N)], size=3, quorum=2) is None


@pytest.mark.parametrize(
    ("votes", "size", "expected"),
    [
        ([Vote(A), Vote(A), Vote(None, objects=True)], 3, True),
        ([Vote(A), Vote(None), Vote(None, objects=True)], 3, False),
        ([Vote(A), Vote(A, objects=True), Vote(A)], 3, True),
        ([Vote(A), Vote(A, objects=True), Vote(None)], 3, False),
        ([Vote(A), Vote(A), Vote(A), Vote(None), Vote(None, objects=True)], 5, True),
        ([Vote(A), Vote(A), Vote(None), Vote(None), Vote(None, objects=True)], 5, False),
        ([Vote(A), Vote(A), Vote(None, objects=True), Vote(None, objects=True)], 4, True),
        ([Vote(A, objects=True)], 1, False),
    ],
)
def test_an_objection_is_outvoted_by_two_thirds_of_the_others(votes: list[Vote], size: int, expected: bool) -> None:
    assert outvoted(votes, size=size) is expected
    assert (outcome(votes, size=size, quorum=1) is A) is expected


@given(st.lists(st.sampled_from([A, N, D, None]), min_size=1, max_size=9), st.integers(1, 9))
def test_once_it_is_decided_no_further_verdict_makes_it_otherwise(verdicts: list[Verdict | None], quorum: int) -> None:
    size = len(verdicts)
    quorum = min(quorum, size)
    decision = outcome([Vote(verdict) for verdict in verdicts], size=size, quorum=quorum)
    for more in (A, N, D):
        filled = [Vote(verdict or more) for verdict in verdicts]
        final = outcome(filled, size=size, quorum=quorum)
        assert final is not None
        assert decision is None or (decision is A) == (final is A)
