"""At which stage of its life a community is."""

from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pytest

from app.metrics.formulas.maturity import Quarter, Rule, Stage, checks, history, stage_of
from app.metrics.methods import MATURITY
from app.metrics.policy import Policy
from app.metrics.rates import without_rates
from app.metrics.telling import Heads, Json, Part, Rests, Teller, fine

POLICY = Policy()
MATURING = Quarter(
    active=12,
    members=40,
    at_end=40,
    rhythm=0.9,
    leader_share=0.55,
    kinds=4,
    hosting_factor=1,
    answering_factor=2,
    newcomers=12,
    stayed=6,
    recognising=3,
)
POTENTIAL = replace(MATURING, active=4, rhythm=None, leader_share=None, chartered=False)
FORMING = replace(MATURING, leader_share=0.85, kinds=2, newcomers=3, stayed=3)
SUSTAINING = replace(
    MATURING, leader_share=0.3, hosting_factor=3, hosts=6, answering_factor=4, answerers=7, recognising=6
)
MANY = replace(SUSTAINING, active=40, newcomers=30)
CLOSING = replace(SUSTAINING, changing=True)


@pytest.mark.parametrize(
    ("quarter", "stage"),
    [
        (POTENTIAL, Stage.potential),
        (FORMING, Stage.forming),
        (MATURING, Stage.maturing),
        (SUSTAINING, Stage.self_sustaining),
        (CLOSING, Stage.transformation),
        (replace(SUSTAINING, active=4), Stage.potential),
        (replace(SUSTAINING, rhythm=0.74), Stage.potential),
        (replace(SUSTAINING, chartered=False), Stage.potential),
        (replace(SUSTAINING, hosting_factor=2), Stage.maturing),
        (replace(SUSTAINING, answering_factor=2), Stage.maturing),
        (replace(SUSTAINING, answerers=4), Stage.maturing),
        (replace(SUSTAINING, recognising=4), Stage.maturing),
        (replace(SUSTAINING, recognising=12), Stage.self_sustaining),
        (replace(MANY, recognising=10, stayed=15), Stage.self_sustaining),
        (replace(MANY, recognising=9, stayed=15), Stage.maturing),
        (replace(SUSTAINING, leader_share=0.4), Stage.maturing),
        (replace(SUSTAINING, leader_share=0.34), Stage.self_sustaining),
        (replace(SUSTAINING, hosts=4), Stage.maturing),
        (replace(MATURING, leader_share=0.7), Stage.maturing),
        (replace(MATURING, leader_share=0.76), Stage.forming),
        (replace(MATURING, kinds=2), Stage.forming),
        (replace(MATURING, stayed=4), Stage.forming),
        (replace(MATURING, stayed=12), Stage.maturing),
        (replace(MATURING, newcomers=30, stayed=15), Stage.maturing),
        (replace(MATURING, newcomers=30, stayed=14), Stage.forming),
    ],
)
def test_a_quarter_by_itself_looks_like_a_stage(quarter: Quarter, stage: Stage) -> None:
    assert stage_of([quarter], POLICY) is stage


def test_of_nothing_it_is_what_could_become_a_community() -> None:
    assert stage_of([], POLICY) is Stage.potential
    assert history([], POLICY) == ()


def test_a_share_of_active_members_that_falls_twice_is_a_change() -> None:
    some = replace(SUSTAINING, recognising=5)
    falling = [replace(some, active=active) for active in (20, 16, 10)]
    assert stage_of(falling, POLICY) is Stage.transformation
    assert stage_of(falling[:2], POLICY) is Stage.self_sustaining
    assert stage_of([falling[0], falling[2], falling[2]], POLICY) is Stage.self_sustaining
    by_chance = [replace(some, active=active) for active in (20, 19, 15)]
    assert stage_of(by_chance, POLICY) is Stage.self_sustaining
    within_a_step = [replace(some, active=active, recognising=10) for active in (34, 32, 30)]
    assert stage_of(within_a_step, POLICY) is Stage.self_sustaining
    few = [replace(some, active=active) for active in (20, 4, 3)]
    assert stage_of(few, POLICY) is Stage.potential, "of four people or three nobody is told which"
    small = [replace(each, at_end=19) for each in falling]
    assert stage_of(small, POLICY) is Stage.forming, "of a small community no share is told"
    empty = [replace(POTENTIAL, members=0, at_end=0, active=0)] * 3
    assert stage_of(empty, POLICY) is Stage.potential


def test_a_community_that_stays_the_same_is_not_called_changing() -> None:
    draw = np.random.Generator(np.random.PCG64(5))
    called = 0
    for _ in range(100):
        five_years = [
            replace(SUSTAINING, active=int(active), members=60, at_end=60) for active in draw.binomial(60, 0.5, 20)
        ]
        called += Stage.transformation in history(five_years, POLICY)
    assert called <= 2


COUNTS = ("active", "members", "at_end", "hosts", "answerers", "newcomers", "stayed", "recognising")
FACTORS = ("hosting_factor", "answering_factor")


def drawn(draw: np.random.Generator) -> Quarter:
    """Any quarter there can be, of few people mostly."""

    def up_to(most: int) -> int:
        return int(draw.integers(0, most + 1))

    active, hosts, answerers, newcomers = up_to(40), up_to(12), up_to(12), up_to(25)
    members = active + up_to(15)
    return Quarter(
        active=active,
        members=members,
        at_end=up_to(members),
        rhythm=up_to(20) / 20,
        leader_share=(1 + up_to(19)) / 20 if hosts else None,
        kinds=up_to(5),
        hosting_factor=min(hosts, 1 + up_to(5)),
        answering_factor=min(answerers, 1 + up_to(5)),
        hosts=hosts,
        answerers=answerers,
        newcomers=newcomers,
        stayed=up_to(newcomers),
        recognising=up_to(active),
    )


