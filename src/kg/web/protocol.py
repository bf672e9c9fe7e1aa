"""Reads requests of the SPARQL 1.1 Protocol: query, dataset and format, by all three ways."""

from __future__ import annotations

import re
from binascii import a2b_qp
from typing import Final, NamedTuple

from kg.errors import RefusedError, UsageError, clipped

__all__ = [
    "FORM",
    "QUERY",
    "UPDATE",
    "Asked",
    "no_update",
    "pairs",
    "read_direct",
    "read_form",
]

FORM: Final = "application/x-www-form-urlencoded"
QUERY: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"
"""https://www.w3.org/TR/sparql11-protocol/#query-operation"""

BOM: Final = "\ufeff"
"""What some editors put before a text; no query has it."""

MOST_PAIRS: Final = 1000
MOST_GRAPHS: Final = 100
MOST_BROKEN: Final = 1000
"""Percent signs of a parameter that may stand for themselves; to read them takes time."""
BROKEN: Final = re.compile(rb"%(?![0-9A-Fa-f]{2})")
UPDATES: Final = frozenset({"update", "using-graph-uri", "using-named-graph-uri"})
"""Parameters that only an update has."""


class Asked(NamedTuple):
    """A query operation; without a query it asks for the description of the service."""

    query: str | None
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    format: str = ""


def pairs(encoded: bytes) -> list[tuple[str, str]]:
    """Decode a query string or form, once.

    Raises:
        UsageError: it is not UTF-8, or has too many pairs.
    """
    parts = encoded.split(b"&")
    if len(parts) > MOST_PAIRS:
        raise UsageError("参数太多", "there are too many parameters")
    found = []
    for part in parts:
        if part:
            name, _, value = part.partition(b"=")
            found.append((_decoded(name), _decoded(value)))
    return found


def _decoded(encoded: bytes) -> str:
    # `find`, not `in`, which raises an error and catches it where bytes are looked for in bytes
    plain = encoded.replace(b"+", b" ")
    try:
        return (_unquoted(plain) if plain.find(b"%") >= 0 else plain).decode()
    except UnicodeDecodeError as error:
        raise UsageError("参数不是 UTF-8", "a parameter is not in UTF-8") from error


def _unquoted(encoded: bytes) -> bytes:
    """Percent-decode as urllib does, in a tenth of its time.

    Quoted-printable is the same code with another sign, and the library decodes it in C. But it
    reads line ends in its own way, and a sign without two digits, which then takes less away.

    Raises:
        UsageError: many signs have no two digits behind them.
    """
    plain = encoded.replace(b"\n", b"%0A").replace(b"\r", b"%0D")
    found = _from_quoted(plain)
    too_long = len(found) - (len(plain) - 2 * plain.count(b"%"))
    if too_long > 2 * MOST_BROKEN:
        raise UsageError("参数没有百分号编码", "a parameter is not percent-encoded")
    return _from_quoted(BROKEN.sub(b"%25", plain)) if too_long else found


def _from_quoted(plain: bytes) -> bytes:
    return a2b_qp(plain.replace(b"=", b"=3D").replace(b"%", b"="))


def read_form(encoded: bytes) -> Asked:
    """Read a query string, or a form that was posted.

    Raises:
        UsageError: there are two queries, a graph is no IRI, or it is not UTF-8.
        RefusedError: it is an update.
    """
    found = pairs(encoded)
    queries = [value for name, value in found if name == "query"]
    if not UPDATES.isdisjoint([name for name, _ in found]):
        raise no_update()
    if len(queries) > 1:
        raise UsageError("只能有一个 query 参数", "there is to be one parameter query")
    if queries and len(found) == 1:  # as most
        return Asked(queries[0].removeprefix(BOM))
    return _asked(queries[0] if queries else None, found)


def read_direct(body: bytes, query_string: bytes) -> Asked:
    """Read a query that was posted as it is, its dataset in the query string.

    Raises:
        UsageError: there is a second query, a graph is no IRI, or it is not UTF-8.
        RefusedError: it is an update.
    """
    try:
        query = body.decode()
    except UnicodeDecodeError as error:
        raise UsageError("查询不是 UTF-8", "the query is not in UTF-8") from error
    found = pairs(query_string)
    if any(name == "query" for name, _ in found):
        raise UsageError("查询写在正文中，网址中不能再有", "the query is in the body already")
    return _asked(query, found)


def _asked(query: str | None, found: list[tuple[str, str]]) -> Asked:
    default = tuple([value for name, value in found if name == "default-graph-uri"])
    named = tuple([value for name, value in found if name == "named-graph-uri"])
    if len(default) + len(named) > MOST_GRAPHS:
        raise UsageError("图太多", "there are too many graphs")
    for iri in (*default, *named):
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`]*", iri):
            told = clipped(iri)
            raise UsageError(f"不是 IRI：{told}", f"no IRI: {told}")
    format_ = next((value for name, value in found if name in {"format", "output"}), "")[:100]
    return Asked(query and query.removeprefix(BOM), default, named, format_)


def no_update() -> RefusedError:
    """Give the error that tells that no update is taken."""
    return RefusedError("只回答查询，不作更新", "queries are answered, updates are not")
