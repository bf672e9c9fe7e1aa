"""GEXF 1.3, read by networkx and by the library of Gephi Lite, and held against its schema.

The schema of https://gexf.net (XSD and RELAX NG) comes with no reader, and the XSD refuses
all of `viz:` by a fault of its own; so its rules for what we write are stated here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree as ET

import networkx as nx
import pytest
from network_readers import expected, read_by_node, read_gexf, readers
from network_samples import DATE, LABEL, QUOTES, sample, undirected, written

from kg.errors import UsageError
from kg.exports.network import SHAPES, prepared

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from kg.exports.network import Network

ID, TEXT = r"(?s).+", r"(?s).*"
NUMBER: Final = r"-?\d+(\.\d+)?(e[+-]?\d+)?"
COUNT: Final = r"\d+"
BYTE: Final = r"\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5]"
TYPE: Final = "integer|long|double|float|boolean|string|liststring|anyURI"

RULES: Final[Mapping[str, tuple[str, Mapping[str, str], frozenset[str]]]] = {
    "gexf": ("meta? graph", {"version": "1.3", "variant": TEXT}, frozenset({"version"})),
    "meta": (
        "(creator|keywords|description)*",
        {"lastmodifieddate": r"\d{4}-\d\d-\d\d"},
        frozenset(),
    ),
    "creator": ("", {}, frozenset()),
    "description": ("", {}, frozenset()),
    "graph": (
        "attributes* nodes edges",
        {
            "mode": "static|dynamic|slice",
            "defaultedgetype": "directed|undirected|mutual",
            "idtype": "integer|string",
        },
        frozenset(),
    ),
    "attributes": (
        "attribute*",
        {"class": "node|edge", "mode": "static|dynamic"},
        frozenset({"class"}),
    ),
    "attribute": (
        "(default|options)*",
        {"id": ID, "title": TEXT, "type": TYPE},
        frozenset({"id", "title", "type"}),
    ),
    "nodes": ("node*", {"count": COUNT}, frozenset()),
    "edges": ("edge*", {"count": COUNT}, frozenset()),
    "node": (
        "(attvalues|viz:color|viz:position|viz:size|viz:shape)*",
        {"id": ID, "label": TEXT},
        frozenset({"id"}),
    ),
    "edge": (
        "(attvalues|viz:color|viz:thickness|viz:shape)*",
        {
            "id": ID, "source": ID, "target": ID, "label": TEXT, "weight": NUMBER, "kind": TEXT,
            "type": "directed|undirected|mutual",
        },
        frozenset({"source", "target"}),
    ),
    "attvalues": ("attvalue*", {}, frozenset()),
    "attvalue": ("", {"for": ID, "value": TEXT}, frozenset({"for", "value"})),
    "viz:color": ("", {"r": BYTE, "g": BYTE, "b": BYTE}, frozenset("rgb")),
    "viz:position": ("", {"x": NUMBER, "y": NUMBER, "z": NUMBER}, frozenset("xy")),
    "viz:size": ("", {"value": r"\d+(\.\d+)?"}, frozenset({"value"})),
    "viz:shape": ("", {"value": "disc|square|triangle|diamond|image"}, frozenset({"value"})),
}  # fmt: skip
"""Element -> its children, its attributes, and those that it must have, by the 1.3 schema."""

GEXF, VIZ = "{http://gexf.net/1.3}", "{http://gexf.net/1.3/viz}"


def short(tag: str) -> str:
    """Give an element's name with the prefix of its namespace."""
    return tag.replace(VIZ, "viz:").replace(GEXF, "")


def check(element: ET.Element) -> None:
    """Hold an element and all within it against the rules."""
    name = short(element.tag)
    children, attributes, needed = RULES[name]
    found = "".join(f"<{short(child.tag)}>" for child in element)
    pattern = re.sub(r"[a-z:]+", lambda it: f"(?:<{it[0]}>)", children).replace(" ", "")
    assert re.fullmatch(pattern, found), f"{name} holds {found}"
    assert needed <= set(element.attrib) <= set(attributes), f"{name} has {element.attrib}"
    for key, value in element.attrib.items():
        assert re.fullmatch(attributes[key], value), f"{name} has {key}={value!r}"
    for child in element:
        check(child)


def check_references(root: ET.Element) -> None:
    """Look at what a schema cannot: ids stand once, and what is named is there."""
    nodes = [node.attrib["id"] for node in root.iter(f"{GEXF}node")]
    assert len(set(nodes)) == len(nodes)
    edges = [edge.attrib["id"] for edge in root.iter(f"{GEXF}edge")]
    assert len(set(edges)) == len(edges)
    for edge in root.iter(f"{GEXF}edge"):
        assert {edge.attrib["source"], edge.attrib["target"]} <= set(nodes)
    for kind in ("node", "edge"):
        declared = root.findall(f".//{GEXF}attributes[@class='{kind}']/{GEXF}attribute")
        ids = [it.attrib["id"] for it in declared]
        assert ids == [it.attrib["title"] for it in declared]
        for item in root.iter(f"{GEXF}{kind}"):
            named = [it.attrib["for"] for it in item.iter(f"{GEXF}attvalue")]
            assert set(named) <= set(ids)
            assert len(set(named)) == len(named)


