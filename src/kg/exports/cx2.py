"""CX2, the exchange format of Cytoscape and of NDEx; see https://cytoscape.org/cx/cx2/."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kg.exports.columns import TYPES
from kg.exports.pieces import as_json, given, pieces

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.exports.base import Watch
    from kg.exports.columns import Column
    from kg.exports.network import Network

__all__ = ["write_cx2"]

LOOKS: Final = {
    "barrel": "round-rectangle",
    "bottom-round-rectangle": "round-rectangle",
    "concave-hexagon": "hexagon",
    "cut-rectangle": "octagon",
    "heptagon": "octagon",
    "pentagon": "octagon",
    "rhomboid": "parallelogram",
    "round-diamond": "diamond",
    "round-heptagon": "octagon",
    "round-hexagon": "hexagon",
    "round-octagon": "octagon",
    "round-pentagon": "octagon",
    "round-tag": "round-rectangle",
    "round-triangle": "triangle",
    "star": "vee",
    "tag": "parallelogram",
}
"""Shape -> what CX2 has for it; it has the others under their own names."""

LOOK: Final = {"size": "double", "color": "string", "shape": "string"}
"""Attributes of how a node is drawn -> their types; the visual style maps them."""

DEFAULTS: Final[dict[str, dict[str, Any]]] = {
    "network": {"NETWORK_BACKGROUND_COLOR": "#FFFFFF"},
    "node": {
        "NODE_BORDER_WIDTH": 0,
        "NODE_LABEL_COLOR": "#222222",
        "NODE_LABEL_FONT_SIZE": 8,
    },
    "edge": {"EDGE_LINE_COLOR": "#BBBBBB", "EDGE_WIDTH": 1},
}


def write_cx2(network: Network, watch: Watch) -> Iterator[bytes]:
    """Give a network as CX2 with a visual style.

    CX2 numbers its nodes: what a node is called is its attribute `id`. Where the network has no
    column `name`, that is what a node is shown by.

    Args:
        network: several texts are a `list_of_string`, a missing value is left out.
        watch: looks on.
    """
    return pieces(_lines(network, watch))


def _lines(network: Network, watch: Watch) -> Iterator[str]:
    counts = {"attributeDeclarations": 1, "networkAttributes": 1, "nodes": len(network.nodes)}
    counts |= {"edges": len(network.edges), "visualProperties": 1}
    yield '[{"CXVersion":"2.0","hasFragments":false},\n'
    metadata = [{"name": name, "elementCount": count} for name, count in counts.items()]
    yield f'{{"metaData":{as_json(metadata)}}},\n'
    yield f'{{"attributeDeclarations":{as_json([_declarations(network)])}}},\n'
    yield f'{{"networkAttributes":{as_json([network.about])}}},\n{{"nodes":['
    is_named = network.node_column("name") >= 0
    start = "\n"
    for at, node in enumerate(watch(network.nodes)):
        own = {} if is_named else {"name": network.label(node)}
        values = {"id": node.id, **own, **node.look, **given(network.node_columns, node.values)}
        yield start + as_json({"id": at, "x": node.x, "y": node.y, "v": values})
        start = ",\n"
    yield '\n]},\n{"edges":['
    places = {node.id: at for at, node in enumerate(network.nodes)}
    start = "\n"
    for at, edge in enumerate(watch(network.edges)):
        ends = {"s": places[edge.source], "t": places[edge.target]}
        yield start + as_json({"id": at, **ends, "v": given(network.edge_columns, edge.values)})
        start = ",\n"
    yield f'\n]}},\n{{"visualProperties":{as_json([_style(network)])}}},\n'
    yield '{"status":[{"success":true}]}]\n'


def _declarations(network: Network) -> dict[str, Any]:
    own = {name: {"d": kind} for name, kind in {"id": "string", "name": "string", **LOOK}.items()}
    return {
        "networkAttributes": {name: {"d": "string"} for name in network.about},
        "nodes": {**own, **_typed(network.node_columns)},
        "edges": _typed(network.edge_columns),
    }


def _typed(columns: Sequence[Column]) -> dict[str, Any]:
    return {it.name: {"d": "list_of_string" if it.many else TYPES[it.kind]} for it in columns}


def _style(network: Network) -> dict[str, Any]:
    arrow = "triangle" if network.is_directed else "none"
    edges = {**DEFAULTS["edge"], "EDGE_TARGET_ARROW_SHAPE": arrow}
    shapes = sorted({node.shape for node in network.nodes})
    looks = [{"v": shape, "vp": LOOKS.get(shape, shape)} for shape in shapes]
    colours = [{"v": it, "vp": it.upper()} for it in sorted({it.color for it in network.nodes})]
    return {
        "default": {**DEFAULTS, "edge": edges},
        "nodeMapping": {
            "NODE_LABEL": _passed("name", _kind_of_names(network)),
            "NODE_WIDTH": _passed("size", "double"),
            "NODE_HEIGHT": _passed("size", "double"),
            "NODE_BACKGROUND_COLOR": _listed("color", colours),
            "NODE_SHAPE": _listed("shape", looks),
        },
        "edgeMapping": {},
    }


def _kind_of_names(network: Network) -> str:
    at = network.node_column("name")
    return TYPES[network.node_columns[at].kind] if at >= 0 else "string"


def _passed(attribute: str, kind: str) -> dict[str, Any]:
    return {"type": "PASSTHROUGH", "definition": {"attribute": attribute, "type": kind}}


def _listed(attribute: str, values: Sequence[dict[str, str]]) -> dict[str, Any]:
    definition = {"attribute": attribute, "type": "string", "map": values}
    return {"type": "DISCRETE", "definition": definition}
