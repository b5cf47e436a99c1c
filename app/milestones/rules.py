"""A milestone's rule: what has to add up, within which time, and what follows. Plain values, no database."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Kinds(_Part):
    """Which contributions count: those whose type fits every list that is not empty; all, if all are empty."""

    types: tuple[str, ...] = Field((), max_length=100)
    """Types, such as `hosting`."""
    modes: tuple[Literal["consume", "contribute", "collaborate", "co_create", "champion"], ...] = ()
    """Modes of taking part (CSCCE Community Participation Model)."""
    cycles: tuple[Annotated[int, Field(ge=1, le=5)], ...] = Field((), max_length=5)
    """Cycles of value creation (Wenger-Trayner)."""
    care_areas: tuple[str, ...] = Field((), max_length=20)
    """Areas of care, such as `love_and_care`."""
    loops: tuple[Literal["inner", "outer"], ...] = ()
    """Inside the community's practice, or towards formal programmes and employers."""

    def is_everything(self) -> bool:
        """Whether nothing is left out."""
        return not (self.types or self.modes or self.cycles or self.care_areas or self.loops)


EVERYTHING = Kinds()


class Count(_Part):
    """So many contributions."""

    kind: Literal["count"]
    of: Kinds = EVERYTHING
    at_least: int = Field(ge=1, le=10_000)


class PeopleHelped(_Part):
    """So many different people for whom, or with whom, something was done: one friend helped often is one person."""

    kind: Literal["people_helped"]
    of: Kinds = EVERYTHING
    at_least: int = Field(ge=1, le=10_000)


class Weeks(_Part):
    """So many different weeks (ISO 8601) with a contribution: steady care rather than one busy day."""

    kind: Literal["weeks"]
    of: Kinds = EVERYTHING
    at_least: int = Field(ge=1, le=520)


class AcrossAffiliations(_Part):
    """So large a share of what was done for or with others reached somebody of another affiliation."""

    kind: Literal["across_affiliations"]
    of: Kinds = EVERYTHING
    share: float = Field(gt=0, le=1)
    """Of those contributions of which it can be told: both affiliations are known."""
    of_at_least: int = Field(3, ge=1, le=10_000)
    """Contributions of which it can be told; of fewer no share is taken."""


class Holds(_Part):
    """So many of these achievements are held: a series."""

    kind: Literal["holds"]
    achievements: tuple[UUID, ...] = Field(min_length=1, max_length=50)
    at_least: int = Field(ge=1, le=50)


class Anniversary(_Part):
    """So many years since they joined. The same rule is met again by every further so many years."""

    kind: Literal["anniversary"]
    years: int = Field(ge=1, le=100)


class First(_Part):
    """The first contribution of these kinds that they ever made."""

    kind: Literal["first"]
    of: Kinds = EVERYTHING


class Returned(_Part):
    """Somebody who had done nothing for a while is back. A welcome: being away never costs anything."""

    kind: Literal["returned"]
    after_days: int = Field(60, ge=14, le=3650)
    of: Kinds = EVERYTHING


Criterion = Annotated[
    Count | PeopleHelped | Weeks | AcrossAffiliations | Holds | Anniversary | First | Returned,
    Field(discriminator="kind"),
]
_COST: tuple[tuple[type[_Part], ...], ...] = (
    (Anniversary,),
    (Holds,),
    (First, Returned),
    (Count, Weeks),
    (PeopleHelped, AcrossAffiliations),
)
"""How much has to be looked at, from the least on: the cheap ones are asked first, and mostly say no."""


class Gates(_Part):
    """What keeps a rule from being met by one busy day, or by two friends: asked of everything that it counts."""

    distinct_people: int = Field(0, ge=0, le=1000)
    """Different people for or with whom it was done."""
    distinct_weeks: int = Field(0, ge=0, le=520)
    most_for_one: float = Field(1, gt=0, le=1)
    """The largest share of it that may be for one and the same person."""


class Result(_Part):
    """What follows. Whatever a rule gives is offered, and becomes a badge when the recipient accepts."""

    kind: Literal["offer", "draft", "suggest"]
    """`offer`: the badge. `draft`: a nomination, for a steward to finish. `suggest`: stewards are told."""
    achievement: UUID


