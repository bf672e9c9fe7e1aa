"""What a format cannot hold is found before the first byte is written, and refused by its place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from kg.errors import UsageError, clipped
from kg.exports.columns import BOOLEAN, MANY, STRING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.exports.columns import Cell
    from kg.exports.network import Network

__all__ = ["JOINED", "UNWRITTEN", "cells", "check_fit", "check_text", "check_weight"]

UNWRITTEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What XML has no way to write (https://www.w3.org/TR/xml/#charsets)."""

JOINED: Final = re.compile(re.escape(MANY))
"""What a text of several must not hold, where a format joins them by it."""

LISTS: Final = "cyjs, cx2, node-link"
"""Formats of JSON: they hold any character, and lists."""


def check_fit(
    network: Network,
    form: str,
    *,
    texts: re.Pattern[str] = UNWRITTEN,
    ids: re.Pattern[str] | None = None,
    joined: re.Pattern[str] = JOINED,
) -> None:
    """Look at every text of a network.

    Args:
        network: all of it is looked at.
        form: what the format is called.
        texts: what no text may hold.
        ids: what no node's name may hold either.
        joined: what a text of several may hold neither.

    Raises:
        UsageError: a text holds it; it says which, where, and what other formats can.
    """
    for name, fact in (("zh", network.zh), ("en", network.en), *network.facts.items()):
        check_text("network", name, fact, texts, form)
    for node in network.nodes:
        check_text(node.id, "id", node.id, texts, form)
        if ids is not None:
            check_text(node.id, "id", node.id, ids, form)
    for place, name, value in cells(network, STRING):
        if isinstance(value, str):
            check_text(place, name, value, texts, form)
        for text in value if isinstance(value, tuple) else ():
            check_text(place, name, text, texts, form)
            check_text(place, name, text, joined, form)


def cells(network: Network, kind: str) -> Iterator[tuple[str, str, Cell]]:
    """Give place, column and value of every cell of the columns of a kind."""
    nodes = [(node.id, node.values) for node in network.nodes]
    edges = [(f"{edge.source} → {edge.target}", edge.values) for edge in network.edges]
    for columns, rows in ((network.node_columns, nodes), (network.edge_columns, edges)):
        for at in (at for at, column in enumerate(columns) if column.kind == kind):
            for place, values in rows:
                yield place, columns[at].name, values[at]


def check_text(place: str, name: str, text: str, pattern: re.Pattern[str], form: str) -> None:
    """Look at one text.

    Args:
        place: what has it.
        name: what it is called there.
        text: the text.
        pattern: what it must not hold.
        form: what the format is called.

    Raises:
        UsageError: the text holds it.
    """
    found = pattern.search(text)
    if found is None:
        return
    place, sign = clipped(place), f"U+{ord(found[0][0]):04X}" if found[0] else '""'
    raise UsageError(
        f"{place} 的 {name}：{form} 不能写入 {sign}；请改用 {LISTS}",
        f"{name} of {place}: {form} cannot hold {sign} there; use one of {LISTS}",
    )


def check_weight(network: Network, form: str) -> None:
    """Look at the weights of a network, for formats that count by them.

    Raises:
        UsageError: they are no numbers.
    """
    at = network.edge_column("weight")
    if at >= 0 and network.edge_columns[at].kind in {STRING, BOOLEAN}:
        raise UsageError(
            f"边的 weight：{form} 只能写入数字；请改用 {LISTS}",
            f"weight of edges: {form} takes only numbers there; use one of {LISTS}",
        )
