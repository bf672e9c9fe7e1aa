"""What the service says of itself in RDF: the endpoint, the dataset, and examples of queries.

Nothing is a blank node, and all is in a fixed order: of one release they are the same bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import pyoxigraph as ox

from kg.names import GRAPH, PREFIXES, ROOT
from kg.vocabularies import node
from kg.web.described.counts import count_graphs, count_triples
from kg.web.described.void import ENDPOINT, dataset_description, dataset_iri
from kg.web.sparql.rdf import FORMATS, about, in_both, number, typed, written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.catalogue import Catalogue
    from kg.engines import Engine
    from kg.queries import SavedQuery
    from kg.web.sparql.rdf import Facts

__all__ = ["dataset_description", "examples", "service_description", "written"]

PREFIX_SET: Final = f"{ROOT}.well-known/sparql-examples#prefixes"


def service_description(engine: Engine, public_url: str, *, union: bool) -> list[ox.Triple]:
    """Describe the endpoint: what it understands, what it answers in, and its graphs.

    See https://www.w3.org/TR/sparql11-service-description/.

    Args:
        engine: what the endpoint asks.
        public_url: the address of the service as the world sees it.
        union: whether the default graph is the union of all graphs, as it is of a release.
    """
    endpoint = f"{public_url}/sparql"
    dataset, default = dataset_iri(public_url, ours=union), f"{endpoint}#default-graph"
    graphs = {
        f"{endpoint}#graph:{quote(graph.removeprefix(GRAPH), safe='/')}": (graph, triples)
        for graph, triples in count_graphs(engine).items()
    }
    named: Facts = {"sd:namedGraph": [node(name) for name in graphs]}
    service: Facts = {
        "a": node("sd:Service"),
        "dcterms:title": in_both(*ENDPOINT),
        "sd:endpoint": node(endpoint),
        "sd:supportedLanguage": node("sd:SPARQL11Query"),
        "sd:feature": [node("sd:UnionDefaultGraph")] if union else [],
        "sd:defaultEntailmentRegime": node("ent:Simple"),
        "sd:resultFormat": [node(f"formats:{name}") for name in FORMATS.values()],
        "sd:defaultDataset": node(dataset),
        "sd:availableGraphs": node(f"{endpoint}#graphs"),
    }
    asked: Facts = {"a": node("sd:Dataset"), "sd:defaultGraph": node(default), **named}
    triples = number(count_triples(engine))
    return [
        *about(f"{endpoint}#service", service),
        *about(dataset, asked),
        *about(default, {"a": node("sd:Graph"), "void:triples": triples}),
        *about(f"{endpoint}#graphs", {"a": node("sd:GraphCollection"), **named}),
        *(triple for name, graph in graphs.items() for triple in _named_graph(name, *graph)),
    ]


def _named_graph(name: str, graph: str, triples: int) -> Iterator[ox.Triple]:
    content = f"{name}:content"
    facts = {"a": node("sd:NamedGraph"), "sd:name": node(graph), "sd:graph": node(content)}
    yield from about(name, facts)
    yield from about(content, {"a": node("sd:Graph"), "void:triples": number(triples)})


def examples(catalogue: Catalogue, public_url: str) -> list[ox.Triple]:
    """Give the saved questions as examples, in the vocabulary that SIB's endpoints use.

    See https://purl.expasy.org/sparql-examples/ontology: a query is a SHACL executable with its
    question as comment. Its text is the one of its file, which runs as it stands.

    Args:
        catalogue: the saved questions.
        public_url: the address of the service as the world sees it.
    """
    queries = catalogue.queries()
    if not queries:
        return []
    declared = {f"{PREFIX_SET}:{prefix}": prefix for prefix in PREFIXES}
    triples = [
        *about(
            PREFIX_SET,
            {"a": node("owl:Ontology"), "sh:declare": [node(name) for name in declared]},
        )
    ]
    for name, prefix in declared.items():
        space = typed(PREFIXES[prefix], "xsd:anyURI")
        triples += about(name, {"sh:prefix": ox.Literal(prefix), "sh:namespace": space})
    for query in queries:
        triples += _example(query, public_url)
    return triples


def _example(query: SavedQuery, public_url: str) -> Iterator[ox.Triple]:
    header = query.header
    facts: Facts = {
        "a": [node("sh:SPARQLExecutable"), node("sh:SPARQLSelectExecutable")],
        "rdfs:label": in_both(header.title.zh, header.title.en),
        "rdfs:comment": in_both(header.question.zh, header.question.en),
        "dcterms:description": ox.Literal(header.description),
        "schema:version": ox.Literal(header.version),
        "schema:keywords": [ox.Literal(word) for word in dict.fromkeys(header.tags)],
        "schema:target": node(f"{public_url}/sparql"),
        "schema:url": node(f"{public_url}/queries/{query.id}"),
        "sh:prefixes": node(PREFIX_SET),
        "sh:select": ox.Literal(query.sparql),
    }
    yield from about(f"{ROOT}queries/{query.id}", facts)
