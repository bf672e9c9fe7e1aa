"""The network as one HTML page: its bytes, how it opens, its files, and what would harm it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import struct
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote
from xml.etree import ElementTree as ET

import networkx as nx
import pytest
from network_page import CONCEPT, FACTS, PICTURE, SPOKEN, seen, written

from kg.errors import UsageError
from kg.exports import html
from kg.exports.base import unwatched
from kg.exports.html import MOST, write_html
from kg.exports.network import prepared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from browser import Browser

    from kg.exports.network import Network

pytest_plugins = ("page_fixtures",)

HOSTILE: Final = {
    "kgc:script": "</script><script>window.ran = 1</script>",
    "kgc:comment": "<!--<script>",
    "kgc:image": '<img src=x onerror="window.ran = 2">',
    "kgc:lines": "一\u2028二\u2029三\r\n四\x00\x1b五",
    "kgc:turned": "\u202egnp.exe",
    "kgc:quoted": "'\"`${window.ran = 3}{{style}}\\",
    "kgc:beyond": "𠮷🙂",
    "kgc:long": "很" * 5000,
    'x"><b>': "a name that is no CURIE",
}
"""Node -> its label, each of which would harm a careless page."""

SVG: Final = "{http://www.w3.org/2000/svg}"


# --- bytes --------------------------------------------------------------------------------------


def test_equal_networks_give_equal_bytes(networks: Callable[[str], Network]) -> None:
    """A page written twice is the same, to the byte."""
    network = networks("region-concept")
    one, other = (b"".join(write_html(network, unwatched)) for _ in range(2))
    assert one == other
    assert "一网通办".encode() in one


def test_a_progress_bar_sees_every_node_and_edge(networks: Callable[[str], Network]) -> None:
    """The writer goes through nodes, then edges, under the eyes of who watches."""
    network = networks("region-concept")
    watched: list[int] = []

    def watch(items: Sequence[Any]) -> Iterable[Any]:
        watched.append(len(items))
        return items

    assert sum(map(len, write_html(network, watch))) > len(network.nodes)
    assert watched == [len(network.nodes), len(network.edges)]


def test_too_many_nodes_are_refused_by_number() -> None:
    """Beyond 2,000 nodes the error tells how many there are, and which formats hold them."""
    graph: nx.Graph[int] = nx.empty_graph(MOST + 1)
    nx.set_node_attributes(graph, dict.fromkeys(graph, 0.0), "x")
    nx.set_node_attributes(graph, {it: 20.0 * it for it in graph}, "y")
    with pytest.raises(UsageError, match=r"2,001.*gexf.*Gephi.*cx2.*Cytoscape") as caught:
        write_html(prepared(graph), unwatched)
    assert "2,001" in caught.value.zh
    graph.remove_node(MOST)
    assert b"".join(write_html(prepared(graph), unwatched)).startswith(b"<!doctype html>")


def test_without_the_library_the_way_to_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where npm has put nothing in place, the error says `make web`."""
    monkeypatch.setattr(html, "VENDOR", tmp_path)
    with pytest.raises(UsageError, match="make web"):
        write_html(prepared(nx.path_graph(2)), unwatched)


