"""What is known of a thing: its own triples, what it holds, what leads to it, and their names.

The triples of one thing are few and its neighbours are many, so they are taken from the store one
by one, without SPARQL: the planner would cost more than the look-ups.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from kg.nodes import LABELS, OWNED, TYPE, Facts, Node, Nodes, Term
from kg.vocabularies import node

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

__all__ = ["MOST", "Known", "facts_of", "known_of"]

MOST: Final = 5000
"""Triples that one document may have of a thing and its neighbours."""

IN_PASSAGE: Final = node("kg:inPassage")

BRIEF: Final = frozenset(
    map(
        node,
        (
            "rdf:type", "rdfs:label", "skos:prefLabel", "kg:aboutRegion", "kg:firstLine", "kg:form",
            "kg:inPassage", "kg:inSource", "kg:lastLine", "kg:quote", "kg:reading", "kg:text",
            "kg:wording",
        ),
    )
)  # fmt: skip
"""What is told of a thing that leads to the topic."""

SENTENCE: Final = frozenset(map(node, ("kg:text", "kg:firstLine")))
"""What is told of a passage in which something stands."""

UNTOLD: Final = frozenset(map(node, ("oa:hasSource", "prov:wasQuotedFrom")))
"""Properties that lead from every piece of evidence to its source: the claims say it better."""

UNLED: Final = {
    node(name): frozenset(map(node, classes))
    for name, classes in {
        "kg:aboutRegion": ("kg:Mention", "kg:FrameworkPart"),
        "kg:inSection": ("kg:Mention",),
        "kg:inSource": ("kg:Mention", "kg:FrameworkPart", "kg:Passage"),
    }.items()
}
"""Property -> classes of things that it leads from too often: their claims are told instead."""

LATER: Final = {node("kg:Mention"): 2, node("kg:Evidence"): 3}
"""Class -> its place among what leads to a topic; statements are 1, all others come first."""
START, IN_SOURCE, QUOTE = node("kg:start"), node("kg:inSource"), node("kg:quote")


@dataclass(frozen=True)
class Known:
    """What is known of a topic: the facts of it and of others.

    `leading` are the things that point to it, in the order of the text, each with the properties
    that do so; `left` says how many things found no room.
    """

    topic: ox.NamedNode
    nodes: Nodes
    leading: Mapping[Node, Sequence[ox.NamedNode]]
    left: int = 0


def facts_of(store: ox.Store, it: Node) -> Facts:
    """Give the facts of a node, none twice."""
    facts: Facts = {}
    for quad in store.quads_for_pattern(it, None, None):
        term = quad.object
        terms = facts.setdefault(quad.predicate, [])
        if term not in terms and not isinstance(term, ox.Triple):
            terms.append(term)
    return facts


def known_of(store: ox.Store, topic: ox.NamedNode, most: int = MOST) -> Known:
    """Gather what is known of a thing, as far as there is room.

    Its own triples come first, then what it holds, then what leads to it: things, then
    statements, then mentions, then evidence, each in the order of the text.

    Args:
        store: where to look.
        topic: the thing; without any triple it is unknown.
        most: triples that there is room for.
    """
    reader = _Reader(store)
    own, leading = reader.owned(topic), reader.leading(topic)
    order = [*own, *(it for it in leading if it not in own)]
    nodes: Nodes = {}
    count = told = 0
    for it in order:
        links = None if it in own else BRIEF.union(leading[it])
        new = [
            (node_, link, terms)
            for node_, link, terms in reader.piece(it, links)
            if link not in nodes.get(node_, {})
        ]
        count += sum(len(terms) for _, _, terms in new)
        if count > most and told:
            break
        for node_, link, terms in new:
            nodes.setdefault(node_, {})[link] = terms
        told += 1
    shown = {it: leading[it] for it in order[:told] if it in leading}
    return Known(topic, nodes, shown, len(order) - told)


class _Reader:
    """Reads the facts of nodes, of each once."""

    def __init__(self, store: ox.Store) -> None:
        self.store = store
        self.read: Nodes = {}

    def facts(self, it: Node) -> Facts:
        """Give the facts of a node."""
        if it not in self.read:
            self.read[it] = facts_of(self.store, it)
        return self.read[it]

    def owned(self, topic: ox.NamedNode) -> dict[Node, None]:
        """Give the topic and what it holds, what that holds, and so on."""
        found: dict[Node, None] = {topic: None}
        waiting: list[Node] = [topic]
        while waiting:
            facts = self.facts(waiting.pop(0))
            held = chain.from_iterable(facts[link] for link in facts.keys() & OWNED)
            for other in sorted((t for t in held if isinstance(t, Node)), key=str):
                if other not in found:
                    found[other] = None
                    waiting.append(other)
        return found

    def leading(self, topic: ox.NamedNode) -> dict[Node, list[ox.NamedNode]]:
        """Give what leads to a topic, and by which properties."""
        links: dict[Node, list[ox.NamedNode]] = {}
        for quad in self.store.quads_for_pattern(None, None, topic):
            link = quad.predicate
            if link in UNTOLD:
                continue
            other = quad.subject
            if isinstance(other, ox.Triple) or self._is_of(other, UNLED.get(link, frozenset())):
                continue
            known = links.setdefault(other, [])
            if link not in known:
                known.append(link)
        return {it: sorted(links[it], key=str) for it in sorted(links, key=self._place)}

    def piece(
        self, it: Node, links: frozenset[ox.NamedNode] | None
    ) -> Iterator[tuple[Node, ox.NamedNode, list[Term]]]:
        """Give the facts of a node, the sentences it stands in, and the names of all.

        Args:
            it: the node.
            links: the properties to tell; all, without them.
        """
        facts = self.facts(it)
        told = {link: facts[link] for link in (facts if links is None else facts.keys() & links)}
        yield from ((it, link, terms) for link, terms in told.items())
        for passage in told.get(IN_PASSAGE, ()):
            yield from self._some(passage, SENTENCE)
        for terms in told.values():
            for other in terms:
                yield from self._some(other, LABELS)

    def _some(
        self, it: Term, links: Iterable[ox.NamedNode]
    ) -> Iterator[tuple[Node, ox.NamedNode, list[Term]]]:
        if not isinstance(it, ox.Literal):
            facts = self.facts(it)
            yield from ((it, link, facts[link]) for link in links if link in facts)

    def _is_of(self, it: Node, classes: frozenset[ox.NamedNode]) -> bool:
        return any(any(self.store.quads_for_pattern(it, TYPE, class_)) for class_ in classes)

    def _place(self, it: Node) -> tuple[int, str, int, str]:
        """Give the place of a thing among those that lead to a topic."""
        facts = self.facts(it)
        later = (at for class_, at in LATER.items() if class_ in facts.get(TYPE, ()))
        start = next((t.value for t in facts.get(START, ()) if isinstance(t, ox.Literal)), "")
        return (
            max(later, default=int(QUOTE in facts)),
            str(facts.get(IN_SOURCE, "")),
            int(start) if start.isdecimal() else -1,
            str(it),
        )
