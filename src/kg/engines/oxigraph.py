"""The default engine: Oxigraph in this process, on disk or in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from kg.engines.base import bad_query, check_media_type
from kg.results import GRAPH_TYPES, RESULT_TYPES, Answer

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["OxigraphEngine"]

RESULTS: Final = {
    RESULT_TYPES["srj"]: ox.QueryResultsFormat.JSON,
    RESULT_TYPES["srx"]: ox.QueryResultsFormat.XML,
    RESULT_TYPES["csv"]: ox.QueryResultsFormat.CSV,
    RESULT_TYPES["tsv"]: ox.QueryResultsFormat.TSV,
}
GRAPHS: Final = {
    GRAPH_TYPES["ttl"]: ox.RdfFormat.TURTLE,
    GRAPH_TYPES["nt"]: ox.RdfFormat.N_TRIPLES,
    GRAPH_TYPES["rdf"]: ox.RdfFormat.RDF_XML,
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
            results = self.store.query(sparql, use_default_graph_as_union=True)
        except (SyntaxError, ValueError) as error:
            raise bad_query(error) from error
        if isinstance(results, ox.QueryTriples):
            check_media_type(media_type, graph=True)
            body = results.serialize(format=GRAPHS[media_type])
        else:
            check_media_type(media_type, graph=False)
            body = results.serialize(format=RESULTS[media_type])
        return Answer(media_type, body or b"")

    def close(self) -> None:
        """Drop the store."""
        del self.store
