"""Values that break files: every format gives them back exactly, or refuses them by place."""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from network_readers import READERS, expected, read_by_node, readers, without_empty
from network_samples import WRITERS, written

from kg.errors import UsageError
from kg.exports.base import unwatched
from kg.exports.network import Network, prepared

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FORMS: Final = tuple(WRITERS)
JSON_FORMS: Final = ("cx2", "cytoscape", "nodelink")
MARKUP_FORMS: Final = ("dot", "gexf", "graphml")

HOSTILE: Final = {
    "lines": "一\n二\r\n三\r四\u2028五\u2029六\x85七\t八",
    "blanks": "  两端有空格 \u3000",
    "long": "长" * 100_000,
    "long_escapes": '"\\\n&<' * 20_000,
    "right_to_left": "\u202eעברית\u202c العربية\u200f",
    "formula": "=cmd|' /C calc'!A0",
    "iri": "https://example.org/a\"b<c>d'e?f=g&h#i",
    "cdata": "]]><!--<![CDATA[",
    "entities": "&amp;&lt;&#0;&#x41;&nbsp;",
    "emoji": "🙂👩‍👩‍👧‍👦𠮷🇨🇳",
    "combining": "e\u0301 \u1112\u1161\u11ab",
    "quotes": "'\"‘’“”\"\"",
    "escapes": '\\n \\N \\G \\\\ \\" \\',
    "braces": "{{x}} ${x} %s <%= x %>",
    "dashes": "-- --> <!-- -->",
    "empty": "",
    "number": "007",
    "truth": "true",
    "nothing": "null",
    "replaced": "\ufffd",
    "delete": "\x7f\x80\x9f",
    "unassigned": "\U0010ffff\ufdd0",
}  # fmt: skip
"""Texts that every format holds."""

CONTROLS: Final = [chr(at) for at in range(32) if chr(at) not in "\t\n\r"]


def hostile_graph() -> nx.MultiDiGraph[str]:
    """Give a graph that has each of the texts as value, in a list and in the name of a node."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_node("all", x=0, y=0, **HOSTILE)
    for at, (name, text) in enumerate(HOSTILE.items(), 1):
        told = [it for it in (text, f"{text} 之二") if it and "|" not in it]
        graph.add_node(name, x=at, y=-at, label=text, many=told)
        graph.add_edge("all", name, key=f"{name} {text[:99]}", label=text, many=told)
        graph.add_edge(name, name, weight=at / 7)
    for name in ("iri", "long", "right_to_left", "emoji", "cdata", "entities", "quotes"):
        graph.add_node(HOSTILE[name], x=0, y=0)
        graph.add_edge(HOSTILE[name], "all", weight=1e-300)
    return graph


HOSTILE_NETWORK: Final = prepared(hostile_graph())


def one(**data: Any) -> Network:  # noqa: ANN401 -- any value
    """Give a network of one node."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_node("a", x=0, y=0, **data)
    return prepared(graph)


@pytest.mark.parametrize("form", FORMS)
def test_hostile_texts_come_back(form: str) -> None:
    """Line ends, markup, formulas, long texts and all scripts are the same to the last sign."""
    found = READERS[form](written(form, HOSTILE_NETWORK), HOSTILE_NETWORK)
    assert found == expected(form, HOSTILE_NETWORK)


@pytest.mark.parametrize("form", ["cytoscape", "gexf", "graphml"])
def test_hostile_texts_come_back_to_javascript(
    form: str,
    pytestconfig: pytest.Config,
    tmp_path_factory: pytest.TempPathFactory,
    tmp_path: Path,
) -> None:
    """So they are to libraries of JavaScript, which take an empty text for none."""
    place = readers(pytestconfig, tmp_path_factory)
    found = read_by_node(form, written(form, HOSTILE_NETWORK), place, tmp_path)
    for values in found.nodes.values():
        values.pop("drawn", None)
    assert without_empty(found) == without_empty(expected(form, HOSTILE_NETWORK))


@pytest.mark.parametrize("form", JSON_FORMS)
@pytest.mark.parametrize("sign", [*CONTROLS, "\ufffe", "\uffff"])
def test_json_holds_control_characters(form: str, sign: str) -> None:
    """Formats of JSON hold every character."""
    network = one(label=f"一{sign}网", many=[sign, f"{sign}|{sign}", ""])
    assert READERS[form](written(form, network), network) == expected(form, network)


@pytest.mark.parametrize("form", MARKUP_FORMS)
@pytest.mark.parametrize("sign", [*CONTROLS, "\ufffe", "\uffff"])
def test_markup_refuses_control_characters(form: str, sign: str) -> None:
    """XML and SVG have no way to write them: the place and what holds them is told."""
    with pytest.raises(UsageError) as caught:
        written(form, one(label=f"一{sign}网"))
    assert caught.value.en == (
        f"label of a: {form} cannot hold U+{ord(sign):04X} there; use one of cyjs, cx2, node-link"
    )
    assert f"U+{ord(sign):04X}" in caught.value.zh


