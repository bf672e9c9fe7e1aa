"""Commands for readers: ask, sparql, show."""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli.output import TABLE_FORMATS, choose_format, note, write_bytes, write_table
from kg.errors import UsageError

if TYPE_CHECKING:
    from kg.cli import Settings
    from kg.graph import KnowledgeGraph, Reply

__all__ = ["ask", "show", "sparql"]

STANDARD_ROWS = ("srj", "srx")
STANDARD = (*STANDARD_ROWS, "ttl", "nt", "rdf")
LANGUAGES = click.Choice(["zh", "en"])


def _open(settings: Settings, engine: str) -> KnowledgeGraph:
    from kg.graph import open_graph  # noqa: PLC0415 -- help is quick

    return open_graph(settings.root, build=settings.build, engine=engine)


def _values(given: tuple[str, ...]) -> dict[str, list[str]]:
    values: dict[str, list[str]] = defaultdict(list)
    for item in given:
        name, equals, value = item.partition("=")
        if not equals or not name or not value:
            raise click.BadParameter(f"“{item}”应写作 名称=值 | write name=value")
        values[name].append(value)
    return values


def _list(graph: KnowledgeGraph, language: str) -> None:
    for query in graph.catalogue().queries.values():
        question = getattr(query.header.question, language)
        params = " ".join(f"-p {name}=…" for name in query.header.params)
        click.echo(f"{query.id}\n    {question}\n    kg ask {query.id} {params}".rstrip())


def _columns(reply: Reply, language: str) -> list[str]:
    """Give the columns for people: of a thing its label in one language, a source if several."""
    have = reply.table.columns
    shown, hidden = ("Label", "LabelEn") if language == "zh" else ("LabelEn", "Label")
    unseen = {column for column in have if f"{column}Label" in have}
    unseen |= {
        column
        for column in have
        if column.endswith(hidden) and f"{column.removesuffix(hidden)}{shown}" in have
    }
    unseen |= {"statement", *(("quote",) if "sentence" in have else ())}
    for column in have:
        if column.startswith("inSource") and len(reply.table.distinct(column)) <= 1:
            unseen.add(column)
    return [column for column in have if column not in unseen]


def _say(reply: Reply) -> None:
    for given, found in reply.meant.items():
        if found.is_variant:
            note(
                f"“{given}”是“{found.zh}”的变体，按后者回答",
                f"{given!r} is a variant of {found.en!r}, which is answered for",
            )
    count = len(reply.table.rows)
    note(f"{count} 行", f"{count} rows")


@click.command()
@click.argument("question", required=False)
@click.option(
    "-p", "--param", "params", multiple=True, help="参数，名称=值 A parameter, name=value."
)
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice((*TABLE_FORMATS, *STANDARD_ROWS)),
    help="输出格式 format.",
)
@click.option("--engine", default="oxigraph", show_default=True, help="oxigraph, rdflib.")
@click.option("--lang", "language", type=LANGUAGES, default="zh", help="表头与标签的语言 language.")
@click.pass_obj
def ask(
    settings: Settings,
    question: str | None,
    params: tuple[str, ...],
    form: str | None,
    engine: str,
    language: str,
) -> None:
    """回答已存的问题；不写问题则列出全部 · Answer a saved QUESTION; without one, list them.

    \b
    kg ask regions-sharing-concept -p concept=一网通办
    """  # noqa: D301 -- \b is for click
    from kg.results import RESULT_TYPES  # noqa: PLC0415 -- help is quick

    values = _values(params)
    with _open(settings, engine) as graph:
        if question is None:
            _list(graph, language)
            return
        reply = graph.ask(question, **values)
        if form in STANDARD_ROWS:
            write_bytes(graph.sparql(reply.sparql, RESULT_TYPES[form]).body)
        else:
            labels = reply.query.header.columns.items()
            heads = {name: getattr(column.label, language) for name, column in labels}
            write_table(reply.table, choose_format(form), heads, _columns(reply, language))
        _say(reply)


def _query_text(query: str | None) -> str:
    if query is None or query == "-":
        return sys.stdin.buffer.read().decode(errors="surrogateescape")
    if not query.endswith(".rq") or "{" in query:
        return query
    try:
        return Path(query).read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(f"不是 UTF-8 文件：{query}", f"not a file in UTF-8: {query}") from error
    except (OSError, ValueError) as error:
        raise UsageError(f"无法读取文件：{query}", f"the file cannot be read: {query}") from error


@click.command()
@click.argument("query", required=False)
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice((*TABLE_FORMATS, *STANDARD)),
    help="输出格式 format.",
)
@click.option("--engine", default="oxigraph", show_default=True, help="oxigraph, rdflib.")
@click.pass_obj
def sparql(settings: Settings, query: str | None, form: str | None, engine: str) -> None:
    """运行 SPARQL：文本、.rq 文件或 - · Run SPARQL: text, an .rq file, or - for stdin.

    Prefixes of the graph need not be declared.
    """
    from kg.results import GRAPH_TYPES, RESULT_TYPES  # noqa: PLC0415 -- help is quick

    text = _query_text(query)
    with _open(settings, engine) as graph:
        text = graph.with_prefixes(text)
        if form in STANDARD:
            media_type = {**GRAPH_TYPES, **RESULT_TYPES}[form]
            write_bytes(graph.sparql(text, media_type).body)
        elif graph.is_construct(text):
            write_bytes(graph.sparql(text, form or GRAPH_TYPES["ttl"]).body)
        else:
            write_table(graph.table(text), choose_format(form), {})


@click.command()
@click.argument("thing")
@click.option(
    "-f", "--format", "form", type=click.Choice((*TABLE_FORMATS, "ttl", "nt")), help="输出格式."
)
@click.option("--lang", "language", type=LANGUAGES, default="zh", help="标签的语言 language.")
@click.pass_obj
def show(settings: Settings, thing: str, form: str | None, language: str) -> None:
    """一个事物的全部事实与引文 · All facts of a THING, with their quotes.

    THING is a key, IRI, CURIE, code, or a label in Chinese, English or pinyin.
    """
    from kg.results import GRAPH_TYPES  # noqa: PLC0415 -- help is quick

    with _open(settings, "oxigraph") as graph:
        found = graph.find(thing)
        if form in GRAPH_TYPES:
            describe = f"CONSTRUCT {{ <{found.iri}> ?p ?o }} WHERE {{ <{found.iri}> ?p ?o }}"
            write_bytes(graph.sparql(describe, GRAPH_TYPES[form]).body)
            return
        note(f"{found.zh}", f"{found.en} · {found.class_} · {found.iri}")
        table = graph.describe(found.iri, language)
        heads = {"property": "属性", "value": "值", "quote": "引文", "line": "行"}
        write_table(table, choose_format(form), heads if language == "zh" else {})
