"""Where people stand in a net of ties: the graphs that everybody knows, with networkx as the judge."""

from typing import Any

import networkx as nx
import numpy as np
import pytest
import rustworkx as rx
from hypothesis import given
from hypothesis import strategies as some

from app.metrics.arrays import ints
from app.metrics.formulas import graphs
from app.metrics.formulas.graphs import Net

KARATE, FLORENCE = nx.karate_club_graph(), nx.florentine_families_graph()
TIES = some.lists(some.tuples(some.integers(0, 9), some.integers(0, 9)), max_size=40)


def net(ties: list[tuple[int, int]], people: int, weight: list[float] | None = None) -> Net:
    weights = None if weight is None else np.array(weight)
    return Net.of(ints(*(each for each, _ in ties)), ints(*(each for _, each in ties)), people, weights)


def of(graph: "nx.Graph[Any]") -> Net:
    place = {node: place for place, node in enumerate(graph)}
    ties = [(place[one], place[other]) for one, other in graph.edges()]
    return net([*ties, *((other, one) for one, other in ties)], len(graph))


def lettered(ties: str, people: str, weight: list[float] | None = None) -> Net:
    return net([(people.index(each[0]), people.index(each[-1])) for each in ties.split()], len(people), weight)


@pytest.mark.parametrize(
    ("ties", "weight", "expected"),
    [
        ("A>B B>C C>A D>C", None, [0.320214, 0.309682, 0.332604, 0.0375]),
        ("A>B A>C B>C", None, [0.19758, 0.281551, 0.520869]),
        ("A>B A>C B>A C>A", [3.0, 1.0, 1.0, 1.0], [0.486486, 0.360135, 0.153378]),
    ],
)
def test_ranks_of_the_worked_examples(ties: str, weight: list[float] | None, expected: list[float]) -> None:
    assert graphs.pagerank(lettered(ties, "ABCD"[: len(expected)], weight)) == pytest.approx(expected, abs=1e-6)


def test_ranks_seen_from_somebody() -> None:
    found = graphs.pagerank(lettered("A>B B>C C>A D>C", "ABCD"), towards=ints(3))
    assert found == pytest.approx([0.280855, 0.238727, 0.330418, 0.15], abs=1e-6)
    from_0 = graphs.pagerank(of(KARATE), towards=ints(0))
    assert from_0[:2] == pytest.approx([0.266374, 0.064888], abs=1e-6)


def test_ranks_in_the_karate_club_and_in_florence() -> None:
    karate = graphs.pagerank(of(KARATE))
    assert karate[[33, 0, 32]] == pytest.approx([0.100919, 0.096997, 0.071693], abs=1e-6)
    florence = dict(zip(FLORENCE, graphs.pagerank(of(FLORENCE)), strict=True))
    assert florence["Medici"] == pytest.approx(0.145817, abs=1e-6)
    assert florence["Guadagni"] == pytest.approx(0.098398, abs=1e-6)


@given(TIES)
def test_ranks_are_one_together_and_those_that_networkx_finds(ties: list[tuple[int, int]]) -> None:
    found = graphs.pagerank(net(ties, 10))
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(range(10))
    for one, other in ties:
        if one != other:
            again = graph.get_edge_data(one, other, {"weight": 0})["weight"]
            graph.add_edge(one, other, weight=again + 1)
    theirs = nx.pagerank(graph, tol=1e-12, max_iter=10_000)
    assert found.sum() == pytest.approx(1)
    assert found == pytest.approx([theirs[person] for person in range(10)], abs=1e-7)


def test_who_lies_on_the_ways_between_others() -> None:
    path = net([(0, 1), (1, 2), (2, 3), (3, 4)], 5)
    assert graphs.betweenness(path, seed=1) == pytest.approx([0, 0.5, 2 / 3, 0.5, 0])
    star = net([(0, 1), (2, 0), (0, 3), (4, 0)], 5)
    assert graphs.betweenness(star, seed=1)[0] == 1
    assert graphs.betweenness(of(KARATE), seed=1)[[0, 33]] == pytest.approx([0.437635, 0.304075], abs=1e-6)
    florence = dict(zip(FLORENCE, graphs.betweenness(of(FLORENCE), seed=1), strict=True))
    assert florence["Medici"] == pytest.approx(0.521978, abs=1e-6)


