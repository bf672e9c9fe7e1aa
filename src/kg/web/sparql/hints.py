"""Says where a query does not parse, and what may have been meant."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from kg.engines.guard import declared_prefixes, place, tokens
from kg.errors import QueryError, clipped
from kg.messages import nearest
from kg.names import PREFIXES

if TYPE_CHECKING:
    from kg.engines.guard import Token

__all__ = ["bad_syntax"]

PLACE: Final = re.compile(r"error at (\d+):(\d+): (?:expected )?(.*)", re.DOTALL)
"""How Oxigraph's parser tells a place."""

UNHELPFUL: Final = re.compile(r"\b(?:LATERAL|SERVICE)\b,? ?|\[[^\]]*\](?: ?\|? ?)*,? ?")
"""What the parser would take and the service does not, and classes of single letters."""

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


def bad_syntax(sparql: str, said: str) -> QueryError:
    """Tell where a query does not parse, and what may have been meant.

    Args:
        sparql: the query.
        said: what Oxigraph's parser said of it.
    """
    found = tokens(sparql)
    declared = declared_prefixes(found)
    for token in found:
        if meant := _meant(token, declared):
            line, column = place(sparql, token.start)
            what = clipped(token.text)
            return QueryError(
                f"第 {line} 行第 {column} 列：{what}：{meant[0]}",
                f"line {line}, column {column}: {what}: {meant[1]}",
            )
    told = PLACE.search(said)
    if told is None:
        short = re.sub(r"\s+", " ", said).strip()[:300]
        return QueryError(f"查询无法解析：{short}", f"the query does not parse: {short}")
    expected = re.sub(r"\s+", " ", UNHELPFUL.sub("", told[3])).strip(" ,")
    expected = expected if len(expected) <= EXPECTED else f"{expected[:EXPECTED]}…"
    plain = expected not in {"", "one of"}
    return QueryError(
        f"第 {told[1]} 行第 {told[2]} 列：查询无法解析"
        + (f"，此处可为 {expected}" if plain else ""),
        f"line {told[1]}, column {told[2]}: the query does not parse"
        + (f"; there may be {expected}" if plain else ""),
    )


def _meant(token: Token, declared: dict[str, str]) -> tuple[str, str] | None:
    """Say what a word or name may have been meant to be, if it is none."""
    if token.kind == "word" and token.text.upper() not in KEYWORDS:
        meant = nearest(token.text.upper(), KEYWORDS)
        if meant:
            return f"是否想写 {meant}？", f"did you mean {meant}?"
        return "不是关键词；变量前须有 ?", "not a keyword; a variable begins with ?"
    if token.kind == "name" and token.prefix not in {*declared, "_"}:
        prefix = token.prefix
        if prefix in PREFIXES:
            line = f"PREFIX {prefix}: <{PREFIXES[prefix]}>"
            return f"前缀未声明，请在开头加上 {line}", f"no such prefix: begin with {line}"
        meant = nearest(prefix, [*declared, *PREFIXES])
        also = (f"，是否想写 {meant}:？", f"; did you mean {meant}:?") if meant else ("", "")
        return f"前缀 {prefix}: 未声明{also[0]}", f"the prefix {prefix}: is not declared{also[1]}"
    return None
