"""The dataset in VoID and DCAT: what it is, who made it from what, where it is, what it holds.

https://www.w3.org/TR/void/ and https://www.w3.org/TR/vocab-dcat-3/, in one document.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import pyoxigraph as ox

from kg import __version__
from kg.citation import AUTHORS, AUTHORS_ZH, ISSUED, TITLE, TITLE_ZH
from kg.names import ID, ROOT, SPARQL_HEAD, shorten
from kg.results import GRAPH_TYPES
from kg.vocabularies import VOCABULARIES, node
from kg.web.described.counts import count
from kg.web.sparql.rdf import FORMATS, about, in_both, number, typed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.engines import Engine
    from kg.release import Release
    from kg.web.described.counts import Counts
    from kg.web.sparql.rdf import Facts

__all__ = ["ENDPOINT", "LICENCE", "RIGHTS", "dataset_description", "dataset_iri"]

WELL_KNOWN: Final = ".well-known/void"

DESCRIPTION: Final = (
    (
        "中国各省“数字政府”建设的目标、里程碑、成果、框架、平台与举措，每一条都引回原句；"
        "共有的概念与各地的说法；有无分三值：说到、所读文本未提、未读到。"
    ),
    (
        "What China's provinces state of building digital government: targets, milestones, "
        "achievements, frameworks, platforms and initiatives, each led back to its exact "
        "sentence; the concepts they share and how each words them; presence in three values: "
        "stated, not in the text read, not read."
    ),
)
RIGHTS: Final = (
    (
        "精选事实以 CC BY 4.0 发布；来源文本以及取自其中的引文、前后文、措辞与段落不在此列，"
        "权利属于原作者，此处仅为研究与核对而引用。"
    ),
    (
        "The curated facts are under CC BY 4.0. Not covered are the source texts and every quote, "
        "prefix, suffix, wording and passage taken from them: they remain their authors', and are "
        "quoted for research and checking only."
    ),
)
LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"
KEYWORDS: Final = (
    ("数字政府", "digital government"),
    ("知识图谱", "knowledge graph"),
    ("中国各省", "provinces of China"),
    ("公共政策", "public policy"),
)
ENDPOINT: Final = ("SPARQL 1.1 查询端点（只读）", "SPARQL 1.1 query endpoint, read-only")

LINKED: Final = ("text/turtle", "application/ld+json", "application/n-triples")
"""Formats that every thing is told in at its own address."""

SOURCES: Final = (
    SPARQL_HEAD
    + """
CONSTRUCT {
  ?source a dcterms:BibliographicResource ; dcterms:title ?title ; ?p ?o .
} WHERE {
  ?source a kg:SourceDocument ; skos:prefLabel ?title ; ?p ?o .
  FILTER(?p IN (dcterms:bibliographicCitation, dcterms:issued, dcterms:rights))
}"""
)
"""The documents that the dataset was made from."""


def dataset_iri(public_url: str, *, ours: bool) -> str:
    """Give the IRI of the dataset: the project's own is the same wherever it is served."""
    return f"{ROOT if ours else f'{public_url}/'}{WELL_KNOWN}#dataset"


def dataset_description(
    engine: Engine, public_url: str, release: Release | None
) -> list[ox.Triple]:
    """Describe the dataset.

    Args:
        engine: what holds it.
        public_url: the address of the service as the world sees it.
        release: the release that is served; of any other dataset only counts are told.
    """
    counts, sources = count(engine), [] if release is None else _sources(engine)
    dataset = dataset_iri(public_url, ours=release is not None)
    heading: Facts = {
        "a": node("void:DatasetDescription"),
        "dcterms:title": in_both("数据集说明", "Description of the dataset"),
        "foaf:primaryTopic": node(dataset),
    }
    triples = [*about(f"{public_url}/{WELL_KNOWN}", heading)]
    if release is None:
        triples += about(dataset, {"a": node("void:Dataset")})
    else:
        triples += _ours(public_url, release, counts, sources)
    triples += about(dataset, _statistics(public_url, dataset, counts))
    if release is not None:
        triples += [
            *_distribution(public_url, release),
            *_service(public_url, dataset),
            *_people_and_rights(dataset),
            *sources,
            *_linksets(dataset, counts),
        ]
    return [*triples, *_classes(dataset, counts), *_properties(dataset, counts)]


