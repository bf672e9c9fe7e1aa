"""Admits a query before any engine sees it: bounded in length, depth and size, and at home.

The service glances at each query; what needs a closer look, which takes up to a quarter of a
second for the longest, is looked at in a worker, so that nobody else waits for it.

Oxigraph's parser and planner have no bounds of their own: a few thousand brackets end the
process, a few hundred patterns keep it busy for minutes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from kg.engines.guard import TOKEN, disarm, escape_dots, guard, place
from kg.errors import QueryError, TooMuchError
from kg.rendering import UNSEEN

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Admitted", "admit", "glance"]

LENGTH: Final = 100_000
"""Characters that a query may have."""
DEPTH: Final = 100
"""Brackets that may be open at once."""
WORDS: Final = 1000
"""Keywords and functions that a query may have."""
SIGNS: Final = 8000
"""Signs outside of texts and IRIs that a query may have: full stops, commas, operators."""

PLAIN: Final = 2000
"""Characters of a query that cannot have too many words."""

RISKY: Final = (
    *("service", "from", "load", "insert", "delete", "clear", "drop", "create", "copy", "move"),
    *("add", "with", "\\", "rand", "now", "uuid", "bnode"),
)
"""What the guard has to look at, perhaps within a word, and functions whose value changes."""

DOTTED: Final = re.compile(r":[^\s<>\"'{}()/]*\.[^\s<>\"'{}()/]*\.")
"""A name with several dots."""

VOLATILE: Final = re.compile(r"[?$]\w++|((?:RAND|NOW|UUID|BNODE)\s*+[(#])", re.IGNORECASE)
"""A variable, or the call of a function whose value is another one each time.

Before it may stand a keyword without a blank; between name and bracket, a comment.
"""

OPEN: Final = frozenset("({[")
CLOSE: Final = frozenset(")}]")
BLANK: Final = frozenset(" \t\r\n")


class Admitted(NamedTuple):
    """A query as the engine is to see it.

    `chosen` tells whether it names its graphs with FROM.
    """

    sparql: str
    chosen: bool


class Glance(NamedTuple):
    """What is seen at once: whether a query needs no closer look, and always has one answer."""

    plain: bool
    stable: bool


def glance(sparql: str) -> Glance:
    """Look at a query for a moment.

    A short query without a risky word needs no closer look: it cannot be too deep or too large.

    Args:
        sparql: the query as it came.

    Raises:
        TooMuchError: it is too long.
        QueryError: it has a character that cannot be seen.
    """
    if len(sparql) > LENGTH:
        raise TooMuchError(
            f"查询超过 {LENGTH} 个字符", f"the query has more than {LENGTH} characters"
        )
    if not sparql.isprintable() and (unseen := UNSEEN.search(sparql)):
        code, (line, column) = ascii(unseen[0])[1:-1], place(sparql, unseen.start())
        raise QueryError(
            f"第 {line} 行第 {column} 列：控制字符或改变书写方向的字符 {code}，请写作 \\uXXXX",
            f"line {line}, column {column}: a control character, or one that turns text around, "
            f"{code}: write it as \\uXXXX",
        )
    if len(sparql) <= PLAIN and _is_plain(sparql):
        return Glance(plain=True, stable=True)
    return Glance(plain=False, stable=not any(found[1] for found in VOLATILE.finditer(sparql)))


def admit(sparql: str, has_graph: Callable[[str], bool]) -> Admitted:
    """Let a query through that needs a closer look, or say why not.

    Args:
        sparql: the query as it came.
        has_graph: tells whether the dataset has a graph of an IRI.

    Raises:
        QueryError: it is too deep or too large.
        RefusedError: it would reach out, change data or leave the dataset.
    """
    _measure(sparql)
    chosen = guard(sparql, has_graph)
    return Admitted(rewritten(sparql), chosen)


def rewritten(sparql: str) -> str:
    """Give a query as the engine is to see it: no parser reads SERVICE, Oxigraph reads dots."""
    return disarm(escape_dots(sparql))


def _is_plain(sparql: str) -> bool:
    """Tell whether a short query has no risky word and cannot be too deep."""
    lower = sparql.casefold()
    for word in RISKY:  # much faster than one pattern of them all
        if word in lower:
            return False
    opened = sparql.count("{") + sparql.count("(") + sparql.count("[")
    return opened <= DEPTH and not DOTTED.search(sparql)


def _measure(sparql: str) -> None:
    """Refuse a query that is too deep or too large.

    Raises:
        QueryError: it is.
    """
    depth = deepest = words = signs = end = 0
    for match in TOKEN.finditer(sparql):
        words += match.lastgroup == "word"
        for sign in sparql[end : match.start()]:
            depth, deepest, signs = _step(sign, depth, deepest, signs)
        end = match.end()
    for sign in sparql[end:]:
        depth, deepest, signs = _step(sign, depth, deepest, signs)
    for zh, en, found, most in (
        ("嵌套层数", "levels of brackets", deepest, DEPTH),
        ("关键词数", "keywords", words, WORDS),
        ("运算符与标点数", "operators and signs", signs, SIGNS),
    ):
        if found > most:
            raise QueryError(
                f"查询过于复杂：{zh} {found}，上限 {most}",
                f"the query is too complex: {found} {en}, at most {most}",
            )


def _step(sign: str, depth: int, deepest: int, signs: int) -> tuple[int, int, int]:
    if sign in OPEN:
        depth += 1
        return depth, max(depth, deepest), signs
    if sign in CLOSE:
        return max(depth - 1, 0), deepest, signs
    return depth, deepest, signs + (sign not in BLANK)
