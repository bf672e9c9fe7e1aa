"""A graph of networkx as writers take it: sorted, typed, placed; and what is refused."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from network_samples import sample, sample_graph, undirected

from kg.errors import UsageError
from kg.exports.columns import BOOLEAN, DOUBLE, INTEGER, STRING, Column
from kg.exports.network import SHAPES, prepared


def one(**data: Any) -> nx.DiGraph[str]:  # noqa: ANN401 -- any value
    """Give a graph of one node."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_node("a", **{"x": 0, "y": 0, **data})
    return graph


def test_columns_have_one_kind_each() -> None:
    """Columns are sorted by name, and of one kind; of whole and other numbers, of other ones."""
    kinds = {column.name: (column.kind, column.many) for column in sample().node_columns}
    assert list(kinds) == sorted(kinds)
    assert kinds == {
        "is_read": (BOOLEAN, False),
        "kind": (STRING, False),
        "label": (STRING, False),
        "label_en": (STRING, False),
        "latest": (STRING, False),
        "population": (INTEGER, False),
        "quotes": (STRING, True),
        "share": (DOUBLE, False),
        "themes": (STRING, True),
    }


def test_values_stand_below_their_columns() -> None:
    """A node has a value a column, None where there is none."""
    network = sample()
    node = next(node for node in network.nodes if node.id == "kgr:shanghai")
    assert node.values[network.node_column("label")] == "上海"
    assert node.values[network.node_column("share")] == 0.25
    assert node.values[network.node_column("themes")] == ("产业", "政务", "民生")
    assert node.values[network.node_column("latest")] is None
    assert network.node_column("nothing") == network.edge_column("nothing") == -1


def test_labels() -> None:
    """A node without a label is shown by its id."""
    network = sample()
    assert {node.id: network.label(node) for node in network.nodes} == {
        "kgc:yi-wang-tong-ban": "一网通办",
        "kgcl:lonely": "kgcl:lonely",
        "kgr:shanghai": "上海",
    }


def test_titles_and_facts() -> None:
    """What the graph says of itself names it or is a fact, a number as text."""
    network = sample()
    assert (network.name, network.zh, network.en) == ("sample", "样例", "Sample")
    assert network.facts == {"release": "0123abcd", "source": "政策汇编", "year": "2021"}
    plain = prepared(one())
    assert (plain.name, plain.zh, plain.en, plain.facts) == ("network", "network", "network", {})


def test_order_of_insertion_does_not_matter() -> None:
    """Nodes, edges and parallel edges stand in one order however they were added."""
    assert prepared(sample_graph(backwards=True)) == sample()


def test_edges_are_numbered_in_their_order() -> None:
    """Edges are sorted by source, target and values."""
    edges = sample().edges
    assert [edge.id for edge in edges] == ["e0", "e1", "e2", "e3"]
    assert [(edge.source[:3], edge.target[:3]) for edge in edges] == [
        ("kgc", "kgr"),
        ("kgr", "kgc"),
        ("kgr", "kgc"),
        ("kgr", "kgr"),
    ]


def test_edges_are_called_unlike_nodes() -> None:
    """No edge has the name of a node, since Cytoscape keeps one list of both."""
    graph = nx.Graph([("e0", "e1"), ("e1", "ee0")])
    for it in graph:
        graph.nodes[it].update(x=0, y=0)
    assert [edge.id for edge in prepared(graph).edges] == ["eee0", "eee1"]


def test_ends_without_direction() -> None:
    """Of two sides, an edge leads from side 0; of one, from the name that sorts first."""
    assert [(edge.source, edge.target) for edge in undirected().edges] == [
        ("kgr:b", "kgc:a"),
        ("kgr:c", "kgc:a"),
    ]


def test_keys_of_a_multigraph_are_a_column() -> None:
    """A key that is text is an attribute; numbers, which tell only the order, are none."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_nodes_from(["a", "b"], x=0, y=0)
    graph.add_edge("a", "b", key="kg:names")
    graph.add_edge("a", "b")
    network = prepared(graph, key="property")
    assert [column.name for column in network.edge_columns] == ["property"]
    assert [edge.values for edge in network.edges] == [(None,), ("kg:names",)]


def test_a_key_that_its_attribute_denies_is_refused() -> None:
    """Nothing is overwritten."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_nodes_from(["a", "b"], x=0, y=0)
    graph.add_edge("a", "b", key="one", property="another")
    with pytest.raises(UsageError, match="the key one of edge a → b is not its attribute property"):
        prepared(graph, key="property")


