"""Answers a SPARQL query in a worker: whole, within bounds, in any format of the protocol."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Final, TypeAlias
from xml.parsers import expat

import pyoxigraph as ox

from kg.errors import NotOfferedError, QueryError, TooMuchError
from kg.names import PREFIXES
from kg.web.sparql.hints import bad_syntax

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.web.limits import Limits

__all__ = ["ROWS", "TRIPLES", "answer", "count_rows"]

ROWS: Final = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/csv": ox.QueryResultsFormat.CSV,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}
"""Media type of SELECT and ASK -> how Oxigraph calls it."""

TRIPLES: Final = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/n-quads": ox.RdfFormat.N_QUADS,
    "application/trig": ox.RdfFormat.TRIG,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
}
"""Media type of CONSTRUCT and DESCRIBE -> how Oxigraph calls it."""

NO_PREFIXES: Final = {"application/n-triples", "application/n-quads"}

MARKS: Final = {
    "application/sparql-results+json": b",{",
    "application/sparql-results+xml": b"<result>",
    "text/csv": b"\r\n",
    "text/tab-separated-values": b"\n",
}
"""Media type -> what stands between or before its rows."""

STRING: Final = re.compile(rb'"(?:[^"\\]|\\.)*"')
"""A string of JSON, or a part of a field of CSV in quotation marks."""

NO_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What no document of XML can hold, escaped or not (https://www.w3.org/TR/xml/#charsets)."""

Results: TypeAlias = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples


class _Bounded(io.BytesIO):
    """Takes what is written until it is too much."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def write(self, data: bytes) -> int:  # type: ignore[override]  # Oxigraph gives bytes
        if self.tell() + len(data) > self.most:
            raise TooMuchError(
                f"答案超过 {self.most} 字节，请用 LIMIT 或缩小查询",
                f"the answer has more than {self.most} bytes: use LIMIT, or ask for less",
            )
        return super().write(data)


def answer(
    store: ox.Store,
    sparql: str,
    wanted: tuple[str, str],
    limits: Limits,
    asked: str = "",
    **dataset: object,
) -> tuple[str, bytes]:
    """Answer a query, and give the media type and the bytes.

    Args:
        store: what is asked.
        sparql: a query that the guard has let through.
        wanted: the media types for rows and for triples; empty where the client takes none.
        limits: the rows and bytes that an answer may have.
        asked: the query as it came, if it was written anew.
        dataset: what `Store.query` is told of the graphs.

    Raises:
        QueryError: it does not parse or has no answer.
        NotOfferedError: the client takes no format that such a query has.
        TooMuchError: the answer is beyond the limits.
    """
    try:
        results: Results = store.query(sparql, **dataset)  # type: ignore[arg-type]
    except (SyntaxError, ValueError) as error:
        raise bad_syntax(asked or sparql, str(error)) from error
    except (OSError, RuntimeError) as error:
        raise _no_value(error) from error
    media_type = wanted[isinstance(results, ox.QueryTriples)]
    if not media_type:
        raise NotOfferedError(
            "此类查询没有客户端所要的格式", "no format that is asked for fits this kind of query"
        )
    try:
        return media_type, _written(results, media_type, limits)
    except (OSError, RuntimeError, ValueError) as error:
        raise _no_value(error) from error


def _no_value(error: Exception) -> QueryError:
    said = re.sub(r"\s+", " ", str(error)).strip()[:300] or type(error).__name__
    return QueryError(f"查询无法计算：{said}", f"the query cannot be evaluated: {said}")


def _written(results: Results, media_type: str, limits: Limits) -> bytes:
    out = _Bounded(limits.bytes)
    if isinstance(results, ox.QueryTriples):
        prefixes = None if media_type in NO_PREFIXES else PREFIXES
        triples = _counted(results, limits.rows)
        ox.serialize(triples, out, format=TRIPLES[media_type], prefixes=prefixes)
        body = out.getvalue()
    else:
        results.serialize(out, ROWS[media_type])
        body = out.getvalue()
        # Counting is slow: first by what every row has, and texts may have too.
        if body.count(MARKS[media_type]) >= limits.rows and (
            count_rows(body, media_type) > limits.rows
        ):
            raise _too_many(limits.rows)
    return _well_formed(body) if media_type.endswith("xml") else body


def _counted(triples: ox.QueryTriples, most: int) -> Iterator[ox.Triple]:
    for count, triple in enumerate(triples, start=1):
        if count > most:
            raise _too_many(most)
        yield triple


def _too_many(most: int) -> TooMuchError:
    return TooMuchError(
        f"答案超过 {most} 行，请用 LIMIT 与 OFFSET 分批",
        f"the answer has more than {most} rows: ask for it in parts by LIMIT and OFFSET",
    )


def count_rows(body: bytes, media_type: str) -> int:
    """Count the rows of a table as Oxigraph writes it; an ASK has none."""
    if media_type.endswith("xml"):
        return body.count(b"<result>")
    if media_type.endswith("values"):
        return max(body.count(b"\n") - 1, 0)  # line ends in texts are escaped
    plain = STRING.sub(b"", body)
    if media_type.endswith("csv"):
        return max(plain.count(b"\r\n") - 1, 0)
    return plain.count(b",{") + (b"[{" in plain)


def _well_formed(body: bytes) -> bytes:
    """Give XML that every parser takes and reads as it was meant.

    Raises:
        NotOfferedError: there is a character that XML does not have, or an IRI of a property
            that does not end in a name.
    """
    if NO_XML.search(body.decode()):
        raise NotOfferedError(
            "答案中有 XML 不允许的控制字符，请改用 JSON、CSV、TSV 或 Turtle",
            "the answer has a control character that XML does not allow: ask for JSON, CSV, TSV "
            "or Turtle",
        )
    body = body.replace(b"\r", b"&#13;")
    try:
        expat.ParserCreate(namespace_separator=" ").Parse(body, True)
    except expat.ExpatError as error:
        raise NotOfferedError(
            "答案中有 XML 写不出的属性名，请改用 Turtle、TriG、N-Triples 或 JSON-LD",
            "the answer has a property whose name XML cannot write: ask for Turtle, TriG, "
            "N-Triples or JSON-LD",
        ) from error
    return body
