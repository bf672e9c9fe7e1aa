"""The whole network: things and claims as nodes, properties as directed links."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx

from kg.networks.drawing import drawn
from kg.networks.facts import claims, things
from kg.networks.notes import noted

if TYPE_CHECKING:
    from kg.networks.facts import Tables

__all__ = ["whole"]


def whole(tables: Tables) -> nx.MultiDiGraph[str]:
    """Give everything: things and claims as nodes, properties as keys of directed links.

    Args:
        tables: answers a saved question by its id.
    """
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    facts = things(tables)
    claims(tables, facts)
    graph.add_nodes_from(facts.items())
    for row in tables("network-links").records():
        graph.add_edge(
            row["source"],
            row["target"],
            key=row["property"],
            label=row.get("propertyLabel", row["property"]),
            label_en=row.get("propertyLabelEn", row["property"]),
        )
    drawn(graph)
    noted(graph, "full", facts)
    return graph
