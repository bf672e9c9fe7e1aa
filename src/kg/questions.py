"""Checks the saved queries against a dataset: known terms, declared columns, enough rows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from kg.catalogue import Catalogue
from kg.errors import Problem, QueryError, QuestionsError, UsageError
from kg.messages import nearest
from kg.names import PREFIXES, expand, shorten
from kg.results import JSON_RESULTS, Table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kg.engines import Engine
    from kg.queries import SavedQuery

__all__ = ["check_questions", "prefixed_names"]

OURS: Final = tuple(prefix for prefix in PREFIXES if prefix.startswith("kg"))
NAME: Final = re.compile(rf"(?<![\w:?$-])((?:{'|'.join(OURS)}):[\w-]+(?:\.[\w-]+)*)")
SILENT: Final = re.compile(r'"(?:[^"\\\n]|\\.)*"|<[^<>\s]*>|#[^\n]*')
"""Strings, IRIs and comments, which hold no prefixed names."""


def check_questions(engine: Engine, folder: Path, known: set[str]) -> list[Problem]:
    """Give every problem of a folder of saved queries and checks.

    Args:
        engine: holds the dataset that they are asked of.
        folder: `queries/`.
        known: the IRI of every node that the dataset describes.
    """
    problems: list[Problem] = []
    for path in sorted(folder.rglob("*.rq")):
        file = f"queries/{path.relative_to(folder).as_posix()}"
        problems += _unknown_terms(path.read_text(encoding="utf-8", errors="replace"), file, known)
    catalogue = Catalogue(folder)
    try:
        queries = catalogue.queries()
        problems += catalogue.check()
    except QuestionsError as error:
        return [*problems, *error.problems]
    for query in queries:
        file = catalogue.name(query.path)
        problems += _defaults(query, file)
        problems += _answer(engine, query, file)
    return problems


def prefixed_names(text: str) -> Iterator[tuple[int, str]]:
    """Give the names of our own namespaces in a query, each with its line from 1."""
    for number, line in enumerate(text.split("\n"), start=1):
        for match in NAME.finditer(SILENT.sub(" ", line)):
            yield number, match.group()


def _unknown_terms(text: str, file: str, known: set[str]) -> Iterator[Problem]:
    for number, name in prefixed_names(text):
        if expand(name) not in known:
            meant = nearest(name, sorted(map(shorten, known)))
            hint = (f"是否想写 {meant}？", f"did you mean {meant}?") if meant else ("", "")
            zh, en = f"数据集中没有 {name}", f"the dataset has no {name}"
            yield Problem(file, number, name, zh, en, *hint, code="question")


def _defaults(query: SavedQuery, file: str) -> Iterator[Problem]:
    for name, parameter in query.header.params.items():
        wanted = parameter.default or "UNDEF"
        held = {re.sub(r"\"([^\"]*)\"(\^\^\S+)?", r"\1", block) for block in query.blocks(name)}
        if (parameter.default is None) != parameter.optional or held != {wanted}:
            zh = f"默认值应与 VALUES ?{name} 中的相同，没有默认值则写 optional: true 与 UNDEF"
            en = f"the default should be what VALUES ?{name} holds; without one: optional, UNDEF"
            yield Problem(file, 1, f"params.{name}", zh, en, code="question")


def _answer(engine: Engine, query: SavedQuery, file: str) -> Iterator[Problem]:
    try:
        table = Table.from_answer(engine.answer(query.sparql, JSON_RESULTS))
    except (QueryError, UsageError) as error:  # a CONSTRUCT has no table
        yield Problem(file, 1, query.id, error.zh, error.en, code="question")
        return
    header = query.header
    if table.columns != tuple(header.columns):
        zh = f"columns 应依次为 {' '.join(table.columns)}"
        en = f"columns should be, in this order: {' '.join(table.columns)}"
        yield Problem(file, 1, "columns", zh, en, code="question")
        return
    if len(table.rows) < header.min_rows:
        zh = f"至少应有 {header.min_rows} 行，实有 {len(table.rows)} 行"
        en = f"at least {header.min_rows} rows expected, {len(table.rows)} found"
        yield Problem(file, 1, "min_rows", zh, en, code="question")
    for column in _unnamed(query):
        if table.holds_things(column):
            zh = f"{column} 列是事物，应有 {column}Label 与 {column}LabelEn"
            en = f"the column {column} holds things: it needs {column}Label and {column}LabelEn"
            yield Problem(file, 1, "columns", zh, en, code="question")
    keys = table.only(header.key).rows
    if len(set(keys)) < len(keys):
        zh, en = "key 列不能区分各行", "the key columns do not tell the rows apart"
        yield Problem(file, 1, "key", zh, en, code="question")


def _unnamed(query: SavedQuery) -> list[str]:
    """Give the columns without labels that would need them if they held things."""
    columns = query.header.columns
    return [
        name
        for name, column in columns.items()
        if column.role != "evidence"
        and name != "statement"
        and query.subject != "exports"
        and f"{name}Label" not in columns
    ]
