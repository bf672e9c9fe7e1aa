"""The ontology is consistent, complete in both languages, free of blank nodes, and in order."""

from __future__ import annotations

import re
from functools import cache
from itertools import combinations
from typing import TYPE_CHECKING, Final

import owlrl
import pytest
from rdflib import OWL, RDF, RDFS, SH, SKOS, XSD, BNode, Graph, Literal, URIRef
from shape_fixtures import (
    EXAMPLES,
    KG,
    KGSH,
    ONTOLOGY,
    alone,
    curie,
    examples,
    ontology,
    own_terms,
    top_shapes,
)

if TYPE_CHECKING:
    from pathlib import Path

    from rdflib.term import Node


DEFINED_BY: Final = URIRef("https://w3id.org/dgkg/ontology")
ERROR: Final = URIRef("http://www.daml.org/2002/03/agents/agent-ont#error")
"""The property by which owlrl tells a contradiction (owlrl.Namespaces.ERRNS)."""
KINDS_OF_CLAIM: Final = {
    *(KG.Achievement, KG.Framework, KG.InitiativeClaim),
    *(KG.Milestone, KG.PlatformClaim, KG.Target),
}
LISTS: Final = [term for term in own_terms() if term.startswith(KG["list-"])]
MOST_VALUES: Final = 15
BUILT_IN: Final = tuple(map(str, (KGSH, OWL, RDF, RDFS, SH, XSD)))
"""Namespaces of what need not be declared: what ontology and shapes are written in."""


def relative(path: Path) -> str:
    """Name a file of the ontology."""
    return path.relative_to(ONTOLOGY).as_posix()


@cache
def good() -> Graph:
    """Put all good examples into one graph with the ontology."""
    return examples(*(EXAMPLES / "good").glob("*.ttl"))


def close(graph: Graph) -> Graph:
    """Give the OWL 2 RL closure of a graph (https://www.w3.org/TR/owl2-profiles/#OWL_2_RL)."""
    closed = Graph() + graph
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(closed)
    return closed


def contradictions(graph: Graph) -> list[str]:
    """Give what the closure of a graph finds impossible, and what it takes for the same."""
    closed = close(graph)
    impossible = [str(message) for message in closed.objects(None, ERROR)]
    nothing = [f"{s} is in owl:Nothing" for s in closed.subjects(RDF.type, OWL.Nothing)]
    same = [
        f"{one} is the same as {other}"
        for one, other in closed.subject_objects(OWL.sameAs)
        if one != other and isinstance(one, URIRef) and isinstance(other, URIRef)
    ]
    return [*impossible, *nothing, *same]


def languages(term: Node, *properties: URIRef) -> list[str]:
    """Give the languages of a term's values of some properties."""
    values = [value for p in properties for value in ontology().objects(term, p)]
    return sorted(value.language or "" for value in values if isinstance(value, Literal))


def is_disjoint(one: URIRef, other: URIRef) -> bool:
    """Tell whether the ontology says that two classes are disjoint."""
    said = ontology()
    return (one, OWL.disjointWith, other) in said or (other, OWL.disjointWith, one) in said


def used_terms(graph: Graph) -> set[URIRef]:
    """Give the classes and properties that a graph uses."""
    terms = {*graph.predicates(), *graph.objects(None, RDF.type)}
    return {term for term in terms if isinstance(term, URIRef)}


def undeclared(terms: set[URIRef]) -> list[str]:
    """Give the terms that the ontology does not declare, built-in ones apart."""
    rest = terms - set(ontology().subjects(RDF.type))
    return sorted(term for term in map(str, rest) if not term.startswith(BUILT_IN))


def test_the_ontology_is_consistent() -> None:
    """The closure of the ontology finds no contradiction."""
    assert contradictions(ontology()) == []


def test_the_ontology_and_the_good_examples_are_consistent() -> None:
    """The closure with data finds no contradiction, and no two names of one thing."""
    assert contradictions(good()) == []


def test_a_planted_contradiction_is_found() -> None:
    """A target that is a milestone, too, does not pass."""
    data = examples(EXAMPLES / "good" / "target.ttl")
    target = next(data.subjects(RDF.type, KG.Target))
    assert contradictions(data.add((target, RDF.type, KG.Milestone))) != []


def test_a_second_status_is_found() -> None:
    """Two values of a functional property make two values one, which does not pass."""
    data = examples(EXAMPLES / "good" / "platform-claim.ttl")
    claim = next(data.subjects(KG.status, KG["status-planned"]))
    assert contradictions(data.add((claim, KG.status, KG["status-existing"]))) != []


