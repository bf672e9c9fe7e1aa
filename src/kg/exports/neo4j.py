"""CSV that `neo4j-admin database import` takes, and the command that imports it.

See https://neo4j.com/docs/operations-manual/current/import/.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from kg.exports.columns import MANY, TYPES, shown
from kg.exports.fitness import JOINED, check_fit, check_text
from kg.exports.network import DRAWN
from kg.exports.pieces import pieces

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.exports.base import Watch
    from kg.exports.columns import Cell, Column
    from kg.exports.network import Network

__all__ = ["write_neo4j"]

NODE, LINK = "Node", "RELATED"
"""The label of a node without a kind, and the type of a relationship without a property."""

ZERO: Final = re.compile("\x00")
"""What readers of CSV take for the end of a text."""

DIVIDED: Final = re.compile(rf"{re.escape(MANY)}|\A\Z")
"""What a text of several must not be: Neo4j divides an array at it, and drops empty ones."""

UNNAMED: Final = re.compile(r"\W", re.ASCII)
"""What a type of relationships that needs no quotation in Cypher does not hold."""

COMMAND: Final = """\
neo4j-admin database import full \\
  --nodes=nodes.csv \\
  --relationships=relationships.csv \\
  --id-type=string \\
  --delimiter=, \\
  --array-delimiter='{many}' \\
  --quote='"' \\
  --multiline-fields=true \\
  --ignore-empty-strings=false \\
  --trim-strings=false \\
  --input-encoding=UTF-8 \\
  {database}
"""

SCRIPT: Final = """\
#!/bin/sh
# 导入 Neo4j 5 或更新版本，数据库须尚不存在
# Imports into Neo4j 5 or newer; the database must be new
set -eu
cd "$(dirname "$0")"
{command}"""

README: Final = """\
# {zh} · {en}

`nodes.csv`（{nodes} 个节点）与 `relationships.csv`（{edges} 个关系）可导入 Neo4j 5 或更新版本：

`nodes.csv` ({nodes} nodes) and `relationships.csv` ({edges} relationships), for Neo4j 5 or newer:

```sh
sh import.sh
```

它运行（`neo4j-admin` 须在 PATH 中） | With `neo4j-admin` on the PATH, it runs:

```sh
{command}```

- 节点的标签是其 `kind`，关系的类型是其 `property`（非字母数字的字符写作 `_`），没有时为 `{node}` 与 `{link}`；原值另存为属性。
  A node's label is its `kind`, a relationship's type its `property` with `_` for what is no letter or digit; without one, `{node}` and `{link}`. The values themselves are properties.
- 数组元素以 `{many}` 分隔；无值的单元格为空，空文本为 `""`。
  Elements of an array are divided by `{many}`; a cell without a value is empty, an empty text is `""`.
- {direction}

{facts}
"""  # noqa: E501 -- a paragraph is a line

DIRECTION: Final = {
    True: "关系有方向。 Relationships have their direction.",
    False: "此网络没有方向：查询时请写 `(a)--(b)`。"
    " This network has no direction: ask for `(a)--(b)`.",
}


def write_neo4j(network: Network, watch: Watch) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Give a network as CSV for Neo4j, with the command that imports it.

    Args:
        network: texts of several are arrays, divided by `columns.MANY`.
        watch: looks on.

    Raises:
        UsageError: a text holds U+0000, or one of several is empty or holds what divides them.
    """
    check_fit(network, "neo4j", texts=ZERO, joined=DIVIDED)
    at = network.node_column("kind")
    for node in network.nodes:
        if at >= 0 and isinstance(kind := node.values[at], str):
            check_text(node.id, "kind", kind, JOINED, "neo4j")
    return _files(network, watch)


def _files(network: Network, watch: Watch) -> Iterator[tuple[str, Iterator[bytes]]]:
    database = re.sub("[^a-z0-9.]+", "-", network.name.lower()).strip(".-") or "network"
    if not database[0].isalpha() or len(database) < 3:  # noqa: PLR2004 -- Neo4j asks for three
        database = f"kg-{database}"
    command = COMMAND.format(many=MANY, database=database[:63])
    yield "README.md", pieces([_readme(network, command)])
    yield "import.sh", pieces([SCRIPT.format(command=command)])
    yield "nodes.csv", pieces(_nodes(network, watch))
    yield "relationships.csv", pieces(_relationships(network, watch))


def _readme(network: Network, command: str) -> str:
    facts = "".join(f"- {name}: {fact}\n" for name, fact in network.facts.items())
    return README.format(
        zh=network.zh, en=network.en, nodes=f"{len(network.nodes):,}",
        edges=f"{len(network.edges):,}", command=command, many=MANY, node=NODE, link=LINK,
        direction=DIRECTION[network.is_directed], facts=facts,
    )  # fmt: skip


def _nodes(network: Network, watch: Watch) -> Iterator[str]:
    columns = (*DRAWN, *network.node_columns)
    yield _row(["id:ID", ":LABEL", *map(_head, columns)])
    kind = network.node_column("kind")
    for node in watch(network.nodes):
        label = _named(node.values, kind, NODE)
        values = (*node.drawn.values(), *node.values)
        yield _row([_cell(node.id), _cell(label), *map(_cell, values)])


def _relationships(network: Network, watch: Watch) -> Iterator[str]:
    yield _row([":START_ID", ":END_ID", ":TYPE", *map(_head, network.edge_columns)])
    at = network.edge_column("property")
    for edge in watch(network.edges):
        kind = UNNAMED.sub("_", _named(edge.values, at, LINK))
        ends = (edge.source, edge.target, kind)
        yield _row([_cell(it) for it in (*ends, *edge.values)])


def _named(values: Sequence[Cell], at: int, other: str) -> str:
    """Give the text of a column; another one where there is none."""
    value = values[at] if at >= 0 else None
    return shown(value) if value is not None and value != "" else other


def _head(column: Column) -> str:
    return f"{column.name}:{TYPES[column.kind]}{'[]' if column.many else ''}"


def _cell(value: Cell) -> str:
    """Give a cell: texts in quotation marks, so that an empty one is no missing one."""
    if value is None:
        return ""
    if isinstance(value, str | tuple):
        escaped = shown(value).replace('"', '""')
        return f'"{escaped}"'
    return shown(value)


def _row(cells: Iterable[str]) -> str:
    return f"{','.join(cells)}\n"
