"""Checks the saved queries against a dataset: known terms, declared columns, enough rows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from kg.errors import Problem, QueryError, RecordsError
from kg.messages import nearest
from kg.names import PREFIXES, expand, shorten
from kg.queries import Catalogue
from kg.results import JSON_RESULTS, Table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kg.engines import Engine
    from kg.queries import SavedQuery

__all__ = ["check_questions"]

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
        problems += _unknown_terms(path.read_text(encoding="utf-8"), file, known)
    try:
        catalogue = Catalogue(folder)
    except RecordsError as error:
        return [*problems, *error.problems]
    for query in catalogue.queries.values():
        file = f"queries/{query.path.relative_to(folder).as_posix()}"
        problems += _defaults(query, file)
        problems += _answer(engine, query, file)
    return problems


def _unknown_terms(text: str, file: str, known: set[str]) -> Iterator[Problem]:
    ours = sorted(shorten(iri) for iri in known)
    for number, line in enumerate(text.split("\n"), start=1):
        for match in NAME.finditer(SILENT.sub(" ", line)):
            name = match.group()
            if expand(name) in known:
                continue
            meant = nearest(name, ours)
            hint = (f"是否想写 {meant}？", f"did you mean {meant}?") if meant else ("", "")
            zh, en = f"数据集中没有 {name}", f"the dataset has no {name}"
            yield Problem(file, number, name, zh, en, *hint, code="question")


def _defaults(query: SavedQuery, file: str) -> Iterator[Problem]:
    for name, parameter in query.header.params.items():
        block = query.block(name)
        wanted = parameter.default or "UNDEF"
        if (parameter.default is None) != parameter.optional or wanted not in block:
            zh = f"默认值应与 VALUES ?{name} 中的相同，没有默认值则写 optional: true 与 UNDEF"
            en = f"the default should be what VALUES ?{name} holds; without one: optional, UNDEF"
            yield Problem(file, 1, f"params.{name}", zh, en, code="question")


def _answer(engine: Engine, query: SavedQuery, file: str) -> Iterator[Problem]:
    try:
        table = Table.from_answer(engine.answer(query.sparql, JSON_RESULTS))
    except QueryError as error:
        yield Problem(file, 1, query.id, error.zh, error.en, code="question")
        return
    if table.columns != tuple(query.header.columns):
        zh = f"columns 应依次为 {' '.join(table.columns)}"
        en = f"columns should be, in this order: {' '.join(table.columns)}"
        yield Problem(file, 1, "columns", zh, en, code="question")
    if len(table.rows) < query.header.min_rows:
        zh = f"至少应有 {query.header.min_rows} 行，实有 {len(table.rows)} 行"
        en = f"at least {query.header.min_rows} rows expected, {len(table.rows)} found"
        yield Problem(file, 1, "min_rows", zh, en, code="question")
