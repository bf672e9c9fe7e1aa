"""The table of an answer as a page shows it: links to things, marked quotes, states apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from kg.names import GRAPH, ID, ROOT, expand
from kg.rendering import columns_for_people

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg.replies import Reply
    from kg.results import Table, Term
    from kg.web.html.layout import Place

__all__ = ["Cell", "Column", "Grid", "grid_of", "marked", "page_path", "web_address"]

MOST: Final = 1000
"""Rows that a page shows; the files hold all."""

LONG: Final = 36
"""Characters of a text that needs a wide column."""

STATES: Final = frozenset({"stated", "not-in-text", "not-read", "heading-only", "picture", "text"})
"""Values of presence and reading, which are drawn apart."""

NUMBER: Final = re.compile(r"#(?:integer|decimal|double|int|long)$")
"""How the datatypes of numbers end."""

LABEL: Final = re.compile(r"(?P<thing>\w+?)Label(?:En)?")
SENTENCE: Final = re.compile(r"(?P<of>\w*?)(?P<word>[sS]entence)")
LINE: Final = re.compile(r"(?P<of>\w*?)(?P<word>[lL]ine)")


@dataclass(frozen=True)
class Column:
    """A column: its name, its head, and its kind: `num`, `wide`, `sentence` or plain."""

    name: str
    head: str
    kind: str


@dataclass(frozen=True)
class Cell:
    """A cell: a text, a part of it that is marked, where it leads, and the state that it tells."""

    text: str = ""
    parts: tuple[str, str, str] | None = None
    href: str = ""
    state: str = ""


@dataclass(frozen=True)
class Grid:
    """The rows that a page shows, and how many there are in all."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    count: int

    @property
    def is_tall(self) -> bool:
        """Whether it has sentences, so that a narrow screen shows its rows one below another."""
        return any(column.kind == "sentence" for column in self.columns)


def page_path(iri: str) -> str:
    """Give the path of the page that tells of an IRI of the dataset; nothing for other IRIs.

    >>> page_path("https://w3id.org/dgkg/id/region/hebei")
    '/id/region/hebei.html'
    >>> page_path("https://w3id.org/dgkg/ontology#Target")
    '/ontology.html#Target'
    """
    if not iri.startswith((ID, GRAPH, f"{ROOT}ontology")):
        return ""
    path, sign, term = iri.removeprefix(ROOT).partition("#")
    return f"/{path}.html{sign}{term}"


def web_address(text: str) -> str:
    """Give a text that is an address of the web, and nothing for any other.

    >>> web_address("https://example.org/a"), web_address("javascript:alert(1)")
    ('https://example.org/a', '')
    """
    if not re.fullmatch(r"https?://[!-~]+", text):
        return ""
    try:
        return text if urlsplit(text).hostname else ""
    except ValueError:
        return ""


def marked(text: str, quote: str, at: int = -1) -> tuple[str, str, str] | None:
    """Give a sentence in three parts, the quote in the middle.

    Args:
        text: the sentence.
        quote: a part of it.
        at: where the quote begins, if that is known; else it is where it first stands.
    """
    if not quote or quote == text:
        return None
    if at < 0 or text[at : at + len(quote)] != quote:
        at = text.find(quote)
    return None if at < 0 else (text[:at], quote, text[at + len(quote) :])


def grid_of(reply: Reply, place: Place) -> Grid:
    """Give the table of a reply for a page in a language."""
    table, heads = reply.table, reply.heads(place.language)
    shown = _columns(table, place.language)
    rows = [
        tuple(_cell(name, dict(zip(table.columns, row, strict=True)), place) for name in shown)
        for row in table.rows[:MOST]
    ]
    columns = (
        Column(name, heads.get(name, name), _kind(table, name, [row[at].text for row in rows]))
        for at, name in enumerate(shown)
    )
    return Grid(tuple(columns), tuple(rows), len(table.rows))


def _columns(table: Table, language: str) -> list[str]:
    """Give the columns for people, without quotes and statements that another column shows."""
    unseen: set[str] = set()
    for name in table.columns:
        if found := SENTENCE.fullmatch(name):
            unseen.add(_beside(found, "quote"))
        if found := LINE.fullmatch(name):
            unseen.add(_beside(found, "statement"))
    return [name for name in columns_for_people(table, language) if name not in unseen]


def _beside(found: re.Match[str], word: str) -> str:
    """Give the name of the column of another word that goes with one: lineX with quoteX."""
    return f"{found['of']}{word.capitalize() if found['word'][0].isupper() else word}"


def _kind(table: Table, name: str, texts: Sequence[str]) -> str:
    at = table.columns.index(name)
    datatypes = {term.datatype for row in table.rows if (term := row[at]) is not None}
    if datatypes and all(NUMBER.search(datatype) for datatype in datatypes):
        return "num"
    if SENTENCE.fullmatch(name):
        return "sentence"
    return "wide" if max(map(len, texts), default=0) > LONG else ""


def _cell(name: str, row: Mapping[str, Term | None], place: Place) -> Cell:
    term = row[name]
    if term is None:
        return Cell()
    text = term.said(place.language)
    thing, parts = row.get(name) if term.kind == "uri" else None, None
    if found := LABEL.fullmatch(name):
        thing = row.get(found["thing"])
    elif found := LINE.fullmatch(name):
        thing = row.get(_beside(found, "statement"))
    elif found := SENTENCE.fullmatch(name):
        quote = row.get(_beside(found, "quote"))
        parts = marked(text, quote.value) if quote else None
    state = thing.value if thing is not None and thing.value in STATES else ""
    return Cell(text, parts, _href(thing, term, place), state)


def _href(thing: Term | None, term: Term, place: Place) -> str:
    if thing is not None and thing.kind == "uri":
        path = page_path(expand(thing.value))
        return place.link(path) if path else web_address(thing.value)
    return web_address(term.value)
