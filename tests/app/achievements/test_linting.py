"""What is missing or unwise in an achievement is named, and only that."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.achievements.linting import LEAST_DAYS, lint
from app.achievements.rules import SMALL_COMMUNITY, Policy, flaws, merged


def policy(**changes: object) -> Policy:
    return Policy.model_validate(merged(Policy().model_dump(mode="json"), changes))


def warned(**changes: object) -> list[str]:
    """The pointers of what is unwise in a policy."""
    found = lint(policy(**changes), value_to_member="m", value_to_community="c")
    assert all(reason for _, reason in found)
    return [pointer.removeprefix("/policy/") for pointer, _ in found]


def test_the_defaults_are_wise() -> None:
    assert warned() == []


def test_an_achievement_that_does_not_say_what_it_is_worth_is_warned_of() -> None:
    found = [pointer for pointer, _ in lint(Policy(), value_to_member=None, value_to_community=None)]
    assert found == ["/value_to_member", "/value_to_community"]
    assert [p for p, _ in lint(Policy(), value_to_member="m", value_to_community=None)] == ["/value_to_community"]


AUTO = {"mode": "auto_on_seconds"}
STEWARD = {"mode": "single_steward"}
BREADTH = {"min_seconds": 3, "min_distinct_affiliations": 2}


@pytest.mark.parametrize(
    ("changes", "unwise"),
    [
        ({"review": AUTO}, ["min_seconds", "min_distinct_affiliations"]),
        ({"review": AUTO, "min_seconds": 0}, ["min_seconds", "min_distinct_affiliations"]),
        ({"min_seconds": 0}, []),
        ({"review": AUTO, **BREADTH}, []),
        ({"review": AUTO | {"panel_size": 5, "quorum": 3}, **BREADTH}, ["review/panel_size", "review/quorum"]),
        ({"review": STEWARD}, []),
        ({"review": STEWARD | {"panel_size": 1, "quorum": 1, "blind": False}}, []),
        ({"review": STEWARD | {"panel_size": 5, "quorum": 3}}, ["review/panel_size", "review/quorum"]),
        ({"review": {"quorum": 1}}, ["review/quorum"]),
        ({"review": {"panel_size": 4, "quorum": 2}}, ["review/quorum"]),
        ({"review": {"panel_size": 5, "quorum": 3}}, []),
        ({"self_nomination": "allowed"}, ["self_nomination"]),
        ({"self_nomination": "allowed_with_endorsement"}, []),
        ({"min_distinct_affiliations": 3}, ["min_distinct_affiliations"]),
        ({"evidence_min": 0}, ["evidence_min"]),
        ({"min_tenure_days": 0}, ["min_tenure_days"]),
        ({"cooldown_days": {"pair": 0}}, ["cooldown_days/pair"]),
        ({"period": "year"}, ["period"]),
        ({"period": "year", "stackable": True}, []),
        *(({"windows_days": {step: least}}, []) for step, least in LEAST_DAYS.items()),
        *(({"windows_days": {step: least - 1}}, [f"windows_days/{step}"]) for step, least in LEAST_DAYS.items()),
    ],
)
def test_what_is_unwise_is_named_and_only_that(changes: dict[str, Any], unwise: list[str]) -> None:
    assert warned(**changes) == unwise


POLICIES = st.builds(
    policy,
    min_seconds=st.integers(0, 5),
    min_distinct_affiliations=st.integers(0, 5),
    stackable=st.booleans(),
    period=st.sampled_from(["none", "year"]),
    review=st.fixed_dictionaries(
        {
            "mode": st.sampled_from(["panel", "single_steward", "auto_on_seconds"]),
            "panel_size": st.integers(1, 5),
            "quorum": st.integers(1, 5),
            "blind": st.booleans(),
        }
    ),
)


@given(POLICIES)
def test_what_a_larger_community_would_be_refused_a_small_one_is_warned_of(policy: Policy) -> None:
    refused_later = set(flaws(policy, members=SMALL_COMMUNITY)) - set(flaws(policy, members=SMALL_COMMUNITY - 1))
    warned = {pointer for pointer, _ in lint(policy, value_to_member="m", value_to_community="c")}
    assert {pointer for pointer, _ in refused_later} <= warned
