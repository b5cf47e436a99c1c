"""What the figures say, in sentences: each names the figures that it rests on. Nothing is said that is not told."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.metrics.telling import Json
from app.reports.charts.saying import people
from app.reports.support.figures import MAKERS, Figures


@dataclass(frozen=True)
class Line:
    """A sentence, and the ids of the figures, or waves, that its numbers are from."""

    text: str
    rests: tuple[str, ...]

    def to_dict(self) -> dict[str, Json]:
        """As JSON."""
        return {"text": self.text, "rests_on": list(self.rests)}


def times(count: int, one: str, many: str) -> str:
    """So many things."""
    return f"1 {one}" if count == 1 else f"{count:,} {many}"


def percent(share: float) -> str:
    """In whole percent."""
    return f"{100 * share:.0f} %"


def signed_percent(rate: float) -> str:
    """How much more, or less."""
    return "unchanged" if f"{100 * rate:.0f}" in {"0", "-0"} else f"{100 * rate:+.0f} %".replace("-", "−")


def figure(value: float) -> str:
    """A number with at most one digit behind the point."""
    return f"{value:,.1f}".removesuffix(".0")


def size(at: Figures) -> Iterator[Line]:
    """Size and growth."""
    end, start = at.count("P1", "end"), at.count("P1", "start")
    if end is not None and start is not None:
        rate = at.number("P1", "rate")
        grown = f" ({signed_percent(rate)})" if rate is not None and not at.small else ""
        yield Line(
            f"There were at least {end:,} members at the end of the period and {start:,} at its beginning{grown}.",
            ("P1",),
        )
    elif end is not None:
        yield Line(f"There were at least {end:,} members at the end of the period.", ("P1",))
    joined, left = at.count("P1", "changes", "joined"), at.count("P1", "changes", "left")
    if joined is not None and left is not None:
        yield Line(f"{_began(people(joined))} joined, and {people(left)} left.", ("P1",))
    year, rate = at.count("P1", "over_a_year", "start"), at.number("P1", "over_a_year", "rate")
    if year and rate is not None and not at.small:
        yield Line(
            f"A year before the end of the period there were at least {year:,}: {signed_percent(rate)} since.", ("P1",)
        )


def participation(at: Figures) -> Iterator[Line]:
    """Who takes part, and how."""
    active, share = at.count("P5", "active"), at.number("P5", "share")
    if active is not None:
        part = f", {percent(share)} of those who were members in it" if share is not None and not at.small else ""
        yield Line(f"{_began(people(active))} did something in the period{part}.", ("P5",))
    yield from _depths(at)
    yield from _stated(
        at,
        ("P14", ("kept",), "Of those who did something in the period before, {} did again."),
        ("P13", ("returned",), "Of those who had been away for long, {} came back."),
        ("P9", ("converted",), f"Of the newcomers, {{}} contributed within {_days(at, 'P9', 'within_days')}."),
    )
    wait = at.number("P10", "median_days")
    if wait is not None:
        yield Line(f"Half of the newcomers of the last year had contributed within {_long(wait)}.", ("P10",))
    answer = at.number("P12", "median_seconds")
    if answer is not None:
        yield Line(f"Half of the questions were answered within {_long(answer / 86_400)}.", ("P12",))
    by, top = _makers_of_half(at), at.number("P4", "top_share", "0.1")
    if by is not None:
        said = f"Half of all contributions were made by {by}"
        also = f", and {percent(top)} by a tenth of the members" if top is not None and not at.small else ""
        yield Line(f"{said}{also}: the fewer, the more it depends on them.", ("P11", "P4") if also else ("P11",))


def recognition(at: Figures) -> Iterator[Line]:
    """Whom it recognises."""
    accepted = at.count("R0", "accepted")
    if accepted is not None:
        yield Line(f"{_began(times(accepted, 'recognition was', 'recognitions were'))} accepted.", ("R0",))
    kinds = at.value("R0", "kinds", "groups")
    if isinstance(kinds, dict) and kinds:
        most = sorted(((_amount(told), name) for name, told in kinds.items()), reverse=True)[:5]
        listed = ", ".join(f"{name.replace('_', ' ') or 'of no type'} ({count})" for count, name in most)
        yield Line(f"What was recognised most: {listed}.", ("R0",))
    least = at.count("R2", "least_contributions")
    yield from _stated(
        at, ("R2", ("covered",), f"Of those with {least} contributions or more in a year, {{}} have been recognised.")
    )
    unsung = at.count("R3", "unsung")
    if unsung:
        yield Line(f"{_began(people(unsung))} did far more than they were recognised for.", ("R3",))
    parity = at.number("R4", "parity")
    if parity is not None and not at.small:
        yield Line(
            f"Newcomers had {parity:.2f} times the part of the recognition that they had of the work; 1 is parity.",
            ("R4",),
        )
    lag = at.number("R12", "median_days")
    if lag is not None:
        yield Line(f"From the work to its recognition it took {_long(lag)}, in the median.", ("R12",))
    yield from _followed(at)


def relations(at: Figures) -> Iterator[Line]:
    """How people are tied to each other."""
    helpers, helped = at.count("I9", "helpers"), at.count("I9", "helped")
    if helpers and helped:
        yield Line(f"{_began(people(helpers))} helped {people(helped)}.", ("I9",))
    core = at.count("I6", "people_in_it")
    if core:
        yield Line(f"{_began(people(core))} are in the group that is tied most closely.", ("I6",))
    yield from _stated(
        at,
        ("B1", ("tied",), "Of all members, {} have somebody with whom help or recognition went both ways."),
        ("B2", ("recognised",), "Of all members, {} gave or received a recognition within a year."),
        ("I10", ("across",), "Of the ties, {} lead from one affiliation to another."),
    )


def _makers_of_half(at: Figures) -> str | None:
    """How many people; None where it is not told. Of few not how many, since all who look know who they are."""
    found, factor = at.by_id.get("P11"), at.count("P11", "all")
    if factor is None and found is not None and MAKERS in found.withheld:
        return f"fewer than {found.k} people"
    return None if factor is None else people(factor)


def _depths(at: Figures) -> Iterator[Line]:
    """How deep people went, each once."""
    groups = at.value("P2", "groups")
    said = {
        "create": "made something for others",
        "respond": "answered or worked with others",
        "consume": "took something in",
        "none": "did nothing that is recorded",
    }
    if not isinstance(groups, dict):
        return
    parts = []
    for depth, did in said.items():
        told = groups.get(depth)
        least = told.get("people_at_least") if isinstance(told, dict) else None
        if isinstance(told, dict) and isinstance(least, int):
            share = told.get("share")
            also = f" ({percent(share)})" if isinstance(share, int | float) and not at.small else ""
            parts.append(f"{f'at least {least:,}' if least else 'nobody'} {did}{also}")
    if parts:
        yield Line(f"By the furthest that each went: {', '.join(parts)}.", ("P2",))


def _followed(at: Figures) -> Iterator[Line]:
    """What people did after they were recognised, beside others like them."""
    difference, interval = at.number("R11", "difference"), at.value("R11", "interval")
    if difference is None or at.small:
        return
    ends = [one for one in interval if isinstance(one, int | float)] if isinstance(interval, list) else []
    said = f" (95 % interval {_signed(ends[0])} to {_signed(ends[1])})" if len(ends) == 2 else ""
    sure = len(ends) == 2 and (ends[0] > 0 or ends[1] < 0)
    so = "" if sure else " This is no more than chance could make."
    yield Line(
        f"After they were recognised, people's activity changed by {_signed(difference)} compared with people "
        f"as active who were not{said}.{so}",
        ("R11",),
    )


def _stated(at: Figures, *each: tuple[str, tuple[str, ...], str]) -> Iterator[Line]:
    """Shares, each in its sentence; of few people none."""
    for metric, way, text in each:
        share = at.number(metric, *way)
        if share is not None and not at.small:
            yield Line(text.format(percent(share)), (metric,))


def _days(at: Figures, metric: str, name: str) -> str:
    return f"{at.count(metric, name)} days"


def _long(days: float) -> str:
    """A time, in words."""
    if days < 1 / 24:
        return f"{times(max(1, round(days * 1440)), 'minute', 'minutes')}"
    return times(round(days * 24), "hour", "hours") if days < 2 else f"{figure(days)} days"


def _signed(value: float) -> str:
    return f"{value:+.1f}".replace("-", "−")


def _amount(told: Json) -> int:
    found = told.get("recognitions") if isinstance(told, dict) else None
    return found if isinstance(found, int) else 0


def _began(text: str) -> str:
    return text[:1].upper() + text[1:]


SECTIONS: Sequence[tuple[str, str]] = (
    ("size", "Size and growth"),
    ("participation", "Taking part"),
    ("recognition", "Recognition"),
    ("relations", "Ties between people"),
    ("belonging", "Belonging"),
    ("trust", "Trust beside growth"),
    ("value", "What it is worth: stories, uptake, needs"),
    ("effort", "What it took"),
    ("stage", "Stage of its life"),
)
"""The parts of a report, in their order: the key of each, and its heading."""
