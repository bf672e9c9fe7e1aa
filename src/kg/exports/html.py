"""A network as one HTML page that opens from a disk: picture, search, filters and every quote.

The page holds all that it needs and asks for nothing: its policy forbids any request, and allows
only the very scripts and styles that stand in it, by their hashes.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from html import escape
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kg.errors import NotInstalledError, UsageError
from kg.exports.pieces import as_json, pieces
from kg.names import PREFIXES
from kg.networks.drawing import LOOKS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kg.exports.base import Watch
    from kg.exports.columns import Column
    from kg.exports.network import Edge, Network, Node

__all__ = ["MOST", "VENDOR", "check_html", "write_html"]

MOST: Final = 2000
"""Nodes that a page can show; beyond, browsers answer a click too late."""

PAGE: Final = Path(__file__).parent / "page"
"""The parts of the page."""

SCRIPTS: Final = (
    "words", "shapes", "model", "address", "labels", "picture", "figure", "panel", "page",
)  # fmt: skip
"""Scripts of the page; each uses those before it."""

VENDOR: Final = Path(__file__).parents[1] / "web" / "static" / "vendor"
"""Where `make web` puts Cytoscape.js and its licences."""

LIBRARY, LICENCES = "cytoscape.min.js", "cytoscape.licences.txt"

UNSAFE: Final = re.compile("[<>&\u2028\u2029]")
"""Signs that could end a script element, or a line within it."""


def write_html(network: Network, watch: Watch) -> Iterator[bytes]:
    """Give a network as one HTML page in Chinese and English.

    Args:
        network: of at most `MOST` nodes; `label_en`, `kind`, `kind_zh`, `quotes` and `statements`
            are shown as what they are, other columns below their labels.
        watch: looks on.

    Raises:
        UsageError: there are too many nodes, or the library that draws them is missing.
    """
    if len(network.nodes) > MOST:
        count = f"{len(network.nodes):,}"
        raise UsageError(
            f"网页最多 {MOST:,} 个节点，此网络有 {count} 个；"
            "请改用 gexf（以 Gephi 打开）或 cx2（以 Cytoscape 打开）",
            f"a page shows at most {MOST:,} nodes, and this network has {count}; "
            "use gexf with Gephi, or cx2 with Cytoscape",
        )
    library, licences = _library()
    head, end = _page(network, library, licences)
    return pieces(chain((head,), _data(network, watch), (end,)))


def check_html() -> None:
    """Tell whether pages can be written here.

    Raises:
        NotInstalledError: Cytoscape.js is missing.
    """
    _library()


def _library() -> tuple[str, str]:
    """Give Cytoscape.js and its licences.

    Raises:
        NotInstalledError: npm has not put them in place.
    """
    try:
        library, licences = (
            (VENDOR / name).read_text(encoding="utf-8") for name in (LIBRARY, LICENCES)
        )
    except FileNotFoundError as error:
        raise NotInstalledError(
            "缺少绘图所用的 Cytoscape.js：请安装 Node.js 20，然后运行 make web",
            "Cytoscape.js, which draws the page, is missing: install Node.js 20, then run make web",
        ) from error
    return library, licences


# --- the page -----------------------------------------------------------------------------------


def _page(network: Network, library: str, licences: str) -> tuple[str, str]:
    """Give what stands before the data, and what stands behind it."""
    style = _part("page.css")
    script = "\n".join(_part(f"{name}.js") for name in SCRIPTS)
    script = f'(() => {{\n"use strict";\n{script}}})();\n'
    scripts = [_inline(text) for text in (library, script)]
    policy = (
        "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data: blob:; "
        f"script-src {' '.join(map(_hash, scripts))}; style-src {_hash(style)}"
    )
    values = {
        "policy": escape(policy),
        "title": escape(f"{network.zh} | {network.en}"),
        "style": style,
        "licences": escape(licences),
    }
    text = re.sub(r"\{\{(\w+)\}\}", lambda found: values[found[1]], _part("page.html"))
    head, end = text.split("<!-- data and scripts -->\n")
    code = "".join(f"<script>{script}</script>\n" for script in scripts)
    return f'{head}<script type="application/json" id="data">', f"</script>\n{code}{end}"


def _part(name: str) -> str:
    return (PAGE / name).read_text(encoding="utf-8")


def _inline(script: str) -> str:
    """Give a script so that none of its texts ends its element.

    See https://html.spec.whatwg.org/multipage/scripting.html#restrictions-for-contents-of-script-elements.
    """
    return re.sub(r"<(?=!--|/?script)", r"\\x3C", script, flags=re.IGNORECASE)


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


# --- the data -----------------------------------------------------------------------------------


def _data(network: Network, watch: Watch) -> Iterator[str]:
    """Give a network as JSON that may stand in a script element."""
    place = {node.id: at for at, node in enumerate(network.nodes)}
    facts = {
        "name": network.name,
        "zh": network.zh,
        "en": network.en,
        "directed": network.is_directed,
        "facts": dict(network.facts),
        "prefixes": {name: iri for name, iri in PREFIXES.items() if name.startswith("kg")},
        "nodeColumns": [_column(column) for column in network.node_columns],
        "edgeColumns": [_column(column) for column in network.edge_columns],
        "kinds": _kinds(network),
    }
    yield f"{_json(facts)[:-1]},\n"
    yield '"nodes":['
    for at, node in enumerate(watch(network.nodes)):
        drawn = [node.id, node.x, node.y, node.size, node.color, node.shape, node.values]
        yield f"{',' if at else ''}\n{_json(drawn)}"
    yield '],\n"edges":['
    for at, edge in enumerate(watch(network.edges)):
        yield f"{',' if at else ''}\n{_json(_ends(edge, place))}"
    yield "]}"


def _ends(edge: Edge, place: Mapping[str, int]) -> list[object]:
    return [place[edge.source], place[edge.target], edge.values]


def _column(column: Column) -> dict[str, object]:
    return {
        "name": column.name,
        "many": column.many,
        "zh": column.zh or column.name,
        "en": column.en or column.name,
        "note": column.note,
    }


def _json(value: object) -> str:
    """Give a value as JSON that neither ends a script element nor a line within it."""
    return UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", as_json(value))


def _kinds(network: Network) -> list[dict[str, object]]:
    """Give the kinds of nodes with their labels, and how most nodes of each are drawn."""
    kind, zh, en = (network.node_column(name) for name in ("kind", "kind_zh", "kind_en"))
    found: dict[str, list[Node]] = {}
    for node in network.nodes:
        found.setdefault(_text(node, kind), []).append(node)
    rank = {name: at for at, name in enumerate(LOOKS)}
    order = sorted(found, key=lambda name: (rank.get(name, len(rank)), name))
    return [
        {
            "kind": name,
            "zh": _text(found[name][0], zh) or name,
            "en": _text(found[name][0], en) or name,
            "color": Counter(node.color for node in found[name]).most_common(1)[0][0],
            "shape": Counter(node.shape for node in found[name]).most_common(1)[0][0],
        }
        for name in order
    ]


def _text(node: Node, at: int) -> str:
    value = node.values[at] if at >= 0 else None
    return value if isinstance(value, str) else ""
