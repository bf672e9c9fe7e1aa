"""Linked data: what a path of the service names, and what is told of it in each format.

Everything here is looked up in a store that was read before; no path leads to a file.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final, TypeAlias
from urllib.parse import quote

import pyoxigraph as ox

from kg.engines.oxigraph import OxigraphEngine
from kg.errors import NamingError, NotOfferedError, UsageError, clipped
from kg.json_ld import compacted
from kg.lookup import Scope, resolve
from kg.messages import nearest
from kg.names import (
    GRAPH,
    ID,
    KIND_OF_CLASS,
    KINDS,
    ONTOLOGY_GRAPH,
    REFERENCE_GRAPH,
    ROOT,
    expand,
    graph_of_source,
)
from kg.nodes import TYPE, grouped, label_of, ordered
from kg.rendering import UNSEEN
from kg.replies import Note
from kg.safe_json import dumped
from kg.vocabularies import node
from kg.web.described.void import LICENCE, RIGHTS, dataset_iri
from kg.web.linked.known import MOST, Known, facts_of, known_of
from kg.web.linked.plain import is_read, plain, readings
from kg.web.response import DOCUMENTS
from kg.web.sparql.rdf import about, in_both, number, written

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.graph import KnowledgeGraph

    Described: TypeAlias = dict[
        str, ox.NamedNode | ox.Literal | Sequence[ox.NamedNode | ox.Literal]
    ]

__all__ = ["FORMATS", "HEADING", "UNREAD", "choices", "document", "iri_of", "path_of"]

FORMATS: Final = {suffix: type_ for suffix, type_ in DOCUMENTS.items() if suffix != "html"}
"""Suffix of a document -> its media type, the preferred first."""

ONTOLOGY: Final = f"{ROOT}ontology"
SOURCES: Final = graph_of_source("")
CLASS_OF: Final = {kind: class_ for class_, kind in KIND_OF_CLASS.items()}
"""Kind of key -> class that its names are looked up in."""

LONGEST: Final = 400
"""Characters of a path that names something."""

SAFE: Final = "/:@!$&'()*+,;="
"""What stands in a path as it is, beside letters and digits (https://www.rfc-editor.org/rfc/rfc3986)."""

REGION: Final = node("kg:Region")

UNREAD: Final = Note(
    "没有读到专讲该地区的正文：这里未列的，不等于该地区没有提出",
    "no text on this region was read: what is not listed here may be stated there all the same",
)
HEADING: Final = Note(
    "专讲该地区的一节只读到标题，没有读到正文：这里未列的，不等于该地区没有提出",
    "of the section on this region only the heading could be read: what is not listed here may be "
    "stated there all the same",
)

GRAPHS: Final = {
    REFERENCE_GRAPH: ("地区、概念、平台与举措", "Regions, concepts, platforms and initiatives"),
    ONTOLOGY_GRAPH: ("本体", "The ontology"),
}
"""Graph -> what it holds; the others are each of a source."""

ENDS: Final = re.compile(r" \.\n(?!@prefix|\Z)")
"""Where the block of a thing ends in Turtle; line breaks in texts are escaped."""


def iri_of(graph: KnowledgeGraph, path: str) -> str:
    """Give the IRI that a path of the service names.

    Args:
        graph: where to look.
        path: a path without a suffix, as text: `/id/<kind>/<name>`, where the name is the key or,
            of a thing that has labels, any of its names; `/graph/<name>`, where a source may go by
            any of its names; `/ontology`, also with its version or `#` and a term.

    Raises:
        NamingError: the path names nothing, or several things (see `choices`); `near` holds what
            may be meant.
    """
    head, _, rest = path.removeprefix("/").partition("/")
    if path.startswith("/") and len(path) <= LONGEST and not _has_controls(path):
        if _is_held(graph, iri := ROOT + path[1:]):
            return iri
        kind, _, name = rest.partition("/")
        if head == "id" and name:
            return _thing(graph, kind, name)
        if head == "graph" and kind == "source" and name:
            source = _thing(graph, kind, name)
            if _is_held(graph, iri := graph_of_source(source.removeprefix(f"{ID}source/"))):
                return iri
        if head == "ontology" and _is_version(graph, iri):
            return ONTOLOGY
    raise _unknown(path)


def path_of(iri: str, suffix: str = "") -> str:
    """Give the path at which the service tells of an IRI of the dataset, percent-encoded.

    Args:
        iri: an IRI in the project's own space.
        suffix: of a document; it stands before the fragment.

    >>> path_of("https://w3id.org/dgkg/id/region/hebei", "ttl")
    '/id/region/hebei.ttl'
    >>> path_of("https://w3id.org/dgkg/ontology#Target", "ttl")
    '/ontology.ttl#Target'
    """
    before, sign, fragment = iri.removeprefix(ROOT).partition("#")
    dot = f".{suffix}" if suffix else ""
    return f"/{quote(before, SAFE)}{dot}{sign}{quote(fragment, SAFE)}"


def choices(error: NamingError) -> list[str]:
    """Give the IRIs of the things that an ambiguous name may mean; none if it means nothing."""
    first = (expand(near.partition(" ")[0]) for near in error.near)
    return [iri for iri in first if iri.startswith(ID)]


def document(graph: KnowledgeGraph, iri: str, suffix: str, public_url: str) -> bytes:
    """Give the document of a thing, a graph or the ontology.

    It holds the thing's own triples; in full what belongs to it (evidence, parts, quantities,
    mentions); in brief what leads to it, statements with quote, sentence and line; the labels of
    all these; and what the document itself is. The same data is the same bytes. Where there is no
    room for all, `rdfs:comment` says how much is missing, and `rdfs:seeAlso` asks for it.

    Args:
        graph: where to look.
        iri: what `iri_of` gave; a term of the ontology leads to the whole of it.
        suffix: one of `FORMATS`.
        public_url: the address of the service as the world sees it.

    Raises:
        NamingError: nothing is known of it.
        NotOfferedError: there is no such format.
    """
    if suffix not in FORMATS:
        listed = " ".join(FORMATS)
        raise NotOfferedError(f"格式只有：{listed}", f"the formats are: {listed}")
    store, topic = _store(graph), iri.partition("#")[0]
    known = _known(graph, store, topic)
    url = public_url.rstrip("/") + path_of(topic, suffix)
    notes = _notes(known)
    if suffix == "json":
        terms = _terms(known) if topic == ONTOLOGY else ()
        return dumped(plain(store, known, url, notes, terms))
    dataset = dataset_iri(public_url, ours=graph.release is not None)
    itself = grouped(about(url, _itself(known, notes, dataset, public_url)))
    nodes = ordered({**known.nodes, **itself}, (known.topic, *itself))
    if suffix == "jsonld":
        return compacted(nodes)
    triples = [
        ox.Triple(it, link, term)
        for it, facts in nodes.items()
        for link, terms in facts.items()
        for term in terms
    ]
    text = written(triples, FORMATS[suffix]).decode()
    if suffix == "ttl":
        text = ENDS.sub(" .\n\n", text)
    return UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04X}", text).encode()


