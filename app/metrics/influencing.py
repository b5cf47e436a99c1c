"""Four separate sides of influence, of the community as a whole: position in the net of recognition, people helped,
bridging, uptake elsewhere. Nowhere are they added up to one number."""

from collections.abc import Callable, Collection, Mapping, Sequence

import numpy as np

from app.metrics.arrays import DAY, Flags, Floats, Ints, distinct_pairs
from app.metrics.facts import Facts
from app.metrics.formulas import graphs, inequality, ties
from app.metrics.formulas.graphs import Net
from app.metrics.metric import Found, by_quarter
from app.metrics.periods import Window
from app.metrics.policy import Policy
from app.metrics.population import done_by, main_affiliation
from app.metrics.results import Reason
from app.metrics.standing import accepted, accepted_in, contacts, gifts, recognition_net
from app.metrics.telling import Heads, Json, Rests, Sides, Split, Tree

MONTH = 30 * DAY
TOP = 0.1


def compact(net: Net) -> tuple[Net, Ints]:
    """The net of those only who have a tie, and who they are."""
    people, place = np.unique(np.concatenate((net.source, net.target)), return_inverse=True)
    half = len(net.source)
    return Net.of(place[:half], place[half:], len(people), net.weight), people


def _graph(net: Net, policy: Policy) -> Reason | None:
    return Reason.too_few_for_a_graph if 0 < net.people < policy.graph_people else None


def ranks(facts: Facts, window: Window, policy: Policy) -> Found:
    """I1."""
    net, _ = compact(recognition_net(facts, window, policy))
    found = graphs.pagerank(net, damping=policy.damping)
    most = inequality.head_count(TOP, net.people)
    value: Tree = {
        "gini": inequality.gini(found),
        "top_tenth": Rests(inequality.top_share(found, TOP), most),
    }
    return Found(net.people, value, _graph(net, policy))


def between(facts: Facts, window: Window, policy: Policy) -> Found:
    """I4."""
    net = _compact_contacts(facts, window, policy)
    reason = _graph(net, policy)
    if reason is not None:
        return Found(net.people, None, reason)
    halves = graphs.sampled_betweenness(net, seed=policy.bootstrap_seed)
    if halves is None:
        return Found(net.people, {"gini": inequality.gini(graphs.betweenness(net, seed=policy.bootstrap_seed))})
    both: list[Json] = [inequality.gini(half) for half in halves]
    value: Tree = {"gini": inequality.gini((halves[0] + halves[1]) / 2), "of_halves_of_the_sample": both}
    return Found(net.people, value)


