"""CX2, read by ndex2, the client of NDEx."""

from __future__ import annotations

import json
from typing import Any

import networkx as nx
import pytest
from network_readers import expected, read_cx2
from network_samples import DATE, LABEL, QUOTES, sample, undirected, written

from kg.exports.network import SHAPES, Network, prepared

NAMED = {
    "ellipse", "triangle", "rectangle", "round-rectangle", "parallelogram", "diamond", "hexagon",
    "octagon", "vee",
}  # fmt: skip
"""Shapes of CX2: https://cytoscape.org/cx/cx2/cx2-visual-styles."""


def aspects(network: Network) -> list[dict[str, Any]]:
    """Give the parts of a CX2 document."""
    found: list[dict[str, Any]] = json.loads(written("cx2", network))
    return found


def aspect(network: Network, name: str) -> Any:  # noqa: ANN401 -- what CX2 holds there
    """Give one part of a CX2 document."""
    return next(it[name] for it in aspects(network) if name in it)


@pytest.mark.parametrize("network", [sample(), undirected()])
def test_ndex2_reads_it(network: Network) -> None:
    """ndex2 finds every node, edge, value and place; lists are lists of texts."""
    assert read_cx2(written("cx2", network), network) == expected("cx2", network)


def test_what_matters_is_there() -> None:
    """Nodes and edges are counted; a label, a quote, a date and a weight are found."""
    network = sample()
    found = read_cx2(written("cx2", network), network)
    assert (len(found.nodes), len(found.edges)) == (3, 4)
    node = found.nodes["kgc:yi-wang-tong-ban"]
    assert (node["label"], node["latest"]) == (LABEL, DATE.isoformat())
    assert node["quotes"] == list(QUOTES)
    assert [edge[2].get("weight") for edge in found.edges] == [None, 2.0, 0.5, 1.0]


def test_parts_stand_in_their_order() -> None:
    """The descriptor comes first, then counts, declarations, data, style and status."""
    names = [next(iter(it)) for it in aspects(sample())]
    assert names == [
        "CXVersion", "metaData", "attributeDeclarations", "networkAttributes", "nodes", "edges",
        "visualProperties", "status",
    ]  # fmt: skip
    assert aspects(sample())[0] == {"CXVersion": "2.0", "hasFragments": False}
    assert aspect(sample(), "status") == [{"success": True}]


def test_counts_are_true() -> None:
    """What is said of the number of elements holds."""
    network = sample()
    for told in aspect(network, "metaData"):
        assert len(aspect(network, told["name"])) == told["elementCount"]


def test_types_are_declared() -> None:
    """Each attribute has one type."""
    [declared] = aspect(sample(), "attributeDeclarations")
    nodes = {name: it["d"] for name, it in declared["nodes"].items()}
    assert nodes == {
        "id": "string", "name": "string", "size": "double", "color": "string", "shape": "string",
        "is_read": "boolean", "kind": "string", "label": "string", "label_en": "string",
        "latest": "string", "population": "long", "quotes": "list_of_string", "share": "double",
        "themes": "list_of_string",
    }  # fmt: skip
    assert declared["edges"]["weight"] == {"d": "double"}


def test_a_node_is_named_by_its_label() -> None:
    """Cytoscape and NDEx show `name`, which is the label; a column of that name stays itself."""
    names = {it["v"]["id"]: it["v"]["name"] for it in aspect(sample(), "nodes")}
    assert names["kgr:shanghai"] == "上海"
    assert names["kgcl:lonely"] == "kgcl:lonely"
    graph = nx.empty_graph(0)
    graph.add_node("a", x=0, y=0, label="甲", name=7)
    network = prepared(graph)
    assert aspect(network, "nodes")[0]["v"]["name"] == 7
    [declared] = aspect(network, "attributeDeclarations")
    assert declared["nodes"]["name"] == {"d": "long"}
    [style] = aspect(network, "visualProperties")
    assert style["nodeMapping"]["NODE_LABEL"]["definition"]["type"] == "long"


def test_the_style_draws_what_is_told() -> None:
    """Colours and shapes of all nodes are mapped; every shape is one that CX2 has."""
    graph = nx.empty_graph(0)
    for shape in SHAPES:
        graph.add_node(shape, x=0, y=0, shape=shape)
    [style] = aspect(prepared(graph), "visualProperties")
    looks = style["nodeMapping"]["NODE_SHAPE"]["definition"]["map"]
    assert {it["v"] for it in looks} == set(SHAPES)
    assert {it["vp"] for it in looks} <= NAMED
    assert all(it["v"] == it["vp"] for it in looks if it["v"] in NAMED)
    [style] = aspect(sample(), "visualProperties")
    colours = style["nodeMapping"]["NODE_BACKGROUND_COLOR"]["definition"]["map"]
    assert [it["vp"] for it in colours] == ["#0072B2", "#999999", "#E69F00"]


@pytest.mark.parametrize(("network", "arrow"), [(sample(), "triangle"), (undirected(), "none")])
def test_directions_are_arrows(network: Network, arrow: str) -> None:
    """Only a network with directions is drawn with arrows."""
    [style] = aspect(network, "visualProperties")
    assert style["default"]["edge"]["EDGE_TARGET_ARROW_SHAPE"] == arrow
