"""From what is known to the report: one JSON document, of which the same material always makes the same bytes."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import rfc8785

from app.kit.wording import plain
from app.metrics import periods
from app.metrics.families import METRICS
from app.metrics.policy import Policy
from app.metrics.rates import without_rates
from app.metrics.results import Reason, Result
from app.reports.charts.saying import listed
from app.reports.support import findings, untold, voices
from app.reports.support.figures import Figures
from app.reports.support.findings import SECTIONS, Line
from app.reports.support.material import Asked, Material
from app.reports.support.pictures import pictures
from app.reports.support.places import in_words
from app.reports.support.untold import FEW_STORIES, PARTLY, UNQUOTED, WHY
from app.stories.rules import CYCLES

VERSION: Final = 5
"""Of how a report is written; it stands in each."""
HOW_TOLD: Final = (
    "Numbers are told in coarse steps, so that no difference of two of them tells of single people: people as the "
    "multiple of {k} below (“at least {least}” is {least} to {most}) and nobody as fewer than {k}, stories in the same "
    "steps and none as fewer than {k}, what people did rounded down to two digits, shares in steps of two people or "
    "more, spans of time roughly (13 days as 15). Answers to surveys and what was taken up elsewhere are counted as "
    "they are."
)
"""For whoever is to decide by them."""


def canonical(report: Mapping[str, Any]) -> bytes:
    """Its bytes (RFC 8785)."""
    return rfc8785.dumps(report)


def written(found: Material) -> dict[str, Any]:
    """The report. Of people's own words it has the ids; whoever shows it reads those that are still given."""
    small = found.now.small
    lines, charts = _lines(found), pictures(found)
    return {
        "report": "case-for-support",
        "version": VERSION,
        "community": {
            "slug": found.about.slug,
            "name": found.about.name,
            "description": found.about.description,
            "url": found.about.url,
        },
        "period": {"name": found.period, **found.window.to_dict()},
        "k": found.k,
        "rates_told": not small,
        "limits": list(_limits(found)),
        "how_told": HOW_TOLD.format(k=found.k, least=3 * found.k, most=4 * found.k - 1),
        "glance": list(_glance(found)),
        "sections": [
            {
                "key": key,
                "title": title,
                "lines": [line.to_dict() for line in lines[key]],
                "untold": None if lines[key] else untold.silence(found, key),
                "charts": [chart.id for chart in charts.get(key, ())],
            }
            for key, title in SECTIONS
        ],
        "charts": [chart.to_dict() for each in charts.values() for chart in each],
        "waves": [_wave(each, small=small) for each in found.waves],
        "stories": {
            "by_cycle": [
                {"cycle": cycle, "question": CYCLES[cycle], "count": count}
                for cycle, count in found.stories.by_cycle.items()
            ],
            "quoted": [{"id": str(id), "audience": "public"} for id in found.stories.quoted],
        },
        "stewards_say": found.stewards_say.value if found.stages and found.stewards_say else None,
        "effort": found.effort,
        "counts": found.counts.told,
        "counts_withheld": list(found.counts.withheld),
        "remarks": [str(id) for id in found.remarks],
        "unquoted": [
            {
                "wave": str(one.wave),
                "quoted": one.quoted,
                "not_quoted": one.not_quoted,
                "for_stewards": one.for_stewards,
            }
            for one in found.unquoted
        ],
        "notes": [str(id) for id in found.notes],
        "withheld": list(_withheld(found)),
        "without_value": list(_without_value(found)),
        "figures": [_figure(one, str(snapshot.id)) for snapshot in found.snapshots for one in snapshot.results],
        "snapshots": [
            {"id": str(each.id), "family": each.family, "period": each.period, "sha256": each.sha256}
            for each in found.snapshots
        ],
        "methods": [
            {
                "metric": one.metric,
                "name": one.name,
                "version": one.version,
                "what": METRICS[one.metric].about.what,
                "misleads": METRICS[one.metric].about.misleads,
                "path": f"/methods/{one.metric}",
            }
            for one in _results(found)
        ],
    }


def _lines(found: Material) -> Mapping[str, list[Line]]:
    now = found.now
    return {
        "size": list(findings.size(now)),
        "participation": list(findings.participation(now)),
        "recognition": list(findings.recognition(now)),
        "relations": list(findings.relations(now)),
        "belonging": list(voices.belonging(found.waves, small=now.small)),
        "trust": list(voices.trust(now, _of_a_year(found), [*found.earlier_waves, *found.waves])),
        "value": list(voices.value(found.stories, found.counts)),
        "effort": list(voices.effort(found.effort)),
        "stage": list(voices.stage(found.stages, found.stewards_say)),
    }


def _glance(found: Material) -> Iterator[dict[str, Any]]:
    """The first things that somebody wants to know, as far as they are told."""
    now = found.now
    asked = (
        ("members, at least", now.count("P1", "end"), "P1"),
        ("people who did something, at least", now.count("P5", "active"), "P5"),
        ("recognitions accepted, at least", now.count("R0", "accepted"), "R0"),
        (
            f"{'case' if found.counts.number('uptake', 'all') == 1 else 'cases'} of uptake elsewhere",
            found.counts.number("uptake", "all") or None,
            "uptake",
        ),
        ("stories of a difference made, at least", found.stories.by_cycle.get(4), "value-matrix"),
    )
    for what, number, rests in asked:
        if number is not None:
            yield {"number": number, "what": what, "rests_on": [rests]}


