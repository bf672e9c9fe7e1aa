"""The exchanges of the suite's protocol cases, each what the case's name and title ask for.

As it is fetched the suite has names and titles, neither requests nor data; so these stand here,
over four graphs of our own of one triple each: that the graph is a document.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

import pyoxigraph as ox
from w3c_http import Request, direct, form, get, send
from w3c_queries import read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from w3c import Case

__all__ = ["EXCHANGES", "Exchange", "documents", "failure"]

PLACE: Final = "http://example.org/protocol/"
ZERO, ONE, TWO, THREE = (f"{PLACE}data{number}.rdf" for number in range(4))

TYPES: Final = {
    "XML": "application/sparql-results+xml",
    "JSON": "application/sparql-results+json",
    "CSV": "text/csv",
    "TSV": "text/tab-separated-values",
    "RDF/XML": "application/rdf+xml",
    "Turtle": "text/turtle",
    "N-Triples": "application/n-triples",
    "RDFa": "application/xhtml+xml",
}
"""What the titles of cases call a format -> its media type."""


@dataclass(frozen=True)
class Exchange:
    """A request, the first digit of the status it is to get, and what an ASK is to answer."""

    request: Request
    status: int = 2
    truth: bool | None = None


Exchanges: TypeAlias = tuple[Exchange, ...]


def documents() -> Iterator[ox.Quad]:
    """Give what the four graphs hold."""
    a = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    for graph in map(ox.NamedNode, (ZERO, ONE, TWO, THREE)):
        yield ox.Quad(graph, a, ox.NamedNode(f"{PLACE}Document"), graph)


def failure(url: str, case: Case) -> str:
    """Perform the exchanges of a case; tell the first that fails, or nothing."""
    expected = re.search(r"expect one of: ([^)]+)", case.title)
    types = [TYPES[name] for name in expected[1].split(", ")] if expected else []
    for exchange in EXCHANGES[case.name]:
        response = send(url, exchange.request)
        if response.status // 100 != exchange.status:
            return f"{exchange.request}: {response}"
        if types and response.media_type not in types:
            return f"none of {types}: {response}"
        if types or exchange.truth is not None:
            answer = read(response.body, response.media_type)
            if exchange.truth is not None and answer.truth is not exchange.truth:
                return f"not {exchange.truth}: {response}"
    return ""


def _posted(text: str, media_type: str = "", encoding: str = "utf-8") -> Request:
    return Request("POST", (), media_type, text.encode(encoding))


def _fine(request: Request) -> Exchanges:
    return (Exchange(request),)


def _true(request: Request) -> Exchanges:
    return (Exchange(request, truth=True),)


def _bad(*requests: Request) -> Exchanges:
    return tuple(Exchange(request, status=4) for request in requests)


def _update(where: str, found: tuple[str, ...], *using: tuple[str, str]) -> Exchanges:
    """Give an update that notes what it finds in a graph, and an ASK whether it is just that."""
    seen = f"<{PLACE}seen-by-{len(using)}-{len(found)}>"
    update = f"DROP SILENT GRAPH {seen} ; INSERT {{ GRAPH {seen} {{ ?s a ?class }} }} WHERE {where}"
    wanted = " . ".join(f"<{iri}> a ?class" for iri in found)
    others = ", ".join(f"<{iri}>" for iri in found)
    ask = f"""ASK {{
      GRAPH {seen} {{ {wanted} }}
      FILTER NOT EXISTS {{ GRAPH {seen} {{ ?s ?p ?o FILTER(?s NOT IN ({others})) }} }}
    }}"""
    return (*_fine(direct(update, *using, kind="update")), *_true(direct(ask)))


ASK: Final = ("query", "ASK {}")
CLEAR: Final = ("update", "CLEAR ALL")

AT_ZERO: Final = ("default-graph-uri", ZERO)
DEFAULT: Final = (("default-graph-uri", ONE), ("default-graph-uri", TWO))
NAMED: Final = (("named-graph-uri", ONE), ("named-graph-uri", TWO))
FULL: Final = (("default-graph-uri", THREE), *NAMED)

IN_DEFAULT: Final = f"""{{
  <{ONE}> a ?one . <{TWO}> a ?two
  FILTER NOT EXISTS {{ {{ <{THREE}> a ?three }} UNION {{ GRAPH ?any {{ ?s ?p ?o }} }} }}
}}"""
IN_NAMED: Final = f"""{{
  GRAPH <{ONE}> {{ <{ONE}> a ?one }} GRAPH ?g {{ <{TWO}> a ?two }}
  FILTER NOT EXISTS {{ {{ ?s ?p ?o }} UNION {{ GRAPH ?any {{ <{THREE}> a ?three }} }} }}
}}"""
IN_FULL: Final = f"""{{
  <{THREE}> a ?three GRAPH <{ONE}> {{ <{ONE}> a ?one }} GRAPH ?g {{ <{TWO}> a ?two }}
  FILTER NOT EXISTS {{ {{ <{ONE}> a ?one }} UNION {{ GRAPH ?any {{ <{THREE}> a ?three }} }} }}
}}"""
"""Each holds in the dataset that its case chooses, and in no other."""

ONCE: Final = "{ ?s a ?class }"
INSIDE: Final = "{ GRAPH ?g { ?s a ?class } }"
RELATIVE: Final = f"INSERT DATA {{ GRAPH <{PLACE}base> {{ <relative> a <{PLACE}Document> }} }}"
ABSOLUTE: Final = f'ASK {{ GRAPH <{PLACE}base> {{ ?s a ?class FILTER(REGEX(STR(?s), "^http")) }} }}'

EXCHANGES: Final[dict[str, Exchanges]] = {
    "query_get": _true(get(ASK, AT_ZERO)),
    "query_post_form": _true(form(ASK, AT_ZERO)),
    "query_post_direct": _true(direct("ASK {}")),
    "query_dataset_default_graphs_get": _true(get(("query", f"ASK {IN_DEFAULT}"), *DEFAULT)),
    "query_dataset_default_graphs_post": _true(direct(f"ASK {IN_DEFAULT}", *DEFAULT)),
    "query_dataset_named_graphs_get": _true(get(("query", f"ASK {IN_NAMED}"), *NAMED)),
    "query_dataset_named_graphs_post": _true(direct(f"ASK {IN_NAMED}", *NAMED)),
    "query_dataset_full": _true(direct(f"ASK {IN_FULL}", *FULL)),
    "query_multiple_dataset": _true(
        direct(f"ASK FROM <{THREE}> FROM NAMED <{THREE}> {IN_NAMED}", *NAMED)
    ),
    "query_content_type_select": _fine(direct("SELECT (1 AS ?one) {}", AT_ZERO)),
    "query_content_type_ask": _fine(direct("ASK {}", AT_ZERO)),
    "query_content_type_describe": _fine(direct(f"DESCRIBE <{ZERO}>", AT_ZERO)),
    "query_content_type_construct": _fine(
        direct("CONSTRUCT { <relative> <to> <the-service> } {}", AT_ZERO)
    ),
    "bad_query_method": _bad(
        Request("PUT", (ASK,)), Request("DELETE", (ASK,)), Request("PATCH", (ASK,))
    ),
    "bad_multiple_queries": _bad(get(ASK, ASK), form(ASK, ASK), direct("ASK {}", ASK)),
    "bad_query_wrong_media_type": _bad(_posted("ASK {}", "text/plain")),
    "bad_query_missing_form_type": _bad(_posted("query=ASK%20%7B%7D")),
    "bad_query_missing_direct_type": _bad(_posted("ASK {}")),
    "bad_query_non_utf8": _bad(
        _posted("ASK {}", "application/sparql-query; charset=UTF-16", "utf-16")
    ),
    "bad_query_syntax": _bad(get(("query", "ASK {")), direct("ASK {"), form(("query", "ASK {"))),
    "update_dataset_default_graph": _update(ONCE, (ONE,), ("using-graph-uri", ONE)),
    "update_dataset_default_graphs": _update(
        ONCE, (ONE, TWO), ("using-graph-uri", ONE), ("using-graph-uri", TWO)
    ),
    "update_dataset_named_graphs": _update(
        INSIDE, (ONE, TWO), ("using-named-graph-uri", ONE), ("using-named-graph-uri", TWO)
    ),
    "update_dataset_full": _update(
        f"{{ {ONCE} UNION {INSIDE} }}",
        (ONE, TWO),
        ("using-graph-uri", ONE),
        ("using-named-graph-uri", TWO),
    ),
    "update_post_form": _fine(form(CLEAR)),
    "update_post_direct": _fine(direct("CLEAR ALL", kind="update")),
    "update_base_uri": (*_fine(direct(RELATIVE, kind="update")), *_true(direct(ABSOLUTE))),
    "bad_update_get": _bad(get(CLEAR)),
    "bad_multiple_updates": _bad(form(CLEAR, CLEAR)),
    "bad_update_wrong_media_type": _bad(_posted("CLEAR ALL", "text/plain")),
    "bad_update_missing_form_type": _bad(_posted("update=CLEAR%20ALL")),
    "bad_update_non_utf8": _bad(
        _posted("CLEAR ALL", "application/sparql-update; charset=UTF-16", "utf-16")
    ),
    "bad_update_syntax": _bad(form(("update", "CLEAR XYZ")), direct("CLEAR XYZ", kind="update")),
    "bad_update_dataset_conflict": _bad(
        direct(f"WITH <{ONE}> DELETE {ONCE} WHERE {ONCE}", ("using-graph-uri", TWO), kind="update"),
        direct(
            f"DELETE {{ GRAPH <{ONE}> {ONCE} }} USING <{ONE}> WHERE {ONCE}",
            ("using-named-graph-uri", TWO),
            kind="update",
        ),
    ),
}
"""Name of a case -> its exchanges, in their order."""
