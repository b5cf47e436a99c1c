"""At which stage of its life a community is: published rules, and two quarters in a row before anything changes.

Potential, forming, maturing, self-sustaining, transformation (Webber 2016, after Wenger, McDermott and Snyder 2002).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from math import sqrt
from typing import Any, Self

from app.kit import suppression
from app.kit.suppression import enough
from app.metrics.policy import Policy


class Stage(StrEnum):
    """In the order in which they mostly come."""

    potential = "potential"
    forming = "forming"
    maturing = "maturing"
    self_sustaining = "self_sustaining"
    transformation = "transformation"


@dataclass(frozen=True)
class Quarter:
    """What is known of one quarter; None of what is not known."""

    active: int
    """How many people did something."""
    members: int
    """How many were members for some of it and not away all the while, or did something in it."""
    at_end: int
    """How many were members at its end."""
    rhythm: float | None
    """Which share of the gatherings that the community meant to have took place."""
    leader_share: float | None
    """Which share of the gatherings the person convened who convened most."""
    kinds: int
    """Types of contributions in use: those by which people convene, and of all others those that k people made."""
    hosting_factor: int
    """How few people make half of the hosting."""
    answering_factor: int
    chartered: bool = True
    """Whether the charter is more than a draft."""
    changing: bool = False
    """Whether its purpose changed or its end is set."""
    hosts: int = 0
    """How many people convened something."""
    answerers: int = 0
    held: int = 0
    """How many gatherings took place."""
    newcomers: int = 0
    """How many first did something in the quarter before."""
    stayed: int = 0
    """How many of them did in this one."""
    recognising: int = 0
    """How many active members recognised somebody."""

    @classmethod
    def kept(cls, seen: Mapping[str, Any]) -> Self:
        """As it was written down, perhaps when other things were looked at: what was not is not known."""
        nothing = cls(0, 0, 0, None, None, 0, 0, 0)
        return replace(nothing, **{one.name: seen[one.name] for one in fields(cls) if one.name in seen})


class Rule(StrEnum):
    """What is looked at."""

    end_or_new_purpose = "end_or_new_purpose"
    active_share_falls = "active_share_falls"
    charter = "charter"
    rhythm = "rhythm"
    active = "active"
    leader_share_high = "leader_share_high"
    kinds = "kinds"
    retention = "retention"
    leader_share_low = "leader_share_low"
    hosting_factor = "hosting_factor"
    answering_factor = "answering_factor"
    recognisers = "recognisers"


TRANSFORMING = (Rule.end_or_new_purpose, Rule.active_share_falls)
"""Either makes it a transformation, whatever else is so."""
ASKED: Mapping[Stage, tuple[Rule, ...]] = {
    Stage.forming: (Rule.charter, Rule.rhythm, Rule.active),
    Stage.maturing: (Rule.leader_share_high, Rule.kinds, Rule.retention),
    Stage.self_sustaining: (Rule.leader_share_low, Rule.hosting_factor, Rule.answering_factor, Rule.recognisers),
}
"""What each stage asks for; the last two ask for what forming does, too."""


@dataclass(frozen=True)
class Check:
    """One rule, applied. `seen` is None where it would tell of fewer than k people, or nothing could be seen."""

    rule: Rule
    met: bool
    wanted: float | None = None
    seen: float | None = None


def checks(quarters: Sequence[Quarter], policy: Policy) -> tuple[Check, ...]:
    """Every rule for the last of these quarters, oldest first.

    A rule looks at a number as it would be told by itself, so whether it is met tells no more: what is not told does
    not meet it, and of a small community no share of people is told, as in its figures. Gatherings are what everybody
    sees: whether they take place, and whether one person convenes most of them, is looked at in tenths, and told only
    by whether it is above a bound where few convene.
    """
    now, k = quarters[-1], policy.k
    small = _small(now, policy)

    def share(part: int, whole: int) -> float | None:
        told, of_all = (suppression.at_least(people, k=k) for people in (part, whole))
        return None if small or 0 in (told, of_all) else round(told / of_all, 2)

    def at_least(rule: Rule, wanted: float, told: float | None, *, tells: bool = True) -> Check:
        return Check(rule, told is not None and told >= wanted, wanted, told if tells else None)

    high, low, factor = policy.maturity_leader_high, policy.maturity_leader_low, policy.maturity_absence_factor
    hosts, answerers = enough(now.hosts, k=k), enough(now.answerers, k=k)
    leads = None if small else _in_tenths(now.leader_share)
    active = suppression.at_least(now.active, k=k) or None
    return (
        Check(Rule.end_or_new_purpose, now.changing),
        Check(Rule.active_share_falls, _falling(quarters, policy)),
        Check(Rule.charter, now.chartered),
        at_least(Rule.rhythm, policy.maturity_rhythm, _in_tenths(now.rhythm), tells=hosts and not small),
        at_least(Rule.active, policy.maturity_active, active),
        Check(Rule.leader_share_high, leads is not None and leads <= high, high),
        at_least(Rule.kinds, policy.maturity_kinds, now.kinds, tells=False),
        at_least(Rule.retention, policy.maturity_retention, share(now.stayed, now.newcomers)),
        Check(Rule.leader_share_low, leads is not None and hosts and leads < low, low),
        at_least(Rule.hosting_factor, factor, now.hosting_factor if hosts else None, tells=False),
        at_least(Rule.answering_factor, factor, now.answering_factor if answerers else None, tells=False),
        at_least(Rule.recognisers, policy.maturity_recognisers, share(now.recognising, now.active)),
    )


def stage_of(quarters: Sequence[Quarter], policy: Policy) -> Stage:
    """What the last of these quarters, oldest first, looks like by itself. Of none: potential."""
    if not quarters:
        return Stage.potential
    met = {check.rule for check in checks(quarters, policy) if check.met}
    if met.intersection(TRANSFORMING):
        return Stage.transformation
    if not met.issuperset(ASKED[Stage.forming]):
        return Stage.potential
    # Where it does not yet do what a later stage asks for, a community that meets regularly is forming.
    later = (Stage.self_sustaining, Stage.maturing)
    return next((stage for stage in later if met.issuperset(ASKED[stage])), Stage.forming)


def _falling(quarters: Sequence[Quarter], policy: Policy) -> bool:
    """Whether the share of active members fell two quarters in a row, in all by more than chance would have it.

    It is that of the numbers as they are told, as in the figures: of fewer than k as good as none, and of a small
    community not looked at. Two proportions are compared with their pooled standard error, and with that of steps of k.
    """
    told = [
        (suppression.at_least(each.active, k=policy.k), suppression.at_least(each.members, k=policy.k))
        for each in quarters[-3:]
        if not _small(each, policy)
    ]
    if len(told) < 3 or not all(members for _, members in told):
        return False
    (first, of_first), _, (last, of_last) = told
    shares = [active / members for active, members in told]
    pooled = (first + last) / (of_first + of_last)
    chance = pooled * (1 - pooled) * (1 / of_first + 1 / of_last)
    steps = (policy.k**2 - 1) / 12 * (1 / of_first**2 + 1 / of_last**2)
    return shares[0] > shares[1] > shares[2] and shares[0] - shares[2] > policy.maturity_fall * sqrt(chance + steps)


def _small(quarter: Quarter, policy: Policy) -> bool:
    """Whether its figures have no shares."""
    return quarter.at_end < policy.rates_from


def _in_tenths(share: float | None) -> float | None:
    return None if share is None else round(share, 1)


def settled(stage: Stage | None, looked_like: Stage | None, looks_like: Stage) -> Stage:
    """The stage of a quarter, given that of the one before and what both look like by themselves.

    It changes once the rules have said the same other stage two quarters in a row.
    """
    return looks_like if stage is None or looked_like is looks_like else stage


def history(quarters: Sequence[Quarter], policy: Policy) -> tuple[Stage, ...]:
    """The stage of each quarter, oldest first."""
    found: list[Stage] = []
    before: Stage | None = None
    for count in range(1, len(quarters) + 1):
        now = stage_of(quarters[:count], policy)
        found.append(settled(found[-1] if found else None, before, now))
        before = now
    return tuple(found)
