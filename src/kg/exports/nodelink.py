"""Node-link JSON, which `networkx.node_link_graph` and D3 read.

See https://networkx.org/documentation/stable/reference/readwrite/json_graph.html.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.exports.pieces import as_json, given, pieces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.exports.base import Watch
    from kg.exports.network import Network

__all__ = ["write_nodelink"]


def write_nodelink(network: Network, watch: Watch) -> Iterator[bytes]:
    """Give a network as node-link JSON, a node or an edge on a line.

    Args:
        network: any; several texts are an array, a missing value is left out.
        watch: looks on.
    """
    return pieces(_lines(network, watch))


def _lines(network: Network, watch: Watch) -> Iterator[str]:
    yield f'{{"directed":{as_json(network.is_directed)},"multigraph":{as_json(network.is_multi)},'
    yield f'"graph":{as_json(network.about)},\n"nodes":['
    start = "\n"
    for node in watch(network.nodes):
        values = given(network.node_columns, node.values)
        yield start + as_json({"id": node.id, **node.drawn, **values})
        start = ",\n"
    yield '\n],\n"edges":['
    start = "\n"
    for edge in watch(network.edges):
        values = given(network.edge_columns, edge.values)
        yield start + as_json({"source": edge.source, "target": edge.target, **values})
        start = ",\n"
    yield "\n]}\n"
