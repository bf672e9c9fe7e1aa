"""Networks of the toy and of the real graph, each made once a process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graph_fixtures import open_engine, real_project, toy_project

from kg.exports.network import Network, prepared
from kg.networks import NETWORKS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import networkx as nx
    import pytest

__all__ = ["PROJECTS", "networks_of", "prepared_of"]

PROJECTS: Final = {"toy": toy_project, "real": real_project}
"""Name of a graph -> what builds it."""


MADE: Final[dict[str, Mapping[str, nx.Graph[str]]]] = {}


def networks_of(factory: pytest.TempPathFactory, name: str) -> Mapping[str, nx.Graph[str]]:
    """Give every network of the toy or of the real graph, not to be changed."""
    if name not in MADE:
        with open_engine(PROJECTS[name](factory)) as graph:
            MADE[name] = {network: graph.to_networkx(network) for network in NETWORKS}
    return MADE[name]


PREPARED: Final[dict[str, Network]] = {}


def prepared_of(factory: pytest.TempPathFactory, name: str) -> Network:
    """Give a network of the real graph as writers take it."""
    if name not in PREPARED:
        found = networks_of(factory, "real")[name]
        PREPARED[name] = prepared(found, key="property" if found.is_multigraph() else "edge_key")
    return PREPARED[name]
