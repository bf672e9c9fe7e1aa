"""Checks a source: its sections, headings, lines and gaps, and how many claims it has."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.errors import Problem
from kg.records import CLAIMS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.curation import Corpus, Placed, SourceFolder
    from kg.marks import Location
    from kg.records import SectionRecord, Source

__all__ = ["check_counts", "check_source"]


def _squeeze(text: str) -> str:
    return re.sub(r"[\W_]", "", text)


def check_source(folder: SourceFolder) -> Iterator[Problem]:
    """Give what is wrong with a source's key, sections, headings, lines and gaps."""
    if folder.source is None:
        return
    source = folder.source
    if source.record.key != folder.name:
        zh, en = (
            f"key 应与文件夹同名：{folder.name}",
            f"the key should be the folder: {folder.name}",
        )
        yield source.problem(("key",), zh, en)
    yield from _sections(folder)
    regions = [section.region for section in source.record.sections]
    for number, gap in enumerate(source.record.gaps):
        if gap.section not in regions:
            zh, en = f"没有“{gap.section}”一节", f"no section on {gap.section!r}"
            yield source.problem(("gaps", number, "section"), zh, en)


def _shared_line(section: SectionRecord, others: Sequence[SectionRecord]) -> int | None:
    first, last = section.lines
    shared = [max(first, o.lines[0]) for o in others if first <= o.lines[1] and o.lines[0] <= last]
    return min(shared, default=None)


def _sections(folder: SourceFolder) -> Iterator[Problem]:
    assert folder.source is not None  # noqa: S101 -- the caller looked
    source = folder.source
    lines = folder.text.split("\n") if folder.text is not None else []
    regions: set[str] = set()
    for number, section in enumerate(source.record.sections):
        steps: Location = ("sections", number)
        if section.region in regions:
            zh, en = f"“{section.region}”已有一节", f"{section.region!r} has a section already"
            yield source.problem((*steps, "region"), zh, en)
        regions.add(section.region)
        if line := _shared_line(section, source.record.sections[:number]):
            zh, en = f"第 {line} 行已属于另一节", f"line {line} is in another section already"
            yield source.problem((*steps, "lines"), zh, en)
        if lines and section.lines[1] <= len(lines):
            yield from _heading(source, steps, section, lines)
        if section.region not in folder.files:
            zh, en = "没有这一节的断言文件", "no claims file for this section"
            hint = (f"新建 claims/{section.region}.yaml", f"make claims/{section.region}.yaml")
            yield source.problem(steps, zh, en, hint)
    for region in sorted(set(folder.files) - regions):
        zh = f"claims/{region}.yaml 没有对应的一节"
        yield source.problem(("sections",), zh, f"claims/{region}.yaml has no section")
    yield from _unread_lines(folder, source, lines)


def _heading(
    source: Placed[Source], steps: Location, section: SectionRecord, lines: Sequence[str]
) -> Iterator[Problem]:
    heading = "".join(line for first, last in section.headings for line in lines[first - 1 : last])
    if section.headings and _squeeze(heading) != _squeeze(section.label.zh):
        zh, en = f"原文标题是“{heading}”", f"the heading in the text is {heading!r}"
        hint = ("核对 lines、headings 与 label", "check lines, headings and label")
        yield source.problem((*steps, "label"), zh, en, hint)


def _unread_lines(
    folder: SourceFolder, source: Placed[Source], lines: Sequence[str]
) -> Iterator[Problem]:
    """Give the stretches of lines with words that no section holds and `outside` does not name."""
    spans = [*(section.lines for section in source.record.sections), *source.record.outside]
    unread: list[list[int]] = []
    parted = True  # a blank line parts nothing, a line that is read does
    for number, line in enumerate(lines, start=1):
        if any(first <= number <= last for first, last in spans):
            parted = True
        elif line.strip():
            if parted:
                unread.append([])
            unread[-1].append(number)
            parted = False
    for numbers in unread:
        span = f"{numbers[0]}–{numbers[-1]}" if len(numbers) > 1 else str(numbers[0])
        zh = f"第 {span} 行不属于任何一节"
        en = f"no section holds line {span}"
        hint = (
            "在 source.yaml 中归入某节的 lines，或写入 outside",
            "give it to a section in source.yaml, or name it under `outside`",
        )
        yield Problem(folder.text_file, numbers[0], "lines", zh, en, *hint)


def check_counts(corpus: Corpus, folder: SourceFolder) -> Iterator[Problem]:
    """Give each kind of which the source has more or fewer claims than it expects.

    Nothing is said while a claims file cannot be parsed: its blocks cannot be counted.
    """
    unparsed = any(f"file:{name}" in corpus.unread for name in folder.files.values())
    if folder.source is None or unparsed:
        return
    counted = folder.kinds
    for kind in CLAIMS:
        expected = folder.source.record.expect.get(kind)
        if expected is None:
            zh, en = f"没有写 {kind} 的数目", f"no number for {kind}"
            hint = (f"写 {kind}: {counted[kind]}", f"write {kind}: {counted[kind]}")
            yield folder.source.problem(("expect", kind), zh, en, hint)
        elif expected != counted[kind]:
            zh = f"应有 {expected} 条 {kind}，实有 {counted[kind]} 条"
            en = f"{expected} of kind {kind} expected, {counted[kind]} found"
            hint = (f"若属实，改为 {counted[kind]}", f"if that is right, write {counted[kind]}")
            yield folder.source.problem(("expect", kind), zh, en, hint)
    for kind in sorted(set(folder.source.record.expect) - set(CLAIMS)):
        zh, en = f"“{kind}”不是断言的种类", f"{kind!r} is no kind of claim"
        yield folder.source.problem(("expect", kind), zh, en)
