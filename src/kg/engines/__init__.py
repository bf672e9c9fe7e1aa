"""The engines: name -> how to open a release with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.engines.base import Engine, load_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["ENGINES", "Engine"]


def _oxigraph(release: Path) -> Engine:
    from kg.engines.oxigraph import OxigraphEngine  # noqa: PLC0415 -- imported when asked for

    return OxigraphEngine(release / "store")


def _rdflib(release: Path) -> Engine:
    from kg.engines.rdflib import RdflibEngine  # noqa: PLC0415 -- imported when asked for

    return load_file(RdflibEngine(), release / "dataset.nq")


ENGINES: Final[dict[str, Callable[[Path], Engine]]] = {
    "oxigraph": _oxigraph,
    "rdflib": _rdflib,
}
