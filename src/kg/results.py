"""What an engine answers: bytes of a standard format, and the table that they hold."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from kg.errors import UsageError
from kg.names import shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import pandas as pd
    import polars as pl

__all__ = ["BOOLEAN", "GRAPH_TYPES", "JSON_RESULTS", "RESULT_TYPES", "Answer", "Table", "Term"]

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


Value: TypeAlias = str | int | float | bool | date
"""What a term is in Python."""


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

    def said(self, language: str) -> str:
        """Give the text for people: a truth is a word of the language, `zh` or `en`.

        >>> Term("literal", "true", datatype=BOOLEAN).said("zh")
        '是'
        """
        words = TRUTHS.get(language, {}) if self.datatype == BOOLEAN else {}
        return words.get(self.value, str(self))

    @property
    def python(self) -> Value:
        """The value as Python has it: numbers, days and truth by datatype, else the text."""
        read = READERS.get(self.datatype)
        try:
            return read(self.value) if read else str(self)
        except ValueError:  # no value of its datatype, as "soon"^^xsd:date
            return self.value


XSD: Final = "http://www.w3.org/2001/XMLSchema#"
BOOLEAN: Final = f"{XSD}boolean"
"""The datatype of truths."""

TRUTHS: Final = {
    "zh": {"true": "是", "1": "是", "false": "否", "0": "否"},
    "en": {"true": "yes", "1": "yes", "false": "no", "0": "no"},
}
"""Language -> truth -> the word for it."""

READERS: Final[dict[str, Callable[[str], Value]]] = {
    f"{XSD}integer": int,
    f"{XSD}decimal": float,
    f"{XSD}double": float,
    BOOLEAN: lambda text: text in {"true", "1"},
    f"{XSD}date": date.fromisoformat,
}
"""Datatype -> how its values are read."""

PANDAS: Final = {
    int: "Int64", float: "Float64", bool: "boolean", date: "datetime64[s]", str: "string",
}  # fmt: skip
"""Type of a column's values -> what pandas calls it; each has a place for what is missing."""

POLARS: Final = {int: "Int64", float: "Float64", bool: "Boolean", date: "Date", str: "String"}
"""Type of a column's values -> what polars calls it."""


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
            return cls(("answer",), ((Term("literal", value, datatype=BOOLEAN),),))
        columns = tuple(document["head"]["vars"])
        bindings = document["results"]["bindings"]
        return cls(columns, tuple(tuple(_term(row.get(c)) for c in columns) for row in bindings))

    def said(self, language: str) -> list[list[str]]:
        """Give every row as texts for people, an unbound cell as an empty one."""
        return [["" if t is None else t.said(language) for t in row] for row in self.rows]

    def records(self) -> Iterator[dict[str, str]]:
        """Give each row as texts by column; unbound cells are left out."""
        for row in self.rows:
            yield {
                column: str(term)
                for column, term in zip(self.columns, row, strict=True)
                if term is not None
            }

    def values(self, column: str) -> tuple[type[Value], list[Value | None]]:
        """Give the type of a column and its values as Python has them; an unbound cell is None.

        The datatypes of the terms decide, not how the values look: a column of decimals is
        `float`. Whole numbers beside others are too; what is of several kinds is text.
        """
        at = self.columns.index(column)
        terms = [row[at] for row in self.rows]
        values = [None if term is None else term.python for term in terms]
        kinds = {type(value) for value in values if value is not None}
        if kinds == {int, float}:
            return float, [float(v) if isinstance(v, int | float) else None for v in values]
        if len(kinds) == 1:
            return kinds.pop(), values
        return str, [None if term is None else str(term) for term in terms]

    def to_pandas(self) -> pd.DataFrame:
        """Give the table as a pandas DataFrame.

        Counts are `Int64`, other numbers `Float64`, truth is `boolean`, days `datetime64[s]`,
        the rest `string`; an unbound cell is missing. Needs the extra `pandas`.

        Raises:
            UsageError: pandas is not installed.
        """
        pandas = _library("pandas")
        columns = {column: self.values(column) for column in self.columns}
        frame: pd.DataFrame = pandas.DataFrame(
            {c: pandas.Series(found, dtype=PANDAS[kind]) for c, (kind, found) in columns.items()}
        )
        return frame

    def to_polars(self) -> pl.DataFrame:
        """Give the table as a polars DataFrame.

        Counts are `Int64`, other numbers `Float64`, truth is `Boolean`, days `Date`, the rest
        `String`; an unbound cell is null. Needs the extra `polars`.

        Raises:
            UsageError: polars is not installed.
        """
        polars = _library("polars")
        columns = {column: self.values(column) for column in self.columns}
        frame: pl.DataFrame = polars.DataFrame(
            {column: values for column, (_, values) in columns.items()},
            schema={c: getattr(polars, POLARS[kind]) for c, (kind, _) in columns.items()},
        )
        return frame

    def only(self, columns: Sequence[str]) -> Table:
        """Give some of the columns, in the order asked for."""
        places = [self.columns.index(column) for column in columns]
        return Table(tuple(columns), tuple(tuple(row[i] for i in places) for row in self.rows))

    def holds_things(self, column: str) -> bool:
        """Tell whether a column holds an IRI anywhere."""
        at = self.columns.index(column)
        return any(term.kind == "uri" for row in self.rows if (term := row[at]) is not None)

    def only_row(self, at: int) -> Table:
        """Give a table of one of the rows."""
        return Table(self.columns, (self.rows[at],))

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


def _library(name: str) -> Any:  # noqa: ANN401 -- a module
    try:
        return import_module(name)
    except ImportError as error:
        raise UsageError(
            f'没有安装 {name}：pip install -e ".[{name}]"',
            f'{name} is not installed: pip install -e ".[{name}]"',
        ) from error


def _term(cell: dict[str, str] | None) -> Term | None:
    if cell is None:
        return None
    kind = "literal" if cell["type"] == "typed-literal" else cell["type"]
    return Term(kind, cell["value"], cell.get("xml:lang", ""), cell.get("datatype", ""))
