"""What each format of networks gives back when it is read.

Every reader is independent of the writers: networkx, ndex2, Graphviz, libraries of JavaScript and
the standard library.
"""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree as ET

import networkx as nx
from ndex2.cx2 import RawCX2NetworkFactory
from node_packages import installed, program

from kg.exports.columns import MANY, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import pytest

    from kg.exports.network import Network

__all__ = [
    "READERS",
    "Found",
    "expected",
    "read_by_node",
    "read_cx2",
    "read_cytoscape",
    "read_dot",
    "read_gexf",
    "read_graphml",
    "read_neo4j",
    "read_nodelink",
    "readers",
    "run",
    "without_empty",
]

FOLDER: Final = Path(__file__).parent / "readers"
"""Where the readers in JavaScript are locked."""

PATIENCE: Final = 120
"""Seconds that a reader, or the installation of those of npm, may take."""

Values = dict[str, Any]


@dataclass(frozen=True)
class Found:
    """What a reader found: values of nodes, places of nodes, and edges with their values."""

    nodes: dict[str, Values]
    places: dict[str, tuple[float, float]]
    edges: list[tuple[str, str, Values]]

    @classmethod
    def of(cls, nodes: dict[str, Values], edges: list[tuple[str, str, Values]]) -> Found:
        """Sort what was read, and take the places out of the values."""
        places = {it: (values.pop("x"), values.pop("y")) for it, values in nodes.items()}
        for values in nodes.values():
            for name in ("size", "color", "shape"):
                values.pop(name, None)
        return cls(nodes, places, sorted(edges, key=_order))


def without_empty(found: Found) -> Found:
    """Leave out empty texts, which some readers take for missing ones."""

    def full(values: Values) -> Values:
        return {name: value for name, value in values.items() if value != ""}

    return Found(
        {it: full(values) for it, values in found.nodes.items()},
        found.places,
        sorted(((*edge[:2], full(edge[2])) for edge in found.edges), key=_order),
    )


def _order(edge: tuple[str, str, Values]) -> tuple[str, str, str]:
    """Give what edges are sorted by: a whole number stands where it stands as another one."""
    values = {
        name: float(value) if isinstance(value, int) and abs(value) < 1 << 53 else value
        for name, value in edge[2].items()
    }
    return *edge[:2], repr(sorted(values.items()))


def expected(form: str, network: Network) -> Found:
    """Give what a reader must find.

    Several texts are one where a format has no lists; a label of GEXF is text; in DOT all are, and
    empty ones are none.
    """
    keeps_lists = form in {"cx2", "cytoscape", "nodelink"}

    def kept(value: Any) -> Any:  # noqa: ANN401 -- a cell
        if form == "dot":
            return shown(value)
        if isinstance(value, tuple) and form != "neo4j":
            return list(value) if keeps_lists else MANY.join(value)
        return value

    def values(columns: Any, row: Any) -> Values:  # noqa: ANN401 -- columns and cells
        cells = zip(columns, row, strict=True)
        found = {column.name: kept(it) for column, it in cells if it is not None}
        if form == "gexf" and "label" in found:
            found["label"] = shown(found["label"])
        return {name: it for name, it in found.items() if form != "dot" or it != ""}

    return Found(
        {it.id: values(network.node_columns, it.values) for it in network.nodes},
        {it.id: (it.x, it.y) for it in network.nodes},
        sorted(
            ((e.source, e.target, values(network.edge_columns, e.values)) for e in network.edges),
            key=_order,
        ),
    )


def _of_networkx(graph: nx.Graph[Any], network: Network) -> tuple[dict[str, Values], list[Any]]:
    edges = []
    ends = {(edge.source, edge.target) for edge in network.edges}
    for one, other, data in graph.edges(data=True):
        pair = (one, other) if (one, other) in ends else (other, one)
        edges.append((*pair, dict(data)))
    return {it: dict(data) for it, data in graph.nodes(data=True)}, edges


