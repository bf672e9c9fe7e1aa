"""Places of nodes: the same each time, apart, and near to what they are linked with."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from importlib import import_module
from itertools import combinations
from typing import TYPE_CHECKING, Any

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.networks import layout
from kg.networks.layout import FORCES, placed, positions

if TYPE_CHECKING:
    from collections.abc import Mapping


def far(found: Mapping[Any, tuple[float, float]], one: Any, other: Any) -> float:  # noqa: ANN401 -- any node
    """Give the distance between two nodes."""
    return math.dist(found[one], found[other])


def two_groups() -> nx.Graph[int]:
    """Give two complete graphs of eight nodes, with one link between them."""
    graph: nx.Graph[int] = nx.disjoint_union(nx.complete_graph(8), nx.complete_graph(8))
    graph.add_edge(0, 8)
    return graph


def test_places_are_the_same_each_time_whatever_the_order() -> None:
    """Neither the order of nodes nor that of edges moves anything."""
    graph = two_groups()
    turned: nx.Graph[int] = nx.Graph()
    turned.add_nodes_from(reversed(list(graph)))
    turned.add_edges_from(reversed([(other, one) for one, other in graph.edges()]))
    assert positions(turned) == positions(graph)
    assert positions(graph, seed=1) != positions(graph)


def test_places_do_not_depend_on_the_processor() -> None:
    """Without the wider instructions that numpy would use, every digit is the same."""
    core = import_module("numpy._core._multiarray_umath")
    wider = [name for name in core.__cpu_dispatch__ if core.__cpu_features__[name]]
    script = (
        "import networkx as nx; from kg.networks.layout import positions;"
        "print(sorted(positions(nx.barabasi_albert_graph(300, 2, seed=1)).items()))"
    )
    here = positions(nx.barabasi_albert_graph(300, 2, seed=1))
    env = {**os.environ, "NPY_DISABLE_CPU_FEATURES": " ".join(wider)}
    ran = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, check=True)
    assert ran.stdout.decode().strip() == str(sorted(here.items()))


def test_what_is_linked_is_near() -> None:
    """Nodes of one group are nearer to each other than to those of another."""
    found = positions(two_groups())
    within = [far(found, *pair) for pair in combinations(range(8), 2)]
    between = [far(found, one, other) for one in range(1, 8) for other in range(9, 16)]
    assert max(within) < min(between)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 60), st.integers(0, 90), st.integers(0, 1000))
def test_nodes_hardly_overlap(nodes: int, edges: int, seed: int) -> None:
    """Of any network, each node has its place, and few discs touch."""
    graph: nx.Graph[int] = nx.gnm_random_graph(nodes, min(edges, nodes * (nodes - 1) // 2), seed)
    found = positions(graph)
    assert set(found) == set(graph)
    near = [pair for pair in combinations(graph, 2) if far(found, *pair) < layout.SIZE * 0.9]
    assert len(near) <= nodes // 10
    assert all(math.isfinite(number) for place in found.values() for number in place)


def test_a_large_node_gets_more_room() -> None:
    """Its neighbours are at least as far as its disc reaches."""
    graph: nx.Graph[int] = nx.star_graph(6)
    graph.nodes[0]["size"] = 120.0
    found = positions(graph)
    assert all(far(found, 0, it) >= 60 for it in range(1, 7))


def test_parts_that_nothing_links_do_not_lie_on_each_other() -> None:
    """Each lies in a circle of its own, the largest in the middle."""
    graph: nx.Graph[Any] = nx.disjoint_union_all(
        [nx.complete_graph(9), nx.path_graph(4), nx.path_graph(3), nx.empty_graph(3)]
    )
    found = positions(graph)
    parts = [list(part) for part in nx.connected_components(graph)]
    for one, other in combinations(parts, 2):
        assert min(far(found, a, b) for a in one for b in other) > layout.SIZE
    middle = [math.dist((0, 0), found[it]) for it in parts[0]]
    assert max(middle) < min(math.dist((0, 0), found[it]) for part in parts[1:] for it in part)


def test_a_hub_of_all_does_not_draw_all_into_one_heap() -> None:
    """A node that is linked with most others says nothing of who is near whom."""
    graph: nx.Graph[Any] = nx.disjoint_union(nx.complete_graph(40), nx.complete_graph(40))
    without = graph.copy()
    without.add_edge(0, 40)
    graph.add_edges_from(("hub", it) for it in range(80))
    found = positions(graph)
    middles = [
        tuple(sum(found[it][axis] for it in part) / 40 for axis in (0, 1))
        for part in (range(40), range(40, 80))
    ]
    assert math.dist(*middles) > 50


@pytest.mark.parametrize("count", [0, 1, 2])
def test_the_smallest_networks_have_places(count: int) -> None:
    """Without a node there is no place; one is in the middle."""
    found = positions(nx.empty_graph(count))
    assert len(found) == count
    assert count != 1 or found[0] == (0.0, 0.0)


def test_links_to_oneself_and_several_links_do_no_harm() -> None:
    """They pull like one, or not at all."""
    plain: nx.Graph[int] = nx.path_graph(5)
    many: nx.MultiDiGraph[int] = nx.MultiDiGraph(plain)
    many.add_edge(2, 2)
    many.add_edge(0, 1, key="again")
    assert positions(many) == positions(plain)


def test_a_large_network_is_placed_by_its_parts() -> None:
    """Above the bound no forces are computed; members of a part stay together."""
    graph: nx.Graph[Any] = nx.disjoint_union_all([nx.star_graph(30)] * (FORCES // 31 + 1))
    found = positions(graph)
    assert len(graph) > FORCES
    assert len(set(found.values())) == len(graph)
    star = [far(found, 0, it) for it in range(1, 31)]
    assert max(star) < 120
    assert positions(graph) == found


def test_a_graph_is_not_changed() -> None:
    """Places stand in a copy."""
    graph: nx.Graph[int] = nx.path_graph(3)
    found = placed(graph)
    assert "x" not in graph.nodes[0]
    assert {tuple(data) for _, data in found.nodes(data=True)} == {("x", "y")}
