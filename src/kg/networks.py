"""Networks of the graph as networkx graphs, made from saved questions in `queries/exports/`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import networkx as nx

from kg.errors import UsageError, clipped

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.results import Table

__all__ = ["NETWORKS", "network"]


def _full(table: Callable[[str], Table]) -> nx.MultiDiGraph[str]:
    """Everything: things and claims as nodes, properties as directed links."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for row in table("network-nodes").records():
        graph.add_node(
            row["node"],
            kind=row["class"].partition(":")[2],
            label=row.get("nodeLabel", row["node"]),
            label_en=row.get("nodeLabelEn", row["node"]),
        )
    for row in table("network-links").records():
        graph.add_edge(
            row["source"],
            row["target"],
            key=row["property"],
            label=row.get("propertyLabel", row["property"]),
            label_en=row.get("propertyLabelEn", row["property"]),
        )
    return graph


def _region_concept(table: Callable[[str], Table]) -> nx.Graph[str]:
    """Province-level regions and the concepts that they state, weighted by statements."""
    graph: nx.Graph[str] = nx.Graph()
    for row in table("network-region-concept").records():
        for kind, side in (("region", "Region"), ("concept", "PlatformConcept")):
            graph.add_node(
                row[kind],
                kind=side,
                bipartite=int(kind == "concept"),
                label=row[f"{kind}Label"],
                label_en=row[f"{kind}LabelEn"],
            )
        graph.add_edge(
            row["region"],
            row["concept"],
            weight=int(row["statements"]),
            form=row["form"].partition(":")[2],
            label=row["formLabel"],
            label_en=row["formLabelEn"],
        )
    return graph


NETWORKS: Final = {"full": _full, "region-concept": _region_concept}
"""Name -> how the network is made."""


def network(name: str, table: Callable[[str], Table]) -> nx.Graph[str] | nx.MultiDiGraph[str]:
    """Give a network.

    Nodes are CURIEs with `kind` (the class), `label` (zh) and `label_en`. `full` is a directed
    multigraph whose keys are properties; `region-concept` is bipartite (`bipartite` 0: regions,
    1: concepts), its `weight` the number of claims and mentions, its `form` the strongest.

    Args:
        name: one of `NETWORKS`.
        table: answers a saved question by its id.

    Raises:
        UsageError: there is no network of that name.
    """
    if name not in NETWORKS:
        listed = " ".join(NETWORKS)
        raise UsageError(
            f"没有网络 {clipped(name)}，有：{listed}",
            f"no network {clipped(name)}; there are: {listed}",
        )
    return NETWORKS[name](table)
