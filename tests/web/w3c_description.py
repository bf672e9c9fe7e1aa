"""The suite's service-description cases, as their names and titles say.

The schema is that of https://www.w3.org/TR/sparql11-service-description/#vocab.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyoxigraph as ox
from w3c_http import get, send

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["CHECKS"]

SD: Final = "http://www.w3.org/ns/sparql-service-description#"
TYPE: Final = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")

NARROWER: Final = {"Dataset": "GraphCollection"}
"""Class -> a class that holds all of it."""

THINGS: Final = {
    "SPARQL10Query": "Language",
    "SPARQL11Query": "Language",
    "SPARQL11Update": "Language",
    "DereferencesURIs": "Feature",
    "UnionDefaultGraph": "Feature",
    "RequiresDataset": "Feature",
    "EmptyGraphs": "Feature",
    "BasicFederatedQuery": "Feature",
}
"""What the vocabulary names, and its class."""

PROPERTIES: Final = {
    "endpoint": ("Service", ""),
    "feature": ("Service", "Feature"),
    "defaultEntailmentRegime": ("Service", "EntailmentRegime"),
    "entailmentRegime": ("NamedGraph", "EntailmentRegime"),
    "defaultSupportedEntailmentProfile": ("Service", "EntailmentProfile"),
    "supportedEntailmentProfile": ("NamedGraph", "EntailmentProfile"),
    "extensionFunction": ("Service", "Function"),
    "extensionAggregate": ("Service", "Aggregate"),
    "supportedLanguage": ("Service", "Language"),
    "languageExtension": ("Service", "Feature"),
    "propertyFeature": ("Service", "Feature"),
    "inputFormat": ("Service", ""),
    "resultFormat": ("Service", ""),
    "defaultDataset": ("Service", "Dataset"),
    "availableGraphs": ("Service", "GraphCollection"),
    "defaultGraph": ("Dataset", "Graph"),
    "namedGraph": ("GraphCollection", "NamedGraph"),
    "name": ("NamedGraph", ""),
    "graph": ("NamedGraph", "Graph"),
}
"""Property -> the classes of what has it and of its values; empty where any will do."""

CLASSES: Final = frozenset(name for pair in PROPERTIES.values() for name in pair)


def _description(url: str, accept: str = "") -> set[ox.Triple]:
    """Ask for the description as a client does that knows nothing else.

    Raises:
        AssertionError: there is no RDF.
    """
    response = send(url, get(), accept)
    format_ = ox.RdfFormat.from_media_type(response.media_type)
    assert response.status == 200, response
    assert format_, response
    return {quad.triple for quad in ox.parse(response.body, format=format_, base_iri=url)}


def _returns_rdf(url: str) -> Iterator[str]:
    """Tell the formats of RDF that give another description than the others."""
    plain = len(_description(url))
    for accept in ("*/*", "text/turtle", "application/rdf+xml", "application/n-triples"):
        if not plain or len(_description(url, accept)) != plain:
            yield accept


def _has_endpoint(url: str) -> Iterator[str]:
    """Tell the endpoints unless every service has the one that was asked, and there is one."""
    triples = _description(url)
    services = {t.subject for t in triples if t.object == ox.NamedNode(f"{SD}Service")}
    found = {(t.subject, t.object) for t in triples if _name(t.predicate) == "endpoint"}
    if not services or found != {(service, ox.NamedNode(url)) for service in services}:
        yield f"services {services}, endpoints {found}"


def _conforms(url: str) -> Iterator[str]:
    """Tell the triples that do not keep to the schema."""
    triples = _description(url)
    classes: dict[object, set[str]] = {ox.NamedNode(SD + k): {v} for k, v in THINGS.items()}
    for triple in triples:
        if triple.predicate == TYPE and (name := _name(triple.object)):
            classes.setdefault(triple.subject, set()).update({name, NARROWER.get(name, name)})
            if name not in CLASSES:
                yield f"no class: {triple}"
    for triple in triples:
        if triple.predicate != TYPE and _name(triple.object) not in {"", *THINGS}:
            yield f"no such thing: {triple}"
        if name := _name(triple.predicate):
            subject, value = PROPERTIES.get(name, ("no such property", ""))
            fits = isinstance(triple.object, ox.NamedNode | ox.BlankNode)
            fits = fits and subject in classes.get(triple.subject, {subject})
            if not fits or value not in classes.get(triple.object, {value}):
                yield str(triple)


def _name(term: object) -> str:
    """Give a term's name in the vocabulary; nothing of another one."""
    iri = term.value if isinstance(term, ox.NamedNode) else ""
    return iri.removeprefix(SD) if iri.startswith(SD) else ""


CHECKS: Final[dict[str, Callable[[str], Iterator[str]]]] = {
    "returns-rdf": _returns_rdf,
    "has-endpoint-triple": _has_endpoint,
    "conforms-to-schema": _conforms,
}
"""Name of a case -> what tells the faults that a service at a URL has."""
