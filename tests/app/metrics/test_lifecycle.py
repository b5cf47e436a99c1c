"""What a quarter of a community looks like to the rules of maturity: five made-up histories."""

from collections.abc import Sequence

import pytest

from app.metrics.facts import Facts
from app.metrics.formulas.maturity import Stage, history
from app.metrics.lifecycle import quarter
from app.metrics.periods import back, parse
from app.metrics.policy import Policy
from tests.app.metrics.hamlet import HOSTING, SUPPORTING, WELCOMING, hamlet

QUARTERS = back(parse("2026-Q4"), 4)
STARTS = (-273.0, -183.0, -92.0, 0.0)
"""Of the quarters, in days from October."""


def town(hosts: list[int], *, active: int, kinds: int = 3, answering: int = 1, givers: int = 0) -> Facts:
    """In each of four quarters: so many gatherings by each of these hosts, so many active people, and six newcomers.

    Half of those of the quarter before stay.
    """
    acts, recognised = [], []
    for number, start in enumerate(STARTS):
        acts += [(who, start + 5 + each, HOSTING) for who, count in enumerate(hosts) for each in range(count)]
        acts += [(who, start + 20, (SUPPORTING, WELCOMING)[who % max(1, kinds - 1)]) for who in range(active)]
        acts += [(who, start + 30, SUPPORTING) for who in range(answering)]
        acts += [(active + 6 * number + new, start + 40, WELCOMING) for new in range(6)]
        acts += [(active + 6 * (number - 1) + new, start + 41, WELCOMING) for new in range(3)] if number else []
        recognised += [(30, (who,), start + 50) for who in range(givers)]
    return hamlet(60, acts=acts, recognised=recognised)


STAGES: Sequence[tuple[Stage, Facts, bool, bool]] = (
    (Stage.potential, hamlet(9), False, False),
    (Stage.forming, town([10, 1], active=10, kinds=2), True, False),
    (Stage.maturing, town([6, 6], active=12), True, False),
    (Stage.self_sustaining, town([2] * 6, active=12, answering=4, givers=6), True, False),
    (Stage.transformation, town([2] * 6, active=12, answering=4, givers=6), True, True),
)
"""At which stage each is, what happens in it, whether it has a charter, and whether it is about to change."""


@pytest.mark.parametrize(("stage", "facts", "chartered", "changing"), STAGES)
def test_a_history_of_four_quarters_ends_in_its_stage(
    stage: Stage, facts: Facts, chartered: bool, changing: bool
) -> None:
    seen = [quarter(facts, each, Policy(), planned=12, chartered=chartered, changing=changing) for each in QUARTERS]
    assert history(seen, Policy())[-1] is stage


def test_a_quarter_knows_nothing_of_the_next() -> None:
    facts = town([6, 6], active=12)
    third = quarter(facts, QUARTERS[2], Policy(), planned=12, chartered=True)
    assert third == quarter(facts.until(QUARTERS[2].seconds[1]), QUARTERS[2], Policy(), planned=12, chartered=True)
    assert third.rhythm == 1.0
    assert third.leader_share == 0.5
    assert third.retention == 0.5


def test_nothing_done_is_a_quarter_too() -> None:
    nothing = quarter(hamlet(0), QUARTERS[0], Policy())
    assert (nothing.active, nothing.rhythm, nothing.leader_share, nothing.retention, nothing.recognisers) == (
        0,
        None,
        None,
        None,
        None,
    )


def test_whether_few_newcomers_stayed_is_not_looked_at() -> None:
    new = [(who, -60.0, WELCOMING) for who in range(4)]
    stayed = [(who, 5.0, WELCOMING) for who in range(4)]
    assert quarter(hamlet(9, acts=[*new, *stayed]), QUARTERS[3], Policy()).retention is None
    one_more = [(4, -60.0, WELCOMING)]
    assert quarter(hamlet(9, acts=[*new, *one_more, *stayed]), QUARTERS[3], Policy()).retention == 0.8
