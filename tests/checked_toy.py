"""The toy, checked once: its dataset, and an engine over it for questions and planted faults."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox
from conftest import ROOT, copy_project

from kg.build import check
from kg.engines.guard import escape_dots
from kg.engines.oxigraph import OxigraphEngine
from kg.names import PREFIXES
from kg.results import JSON_RESULTS, Table

if TYPE_CHECKING:
    from kg.build import Checked

__all__ = ["PREFIX_LINES", "checked", "engine", "rows"]

PREFIX_LINES: Final = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())


@cache
def checked() -> Checked:
    """Check the toy, once a process."""
    with tempfile.TemporaryDirectory() as folder:
        return check(copy_project(ROOT / "tests" / "toy" / "data", Path(folder) / "toy"))


def engine(update: str = "") -> OxigraphEngine:
    """Give an engine over the toy's dataset, changed by a SPARQL update."""
    made = OxigraphEngine()
    made.store.bulk_load("".join(checked().lines).encode(), format=ox.RdfFormat.N_QUADS)
    if update:
        made.store.update(escape_dots(PREFIX_LINES + update))
    return made


def rows(query: str, update: str = "") -> list[tuple[str, ...]]:
    """Answer a query over the toy's dataset as texts, unbound cells empty."""
    table = Table.from_answer(engine(update).answer(PREFIX_LINES + query, JSON_RESULTS))
    return [tuple("" if term is None else str(term) for term in row) for row in table.rows]
