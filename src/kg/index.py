"""The search index of a release: one SQLite file, sealed by its SHA-256, opened for reading.

Its FTS5 table (https://www.sqlite.org/fts5.html) has each letter as a token, so that a word of
any length is a phrase: one of a single Chinese character is found as well as part of an English
word.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

from kg.errors import ReleaseError
from kg.project import current_release

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

__all__ = [
    "INDEX",
    "SCHEMA",
    "SEAL",
    "VERSION",
    "Index",
    "Name",
    "current_index",
    "is_whole",
    "no_fts5",
    "open_index",
]

INDEX: Final = "search.sqlite"
SEAL: Final = "search.sqlite.sha256"
"""The file beside the index that holds its SHA-256, as `sha256sum -c` reads it."""
VERSION: Final = "1"
"""The version of `SCHEMA`, of what is indexed and of the folding: another one is built anew."""

SCHEMA: Final = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE thing (
  id INTEGER PRIMARY KEY, iri TEXT NOT NULL, kind TEXT NOT NULL, classes TEXT NOT NULL,
  scheme TEXT, zh TEXT, en TEXT, kind_zh TEXT, kind_en TEXT,
  region TEXT, region_zh TEXT, region_en TEXT,
  source TEXT, source_zh TEXT, source_en TEXT, line INTEGER
);
CREATE TABLE text (
  id INTEGER PRIMARY KEY, thing INTEGER NOT NULL REFERENCES thing, field TEXT NOT NULL,
  text TEXT NOT NULL, folded TEXT NOT NULL, line INTEGER
);
CREATE VIRTUAL TABLE words USING fts5(body, context, content='', tokenize='ascii');
"""
"""`words` has the tokens of `text.folded`, and as context those of what the thing and its region
are called; values of closed lists are not in it."""


@dataclass(frozen=True)
class Name:
    """One of the names of a thing: a label, variant, code or pinyin."""

    iri: str
    kind: str
    zh: str
    en: str
    field: str
    text: str


def no_fts5() -> ReleaseError:
    """Give the error for a Python whose SQLite cannot search."""
    return ReleaseError(
        "这个 Python 的 SQLite 没有 FTS5 模块，无法检索；请换用带 FTS5 的 Python，如 python.org 的",
        "the SQLite of this Python has no FTS5 and cannot search; use a Python that has it, "
        "such as those of python.org",
    )


def _damaged(path: Path) -> ReleaseError:
    return ReleaseError(
        f"检索索引已损坏：{path}；请重新运行 kg build",
        f"the search index is damaged: {path}; run kg build again",
    )


class Index:
    """An open index."""

    def __init__(self, path: Path) -> None:
        """Open the file; `open_index` checks it before."""
        self._path = path
        self._connection = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def rows(self, sql: str, *values: str | int) -> list[tuple[Any, ...]]:
        """Give the rows of an SQL query.

        Raises:
            ReleaseError: the file is damaged, or SQLite has no FTS5.
        """
        try:
            return self._connection.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            if "fts5" in str(error):
                raise no_fts5() from error
            raise _damaged(self._path) from error

    def names(self, class_: str = "", scheme: str = "") -> list[Name]:
        """Give every label, variant, code and pinyin of the things of a class.

        Args:
            class_: a class as a CURIE; all things if left out.
            scheme: the closed list that values are of, as a CURIE; things outside of such
                lists if left out.
        """
        sql = """
            SELECT thing.iri, thing.kind, COALESCE(thing.zh, ''), COALESCE(thing.en, ''), field,
                   text
            FROM text JOIN thing ON thing.id = text.thing
            WHERE field IN ('label', 'variant', 'pinyin') AND COALESCE(thing.scheme, '') = ?
              AND (? = '' OR instr(thing.classes, ' ' || ? || ' '))
            ORDER BY text.id"""
        return [Name(*row) for row in self.rows(sql, scheme, class_, class_)]

    def iris(self, beginning: str) -> list[tuple[str, str]]:
        """Give the IRIs that begin so, each with what the thing is called in Chinese."""
        sql = "SELECT iri, COALESCE(zh, '') FROM thing WHERE instr(iri, ?) = 1 ORDER BY iri"
        return [(iri, zh) for iri, zh in self.rows(sql, beginning)]


def _check_seal(release: Path) -> None:
    path = release / INDEX
    try:
        sealed = (release / SEAL).read_bytes().partition(b" ")[0]
        data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ReleaseError(
            f"这个发布版没有检索索引：{release}；请运行 kg build",
            f"the release has no search index: {release}; run kg build",
        ) from error
    except OSError as error:
        raise _damaged(path) from error
    if hashlib.sha256(data).hexdigest().encode() != sealed:
        raise _damaged(path)


def open_index(release: Path) -> Index:
    """Open the search index of a release, if it is whole and of this dataset.

    Raises:
        ReleaseError: there is none (an older release), or it is damaged, or of another dataset
            or version; the message says how to get it.
    """
    _check_seal(release)
    try:
        dataset = json.loads((release / "MANIFEST.json").read_bytes())["sha256"]
        index = Index(release / INDEX)
    except (OSError, ValueError, LookupError, TypeError, sqlite3.Error) as error:
        raise _damaged(release / INDEX) from error
    told = dict(index.rows("SELECT key, value FROM meta"))
    if told == {"dataset": dataset, "version": VERSION}:
        return index
    index.close()
    raise ReleaseError(
        f"检索索引属于另一个发布版或另一版程序：{release}；请运行 kg build",
        f"the search index is of another release or version: {release}; run kg build",
    )


def is_whole(release: Path) -> bool:
    """Tell whether a release has a search index that `open_index` opens."""
    try:
        open_index(release).close()
    except ReleaseError:
        return False
    return True


def current_index(build: Path) -> Index:
    """Open the search index of the current release.

    Raises:
        ReleaseError: there is no release, or see `open_index`.
    """
    while True:
        release = current_release(build)
        try:
            return open_index(release)
        except ReleaseError:  # it was pruned since, if another one is current now
            if (build / "current").resolve() == release:
                raise