def _part(dataset: str, *names: str) -> str:
    """Give the IRI of a part of the description, of words, CURIEs and IRIs."""
    parts = [quote(shorten(name), safe=":") for name in names]
    return f"{dataset.partition('#')[0]}#{':'.join(parts)}"


def _ours(
    public_url: str, release: Release, counts: Counts, sources: list[ox.Triple]
) -> Iterator[ox.Triple]:
    """Tell what is known of the project's own dataset."""
    dataset, dump = dataset_iri(public_url, ours=True), f"{public_url}/data/dataset.nq"
    documents = dict.fromkeys(triple.subject for triple in sources)
    contributors = node(_part(dataset, "contributors"))
    facts: Facts = {
        "a": [node("void:Dataset"), node("dcat:Dataset")],
        "dcterms:title": in_both(TITLE_ZH, TITLE),
        "dcterms:description": in_both(*DESCRIPTION),
        "dcterms:creator": contributors,
        "dcterms:publisher": contributors,
        "dcterms:license": node(LICENCE),
        "dcterms:rights": node(_part(dataset, "rights")),
        "dcterms:issued": typed(ISSUED, "xsd:date"),
        "dcat:version": ox.Literal(str(release.manifest.get("kg", __version__))),
        "dcterms:identifier": ox.Literal(release.id),
        "dcterms:language": [node("language:zh"), node("language:en")],
        "dcterms:spatial": node("kgr:china"),
        "dcterms:conformsTo": node(f"{ROOT}ontology"),
        "dcterms:source": [it for it in documents if isinstance(it, ox.NamedNode)],
        "dcat:keyword": [text for words in KEYWORDS for text in in_both(*words)],
        "dcat:landingPage": node(f"{public_url}/"),
        "dcat:distribution": node(f"{dump}#distribution"),
        "void:dataDump": node(dump),
        "void:feature": [node(f"formats:{FORMATS[media_type]}") for media_type in LINKED],
        "void:uriSpace": ox.Literal(ID),
        "void:entities": number(sum(things for things, _ in counts.kinds.values())),
        "void:exampleResource": [node(first) for _, first in counts.kinds.values()],
        "void:subset": [node(linkset) for linkset, _, _, _ in _links(dataset, counts)],
    }
    yield from about(dataset, facts)


def _statistics(public_url: str, dataset: str, counts: Counts) -> Facts:
    return {
        "void:sparqlEndpoint": node(f"{public_url}/sparql"),
        "void:triples": number(counts.triples),
        "void:distinctSubjects": number(counts.subjects),
        "void:distinctObjects": number(counts.objects),
        "void:classes": number(len(counts.classes)),
        "void:properties": number(len(counts.properties)),
        "void:vocabulary": [node(space) for space in _vocabularies(counts)],
        "void:classPartition": [node(_part(dataset, "class", name)) for name in counts.classes],
        "void:propertyPartition": [
            node(_part(dataset, "property", name)) for name in counts.properties
        ],
    }


def _vocabularies(counts: Counts) -> list[str]:
    """Give the namespaces, of those known here, of all classes and properties."""
    names = (*counts.classes, *counts.properties)
    return sorted(
        space for space in VOCABULARIES.values() if any(n.startswith(space) for n in names)
    )


