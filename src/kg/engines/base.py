"""What every engine can do: answer SPARQL in a W3C format, over the union of all graphs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Protocol

import pyoxigraph as ox

from kg.errors import QueryError, ReleaseError, UsageError
from kg.results import GRAPH_TYPES, RESULT_TYPES

if TYPE_CHECKING:
    from pathlib import Path

    from kg.results import Answer

__all__ = [
    "GRAPHS",
    "ClosedEngine",
    "Engine",
    "LocalEngine",
    "bad_query",
    "check_media_type",
    "load_file",
    "no_value",
]


GRAPHS: Final = {
    GRAPH_TYPES["ttl"]: ox.RdfFormat.TURTLE,
    GRAPH_TYPES["nt"]: ox.RdfFormat.N_TRIPLES,
    GRAPH_TYPES["rdf"]: ox.RdfFormat.RDF_XML,
}
"""Media type of triples -> how Oxigraph calls the format."""


class Engine(Protocol):
    """Answers SPARQL 1.1 queries over a dataset; the default graph is the union of all."""

    def answer(self, sparql: str, media_type: str) -> Answer:
        """Answer a query in a W3C format.

        Args:
            sparql: a SELECT, ASK, CONSTRUCT or DESCRIBE.
            media_type: one of `results.RESULT_TYPES` for SELECT and ASK, else of `GRAPH_TYPES`.

        Raises:
            QueryError: the query does not parse, cannot be evaluated or is refused by the guard.
            UsageError: the format does not fit the kind of query.
            EndpointError: the engine is somewhere else, and cannot be reached or answers wrongly.
        """

    def close(self) -> None:
        """Give up what it holds."""


class ClosedEngine:
    """What is left of an engine that was closed: it answers nothing."""

    def answer(self, sparql: str, media_type: str) -> Answer:  # noqa: ARG002 -- an engine's
        """Refuse; see `Engine.answer`.

        Raises:
            ReleaseError: always.
        """
        raise ReleaseError("图谱已关闭，请重新打开", "the graph is closed: open it again")

    def close(self) -> None:
        """Do nothing more."""


class LocalEngine(Engine, Protocol):
    """An engine in this process, which can be filled."""

    def load(self, nquads: Path) -> None:
        """Read an N-Quads file into the engine."""


def load_file(engine: LocalEngine, nquads: Path) -> LocalEngine:
    """Load a file and give the engine back."""
    engine.load(nquads)
    return engine


def bad_query(error: Exception) -> QueryError:
    """Say what a parser said of a query."""
    said = _said(error)
    return QueryError(f"查询无法解析：{said}", f"the query does not parse: {said}")


def no_value(error: Exception) -> QueryError:
    """Say why a query that parses has no answer."""
    said = _said(error)
    return QueryError(f"查询无法计算：{said}", f"the query cannot be evaluated: {said}")


def _said(error: Exception) -> str:
    return re.sub(r"\s+", " ", str(error)).strip() or type(error).__name__


def check_media_type(media_type: str, *, graph: bool) -> None:
    """Refuse a format that does not fit the kind of query.

    Raises:
        UsageError: it does not.
    """
    allowed = GRAPH_TYPES if graph else RESULT_TYPES
    if media_type not in allowed.values():
        listed = " ".join(allowed)
        raise UsageError(
            f"此类查询的格式只能是：{listed}", f"the format of such a query is one of: {listed}"
        )
