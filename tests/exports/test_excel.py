"""The Excel workbook: types, heads, widths; texts stay texts; what cannot be held is refused."""

from __future__ import annotations

import hashlib
import io
import zipfile
from datetime import datetime
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from graph_fixtures import ROOT, real_project, run_python
from openpyxl.utils import get_column_letter
from sample_tables import CODE, FACTS, TARGET, TEXTS, one_text, small

from kg.errors import UsageError
from kg.exports.base import unwatched
from kg.exports.excel import LONGEST, write_excel

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from kg.exports.sheets import Workbook

pytest_plugins = ["open_graphs"]


@pytest.fixture(scope="module")
def body(tables: Workbook) -> bytes:
    """Give the real tables as a workbook."""
    return written(tables)


@pytest.fixture(scope="module")
def book(body: bytes) -> openpyxl.Workbook:
    """Give the real workbook as another program reads it."""
    return openpyxl.load_workbook(io.BytesIO(body))


def written(book: Workbook) -> bytes:
    """Write a workbook."""
    return b"".join(write_excel(book, unwatched))


def page(book: openpyxl.Workbook, name: str) -> Worksheet:
    """Give the sheet of a table."""
    (found,) = [it for it in book.worksheets if it.title.endswith(f" {name}") or it.title == name]
    return found


# --- read back ----------------------------------------------------------------------------------


def test_every_cell_comes_back(tables: Workbook, book: openpyxl.Workbook) -> None:
    """Every value of every table is in its cell, of its type."""
    for sheet in tables.sheets:
        rows = list(page(book, sheet.name).iter_rows(min_row=2, values_only=True))
        assert len(rows) == len(sheet.rows), sheet.name
        for found, row in zip(rows, sheet.rows, strict=True):
            assert [plain(value) for value in found] == [joined(value) for value in row]


def plain(value: object) -> object:
    """Give a value as tables have it."""
    return value.date().isoformat() if isinstance(value, datetime) else value


def joined(value: object) -> object:
    """Give a value as a cell has it."""
    return "|".join(value) if isinstance(value, tuple) else value


def test_days_numbers_and_truths_are_such(book: openpyxl.Workbook, tables: Workbook) -> None:
    """They can be sorted, summed and filtered."""
    sheet = next(it for it in tables.sheets if it.name == "targets")
    at = {column.name: place for place, column in enumerate(sheet.columns)}
    row = next(row for row in page(book, "targets").iter_rows(min_row=2) if row[0].value == TARGET)
    assert row[at["regionLabel"]].value == "北京"
    assert row[at["quote"]].value == "九成政务服务事项将实现“全城通办”"
    assert (plain(row[at["latest"]].value), row[at["latest"]].data_type) == ("2025-12-31", "d")
    assert row[at["latest"]].number_format == "yyyy-mm-dd"
    assert (row[at["line"]].value, row[at["line"]].data_type) == (89, "n")
    assert (row[at["fromHeading"]].value, row[at["fromHeading"]].data_type) == (False, "b")


def test_heads_are_in_both_languages(book: openpyxl.Workbook, tables: Workbook) -> None:
    """One row, which pivot tables take for the names of fields; it is frozen and has filters."""
    for sheet in tables.sheets:
        it = page(book, sheet.name)
        heads = [cell.value for cell in it[1]]
        assert heads == [f"{column.zh}\n{column.en}" for column in sheet.columns]
        assert len(set(heads)) == len(heads)
        assert it.freeze_panes == "C2"
        assert it.auto_filter.ref is not None
        assert it.auto_filter.ref.startswith("A1:")


def test_chinese_is_given_room(book: openpyxl.Workbook) -> None:
    """A short Chinese text fits its column, a long one is wrapped and its row higher."""
    it = page(book, "targets")
    heads = [str(cell.value).partition("\n")[0] for cell in it[1]]
    widths = {
        head: it.column_dimensions[get_column_letter(at)].width for at, head in enumerate(heads, 1)
    }
    assert 8 <= widths["地区"] <= 16
    assert widths["语境引文"] > 40
    assert it.cell(2, heads.index("引文") + 1).alignment.wrap_text
    heights = {it.row_dimensions[row].height or 15 for row in range(2, 300)}
    assert len(heights) > 2
    assert max(heights) == 75


