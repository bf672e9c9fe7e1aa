"""Networks with every kind of value, and their bytes in every format."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import networkx as nx

from kg.exports.base import unwatched
from kg.exports.cx2 import write_cx2
from kg.exports.cytoscape import write_cytoscape
from kg.exports.dot import write_dot
from kg.exports.gexf import write_gexf
from kg.exports.graphml import write_graphml
from kg.exports.neo4j import write_neo4j
from kg.exports.network import Network, prepared
from kg.exports.nodelink import write_nodelink

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from kg.exports.base import Watch

__all__ = [
    "DATE",
    "LABEL",
    "QUOTES",
    "WRITERS",
    "sample",
    "sample_graph",
    "undirected",
    "written",
]

LABEL, DATE = "一网通办", date(2022, 12, 31)
QUOTES: Final = ("目前,“一网通办”<已>建成 & 上线", "到2022年底,\n实现“一网通办”")


def sample_graph(*, backwards: bool = False) -> nx.MultiDiGraph[str]:
    """Give a graph with values of every kind, parallel edges, a loop and a lonely node."""
    nodes: list[tuple[str, dict[str, Any]]] = [
        (
            "kgr:shanghai",
            {
                "x": 10.0, "y": -20.5, "size": 24, "color": "#0072B2", "shape": "ellipse",
                "label": "上海", "label_en": "Shanghai", "kind": "Region", "population": 24_870_895,
                "share": Decimal("0.25"), "is_read": True, "themes": {"政务", "民生", "产业"},
            },
        ),
        (
            "kgc:yi-wang-tong-ban",
            {
                "x": 110.25, "y": 40, "color": "#e69f00", "shape": "diamond", "label": LABEL,
                "label_en": "All services through one network", "kind": "PlatformConcept",
                "quotes": list(QUOTES), "latest": DATE, "is_read": False, "share": 1,
            },
        ),
        ("kgcl:lonely", {"x": -5, "y": 0, "shape": "round-rectangle", "label": None, "quotes": []}),
    ]  # fmt: skip
    states = {"property": "kg:states", "label": "提出", "quotes": [QUOTES[0]], "since": DATE}
    edges: list[tuple[str, str, dict[str, Any]]] = [
        ("kgr:shanghai", "kgc:yi-wang-tong-ban", {**states, "weight": 2}),
        ("kgr:shanghai", "kgc:yi-wang-tong-ban", {"property": "kg:names", "weight": 0.5}),
        ("kgc:yi-wang-tong-ban", "kgr:shanghai", {"property": "kg:states"}),
        ("kgr:shanghai", "kgr:shanghai", {"property": "kg:within", "weight": 1}),
    ]
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(
        name="sample", zh="样例", en="Sample", release="0123abcd", source="政策汇编", year=2021
    )
    step = -1 if backwards else 1
    graph.add_nodes_from((it, dict(list(data.items())[::step])) for it, data in nodes[::step])
    graph.add_edges_from(edges[::step])
    return graph


def sample() -> Network:
    """Give the graph with values of every kind as writers take it."""
    return prepared(sample_graph())


def undirected() -> Network:
    """Give a small network without directions and without parallel edges."""
    graph: nx.Graph[str] = nx.Graph(name="pairs", zh="两两", en="Pairs")
    graph.add_node("kgr:b", x=0, y=0, label="乙", kind="Region", bipartite=0)
    graph.add_node("kgc:a", x=1, y=2, label="甲", kind="PlatformConcept", bipartite=1)
    graph.add_node("kgr:c", x=3, y=4, label="丙", kind="Region", bipartite=0)
    graph.add_edge("kgc:a", "kgr:b", weight=3, quotes=["一句"])
    graph.add_edge("kgc:a", "kgr:c", weight=1)
    return prepared(graph)


def write_neo4j_files(network: Network, watch: Watch) -> Iterator[bytes]:
    """Give the files for Neo4j one behind the other, each below a line with its name."""
    for name, content in write_neo4j(network, watch):
        yield f"\0{name}\0".encode()
        yield from content


WRITERS: Final[Mapping[str, Callable[[Network, Watch], Iterator[bytes]]]] = {
    "cx2": write_cx2,
    "cytoscape": write_cytoscape,
    "dot": write_dot,
    "gexf": write_gexf,
    "graphml": write_graphml,
    "neo4j": write_neo4j_files,
    "nodelink": write_nodelink,
}
"""Format -> its writer; Mermaid apart, which holds no values."""


def written(form: str, network: Network) -> bytes:
    """Give all bytes of a network in a format."""
    return b"".join(WRITERS[form](network, unwatched))
