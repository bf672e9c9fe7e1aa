"""Times the formats of networks on a large one, beside networkx's own writers.

Run `python benchmarks/exports.py [nodes] [edges]`; without numbers, 50,000 and 80,000. The network
has places, labels in two languages, dates, weights and quotes; making it is not timed. Each format
is written to a file in a process of its own that is forked from one which holds the network:

- seconds: from the network to the last byte on disk
- peak: memory of the process, the network included; added: what writing took of it
- ratio: our seconds by networkx's

networkx gets values that it can write: a list is one text, and what is missing is left out.
"""

from __future__ import annotations

import json
import os
import random
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import networkx as nx

from kg.exports.base import unwatched
from kg.exports.cx2 import write_cx2
from kg.exports.cytoscape import write_cytoscape
from kg.exports.dot import write_dot
from kg.exports.gexf import write_gexf
from kg.exports.graphml import write_graphml
from kg.exports.neo4j import write_neo4j
from kg.exports.network import prepared
from kg.exports.nodelink import write_nodelink

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kg.exports.network import Network

NODES, EDGES = 50_000, 80_000
KINDS: Final = ("Region", "PlatformConcept", "Platform", "Initiative", "Target")
SIGNS: Final = "一网通办数据共享政务服务平台建设全省统一实现推进完善能力体系协同治理智慧城市"


def graph(nodes: int, edges: int) -> nx.DiGraph[str]:
    """Make a graph like the project's own, the same each time."""
    draw = random.Random(0)  # noqa: S311 -- no secret

    def text(length: int) -> str:
        return "".join(draw.choices(SIGNS, k=length))

    def day() -> date:
        return date(2020, 1, 1) + timedelta(days=draw.randrange(3000))

    made: nx.DiGraph[str] = nx.DiGraph(name="large", zh="大网", en="Large")
    for at in range(nodes):
        data: dict[str, Any] = {
            "x": draw.uniform(-1e4, 1e4),
            "y": draw.uniform(-1e4, 1e4),
            "label": text(8),
            "label_en": f"Label {at}",
            "kind": draw.choice(KINDS),
            "latest": day(),
            "degree": draw.randrange(100),
            "weight": draw.random(),
            "quotes": [text(40) for _ in range(draw.randrange(3))],
        }
        made.add_node(f"kgcl:node-{at}", **data)
    ids = list(made)
    ends: set[tuple[str, str]] = set()
    while len(ends) < edges:
        ends.add((draw.choice(ids), draw.choice(ids)))
    for one, other in sorted(ends):
        made.add_edge(one, other, weight=draw.randrange(1, 9), label="提出", quotes=[text(40)])
    return made


def plain(given: nx.DiGraph[str]) -> nx.DiGraph[str]:
    """Give a graph as networkx's writers can hold it."""
    made = given.copy()
    rows = [data for _, data in made.nodes(data=True)]
    rows += [data for *_, data in made.edges(data=True)]
    for data in rows:
        data["quotes"] = "|".join(data["quotes"])
        if "latest" in data:
            data["latest"] = data["latest"].isoformat()
    return made


def neo4j_files(network: Network, _: object) -> Iterator[bytes]:
    """Give the bytes of all files for Neo4j."""
    for _, content in write_neo4j(network, unwatched):
        yield from content


OURS: Final = {
    "gexf": write_gexf,
    "graphml": write_graphml,
    "cytoscape": write_cytoscape,
    "cx2": write_cx2,
    "dot": write_dot,
    "nodelink": write_nodelink,
    "neo4j": neo4j_files,
}


def dumped(make: Callable[[nx.DiGraph[str]], Any], given: nx.DiGraph[str], path: Path) -> None:
    """Write what networkx makes of a graph as JSON."""
    with path.open("w", encoding="utf-8") as file:
        json.dump(make(given), file, ensure_ascii=False)


THEIRS: Final[dict[str, Callable[[nx.DiGraph[str], Path], object]]] = {
    "gexf": nx.write_gexf,
    "graphml": nx.write_graphml,
    "cytoscape": lambda given, path: dumped(nx.cytoscape_data, given, path),
    "nodelink": lambda given, path: dumped(nx.node_link_data, given, path),
}
"""Format -> networkx's own writer; it has none of CX2 and Neo4j, and needs pygraphviz for DOT."""


def written(form: str, network: Network, path: Path) -> None:
    """Write a network by our writer."""
    with path.open("wb") as file:
        file.writelines(OURS[form](network, unwatched))


def memory(name: str) -> int:
    """Give a figure of the memory of this process in MB: `VmRSS` or `VmHWM`, its peak."""
    for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) // 1024
    raise LookupError(name)


def measured(write: Callable[[Path], object], path: Path) -> tuple[float, int, int, int]:
    """Give seconds, peak MB, added MB and bytes of writing a file, in a process of its own."""
    told, teller = os.pipe()
    if os.fork() == 0:
        Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")  # the peak begins anew
        before, start = memory("VmRSS"), time.perf_counter()
        write(path)
        taken, peak = time.perf_counter() - start, memory("VmHWM")
        os.write(teller, json.dumps([taken, peak, peak - before]).encode())
        os._exit(0)
    os.close(teller)
    with os.fdopen(told) as answer:
        taken, peak, added = json.load(answer)
    os.wait()
    return taken, peak, added, path.stat().st_size


def main(nodes: int = NODES, edges: int = EDGES) -> None:
    """Print a line for each format."""
    start = time.perf_counter()
    given = graph(nodes, edges)
    network, simple = prepared(given), plain(given)
    print(f"{nodes:,} nodes, {edges:,} edges; made in {time.perf_counter() - start:.1f} s\n")
    print("| format | seconds | peak MB | added MB | bytes | networkx | its added MB | ratio |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "network"
        for form in OURS:
            own = measured(lambda to, form=form: written(form, network, to), path)  # type: ignore[misc]
            line = f"| {form} | {own[0]:.2f} | {own[1]:,} | {own[2]:,} | {own[3]:,} |"
            if form in THEIRS:
                other = measured(lambda to, form=form: THEIRS[form](simple, to), path)  # type: ignore[misc]
                line += f" {other[0]:.2f} | {other[2]:,} | {own[0] / other[0]:.2f} |"
            else:
                line += " – | – | – |"
            print(line, flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
