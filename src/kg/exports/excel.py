"""Tables as one Excel workbook, for people: a page about it, a sheet a class, a dictionary.

Texts are texts, never formulas or links; dates and numbers are such. Heads are in Chinese and
English, in one row, so that pivot tables find them.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

import xlsxwriter

from kg.errors import UsageError, clipped
from kg.exports.columns import DOUBLE, INTEGER, MANY
from kg.exports.dictionary import RULES, kind_told
from kg.exports.sheets import DATE
from kg.names import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.exports.base import Watch
    from kg.exports.columns import Cell, Column
    from kg.exports.sheets import Sheet, Workbook

__all__ = ["write_excel"]

LONGEST: Final = 32_767
"""UTF-16 units of a cell (https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3)."""

ROWS: Final = 1_048_576
EXACT: Final = 1 << 53
"""Whole numbers that Excel tells apart lie below this."""

FIRST_DAY: Final = "1900-03-01"
"""The first day whose number all spreadsheets agree on."""

UNSEEN: Final = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
"""What XML cannot hold, or holds as something else."""

CREATED: Final = datetime(2021, 1, 1)  # noqa: DTZ001 -- a workbook has no time zones
"""No clock: two workbooks of the same tables are the same bytes."""

NARROWEST, WIDEST = 8, 48
"""Width of a column, in letters of Latin; a Chinese one is as wide as two."""

LOOKED_AT: Final = 2000
"""Rows that settle the width of a column."""

LONGEST_TAB: Final = 31
BARRED: Final = re.compile(r"[\[\]:*?/\\]")
"""What the name of a sheet cannot hold."""

LINE: Final = 15
"""Points of a line."""

MOST_LINES: Final = 5
"""Lines of a row that are shown; a longer text is seen where its cell is entered."""

HEADS: Final = 2
A3: Final = 8
"""What Excel calls this size of paper."""

PIECE: Final = 1 << 16

HEAD: Final = {"bold": True, "valign": "top", "text_wrap": True, "bg_color": "#DDE6F0", "bottom": 1}
FORMATS: Final[dict[str, dict[str, object]]] = {
    "title": {"bold": True, "font_size": 14, "valign": "top"},
    "head": HEAD,
    "text": {"valign": "top", "text_wrap": True},
    INTEGER: {"valign": "top", "num_format": "0"},
    DOUBLE: {"valign": "top", "num_format": "General"},
    DATE: {"valign": "top", "num_format": "yyyy-mm-dd"},
}
"""How cells look."""


def write_excel(workbook: Workbook, watch: Watch) -> Iterator[bytes]:
    """Give the tables as a workbook.

    Args:
        workbook: the tables.
        watch: looks on as rows are written.

    Raises:
        UsageError: a cell holds what Excel cannot; its place is
            told.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"title": workbook.zh, "comments": workbook.en, "created": CREATED})
    formats = {name: book.add_format(look) for name, look in FORMATS.items()}
    _about(book.add_worksheet("说明 About"), workbook, formats)
    _dictionary(book.add_worksheet("字典 Dictionary"), workbook, formats)
    for sheet in workbook.sheets:
        if len(sheet.rows) + 1 > ROWS:
            raise UsageError(
                f"表 {sheet.name} 有 {len(sheet.rows)} 行，超过 Excel 的 {ROWS} 行，请用 Parquet",
                f"the table {sheet.name} has {len(sheet.rows)} rows, Excel {ROWS}: use Parquet",
            )
        _sheet(book.add_worksheet(_tab(sheet)), sheet, formats, watch)
    book.close()
    body = out.getbuffer()
    for at in range(0, len(body), PIECE):
        yield bytes(body[at : at + PIECE])


def _tab(sheet: Sheet) -> str:
    """Give what a sheet is called, in both languages where there is room."""
    name = f"{sheet.zh} {sheet.name}"
    return name if len(name) <= LONGEST_TAB and not BARRED.search(name) else sheet.name


def _about(page: Any, workbook: Workbook, formats: dict[str, Any]) -> None:  # noqa: ANN401
    """Write what a reader must know first."""
    widths = (30, 70, 70)
    for at, width in enumerate(widths):
        page.set_column(at, at, width)
    page.hide_gridlines(2)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    rows: list[tuple[str, str, str]] = [(workbook.zh, "", ""), (workbook.en, "", ""), ("", "", "")]
    rows += [(FACTS.get(name, name), value, "") for name, value in workbook.facts.items()]
    rows += [("", "", ""), ("怎样读 How to read", "", "")]
    rows += [("", zh.replace("`", ""), en.replace("`", "")) for zh, en in RULES]
    rows += [("", "", ""), ("工作表 Sheets", "", "")]
    rows += [(f"{it.zh} {it.name}", it.en, it.note) for it in workbook.sheets]
    rows += [("", "", ""), ("标识的前缀 Prefixes of ids", "", "")]
    rows += [(f"{prefix}:", iri, "") for prefix, iri in PREFIXES.items()]
    for at, row in enumerate(rows):
        look = formats["title" if at < HEADS else "head" if row[0] and not row[1] else "text"]
        lines = max(map(_height, row, widths)) if at >= HEADS else 1.5
        page.set_row(at, LINE * lines)
        for place, text in enumerate(row):
            if text:
                page.write_string(at, place, text, look)


FACTS: Final = {
    "release": "发布版 Release",
    "version": "版本 Version",
    "licence": "许可 Licence",
    "licence_zh": "许可（中） Licence (zh)",
    "source": "来源 Source",
    "source_en": "来源（英） Source (en)",
    "homepage": "主页 Home page",
    "citation": "引用格式 How to cite",
    "generator": "生成程序 Made by",
}
"""Name of a fact -> its label."""


