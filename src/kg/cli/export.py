"""The command that writes the graph for other tools: export."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

import click

from kg.cli.completion import engines, things
from kg.cli.output import note
from kg.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from kg.cli import Settings

__all__ = ["export", "watched"]

LONG = 20_000
"""Items from which a progress bar is shown, on a terminal."""

ENGINE_HELP = "oxigraph, rdflib, 或端点的网址 or the address of a SPARQL endpoint."


class ExportOptions(TypedDict):
    """What `kg export` may be told."""

    output: Path | None
    network: str
    about: str
    everything: bool
    engine: str


def watched(items: Sequence[Any]) -> Iterable[Any]:
    """Give items, with a bar on stderr if there are many and somebody looks on."""
    if len(items) < LONG or not sys.stderr.isatty():
        yield from items
        return
    with click.progressbar(items, file=sys.stderr, width=0) as bar:
        yield from bar


@contextmanager
def _telling() -> Iterator[Callable[[str], None]]:
    """Give what shows on a terminal what is being made, on one line that goes away."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console  # noqa: PLC0415 -- help is quick

    with Console(stderr=True).status("…") as status:
        yield lambda name: status.update(f"正在准备 {name} | preparing {name}")


def _listed() -> str:
    """Tell the formats, one a line."""
    from kg.exports import EXPORTERS  # noqa: PLC0415 -- help is quick

    return "\n".join(f"{name:10} {it.zh} | {it.en}" for name, it in EXPORTERS.items())


@click.command()
@click.argument("form", metavar="[FORMAT]", default="")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, allow_dash=True),
    help="写到哪里：文件、文件夹、.zip，或 - 为标准输出 "
    "Where to: a file, a folder, a .zip, or - for stdout.",
)
@click.option(
    "--network",
    default="",
    help="哪个网络，默认第一个 Which network, the first by default: "
    "region-concept region-region concept-concept full",
)
@click.option(
    "--about",
    default="",
    shell_complete=things,
    help="只要某一事物及其邻居 Only a thing and its neighbours, by any of its names.",
)
@click.option(
    "--all", "everything", is_flag=True, help="全部格式，写入文件夹 Every format, into a folder."
)
@click.option("--engine", default="oxigraph", shell_complete=engines, help=ENGINE_HELP)
@click.pass_obj
def export(settings: Settings, form: str, **options: Unpack[ExportOptions]) -> None:
    """导出为其他工具的格式，不写则列出 · Write the graph for other tools; no FORMAT lists them.

    网络 networks: gexf graphml cyjs cx2 dot node-link neo4j mermaid html ·
    表 tables: csv parquet xlsx · RDF: ttl trig nq jsonld

    \b
    kg export gexf -o network.gexf                    Gephi
    kg export html -o network.html --network full     浏览器 a browser
    kg export mermaid --about 上海 -o -
    kg export csv -o tables/                          Excel, R, pandas
    kg export --all -o exports/
    """  # noqa: D301 -- \b is click's
    if not form and not options["everything"]:
        click.echo(_listed())
        return
    from kg.exports.writing import write, write_all  # noqa: PLC0415 -- help is quick
    from kg.graph import open_graph  # noqa: PLC0415

    output = options["output"]
    with (
        open_graph(settings.root, build=settings.build, engine=options["engine"]) as graph,
        _telling() as step,
    ):
        material = graph.material()
        material.step = step
        if options["everything"]:
            if form or output is None or output == Path("-"):
                raise UsageError(
                    "--all 须写 -o 文件夹，不写格式", "--all takes -o FOLDER and no format"
                )
            count, lacking = write_all(material, output, watched)
            for name, error in lacking.items():
                note(f"没有写 {name}：{error.zh}", f"{name} is left out: {error.en}")
            note(f"已写入 {output}：{count} 个文件", f"{count} files written to {output}")
            return
        place = write(
            material,
            form,
            None if output == Path("-") else output or Path(),
            network=options["network"],
            about=options["about"],
            watch=watched,
        )
        if place is not None:
            note(f"已写入 {place}", f"written to {place}")
