"""Counts what a dataset holds: triples, classes, properties, kinds of things, links, graphs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg.names import ID, SPARQL_HEAD
from kg.results import JSON_RESULTS, Answer, Table
from kg.web.sparql.answers import ROWS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyoxigraph as ox

    from kg.engines import Engine

__all__ = ["Counts", "PlainEngine", "Use", "count", "count_graphs", "count_triples"]

TRIPLES: Final = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
SUBJECTS: Final = "SELECT (COUNT(DISTINCT ?s) AS ?n) WHERE { ?s ?p ?o }"
OBJECTS: Final = "SELECT (COUNT(DISTINCT ?o) AS ?n) WHERE { ?s ?p ?o }"

GRAPHS: Final = """
SELECT ?graph (COUNT(*) AS ?n) WHERE { GRAPH ?graph { ?s ?p ?o } FILTER(ISIRI(?graph)) }
GROUP BY ?graph HAVING (COUNT(*) > 0) ORDER BY ?graph"""

PROPERTIES: Final = """
SELECT ?p (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?subjects) (COUNT(DISTINCT ?o) AS ?objects)
WHERE { ?s ?p ?o } GROUP BY ?p HAVING (COUNT(*) > 0) ORDER BY ?p"""

CLASSES: Final = """
SELECT ?class (COUNT(DISTINCT ?s) AS ?n) WHERE { ?s a ?class FILTER(ISIRI(?class)) }
GROUP BY ?class HAVING (COUNT(*) > 0) ORDER BY ?class"""

OF_CLASS: Final = """
SELECT ?class ?p (COUNT(*) AS ?n) WHERE { ?s a ?class ; ?p ?o FILTER(ISIRI(?class)) }
GROUP BY ?class ?p HAVING (COUNT(*) > 0) ORDER BY ?class ?p"""

KINDS: Final = f"""
SELECT ?kind (COUNT(*) AS ?n) (MIN(?iri) AS ?first) WHERE {{
  {{ SELECT DISTINCT ?s WHERE {{ ?s ?p ?o }} }}
  BIND(STR(?s) AS ?iri)
  FILTER(STRSTARTS(?iri, "{ID}"))
  BIND(STRBEFORE(SUBSTR(?iri, {len(ID) + 1}), "/") AS ?kind)
}}
GROUP BY ?kind HAVING (COUNT(*) > 0) ORDER BY ?kind"""

LINKS: Final = f"""
SELECT ?p ?place (COUNT(*) AS ?n) WHERE {{
  VALUES ?p {{ skos:broadMatch skos:closeMatch skos:exactMatch skos:narrowMatch skos:relatedMatch }}
  ?s ?p ?o .
  FILTER(STRSTARTS(STR(?s), "{ID}") && !STRSTARTS(STR(?o), "{ID}"))
  BIND(REPLACE(STR(?o), "^([a-z]+://[^/]*/).*$", "$1") AS ?place)
}}
GROUP BY ?p ?place HAVING (COUNT(*) > 0) ORDER BY ?p ?place"""
"""Links from things to those of others, by property and by the address at which they are."""


@dataclass(frozen=True)
class Use:
    """How a property is used."""

    triples: int
    subjects: int
    objects: int


@dataclass(frozen=True)
class Counts:
    """What a dataset holds, by IRI and in the order of the IRIs.

    `kinds` gives the things of each kind of this project and the IRI of one of them, `links`
    the links by property and address, `of_class` how often the things of a class have a
    property.
    """

    triples: int
    subjects: int
    objects: int
    properties: Mapping[str, Use]
    classes: Mapping[str, int]
    of_class: Mapping[str, Mapping[str, int]]
    kinds: Mapping[str, tuple[int, str]]
    links: Mapping[tuple[str, str], int]


class PlainEngine:
    """Oxigraph over a dataset as it is: its default graph is its own, not the union of all."""

    def __init__(self, store: ox.Store) -> None:
        """Take a store."""
        self.store = store

    def answer(self, sparql: str, media_type: str = JSON_RESULTS) -> Answer:
        """Answer a SELECT or ASK of our own; see `Engine.answer`."""
        results = self.store.query(sparql)
        body = results.serialize(format=ROWS[media_type])  # type: ignore[arg-type]  # of rows
        return Answer(media_type, body or b"")

    def close(self) -> None:
        """Do nothing: the store is another's."""


def count_triples(engine: Engine) -> int:
    """Count the triples of the default graph."""
    return int(_rows(engine, TRIPLES)[0][0])


def count_graphs(engine: Engine) -> dict[str, int]:
    """Count the triples of each named graph."""
    return {graph: int(n) for graph, n in _rows(engine, GRAPHS)}


def count(engine: Engine) -> Counts:
    """Count what the default graph holds."""
    of_class: dict[str, dict[str, int]] = {}
    for name, property_, n in _rows(engine, OF_CLASS):
        of_class.setdefault(name, {})[property_] = int(n)
    return Counts(
        triples=count_triples(engine),
        subjects=int(_rows(engine, SUBJECTS)[0][0]),
        objects=int(_rows(engine, OBJECTS)[0][0]),
        properties={
            name: Use(int(n), int(subjects), int(objects))
            for name, n, subjects, objects in _rows(engine, PROPERTIES)
        },
        classes={name: int(n) for name, n in _rows(engine, CLASSES)},
        of_class=of_class,
        kinds={kind: (int(n), first) for kind, n, first in _rows(engine, KINDS)},
        links={(name, place): int(n) for name, place, n in _rows(engine, LINKS)},
    )


def _rows(engine: Engine, sparql: str) -> list[list[str]]:
    """Give the rows of an answer as the values of their terms, IRIs in full."""
    table = Table.from_answer(engine.answer(SPARQL_HEAD + sparql, JSON_RESULTS))
    return [["" if term is None else term.value for term in row] for row in table.rows]
