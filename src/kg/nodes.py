"""Triples by subject and property, and the one order in which they are written."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final, TypeAlias

import pyoxigraph as ox

from kg.vocabularies import node

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "LABELS",
    "OWNED",
    "TYPE",
    "Facts",
    "Node",
    "Nodes",
    "Term",
    "grouped",
    "label_of",
    "ordered",
]

Node: TypeAlias = ox.NamedNode | ox.BlankNode
Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal
Facts: TypeAlias = dict[ox.NamedNode, list[Term]]
"""Property -> its values."""
Nodes: TypeAlias = dict[Node, Facts]
"""Triples, by subject and property."""

TYPE: Final = node("rdf:type")
LABELS: Final = (node("skos:prefLabel"), node("rdfs:label"), node("dcterms:title"))

OWNED: Final = frozenset(
    map(
        node,
        (
            "kg:context", "kg:evidence", "kg:hasMention", "kg:part", "kg:quantity",
            "oa:hasSelector", "time:hasBeginning", "time:hasEnd", "time:hasTime",
        ),
    )
)  # fmt: skip
"""Properties whose values are told in full with the thing that has them."""


def grouped(triples: Iterable[ox.Triple]) -> Nodes:
    """Give triples by subject and property, none twice."""
    nodes: Nodes = {}
    for subject, link, term in triples:
        if isinstance(subject, ox.Triple) or isinstance(term, ox.Triple):
            continue
        terms = nodes.setdefault(subject, {}).setdefault(link, [])
        if term not in terms:
            terms.append(term)
    return nodes


def ordered(nodes: Nodes, first: Iterable[Node] = ()) -> Nodes:
    """Put facts into the one order in which they are written.

    Args:
        nodes: any facts.
        first: nodes that come before the others, which go by their IRI.
    """
    begin = [it for it in first if it in nodes]
    rest = sorted(nodes.keys() - {*begin}, key=str)
    links = sorted({link for facts in nodes.values() for link in facts}, key=_rank)
    places = {link: at for at, link in enumerate(links)}
    return {
        it: {
            link: sorted(nodes[it][link], key=str)
            for link in sorted(nodes[it], key=places.__getitem__)
        }
        for it in (*begin, *rest)
    }


def _rank(link: ox.NamedNode) -> tuple[int, str]:
    """Put class and label before the other properties, and those by the alphabet."""
    first = (TYPE, *LABELS)
    return (first.index(link) if link in first else len(first), link.value)


def label_of(facts: Facts) -> dict[str, str]:
    """Give the label of what has some facts, in each language that it has one in; zh first."""
    terms = chain.from_iterable(sorted(facts.get(label, ()), key=str) for label in LABELS[::-1])
    found = {t.language: t.value for t in terms if isinstance(t, ox.Literal) and t.language}
    return dict(sorted(found.items(), reverse=True))
