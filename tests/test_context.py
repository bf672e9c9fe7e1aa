"""The context of our JSON-LD fits the ontology, and no key means two things."""

from __future__ import annotations

import json
from functools import cache
from typing import Final

import pytest
import rdflib
from graph_fixtures import ROOT
from rdflib.namespace import OWL, RDF, RDFS, XSD

from kg.context import TERMS, context_document, curie
from kg.names import PREFIXES, expand

NOT_OURS: Final = {"Datatype", "NamedIndividual", "Ontology", "Class"}
DATED: Final = {"kg:asOf", "kg:earliest", "kg:latest", "kg:retrieved"}
"""Properties whose values are days, which OWL has no range for."""


@cache
def ontology() -> rdflib.Graph:
    """Give the ontology, shapes apart."""
    graph = rdflib.Graph()
    for path in sorted((ROOT / "ontology").glob("*.ttl")):
        graph.parse(path, format="turtle")
    return graph


def properties(kind: rdflib.URIRef) -> list[str]:
    """Give the properties of a kind that the ontology has or uses."""
    return sorted(str(it) for it in ontology().subjects(RDF.type, kind))


# --- the context and the ontology ---------------------------------------------------------------


def test_properties_that_lead_to_things_have_keys_for_things() -> None:
    """Each object property that the ontology declares or uses is short, its values are IRIs."""
    found = {iri: TERMS[iri].kind for iri in properties(OWL.ObjectProperty)}
    assert len(found) > 40
    assert set(found.values()) == {"@id"}


def test_properties_of_values_have_keys_of_their_range() -> None:
    """Each datatype property of ours has a key of its range; texts in a language are maps."""
    found = {
        iri: TERMS[iri].kind
        for iri in properties(OWL.DatatypeProperty)
        if iri.startswith(PREFIXES["kg"])
    }
    ranges = {iri: ontology().value(rdflib.URIRef(iri), RDFS.range) for iri in found}
    days = {expand(name): XSD.date for name in DATED}
    expected = {
        iri: "@language" if range_ == RDF.langString else str(range_ or days[iri])
        for iri, range_ in ranges.items()
    }
    assert found == expected


def test_every_property_and_class_that_is_used_has_a_key() -> None:
    """What the ontology's files declare, ours and others', has a key."""
    kinds = (OWL.DatatypeProperty, OWL.AnnotationProperty, OWL.Class)
    declared = {iri for kind in kinds for iri in properties(kind)}
    assert len(declared) > 80
    assert [iri for iri in sorted(declared) if iri not in TERMS] == []


def test_no_key_means_two_things() -> None:
    """Keys differ from each other, from the prefixes, and from what JSON-LD keeps for itself."""
    context = json.loads(context_document())["@context"]
    names = [key.name for key in TERMS.values()]
    prefixes = [name for name, value in context.items() if str(value).endswith(("/", "#"))]
    assert len(names) == len(set(names))
    assert set(names) & set(prefixes) == set()
    assert sorted([*names, *prefixes]) == sorted(context)
    assert all(name.isidentifier() for name in names)


@pytest.mark.parametrize(
    ("iri", "short"),
    [
        ("https://w3id.org/dgkg/id/region/hebei", "kgr:hebei"),
        ("https://w3id.org/dgkg/id/passage/a.b.01", "kgt:a.b.01"),
        ("http://www.wikidata.org/entity/Q1", "wd:Q1"),
        ("https://w3id.org/dgkg/id/region/", "https://w3id.org/dgkg/id/region/"),
        ("https://w3id.org/dgkg/id/region/a/b", "https://w3id.org/dgkg/id/region/a/b"),
        ("urn:a", "urn:a"),
    ],
)
def test_an_iri_is_short_where_that_is_exact(iri: str, short: str) -> None:
    """A CURIE has a local name without a further path."""
    assert curie(iri) == short
