"""The table that `kg coverage` shows, and what is left of a section."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg.build import read_sections
from kg.coverage import COARSE_BOUND, SET_ASIDE_BOUND, Coverage, total
from kg.curation import read
from kg.errors import NamingError
from kg.messages import nearest
from kg.results import Table, Term

if TYPE_CHECKING:
    from kg.curation import Corpus
    from kg.project import Project
    from kg.reading import Reading

__all__ = ["CoverageReport", "measure"]

HEADS: Final = {
    "source": "来源",
    "region": "地区",
    "name": "名称",
    "characters": "字符",
    "claimed": "已断言",
    "set_aside": "已搁置",
    "coarse": "粗粒度",
    "left": "剩余",
    "clauses": "分句",
    "clauses_claimed": "断言分句",
    "clauses_set_aside": "搁置分句",
}


@dataclass(frozen=True)
class CoverageReport:
    """A table of shares by section and in all, notes for people, and whether all is well."""

    table: Table
    heads: dict[str, str]
    notes: tuple[str, ...]
    complete: bool


def _row(source: str, region: str, name: str, c: Coverage) -> tuple[Term, ...]:
    left = c.characters - c.claimed - c.set_aside
    shares = [f"{c.share(n):.1%}" for n in (c.claimed, c.set_aside, c.coarse, left)]
    cells = [source, region, name, str(c.characters), *shares]
    cells += [str(n) for n in (c.clauses, c.clauses_claimed, c.clauses_set_aside)]
    return tuple(Term("literal", cell) for cell in cells)


def _notes(reading: Reading) -> list[str]:
    text = reading.section.text
    return [
        f"剩余 left {reading.section.region}:{reading.section.line(span.start)}: "
        f"{text[span.start : span.end]!r}"
        for span in reading.coverage.left
    ]


def _sums(readings: list[Reading]) -> tuple[list[tuple[Term, ...]], bool]:
    rows: list[tuple[Term, ...]] = []
    fine = True
    for source in dict.fromkeys(r.folder.name for r in readings):
        whole = total(r.coverage for r in readings if r.folder.name == source)
        rows.append(_row(source, "all", "合计", whole))
        fine &= whole.claimed + whole.set_aside == whole.characters
        fine &= whole.share(whole.set_aside) <= SET_ASIDE_BOUND
        fine &= whole.share(whole.coarse) <= COARSE_BOUND
    return rows, fine


def _key(corpus: Corpus, name: str | None) -> str | None:
    """Give the key of the region that a name means; the name itself if it is none's."""
    if name is None:
        return None
    for region in (placed.record for placed in corpus.regions):
        names = {region.zh, region.official_zh, region.en, region.abbreviation, region.iso3166}
        if name in {*names, region.pinyin, *region.alt_zh}:
            return region.key
    return name


def measure(project: Project, region: str | None) -> CoverageReport:
    """Measure every section, or those of one region.

    Raises:
        NamingError: no source has a section on the region.
    """
    corpus = read(project)
    readings, problems = read_sections(corpus)
    problems = [*corpus.problems, *problems]
    key = _key(corpus, region)
    wanted = [r for r in readings if key in {None, r.section.region}]
    if not wanted:
        known = sorted({r.section.region for r in readings})
        meant = nearest(region or "", known, cutoff=0.75)
        raise NamingError(
            f"没有 {region} 一节" + (f"，是否想写 {meant}？" if meant else ""),
            f"no section on {region}" + (f", did you mean {meant}?" if meant else ""),
            known,
        )
    names = {placed.record.key: placed.record.zh for placed in corpus.regions}
    rows = [
        _row(r.folder.name, r.section.region, names.get(r.section.region, ""), r.coverage)
        for r in wanted
    ]
    complete = all(not r.coverage.left for r in wanted)
    if region is None:
        sums, fine = _sums(readings)
        rows += sums
        complete &= fine
    notes = [line for r in wanted for line in _notes(r)]
    if problems:
        notes.append(
            f"另有 {len(problems)} 个问题，见 kg check | {len(problems)} problems: run kg check"
        )
    return CoverageReport(Table(tuple(HEADS), tuple(rows)), HEADS, tuple(notes), complete)
