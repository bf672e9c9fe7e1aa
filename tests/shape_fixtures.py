"""Ontology, shapes and their examples as graphs, and validation results as comparable values."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import pyshacl
from rdflib import RDF, SH, BNode, Graph, Namespace, URIRef

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdflib.term import Node

__all__ = [
    "EXAMPLES",
    "KG",
    "KGSH",
    "ONTOLOGY",
    "Result",
    "alone",
    "curie",
    "everything",
    "examples",
    "expected",
    "ontology",
    "own_terms",
    "parse",
    "results_of",
    "shapes",
    "top_shapes",
    "validate",
]

ONTOLOGY: Final = Path(__file__).parents[1] / "ontology"
EXAMPLES: Final = Path(__file__).parent / "shapes"
KG: Final = Namespace("https://w3id.org/dgkg/ontology#")
KGSH: Final = Namespace("https://w3id.org/dgkg/shapes#")


class Result(NamedTuple):
    """A validation result: which node, along which path, by which constraint component."""

    focus: str
    path: str
    component: str


def parse(paths: Iterable[Path]) -> Graph:
    """Read Turtle files into one graph."""
    graph = Graph()
    for path in sorted(paths):
        graph.parse(path, format="turtle")
    return graph


@cache
def ontology() -> Graph:
    """Read the ontology, shapes apart."""
    return parse(ONTOLOGY.glob("*.ttl"))


@cache
def shapes() -> Graph:
    """Read the shapes."""
    return parse((ONTOLOGY / "shapes").glob("*.ttl"))


def examples(*files: Path) -> Graph:
    """Put examples into one graph with the ontology."""
    return parse(files) + ontology()


@cache
def everything() -> Graph:
    """Put every example, good and bad, into one graph with the ontology."""
    return examples(*EXAMPLES.rglob("*.ttl"))


@cache
def _prefixes() -> dict[str, str]:
    files = [*ONTOLOGY.rglob("*.ttl"), *EXAMPLES.rglob("*.ttl")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    found = re.findall(r"^@prefix (\w+): <([^>]+)> \.$", text, flags=re.MULTILINE)
    return {namespace: prefix for prefix, namespace in found}


def curie(term: Node | None) -> str:
    """Shorten an IRI by the longest namespace that some Turtle file declares."""
    iri = str(term)
    longest = max((namespace for namespace in _prefixes() if iri.startswith(namespace)), key=len)
    return f"{_prefixes()[longest]}:{iri.removeprefix(longest)}"


def _path_text(graph: Graph, path: Node | None) -> str:
    """Write a property path as SPARQL does: `^a` inverse, `a/b` sequence, `a|b` alternatives."""
    if path is None:
        return ""
    if isinstance(path, URIRef):
        return curie(path)
    if inverse := graph.value(path, SH.inversePath):
        return f"^{_path_text(graph, inverse)}"
    if either := graph.value(path, SH.alternativePath):
        return "|".join(_path_text(graph, step) for step in graph.items(either))
    return "/".join(_path_text(graph, step) for step in graph.items(path))


def validate(data: Graph, shape: Graph) -> set[tuple[Result, str]]:
    """Give the results of a validation, each with its severity."""
    copy = Graph() + shape  # pySHACL adds triples of its own to the shapes
    _, report, _ = pyshacl.validate(data, shacl_graph=copy, inplace=True)
    assert isinstance(report, Graph)
    results = set()
    for node in report.objects(None, SH.result):
        focus = curie(report.value(node, SH.focusNode))
        path = _path_text(report, report.value(node, SH.resultPath))
        component = curie(report.value(node, SH.sourceConstraintComponent))
        severity = curie(report.value(node, SH.resultSeverity))
        results.add((Result(focus, path, component), severity))
    return results


def results_of(data: Graph, shape: Graph) -> set[Result]:
    """Give the results of a validation."""
    return {result for result, _ in validate(data, shape)}


def expected(name: str) -> set[Result]:
    """Read the results that a file of bad examples is to give."""
    with (EXAMPLES / "bad" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return {Result(**row) for row in csv.DictReader(file)}


def top_shapes() -> list[URIRef]:
    """Give the shapes that have a name, in order."""
    kinds = (SH.NodeShape, SH.PropertyShape)
    found = {shape for kind in kinds for shape in shapes().subjects(RDF.type, kind)}
    return sorted(shape for shape in found if isinstance(shape, URIRef))


def own_terms() -> list[URIRef]:
    """Give the terms of our namespace that the ontology declares."""
    terms = set(ontology().subjects(RDF.type))
    return sorted(t for t in terms if isinstance(t, URIRef) and t.startswith(KG))


def alone(shape: Node) -> Graph:
    """Give the triples of one shape, with those of the blank nodes that hang on it."""
    graph, todo = Graph(), [shape]
    while todo:
        for triple in shapes().triples((todo.pop(), None, None)):
            graph.add(triple)
            if isinstance(triple[2], BNode):
                todo.append(triple[2])
    return graph