def test_places_are_computed_where_there_are_none() -> None:
    """A graph without places gets some, the same each time; one with places keeps them."""
    graph = nx.path_graph(["a", "b", "c"])
    places = [(node.x, node.y) for node in prepared(graph).nodes]
    assert len(set(places)) == 3
    assert [(node.x, node.y) for node in prepared(graph.copy()).nodes] == places
    node = prepared(one(x=1.2345, y=-0.0)).nodes[0]
    assert (node.x, node.y) == (1.23, 0.0)
    assert math.copysign(1, node.y) == 1


def test_how_nodes_are_drawn() -> None:
    """Size, colour and shape are no columns; without them a node is a small grey disc."""
    network = sample()
    drawn = {node.id: (node.size, node.color, node.shape) for node in network.nodes}
    assert drawn == {
        "kgc:yi-wang-tong-ban": (10.0, "#e69f00", "diamond"),
        "kgcl:lonely": (10.0, "#999999", "round-rectangle"),
        "kgr:shanghai": (24.0, "#0072b2", "ellipse"),
    }


def test_labels_of_columns() -> None:
    """A column has the labels that it is given, or its name."""
    known = {"latest": Column("latest", zh="期限", en="Deadline", note="n")}
    columns = prepared(one(latest=date(2022, 1, 1), other=1), columns=known).node_columns
    assert [(it.name, it.zh, it.en, it.note) for it in columns] == [
        ("latest", "期限", "Deadline", "n"),
        ("other", "other", "other", ""),
    ]


@pytest.mark.parametrize("number", [0, 1])
def test_graphs_of_no_edges(number: int) -> None:
    """A graph of no node, or of one, is a network."""
    network = prepared(nx.empty_graph(number))
    assert (len(network.nodes), network.edges) == (number, ())


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"x": math.nan}, "x of node a must be a number"),
        ({"x": "left"}, "x of node a must be a number"),
        ({"y": math.inf}, "a: y: an infinite number cannot be exported"),
        ({"size": -1}, "size of node a must be 0 or more"),
        ({"size": [1]}, "size of node a must be a number"),
        ({"color": "red"}, "color of node a must be #rrggbb"),
        ({"color": "#12345"}, "color of node a must be #rrggbb"),
        ({"shape": "blob"}, "shape of node a must be one of barrel "),
        ({"shape": ["ellipse"]}, "shape of node a must be one of barrel "),
        ({"地区": 1}, "an attribute cannot be called 地区: use letters"),
        ({"a b": 1}, "an attribute cannot be called a b: use letters"),
        ({"id": 1}, "an attribute cannot be called id: use letters"),
        ({"parent": 1}, "an attribute cannot be called parent: use letters"),
        ({"a": {}}, "a: a: a value of type dict cannot be exported"),
        ({"a": "\udc00"}, "a: a: half of a surrogate pair cannot be exported"),
    ],
)
def test_what_is_refused(data: dict[str, Any], told: str) -> None:
    """What formats cannot hold is refused, and the place told."""
    with pytest.raises(UsageError) as caught:
        prepared(one(**data))
    assert caught.value.en.startswith(told)
    assert "a" in caught.value.zh


@pytest.mark.parametrize("name", ["a b", "", "数据"])
def test_names_of_facts_are_looked_at(name: str) -> None:
    """A fact has a name that each format can write."""
    graph = one()
    graph.graph[name] = "x"
    with pytest.raises(UsageError, match="an attribute cannot be called"):
        prepared(graph)


def test_names_of_nodes_are_looked_at() -> None:
    """Two nodes have two names, and each has one."""
    with pytest.raises(UsageError, match="two nodes have one name: 1"):
        prepared(nx.Graph([(1, "1")]))
    with pytest.raises(UsageError, match="a node has no name"):
        prepared(nx.Graph([("", "a")]))
    with pytest.raises(UsageError, match="half of a surrogate pair"):
        prepared(nx.Graph([("\ud83d", "a")]))


def test_names_may_be_anything_that_has_a_text() -> None:
    """Numbers and pairs name nodes as well."""
    assert [node.id for node in prepared(nx.Graph([(1, 2.5)])).nodes] == ["1", "2.5"]


@given(st.sampled_from(SHAPES), st.floats(0, 1e6), st.integers(0, 0xFFFFFF))
def test_all_shapes_sizes_and_colours(shape: str, size: float, colour: int) -> None:
    """Every shape of Cytoscape.js is known, and every colour of six digits."""
    node = prepared(one(shape=shape, size=size, color=f"#{colour:06X}")).nodes[0]
    assert (node.shape, node.color) == (shape, f"#{colour:06x}")
    assert node.size == pytest.approx(size, abs=0.005)


def test_a_network_is_a_value() -> None:
    """A network cannot be changed."""
    network: Any = sample()
    with pytest.raises(AttributeError):
        network.name = "other"
