"""Commands for curators: check, build, coverage, schema, source pin."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from kg.cli.output import TABLE_FORMATS, choose_format, note, write_table

if TYPE_CHECKING:
    from kg.cli import Settings
    from kg.project import Project

__all__ = ["build", "check", "coverage", "schema", "source"]


def _project(settings: Settings) -> Project:
    from kg.project import find  # noqa: PLC0415 -- help is quick

    return find(settings.root, settings.build)


@click.command()
@click.pass_obj
def check(settings: Settings) -> None:
    """检查全部记录，不写入数据 · Check all that is curated.

    Reads every file, finds every quote, validates the dataset by SHACL and by the queries of
    queries/checks. Prints every problem as file:line: field: message.
    """
    from kg.build import check as run  # noqa: PLC0415 -- help is quick

    project = _project(settings)
    checked = run(project, cache=project.build / "reports")
    count, quads = sum(1 for _ in checked.corpus.claims()), len(checked.lines)
    for (severity, rule), number in sorted(checked.report.counts().items()):
        note(f"{severity} {rule}：{number} 处", f"{severity} {rule}: {number}")
    note(f"检查通过：{count} 条断言，{quads} 个四元组", f"clean: {count} claims, {quads} quads")


@click.command()
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False),
    help="发布版写到此处（默认 build/） Write releases there (default: build/).",
)
@click.pass_obj
def build(settings: Settings, output: str | None) -> None:
    """检查并生成发布版 · Check everything and write a release."""
    from dataclasses import replace  # noqa: PLC0415 -- help is quick
    from pathlib import Path  # noqa: PLC0415

    from kg.build import build as run  # noqa: PLC0415

    project = _project(settings)
    cache = project.build / "reports"
    if output:
        project = replace(project, build=Path(output).absolute())
    checked, release = run(project, cache=cache)
    quads = len(checked.lines)
    note(f"发布版 {release.id}：{quads} 个四元组", f"release {release.id}: {quads} quads")
    click.echo(release.path)


@click.command()
@click.argument("region", required=False)
@click.option("-f", "--format", "form", type=click.Choice(TABLE_FORMATS), help="输出格式 format.")
@click.option(
    "--terms", is_flag=True, help="改为术语：哪些无数据或无查询用到 Terms unused instead."
)
@click.option("--all", "every", is_flag=True, help="与 --terms：全部术语 All terms.")
@click.pass_obj
def coverage(
    settings: Settings, region: str | None, form: str | None, *, terms: bool, every: bool
) -> None:
    """原文覆盖率：已断言、已搁置、粗粒度、剩余 · How much of the text is claimed.

    With a REGION (key or name), lists only it, and what is left of its section. With --terms,
    lists the terms of the ontology that no data or no query uses, and the competency questions
    that no saved query answers.
    """
    if terms:
        if region is not None:
            raise click.UsageError(
                "--terms 说的是整个图谱，不能只看一个地区 | --terms is about the whole graph, "
                "not about one region"
            )
        _terms(settings, form, every=every)
        return
    from kg import coverage_report  # noqa: PLC0415 -- help is quick

    report = coverage_report.measure(_project(settings), region)
    one_source = len({str(row[0]) for row in report.table.rows}) == 1
    shown = report.table.columns[1:] if one_source else report.table.columns
    write_table(report.table, choose_format(form), report.heads, shown)
    for line in report.notes:
        click.echo(line, err=True)
    sys.exit(0 if report.complete else 1)


def _terms(settings: Settings, form: str | None, *, every: bool) -> None:
    from kg.graph import open_graph  # noqa: PLC0415 -- help is quick
    from kg.term_coverage import term_coverage  # noqa: PLC0415

    with open_graph(settings.root, build=settings.build) as graph:
        found = term_coverage(graph.engine, graph.catalogue(), every=every)
    write_table(found.table, choose_format(form), found.heads)
    for gap in found.gaps:
        note(f"尚无查询：{gap.question.zh}", f"no query yet: {gap.question.en}")
    count = len(found.table.rows)
    note(f"{count} 个术语，{len(found.gaps)} 个空缺", f"{count} terms, {len(found.gaps)} gaps")


@click.command()
@click.option("--check", "only_check", is_flag=True, help="只检查是否最新 only tell if up to date.")
@click.pass_obj
def schema(settings: Settings, only_check: bool) -> None:
    """为编辑器写出 JSON Schema · Write the JSON Schemas that editors use."""
    from kg.schemas import stale, write  # noqa: PLC0415 -- help is quick

    project = _project(settings)
    old = stale(project)
    if not only_check:
        write(project)
    for name in old:
        click.echo(name)
    sys.exit(1 if only_check and old else 0)


@click.group()
def source() -> None:
    """来源文本 · The source texts."""


@source.command()
@click.argument("name")
@click.pass_obj
def pin(settings: Settings, name: str) -> None:
    """登记 text.txt 的 SHA-256 · Pin the text of the source NAME as it is now."""
    from kg.pinning import pin as run  # noqa: PLC0415 -- help is quick

    for line in run(_project(settings), name):
        click.echo(line, err=True)
