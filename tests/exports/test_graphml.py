"""GraphML, read by networkx, igraph, networkit and graphology."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import igraph
import networkit
import networkx as nx
import pytest
from network_readers import expected, read_by_node, read_graphml, readers
from network_samples import DATE, LABEL, QUOTES, sample, undirected, written

if TYPE_CHECKING:
    from pathlib import Path

    from kg.exports.network import Network


@pytest.mark.parametrize("network", [sample(), undirected()])
def test_the_standard_library_reads_it(network: Network) -> None:
    """Every value has the type of its key, and nothing else is there."""
    assert read_graphml(written("graphml", network), network) == expected("graphml", network)


@pytest.mark.parametrize("network", [sample(), undirected()])
def test_networkx_reads_it(network: Network) -> None:
    """Networkx finds every node, edge, value and place."""
    graph = nx.read_graphml(io.BytesIO(written("graphml", network)))
    want = expected("graphml", network)
    assert graph.is_directed() == network.is_directed
    assert graph.graph["zh"] == network.zh
    drawn = {"x", "y", "size", "color", "shape"}
    nodes: dict[str, Any] = dict(graph.nodes(data=True))
    places = {it: (data["x"], data["y"]) for it, data in nodes.items()}
    assert places == want.places
    found = {
        it: {name: value for name, value in data.items() if name not in drawn}
        for it, data in nodes.items()
    }
    assert found == want.nodes
    assert sorted(map(repr, (it[2] for it in want.edges))) == sorted(
        repr({name: value for name, value in data.items() if name != "id"})
        for _, _, data in graph.edges(data=True)
    )


def of_igraph(network: Network, folder: Path) -> igraph.Graph:
    """Read a network by igraph."""
    path = folder / "network.graphml"
    path.write_bytes(written("graphml", network))
    return igraph.Graph.Read_GraphML(str(path))


def test_igraph_reads_it(tmp_path: Path) -> None:
    """Igraph finds counts, ids, places, a label, a quote, a date, weights and facts."""
    graph = of_igraph(sample(), tmp_path)
    assert (graph.vcount(), graph.ecount(), graph.is_directed()) == (3, 4, True)
    node = graph.vs.find(id="kgc:yi-wang-tong-ban")
    assert (node["label"], node["latest"]) == (LABEL, DATE.isoformat())
    assert node["quotes"].split("|") == list(QUOTES)
    assert {it["id"]: (it["x"], it["y"]) for it in graph.vs} == expected("graphml", sample()).places
    assert graph.vs.find(id="kgr:shanghai")["population"] == 24_870_895
    assert sorted(it for it in graph.es["weight"] if it == it) == [0.5, 1.0, 2.0]  # noqa: PLR0124 -- NaN
    assert graph["release"] == "0123abcd"


def test_igraph_reads_what_has_no_direction(tmp_path: Path) -> None:
    """A network without direction has none there either."""
    graph = of_igraph(undirected(), tmp_path)
    assert (graph.vcount(), graph.ecount(), graph.is_directed()) == (3, 2, False)


@pytest.mark.parametrize(("network", "edges"), [(sample(), 4), (undirected(), 2)])
def test_networkit_reads_it(network: Network, edges: int, tmp_path: Path) -> None:
    """Networkit finds as many nodes and edges, their direction and their weights."""
    path = tmp_path / "network.graphml"
    path.write_bytes(written("graphml", network))
    graph = networkit.readGraph(str(path), networkit.Format.GraphML)
    assert (graph.numberOfNodes(), graph.numberOfEdges()) == (3, edges)
    assert graph.isDirected() == network.is_directed


def test_graphology_reads_it(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    """Graphology finds every node, edge, value and place."""
    network = sample()
    place = readers(pytestconfig, tmp_path_factory)
    found = read_by_node("graphml", written("graphml", network), place, tmp_path)
    assert found == expected("graphml", network)


def test_keys_are_declared_before_the_graph() -> None:
    """Each key has an id of its own, the name that readers show, and what it is called."""
    text = written("graphml", undirected()).decode()
    head = text.partition("<graph ")[0]
    assert '<key id="node_label" for="node" attr.name="label" attr.type="string">' in head
    assert '<key id="edge_weight" for="edge" attr.name="weight" attr.type="long">' in head
    assert "<desc>横坐标 | to the right</desc>" in head
