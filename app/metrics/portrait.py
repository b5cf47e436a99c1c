"""What one person may see of themselves, and nobody else: sides that are told apart and never added up, no rank."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from app.metrics.arrays import DAY, Ints, Places
from app.metrics.belonging_facts import has_reciprocal_tie, has_recognition
from app.metrics.facts import Depth, Facts
from app.metrics.formulas import activity, graphs, inequality
from app.metrics.influencing import compact, year_of_contacts
from app.metrics.periods import Window
from app.metrics.policy import Policy
from app.metrics.population import main_affiliation
from app.metrics.results import Reason
from app.metrics.standing import accepted, gifts, recognition_net
from app.metrics.telling import Json

VERSION: Final = 2
"""Of the way in which all of this is computed."""
METHODS: Final[Mapping[str, str]] = {
    "/participation/active_days": "P16",
    "/participation/modes": "P2",
    "/participation/decayed": "P18",
    "/participation/burstiness": "P17",
    "/strengths/evenness": "R7",
    "/influence/standing/times_average": "I1",
    "/influence/standing/recognition_h_index": "I7",
    "/influence/people_helped": "I9",
    "/influence/ties/reach": "I8",
    "/influence/ties/across_affiliations": "I10",
    "/influence/uptake": "I13",
    "/belonging/reciprocal_tie": "B1",
    "/belonging/recognition_given_or_received": "B2",
}
"""The figures of all whose method is also that of a part, by JSON pointer."""
MISLEADS: Final = (
    "What nobody wrote down is missing, and that is often care for others. More is not better: people take part as "
    "their life allows. The parts are told apart because no sum of them means anything; they are for looking at "
    "oneself, not for holding against somebody else's."
)


def about(facts: Facts, window: Window, policy: Policy, person: int) -> dict[str, Json]:
    """Participation, strengths, the four sides of influence and ties of the person in a row.

    From the whole facts: whom they helped, and who recognised them, is there whether they want to be counted or not.
    It is this person's own record, which would else tell them who does not. From facts that were cut `until` the end
    of the window, one after the other costs little.
    """
    known = facts.until(window.seconds[1])
    tied = known.once((has_reciprocal_tie, window, policy), lambda: has_reciprocal_tie(known, window, policy))
    recognised = known.once((has_recognition, window, policy), lambda: has_recognition(known, window, policy))
    return {
        "participation": _participation(known, window, policy, person),
        "strengths": _strengths(known, person),
        "influence": {
            "standing": _standing(known, window, policy, person),
            "people_helped": _helped(known, window, person),
            "ties": _ties(known, window, policy, person),
            "uptake": _uptake(known, person),
        },
        "belonging": {
            "reciprocal_tie": bool(tied[person]),
            "recognition_given_or_received": bool(recognised[person]),
        },
    }


def _places(facts: Facts, column: str, who: Ints) -> Places:
    """Where each person is in a column of people, which is looked through once for all of them."""
    return facts.once((Places, column), lambda: Places(who, facts.people))


def _participation(facts: Facts, window: Window, policy: Policy, person: int) -> Json:
    start, end = window.seconds
    rows = _places(facts, "acts", facts.acts.person).of(person)
    ever = facts.acts.at[rows]
    inside = (ever >= start) & (ever < end)
    mine = np.sort(ever[inside])
    made = facts.output.at[_made(facts, person)]
    mix = activity.mode_mix(facts.depth[rows[inside]], len(Depth))
    return {
        "acts": len(mine),
        "active_days": len(np.unique((mine - start) // DAY)),
        "days_since_last": int((end - 1 - ever.max()) // DAY) if len(ever) else None,
        "modes": {each.name: float(mix[each]) for each in Depth if each is not Depth.none},
        "decayed": float(activity.decayed(made * 0, made, end, policy.half_life_days, 1)[0]),
        "burstiness": activity.burstiness(mine[1:] - mine[:-1]),
    }


def _made(facts: Facts, person: int) -> Ints:
    return _places(facts, "output", facts.output.person).of(person)


def _strengths(facts: Facts, person: int) -> Json:
    counts = np.bincount(facts.output.kind[_made(facts, person)], minlength=len(facts.kinds))
    used = np.flatnonzero(counts)
    return {
        "types": {facts.kinds[number].key: int(counts[number]) for number in used.tolist()},
        "evenness": inequality.evenness(counts[used]),
    }


def _standing(facts: Facts, window: Window, policy: Policy, person: int) -> Json:
    """As times the average of all, so that it tells no place in an order."""
    net, people = facts.once((_standing, window, policy), lambda: compact(recognition_net(facts, window, policy)))
    all = facts.once((gifts, window), lambda: gifts(facts, accepted(facts, 0, window.seconds[1])))
    mine = _places(facts, "gifts", all.receiver).of(person)
    givers = np.unique(all.giver[mine], return_counts=True)[1]
    here = np.flatnonzero(people == person)
    h = inequality.h_index(givers)
    if net.people < policy.graph_people:
        return {"times_average": None, "recognition_h_index": h, "reason": Reason.too_few_for_a_graph.value}
    ranks = facts.once((graphs.pagerank, window, policy), lambda: graphs.pagerank(net, damping=policy.damping))
    average = float(ranks[here[0]]) * net.people if len(here) else None
    return {"times_average": average, "recognition_h_index": h, "reason": None}


def _helped(facts: Facts, window: Window, person: int) -> Json:
    start, end = window.seconds
    mine = _places(facts, "helps", facts.helps.giver).of(person)
    at, receiver = facts.helps.at[mine], facts.helps.receiver[mine]
    return len(np.unique(receiver[(at >= start) & (at < end) & (receiver != person)]))


def _ties(facts: Facts, window: Window, policy: Policy, person: int) -> Json:
    net, idle = year_of_contacts(facts, window, policy)
    mine = _places(facts, "ties", net.source).of(person)
    group = facts.once((main_affiliation, window), lambda: main_affiliation(facts, window.seconds[1] - 1))
    others = group[net.target[mine]]
    told = (others >= 0) & (group[person] >= 0)
    reach = facts.once((graphs.reach, window, policy), lambda: graphs.reach(net, idle, month=policy.tie_month))
    return {
        "people": len(mine),
        "reach": float(reach[person]),
        "across_affiliations": float((others[told] != group[person]).mean()) if told.any() else None,
    }


def _uptake(facts: Facts, person: int) -> Json:
    mine = _places(facts, "uptakes", facts.uptakes.person).of(person)
    verified = facts.uptakes.verified[mine] == 1
    return {"verified": int(verified.sum()), "between_communities": int(facts.uptakes.between[mine][verified].sum())}
