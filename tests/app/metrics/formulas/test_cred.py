"""Where credit flows that is minted at contributions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.metrics.arrays import ints
from app.metrics.formulas.cred import Flow, Work, cred

POSTS, LIKES = 10, 3
"""Person 0 posts ten times; person 1 wrote one post, which three others liked."""


def posts_and_likes(of_post: float, of_like: float) -> Work:
    mint = np.array([of_post] * (POSTS + 1) + [of_like] * LIKES)
    person = ints(*[0] * POSTS, 1, *range(2, 2 + LIKES))
    number = np.arange(len(mint))
    return Work(mint, number, person, np.zeros(len(mint), dtype=np.int64), number[POSTS + 1 :], ints(*[POSTS] * LIKES))


def test_where_posts_mint_many_posts_pay_and_where_likes_mint_liked_ones_do() -> None:
    spam = cred(posts_and_likes(1.0, 0.0), 5, 1)
    assert spam[0] > 5 * spam[1]
    liked = cred(posts_and_likes(0.0, 1.0), 5, 1)
    assert liked[0] == 0
    assert liked[1] == liked.max()


def test_what_leaks_is_not_paid_out() -> None:
    """One contribution by one person, one epoch: of what arrives, .4 is paid, and .3 goes back to the contribution."""
    one = Work(np.array([10.0]), ints(0), ints(0), ints(0), ints(), ints())
    flows_through = 0.9 / (1 - 0.9 * 0.3)
    assert cred(one, 1, 1) == pytest.approx([10 * 0.4 * flows_through])


def test_who_worked_in_one_epoch_has_some_in_the_next() -> None:
    one = Work(np.array([1.0]), ints(0), ints(0), ints(0), ints(), ints())
    assert cred(one, 1, 3)[0] > cred(one, 1, 1)[0]
    assert cred(one, 1, 3, Flow(forward=1e-9, back=1e-9, payout=0.6)) == pytest.approx(
        cred(one, 1, 1, Flow(forward=1e-9, back=1e-9, payout=0.6)), rel=1e-6
    )


def test_where_nothing_is_minted_nobody_is_paid() -> None:
    assert cred(posts_and_likes(0.0, 0.0), 5, 1).tolist() == [0] * 5
    assert cred(Work(np.zeros(0), ints(), ints(), ints(), ints(), ints()), 0, 1).tolist() == []


MADE = some.lists(
    some.tuples(some.integers(0, 5), some.integers(0, 3), some.integers(0, 2), some.integers(0, 9)),
    min_size=1,
    max_size=20,
)


@given(MADE, some.lists(some.tuples(some.integers(0, 5), some.integers(0, 5)), max_size=12))
def test_less_is_earned_than_was_minted(made: list[tuple[int, int, int, int]], on: list[tuple[int, int]]) -> None:
    mint = np.zeros(6)
    mint[[what for what, *_ in made]] = [float(weight) for *_, weight in made]
    what, who, when = (ints(*(each[place] for each in made)) for place in range(3))
    work = Work(mint, what, who, when, ints(*(one for one, _ in on)), ints(*(other for _, other in on)))
    paid = cred(work, 4, 3)
    assert (paid >= 0).all()
    assert paid.sum() < mint.sum() or mint.sum() == 0
