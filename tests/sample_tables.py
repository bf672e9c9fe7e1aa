"""Tables for the tests of formats: the real ones, and small ones that are hard to write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graph_fixtures import open_engine, real_project, toy_project

from kg.exports.base import unwatched
from kg.exports.columns import BOOLEAN, DOUBLE, INTEGER, Column
from kg.exports.sheets import DATE, Sheet, Workbook
from kg.exports.workbook import workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import pytest

    from kg.exports.base import Watch
    from kg.exports.columns import Cell
    from kg.project import Project

    Folder = Callable[[Workbook, Watch], Iterator[tuple[str, Iterator[bytes]]]]

__all__ = [
    "CODE", "FACTS", "TARGET", "TEXTS", "cell_of", "files_of", "one_text", "real_tables", "small",
    "toy_tables", "written",
]  # fmt: skip

TARGET: Final = "kgcl:beijing-nine-tenths-city-wide"
"""A target of the real graph with all that a target can have."""

FACTS: Final = {"release": "0123456789ab", "licence": "CC BY 4.0", "citation": "数字政府知识图谱"}

TEXTS: Final = (
    " ", " a ", "=cmd()", "=1+1", "'=1+1", "''=1", "'tis", "+1", "-1", "@SUM(A1)", "\ttab", "＝1",
    "\nline", "a\nb", 'say "x", y', "a;b", "一网通办", "\u202egnirts", "\u0627\u0644\u0639",
    "\U0001f642\U00020bb7", "e\u0301", "00123", "1e5", "TRUE", "true", "NA", "null",
    "#N/A", "2021-01", "https://example.org/", "mailto:a@example.org", "<b>&amp;</b>",
    "_x0041_", "a|b", "\\n", "\ufeffx", "长" * 30_000,
)  # fmt: skip
"""Texts that a format or its reader may take for something else."""


MADE: Final[dict[str, Workbook]] = {}
"""Tables that were made once for all tests."""


def _tables(name: str, project: Project) -> Workbook:
    if name not in MADE:
        with open_engine(project) as graph:
            MADE[name] = workbook(graph.ask, FACTS)
    return MADE[name]


def real_tables(factory: pytest.TempPathFactory) -> Workbook:
    """Give the tables of the real graph."""
    return _tables("real", real_project(factory))


def toy_tables(factory: pytest.TempPathFactory) -> Workbook:
    """Give the tables of the toy, which has two sources."""
    return _tables("toy", toy_project(factory))


def small(*rows: tuple[Cell, ...], columns: tuple[Column, ...] = ()) -> Workbook:
    """Give a workbook of one table, with a column of each kind unless told otherwise."""
    columns = columns or (
        Column("key", zh="标识", en="Id"),
        Column("text", zh="文本", en="Text"),
        Column("count", INTEGER, zh="整数", en="Count"),
        Column("share", DOUBLE, zh="数", en="Share"),
        Column("so", BOOLEAN, zh="真假", en="So"),
        Column("day", DATE, zh="日期", en="Day"),
        Column("several", many=True, zh="多值", en="Several"),
    )
    rows = tuple((*row, *[None] * (len(columns) - len(row))) for row in rows)
    sheet = Sheet("things", "事物", "Things", "每行一个。One a row.", columns, rows)
    return Workbook("small", "小", "Small", (sheet,), FACTS)


def one_text(text: str) -> Workbook:
    """Give a workbook that holds a text."""
    return small(("kgr:a", text))


def cell_of(book: Workbook, sheet: str, key: str, column: str) -> Cell:
    """Give a cell."""
    (found,) = [it for it in book.sheets if it.name == sheet]
    at = [it.name for it in found.columns].index(column)
    (row,) = [row for row in found.rows if row[0] == key]
    return row[at]


def files_of(write: Folder, book: Workbook) -> dict[str, bytes]:
    """Give the files of a folder."""
    return {name: b"".join(pieces) for name, pieces in write(book, unwatched)}


def written(write: Folder, book: Workbook, folder: Path) -> Path:
    """Write the files of a folder."""
    for name, body in files_of(write, book).items():
        (folder / name).write_bytes(body)
    return folder


CODE: Final = """
import hashlib, sys
from pathlib import Path
from kg.exports.base import unwatched
from kg.exports.workbook import workbook
from kg.engines import ENGINES
from kg.graph import KnowledgeGraph
from kg.project import Project
from kg.release import current
from {module} import {name} as write
build = Path(sys.argv[1])
release = current(build)
digest = hashlib.sha256()
engine = ENGINES["oxigraph"](release.path)
with KnowledgeGraph(Project(Path(sys.argv[2]), build), release, engine) as graph:
    book = workbook(graph.ask, {facts!r})
for piece in write(book, unwatched):
    for part in [piece] if isinstance(piece, bytes) else piece[1]:
        digest.update(part)
print(digest.hexdigest())
"""
"""Writes the real tables in a process of its own, and gives their checksum."""
