"""What is missing or unwise in an achievement, with the reason: warnings, never refusals. Plain values, no database."""

from collections.abc import Iterator

from app.achievements.rules import SMALL_COMMUNITY, Policy

Found = Iterator[tuple[str, str]]

LEAST_DAYS = {"second": 7, "review": 7, "info": 3, "offer": 7, "appeal": 7}
"""Days that people need for each step who have other things to do, or are away for a week."""


def lint(policy: Policy, *, value_to_member: str | None, value_to_community: str | None) -> list[tuple[str, str]]:
    """What a steward might want to mend, as (JSON pointer, reason); nothing is refused for it."""
    found: list[tuple[str, str]] = []
    if value_to_member is None:
        found.append(("/value_to_member", "nothing says what whoever earns it has of it, so why should they care"))
    if value_to_community is None:
        found.append(("/value_to_community", "nothing says what the community has of it, so why should it be awarded"))
    for part in (_deciding, _panel_of_none, _seconding, _time, _again):
        found += part(policy)
    return found


def _deciding(policy: Policy) -> Found:
    """Who decides."""
    review = policy.review
    if review.mode == "auto_on_seconds":
        if policy.min_seconds == 0:
            yield "/policy/min_seconds", "without a review and without seconds, whoever nominates decides alone"
        elif policy.min_seconds < 3:
            reason = f"with fewer than 3, two friends decide alone; refused from {SMALL_COMMUNITY} members on"
            yield "/policy/min_seconds", reason
        if policy.min_distinct_affiliations < 2:
            reason = f"one group of colleagues decides alone; refused from {SMALL_COMMUNITY} members on"
            yield "/policy/min_distinct_affiliations", reason
    if review.mode == "panel" and review.quorum * 2 <= review.panel_size:
        reason = f"{review.quorum} of {review.panel_size} approve against as many or more who do not"
        yield "/policy/review/quorum", reason
    if policy.self_nomination == "allowed":
        reason = "a badge that peers give says more; allowed_with_endorsement has somebody else vouch for it"
        yield "/policy/self_nomination", reason


_NO_PANEL = {
    "single_steward": "a single steward decides: nobody is drawn, the quorum is 1 and nothing is blind",
    "auto_on_seconds": "the seconds decide: no panel is drawn",
}
_WITHOUT = {"panel_size": 1, "quorum": 1, "blind": False}


def _panel_of_none(policy: Policy) -> Found:
    """What somebody set for a panel that there is not."""
    why = _NO_PANEL.get(policy.review.mode)
    defaults = Policy().review
    for field, instead in _WITHOUT.items():
        if why and getattr(policy.review, field) not in (instead, getattr(defaults, field)):
            yield f"/policy/review/{field}", f"has no effect here: {why}"


def _seconding(policy: Policy) -> Found:
    """What a nomination takes before anybody reviews it."""
    if policy.min_distinct_affiliations > policy.min_seconds > 0:
        reason = "so many affiliations take more seconds than min_seconds says"
        yield "/policy/min_distinct_affiliations", reason
    if policy.evidence_min == 0:
        yield "/policy/evidence_min", "what has no evidence can be checked by nobody, not even years later"
    if policy.min_tenure_days == 0:
        reason = "somebody who joined a minute ago may nominate: that is how made-up members nominate their maker"
        yield "/policy/min_tenure_days", reason


def _time(policy: Policy) -> Found:
    """How long each step may take."""
    for step, least in LEAST_DAYS.items():
        days = getattr(policy.windows_days, step)
        if days < least:
            given = f"{days} day{'s' if days > 1 else ''}"
            yield f"/policy/windows_days/{step}", f"{given} pass unnoticed by who is away; at least {least} are wise"


def _again(policy: Policy) -> Found:
    """What can be earned, or tried, more than once."""
    if policy.cooldown_days.pair == 0:
        reason = "two can recognise each other in turn without end"
        yield "/policy/cooldown_days/pair", reason
    if policy.period != "none" and not policy.stackable:
        yield "/policy/period", "has no effect: what is not stackable is earned once for good"
