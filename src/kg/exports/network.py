"""A network as every format writes it: sorted, typed, placed, coloured, and without surprises."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from kg.errors import UsageError, clipped
from kg.exports.columns import DOUBLE, Column, cell, fitted, kind_of, shown

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

    import networkx as nx

    from kg.exports.columns import Cell

__all__ = ["DRAWN", "SHAPES", "Edge", "Network", "Node", "prepared"]

NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
"""What an attribute may be called, so that every format can name it."""

TAKEN: Final = frozenset({"id", "source", "target", "parent"})
"""Names that formats keep for themselves."""

DRAWN: Final = (
    Column("x", DOUBLE, zh="横坐标", en="to the right"),
    Column("y", DOUBLE, zh="纵坐标", en="upward"),
    Column("size", DOUBLE, zh="直径", en="diameter"),
    Column("color", zh="颜色", en="colour"),
    Column("shape", zh="形状", en="shape"),
)
"""Attributes of a node that say how it is drawn, for formats that have no places and colours."""

GREY: Final = "#999999"

SHAPES: Final = (
    "barrel", "bottom-round-rectangle", "concave-hexagon", "cut-rectangle", "diamond", "ellipse",
    "heptagon", "hexagon", "octagon", "pentagon", "rectangle", "rhomboid", "round-diamond",
    "round-heptagon", "round-hexagon", "round-octagon", "round-pentagon", "round-rectangle",
    "round-tag", "round-triangle", "star", "tag", "triangle", "vee",
)  # fmt: skip
"""What a node may look like, as Cytoscape.js calls it (https://js.cytoscape.org/#style/node-body).

A format that lacks one draws the nearest that it has.
"""


@dataclass(frozen=True)
class Node:
    """A node, and how it is drawn.

    Args:
        id: a CURIE, or whatever the graph calls it.
        values: one for each of the network's node columns, None where there is none.
        x: to the right.
        y: upward.
        size: its diameter, in the units of x and y.
        color: `#rrggbb`.
        shape: one of `SHAPES`.
    """

    id: str
    values: tuple[Cell, ...]
    x: float
    y: float
    size: float = 10.0
    color: str = GREY
    shape: str = "ellipse"

    @property
    def look(self) -> dict[str, str | float]:
        """Its size, colour and shape by name."""
        return {"size": self.size, "color": self.color, "shape": self.shape}

    @property
    def drawn(self) -> dict[str, str | float]:
        """Its place and look, by the names of `DRAWN` and in their order."""
        return {"x": self.x, "y": self.y, **self.look}


@dataclass(frozen=True)
class Edge:
    """An edge; of an undirected network it has no direction.

    Args:
        id: `e0`, `e1`, … in the order in which edges are sorted; no node is called so.
        source: the id of a node.
        target: the id of a node.
        values: one for each of the network's edge columns, None where there is none.
    """

    id: str
    source: str
    target: str
    values: tuple[Cell, ...]


@dataclass(frozen=True)
class Network:
    """A network that is ready to be written.

    Nodes are sorted by id; edges by source, target, key and values. The columns `label` of nodes
    and `weight` of edges, if there are any, are what formats show and count by.

    Args:
        name: in ASCII.
        zh: its title in Chinese.
        en: its title in English.
        is_directed: edges lead from source to target.
        is_multi: two nodes may have several edges.
        node_columns: sorted by name.
        edge_columns: sorted by name.
        facts: what else a reader must know, as release, licence, source: name -> text.
    """

    name: str
    zh: str
    en: str
    is_directed: bool
    is_multi: bool
    node_columns: tuple[Column, ...]
    edge_columns: tuple[Column, ...]
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def about(self) -> dict[str, str]:
        """What it is called, and the facts."""
        return {"name": self.name, "zh": self.zh, "en": self.en, **self.facts}

    def node_column(self, name: str) -> int:
        """Give the place of a node column; -1 if there is none."""
        return _place(self.node_columns, name)

    def edge_column(self, name: str) -> int:
        """Give the place of an edge column; -1 if there is none."""
        return _place(self.edge_columns, name)

    def label(self, node: Node) -> str:
        """Give the label of a node; its id where it has none."""
        at = self.node_column("label")
        value = node.values[at] if at >= 0 else None
        return value if isinstance(value, str) else node.id


def _place(columns: Sequence[Column], name: str) -> int:
    return next((at for at, column in enumerate(columns) if column.name == name), -1)


def prepared(
    graph: nx.Graph[Any],
    *,
    columns: Mapping[str, Column] | None = None,
    key: str = "edge_key",
) -> Network:
    """Give a networkx graph as writers take it.

    Nodes without `x` and `y` get places by `networks.layout.placed` first. Attributes of the
    graph itself: `name`, `zh` and `en` name it, all others that are single values are facts about
    it.

    Args:
        graph: any graph of networkx; its nodes and edges may have any attributes.
        columns: attribute -> its labels; the kind is found from the values.
        key: what the keys of a multigraph are called as an attribute of its edges; keys that are
            numbers are left out.

    Raises:
        UsageError: two nodes have one name, or an attribute has a name or a value that formats
            cannot hold; its place is told.
    """
    known = columns or {}
    ids = _ids(graph)
    graph = _placed(graph, ids)
    node_columns, node_values = _table(
        ((ids[it], data) for it, data in graph.nodes(data=True)),
        known,
        [column.name for column in DRAWN],
    )
    ends = list(_ends(graph, ids, key))
    edge_columns, edge_values = _table(
        ((f"{source} → {target}", data) for source, target, _, data in ends), known, ()
    )
    drawn = [graph.nodes[it] for it in ids]
    nodes = zip(ids.values(), node_values, drawn, strict=True)
    about = _facts(graph)
    name = about.pop("name", "network")
    return Network(
        name=name,
        zh=about.pop("zh", name),
        en=about.pop("en", name),
        is_directed=graph.is_directed(),
        is_multi=graph.is_multigraph(),
        node_columns=node_columns,
        edge_columns=edge_columns,
        nodes=tuple(_node(*node) for node in sorted(nodes, key=lambda node: node[0])),
        edges=_edges(ends, edge_values, set(ids.values())),
        facts=about,
    )


def _ids(graph: nx.Graph[Any]) -> dict[Any, str]:
    """Give each node's name as text.

    Raises:
        UsageError: one has none, or two have one.
    """
    ids = {it: str(cell(it, "node")) for it in graph}
    counts = Counter(ids.values())
    if "" in counts:
        raise UsageError("有节点没有名称", "a node has no name")
    if len(counts) < len(ids):
        twice = clipped(next(name for name, count in counts.items() if count > 1))
        raise UsageError(f"两个节点同名：{twice}", f"two nodes have one name: {twice}")
    return ids


def _placed(graph: nx.Graph[Any], ids: Mapping[Any, str]) -> nx.Graph[Any]:
    """Give a graph whose nodes have places, and are drawn in ways that formats know.

    Raises:
        UsageError: a place or size is no finite number, or a colour or shape is unknown.
    """
    for it, data in graph.nodes(data=True):
        _check_drawn(ids[it], data)
    if all("x" in data and "y" in data for _, data in graph.nodes(data=True)):
        return graph
    from kg.networks.layout import placed  # noqa: PLC0415 -- numpy is needed only without places

    return placed(graph)


def _check_drawn(it: str, data: Mapping[str, Any]) -> None:
    for name in ("x", "y", "size"):
        value = cell(data.get(name, 0), f"{it}: {name}")
        if not isinstance(value, int | float) or not math.isfinite(float(value)):
            raise _undrawn(it, name, "数字", "a number")
    if float(data.get("size", 0)) < 0:
        raise _undrawn(it, "size", "非负数", "0 or more")
    if not re.fullmatch("#[0-9a-fA-F]{6}", str(data.get("color", GREY))):
        raise _undrawn(it, "color", "#rrggbb", "#rrggbb")
    if data.get("shape", SHAPES[0]) not in SHAPES:
        raise _undrawn(it, "shape", f"{' '.join(SHAPES)} 之一", f"one of {' '.join(SHAPES)}")


def _undrawn(it: str, name: str, zh: str, en: str) -> UsageError:
    it = clipped(it)
    return UsageError(f"节点 {it} 的 {name} 须为{zh}", f"{name} of node {it} must be {en}")


def _node(it: str, values: tuple[Cell, ...], data: Mapping[str, Any]) -> Node:
    x, y, size = (round(float(data.get(name, 10)), 2) + 0.0 for name in ("x", "y", "size"))
    color, shape = str(data.get("color", GREY)).lower(), data.get("shape", "ellipse")
    return Node(it, values, x, y, size, color, shape)


def _facts(graph: nx.Graph[Any]) -> dict[str, str]:
    """Give what is said of the graph itself, sorted: its single values as text.

    Raises:
        UsageError: a fact has a name or a value that some format cannot hold.
    """
    found = {}
    for name, value in graph.graph.items():
        if isinstance(value, list | tuple | set | frozenset | dict) or value is None:
            continue
        _check_name(name, ())
        told = cell(value, f"graph: {name}")
        if told is not None and told != "":
            found[name] = shown(told)
    return dict(sorted(found.items()))


def _ends(
    graph: nx.Graph[Any], ids: Mapping[Any, str], key: str
) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """Give source, target, key and attributes of each edge; keys that are no text are left out.

    Raises:
        UsageError: an edge has another value of the attribute that its key would be.
    """
    keyed: Any = graph
    for edge in keyed.edges(keys=True) if graph.is_multigraph() else graph.edges():
        one, other, *keys = edge
        data = graph.edges[edge]
        if not graph.is_directed() and _behind(graph, ids, one) > _behind(graph, ids, other):
            one, other = other, one
        if keys and isinstance(keys[0], str):
            if data.get(key, keys[0]) != keys[0]:
                place = clipped(f"{ids[one]} → {ids[other]}")
                raise UsageError(
                    f"边 {place} 的键 {clipped(keys[0])} 与其属性 {key} 不符",
                    f"the key {clipped(keys[0])} of edge {place} is not its attribute {key}",
                )
            data = {**data, key: keys[0]}
        yield ids[one], ids[other], keys[0] if keys and isinstance(keys[0], str) else "", data


def _behind(graph: nx.Graph[Any], ids: Mapping[Any, str], it: object) -> tuple[str, str]:
    """Say which end of an edge without direction stands second: of two sides, the side 1."""
    return str(graph.nodes[it].get("bipartite", 0)), ids[it]


def _edges(
    ends: Sequence[tuple[str, str, str, Mapping[str, Any]]],
    values: Sequence[tuple[Cell, ...]],
    taken: Container[str],
) -> tuple[Edge, ...]:
    """Give edges, sorted, so that parallel ones stand in one order however they were added."""
    rows = sorted(
        (
            (source, target, key, row)
            for (source, target, key, _), row in zip(ends, values, strict=True)
        ),
        key=lambda row: (*row[:3], repr(row[3])),
    )
    stem = "e"
    while any(f"{stem}{at}" in taken for at in range(len(rows))):
        stem += "e"
    return tuple(
        Edge(f"{stem}{at}", source, target, row) for at, (source, target, _, row) in enumerate(rows)
    )


def _table(
    rows: Iterable[tuple[str, Mapping[str, Any]]],
    known: Mapping[str, Column],
    left: Sequence[str],
) -> tuple[tuple[Column, ...], list[tuple[Cell, ...]]]:
    """Give the columns of attributes, and a value for each row and column."""
    found: list[dict[str, Cell]] = []
    for place, data in rows:
        given = {
            name: cell(value, f"{place}: {name}")
            for name, value in data.items()
            if name not in left
        }
        found.append({name: value for name, value in given.items() if value is not None})
    names = {name for row in found for name in row}
    for name in sorted(names, key=str):
        _check_name(name)
    columns = tuple(
        _column(name, (row.get(name) for row in found), known) for name in sorted(names)
    )
    return columns, [
        tuple(fitted(row.get(column.name), column) for column in columns) for row in found
    ]


def _column(name: str, cells: Iterable[Cell], known: Mapping[str, Column]) -> Column:
    """Give the column of an attribute."""
    kind, many = kind_of(cells)
    labels = known.get(name, Column(name))
    return Column(name, kind, many, labels.zh or name, labels.en or name, labels.note)


def _check_name(name: object, taken: Container[str] = TAKEN) -> None:
    """Look at what an attribute is called.

    Raises:
        UsageError: some format cannot hold that name.
    """
    if not isinstance(name, str) or not NAME.fullmatch(name) or name in taken:
        told = clipped(str(name))
        raise UsageError(
            f"属性名 {told} 不可用：须为英文字母、数字与下划线，且不是 {'、'.join(sorted(TAKEN))}",
            f"an attribute cannot be called {told}: use letters, digits and underscores of ASCII, "
            f"and none of {', '.join(sorted(TAKEN))}",
        )
