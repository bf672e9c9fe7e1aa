"""Keeps queries at home: what would reach out, change data or leave the dataset is refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from kg.errors import QueryError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["TOKEN", "Token", "guard", "refuse_graph", "refuse_service", "tokens"]

LOCAL: Final = r"(?:[\w:·]|%[0-9A-Fa-f]{2}|\\[^\w\s])"
"""A sign of a local name (https://www.w3.org/TR/sparql11-query/#rPN_LOCAL)."""

TOKEN: Final = re.compile(
    rf"""
      (?P<text> \"{{3}}(?:[^"\\]|\\.|"(?!""))*\"{{3}} | '{{3}}(?:[^'\\]|\\.|'(?!''))*'{{3}}
              | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*' )
    | (?P<iri> <[^<>"{{}}|^`\\\s]*> )
    | (?P<comment> \#[^\n\r]* )
    | (?P<variable> [?$]\w+ )
    | (?P<tag> @[A-Za-z]+(?:-[A-Za-z0-9]+)* )
    | (?P<number> [0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)? )
    | (?P<name> (?:[^\W\d](?:[\w.-]*[\w-])?)? : (?:{LOCAL}(?:{LOCAL}|-|\.(?=[.-]*{LOCAL}))*)? )
    | (?P<word> [^\W\d]\w* )
    """,
    re.VERBOSE | re.DOTALL,
)
"""What a query is made of, signs and blanks apart; an unfinished text is read as words."""

UPDATES: Final = frozenset(
    {"LOAD", "INSERT", "DELETE", "CLEAR", "DROP", "CREATE", "COPY", "MOVE", "ADD", "WITH"}
)
"""The words that begin an update (https://www.w3.org/TR/sparql11-update/); no query has them."""

UNSURE: Final = re.compile(r"<(?![A-Za-z][\w+.-]*://)[^>]*[#'].*>", re.DOTALL)
"""What may be an IRI, or a less-than with a comment or a text behind it: `?a<?b)#>`."""


@dataclass(frozen=True)
class Token:
    """One token of a query: its kind, a group of `TOKEN`, and how it is written."""

    kind: str
    text: str

    @property
    def prefix(self) -> str:
        """The prefix of a name."""
        return self.text.partition(":")[0]

    def is_word(self, *words: str) -> bool:
        """Tell whether it is one of some keywords."""
        return self.kind == "word" and self.text.upper() in words


def tokens(sparql: str) -> list[Token]:
    """Give the tokens of a query, comments left out."""
    found = (Token(match.lastgroup or "", match.group()) for match in TOKEN.finditer(sparql))
    return [token for token in found if token.kind != "comment"]


def guard(sparql: str, has_graph: Callable[[str], bool]) -> bool:
    """Refuse a query that would reach out, change data or leave the dataset.

    A parser may read a keyword that touches other letters (`trueSERVICE`), so a word or prefix
    that holds one is refused too.

    Args:
        sparql: the query, as the parser will see it.
        has_graph: tells whether the dataset has a graph of an IRI.

    Returns:
        Whether the query names its graphs with FROM.

    Raises:
        QueryError: it holds SERVICE or an update, or a FROM of a graph that is not there.
    """
    found = tokens(sparql)
    for token in found:
        _check_word(token)
    unsure = any(token.kind == "iri" and UNSURE.fullmatch(token.text) for token in found)
    if unsure and re.search("service|from", sparql, re.IGNORECASE):
        raise QueryError(
            "查询中有既可读作 IRI 又可读作小于号的写法，请在 < 后加空格或写完整的 IRI",
            "something may be an IRI or a less-than: leave a blank behind <, or write a full IRI",
        )
    graphs = list(_graphs(found))
    for iri in graphs:
        if not has_graph(iri):
            refuse_graph(iri)
    return bool(graphs)


def _check_word(token: Token) -> None:
    if token.kind not in {"word", "name"}:
        return
    word = (token.prefix if token.kind == "name" else token.text).upper()
    if "SERVICE" in word:
        refuse_service()
    if token.kind == "word" and word in UPDATES:
        raise QueryError(
            f"只回答查询，不作更新：{word}", f"queries are answered, updates are not: {word}"
        )
    if "FROM" in word and not token.is_word("FROM"):
        raise QueryError("FROM 前后请加空格", "leave a blank before and behind FROM")


def refuse_service() -> None:
    """Refuse to ask another endpoint.

    Raises:
        QueryError: always.
    """
    raise QueryError("不支持 SERVICE：查询不访问网络", "no SERVICE: queries do not use the network")


def refuse_graph(iri: str) -> None:
    """Refuse a graph that the dataset does not have.

    Raises:
        QueryError: always.
    """
    raise QueryError(f"数据集中没有图 {iri}", f"the dataset has no graph {iri}")


def _graphs(found: list[Token]) -> Iterator[str]:
    """Give the IRI of each FROM and FROM NAMED; what cannot be resolved as it is written."""
    prefixes: dict[str, str] = {}
    declared = [*pairwise(found), (found[-1], Token("", ""))] if found else []
    for at, (token, following) in enumerate(declared):
        if token.is_word("PREFIX") and following.kind == "name":
            iri = found[at + 2].text if at + 2 < len(found) else ""
            prefixes[following.prefix] = iri.strip("<>")
        if token.is_word("FROM"):
            named = following.is_word("NAMED")
            place = at + 2 if named else at + 1
            yield _resolve(found[place] if place < len(found) else Token("", ""), prefixes)


def _resolve(token: Token, prefixes: dict[str, str]) -> str:
    if token.kind == "name" and token.prefix in prefixes:
        local = token.text.partition(":")[2]
        return prefixes[token.prefix] + re.sub(r"\\(.)", r"\1", local)
    return token.text[1:-1] if token.kind == "iri" else token.text
