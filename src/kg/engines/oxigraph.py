"""The default engine: Oxigraph in this process, on disk or in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from kg.engines.base import GRAPHS, bad_query, check_media_type, no_value
from kg.engines.guard import disarm, escape_dots, guard
from kg.results import RESULT_TYPES, Answer

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["OxigraphEngine"]

RESULTS: Final = {
    RESULT_TYPES["srj"]: ox.QueryResultsFormat.JSON,
    RESULT_TYPES["srx"]: ox.QueryResultsFormat.XML,
    RESULT_TYPES["csv"]: ox.QueryResultsFormat.CSV,
    RESULT_TYPES["tsv"]: ox.QueryResultsFormat.TSV,
}


class OxigraphEngine:
    """Oxigraph over a read-only store on disk, or over a store of its own in memory."""

    def __init__(self, store: Path | None = None) -> None:
        """Open a store on disk for reading, or make an empty one in memory."""
        self.store = ox.Store() if store is None else ox.Store.read_only(str(store))

    def load(self, nquads: Path) -> None:
        """Read an N-Quads file into the store."""
        self.store.bulk_load(path=str(nquads), format=ox.RdfFormat.N_QUADS)

    def answer(self, sparql: str, media_type: str) -> Answer:
        """Answer a query; see `Engine.answer`."""
        try:
            chosen = guard(sparql, self._has_graph)
            written = disarm(escape_dots(sparql))
            results = self.store.query(written, use_default_graph_as_union=not chosen)
        except (SyntaxError, ValueError) as error:
            raise bad_query(error) from error
        except (OSError, RuntimeError) as error:
            raise no_value(error) from error
        graph = isinstance(results, ox.QueryTriples)
        check_media_type(media_type, graph=graph)
        try:
            return Answer(media_type, _serialized(results, media_type))
        except (OSError, RuntimeError, ValueError) as error:
            raise no_value(error) from error

    def _has_graph(self, iri: str) -> bool:
        return self.store.contains_named_graph(ox.NamedNode(iri))

    def close(self) -> None:
        """Drop the store."""
        del self.store


def _serialized(
    results: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples, media_type: str
) -> bytes:
    if isinstance(results, ox.QueryTriples):
        return results.serialize(format=GRAPHS[media_type]) or b""
    return results.serialize(format=RESULTS[media_type]) or b""
