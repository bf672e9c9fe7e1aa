"""Chooses what to answer with: media type, content coding and language, by quality values."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from kg.errors import UsageError, clipped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = [
    "ALIASES",
    "FORMATS",
    "ROWS",
    "TRIPLES",
    "coding",
    "language",
    "media_type",
    "prefers_page",
    "wanted",
    "wants_json",
]

ROWS: Final = (
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "text/csv",
    "text/tab-separated-values",
)
"""Media types of SELECT and ASK, the preferred first."""

TRIPLES: Final = (
    "text/turtle",
    "application/n-triples",
    "application/n-quads",
    "application/trig",
    "application/ld+json",
    "application/rdf+xml",
)
"""Media types of CONSTRUCT and DESCRIBE, the preferred first."""

PAGE, XHTML = "text/html", "application/xhtml+xml"

ALSO: Final = {
    "application/json": "application/sparql-results+json",
    "application/xml": "application/sparql-results+xml",
    "text/xml": "application/sparql-results+xml",
}
"""Media types that are asked for in place of those of rows."""

FORMATS: Final = {
    "json": ("application/sparql-results+json", "application/ld+json"),
    "srj": ("application/sparql-results+json", ""),
    "xml": ("application/sparql-results+xml", "application/rdf+xml"),
    "srx": ("application/sparql-results+xml", ""),
    "csv": ("text/csv", ""),
    "tsv": ("text/tab-separated-values", ""),
    "turtle": ("", "text/turtle"),
    "ttl": ("", "text/turtle"),
    "ntriples": ("", "application/n-triples"),
    "nt": ("", "application/n-triples"),
    "nquads": ("", "application/n-quads"),
    "nq": ("", "application/n-quads"),
    "trig": ("", "application/trig"),
    "jsonld": ("", "application/ld+json"),
    "rdf": ("", "application/rdf+xml"),
}
"""What `format=` may be -> the media types for rows and for triples."""

ALIASES: Final = {
    "json-ld": "jsonld",
    "n-quads": "nquads",
    "n-triples": "ntriples",
    "n3": "turtle",
    "rdf+xml": "rdf",
    "rdfxml": "rdf",
}
"""What clients such as SPARQLWrapper say -> the format that they mean; Turtle is N3 as well."""

ITEM: Final = re.compile(
    r"""\s*+(?P<what>[^\s;,"]++)\s*+
        (?P<params>(?:;\s*+[^\s;,="]++\s*+
                      (?:=\s*+(?:"(?:[^"\\]|\\.)*+"|[^\s;,"]*+)\s*+)?+)*+)""",
    re.VERBOSE,
)
QUALITY: Final = re.compile(r";\s*q\s*=\s*(\"?)([01](?:\.[0-9]{0,3})?)\1\s*(?:;|$)", re.IGNORECASE)
"""https://www.rfc-editor.org/rfc/rfc9110#name-quality-values"""


def _items(header: str) -> Iterator[tuple[str, float]]:
    """Give what an Accept header names, in lower case, with its quality."""
    for part in _split(header):
        if match := ITEM.fullmatch(part):
            quality = QUALITY.search(match["params"])
            yield match["what"].lower(), min(float(quality[2]), 1.0) if quality else 1.0


def _split(header: str) -> list[str]:
    return re.findall(r'(?:"(?:[^"\\]|\\.)*+"?|[^,"])++', header)


@lru_cache(maxsize=512)
def media_type(header: str, offers: Sequence[str]) -> str:
    """Give the offer that an Accept header likes best; nothing where it takes none.

    Args:
        header: the header; empty takes anything.
        offers: media types without parameters, the preferred first.
    """
    if not header.strip():
        return offers[0]
    asked = list(_items(header))
    best, at = "", 0.0
    for offer in offers:
        quality = _quality(offer, asked)
        if quality > at:
            best, at = offer, quality
    return best


def prefers_page(header: str) -> bool:
    """Tell whether an Accept header likes a page better than any result, as those of browsers do.

    Browsers name XHTML as well; programs such as Java's, which begin with `text/html` because
    nobody told them otherwise, do not.

    >>> prefers_page("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
    True
    >>> prefers_page("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"), prefers_page("*/*")
    (False, False)
    """
    return XHTML in header and media_type(header, (*ROWS, *TRIPLES, PAGE)) == PAGE


def wants_json(header: str) -> bool:
    """Tell whether an Accept header wants errors in JSON."""
    return "application/json" in header


def _quality(offer: str, asked: list[tuple[str, float]]) -> float:
    """Give the quality of a media type by the closest range that fits it."""
    names = {offer, *(name for name, meant in ALSO.items() if meant == offer)}
    kind = offer.partition("/")[0] + "/*"
    for ranges in (names, {kind}, {"*/*", "*"}):
        found = [quality for what, quality in asked if what in ranges]
        if found:
            return max(found)
    return 0.0


@lru_cache(maxsize=512)
def wanted(accept: str, format_: str) -> tuple[str, str]:
    """Give the media types for rows and for triples; empty where the client takes none.

    Args:
        accept: the Accept header.
        format_: the parameter `format`, a name in `FORMATS` or `ALIASES`, or a media type; it wins.

    Raises:
        UsageError: there is no such format.
    """
    if not format_:
        return media_type(accept, ROWS), media_type(accept, TRIPLES)
    exact = format_.lower().replace(" ", "+")  # a plus that was not percent-encoded
    if chosen := FORMATS.get(ALIASES.get(exact, exact)):
        return chosen
    rows, triples = media_type(exact, ROWS), media_type(exact, TRIPLES)
    if not (rows or triples):
        listed = " ".join(FORMATS)
        raise UsageError(
            f"没有格式“{clipped(format_)}”，有：{listed}",
            f"no format “{clipped(format_)}”; there are: {listed}",
        )
    return rows, triples


@lru_cache(maxsize=256)
def coding(header: str) -> str:
    """Give the content coding that an Accept-Encoding header likes: `br`, `gzip` or none."""
    asked = dict(_items(header))
    found = {name: asked.get(name, asked.get("*", 0.0)) for name in ("br", "gzip")}
    best = max(found, key=lambda name: found[name])
    return best if found[best] > 0 else ""


@lru_cache(maxsize=256)
def language(header: str) -> str:
    """Give the language that an Accept-Language header likes, `zh` or `en`."""
    asked = [(what.split("-")[0], quality) for what, quality in _items(header)]
    liked = {
        name: max((quality for what, quality in asked if what == name), default=0.0)
        for name in ("zh", "en")
    }
    return "en" if liked["en"] > liked["zh"] else "zh"