def test_among_many_people_a_sample_of_ways_says_nearly_the_same() -> None:
    many = nx.barabasi_albert_graph(graphs.ALL_PATHS_UP_TO + 1, 3, seed=20)
    estimated = graphs.betweenness(of(many), seed=1)
    assert (graphs.betweenness(of(many), seed=1) == estimated).all()
    exact = rx.graph_betweenness_centrality(of(many).undirected)
    top = sorted(range(len(many)), key=exact.__getitem__, reverse=True)[:10]
    assert estimated[top] == pytest.approx([exact[person] for person in top], abs=0.02)
    assert estimated.sum() == pytest.approx(sum(exact.values()), rel=0.05)
    halves = graphs.sampled_betweenness(of(many), seed=1)
    assert halves is not None
    assert (halves[0] + halves[1]) / 2 == pytest.approx(estimated)
    for half in halves:
        assert half[top] == pytest.approx([exact[person] for person in top], abs=0.06)
    assert graphs.sampled_betweenness(of(KARATE), seed=1) is None


def test_the_ways_from_one_person_are_those_that_networkx_walks() -> None:
    total = sum((graphs._passed(of(KARATE), start) for start in range(34)), start=np.zeros(34))
    theirs = nx.betweenness_centrality(KARATE, normalized=False)
    assert total / 2 == pytest.approx([theirs[person] for person in range(34)])


def test_who_is_tied_to_those_who_are_tied() -> None:
    found = graphs.eigenvector(of(KARATE))
    assert found is not None
    assert np.abs(found)[[33, 0, 2]] == pytest.approx([0.373363, 0.355491, 0.317193], abs=1e-6)
    assert graphs.eigenvector(net([], 4)) is None


def test_katz_of_a_path_of_three() -> None:
    path = net([(0, 1), (1, 0), (1, 2), (2, 1)], 3)
    assert graphs.katz(path, alpha=0.1) == pytest.approx([1.122449, 1.22449, 1.122449], abs=1e-6)
    assert graphs.katz(path, alpha=0.8) is None
    karate = graphs.katz(of(KARATE), alpha=0.05)
    assert karate is not None
    normed = karate / np.linalg.norm(karate)
    assert normed[[33, 0, 32]] == pytest.approx([0.26396, 0.258081, 0.228805], abs=1e-6)


def test_cores() -> None:
    found = graphs.cores(of(KARATE))
    assert found.max() == 4
    assert (found == 4).sum() == 10
    assert graphs.cores(net([(0, 0), (0, 1), (0, 1), (1, 0)], 3)).tolist() == [1, 1, 0]


@given(TIES)
def test_cores_are_those_that_networkx_finds(ties: list[tuple[int, int]]) -> None:
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(10))
    graph.add_edges_from((one, other) for one, other in ties if one != other)
    theirs = nx.core_number(graph)
    assert graphs.cores(net(ties, 10)).tolist() == [theirs[person] for person in range(10)]


def test_density() -> None:
    assert graphs.density(6, 5) == pytest.approx(0.6)
    assert graphs.density(78, 34) == pytest.approx(0.139037, abs=1e-6)
    assert graphs.density(0, 1) is None


def test_the_karate_club_keeps_to_its_halves() -> None:
    clubs = ints(*(KARATE.nodes[node]["club"] == "Officer" for node in KARATE))
    assert graphs.homophily(of(KARATE), clubs) == pytest.approx(0.717531, abs=1e-6)


def test_who_belongs_nowhere_says_nothing_of_homophily() -> None:
    four = net([(0, 1), (1, 2), (2, 3)], 4)
    assert graphs.homophily(four, ints(0, 0, 1, -1)) == pytest.approx(-1 / 3)
    assert graphs.homophily(four, ints(0, 0, 0, 0)) is None
    assert graphs.homophily(four, ints(-1, -1, -1, -1)) is None


def test_two_of_five_ties_bridge() -> None:
    hub = net([(0, other) for other in range(1, 6)], 7)
    found = graphs.bridging(hub, hub.target >= 4)
    assert found[0] == pytest.approx(0.4)
    assert np.isnan(found[6])


def test_reach_is_what_ties_weigh_and_idle_ones_weigh_less() -> None:
    four = net([(0, 1), (0, 2), (0, 3), (0, 4)], 5, [4.0, 3.0, 1.0, 7.0])
    assert graphs.reach(four, np.zeros(4))[0] == 15
    assert graphs.reach(four, np.array([0, 0, 0, 3.0]))[0] == pytest.approx(8 + 5.103)


def test_in_an_empty_net_nobody_stands_anywhere() -> None:
    nobody, alone = net([], 0), net([(0, 0)], 1)
    assert graphs.pagerank(nobody).tolist() == []
    assert graphs.pagerank(alone).tolist() == [1]
    for each in (nobody, alone):
        assert graphs.betweenness(each, seed=1).sum() == 0
        assert graphs.cores(each).sum() == 0
        assert graphs.homophily(each, np.zeros(each.people, dtype=np.int64)) is None
        assert graphs.bridging(each, np.zeros(0, dtype=np.bool_)).tolist() == pytest.approx(
            [float("nan")] * each.people, nan_ok=True
        )
