"""Finds where each quote stands: claims x text -> spans, checked, with what makes them unique."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.messages import nearest
from kg.text import LAYOUTS, Area, Passage, Span, locate, span_of_lines, unique_affixes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.curation import Placed, SourceFolder
    from kg.errors import Problem
    from kg.fields import Quote, Record
    from kg.marks import Location
    from kg.records import Claim, SectionRecord

__all__ = ["Cited", "Evidence", "Section", "cite", "find_quote", "sections_of"]


@dataclass(frozen=True)
class Section:
    """A section of a text, split into passages."""

    source: str
    record: SectionRecord
    text: str
    area: Area
    span: Span
    passages: tuple[Passage, ...]

    @property
    def region(self) -> str:
        """The key of the region that it is about."""
        return self.record.region

    def passages_of(self, span: Span) -> list[Passage]:
        """Give the passages that a span touches."""
        return [passage for passage in self.passages if passage.span.overlaps(span)]

    def line(self, offset: int) -> int:
        """Give the line (from 1) on which an offset stands."""
        return self.text.count("\n", 0, offset) + 1


@dataclass(frozen=True)
class Evidence:
    """One quote of a claim: where it stands, and the words around that make it unique."""

    claim: str
    number: int
    span: Span
    exact: str
    prefix: str
    suffix: str
    section: Section

    @property
    def heading(self) -> bool:
        """Whether it stands in a heading."""
        return all(passage.heading for passage in self.section.passages_of(self.span))


@dataclass
class Cited:
    """A claim with its evidence and its context, in the order of the record."""

    placed: Placed[Claim]
    section: Section
    evidence: list[Evidence] = field(default_factory=list)
    context: list[Evidence] = field(default_factory=list)

    @property
    def words(self) -> str:
        """All words that it quotes, evidence and context, for checks of wordings."""
        return "\n".join(item.exact for item in (*self.evidence, *self.context))


def sections_of(folder: SourceFolder) -> tuple[list[Section], list[Problem]]:
    """Split a source's text into its sections; a section beyond the text's end is a problem."""
    if folder.source is None or folder.text is None:
        return [], []
    problems: list[Problem] = []
    sections: list[Section] = []
    count = folder.text.count("\n") + 1
    for number, record in enumerate(folder.source.record.sections):
        first, last = record.lines
        if last > count:
            told = len(folder.text.removesuffix("\n").split("\n"))
            zh, en = f"文本只有 {told} 行", f"the text has only {told} lines"
            problems.append(folder.source.problem(("sections", number, "lines"), zh, en))
            continue
        area = Area(first, last, record.headings)
        passages = tuple(LAYOUTS[folder.source.record.layout](folder.text, area))
        span = span_of_lines(folder.text, first, last)
        sections.append(Section(folder.name, record, folder.text, area, span, passages))
    return sections, problems


def _not_found(placed: Placed[Record], steps: Location, quote: Quote, section: Section) -> Problem:
    text = section.text
    elsewhere = locate(quote.exact, text, Span(0, len(text)))
    if elsewhere:
        line = section.line(elsewhere[0].start)
        hint = (
            f"它在第 {line} 行，不在本节：核对 source.yaml 的 lines",
            f"it stands on line {line}, outside this section: check lines in source.yaml",
        )
    else:
        pieces = [text[p.span.start : p.span.end] for p in section.passages]
        size = len(quote.exact)
        windows = [w[i : i + size] for w in pieces for i in range(max(1, len(w) - size + 1))]
        near = nearest(quote.exact, windows)
        hint = (f"原文近似：{near}", f"the text has: {near}") if near else ("", "")
    zh = f"引文不在本节原文中：“{quote.exact}”"
    en = f"the quote is not in the section: {quote.exact!r}"
    return placed.problem(steps, zh, en, hint, code="moved" if elsewhere else "lost")


def find_quote(
    placed: Placed[Record], steps: Location, quote: Quote, section: Section
) -> Span | Problem:
    """Find the one place that a quote means, or say what is wrong with it."""
    spans = locate(quote.exact, section.text, section.span)
    if not spans:
        return _not_found(placed, steps, quote, section)
    if quote.nth is None and len(spans) > 1:
        lines = ", ".join(str(section.line(span.start)) for span in spans)
        zh = f"引文在本节出现 {len(spans)} 次（行 {lines}）：“{quote.exact}”"
        en = f"the quote stands {len(spans)} times in the section (lines {lines})"
        hint = ("写 nth 或引得更长", "say which by `nth`, or quote more")
        return placed.problem(steps, zh, en, hint, code="ambiguous")
    nth = quote.nth or 1
    if nth > len(spans):
        zh, en = f"引文只出现 {len(spans)} 次", f"the quote stands only {len(spans)} times"
        return placed.problem((*steps, "nth"), zh, en)
    return spans[nth - 1]


def _quotes(claim: Claim) -> Iterator[tuple[Location, Quote, bool]]:
    yield ("quote",), claim.quote, True
    for number, quote in enumerate(claim.also):
        yield ("also", number), quote, True
    for number, quote in enumerate(claim.context):
        yield ("context", number), quote, False


def cite(placed: Placed[Claim], section: Section) -> tuple[Cited, list[Problem]]:
    """Find every quote of a claim, evidence first, context behind, numbered from 1."""
    cited = Cited(placed, section)
    problems: list[Problem] = []
    for number, (steps, quote, is_evidence) in enumerate(_quotes(placed.record), start=1):
        found = find_quote(placed, steps, quote, section)
        if not isinstance(found, Span):
            problems.append(found)
            continue
        prefix, suffix = unique_affixes(section.text, found)
        key = placed.record.key
        item = Evidence(key, number, found, quote.exact, prefix, suffix, section)
        (cited.evidence if is_evidence else cited.context).append(item)
    return cited, problems
