"""Communities: the index by hand, the modularity by networkx, runs that agree or do not."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import combinations

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from networkx.algorithms import community

from kg.networks.communities import adjusted_rand, communities, facing

PARTS = st.lists(st.integers(0, 3), min_size=2, max_size=12)


def cliques() -> nx.Graph[str]:
    """Give two cliques of five, linked by one edge."""
    graph = nx.relabel_nodes(nx.barbell_graph(5, 0), str)
    assert graph.number_of_edges() == 21
    return graph


# --- adjusted Rand index ------------------------------------------------------------------------


def test_the_index_is_that_of_hand() -> None:
    """Two divisions of six, counted on paper."""
    one, other = [1, 1, 1, 2, 2, 2], [1, 1, 2, 2, 3, 3]
    # pairs together: 6 in one, 3 in other, 2 in both (1-2, 5-6); 15 in all; expected 6 * 3 / 15
    assert adjusted_rand(one, other) == (2 - Fraction(18, 15)) / (Fraction(9, 2) - Fraction(18, 15))


@given(PARTS)
def test_a_division_agrees_with_itself(parts: list[int]) -> None:
    """Whatever its parts are called."""
    assert adjusted_rand(parts, [f"part {it}" for it in parts]) == 1


@given(PARTS, st.randoms())
def test_the_index_has_no_direction_and_no_order(parts: list[int], draw: random.Random) -> None:
    """Nor does it exceed 1."""
    other = [draw.randrange(3) for _ in parts]
    order = list(range(len(parts)))
    draw.shuffle(order)
    found = adjusted_rand(parts, other)
    assert found == adjusted_rand(other, parts) <= 1
    assert found == adjusted_rand([parts[at] for at in order], [other[at] for at in order])


def test_divisions_at_random_agree_by_chance_only() -> None:
    """Zero on average over every order of the second."""
    draw = random.Random(1)  # noqa: S311 -- no secret
    one, other = [0] * 5 + [1] * 5 + [2] * 5, [0] * 3 + [1] * 12
    found = []
    for _ in range(2000):
        draw.shuffle(other)
        found.append(float(adjusted_rand(one, other)))
    assert sum(found) / len(found) == pytest.approx(0, abs=0.01)


def test_all_alone_and_all_together_do_not_agree() -> None:
    """No agreement beyond chance, and no division by zero."""
    assert adjusted_rand([1, 2, 3], [1, 1, 1]) == 0
    assert adjusted_rand([1, 2, 3], [3, 2, 1]) == adjusted_rand([1, 1], [2, 2]) == 1


# --- communities --------------------------------------------------------------------------------


def test_two_cliques_are_two_communities() -> None:
    """Found in every run, so that nothing is uncertain."""
    found = communities(cliques(), runs=10)
    assert found is not None
    assert {it for it, number in found.of.items() if number == 1} == set("01234")
    assert (found.stability, set(found.certainty.values())) == (1.0, {1.0})
    parts = [set("01234"), set("56789")]
    assert found.modularity == pytest.approx(community.modularity(cliques(), parts))
    assert found.usual == pytest.approx(found.modularity)


def test_a_network_without_communities_is_unstable() -> None:
    """A ring can be cut anywhere: runs differ, and the figures say so."""
    found = communities(nx.cycle_graph(40), runs=20)
    assert found is not None
    assert found.stability < 0.9
    assert found.usual <= found.modularity
    assert min(found.certainty.values()) < 1


def test_certainty_is_the_share_of_runs_together() -> None:
    """As counted over the runs themselves."""
    ring = nx.cycle_graph(12)
    found = communities(ring, runs=8)
    assert found is not None
    runs = [community.louvain_communities(_sorted(ring), seed=seed) for seed in range(8)]
    where = [{it: at for at, part in enumerate(run) for it in part} for run in runs]
    for node, share in found.certainty.items():
        mates = [it for it in ring if it != node and found.of[it] == found.of[node]]
        together = sum(run[it] == run[node] for run in where for it in mates)
        assert share == pytest.approx(together / (8 * len(mates)))


def _sorted(graph: nx.Graph[int]) -> nx.Graph[int]:
    """Give a graph whose nodes and edges come in order."""
    found: nx.Graph[int] = nx.Graph()
    found.add_nodes_from(sorted(graph))
    found.add_weighted_edges_from((*sorted(edge), 1) for edge in sorted(graph.edges()))
    return found


def test_weights_count() -> None:
    """A square whose opposite sides are heavy falls apart along the light ones."""
    graph = nx.cycle_graph(4)
    for a, b in graph.edges():
        graph.edges[a, b]["heavy"] = 10 if {a, b} in ({0, 1}, {2, 3}) else 1
    found = communities(graph, "heavy", runs=5)
    assert found is not None
    assert (found.of[0] == found.of[1], found.of[2] == found.of[3]) == (True, True)
    assert found.of[0] != found.of[2]


def test_numbers_go_from_the_largest_down() -> None:
    """1 is the largest community, as its readers expect."""
    graph = nx.disjoint_union(nx.complete_graph(3), nx.complete_graph(6))
    found = communities(graph, runs=3)
    assert found is not None
    assert found.of == {
        **dict.fromkeys(range(3), 2),
        **dict.fromkeys(range(3, 9), 1),
    }


def test_a_node_alone_has_no_fellows_to_be_sure_of() -> None:
    """It has a community and no certainty."""
    graph = nx.complete_graph(3)
    graph.add_node(3)
    found = communities(graph, runs=3)
    assert found is not None
    assert (found.of[3], 3 in found.certainty) == (2, False)


def test_without_an_edge_there_are_none() -> None:
    """Rather than one a node."""
    assert communities(nx.empty_graph(3)) is None


def test_the_order_of_nodes_does_not_matter() -> None:
    """The same network has the same communities."""
    graph = nx.karate_club_graph()
    other: nx.Graph[int] = nx.Graph()
    other.add_edges_from(reversed([(b, a, d) for a, b, d in graph.edges(data=True)]))
    assert communities(graph, runs=5) == communities(other, runs=5)


# --- two modes ----------------------------------------------------------------------------------


def test_modularity_of_two_modes_is_barbers() -> None:
    """Edges less what two degrees let expect, over pairs of the two sides, by hand."""
    graph = nx.davis_southern_women_graph()
    women = set(graph.graph["top"])
    found = communities(facing(graph, women), runs=5)
    assert found is not None
    edges = graph.number_of_edges()
    barber = sum(
        (graph.has_edge(woman, event) - graph.degree(woman) * graph.degree(event) / edges)
        for woman in women
        for event in set(graph) - women
        if found.of[woman] == found.of[event]
    )
    assert found.modularity == pytest.approx(barber / edges)


def test_facing_directs_every_edge_from_the_first_side() -> None:
    """And loses none."""
    graph = nx.complete_bipartite_graph(2, 3)
    found = facing(graph, {0, 1})
    assert set(found.edges()) == {(a, b) for a in (0, 1) for b in (2, 3, 4)}
    assert all(found.has_node(it) for it in graph)


def test_the_known_groups_of_the_southern_women_are_found() -> None:
    """Evelyn, Laura, Theresa and Brenda keep company; Katherina, Sylvia and Nora do."""
    # Davis, Gardner and Gardner 1941; groups as in Freeman 2003
    graph = nx.davis_southern_women_graph()
    found = communities(facing(graph, set(graph.graph["top"])))
    assert found is not None
    one = ["Evelyn Jefferson", "Laura Mandeville", "Theresa Anderson", "Brenda Rogers"]
    other = ["Katherina Rogers", "Sylvia Avondale", "Nora Fayette"]
    for group in (one, other):
        assert all(found.of[a] == found.of[b] for a, b in combinations(group, 2))
    assert found.of[one[0]] != found.of[other[0]]
