"""JSON of Cytoscape.js, which Cytoscape reads as `.cyjs`; see https://js.cytoscape.org/#cy.json."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.errors import UsageError, clipped
from kg.exports.columns import INTEGER
from kg.exports.fitness import cells
from kg.exports.pieces import as_json, given, pieces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.exports.base import Watch
    from kg.exports.network import Edge, Network, Node

__all__ = ["EXACT", "write_cytoscape"]

EXACT: Final = (1 << 53) - 1
"""The largest whole number that JavaScript does not round."""

NODES: Final = {
    "background-color": "data(color)", "height": "data(size)", "shape": "data(shape)",
    "width": "data(size)",
}  # fmt: skip
NAMES: Final = {
    "color": "#222222", "font-family": "Noto Sans CJK SC, sans-serif", "font-size": 8,
    "label": "data(label)", "text-outline-color": "#ffffff", "text-outline-width": 1,
}  # fmt: skip
EDGES: Final = {"curve-style": "straight", "line-color": "#bbbbbb", "opacity": 0.6, "width": 1}
ARROWS: Final = {
    "arrow-scale": 0.6, "target-arrow-color": "#bbbbbb", "target-arrow-shape": "triangle",
}  # fmt: skip
MULTIPLE: Final = {"curve-style": "bezier"}


def write_cytoscape(network: Network, watch: Watch) -> Iterator[bytes]:
    """Give a network as JSON of Cytoscape.js: elements with places, and a style that draws them.

    Each node's colour, shape and size are in its data, so that the style is the same for all.

    Args:
        network: several texts are an array, a missing value is left out.
        watch: looks on.

    Raises:
        UsageError: a whole number is so large that JavaScript would round it.
    """
    _check_exact(network)
    return pieces(_lines(network, watch))


def _check_exact(network: Network) -> None:
    for place, column, value in cells(network, INTEGER):
        if isinstance(value, int) and abs(value) > EXACT:
            told = clipped(place)
            raise UsageError(
                f"{told} 的 {column}：JavaScript 会舍入 {value}；请改用 cx2, node-link, gexf",
                f"{column} of {told}: JavaScript would round {value}; use cx2, node-link or gexf",
            )


def _lines(network: Network, watch: Watch) -> Iterator[str]:
    yield '{"format_version":"1.0","target_cytoscapejs_version":"~3.1",\n'
    yield f'"data":{as_json(network.about)},\n"elements":{{"nodes":['
    start = "\n"
    for node in watch(network.nodes):
        yield start + as_json(_node(network, node))
        start = ",\n"
    yield '\n],"edges":['
    start = "\n"
    for edge in watch(network.edges):
        yield start + as_json(_edge(network, edge))
        start = ",\n"
    yield f'\n]}},\n"layout":{{"name":"preset"}},\n"style":{as_json(_style(network))}}}\n'


def _node(network: Network, node: Node) -> dict[str, object]:
    values = given(network.node_columns, node.values)
    return {"data": {"id": node.id, **node.look, **values}, "position": {"x": node.x, "y": node.y}}


def _edge(network: Network, edge: Edge) -> dict[str, object]:
    values = given(network.edge_columns, edge.values)
    return {"data": {"id": edge.id, "source": edge.source, "target": edge.target, **values}}


def _style(network: Network) -> list[dict[str, object]]:
    edges = {**EDGES, **(MULTIPLE if network.is_multi or network.is_directed else {})}
    return [
        {"selector": "node", "style": NODES},
        {"selector": "node[label]", "style": NAMES},
        {"selector": "edge", "style": {**edges, **(ARROWS if network.is_directed else {})}},
    ]
