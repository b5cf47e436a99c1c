"""Who was there, how deep they took part, and who came back: P1, P2, P5, P6, P14 to P16, P19."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

import numpy as np

from app.metrics import periods
from app.metrics.arrays import DAY, Flags, Ints, ints, lasts
from app.metrics.facts import Depth, Facts
from app.metrics.formulas import activity
from app.metrics.metric import Found
from app.metrics.periods import Kind, Window
from app.metrics.policy import Policy
from app.metrics.population import Grouping, by_affiliation, here, person_days, present, within
from app.metrics.telling import Given, Grows, Heads, Part, Rests, Share, Sides, Split, Tree, Wait, told_growth

BANDS = ("00-06", "06-12", "12-18", "18-24")
"""Hours of the day in UTC: a person's own evening may be in any."""
WEIGHTS = ints(1, 4, 7, 10)
"""Of the depths, for gravity (Orbit model)."""
DAYS = {"1": 1, "2-3": 2, "4-7": 4, "8 or more": 8}
ACTIVE_WANTED = (10, 50, 100)


def growth(facts: Facts, window: Window, policy: Policy) -> Found:
    """P1."""
    start, end = window.seconds
    now = _growth(facts, start, end)
    before = _growth(facts, *periods.previous(window).seconds)
    year = _growth(facts, periods.instant(_year_before(window)), end)
    rate, earlier, over = (told_growth(each.start, each.end, k=policy.k) for each in (now, before, year))
    return Found(
        now.end,
        {
            "start": Heads(now.start),
            "end": Heads(now.end),
            "rate": Grows(rate),
            "changes": {"joined": Heads(now.joined), "left": Heads(now.left)},
            "not_counted": Heads(facts.not_counted),
            "acceleration": Grows(activity.acceleration(rate, earlier)),
            "over_a_year": {"start": Heads(year.start), "rate": Grows(over)},
        },
    )


def _growth(facts: Facts, start: int, end: int) -> activity.Growth:
    """Whoever left and came back was away in between."""
    ever = activity.growth(facts.members.joined, facts.members.left, start, end)
    away = activity.growth(facts.gone.since, facts.gone.until, start, end)
    return activity.Growth(
        ever.start - away.start, ever.end - away.end, ever.joined + away.left, ever.left + away.joined
    )


def _year_before(window: Window) -> datetime:
    """A year before the end of a window; of the last of February, the first of March where there is no such day."""
    end = window.end
    try:
        return end.replace(year=end.year - 1)
    except ValueError:
        return end.replace(year=end.year - 1, month=3, day=1)


def profile(facts: Facts, window: Window, policy: Policy) -> Found:
    """P2."""
    who = present(facts, window)
    counts = np.bincount(_depths(facts, window)[who], minlength=len(Depth))
    return Found(int(who.sum()), _states(counts, people=True))


def _depths(facts: Facts, window: Window) -> Ints:
    """For each person the deepest they went in a window."""
    start, end = window.seconds
    inside = (facts.acts.at >= start) & (facts.acts.at < end)
    return activity.deepest(facts.acts.person[inside], facts.depth[inside], facts.people)


def _states(counts: Ints, *, people: bool) -> Split:
    """People by depth."""
    in_all = int(counts.sum())
    sizes = {depth.name: int(counts[depth]) for depth in Depth}

    def told(names: Collection[str]) -> Mapping[str, Tree]:
        count = sum(sizes[name] for name in names)
        share: Mapping[str, Tree] = {"share": Part(count, in_all)}
        return {"people_at_least": Heads(count), **share} if people else share

    return Split(sizes, told)


