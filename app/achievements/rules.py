"""The policy of an achievement: who may be recognised by it, how, and what follows. Plain values, no database."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

SMALL_COMMUNITY = 15
"""Members below which a recognition may pass on seconds alone with less breadth (nobody else is there to ask)."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True)


class StatusPurpose(StrEnum):
    """What the one status entry of a credential can say (OB 3.0 models one entry, standards of 2.5)."""

    revocation = "revocation"
    suspension = "suspension"


class Review(_Part):
    """How a nomination is decided."""

    mode: Literal["panel", "single_steward", "auto_on_seconds"] = "panel"
    """`panel`: people without a stake in it, drawn by lot. `single_steward`: one steward alone. `auto_on_seconds`: the
    seconds suffice."""
    panel_size: int = Field(3, ge=1, le=25)
    """How many are drawn."""
    quorum: int = Field(2, ge=1, le=25)
    """How many of them have to approve."""
    blind: bool = True
    """Whether the panel is not told who nominated, and others not who sits on it: from the draw on."""


class WindowsDays(_Part):
    """Days that each step may take."""

    second: int = Field(30, ge=1, le=3650)
    """To find people who second it; else it expires."""
    review: int = Field(21, ge=1, le=3650)
    """To weigh it; after that seats are given to others."""
    info: int = Field(14, ge=1, le=3650)
    """To answer a reviewer's question; after that the review goes on without an answer."""
    offer: int = Field(60, ge=1, le=3650)
    """To accept or refuse; else the offer expires."""
    appeal: int = Field(30, ge=1, le=3650)
    """To appeal against a decision."""


class CooldownDays(_Part):
    """Days to wait before trying again."""

    renominate: int = Field(180, ge=0, le=3650)
    """After it was declined, until the same person may be nominated for the same again."""
    not_yet: int = Field(90, ge=0, le=3650)
    """The same after `not_yet`."""
    pair: int = Field(90, ge=0, le=3650)
    """Until the same nominator may nominate the same person again."""


class PolicyLimits(_Part):
    """How much one nominator may have under way."""

    open_per_nominator: int = Field(5, ge=1, le=1000)
    """Nominations that are open at a time."""
    submitted_per_30d: int = Field(10, ge=1, le=1000)
    """Nominations that were submitted within 30 days."""
    drafts: int = Field(20, ge=1, le=1000)
    """Drafts at a time."""


class Policy(_Part):
    """The policy of one version of an achievement; the defaults are the house's recommendation."""

    self_nomination: Literal["never", "allowed", "allowed_with_endorsement"] = "never"
    """Whether people may nominate themselves."""
    self_assertion: Literal["never", "allowed"] = "never"
    """Whether a member may say of themself that they did it, with nobody else's word; peers may endorse it then."""
    min_seconds: int = Field(2, ge=0, le=100)
    """How many have to second a nomination."""
    min_distinct_affiliations: int = Field(1, ge=0, le=100)
    """How many affiliations those who second it have to come from."""
    min_tenure_days: int = Field(14, ge=0, le=3650)
    """How long somebody has been a member before they nominate."""
    seconder_role: Literal["member", "steward"] = "member"
    """Who may second: every person, or stewards."""
    seconding: Literal["invited", "community"] = "invited"
    """Who sees a nomination and may second it: who was asked to, or every member."""
    review: Review = Review()
    windows_days: WindowsDays = WindowsDays()
    cooldown_days: CooldownDays = CooldownDays()
    limits: PolicyLimits = PolicyLimits()
    evidence_min: int = Field(1, ge=0, le=50)
    """How many pieces of evidence a nomination needs."""
    anonymity: Literal["open", "to_nominee", "to_public"] = "open"
    """`to_nominee`: the nominee is not told who nominated. `to_public`: nobody beside those who take part is."""
    nominee_visibility: Literal["at_offer", "from_submission"] = "at_offer"
    """From when on the nominee knows of it."""
    stackable: bool = False
    """Whether one person may earn it again; needs a `period`."""
    period: Literal["none", "quarter", "year"] = "none"
    """The time in which it is earned once."""
    team: bool = False
    """Whether several people may be nominated together."""
    validity_days: int | None = Field(None, ge=1, le=36500)
    """How long a badge is valid; null is for ever."""
    status: Literal["revocation", "suspension"] = "revocation"
    """What a badge can be beside valid: ended for ever, or out of force for a while as well."""


def merged(defaults: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """`changes` laid deeply over `defaults`: objects are merged, everything else is replaced."""
    result = dict(defaults)
    for key, value in changes.items():
        below = result.get(key)
        result[key] = merged(below, value) if isinstance(below, Mapping) and isinstance(value, Mapping) else value
    return result


def flaws(policy: Policy, *, members: int) -> list[tuple[str, str]]:
    """What is wrong with a policy, as (JSON pointer, reason); `members` is the size of the community."""
    found: list[tuple[str, str]] = []
    review = policy.review
    if review.mode == "auto_on_seconds" and members >= SMALL_COMMUNITY:
        if policy.min_seconds < 3:
            reason = f"auto_on_seconds needs min_seconds of at least 3 in a community of {SMALL_COMMUNITY} or more"
            found.append(("/policy/min_seconds", reason))
        if policy.min_distinct_affiliations < 2:
            reason = "auto_on_seconds needs seconds from at least 2 affiliations, or one clique decides alone"
            found.append(("/policy/min_distinct_affiliations", reason))
    if review.mode == "panel" and review.blind and review.panel_size < 2:
        found.append(("/policy/review/blind", "a blind review needs a panel of at least 2"))
    if review.mode == "panel" and review.quorum > review.panel_size:
        found.append(("/policy/review/quorum", "the quorum is larger than the panel, so nothing could ever pass"))
    if policy.stackable and policy.period == "none":
        reason = "what can be earned again needs a period (quarter or year) in which it is earned once"
        found.append(("/policy/period", reason))
    return found
