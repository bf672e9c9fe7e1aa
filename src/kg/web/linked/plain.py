"""Plain JSON of a thing, for people who do not know RDF."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from kg.context import curie
from kg.names import PREFIXES
from kg.nodes import LABELS, OWNED, TYPE, label_of, ordered
from kg.safe_json import DIGITS, bare
from kg.vocabularies import node
from kg.web.linked.known import facts_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.nodes import Node, Term
    from kg.replies import Note
    from kg.web.linked.known import Known

__all__ = ["is_read", "plain", "readings"]

KG: Final = PREFIXES["kg"]
STRING, DECIMAL = node("xsd:string"), node("xsd:decimal")

CLAIM: Final = node("kg:Claim")
STATEMENTS: Final = {CLAIM, node("kg:FrameworkPart")}
REGION: Final = node("kg:Region")
READING, READ = node("kg:reading"), node("kg:reading-text")
EVIDENCE: Final = {node("kg:evidence"): "evidence", node("kg:context"): "context"}
"""Property that leads to a quote -> its role."""
SELECTOR: Final = node("oa:hasSelector")

Told = dict[str, Any]


def readings(known: Known) -> set[Term]:
    """Give how the sections that speak of the topic were read."""
    return {term for it in known.leading for term in known.nodes[it].get(READING, ())}


def is_read(known: Known) -> bool:
    """Tell whether some section of text that speaks of the topic was read."""
    return READ in readings(known)


def plain(
    store: ox.Store, known: Known, url: str, notes: Iterable[Note], terms: Iterable[Node] = ()
) -> Told:
    """Tell in plain JSON what is known of a topic.

    Every key is always there, save that only a region has `reading` and only the ontology `terms`.
    What is not known is null; a label is `{"zh", "en"}` as far as there are any.

    - `document`: the address of this document.
    - `id`, `kind`, `kindLabel`, `label`: the topic's IRI, its class (`Region`, `Target`), names.
    - `reading` (of a region): `text` where some section of text that speaks of it was read, else
      `not-read`; then no claim does not mean that there is nothing to claim.
    - `notes`: what a reader must know, `[{"zh", "en"}]`.
    - `facts`: `[{property, label, value, valueLabel}]`; `property` is a CURIE, `value` an IRI,
      text, number or truth, `language` that of a text that has one, `datatype` that of a code or
      date. A value that belongs to the topic (a quantity, a part) has `facts` of its own.
    - `evidence`: the words that a claim or gap rests on, `[{id, role, quote, prefix, suffix,
      start, end, sentence, line, source}]`, offsets in code points.
    - `claims`: what is stated of the topic, in the order of the text, `[{id, kind, kindLabel,
      label, by, quote, sentence, line, source, region}]`; `by` are the properties that lead from
      the statement to the topic, `source` and `region` are `{id, label}`.
    - `links`: what else leads to the topic, `[{id, kind, kindLabel, label, by}]`.
    - `terms` (of the ontology): `[{id, kind, kindLabel, label, facts}]`.

    Args:
        store: where properties have their labels.
        known: what is known.
        url: where the document stands.
        notes: what a reader must know.
        terms: nodes that are told with the topic.
    """
    teller, topic = _Teller(store, known), known.topic
    classes = teller.classes(topic)
    stated = {it for it in known.leading if STATEMENTS & teller.classes(it)}
    told: Told = {"document": url, **teller.thing(topic)}
    if REGION in classes:
        told["reading"] = "text" if is_read(known) else "not-read"
    told["notes"] = [{"zh": note.zh, "en": note.en} for note in notes]
    told["facts"] = teller.facts(topic)
    told["evidence"] = teller.evidence(topic)
    told["claims"] = [teller.statement(it) for it in known.leading if it in stated]
    told["links"] = [teller.link(it) for it in known.leading if it not in stated]
    if terms:
        told["terms"] = [{**teller.thing(it), "facts": teller.facts(it)} for it in terms]
    return told


class _Teller:
    """Tells what is known of nodes."""

    def __init__(self, store: ox.Store, known: Known) -> None:
        self.store = store
        self.known = known
        self.nodes = ordered(known.nodes)
        self.names: dict[ox.NamedNode, dict[str, str]] = {}

    def classes(self, it: Node) -> set[Term]:
        """Give the classes of a node."""
        return set(self.nodes.get(it, {}).get(TYPE, ()))

    def thing(self, it: Node) -> Told:
        """Give what a thing is: of our classes the closest one, else the first of others."""
        classes = [c for c in self.classes(it) if isinstance(c, ox.NamedNode)]
        classes.sort(key=lambda c: (not c.value.startswith(KG), c == CLAIM, c.value))
        kind = classes[0] if classes else None
        return {
            "id": _iri(it),
            "kind": re.split("[/#]", kind.value)[-1] if kind else None,
            "kindLabel": label_of(self.nodes.get(kind, {})) if kind else {},
            "label": label_of(self.nodes.get(it, {})),
        }

    def facts(self, it: Node, above: frozenset[Node] = frozenset()) -> list[Told]:
        """Give the facts of a node; `above` are those that hold it."""
        return [
            self._fact(link, term, above | {it})
            for link, terms in self.nodes.get(it, {}).items()
            if link not in {TYPE, *LABELS, *EVIDENCE}
            for term in terms
        ]

    def _fact(self, link: ox.NamedNode, term: Term, above: frozenset[Node]) -> Told:
        told: Told = {"property": curie(link.value), "label": self._name(link)}
        if not isinstance(term, ox.Literal):
            told |= {"value": _iri(term), "valueLabel": label_of(self.nodes.get(term, {}))}
            if link in OWNED and term not in above:
                told["facts"] = self.facts(term, above)
            return told
        told |= {"value": _plain(term), "valueLabel": {}}
        if term.language:
            told["language"] = term.language
        elif term.datatype != STRING and isinstance(told["value"], str):
            told["datatype"] = curie(term.datatype.value)
        return told

    def _name(self, link: ox.NamedNode) -> dict[str, str]:
        """Give the label of a property, from the ontology."""
        if link not in self.names:
            self.names[link] = label_of(facts_of(self.store, link))
        return self.names[link]

    def evidence(self, it: Node) -> list[Told]:
        """Give the words that a node rests on."""
        facts = self.nodes.get(it, {})
        return [
            self._quote(term, role)
            for link, role in EVIDENCE.items()
            for term in facts.get(link, ())
            if not isinstance(term, ox.Literal)
        ]

    def _quote(self, it: Node, role: str) -> Told:
        parts = self.nodes.get(it, {}).get(SELECTOR, [])
        said = {
            name: next((v for p in parts if (v := self._first(p, f"oa:{word}")) is not None), None)
            for name, word in (
                ("quote", "exact"), ("prefix", "prefix"), ("suffix", "suffix"),
                ("start", "start"), ("end", "end"),
            )
        }  # fmt: skip
        return {"id": _iri(it), "role": role, **said, **self._place(it, "prov:wasQuotedFrom")}

    def statement(self, it: Node) -> Told:
        """Give what a statement says, and where it says so."""
        return {
            **self.link(it),
            "quote": self._first(it, "kg:quote"),
            **self._place(it, "kg:inSource"),
            "region": self._named(it, "kg:aboutRegion"),
        }

    def _place(self, it: Node, source: str) -> Told:
        """Give the sentence in which a node stands, its line, and its source."""
        passages = self.nodes.get(it, {}).get(node("kg:inPassage"), [])
        texts = [text for p in passages if isinstance(text := self._first(p, "kg:text"), str)]
        lines = [line for p in passages if isinstance(line := self._first(p, "kg:firstLine"), int)]
        return {
            "sentence": "".join(texts) or None,
            "line": min(lines, default=None),
            "source": self._named(it, source),
        }

    def link(self, it: Node) -> Told:
        """Give what leads to the topic, and by which properties."""
        return {**self.thing(it), "by": [curie(link.value) for link in self.known.leading[it]]}

    def _named(self, it: Node, link: str) -> Told | None:
        """Give the first thing that a property leads to, with its label."""
        for term in self.nodes.get(it, {}).get(node(link), ()):
            if not isinstance(term, ox.Literal):
                return {"id": _iri(term), "label": label_of(self.nodes.get(term, {}))}
        return None

    def _first(self, it: Term, link: str) -> str | float | bool | None:
        if isinstance(it, ox.Literal):
            return None
        terms = self.nodes.get(it, {}).get(node(link), ())
        return next((_plain(term) for term in terms if isinstance(term, ox.Literal)), None)


def _iri(it: Node) -> str:
    return it.value if isinstance(it, ox.NamedNode) else str(it)


def _plain(term: ox.Literal) -> str | float | bool:
    """Give a value as JSON has it: numbers and truths; the rest is text.

    >>> _plain(ox.Literal("99.5", datatype=node("xsd:decimal")))
    99.5
    """
    if term.datatype == DECIMAL and len(term.value) <= DIGITS:
        return float(term.value)
    told = bare(term.value, term.datatype.value)
    return term.value if told is None else told
