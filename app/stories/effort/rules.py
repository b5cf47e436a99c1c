"""Which sums of hours may be told: pure decisions.

A sum is told where it is that of k people at least, and none of them spent more than half of it: else whoever knows
their own hours could come near to those of one other (dominance; Willenborg and de Waal, Elements of Statistical
Disclosure Control, 2001). Hours are summed once for each quarter, and a year is the sum of what its quarters tell: so
nothing follows from the one that the other hides.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from app.kit.suppression import at_least, enough
from app.members.person import canonical_affiliation

SETTLING = timedelta(days=2)
"""How long after its end the hours of a quarter can still be stated; as long as figures wait."""
MOST_A_MONTH = 744 * 60
"""Minutes that a month has."""
VOLUNTEERS = "volunteers"
TOO_FEW = "fewer people than may be told of, or nearly all of it is one person's"
BESIDE_OTHERS = "it would tell of what is too small to be told"


@dataclass(frozen=True)
class Spent:
    """Time that somebody spent."""

    person: UUID
    """The same for all memberships of one person."""
    minutes: int
    sponsor: str | None
    """Who paid for it; None for volunteers."""


def quarter_of(day: date) -> date:
    """The first day of the quarter in which a day is."""
    return day.replace(month=day.month - (day.month - 1) % 3, day=1)


def next_quarter(first: date) -> date:
    """The first day of the quarter after the one that begins on `first`."""
    return quarter_of(first + timedelta(days=95))


def is_settled(quarter: date, now: datetime) -> bool:
    """Whether the hours of a quarter are summed by now, so that none are taken any more."""
    return now.date() >= next_quarter(quarter) + SETTLING


def summed(spent: Sequence[Spent], *, k: int, not_counted: int = 0) -> dict[str, Any]:
    """What is told of one quarter, as JSON: hours of volunteers and of each sponsor; what is withheld, and why.

    Of `not_counted` more people, who do not want to be counted, their number is told where it is that of k. People are
    told as the multiple of k below; that there were none is told as that there were fewer than k.
    """
    told: dict[str, Any] = {"k": k, "people": None, "hours": None, "volunteer_hours": None, "sponsored": [],
                            "other_hours": None, "withheld": [], "not_counted": None}  # fmt: skip
    told["not_counted"] = at_least(not_counted, k=k) or None
    if not _is_safe(spent, k):
        return told | {"withheld": [{"what": "hours", "reason": TOO_FEW}]}
    told |= {"people": at_least(len({one.person for one in spent}), k=k), "hours": _hours(spent)}
    groups: defaultdict[str, list[Spent]] = defaultdict(list)
    for one in spent:
        groups["" if one.sponsor is None else canonical_affiliation(one.sponsor)].append(one)
    hidden = _hidden(groups, k)
    told["volunteer_hours"] = None if "" in hidden else _hours(groups.get("", []))
    shown = sorted(name for name in groups if name and name not in hidden)
    told["sponsored"] = [{"name": _written(groups[name]), "hours": _hours(groups[name])} for name in shown]
    if hidden:
        told["other_hours"] = _hours([one for name in hidden for one in groups[name]])
        told["withheld"] = _reasons(groups, hidden, k)
    return told


def together(quarters: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Some quarters at once, from what each of them tells: `summed` of each, in any order.

    What one of them withholds is withheld. How many people it were is not told: some of them are in several.
    """
    rows = list(quarters)
    told: dict[str, Any] = {"quarters": len(rows), "hours": None, "volunteer_hours": None, "sponsored": [],
                            "other_hours": None, "withheld": []}  # fmt: skip
    told["withheld"] = sorted({(one["what"], one["reason"]) for row in rows for one in row["withheld"]})
    told["withheld"] = [{"what": what, "reason": reason} for what, reason in told["withheld"]]
    if any(row["hours"] is None for row in rows):
        return told
    sponsored: Counter[str] = Counter()
    for row in rows:
        sponsored.update({one["name"]: one["hours"] for one in row["sponsored"]})
    volunteers = [row["volunteer_hours"] for row in rows]
    told["hours"] = round(sum(row["hours"] for row in rows), 2)
    told["volunteer_hours"] = None if None in volunteers else round(sum(volunteers), 2)
    told["sponsored"] = [{"name": name, "hours": round(hours, 2)} for name, hours in sorted(sponsored.items())]
    told["other_hours"] = (
        round(told["hours"] - (told["volunteer_hours"] or 0) - sum(one["hours"] for one in told["sponsored"]), 2)
        or None
    )
    return told


def _hidden(groups: Mapping[str, Sequence[Spent]], k: int) -> set[str]:
    """Those that are not told of one by one: each that is too small, and others with it until they are safe at once."""
    hidden = {name for name in groups if not _is_safe(groups[name], k)}
    rest = sorted(groups.keys() - hidden, key=lambda name: (sum(one.minutes for one in groups[name]), name))
    while hidden and rest and not _is_safe([one for name in hidden for one in groups[name]], k):
        hidden.add(rest.pop(0))
    return hidden


def _reasons(groups: Mapping[str, Sequence[Spent]], hidden: set[str], k: int) -> list[dict[str, str]]:
    """Sponsors that are withheld are not named."""
    found = []
    if "" in hidden:
        reason = BESIDE_OTHERS if _is_safe(groups[""], k) else TOO_FEW
        found.append({"what": "volunteer_hours", "reason": reason})
    if hidden - {""}:
        found.append({"what": "sponsored", "reason": TOO_FEW})
    return found


def _is_safe(spent: Sequence[Spent], k: int) -> bool:
    each: Counter[UUID] = Counter()
    for one in spent:
        each[one.person] += one.minutes
    return enough(len(each), k=k) and 2 * max(each.values()) <= each.total()


def _hours(spent: Sequence[Spent]) -> float:
    return round(sum(one.minutes for one in spent) / 60, 2)


def _written(spent: Sequence[Spent]) -> str:
    """How most of them write it."""
    spellings = Counter(one.sponsor or "" for one in spent)
    return max(sorted(spellings), key=spellings.__getitem__)
