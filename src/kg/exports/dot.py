"""DOT, the language of Graphviz; see https://graphviz.org/doc/info/lang.html."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from kg.exports.columns import shown
from kg.exports.fitness import check_fit
from kg.exports.pieces import given, pieces

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kg.exports.base import Watch
    from kg.exports.columns import Cell
    from kg.exports.network import Edge, Network, Node

__all__ = ["FONT", "JOINER", "write_dot"]

FONT: Final = "Noto Sans CJK SC"
"""A font that has Chinese, in Debian's package fonts-noto-cjk."""

INCH: Final = 72
"""Points in an inch: places are told in points, sizes in inches."""

OWN: Final = "data_"
"""What stands before the name of a column, lest Graphviz take it for one of its own attributes."""

LOOKS: Final = {
    "barrel": "cylinder",
    "bottom-round-rectangle": "box",
    "concave-hexagon": "hexagon",
    "cut-rectangle": "octagon",
    "heptagon": "septagon",
    "rectangle": "box",
    "rhomboid": "parallelogram",
    "round-diamond": "diamond",
    "round-heptagon": "septagon",
    "round-hexagon": "hexagon",
    "round-octagon": "octagon",
    "round-pentagon": "pentagon",
    "round-rectangle": "box",
    "round-tag": "cds",
    "round-triangle": "triangle",
    "tag": "cds",
    "vee": "invtriangle",
}
"""Shape -> what Graphviz has for it; it has the others under their own names."""

ROUND: Final = "filled,rounded"
"""The style of shapes whose name says that they are round."""

PART: Final = 4000
"""Characters between two quotation marks: Graphviz 2 reads at most 16,384 bytes there."""
PARTS: Final = re.compile(rf"(?s)(?:\\.|[^\\]){{1,{PART}}}")
"""Parts of an escaped text, none of which ends within an escape."""

BACKSLASH: Final = re.compile(r"\\")
"""What a node's name must not hold: DOT has no way to end a name with it."""

JOINER: Final = "\u2060"
"""Stands unseen behind a backslash of a tooltip, lest it and what follows become an escape."""

GRAPH: Final = {
    "charset": "UTF-8",
    "layout": "neato",
    "inputscale": str(INCH),
    "outputorder": "edgesfirst",
    "overlap": "true",
    "splines": "line",
    "fontname": FONT,
}
NODES: Final = {
    "fontname": FONT, "fontsize": "8", "style": "filled", "penwidth": "0", "fixedsize": "shape",
}  # fmt: skip
EDGES: Final = {"fontname": FONT, "fontsize": "6", "color": "#bbbbbb", "arrowsize": "0.4"}


def write_dot(network: Network, watch: Watch) -> Iterator[bytes]:
    r"""Give a network as DOT that `dot -Tsvg` and `neato -n -Tsvg` draw with its own places.

    Each value is an attribute `data_…` beside those of Graphviz; what must be known of the network
    is one of the graph. In all of them a backslash is two, and a line end is `\n`, as in labels.
    DOT takes an empty text for a missing one.

    Args:
        network: texts of several are joined by `columns.MANY`; quotes are tooltips too.
        watch: looks on.

    Raises:
        UsageError: a text holds what SVG cannot, one of several what joins them, or a node's name
            a backslash.
    """
    check_fit(network, "dot", ids=BACKSLASH)
    return pieces(_lines(network, watch))


def _lines(network: Network, watch: Watch) -> Iterator[str]:
    kind, link = ("digraph", "->") if network.is_directed else ("graph", "--")
    yield f"{kind} {_name(network.name)} {{\n"
    told = {f"{OWN}{name}": _escaped(it) for name, it in network.about.items() if name != "name"}
    yield f"  graph {_attributes({**GRAPH, 'tooltip': _pointed(network.zh), **told})};\n"
    yield f"  node {_attributes(NODES)};\n  edge {_attributes(EDGES)};\n"
    for node in watch(network.nodes):
        yield f"  {_name(node.id)} {_attributes(_node(network, node))};\n"
    for edge in watch(network.edges):
        ends = f"{_name(edge.source)} {link} {_name(edge.target)}"
        yield f"  {ends} {_attributes(_edge(network, edge))};\n"
    yield "}\n"


def _node(network: Network, node: Node) -> dict[str, str]:
    values = given(network.node_columns, node.values)
    label = network.label(node)
    size = f"{node.size / INCH:.4f}"
    look = LOOKS.get(node.shape, node.shape)
    style = {"style": ROUND} if node.shape.startswith("round-") else {}
    return {
        "label": _drawn(label),
        "pos": f"{node.x},{node.y}!",
        "width": size,
        "height": size,
        "shape": look,
        **style,
        "fillcolor": node.color,
        "tooltip": _tooltip(values, label),
        **_own(values),
    }


def _edge(network: Network, edge: Edge) -> dict[str, str]:
    values = given(network.edge_columns, edge.values)
    label = values.get("label")
    between = f"{edge.source} – {edge.target}"
    tooltip = _tooltip(values, label if isinstance(label, str) and label else between)
    return {"tooltip": tooltip, **_own(values)}


def _own(values: Mapping[str, Cell]) -> dict[str, str]:
    told = {name: shown(it) for name, it in values.items() if it is not None}
    return {f"{OWN}{name}": _escaped(text) for name, text in told.items() if text}


def _tooltip(values: Mapping[str, Cell], label: str) -> str:
    """Give what is shown where a mouse rests: the quotes; the label where there are none."""
    quotes = values.get("quotes")
    return _pointed("\n".join(quotes) if isinstance(quotes, tuple) else label)


def _escaped(text: str) -> str:
    r"""Give a text as an `escString` has it: a backslash twice, a line end as `\n`.

    See https://graphviz.org/docs/attr-types/escString/.
    """
    return text.replace("\\", "\\\\").replace("\n", "\\n")


def _drawn(text: str) -> str:
    """Give a text that Graphviz draws: `&` begins an entity there."""
    return _escaped(text).replace("&", "&amp;")


def _pointed(text: str) -> str:
    """Give a text for a tooltip, in which Graphviz looks for escapes twice."""
    return _drawn(text.replace("\\", f"\\{JOINER}"))


def _name(text: str) -> str:
    """Give a text in quotation marks, a long one as the sum of its parts."""
    escaped = text.replace('"', '\\"')
    if len(escaped) <= PART:
        return f'"{escaped}"'
    return " + ".join(f'"{part}"' for part in PARTS.findall(escaped))


def _attributes(values: Mapping[str, str]) -> str:
    return f"[{' '.join(f'{name}={_name(value)}' for name, value in values.items())}]"
