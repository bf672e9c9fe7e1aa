"""The page of a network in a browser: what tests ask it, and what it was made from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.exports.base import unwatched
from kg.exports.html import write_html

if TYPE_CHECKING:
    from pathlib import Path

    from browser import Browser

    from kg.exports.network import Network

__all__ = [
    "CONCEPT",
    "FACTS",
    "NINE",
    "PICTURE",
    "SPOKEN",
    "choose",
    "neighbours",
    "seen",
    "written",
]

CONCEPT: Final = "kgc:yi-wang-tong-ban"
NINE: Final = {"广东", "江苏", "浙江", "宁夏", "黑龙江", "上海", "河北", "河南", "江西"}
"""Who states 一网通办."""

NAMES: Final = ("full", "region-concept", "region-region", "concept-concept")
SPOKEN: Final = tuple(zip(NAMES, ("zh", "en", "zh", "en"), strict=True))
"""Each network in one of the languages: the page is the same program for all."""

FACTS: Final = {
    "release": "8360176f",
    "licence": "CC BY 4.0",
    "source": "一个论坛帖子",
    "homepage": "https://w3id.org/dgkg",
    "citation": "编写者. 知识图谱[DS]. https://w3id.org/dgkg.",
}
"""What the networks say of themselves."""

PICTURE: Final = "document.getElementById('network')._cyreg.cy"
"""The picture, as Cytoscape.js keeps it."""


def written(network: Network, path: Path) -> Path:
    """Write the page of a network."""
    path.write_bytes(b"".join(write_html(network, unwatched)))
    return path


def seen(browser: Browser, kind: str = "node") -> int:
    """Count the nodes or edges that the picture shows."""
    found: int = browser.evaluate(f"{PICTURE}.{kind}s(':visible').length")
    return found


def neighbours(browser: Browser) -> list[str]:
    """Give the labels of the neighbours in the list."""
    return browser.texts("#side .entries h4")


def choose(browser: Browser, text: str) -> None:
    """Search for a text and click on the first hit."""
    browser.click("#query")
    browser.type(text)
    browser.click("#hits a")
