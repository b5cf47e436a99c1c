"""What is withheld is named in words, and not by where it stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.metrics.families import FAMILIES
from app.metrics.metric import measure
from app.metrics.periods import parse
from app.metrics.policy import Policy
from app.metrics.telling import pointer
from app.reports.support.places import WORDS, in_words
from tests.app.metrics.generated import community


@pytest.mark.parametrize(
    ("places", "said"),
    [
        (["/lorenz/0/share", "/lorenz/1/share"], "which part the least busy made"),
        (["/top_share/0.1"], "which part the busiest tenth made"),
        (["/cohorts/0/kept/0", "/cohorts/0/kept/1"], "which share of those that came together was there again"),
        (["/active", "/share", "/channels/other"], "how many did something; which share they are; by channel (others)"),
        (["/kinds/evenness", "/kinds/groups/hosting"], "how evenly it is over types; by type (hosting)"),
        (["/groups/none"], "by the furthest that people went (none)"),
        (["/kinds/groups/first_steps", "/kinds/groups/a~1b"], "by type (first steps and a/b)"),
        ([f"/kinds/type_{number}" for number in range(27)], "by type (type 0 and 26 others)"),
        (["/something_new/of_it"], "something new, of it"),
    ],
)
def test_places_are_said_in_words(places: list[str], said: str) -> None:
    assert in_words(places) == said


@given(st.lists(st.text(min_size=1), min_size=1))
def test_whatever_types_are_called_they_are_named(names: list[str]) -> None:
    assert in_words(pointer("/kinds", name) for name in names).startswith("by type")


@pytest.mark.parametrize("people", [20, 40, 90, 300])
def test_all_that_can_be_withheld_has_a_name(people: int) -> None:
    facts = community(people, 20 * people, 3 * people)
    found = (one for metrics in FAMILIES.values() for one in measure(metrics, facts, parse("2026-Q3"), Policy()))
    said = {place: in_words([place]) for one in found for place in (*one.withheld, *one.rates_withheld)}
    assert said
    assert {place for place, words in said.items() if words.split(" (")[0] not in WORDS.values()} == set()
