"""Asks the suite's queries of the service and of pyoxigraph alone, and compares what they give.

Every data file of the suite is a graph of one dataset; a case says by the protocol's parameters
which of them it asks, and pyoxigraph is told the same. A case over empty files names no graph:
the dataset's own default graph is empty, too. No request can say where a query was found, so
that each is sent below a BASE.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

import pyoxigraph as ox
from w3c_http import direct, form, get, send

if TYPE_CHECKING:
    from collections.abc import Callable

    from w3c import Case, Suite
    from w3c_http import Pairs, Request, Response

__all__ = ["Comparison", "Rows", "read"]

Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Results: TypeAlias = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples

WAYS: Final[tuple[Callable[[str, Pairs], Request], ...]] = (
    lambda query, graphs: get(("query", query), *graphs),
    lambda query, graphs: form(("query", query), *graphs),
    lambda query, graphs: direct(query, *graphs),
)
"""The three ways of https://www.w3.org/TR/sparql11-protocol/#query-operation."""

PLAIN: Final = "application/sparql-results+json, application/n-triples"
"""What every case is asked in; those with a result in a format of its own, in that as well."""

CSV: Final = "text/csv"

ORDER: Final = re.compile(r"\bORDER\s+BY\b", re.IGNORECASE)


@dataclass(frozen=True)
class Rows:
    """An answer of any form: triples are rows of three columns, the truth is a row of one."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]

    @property
    def truth(self) -> bool | None:
        """The answer to an ASK."""
        cell = self.rows[0][0] if self.columns == ("truth",) else None
        return cell == ox.Literal(value=True) if cell else None

    def shape(self, *, ordered: bool = False, by_value: bool = False) -> tuple[str, ...]:
        """Give what two answers have in common if they differ in blank nodes' labels only.

        Args:
            ordered: the order of the rows counts.
            by_value: numbers count by their values, as pyoxigraph holds them.
        """
        quads = [
            ox.Quad(row, ox.NamedNode(f"column:{column}"), term)
            for at, cells in enumerate(self.rows)
            for row in [ox.BlankNode()]
            for column, term in [
                ("", ox.Literal(str(at) if ordered else "")),
                *zip(self.columns, cells, strict=True),
            ]
            if term is not None
        ]
        if by_value:
            held = ox.Store()
            held.extend(quads)
            quads = list(held)
        dataset = ox.Dataset(quads)
        dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
        return tuple(sorted(map(str, dataset)))


def read(body: bytes, media_type: str, base: str = "") -> Rows:
    """Read an answer in any format."""
    if media_type == CSV:
        return _read_csv(body.decode())
    if results := ox.QueryResultsFormat.from_media_type(media_type):
        found = ox.parse_query_results(body, format=results)
        if isinstance(found, ox.QueryBoolean):
            return Rows(("truth",), ((ox.Literal(value=bool(found)),),))
        columns = tuple(variable.value for variable in found.variables)
        return Rows(columns, tuple(tuple(row[column] for column in columns) for row in found))
    graph = ox.RdfFormat.from_media_type(media_type)
    assert graph is not None, f"no format of answers: {media_type}"
    triples = {quad.triple for quad in ox.parse(body, format=graph, base_iri=base or None)}
    return Rows(("subject", "predicate", "object"), tuple(tuple(triple) for triple in triples))


def _read_csv(text: str) -> Rows:
    """Read CSV, which tells only blank nodes from other terms."""
    columns, *rows = csv.reader(io.StringIO(text, newline=""))
    return Rows(tuple(columns), tuple(tuple(map(_cell, row)) for row in rows))


def _cell(text: str) -> Term | None:
    if text.startswith("_:"):
        return ox.BlankNode(text[2:])
    return ox.Literal(text) if text else None


def _written(results: Results, media_type: str) -> bytes:
    if isinstance(results, ox.QueryTriples):
        body = results.serialize(format=ox.RdfFormat.from_media_type(media_type))
    else:
        body = results.serialize(format=ox.QueryResultsFormat.from_media_type(media_type))
    assert body is not None  # since no file was given
    return body


@dataclass(frozen=True)
class Comparison:
    """The service at a URL, and pyoxigraph, over the same files of the suite."""

    suite: Suite
    store: ox.Store
    url: str

    def responses(self, case: Case) -> list[Response]:
        """Ask the service by all three ways, in all formats."""
        default, named = self._graphs(case)
        graphs: Pairs = (
            *(("default-graph-uri", graph.value) for graph in default),
            *(("named-graph-uri", graph.value) for graph in named),
        )
        accepts = {PLAIN, self._result_type(case) or PLAIN}
        requests = [way(self._text(case), graphs) for way in WAYS]
        return [send(self.url, request, accept) for request in requests for accept in accepts]

    def bare(self, case: Case) -> Results | None:
        """Ask pyoxigraph; give nothing if it refuses the query."""
        default, named = self._graphs(case)
        chosen = bool(default or named)
        try:
            return self.store.query(
                self._text(case),
                default_graph=[*default] if chosen else None,
                named_graphs=[*named] if chosen else None,
            )
        except (SyntaxError, RuntimeError):  # the latter for a function that it does not have
            return None

    def differs(self, case: Case, response: Response) -> str:
        """Tell how an answer of the service is not that of pyoxigraph; nothing if it is."""
        results = self.bare(case)
        if results is None:
            return "" if response.status == 400 else f"refused by pyoxigraph; service: {response}"
        if response.status != 200:
            return f"answered by pyoxigraph; service: {response}"
        found = read(response.body, response.media_type)
        wanted = read(_written(results, response.media_type), response.media_type)
        ordered = bool(ORDER.search(self._text(case)))
        same = found.columns == wanted.columns
        same = same and found.shape(ordered=ordered) == wanted.shape(ordered=ordered)
        return "" if same else f"pyoxigraph: {wanted}; service: {found}"

    def meets(self, case: Case, response: Response) -> bool:
        """Tell whether an answer is what the suite expects.

        What is expected in CSV says too little of an answer in another format.
        """
        if not case.result or response.status != 200:
            return response.status == (400 if case.kind.startswith("Negative") else 200)
        expected = self._result_type(case)
        if expected == CSV != response.media_type:
            return True
        wanted = read(self.suite.path(case.result).read_bytes(), expected, case.result)
        found = read(response.body, response.media_type)
        ordered = bool(ORDER.search(self._text(case)))
        shapes = {rows.shape(ordered=ordered, by_value=True) for rows in (wanted, found)}
        return set(found.columns) == set(wanted.columns) and len(shapes) == 1

    def _text(self, case: Case) -> str:
        return f"BASE <{case.query}>\n{self.suite.path(case.query).read_text(encoding='utf-8')}"

    def _graphs(self, case: Case) -> tuple[list[ox.NamedNode], list[ox.NamedNode]]:
        """Give the default and the named graphs of a case that hold anything."""
        default, named = (
            [graph for graph in map(ox.NamedNode, iris) if self.store.contains_named_graph(graph)]
            for iris in (case.data, case.graphs)
        )
        return default, named

    def _result_type(self, case: Case) -> str:
        """Give the media type of the file of what is expected."""
        suffix = self.suite.path(case.result).suffix[1:]
        found = ox.QueryResultsFormat.from_extension(suffix) or ox.RdfFormat.from_extension(suffix)
        return found.media_type.partition(";")[0] if found else ""
