"""JSON of Cytoscape.js, read by Cytoscape.js itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import networkx as nx
import pytest
from network_readers import expected, read_by_node, read_cytoscape, readers
from network_samples import DATE, LABEL, QUOTES, sample, undirected, written

from kg.errors import UsageError
from kg.exports.network import SHAPES, prepared

if TYPE_CHECKING:
    from pathlib import Path

    from kg.exports.network import Network


@pytest.mark.parametrize("network", [sample(), undirected()])
def test_it_is_json_without_loss(network: Network) -> None:
    """Every node, edge, value and place is there; lists are arrays."""
    assert read_cytoscape(written("cytoscape", network), network) == expected("cytoscape", network)


def test_cytoscape_reads_it(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    """Cytoscape.js finds every value and place, and draws shapes, colours and sizes as told."""
    network = sample()
    place = readers(pytestconfig, tmp_path_factory)
    found = read_by_node("cytoscape", written("cytoscape", network), place, tmp_path)
    drawn = {it: values.pop("drawn") for it, values in found.nodes.items()}
    assert found == expected("cytoscape", network)
    assert drawn == {
        "kgc:yi-wang-tong-ban": ["diamond", "rgb(230,159,0)", 10],
        "kgcl:lonely": ["round-rectangle", "rgb(153,153,153)", 10],
        "kgr:shanghai": ["ellipse", "rgb(0,114,178)", 24],
    }
    node = found.nodes["kgc:yi-wang-tong-ban"]
    assert (node["label"], node["quotes"], node["latest"]) == (LABEL, list(QUOTES), "2022-12-31")
    assert DATE.isoformat() == "2022-12-31"
    assert [edge[2].get("weight") for edge in found.edges] == [None, 2.0, 0.5, 1.0]


def test_cytoscape_knows_every_shape(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    """What we call a shape is what Cytoscape.js calls it; it draws others as an ellipse."""
    graph = nx.empty_graph(0)
    for shape in SHAPES:
        graph.add_node(shape, x=0, y=0, shape=shape)
    place = readers(pytestconfig, tmp_path_factory)
    found = read_by_node("cytoscape", written("cytoscape", prepared(graph)), place, tmp_path)
    assert {it: values["drawn"][0] for it, values in found.nodes.items()} == {
        shape: shape for shape in SHAPES
    }


def test_directions_are_arrows() -> None:
    """Only a network with directions is drawn with arrows."""

    def edges(network: Network) -> dict[str, Any]:
        style = json.loads(written("cytoscape", network))["style"]
        return dict(next(it["style"] for it in style if it["selector"] == "edge"))

    assert edges(sample())["target-arrow-shape"] == "triangle"
    assert "target-arrow-shape" not in edges(undirected())


def test_it_says_what_it_is() -> None:
    """Titles and facts are data of the network."""
    about = json.loads(written("cytoscape", sample()))["data"]
    assert about == {
        "name": "sample", "zh": "样例", "en": "Sample", "release": "0123abcd",
        "source": "政策汇编", "year": "2021",
    }  # fmt: skip


@pytest.mark.parametrize("value", [(1 << 53) - 1, 1 - (1 << 53)])
def test_whole_numbers_that_javascript_holds(value: int) -> None:
    """Numbers up to 2^53 - 1 are exact in JavaScript."""
    graph = nx.empty_graph(0)
    graph.add_node("a", x=0, y=0, many=value)
    assert read_cytoscape(written("cytoscape", prepared(graph)), prepared(graph)).nodes == {
        "a": {"many": value}
    }


def test_whole_numbers_that_javascript_rounds_are_refused() -> None:
    """A number that would be another one is refused, and its place told."""
    graph = nx.Graph([("a", "b", {"many": 1 << 53})])
    with pytest.raises(UsageError, match="many of a → b: JavaScript would round 9007199254740992"):
        written("cytoscape", prepared(graph))