def _of_a_year(found: Material) -> Sequence[Figures]:
    """Earlier figures that began within a year of the period's end."""
    since = found.window.end.replace(year=found.window.end.year - 1, day=1)
    return [each for each in found.before if each.window.start >= since]


def _limits(found: Material) -> Iterator[str]:
    """What a reader has to know before any number."""
    least = 3 * found.k
    yield (
        f"Nothing is told of fewer than {found.k} people, and people are counted in steps of {found.k}, downwards: at "
        f"least {least} are {least} to {least + found.k - 1}."
    )
    for k in sorted({wave.results["k"] for wave in found.waves}):
        these = [f"“{wave.name}”" for wave in found.waves if wave.results["k"] == k]
        yield (
            f"Of the survey{'s' if len(these) > 1 else ''} {listed(these)} that means fewer than {k} answers to a "
            f"question; of {k} or more it is told how many chose each option, be it one person."
        )
    if found.counts.number("uptake", "all"):
        yield "What was taken up elsewhere is counted as it is: of works, each on record with its evidence."
    if found.effort is not None and found.effort["hours"]:
        yield f"Hours are summed as they were stated, where {found.k} people did and none of them more than half of it."
    yield (
        "People who do not want to be counted are in none of the numbers, but for two: answers to surveys, of which "
        "nobody can tell whose they are, and what was taken up elsewhere, which counts works."
    )
    yield "Only what was recorded is counted: who did something that nobody wrote down is not in it."
    if found.now.small:
        yield (
            f"Of fewer than {Policy.rates_from} members no shares are told: each person would weigh too much in them. "
            "Stories and ties say more."
        )
    yield "No number here says that one thing caused another, unless it is compared with people like those concerned."


def _withheld(found: Material) -> Iterator[dict[str, str]]:
    """Everything that is not told, each with the reason; so that nothing can be left out silently."""
    for one in _results(found):
        yield from _withheld_of(one)
    for wave in found.waves:
        for each in wave.results["withheld"]:
            yield {"what": f"“{wave.name}”: {each['what']}", "why": each["reason"]}
    for place in found.counts.withheld:
        yield {"what": f"number of {place.removeprefix('/').replace('/', ', ')}", "why": PARTLY.format(k=found.k)}
    for each in found.effort["withheld"] if found.effort is not None else ():
        yield {"what": f"effort: {plain(each['what'])}", "why": each["reason"]}
    for cycle, count in found.stories.by_cycle.items():
        if count is None:
            yield {"what": f"number of stories of cycle {cycle}", "why": FEW_STORIES.format(k=found.k)}
    yield from _unsaid(found)


def _unsaid(found: Material) -> Iterator[dict[str, str]]:
    """Words that are not quoted."""
    for one in found.unquoted:
        if one.not_quoted is None or one.for_stewards is None:
            yield {"what": f"“{one.name}”: remarks that are not quoted", "why": UNQUOTED.format(k=found.k)}
            continue
        for count, which, why in (
            (one.not_quoted, "that may be quoted", "nobody had quoted them when this report was made"),
            (one.for_stewards, "for the stewards alone", "that is what those who wrote them said"),
        ):
            yield {"what": f"“{one.name}”: {count:,} remarks {which}", "why": why}
    if found.few_notes:
        yield {"what": f"conversations: {found.few_notes:,}", "why": f"fewer than {found.k} people took part in each"}
    for kind in found.beyond:
        yield {"what": f"{kind}: some that could be quoted", "why": "no more than fifty of a kind are quoted"}


def _withheld_of(one: Result) -> Iterator[dict[str, str]]:
    if one.suppressed and one.n is None and one.reason is not None:
        yield {"what": f"{one.metric} {one.name}", "why": WHY[one.reason].format(k=one.k)}
    elif one.withheld:
        yield {"what": _parts(one, one.withheld), "why": PARTLY.format(k=one.k)}
    if one.rates_withheld:
        yield {"what": _parts(one, one.rates_withheld), "why": WHY[Reason.too_few_for_rates]}


def _parts(one: Result, places: Sequence[str]) -> str:
    return f"{one.metric} {one.name}: {in_words(places)}"


def _without_value(found: Material) -> Iterator[dict[str, str]]:
    """Figures that nobody withheld and that have no value."""
    for one in _results(found):
        if one.reason is not None and one.value is None and not one.suppressed:
            yield {"what": f"{one.metric} {one.name}", "why": WHY[one.reason].format(k=one.k)}


def _results(found: Material) -> Iterator[Result]:
    for snapshot in found.snapshots:
        yield from snapshot.results


def _figure(one: Result, snapshot: str) -> dict[str, Any]:
    where = {"snapshot": snapshot, "method": f"/methods/{one.metric}"}
    return one.to_dict() | {"window": periods.label(one.window), **where}


def _wave(wave: Asked, *, small: bool) -> dict[str, Any]:
    """All its items. Affiliations are left out: they are for those who are asked, and no item's answer."""
    told = {name: value for name, value in wave.results.items() if name not in {"by_affiliation", "remarks"}}
    return {
        "id": str(wave.id),
        "name": wave.name,
        "survey": wave.survey,
        "closed_on": wave.closed_on.isoformat(),
        "results": without_rates(told) if small else told,
    }
