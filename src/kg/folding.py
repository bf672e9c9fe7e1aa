"""Folds texts for search: case, accents, width, blanks and punctuation do not matter.

Each character is folded by itself, so the letters of a part of a text stand in the letters of
the whole: what a search for a substring would find, a search for its letters finds too.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from kg.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["BEGINS", "INSIDE", "WHOLE", "find_spans", "fold", "letters", "standing", "tokens"]

WHOLE, BEGINS, INSIDE = range(3)
"""How letters stand in a text whose words are parted by blanks; Chinese words are all whole."""

SHORTEST: Final = 3
"""Letters of a word that may stand for the longer ones that it begins."""


@cache
def _fold(char: str) -> str:
    pieces: list[str] = []
    for piece in unicodedata.normalize("NFKD", char):
        category = unicodedata.category(piece)[0]
        if category != "M":
            pieces.append(piece.casefold() if category in "LN" else " ")
    return "".join(pieces)


def fold(text: str) -> str:
    """Give a text's letters and numbers, without case, marks and width, and blanks for the rest.

    >>> fold("“一网通办”,ＡＰＰ Café")
    ' 一网通办  app cafe'
    """
    return "".join(map(_fold, text))


def letters(text: str) -> str:
    """Give a text's letters and numbers, folded, without anything between them.

    >>> letters("Yi wang-tong ban")
    'yiwangtongban'
    """
    return fold(text).replace(" ", "")


def tokens(word: str) -> str:
    """Give folded letters as SQLite's `ascii` tokenizer parts them: each is a token of its own.

    Letters beyond ASCII are written as their number, so that nothing depends on what SQLite
    knows of Unicode, and nothing is syntax.

    >>> tokens("app内")
    'a p p u5185'
    """
    return " ".join(char if char.isascii() else f"u{ord(char):x}" for char in word)


@lru_cache(maxsize=64)
def _pattern(word: str) -> re.Pattern[str]:
    return re.compile(" *".join(map(re.escape, word)))


def _parts_word(text: str, at: int) -> bool:
    """Tell whether a place lies inside of a word that is written without blanks, as in English."""
    return 0 < at < len(text) and all(c.isascii() and c != " " for c in text[at - 1 : at + 1])


def _hits(word: str, folded: str) -> Iterator[tuple[int, int, int]]:
    """Give each place where letters stand in a folded text: how, start, end."""
    for match in _pattern(word).finditer(folded):
        start, end = match.span()
        plural = folded[end : end + 1] == "s" and not _parts_word(folded, end + 1)
        if _parts_word(folded, start):
            yield INSIDE, start, end
        elif plural or not _parts_word(folded, end):
            yield WHOLE, start, end
        else:
            yield (INSIDE if len(word) < SHORTEST else BEGINS), start, end


def standing(word: str, folded: str) -> int:
    """Tell how letters stand in a folded text at best: as a WHOLE word, BEGINS one, or INSIDE.

    A plural is as good as the word; words of two letters begin too many others to count.

    >>> [standing("plan", text) for text in ("two plans", "planned", "explanation")]
    [0, 1, 2]
    >>> [standing("ai", text) for text in ("an ai plan", "aims", "maintain")]
    [0, 2, 2]
    """
    return min((how for how, _, _ in _hits(word, folded)), default=INSIDE)


def find_spans(words: Iterable[str], text: str) -> list[Span]:
    """Find where words, given as folded letters, stand in a text; overlapping spans are one.

    Where a word stands better in one place than in another, only the better ones are given.

    >>> find_spans(["网通"], "“一网 通办”")
    [Span(start=2, end=5)]
    """
    pieces = [(piece, at) for at, char in enumerate(text) for piece in _fold(char)]
    folded = "".join(piece for piece, _ in pieces)
    found: list[Span] = []
    for word in words:
        best = standing(word, folded)
        found += [
            Span(pieces[start][1], pieces[end - 1][1] + 1)
            for how, start, end in _hits(word, folded)
            if how == best
        ]
    merged: list[Span] = []
    for span in sorted(found):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(span.end, merged[-1].end))
        else:
            merged.append(span)
    return merged
