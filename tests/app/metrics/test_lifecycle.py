"""What a quarter of a community looks like to the rules of maturity: five made-up histories."""

from collections.abc import Sequence

import pytest

from app.metrics import participation
from app.metrics.facts import Facts
from app.metrics.formulas.maturity import Rule, Stage, checks, history
from app.metrics.lifecycle import quarter
from app.metrics.periods import back, parse
from app.metrics.policy import Policy
from tests.app.metrics.hamlet import ATTENDING, HOSTING, SUPPORTING, WELCOMING, figure, hamlet

QUARTERS = back(parse("2026-Q4"), 4)
STARTS = (-273.0, -183.0, -92.0, 0.0)
"""Of the quarters, in days from October."""


def town(hosts: list[int], *, active: int, kinds: int = 3, answering: int = 1, givers: int = 0) -> Facts:
    """In each of four quarters: so many gatherings by each of these hosts, so many active people, and ten newcomers.

    Half of those of the quarter before stay.
    """
    acts, recognised = [], []
    for number, start in enumerate(STARTS):
        acts += [(who, start + 5 + each, HOSTING) for who, count in enumerate(hosts) for each in range(count)]
        acts += [(who, start + 20, (SUPPORTING, WELCOMING)[who % max(1, kinds - 1)]) for who in range(active)]
        acts += [(who, start + 30, SUPPORTING) for who in range(answering)]
        acts += [(active + 10 * number + new, start + 40, WELCOMING) for new in range(10)]
        acts += [(active + 10 * (number - 1) + new, start + 41, WELCOMING) for new in range(5)] if number else []
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
    assert (third.newcomers, third.stayed) == (10, 5)


def test_nothing_done_is_a_quarter_too() -> None:
    nothing = quarter(hamlet(0), QUARTERS[0], Policy())
    assert (nothing.active, nothing.rhythm, nothing.leader_share, nothing.kinds) == (0, None, None, 0)
    assert (nothing.newcomers, nothing.stayed, nothing.recognising) == (0, 0, 0)


@pytest.mark.parametrize(("newcomers", "stayed", "told"), [(9, 4, None), (9, 5, 1.0), (10, 6, 0.5), (19, 9, 0.33)])
def test_whether_newcomers_stayed_follows_from_how_many_are_told(
    newcomers: int, stayed: int, told: float | None
) -> None:
    new = [(who, -60.0, WELCOMING) for who in range(newcomers)]
    again = [(who, 5.0, WELCOMING) for who in range(stayed)]
    seen = quarter(hamlet(30, acts=[*new, *again]), QUARTERS[3], Policy())
    (check,) = (check for check in checks([seen], Policy()) if check.rule is Rule.retention)
    assert (check.met, check.seen) == (told is not None and told >= 0.4, told)


def test_a_type_is_in_use_where_k_made_something_or_somebody_convened() -> None:
    def kinds(hosting: int, welcoming: int, attending: int) -> int:
        acts = [(who, 5.0, WELCOMING) for who in range(welcoming)] + [(who, 6.0, HOSTING) for who in range(hosting)]
        came = [(who, 6.0, ATTENDING) for who in range(attending)]
        return quarter(hamlet(30, acts=[*acts, *acts, *came]), QUARTERS[3], Policy()).kinds

    assert [kinds(0, welcoming, 9) for welcoming in (0, 1, 4, 5)] == [0, 0, 0, 1]
    assert [kinds(hosting, 5, 0) for hosting in (0, 1, 5)] == [1, 2, 2]


def test_those_of_whom_a_share_was_active_are_those_of_the_figure() -> None:
    """Who left meanwhile is among them, and who was away all the while is not: `members` is what P5 rests on."""
    left, away = [20.0, 20.0], [(2, -400.0, 400.0)]
    facts = hamlet(30, left=left, breaks=away, acts=[(who, 5.0, WELCOMING) for who in range(12)])
    seen = quarter(facts, QUARTERS[3], Policy())
    assert (seen.active, seen.members, seen.at_end) == (12, 30, 28)
    idle = quarter(hamlet(30, left=left, breaks=away), QUARTERS[3], Policy())
    assert (idle.members, idle.at_end) == (29, 28)
    p5 = figure(participation.METRICS, "P5", facts, QUARTERS[3], Policy())
    assert isinstance(p5.value, dict)
    assert (p5.n, p5.value["active"], p5.value["share"]) == (30, 10, 0.33)