@pytest.mark.parametrize("form", MARKUP_FORMS)
def test_control_characters_are_found_everywhere(form: str) -> None:
    """In names, lists, edges and facts alike."""
    graph = nx.Graph([("a", "b", {"quotes": ["\x00"]})])
    with pytest.raises(UsageError, match="quotes of a → b: "):
        written(form, prepared(graph))
    with pytest.raises(UsageError, match=r"id of \\x01: "):
        written(form, prepared(nx.Graph([("\x01", "b")])))
    graph = nx.Graph([("a", "b")], release="\x02")
    with pytest.raises(UsageError, match="release of network: "):
        written(form, prepared(graph))
    graph = nx.Graph([("a", "b")], zh="\x02")
    with pytest.raises(UsageError, match="zh of network: "):
        written(form, prepared(graph))


@pytest.mark.parametrize("form", [*MARKUP_FORMS, "neo4j"])
def test_what_joins_several_is_refused_within_one(form: str) -> None:
    """A format without lists would give back other texts than it was given."""
    with pytest.raises(UsageError, match=rf"many of a: {form} cannot hold U\+007C there"):
        written(form, one(many=["x|y"]))
    assert b"x|y" in written(form, one(label="x|y"))


@pytest.mark.parametrize("form", FORMS)
def test_refusals_come_before_the_first_byte(form: str) -> None:
    """Nothing is given of a file that cannot be whole."""
    if form in JSON_FORMS:
        assert WRITERS[form](one(label="\x00"), unwatched)
        return
    with pytest.raises(UsageError):
        next(iter(WRITERS[form](one(label="\x00"), unwatched)))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "graph",
    [
        nx.empty_graph(0),
        nx.empty_graph(0, nx.MultiDiGraph),
        nx.empty_graph(1),
        nx.Graph([("a", "a")]),
        nx.MultiGraph([("a", "b"), ("b", "a"), ("a", "a"), ("a", "a")]),
        nx.DiGraph([("a", "b"), ("b", "a")]),
    ],
    ids=["nothing", "nothing-directed", "one", "loop", "parallel", "both-ways"],
)
def test_small_graphs(form: str, graph: nx.Graph[Any]) -> None:
    """Graphs of no node, one node, loops, parallel and opposite edges come back."""
    network = prepared(graph)
    assert READERS[form](written(form, network), network) == expected(form, network)


@pytest.mark.parametrize("form", FORMS)
def test_values_of_several_kinds(form: str) -> None:
    """Mixed kinds, dates, decimals, large and missing numbers come back as the column has them."""
    graph = nx.empty_graph(0)
    rows: list[dict[str, Any]] = [
        {"mixed": 1, "number": 1, "whole": -(1 << 53) + 1, "when": date(2021, 3, 31), "huge": 1},
        {"mixed": "x", "number": 2.5, "whole": None, "when": None, "huge": 1 << 80},
        {"mixed": True, "number": Decimal("0.1"), "when": "2021", "is_it": True},
        {"mixed": None, "number": math.nan, "whole": 0, "is_it": False, "several": [1, True, "x"]},
        {"number": 5e-324, "several": "alone"},
        {"number": -1.7976931348623157e308, "several": {"b", "a"}},
    ]
    for at, row in enumerate(rows):
        graph.add_node(f"n{at}", x=at, y=0, **row)
    network = prepared(graph)
    assert READERS[form](written(form, network), network) == expected(form, network)


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(1 << 70), 1 << 70),
    st.floats(allow_infinity=False),
    st.decimals(allow_nan=False, allow_infinity=False, places=3),
    st.dates(),
    TEXTS,
    st.lists(TEXTS, max_size=3),
)
NAMES = st.sampled_from(["label", "kind", "quotes", "when", "weight", "name", "property"])
ROWS = st.dictionaries(NAMES, VALUES, max_size=4)


@st.composite
def graphs(draw: Callable[..., Any]) -> nx.Graph[Any]:
    """Draw a small graph of any of the four kinds with any values."""
    graph: nx.Graph[Any] = draw(
        st.sampled_from([nx.Graph, nx.DiGraph, nx.MultiGraph, nx.MultiDiGraph])
    )()
    for name in draw(st.lists(TEXTS.filter(bool), unique=True, max_size=4)):
        graph.add_node(name, **draw(ROWS), x=draw(st.floats(-1e5, 1e5)), y=draw(st.integers(0, 9)))
    if graph:
        ends = st.sampled_from(sorted(graph))
        for one_end, other in draw(st.lists(st.tuples(ends, ends), max_size=5)):
            graph.add_edge(one_end, other, **draw(ROWS))
    return graph


def attempted(form: str, network: Network) -> bytes | str:
    """Give the bytes of a network, or why they are refused."""
    try:
        return written(form, network)
    except UsageError as error:
        return error.en


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=60)
@given(graphs())
def test_any_network_comes_back_or_is_refused(form: str, graph: nx.Graph[Any]) -> None:
    """Whatever a network holds, a file of it holds the same; else it says what cannot be held."""
    network = prepared(graph)
    data = attempted(form, network)
    if isinstance(data, str):
        assert any(told in data for told in ("cannot hold", "would round", "takes only numbers"))
    else:
        assert READERS[form](data, network) == expected(form, network)
