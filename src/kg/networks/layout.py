"""Places of nodes: computed once, the same on every machine, so that all formats draw alike.

Up to `FORCES` nodes by forces: nodes push each other away, the busier the stronger, edges pull
(Jacomy et al. 2014, https://doi.org/10.1371/journal.pone.0098679, with the cooling of Fruchterman
and Reingold 1991, https://doi.org/10.1002/spe.4380211102). Beyond that in linear time: communities
by label propagation (Raghavan et al. 2007, https://doi.org/10.1103/PhysRevE.76.036106), each a disc
of its own, the larger the nearer to the middle.

Forces feed back on each other, so that the last digit of a sum decides where a node ends. Only
operations that IEEE 754 rounds in one way are used on arrays: no power, no sum along a row.
"""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING, Any, Final

import networkx as nx
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["FORCES", "placed", "positions"]

FORCES: Final = 2000
"""Nodes up to which forces are computed between all of them."""
STEPS: Final = 150
"""Times that nodes are moved by forces."""
PUSHES: Final = 60
"""Times, at most, that nodes which overlap are pushed apart."""
SPACE: Final = 24.0
"""Usual distance between two neighbours, in the units in which a node's size is told."""
GAP: Final = 4.0
"""What stays free between two nodes."""
FILLED: Final = 0.07
"""Which part of the picture is filled by nodes."""
PULL: Final = 0.02
"""How strongly the middle draws."""
GOLDEN: Final = math.pi * (3 - math.sqrt(5))
"""The angle between two seeds of a sunflower: no two lie in one line."""
SIZE: Final = 10.0
"""Diameter of a node that has none."""


def placed(graph: nx.Graph[Any], seed: int = 0) -> nx.Graph[Any]:
    """Give a copy of a graph whose nodes have `x` and `y`.

    Args:
        graph: nodes may have a `size`: their diameter.
        seed: another one gives another picture.
    """
    found = graph.copy()
    for it, (x, y) in positions(graph, seed).items():
        found.nodes[it].update(x=x, y=y)
    return found


def positions(graph: nx.Graph[Any], seed: int = 0) -> dict[Any, tuple[float, float]]:
    """Give the place of each node, in the units of their sizes, rounded to hundredths.

    Parts that nothing links are placed one by one, the largest in the middle.

    Args:
        graph: nodes may have a `size`: their diameter.
        seed: another one gives another picture.
    """
    order = sorted(graph, key=str)
    if len(order) > FORCES:
        discs = [(part, _sunflower(_sizes(graph, part))) for part in _communities(graph, seed)]
    else:
        plain: nx.Graph[Any] = nx.Graph()
        plain.add_nodes_from(order)
        plain.add_edges_from((one, other) for one, other in graph.edges() if one != other)
        parts = [sorted(part, key=str) for part in nx.connected_components(plain)]
        discs = [(part, _by_forces(plain, part, _sizes(graph, part), seed)) for part in parts]
    return _together(discs)


def _sizes(graph: nx.Graph[Any], part: Sequence[Any]) -> Floats:
    return np.array([float(graph.nodes[it].get("size", SIZE)) for it in part])


# --- forces -------------------------------------------------------------------------------------


def _by_forces(graph: nx.Graph[Any], part: Sequence[Any], sizes: Floats, seed: int) -> Floats:
    """Place a connected part by forces; gives rows of x and y."""
    if len(part) == 1:
        return np.zeros((1, 2))
    place = {it: at for at, it in enumerate(part)}
    ends = np.array(
        sorted(
            (min(place[one], place[other]), max(place[one], place[other]))
            for one, other in graph.edges(part)
        )
    )
    draw = random.Random(seed)  # noqa: S311 -- no secret
    side = SPACE * math.sqrt(len(part))
    at = np.array([[draw.uniform(-side, side), draw.uniform(-side, side)] for _ in part])
    degree = np.bincount(ends.ravel(), minlength=len(part))
    weight = np.sqrt(1.0 + degree)
    strength = _strength(ends, degree)
    for step in range(STEPS):
        force = _pushed(at, weight) + _pulled(at, ends, strength, weight)
        length = np.sqrt(force[:, 0] * force[:, 0] + force[:, 1] * force[:, 1]) + 1e-9
        heat = side * 0.1 * (1 - step / STEPS) * (1 - step / STEPS) + 0.01
        at = at + force * (np.minimum(length, heat) / length)[:, None]
    return _apart(_scaled(at, sizes), sizes)


