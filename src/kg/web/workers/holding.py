"""What a loader holds for its workers: the store, and all that they need, read before the fork."""

from __future__ import annotations

import gc
import hashlib
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from kg.engines.oxigraph import OxigraphEngine
from kg.errors import UsageError, clipped
from kg.graph import KnowledgeGraph
from kg.project import Project
from kg.release import open_release
from kg.rendering import UNSEEN
from kg.web.described.counts import PlainEngine
from kg.web.described.descriptions import dataset_description, examples, service_description
from kg.web.described.openapi import openapi
from kg.web.html.pages import prepare

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kg.web.html.pages import Site
    from kg.web.limits import Limits

__all__ = ["DATA_FORMATS", "Holding", "Plan", "hold"]

DATA_FORMATS: Final = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".jsonld": ox.RdfFormat.JSON_LD,
}
"""Suffix of a file that `--data` takes -> its format."""


@dataclass(frozen=True)
class Plan:
    """What to hold: a release of a project, or a data file; and what a query may use."""

    root: Path
    source: Path
    is_release: bool
    public_url: str
    limits: Limits


@dataclass
class Holding:
    """The store and, of a release, the graph over it with its saved questions.

    `descriptions` are what is told in RDF of service and dataset; `openapi` is JSON.
    """

    plan: Plan
    id: str
    store: ox.Store
    graph: KnowledgeGraph | None
    site: Site | None
    descriptions: dict[str, list[ox.Triple]]
    openapi: bytes

    @cached_property
    def graphs(self) -> list[str]:
        """The IRIs of the named graphs."""
        return sorted(g.value for g in self.store.named_graphs() if isinstance(g, ox.NamedNode))


def hold(plan: Plan) -> Holding:
    """Verify and read what a service serves.

    Raises:
        ReleaseError: the release is missing or damaged.
        QuestionsError: a saved question is wrong.
        UsageError: the data file cannot be read.
    """
    found = _hold_release(plan) if plan.is_release else _hold_file(plan)
    gc.collect()
    gc.freeze()  # so that no worker touches, and so copies, what it only inherits
    return found


def _hold_release(plan: Plan) -> Holding:
    release = open_release(plan.source)
    store = ox.Store()
    store.bulk_load(path=str(release.dataset), format=ox.RdfFormat.N_QUADS)
    engine = OxigraphEngine()
    engine.store = store
    graph = KnowledgeGraph(Project(plan.root, plan.source.parent.parent), release, engine)
    graph.hold()
    url, catalogue = plan.public_url, graph.catalogue()
    descriptions = {
        "service": service_description(engine, url, union=True),
        "void": dataset_description(engine, url, release),
        "sparql-examples": examples(catalogue, url),
    }
    told = openapi(catalogue, url, release.id)
    return Holding(plan, release.id, store, graph, prepare(graph), descriptions, told)


def _hold_file(plan: Plan) -> Holding:
    path = plan.source
    format_ = DATA_FORMATS.get(path.suffix.lower())
    if format_ is None:
        listed = " ".join(DATA_FORMATS)
        raise UsageError(f"--data 的后缀须为：{listed}", f"--data takes a file in: {listed}")
    store = ox.Store()
    try:
        store.bulk_load(path=str(path), format=format_, base_iri=path.absolute().as_uri())
    except (OSError, SyntaxError, ValueError) as error:
        said = clipped(str(error))
        raise UsageError(f"{path} 无法读取：{said}", f"{path} cannot be read: {said}") from error
    for quad in store:
        for iri in chain.from_iterable(map(_iris, quad)):
            if UNSEEN.search(iri):
                told = clipped(iri)
                raise UsageError(
                    f"IRI 中有控制字符或改变书写方向的字符：{told}",
                    f"an IRI has a control character, or one that turns text around: {told}",
                )
    engine, digest = PlainEngine(store), hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    descriptions = {
        "service": service_description(engine, plan.public_url, union=False),
        "void": dataset_description(engine, plan.public_url, None),
    }
    document = openapi(None, plan.public_url, digest)
    return Holding(plan, digest, store, None, None, descriptions, document)


def _iris(term: object) -> Iterator[str]:
    """Give the IRIs of a term: its own, its datatype's, those of a triple term."""
    if isinstance(term, ox.NamedNode):
        yield term.value
    elif isinstance(term, ox.Literal):
        yield term.datatype.value
    elif isinstance(term, ox.Triple):
        for part in (term.subject, term.predicate, term.object):
            yield from _iris(part)
