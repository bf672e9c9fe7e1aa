"""Keeps queries at home: what would reach out, change data or leave the dataset is refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin

from kg.errors import QueryError, RefusedError, clipped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

__all__ = [
    "CODE_POINT",
    "FORMS",
    "FULL_IRI",
    "TOKEN",
    "Token",
    "declared_prefixes",
    "disarm",
    "escape_dots",
    "form_of",
    "guard",
    "place",
    "refuse_graph",
    "refuse_service",
    "resolved",
    "respell",
    "tokens",
]

LOCAL: Final = r"(?:[\w:·]|%[0-9A-Fa-f]{2}|\\[^\w\s])"
"""A sign of a local name (https://www.w3.org/TR/sparql11-query/#rPN_LOCAL)."""

CODE_POINT: Final = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
"""A sign written as its code point (https://www.w3.org/TR/sparql11-query/#codepointEscape)."""

ESCAPE: Final = rf"\\[tbnrf\\\"']|{CODE_POINT}"
"""A sign of a text that is written with a backslash; with another one it is no text."""

LONG: Final = {
    mark: rf"{mark}{{3}}(?:[^{mark}\\]|{ESCAPE}|{mark}(?!{mark}{mark}))*+" for mark in "\"'"
}
SHORT: Final = {mark: rf"(?!{mark}{{3}}){mark}(?:[^{mark}\\\n\r]|{ESCAPE})*+" for mark in "\"'"}
"""Quotation mark -> a text up to its end, over several lines or on one."""

TOKEN: Final = re.compile(
    rf"""
      (?P<text> {LONG['"']}"{{3}} | {LONG["'"]}'{{3}} | {SHORT['"']}" | {SHORT["'"]}' )
    | (?P<unfinished> {LONG['"']} | {LONG["'"]} | {SHORT['"']} | {SHORT["'"]} )
    | (?P<iri> <(?:[^<>"{{}}|^`\\\s]|{CODE_POINT})*> )
    | (?P<comment> \#[^\n\r]* )
    | (?P<variable> [?$]\w+ )
    | (?P<tag> @[A-Za-z]+(?:-[A-Za-z0-9]+)* )
    | (?P<number> [0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)? )
    | (?P<name> (?:[^\W\d](?:[\w.-]{{0,254}}+(?<!\.))?+)? : (?:{LOCAL}(?:[.-]*+{LOCAL})*+-*+)? )
    | (?P<word> [^\W\d]\w* )
    """,
    re.VERBOSE | re.DOTALL,
)
"""What a query is made of, signs and blanks apart; every piece is read once or twice."""

UPDATES: Final = frozenset(
    {"LOAD", "INSERT", "DELETE", "CLEAR", "DROP", "CREATE", "COPY", "MOVE", "ADD", "WITH"}
)
"""The words that begin an update (https://www.w3.org/TR/sparql11-update/); no query has them."""

UNSURE: Final = re.compile(r"<(?![A-Za-z][\w+.-]*://)[^>]*[#'].*>", re.DOTALL)
"""What may be an IRI, or a less-than with a comment or a text behind it: `?a<?b)#>`."""

SERVICE: Final = re.compile("(s)(e)(rvice)", re.IGNORECASE)
"""The keyword that reaches out, in three pieces."""
RESERVED: Final = re.compile("service|from", re.IGNORECASE)
"""The keywords that no parser may find where none was meant."""
FULL_IRI: Final = re.compile("[A-Za-z][A-Za-z0-9+.-]*:")
"""The beginning of an IRI that needs no base."""


FORMS: Final = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
"""The words that begin a query."""
SEVERAL: Final = 2
"""Dots in a local name that not every parser takes."""


@dataclass(frozen=True)
class Token:
    """One token of a query: its kind, a group of `TOKEN`, how it is written, where it begins."""

    kind: str
    text: str
    start: int = 0

    @property
    def prefix(self) -> str:
        """The prefix of a name."""
        return self.text.partition(":")[0]

    @property
    def is_risky(self) -> bool:
        """Whether it is a name that a parser could take for a keyword and something behind it."""
        held = RESERVED.search(self.prefix) or SERVICE.search(self.text)
        return self.kind == "name" and self.prefix != "_" and held is not None

    def is_word(self, *words: str) -> bool:
        """Tell whether it is one of some keywords."""
        return self.kind == "word" and self.text.upper() in words


def tokens(sparql: str) -> list[Token]:
    """Give the tokens of a query, comments left out."""
    return [token for token in _lexed(sparql) if token.kind != "comment"]


def _lexed(sparql: str) -> Iterator[Token]:
    for match in TOKEN.finditer(sparql):
        yield Token(match.lastgroup or "", match.group(), match.start())


def guard(sparql: str, has_graph: Callable[[str], bool]) -> bool:
    """Refuse a query that would reach out, change data or leave the dataset.

    A parser may read a keyword that touches other letters (`trueSERVICE`), so a word that holds
    one is refused too, and a name unless its prefix is declared.

    Args:
        sparql: the query, as the parser will see it.
        has_graph: tells whether the dataset has a graph of an IRI.

    Returns:
        Whether the query names its graphs with FROM.

    Raises:
        QueryError: it holds SERVICE or an update, or a FROM of a graph that is not there.
    """
    found = tokens(sparql)
    declared = declared_prefixes(found)
    for token in found:
        if token.kind == "unfinished":
            line, column = place(sparql, token.start)
            raise QueryError(
                f"第 {line} 行第 {column} 列：查询无法解析，引号没有结束或反斜杠有误",
                f"line {line}, column {column}: the query does not parse, a text has no end",
            )
        _check_word(token)
        if token.is_risky and token.prefix not in declared:
            _refuse_name(token)
    unsure = any(token.kind == "iri" and UNSURE.fullmatch(token.text) for token in found)
    if unsure and RESERVED.search(sparql):
        raise QueryError(
            "查询中有既可读作 IRI 又可读作小于号的写法，请在 < 后加空格或写完整的 IRI",
            "something may be an IRI or a less-than: leave a blank behind <, or write a full IRI",
        )
    graphs = list(_graphs(found, declared))
    for iri in graphs:
        if not has_graph(iri):
            refuse_graph(iri)
    return bool(graphs)


def place(text: str, offset: int) -> tuple[int, int]:
    """Give the line and the column of an offset, counted from one."""
    before = text[:offset]
    return before.count("\n") + 1, offset - before.rfind("\n")


def _check_word(token: Token) -> None:
    if token.kind != "word":
        return
    word = token.text.upper()
    if "SERVICE" in word:
        refuse_service()
    if word in UPDATES:
        raise RefusedError(
            f"只回答查询，不作更新：{word}", f"queries are answered, updates are not: {word}"
        )
    if "FROM" in word and word != "FROM":
        raise QueryError("FROM 前后请加空格", "leave a blank before and behind FROM")


def _refuse_name(token: Token) -> None:
    """Refuse a name that holds a keyword and whose prefix is not declared.

    Raises:
        QueryError: always.
    """
    zh = f"（若 {token.prefix}: 是前缀，请用完整的 IRI 声明）"
    en = f" (if {token.prefix}: is a prefix, declare it with a full IRI)"
    if SERVICE.search(token.text):
        refuse_service(zh, en)
    raise QueryError(f"FROM 前后请加空格{zh}", f"leave a blank before and behind FROM{en}")


def refuse_service(hint_zh: str = "", hint_en: str = "") -> None:
    """Refuse to ask another endpoint.

    Raises:
        QueryError: always.
    """
    raise RefusedError(
        f"不支持 SERVICE：查询不访问网络{hint_zh}",
        f"no SERVICE: queries do not use the network{hint_en}",
    )


def refuse_graph(iri: str) -> None:
    """Refuse a graph that the dataset does not have.

    Raises:
        QueryError: always.
    """
    iri = clipped(iri)
    raise RefusedError(f"数据集中没有图 {iri}", f"the dataset has no graph {iri}")


def _declarations(found: Sequence[Token]) -> Iterator[tuple[Token, Token, Token]]:
    for word, name, iri in zip(found, found[1:], found[2:], strict=False):
        empty = name.kind == "name" and name.text.endswith(":")
        if word.is_word("PREFIX") and empty and iri.kind == "iri":
            yield word, name, iri


def declared_prefixes(found: Sequence[Token]) -> dict[str, str]:
    """Give each prefix that a query declares with a full IRI, and that IRI."""
    iris = {name.prefix: iri.text[1:-1] for _, name, iri in _declarations(found)}
    return {prefix: iri for prefix, iri in iris.items() if FULL_IRI.match(iri)}


def named_prefixes(found: Sequence[Token]) -> set[str]:
    """Give each prefix that a query declares, be it with an IRI that needs a base."""
    return {name.prefix for _, name, _ in _declarations(found)}


def _graphs(found: Sequence[Token], declared: dict[str, str]) -> Iterator[str]:
    """Give the IRI of each FROM and FROM NAMED; what cannot be resolved as it is written."""
    base = ""
    for at, (token, following) in enumerate(pairwise([*found, Token("", "")])):
        if token.is_word("BASE") and following.kind == "iri":
            base = urljoin(base, following.text[1:-1])
        if token.is_word("FROM"):
            place = at + 2 if following.is_word("NAMED") else at + 1
            iri = resolved(found[place] if place < len(found) else Token("", ""), declared)
            yield iri if FULL_IRI.match(iri) else urljoin(base, iri)


def resolved(token: Token, declared: dict[str, str]) -> str:
    """Give the IRI of a token; what cannot be resolved as it is written."""
    if token.kind == "name" and token.prefix in declared:
        local = token.text.partition(":")[2]
        return declared[token.prefix] + re.sub(r"\\(.)", r"\1", local)
    return token.text[1:-1] if token.kind == "iri" else token.text


def respell(sparql: str, spelled: Callable[[Token], str]) -> str:
    """Write anew the prefixed names whose local part has several dots.

    The standard allows any number of them (https://www.w3.org/TR/sparql11-query/#rPN_LOCAL),
    and not every parser does.

    Args:
        sparql: the query.
        spelled: gives what to write for such a name.
    """

    def written(match: re.Match[str]) -> str:
        token = Token(match.lastgroup or "", match.group(), match.start())
        local = token.text.partition(":")[2] if token.kind == "name" else ""
        return spelled(token) if local.count(".") >= SEVERAL else token.text

    return TOKEN.sub(written, sparql)


def escape_dots(sparql: str) -> str:
    r"""Write prefixed names with several dots so that Oxigraph's parser takes them.

    It allows one dot in a local name, where the standard allows any number
    (https://www.w3.org/TR/sparql11-query/#rPN_LOCAL); an escaped dot means the same.

    >>> escape_dots('{ kgt:a.b.01 ?p "kgt:a.b.01" }')
    '{ kgt:a\\.b\\.01 ?p "kgt:a.b.01" }'
    """

    def spelled(token: Token) -> str:
        prefix, colon, local = token.text.partition(":")
        return prefix + colon + re.sub(r"(?<!\\)\.", r"\.", local)

    return respell(sparql, spelled)


def form_of(found: Sequence[Token]) -> str:
    """Give the form of a query, one of `FORMS`; nothing where it has none."""
    return next((token.text.upper() for token in found if token.is_word(*FORMS)), "")


def disarm(sparql: str) -> str:
    r"""Write a query so that no parser can read SERVICE in it, however it cuts the text.

    A name that could be taken for a keyword is written as its IRI, and in IRIs, texts and
    comments the word has a letter as its code point: the same to whoever reads them as such,
    and no keyword to whoever does not. A blank node gets a hyphen into its label. Then only
    variables may hold the word.

    Raises:
        QueryError: the word is left elsewhere.

    >>> disarm('PREFIX service: <a:> ASK { service:b ?service "Service" }')
    '   ASK {  <a:b>  ?service "S\\u0065rvice" }'
    """
    if not RESERVED.search(sparql):
        return sparql
    found = tokens(sparql)
    declared = declared_prefixes(found)
    risky = (three for three in _declarations(found) if three[1].is_risky)
    gone = {token for three in risky for token in three}
    pieces, end = [], 0
    for token in _lexed(sparql):
        pieces += [sparql[end : token.start], "" if token in gone else _harmless(token, declared)]
        end = token.start + len(token.text)
    text = "".join([*pieces, sparql[end:]])
    if SERVICE.search(re.sub(r"[?$]\w+", "", text)):
        refuse_service()
    return text


def _harmless(token: Token, declared: dict[str, str]) -> str:
    text = token.text
    if token.kind == "name" and token.prefix == "_":
        return SERVICE.sub(r"\1-\2\3", text)
    if token.is_risky and token.prefix in declared:
        text = f" <{resolved(token, declared)}> "
    elif token.kind not in {"iri", "text", "comment"}:
        return text
    return SERVICE.sub(lambda found: f"{found[1]}\\u{ord(found[2]):04X}{found[3]}", text)