def check_all(text: str) -> None:
    """Hold a file against the rules."""
    root = ET.fromstring(text)  # noqa: S314 -- our own file
    check(root)
    check_references(root)


@pytest.mark.parametrize("network", [sample(), undirected(), prepared(nx.empty_graph(0))])
def test_it_keeps_the_schema(network: Network) -> None:
    """Elements, their order, their attributes and the values of these are those of GEXF 1.3."""
    text = written("gexf", network).decode()
    check_all(text)
    assert text.count("<node ") == len(network.nodes)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('version="1.3"', 'version="1.2draft"'),
        ("<attvalues>", "<attvalue/><attvalues>"),
        ('defaultedgetype="directed"', 'defaultedgetype="both"'),
        ('r="0"', 'r="256"'),
        ('b="0"', 'b="0" a="1.0"'),
        ('weight="2.0"', 'weight="many"'),
        ('type="long"', 'type="whole"'),
        ('<viz:shape value="disc"/>', '<viz:shape value="ellipse"/>'),
        ('for="latest"', 'for="other"'),
    ],
)
def test_the_rules_find_faults(old: str, new: str) -> None:
    """Each rule refuses a file that breaks it."""
    text = written("gexf", sample()).decode()
    assert old in text
    with pytest.raises(AssertionError):
        check_all(text.replace(old, new))


@pytest.mark.parametrize("network", [sample(), undirected()])
def test_networkx_reads_it(network: Network) -> None:
    """Networkx finds every node, edge, value and place."""
    assert read_gexf(written("gexf", network), network) == expected("gexf", network)


def test_what_matters_is_there() -> None:
    """Nodes and edges are counted; a label, a quote, a date and a weight are found."""
    network = sample()
    found = read_gexf(written("gexf", network), network)
    assert (len(found.nodes), len(found.edges)) == (3, 4)
    node = found.nodes["kgc:yi-wang-tong-ban"]
    assert node["label"] == LABEL
    assert node["quotes"].split("|") == list(QUOTES)
    assert node["latest"] == DATE.isoformat()
    assert [edge[2].get("weight") for edge in found.edges] == [None, 2.0, 0.5, 1.0]


def test_the_library_of_gephi_lite_reads_it(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    """Graphology finds every node, edge, value and place; of texts, it leaves out empty labels."""
    network = sample()
    place = readers(pytestconfig, tmp_path_factory)
    found = read_by_node("gexf", written("gexf", network), place, tmp_path)
    assert found == expected("gexf", network)


def drawn(network: Network) -> list[tuple[Any, ...]]:
    """Give colour, size and shape of each node as GEXF tells them."""
    root = ET.fromstring(written("gexf", network))  # noqa: S314 -- our own file
    found = []
    for node in root.iter(f"{GEXF}node"):
        colour, size, shape = (node.find(f"{VIZ}{name}") for name in ("color", "size", "shape"))
        assert colour is not None
        assert size is not None
        assert shape is not None
        rgb = tuple(int(colour.attrib[channel]) for channel in "rgb")
        found.append((*rgb, float(size.attrib["value"]), shape.attrib["value"]))
    return found


def test_how_nodes_are_drawn() -> None:
    """Colours are red, green and blue; shapes are the nearest of four."""
    assert drawn(sample()) == [
        (230, 159, 0, 10.0, "diamond"),
        (153, 153, 153, 10.0, "square"),
        (0, 114, 178, 24.0, "disc"),
    ]


def test_every_shape_is_one_of_four() -> None:
    """GEXF has something for each shape."""
    graph = nx.empty_graph(0)
    for shape in SHAPES:
        graph.add_node(shape, x=0, y=0, shape=shape)
    assert {shape for *_, shape in drawn(prepared(graph))} == {
        "disc", "square", "triangle", "diamond",
    }  # fmt: skip


def test_it_says_what_it_is() -> None:
    """Title, facts and labels of columns stand in the description; no time does."""
    text = written("gexf", sample()).decode()
    assert "样例 | Sample&#10;release: 0123abcd&#10;source: 政策汇编" in text
    assert "lastmodifieddate" not in text
    assert '<graph mode="static" defaultedgetype="directed" idtype="string">' in text


def test_a_weight_that_is_no_number_is_refused() -> None:
    """GEXF counts by weights."""
    graph = nx.Graph([("a", "b", {"weight": "heavy"})])
    with pytest.raises(UsageError, match="weight of edges: gexf takes only numbers"):
        written("gexf", prepared(graph))
