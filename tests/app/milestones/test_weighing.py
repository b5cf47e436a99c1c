"""Whether a rule is met, by whom and why not: decided over plain values."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.milestones.rules import Rule, There, flaws, loop
from app.milestones.weighing import FOR_EVER, Deed, Facts, Kind, Progress, concerns, weigh

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
BADGE = UUID(int=1)
KINDS = {
    "hosting": Kind("co_create", frozenset({1, 2}), frozenset({"creating_space"}), "inner"),
    "welcoming": Kind("contribute", frozenset({1}), frozenset({"love_and_care"}), "inner"),
    "attending": Kind("consume", frozenset({1}), frozenset(), "inner"),
}
ANA, BO, CY = UUID(int=101), UUID(int=102), UUID(int=103)


def rule(*criteria: dict[str, Any], **more: Any) -> Rule:
    result = {"kind": "suggest", "achievement": BADGE}
    return Rule.model_validate({"all_of": criteria, "result": result} | more)


def deed(
    n: int, days_ago: float, *others: UUID, type: str = "hosting", abroad: bool | None = None, loop: str = "inner"
) -> Deed:
    return Deed(UUID(int=1000 + n), type, loop, NOW - timedelta(days=days_ago), frozenset(others), abroad)


def facts(*deeds: Deed, **more: Any) -> Facts:
    oldest_first = sorted(deeds, key=lambda done: done.at)
    known: dict[str, Any] = {"joined_at": NOW - timedelta(days=400), "now": NOW, "kinds": KINDS} | more
    return Facts(deeds=lambda: oldest_first, **known)


def have(progress: Progress) -> list[float]:
    return [part.have for part in progress.parts]


def test_so_many_contributions_are_enough_and_one_less_is_not() -> None:
    three = rule({"kind": "count", "of": {"types": ["hosting"]}, "at_least": 3})
    deeds = [deed(1, 3), deed(2, 2), deed(3, 1), deed(4, 1, type="welcoming")]
    met = weigh(three, facts(*deeds))
    assert met.met
    assert met.deeds == (deeds[0].id, deeds[1].id, deeds[2].id), "what it rests on is named, oldest first"
    short = weigh(three, facts(*deeds[1:]))
    assert not short.met
    assert (short.parts[0].have, short.parts[0].need) == (2, 3)


def test_kinds_are_told_by_mode_cycle_care_area_and_loop() -> None:
    deeds = [deed(1, 1), deed(2, 1, type="welcoming"), deed(3, 1, type="attending", loop="outer")]
    for of, expected in [
        ({}, 3),
        ({"modes": ["co_create"]}, 1),
        ({"cycles": [1]}, 3),
        ({"cycles": [2, 5]}, 1),
        ({"care_areas": ["love_and_care"]}, 1),
        ({"loops": ["outer"]}, 1),
        ({"types": ["hosting", "welcoming"], "modes": ["contribute"]}, 1),
    ]:
        assert have(weigh(rule({"kind": "count", "of": of, "at_least": 2}), facts(*deeds))) == [expected], of


def test_what_happened_before_the_window_does_not_count_nor_what_is_still_to_come() -> None:
    a_month = rule({"kind": "count", "at_least": 2}, window_days=30)
    deeds = [deed(1, 30), deed(2, 29.999), deed(3, -1)]
    assert have(weigh(a_month, facts(*deeds))) == [1], "the window is half-open, and tomorrow is not yet"


def test_helping_one_friend_often_is_one_person_helped() -> None:
    helping = rule({"kind": "people_helped", "at_least": 2})
    assert have(weigh(helping, facts(*[deed(n, n, ANA) for n in range(1, 9)]))) == [1]
    assert weigh(helping, facts(deed(1, 1, ANA), deed(2, 2, BO))).met


def test_weeks_are_counted_once_across_the_turn_of_the_year() -> None:
    weeks = rule({"kind": "weeks", "at_least": 2})
    new_year = [datetime(2025, 12, 30, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)]  # both in week 1 of 2026
    deeds = [Deed(UUID(int=n), "hosting", "inner", at, frozenset(), None) for n, at in enumerate(new_year)]
    assert have(weigh(weeks, facts(*deeds))) == [1]


def test_a_share_across_affiliations_is_taken_of_what_can_be_told_and_of_enough() -> None:
    across = rule({"kind": "across_affiliations", "share": 0.5, "of_at_least": 4})
    told = [deed(1, 1, ANA, abroad=True), deed(2, 2, BO, abroad=True), deed(3, 3, CY, abroad=False)]
    assert have(weigh(across, facts(*told, deed(4, 4, CY)))) == [0.0], "three can be told, four are needed"
    assert have(weigh(across, facts(*told, deed(4, 4, CY, abroad=False)))) == [0.5]


def test_a_series_counts_badges_that_are_held() -> None:
    series = rule({"kind": "holds", "achievements": [UUID(int=7), UUID(int=8), UUID(int=9)], "at_least": 2})
    assert not weigh(series, facts(held={UUID(int=7): ANA, UUID(int=1): ANA})).met
    assert weigh(series, facts(held={UUID(int=7): ANA, UUID(int=9): ANA})).met


@pytest.mark.parametrize(
    ("joined", "now", "years"),
    [
        (datetime(2024, 2, 29, tzinfo=UTC), datetime(2025, 2, 28, 23, tzinfo=UTC), 0),
        (datetime(2024, 2, 29, tzinfo=UTC), datetime(2025, 3, 1, tzinfo=UTC), 1),
        (datetime(2024, 2, 29, tzinfo=UTC), datetime(2028, 2, 29, tzinfo=UTC), 4),
        (datetime(2026, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC), 0),
    ],
)
def test_an_anniversary_is_a_birthday(joined: datetime, now: datetime, years: int) -> None:
    assert have(weigh(rule({"kind": "anniversary", "years": 1}), facts(joined_at=joined, now=now))) == [years]


def test_an_anniversary_comes_again_and_not_twice_in_a_year() -> None:
    yearly = rule({"kind": "anniversary", "years": 1})
    joined = NOW - timedelta(days=800)
    first = facts(joined_at=joined, now=joined + timedelta(days=370))
    assert weigh(yearly, first).met
    met_at = first.now
    again = facts(joined_at=joined, now=met_at + timedelta(days=200), met_at=met_at)
    assert not weigh(yearly, again).met
    assert weigh(yearly, facts(joined_at=joined, now=NOW, met_at=met_at)).met


def test_the_first_of_a_kind_is_met_once_for_ever() -> None:
    first = rule({"kind": "first", "of": {"modes": ["contribute"]}})
    done = [deed(1, 50, type="attending"), deed(2, 40, type="welcoming"), deed(3, 1, type="welcoming")]
    met = weigh(first, facts(*done))
    assert met.met
    assert met.deeds == (done[1].id,)
    after = weigh(first, facts(*done, met_at=NOW))
    assert not after.met
    assert after.resting_until == FOR_EVER


def test_who_was_silent_for_long_and_is_back_is_welcomed_once() -> None:
    back = rule({"kind": "returned", "after_days": 60})
    done = [deed(1, 200), deed(2, 130), deed(3, 5)]
    assert weigh(back, facts(*done)).deeds == (done[2].id,)
    assert not weigh(back, facts(*done, met_at=NOW - timedelta(days=4))).met
    assert not weigh(back, facts(deed(1, 5))).met, "a beginning is no return"
    assert not weigh(back, facts(deed(1, 64), deed(2, 5))).met, "59 days are not 60"


def test_gates_are_asked_of_all_that_was_counted() -> None:
    gated = rule(
        {"kind": "count", "at_least": 4}, gates={"distinct_people": 2, "distinct_weeks": 2, "most_for_one": 0.5}
    )
    one_friend = [deed(n, 1, ANA) for n in range(4)]
    refused = weigh(gated, facts(*one_friend))
    assert not refused.met
    assert [(gate.gate, gate.have) for gate in refused.shortfalls] == [
        ("distinct_people", 1),
        ("distinct_weeks", 1),
        ("most_for_one", 1.0),
    ]
    assert weigh(gated, facts(*one_friend[:2], deed(8, 20, BO), deed(9, 20, CY))).met


def test_what_counted_once_does_not_count_again() -> None:
    thrice = rule({"kind": "count", "at_least": 3}, cooldown_days=10)
    done = [deed(n, 40 - n) for n in range(3)] + [deed(8, 20), deed(9, 2)]
    met_at = NOW - timedelta(days=30)
    assert have(weigh(thrice, facts(*done, met_at=met_at))) == [2]
    resting = weigh(thrice, facts(*done, met_at=NOW - timedelta(days=9)))
    assert resting.resting_until == NOW + timedelta(days=1)
    assert not resting.met


def test_cheap_criteria_decide_before_anything_is_looked_up() -> None:
    both = rule({"kind": "count", "at_least": 1}, {"kind": "anniversary", "years": 30})

    def never() -> list[Deed]:
        raise AssertionError("contributions were looked up")

    known = Facts(joined_at=NOW, now=NOW, deeds=never, kinds=KINDS)
    assert not weigh(both, known, whole=False).met


def test_a_rule_is_concerned_by_the_types_that_it_counts() -> None:
    hosting = rule({"kind": "count", "of": {"types": ["hosting"]}, "at_least": 2}, {"kind": "anniversary", "years": 1})
    assert concerns(hosting, "hosting", "inner", KINDS)
    assert not concerns(hosting, "welcoming", "inner", KINDS)
    assert not concerns(rule({"kind": "anniversary", "years": 1}), "hosting", "inner", KINDS)


def test_what_can_never_be_met_or_is_met_by_everybody_is_said() -> None:
    def wrong(*criteria: dict[str, Any], stackable: bool = True, **more: Any) -> list[str]:
        there = There(frozenset(KINDS), frozenset({"love_and_care"}), frozenset({BADGE}), stackable)
        return [pointer for pointer, _ in flaws(rule(*criteria, **more), there)]

    assert wrong({"kind": "count", "of": {"types": ["juggling"]}, "at_least": 2}) == ["/all_of/0/of/types"]
    assert wrong({"kind": "holds", "achievements": [BADGE, BADGE], "at_least": 2}) == ["/all_of/0/at_least"]
    other = UUID(int=77)
    assert wrong({"kind": "holds", "achievements": [BADGE, other], "at_least": 1}) == ["/all_of/0/achievements/1"]
    cared = {"kind": "count", "of": {"care_areas": ["love_and_care", "x" * 1000]}, "at_least": 2}
    assert wrong(cared) == ["/all_of/0/of/care_areas"]
    assert wrong({"kind": "count", "at_least": 1}) == ["/all_of"]
    assert wrong({"kind": "first"}) == ["/all_of"]
    assert wrong({"kind": "first", "of": {"types": ["hosting"]}}, window_days=3) == ["/window_days"]
    offer = {"kind": "offer", "achievement": BADGE}
    assert wrong({"kind": "count", "at_least": 9}, result=offer, cooldown_days=3, stackable=False) == ["/cooldown_days"]
    for again in ({"kind": "anniversary", "years": 1}, {"kind": "returned"}):
        assert wrong(again, result=offer, stackable=False) == ["/result/achievement"]
        assert wrong(again, result=offer) == wrong(again, result=offer | {"kind": "suggest"}, stackable=False) == []
    assert wrong({"kind": "count", "at_least": 2}) == []


def test_badges_that_give_each_other_are_a_loop_and_a_series_is_none() -> None:
    def holds(*needed: int) -> Rule:
        return rule({"kind": "holds", "achievements": [UUID(int=n) for n in needed], "at_least": 1})

    def found(*rules: tuple[int, Rule]) -> list[UUID] | None:
        named = {UUID(int=50 + n): (UUID(int=gives), given) for n, (gives, given) in enumerate(rules)}
        return loop({id: given for id, (_, given) in named.items()}, {id: gives for id, (gives, _) in named.items()})

    assert found((2, holds(1)), (3, holds(1, 2)), (4, holds(2, 3))) is None
    assert found((1, holds(1))) == [UUID(int=1), UUID(int=1)]
    circle = found((2, holds(1)), (3, holds(2)), (1, holds(3)))
    assert circle is not None
    assert circle[0] == circle[-1]
    assert len(circle) == 4


@given(
    st.lists(st.tuples(st.integers(0, 400), st.sampled_from([(), (ANA,), (ANA, BO)]), st.sampled_from(list(KINDS)))),
    st.integers(1, 6),
    st.none() | st.integers(1, 365),
)
def test_more_contributions_never_put_anybody_further_away(
    done: list[tuple[int, tuple[UUID, ...], str]], needed: int, window: int | None
) -> None:
    asked = rule(
        {"kind": "count", "of": {"types": ["hosting"]}, "at_least": needed},
        {"kind": "people_helped", "at_least": 1},
        {"kind": "weeks", "at_least": needed},
        window_days=window,
    )
    deeds = [deed(n, days, *others, type=type) for n, (days, others, type) in enumerate(done)]
    before = have(weigh(asked, facts(*deeds[:-1])))
    after = have(weigh(asked, facts(*deeds)))
    assert all(then <= now for then, now in zip(before, after, strict=True))
    assert weigh(asked, facts(*deeds)).met == weigh(asked, facts(*deeds), whole=False).met
