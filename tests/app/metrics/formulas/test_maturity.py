"""At which stage of its life a community is."""

from dataclasses import asdict, replace

import numpy as np
import pytest

from app.metrics.formulas.maturity import Quarter, Rule, Stage, checks, history, stage_of
from app.metrics.policy import Policy

POLICY = Policy()
MATURING = Quarter(
    active=12,
    members=40,
    rhythm=0.9,
    leader_share=0.55,
    kinds=4,
    retention=0.5,
    hosting_factor=1,
    answering_factor=2,
    recognisers=0.1,
)
POTENTIAL = replace(MATURING, active=4, rhythm=None, leader_share=None, chartered=False)
FORMING = replace(MATURING, leader_share=0.85, kinds=2, retention=None)
SUSTAINING = replace(MATURING, leader_share=0.3, hosting_factor=3, answering_factor=4, recognisers=0.25, hosts=6)
CLOSING = replace(SUSTAINING, changing=True)


@pytest.mark.parametrize(
    ("quarter", "stage"),
    [
        (POTENTIAL, Stage.potential),
        (FORMING, Stage.forming),
        (MATURING, Stage.maturing),
        (SUSTAINING, Stage.self_sustaining),
        (CLOSING, Stage.transformation),
        (replace(SUSTAINING, active=7), Stage.potential),
        (replace(SUSTAINING, rhythm=0.74), Stage.potential),
        (replace(SUSTAINING, chartered=False), Stage.potential),
        (replace(SUSTAINING, hosting_factor=2), Stage.maturing),
        (replace(SUSTAINING, answering_factor=2), Stage.maturing),
        (replace(SUSTAINING, recognisers=0.19), Stage.maturing),
        (replace(SUSTAINING, recognisers=None), Stage.maturing),
        (replace(SUSTAINING, leader_share=0.4), Stage.maturing),
        (replace(SUSTAINING, hosts=4), Stage.maturing),
        (replace(MATURING, leader_share=0.7), Stage.maturing),
        (replace(MATURING, leader_share=0.71), Stage.forming),
        (replace(MATURING, kinds=2), Stage.forming),
        (replace(MATURING, retention=0.39), Stage.forming),
    ],
)
def test_a_quarter_by_itself_looks_like_a_stage(quarter: Quarter, stage: Stage) -> None:
    assert stage_of([quarter], POLICY) is stage


def test_of_nothing_it_is_what_could_become_a_community() -> None:
    assert stage_of([], POLICY) is Stage.potential
    assert history([], POLICY) == ()


def test_a_share_of_active_members_that_falls_twice_is_a_change() -> None:
    falling = [replace(SUSTAINING, active=active) for active in (20, 16, 10)]
    assert stage_of(falling, POLICY) is Stage.transformation
    assert stage_of(falling[:2], POLICY) is Stage.self_sustaining
    assert stage_of([falling[0], falling[2], falling[2]], POLICY) is Stage.self_sustaining
    by_chance = [replace(SUSTAINING, active=active) for active in (20, 19, 15)]
    assert stage_of(by_chance, POLICY) is Stage.self_sustaining
    few = [replace(SUSTAINING, active=active) for active in (20, 4, 3)]
    assert stage_of(few, POLICY) is Stage.potential, "of four people or three nobody is told which"
    empty = [replace(POTENTIAL, members=0, active=0)] * 3
    assert stage_of(empty, POLICY) is Stage.potential


def test_a_community_that_stays_the_same_is_not_called_changing() -> None:
    draw = np.random.Generator(np.random.PCG64(5))
    called = 0
    for _ in range(100):
        five_years = [replace(SUSTAINING, active=int(active), members=60) for active in draw.binomial(60, 0.5, 20)]
        called += Stage.transformation in history(five_years, POLICY)
    assert called <= 2


def test_what_was_written_down_is_read_whatever_is_looked_at_by_now() -> None:
    assert Quarter.kept(asdict(MATURING)) == MATURING
    older = {name: value for name, value in asdict(MATURING).items() if name != "kinds"} | {"given_up": 3}
    assert Quarter.kept(older) == replace(MATURING, kinds=0)


def test_each_rule_is_told_with_what_was_seen_unless_few_people_did_it() -> None:
    def seen(quarter: Quarter) -> dict[str, float]:
        return {check.rule.value: check.seen for check in checks([quarter], POLICY) if check.seen is not None}

    many = replace(SUSTAINING, answerers=5, active=24, recognising=6, newcomers=12, stayed=6)
    always = {"active": 20, "retention": 0.5, "recognisers": 0.3}
    assert seen(many) == always | {"rhythm": 0.9, "hosting_factor": 3, "answering_factor": 4}
    assert seen(replace(many, hosts=4, answerers=4)) == always
    assert "active" not in seen(replace(many, active=4))
    few = replace(many, recognising=3, stayed=8)
    assert not {"retention", "recognisers"} & seen(few).keys(), "three recognised, and four went"
    assert {check.rule for check in checks([many], POLICY)} == set(Rule)


@pytest.mark.parametrize(
    ("quarters", "stages"),
    [
        ([POTENTIAL] * 3, "potential potential potential"),
        ([POTENTIAL, FORMING, FORMING, FORMING], "potential potential forming forming"),
        ([FORMING, MATURING, FORMING, MATURING, MATURING], "forming forming forming forming maturing"),
        ([MATURING, MATURING, SUSTAINING, SUSTAINING], "maturing maturing maturing self_sustaining"),
        ([SUSTAINING, SUSTAINING, CLOSING, CLOSING], "self_sustaining self_sustaining self_sustaining transformation"),
        ([MATURING, FORMING, SUSTAINING, MATURING], "maturing maturing maturing maturing"),
    ],
)
def test_it_takes_two_quarters_in_a_row_to_change(quarters: list[Quarter], stages: str) -> None:
    assert [str(stage) for stage in history(quarters, POLICY)] == stages.split()
