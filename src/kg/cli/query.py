"""Commands for readers: ask, sparql, show."""

from __future__ import annotations

import shlex
import sys
from collections import defaultdict
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from kg.cli.completion import engines, parameters, questions, things
from kg.cli.output import OUTPUT, TABLE_FORMATS, choose_format, note, write_bytes, write_table
from kg.errors import KgError, UsageError, clipped
from kg.rendering import columns_that_fit

if TYPE_CHECKING:
    from kg.cli import Settings
    from kg.graph import KnowledgeGraph
    from kg.queries import SavedQuery
    from kg.replies import Reply

__all__ = ["ask", "show", "sparql"]

STANDARD_ROWS = ("srj", "srx")
STANDARD = (*STANDARD_ROWS, "ttl", "nt", "rdf")
ASK_FORMATS = (*TABLE_FORMATS, *STANDARD_ROWS)
SPARQL_FORMATS = (*TABLE_FORMATS, *STANDARD)
SHOW_FORMATS = (*TABLE_FORMATS, "ttl", "nt")
LANGUAGES = click.Choice(["zh", "en"])
ENGINE_HELP = "oxigraph, rdflib, 或端点的网址 or the address of a SPARQL endpoint."


class ShowOptions(TypedDict):
    """What `kg show` may be told."""

    form: str | None
    output: Path | None
    engine: str
    language: str


class AskOptions(ShowOptions):
    """What `kg ask` may be told besides."""

    listed: bool
    receipt: Path | None


def _open(settings: Settings, engine: str, language: str = "zh") -> KnowledgeGraph:
    from kg.graph import open_graph  # noqa: PLC0415 -- help is quick

    return open_graph(settings.root, build=settings.build, engine=engine, language=language)


def _values(given: tuple[str, ...]) -> dict[str, list[str]]:
    values: dict[str, list[str]] = defaultdict(list)
    for item in given:
        name, equals, value = item.partition("=")
        if not equals or not name or not value:
            raise click.BadParameter(f"“{item}”应写作 名称=值 | write name=value")
        values[name].append(value)
    return values


def _list(graph: KnowledgeGraph, language: str, given: str | None, output: Path | None) -> None:
    from kg.gallery import to_page, to_text  # noqa: PLC0415 -- help is quick

    form = given or (output.suffix.removeprefix(".").lower() if output else "")
    if form not in {"", "md", "table", "txt"}:
        raise UsageError(
            "问题清单只写成文本（.txt）或 Markdown（.md）", "the list is written as text or md"
        )
    catalogue = graph.catalogue()
    text = to_page(catalogue) if form == "md" else to_text(catalogue, language)
    write_bytes(text.encode(), output)


