"""Says where a query does not parse, and what may have been meant."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Final

from kg.engines.guard import named_prefixes, place, tokens
from kg.errors import KgError, QueryError, clipped
from kg.messages import nearest
from kg.names import PREFIXES
from kg.web.sparql.bounds import rewritten

if TYPE_CHECKING:
    from kg.engines.guard import Token

__all__ = ["bad_syntax"]

PLACE: Final = re.compile(r"error at (\d+):(\d+): (?:expected )?(.*)", re.DOTALL)
"""How Oxigraph's parser tells a place."""

UNHELPFUL: Final = re.compile(r"\b(?:LATERAL|SERVICE)\b,? ?|\[_\],? ?")
"""What the parser would take and the service does not, and any letter."""
CLASS: Final = re.compile(r"\['")
"""A class of letters: with it, a list is not for people."""

EXPECTED: Final = 120
"""Characters of what the parser expected, as far as a message tells it."""

WORDS: Final = """
    A ABS AS ASC ASK AVG BASE BIND BNODE BOUND BY CEIL COALESCE CONCAT CONSTRUCT CONTAINS COUNT
    DATATYPE DAY DESC DESCRIBE DISTINCT ENCODE_FOR_URI EXISTS FALSE FILTER FLOOR FROM GRAPH GROUP
    GROUP_CONCAT HAVING HOURS IF IN IRI ISBLANK ISIRI ISLITERAL ISNUMERIC ISURI LANG LANGMATCHES
    LCASE LIMIT MAX MD5 MIN MINUS MINUTES MONTH NAMED NOT NOW OFFSET OPTIONAL ORDER PREFIX RAND
    REDUCED REGEX REPLACE ROUND SAMETERM SAMPLE SECONDS SELECT SEPARATOR SHA1 SHA256 SHA384 SHA512
    STR STRAFTER STRBEFORE STRDT STRENDS STRLANG STRLEN STRSTARTS STRUUID SUBSTR SUM TIMEZONE TRUE
    TZ UCASE UNDEF UNION URI UUID VALUES WHERE YEAR
    """
KEYWORDS: Final = frozenset(WORDS.split())
"""The words of the language (https://www.w3.org/TR/sparql11-query/#sparqlGrammar), no updates."""


SENTENCES: Final = {
    "a variable that is unbound": (
        "SELECT 中有变量既不在 GROUP BY 中，也未聚合",
        "SELECT has a variable that is neither grouped by nor aggregated",
    ),
    "Duplicated variable": ("SELECT 中一个变量出现两次", "SELECT has a variable twice"),
    "overrides an existing variable": (
        "SELECT 为已有的变量再次赋值",
        "SELECT gives a variable a second value",
    ),
    "SELECT * is not authorized": (
        "有 GROUP BY 时不能用 SELECT *",
        "there is no SELECT * with GROUP BY",
    ),
    "IRI parsing failed": (
        "IRI 不合规范，或为相对 IRI 而没有 BASE",
        "an IRI is none, or relative without a BASE",
    ),
}
"""What Oxigraph's parser says in a sentence, or part of it -> the same in both languages."""


def bad_syntax(asked: str, said: str) -> QueryError:
    """Tell where a query does not parse, and what may have been meant.

    Args:
        asked: the query as it came.
        said: what Oxigraph's parser said of it, as it was written for the parser.
    """
    found = tokens(asked)
    declared = named_prefixes(found)
    for token in found:
        if meant := _meant(token, declared):
            line, column = place(asked, token.start)
            what = clipped(token.text)
            return QueryError(
                f"第 {line} 行第 {column} 列：{what}：{meant[0]}",
                f"line {line}, column {column}: {what}: {meant[1]}",
            )
    told = PLACE.search(said)
    if told is None:
        short = re.sub(r"\s+", " ", said).strip()[:300]
        return QueryError(f"查询无法解析：{short}", f"the query does not parse: {short}")
    line, column = int(told[1]), int(told[2])
    if (ran := _rewritten(asked)) != asked:
        line, column = place(asked, _origin(asked, _offset(ran, line, column)))
    zh, en = _expected(told[3])
    return QueryError(
        f"第 {line} 行第 {column} 列：查询无法解析" + (f"，{zh}" if zh else ""),
        f"line {line}, column {column}: the query does not parse" + (f"; {en}" if en else ""),
    )


def _offset(text: str, line: int, column: int) -> int:
    lines = text.split("\n")
    return sum(len(it) + 1 for it in lines[: line - 1]) + column - 1


def _rewritten(asked: str) -> str:
    try:
        return rewritten(asked)
    except KgError:  # it ends where nobody would end it
        return asked


def _origin(asked: str, offset: int) -> int:
    """Give the place in a query of a place in what was made of it: that of its token, or in it."""
    starts = [0, *(token.start for token in tokens(asked)), len(asked)]
    at = bisect_right(starts, offset, key=lambda start: len(_rewritten(asked[:start]))) - 1
    return min(starts[at] + offset - len(_rewritten(asked[: starts[at]])), len(asked))


def _expected(said: str) -> tuple[str, str]:
    """Say what the parser would have taken; nothing where its list is not whole, or no help."""
    for part, told in SENTENCES.items():
        if part in said:
            return told
    expected = re.sub(r"\s+", " ", UNHELPFUL.sub("", said)).strip(" ,")
    if CLASS.search(said) or expected in {"", "one of", "<unreported>"}:
        return "", ""
    expected = expected if len(expected) <= EXPECTED else f"{expected[:EXPECTED]}…"
    return f"此处可为 {expected}", f"there may be {expected}"


def _meant(token: Token, declared: set[str]) -> tuple[str, str] | None:
    """Say what a word or name may have been meant to be, if it is none."""
    if token.kind == "word" and token.text.upper() not in KEYWORDS:
        meant = nearest(token.text.upper(), KEYWORDS)
        if meant:
            return f"是否想写 {meant}？", f"did you mean {meant}?"
        return "不是关键词；变量前须有 ?", "not a keyword; a variable begins with ?"
    if token.kind == "name" and token.prefix not in {*declared, "_"}:
        prefix = token.prefix
        if prefix in {"http", "https", "urn"}:
            return (
                "IRI 写在 < 与 > 之间，其中没有空格",
                "an IRI stands between < and >, with no blank in it",
            )
        if prefix in PREFIXES:
            line = f"PREFIX {prefix}: <{PREFIXES[prefix]}>"
            return f"前缀未声明，请在开头加上 {line}", f"no such prefix: begin with {line}"
        meant = nearest(prefix, [*declared, *PREFIXES])
        also = (f"，是否想写 {meant}:？", f"; did you mean {meant}:?") if meant else ("", "")
        return f"前缀 {prefix}: 未声明{also[0]}", f"the prefix {prefix}: is not declared{also[1]}"
    return None
