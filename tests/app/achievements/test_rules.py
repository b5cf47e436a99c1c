"""Policies: how changes lie over the defaults, and what makes no sense."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.achievements.rules import SMALL_COMMUNITY, Policy, flaws, merged

TREES = st.recursive(
    st.integers() | st.text(max_size=3),
    lambda children: st.dictionaries(st.sampled_from("abc"), children, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(st.sampled_from("abc"), TREES, max_size=3)


def policy(**changes: object) -> Policy:
    return Policy.model_validate(merged(Policy().model_dump(mode="json"), changes))


def test_the_defaults_are_those_of_the_house() -> None:
    assert policy().model_dump(mode="json") == {
        "self_nomination": "never",
        "self_assertion": "never",
        "min_seconds": 2,
        "min_distinct_affiliations": 1,
        "min_tenure_days": 14,
        "seconder_role": "member",
        "seconding": "invited",
        "review": {"mode": "panel", "panel_size": 3, "quorum": 2, "blind": True},
        "windows_days": {"second": 30, "review": 21, "info": 14, "offer": 60, "appeal": 30},
        "cooldown_days": {"renominate": 180, "not_yet": 90, "pair": 90},
        "limits": {"open_per_nominator": 5, "submitted_per_30d": 10, "drafts": 20},
        "evidence_min": 1,
        "anonymity": "open",
        "nominee_visibility": "at_offer",
        "stackable": False,
        "period": "none",
        "team": False,
        "validity_days": None,
        "status": "revocation",
    }


def test_a_change_in_one_part_leaves_its_neighbours() -> None:
    changed = policy(review={"quorum": 3})
    assert (changed.review.quorum, changed.review.panel_size) == (3, 3)


@given(OBJECTS)
def test_what_is_laid_over_nothing_is_itself(changes: dict[str, object]) -> None:
    assert merged({}, changes) == changes


@given(OBJECTS, OBJECTS)
def test_laying_the_same_changes_twice_changes_no_more(below: dict[str, object], changes: dict[str, object]) -> None:
    once = merged(below, changes)
    assert merged(once, changes) == once


@pytest.mark.parametrize(
    "changes",
    [{"minseconds": 3}, {"review": {"mode": "lottery"}}, {"min_seconds": "3"}, {"min_seconds": -1}, {"stackable": 1}],
)
def test_unknown_names_and_wrong_values_are_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        policy(**changes)


def test_seconds_alone_need_breadth_in_all_but_small_communities() -> None:
    alone = policy(review={"mode": "auto_on_seconds"})
    assert flaws(alone, members=SMALL_COMMUNITY - 1) == []
    pointers = [pointer for pointer, _ in flaws(alone, members=SMALL_COMMUNITY)]
    assert pointers == ["/policy/min_seconds", "/policy/min_distinct_affiliations"]
    broad = policy(review={"mode": "auto_on_seconds"}, min_seconds=3, min_distinct_affiliations=2)
    assert flaws(broad, members=1000) == []


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"review": {"panel_size": 1, "quorum": 1}}, "/policy/review/blind"),
        ({"review": {"quorum": 4}}, "/policy/review/quorum"),
        ({"stackable": True}, "/policy/period"),
    ],
)
def test_what_could_never_work_is_named(changes: dict[str, object], pointer: str) -> None:
    assert pointer in [where for where, _ in flaws(policy(**changes), members=30)]


def test_a_single_steward_decides_without_a_panel() -> None:
    assert flaws(policy(review={"mode": "single_steward", "panel_size": 1, "quorum": 1}), members=30) == []
