"""Commands for those who cite: cite, rerun."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli.completion import citable
from kg.cli.output import note, write_bytes
from kg.errors import UsageError

if TYPE_CHECKING:
    from kg.citation import Citation
    from kg.cli import Settings
    from kg.graph import KnowledgeGraph
    from kg.receipts import Receipt

__all__ = ["cite", "rerun"]


def _open(settings: Settings, engine: str = "oxigraph", release: str = "") -> KnowledgeGraph:
    from kg.graph import open_graph  # noqa: PLC0415 -- help is quick

    return open_graph(settings.root, build=settings.build, engine=engine, release=release)


def _receipt(path: Path) -> Receipt:
    from kg.receipts import read_receipt  # noqa: PLC0415 -- help is quick

    try:
        return read_receipt(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"无法读取：{path}", f"cannot be read: {path}") from error


def _citation(settings: Settings, what: str | None) -> Citation:
    from datetime import date  # noqa: PLC0415 -- help is quick

    from kg.citation import cite_answer, cite_dataset, cite_thing  # noqa: PLC0415

    today = date.today()  # noqa: DTZ011 -- the day where the reader is
    if what is not None and what.endswith(".json"):
        return cite_answer(_receipt(Path(what)), today)
    with _open(settings) as graph:
        if what is None:
            return cite_dataset(graph.release.id if graph.release else "", today)
        if what in graph.catalogue():
            return cite_answer(graph.receipt(graph.ask(what)), today)
        return cite_thing(graph.engine, graph.resolve(what).iri, today)


@click.command()
@click.argument("what", required=False, shell_complete=citable)
@click.option("--style", type=click.Choice(["gbt", "bibtex"]), help="只写一种 Only one of the two.")
@click.pass_obj
def cite(settings: Settings, what: str | None, style: str | None) -> None:
    """引用格式：GB/T 7714 与 BibTeX · How to cite, by GB/T 7714 and in BibTeX.

    WHAT is a receipt (.json), a question, a source, a claim or a mention; without it, the
    dataset.
    """
    citation = _citation(settings, what)
    chosen = {"gbt": citation.gbt, "bibtex": citation.bibtex}
    click.echo(chosen[style] if style else "\n\n".join(chosen.values()))


@click.command()
@click.argument("path", metavar="RECEIPT", type=click.Path(path_type=Path, exists=True))
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="写入文件 file."
)
@click.option("--current", is_flag=True, help="用当前发布版 Use the current release.")
@click.option(
    "--engine", help="凭据出自端点时须写明其网址 The endpoint, where the receipt is of one."
)
@click.pass_obj
def rerun(
    settings: Settings, path: Path, output: Path | None, engine: str | None, *, current: bool
) -> None:
    """按凭据重新回答；不同则说明变了什么 · Answer a RECEIPT again, or say what has changed.

    Uses the release that the receipt names while it is on disk, else the current one. Nothing
    is sent to an address only because a receipt names it: give it by --engine.
    """
    from kg.engines import is_url  # noqa: PLC0415 -- help is quick
    from kg.errors import ReleaseError  # noqa: PLC0415

    receipt = _receipt(path)
    if engine is None and is_url(receipt.engine):
        raise UsageError(
            f"凭据出自端点，请写明 --engine {receipt.engine}",
            f"the receipt is of an endpoint: give it by --engine {receipt.engine}",
        )
    engine = engine or receipt.engine
    try:
        graph = _open(settings, engine, "" if current else receipt.release)
    except ReleaseError:
        graph = _open(settings, engine)
    with graph:
        again = graph.rerun(receipt)
    write_bytes(
        again.body.encode("utf-8-sig" if output and receipt.form == "csv" else "utf-8"), output
    )
    for change in again.changes:
        note(change.zh, change.en)
    if again.same:
        note("与凭据逐字节相同", "the same bytes as the receipt's")
    else:
        note("与凭据不同", "not the same as the receipt's")
    sys.exit(0 if again.same else 1)