def read_gexf(data: bytes, network: Network) -> Found:
    """Read GEXF by networkx."""
    nodes, edges = _of_networkx(nx.read_gexf(io.BytesIO(data), version="1.3"), network)
    for values in nodes.values():
        position = values.pop("viz")["position"]
        values |= {"x": position["x"], "y": position["y"]}
        if values["label"] is None:  # networkx says so where there is no label
            del values["label"]
    for _, _, values in edges:
        del values["id"]
    return Found.of(nodes, edges)


GRAPHML: Final = "{http://graphml.graphdrawing.org/xmlns}"
PYTHON: Final[Mapping[str, Callable[[str], Any]]] = {
    "string": str,
    "long": int,
    "double": float,
    "boolean": lambda text: {"true": True, "false": False}[text],
}
"""Type of GraphML -> how a text of it is read."""


def read_graphml(data: bytes, network: Network) -> Found:
    """Read GraphML by the standard library: networkx takes an empty text for a missing one."""
    assert network is not None
    root = ET.fromstring(data)  # noqa: S314 -- our own file
    keys = {key.attrib["id"]: key.attrib for key in root.iter(f"{GRAPHML}key")}

    def values(element: ET.Element) -> Values:
        return {
            keys[it.attrib["key"]]["attr.name"]: PYTHON[keys[it.attrib["key"]]["attr.type"]](
                it.text or ""
            )
            for it in element.iter(f"{GRAPHML}data")
        }

    return Found.of(
        {it.attrib["id"]: values(it) for it in root.iter(f"{GRAPHML}node")},
        [
            (it.attrib["source"], it.attrib["target"], values(it))
            for it in root.iter(f"{GRAPHML}edge")
        ],
    )


def read_nodelink(data: bytes, network: Network) -> Found:
    """Read node-link JSON by networkx."""
    graph = nx.node_link_graph(json.loads(data), edges="edges")
    return Found.of(*_of_networkx(graph, network))


def read_cytoscape(data: bytes, network: Network) -> Found:
    """Read the JSON of Cytoscape.js by the standard library; see also `read_by_node`."""
    assert network is not None
    elements = json.loads(data)["elements"]
    nodes = {it["data"].pop("id"): {**it["data"], **it["position"]} for it in elements["nodes"]}
    edges = []
    for edge in elements["edges"]:
        values = edge["data"]
        del values["id"]
        edges.append((values.pop("source"), values.pop("target"), values))
    return Found.of(nodes, edges)


def read_cx2(data: bytes, network: Network) -> Found:
    """Read CX2 by ndex2."""
    read = RawCX2NetworkFactory().get_cx2network(json.loads(data))
    has_names = network.node_column("name") >= 0
    names, nodes = {}, {}
    for number, node in read.get_nodes().items():
        values = dict(node["v"])
        names[number] = values.pop("id")
        if not has_names:
            del values["name"]
        nodes[names[number]] = {**values, "x": node["x"], "y": node["y"]}
    edges = [(names[it["s"]], names[it["t"]], dict(it["v"])) for it in read.get_edges().values()]
    return Found.of(nodes, edges)


ESCAPES: Final = re.compile(r"\\(.)")
OF_GRAPHVIZ: Final = ("_gvid", "head", "tail", "name")


def unescaped(text: str) -> str:
    """Give the text of an `escString` of Graphviz."""
    return ESCAPES.sub(lambda found: {"n": "\n"}.get(found[1], found[1]), text)


def read_dot(data: bytes, network: Network) -> Found:
    """Read DOT by Graphviz itself, which prints what it found as JSON."""
    assert network is not None
    found = json.loads(run([program("neato"), "-n", "-Tdot_json"], data))
    objects = found.get("objects", [])
    names = {it["_gvid"]: it["name"] for it in objects}
    nodes = {}
    for it in objects:
        x, y = it["pos"].removesuffix("!").split(",")
        nodes[it["name"]] = {**_own(it), "x": float(x), "y": float(y)}
    edges = [(names[it["tail"]], names[it["head"]], _own(it)) for it in found.get("edges", [])]
    return Found.of(nodes, edges)


