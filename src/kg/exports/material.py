"""What exporters are fed: the dataset of a release, tables, and networks, each made once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

import networkx as nx

from kg import __version__
from kg.citation import ADDRESS, cite_dataset
from kg.errors import NamingError, UsageError, clipped
from kg.exports.columns import Column
from kg.exports.measures import measures_sheet
from kg.exports.network import prepared
from kg.exports.workbook import workbook
from kg.networks import NETWORKS, network
from kg.networks.attributes import ATTRIBUTES
from kg.networks.layout import placed
from kg.networks.measures import measured
from kg.release import no_step

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from kg.exports.network import Network
    from kg.exports.sheets import Workbook
    from kg.replies import Reply

__all__ = ["USUAL", "Material"]

USUAL: Final = "region-concept"
"""The network that is written where none is named, and of which each region is drawn."""

LICENCE: Final = "CC BY 4.0; quotes remain their authors'"
LICENCE_ZH: Final = "CC BY 4.0；引文的权利属于原作者"
COLUMNS: Final = {
    name: Column(name, zh=it.zh, en=it.en, note=it.note) for name, it in ATTRIBUTES.items()
}
"""Attribute -> what it is called; its kind is found from its values."""


@dataclass
class Material:
    """The graph as exporters take it.

    Args:
        ask: answers a saved question by its id.
        dataset: the N-Quads of a release; None where a remote endpoint is asked.
        release: its id; empty where none is known.
        resolve: gives the CURIE of a thing by any of its names.
        step: told what is made next, before it is: a question's id, or a network's name.
    """

    ask: Callable[[str], Reply]
    dataset: Path | None
    release: str
    resolve: Callable[[str], str]
    step: Callable[[str], None] = no_step
    _graphs: dict[str, nx.Graph[Any]] = field(default_factory=dict)
    _workbook: Workbook | None = None

    def quads(self) -> Path:
        """Give the N-Quads of the dataset.

        Raises:
            UsageError: an endpoint is asked, which gives no file.
        """
        if self.dataset is None:
            raise UsageError(
                "端点不能导出为 RDF 文件：请打开已生成的发布版，或下载端点的 /data/dataset.nq",
                "an endpoint cannot be exported as RDF: open a built release, or download "
                "/data/dataset.nq from the endpoint",
            )
        return self.dataset

    def facts(self) -> Mapping[str, str]:
        """Give what every file says of itself."""
        sources = list(self.ask("sources").table.records())
        told = {
            "citation": cite_dataset(self.release, None).gbt,
            "generator": f"kg {__version__}",
            "homepage": ADDRESS,
            "licence": LICENCE,
            "licence_zh": LICENCE_ZH,
            "release": self.release,
            "source": "；".join(row["sourceLabel"] for row in sources),
            "source_en": "; ".join(row["sourceLabelEn"] for row in sources),
        }
        return {name: text for name, text in told.items() if text}

    def graph(self, name: str) -> nx.Graph[Any]:
        """Give a network with its measures and places; see `networks.network`."""
        if name not in self._graphs:
            self.step(name)
            found = network(name, lambda question: self.ask(question).table)
            self._graphs[name] = placed(measured(found))
        return self._graphs[name]

    def network(self, name: str, about: str = "") -> Network:
        """Give a network, or what of it surrounds a thing, as writers take it.

        Args:
            name: one of `networks.NETWORKS`.
            about: a thing, by any of its names; it and its neighbours are left.

        Raises:
            NamingError: the thing is not in the network.
        """
        graph = self.graph(name)
        if about:
            node = self.resolve(about)
            if node not in graph:
                told = clipped(about)
                raise NamingError(
                    f"网络 {name} 中没有 {told}（{node}）；没有读到文本的地区不在其中，"
                    f"不等于没有提出，名单见 kg ask reading-by-region",
                    f"no {told} ({node}) in {name}; regions of which no text was read are not in "
                    "it, which does not mean that they state nothing: see kg ask reading-by-region",
                )
            graph = placed(graph.subgraph({node, *nx.all_neighbors(graph, node)}))
        key = "property" if graph.is_multigraph() else "key"
        found = prepared(graph, columns=COLUMNS, key=key)
        return replace(found, facts={**found.facts, **self.facts()})

    def _asked(self, question: str) -> Reply:
        self.step(question)
        return self.ask(question)

    def networks(self) -> list[str]:
        """Give the names of all networks."""
        return list(NETWORKS)

    def drawable(self, most: int) -> list[str]:
        """Give the regions that are drawn with their concepts: they have some, and not too many."""
        graph = self.graph(USUAL)
        regions = sorted(it for it, data in graph.nodes(data=True) if data["bipartite"] == 0)
        return [it for it in regions if 0 < graph.degree(it) < most]

    def workbook(self) -> Workbook:
        """Give all tables: of classes, and of the measures of networks."""
        if self._workbook is None:
            found = workbook(self._asked, self.facts())
            measures = (measures_sheet(self.graph(name)) for name in NETWORKS)
            self._workbook = replace(found, sheets=(*found.sheets, *measures))
        return self._workbook
