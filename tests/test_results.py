"""Tables as text: what CSV quotes and TSV escapes."""

from __future__ import annotations

from kg.results import Table, Term

TABLE = Table(("a", "b"), ((Term("literal", 'x\ty\n"z"\r\\'), None),))


def test_tsv_has_one_line_a_row() -> None:
    """Line breaks, tabs and backslashes of a cell are written as two characters, unquoted."""
    assert TABLE.delimited("\t") == 'a\tb\nx\\ty\\n"z"\\r\\\\\t\n'


def test_csv_quotes_a_cell_of_several_lines() -> None:
    """CSV keeps every character, the cell in quotation marks."""
    assert TABLE.delimited(",") == 'a,b\n"x\ty\n""z""\r\\",\n'
