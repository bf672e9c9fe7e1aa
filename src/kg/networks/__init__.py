"""Networks of the graph as networkx graphs, made from saved questions in `queries/exports/`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.errors import UsageError, clipped
from kg.networks.bipartite import region_concept
from kg.networks.measures import measured, measures_table
from kg.networks.projections import concept_concept, region_region
from kg.networks.whole import whole

if TYPE_CHECKING:
    from collections.abc import Callable

    import networkx as nx

    from kg.results import Table

__all__ = ["NETWORKS", "measured", "measures_table", "network"]

NETWORKS: Final = {
    "full": whole,
    "region-concept": region_concept,
    "region-region": region_region,
    "concept-concept": concept_concept,
}
"""Name -> how the network is made."""


def network(name: str, table: Callable[[str], Table]) -> nx.Graph[str] | nx.MultiDiGraph[str]:
    """Give a network.

    Nodes are CURIEs with `label` (zh), `label_en`, `kind` (the class), `kind_zh`, `kind_en`,
    `color`, `shape`, `size`, and what else the graph tells of them; see `docs/networks.md`.

    - `full`: a directed multigraph of things and claims; its keys are properties.
    - `region-concept`: bipartite (`bipartite` 0: regions, 1: concepts); `weight` is the number of
      claims and mentions, `form` the strongest, `quotes` what they rest on.
    - `region-region` and `concept-concept`: its projections; `weight` is how many concepts two
      regions share, or how many regions state both concepts; see `projections`.

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
