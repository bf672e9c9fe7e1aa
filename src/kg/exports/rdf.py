"""The dataset in formats of RDF: N-Quads as it is, TriG by graph and class, Turtle by class.

Turtle has no graphs: it holds the union of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from kg.exports.grouping import graphs_of, merged
from kg.vocabularies import VOCABULARIES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from kg.exports.base import Watch
    from kg.exports.grouping import Graph, Group
    from kg.nodes import Facts, Node

__all__ = ["write_nquads", "write_trig", "write_turtle"]

PIECE: Final = 1 << 16
"""Bytes that are read at a time."""

THINGS: Final = 400
"""Things that are written at a time."""

RULE: Final = "=" * 12
"""What makes a heading stand out."""


def write_nquads(path: Path, watch: Watch) -> Iterator[bytes]:
    """Give the dataset as it is.

    Args:
        path: an N-Quads file.
        watch: looks on.
    """
    count = -(-path.stat().st_size // PIECE)
    with path.open("rb") as file:
        for _ in watch(range(count)):
            yield file.read(PIECE)


def write_turtle(path: Path, watch: Watch) -> Iterator[bytes]:
    """Give the union of all graphs, by class under headings.

    Args:
        path: an N-Quads file.
        watch: looks on as things are written.
    """
    yield from _written({ox.DefaultGraph(): merged(graphs_of(path))}, ox.RdfFormat.TURTLE, watch)


def write_trig(path: Path, watch: Watch) -> Iterator[bytes]:
    """Give each graph, by class under headings.

    Args:
        path: an N-Quads file.
        watch: looks on as things are written.
    """
    yield from _written(graphs_of(path), ox.RdfFormat.TRIG, watch)


def _written(graphs: dict[Graph, list[Group]], form: ox.RdfFormat, watch: Watch) -> Iterator[bytes]:
    prefixes = _prefixes(graphs)
    yield "".join(f"@prefix {name}: <{space}> .\n" for name, space in prefixes.items()).encode()
    for graph, group, things in watch(_parts(graphs)):
        if things[0] == next(iter(group.nodes)):
            place = "" if isinstance(graph, ox.DefaultGraph) else f" {graph}"
            yield f"\n# {RULE} {group.heading}{place} {RULE}\n\n".encode()
        quads = [
            ox.Quad(it, link, term, graph)
            for it in things
            for link, terms in group.nodes[it].items()
            for term in terms
        ]
        body = ox.serialize(quads, format=form, prefixes=prefixes) or b""
        # A line end within a literal is escaped, so this is the end of what is said of a thing.
        yield body.split(b"\n", len(prefixes))[-1].replace(b" .\n", b" .\n\n")


def _parts(graphs: dict[Graph, list[Group]]) -> Sequence[tuple[Graph, Group, list[Node]]]:
    """Give the things of each graph and class, so many at a time."""
    return [
        (graph, group, things[at : at + THINGS])
        for graph, groups in graphs.items()
        for group in groups
        for things in ([*group.nodes],)
        for at in range(0, len(things), THINGS)
    ]


def _prefixes(graphs: dict[Graph, list[Group]]) -> dict[str, str]:
    """Give the prefixes that IRIs have, by the alphabet.

    One whose names end in a dot anywhere is left out: rdflib does not read such names.
    """
    names: dict[str, bool] = {}
    for groups in graphs.values():
        for group in groups:
            for it, facts in group.nodes.items():
                for iri in _iris(it, facts):
                    space = iri[: max(iri.rfind("/"), iri.rfind("#")) + 1]
                    names[space] = names.get(space, True) and not iri.endswith(".")
    return {name: space for name, space in sorted(VOCABULARIES.items()) if names.get(space)}


def _iris(it: Node, facts: Facts) -> Iterator[str]:
    """Give the IRIs that a thing and what is said of it have, datatypes too."""
    for term in (it, *facts, *(term for terms in facts.values() for term in terms)):
        named = term.datatype if isinstance(term, ox.Literal) else term
        if isinstance(named, ox.NamedNode):
            yield named.value
