"""Triples as JSON-LD with short keys, compacted by our context."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg.context import LINK, MAP, SPACES, STRING, TERMS, curie
from kg.nodes import TYPE
from kg.safe_json import bare, dumped

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from kg.context import Key
    from kg.nodes import Node, Nodes, Term

__all__ = ["Writer", "compacted", "schemes_of"]


def compacted(nodes: Nodes) -> bytes:
    """Give triples as JSON-LD, with as much of the context as they need.

    Args:
        nodes: triples in the order in which they are written.
    """
    writer = Writer(schemes_of(nodes))
    told = [writer.node(it, facts) for it, facts in nodes.items()]
    return dumped({"@context": writer.context(), "@graph": told})


def schemes_of(nodes: Nodes) -> set[str]:
    """Give what IRIs begin with: a prefix of that name would be misread in them."""
    iris = {it.value for it in nodes if isinstance(it, ox.NamedNode)}
    for facts in nodes.values():
        iris |= {link.value for link in facts}
        for terms in facts.values():
            iris |= {term.value for term in terms if isinstance(term, ox.NamedNode)}
            iris |= {term.datatype.value for term in terms if isinstance(term, ox.Literal)}
    return {iri.partition(":")[0] for iri in iris}


class Writer:
    """Writes nodes, and remembers what of the context they need."""

    def __init__(self, schemes: Collection[str], inside: Nodes | None = None) -> None:
        """Begin without any node.

        Args:
            schemes: what IRIs begin with; see `schemes_of`.
            inside: nodes that are told in full where another one leads to them, which only one
                does.
        """
        self.inside: Nodes = inside or {}
        self.spaces = {s: prefix for s, prefix in SPACES.items() if prefix not in schemes}
        self.prefixes: dict[str, str] = {}
        self.keys: dict[str, Key] = {}
        self.known: dict[str, str] = {}

    def context(self) -> dict[str, Any]:
        """Give the part of the context that was needed."""
        names = sorted((key.name, key.definition(iri)) for iri, key in self.keys.items())
        return {**dict(sorted(self.prefixes.items())), **dict(names)}

    def node(self, it: Node, facts: Mapping[ox.NamedNode, list[Term]]) -> dict[str, Any]:
        """Give a node with all that is said of it."""
        told: dict[str, Any] = {"@id": self._thing(it)}
        for link, terms in facts.items():
            if link == TYPE and not any(isinstance(term, ox.Literal) for term in terms):
                _put(told, "@type", [self._class(term) for term in terms])
            else:
                self._tell(told, link, terms)
        return told

    def _tell(self, told: dict[str, Any], link: ox.NamedNode, terms: list[Term]) -> None:
        key = TERMS.get(link.value)
        if key is not None and key.kind == MAP:
            spoken = [t for t in terms if isinstance(t, ox.Literal) and t.language]
            terms = [t for t in terms if t not in spoken]
            if spoken:
                told[self._word(link.value)] = _by_language(spoken)
            key = None
        if not terms:
            return
        name = self._short(link.value) if key is None else self._word(link.value)
        _put(told, name, [self._value(term, STRING if key is None else key.kind) for term in terms])

    def _value(self, term: Term, kind: str) -> Any:  # noqa: ANN401 -- any value of JSON
        """Give a value: bare where it is of the key's kind, else with all that it is."""
        if not isinstance(term, ox.Literal):
            if term in self.inside:
                return self.node(term, self.inside[term])
            thing = self._thing(term)
            return thing if kind == LINK else {"@id": thing}
        if term.language:
            return {"@language": term.language, "@value": term.value}
        datatype = term.datatype.value
        if datatype == kind and (told := bare(term.value, datatype)) is not None:
            return told
        if datatype == STRING:
            return {"@value": term.value}
        return {"@type": self._word(datatype), "@value": term.value}

    def _word(self, iri: str) -> str:
        """Give the key of a property, class or datatype; without one, its CURIE or IRI."""
        key = TERMS.get(iri)
        if key is None:
            return self._short(iri)
        self.keys[iri] = key
        return key.name

    def _class(self, term: Term) -> str:
        return self._word(term.value) if isinstance(term, ox.NamedNode) else str(term)

    def _thing(self, it: Node) -> str:
        return self._short(it.value) if isinstance(it, ox.NamedNode) else str(it)

    def _short(self, iri: str) -> str:
        """Give the CURIE of an IRI, or the IRI where no prefix fits."""
        if iri not in self.known:
            short = self.known[iri] = curie(iri, self.spaces)
            if short != iri:
                prefix, _, local = short.partition(":")
                self.prefixes[prefix] = iri.removesuffix(local)
        return self.known[iri]


def _put(told: dict[str, Any], name: str, values: list[Any]) -> None:
    """Put values under a key, one without a list around it."""
    if values:
        told[name] = values[0] if len(values) == 1 else values


def _by_language(terms: list[ox.Literal]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for language in sorted({term.language or "" for term in terms}, reverse=True):
        _put(told, language, [term.value for term in terms if term.language == language])
    return told
