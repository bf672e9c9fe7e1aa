"""CSV with its data package: other readers find the same, and no spreadsheet runs a text."""

from __future__ import annotations

import csv
import hashlib
import json
from typing import TYPE_CHECKING, Any

import frictionless
import pandas as pd
import pytest
from frictionless.resources import TableResource
from graph_fixtures import ROOT, real_project, run_python
from hypothesis import given
from hypothesis import strategies as st
from sample_tables import (
    CODE,
    FACTS,
    TARGET,
    TEXTS,
    cell_of,
    files_of,
    one_text,
    real_tables,
    small,
    toy_tables,
    written,
)

from kg.errors import UsageError
from kg.exports.base import unwatched
from kg.exports.columns import BOOLEAN, DOUBLE, INTEGER, Column
from kg.exports.datapackage import guarded, unguarded, write_datapackage
from kg.exports.sheets import DATE, Sheet, Workbook

if TYPE_CHECKING:
    from pathlib import Path

pytest_plugins = ["open_graphs"]


@pytest.fixture(scope="module")
def folder(tables: Workbook, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the real tables as a folder."""
    return written(write_datapackage, tables, tmp_path_factory.mktemp("csv"))


def rows_of(path: Path) -> list[dict[str, str]]:
    """Read a file by the standard library, its guards taken off."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [{k: unguarded(v) for k, v in row.items()} for row in csv.DictReader(file)]


# --- read back ----------------------------------------------------------------------------------


def test_csv_reads_the_same(tables: Workbook, folder: Path) -> None:
    """Every cell of every table comes back."""
    for sheet in tables.sheets:
        rows = rows_of(folder / f"{sheet.name}.csv")
        assert len(rows) == len(sheet.rows)
        for found, row in zip(rows, sheet.rows, strict=True):
            assert [*found.values()] == [plain(value) for value in row]


def plain(value: object) -> str:
    """Give a value as CSV has it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return "|".join(value) if isinstance(value, tuple) else str(value)


def test_pandas_reads_the_same(tables: Workbook, folder: Path) -> None:
    """Counts, a label, a quote, a day and a number, as a researcher would read them."""
    targets = pd.read_csv(folder / "targets.csv", index_col="target", parse_dates=["latest"])
    assert len(targets) == 384
    assert targets.loc[TARGET, "regionLabel"] == "北京"
    assert targets.loc[TARGET, "quote"] == cell_of(tables, "targets", TARGET, "quote")
    assert targets.loc[TARGET, "latest"] == pd.Timestamp("2025-12-31")
    quantities = pd.read_csv(folder / "quantities.csv", index_col="quantity")
    assert quantities.loc[f"{TARGET}.quantity.1", "value"] == 90.0


@pytest.mark.parametrize("make", [real_tables, toy_tables])
def test_frictionless_finds_it_valid(
    make: Any,  # noqa: ANN401 -- a function of the fixture
    tmp_path_factory: pytest.TempPathFactory,
    tmp_path: Path,
) -> None:
    """Types, keys, foreign keys, sizes and checksums hold, by an independent validator."""
    written(write_datapackage, make(tmp_path_factory), tmp_path)
    report = frictionless.validate(str(tmp_path / "datapackage.json"))
    assert report.flatten(["title", "message"]) == []
    assert report.valid
    assert len(report.tasks) == len(make(tmp_path_factory).sheets)


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("t:1,r:1", "t:1,r:3", "foreign-key"),
        ("t:1,r:1", "t:1,", "constraint-error"),
        ("t:2,r:2", "t:1,r:2", "primary-key"),
        ("2022-12-31", "2022-13-31", "type-error"),
        ("-0.5", "half", "type-error"),
        ("true", "yes", "type-error"),
        (",3,", ",3.5,", "type-error"),
    ],
)
def test_frictionless_finds_what_is_wrong(tmp_path: Path, old: str, new: str, error: str) -> None:
    """The package says enough for a fault to be seen."""
    columns = (
        Column("target"), Column("region"), Column("count", INTEGER), Column("share", DOUBLE),
        Column("so", BOOLEAN), Column("day", DATE),
    )  # fmt: skip
    rows = (("t:1", "r:1", 3, -0.5, True, "2022-12-31"), ("t:2", "r:2", None, None, None, None))
    required = frozenset({"target", "region"})
    links = {"region": "regions"}
    targets = Sheet("targets", "目标", "Targets", "", columns, rows, links, required)
    regions = Sheet("regions", "地区", "Regions", "", (Column("region"),), (("r:1",), ("r:2",)))
    written(write_datapackage, Workbook("x", "小", "Small", (targets, regions)), tmp_path)
    package = tmp_path / "datapackage.json"
    assert frictionless.validate(str(package)).valid
    path = tmp_path / "targets.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="")
    report = frictionless.validate(str(package))
    assert error in {kind for (kind,) in report.flatten(["type"])}


# --- for Excel and for readers ------------------------------------------------------------------


def test_excel_shows_chinese(folder: Path) -> None:
    """A byte order mark says UTF-8, once, and lines end as RFC 4180 has it."""
    body = (folder / "regions.csv").read_bytes()
    assert body.startswith("\ufeffregion,".encode())
    assert body.count("\ufeff".encode()) == 1
    assert body.replace(b"\r\n", b"").count(b"\r") == 0
    assert body.count(b"\r\n") == 45


def test_the_package_says_what_it_holds(folder: Path, tables: Workbook) -> None:
    """Labels in both languages, definitions, licence, source and release stand in it."""
    told = json.loads((folder / "datapackage.json").read_bytes())
    assert told["release"] == FACTS["release"]
    assert told["licenses"][0]["name"] == "CC-BY-4.0"
    assert told["sources"][0]["title"].startswith("2021年各地“数字政府”建设政策及措施.")
    assert [it["name"] for it in told["resources"]] == [it.name for it in tables.sheets]
    (targets,) = [it for it in told["resources"] if it["name"] == "targets"]
    fields = {it["name"]: it for it in targets["schema"]["fields"]}
    assert fields["latest"]["title"] == "最晚日期 / Latest day"
    assert fields["latest"]["type"] == "date"
    assert "The last day" in fields["latest"]["description"]
    assert fields["theme"]["delimiter"] == "|"
    assert fields["target"]["constraints"] == {"required": True, "unique": True}
    assert targets["schema"]["primaryKey"] == ["target"]
    links = {key["fields"][0]: key["reference"] for key in targets["schema"]["foreignKeys"]}
    assert links["region"] == {"resource": "regions", "fields": ["region"]}
    body = (folder / "targets.csv").read_bytes()
    assert targets["bytes"] == len(body)
    assert targets["hash"] == f"sha256:{hashlib.sha256(body).hexdigest()}"


def test_the_dictionary_is_in_the_folder(folder: Path) -> None:
    """A reader without a program finds what each column is."""
    text = (folder / "README.md").read_text(encoding="utf-8")
    assert "| `latest` | 最晚日期 | Latest day | 日期 date |" in text
    assert "`not-read`" in text


def test_the_bytes_are_the_same_each_time(
    tables: Workbook, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Not even the order of hashing changes them."""
    code = CODE.format(module=write_datapackage.__module__, name="write_datapackage", facts=FACTS)
    project = real_project(tmp_path_factory)
    runs = [
        run_python(code, str(project.build), str(ROOT), environment={"PYTHONHASHSEED": seed})
        for seed in "12"
    ]
    digest = hashlib.sha256(b"".join(files_of(write_datapackage, tables).values())).hexdigest()
    assert [run.stdout.decode().strip() for run in runs] == [digest, digest]


def test_large_tables_come_in_pieces(tables: Workbook) -> None:
    """No piece is much larger than others, and each row is looked at."""
    seen = 0
    for name, pieces in write_datapackage(tables, unwatched):
        sizes = [len(piece) for piece in pieces]
        seen += len(sizes)
        assert max(sizes) < 400_000, name
    assert seen > 40


# --- texts that spreadsheets run, and others that are hard ----------------------------------------


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: ascii(text[:12]))
def test_a_text_comes_back(text: str, tmp_path: Path) -> None:
    """By the standard library, pandas and frictionless, the guard taken off."""
    written(write_datapackage, one_text(text), tmp_path)
    path = tmp_path / "things.csv"
    assert rows_of(path)[0]["text"] == text
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    assert unguarded(frame["text"][0]) == text
    package = frictionless.Package(str(tmp_path / "datapackage.json"))
    resource = package.get_resource("things")
    assert isinstance(resource, TableResource)
    assert unguarded(resource.read_rows()[0]["text"]) == text