def _store(graph: KnowledgeGraph) -> ox.Store:
    if not isinstance(graph.engine, OxigraphEngine):
        raise UsageError("关联数据由 Oxigraph 引擎给出", "linked data needs the engine oxigraph")
    return graph.engine.store


def _has_controls(text: str) -> bool:
    """Tell whether a text has characters that no name has: controls, surrogates, unassigned."""
    return any(unicodedata.category(char)[0] == "C" for char in text)


def _is_held(graph: KnowledgeGraph, iri: str) -> bool:
    """Tell whether an IRI is that of a subject or of a graph."""
    store = _store(graph)
    try:
        it = ox.NamedNode(iri)
    except ValueError:
        return False
    return any(store.quads_for_pattern(it, None, None)) or store.contains_named_graph(it)


def _is_version(graph: KnowledgeGraph, iri: str) -> bool:
    facts = facts_of(_store(graph), ox.NamedNode(ONTOLOGY))
    return f"<{iri}>" in map(str, facts.get(node("owl:versionIRI"), ()))


def _thing(graph: KnowledgeGraph, kind: str, name: str) -> str:
    """Give the IRI of the thing of a kind that a name means; see `iri_of`."""
    if kind not in KINDS:
        meant = nearest(kind, [*KINDS])
        raise NamingError(
            f"没有“{clipped(kind)}”一类，有：{' '.join(KINDS)}",
            f"there is no kind “{clipped(kind)}”; there are: {' '.join(KINDS)}",
            [meant] if meant else (),
        )
    if _is_held(graph, iri := f"{ID}{kind}/{name}"):
        return iri
    if kind not in CLASS_OF:
        raise _unknown(f"/id/{kind}/{name}")
    return resolve(graph.engine, name, Scope((CLASS_OF[kind],))).iri


