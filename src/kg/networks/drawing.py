"""How nodes are drawn: colour and shape by class, size by weight; so all formats draw alike."""

from __future__ import annotations

import math
from typing import Any, Final

import networkx as nx

from kg.colors import COLORS

__all__ = ["LARGEST", "LOOKS", "SMALLEST", "drawn"]

LOOKS: Final = {
    "Region": (COLORS["blue"], "ellipse"),
    "PlatformConcept": (COLORS["orange"], "diamond"),
    "Platform": (COLORS["green"], "rectangle"),
    "PlatformClaim": (COLORS["green"], "round-rectangle"),
    "Initiative": (COLORS["vermillion"], "hexagon"),
    "InitiativeClaim": (COLORS["vermillion"], "round-rectangle"),
    "Target": (COLORS["sky"], "triangle"),
    "Milestone": (COLORS["yellow"], "vee"),
    "Achievement": (COLORS["yellow"], "triangle"),
    "Framework": (COLORS["purple"], "rhomboid"),
    "FrameworkPart": (COLORS["purple"], "ellipse"),
    "SourceDocument": (COLORS["black"], "octagon"),
    "Gap": (COLORS["black"], "diamond"),
}
"""Class -> colour and shape; no two classes have both in common.

The shapes are names of Cytoscape.js; classes stand in the order in which readers meet them.
"""

OTHER: Final = ("#999999", "ellipse")
SMALLEST, LARGEST = 10.0, 60.0
"""Diameters."""


def drawn(graph: nx.Graph[Any]) -> None:
    """Set `color`, `shape` and `size` of each node.

    The root of the size over the smallest grows with the weighted degree, so that areas and not
    diameters compare.
    """
    weights = {node: sum(_weights(graph, node)) for node in graph}
    most = max(weights.values(), default=0) or 1
    for node, data in graph.nodes(data=True):
        data["color"], data["shape"] = LOOKS.get(data.get("kind", ""), OTHER)
        share = math.sqrt(weights[node] / most)
        data["size"] = round(SMALLEST + (LARGEST - SMALLEST) * share, 2)


def _weights(graph: nx.Graph[Any], node: Any) -> list[float]:  # noqa: ANN401 -- any node
    """Give the weight of each edge at a node, 1 where it has none."""
    ends = [graph.edges(node, data="weight", default=1)]
    if isinstance(graph, nx.DiGraph):
        ends.append(graph.in_edges(node, data="weight", default=1))
    return [weight for edges in ends for _, _, weight in edges]
