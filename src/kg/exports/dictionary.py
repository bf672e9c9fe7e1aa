"""The data dictionary: what the tables and their columns hold, for readers, in both languages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from kg.exports.columns import BOOLEAN, DOUBLE, INTEGER, STRING
from kg.exports.sheets import DATE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.exports.columns import Column
    from kg.exports.sheets import Sheet, Workbook

__all__ = ["RULES", "TYPES", "dictionary", "kind_told"]

RULES_TEXT: Final = """
每个表一类事物，每行一个，第一列是它的标识，按标识排序。标识是缩写的 IRI：
`kgr:guangdong` 即 `https://w3id.org/dgkg/id/region/guangdong`，
在浏览器、SPARQL 与其他导出格式中都一样。

A table is a class, a row is a thing, its first column its id, by which rows are sorted.
Ids are shortened IRIs: `kgr:guangdong` is `https://w3id.org/dgkg/id/region/guangdong`,
in a browser, in SPARQL and in every other format.

某列是事物的标识时，其后有中文（`…Label`）与英文（`…LabelEn`）标签。多值之中没有标签的，写标识。

Behind a column of ids stand their labels in Chinese (`…Label`) and English (`…LabelEn`).
Where there are several, what has no label is called by its id.

标为“多值”的列可有几个值：Parquet 中是列表，CSV 与 Excel 中以 `|` 分隔；标识与其标签次序相同。

A column marked “several” may have several values: a list in Parquet, joined by `|` in CSV and
Excel; ids and their labels are in the same order.

空单元格即原文没有说，或不适用，各表有说明；从不等于“没有”。
省级地区没有章节的，地区表的“可读程度”为 `not-read`（未读到）：
其有无不得而知，不可算作“所读文本未提”。

An empty cell means that the text does not say it or that it does not apply, as each table
tells; never that there is none. A province-level region without a section has the `reading`
`not-read` in `regions`: nothing can be said of it, not even “not in the text”.

日期是期限允许的最后一天（`latest`），
须连同时间精度（`precision`）与时间原文（`dateWording`）一起读：
“到2022年”与“到2022年底”都是 2022-12-31，由精度区分。

A date is the last day meant (`latest`), to be read with its `precision` and its wording
(`dateWording`): “by 2022” and “by the end of 2022” are both 2022-12-31, told apart by the
precision.

起止（`start`、`end`）是在来源全文中的位置，以 Unicode 码点计，从 0 起，不含止点；
行号从 1 起。引文一字不改，引文中的换行照录。

`start` and `end` are places in the whole text of the source, in Unicode code points from 0, the
end not included; lines count from 1. Quotes are as received, line breaks too.

CSV 中以 `=`、`+`、`-`、`@`（含全角）、制表符或换行开头的文本前面加一个撇号，
以免电子表格当作公式执行；已是撇号加上述字符的，再加一个。
读入程序时去掉这一个撇号即可复原。数字与日期不变。

In CSV a text that begins with `=`, `+`, `-`, `@` (full-width ones too), a tab or a line end has
an apostrophe before it, so that no spreadsheet runs it as a formula; so has one that begins with
apostrophes and one of these. Take that one apostrophe off to have the text back. Numbers and
dates are as they are.
"""


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    """Give each rule in Chinese and English, on one line each."""
    parts = [part.splitlines() for part in text.strip().split("\n\n")]
    return tuple(
        ("".join(zh), " ".join(en)) for zh, en in zip(parts[::2], parts[1::2], strict=True)
    )


RULES: Final = _pairs(RULES_TEXT)
"""What holds for every table, in Chinese and English."""

TYPES: Final = {
    STRING: ("文本", "text"),
    INTEGER: ("整数", "integer"),
    DOUBLE: ("数", "number"),
    BOOLEAN: ("真假", "true or false"),
    DATE: ("日期", "date"),
}
"""Kind of a column -> what it is called in Chinese and English."""

MARKUP: Final = re.compile(r"([\\|<>*_`\[\]])")


def dictionary(workbook: Workbook) -> str:
    """Give the data dictionary in Markdown, Chinese first."""
    return "\n".join(_lines(workbook))


def kind_told(column: Column, link: str, language: int) -> str:
    """Say what a column holds, in Chinese (0) or English (1)."""
    kind = TYPES[column.kind][language]
    if column.many:
        kind = f"{kind}，多值" if language == 0 else f"{kind}, several"
    return f"{kind} → {link}" if link else kind


def _lines(workbook: Workbook) -> Iterator[str]:
    yield f"# {workbook.zh} · {workbook.en}"
    yield ""
    for zh, en in RULES:
        yield f"- {zh}  "
        yield f"  {en}"
    yield ""
    yield "| 表 table | | | |"
    yield "|---|---|---|--:|"
    for sheet in workbook.sheets:
        columns = len(sheet.columns)
        yield f"| [{sheet.name}](#{sheet.name}) | {sheet.zh} | {sheet.en} | {columns} 列 columns |"
    for sheet in workbook.sheets:
        yield from _sheet(sheet)


def _sheet(sheet: Sheet) -> Iterator[str]:
    yield ""
    yield f"## {sheet.name}"
    yield ""
    yield f"{sheet.zh} · {sheet.en}"
    yield ""
    yield sheet.note
    yield ""
    yield "| 列 column | 中文 | English | 类型 type | 定义 definition |"
    yield "|---|---|---|---|---|"
    for column in sheet.columns:
        link = sheet.links.get(column.name, "")
        kind = " ".join(kind_told(column, "", language) for language in (0, 1))
        kind += f" → [{link}](#{link})" if link else ""
        note = MARKUP.sub(r"\\\1", column.note)
        yield f"| `{column.name}` | {column.zh} | {column.en} | {kind} | {note} |"
    yield ""
