"""Mermaid, for small pictures in Markdown; see https://mermaid.js.org/syntax/flowchart.html."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from kg.errors import UsageError
from kg.exports.columns import shown
from kg.exports.fitness import UNWRITTEN, check_text
from kg.exports.pieces import as_json, pieces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.exports.base import Watch
    from kg.exports.network import Edge, Network

__all__ = ["DRAWN", "LINKED", "LONGEST", "write_mermaid"]

DRAWN: Final = 60
"""Nodes that a picture may have: beyond, its labels can no longer be read."""
LINKED: Final = 500
"""Edges that Mermaid draws as it is set up; see its `maxEdges`."""
LONGEST: Final = 50_000
"""Characters that Mermaid draws as it is set up; see its `maxTextSize`."""

SPECIAL: Final = re.compile(
    r"(?!(?<=\d)\.\d)[^\w \x80-\x9f\u2010-\u2027\u3000-\u303f\uff00-\uffef]|_"
)
"""Signs of a label that are written as their numbers: all that could be markup.

A decimal point is none; a number with a point and a blank would begin a list.
"""
LINE_END: Final = re.compile("\r\n|\r|\n")

SHAPES: Final = {
    "cut-rectangle": ("[", "]"),
    "diamond": ("{", "}"),
    "heptagon": ("{{", "}}"),
    "hexagon": ("{{", "}}"),
    "octagon": ("{{", "}}"),
    "pentagon": ("{{", "}}"),
    "rectangle": ("[", "]"),
    "rhomboid": ("[/", "/]"),
    "round-rectangle": ("(", ")"),
    "star": ("((", "))"),
    "tag": (">", "]"),
    "triangle": ("[/", "\\]"),
    "vee": ("[\\", "/]"),
}
STADIUM: Final = ("([", "])")
"""Shape -> the brackets that draw what Mermaid has for it; a stadium for all others."""


def write_mermaid(network: Network, watch: Watch) -> Iterator[bytes]:
    """Give a small network as a flowchart of Mermaid: labels, colours, shapes and links.

    It is a picture: values other than labels and weights are not in it.

    Args:
        network: of at most `DRAWN` nodes and `LINKED` edges.
        watch: looks on.

    Raises:
        UsageError: there are too many nodes or edges, or too long labels.
    """
    _check_count(len(network.nodes), DRAWN, "节点", "nodes")
    _check_count(len(network.edges), LINKED, "边", "edges")
    text = "".join(_lines(network, watch))
    _check_count(len(text), LONGEST, "字符", "characters")
    return pieces([text])


def _check_count(count: int, most: int, zh: str, en: str) -> None:
    if count > most:
        raise UsageError(
            f"mermaid 最多 {most:,} 个{zh}，此网络有 {count:,} 个；"
            "请用 --about 选出一个事物，或改用 html、gexf",
            f"mermaid takes at most {most:,} {en}, and this network has {count:,}; choose one "
            "thing with --about, or use html or gexf",
        )


def _lines(network: Network, watch: Watch) -> Iterator[str]:
    yield f"---\ntitle: {as_json(network.zh)}\n---\nflowchart LR\n"
    places = {node.id: f"n{at}" for at, node in enumerate(network.nodes)}
    for node in watch(network.nodes):
        opened, closed = SHAPES.get(node.shape, STADIUM)
        label = _label(node.id, network.label(node) or node.id)
        yield f'  {places[node.id]}{opened}"{label}"{closed}\n'
    link = "-->" if network.is_directed else "---"
    for edge in watch(network.edges):
        said = _said(network, edge)
        middle = f'|"{said}"| ' if said else " "
        yield f"  {places[edge.source]} {link}{middle}{places[edge.target]}\n"
    for at, colour in enumerate(sorted({node.color for node in network.nodes})):
        members = ",".join(places[node.id] for node in network.nodes if node.color == colour)
        yield f"  classDef c{at} fill:{colour}33,stroke:{colour},color:#222222\n"
        yield f"  class {members} c{at}\n"


def _said(network: Network, edge: Edge) -> str:
    """Give what stands at an edge: its label, else its weight."""
    for name in ("label", "weight"):
        at = network.edge_column(name)
        value = edge.values[at] if at >= 0 else None
        if value is not None and value != "":
            return _label(f"{edge.source} → {edge.target}", shown(value))
    return ""


def _label(place: str, text: str) -> str:
    """Give a text that Mermaid shows as it is.

    >>> _label("kgc:x", '一网通办 "a"')
    '一网通办 #34;a#34;'

    Raises:
        UsageError: it holds a character that no page can show.
    """
    check_text(place, "label", text, UNWRITTEN, "mermaid")
    lines = LINE_END.split(text)
    return "<br>".join(SPECIAL.sub(lambda found: f"#{ord(found[0])};", line) for line in lines)
