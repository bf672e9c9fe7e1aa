"""Looks: each class its own colour and shape, areas in the ratio of weights."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import networkx as nx
import pytest

from kg.networks.drawing import LARGEST, LOOKS, SMALLEST, drawn

if TYPE_CHECKING:
    from collections.abc import Mapping

pytest_plugins = ["open_graphs"]


def test_no_two_classes_look_alike() -> None:
    """By colour and shape together; every colour is a colour."""
    assert len(set(LOOKS.values())) == len(LOOKS)
    assert all(re.fullmatch("#[0-9a-f]{6}", color) for color, _ in LOOKS.values())


def test_every_class_of_the_graph_has_its_look(real_networks: Mapping[str, nx.Graph[str]]) -> None:
    """None of them is drawn as something else."""
    kinds = {data["kind"] for _, data in real_networks["full"].nodes(data=True)}
    assert kinds == set(LOOKS)


def test_size_grows_with_the_root_of_the_weight() -> None:
    """A node of a quarter of the weight has half of the way to the largest."""
    graph: nx.Graph[str] = nx.Graph()
    graph.add_node("alone", kind="Region")
    graph.add_edge("a", "b", weight=1)
    graph.add_edge("b", "c", weight=3)
    drawn(graph)
    sizes = nx.get_node_attributes(graph, "size")
    assert (sizes["alone"], sizes["b"]) == (SMALLEST, LARGEST)
    assert sizes["a"] == (SMALLEST + LARGEST) / 2


def test_a_directed_edge_counts_at_both_ends() -> None:
    """Also several between two nodes, each as 1 where it has no weight."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_edges_from([("a", "b"), ("a", "b"), ("c", "b"), ("c", "b")])
    drawn(graph)
    sizes = nx.get_node_attributes(graph, "size")
    assert sizes["b"] == LARGEST
    assert sizes["a"] == sizes["c"] == pytest.approx(SMALLEST + 50 * 0.5**0.5, abs=0.01)


def test_a_class_without_a_look_is_grey() -> None:
    """It is drawn all the same."""
    graph: nx.Graph[str] = nx.Graph()
    graph.add_node("x", kind="Other")
    drawn(graph)
    assert graph.nodes["x"]["color"] == "#999999"