def _strength(ends: NDArray[np.int64], degree: NDArray[np.int64]) -> Floats:
    """Say how strongly each edge pulls: those of a busy node less, lest all fall into one heap.

    A node that most others are linked with says nothing of who is near whom.
    """
    most = np.maximum(degree[ends[:, 0]], degree[ends[:, 1]])
    return np.where(most * 2 > max(len(degree), 50), 0, 1 / np.sqrt(1.0 + most))


def _pushed(at: Floats, weight: Floats) -> Floats:
    """Give the force by which all others push each node away: in inverse ratio to distance."""
    dx, dy = at[:, None, 0] - at[None, :, 0], at[:, None, 1] - at[None, :, 1]
    strength = dx * dx
    strength += dy * dy
    strength += 0.01
    np.divide(SPACE * SPACE, strength, out=strength)
    strength *= weight[:, None]
    dx *= strength
    dy *= strength
    # along the first axis row is added to row; along the second, machines differ in the order
    return -np.stack((dx.sum(axis=0), dy.sum(axis=0)), axis=1) * weight[:, None]


def _pulled(at: Floats, ends: NDArray[np.int64], strength: Floats, weight: Floats) -> Floats:
    """Give the force by which edges and the middle draw each node: in ratio to distance."""
    one, other = ends[:, 0], ends[:, 1]
    along = (at[other] - at[one]) * strength[:, None]
    found = -PULL * at * weight[:, None]
    for axis in (0, 1):
        found[:, axis] += np.bincount(one, along[:, axis], len(at))
        found[:, axis] -= np.bincount(other, along[:, axis], len(at))
    return found


def _scaled(at: Floats, sizes: Floats) -> Floats:
    """Draw a picture together or apart, until nodes fill as much of it as they should."""
    sides = at.max(axis=0) - at.min(axis=0) + SPACE
    need = math.fsum(((sizes + GAP) * (sizes + GAP)).tolist()) / FILLED
    return at * math.sqrt(need / float(sides[0] * sides[1]))


def _apart(at: Floats, sizes: Floats) -> Floats:
    """Push nodes apart that overlap."""
    room = (sizes[:, None] + sizes[None, :]) / 2 + GAP
    np.fill_diagonal(room, 0)
    for _ in range(PUSHES):
        dx, dy = at[:, None, 0] - at[None, :, 0], at[:, None, 1] - at[None, :, 1]
        far = np.sqrt(dx * dx + dy * dy) + 1e-9
        lack = np.maximum(room - far, 0) / far / 2
        if not lack.any():
            break
        at = at - np.stack(((dx * lack).sum(axis=0), (dy * lack).sum(axis=0)), axis=1)
    return at


# --- without forces -----------------------------------------------------------------------------


def _communities(graph: nx.Graph[Any], seed: int) -> list[list[Any]]:
    """Divide a large graph; the busiest node of a part comes first."""
    plain: nx.Graph[Any] = nx.Graph(graph)
    plain.remove_edges_from(list(nx.selfloop_edges(plain)))
    parts = nx.community.fast_label_propagation_communities(plain, seed=seed)
    return [sorted(part, key=lambda it: (-plain.degree(it), str(it))) for part in parts]


def _sunflower(sizes: Floats) -> Floats:
    """Place nodes in a disc, the first in the middle."""
    step = (float(sizes.max()) + GAP) * 0.95
    return np.array([_turned(at, step * math.sqrt(at)) for at in range(len(sizes))])


def _turned(number: int, out: float) -> tuple[float, float]:
    """Give the place of a seed of a sunflower, so far out."""
    return out * math.cos(number * GOLDEN), out * math.sin(number * GOLDEN)


def _together(discs: list[tuple[list[Any], Floats]]) -> dict[Any, tuple[float, float]]:
    """Put parts beside each other, the largest in the middle; gives rounded places."""
    found: dict[Any, tuple[float, float]] = {}
    area = 0.0
    ordered = sorted(discs, key=lambda disc: (-len(disc[0]), str(disc[0][0])))
    for number, (part, given) in enumerate(ordered):
        at = given - (given.max(axis=0) + given.min(axis=0)) / 2
        radius = float(np.sqrt(at[:, 0] * at[:, 0] + at[:, 1] * at[:, 1]).max()) + SPACE
        # a spiral in which each part takes the area that it needs, and as much between
        out = math.sqrt(area) + radius if number else 0.0
        area += radius * radius * (2 if number else 1)
        right, up = _turned(number, out)
        for it, (x, y) in zip(part, at.tolist(), strict=True):
            found[it] = round(x + right, 2) + 0.0, round(y + up, 2) + 0.0
    return found
