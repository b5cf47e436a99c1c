"""What every figure says about itself, and what all figures of drawn communities say."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any
from uuid import UUID

import numpy as np
import pytest

from app.metrics import belonging, influence, participation, recognition
from app.metrics.arrays import DAY
from app.metrics.facts import NEVER, Acts, Facts, Table
from app.metrics.families import METHODS
from app.metrics.methods import COURSE, MATURITY, methods
from app.metrics.metric import Explained, Metric, ledger, measure
from app.metrics.periods import Window, ended, parse
from app.metrics.policy import Policy
from app.metrics.prompts import PromptKind
from app.metrics.results import Reason, Result, canonical
from app.metrics.telling import Json
from tests.app.metrics.generated import community
from tests.app.metrics.hamlet import hamlet
from tests.app.metrics.test_telling import derivable

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


ADDING = ("/changes/joined", "/changes/left", "/contributions", "/questions", "/accepted", "/refused", "/daily_mean")
"""Of the months these make that of the quarter."""


def test_whoever_keeps_all_that_is_published_cannot_subtract_anything_that_was_withheld() -> None:
    """Half a year of a small community, as it is published: every period when it is over, shorter ones first."""
    facts = community(60, 300, 80, seed=4)
    span = Window(parse("2026-01").start, parse("2026-06").end)
    windows = [window for window in ended(span.start, now=span.end) if window.start >= span.start]
    metrics = [metric for metric in ALL if metric.id in {"P1", "P3", "P5", "P12", "R0"}]
    published: defaultdict[str, list[Result]] = defaultdict(list)
    for window in windows:
        before = {metric.id: ledger(published[metric.id]) for metric in metrics}
        for told in measure(metrics, facts, window, Policy(), ledgers=before.__getitem__):
            published[told.metric].append(told)
    withheld = 0
    for of_one in published.values():
        others = ledger(of_one).others
        kinds = {
            place for other in others for place in other.told | other.withheld if place.startswith("/kinds/groups/")
        }
        for place in {*ADDING, *kinds}:
            known = [other.window for other in others if not other.hides(place)]
            hidden = [other.window for other in others if other.hides(place)]
            withheld += len(hidden)
            assert not any(derivable(known, window) for window in hidden)
    assert withheld > 20


def heads(value: Json) -> Iterator[int]:
    """Every number of people in a value."""
    match value:
        case list():
            for each in value:
                yield from heads(each)
        case dict():
            for name, each in value.items():
                if isinstance(each, int) and name in {
                    "people",
                    "active",
                    "helped",
                    "helpers",
                    "unsung",
                    "people_in_it",
                }:
                    yield each
                yield from heads(each)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("k", [3, 5, 8])
def test_no_group_that_is_told_of_is_small(seed: int, k: int) -> None:
    people = 10 + 3 * seed
    for told in measure(ALL, community(people, 8 * people, people, seed=seed), QUARTER, Policy(k=k)):
        assert all(count == 0 or count >= k for count in heads(told.value)), told


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
        members=with_row(facts.members, after, NEVER, 0),
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


def test_of_a_year_nothing_is_told_from_which_it_differs_by_few() -> None:
    """Members who were recognised: forty of eighty, and one, or five, more in the quarter that follows."""
    metric = next(one for one in ALL if one.id == "B2")

    def told(more: int, *, joining: int = 0) -> list[Result]:
        got = [(joining + who, (), -20.0) for who in range(40)] + [
            (joining + 40 + who, (), 20.0) for who in range(more)
        ]
        facts = hamlet(80 + joining, joined=[5.0] * joining, recognised=got)
        published = list[Result]()
        for period in ("2026-Q3", "2026-Q4", "2026"):
            before = {metric.id: ledger(published)}
            published += measure([metric], facts, parse(period), Policy(), ledgers=before.__getitem__)
        return published

    assert [one.value for one in told(0)] == [{"recognised": 0.5}] * 3, "the very same people"
    same, one_more, year = told(1)
    assert same.value == {"recognised": 0.5}
    assert (one_more.n, one_more.value, one_more.reason) == (None, None, Reason.gives_another_away)
    assert year.value is None, "it ends as the quarter does"
    assert [one.value for one in told(0, joining=1)][1:] == [None, None]
    assert [one.value for one in told(0, joining=10)][1:] == [{"recognised": 0.44}] * 2
    assert [one.value for one in told(10)][1:] == [{"recognised": 0.62}] * 2
