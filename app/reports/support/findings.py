"""What the figures say, in sentences: each names the figures that it rests on. Nothing is said that is not told."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.kit.wording import plain
from app.metrics.policy import Policy
from app.metrics.telling import Json
from app.reports.charts.saying import about, capital, days, listed, number, people
from app.reports.support.figures import Figures


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


def at_least(count: int, one: str, many: str) -> str:
    """So many things or more, as what people did is told."""
    return f"at least {times(count, one, many)}"


def percent(share: float) -> str:
    """In whole percent."""
    return f"{100 * share:.0f} %"


def changed(rate: float) -> str:
    """About how many more, or fewer, as rates of people are told."""
    return "about as many" if f"{100 * rate:.0f}" in {"0", "-0"} else f"about {100 * rate:+.0f} %".replace("-", "−")


def figure(value: float) -> str:
    """A number with at most one digit behind the point."""
    return f"{value:,.1f}".removesuffix(".0")


def size(at: Figures) -> Iterator[Line]:
    """Size and growth."""
    end, start = at.count("P1", "end"), at.count("P1", "start")
    if end is not None and start is not None:
        rate = at.number("P1", "rate")
        grown = f" ({changed(rate)})" if rate is not None and not at.small else ""
        yield Line(
            f"There were at least {end:,} members at the end of the period and {start:,} at its beginning{grown}.",
            ("P1",),
        )
    elif end is not None:
        yield Line(f"There were at least {end:,} members at the end of the period.", ("P1",))
    joined, left = at.count("P1", "changes", "joined"), at.count("P1", "changes", "left")
    moved = _moved(joined, "joined", left, "left")
    if moved:
        yield Line(moved, ("P1",))
    year, rate = at.count("P1", "over_a_year", "start"), at.number("P1", "over_a_year", "rate")
    if year and rate is not None and not at.small:
        yield Line(f"A year before the end of the period there were at least {year:,}: {changed(rate)} since.", ("P1",))


def participation(at: Figures) -> Iterator[Line]:
    """Who takes part, and how."""
    active, share = at.count("P5", "active"), at.number("P5", "share")
    if active is not None:
        of_all = f", {about(share)} of those who were members in it" if share is not None and not at.small else ""
        yield Line(f"{capital(people(active))} did something in the period{of_all}.", ("P5",))
    yield from _depths(at)
    yield from _stated(
        at,
        ("P14", ("kept",), "Of those who did something in the period before, {} did again."),
        ("P13", ("returned",), "Of those who had been away for long, {} came back."),
        ("P9", ("converted",), f"Of the newcomers, {{}} contributed within {_days(at, 'P9', 'within_days')}."),
    )
    wait = at.number("P10", "median_days")
    if wait is not None:
        yield Line(f"Half of the newcomers of the last year had contributed within {days(wait)}.", ("P10",))
    answer = at.number("P12", "median_seconds")
    if answer is not None:
        yield Line(f"Half of the questions were answered within {_long(answer / 86_400)}.", ("P12",))
    by, top = _makers_of_half(at), at.number("P4", "top_share", "0.1")
    if by is not None:
        said = f"Half of all contributions were made by {by}"
        also = f", and {about(top)} by a tenth of the members" if top is not None and not at.small else ""
        yield Line(f"{said}{also}: the fewer, the more it depends on them.", ("P11", "P4") if also else ("P11",))


def recognition(at: Figures) -> Iterator[Line]:
    """Whom it recognises."""
    accepted = at.count("R0", "accepted")
    if accepted is not None:
        said = at_least(accepted, "recognition was", "recognitions were")
        yield Line(f"{capital(said)} accepted.", ("R0",))
    yield from _kinds(at)
    least = at.count("R2", "least_contributions")
    yield from _stated(
        at, ("R2", ("covered",), f"Of those with {least} contributions or more in a year, {{}} have been recognised.")
    )
    unsung = at.count("R3", "unsung")
    if unsung:
        yield Line(f"{capital(people(unsung))} did far more than they were recognised for.", ("R3",))
    parity = at.number("R4", "parity")
    if parity is not None and not at.small:
        yield Line(
            f"Newcomers had about {number(parity)} times the part of the recognition that they had of the work; "
            "1 is parity.",
            ("R4",),
        )
    lag = at.number("R12", "median_days")
    if lag is not None:
        yield Line(f"From the work to its recognition it took {_long(lag)}, in the median.", ("R12",))
    yield from _followed(at)


def relations(at: Figures) -> Iterator[Line]:
    """How people are tied to each other."""
    helpers, helped = at.count("I9", "helpers"), at.count("I9", "helped")
    moved = _moved(helpers, "helped others", helped, "were helped")
    if moved:
        yield Line(moved, ("I9",))
    core = at.count("I6", "people_in_it")
    if core:
        yield Line(f"{capital(people(core))} are in the group that is tied most closely.", ("I6",))
    yield from _stated(
        at,
        ("B1", ("tied",), "Of all members, {} have somebody with whom help or recognition went both ways."),
        ("B2", ("recognised",), "Of all members, {} gave or received a recognition within a year."),
        ("I10", ("across",), "Of the ties, {} lead from one affiliation to another."),
    )


def _makers_of_half(at: Figures) -> str | None:
    """How many people; None where it is not told. Of few not how many, since all who look know who they are."""
    found, factor = at.by_id.get("P11"), at.count("P11", "all")
    if found is not None and factor is not None and factor >= found.k:
        return people(factor)
    return f"fewer than {found.k} people" if found is not None and found.n is not None else None


def _depths(at: Figures) -> Iterator[Line]:
    """How deep people went, each once."""
    groups = at.value("P2", "groups")
    said = {
        "create": "made something for others",
        "respond": "answered or worked with others",
        "consume": "took something in",
        "none": "did nothing that is recorded",
    }
    told = groups if isinstance(groups, dict) else {}
    parts = []
    for depth, did in said.items():
        least, share = (_number(told.get(depth), name) for name in ("people_at_least", "share"))
        if least is not None:
            also = f" ({about(share)})" if share is not None and not at.small else ""
            parts.append(f"{number(least)} {did}{also}")
    if parts:
        yield Line(f"By the furthest that each went, at least {listed(parts)}.", ("P2",))


def _kinds(at: Figures) -> Iterator[Line]:
    """What was recognised, the most frequent first."""
    found, groups = at.by_id.get("R0"), at.value("R0", "kinds", "groups")
    told = groups if isinstance(groups, dict) else {}
    counts = [(count, name) for name, one in told.items() if (count := _number(one, "recognitions")) is not None]
    if found is None or not counts:
        return
    most = [f"{plain(name) or 'of no type'} ({number(count)})" for count, name in sorted(counts)[:-6:-1]]
    of_all = ", as far as it is told" if any(each.startswith("/kinds/groups") for each in found.withheld) else ""
    yield Line(f"What was recognised most{of_all}, each at least so often: {', '.join(most)}.", ("R0",))


def _moved(count: int | None, did: str, other: int | None, did_too: str) -> str:
    """How many people did the one and how many the other, as far as it is told: «at least» counts for both."""
    told = [f"{people(one)} {said}" for one, said in ((count, did), (other, did_too)) if one is not None]
    if len(told) > 1:
        told[1] = f"{other:,} {did_too}"
    return f"{capital(', and '.join(told))}." if told else ""


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
        "After they were recognised, people's activity (contributions, of which those of "
        f"{Policy.half_life_days} days ago count half) changed by {_signed(difference)} compared with people as active "
        f"who were not{said}.{so}",
        ("R11",),
    )


def _stated(at: Figures, *each: tuple[str, tuple[str, ...], str]) -> Iterator[Line]:
    """Shares, each in its sentence; of few people none."""
    for metric, way, text in each:
        share = at.number(metric, *way)
        if share is not None and not at.small:
            yield Line(text.format(about(share)), (metric,))


def _days(at: Figures, metric: str, name: str) -> str:
    return f"{at.count(metric, name)} days"


def _long(days: float) -> str:
    """About how much time, in words."""
    if days < 1 / 24:
        return f"about {times(max(1, round(days * 1440)), 'minute', 'minutes')}"
    return f"about {times(round(days * 24), 'hour', 'hours')}" if days < 2 else f"about {figure(days)} days"


def _signed(value: float) -> str:
    return f"{value:+.1f}".replace("-", "−")


def _number(told: Json, name: str) -> float | None:
    """What a group is told to have; None where that is withheld."""
    found = told.get(name) if isinstance(told, dict) else None
    return found if isinstance(found, int | float) else None


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
