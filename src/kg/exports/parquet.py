"""Tables as Parquet: typed columns, lists, days; labels and notes in the metadata of the fields."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from kg.errors import NotInstalledError
from kg.exports.columns import BOOLEAN, DOUBLE, INTEGER, STRING
from kg.exports.descriptor import descriptor
from kg.exports.dictionary import dictionary
from kg.exports.sheets import DATE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.exports.base import Watch
    from kg.exports.columns import Cell, Column
    from kg.exports.sheets import Sheet, Workbook

__all__ = ["check_parquet", "write_parquet"]

TYPES: Final = {
    STRING: "string",
    INTEGER: "int64",
    DOUBLE: "float64",
    BOOLEAN: "bool_",
    DATE: "date32",
}
"""Kind of a column -> what pyarrow calls it."""

ROWS: Final = 1 << 16
"""Rows of a group, which a reader can skip."""

SETTINGS: Final[dict[str, Any]] = {
    "version": "2.6",
    "compression": "zstd",
    "compression_level": 3,
    "use_dictionary": True,
    "write_statistics": True,
    "store_schema": True,
}
"""How files are written, spelled out so that they stay the same when defaults change."""

FORMAT: Final = {"format": "parquet", "mediatype": "application/vnd.apache.parquet"}
PIECE: Final = 1 << 16


def write_parquet(workbook: Workbook, watch: Watch) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Give a Parquet file for each table, the data dictionary, and `datapackage.json`.

    Args:
        workbook: the tables.
        watch: looks on as rows are written.

    Raises:
        NotInstalledError: pyarrow is missing.
    """
    arrow = _library("pyarrow")
    parquet = _library("pyarrow.parquet")
    for sheet in workbook.sheets:
        yield f"{sheet.name}.parquet", _pieces(sheet, workbook, watch, arrow, parquet)
    yield "README.md", iter([dictionary(workbook).encode()])
    resources = {it.name: {"path": f"{it.name}.parquet", **FORMAT} for it in workbook.sheets}
    yield "datapackage.json", iter([descriptor(workbook, resources, lists=True)])


def check_parquet() -> None:
    """Tell whether Parquet can be written here.

    Raises:
        NotInstalledError: pyarrow is missing.
    """
    _library("pyarrow")


def _library(name: str) -> Any:  # noqa: ANN401 -- a module
    try:
        return import_module(name)
    except ImportError as error:
        raise NotInstalledError(
            "没有安装 pyarrow，请在项目文件夹中运行：pip install -e '.[export]'",
            "pyarrow is not installed; in the project's folder: pip install -e '.[export]'",
        ) from error


def _pieces(
    sheet: Sheet,
    workbook: Workbook,
    watch: Watch,
    arrow: Any,  # noqa: ANN401 -- a module
    parquet: Any,  # noqa: ANN401 -- a module
) -> Iterator[bytes]:
    """Give a file, a group of rows at a time."""
    about = {"zh": sheet.zh, "en": sheet.en, "note": sheet.note, **workbook.facts}
    schema = arrow.schema([_field(column, arrow) for column in sheet.columns], metadata=about)
    buffer = arrow.BufferOutputStream()
    with parquet.ParquetWriter(buffer, schema, **SETTINGS) as writer:
        rows: list[Sequence[Cell]] = []
        for row in watch(sheet.rows):
            rows.append(row)
            if len(rows) == ROWS:
                writer.write_table(_table(rows, sheet, schema, arrow))
                rows = []
        writer.write_table(_table(rows, sheet, schema, arrow))
    body = memoryview(buffer.getvalue())
    for at in range(0, len(body), PIECE):
        yield bytes(body[at : at + PIECE])


def _field(column: Column, arrow: Any) -> Any:  # noqa: ANN401 -- pyarrow has no types
    kind = getattr(arrow, TYPES[column.kind])()
    about = {"zh": column.zh, "en": column.en, "note": column.note}
    return arrow.field(column.name, arrow.list_(kind) if column.many else kind, metadata=about)


def _table(
    rows: Sequence[Sequence[Cell]],
    sheet: Sheet,
    schema: Any,  # noqa: ANN401 -- pyarrow has no types
    arrow: Any,  # noqa: ANN401 -- a module
) -> Any:  # noqa: ANN401 -- pyarrow has no types
    arrays = [
        arrow.array([_value(row[at], column) for row in rows], type=schema.field(at).type)
        for at, column in enumerate(sheet.columns)
    ]
    return arrow.Table.from_arrays(arrays, schema=schema)


def _value(value: Cell, column: Column) -> Cell | date:
    return date.fromisoformat(value) if column.kind == DATE and isinstance(value, str) else value
