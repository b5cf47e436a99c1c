"""Numbers, periods and lists in words."""

from collections.abc import Sequence

from app.metrics import periods
from app.metrics.periods import Kind, Window

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_QUARTERS = ("first", "second", "third", "fourth")


def spoken(window: Window) -> str:
    """What a period is called: «October 2026», «the third quarter of 2026»."""
    start = window.start
    match periods.kind_of(window):
        case Kind.week:
            year, week, _ = start.isocalendar()
            return f"week {week} of {year}"
        case Kind.month:
            return f"{MONTHS[start.month - 1]} {start.year}"
        case Kind.quarter:
            return f"the {_QUARTERS[start.month // 3]} quarter of {start.year}"
        case Kind.year:
            return str(start.year)
        case _:
            return periods.label(window)


def beside(window: Window, other: Window) -> str:
    """What a period is called after another was: «the second», where that was «the third quarter of 2026»."""
    name, after = spoken(window), spoken(other)
    for tail in (f" quarter of {window.start.year}", f" of {window.start.year}", f" {window.start.year}"):
        if name.endswith(tail) and after.endswith(tail):
            return name.removesuffix(tail)
    return name


def number(value: float, digits: int = 2) -> str:
    """A number without trailing zeros: 3.50 is «3.5», and of thousands there are commas."""
    whole = f"{value:,.{digits}f}"
    return whole.rstrip("0").rstrip(".") if "." in whole else whole


def percent(share: float, digits: int = 0) -> str:
    """A share as percent: .95 is «95 %». In whole ones no part is all, and none nothing."""
    if digits == 0 and 0.995 <= share < 1:
        return "over 99 %"
    if digits == 0 and 0 < share < 0.005:
        return "under 1 %"
    return f"{number(100 * share, digits)} %"


def many(count: int, one: str, more: str | None = None) -> str:
    """So many of something: «1 member», «12 members», «no members»."""
    named = one if count == 1 else more or f"{one}s"
    return f"{number(count, 0) if count else 'no'} {named}"


def about(share: float) -> str:
    """A share that was rounded, as percent: «about 60 %»."""
    said = percent(share)
    return f"about {said}" if said[0].isdecimal() else said


def people(count: int) -> str:
    """So many of them or more, as numbers of people are told: «at least 15 people»."""
    return f"at least {many(count, 'person', 'people')}"


def days(count: float) -> str:
    """About how many days, of a span that is told in whole ones: none is less than one."""
    return f"about {number(count, 1)} {'day' if count == 1 else 'days'}" if count else "a day"


def listed(parts: Sequence[str]) -> str:
    """«a, b and c»."""
    return " and ".join((", ".join(parts[:-1]), parts[-1])) if len(parts) > 1 else "".join(parts)


def hidden(windows: Sequence[Window]) -> str | None:
    """That something is withheld for these periods; None where there are none."""
    if not windows:
        return None
    return f"For {listed([*map(spoken, windows)])} it is withheld, since it would tell of too few people."


def sentences(*said: str | None) -> str:
    """Those that are there, after each other."""
    return " ".join(each for each in said if each)


def capital(text: str) -> str:
    """With a capital at its beginning, and the rest as it is."""
    return text[:1].upper() + text[1:]
