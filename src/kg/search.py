"""Searches labels, variants, pinyin, quotes, sentences and definitions of a release.

Nothing of what a reader writes is syntax but quotation marks, which hold a phrase.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from kg.errors import UsageError, clipped
from kg.folding import INSIDE, find_spans, letters, standing, tokens
from kg.names import SEARCHED
from kg.results import Table, Term

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.index import Index

__all__ = ["FOUND", "LONGEST", "Hits", "near", "search", "words_of"]

FOUND: Final = {
    "label": ("名称", "label"),
    "variant": ("别称", "variant"),
    "pinyin": ("拼音", "pinyin"),
    "quote": ("引文", "quote"),
    "sentence": ("原句", "sentence"),
    "definition": ("定义", "definition"),
}
"""Where something was found -> in Chinese and English."""

EXACT, BEGINNING, ANYWHERE = range(3)
TIERS: Final = {
    ("label", EXACT): 0,
    ("variant", EXACT): 1,
    ("pinyin", EXACT): 1,
    ("label", BEGINNING): 2,
    ("label", ANYWHERE): 3,
    ("variant", ANYWHERE): 4,
    ("pinyin", ANYWHERE): 4,
    ("quote", ANYWHERE): 5,
    ("sentence", ANYWHERE): 6,
    ("definition", ANYWHERE): 7,
}
"""Where the words stand and how -> rank; an exact variant is what the thing is called too."""

COLUMNS: Final = (
    "thing", "thingLabel", "thingLabelEn", "kind", "kindLabel", "kindLabelEn",
    "found", "foundLabel", "foundLabelEn", "snippet", "region", "regionLabel", "regionLabelEn",
    "line", "inSource", "inSourceLabel", "inSourceLabelEn",
)  # fmt: skip

LONGEST: Final = 500
"""Characters of the longest text that is searched for."""
AROUND: Final = 30
"""Chinese characters that a snippet shows on either side of the first hit; Latin ones twice."""
NEAR: Final = 5
"""How many near words are offered."""
CLOSE: Final = 0.5
"""How alike a near word is at least (https://docs.python.org/3/library/difflib.html)."""
INTEGER: Final = "http://www.w3.org/2001/XMLSchema#integer"

PHRASE_OR_WORD: Final = re.compile(r"[“”\"]([^“”\"]*)[“”\"]|[^\s“”\"]+")
"""What stands in quotation marks is one phrase; else blanks part words."""
PLURAL: Final = re.compile("[a-z]{3,}(?<!s)s")
"""An English word that is searched for without its last letter, so that the singular is found."""

MATCHES: Final = """
SELECT text.id, text.field, text.folded, bm25(words, 1.0, 0.0), thing.kind, thing.iri
FROM words JOIN text ON text.id = words.rowid JOIN thing ON thing.id = text.thing
WHERE words MATCH ?"""

ROW: Final = """
SELECT iri, zh, en, kind, kind_zh, kind_en, field, text, region, region_zh, region_en,
       COALESCE(text.line, thing.line), source, source_zh, source_en
FROM text JOIN thing ON thing.id = text.thing WHERE text.id = ?"""

NAMES: Final = """
SELECT text.folded, COALESCE(thing.zh, text.text)
FROM text JOIN thing ON thing.id = text.thing
WHERE thing.kind IN ('region', 'concept', 'platform', 'initiative')
  AND text.field IN ('label', 'variant', 'pinyin')"""


@dataclass(frozen=True)
class Hits:
    """What a search found: a row a thing, the best first, and how many there are in all."""

    table: Table
    total: int


@dataclass(frozen=True, order=True)
class _Match:
    """A text in which all words occur, itself or by its context; the least comes first."""

    rank: tuple[bool, int, int, int, float, int, str]
    text: int


def words_of(text: str) -> list[str]:
    """Give the words and quoted phrases of a search as folded letters, each once.

    Raises:
        UsageError: there is no letter and no number in it, or it is too long or no text.

    >>> words_of('“一网 通办” Shanghai platforms')
    ['一网通办', 'shanghai', 'platform']
    """
    if any("\ud800" <= char <= "\udfff" for char in text):
        told = clipped(text)
        raise UsageError(f"“{told}”不是 UTF-8 文字", f"“{told}” is not text in UTF-8")
    if len(text) > LONGEST:
        raise UsageError(
            f"要找的文字有 {len(text)} 字，最多 {LONGEST} 字",
            f"the text to find has {len(text)} characters; at most {LONGEST} will do",
        )
    found: list[str] = []
    for match in PHRASE_OR_WORD.finditer(text):
        word = letters(match[0])
        found.append(word[:-1] if match[1] is None and PLURAL.fullmatch(word) else word)
    words = list(dict.fromkeys(word for word in found if word))
    if not words:
        raise UsageError(
            "没有可找的字词：请至少写一个汉字、字母或数字",
            "there is nothing to search for: write at least one letter or number",
        )
    return words


def search(index: Index, text: str, *, kinds: Iterable[str] = (), limit: int = 20) -> Hits:
    """Find the things in whose texts all words occur, in any order.

    Args:
        index: where to look.
        text: words parted by blanks, phrases in quotation marks, in Chinese, English or pinyin.
            Where there are several words, some may occur in what the thing or its region is
            called, and the others in the text.
        kinds: some of `names.SEARCHED`; all if left out.
        limit: how many rows at most.

    Raises:
        UsageError: there is nothing to search for, or no such kind; see `words_of`.
        ReleaseError: the index is damaged.
    """
    words, wanted = words_of(text), frozenset(kinds) or frozenset(SEARCHED)
    if unknown := sorted(wanted - set(SEARCHED)):
        told, listed = clipped(unknown[0]), " ".join(SEARCHED)
        raise UsageError(f"没有类别 {told}，有：{listed}", f"no kind {told}; there are: {listed}")
    whole = letters(text)
    best: dict[str, _Match] = {}
    for identity, field, folded, score, kind, iri in index.rows(MATCHES, _expression(words)):
        if kind in wanted:
            rank = (*_rank(words, whole, field, folded), score, SEARCHED.index(kind), iri)
            match = _Match(rank, identity)
            best[iri] = min(match, best.get(iri, match))
    chosen = sorted(best.values())[: max(limit, 0)]
    rows = tuple(_row(*index.rows(ROW, match.text)[0], words, whole) for match in chosen)
    return Hits(Table(COLUMNS, rows), len(best))


def _expression(words: Sequence[str]) -> str:
    """Give the FTS5 expression: all words occur, at least one of them in the text itself."""
    phrases = [f'"{tokens(word)}"' for word in words]
    if not words[1:]:
        return f"body : {phrases[0]}"
    return f"({' AND '.join(phrases)}) AND body : ({' OR '.join(phrases)})"


def _rank(words: list[str], whole: str, field: str, folded: str) -> tuple[bool, int, int, int]:
    """Rank a text: words inside of others last, then by tier, whole words, words in context."""
    own = folded.replace(" ", "")
    there = [word for word in words if word in own]
    grade = max(standing(word, folded) for word in ([whole] if whole in own else there))
    how = EXACT if own == whole else BEGINNING if own.startswith(whole) else ANYWHERE
    tier = TIERS.get((field, how), TIERS[field, ANYWHERE])
    return grade == INSIDE, tier, grade, len(words) - len(there)


def _row(*cells: Any) -> tuple[Term | None, ...]:  # noqa: ANN401 -- of `ROW`
    iri, zh, en, kind, kind_zh, kind_en, field, text, region, *rest, words, whole = cells
    region_zh, region_en, line, source, source_zh, source_en = rest
    return (
        Term("uri", iri), *_labels(zh, en),
        Term("literal", kind), *_labels(kind_zh, kind_en),
        Term("literal", field), *_labels(*FOUND[field]),
        Term("literal", _snippet(text, words, whole)),
        Term("uri", region) if region else None, *_labels(region_zh, region_en),
        Term("literal", str(line), datatype=INTEGER) if line is not None else None,
        Term("uri", source) if source else None, *_labels(source_zh, source_en),
    )  # fmt: skip


def _labels(zh: str | None, en: str | None) -> tuple[Term | None, Term | None]:
    return (
        Term("literal", zh, "zh") if zh else None,
        Term("literal", en, "en") if en else None,
    )


def _snippet(text: str, words: list[str], whole: str) -> str:
    """Give the text around the first hit, on one line, each hit in it between 【 and 】."""
    spans = find_spans([whole] if whole in letters(text) else words, text)
    around = AROUND * 2 if sum(map(str.isascii, text)) * 2 > len(text) else AROUND
    start, end = max(0, spans[0].start - around), min(len(text), spans[0].end + around)
    shown, at = ["…" if start else ""], start
    for span in spans:
        if span.end <= end:
            shown += [text[at : span.start], "【", text[span.start : span.end], "】"]
            at = span.end
    shown += [text[at:end], "…" if end < len(text) else ""]
    return re.sub(r"\s", " ", "".join(shown))


def near(index: Index, text: str) -> list[str]:
    """Give labels that are written like a text, or like one of its words: none, or a few.

    Raises:
        UsageError: see `words_of`.
    """
    import difflib  # noqa: PLC0415 -- needed only where nothing is found

    names = {folded.replace(" ", ""): label for folded, label in index.rows(NAMES)}
    found = [
        names[name]
        for word in dict.fromkeys([letters(text), *words_of(text)])
        for name in difflib.get_close_matches(word, names, NEAR, CLOSE)
    ]
    return list(dict.fromkeys(found))[:NEAR]
