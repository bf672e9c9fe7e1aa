"""The measures of a network as a table, one row a node, beside the tables of classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kg.exports.columns import Column, cell, fitted, kind_of
from kg.exports.sheets import Sheet
from kg.networks import measures_table
from kg.networks.attributes import ATTRIBUTES

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["measures_sheet"]

TITLES: Final = {
    "full": "全图量度",
    "region-concept": "地区概念量度",
    "region-region": "地区间量度",
    "concept-concept": "概念间量度",
}
"""Network -> title of its table, short enough for the tab of a workbook."""


def measures_sheet(graph: nx.Graph[Any]) -> Sheet:
    """Give the measures of the nodes of a network.

    Args:
        graph: as `networks.measured` gives it.
    """
    table = measures_table(graph)
    rows = [
        [
            cell(term and term.python, f"{row[0]} {name}")
            for name, term in zip(table.columns, row, strict=True)
        ]
        for row in table.rows
    ]
    columns = [Column("node", zh="节点", en="Node")]
    for name, values in list(zip(table.columns, zip(*rows, strict=True), strict=True))[1:]:
        told = ATTRIBUTES[name]
        columns.append(Column(name, *kind_of(values), told.zh, told.en, told.note))
    structure = [str(graph.graph.get(name, "")) for name in ("communities", "communities_en")]
    return Sheet(
        name=f"measures_{graph.graph['name'].replace('-', '_')}",
        zh=TITLES[graph.graph["name"]],
        en=f"Measures: {graph.graph['en']}",
        note=" ".join(["每个节点一行，量度的定义见 docs/networks.md。", *filter(None, structure)]),
        columns=tuple(columns),
        rows=tuple(
            tuple(fitted(value, column) for value, column in zip(row, columns, strict=True))
            for row in rows
        ),
        required=frozenset({"node", "label", "kind"}),
    )
