"""Mermaid: the lines of a flowchart, and what is too large for one."""

from __future__ import annotations

import html
import re

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from network_samples import LABEL, sample, undirected

from kg.errors import UsageError
from kg.exports.base import unwatched
from kg.exports.mermaid import DRAWN, LINKED, LONGEST, write_mermaid
from kg.exports.network import SHAPES, Network, prepared

NODE = re.compile(r'  n(\d+)[\[({>/\\]+"([^"]*)"[\])}/\\]+')
LINK = re.compile(r'  n(\d+) (-->|---)(?:\|"([^"]*)"\|)? n(\d+)')
CLASS = re.compile(r"  classDef c\d+ fill:#[0-9a-f]{8},stroke:#[0-9a-f]{6},color:#222222")
MEMBERS = re.compile(r"  class n\d+(,n\d+)* c\d+")


def drawn(network: Network) -> str:
    """Give a network as Mermaid."""
    return b"".join(write_mermaid(network, unwatched)).decode()


def shown(label: str) -> str:
    """Give a label as Mermaid shows it: numbers are signs, breaks are line ends."""
    codes = label.replace("<br>", "\n")
    return html.unescape(re.sub(r"#(\d+);", r"&#\1;", codes))


def of_labels(*labels: str) -> Network:
    """Give a network of nodes with labels."""
    graph = nx.empty_graph(0)
    for at, label in enumerate(labels):
        graph.add_node(f"n{at:03}", x=0, y=0, label=label)
    return prepared(graph)


def test_it_is_a_flowchart() -> None:
    """Every line is the head, a node, a link or a class."""
    lines = drawn(sample()).splitlines()
    assert lines[:4] == ["---", 'title: "样例"', "---", "flowchart LR"]
    for line in lines[4:]:
        assert any(rule.fullmatch(line) for rule in (NODE, LINK, CLASS, MEMBERS)), line


def test_nodes_and_links_are_there() -> None:
    """Each node has its label, each link its label or weight."""
    text = drawn(sample())
    assert [shown(it[2]) for it in NODE.finditer(text)] == [LABEL, "kgcl:lonely", "上海"]
    links = [(it[1], it[2], it[3], it[4]) for it in LINK.finditer(text)]
    assert links == [
        ("0", "-->", None, "2"),
        ("2", "-->", "提出", "0"),
        ("2", "-->", "0.5", "0"),
        ("2", "-->", "1.0", "2"),
    ]
    assert {it[2] for it in LINK.finditer(drawn(undirected()))} == {"---"}


def test_colours_are_classes() -> None:
    """Nodes of one colour are of one class."""
    text = drawn(sample())
    assert "  classDef c0 fill:#0072b233,stroke:#0072b2,color:#222222\n  class n2 c0\n" in text
    assert len(MEMBERS.findall(text)) == 3


def test_every_shape_is_drawn() -> None:
    """Mermaid has something for each shape."""
    graph = nx.empty_graph(0)
    for shape in SHAPES:
        graph.add_node(shape, x=0, y=0, shape=shape)
    assert len(NODE.findall(drawn(prepared(graph)))) == len(SHAPES)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")))
def test_labels_are_shown_as_they_are(label: str) -> None:
    """Whatever a label holds, it is no markup, and Mermaid shows it."""
    [found] = NODE.finditer(drawn(of_labels(label)))
    assert shown(found[2]) == (label or "n000")
    assert not re.search(r"[\"`<>&{}\[\]()|\\_*~]", found[2].replace("<br>", ""))


def test_lines_of_a_label() -> None:
    """Each kind of line end begins a new line."""
    [found] = NODE.finditer(drawn(of_labels("一\n二\r\n三\r四")))
    assert found[2] == "一<br>二<br>三<br>四"


def test_a_list_is_no_list() -> None:
    """A point behind a number, which Mermaid takes for a list, is written as its number."""
    [found] = NODE.finditer(drawn(of_labels("1. 上线 4.0版")))
    assert found[2] == "1#46; 上线 4.0版"


def test_a_control_character_is_refused() -> None:
    """No page can show it."""
    with pytest.raises(UsageError, match=r"label of n000: mermaid cannot hold U\+0007 there"):
        drawn(of_labels("\a"))


def test_as_many_nodes_as_can_be_read() -> None:
    """Beyond sixty nodes it says what to use instead."""
    assert len(NODE.findall(drawn(of_labels(*["字"] * DRAWN)))) == DRAWN
    with pytest.raises(UsageError) as caught:
        drawn(of_labels(*["字"] * (DRAWN + 1)))
    assert caught.value.en == (
        "mermaid takes at most 60 nodes, and this network has 61; choose one thing with --about, "
        "or use html or gexf"
    )
    assert "改用 html、gexf" in caught.value.zh


def test_as_many_edges_and_signs_as_mermaid_draws() -> None:
    """Mermaid itself stops at 500 edges and 50,000 characters."""
    graph = nx.complete_graph(32, nx.DiGraph)
    for it in graph:
        graph.nodes[it].update(x=0, y=0)
    assert graph.number_of_edges() > LINKED
    with pytest.raises(UsageError, match="at most 500 edges, and this network has 992"):
        drawn(prepared(graph))
    with pytest.raises(UsageError, match="at most 50,000 characters"):
        drawn(of_labels("字" * LONGEST))
