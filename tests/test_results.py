"""Tables: what CSV quotes and TSV escapes, and what a column is in Python, pandas and polars."""

from __future__ import annotations

import sys
from datetime import date
from typing import TYPE_CHECKING, Final

import polars as pl
import pytest

from kg.errors import UsageError
from kg.results import JSON_RESULTS, Answer, Table, Term, Value

if TYPE_CHECKING:
    from collections.abc import Sequence

XSD: Final = "http://www.w3.org/2001/XMLSchema#"
TABLE: Final = Table(("a", "b"), ((Term("literal", 'x\ty\n"z"\r\\'), None),))
LIBRARIES: Final = ("pandas", "polars")


def column(*cells: tuple[str, str] | None) -> Table:
    """Make a table of one column `x` from values, each with the name of its datatype."""
    terms = (
        None if cell is None else Term("literal", cell[0], "", cell[1] and f"{XSD}{cell[1]}")
        for cell in cells
    )
    return Table(("x",), tuple((term,) for term in terms))


def test_tsv_has_one_line_a_row() -> None:
    """Line breaks, tabs and backslashes of a cell are written as two characters, unquoted."""
    assert TABLE.delimited("\t") == 'a\tb\nx\\ty\\n"z"\\r\\\\\t\n'


def test_csv_quotes_a_cell_of_several_lines() -> None:
    """CSV keeps every character, the cell in quotation marks."""
    assert TABLE.delimited(",") == 'a,b\n"x\ty\n""z""\r\\",\n'


def test_records_leave_out_what_is_unbound() -> None:
    """A row as texts has the columns that have a value there, IRIs as CURIEs."""
    iri = Term("uri", "https://w3id.org/dgkg/id/region/shanghai")
    assert list(Table(("a", "b"), ((iri, None),)).records()) == [{"a": "kgr:shanghai"}]


def test_columns_come_in_the_order_asked_for() -> None:
    """Some of the columns are a table too, in another order."""
    assert TABLE.only(["b", "a"]) == Table(("b", "a"), ((None, TABLE.rows[0][0]),))


# --- types --------------------------------------------------------------------------------------

TYPED: Final = [
    ([("3", "integer"), None, ("-1", "integer")], int, [3, None, -1], "Int64", pl.Int64),
    ([("2.5", "decimal"), None], float, [2.5, None], "Float64", pl.Float64),
    ([("95", "decimal"), ("100.0", "decimal")], float, [95.0, 100.0], "Float64", pl.Float64),
    ([("1e3", "double")], float, [1000.0], "Float64", pl.Float64),
    ([("3", "integer"), None, ("2.5", "decimal")], float, [3.0, None, 2.5], "Float64", pl.Float64),
    ([("true", "boolean"), ("0", "boolean")], bool, [True, False], "boolean", pl.Boolean),
    ([("2021-03-31", "date"), None], date, [date(2021, 3, 31), None], "datetime64[s]", pl.Date),
    ([("9999-12-31", "date")], date, [date(9999, 12, 31)], "datetime64[s]", pl.Date),
    ([("一网通办", ""), ("2022", ""), None], str, ["一网通办", "2022", None], "string", pl.String),
    ([("2021", "gYear")], str, ["2021"], "string", pl.String),
    ([("3", "integer"), ("三", "")], str, ["3", "三"], "string", pl.String),
    ([("1", "integer"), ("true", "boolean")], str, ["1", "true"], "string", pl.String),
    ([("soon", "date"), ("2021-03-31", "date")], str, ["soon", "2021-03-31"], "string", pl.String),
    ([("many", "integer"), ("7", "integer")], str, ["many", "7"], "string", pl.String),
    ([None, None], str, [None, None], "string", pl.String),
    ([], str, [], "string", pl.String),
]  # fmt: skip
"""Cells of a column -> its type and values in Python, and its types in pandas and polars."""


@pytest.mark.parametrize(("cells", "kind", "values", "pandas_type", "polars_type"), TYPED)
def test_a_column_has_the_type_that_its_datatypes_say(
    cells: Sequence[tuple[str, str] | None],
    kind: type[Value],
    values: list[Value | None],
    pandas_type: str,
    polars_type: type[pl.DataType],
) -> None:
    """Whatever the values look like, and with places left empty, in Python and both libraries."""
    table = column(*cells)
    pandas, polars = table.to_pandas()["x"], table.to_polars()["x"]
    assert table.values("x") == (kind, values)
    assert [str(pandas.dtype), polars.dtype] == [pandas_type, polars_type]
    assert list(pandas.isna()) == [value is None for value in values]
    assert polars.to_list() == values


def test_a_data_frame_has_the_values() -> None:
    """Pandas has the numbers, days and texts of the cells."""
    cells = {"n": "integer", "d": "date", "t": ""}
    row = [Term("literal", text, "", cells[name] and XSD + cells[name])
           for name, text in (("n", "23"), ("d", "2022-12-31"), ("t", "湖北"))]  # fmt: skip
    (record,) = Table(tuple(cells), (tuple(row),)).to_pandas().to_dict("records")
    assert (record["n"], record["d"].date(), record["t"]) == (23, date(2022, 12, 31), "湖北")


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_table_without_rows_keeps_its_columns(library: str) -> None:
    """A data frame of no rows has the columns by name."""
    frame = getattr(Table(("a", "b"), ()), f"to_{library}")()
    assert (list(frame.columns), len(frame)) == (["a", "b"], 0)


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("truth", [True, False])
def test_an_ask_is_a_table_of_one_cell(library: str, truth: bool) -> None:
    """The answer to ASK can be had as a data frame as well."""
    body = f'{{"head": {{}}, "boolean": {str(truth).lower()}}}'
    frame = getattr(Table.from_answer(Answer(JSON_RESULTS, body.encode())), f"to_{library}")()
    assert [str(value).lower() for value in frame["answer"]] == [str(truth).lower()]


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_missing_library_is_told_with_its_pip_line(
    monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    """Without the library the error says in both languages what to install."""
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(UsageError) as caught:
        getattr(TABLE, f"to_{library}")()
    line = f'pip install -e ".[{library}]"'
    assert (line in caught.value.zh, line in caught.value.en) == (True, True)
