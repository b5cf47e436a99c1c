"""Whether recognition is given evenly, by many and to many, and what became of it: R6, R8 to R11, C1, C2."""

from collections.abc import Callable, Collection, Mapping, Sequence

import numpy as np

from app.metrics.arrays import DAY, Flags, Floats, Ints, Places, chosen
from app.metrics.facts import Decisions, Facts
from app.metrics.formulas import activity, equity, inequality, matching, ties
from app.metrics.formulas.graphs import Net
from app.metrics.metric import Found
from app.metrics.periods import Window
from app.metrics.policy import Policy
from app.metrics.population import UNSTATED, Grouping, by_affiliation, done_by, here, within
from app.metrics.results import Reason
from app.metrics.standing import accepted, accepted_in, gifts, is_new, points, since
from app.metrics.telling import Heads, Rests, Share, Sides, Split, Tree, Wait

WEEK = 7 * DAY


def head_start(facts: Facts, window: Window, policy: Policy) -> Found:
    """R6."""
    start, _ = window.seconds
    done = points(facts, *window.seconds)
    did = done > 0
    before = accepted(facts, 0, start).per_person(facts.people)[did] > 0
    now = accepted_in(facts, window).per_person(facts.people)[did] > 0
    ratio = equity.head_start(now, before, done[did])
    sorts = (before & now, before & ~now, ~before & now, ~before & ~now)
    value: Tree = {"ratio": Sides(ratio, tuple(int(each.sum()) for each in sorts))}
    return Found(int(did.sum()), value)


def breadth(facts: Facts, window: Window, policy: Policy) -> Found:
    """R8."""
    given = gifts(facts, accepted_in(facts, window))
    active = chosen(within(facts.acts, window).person, facts.people) | chosen(given.giver, facts.people)
    counts = np.bincount(given.giver, minlength=facts.people)[active]
    people, givers = int(active.sum()), int((counts > 0).sum())
    return Found(people, {"givers": Share(givers, people), "gini_of_giving": Rests(inequality.gini(counts), givers)})


def affiliation_balance(facts: Facts, window: Window, policy: Policy) -> Found:
    """R9."""
    done = points(facts, *window.seconds)
    got = accepted_in(facts, window).per_person(facts.people)
    who = (done > 0) | (got > 0)
    groups = by_affiliation(facts, window, who)

    def told(names: Collection[str]) -> Mapping[str, Tree]:
        theirs = groups.members(names)
        parity = equity.parity(float(got[theirs].sum()), float(got.sum()), float(done[theirs].sum()), float(done.sum()))
        recognised, contributed = _sides(got, theirs), _sides(done, theirs)
        return {
            "recognition_share": Sides(_part(got, theirs), recognised),
            "contribution_share": Sides(_part(done, theirs), contributed),
            "parity": Sides(parity, (*recognised, *contributed)),
        }

    sizes = {name: size for name, size in groups.sizes().items() if size}
    split = Split(sizes, told, groups.together, named=False)
    return Found(int(who.sum()), {"affiliations": split})


def _sides(of: Ints, theirs: Flags) -> tuple[int, int]:
    """How many people have any of it, of these and of all others."""
    return int((of[theirs] > 0).sum()), int((of[~theirs] > 0).sum())


def _part(of: Ints, theirs: Flags) -> float | None:
    return float(of[theirs].sum()) / float(of.sum()) if of.any() else None


def decision_fairness(facts: Facts, window: Window, policy: Policy) -> Found:
    """R10."""
    start, end = window.seconds
    decided = facts.decisions.where((facts.decisions.decided >= start) & (facts.decisions.decided < end))
    new = is_new(facts, decided.submitted, decided.nominee, policy.newcomer_days)
    names, belonged = (*facts.affiliations, UNSTATED), _belonging(facts, decided)
    row, group = np.nonzero(belonged)
    belongs = Grouping.of(names, decided.nominee[row], group, facts.people)
    tenures = Grouping.of(("newcomers", "others"), decided.nominee, (~new).astype(np.int64), facts.people)
    value: Tree = {
        "tenure": _rates(decided, tenures, lambda names: _named(new, names), policy, named=True),
        "affiliations": _rates(
            decided,
            belongs,
            lambda some: chosen(np.nonzero(belonged[:, [name in some for name in names]])[0], len(decided)),
            policy,
            named=False,
        ),
    }
    return Found(len(np.unique(decided.nominee)), value)


def _belonging(facts: Facts, decided: Decisions) -> Flags:
    """Of each decision, where its nominee belonged then; the last column is of those of whom nothing is known."""
    found = np.zeros((len(decided), len(facts.affiliations) + 1), dtype=np.bool_)
    spells = facts.belongs
    theirs = Places(spells.person, facts.people)
    for row, (nominee, at) in enumerate(zip(decided.nominee.tolist(), decided.decided.tolist(), strict=True)):
        known = theirs.of(nominee)
        found[row, spells.what[known[(spells.since[known] <= at) & (spells.until[known] > at)]]] = True
    found[:, -1] = ~found.any(axis=1)
    return found


def _named(new: Flags, names: Collection[str]) -> Flags:
    return (new & ("newcomers" in names)) | (~new & ("others" in names))


