"""Tells whether the bytes of an answer are whole, and what their media type says."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from xml.parsers import expat

import pyoxigraph as ox

from kg.engines.base import GRAPHS
from kg.results import GRAPH_TYPES, RESULT_TYPES

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["ALIASES", "Flaw", "flaw"]

ALIASES: Final[dict[str, frozenset[str]]] = {
    RESULT_TYPES["srj"]: frozenset({"application/json"}),
    RESULT_TYPES["srx"]: frozenset({"application/xml", "text/xml"}),
    RESULT_TYPES["csv"]: frozenset(),
    RESULT_TYPES["tsv"]: frozenset(),
    GRAPH_TYPES["ttl"]: frozenset({"application/x-turtle", "application/turtle"}),
    GRAPH_TYPES["nt"]: frozenset({"text/plain"}),
    GRAPH_TYPES["rdf"]: frozenset({"application/xml", "text/xml"}),
}
"""Media type asked for -> what servers call the same format; the bytes are checked all the same."""

ENDED: Final = frozenset({RESULT_TYPES["srj"], RESULT_TYPES["srx"], GRAPH_TYPES["rdf"]})
"""Formats whose end can be seen."""

RESULTS: Final = "http://www.w3.org/2005/sparql-results#"
"""The namespace of SPARQL XML."""

HALF: Final = re.compile(r"\\u[dD][89a-fA-F]")
"""The escape of a surrogate, which needs another one beside it."""


class Flaw(NamedTuple):
    """What is wrong with a body."""

    zh: str
    en: str


CUT: Final = Flaw("内容不完整，或不是所要的格式", "it is cut off, or not of the format asked for")
ENDLESS: Final = Flaw(
    "服务器没有说明长度，无法断定是否完整；请改用 srj、srx 或 rdf",
    "its length is not told, so it may be cut off: ask for srj, srx or rdf",
)
OTHER: Final = Flaw("不是所问的种类", "it is not of the kind asked for")


def flaw(body: bytes, media_type: str, *, ask: bool, framed: bool) -> Flaw | None:
    """Tell what is wrong with a body, if anything.

    Everything is parsed to its end; every row of CSV and TSV must have as many cells as the
    first. JSON and XML have an end of their own, the other formats could stop behind any row, so
    there the server must have told the length.

    Args:
        body: what the server sent.
        media_type: what was asked for, of `RESULT_TYPES` or `GRAPH_TYPES`.
        ask: whether the query is an ASK.
        framed: whether the server told the length, or marked the end.
    """
    try:
        text = body.decode()
        if not framed and media_type not in ENDED:
            return ENDLESS
        if media_type in GRAPHS:
            return _triples(text, media_type)
        return CHECKS[media_type](text, ask)
    except (ValueError, SyntaxError, RecursionError, expat.ExpatError):
        return CUT


def _triples(text: str, media_type: str) -> Flaw | None:
    if media_type == GRAPH_TYPES["rdf"]:
        _elements(text)  # the RDF parser is content with an end between two tags
    for _ in ox.parse(text, format=GRAPHS[media_type], lenient=True):
        pass
    return None


def _json(text: str, ask: bool) -> Flaw | None:
    """Check SPARQL JSON (https://www.w3.org/TR/sparql11-results-json/)."""
    document = json.loads(text, parse_constant=_refused)
    if HALF.search(text):
        json.dumps(document, ensure_ascii=False).encode()  # raises for half a character
    if not isinstance(document, dict) or not isinstance(document.get("head"), dict):
        return CUT
    if ask or "boolean" in document:
        return None if ask and isinstance(document.get("boolean"), bool) else OTHER
    columns = document["head"].get("vars")
    results = document.get("results")
    rows = results.get("bindings") if isinstance(results, dict) else None
    named = isinstance(columns, list) and all(isinstance(name, str) for name in columns)
    if not named or not isinstance(rows, list) or not all(map(_is_row, rows)):
        return CUT
    return None


def _refused(constant: str) -> None:
    raise ValueError(constant)


def _is_row(row: Any) -> bool:  # noqa: ANN401 -- whatever JSON has
    return isinstance(row, dict) and all(
        isinstance(cell, dict)
        and isinstance(cell.get("type"), str)
        and isinstance(cell.get("value"), str)
        and all(isinstance(cell.get(key, ""), str) for key in ("xml:lang", "datatype"))
        for cell in row.values()
    )


def _elements(text: str) -> list[str]:
    """Give the names of the elements of XML, in order, each once.

    Raises:
        ExpatError: it is not well-formed.
        ValueError: it has a document type, which could define entities.
    """
    opened: dict[str, None] = {}
    parser = expat.ParserCreate("utf-8", " ")
    parser.StartElementHandler = lambda name, _: opened.setdefault(name)
    parser.StartDoctypeDeclHandler = lambda *_: _refused("DOCTYPE")
    parser.Parse(text.encode(), True)
    return list(opened)


def _xml(text: str, ask: bool) -> Flaw | None:
    """Check SPARQL XML (https://www.w3.org/TR/rdf-sparql-XMLres/)."""
    names = _elements(text)
    if names[0] != f"{RESULTS} sparql":
        return CUT
    return None if ask == (f"{RESULTS} boolean" in names) else OTHER


def _csv(text: str, _ask: bool) -> Flaw | None:
    bare = re.sub('"[^"]*"', "", text)  # the csv module would refuse a literal of over 128 KiB
    return CUT if not text or '"' in bare else _even(bare, ",")


def _tsv(text: str, _ask: bool) -> Flaw | None:
    return _even(text, "\t") if text else CUT


def _even(text: str, delimiter: str) -> Flaw | None:
    widths = {row.count(delimiter) for row in text.removesuffix("\n").split("\n")}
    return None if len(widths) == 1 else CUT


CHECKS: Final[dict[str, Callable[[str, bool], Flaw | None]]] = {
    RESULT_TYPES["srj"]: _json,
    RESULT_TYPES["srx"]: _xml,
    RESULT_TYPES["csv"]: _csv,
    RESULT_TYPES["tsv"]: _tsv,
}
