"""The formats in which the graph leaves for other tools: name -> exporter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kg.errors import UsageError, clipped
from kg.exports.base import Exporter, FolderExporter
from kg.exports.cx2 import write_cx2
from kg.exports.cytoscape import write_cytoscape
from kg.exports.datapackage import write_datapackage
from kg.exports.dot import write_dot
from kg.exports.excel import write_excel
from kg.exports.gexf import write_gexf
from kg.exports.graphml import write_graphml
from kg.exports.html import check_html, write_html
from kg.exports.jsonld import write_jsonld
from kg.exports.mermaid import write_mermaid
from kg.exports.neo4j import write_neo4j
from kg.exports.nodelink import write_nodelink
from kg.exports.parquet import check_parquet, write_parquet
from kg.exports.rdf import write_nquads, write_trig, write_turtle

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from kg.exports.network import Network
    from kg.exports.sheets import Workbook

__all__ = ["DATASETS", "EXPORTERS", "NETWORKS", "TABLES", "exporter"]

NETWORKS: Final[Mapping[str, Exporter[Network] | FolderExporter[Network]]] = {
    "gexf": Exporter(".gexf", "application/gexf+xml", "Gephi", "Gephi, Gephi Lite", write_gexf),
    "graphml": Exporter(
        ".graphml", "application/graphml+xml", "yEd、igraph、Cytoscape", "yEd, igraph, Cytoscape",
        write_graphml,
        others=(".xml",),
    ),
    "cyjs": Exporter(
        ".cyjs", "application/json", "Cytoscape 与 Cytoscape.js", "Cytoscape and Cytoscape.js",
        write_cytoscape,
        others=(".json",),
    ),
    "cx2": Exporter(
        ".cx2", "application/json", "Cytoscape 3.10 起、NDEx", "Cytoscape from 3.10, NDEx",
        write_cx2,
        others=(".json",),
    ),
    "dot": Exporter(
        ".gv", "text/vnd.graphviz", "Graphviz", "Graphviz", write_dot, others=(".dot",)
    ),
    "node-link": Exporter(
        ".json", "application/json", "networkx、D3", "networkx, D3", write_nodelink
    ),
    "neo4j": FolderExporter("Neo4j（含导入命令）", "Neo4j, with the import command", write_neo4j),
    "mermaid": Exporter(
        ".mmd", "text/vnd.mermaid", "Markdown 中的小图", "small drawings in Markdown",
        write_mermaid,
    ),
    "html": Exporter(
        ".html", "text/html", "浏览器，离线，可检索，附引文",
        "a browser, offline, with search and quotes", write_html,
        check_html,
    ),
}  # fmt: skip
"""Formats of a network."""

TABLES: Final[Mapping[str, Exporter[Workbook] | FolderExporter[Workbook]]] = {
    "csv": FolderExporter(
        "Excel、R（Frictionless 数据包）",
        "Excel, R (a Frictionless data package)",
        write_datapackage,
    ),
    "parquet": FolderExporter(
        "pandas、Polars、DuckDB、R", "pandas, Polars, DuckDB, R", write_parquet, check_parquet
    ),
    "xlsx": Exporter(
        ".xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "Excel 工作簿",
        "Excel",
        write_excel,
    ),
}
"""Formats of tables, one a class."""

DATASETS: Final[Mapping[str, Exporter[Path]]] = {
    "ttl": Exporter(
        ".ttl", "text/turtle", "Protégé 等，便于阅读", "Protégé, reading", write_turtle
    ),
    "trig": Exporter(
        ".trig", "application/trig", "三元组库，带命名图", "stores, with named graphs", write_trig
    ),
    "nq": Exporter(
        ".nq", "application/n-quads", "三元组库，逐行", "stores, line by line", write_nquads
    ),
    "jsonld": Exporter(
        ".jsonld",
        "application/ld+json",
        "网络开发",
        "web developers",
        write_jsonld,
        others=(".json",),
    ),
}
"""Formats of the whole dataset as RDF."""

EXPORTERS: Final[Mapping[str, Exporter[Any] | FolderExporter[Any]]] = {
    **NETWORKS,
    **TABLES,
    **DATASETS,
}
"""All formats."""


def exporter(name: str) -> Exporter[Any] | FolderExporter[Any]:
    """Give the exporter of a format.

    Raises:
        UsageError: there is no such format.
    """
    if name not in EXPORTERS:
        listed = " ".join(EXPORTERS)
        raise UsageError(
            f"没有格式 {clipped(name)}，有：{listed}",
            f"no format {clipped(name)}; there are: {listed}",
        )
    return EXPORTERS[name]