def test_the_policy_allows_nothing_but_what_stands_in_the_page(page: Path) -> None:
    """The policy names the hash of each script and of the style, and forbids all else."""
    text = page.read_text(encoding="utf-8")
    scripts = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    (style,) = re.findall(r"<style[^>]*>(.*?)</style>", text, re.DOTALL)
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', text)
    rules = dict(part.strip().split(" ", 1) for part in policy.replace("&#x27;", "'").split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"].split() == [hashed(script) for script in scripts]
    assert rules["style-src"] == hashed(style)
    assert len(scripts) == 2


def hashed(text: str) -> str:
    """Give the hash of a text as a policy names it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_the_licences_of_the_library_stand_in_the_page(page: Path) -> None:
    """Cytoscape.js and what is built into it are named with their licences."""
    text = page.read_text(encoding="utf-8")
    assert re.findall(r"^(\S+) [\d.]+: MIT$", text, re.MULTILINE) == [
        "cytoscape", "gl-matrix", "heap", "lodash",
    ]  # fmt: skip
    assert text.count("Permission is hereby granted") >= 4


# --- opening ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "language"), SPOKEN)
def test_every_network_opens(
    name: str,
    language: str,
    browser: Browser,
    pages: Callable[[str], Path],
    networks: Callable[[str], Network],
) -> None:
    """Each network is drawn whole, without a word on the console or a request."""
    browser.open(pages(name), f"lang={language}")
    network = networks(name)
    assert seen(browser) == len(network.nodes)
    assert browser.text("h1") == (network.zh if language == "zh" else network.en)
    assert browser.evaluate("document.documentElement.lang") == {"zh": "zh-CN"}.get(language, "en")


def test_the_page_speaks_the_language_of_the_browser(browser: Browser, page: Path) -> None:
    """Without a word in the address, Chinese readers get Chinese, others English."""
    found = []
    for language in ("zh-TW", "de"):
        browser.open(page, language=language)
        found.append(browser.evaluate("document.documentElement.lang"))
    assert found == ["zh-CN", "en"]


def test_places_are_those_of_the_network(
    browser: Browser, page: Path, networks: Callable[[str], Network]
) -> None:
    """The picture has the places that every other format has; only down is up on a screen."""
    browser.open(page)
    code = f"{PICTURE}.nodes().map((n) => [n.position('x'), n.position('y')])"
    found = [tuple(place) for place in browser.evaluate(code)]
    assert found == [(node.x, -node.y) for node in networks("region-concept").nodes]


def test_no_label_covers_another(browser: Browser, page: Path) -> None:
    """Labels are many, those of the busiest nodes are among them, and no two overlap."""
    browser.open(page, "lang=zh")
    svg = browser.download("#svg").read_text(encoding="utf-8")
    code = f"""(() => {{
        const place = document.createElement("div");
        place.innerHTML = {json.dumps(svg.split("?>", 1)[1])};
        document.body.append(place);
        return [...place.querySelectorAll(".label")].map((g) => {{
            const {{ x, y, width, height }} = g.getBBox();
            return [g.textContent, x, y, x + width, y + height];
        }});
    }})()"""
    found = browser.evaluate(code)
    assert {"广西", "河北", "宁夏"} <= {text for text, *_ in found}
    assert len(found) > 60
    meeting = [
        (one[0], other[0])
        for at, one in enumerate(found)
        for other in found[at + 1 :]
        if one[1] < other[3] and other[1] < one[3] and one[2] < other[4] and other[2] < one[4]
    ]
    assert meeting == []


# --- files --------------------------------------------------------------------------------------


def test_the_svg_is_well_formed_and_has_real_text(browser: Browser, page: Path) -> None:
    """The SVG has Chinese text, the legend, and where it comes from."""
    browser.open(page, f"lang=zh&node={CONCEPT}")
    path = browser.download("#svg")
    root = ET.fromstring(path.read_bytes())  # noqa: S314 -- our own
    assert root.tag == f"{SVG}svg"
    texts = [text.text or "" for text in root.iter(f"{SVG}text")]
    assert {"一网通办", "上海", "地区", "平台概念"} <= set(texts)
    assert any("来源：一个论坛帖子 · 许可：CC BY 4.0" in text for text in texts)
    assert "Noto Sans CJK SC" in root.attrib["font-family"]
    assert path.name == "region-concept-kgc-yi-wang-tong-ban-zh.svg"


def test_the_png_is_twice_as_fine_as_the_screen(browser: Browser, page: Path) -> None:
    """The PNG has two dots for each of the picture, across and down, and is not blank."""
    browser.open(page, "lang=en")
    width, height = browser.evaluate(
        "['clientWidth', 'clientHeight'].map((name) => document.getElementById('network')[name])"
    )
    data = browser.download("#png").read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    across, down = struct.unpack(">II", data[16:24])
    assert (across, down > 2 * height) == (2 * width, True)
    assert len(data) > 100_000


def test_paper_gets_the_picture_as_lines(browser: Browser, page: Path) -> None:
    """For print the picture stands in the page as SVG, and goes again."""
    browser.open(page, "lang=zh")
    browser.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert "广西" in browser.text("#printed svg")
    browser.evaluate("dispatchEvent(new Event('afterprint'))")
    assert browser.texts("#printed svg") == []


# --- what the graph does not tell ---------------------------------------------------------------


def test_what_was_not_read_is_told_of_a_node(browser: Browser, page: Path) -> None:
    """Of Hunan, whose text is a picture, the list says that nothing follows from gaps."""
    browser.open(page, "lang=en&node=kgr:hunan")
    assert "may well be stated" in browser.text("#side .empty")


def test_a_node_without_links_says_why(browser: Browser, tmp_path: Path) -> None:
    """A read text that links a node with nothing is another thing than one that was not read."""
    graph: nx.Graph[str] = nx.Graph(
        name="lonely", not_read="重庆（未读到）", not_read_en="Chongqing (not read)"
    )
    graph.add_node("kgr:beijing", label="北京", reading="text")
    graph.add_node("kgr:chongqing", label="重庆", reading="not-read")
    path = written(prepared(graph), tmp_path / "lonely.html")
    found = []
    for node in ("kgr:beijing", "kgr:chongqing"):
        browser.open(path, f"lang=zh&node={node}")
        found.append(browser.text("#side .empty"))
    assert "没有把它与此网络中的其他节点联系起来" in found[0]
    assert "没有读到" in found[1]
    assert "没有读到" not in found[0]


def test_the_foot_says_where_all_of_it_comes_from(browser: Browser, page: Path) -> None:
    """Release, licence, source, citation and method are told; addresses in them are links."""
    browser.open(page, "lang=zh")
    foot = browser.text("#about")
    assert [value for value in FACTS.values() if value not in foot] == []
    assert "Cytoscape.js 3.34.4" in foot
    code = "[...document.querySelectorAll('#about dd a')].map((a) => a.href)"
    assert browser.evaluate(code) == ["https://w3id.org/dgkg", "https://w3id.org/dgkg"]


# --- hostile values -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the page of a network whose every text would harm a careless page."""
    bad = "</script></title><script>window.ran = 4</script>{{title}}"
    graph: nx.Graph[str] = nx.Graph(
        name="hostile", zh=bad, en=bad, source=bad, homepage="javascript://x/%0Awindow.ran=5"
    )
    first, *others = HOSTILE
    for it, label in HOSTILE.items():
        graph.add_node(
            it,
            label=label,
            label_en=label,
            kind=bad,
            page="javascript://x/%0Aalert(1)",
            quotes=(bad,),
        )
    for other in others:
        graph.add_edge(
            first, other, label=bad, quotes=(bad,), statements=("javascript://x/%0Awindow.ran=6",)
        )
    return written(prepared(graph), tmp_path_factory.mktemp("hostile") / "hostile.html")


@pytest.mark.parametrize("node", HOSTILE)
def test_a_hostile_label_is_text(node: str, browser: Browser, hostile: Path) -> None:
    """Labels, quotes and names are shown as they are, and none of them runs."""
    browser.open(hostile, f"lang=zh&node={quote(node)}")
    label = HOSTILE[node]
    assert browser.text("#side-title") == label
    assert browser.evaluate("window.ran") is None
    assert browser.evaluate("document.querySelectorAll('img, script').length") == 3
    links = browser.evaluate("[...document.querySelectorAll('a')].map((a) => a.protocol)")
    assert set(links) <= {"file:", "https:"}


def test_hostile_labels_stay_text_in_the_svg(browser: Browser, hostile: Path) -> None:
    """The SVG is well-formed whatever labels hold; what XML cannot hold is marked."""
    browser.open(hostile, "lang=zh")
    root = ET.fromstring(browser.download("#svg").read_bytes())  # noqa: S314 -- our own
    assert list(root.iter(f"{SVG}script")) == []
    titles = {title.text or "" for title in root.iter(f"{SVG}title")}
    assert HOSTILE["kgc:script"] in titles
    assert any("\ufffd" in title for title in titles)
    assert browser.evaluate("window.ran") is None


def test_a_hostile_label_can_be_searched(browser: Browser, hostile: Path) -> None:
    """A label of nothing but marks is found by them being passed over, without an error."""
    browser.open(hostile, "lang=zh")
    browser.click("#query")
    browser.type("img src")
    assert browser.texts("#hits a") == [HOSTILE["kgc:image"]]