class _Ask(click.Command):
    """The command that tells of one question where its help is asked for."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Keep what was written, for the help, which is given before it is read."""
        ctx.meta["kg.written"] = list(args)
        return super().parse_args(ctx, args)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Add the question that was named, and its parameters."""
        super().format_epilog(ctx, formatter)
        written: list[str] = ctx.meta.get("kg.written", [])
        if all(word.startswith("-") for word in written):
            return
        from kg.catalogue import Catalogue  # noqa: PLC0415 -- help is quick
        from kg.gallery import to_help  # noqa: PLC0415
        from kg.project import find  # noqa: PLC0415

        settings: Settings = ctx.obj
        with suppress(KgError):
            catalogue = Catalogue(find(settings.root, settings.build).queries)
            for word in written:
                if word in catalogue:
                    formatter.write(f"\n{to_help(catalogue.get(word))}")


def _no_more(question: str | None, rest: tuple[str, ...], query: SavedQuery) -> None:
    """Refuse words behind the question, and say where they belong."""
    if not rest:
        return
    told = clipped(rest[0])
    name = next(iter(query.header.params), "")
    pair = rest[0] if "=" in rest[0] else f"{name}={rest[0]}"
    way = f"-p {shlex.quote(clipped(pair))}"
    raise UsageError(
        f"多出“{told}”：" + (f"参数请写 {way}" if name else f"{question} 没有参数"),
        f"one word too many, “{told}”: "
        + (f"a parameter is written {way}" if name else f"{question} has no parameters"),
    )


@click.command(cls=_Ask)
@click.argument("question", required=False, shell_complete=questions)
@click.argument("rest", nargs=-1, metavar="")
@click.option(
    "-p",
    "--param",
    "params",
    multiple=True,
    shell_complete=parameters,
    help="参数，名称=值 A parameter, name=value.",
)
@click.option("--list", "listed", is_flag=True, help="列出全部问题 List all questions.")
@click.option("-f", "--format", "form", type=click.Choice(ASK_FORMATS), help="输出格式 format.")
@click.option("-o", "--output", type=OUTPUT, help="写入文件，格式看后缀 Write to a file.")
@click.option("--receipt", type=OUTPUT, help="另存答案凭据 Write the answer's receipt to a file.")
@click.option(
    "--engine", default="oxigraph", show_default=True, help=ENGINE_HELP, shell_complete=engines
)
@click.option("--lang", "language", type=LANGUAGES, default="zh", help="表头与标签的语言 language.")
@click.pass_obj
def ask(
    settings: Settings,
    question: str | None,
    rest: tuple[str, ...],
    params: tuple[str, ...],
    **wanted: Unpack[AskOptions],
) -> None:
    """回答已存的问题；不写问题则列出全部 · Answer a saved QUESTION; without one, list them.

    kg ask QUESTION --help tells its parameters.

    \b
    kg ask regions-sharing-concept -p concept=一网通办
    kg ask targets-due -p by=2022 -o targets.csv --receipt targets.receipt.json
    """  # noqa: D301 -- \b is for click
    values = _values(params)
    language, output, receipt = wanted["language"], wanted["output"], wanted["receipt"]
    with _open(settings, wanted["engine"], language) as graph:
        if question is None or wanted["listed"]:
            _list(graph, language, wanted["form"], output)
            return
        form = choose_format(wanted["form"], output, ASK_FORMATS)
        _no_more(question, rest, graph.catalogue().get(question))
        reply = graph.ask(question, **values)
        if form in STANDARD_ROWS:
            write_bytes(_standard(graph, reply, form), output)
        else:
            shown = reply.shown()
            shown = columns_that_fit(reply.table, shown) if form == "table" else shown
            write_table(reply.table, form, reply.heads(), shown, output, language)
        if receipt is not None:
            told = graph.receipt(reply, "csv" if form == "table" else form)
            write_bytes(str(told).encode(), receipt)
        for remark in reply.notes:
            note(remark.zh, remark.en)
        note(f"{len(reply)} 行", f"{len(reply)} rows")


def _standard(graph: KnowledgeGraph, reply: Reply, form: str) -> bytes:
    from kg.results import RESULT_TYPES  # noqa: PLC0415 -- help is quick

    if reply.answer.media_type == RESULT_TYPES[form]:
        return reply.answer.body
    return graph.sparql(reply.sparql, RESULT_TYPES[form]).body


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
@click.option("-f", "--format", "form", type=click.Choice(SPARQL_FORMATS), help="输出格式 format.")
@click.option("-o", "--output", type=OUTPUT, help="写入文件，格式看后缀 Write to a file.")
@click.option(
    "--engine", default="oxigraph", show_default=True, help=ENGINE_HELP, shell_complete=engines
)
@click.pass_obj
def sparql(
    settings: Settings, query: str | None, form: str | None, output: Path | None, engine: str
) -> None:
    """运行 SPARQL：文本、.rq 文件或 - · Run SPARQL: text, an .rq file, or - for stdin.

    Prefixes of the graph need not be declared.
    """
    from kg.results import GRAPH_TYPES, RESULT_TYPES  # noqa: PLC0415 -- help is quick

    text = _query_text(query)
    with _open(settings, engine) as graph:
        text = graph.with_prefixes(text)
        constructs = graph.is_construct(text)
        if constructs and form is None and output is None:
            form = "ttl"
        form = choose_format(form, output, SPARQL_FORMATS)
        if form in STANDARD or constructs:
            media_type = {**GRAPH_TYPES, **RESULT_TYPES}.get(form, form)
            write_bytes(graph.sparql(text, media_type).body, output)
        else:
            write_table(graph.table(text), form, {}, None, output)


@click.command()
@click.argument("thing", shell_complete=things)
@click.option("-f", "--format", "form", type=click.Choice(SHOW_FORMATS), help="输出格式.")
@click.option("-o", "--output", type=OUTPUT, help="写入文件，格式看后缀 Write to a file.")
@click.option(
    "--engine", default="oxigraph", show_default=True, help=ENGINE_HELP, shell_complete=engines
)
@click.option("--lang", "language", type=LANGUAGES, default="zh", help="标签的语言 language.")
@click.pass_obj
def show(settings: Settings, thing: str, **wanted: Unpack[ShowOptions]) -> None:
    """一个事物的全部事实与引文 · All facts of a THING, with their quotes.

    THING is a key, IRI, CURIE, code, or a label in Chinese, English or pinyin.
    """
    from kg.replies import notes_of_thing  # noqa: PLC0415 -- help is quick
    from kg.results import GRAPH_TYPES  # noqa: PLC0415

    language, output = wanted["language"], wanted["output"]
    with _open(settings, wanted["engine"], language) as graph:
        found = graph.resolve(thing)
        form = choose_format(wanted["form"], output, SHOW_FORMATS)
        if form in GRAPH_TYPES:
            describe = f"CONSTRUCT {{ <{found.iri}> ?p ?o }} WHERE {{ <{found.iri}> ?p ?o }}"
            write_bytes(graph.sparql(describe, GRAPH_TYPES[form]).body, output)
            return
        note(f"{found.zh}", f"{found.en} · {found.class_} · {found.iri}")
        table = graph.describe(found.iri, language)
        heads = {"property": "属性", "value": "值", "quote": "引文", "line": "行"}
        write_table(table, form, heads if language == "zh" else {}, None, output, language)
        for remark in notes_of_thing(graph.engine, thing.strip(), found):
            note(remark.zh, remark.en)
