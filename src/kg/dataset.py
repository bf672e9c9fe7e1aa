"""A dataset: triples in named graphs, written as sorted canonical N-Quads; and its parts' origins.

The text is the master: engines normalise literals when they load it
(https://www.w3.org/TR/rdf-canon/#canonical-quads).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from kg.errors import KgError
from kg.names import ONTOLOGY_GRAPH, shorten
from kg.triples import Triple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["Dataset", "Origin", "add_ontology", "sha256"]


@dataclass(frozen=True)
class Origin:
    """Where a node was curated: file, line, and the sentence that it rests on."""

    file: str
    line: int
    sentence: str = ""


@dataclass
class Dataset:
    """Triples, each in exactly one named graph, and where their subjects come from."""

    graphs: dict[Triple, str] = field(default_factory=dict)
    origins: dict[str, Origin] = field(default_factory=dict)

    def add(self, graph: str, triples: Iterable[Triple]) -> None:
        """Put triples into a graph.

        Raises:
            KgError: a triple stands in another graph already.
        """
        for triple in triples:
            if self.graphs.setdefault(triple, graph) != graph:
                said = " ".join(shorten(getattr(term, "value", "")) for term in triple)
                raise KgError(
                    f"三元组同时属于 {self.graphs[triple]} 与 {graph}：{said}",
                    f"a triple stands in {self.graphs[triple]} and in {graph}: {said}",
                )

    def origin(self, iri: str) -> Origin | None:
        """Give where a node comes from; a derived node comes from the one that it hangs on."""
        while iri not in self.origins:
            shorter = iri.rpartition(".")[0]
            if "/" not in shorter.removeprefix("https://w3id.org/dgkg/id/"):
                return None
            iri = shorter
        return self.origins[iri]

    def lines(self) -> list[str]:
        """Give the canonical N-Quads lines in the order of their UTF-8 bytes."""
        lines = [f"{s} {p} {o} <{graph}> .\n" for (s, p, o), graph in self.graphs.items()]
        return sorted(lines, key=lambda line: line.encode())

    def nquads(self) -> bytes:
        """Give the whole as bytes: the product."""
        return "".join(self.lines()).encode()


def add_ontology(dataset: Dataset, folder: Path) -> None:
    """Add the ontology's files, shapes apart, as a graph of its own.

    Raises:
        KgError: a file does not parse, or holds a blank node.
    """
    for path in sorted(folder.glob("*.ttl")):
        try:
            quads = list(parse(path=str(path), format=RdfFormat.TURTLE))
        except (SyntaxError, ValueError) as error:
            raise KgError(f"{path.name} 无法解析：{error}", f"{path.name}: {error}") from error
        dataset.add(ONTOLOGY_GRAPH, (_without_blank(quad, path.name) for quad in quads))


def _without_blank(quad: Quad, name: str) -> Triple:
    subject, object_ = quad.subject, quad.object
    if not isinstance(subject, NamedNode) or not isinstance(object_, NamedNode | Literal):
        raise KgError(f"{name} 含有空白节点", f"{name} holds a blank node")
    return Triple(subject, quad.predicate, object_)


def sha256(data: bytes) -> str:
    """Give the SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
