"""The reference engine: rdflib, slow and close to the letter of the standard."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import rdflib
from pyparsing import ParseException
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID
from rdflib.plugins.sparql.algebra import translateQuery, traverse
from rdflib.plugins.sparql.parser import expandUnicodeEscapes, parseQuery
from rdflib.plugins.sparql.sparql import SPARQLError

from kg.engines.base import bad_query, check_media_type, no_value
from kg.engines.guard import guard, refuse_graph, refuse_service
from kg.errors import QueryError
from kg.results import GRAPH_TYPES, RESULT_TYPES, Answer

if TYPE_CHECKING:
    from pathlib import Path

    from pyparsing import ParseResults
    from rdflib.plugins.sparql.sparql import Query
    from rdflib.term import Node

__all__ = ["RdflibEngine"]

FORMATS: Final = {
    RESULT_TYPES["srj"]: "json",
    RESULT_TYPES["srx"]: "xml",
    RESULT_TYPES["csv"]: "csv",
    GRAPH_TYPES["ttl"]: "turtle",
    GRAPH_TYPES["nt"]: "nt11",
    GRAPH_TYPES["rdf"]: "xml",
}

FAILURES: Final = (
    ArithmeticError,
    AttributeError,
    LookupError,
    OSError,
    RuntimeError,
    SPARQLError,
    TypeError,
    ValueError,
    re.error,
)
"""What rdflib raises where a query that parses makes no sense."""


class RdflibEngine:
    """rdflib over a dataset in memory."""

    def __init__(self) -> None:
        """Make an empty dataset whose default graph is the union of all."""
        self.dataset = rdflib.Dataset(default_union=True)
        self.graphs: frozenset[str] = frozenset()

    def load(self, nquads: Path) -> None:
        """Read an N-Quads file into the dataset."""
        with nquads.open("rb") as file:
            self.dataset.parse(file, format="nquads")
        names = {str(graph.identifier) for graph in self.dataset.graphs() if len(graph)}
        self.graphs = frozenset(names - {str(DATASET_DEFAULT_GRAPH_ID)})

    def answer(self, sparql: str, media_type: str) -> Answer:
        """Answer a query; see `Engine.answer`."""
        query = self._parse(sparql)
        graph = query.algebra.name in {"ConstructQuery", "DescribeQuery"}
        check_media_type(media_type, graph=graph)
        try:
            return Answer(media_type, _body(self.dataset.query(query), media_type))
        except FAILURES as error:
            raise no_value(error) from error

    def _parse(self, sparql: str) -> Query:
        """Parse a query and hold it to the dataset, by its words and by what was parsed.

        Raises:
            QueryError: it does not parse, or the guard refuses it.
        """
        try:
            text = expandUnicodeEscapes(sparql)
        except ValueError as error:
            raise bad_query(error) from error
        guard(text, self.graphs.__contains__)
        query = _parse(text)
        traverse(query.algebra, visitPre=_refuse_service)
        for clause in query.algebra.datasetClause or ():
            iri = str(clause.default or clause.named)
            if iri not in self.graphs:
                refuse_graph(iri)
        return query

    def close(self) -> None:
        """Drop the dataset."""
        self.dataset.close()


def _parse(sparql: str) -> Query:
    """Parse a query.

    Raises:
        QueryError: it does not parse, or uses a prefix that it does not declare: rdflib knows
            many prefixes undeclared, and raises a bare Exception for the others.
    """
    try:
        parsed = parseQuery(sparql)
        if undeclared := _undeclared(parsed):
            listed = " ".join(f"{prefix}:" for prefix in sorted(undeclared))
            raise QueryError(
                f"查询无法解析：没有声明前缀 {listed}",
                f"the query does not parse: undeclared prefix {listed}",
            )
        return translateQuery(parsed)
    except (ParseException, *FAILURES) as error:
        raise bad_query(error) from error


def _refuse_service(node: object) -> None:
    if getattr(node, "name", "") == "ServiceGraphPattern":
        refuse_service()


def _body(result: rdflib.query.Result, media_type: str) -> bytes:
    """Write a result.

    Raises:
        ValueError: it holds what is no term; rdflib would raise a bare Exception for it.
    """
    if result.type == "ASK" and media_type in {RESULT_TYPES["csv"], RESULT_TYPES["tsv"]}:
        return str(result.askAnswer).lower().encode()
    if result.type == "SELECT" and any(None in row.values() for row in result.bindings):
        raise ValueError("a variable is neither grouped nor aggregated")
    if result.graph is not None:
        _check_iris(result.graph)
    if media_type == RESULT_TYPES["tsv"]:
        return _tsv(result)
    return result.serialize(format=FORMATS[media_type]) or b""


def _check_iris(graph: rdflib.Graph) -> None:
    for term in {term for triple in graph for term in triple}:
        if isinstance(term, rdflib.URIRef) and re.search(r'[\x00-\x20<>"{}|\\^`]', term):
            raise ValueError(f"no IRI: {term!r}")


def _undeclared(parsed: ParseResults) -> set[str]:
    prologue, query = parsed
    used: set[str] = set()

    def note(node: object) -> None:
        if getattr(node, "name", "") == "pname":
            used.add(node.prefix or "")  # type: ignore[attr-defined]

    traverse(query, visitPre=note)
    return used - {item.prefix or "" for item in prologue if item.name == "PrefixDecl"}


def _tsv(result: rdflib.query.Result) -> bytes:
    """Write TSV, which rdflib reads and does not write (https://www.w3.org/TR/sparql11-results-csv-tsv/)."""
    names = result.vars or []
    rows = ["\t".join(f"?{name}" for name in names)]
    rows += ["\t".join(map(_tsv_term, row)) for row in result]  # type: ignore[arg-type]
    return "".join(f"{row}\n" for row in rows).encode()


ESCAPES: Final = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n", "\r": r"\r", "\t": r"\t"})


def _tsv_term(term: Node | None) -> str:
    """Give a term in Turtle on one line; rdflib's own breaks the line where the text does."""
    if not isinstance(term, rdflib.Literal):
        return "" if term is None else term.n3()
    tag = f"@{term.language}" if term.language else ""
    datatype = f"^^{term.datatype.n3()}" if term.datatype else ""
    return f'"{str(term).translate(ESCAPES)}"{tag or datatype}'
