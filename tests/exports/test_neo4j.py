"""CSV for Neo4j: headers, cells and the command, by the standard library, pandas and a shell."""

from __future__ import annotations

import io
import re
import subprocess
from typing import TYPE_CHECKING, Final

import networkx as nx
import pandas as pd
import pytest
from network_readers import expected, read_neo4j
from network_samples import DATE, LABEL, QUOTES, sample, undirected, written
from node_packages import program

from kg.errors import UsageError
from kg.exports.base import unwatched
from kg.exports.neo4j import write_neo4j
from kg.exports.network import Network, prepared

if TYPE_CHECKING:
    from pathlib import Path

HEAD: Final = re.compile(
    r"(?P<name>[A-Za-z]\w*)?:(?:(?P<role>ID|LABEL|START_ID|END_ID|TYPE)"
    r"|(?P<type>int|long|float|double|boolean|byte|short|char|string)(?:\[\])?)"
)
"""A header: https://neo4j.com/docs/operations-manual/current/import/#import-tool-header-format."""


def files(network: Network) -> dict[str, str]:
    """Give the text of each file."""
    return {name: b"".join(content).decode() for name, content in write_neo4j(network, unwatched)}


def heads(text: str) -> list[re.Match[str]]:
    """Give the headers of a file, each of which must be one of Neo4j."""
    found = [HEAD.fullmatch(head) for head in text.partition("\n")[0].split(",")]
    assert all(found)
    return [it for it in found if it]


@pytest.mark.parametrize("network", [sample(), undirected()])
def test_it_is_read_without_loss(network: Network) -> None:
    """Every node, relationship, value and place is there, typed by the headers."""
    assert read_neo4j(written("neo4j", network), network) == expected("neo4j", network)


def test_what_matters_is_there() -> None:
    """Nodes and edges are counted; a label, a quote, a date and a weight are found."""
    network = sample()
    found = read_neo4j(written("neo4j", network), network)
    assert (len(found.nodes), len(found.edges)) == (3, 4)
    node = found.nodes["kgc:yi-wang-tong-ban"]
    assert (node["label"], node["latest"], node["quotes"]) == (LABEL, DATE.isoformat(), QUOTES)
    assert [edge[2].get("weight") for edge in found.edges] == [None, 2.0, 0.5, 1.0]


def test_headers_are_those_of_neo4j() -> None:
    """Nodes have an id and labels, relationships two ends and a type; all else has a type."""
    made = files(sample())
    nodes = [it[0] for it in heads(made["nodes.csv"])]
    assert nodes[:7] == [
        "id:ID", ":LABEL", "x:double", "y:double", "size:double", "color:string", "shape:string",
    ]  # fmt: skip
    assert {"quotes:string[]", "population:long", "is_read:boolean"} <= set(nodes)
    assert len(set(nodes)) == len(nodes)
    assert [it[0] for it in heads(made["relationships.csv"])] == [
        ":START_ID", ":END_ID", ":TYPE", "label:string", "property:string", "quotes:string[]",
        "since:string", "weight:double",
    ]  # fmt: skip


def test_pandas_reads_it() -> None:
    """Pandas finds as many rows; each relationship leads from a node to a node."""
    made = files(sample())
    nodes = pd.read_csv(io.StringIO(made["nodes.csv"]), keep_default_na=False)
    edges = pd.read_csv(io.StringIO(made["relationships.csv"]))
    assert (len(nodes), len(edges)) == (3, 4)
    assert list(nodes[":LABEL"]) == ["PlatformConcept", "Node", "Region"]
    assert list(nodes["x:double"]) == [110.25, -5.0, 10.0]
    assert nodes["quotes:string[]"][0].split("|") == list(QUOTES)
    assert set(edges[":START_ID"]) | set(edges[":END_ID"]) <= set(nodes["id:ID"])
    assert list(edges["weight:double"].dropna()) == [2.0, 0.5, 1.0]


def test_types_need_no_quotation() -> None:
    """A relationship's type is its property with letters, digits and underscores only."""
    edges = pd.read_csv(io.StringIO(files(sample())["relationships.csv"]))
    assert list(edges[":TYPE"]) == ["kg_states", "kg_states", "kg_names", "kg_within"]
    assert list(edges["property:string"]) == ["kg:states", "kg:states", "kg:names", "kg:within"]
    edges = pd.read_csv(io.StringIO(files(undirected())["relationships.csv"]))
    assert list(edges[":TYPE"]) == ["RELATED", "RELATED"]


