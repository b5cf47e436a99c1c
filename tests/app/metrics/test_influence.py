"""Four separate sides of influence, and ties that go with belonging."""

from dataclasses import replace
from functools import partial

import networkx as nx
import pytest

from app.metrics import belonging
from app.metrics.arrays import ints
from app.metrics.belonging_facts import has_reciprocal_tie, has_recognition
from app.metrics.facts import Facts, Uptakes
from app.metrics.formulas import graphs
from app.metrics.influence import METRICS
from app.metrics.periods import parse
from app.metrics.results import Reason
from app.metrics.standing import accepted, contacts, earlier_alike, gifts, recognition_net, weights
from tests.app.metrics import hamlet as written
from tests.app.metrics.hamlet import ATTENDING, HOSTING, OCTOBER, THREE, TO_OCTOBER, at, hamlet, helps

figure = partial(written.figure, METRICS, window=TO_OCTOBER)
value = partial(written.value, METRICS, window=TO_OCTOBER)


def test_among_nineteen_people_positions_are_noise() -> None:
    ring = [(who, ((who + 1) % 19,), 1.0) for who in range(19)]
    for id in ("I1", "I4", "I6"):
        acts = [(who, 1.0, HOSTING) for who in range(19)]
        found = figure(id, hamlet(30, acts=acts, recognised=ring))
        assert (found.value, found.reason) == (None, Reason.too_few_for_a_graph)


def test_in_a_ring_everybody_stands_alike_and_around_a_star_nobody_does() -> None:
    ring = hamlet(60, recognised=[(who, ((who + 1) % 60,), 1.0) for who in range(60)])
    assert value("I1", ring)["gini"] == pytest.approx(0, abs=1e-6)
    assert value("I4", ring)["gini"] == pytest.approx(0, abs=1e-6)
    assert value("I6", ring) == {"largest": 2, "people_in_it": 60}
    star = hamlet(60, recognised=[(0, (who,), 1.0) for who in range(1, 60)])
    assert value("I4", star)["gini"] == pytest.approx(59 / 60, abs=0.005)
    assert value("I1", star)["gini"] > 0.4


def test_the_more_often_the_same_recognises_the_same_the_less_it_weighs() -> None:
    assert earlier_alike(ints(0, 1, 0, 0, 1), ints(1, 0, 1, 2, 0)).tolist() == [0, 0, 1, 0, 1]
    assert earlier_alike(ints(), ints()).tolist() == []
    facts = hamlet(9, recognised=[(1, (0,), 31.0 - 90), (1, (0,), 30.999), (2, (0,), 30.999)])
    given = gifts(facts, accepted(facts, 0, at(31)))
    assert weights(given, at(31), THREE) == pytest.approx([0.5, 0.5, 1], abs=1e-3)
    net = recognition_net(facts, OCTOBER, THREE)
    assert (net.source.tolist(), net.target.tolist()) == ([0, 0], [1, 2])
    assert net.weight == pytest.approx([1, 1], abs=1e-3)


def test_three_people_were_each_recognised_by_three_others() -> None:
    recognised = [(who, (4, 5, 6), 1.0) for who in range(3)] + [(3, (4,), 1.0)] * 9
    assert value("I7", hamlet(12, recognised=recognised)) == {"h": 3}


def test_idle_ties_fade() -> None:
    often = [(0, 1, 1.0), *((who, who + 1, day) for who in (2, 4) for day in (31 - 0.1, 31 - 0.2))]
    fresh = value("I8", hamlet(9, helps=helps(*often[1:])))
    assert fresh == {"median": 2}
    old = [(who, who + 1, 31 - 90.0) for who in (0, 2, 4) for _ in range(7)]
    assert value("I8", hamlet(9, helps=helps(*old))) == {"median": 5.1}  # 5.103, of few people


def test_helping_one_person_ten_times_is_helping_one() -> None:
    given = [(0, 5, 1.0)] * 10 + [(1, 5, 2.0), (1, 6, 2.0), (2, 7, 3.0), (2, 7, 31.0), (3, 3, 3.0)]
    assert value("I9", hamlet(9, helps=helps(*given))) == {"helpers": 3, "helped": 3, "median_helped": 1}


def test_two_of_five_ties_lead_elsewhere() -> None:
    belongs = [*((who, 0) for who in range(4)), (4, 1), (5, 1)]
    given = [(0, other, 1.0) for other in range(1, 6)] + [(0, 6, 1.0)]
    facts = hamlet(9, belongs=belongs, helps=helps(*given))
    assert value("I10", facts) == {"across": 0.4, "recognitions_across": None}
    assert figure("I10", facts).n == 6
    assert value("I11", facts)["assortativity"] is None, "two of them are at home elsewhere"