def year_of_contacts(facts: Facts, window: Window, policy: Policy) -> tuple[Net, Floats]:
    """The net they make of the year up to the end of a window, and for how many months each tie has been idle."""

    def found() -> tuple[Net, Floats]:
        end = window.seconds[1]
        known = contacts(facts, end - policy.covered_days * DAY, end, policy)
        net = known.net(facts.people)
        return net, (np.maximum(0, end - known.last(net)) // MONTH).astype(np.float64)

    return facts.once((year_of_contacts, window, policy), found)


def _compact_contacts(facts: Facts, window: Window, policy: Policy) -> Net:
    def found() -> Net:
        return compact(year_of_contacts(facts, window, policy)[0])[0]

    return facts.once((_compact_contacts, window, policy), found)


def cores(facts: Facts, window: Window, policy: Policy) -> Found:
    """I6."""
    net = _compact_contacts(facts, window, policy)
    found = graphs.cores(net)
    largest = int(found.max()) if len(found) else 0
    people = int((found == largest).sum())
    value: Tree = {"largest": Rests(largest, people), "people_in_it": Heads(people)}
    return Found(net.people, value, _graph(net, policy))


def h_index(facts: Facts, window: Window, policy: Policy) -> Found:
    """I7."""
    end = window.seconds[1]
    given = gifts(facts, accepted(facts, end - policy.covered_days * DAY, end))
    receiver, _ = distinct_pairs(given.receiver, given.giver, facts.people)
    by_receiver = np.bincount(receiver)
    return Found(len(np.unique(receiver)), {"h": Heads(inequality.h_index(by_receiver))})


def reach(facts: Facts, window: Window, policy: Policy) -> Found:
    """I8."""
    net, idle = year_of_contacts(facts, window, policy)
    found = graphs.reach(net, idle, month=policy.tie_month)
    theirs = found[found > 0]
    return Found(len(theirs), {"median": float(np.median(theirs)) if len(theirs) else None})


def helped(facts: Facts, window: Window, policy: Policy) -> Found:
    """I9."""
    start, end = window.seconds
    helps = facts.helps.where((facts.helps.at >= start) & (facts.helps.at < end))
    counts = ties.distinct_helped(helps.giver, helps.receiver, facts.people)
    others = helps.where(helps.giver != helps.receiver)
    given = counts[counts > 0]
    value: Tree = {
        "helpers": Heads(len(given)),
        "helped": Heads(len(np.unique(others.receiver))),
        "median_helped": float(np.median(given)) if len(given) else None,
    }
    return Found(len(given), value)


def _known_ties(facts: Facts, window: Window, policy: Policy) -> tuple[Net, Ints]:
    """The ties among people of whom it is known where they belong, and where that is."""
    net, _ = year_of_contacts(facts, window, policy)
    group = main_affiliation(facts, window.seconds[1] - 1)
    known = (group[net.source] >= 0) & (group[net.target] >= 0)
    return Net.of(net.source[known], net.target[known], facts.people, net.weight[known]), group


def bridging(facts: Facts, window: Window, policy: Policy) -> Found:
    """I10."""
    net, group = _known_ties(facts, window, policy)
    across = group[net.source] != group[net.target]
    given = gifts(facts, accepted_in(facts, window))
    known = (group[given.giver] >= 0) & (group[given.receiver] >= 0)
    abroad = group[given.giver[known]] != group[given.receiver[known]]
    receiver = given.receiver[known]
    value: Tree = {
        "across": Sides(float(across.mean()) if len(across) else None, _people(net.source, across)),
        "recognitions_across": Sides(float(abroad.mean()) if len(abroad) else None, _people(receiver, abroad)),
    }
    return Found(len(np.unique(net.source)), value)


def _people(person: Ints, which: Flags) -> tuple[int, int]:
    """Of how many people there are such rows, and of how many others."""
    return len(np.unique(person[which])), len(np.unique(person[~which]))


def homophily(facts: Facts, window: Window, policy: Policy) -> Found:
    """I11."""
    net, group = _known_ties(facts, window, policy)
    theirs = group[np.unique(net.source)]
    largest = int(np.bincount(theirs).max(initial=0))
    found = graphs.homophily(net, group)
    return Found(len(theirs), {"assortativity": Sides(found, (largest, len(theirs) - largest))})


def density(facts: Facts, window: Window, policy: Policy) -> Found:
    """I12."""
    net = _compact_contacts(facts, window, policy)
    return Found(net.people, {"density": graphs.density(len(net.source) // 2, net.people)})


def uptake(facts: Facts, window: Window, policy: Policy) -> Found:
    """I13."""
    start, end = window.seconds
    took = facts.uptakes.where((facts.uptakes.at >= start) & (facts.uptakes.at < end) & (facts.uptakes.verified == 1))
    rows = {"in_other_communities": took.between == 1, "elsewhere": took.between == 0}

    def together(names: Collection[str]) -> int:
        return len(np.unique(took.person[_any(rows, names)]))

    def told(names: Collection[str]) -> Mapping[str, Tree]:
        return {"credited": done_by(took.person[_any(rows, names)]), "people": Heads(together(names))}

    sizes = {name: together((name,)) for name in rows}
    people = len(np.unique(took.person))
    return Found(people, {"credited": done_by(took.person), "where": Split(sizes, told, together)})


def _any(rows: Mapping[str, Flags], names: Collection[str]) -> Flags:
    found: Flags = np.any([rows[name] for name in names], axis=0)
    return found


COMPUTED: Sequence[tuple[str, str, Callable[[Facts, Window, Policy], Found]]] = (
    ("I1", "rank_concentration", by_quarter(ranks)),
    ("I4", "betweenness_concentration", by_quarter(between)),
    ("I6", "cores", by_quarter(cores)),
    ("I7", "recognition_h_index", by_quarter(h_index)),
    ("I8", "reach", by_quarter(reach)),
    ("I9", "people_helped", helped),
    ("I10", "bridging", by_quarter(bridging)),
    ("I11", "homophily", by_quarter(homophily)),
    ("I12", "density", by_quarter(density)),
    ("I13", "uptake", uptake),
)
