"""A source's text: sections, passages, clauses, and where a quote stands.

Offsets are Unicode code points from the start of the text, 0-based, end exclusive
(https://www.w3.org/TR/annotation-model/#text-position-selector).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = [
    "LAYOUTS",
    "Area",
    "Passage",
    "Span",
    "clauses",
    "is_word",
    "line_starts",
    "locate",
    "sentences_by_line",
    "unique_affixes",
]

CLAUSE_ENDS: Final = re.compile(r"[,，;；:：。！!？?\n]")
SENTENCE_ENDS: Final = re.compile(r"[。！!？?](?:[”’」』）)]*)")
WORD_SYMBOLS: Final = frozenset("+﹢%*")
"""Symbols that carry meaning in these texts (互联网+, 95%), counted like words."""


@dataclass(frozen=True, order=True)
class Span:
    """A stretch of the text, in code points."""

    start: int
    end: int

    def within(self, other: Span) -> bool:
        """Tell whether all of it lies in the other."""
        return other.start <= self.start and self.end <= other.end

    def overlaps(self, other: Span) -> bool:
        """Tell whether the two share a character."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class Area:
    """The lines of one section: counted from 1, both ends included; the headings first."""

    first: int
    last: int
    headings: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Passage:
    """One sentence or one heading: its place in the section, its span, its first line."""

    position: int
    span: Span
    line: int
    heading: bool


def line_starts(text: str) -> list[int]:
    r"""Give the offset at which each line starts; line 1 is item 0.

    >>> line_starts("ab\nc")
    [0, 3]
    """
    return [0, *(match.end() for match in re.finditer("\n", text))]


def span_of_lines(text: str, first: int, last: int) -> Span:
    """Give the span of some lines without the last line's break."""
    starts = line_starts(text)
    end = starts[last] - 1 if last < len(starts) else len(text)
    return Span(starts[first - 1], end)


def is_word(char: str) -> bool:
    """Tell whether a character counts for coverage: letters, numbers, meaningful symbols.

    >>> [is_word(c) for c in "政8%、“ "]
    [True, True, True, False, False, False]
    """
    return unicodedata.category(char)[0] in "LN" or char in WORD_SYMBOLS


def _trim(text: str, span: Span) -> Span | None:
    piece = text[span.start : span.end]
    start = span.start + len(piece) - len(piece.lstrip())
    end = span.end - (len(piece) - len(piece.rstrip()))
    return Span(start, end) if start < end else None


def _cut(text: str, span: Span, ends: re.Pattern[str]) -> Iterator[Span]:
    start = span.start
    for match in ends.finditer(text, span.start, span.end):
        yield Span(start, match.end())
        start = match.end()
    yield Span(start, span.end)


def sentences_by_line(text: str, area: Area) -> list[Passage]:
    r"""Split a section into passages: each heading is one, each line splits at sentence ends.

    >>> text = "甲:大\n标题\n一句。二句"
    >>> [text[p.span.start:p.span.end] for p in sentences_by_line(text, Area(1, 3, ((1, 2),)))]
    ['甲:大\n标题', '一句。', '二句']
    """
    heading_lines = {line for first, last in area.headings for line in range(first, last + 1)}
    pieces = [(first, True, span_of_lines(text, first, last)) for first, last in area.headings]
    for line in range(area.first, area.last + 1):
        if line not in heading_lines:
            whole = span_of_lines(text, line, line)
            pieces += [(line, False, span) for span in _cut(text, whole, SENTENCE_ENDS)]
    trimmed = [
        (span, line + text.count("\n", piece.start, span.start), heading)
        for line, heading, piece in pieces
        if (span := _trim(text, piece)) is not None
    ]
    return [
        Passage(position, span, line, heading)
        for position, (span, line, heading) in enumerate(sorted(trimmed), start=1)
    ]


LAYOUTS: Final[dict[str, Callable[[str, Area], list[Passage]]]] = {"lines": sentences_by_line}
"""How the text of a source is laid out -> how it splits into passages."""


def clauses(text: str, span: Span, joined: Iterable[Span] = ()) -> list[Span]:
    r"""Split a span at commas, semicolons, colons, full stops and line breaks.

    Args:
        text: the whole text.
        span: what to split.
        joined: spans in which a line break does not part (a heading over two lines).

    >>> [s.start for s in clauses("一,二:三。", Span(0, 6))]
    [0, 2, 4]
    """
    whole = tuple(joined)
    found: list[Span] = []
    start = span.start
    for match in CLAUSE_ENDS.finditer(text, span.start, span.end):
        inside = any(s.start <= match.start() < s.end for s in whole)
        if match.group() == "\n" and inside:
            continue
        found.append(Span(start, match.end()))
        start = match.end()
    found.append(Span(start, span.end))
    return [s for s in found if any(map(is_word, text[s.start : s.end]))]


def locate(quote: str, text: str, within: Span) -> list[Span]:
    """Find every place where a quote stands in a part of the text, overlaps included.

    >>> locate("aa", "xaaa", Span(0, 4))
    [Span(start=1, end=3), Span(start=2, end=4)]
    """
    spans: list[Span] = []
    at = text.find(quote, within.start, within.end)
    while at >= 0:
        spans.append(Span(at, at + len(quote)))
        at = text.find(quote, at + 1, within.end)
    return spans


def unique_affixes(text: str, span: Span, shortest: int = 12) -> tuple[str, str]:
    """Give the prefix and suffix that make a quote unique in the text, each of equal length.

    They are at least `shortest` code points long where the text has as many, and grow by
    half until prefix, quote and suffix together stand once.
    """
    size = shortest
    while True:
        start, end = max(0, span.start - size), min(len(text), span.end + size)
        if text.find(text[start:end]) == start and text.find(text[start:end], start + 1) < 0:
            return text[start : span.start], text[span.end : end]
        size += max(1, size // 2)
