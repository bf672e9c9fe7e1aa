"""The command line. Command files import what they need when they run, so that help is quick."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from kg import __version__
from kg.cli.cite import cite, rerun
from kg.cli.curate import build, check, coverage, schema, source
from kg.cli.export import export
from kg.cli.find import find
from kg.cli.query import ask, show, sparql
from kg.cli.serve import serve

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Settings", "cli"]


@dataclass(frozen=True)
class Settings:
    """What holds for every command: where the project and its releases lie."""

    root: Path | None
    build: Path | None


@contextmanager
def _quietly() -> Iterator[None]:
    """End with 0 when the reader of a pipe has gone (`| head`), where click ends with 1."""
    try:
        yield
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise click.exceptions.Exit(0) from None


ZH: Final = {
    click.NoSuchOption: "没有这个选项",
    click.MissingParameter: "缺少参数",
    click.BadParameter: "值不对",
    click.BadOptionUsage: "选项用法有误",
    click.BadArgumentUsage: "参数用法有误",
    click.UsageError: "用法有误",
}
"""Kind of wrong usage that click tells in English -> the same in Chinese, the closest first."""


@contextmanager
def _in_both_languages() -> Iterator[None]:
    """Tell in Chinese too what click says in English alone."""
    try:
        yield
    except click.UsageError as error:
        said = error.format_message()
        if " | " in said:  # ours
            raise
        zh = next(told for kind, told in ZH.items() if isinstance(error, kind))
        raise click.UsageError(f"{zh} | {said}", error.ctx) from error


class _Program(click.Group):
    def make_context(self, *args: Any, **extra: Any) -> click.Context:  # noqa: ANN401 -- click's
        with _quietly(), _in_both_languages():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> object:
        with _quietly(), _in_both_languages():
            return super().invoke(ctx)


@click.group(
    cls=_Program,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="退出码 exit codes: 0 ok · 1 形状、检查或覆盖率有发现 a shape, check or coverage found "
    "something · 2 用法 usage · 3 名称不存在或有歧义 not found or ambiguous · 4 查询有误 bad query "
    "· 5 记录无法读取 records that cannot be read · 6 端点无法访问或答复有误 an endpoint that "
    "cannot be reached or answers wrongly",
)
@click.version_option(__version__, prog_name="kg")
@click.option(
    "--root",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="项目所在文件夹（默认：当前或上级） The project's folder (default: here or above).",
)
@click.option(
    "-o",
    "--build-dir",
    "build_dir",
    envvar="KG_BUILD",
    type=click.Path(path_type=Path, file_okay=False),
    help="发布版所在文件夹（默认：项目下 build/） The folder of releases (default: build/).",
)
@click.pass_context
def cli(context: click.Context, root: Path | None, build_dir: Path | None) -> None:
    """数字政府知识图谱 · A knowledge graph of how China's provinces build digital government."""
    context.obj = Settings(root, build_dir)


for command in (
    ask, build, check, cite, coverage, export, find, rerun, schema, serve, show, source, sparql
):  # fmt: skip
    cli.add_command(command)