def _unknown(path: str) -> NamingError:
    return NamingError(f"没有 {clipped(path)}", f"there is no {clipped(path)}")


def _known(graph: KnowledgeGraph, store: ox.Store, topic: str) -> Known:
    """Give what is known of a thing, a graph, or the ontology with all of its terms.

    Raises:
        NamingError: nothing is.
    """
    if not topic.startswith(ROOT) or not _is_held(graph, topic):
        raise _unknown(topic)
    it = ox.NamedNode(topic)
    if topic == ONTOLOGY:
        quads = store.quads_for_pattern(None, None, None, ox.NamedNode(ONTOLOGY_GRAPH))
        return Known(it, grouped(quad.triple for quad in quads), {})
    if topic.startswith(GRAPH):
        return _known_graph(graph, it)
    return known_of(store, it)


def _known_graph(graph: KnowledgeGraph, it: ox.NamedNode) -> Known:
    """Tell of a graph what it is and how much is in it; the download has all of it."""
    rows = graph.table(f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH {it} {{ ?s ?p ?o }} }}").records()
    facts: Described = {
        "a": [node("sd:Graph"), node("void:Dataset")],
        "void:triples": number(int(next(rows)["n"])),
    }
    if it.value.startswith(SOURCES):
        source = node(f"{ID}source/{it.value.removeprefix(SOURCES)}")
        facts["dcterms:source"] = source
        label = label_of(facts_of(_store(graph), source))
        zh, en = label.get("zh", source.value), label.get("en", source.value)
        facts["rdfs:label"] = in_both(f"出自“{zh}”", f"What is taken from “{en}”")
    else:
        facts["rdfs:label"] = in_both(*GRAPHS.get(it.value, (it.value, it.value)))
    return Known(it, grouped(about(it.value, facts)), {})


def _terms(known: Known) -> list[ox.NamedNode]:
    """Give the ontology's own terms."""
    named = (it for it in known.nodes if isinstance(it, ox.NamedNode))
    return sorted((it for it in named if it.value.startswith(f"{ONTOLOGY}#")), key=str)


def _notes(known: Known) -> list[Note]:
    notes = []
    if REGION in known.nodes[known.topic].get(TYPE, ()) and not is_read(known):
        notes.append(HEADING if readings(known) else UNREAD)
    if known.left:
        notes.append(
            Note(
                f"本文件最多 {MOST} 条三元组，另有 {known.left} 项未列出；见 rdfs:seeAlso 的查询",
                f"this document has at most {MOST} triples and leaves out {known.left} things; "
                "the query of rdfs:seeAlso asks for all",
            )
        )
    return notes


def _itself(known: Known, notes: list[Note], dataset: str, public_url: str) -> Described:
    """Tell what a document is."""
    facts: Described = {
        "a": node("foaf:Document"),
        "dcterms:license": node(LICENCE),
        "dcterms:rights": in_both(*RIGHTS),
        "foaf:primaryTopic": known.topic,
        "void:inDataset": node(dataset),
    }
    if notes:
        facts["rdfs:comment"] = [text for note in notes for text in in_both(note.zh, note.en)]
    if known.left:
        query = f"SELECT DISTINCT ?thing ?by WHERE {{ ?thing ?by <{known.topic.value}> }}"
        facts["rdfs:seeAlso"] = node(f"{public_url.rstrip('/')}/sparql?query={quote(query, '')}")
    return facts