def _dictionary(page: Any, workbook: Workbook, formats: dict[str, Any]) -> None:  # noqa: ANN401
    """Write what every column holds."""
    heads = ("工作表 Sheet", "列 Column", "中文", "English", "类型 Type", "定义 Definition")
    for at, (head, width) in enumerate(zip(heads, (18, 24, 20, 28, 24, 90), strict=True)):
        page.set_column(at, at, width)
        page.write_string(0, at, head, formats["head"])
    rows = [
        (sheet.name, column.name, column.zh, column.en, kind, column.note)
        for sheet in workbook.sheets
        for column in sheet.columns
        for kind in (_kind(sheet, column),)
    ]
    for at, row in enumerate(rows, 1):
        page.set_row(at, LINE * _height(row[-1], 90))
        for place, text in enumerate(row):
            page.write_string(at, place, text, formats["text"])
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.freeze_panes(1, 2)
    page.autofilter(0, 0, len(rows), len(heads) - 1)


def _kind(sheet: Sheet, column: Column) -> str:
    link = sheet.links.get(column.name, "")
    return f"{kind_told(column, '', 0)} {kind_told(column, link, 1)}"


def _sheet(page: Any, sheet: Sheet, formats: dict[str, Any], watch: Watch) -> None:  # noqa: ANN401
    """Write a table."""
    widths = []
    for at, column in enumerate(sheet.columns):
        # one row of heads in two lines: pivot tables take the first row for the names of fields
        page.write_string(0, at, f"{column.zh}\n{column.en}", formats["head"])
        widths.append(_width(column, (row[at] for row in sheet.rows[:LOOKED_AT])))
        page.set_column(at, at, widths[at])
    page.set_row(0, LINE * 2)
    for at, values in enumerate(watch(sheet.rows), 1):
        row = _Row(sheet.name, values[0], formats)
        page.set_row(at, LINE * min(MOST_LINES, max(map(_height, values, widths))))
        for place, (column, value) in enumerate(zip(sheet.columns, values, strict=True)):
            if value is not None:
                _write(page, (at, place), value, column, row)
    page.set_landscape()
    page.set_paper(A3)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.freeze_panes(1, 2)
    page.autofilter(0, 0, max(len(sheet.rows), 1), len(sheet.columns) - 1)


def _width(column: Column, values: Iterable[Cell]) -> int:
    """Give the width that shows most of a column, within bounds."""
    texts = (str(value)[:WIDEST] for value in values if value is not None)
    shown = max(map(_shown, (column.zh, column.en, *texts)))
    return max(NARROWEST, min(WIDEST, shown + 3))


def _height(value: Cell, width: int) -> int:
    """Give the lines that a value takes in a column of a width."""
    text = MANY.join(value) if isinstance(value, tuple) else value
    if not isinstance(text, str) or (2 * len(text) < width and "\n" not in text):
        return 1
    return sum(-(-_shown(line) // width) or 1 for line in text[:LOOKED_AT].split("\n"))


def _shown(text: str) -> int:
    """Give the width of a text's first line, in letters of Latin."""
    # Two bytes of GB 18030 are a Chinese character, one is a letter of Latin.
    return len(text.partition("\n")[0].encode("gb18030"))


def _write(page: Any, place: tuple[int, int], value: Cell, column: Column, row: _Row) -> None:  # noqa: ANN401
    """Write a value as what it is."""
    if isinstance(value, bool):
        page.write_boolean(*place, value, row.formats["text"])
    elif isinstance(value, int | float):
        if isinstance(value, int) and abs(value) > EXACT:
            raise row.refused(column, "超过 15 位的整数", "a whole number of more than 15 digits")
        page.write_number(*place, value, row.formats.get(column.kind, row.formats["text"]))
    elif column.kind == DATE and isinstance(value, str):
        if value < FIRST_DAY:
            raise row.refused(column, f"{FIRST_DAY} 以前的日期", f"a day before {FIRST_DAY}")
        page.write_datetime(*place, date.fromisoformat(value), row.formats[DATE])
    else:
        page.write_string(*place, _text(value, column, row), row.formats["text"])


def _text(value: Cell, column: Column, row: _Row) -> str:
    """Give a text, or several joined.

    Raises:
        UsageError: Excel cannot hold it.
    """
    if isinstance(value, tuple) and any(MANY in item for item in value):
        raise row.refused(column, f"含 {MANY} 的多个值", f"several values with {MANY} in them")
    text = MANY.join(value) if isinstance(value, tuple) else str(value)
    if found := UNSEEN.search(text):
        code = f"U+{ord(found[0]):04X}"
        raise row.refused(column, f"控制字符 {code}", f"the control character {code}")
    if len(text) > LONGEST // 2 and len(text.encode("utf-16-le")) > 2 * LONGEST:
        raise row.refused(
            column, f"超过 {LONGEST} 字的文本", f"a text of over {LONGEST} characters"
        )
    if not text:
        raise row.refused(
            column, "空文本（与没有值无法区分）", "an empty text, which looks like no value"
        )
    return text


@dataclass(frozen=True)
class _Row:
    """What is told of a value that cannot be written, and how cells look."""

    sheet: str
    key: Cell
    formats: dict[str, Any]

    def refused(self, column: Column, zh: str, en: str) -> UsageError:
        """Say what Excel cannot hold, and where it stands."""
        place = clipped(f"{self.sheet} {self.key} {column.name}")
        return UsageError(
            f"{place}：Excel 无法保存{zh}，请用 Parquet",
            f"{place}: Excel cannot hold {en}; Parquet can",
        )