def active(facts: Facts, window: Window, policy: Policy) -> Found:
    """P5."""
    who = present(facts, window)
    acts = within(facts.acts, window)
    people = int(who.sum())
    did = np.unique(acts.person)
    days = person_days(facts, window)
    per_week = [len(activity.active(acts.person, acts.at, *week.seconds)) for week in periods.within(Kind.week, window)]
    groups = partial(Grouping.of, person=acts.person, among=facts.people)
    known = acts.channel >= 0
    channels = Grouping.of(facts.channels, acts.person[known], acts.channel[known], facts.people)
    hours = groups(BANDS, group=(acts.at % DAY) // (DAY // len(BANDS)))
    active_ones = np.zeros(facts.people, dtype=np.bool_)
    active_ones[did] = True
    value: Tree = {
        "active": Heads(len(did)),
        "share": Part(len(did), people),
        "person_days": days,
        "daily_mean": replace(days, then=lambda count: count / window.days),
        "weekly_mean": Heads(round(sum(per_week) / len(per_week))) if per_week else None,
        "channels": channels.split(len(did), named=False),
        "hours_utc": hours.split(len(did)),
        "affiliations": by_affiliation(facts, window, active_ones).split(len(did), named=False),
        "members_needed_for": {
            str(wanted): Share(len(did), people, partial(activity.people_needed, wanted)) for wanted in ACTIVE_WANTED
        },
    }
    return Found(people, value)


def stickiness(facts: Facts, window: Window, policy: Policy) -> Found:
    """P6."""
    did, days = len(np.unique(within(facts.acts, window).person)), person_days(facts, window)
    stickiness = Rests(activity.stickiness(days.count, window.days, did), did)
    return Found(did, {"stickiness": stickiness, "person_days": days, "days": Given(window.days)})


def kept(facts: Facts, window: Window, policy: Policy) -> Found:
    """P14."""
    before = np.unique(within(facts.acts, periods.previous(window)).person)
    now = np.unique(within(facts.acts, window).person)
    return Found(len(before), {"kept": Share(len(np.intersect1d(before, now)), len(before))})


def _both(facts: Facts, window: Window) -> tuple[Flags, Ints, Ints]:
    """Who was there in this window and the one before, and how deep everybody went in each: before, now."""
    before = periods.previous(window)
    who = present(facts, before) & present(facts, window)
    return who, _depths(facts, before), _depths(facts, window)


def gravity(facts: Facts, window: Window, policy: Policy) -> Found:
    """P15."""
    who, before, now = _both(facts, window)
    moved = int((now[who] != before[who]).sum())
    return Found(int(who.sum()), {"gravity": Sides(activity.gravity(now[who], before[who], WEIGHTS), (moved,))})


def transitions(facts: Facts, window: Window, policy: Policy) -> Found:
    """P19."""
    who, before, now = _both(facts, window)
    table = activity.transitions(before[who], now[who], len(Depth))
    return Found(int(who.sum()), {f"from_{depth.name}": _states(table[depth], people=False) for depth in Depth})


def presence(facts: Facts, window: Window, policy: Policy) -> Found:
    """P16."""
    start, end = window.seconds
    on = activity.active_days(facts.acts.person, facts.acts.at, start, window.days, facts.people)
    days = on[on > 0]
    last = lasts(facts.acts.person, facts.acts.at, facts.people, -1)
    ago = (end - 1 - last[here(facts, end - 1) & (last >= 0)]) // DAY
    value: Tree = {
        "active_days": _people(_banded(days, DAYS)),
        "median_days_since_last": Wait(float(np.median(ago)) if len(ago) else None, len(ago)),
    }
    return Found(len(days), value)


def _banded(of: Ints, bands: Mapping[str, int]) -> dict[str, int]:
    """How many are in each band, of which the least is given."""
    place = np.searchsorted(np.array(list(bands.values())), of, side="right") - 1
    return dict(zip(bands, np.bincount(place, minlength=len(bands)).tolist(), strict=True))


def _people(sizes: Mapping[str, int]) -> Split:
    in_all = sum(sizes.values())

    def told(names: Collection[str]) -> Mapping[str, Tree]:
        count = sum(sizes[name] for name in names)
        return {"people": Heads(count), "share": Part(count, in_all)}

    return Split(sizes, told)


COMPUTED: Sequence[tuple[str, str, Callable[[Facts, Window, Policy], Found]]] = (
    ("P1", "growth", growth),
    ("P2", "participation_profile", profile),
    ("P5", "active_members", active),
    ("P6", "stickiness", stickiness),
    ("P14", "kept_from_period_before", kept),
    ("P15", "gravity", gravity),
    ("P16", "presence", presence),
    ("P19", "mode_transitions", transitions),
)