def test_an_empty_text_is_no_missing_one() -> None:
    """Neo4j takes an empty cell for a missing value, and one of quotation marks for a text."""
    graph = nx.empty_graph(0)
    graph.add_node("a", x=0, y=0, label="", note=None)
    graph.add_node("b", x=0, y=0, note="甲")
    lines = files(prepared(graph))["nodes.csv"].splitlines()
    assert lines[1].endswith(',"",')
    assert lines[2].endswith(',,"甲"')


def test_formulas_are_left_alone() -> None:
    """The files are for Neo4j, not for Excel: a text that begins with `=` stays itself."""
    graph = nx.empty_graph(0)
    graph.add_node("a", x=0, y=0, label="=cmd|' /C calc'!A0")
    assert "\"=cmd|' /C calc'!A0\"" in files(prepared(graph))["nodes.csv"]


COMMAND: Final = [
    "database", "import", "full", "--nodes=nodes.csv", "--relationships=relationships.csv",
    "--id-type=string", "--delimiter=,", "--array-delimiter=|", '--quote="',
    "--multiline-fields=true", "--ignore-empty-strings=false", "--trim-strings=false",
    "--input-encoding=UTF-8", "sample",
]  # fmt: skip


def test_the_script_runs_the_command_beside_the_files(tmp_path: Path) -> None:
    """The script calls `neo4j-admin` with each argument whole, from wherever it is called."""
    folder = tmp_path / "a folder"
    folder.mkdir()
    for name, text in files(sample()).items():
        (folder / name).write_text(text, encoding="utf-8")
    admin = tmp_path / "neo4j-admin"
    admin.write_text('#!/bin/sh\nprintf "%s\\n" "$PWD" "$@"\n', encoding="utf-8")
    admin.chmod(0o755)
    done = subprocess.run(
        [program("sh"), folder / "import.sh"],
        check=True,
        capture_output=True,
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
    )
    assert done.stdout.decode().splitlines() == [str(folder), *COMMAND]


def test_the_page_says_what_it_is() -> None:
    """The page has titles, counts, the command and the facts."""
    made = files(sample())
    text = made["README.md"]
    assert text.startswith("# 样例 · Sample\n")
    assert "（3 个节点）" in text
    assert "- release: 0123abcd" in text
    command = made["import.sh"].partition("neo4j-admin")[2]
    assert f"```sh\nneo4j-admin{command}```" in text
    assert "有方向" in text
    assert "(a)--(b)" in files(undirected())["README.md"]


@pytest.mark.parametrize(
    ("name", "database"),
    [
        ("region-concept", "region-concept"),
        ("Full Graph", "full-graph"),
        ("网", "network"),
        ("a", "kg-a"),
        ("1-2-3", "kg-1-2-3"),
        ("$(rm -r /)", "rm-r"),
        ("n" * 99, "n" * 63),
    ],
)
def test_the_database_has_a_name_that_neo4j_takes(name: str, database: str) -> None:
    """Its name begins with a letter and has 3 to 63 letters, digits, dots and hyphens of ASCII."""
    graph = nx.empty_graph(0)
    graph.graph["name"] = name
    assert files(prepared(graph))["import.sh"].endswith(f"  {database}\n")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"quotes": ["a|b"]}, "quotes of a: neo4j cannot hold U+007C there"),
        ({"quotes": ["a", ""]}, 'quotes of a: neo4j cannot hold "" there'),
        ({"label": "a\0"}, "label of a: neo4j cannot hold U+0000 there"),
        ({"kind": "One|Two"}, "kind of a: neo4j cannot hold U+007C there"),
    ],
)
def test_what_neo4j_would_read_otherwise_is_refused(data: dict[str, object], told: str) -> None:
    """Arrays that would be divided elsewhere, and the end of a text within it."""
    graph = nx.empty_graph(0)
    graph.add_node("a", x=0, y=0, **data)
    with pytest.raises(UsageError) as caught:
        files(prepared(graph))
    assert caught.value.en == f"{told}; use one of cyjs, cx2, node-link"
