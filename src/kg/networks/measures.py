"""Measures of a network's nodes, each by its published definition: as attributes, and as a table.

Regions of which no text was read have none and count in none: what their texts state is not known.
Centralities are told of the two-mode network only. In its projections nearly all regions are linked
with all others, and concepts of one text are all linked with each other, so that paths between them
say nothing that the two-mode network does not say better. Numbers are rounded to `DIGITS`.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import networkx as nx

from kg.errors import UsageError, clipped
from kg.networks.attributes import MEASURES as LABELS
from kg.networks.communities import communities, divisions, facing
from kg.networks.notes import structure, was_read
from kg.networks.null_model import SEED, samples
from kg.networks.projections import DIGITS
from kg.results import Table, Term

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["MEASURES", "TABLES", "by_chance", "measured", "measures_table"]

MEASURES: Final = tuple(LABELS)
"""Attributes that `measured` sets, in the order of the table's columns."""

TABLES: Final = 99
"""Tables drawn to compare modularity with: the least p-value is 1 / 100."""

XSD: Final = "http://www.w3.org/2001/XMLSchema#"
NUMBERS: Final = {int: f"{XSD}integer", float: f"{XSD}decimal"}


def measured(graph: nx.Graph[Any]) -> nx.Graph[Any]:
    """Give a copy of a network whose nodes have its measures, and the network figures of its own.

    Args:
        graph: as `network` gives it, with `graph["name"]`.

    Returns:
        The copy; with communities, its attributes `modularity`, `stability` (see `communities`),
        of the two-mode network also `modularity_expected` and `modularity_p_value` (see
        `by_chance`), are numbers, and `communities`, `communities_en` say the same in words.

    Raises:
        UsageError: the graph is no network of this graph.
    """
    name = str(graph.graph.get("name", ""))
    if name not in MEASURED:
        listed = " ".join(MEASURED)
        raise UsageError(
            f"只有本库的网络有量度：{listed}；这个叫 {clipped(name)}",
            f"only networks of this graph have measures: {listed}; this one is called "
            f"{clipped(name)}",
        )
    found = graph.copy()
    for measure, values in MEASURED[name](found).items():
        rounded = {node: _rounded(value) for node, value in values.items()}
        nx.set_node_attributes(found, rounded, measure)
    return found


def measures_table(graph: nx.Graph[Any]) -> Table:
    """Give the measures of a network as a table, one row a node.

    Args:
        graph: as `measured` gives it.

    Returns:
        Columns `node`, `label`, `label_en`, `kind`, then those of `MEASURES` that the network has;
        a cell is unbound where a measure does not apply.
    """
    present = {name for _, data in graph.nodes(data=True) for name in data}
    columns = ["label", "label_en", "kind", *(name for name in MEASURES if name in present)]
    rows = [
        (Term("literal", node), *(_term(data.get(name)) for name in columns))
        for node, data in sorted(graph.nodes(data=True))
    ]
    return Table(("node", *columns), tuple(rows))


def _term(value: str | float | None) -> Term | None:
    if value is None:
        return None
    if isinstance(value, float):
        text = re.sub(r"\.?0+$", "", f"{value:.{DIGITS}f}")
        return Term("literal", text or "0", datatype=NUMBERS[float])
    return Term("literal", str(value), datatype=NUMBERS.get(type(value), ""))


def _rounded(value: float) -> float:
    return value if isinstance(value, int) else round(float(value), DIGITS) + 0.0


# --- of every network ---------------------------------------------------------------------------


def _degrees(graph: nx.Graph[Any]) -> dict[str, Mapping[Any, float]]:
    """Give how many edges a node has (Freeman 1978), and their weights together.

    Degree: https://doi.org/10.1016/0378-8733(78)90021-7. Weighted, it is also called strength:
    Barrat et al. 2004, https://doi.org/10.1073/pnas.0400087101.
    """
    return {
        "degree": dict(graph.degree()),
        "weighted_degree": dict(graph.degree(weight="weight")),
    }


def _directed(graph: nx.Graph[Any]) -> dict[str, Mapping[Any, float]]:
    """Give the degrees of a directed network: all edges, those that come in, those that go out."""
    ends = [(source, target) for source, target, *_ in graph.edges]
    into, out = Counter(target for _, target in ends), Counter(source for source, _ in ends)
    return {
        "degree": dict(graph.degree()),
        "in_degree": {node: into[node] for node in graph},
        "out_degree": {node: out[node] for node in graph},
    }


# --- regions and concepts -----------------------------------------------------------------------