def _rates(
    decided: Decisions,
    groups: Grouping,
    rows: Callable[[Collection[str]], Flags],
    policy: Policy,
    *,
    named: bool,
) -> Split:
    """Rates of approval by group, with their intervals; and what to make of the lowest and the highest told."""

    def rate(names: Collection[str]) -> equity.Rate:
        return equity.rate(decided.approved[rows(names)] == 1)

    def sides(names: Collection[str]) -> tuple[int, int]:
        """Of how many people something was approved, and of how many something was not."""
        yes = rows(names) & (decided.approved == 1), rows(names) & (decided.approved == 0)
        return len(np.unique(decided.nominee[yes[0]])), len(np.unique(decided.nominee[yes[1]]))

    def told(names: Collection[str]) -> Mapping[str, Tree]:
        found, theirs = rate(names), rows(names)
        days = (decided.decided - decided.submitted)[theirs] / DAY
        people = len(np.unique(decided.nominee[theirs]))
        return {
            "share": Sides(found.approved / found.decided if found.decided else None, sides(names)),
            "approved": done_by(decided.nominee[theirs & (decided.approved == 1)]),
            "decided": done_by(decided.nominee[theirs]),
            "interval": Sides([found.interval.low, found.interval.high], sides(names)),
            "median_days": Wait(float(np.median(days)) if len(days) else None, people),
        }

    def follows(names: Collection[str]) -> Mapping[str, Tree]:
        every = ((rate((name,)), sides((name,))) for name in names)
        compared = ((one, theirs) for one, theirs in every if one.decided >= policy.fairness_decisions)
        rates = sorted(compared, key=lambda one: one[0].approved / one[0].decided)
        if len(rates) < 2:
            return {"ratio": None, "verdict": equity.Fairness.insufficient.value}
        (low, of_low), (high, of_high) = rates[0], rates[-1]
        said = equity.fairness(low, high, least=policy.fairness_ratio, enough=policy.fairness_decisions)
        rests = (*of_low, *of_high)
        return {"ratio": Sides(equity.ratio(low, high), rests), "verdict": Sides(said.value, rests)}

    sizes = {name: size for name, size in groups.sizes().items() if named or size}
    return Split(sizes, told, groups.together, named=named, follows=follows)


def what_followed(facts: Facts, window: Window, policy: Policy) -> Found:
    """R11."""
    after = policy.after_days * DAY
    start, end = (edge - after - WEEK for edge in window.seconds)
    got = accepted(facts, start, end)
    trials = [
        trial
        for week in range(start, end, WEEK)
        if (trial := _trial(facts, week, min(week + WEEK, end), after, policy))
    ]
    effect = matching.difference(trials, rounds=policy.bootstrap_rounds, seed=policy.bootstrap_seed)
    treated = len(np.unique(got.receiver))
    if effect is None:
        return Found(treated, None, Reason.undefined if treated else None)
    smaller = min(effect.matched, effect.compared)
    value: Tree = {
        "matched": Heads(effect.matched),
        "unmatched": Heads(effect.unmatched),
        "raw_change": Rests(effect.raw, smaller),
        "difference": Rests(effect.difference, smaller),
        "interval": Rests([*effect.interval] if effect.interval else None, smaller),
    }
    return Found(treated, value)


def _trial(facts: Facts, week: int, ends: int, after: int, policy: Policy) -> matching.Trial | None:
    """Those recognised in a week, beside all who might have been and were not.

    Whom to compare is settled when the week is over. Who was recognised later, or left, is compared all the same: to
    leave out whoever did well afterwards would have recognition look like the reason (immortal time, Suissa 2008).
    """
    treated = chosen(accepted(facts, week, ends).receiver, facts.people)
    lately = chosen(accepted(facts, week - after, week).receiver, facts.people)
    before = _weighs(facts, week, policy)
    # Whoever had not yet done anything has no habit that recognition could have changed.
    who = here(facts, week) & (before > 0) & ~lately
    if not (treated & who).any():
        return None
    change = _weighs(facts, ends + after, policy) - before
    tenure = week - since(facts)
    return matching.Trial(np.flatnonzero(who), treated[who], before[who], tenure[who], change[who])


def _weighs(facts: Facts, at: int, policy: Policy) -> Floats:
    """What each person had done until an instant, older acts weighing less."""
    made = facts.output.where(facts.output.at < at)
    return activity.decayed(made.person, made.at, at, policy.half_life_days, facts.people)


def _net(facts: Facts, window: Window) -> Net:
    """Who recognised whom in a window, among those only who took part in it."""
    given = gifts(facts, accepted_in(facts, window))
    people, place = np.unique(np.concatenate((given.giver, given.receiver)), return_inverse=True)
    return Net.of(place[: len(given.giver)], place[len(given.giver) :], len(people))


def reciprocity(facts: Facts, window: Window, policy: Policy) -> Found:
    """C1."""
    net = _net(facts, window)
    return Found(net.people, {"reciprocity": Sides(ties.reciprocity(net), _in_ties(net))})


def _in_ties(net: Net) -> tuple[int, int]:
    """How many people have ties that go both ways, and how many have others."""
    mutual = net.mutual()
    return tuple(  # type: ignore[return-value]
        len(np.unique(np.concatenate((net.source[those], net.target[those])))) for those in (mutual, ~mutual)
    )


def beyond_chance(facts: Facts, window: Window, policy: Policy) -> Found:
    """C2."""
    net = _net(facts, window)
    return Found(net.people, {"rho": Sides(ties.beyond_chance(net), _in_ties(net))})


COMPUTED: Sequence[tuple[str, str, Callable[[Facts, Window, Policy], Found]]] = (
    ("R6", "head_start", head_start),
    ("R8", "nominator_breadth", breadth),
    ("R9", "affiliation_balance", affiliation_balance),
    ("R10", "decision_fairness", decision_fairness),
    ("R11", "what_followed_recognition", what_followed),
    ("C1", "reciprocity", reciprocity),
    ("C2", "reciprocity_beyond_chance", beyond_chance),
)
