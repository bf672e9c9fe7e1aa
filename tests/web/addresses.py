"""The addresses of the service that tests ask, and what each gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from exchange import ask, asking

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exchange import Answer

__all__ = [
    "BROWSER",
    "CONSTRUCT",
    "EVERY",
    "FILES",
    "HTML",
    "QUESTION",
    "SELECT",
    "STATES",
    "STEADY",
    "THING",
    "unchanged",
]

SELECT: Final = asking("/sparql", {"query": "SELECT ?s ?o { ?s a ?o } ORDER BY ?s ?o LIMIT 500"})
CONSTRUCT: Final = asking(
    "/sparql",
    {"query": "CONSTRUCT { ?s a ?o } { SELECT * { ?s a ?o } ORDER BY ?s ?o LIMIT 500 }"},
)
QUESTION: Final = "/queries/regions-sharing-concept"
THING: Final = "/id/region/shanghai"
HTML: Final = {"Accept": "text/html"}

STEADY: Final = {
    "/": "text/html",
    "/sparql": "text/turtle",
    SELECT: "application/sparql-results+json",
    CONSTRUCT: "text/turtle",
    "/queries": "text/html",
    "/queries.json": "application/json",
    f"{QUESTION}.html": "text/html",
    f"{QUESTION}.json": "application/json",
    f"{QUESTION}.csv": "text/csv",
    f"{QUESTION}.tsv": "text/tab-separated-values",
    f"{QUESTION}.rq": "application/sparql-query",
    "/id/region": "text/html",
    f"{THING}.html": "text/html",
    f"{THING}.ttl": "text/turtle",
    f"{THING}.jsonld": "application/ld+json",
    f"{THING}.nt": "application/n-triples",
    f"{THING}.json": "application/json",
    "/graph/reference.ttl": "text/turtle",
    "/graph/source/2021-provincial-roundup.html": "text/html",
    "/ontology.ttl": "text/turtle",
    "/ontology.html": "text/html",
    "/.well-known/void": "text/turtle",
    "/.well-known/sparql-examples": "text/turtle",
    "/openapi.json": "application/json",
    "/data/dataset.nq": "application/n-quads",
}
"""Address -> media type of what is the same as long as the release is."""

FILES: Final = {
    "/static/style.css": "text/css",
    "/static/icon.svg": "image/svg+xml",
    "/static/sparql.js": "text/javascript",
}
"""Address -> media type of the files of the pages."""

STATES: Final = {"/health": "application/json", "/metrics": "text/plain"}
"""Address -> media type of what changes."""

EVERY: Final = {**STEADY, **FILES, **STATES}

BROWSER: Final = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def unchanged(url: str, target: str, etag: str, given: Mapping[str, str] | None = None) -> Answer:
    """Ask for what is known by an ETag."""
    return ask(url, target, {**(given or {}), "If-None-Match": etag})