def _two_mode(graph: nx.Graph[Any]) -> dict[str, Mapping[Any, float]]:
    """Give the measures of regions that were read and of the concepts that these state."""
    regions = {
        it for it, data in graph.nodes(data=True) if was_read(data) and not data["bipartite"]
    }
    stated = {concept for region in regions for concept in graph[region]}
    part = graph.subgraph(regions | stated)
    found = communities(facing(part, regions))
    if found is None:
        return _degrees(part)
    graph.graph.update(structure(found, DIGITS, by_chance(part, regions, found.usual)))
    return {
        **_degrees(part),
        **_centralities(part, regions),
        "community": found.of,
        "community_certainty": found.certainty,
    }


def _centralities(graph: nx.Graph[Any], first: set[Any]) -> dict[str, Mapping[Any, float]]:
    """Give centralities, clustering and redundancy of a two-mode network.

    Degree, betweenness and closeness as shares of the most that a node of its side can have:
    Borgatti and Everett 1997, https://doi.org/10.1016/S0378-8733(96)00301-2; betweenness and
    closeness themselves: Freeman 1978, https://doi.org/10.1016/0378-8733(78)90021-7. Clustering
    (how far nodes at two steps have the same neighbours) and redundancy (which share of the pairs
    of its neighbours stays linked without it; of nodes with two at least): Latapy, Magnien and Del
    Vecchio 2008, https://doi.org/10.1016/j.socnet.2007.04.006.
    """
    names = sorted(graph)
    numbered = _numbered(graph, names)
    side = [at for at, name in enumerate(names) if name in first]
    sides = min(len(side), len(names) - len(side)) > 1
    several = [at for at in numbered if numbered.degree(at) > 1]
    found = {
        "degree_share": nx.bipartite.degree_centrality(numbered, side),
        # where one side is a single node, the most that a node of the other can have is nothing
        "betweenness": nx.bipartite.betweenness_centrality(numbered, side) if sides else {},
        "closeness": nx.bipartite.closeness_centrality(numbered, side),
        "clustering": nx.bipartite.clustering(numbered),
        "redundancy": nx.bipartite.node_redundancy(numbered, several) if several else {},
    }
    return {
        measure: {names[at]: value for at, value in sorted(values.items())}
        for measure, values in found.items()
    }


def _numbered(graph: nx.Graph[Any], names: list[Any]) -> nx.Graph[int]:
    """Give a graph with numbers for nodes and its edges in order.

    Sets of texts come in another order each time, and sums of floats with them.
    """
    place = {name: at for at, name in enumerate(names)}
    found: nx.Graph[int] = nx.Graph()
    found.add_nodes_from(range(len(names)))
    pairs = ((place[a], place[b]) for a, b in graph.edges())
    found.add_edges_from(sorted((min(pair), max(pair)) for pair in pairs))
    return found


def by_chance(
    graph: nx.Graph[Any], first: set[Any], modularity: float, tables: int = TABLES
) -> tuple[float, float]:
    """Compare the modularity of a two-mode network with that of tables drawn by `null_model`.

    Any network has communities, a random one too (Guimerà, Sales-Pardo and Amaral 2004,
    https://doi.org/10.1103/PhysRevE.70.025101).

    Args:
        graph: a two-mode network.
        first: the nodes of one side.
        modularity: of a run of Louvain on it, on average: of each drawn table one run is taken.
        tables: how many are drawn.

    Returns:
        The modularity of drawn tables on average, and the share of them, the real one counted
        with them, that reach the real one.
    """
    names = sorted(graph)
    place = {name: at for at, name in enumerate(names)}
    side = sorted(place[name] for name in first)
    rows = [frozenset(place[it] for it in graph[names[at]]) for at in side]
    found = []
    for drawn in samples(rows, tables, SEED):
        table: nx.DiGraph[int] = nx.DiGraph()
        table.add_nodes_from(range(len(names)))
        table.add_edges_from(
            (at, it) for at, row in zip(side, drawn, strict=True) for it in sorted(row)
        )
        found += [each for each, _ in divisions(table, range(len(names)), None, 1)]
    reached = sum(it >= modularity for it in found)
    return sum(found) / tables, (1 + reached) / (1 + tables)


# --- projections --------------------------------------------------------------------------------


def _projected(graph: nx.Graph[Any]) -> dict[str, Mapping[Any, float]]:
    """Give the measures of a projection: degrees, edges of the backbone, communities by weight."""
    kept = Counter(
        node for a, b, data in graph.edges(data=True) if data.get("backbone") for node in (a, b)
    )
    found = communities(graph, "weight")
    degrees = {
        **_degrees(graph),
        "backbone_degree": {node: kept[node] for node in graph},
    }
    if found is None:
        return degrees
    graph.graph.update(structure(found, DIGITS))
    return {**degrees, "community": found.of, "community_certainty": found.certainty}


MEASURED: Final[Mapping[str, Callable[[nx.Graph[Any]], dict[str, Mapping[Any, float]]]]] = {
    "full": _directed,
    "region-concept": _two_mode,
    "region-region": _projected,
    "concept-concept": _projected,
}
"""Name of a network -> what gives its measures."""
