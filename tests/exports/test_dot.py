"""DOT, drawn by Graphviz: as SVG and PDF, with Chinese, at the places of the network."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import networkx as nx
import pytest
from network_readers import expected, read_dot, run
from network_samples import DATE, LABEL, QUOTES, sample, undirected, written
from node_packages import program

from kg.errors import UsageError
from kg.exports.dot import FONT, JOINER
from kg.exports.network import SHAPES, Network, prepared

if TYPE_CHECKING:
    from pathlib import Path

SVG, LINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}"

NEATO, DOT = ["neato", "-n"], ["dot"]
"""Two ways to draw the file: places taken as they are, and as the file itself asks."""


def graphviz(command: list[str], form: str, network: Network) -> bytes:
    """Draw a network."""
    return run([program(command[0]), *command[1:], f"-T{form}"], written("dot", network))


@pytest.mark.parametrize("network", [sample(), undirected(), prepared(nx.empty_graph(0))])
def test_graphviz_reads_it(network: Network) -> None:
    """Graphviz finds every node, edge, value and place."""
    assert read_dot(written("dot", network), network) == expected("dot", network)


def test_what_matters_is_there() -> None:
    """Nodes and edges are counted; a label, a quote, a date and a weight are found."""
    network = sample()
    found = read_dot(written("dot", network), network)
    assert (len(found.nodes), len(found.edges)) == (3, 4)
    node = found.nodes["kgc:yi-wang-tong-ban"]
    assert (node["label"], node["latest"]) == (LABEL, DATE.isoformat())
    assert node["quotes"].split("|") == list(QUOTES)
    assert [edge[2].get("weight") for edge in found.edges] == [None, "2.0", "0.5", "1.0"]


@pytest.mark.parametrize("command", [NEATO, DOT])
def test_it_is_drawn_at_its_places(command: list[str]) -> None:
    """Nodes lie as far from each other as in the network, however it is drawn."""
    network = sample()
    found = json.loads(graphviz(command, "json", network))
    places = {
        it["name"]: tuple(float(part) for part in it["pos"].split(",")) for it in found["objects"]
    }
    first = network.nodes[0]
    for node in network.nodes:
        for axis, (there, here) in enumerate(((node.x, first.x), (node.y, first.y))):
            assert places[node.id][axis] - places[first.id][axis] == pytest.approx(
                there - here, abs=0.05
            )


def test_svg_has_labels_quotes_and_colours() -> None:
    """The picture shows Chinese labels as text, and quotes where a mouse rests."""
    root = ET.fromstring(graphviz(NEATO, "svg", sample()))  # noqa: S314 -- our own file
    texts = [it.text for it in root.iter(f"{SVG}text")]
    assert sorted(map(str, texts)) == ["kgcl:lonely", LABEL, "上海"]
    fonts = {it.attrib["font-family"] for it in root.iter(f"{SVG}text")}
    assert fonts == {FONT}
    titles = [it.attrib.get(f"{LINK}title") for it in root.iter(f"{SVG}a")]
    assert "\n".join(QUOTES) in titles
    fills = {it.attrib.get("fill") for it in root.iter()}
    assert {"#0072b2", "#e69f00"} <= fills


def test_pdf_embeds_the_chinese_font(tmp_path: Path) -> None:
    """Every font of the PDF is embedded, and it is the Chinese one: no sign becomes a box."""
    path = tmp_path / "network.pdf"
    path.write_bytes(graphviz(NEATO, "pdf", sample()))
    lines = run([program("pdffonts"), str(path)]).decode().splitlines()[2:]
    assert lines
    for line in lines:
        assert "NotoSansCJK" in line
        assert re.search(r"\byes +yes +yes\b", line)


@pytest.mark.parametrize(("network", "kind"), [(sample(), "digraph"), (undirected(), "graph")])
def test_directions(network: Network, kind: str) -> None:
    """A network with directions is a digraph, whose links are arrows."""
    text = written("dot", network).decode()
    assert text.startswith(f'{kind} "')
    assert ('" -> "' in text) == (kind == "digraph")
    assert ('" -- "' in text) == (kind == "graph")


def test_graphviz_has_every_shape() -> None:
    """Graphviz has something for each shape: it would warn of one that it does not know."""
    graph = nx.empty_graph(0)
    for at, shape in enumerate(SHAPES):
        graph.add_node(shape, x=at * 50, y=0, shape=shape)
    root = ET.fromstring(graphviz(NEATO, "svg", prepared(graph)))  # noqa: S314 -- our own file
    assert len([it for it in root.iter(f"{SVG}g") if it.get("class") == "node"]) == len(SHAPES)


def test_attributes_of_graphviz_are_not_taken() -> None:
    """A column that Graphviz has a use for stays a value: it opens no file and links nowhere."""
    graph = nx.empty_graph(0)
    graph.add_node("a", x=0, y=0, image="/etc/passwd", URL="https://example.org", style="invis")
    svg = graphviz(NEATO, "svg", prepared(graph)).decode()
    assert "passwd" not in svg
    assert "example.org" not in svg
    assert ">a</text>" in svg


def test_markup_is_text() -> None:
    """Tags, entities and escapes of Graphviz are shown, not followed."""
    graph = nx.empty_graph(0)
    label = r"<b>&amp;\N\n&lt;"
    graph.add_node("a", x=0, y=0, label=label)
    root = ET.fromstring(graphviz(NEATO, "svg", prepared(graph)))  # noqa: S314 -- our own file
    assert [it.text for it in root.iter(f"{SVG}text")] == [label]
    tooltip = str([it.get(f"{LINK}title") for it in root.iter(f"{SVG}a")][-1])
    assert tooltip.replace(JOINER, "") == label


def test_a_name_with_a_backslash_is_refused() -> None:
    """DOT has no way to write every such name."""
    graph = nx.empty_graph(0)
    graph.add_node("a\\", x=0, y=0)
    with pytest.raises(UsageError, match=r"dot cannot hold U\+005C there"):
        written("dot", prepared(graph))
