"""The knowledge graph of China's provincial digital government: make, check, ask.

>>> import kg
>>> graph = kg.open()  # doctest: +SKIP
>>> graph.ask("regions-sharing-concept", concept="一网通办").to_pandas()  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg.graph import KnowledgeGraph
    from kg.graph import open_graph as open  # noqa: A004 -- kg.open, as gzip.open

__all__ = ["KnowledgeGraph", "__version__", "open"]

__version__ = "0.1.0"

LAZY = {"open": "open_graph", "KnowledgeGraph": "KnowledgeGraph"}
"""Public name -> its name in `kg.graph`, imported when it is first used: help is quick."""


def __getattr__(name: str) -> Any:  # noqa: ANN401 -- a module's attribute
    if name not in LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from kg import graph  # noqa: PLC0415

    return getattr(graph, LAZY[name])