@pytest.mark.parametrize("text", [it for it in TEXTS if it[0] in "=+-@\t\r\n＝"])
def test_no_spreadsheet_runs_a_text(text: str) -> None:
    """Nothing that a spreadsheet takes for a formula stands first in its cell."""
    assert guarded(text) == f"'{text}"


@given(st.text())
def test_guards_come_off(text: str) -> None:
    """Whatever the text, guarding and taking the guard off gives it back."""
    assert unguarded(guarded(text)) == text
    assert guarded(text)[:1] not in set("=+-@\t\r\n＝＋－＠")


def test_numbers_are_not_guarded(tmp_path: Path) -> None:
    """A negative number is a number."""
    book = small(("kgr:a", None, -3, -0.5, True, "2021-01-01", ("=a", "b")))
    written(write_datapackage, book, tmp_path)
    body = (tmp_path / "things.csv").read_text(encoding="utf-8-sig")
    assert body.splitlines()[1] == "kgr:a,,-3,-0.5,true,2021-01-01,'=a|b"


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (("kgr:a", ""), "things kgr:a text: CSV cannot hold an empty text"),
        (("kgr:a", "a\0b"), "things kgr:a text: CSV cannot hold a NUL"),
        (("kgr:a", None, 1, 1.0, True, None, ("a|b",)), r"several: CSV .* holds \|"),
        (("kgr:a", None, 1, 1.0, True, None, ("",)), "several: CSV cannot hold an empty text"),
        (("kgr:a", None, 1, 1.0, True, None, ("a", "")), "several: CSV cannot hold an empty text"),
    ],
)
def test_what_could_be_mistaken_is_refused(row: Any, told: str) -> None:  # noqa: ANN401
    """The place is named, and what can hold it."""
    with pytest.raises(UsageError, match=told) as caught:
        files_of(write_datapackage, small(row))
    assert "Parquet" in caught.value.zh
