"""Parquet: other readers find the same values and types, and labels with them."""

from __future__ import annotations

import hashlib
import json
import sys
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from graph_fixtures import ROOT, real_project, run_python
from sample_tables import CODE, FACTS, TARGET, TEXTS, files_of, small, written

from kg.errors import UsageError
from kg.exports.columns import MANY
from kg.exports.parquet import write_parquet
from kg.exports.sheets import DATE

if TYPE_CHECKING:
    from pathlib import Path

    from kg.exports.sheets import Workbook

pytest_plugins = ["open_graphs"]

QUOTE: Final = "九成政务服务事项将实现“全城通办”"


@pytest.fixture(scope="module")
def folder(tables: Workbook, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the real tables as a folder."""
    return written(write_parquet, tables, tmp_path_factory.mktemp("parquet"))


# --- read back ----------------------------------------------------------------------------------


def test_every_cell_comes_back(tables: Workbook, folder: Path) -> None:
    """Values, lists, days and what is missing are as they were."""
    for sheet in tables.sheets:
        rows = pq.read_table(folder / f"{sheet.name}.parquet").to_pylist()
        assert len(rows) == len(sheet.rows)
        for found, row in zip(rows, sheet.rows, strict=True):
            assert [plain(value) for value in found.values()] == [*row]


def plain(value: object) -> object:
    """Give a value as tables have it."""
    if isinstance(value, list):
        return tuple(value)
    return value.isoformat() if isinstance(value, date) else value


def test_duckdb_reads_it(folder: Path) -> None:
    """Counts, a label, a quote, a day, a number, a list and a join, in SQL."""
    with duckdb.connect() as database:

        def asked(sql: str) -> Any:  # noqa: ANN401 -- a row of anything
            return database.execute(sql).fetchone()

        for name in ("targets", "quantities", "claims"):
            database.read_parquet(str(folder / f"{name}.parquet")).create_view(name)
        assert asked("SELECT count(*) FROM targets") == (384,)
        assert asked(
            "SELECT target, targets.regionLabel, targets.quote, targets.latest, len(theme), "
            "value, strengthLabel FROM targets JOIN quantities ON claim = target "
            "WHERE targets.regionLabel = '北京'"
        ) == (TARGET, "北京", QUOTE, date(2025, 12, 31), 1, 90.0, "约束")
        assert asked(
            "SELECT count(DISTINCT region) FROM (SELECT region, unnest(concept) AS concept "
            "FROM claims) WHERE concept = 'kgc:yi-wang-tong-ban'"
        ) > (5,)


def test_pandas_reads_it(folder: Path) -> None:
    """A day is a day, a whole number whole."""
    targets = pd.read_parquet(folder / "targets.parquet").set_index("target")
    assert len(targets) == 384
    assert targets.loc[TARGET, "quote"] == QUOTE
    assert targets.loc[TARGET, "latest"] == date(2025, 12, 31)
    assert targets["line"].dtype == "int64"


def test_polars_reads_it(folder: Path) -> None:
    """Types are polars' own."""
    targets = pl.read_parquet(folder / "targets.parquet")
    assert targets.height == 384
    assert targets.schema["latest"] == pl.Date()
    assert targets.schema["concept"] == pl.List(pl.String())
    row = targets.row(by_predicate=pl.col("target") == TARGET, named=True)
    assert (row["regionLabel"], row["latest"], row["line"]) == ("北京", date(2025, 12, 31), 89)


def test_columns_have_their_types(folder: Path) -> None:
    """Whole numbers, numbers, truths, days and lists, also where no value is."""
    schema = pq.read_schema(folder / "claims.parquet")
    assert schema.field("line").type == pa.int64()
    assert schema.field("asOf").type == pa.date32()
    assert schema.field("fromHeading").type == pa.bool_()
    assert schema.field("context").type == pa.list_(pa.string())
    assert pq.read_schema(folder / "quantities.parquet").field("value").type == pa.float64()


def test_labels_are_in_the_metadata(folder: Path) -> None:
    """A file says what it and its columns are, without the folder."""
    schema = pq.read_schema(folder / "targets.parquet")
    told = {key.decode(): text.decode() for key, text in schema.metadata.items()}
    assert (told["zh"], told["en"], told["release"]) == ("目标", "Targets", FACTS["release"])
    field = schema.field("latest").metadata
    assert field[b"zh"].decode() == "最晚日期"
    assert b"The last day" in field[b"note"]


def test_the_folder_says_what_it_holds(folder: Path, tables: Workbook) -> None:
    """A package names each file, and lists are lists."""
    told = json.loads((folder / "datapackage.json").read_bytes())
    assert [it["path"] for it in told["resources"]] == [
        f"{it.name}.parquet" for it in tables.sheets
    ]
    fields = {it["name"]: it for it in told["resources"][4]["schema"]["fields"]}
    assert (fields["theme"]["type"], fields["latest"]["type"]) == ("array", DATE)
    assert all(MANY not in str(it.get("delimiter")) for it in fields.values())
    assert (folder / "README.md").exists()


def test_the_bytes_are_the_same_each_time(
    tables: Workbook, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Not even the order of hashing changes them."""
    code = CODE.format(module=write_parquet.__module__, name="write_parquet", facts=FACTS)
    project = real_project(tmp_path_factory)
    runs = [
        run_python(code, str(project.build), str(ROOT), environment={"PYTHONHASHSEED": seed})
        for seed in "12"
    ]
    digest = hashlib.sha256(b"".join(files_of(write_parquet, tables).values())).hexdigest()
    assert [run.stdout.decode().strip() for run in runs] == [digest, digest]


# --- what is hard -------------------------------------------------------------------------------

HARD: Final = (*TEXTS, "", "a\0b", "\x01\x7f\x85", "\r\n", "长" * 40_000)


def test_any_text_comes_back(tmp_path: Path) -> None:
    """Parquet holds what other formats refuse."""
    rows = [
        (f"kgr:{at:02}", text, None, None, None, None, (text, "|")) for at, text in enumerate(HARD)
    ]
    written(write_parquet, small(*rows), tmp_path)
    path = tmp_path / "things.parquet"
    found = pq.read_table(path).to_pydict()
    assert found["text"] == list(HARD)
    assert found["several"] == [[text, "|"] for text in HARD]
    with duckdb.connect() as database:
        rows_found = database.read_parquet(str(path)).order("key").fetchall()
    assert [row[1] for row in rows_found] == list(HARD)
    assert pl.read_parquet(path)["text"].to_list() == list(HARD)


def test_numbers_and_days_at_their_ends_come_back(tmp_path: Path) -> None:
    """The largest numbers and the first days are as they were."""
    rows = [
        ("a", None, 2**63 - 1, 1.7976931348623157e308, True, "0001-01-01"),
        ("b", None, -(2**63), 5e-324, False, "9999-12-31"),
    ]
    written(write_parquet, small(*rows), tmp_path)
    found = pq.read_table(tmp_path / "things.parquet").to_pydict()
    assert found["count"] == [2**63 - 1, -(2**63)]
    assert found["share"] == [1.7976931348623157e308, 5e-324]
    assert found["day"] == [date.min, date.max]


def test_an_empty_table_is_a_file(tmp_path: Path) -> None:
    """A table without rows has its columns."""
    written(write_parquet, small(), tmp_path)
    table = pq.read_table(tmp_path / "things.parquet")
    assert (table.num_rows, table.num_columns) == (0, 7)


def test_without_pyarrow_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra is named in both languages."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UsageError, match=r"'\.\[export\]'") as caught:
        files_of(write_parquet, small())
    assert ".[export]" in caught.value.zh
