"""The engines: name -> how to open a release with it; and any SPARQL service, by its URL."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from kg.engines.address import is_url
from kg.engines.base import Engine, load_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kg.engines.remote import RemoteEngine

__all__ = ["ENGINES", "Engine", "is_url", "open_remote"]


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


def open_remote(url: str) -> RemoteEngine:
    """Open a SPARQL service; nothing is sent until it is asked.

    User and password are those of the URL, else those of the environment: KG_USER, KG_PASSWORD.

    Raises:
        UsageError: it is no URL that can be asked.
    """
    from kg.engines.remote import RemoteEngine  # noqa: PLC0415 -- imported when asked for

    environ = os.environ.get
    return RemoteEngine(url, user=environ("KG_USER", ""), password=environ("KG_PASSWORD", ""))