def _own(item: Mapping[str, Any]) -> Values:
    """Give what is ours: Graphviz prints an empty text for what another node has."""
    return {
        name.removeprefix("data_"): unescaped(value)
        for name, value in item.items()
        if name.startswith("data_")
    }


def read_neo4j(data: bytes, network: Network) -> Found:
    """Read the CSV for Neo4j by the standard library, typed by what the headers say."""
    assert network is not None
    files = dict(zip(*[iter(data.decode().split("\0")[1:])] * 2, strict=True))
    nodes, edges = {}, []
    for values in _typed(files["nodes.csv"]):
        del values[":LABEL"]
        nodes[values.pop("id:ID")] = values
    for values in _typed(files["relationships.csv"]):
        del values[":TYPE"]
        edges.append((values.pop(":START_ID"), values.pop(":END_ID"), values))
    return Found.of(nodes, edges)


def _typed(text: str) -> Iterator[Values]:
    """Give each row by column; an empty cell is missing, one of two quotation marks is empty."""
    rows = cells_of(text)
    heads = next(rows)
    for row in rows:
        values: Values = {}
        for head, (cell, is_quoted) in zip((head for head, _ in heads), row, strict=True):
            name, _, kind = head.partition(":")
            if not cell and not is_quoted:
                continue
            if not name or kind == "ID":
                values[head] = cell
            elif kind.endswith("[]"):
                values[name] = tuple(cell.split(MANY))
            else:
                values[name] = PYTHON[kind](cell)
        yield values


def cells_of(text: str) -> Iterator[list[tuple[str, bool]]]:
    """Give rows of cells as RFC 4180 has them, and whether each stands in quotation marks."""
    csv.field_size_limit(1 << 30)
    plain = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    pattern = re.compile(r'(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n)')
    row: list[tuple[str, bool]] = []
    found = []
    for match in pattern.finditer(text):
        is_quoted = match[1] is not None
        row.append((match[1].replace('""', '"') if is_quoted else match[2], is_quoted))
        if match[3] == "\n":
            found.append(row)
            row = []
    assert [[cell for cell, _ in row] for row in found] == plain
    yield from found


READERS: Final[Mapping[str, Callable[[bytes, Network], Found]]] = {
    "cx2": read_cx2,
    "cytoscape": read_cytoscape,
    "dot": read_dot,
    "gexf": read_gexf,
    "graphml": read_graphml,
    "neo4j": read_neo4j,
    "nodelink": read_nodelink,
}
"""Format -> its reader."""


# --- programs -----------------------------------------------------------------------------------


def run(command: list[str], stdin: bytes = b"", folder: Path | None = None) -> bytes:
    """Run a program that has to end well and must not complain, and give what it prints."""
    done = subprocess.run(
        command, check=False, capture_output=True, input=stdin, cwd=folder, timeout=PATIENCE
    )
    assert done.returncode == 0, (done.stdout + done.stderr).decode()
    assert command[0].endswith("npm") or not done.stderr, done.stderr.decode()
    return done.stdout


def readers(config: pytest.Config, factory: pytest.TempPathFactory) -> Path:
    """Give the folder into which npm has put the readers."""
    return installed(FOLDER, config, factory, "read.mjs")


def read_by_node(form: str, data: bytes, place: Path, scratch: Path) -> Found:
    """Read a format by its library of JavaScript.

    Args:
        form: `cytoscape`, `gexf` or `graphml`.
        data: the file.
        place: where the readers are; see `readers`.
        scratch: a folder for the file.
    """
    path = scratch / f"network.{form}"
    path.write_bytes(data)
    found = json.loads(run([program("node"), "read.mjs", form, str(path)], folder=place))
    return Found.of(dict(map(tuple, found["nodes"])), [tuple(it) for it in found["edges"]])
