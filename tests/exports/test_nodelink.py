"""Node-link JSON, read by networkx."""

from __future__ import annotations

import json

import networkx as nx
import pytest
from network_readers import expected, read_nodelink
from network_samples import DATE, LABEL, QUOTES, sample, undirected, written

from kg.exports.network import Network, prepared


@pytest.mark.parametrize("network", [sample(), undirected()])
def test_networkx_reads_it(network: Network) -> None:
    """Networkx finds every node, edge, value and place; lists are lists."""
    assert read_nodelink(written("nodelink", network), network) == expected("nodelink", network)


def test_what_matters_is_there() -> None:
    """Nodes and edges are counted; a label, a quote, a date and a weight are found."""
    network = sample()
    found = read_nodelink(written("nodelink", network), network)
    assert (len(found.nodes), len(found.edges)) == (3, 4)
    node = found.nodes["kgc:yi-wang-tong-ban"]
    assert (node["label"], node["latest"]) == (LABEL, DATE.isoformat())
    assert node["quotes"] == list(QUOTES)
    assert [edge[2].get("weight") for edge in found.edges] == [None, 2.0, 0.5, 1.0]


@pytest.mark.parametrize("network", [sample(), undirected()])
def test_it_comes_back_as_the_same_network(network: Network) -> None:
    """What networkx reads can be exported again, to the same bytes."""
    data = written("nodelink", network)
    graph = nx.node_link_graph(json.loads(data), edges="edges")
    assert written("nodelink", prepared(graph)) == data


def test_keys_of_edges_come_back() -> None:
    """A column `key` is what networkx calls the key of an edge."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_nodes_from(["a", "b"], x=0, y=0)
    graph.add_edge("a", "b", key="kg:names")
    graph.add_edge("a", "b", key="kg:states")
    data = written("nodelink", prepared(graph, key="key"))
    found = nx.node_link_graph(json.loads(data), edges="edges")
    assert isinstance(found, nx.MultiDiGraph)
    assert sorted(key for *_, key in found.edges(keys=True)) == ["kg:names", "kg:states"]


def test_an_element_is_a_line() -> None:
    """Differences of two files are lines: each node and each edge has its own."""
    lines = written("nodelink", sample()).decode().splitlines()
    assert sum(line.startswith('{"id"') for line in lines) == 3
    assert sum(line.startswith('{"source"') for line in lines) == 4
