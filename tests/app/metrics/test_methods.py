"""What every figure says about itself, and what all figures of drawn communities say."""

import re
from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any
from uuid import UUID

import numpy as np
import pytest

from app.kit.suppression import at_least, coarsely
from app.metrics import belonging, influence, participation, recognition
from app.metrics.arrays import DAY
from app.metrics.facts import NEVER, Acts, Facts, Table
from app.metrics.families import METHODS
from app.metrics.methods import COURSE, MATURITY, methods
from app.metrics.metric import Explained, Metric, measure
from app.metrics.periods import Window, ended, parse
from app.metrics.policy import Policy
from app.metrics.prompts import PromptKind
from app.metrics.results import Reason, canonical
from app.metrics.telling import Json
from tests.app.metrics.generated import community
from tests.app.metrics.hamlet import hamlet

ALL: tuple[Metric, ...] = (*participation.METRICS, *recognition.METRICS, *influence.METRICS, *belonging.METRICS)
QUARTER = parse("2026-Q3")


def test_every_figure_is_explained_and_every_text_explains_one() -> None:
    assert [metric.id for metric in ALL if ALL.count(metric) > 1] == []
    assert {metric.id for metric in ALL} | {COURSE.id, MATURITY.id} == set(methods()) == set(METHODS) - {*PromptKind}
    assert len({metric.name for metric in ALL}) == len(ALL)
    assert [metric.id for metric in participation.METRICS] == [f"P{number}" for number in range(1, 20)]


@pytest.mark.parametrize("metric", METHODS.values(), ids=lambda metric: metric.id)
def test_a_text_is_of_whole_sentences_and_names_its_source(metric: Explained) -> None:
    about = metric.about
    assert "`" not in f"{about.what} {about.how} {about.misleads}", "pages and reports show it as it is"
    for text in (about.what, about.how, about.misleads):
        assert re.match(r"[A-Z|(]", text)
        assert text.endswith((".", "%."))
        assert len(text) > 40
    assert all(about.sources)


@pytest.mark.parametrize("people", [10, 30, 300])
def test_no_figure_of_any_community_speaks_of_fewer_than_k_or_of_anybody(people: int) -> None:
    facts = community(people, 20 * people, 2 * people, seed=people)
    for told in measure(ALL, facts, QUARTER, Policy()):
        assert told.n is None or told.n == 0 or told.n >= 5
        for id in facts.ids:
            assert str(id) not in str(told.to_dict())


PEOPLE = {
    "people", "people_at_least", "active", "start", "end", "joined", "left", "helpers", "helped", "unsung",
    "size_at_least", "people_in_it", "weekly_mean", "matched", "unmatched", "not_counted",
}  # fmt: skip
ACTS = {
    "accepted", "approved", "contributions", "credited", "decided", "issued", "person_days", "questions",
    "recognitions", "refused", "by_depth", "by_cycle", "by_care_area",
}  # fmt: skip
SHARES = {
    "across", "answered", "care_share", "contributed_within_days", "contribution_share", "converted", "covered",
    "density", "givers", "kept", "recognised", "recognition_share", "recognitions_across", "reciprocity", "returned",
    "share", "still_waiting", "stickiness", "tied", "top_share", "top_tenth",
}  # fmt: skip


OTHERS = {
    "all", "days", "gap_days", "h", "half_life_days", "kinds", "largest", "least_contributions", "members_needed_for",
    "newcomer_days", "within_days",
}  # fmt: skip
"""Whole numbers that count neither: of the policy, and those of which each says of its own how few they are."""
KNOWN = PEOPLE | ACTS | SHARES | OTHERS


def numbers(value: Json, name: str = "") -> Iterator[tuple[str, int | float]]:
    """Every number in a value, by its own name or that of the list or the object that it is in."""
    match value:
        case int() | float():
            yield name, value
        case list():
            for each in value:
                yield from numbers(each, name)
        case dict():
            for key, each in value.items():
                if key != "lorenz":  # of which `people` is a share that somebody chose beforehand
                    yield from numbers(each, key if key in KNOWN else name)


def off_the_grid(value: Json, k: int) -> list[tuple[str, int | float]]:
    """What in a value tells more than the grid allows, or is a whole number of which nobody said what it counts."""

    def on_it(name: str, number: int | float) -> bool:
        if name in PEOPLE:
            return number == at_least(int(number), k=k) >= k
        if name in ACTS:
            return number >= k and any(coarsely(count, k=k) == number for count in range(int(number), 2 * int(number)))
        return 0 <= number <= 1 if name in SHARES else isinstance(number, float) or name in OTHERS

    return [each for each in numbers(value) if not on_it(*each)]


