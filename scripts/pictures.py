"""Draws GEXF files as Gephi opens them, for docs/tutorials: places, sizes and colours of the file.

Run `python scripts/pictures.py` after `kg build`.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import matplotlib.pyplot as plt
import networkx as nx
from matplotlib.collections import EllipseCollection, LineCollection

from kg.files import write_file
from kg.graph import open_graph
from kg.plotting import use_cjk

if TYPE_CHECKING:
    from matplotlib.figure import Figure

IMAGES: Final = Path(__file__).parents[1] / "docs" / "tutorials" / "images"
PICTURES: Final = {"region-concept": (0, 7), "region-region": (4, 0)}
"""Network -> the weight from which edges, and the degree from which labels are drawn."""
SIDE: Final = 9.0
"""Width of a picture, in inches."""


def picture(graph: nx.Graph[Any], least: float, busy: int) -> Figure:
    """Draw a network that was read from GEXF.

    Args:
        graph: its nodes have `viz`.
        least: the least weight of an edge that is drawn.
        busy: the least degree of a node whose label is drawn.
    """
    look = {it: data["viz"] for it, data in graph.nodes(data=True)}
    places = {it: (viz["position"]["x"], viz["position"]["y"]) for it, viz in look.items()}
    figure, axes = plt.subplots(figsize=(SIDE, SIDE * 0.8), layout="constrained")
    axes.set_aspect("equal")
    axes.axis("off")
    edges = [(a, b) for a, b, w in graph.edges(data="weight", default=1) if w >= least]
    axes.add_collection(
        LineCollection([[places[a], places[b]] for a, b in edges], colors="#bbbbbb", linewidths=0.6)
    )
    sizes = [viz["size"] for viz in look.values()]
    colors = [tuple(viz["color"][part] / 255 for part in "rgb") for viz in look.values()]
    axes.add_collection(
        EllipseCollection(
            sizes, sizes, [0] * len(sizes), units="xy", offsets=list(places.values()),
            offset_transform=axes.transData, facecolors=colors, zorder=2,
        )
    )  # fmt: skip
    for it, (x, y) in places.items():
        if graph.degree(it) >= busy:
            axes.annotate(graph.nodes[it]["label"], (x, y), ha="center", va="center", fontsize=7,
                          zorder=3, bbox={"fc": "#ffffffaa", "ec": "none", "pad": 0.5})  # fmt: skip
    axes.autoscale_view()
    return figure


def main() -> None:
    """Draw all pictures."""
    use_cjk()
    IMAGES.mkdir(parents=True, exist_ok=True)
    with open_graph() as graph:
        for name, (least, busy) in PICTURES.items():
            path = IMAGES / f"gephi-{name}.gexf"
            graph.export("gexf", path, network=name)
            read = nx.read_gexf(path)
            path.unlink()
            held = io.BytesIO()
            picture(read, least, busy).savefig(held, dpi=130, metadata={"Software": None})
            write_file(path.with_suffix(".png"), (held.getvalue(),))


if __name__ == "__main__":
    main()