def _distribution(public_url: str, release: Release) -> Iterator[ox.Triple]:
    dump, service = f"{public_url}/data/dataset.nq", f"{public_url}/sparql#service"
    facts: Facts = {
        "a": node("dcat:Distribution"),
        "dcterms:title": in_both("整个数据集，N-Quads", "The whole dataset as N-Quads"),
        "dcterms:license": node(LICENCE),
        "dcterms:format": node("formats:N-Quads"),
        "dcat:mediaType": node("media:application/n-quads"),
        "dcat:accessURL": node(dump),
        "dcat:downloadURL": node(dump),
        "dcat:accessService": node(service),
        "dcat:byteSize": typed(str(release.manifest["bytes"]), "xsd:nonNegativeInteger"),
        "spdx:checksum": node(f"{dump}#checksum"),
    }
    checksum: Facts = {
        "a": node("spdx:Checksum"),
        "spdx:algorithm": node("spdx:checksumAlgorithm_sha256"),
        "spdx:checksumValue": typed(str(release.manifest["sha256"]), "xsd:hexBinary"),
    }
    yield from about(f"{dump}#distribution", facts)
    yield from about(f"{dump}#checksum", checksum)


def _service(public_url: str, dataset: str) -> Iterator[ox.Triple]:
    endpoint = node(f"{public_url}/sparql")
    facts: Facts = {
        "a": node("dcat:DataService"),
        "dcterms:title": in_both(*ENDPOINT),
        "dcterms:license": node(LICENCE),
        "dcterms:conformsTo": node("https://www.w3.org/TR/sparql11-protocol/"),
        "dcat:endpointURL": endpoint,
        "dcat:endpointDescription": [endpoint, node(f"{public_url}/openapi.json")],
        "dcat:servesDataset": node(dataset),
    }
    yield from about(f"{endpoint.value}#service", facts)


def _people_and_rights(dataset: str) -> Iterator[ox.Triple]:
    people: Facts = {"a": node("foaf:Organization"), "foaf:name": in_both(AUTHORS_ZH, AUTHORS)}
    rights: Facts = {"a": node("dcterms:RightsStatement"), "rdfs:label": in_both(*RIGHTS)}
    yield from about(_part(dataset, "contributors"), people)
    yield from about(_part(dataset, "rights"), rights)


def _sources(engine: Engine) -> list[ox.Triple]:
    """Give what is known of the documents that the dataset was made from, in a fixed order."""
    body = engine.answer(SOURCES, GRAPH_TYPES["nt"]).body
    triples = [quad.triple for quad in ox.parse(body, format=ox.RdfFormat.N_TRIPLES)]
    kind = node("rdf:type")
    return sorted(triples, key=lambda t: (str(t.subject), t.predicate != kind, str(t)))


def _links(dataset: str, counts: Counts) -> Iterator[tuple[str, str, str, int]]:
    """Give each set of links: its IRI, property, address of the other side, and size."""
    for (name, place), links in counts.links.items():
        yield _part(dataset, "links", name, place), name, place, links


def _linksets(dataset: str, counts: Counts) -> Iterator[ox.Triple]:
    for linkset, name, place, links in _links(dataset, counts):
        facts: Facts = {
            "a": node("void:Linkset"),
            "void:linkPredicate": node(name),
            "void:subjectsTarget": node(dataset),
            "void:objectsTarget": node(_part(dataset, "others", place)),
            "void:triples": number(links),
        }
        yield from about(linkset, facts)
    for place in dict.fromkeys(place for _, place in counts.links):
        other: Facts = {"a": node("void:Dataset"), "void:uriSpace": ox.Literal(place)}
        yield from about(_part(dataset, "others", place), other)


def _classes(dataset: str, counts: Counts) -> Iterator[ox.Triple]:
    """Tell of each class how many things it has, and which properties they have how often."""
    for name, things in counts.classes.items():
        used = counts.of_class[name]
        parts = {_part(dataset, "class", name, other): other for other in used}
        facts: Facts = {
            "void:class": node(name),
            "void:entities": number(things),
            "void:propertyPartition": [node(part) for part in parts],
        }
        yield from about(_part(dataset, "class", name), facts)
        for part, other in parts.items():
            yield from about(
                part, {"void:property": node(other), "void:triples": number(used[other])}
            )


def _properties(dataset: str, counts: Counts) -> Iterator[ox.Triple]:
    for name, use in counts.properties.items():
        facts: Facts = {
            "void:property": node(name),
            "void:triples": number(use.triples),
            "void:distinctSubjects": number(use.subjects),
            "void:distinctObjects": number(use.objects),
        }
        yield from about(_part(dataset, "property", name), facts)