@pytest.mark.parametrize("k", [3, 5])
@pytest.mark.parametrize("people", [60, 300])
def test_whatever_is_published_in_half_a_year_is_on_the_grid(people: int, k: int) -> None:
    facts = community(people, 20 * people, 4 * people, seed=4)
    span = Window(parse("2026-01").start, parse("2026-06").end)
    windows = [window for window in ended(span.start, now=span.end) if window.start >= span.start]
    told = [one for window in windows for one in measure(ALL, facts, window, Policy(k=k))]
    assert [(one.metric, one.window, off) for one in told if (off := off_the_grid(one.value, k))] == []
    assert all(one.n is None or one.n == at_least(one.n, k=k) >= k for one in told)
    counted = {name for one in told for name, _ in numbers(one.value) if name in PEOPLE | ACTS | SHARES}
    assert len(windows) > 30
    assert len(counted) > 25, "most are told of at least once"


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("k", [3, 5, 8])
def test_no_group_that_is_told_of_is_small(seed: int, k: int) -> None:
    people = 10 + 3 * seed
    for told in measure(ALL, community(people, 8 * people, people, seed=seed), QUARTER, Policy(k=k)):
        assert off_the_grid(told.value, k) == [], told


def test_the_same_facts_give_the_same_bytes() -> None:
    first, second = (canonical(measure(ALL, community(200, 4000, 400), QUARTER, Policy())) for _ in range(2))
    assert first == second


def test_in_which_order_acts_are_read_changes_nothing() -> None:
    facts = community(200, 4000, 400)
    order = np.random.Generator(np.random.PCG64(3)).permutation(len(facts.acts))
    acts = Acts(*(column[order] for column in (getattr(facts.acts, field.name) for field in fields(Acts))))
    mixed = replace(facts, acts=acts)
    assert canonical(measure(ALL, facts, QUARTER, Policy())) == canonical(measure(ALL, mixed, QUARTER, Policy()))


def afterwards(facts: Facts) -> Facts:
    """With one who joined after the quarter, did something, was recognised, and belongs where nobody did before."""
    end, who, what = QUARTER.seconds[1], facts.people, len(facts.recognitions)
    after = end + 5 * DAY

    def with_row(table: Table, *values: int) -> Any:
        return type(table)(*(np.append(column, value) for column, value in zip(table.columns, values, strict=True)))

    belongs = replace(facts.belongs, what=facts.belongs.what + 1)
    return replace(
        facts,
        ids=(*facts.ids, UUID(int=2**64)),
        members=with_row(facts.members, after, NEVER, 1),
        affiliations=("A new one", *facts.affiliations),
        belongs=with_row(belongs, who, 0, after, NEVER),
        acts=with_row(facts.acts, who, after, 1, int(facts.acts.contribution.max()) + 1, 0),
        recognitions=with_row(facts.recognitions, who, 1, 0, after, after + DAY, NEVER, after + DAY, NEVER),
        gives=with_row(facts.gives, what, 0),
        cites=with_row(facts.cites, what, 0),
    )


def test_what_comes_after_the_window_changes_nothing() -> None:
    facts = community(200, 4000, 400)
    before, later = (each.until(QUARTER.seconds[1]) for each in (facts, afterwards(facts)))
    assert before.digest == later.digest != facts.digest
    assert canonical(measure(ALL, before, QUARTER, Policy())) == canonical(measure(ALL, later, QUARTER, Policy()))


OVER_A_YEAR = {"P10", "P18", "R2", "R5", "B1", "B2", "I1", "I4", "I6", "I7", "I8", "I10", "I11", "I12"}


def test_what_looks_back_over_a_year_is_told_of_quarters_and_years_alone() -> None:
    facts = community(200, 4000, 400)
    for period, by_quarter in (("2026-W36", True), ("2026-08", True), ("2026-Q3", False), ("2025", False)):
        told = measure(ALL, facts, parse(period), Policy())
        of_them = {one.metric for one in told if one.reason is Reason.told_by_quarter}
        assert of_them == (OVER_A_YEAR if by_quarter else set())
        assert all((one.n, one.value, one.suppressed) == (None, None, False) for one in told if one.metric in of_them)


def test_one_more_in_a_year_than_in_its_last_quarter_is_told_by_neither() -> None:
    """Members who were recognised in the year before the end of each: forty of eighty, and some more in the last."""
    [metric] = [one for one in ALL if one.id == "B2"]

    def told(more: int, *, joining: int = 0) -> list[tuple[int | None, Json]]:
        got = [(joining + who, (), day) for who in range(40 + more) for day in (-20.0 if who < 40 else 20.0,)]
        facts = hamlet(80 + joining, joined=[5.0] * joining, recognised=got)
        periods = [parse(period) for period in ("2026-Q3", "2026-Q4", "2026")]
        return [(one.n, one.value) for period in periods for one in measure([metric], facts, period, Policy())]

    half = (80, {"recognised": 0.5})
    assert told(0) == told(1) == told(0, joining=1) == [half] * 3
    assert told(5)[1:] == [(80, {"recognised": 0.55})] * 2, "a twentieth more"
    assert told(0, joining=10) == [half, *[(90, {"recognised": 0.45})] * 2]
