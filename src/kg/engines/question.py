"""A query as it is sent to a service: guarded, and written so that every server reads the same."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.engines.base import bad_query
from kg.engines.guard import (
    CODE_POINT,
    FORMS,
    FULL_IRI,
    Token,
    declared_prefixes,
    disarm,
    form_of,
    guard,
    resolved,
    respell,
    tokens,
)
from kg.errors import QueryError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Question", "checked"]


@dataclass(frozen=True)
class Question:
    """A query, its form, and its FROM and FROM NAMED as parameters of the protocol."""

    text: str
    form: str
    dataset: tuple[tuple[str, str], ...] = ()

    @property
    def gives_triples(self) -> bool:
        """Whether it asks for triples rather than rows."""
        return self.form in {"CONSTRUCT", "DESCRIBE"}


def checked(sparql: str) -> Question:
    """Hold a query to what may be sent; whether its graphs exist is left to the server.

    Signs may be written as code points, which some servers read before anything else and some
    do not, so the query is guarded both ways.

    Raises:
        QueryError: it is no query, or the guard refuses it.
    """
    try:
        sparql.encode()
        read = re.sub(CODE_POINT, lambda match: chr(int(match[0].lstrip("\\uU"), 16)), sparql)
    except ValueError as error:
        raise bad_query(error) from error
    guard(read, lambda _: True)
    graphs: list[str] = []

    def note(iri: str) -> bool:
        graphs.append(iri)
        return True

    guard(sparql, note)
    found = tokens(sparql)
    form = form_of(found)
    if not form:
        listed = " ".join(FORMS)
        raise QueryError(
            f"查询无法解析：没有 {listed} 之一",
            f"the query does not parse: none of {listed} is in it",
        )
    text = disarm(_spelled_out(sparql, found))
    return Question(text, form, tuple(_dataset(found, graphs)))


def _dataset(found: Sequence[Token], graphs: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Give the graphs of FROM once more, as a server with a union of its own wants them.

    Oxigraph's heeds FROM only there; by the standard the two may stand together, and a graph
    whose IRI is not known in full is left to what the query says
    (https://www.w3.org/TR/sparql11-protocol/#dataset).
    """
    clauses = [found[at + 1 : at + 3] for at, token in enumerate(found) if token.is_word("FROM")]
    pairs: list[tuple[str, str]] = []
    for clause, iri in zip(clauses, graphs, strict=True):
        if not clause:
            return
        named = clause[0].is_word("NAMED")
        token = clause[-1 if named else 0]
        known = token.kind == "iri" or token.text != iri
        if not known or not FULL_IRI.match(iri) or "\\" in iri:
            return
        pairs.append(("named-graph-uri" if named else "default-graph-uri", iri))
    yield from pairs


def _spelled_out(sparql: str, found: Sequence[Token]) -> str:
    """Write names with several dots as IRIs: Oxigraph takes one dot, Virtuoso no escaped one."""
    declared = declared_prefixes(found)

    def spelled(token: Token) -> str:
        return f" <{resolved(token, declared)}> " if token.prefix in declared else token.text

    return respell(sparql, spelled)