@pytest.mark.parametrize("term", own_terms(), ids=curie)
def test_every_term_is_labelled_and_defined(term: URIRef) -> None:
    """A term has one label and one definition in each language, and says where it is defined."""
    assert languages(term, RDFS.label, SKOS.prefLabel) == ["en", "zh"]
    assert languages(term, SKOS.definition) == ["en", "zh"]
    assert (term, RDFS.isDefinedBy, DEFINED_BY) in ontology()


def test_no_property_is_of_two_kinds() -> None:
    """A property is an object, a datatype or an annotation property, and only one of them."""
    kinds = (OWL.AnnotationProperty, OWL.DatatypeProperty, OWL.ObjectProperty)
    members = [set(ontology().subjects(RDF.type, kind)) for kind in kinds]
    assert [one & other for one, other in combinations(members, 2)] == [set(), set(), set()]


def test_there_is_no_blank_node() -> None:
    """Subjects and objects of the ontology have names."""
    terms = {term for s, _, o in ontology() for term in (s, o)}
    assert [term for term in terms if isinstance(term, BNode)] == []


def test_the_ontology_uses_declared_terms_only() -> None:
    """Classes, properties, domains, ranges and superclasses are declared here or in reused.ttl."""
    axioms = (RDFS.domain, RDFS.range, RDFS.subClassOf, RDFS.subPropertyOf, OWL.disjointWith)
    named = {t for p in axioms for t in ontology().objects(None, p) if isinstance(t, URIRef)}
    assert undeclared(used_terms(ontology()) | named) == []


def test_the_examples_use_declared_terms_only() -> None:
    """Classes and properties of the good examples are declared here or in reused.ttl."""
    assert undeclared(used_terms(good())) == []


def test_the_shapes_use_declared_terms_only() -> None:
    """Every term in a shape, values of lists included, is declared here or in reused.ttl."""
    named = {term for shape in top_shapes() for triple in alone(shape) for term in triple}
    terms = {term for term in named if isinstance(term, URIRef)}
    assert undeclared(terms) == []
    assert {KG.Region, KG.level, KG["level-group"]} <= terms


def test_things_that_differ_are_disjoint() -> None:
    """Our classes that have no superclass of ours are disjoint in pairs."""
    classes = {c for c in own_terms() if (c, RDF.type, OWL.Class) in ontology()}
    roots = sorted(classes - KINDS_OF_CLAIM)
    assert [pair for pair in combinations(roots, 2) if not is_disjoint(*pair)] == []


def test_kinds_of_claim_are_disjoint() -> None:
    """The six kinds of claim are the subclasses of claim, and disjoint in pairs."""
    assert set(ontology().subjects(RDFS.subClassOf, KG.Claim)) == KINDS_OF_CLAIM
    pairs = combinations(sorted(KINDS_OF_CLAIM), 2)
    assert [pair for pair in pairs if not is_disjoint(*pair)] == []


@pytest.mark.parametrize("scheme", LISTS, ids=curie)
def test_a_closed_list_is_short_and_ordered_as_a_whole_or_not_at_all(scheme: URIRef) -> None:
    """A list has at most 15 values; its ranks are 1, 2, 3 … without a gap, or there is none."""
    values = list(ontology().subjects(SKOS.inScheme, scheme))
    ranks = sorted(int(str(rank)) for v in values for rank in ontology().objects(v, KG.rank))
    assert len(values) <= MOST_VALUES
    assert ranks in ([], list(range(1, len(values) + 1)))


def test_values_are_named_after_their_list() -> None:
    """The value `commit` of the list `strength` is `kg:strength-commit`, in `kg:list-strength`."""
    values = list(ontology().subjects(RDF.type, KG.Value))
    assert values
    for value in values:
        lists = [
            str(s).removeprefix(f"{KG}list-") for s in ontology().objects(value, SKOS.inScheme)
        ]
        assert len(lists) == 1
        assert str(value).startswith(f"{KG}{lists[0]}-")


@pytest.mark.parametrize("path", sorted(ONTOLOGY.rglob("*.ttl")), ids=relative)
def test_terms_stand_in_order(path: Path) -> None:
    """Between two headlines, terms stand from A to Z: classes and lists first, then the others."""
    for block in re.split(r"^# --- .*$", path.read_text(encoding="utf-8"), flags=re.MULTILINE):
        terms = re.findall(r"^(?:kg|kgsh):(\S+) ", block, flags=re.MULTILINE)
        heads = [term for term in terms if term[0].isupper() or term.startswith("list-")]
        rest = [term for term in terms if term not in heads]
        assert terms == sorted(heads, key=str.lower) + sorted(rest, key=str.lower)