class Rule(_Part):
    """A milestone: all criteria within the window, and the gates."""

    all_of: tuple[Criterion, ...] = Field(min_length=1, max_length=10)
    window_days: int | None = Field(None, ge=1, le=3650)
    """How far back contributions count; null for ever."""
    gates: Gates = Gates()
    cooldown_days: int | None = Field(None, ge=1, le=3650)
    """Until the same person can meet it again, with what they did since; null for never again."""
    result: Result
    a_day: int = Field(25, ge=1, le=1000)
    """At how many people a day the result goes out; the others wait, so that no inbox is flooded."""

    @cached_property
    def cheapest_first(self) -> list[tuple[int, Criterion]]:
        """The criteria with their places in `all_of`, in the order in which they are asked."""
        return sorted(enumerate(self.all_of), key=lambda placed: _cost(placed[1]))

    @cached_property
    def kinds(self) -> list[Kinds]:
        """Of the criteria that look at contributions."""
        return [one.of for one in self.all_of if not isinstance(one, Holds | Anniversary)]

    def meets_again(self) -> bool:
        """Whether it is met anew by its own nature: an anniversary, or a return."""
        return any(isinstance(one, Anniversary | Returned) for one in self.all_of)

    def is_within_its_window(self) -> bool:
        """Whether nothing is asked of what somebody did before the window."""
        return self.window_days is not None and not any(isinstance(one, First | Returned) for one in self.all_of)


@dataclass(frozen=True)
class There:
    """What there is in a community that a rule can name."""

    types: frozenset[str]
    """Of contributions."""
    care_areas: frozenset[str]
    achievements: frozenset[UUID]
    """Those of the ones that the rule names."""
    stackable: bool
    """Whether what it gives can be earned more than once."""


def flaws(rule: Rule, there: There) -> list[tuple[str, str]]:
    """What is wrong with a rule, as (JSON pointer, reason)."""
    found = [(f"/all_of/{n}{where}", why) for n, one in enumerate(rule.all_of) for where, why in _unmet(one, there)]
    if all(isinstance(one, Count | First) and one.of.is_everything() and _is_one(one) for one in rule.all_of):
        found.append(("/all_of", "everybody who does anything at all meets it at once: say what it is for"))
    if rule.window_days is not None and any(isinstance(one, First) for one in rule.all_of):
        found.append(("/window_days", "what was somebody's first ever is not asked within a window"))
    if rule.result.kind == "offer" and not there.stackable:
        if rule.cooldown_days is not None:
            found.append(("/cooldown_days", "its achievement is earned once: let its policy be stackable, or say null"))
        elif rule.meets_again():
            told = "years and returns come again, and it is earned once: let its policy be stackable, or suggest it"
            found.append(("/result/achievement", told))
    return found


def _unmet(one: Criterion, there: There) -> Iterator[tuple[str, str]]:
    """Why a criterion can never be met."""
    if isinstance(one, Holds):
        if one.at_least > len(set(one.achievements)):
            yield "/at_least", "more than there are, so nobody could ever meet it"
        for n, achievement in enumerate(one.achievements):
            if achievement not in there.achievements:
                yield f"/achievements/{n}", "the community has no such achievement"
    elif not isinstance(one, Anniversary):
        for names, known, what in (
            ("types", there.types, "type"),
            ("care_areas", there.care_areas, "area of care"),
        ):
            unknown = next((name for name in getattr(one.of, names) if name not in known), None)
            if unknown is not None:
                yield f"/of/{names}", f"the community has no {what} {unknown[:64]}"


def _cost(one: Criterion) -> int:
    return next(cost for cost, kinds in enumerate(_COST) if isinstance(one, kinds))


def _is_one(one: Criterion) -> bool:
    return isinstance(one, First) or (isinstance(one, Count) and one.at_least == 1)


def loop(rules: dict[UUID, Rule], achievement_of: dict[UUID, UUID]) -> list[UUID] | None:
    """Achievements that, by these rules, give each other in a circle, in its order; None if there is no such circle.

    `rules` by id, `achievement_of` the achievement that each gives: what needs a badge that needs it is never met, or
    never ends.
    """
    gives: dict[UUID, set[UUID]] = {}
    for id, rule in rules.items():
        needed = {held for one in rule.all_of if isinstance(one, Holds) for held in one.achievements}
        for held in needed:
            gives.setdefault(held, set()).add(achievement_of[id])
    return _circle(gives)


def _circle(gives: dict[UUID, set[UUID]]) -> list[UUID] | None:
    """Depth first, without recursion: a chain may be long."""
    done: set[UUID] = set()
    for start in gives:
        path: list[UUID] = []
        stack: list[tuple[UUID, bool]] = [(start, False)]
        while stack:
            at, leaving = stack.pop()
            if leaving:
                path.pop()
                done.add(at)
            elif at in path:
                return [*path[path.index(at) :], at]
            elif at not in done:
                path.append(at)
                stack.append((at, True))
                stack += [(further, False) for further in sorted(gives.get(at, ()))]
    return None
