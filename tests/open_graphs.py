"""Fixtures: the real graph, the toy's, and every network of the real one, for a whole session."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from graph_fixtures import open_engine, real_project, toy_project
from made_networks import networks_of
from sample_tables import real_tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import networkx as nx

    from kg.exports.sheets import Workbook
    from kg.graph import KnowledgeGraph


@pytest.fixture(scope="session")
def real_graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    """Give the real graph."""
    with open_engine(real_project(tmp_path_factory)) as graph:
        yield graph


@pytest.fixture(scope="session")
def toy_graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    """Give the toy's graph."""
    with open_engine(toy_project(tmp_path_factory)) as graph:
        yield graph


@pytest.fixture(scope="session")
def real_networks(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, nx.Graph[str]]:
    """Give every network of the real graph, not to be changed."""
    return networks_of(tmp_path_factory, "real")


@pytest.fixture(scope="session")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    """Give the tables of the real graph."""
    return real_tables(tmp_path_factory)
