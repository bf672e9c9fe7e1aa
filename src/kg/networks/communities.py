"""Communities of a network, and how far they are more than an accident of the search.

Louvain (Blondel et al. 2008, https://doi.org/10.1088/1742-5468/2008/10/P10008) looks for the
division of the highest modularity (Newman and Girvan 2004,
https://doi.org/10.1103/PhysRevE.69.026113; with weights, Newman 2004,
https://doi.org/10.1103/PhysRevE.70.056131). Many divisions are nearly as good as the best (Good, de
Montjoye and Clauset 2010, https://doi.org/10.1103/PhysRevE.81.046106), and which one is found
depends on the order of nodes. So it is run many times, and told how far the runs agree.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import comb
from typing import TYPE_CHECKING, Any, Final

import networkx as nx

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

__all__ = ["RUNS", "Communities", "adjusted_rand", "communities", "divisions", "facing"]

RUNS: Final = 50
"""Runs of Louvain, with the seeds 0, 1, …."""


@dataclass(frozen=True)
class Communities:
    """The best division that was found.

    Args:
        of: node -> number of its community, from 1, the largest first.
        certainty: node -> in which share of the runs it was together with another member of its
            community, on average over them (item consensus: Monti et al. 2003,
            https://doi.org/10.1023/A:1023949509487); none for a node that is alone.
        modularity: of this division.
        usual: modularity of a run, on average.
        stability: the adjusted Rand index of two runs, on average over all pairs of runs.
        runs: how many there were.
    """

    of: Mapping[Any, int]
    certainty: Mapping[Any, float]
    modularity: float
    usual: float
    stability: float
    runs: int


def facing(graph: nx.Graph[Any], first: set[Any]) -> nx.DiGraph[Any]:
    """Give a two-mode network with every edge directed from the first side to the other.

    Modularity of directed networks (Leicht and Newman 2008,
    https://doi.org/10.1103/PhysRevLett.100.118703) is then that of two-mode networks (Barber 2007,
    https://doi.org/10.1103/PhysRevE.76.066102), which expects no edge within a side.

    Args:
        graph: a two-mode network.
        first: the nodes of one side.
    """
    found: nx.DiGraph[Any] = nx.DiGraph()
    found.add_nodes_from(graph)
    found.add_edges_from((a, b) if a in first else (b, a) for a, b in graph.edges())
    return found


def communities(
    graph: nx.Graph[Any], weight: str | None = None, runs: int = RUNS
) -> Communities | None:
    """Find communities; None where there is no edge.

    Args:
        graph: undirected, or a two-mode network as `facing` gives it.
        weight: the attribute of edges that counts, a number; without it, each counts once.
        runs: how often Louvain is run.
    """
    if not graph.number_of_edges():
        return None
    names = sorted(graph)
    found = divisions(graph, names, weight, runs)
    best = max(found, key=lambda it: it[0])  # of equals, the first
    labels = [division for _, division in found]
    pairs = [adjusted_rand(one, other) for one, other in combinations(labels, 2)]
    return Communities(
        of=dict(zip(names, best[1], strict=True)),
        certainty=_certainty(names, best[1], labels),
        modularity=best[0],
        usual=sum(modularity for modularity, _ in found) / len(found),
        stability=float(sum(pairs, Fraction()) / len(pairs)) if pairs else 1.0,
        runs=runs,
    )


def divisions(
    graph: nx.Graph[Any], names: Sequence[Any], weight: str | None, runs: int
) -> list[tuple[float, list[int]]]:
    """Run Louvain several times.

    Args:
        graph: as `communities` takes it, with at least one edge.
        names: its nodes, in order.
        weight: the attribute of edges that counts.
        runs: how often; the seeds are 0, 1, ….

    Returns:
        Of each run the modularity and the number of each node's community, from 1, the largest
        first.
    """
    # Numbers for nodes and edges in order: sets of texts come in another order each time.
    place = {name: at for at, name in enumerate(names)}
    numbered: nx.Graph[int] = nx.DiGraph() if graph.is_directed() else nx.Graph()
    numbered.add_nodes_from(range(len(names)))
    numbered.add_weighted_edges_from(
        sorted(
            (place[a], place[b], told) for a, b, told in graph.edges(data=weight or "", default=1)
        )
    )
    found = []
    for seed in range(runs):
        parts = nx.community.louvain_communities(numbered, weight="weight", seed=seed)
        modularity = nx.community.modularity(numbered, parts, weight="weight")
        found.append((float(modularity), _numbered(parts, len(names))))
    return found


def _numbered(parts: Sequence[set[int]], size: int) -> list[int]:
    """Give the number of each node's part: from 1, the largest first, then by its first node."""
    labels = [0] * size
    for number, part in enumerate(sorted(parts, key=lambda it: (-len(it), min(it))), start=1):
        for at in part:
            labels[at] = number
    return labels


def _certainty(
    names: Sequence[Any], best: Sequence[int], runs: Sequence[Sequence[int]]
) -> dict[Any, float]:
    """Give the item consensus of each node that is not alone."""
    together = [0] * len(names)
    for run in runs:
        cells = Counter(zip(best, run, strict=True))
        for at, cell in enumerate(zip(best, run, strict=True)):
            together[at] += cells[cell] - 1
    sizes = Counter(best)
    return {
        name: together[at] / ((sizes[best[at]] - 1) * len(runs))
        for at, name in enumerate(names)
        if sizes[best[at]] > 1
    }


def adjusted_rand(one: Sequence[Hashable], other: Sequence[Hashable]) -> Fraction:
    """Give how far two divisions of the same things agree beyond chance: the adjusted Rand index.

    1 where they are the same, 0 on average for two at random with parts of these sizes (Hubert and
    Arabie 1985, https://doi.org/10.1007/BF01908075).

    Args:
        one: the part of each thing.
        other: the same, of another division.

    >>> adjusted_rand([1, 1, 2, 2], ["a", "a", "b", "b"])
    Fraction(1, 1)
    """
    both = sum(comb(size, 2) for size in Counter(zip(one, other, strict=True)).values())
    first = sum(comb(size, 2) for size in Counter(one).values())
    second = sum(comb(size, 2) for size in Counter(other).values())
    pairs = comb(len(one), 2)
    if first == second and first in {0, pairs}:  # each alone, or all together, in both
        return Fraction(1)
    expected = Fraction(first * second, pairs)
    return (both - expected) / (Fraction(first + second, 2) - expected)