def test_the_first_page_says_what_this_is(book: openpyxl.Workbook, tables: Workbook) -> None:
    """Release, licence, citation, and what each sheet is."""
    it = book.worksheets[0]
    assert it.title == "说明 About"
    rows = {str(row[0]): row[1:] for row in it.iter_rows(values_only=True) if row[0]}
    assert rows["发布版 Release"][0] == FACTS["release"]
    assert rows["许可 Licence"][0] == FACTS["licence"]
    assert rows["引用格式 How to cite"][0] == FACTS["citation"]
    for sheet in tables.sheets:
        assert rows[f"{sheet.zh} {sheet.name}"] == (sheet.en, sheet.note)
    assert [row[1] for row in it.iter_rows(values_only=True) if "从不等于“没有”" in str(row[1])]


def test_the_dictionary_is_inside(book: openpyxl.Workbook, tables: Workbook) -> None:
    """Every column of every sheet is explained on the second page."""
    rows = list(book.worksheets[1].iter_rows(min_row=2, values_only=True))
    assert [row[:2] for row in rows] == [
        (sheet.name, column.name) for sheet in tables.sheets for column in sheet.columns
    ]
    told = {row[:2]: row for row in rows}
    assert told["targets", "latest"][2:5] == ("最晚日期", "Latest day", "日期 date")
    assert told["targets", "region"][4] == "文本 text → regions"


def test_the_bytes_are_the_same_each_time(
    body: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """No clock and no order of hashing changes them."""
    code = CODE.format(module=write_excel.__module__, name="write_excel", facts=FACTS)
    project = real_project(tmp_path_factory)
    runs = [
        run_python(
            code, str(project.build), str(ROOT), environment={"PYTHONHASHSEED": seed, "TZ": zone}
        )
        for seed, zone in (("1", "UTC"), ("2", "Asia/Shanghai"))
    ]
    digest = hashlib.sha256(body).hexdigest()
    assert [run.stdout.decode().strip() for run in runs] == [digest, digest]


# --- texts stay texts ---------------------------------------------------------------------------


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: ascii(text[:12]))
def test_a_text_is_a_text(text: str) -> None:
    """No formula, no link, no number: what was written is shown."""
    body = written(one_text(text))
    cell = page(openpyxl.load_workbook(io.BytesIO(body)), "things")["B2"]
    assert cell.data_type == "s"
    assert cell.hyperlink is None
    assert cell.value == text
    with zipfile.ZipFile(io.BytesIO(body)) as file:
        assert b"<f>" not in file.read("xl/worksheets/sheet3.xml")


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (("kgr:a", ""), "text: Excel cannot hold an empty text"),
        (("kgr:a", "a\0b"), r"things kgr:a text: Excel cannot hold the control character U\+0000"),
        (("kgr:a", "a\rb"), r"the control character U\+000D"),
        (("kgr:a", "a\x1bb"), r"the control character U\+001B"),
        (("kgr:a", "\ufffe"), r"U\+FFFE"),
        (("kgr:a", "长" * (LONGEST + 1)), "a text of over 32767 characters"),
        (("kgr:a", "🙂" * (LONGEST // 2 + 1)), "a text of over 32767 characters"),
        (("kgr:a", None, 2**53 + 1), "count: Excel cannot hold a whole number"),
        (("kgr:a", None, None, None, None, "1900-02-28"), "day: Excel cannot hold a day before"),
        (("kgr:a", None, None, None, None, None, ("a|b",)), r"several values with \| in them"),
    ],
)
def test_what_excel_cannot_hold_is_refused(row: Any, told: str) -> None:  # noqa: ANN401
    """The place is named, and what can hold it."""
    with pytest.raises(UsageError, match=told) as caught:
        written(small(row))
    assert "Parquet" in caught.value.zh


def test_what_excel_just_holds_is_written() -> None:
    """The longest text, the largest exact number and the first day."""
    rows = [
        ("a", "长" * LONGEST, 2**53, -1.5, True, "1900-03-01"),
        ("b", "🙂" * (LONGEST // 2), -(2**53), 1e300, False, "9999-12-31"),
    ]
    it = page(openpyxl.load_workbook(io.BytesIO(written(small(*rows)))), "things")
    found = [[plain(cell) for cell in row[:6]] for row in it.iter_rows(min_row=2, values_only=True)]
    assert found == [list(row) for row in rows]


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sheet has so many rows and no more."""
    monkeypatch.setattr("kg.exports.excel.ROWS", 3)
    written(small(("a",), ("b",)))
    with pytest.raises(UsageError, match="the table things has 3 rows, Excel 3"):
        written(small(("a",), ("b",), ("c",)))
