"""GraphML, which Cytoscape, yEd, igraph, networkit and graph-tool read.

See http://graphml.graphdrawing.org/specification.html.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.exports.columns import TYPES, Column, shown
from kg.exports.fitness import check_fit
from kg.exports.markup import DECLARATION, marked
from kg.exports.network import DRAWN
from kg.exports.pieces import pieces

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.exports.base import Watch
    from kg.exports.columns import Cell
    from kg.exports.network import Network

__all__ = ["write_graphml"]


def write_graphml(network: Network, watch: Watch) -> Iterator[bytes]:
    """Give a network as GraphML; a key's description is what the column is called for people.

    Args:
        network: texts of several are joined by `columns.MANY`.
        watch: looks on.

    Raises:
        UsageError: a text holds what XML cannot, or one of several holds what joins them.
    """
    check_fit(network, "graphml")
    return pieces(_lines(network, watch))


def _lines(network: Network, watch: Watch) -> Iterator[str]:
    about = [Column(name) for name in network.about]
    yield DECLARATION
    yield '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    yield from _keys("graph", about)
    yield from _keys("node", (*DRAWN, *network.node_columns))
    yield from _keys("edge", network.edge_columns)
    kind = "directed" if network.is_directed else "undirected"
    yield f'  <graph id="G" edgedefault="{kind}">\n'
    yield f"    {_data('graph', about, tuple(network.about.values()))}\n"
    columns = (*DRAWN, *network.node_columns)
    for node in watch(network.nodes):
        values = _data("node", columns, (*node.drawn.values(), *node.values))
        yield f'    <node id="{marked(node.id)}">{values}</node>\n'
    for edge in watch(network.edges):
        ends = f'source="{marked(edge.source)}" target="{marked(edge.target)}"'
        values = _data("edge", network.edge_columns, edge.values)
        yield f'    <edge id="{edge.id}" {ends}>{values}</edge>\n'
    yield "  </graph>\n</graphml>\n"


def _keys(kind: str, columns: Sequence[Column]) -> Iterator[str]:
    for it in columns:
        told = f"{it.zh} | {it.en}" if it.zh and it.zh != it.name else ""
        desc = f"<desc>{marked(told)}</desc>" if told else ""
        yield (
            f'  <key id="{kind}_{it.name}" for="{kind}" attr.name="{it.name}"'
            f' attr.type="{TYPES[it.kind]}">{desc}</key>\n'
        )


def _data(kind: str, columns: Sequence[Column], values: Sequence[Cell]) -> str:
    return "".join(
        f'<data key="{kind}_{column.name}">{marked(shown(value))}</data>'
        for column, value in zip(columns, values, strict=True)
        if value is not None
    )
