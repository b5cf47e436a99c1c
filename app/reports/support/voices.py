"""What surveys, stories, uptake and needs say, in sentences. Nothing is said that is not told."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from app.kit.wording import plain
from app.metrics.formulas.maturity import Stage
from app.reports.charts.saying import capital, spoken
from app.reports.support.figures import Figures
from app.reports.support.findings import Line, at_least, figure, percent
from app.reports.support.material import Asked, Counts, Stories
from app.stories.rules import CYCLES

TRUST: Final = "trust"
"""The key of the question about it, in the surveys that come along and wherever else it is asked under that name."""
LESS: Final = 0.05
"""On a scale of four: by so much of a mean trust has fallen."""
MORE: Final = 0.05
"""Growth from which on it is to be set beside trust: for certain, whatever is between the steps in which it is told."""


def belonging(waves: Sequence[Asked], *, small: bool) -> Iterator[Line]:
    """What each wave came to, item by item; or that it is withheld, and why."""
    for wave in waves:
        told, rests = wave.results, (f"wave:{wave.id}",)
        rate = told["response_rate"]
        part = f" ({percent(rate)})" if rate is not None and not small else ""
        many = f"fewer than {told['k']}" if told["n"] is None else told["n"]
        yield Line(
            f"“{wave.name}”, closed on {wave.closed_on}: {many} of {told['invited']} who were asked answered{part}.",
            rests,
        )
        for item in told["items"]:
            yield Line(_item(item, small=small), rests)
        if told["importance"] is not None:
            yield Line(f"Beside the scores: {_item(told['importance'], small=small)}", rests)


def trust(now: Figures, before: Sequence[Figures], waves: Sequence[Asked]) -> Iterator[Line]:
    """Trust beside growth, from the newest two waves that asked for it; and that they part, where they do."""
    asked = [(wave, item) for wave in waves if (item := trusted(wave)) is not None]
    if not asked:
        return
    wave, item = asked[-1]
    end = now.count("P1", "end")
    size = f"; at the end of the period there were at least {end:,} members" if end is not None else ""
    yield Line(
        f"Trust stood at {item['mean']:.2f} of {len(item['distribution'])} on {wave.closed_on}{size}.",
        (f"wave:{wave.id}", "P1"),
    )
    same = [other for other in asked[:-1] if other[1]["item"] == item["item"]]
    if not same:
        yield Line("It was not asked in these words before, so there is nothing to compare it with.", ())
        return
    earlier, was = same[-1]
    change = item["mean"] - was["mean"]
    changed = "no change" if round(change, 2) == 0 else f"{change:+.2f}".replace("-", "−")
    yield Line(
        f"On {earlier.closed_on} it was {was['mean']:.2f}: {changed}.", (f"wave:{earlier.id}", f"wave:{wave.id}")
    )
    sizes = _sizes(now, before)
    if sizes is not None and sizes[1] >= (1 + MORE) * (sizes[0] + now.by_id["P1"].k - 1) and change <= -LESS:
        begun, over = (spoken(each.window) for each in ((before or [now])[0], now))
        at_last = f"the end of {over}" if begun != over else "its end"
        yield Line(
            f"Size and trust part: the community grew, from at least {sizes[0]:,} members at the beginning of {begun} "
            f"to {sizes[1]:,} at {at_last}, while trust fell. Growth in which people do not feel "
            "safe does not last.",
            ("P1", f"wave:{wave.id}"),
        )


def stage(stages: Sequence[tuple[str, Stage]], stewards_say: Stage | None) -> Iterator[Line]:
    """At which stage of its life it is, as the rules have it, and as its stewards do."""
    if not stages:
        return
    period, now = stages[-1]
    yield Line(
        f"By the published rules it was {plain(now.value)} in {period}. Stages are no marks: none is better than "
        "another.",
        ("maturity",),
    )
    if stewards_say is not None:
        yield Line(f"Its stewards say that it is {plain(stewards_say.value)}.", ("maturity",))


def value(stories: Stories, counts: Counts) -> Iterator[Line]:
    """What came of it."""
    told = {cycle: count for cycle, count in stories.by_cycle.items() if count is not None}
    for cycle, count in told.items():
        yield Line(
            f"At least {figure(count)} stories tell of cycle {cycle} of value creation: {CYCLES[cycle]}",
            ("value-matrix",),
        )
    taken = counts.number("uptake", "all")
    if taken:
        inside = counts.number("uptake", "communities") or 0
        often = f"{taken:,} times, {inside or 'none'} of them by other communities"
        if taken == 1:
            often = "once, by another community" if inside else "once"
        yield Line(
            f"What was made here was taken up elsewhere {often}: with evidence that a steward has looked at.",
            ("uptake",),
        )
    asked, answered = counts.number("needs", "asked"), counts.number("needs", "answered")
    if asked:
        yield Line(f"{capital(at_least(asked, 'need was', 'needs were'))} put on the board in the period.", ("needs",))
    if answered:
        yield Line(f"{capital(at_least(answered, 'need was', 'needs were'))} answered in it.", ("needs",))


def effort(told: Mapping[str, Any] | None) -> Iterator[Line]:
    """What it took, in hours that members stated."""
    if told is None or not told["hours"]:
        return
    yield Line(f"Members stated that they worked {figure(told['hours'])} hours for it.", ("effort",))
    if told["volunteer_hours"]:
        yield Line(f"{figure(told['volunteer_hours'])} of them were volunteers' own time.", ("effort",))
    for one in told["sponsored"]:
        yield Line(f"{figure(one['hours'])} were paid for by {one['name']}.", ("effort",))
    if told.get("other_hours"):
        whose = "worked by volunteers, or paid for by sponsors, who are too few to be told of by themselves"
        yield Line(f"{figure(told['other_hours'])} of them were {whose}.", ("effort",))


def _item(item: Mapping[str, Any], *, small: bool) -> str:
    if item["suppressed"]:
        return f"“{item['text']}”: withheld, {item['reason']}."
    top = item["top_two"]
    agree = f", {percent(top)} took one of the two highest" if top is not None and not small else ""
    return f"“{item['text']}”: {item['mean']:.2f} of {len(item['distribution'])}{agree} (n = {item['n']})."


def trusted(wave: Asked) -> Mapping[str, Any] | None:
    """What was answered about trust, where enough people did."""
    found: Mapping[str, Any] | None = next(
        (item for item in wave.results["items"] if item["key"] == TRUST and not item["suppressed"]), None
    )
    return found


def _sizes(now: Figures, before: Sequence[Figures]) -> tuple[int, int] | None:
    """How many members there were, at first and at last, within the periods that are known of the last year."""
    end = now.count("P1", "end")
    start = before[0].count("P1", "start") if before else now.count("P1", "start")
    return (start, end) if end is not None and start else None
