"""GEXF 1.3, the format of Gephi and Gephi Lite; see https://gexf.net/schema.html."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.exports.columns import TYPES, shown
from kg.exports.fitness import check_fit, check_weight
from kg.exports.markup import DECLARATION, marked
from kg.exports.pieces import pieces

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.exports.base import Watch
    from kg.exports.columns import Cell, Column
    from kg.exports.network import Edge, Network, Node

__all__ = ["write_gexf"]

OWN: Final = ("label", "weight")
"""Values of edges that GEXF itself has a place for."""

DISC: Final = "disc"
LOOKS: Final = {
    "barrel": "square",
    "bottom-round-rectangle": "square",
    "cut-rectangle": "square",
    "diamond": "diamond",
    "rectangle": "square",
    "round-diamond": "diamond",
    "round-rectangle": "square",
    "round-tag": "square",
    "round-triangle": "triangle",
    "tag": "square",
    "triangle": "triangle",
    "vee": "triangle",
}
"""Shape -> what GEXF has for it; a disc for all others."""


def write_gexf(network: Network, watch: Watch) -> Iterator[bytes]:
    """Give a network as GEXF.

    An attribute's `id` is its title, since Gephi Lite shows the one and Gephi the other. `label`,
    as text, and `weight` of edges are what GEXF itself calls so, and stand nowhere else. What is
    told of the network, and what its columns hold, stands in `description`.

    Args:
        network: texts of several are joined by `columns.MANY`.
        watch: looks on.

    Raises:
        UsageError: a text holds what XML cannot, or one of several holds what joins them.
    """
    check_fit(network, "gexf")
    check_weight(network, "gexf")
    return pieces(_lines(network, watch))


def _lines(network: Network, watch: Watch) -> Iterator[str]:
    yield DECLARATION
    yield '<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">\n'
    yield f"  <meta>\n    <creator>{marked(network.facts.get('generator', 'kg'))}</creator>\n"
    yield f"    <description>{marked(_description(network))}</description>\n  </meta>\n"
    kind = "directed" if network.is_directed else "undirected"
    yield f'  <graph mode="static" defaultedgetype="{kind}" idtype="string">\n'
    node_columns = [it for it in network.node_columns if it.name != "label"]
    edge_columns = [it for it in network.edge_columns if it.name not in OWN]
    yield from _attributes("node", node_columns)
    yield from _attributes("edge", edge_columns)
    yield f'    <nodes count="{len(network.nodes)}">\n'
    at = [network.node_column(column.name) for column in node_columns]
    label = network.node_column("label")
    for node in watch(network.nodes):
        yield _node(node, label, _values(node_columns, at, node.values))
    yield f'    </nodes>\n    <edges count="{len(network.edges)}">\n'
    at = [network.edge_column(column.name) for column in edge_columns]
    places = {name: network.edge_column(name) for name in OWN}
    for edge in watch(network.edges):
        yield _edge(edge, places, _values(edge_columns, at, edge.values))
    yield "    </edges>\n  </graph>\n</gexf>\n"


def _description(network: Network) -> str:
    """Give what must be known: titles, facts, and what each column is called."""
    lines = [f"{network.zh} | {network.en}"]
    lines += [f"{name}: {fact}" for name, fact in network.facts.items()]
    for kind, columns in (("node", network.node_columns), ("edge", network.edge_columns)):
        lines += [f"{kind} {it.name}: {it.zh} | {it.en}" for it in columns if it.zh != it.name]
    return "\n".join(lines)


def _attributes(kind: str, columns: Sequence[Column]) -> Iterator[str]:
    yield f'    <attributes class="{kind}" mode="static">\n'
    for (
        it
    ) in columns:  # several texts as one: Gephi and others each divide a `liststring` elsewhere
        yield f'      <attribute id="{it.name}" title="{it.name}" type="{TYPES[it.kind]}"/>\n'
    yield "    </attributes>\n"


def _values(columns: Sequence[Column], at: Sequence[int], values: Sequence[Cell]) -> str:
    """Give the element of the values that there are; nothing if there is none."""
    found = [
        f'<attvalue for="{column.name}" value="{marked(shown(value))}"/>'
        for column, place in zip(columns, at, strict=True)
        if (value := values[place]) is not None
    ]
    return f"<attvalues>{''.join(found)}</attvalues>" if found else ""


def _node(node: Node, label: int, values: str) -> str:
    red, green, blue = (int(node.color[at : at + 2], 16) for at in (1, 3, 5))
    return (
        f'      <node id="{marked(node.id)}"{_own("label", node.values, label)}>{values}'
        f'<viz:color r="{red}" g="{green}" b="{blue}"/><viz:position x="{node.x}" y="{node.y}"/>'
        f'<viz:size value="{node.size}"/><viz:shape value="{LOOKS.get(node.shape, DISC)}"/>'
        "</node>\n"
    )


def _edge(edge: Edge, places: dict[str, int], values: str) -> str:
    own = "".join(_own(name, edge.values, place) for name, place in places.items())
    return (
        f'      <edge id="{edge.id}" source="{marked(edge.source)}" target="{marked(edge.target)}"'
        f"{own}>{values}</edge>\n"
    )


def _own(name: str, values: Sequence[Cell], place: int) -> str:
    """Give an attribute that GEXF itself has; nothing where there is no value."""
    value = values[place] if place >= 0 else None
    return "" if value is None else f' {name}="{marked(shown(value))}"'
