"""Tables for people and programs: which columns to show, and CSV, TSV, JSON, Markdown, HTML."""

from __future__ import annotations

import json
import re
from html import escape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg.results import Table

__all__ = [
    "TEXT_FORMATS",
    "UNSEEN",
    "columns_for_people",
    "quotes",
    "safe",
    "to_html",
    "to_markdown",
    "written",
]

WIDE: Final = 6
"""Columns beside which a sentence still has room on a terminal."""

TEXT_FORMATS: Final = ("csv", "tsv", "json", "ndjson", "md")
"""Formats of a table that a terminal's width does not change."""

LINE_END: Final = re.compile("\r\n|\r|\n")

MARKUP: Final = re.compile(r"[\\|<]")
"""What GitHub's Markdown does not take as text within a cell."""

UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
"""Control characters, and those that reorder what a reader sees (https://www.unicode.org/reports/tr9/)."""


def columns_for_people(table: Table, language: str) -> list[str]:
    """Give the columns for people: of a thing its label in one language, a source if several.

    A column without any value is left out.

    Args:
        table: the whole table.
        language: `zh` or `en`, of labels.
    """
    have = table.columns
    shown, hidden = ("Label", "LabelEn") if language == "zh" else ("LabelEn", "Label")
    unseen = {column for column in have if f"{column}Label" in have}
    unseen |= {
        column
        for column in have
        if column.endswith(hidden) and f"{column.removesuffix(hidden)}{shown}" in have
    }
    unseen |= {
        column
        for column in have
        if (f"{column}En" in have and language == "en")
        or (column.endswith("En") and column.removesuffix("En") in have and language == "zh")
    }
    unseen |= {"statement", *(("quote",) if "sentence" in have else ())}
    for column in have:
        values = len(table.distinct(column))
        if values <= (1 if column.startswith("inSource") else 0) and table.rows:
            unseen.add(column)
    return [column for column in have if column not in unseen]


def columns_that_fit(table: Table, shown: Sequence[str]) -> list[str]:
    """Give the columns for a terminal: of many, the quote stands for its whole sentence."""
    if len(shown) <= WIDE or not {"sentence", "quote"} <= {*table.columns}:
        return list(shown)
    return ["quote" if column == "sentence" else column for column in shown]


def quotes(table: Table) -> list[str]:
    """Give each row's quote, which stands out in its sentence; empty where there is none."""
    if "quote" not in table.columns:
        return [""] * len(table.rows)
    at = table.columns.index("quote")
    return [str(row[at] or "") for row in table.rows]


def written(
    table: Table,
    form: str,
    heads: Mapping[str, str],
    shown: Sequence[str] | None = None,
    language: str = "",
) -> str:
    """Give a table as text.

    Args:
        table: all columns; every format but `md` writes them all, under their own names.
        form: one of `TEXT_FORMATS`.
        heads: column -> its head for people.
        shown: the columns for people; all if left out.
        language: `zh` or `en`, of truths for people; without it they are true and false.
    """
    if form == "md":
        return to_markdown(table.only(shown) if shown else table, heads, language)
    if form == "ndjson":
        return "".join(f"{json.dumps(record, ensure_ascii=False)}\n" for record in table.records())
    if form == "json":
        return json.dumps(list(table.records()), ensure_ascii=False, indent=2) + "\n"
    return table.delimited("," if form == "csv" else "\t")


def to_markdown(table: Table, heads: Mapping[str, str], language: str = "") -> str:
    """Give a table in GitHub's Markdown, without markup of its cells; see `written`."""

    def row(cells: Sequence[str]) -> str:
        escaped = (MARKUP.sub(r"\\\g<0>", cell) for cell in cells)
        flat = [LINE_END.sub("<br>", cell) for cell in escaped]
        return f"| {' | '.join(flat)} |\n"

    lines = [row([heads.get(column, column) for column in table.columns])]
    lines.append(row(["---"] * len(table.columns)))
    lines += map(row, table.said(language))
    return "".join(lines)


def to_html(
    table: Table,
    heads: Mapping[str, str],
    shown: Sequence[str],
    caption: str = "",
    language: str = "",
) -> str:
    """Give a table as HTML whose quotes are marked in their sentences.

    Args:
        table: all columns.
        heads: column -> its head.
        shown: the columns to show.
        caption: what stands above it.
        language: see `written`.
    """
    head = "".join(f'<th scope="col">{safe(heads.get(column, column))}</th>' for column in shown)
    rows = ""
    for texts, quote in zip(table.only(shown).said(language), quotes(table), strict=True):
        cells = zip(shown, texts, strict=True)
        row = (_cell(text, quote if column == "sentence" else "") for column, text in cells)
        rows += f"<tr>{''.join(row)}</tr>"
    above = f"<caption>{safe(caption)}</caption>" if caption else ""
    return f"<table>{above}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _cell(text: str, mark: str) -> str:
    at = text.find(mark) if mark else -1
    if at < 0 or text == mark:
        return f"<td>{safe(text)}</td>"
    before, behind = text[:at], text[at + len(mark) :]
    return f"<td>{safe(before)}<mark>{safe(mark)}</mark>{safe(behind)}</td>"


def safe(text: str) -> str:
    r"""Give a text as HTML: no markup, line ends as such, what cannot be seen as its code point.

    >>> safe("a<b\n\u202ec")
    'a&lt;b<br>\\u202ec'
    """
    seen = UNSEEN.sub(lambda found: ascii(found[0])[1:-1], text)
    return LINE_END.sub("<br>", escape(seen))
