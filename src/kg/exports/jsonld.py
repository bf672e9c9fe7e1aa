"""The dataset as JSON-LD with our context: a line for each thing, by graph and class.

What belongs to one thing alone, as the evidence of a claim, its places in the text and its
quantities, stands inside it, so that a reader of JSON finds the quote where the claim is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from kg.context import whole_context
from kg.exports.grouping import graphs_of
from kg.json_ld import Writer, schemes_of
from kg.nodes import OWNED
from kg.safe_json import line
from kg.vocabularies import node

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kg.exports.base import Watch
    from kg.exports.grouping import Graph, Group
    from kg.nodes import Facts, Node, Nodes, Term

__all__ = ["write_jsonld"]

NESTED: Final = OWNED - {node("kg:hasMention")}
"""Properties whose values stand inside; mentions do not, since several claims may hold one."""

DEEPEST: Final = 8
"""How far things stand inside each other; what lies deeper stands by itself."""


def write_jsonld(path: Path, watch: Watch) -> Iterator[bytes]:
    """Give the dataset as one document of JSON-LD.

    Args:
        path: an N-Quads file.
        watch: looks on as things are written.
    """
    graphs = graphs_of(path)
    schemes = {
        scheme
        for graph, groups in graphs.items()
        for group in groups
        for scheme in {*schemes_of(group.nodes), str(graph).strip("<").partition(":")[0]}
    }
    context = b",\n".join(
        line(name) + b": " + line(value) for name, value in whole_context(schemes).items()
    )
    yield b'{\n"@context": {\n' + context + b'\n},\n"@graph": ['
    for at, (graph, groups) in enumerate(graphs.items()):
        yield from _graph(graph, groups, schemes, watch, at)
    yield b"\n]\n}\n"


def _graph(
    graph: Graph, groups: list[Group], schemes: set[str], watch: Watch, at: int
) -> Iterator[bytes]:
    """Give a graph as an item of the outermost list; the default one is the items themselves."""
    nodes = {it: facts for group in groups for it, facts in group.nodes.items()}
    outer, inside = _nested(nodes)
    writer = Writer(schemes, inside)
    named = not isinstance(graph, ox.DefaultGraph)
    if named:
        name = graph.value if isinstance(graph, ox.NamedNode) else str(graph)
        yield (b"," if at else b"") + b'\n{"@id": ' + line(name) + b', "@graph": ['
    first = not at or named
    for it in watch(outer):
        yield (b"\n" if first else b",\n") + line(writer.node(it, nodes[it]))
        first = False
    if named:
        yield b"\n]}"


def _nested(nodes: Nodes) -> tuple[list[Node], Nodes]:
    """Give the things that stand by themselves, and those that stand inside another one.

    The latter belong to one thing, and nothing else leads to them; of a ring one stands by
    itself.
    """
    held = _held(nodes)
    inside: Nodes = {}
    outer: list[Node] = []
    for it in sorted(nodes, key=held.__contains__):
        if it in inside:
            continue
        outer.append(it)
        waiting = [(it, 0)]
        while waiting:
            holder, depth = waiting.pop()
            for other in _owned(nodes[holder]) if depth < DEEPEST else ():
                if other in held and other not in inside and other != it:
                    inside[other] = nodes[other]
                    waiting.append((other, depth + 1))
    return outer, inside


def _held(nodes: Nodes) -> set[Node]:
    """Give the things that one other thing owns, and that nothing else leads to."""
    seen: set[Term] = set()
    twice: set[Term] = set()
    owned: set[Node] = set()
    for it, facts in nodes.items():
        for link, terms in facts.items():
            for term in terms:
                if isinstance(term, ox.Literal) or term not in nodes:
                    continue
                (twice if term in seen or term == it else seen).add(term)
                if link in NESTED:
                    owned.add(term)
    return owned - twice


def _owned(facts: Facts) -> Iterator[Node]:
    for link, terms in facts.items():
        if link in NESTED:
            yield from (term for term in terms if not isinstance(term, ox.Literal))
