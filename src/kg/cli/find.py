"""The command for readers who know a word and not the thing: find."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypedDict, Unpack

import click

from kg.cli.output import OUTPUT, TABLE_FORMATS, choose_format, note, write_table
from kg.names import SEARCHED

if TYPE_CHECKING:
    from pathlib import Path

    from kg.cli import Settings
    from kg.index import Index

__all__ = ["find"]

HEADS: Final = {
    "zh": {
        "thingLabel": "名称",
        "kindLabel": "类别",
        "foundLabel": "见于",
        "snippet": "片段",
        "regionLabel": "地区",
        "line": "行",
        "inSourceLabel": "来源",
        "thing": "代号",
    },
    "en": {
        "thingLabelEn": "Name",
        "kindLabelEn": "Kind",
        "foundLabelEn": "Found in",
        "snippet": "Text",
        "regionLabelEn": "Region",
        "line": "Line",
        "inSourceLabelEn": "Source",
        "thing": "Code",
    },
}
"""Language -> the columns for people and their heads."""


class FindOptions(TypedDict):
    """What `kg find` may be told."""

    kinds: tuple[str, ...]
    limit: int
    form: str | None
    output: Path | None
    language: str


@click.command()
@click.argument("text", nargs=-1, required=True)
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice(SEARCHED),
    help="只找某类，可多次写 Only things of this kind; may be given several times.",
)
@click.option(
    "--limit",
    default=20,
    show_default=True,
    type=click.IntRange(min=1),
    help="最多几行 Rows at most.",
)
@click.option("-f", "--format", "form", type=click.Choice(TABLE_FORMATS), help="输出格式 format.")
@click.option("-o", "--output", type=OUTPUT, help="写入文件，格式看后缀 Write to a file.")
@click.option(
    "--lang", "language", type=click.Choice(["zh", "en"]), default="zh", help="语言 language."
)
@click.pass_obj
def find(settings: Settings, text: tuple[str, ...], **wanted: Unpack[FindOptions]) -> None:
    """检索名称、别称、拼音、引文、原句与定义 · Search names, pinyin, quotes, sentences.

    All words of TEXT must occur, in any order, each in the text or in what the thing or its
    region is called; words in “quotation marks” are one phrase. Case, accents, width and
    punctuation do not matter, and part of a word will do. Labels come first, then variants and
    pinyin, quotes, sentences, definitions; the hit stands between 【 and 】.

    \b
    kg find 数据
    kg find 上海 一网通办
    kg find 'yi wang tong ban' --kind concept
    kg find '“data sharing”' --lang en

    Without a hit the exit code is 0 too, and near words are told on stderr.
    """  # noqa: D301 -- \b is for click
    from kg.index import current_index  # noqa: PLC0415 -- help is quick
    from kg.project import find as find_project  # noqa: PLC0415
    from kg.search import search, words_of  # noqa: PLC0415

    words, limit, language = " ".join(text), wanted["limit"], wanted["language"]
    form = choose_format(wanted["form"], wanted["output"])
    words_of(words)  # wrong usage is told before a release is looked for
    with current_index(find_project(settings.root, settings.build).build) as index:
        hits = search(index, words, kinds=wanted["kinds"], limit=limit)
        heads = HEADS[language]
        several = len(hits.table.distinct("inSource")) > 1
        shown = [column for column in heads if several or not column.startswith("inSource")]
        write_table(hits.table, form, heads, shown, wanted["output"])
        if hits.total:
            _tell(len(hits.table.rows), hits.total)
        else:
            _help(index, words, wanted["kinds"])


def _tell(shown: int, total: int) -> None:
    if shown == total:
        note(f"{total} 行", f"{total} rows")
    else:
        zh = f"共 {total} 行，只列前 {shown} 行：--limit {total} 列出全部"
        note(zh, f"{shown} of {total} rows; --limit {total} lists them all")


def _help(index: Index, text: str, kinds: tuple[str, ...]) -> None:
    """Say what may help where nothing was found."""
    from kg.search import near, search, words_of  # noqa: PLC0415 -- help is quick

    if kinds and (total := search(index, text, limit=0).total):
        note(
            f"没有找到；不限类别（--kind）有 {total} 处",
            f"nothing found; {total} without --kind",
        )
        return
    words = words_of(text)
    counts = {word: search(index, word, limit=0).total for word in words}
    missing = " ".join(word for word, count in counts.items() if not count)
    if not missing:
        told = " ".join(f"{word} {count}" for word, count in counts.items())
        note(f"没有同时出现；分别有：{told}", f"they do not occur together; each by itself: {told}")
    elif labels := " ".join(near(index, missing)):
        note(f"没有找到“{missing}”，相近的有：{labels}", f"no “{missing}”; near: {labels}")
    else:
        note(
            f"没有找到“{missing}”；可减少字词，或用 kg ask 查看能问什么",
            f"no “{missing}”; try fewer words, or see by kg ask what can be asked",
        )
