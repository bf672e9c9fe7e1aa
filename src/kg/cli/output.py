"""How commands write: tables on a terminal, TSV into a pipe, other formats by name."""

from __future__ import annotations

import json
import os
import re
import sys
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg.results import Table

__all__ = ["TABLE_FORMATS", "choose_format", "note", "write_bytes", "write_table"]

TABLE_FORMATS: Final = ("table", "csv", "tsv", "json", "ndjson", "md")
NARROW: Final = 100
"""Width of a table where no terminal tells it, in columns."""


def note(zh: str, en: str) -> None:
    """Say something on stderr, in both languages."""
    click.echo(f"{zh} | {en}", err=True)


def choose_format(given: str | None) -> str:
    """Give the format asked for, else a table on a terminal and TSV in a pipe."""
    if given:
        return given
    return "table" if sys.stdout.isatty() else "tsv"


def write_bytes(data: bytes) -> None:
    """Write bytes to stdout, with a line end at the end."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data if data.endswith(b"\n") else data + b"\n")
    sys.stdout.buffer.flush()


def _columns() -> int:
    given = os.environ.get("COLUMNS", "")
    return int(given) if re.fullmatch("0*[1-9][0-9]{0,5}", given) else NARROW


def _pretty(table: Table, heads: Mapping[str, str], marks: Sequence[str]) -> None:
    from rich import box  # noqa: PLC0415 -- only for people
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table as RichTable  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    width = None if sys.stdout.isatty() else _columns()
    shown = RichTable(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in table.columns:
        shown.add_column(heads.get(column, column), overflow="fold")
    for row, mark in zip(table.rows, marks, strict=True):
        cells = [Text("" if term is None else str(term)) for term in row]
        for cell in cells:
            at = cell.plain.find(mark) if mark else -1
            if at >= 0 and mark != cell.plain:
                cell.stylize("bold", at, at + len(mark))
        shown.add_row(*cells)
    console = Console(file=sys.stdout, width=width, highlight=False)
    with console.capture() as capture:
        console.print(shown)
    click.echo(capture.get(), nl=False)


def _quotes(table: Table) -> list[str]:
    """Give each row's quote, which stands out in its sentence; empty where there is none."""
    if "quote" not in table.columns:
        return [""] * len(table.rows)
    at = table.columns.index("quote")
    return [str(row[at] or "") for row in table.rows]


def _markdown(table: Table, heads: Mapping[str, str]) -> str:
    def row(cells: Sequence[str]) -> str:
        flat = [cell.replace("|", "\\|").replace("\n", "<br>") for cell in cells]
        return f"| {' | '.join(flat)} |\n"

    lines = [row([heads.get(column, column) for column in table.columns])]
    lines.append(row(["---"] * len(table.columns)))
    lines += [row(["" if t is None else str(t) for t in cells]) for cells in table.rows]
    return "".join(lines)


def write_table(
    table: Table, form: str, heads: Mapping[str, str], shown: Sequence[str] | None = None
) -> None:
    """Write a table to stdout.

    Args:
        table: all columns; every format but `table` and `md` writes them all.
        form: one of `TABLE_FORMATS`.
        heads: column -> its head for people.
        shown: the columns for people; all if left out.
    """
    for_people = table.only(shown) if shown else table
    if form == "table":
        _pretty(for_people, heads, _quotes(table))
    elif form == "md":
        click.echo(_markdown(for_people, heads), nl=False)
    elif form in {"csv", "tsv"}:
        click.echo(table.delimited("," if form == "csv" else "\t"), nl=False)
    elif form == "ndjson":
        for record in table.records():
            click.echo(json.dumps(record, ensure_ascii=False))
    else:
        click.echo(json.dumps(list(table.records()), ensure_ascii=False, indent=2))
