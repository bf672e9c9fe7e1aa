"""How commands write: tables on a terminal, TSV into a pipe, other formats by name."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from kg.files import write_file
from kg.rendering import TEXT_FORMATS, UNSEEN, quotes, written

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg.results import Table

__all__ = ["OUTPUT", "TABLE_FORMATS", "choose_format", "note", "write_bytes", "write_table"]

OUTPUT: Final = click.Path(path_type=Path, dir_okay=False)
"""A file to write to."""
TABLE_FORMATS: Final = ("table", *TEXT_FORMATS)


def note(zh: str, en: str) -> None:
    """Say something on stderr, in both languages."""
    click.echo(UNSEEN.sub("", f"{zh} | {en}"), err=True)


def choose_format(
    given: str | None, output: Path | None = None, allowed: Sequence[str] = TABLE_FORMATS
) -> str:
    """Give the format asked for: by name, else by the suffix of the file, else by the place.

    Without either it is a table on a terminal and TSV in a pipe or a file.

    Raises:
        click.BadParameter: the suffix is not one of the formats.
    """
    if given:
        return given
    if output is not None and output.suffix:
        suffix = output.suffix.removeprefix(".").lower()
        if suffix not in allowed:
            listed = " ".join(allowed)
            raise click.BadParameter(
                f"不认识后缀“{suffix}”，可写 -f：{listed} | unknown suffix; -f is one of: {listed}"
            )
        return suffix
    return "table" if output is None and sys.stdout.isatty() else "tsv"


def write_bytes(data: bytes, output: Path | None = None) -> None:
    """Write bytes to stdout or a file, with a line end at the end; a file is whole or not there."""
    data = data if data.endswith(b"\n") else data + b"\n"
    if output is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    write_file(output, (data,))


def write_table(
    table: Table,
    form: str,
    heads: Mapping[str, str],
    shown: Sequence[str] | None = None,
    output: Path | None = None,
    language: str = "",
) -> None:
    """Write a table to stdout or a file; CSV in a file begins with the mark that Excel needs.

    Args:
        table: all columns; every format but `table` and `md` writes them all.
        form: `table` or one of `rendering.TEXT_FORMATS`.
        heads: column -> its head for people.
        shown: the columns for people; all if left out.
        output: the file; stdout if left out.
        language: `zh` or `en`, of truths for people; without it they are true and false.
    """
    if form == "table":
        from kg.cli.terminal import pretty  # noqa: PLC0415 -- only for people

        text = pretty(table.only(shown) if shown else table, heads, quotes(table), language)
    else:
        text = written(table, form, heads, shown, language)
    if output is None:
        click.echo(text, nl=False)
    else:
        write_bytes(text.encode("utf-8-sig" if form == "csv" else "utf-8"), output)
