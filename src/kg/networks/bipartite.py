"""The network of regions and concepts: who states what, how often, in which words."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import networkx as nx

from kg.networks.drawing import drawn
from kg.networks.facts import things
from kg.networks.notes import noted

if TYPE_CHECKING:
    from kg.networks.facts import Facts, Tables

__all__ = ["region_concept", "stated", "statements"]


def region_concept(tables: Tables) -> nx.Graph[str]:
    """Give province-level regions (`bipartite` 0) and the concepts that they state (1).

    An edge weighs as many claims and mentions as name the concept; `form` is that of the
    strongest. Parallel tuples, in the order of the text: `quotes`, `statements`, `forms`, `lines`.

    Args:
        tables: answers a saved question by its id.
    """
    facts = things(tables)
    graph = stated(tables, facts)
    drawn(graph)
    noted(graph, "region-concept", facts)
    return graph


def stated(tables: Tables, facts: Facts) -> nx.Graph[str]:
    """Give the network of regions and concepts, not yet drawn."""
    graph: nx.Graph[str] = nx.Graph()
    behind = statements(tables)
    for row in tables("network-region-concept").records():
        ends = row["region"], row["concept"]
        for side, node in enumerate(ends):
            graph.add_node(node, bipartite=side, **facts.get(node, {}))
        graph.add_edge(
            *ends,
            weight=int(row["statements"]),
            form=row["form"].partition(":")[2],
            label=row["formLabel"],
            label_en=row["formLabelEn"],
            **_evidence(behind.get(ends, [])),
        )
    return graph


def statements(tables: Tables) -> dict[tuple[str, str], list[dict[str, str]]]:
    """Give what each region's stating of each concept rests on, in the order of the text.

    Args:
        tables: answers a saved question by its id.

    Returns:
        Region and concept -> rows of `network-statements`.
    """
    rows: defaultdict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for row in tables("network-statements").records():
        rows[row["region"], row["concept"]].append(row)
    return rows


def _evidence(rows: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "quotes": tuple(row.get("quote", "") for row in rows),
        "statements": tuple(row["statement"] for row in rows),
        "forms": tuple(row["form"].partition(":")[2] for row in rows),
        "lines": tuple(row.get("line", "") for row in rows),
    }
