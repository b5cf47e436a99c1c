"""What followed recognition where it changes nothing, and who is looked at."""

from typing import Any
from uuid import UUID

import numpy as np
import pytest

from app.metrics.arrays import DAY, Ints
from app.metrics.facts import NEVER, Acts, Facts, Members, Recognitions
from app.metrics.families import METRICS
from app.metrics.metric import measure
from app.metrics.periods import parse
from app.metrics.policy import Policy
from tests.app.metrics.hamlet import KINDS, SUPPORTING, hamlet

QUARTER = parse("2026-Q3")
END = QUARTER.seconds[1]
PEOPLE, DAYS, RECOGNISED_DAILY = 300, 420, 3
POLICY = Policy(bootstrap_rounds=200)


def what_followed(facts: Facts) -> Any:
    (result,) = measure([METRICS["R11"]], facts, QUARTER, POLICY)
    return result.value


def world_without_effect(seed: int) -> Facts:
    """How much people do wanders from week to week; who did much lately is likelier to be recognised. No more."""
    draw = np.random.Generator(np.random.PCG64(seed))
    usual, drift = np.exp(draw.normal(-2.2, 0.5, PEOPLE)), np.zeros(PEOPLE)
    lately, done, recognised = np.zeros(PEOPLE), [], []
    for day in range(DAYS):
        if day % 7 == 0:
            drift = 0.85 * drift + draw.normal(0, 0.35, PEOPLE)
        count = draw.poisson(usual * np.exp(drift))
        done.append(count)
        lately = lately * 2 ** (-1 / 30) + count
        recognised.append(draw.choice(PEOPLE, RECOGNISED_DAILY, p=(lately + 0.01) / (lately + 0.01).sum()))
    days, people = np.nonzero(np.array(done))
    times = np.array(done)[days, people]
    at = np.repeat(END - (DAYS - days) * DAY, times)
    return facts_of(np.repeat(people, times), at, np.concatenate(recognised))


def facts_of(person: Ints, at: Ints, receiver: Ints) -> Facts:
    """Who did something when, in order, and who was recognised at the end of each day."""
    same = np.zeros_like(person)
    when = END - (DAYS - np.arange(len(receiver)) // RECOGNISED_DAILY) * DAY + DAY - 1
    never, none = np.full(len(receiver), NEVER), np.zeros_like(receiver)
    return Facts(
        ids=tuple(UUID(int=each) for each in range(PEOPLE)),
        members=Members(np.full(PEOPLE, END - 2 * DAYS * DAY), np.full(PEOPLE, NEVER), np.ones(PEOPLE, dtype=int)),
        kinds=KINDS,
        channels=("chat",),
        acts=Acts(person, at, same + SUPPORTING, np.arange(len(person)), same),
        recognitions=Recognitions(receiver, none + SUPPORTING, none, when, when, never, when, never),
    )


def test_where_recognition_changes_nothing_none_is_found() -> None:
    found = [what_followed(world_without_effect(seed)) for seed in range(12)]
    differences = np.array([one["difference"] for one in found])
    assert abs(differences.mean()) < 0.5, "of what those recognised do more than others, which is about eight"
    sure = [one["interval"] for one in found if one["interval"][0] > 0 or one["interval"][1] < 0]
    assert len(sure) <= 1, "of twelve intervals of 95 %"


STEADY = [
    (who, float(day), SUPPORTING) for who in range(40) for day in range(-80, 60) if (day + who) % (2 + who // 10) == 0
]
EVENS = [(who, (45,), -5.0) for who in range(0, 40, 2)]
FOR_EVER = 10.0**6


def in_december(acts: list[tuple[int, float, int]], **more: Any) -> Any:
    """What followed the recognitions of the end of September and of October."""
    facts = hamlet(50, acts=acts, **more)
    (result,) = measure([METRICS["R11"]], facts, parse("2026-12"), Policy(k=4, bootstrap_rounds=50))
    return result.value


def test_whom_to_compare_is_settled_when_the_week_is_over() -> None:
    alone = in_december(STEADY, recognised=EVENS)
    assert alone["matched"] == 20
    assert alone["difference"] == pytest.approx(0, abs=0.5)
    later = [(who, (45,), 10.0) for who in range(1, 40, 2)]
    assert in_december(STEADY, recognised=EVENS + later) == alone | {"unmatched": 20}


@pytest.mark.parametrize("recognised_leave", [True, False])
def test_who_leaves_has_stopped_on_either_side(recognised_leave: bool) -> None:
    left = [4.0 if (who % 2 == 0) is recognised_leave else FOR_EVER for who in range(40)]
    found = in_december([act for act in STEADY if act[1] < left[act[0]]], recognised=EVENS, left=left)
    assert found["matched"] == 20
    assert found["difference"] < -5 if recognised_leave else found["difference"] > 5
