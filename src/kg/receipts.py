"""Receipts: what an answer rests on, so that it can be cited, checked and run again."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from pydantic import TypeAdapter, ValidationError

from kg import __version__
from kg.errors import UsageError, clipped
from kg.names import KEY, PREFIXES, SPARQL_HEAD
from kg.rendering import TEXT_FORMATS, written
from kg.replies import Note
from kg.results import JSON_RESULTS, RESULT_TYPES, Table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.engines import Engine
    from kg.queries import SavedQuery
    from kg.release import Release
    from kg.replies import Reply
    from kg.results import Answer

__all__ = ["Receipt", "Rerun", "make_receipt", "quotes_of", "read_receipt", "rerun"]

VERSION: Final = 1
FORMATS: Final = (*TEXT_FORMATS, "srj", "srx")
"""Formats whose bytes do not depend on a terminal."""

QUOTES: Final = (
    SPARQL_HEAD
    + """
SELECT ?statement ?quote ?source ?line ?start ?end WHERE {{
  VALUES ?statement {{ {statements} }}
  ?statement kg:inSource ?source ; kg:start ?from ; kg:end ?to ; kg:inPassage ?passage .
  ?passage kg:text ?sentence ; kg:firstLine ?line ; kg:start ?first ; kg:end ?last .
  OPTIONAL {{ ?statement kg:quote ?words . }}
  OPTIONAL {{ ?statement a kg:FrameworkPart ; kg:wording ?part . }}
  BIND(COALESCE(?part, ?words, ?sentence) AS ?quote)
  BIND(IF(BOUND(?words), ?from, ?first) AS ?start)
  BIND(IF(BOUND(?words), ?to, ?last) AS ?end)
}}
ORDER BY ?source ?start ?end ?statement ?line"""
)
"""What statements quote, and where it stands: a claim and a framework's part their words, a mere
mention its sentence."""

PLAIN: Final = {
    "question": KEY.pattern,
    "version": r"\d+\.\d+\.\d+",
    "query_file": r"[0-9a-f]{64}",
    "dataset": r"(?:[0-9a-f]{64})?",
    "answer": r"[0-9a-f]{64}",
    "engine": r"[!-~]+",
    "program": r"[0-9A-Za-z.+-]+",
    "language": "zh|en",
}
"""Field of a receipt -> what it looks like, since others write receipts too."""

STATEMENTS: Final = (PREFIXES["kgcl"], PREFIXES["kgm"])
"""Where the IRIs of claims, their parts, and mentions begin."""

RELEASE: Final = re.compile("[0-9a-f]{12}|")
"""The id of a release, or none: it becomes the name of a folder."""


@dataclass(frozen=True)
class Receipt:
    """What an answer rests on.

    `program` is the version of this package; `settings` the parameters as given, else their
    defaults. `release`, `dataset` (its SHA-256) are empty for an endpoint, whose address
    `engine` then is. `query_file` is the SHA-256 of the question's file, `answer` that of the
    bytes written in `form`; `keys` are the rows by the question's key columns; `shown` the
    columns for people with their heads, in `language`.
    """

    question: str
    version: str
    title: dict[str, str]
    program: str
    query_file: str
    sparql: str
    given: dict[str, list[str]]
    settings: dict[str, str]
    bound: dict[str, list[str]]
    engine: str
    release: str
    dataset: str
    form: str
    language: str
    shown: list[tuple[str, str]]
    answer: str
    rows: int
    key: list[str]
    keys: list[list[str]]
    quotes: list[dict[str, str]]
    receipt: int = VERSION

    def __str__(self) -> str:
        """Give it as JSON, the same bytes for the same answer."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=2) + "\n"


@dataclass(frozen=True)
class Rerun:
    """An answer given again: its bytes, whether they are the same, and what has changed."""

    body: str
    same: bool
    changes: tuple[Note, ...] = field(default=())


def make_receipt(
    reply: Reply, engine: Engine, address: str, release: Release | None, form: str
) -> Receipt:
    """Make the receipt of a reply.

    Args:
        reply: the reply.
        engine: what gave it, asked for the quotes.
        address: the engine's name, or the endpoint's address without credentials.
        release: what was asked; none for an endpoint.
        form: the format in which it is written, one of `FORMATS`.

    Raises:
        UsageError: the format depends on a terminal.
    """
    heads = reply.heads()
    shown = [(column, heads[column]) for column in reply.shown()]
    style = _Style(form, shown, reply.language)
    body = _body(engine, reply.sparql, reply.answer, style)
    header = reply.query.header
    return Receipt(
        question=reply.query.id,
        version=header.version,
        title=reply.query.title,
        program=__version__,
        query_file=reply.query.sha256,
        sparql=reply.sparql,
        given=dict(sorted(reply.given.items())),
        settings=reply.settings,
        bound=dict(sorted(reply.bound.items())),
        engine=address,
        release=release.id if release else "",
        dataset=str(release.manifest["sha256"]) if release else "",
        form=form,
        language=reply.language,
        shown=shown,
        answer=_sha256(body.encode()),
        rows=len(reply),
        key=list(header.key),
        keys=_keys(reply.table, header.key),
        quotes=list(quotes_of(engine, reply.table)),
    )


def quotes_of(engine: Engine, table: Table) -> Iterable[dict[str, str]]:
    """Give the quotes of every statement that stands in a table, in the order of the text."""
    statements = sorted(
        {
            f"<{term.value}>"
            for row in table.rows
            for term in row
            if term is not None and term.kind == "uri" and term.value.startswith(STATEMENTS)
        }
    )
    if not statements:
        return []
    sparql = QUOTES.format(statements=" ".join(statements))
    return Table.from_answer(engine.answer(sparql, JSON_RESULTS)).records()