def moved(quarter: Quarter, draw: np.random.Generator) -> Quarter:
    """The same but for few people, who are counted in any one number, or who hosted or answered more or less."""
    name = str(draw.choice((*COUNTS, *FACTORS, "leader_share", "rhythm")))
    by, now = int(draw.integers(-4, 5)), getattr(quarter, name)
    whole = name in (*COUNTS, *FACTORS)
    change: dict[str, Any] = {name: max(0, now + by) if whole else None if now is None else now + by / 100}
    found = replace(quarter, **change)
    parts = found.stayed <= found.newcomers and found.recognising <= found.active <= found.members >= found.at_end
    few = found.hosting_factor <= found.hosts and found.answering_factor <= found.answerers
    return found if parts and few else quarter


def told(quarter: Quarter) -> Json:
    """What figures would tell of the numbers of a quarter, and what everybody sees of gatherings, in tenths."""
    value = Teller(POLICY.k, quarter.members).tell(
        {
            "active": Heads(quarter.active),
            "members": Heads(quarter.members),
            "share": Part(quarter.active, quarter.members),
            "kept": Part(quarter.stayed, quarter.newcomers),
            "givers": Part(quarter.recognising, quarter.active),
            "came": [Heads(quarter.newcomers), Heads(quarter.stayed), Heads(quarter.recognising)],
            "hosts": Heads(quarter.hosts),
            "hosting": Rests(quarter.hosting_factor, quarter.hosts),
            "answering": Rests(quarter.answering_factor, quarter.answerers),
        }
    )
    seen = {name: fine(getattr(quarter, name), 1) for name in ("rhythm", "leader_share", "kinds")}
    small = quarter.at_end < POLICY.rates_from
    return {"people": without_rates(value) if small else value, "small": small, **seen}


def test_quarters_of_which_figures_tell_the_same_have_the_same_checks_and_stage() -> None:
    draw = np.random.Generator(np.random.PCG64(32))
    alike, outcomes = 0, set()
    for _ in range(10_000):
        ones = [drawn(draw) for _ in range(3)]
        others = [moved(each, draw) for each in ones]
        if ones != others and list(map(told, ones)) == list(map(told, others)):
            alike += 1
            found = checks(ones, POLICY)
            assert found == checks(others, POLICY), (ones, others)
            assert stage_of(ones, POLICY) is stage_of(others, POLICY)
            outcomes |= {(check.rule, check.met) for check in found}
    assert alike > 1_000
    undrawn = {(Rule.end_or_new_purpose, True), (Rule.charter, False)}
    assert outcomes == {(rule, met) for rule in Rule for met in (True, False)} - undrawn


def test_of_a_small_community_no_share_of_people_decides_anything() -> None:
    small = replace(SUSTAINING, members=25, at_end=19, active=16, recognising=8)
    met = {check.rule for check in checks([small] * 3, POLICY) if check.met}
    assert met == {Rule.charter, Rule.rhythm, Rule.active, Rule.kinds, Rule.hosting_factor, Rule.answering_factor}


def test_bounds_of_people_are_on_the_grid() -> None:
    assert POLICY.maturity_active % POLICY.k == 0, "any other would ask for more than it says"


def test_the_page_of_the_method_says_the_bounds_as_they_are() -> None:
    how = MATURITY.about.how.replace(" %", "%")
    for said in (
        f"at least {POLICY.maturity_active} people were active",
        f"at least {POLICY.maturity_rhythm:.0%} of the gatherings",
        f"more than about {POLICY.maturity_leader_high:.0%} of the gatherings",
        f"at least {POLICY.maturity_kinds} types",
        f"at least {POLICY.maturity_retention:.0%} of those who first did something",
        f"nobody did as much as about {POLICY.maturity_leader_low:.0%}",
        f"take at least {POLICY.maturity_absence_factor} of them",
        f"at least {POLICY.maturity_recognisers:.0%} of the active people",
        f"more than {POLICY.maturity_fall} standard errors",
        f"where the community has at least {POLICY.rates_from} members",
    ):
        assert said in how


def test_what_was_written_down_is_read_whatever_is_looked_at_by_now() -> None:
    assert Quarter.kept(asdict(MATURING)) == MATURING
    older = {name: value for name, value in asdict(MATURING).items() if name != "kinds"} | {"given_up": 3}
    assert Quarter.kept(older) == replace(MATURING, kinds=0)


def test_each_rule_is_told_with_what_was_seen_unless_few_people_did_it() -> None:
    def seen(quarter: Quarter) -> dict[str, float]:
        return {check.rule.value: check.seen for check in checks([quarter], POLICY) if check.seen is not None}

    many = replace(SUSTAINING, rhythm=0.857, active=24)
    always = {"active": 20, "retention": 0.5, "recognisers": 0.25}
    assert seen(many) == always | {"rhythm": 0.9}, "three and four who made half are few"
    assert seen(replace(many, hosts=4, answerers=4)) == always
    assert "active" not in seen(replace(many, active=4))
    few = replace(many, recognising=3, stayed=4)
    assert not {"retention", "recognisers"} & seen(few).keys(), "three recognised, and four stayed"
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