def test_two_of_three_recognitions_came_from_elsewhere() -> None:
    """Of whom it is known where they belong; each person many times."""

    def facts(copies: int) -> Facts:
        homes = [(who, int(who > 3)) for who in range(6)]
        given = [(1, 0, 1.0), (4, 0, 1.0), (0, 5, 1.0), (0, 6, 1.0), (2, 3, -400.0)]
        each = [
            (copies * who + copy, (copies * giver + copy,), day) for who, giver, day in given for copy in range(copies)
        ]
        belongs = [(copies * who + copy, where) for who, where in homes for copy in range(copies)]
        return hamlet(9 * copies, belongs=belongs, recognised=each)

    assert value("I10", facts(2))["recognitions_across"] is None, "two alone got theirs from their own"
    assert value("I10", facts(3))["recognitions_across"] == 0.7
    assert value("I10", facts(17))["recognitions_across"] == 0.67


def test_five_people_with_six_ties() -> None:
    ties = [(0, 1), (0, 2), (0, 3), (0, 4), (1, 2), (3, 4), (4, 3)]
    facts = hamlet(12, helps=helps(*((one, other, 1.0) for one, other in ties)))
    assert value("I12", facts) == {"density": 0.6}


def test_a_small_team_has_ties_and_a_large_gathering_has_none() -> None:
    acts = [(who, 1.0, HOSTING) for who in range(3)] + [(who, 2.0, HOSTING) for who in range(12)]
    together = [(place, 0) for place in range(3)] + [(place, 1) for place in range(3, 15)]
    found = contacts(hamlet(12, acts=acts, together=together), at(0), at(31), THREE).net(12)
    assert set(zip(found.source.tolist(), found.target.tolist(), strict=True)) == {
        (0, 1),
        (0, 2),
        (1, 0),
        (1, 2),
        (2, 0),
        (2, 1),
    }
    assert found.weight.tolist() == [1] * 6


def test_southern_women_who_came_to_the_same_gatherings() -> None:
    """Davis, Gardner and Gardner 1941: eighteen women at fourteen gatherings, all of whom had to do with each other."""
    graph = nx.davis_southern_women_graph()
    women, gatherings = graph.graph["top"], list(graph.graph["bottom"])
    came = [(women.index(who), float(gatherings.index(to)), ATTENDING) for who in women for to in graph[who]]
    acts = sorted(came, key=lambda act: act[1])
    facts = hamlet(18, acts=acts, together=((place, int(day)) for place, (_, day, _) in enumerate(acts)))
    policy = replace(THREE, team_most=18)
    assert value("I12", facts, policy=policy) == {"density": 0.9}
    net = contacts(facts, at(0), at(31), policy).net(18)
    assert len(net.source) == 2 * 139
    assert graphs.density(139, 18) == pytest.approx(0.908497, abs=1e-6)
    closest = {net.source[net.weight.argmax()], net.target[net.weight.argmax()]}
    assert {women[who] for who in closest} == {"Evelyn Jefferson", "Theresa Anderson"}
    assert net.weight.max() == 7


def test_uptake_counts_once_it_is_verified() -> None:
    taken = Uptakes.of((who, at(1), who < 7, who == 0) for who in range(9))
    told = value("I13", hamlet(9, uptakes=taken))
    assert told["credited"] == 6  # seven
    assert told["where"] == {"groups": {"elsewhere": {"credited": 6, "people": 6}}, "other": None}


def test_a_tie_and_no_recognition_are_two_facts() -> None:
    facts = hamlet(6, helps=helps((0, 1, 1.0), (1, 0, -100.0), (2, 3, 1.0)), recognised=[(4, (5,), 1.0)])
    assert has_reciprocal_tie(facts, OCTOBER, THREE).tolist() == [True, True, False, False, False, False]
    assert has_recognition(facts, OCTOBER, THREE).tolist() == [False] * 4 + [True] * 2
    told = [written.value(belonging.METRICS, id, facts, TO_OCTOBER) for id in ("B1", "B2")]
    assert told == [{"tied": None}, {"recognised": None}], "two of six"


@pytest.mark.parametrize("people", [0, 1, 2, 40])
@pytest.mark.parametrize("window", ["2026-10", "2024"])
def test_of_nobody_or_nothing_every_figure_has_an_answer(people: int, window: str) -> None:
    for metric in (*METRICS, *belonging.METRICS):
        told = written.figure((metric,), metric.id, hamlet(people), parse(window))
        assert told.value is not None or told.reason is not None


def test_those_who_left_are_no_members_and_what_they_did_counts() -> None:
    facts = hamlet(9, left=[20.0], helps=helps((0, 1, 1.0), (1, 0, 2.0), (2, 1, 3.0)))
    assert written.figure(belonging.METRICS, "B1", facts, TO_OCTOBER).n == 6, "eight, in steps of three"
    assert value("I9", facts)["helpers"] == 3
    tied = helps(*((who, other, 1.0) for who in range(4) for other in range(4)))
    assert written.value(belonging.METRICS, "B1", hamlet(9, helps=tied), TO_OCTOBER) == {"tied": 0.5}, (
        "four of nine, in quarters"
    )