def read_receipt(text: str) -> Receipt:
    """Read a receipt.

    Raises:
        UsageError: it is none.
    """
    try:
        found = TypeAdapter(Receipt).validate_json(text, strict=True)
    except ValidationError as error:
        raise UsageError("不是答案凭据（JSON）", "this is no receipt (JSON)") from error
    if not all(re.fullmatch(pattern, getattr(found, name)) for name, pattern in PLAIN.items()):
        raise UsageError("凭据的内容不对", "the receipt does not hold what a receipt holds")
    if found.receipt != VERSION or found.form not in FORMATS:
        raise UsageError("凭据的版本不认识", "the receipt's version is not known")
    if found.title.keys() != {"zh", "en"}:
        raise UsageError(
            "凭据的 title 应有 zh 与 en 两项", "title of the receipt is to have zh and en"
        )
    told = all({"statement", "quote"} <= quote.keys() for quote in found.quotes)
    if not told or not RELEASE.fullmatch(found.release):
        raise UsageError(
            "凭据中的 quotes 或 release 有误", "quotes or release of the receipt is wrong"
        )
    return found


def rerun(
    receipt: Receipt, engine: Engine, release: Release | None, query: SavedQuery | None
) -> Rerun:
    """Give an answer again from its receipt, and what has changed since.

    Args:
        receipt: the receipt.
        engine: where its query is run.
        release: what the engine holds; none for an endpoint.
        query: the question as its file is now; none if it is gone.
    """
    answer = engine.answer(receipt.sparql, JSON_RESULTS)
    style = _Style(receipt.form, receipt.shown, receipt.language)
    body = _body(engine, receipt.sparql, answer, style)
    table = Table.from_answer(answer)
    same = _sha256(body.encode()) == receipt.answer
    changes = [*_sources(receipt, release, query)]
    if not same:
        inside = [*_rows(receipt, table), *_quotes(receipt, list(quotes_of(engine, table)))]
        changes += inside or [
            Note(
                "行与引文未变，变的是其他列、行的顺序或写法",
                "rows and quotes are the same: other columns, the order or the writing differ",
            )
        ]
    return Rerun(body, same, tuple(changes))


class _Style(NamedTuple):
    """How an answer is written: its format, the columns for people with their heads, language."""

    form: str
    shown: list[tuple[str, str]]
    language: str


def _body(engine: Engine, sparql: str, answer: Answer, style: _Style) -> str:
    """Write an answer in a format; only what is in neither JSON nor text is asked for again."""
    form, shown, language = style
    if form not in FORMATS:
        listed = " ".join(FORMATS)
        raise UsageError(
            f"凭据只用于这些格式：{listed}", f"a receipt is of one of these formats: {listed}"
        )
    if form not in TEXT_FORMATS:
        known = answer.media_type == RESULT_TYPES[form]
        told = answer if known else engine.answer(sparql, RESULT_TYPES[form])
        return told.body.decode()
    table = Table.from_answer(answer)
    if unknown := {column for column, _ in shown} - set(table.columns):
        listed = " ".join(map(clipped, sorted(unknown)))
        raise UsageError(
            f"凭据中 shown 的列不在答案中：{listed}",
            f"shown in the receipt names columns that the answer has not: {listed}",
        )
    return written(table, form, dict(shown), [column for column, _ in shown], language)


def _sources(receipt: Receipt, release: Release | None, query: SavedQuery | None) -> Iterable[Note]:
    if release is not None and release.manifest["sha256"] != receipt.dataset:
        yield Note(
            f"数据集已变：发布版 {receipt.release} → {release.id}",
            f"another dataset: release {receipt.release} -> {release.id}",
        )
    if query is None:
        yield Note(
            f"问题 {receipt.question} 已不在或无法读取",
            f"the question {receipt.question} is gone or cannot be read",
        )
    elif query.sha256 != receipt.query_file:
        yield Note(
            f"问题的文件已变：{receipt.version} → {query.header.version}；此处运行的是凭据中的查询",
            f"the question's file has changed: {receipt.version} -> {query.header.version}; "
            "what was run is the query in the receipt",
        )


def _rows(receipt: Receipt, table: Table) -> Iterable[Note]:
    if missing := set(receipt.key) - set(table.columns):
        listed = " ".join(sorted(missing))
        yield Note(f"没有了列 {listed}", f"there is no longer a column {listed}")
        return
    before, now = (
        {tuple(key) for key in keys} for keys in (receipt.keys, _keys(table, receipt.key))
    )
    for zh, en, rows in (("少了", "gone", before - now), ("多了", "new", now - before)):
        for row in sorted(rows):
            said = " ".join(row)
            yield Note(f"{zh}行：{said}", f"{en} row: {said}")


def _quotes(receipt: Receipt, now: list[dict[str, str]]) -> Iterable[Note]:
    before = {quote["statement"]: quote["quote"] for quote in receipt.quotes}
    for quote in now:
        statement, old = quote["statement"], before.get(quote["statement"])
        if old is not None and old != quote["quote"]:
            yield Note(f"{statement} 的引文变了", f"the quote of {statement} has changed")


def _keys(table: Table, key: Iterable[str]) -> list[list[str]]:
    rows = table.only(list(key)).rows
    return [["" if term is None else str(term) for term in row] for row in rows]


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
