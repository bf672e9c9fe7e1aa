"""What an engine answers: bytes of a standard format, and the table that they hold."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from kg.names import shorten

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["GRAPH_TYPES", "JSON_RESULTS", "RESULT_TYPES", "Answer", "Table", "Term"]

JSON_RESULTS: Final = "application/sparql-results+json"
"""https://www.w3.org/TR/sparql11-results-json/"""

RESULT_TYPES: Final = {
    "srj": JSON_RESULTS,
    "srx": "application/sparql-results+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
}
"""Short name -> media type of the formats for SELECT and ASK."""

GRAPH_TYPES: Final = {
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
}
"""Short name -> media type of the formats for CONSTRUCT and DESCRIBE."""


ESCAPES: Final = str.maketrans({"\\": r"\\", "\n": r"\n", "\r": r"\r", "\t": r"\t"})
"""What a cell of TSV cannot hold -> how it is written."""


@dataclass(frozen=True)
class Answer:
    """The bytes of an answer in a standard format."""

    media_type: str
    body: bytes


@dataclass(frozen=True)
class Term:
    """One RDF term of a result: `kind` is `uri` or `literal`."""

    kind: str
    value: str
    language: str = ""
    datatype: str = ""

    def __str__(self) -> str:
        """Give a literal's text, or an IRI as a CURIE."""
        return shorten(self.value) if self.kind == "uri" else self.value


@dataclass(frozen=True)
class Table:
    """Columns and rows of terms; an unbound cell is None."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]

    @classmethod
    def from_answer(cls, answer: Answer) -> Table:
        """Read a SPARQL JSON answer; an ASK gives one cell named `answer`."""
        document: dict[str, Any] = json.loads(answer.body)
        if "boolean" in document:
            value = str(document["boolean"]).lower()
            return cls(("answer",), ((Term("literal", value),),))
        columns = tuple(document["head"]["vars"])
        bindings = document["results"]["bindings"]
        return cls(columns, tuple(tuple(_term(row.get(c)) for c in columns) for row in bindings))

    def records(self) -> Iterator[dict[str, str]]:
        """Give each row as texts by column; unbound cells are left out."""
        for row in self.rows:
            yield {
                column: str(term)
                for column, term in zip(self.columns, row, strict=True)
                if term is not None
            }

    def only(self, columns: Sequence[str]) -> Table:
        """Give some of the columns, in the order asked for."""
        places = [self.columns.index(column) for column in columns]
        return Table(tuple(columns), tuple(tuple(row[i] for i in places) for row in self.rows))

    def distinct(self, column: str) -> set[str]:
        """Give the different values of a column, unbound cells apart."""
        at = self.columns.index(column)
        return {str(row[at]) for row in self.rows if row[at] is not None}

    def delimited(self, delimiter: str) -> str:
        r"""Give the table as CSV or TSV with a head, IRIs as CURIEs, `\\n` line ends.

        A line break, tab or backslash in a cell of TSV is written as two characters.
        """
        cells = [list(self.columns)]
        cells += [["" if t is None else str(t) for t in row] for row in self.rows]
        if delimiter == "\t":
            return "".join("\t".join(c.translate(ESCAPES) for c in row) + "\n" for row in cells)
        out = io.StringIO(newline="")
        writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
        writer.writerows(cells)
        return out.getvalue()


def _term(cell: dict[str, str] | None) -> Term | None:
    if cell is None:
        return None
    kind = "literal" if cell["type"] == "typed-literal" else cell["type"]
    return Term(kind, cell["value"], cell.get("xml:lang", ""), cell.get("datatype", ""))
