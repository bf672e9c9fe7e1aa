"""Tables as CSV that Excel opens, in a folder that is a Frictionless Data Package.

UTF-8 with a byte order mark, so that Excel shows Chinese; lines end as RFC 4180 has it. A text
that a spreadsheet would take for a formula has an apostrophe before it; see `guarded`.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from typing import TYPE_CHECKING, Any, Final

from kg.errors import UsageError, clipped
from kg.exports.columns import MANY, STRING
from kg.exports.descriptor import descriptor
from kg.exports.dictionary import dictionary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.exports.base import Watch
    from kg.exports.columns import Cell, Column
    from kg.exports.sheets import Sheet, Workbook

__all__ = ["guarded", "unguarded", "write_datapackage"]

BOM: Final = "\ufeff"
PIECE: Final = 1 << 16
"""Characters that are written at a time."""

FORMULA: Final = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
"""How a text begins that a spreadsheet may run (https://owasp.org/www-community/attacks/CSV_Injection),
or one that was guarded already."""

FORMAT: Final = {"format": "csv", "mediatype": "text/csv", "encoding": "utf-8"}
DIALECT: Final = {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True}


def write_datapackage(workbook: Workbook, watch: Watch) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Give a file of CSV for each table, the data dictionary, and `datapackage.json`.

    Args:
        workbook: the tables.
        watch: looks on as rows are written.

    Raises:
        UsageError: a text is empty, or one of several holds what stands between them, or a text
            holds a NUL; its place is told.
    """
    resources: dict[str, dict[str, Any]] = {}
    for sheet in workbook.sheets:
        digest = hashlib.sha256()
        told = resources[sheet.name] = {"path": f"{sheet.name}.csv", **FORMAT, "dialect": DIALECT}
        yield f"{sheet.name}.csv", _measured(_pieces(sheet, watch), told, digest)
        told["hash"] = f"sha256:{digest.hexdigest()}"
    yield "README.md", iter([dictionary(workbook).encode()])
    yield "datapackage.json", iter([descriptor(workbook, resources)])


def guarded(text: str) -> str:
    """Give a text as a spreadsheet shows it and does not run it.

    One that begins with `=`, `+`, `-`, `@`, a tab or a line end gets an apostrophe before it; so
    does one that begins with apostrophes and one of these, so that `unguarded` gives both back.

    >>> guarded("=1+1"), guarded("'=1+1"), guarded("'tis"), guarded("到2022年")
    ("'=1+1", "''=1+1", "'tis", '到2022年')
    """
    return f"'{text}" if FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """Give a text as it was before `guarded`.

    >>> unguarded("'=1+1"), unguarded("'tis")
    ('=1+1', "'tis")
    """
    return text[1:] if text.startswith("'") and FORMULA.match(text) else text


def _measured(
    pieces: Iterator[bytes], told: dict[str, Any], digest: hashlib._Hash
) -> Iterator[bytes]:
    """Give pieces as they are, and take note of their size and checksum."""
    told["bytes"] = 0
    for piece in pieces:
        told["bytes"] += len(piece)
        digest.update(piece)
        yield piece


def _pieces(sheet: Sheet, watch: Watch) -> Iterator[bytes]:
    out = io.StringIO(newline="")
    out.write(BOM)
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.name for column in sheet.columns])
    for row in watch(sheet.rows):
        writer.writerow(
            [
                _text(value, column, f"{sheet.name} {row[0]} {column.name}")
                for column, value in zip(sheet.columns, row, strict=True)
            ]
        )
        if out.tell() > PIECE:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


def _text(value: Cell, column: Column, place: str) -> str:
    """Give a cell as CSV has it.

    Raises:
        UsageError: a reader could not tell it from another one.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        for item in value:
            if MANY in item:
                raise _refused(place, f"多个值之一含 {MANY}", f"one of several values holds {MANY}")
        return _safe(MANY.join(value) if all(value) else "", place)
    return _safe(value, place) if column.kind == STRING and isinstance(value, str) else str(value)


def _safe(text: str, place: str) -> str:
    if not text:
        raise _refused(place, "空文本与没有值无法区分", "an empty text looks like no value")
    if "\0" in text:
        raise _refused(place, "NUL 字符 (U+0000)", "a NUL character (U+0000)")
    return guarded(text)


def _refused(place: str, zh: str, en: str) -> UsageError:
    place = clipped(place)
    return UsageError(
        f"{place}：CSV 无法保存：{zh}，请用 Parquet", f"{place}: CSV cannot hold {en}; Parquet can"
    )
