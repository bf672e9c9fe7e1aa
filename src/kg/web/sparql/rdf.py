"""RDF that the service says of itself: triples from plain values, and their bytes in any format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

import pyoxigraph as ox

from kg.vocabularies import VOCABULARIES, node
from kg.web.sparql.answers import TRIPLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["FORMATS", "about", "in_both", "number", "typed", "written"]

FORMATS: Final[dict[str, str]] = {
    "application/sparql-results+json": "SPARQL_Results_JSON",
    "application/sparql-results+xml": "SPARQL_Results_XML",
    "text/csv": "SPARQL_Results_CSV",
    "text/tab-separated-values": "SPARQL_Results_TSV",
    "text/turtle": "Turtle",
    "application/n-triples": "N-Triples",
    "application/n-quads": "N-Quads",
    "application/trig": "TriG",
    "application/ld+json": "JSON-LD",
    "application/rdf+xml": "RDF_XML",
}
"""Media type -> local name of the format's IRI (https://www.w3.org/ns/formats/)."""

PREFIX_LINE: Final = "@prefix "

Term: TypeAlias = ox.NamedNode | ox.Literal
Facts: TypeAlias = "Mapping[str, Term | Sequence[Term]]"


def in_both(zh: str, en: str) -> list[ox.Literal]:
    """Give a text in both languages."""
    return [ox.Literal(zh, language="zh"), ox.Literal(en, language="en")]


def number(value: int) -> ox.Literal:
    """Give a count."""
    return ox.Literal(value)


def typed(value: str, datatype: str) -> ox.Literal:
    """Give a value of a datatype that a CURIE names."""
    return ox.Literal(value, datatype=node(datatype))


def about(subject: str, facts: Facts) -> Iterator[ox.Triple]:
    """Give the triples of a thing.

    Args:
        subject: its CURIE or IRI.
        facts: property, as a CURIE, -> one or several values; `a` is its class.
    """
    it = node(subject)
    for name, values in facts.items():
        predicate = node("rdf:type" if name == "a" else name)
        for value in [values] if isinstance(values, ox.NamedNode | ox.Literal) else values:
            yield ox.Triple(it, predicate, value)


def written(triples: Sequence[ox.Triple], media_type: str) -> bytes:
    """Give triples in a format, in their order: the same triples are the same bytes.

    JSON-LD is in its expanded form, which needs no context.

    Args:
        triples: triples, those of one thing side by side.
        media_type: one of `answers.TRIPLES`.
    """
    lines = (ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"").decode()
    used = {prefix: space for prefix, space in VOCABULARIES.items() if f"<{space}" in lines}
    body = ox.serialize(triples, format=TRIPLES[media_type], prefixes=used) or b""
    return _sorted_head(body) if media_type in {"text/turtle", "application/trig"} else body


def _sorted_head(body: bytes) -> bytes:
    """Put the prefixes that Turtle begins with into the order of the alphabet."""
    lines = body.decode().splitlines(keepends=True)
    count = next(
        (at for at, line in enumerate(lines) if not line.startswith(PREFIX_LINE)), len(lines)
    )
    return "".join([*sorted(lines[:count]), *lines[count:]]).encode()
