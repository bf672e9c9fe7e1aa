"""The network as one HTML page, as readers use it: search, choose, filter, share, by any means."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from browser import NARROW, WIDE
from network_page import CONCEPT, NINE, PICTURE, SPOKEN, choose, neighbours, seen

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from browser import Browser

    from kg.exports.columns import Cell
    from kg.exports.network import Network

pytest_plugins = ("page_fixtures",)


# --- search and neighbours ----------------------------------------------------------------------


def test_a_search_and_a_click_show_nine_provinces_with_their_sentences(
    browser: Browser, page: Path, networks: Callable[[str], Network]
) -> None:
    """一网通办 is found; a click lists the nine that state it, each with all of its sentences."""
    browser.open(page, "lang=zh")
    choose(browser, "一网通办")
    assert browser.text("#side-title") == "一网通办"
    assert set(neighbours(browser)) == NINE
    assert browser.text("#side .group h3").split() == ["地区", "9"]
    network = networks("region-concept")
    quotes = network.edge_column("quotes")
    wanted = {
        network.label(node): set(told(edge.values[quotes]))
        for edge in network.edges
        for node in network.nodes
        if edge.target == CONCEPT and edge.source == node.id
    }
    code = """Object.fromEntries([...document.querySelectorAll("#side .entries > li")].map((e) =>
        [e.querySelector("h4"), [...e.querySelectorAll("blockquote > p")]]).map(([h, quotes]) =>
        [h.textContent, quotes.map((q) => q.textContent)]))"""
    found = {label: set(texts) for label, texts in browser.evaluate(code).items()}
    assert found == wanted
    assert all("一网通办" in "".join(texts) for texts in found.values())


def told(value: Cell) -> tuple[str, ...]:
    """Give the texts of a value that is several."""
    assert isinstance(value, tuple)
    return value


def test_every_sentence_leads_to_its_statement(browser: Browser, page: Path) -> None:
    """Below each sentence stand links to the statements that rest on it, on the web."""
    browser.open(page, f"lang=zh&node={CONCEPT}")
    code = """[...document.querySelectorAll("#side blockquote")].map((q) =>
        [...q.querySelectorAll("footer a")].map((a) => [a.textContent, a.href, a.rel]))"""
    found = browser.evaluate(code)
    assert len(found) >= 9
    for links in found:
        assert links
        for text, address, relation in links:
            assert re.fullmatch(r"kg(cl|m):\S+", text)
            assert address.startswith("https://w3id.org/dgkg/id/")
            assert address.endswith(text.partition(":")[2])
            assert "noreferrer" in relation


@pytest.mark.parametrize(
    "text", ["unified online government services (YIWANG", CONCEPT, "yi wang tong ban", "一网通办"]
)
def test_a_node_is_found_by_any_of_its_names(text: str, browser: Browser, page: Path) -> None:
    """Labels in both languages, the CURIE, and pinyin lead to a node."""
    browser.open(page, "lang=zh")
    browser.click("#query")
    browser.type(text)
    assert browser.texts("#hits a")[0] == "一网通办"


def test_what_is_not_found_is_told_apart(browser: Browser, page: Path) -> None:
    """A region of which no text was read is told as such, another word as not mentioned."""
    browser.open(page, "lang=zh")
    notes = []
    for text in ("重庆", "chongqing", "量子计算"):
        browser.evaluate("document.getElementById('query').value = ''")
        browser.click("#query")
        browser.type(text)
        notes.append(browser.text("#hits .note"))
    assert ["没有读到" in note for note in notes] == [True, True, False]
    assert "已读的文本未提及" in notes[2]


def test_hits_give_way_to_the_page(browser: Browser, page: Path) -> None:
    """A press anywhere else takes the hits away; the focus on the field brings them back."""
    browser.open(page, "lang=zh")
    browser.click("#query")
    browser.type("数据")
    assert len(browser.texts("#hits a")) > 5
    browser.click("header")
    assert browser.texts("#hits a") == []
    browser.click("#query")
    assert len(browser.texts("#hits a")) > 5


def test_the_picture_shows_what_is_chosen(browser: Browser, page: Path) -> None:
    """The chosen node and its neighbours are lit, all others fade."""
    browser.open(page, f"lang=zh&node={CONCEPT}")
    counts = {
        name: browser.evaluate(f"{PICTURE}.nodes('.{name}').length")
        for name in ("chosen", "near", "far")
    }
    assert counts == {"chosen": 1, "near": 9, "far": 302 - 10}


@pytest.mark.parametrize(("down", "what"), [(0, "the mark"), (20, "the label")])
def test_a_mark_and_its_label_can_be_clicked(
    down: int, what: str, browser: Browser, page: Path
) -> None:
    """A click on a node, or on its label below, chooses it."""
    browser.open(page, f"lang=zh&node={CONCEPT}")
    at = json.dumps(node_number(browser, "上海"))
    code = f"""(() => {{
        const {{ left, top }} = document.getElementById("network").getBoundingClientRect();
        const node = {PICTURE}.getElementById("n" + {at});
        const {{ x, y }} = node.renderedPosition();
        return {{ x: left + x, y: top + y + ({down} ? node.renderedWidth() / 2 + 10 : 0) }};
    }})()"""
    browser.do("point", **browser.evaluate(code))
    assert browser.text("#side-title") == "上海", what


def node_number(browser: Browser, label: str) -> int:
    """Give the number of a node by its label."""
    code = f"""JSON.parse(document.getElementById("data").textContent).nodes
        .findIndex((node) => node[6].includes({json.dumps(label)}))"""
    found: int = browser.evaluate(code)
    return found


def test_every_node_can_be_reached_in_the_list(
    browser: Browser, page: Path, networks: Callable[[str], Network]
) -> None:
    """The lists by kind have a link to each node."""
    browser.open(page, "lang=zh")
    browser.evaluate("document.querySelectorAll('#side .kind').forEach((e) => (e.open = true))")
    browser.wait("document.querySelectorAll('#side .kind ul').length === 2")
    code = "[...document.querySelectorAll('#side .kind a')].map((a) => a.dataset.node).sort()"
    assert browser.evaluate(code) == [node.id for node in networks("region-concept").nodes]


def test_many_neighbours_are_shown_when_asked_for(
    browser: Browser, pages: Callable[[str], Path], networks: Callable[[str], Network]
) -> None:
    """Of a long list of neighbours the first are shown; a button shows the rest."""
    browser.open(pages("full"), "lang=zh&node=kgc:shu-zi-zheng-fu")
    network = networks("full")
    wanted = {
        other
        for edge in network.edges
        for other in (edge.source, edge.target)
        if "kgc:shu-zi-zheng-fu" in {edge.source, edge.target}
    } - {"kgc:shu-zi-zheng-fu"}
    before = len(neighbours(browser))
    while browser.evaluate("document.querySelectorAll('#side .more').length"):
        browser.click("#side .more")
    assert before < len(neighbours(browser)) == len(wanted)


def test_claims_bring_their_own_sentences(browser: Browser, pages: Callable[[str], Path]) -> None:
    """Where links have no quotes, those of the neighbours are shown."""
    browser.open(pages("full"), "lang=zh&node=kgr:shanghai")
    assert len(browser.texts("#side [data-kind=Target] blockquote")) > 5


def test_a_source_of_everything_does_not_darken_the_picture(
    browser: Browser, pages: Callable[[str], Path]
) -> None:
    """Links that lead from nearly everywhere to one node are hidden until they are asked for."""
    browser.open(pages("full"), "lang=zh")
    before = seen(browser, "edge")
    browser.click("#lines summary")
    browser.click("#lines-all")
    assert seen(browser, "edge") == before + 890


# --- filters and address ------------------------------------------------------------------------


def test_a_kind_can_be_hidden(browser: Browser, page: Path) -> None:
    """Without its tick a kind leaves the picture, and the address says so."""
    browser.open(page, "lang=zh")
    browser.click("[id='hide-PlatformConcept']")
    assert seen(browser) == 23
    assert "hide=PlatformConcept" in browser.evaluate("location.hash")
    browser.click("#kinds-all")
    assert seen(browser) == 302
    assert browser.evaluate("location.hash") == "#lang=zh"


def test_when_every_kind_is_hidden_the_page_says_so(browser: Browser, page: Path) -> None:
    """An empty picture is explained."""
    browser.open(page, "lang=zh&hide=PlatformConcept&hide=Region")
    assert seen(browser) == 0
    assert browser.evaluate("document.getElementById('nothing').offsetHeight") > 0
    assert "隐藏" in browser.text("#nothing")


def test_hidden_neighbours_stay_in_the_list(browser: Browser, page: Path) -> None:
    """What is hidden in the picture is told as evidence all the same, with a word of it."""
    browser.open(page, f"lang=zh&node={CONCEPT}&hide=Region&hide=PlatformConcept")
    assert set(neighbours(browser)) == NINE
    assert "图中已隐藏" in browser.text("#side .group h3")
    assert seen(browser) == 1


def test_weak_links_can_be_left_out(browser: Browser, pages: Callable[[str], Path]) -> None:
    """A slider hides the links of little weight."""
    browser.open(pages("region-region"), "lang=zh")
    every = seen(browser, "edge")
    browser.click("#lines summary")
    browser.evaluate("document.getElementById('least').focus()")
    browser.press("ArrowRight", "ArrowRight")
    assert "least=3" in browser.evaluate("location.hash")
    assert 0 < seen(browser, "edge") < every


def test_links_of_one_sort_can_be_hidden(browser: Browser, page: Path) -> None:
    """The forms in which a region states a concept can be left out one by one."""
    browser.open(page, "lang=zh")
    browser.click("#lines summary")
    browser.click("[id='without-仅提及']")
    assert 0 < seen(browser, "edge") < 448


def test_an_address_opens_the_same_again(browser: Browser, page: Path) -> None:
    """Node, filters and language are in the address; opened anew, the page is as it was."""
    browser.open(page, "lang=zh")
    choose(browser, "一网通办")
    browser.click("[id='hide-Region']")
    browser.click("#language")
    look = f"""[document.getElementById("side").textContent, document.title, location.hash,
        {PICTURE}.nodes(":visible").map((n) => n.id())]"""
    before = browser.evaluate(look)
    browser.open(page, before[2].lstrip("#"))
    assert browser.evaluate(look) == before
    assert before[2] == f"#lang=en&node={CONCEPT}&hide=Region"


def test_an_address_of_elsewhere_does_no_harm(browser: Browser, page: Path) -> None:
    """A node that is not there is told; languages and kinds that are not there are passed over."""
    bad = quote("<img src=x onerror=alert(1)>")
    browser.open(page, f"lang=xx&node={bad}&hide=Nothing&least=-7&only=x")
    assert "<img src=x onerror=alert(1)>" in browser.text("#side .empty")
    assert seen(browser) == 302


def test_the_back_button_leads_to_the_node_before(browser: Browser, page: Path) -> None:
    """Each node that is chosen is a step; back leads to the one before, then to the beginning."""
    browser.open(page, "lang=zh")
    choose(browser, "一网通办")
    browser.click("#side .entries h4 a")
    region = browser.text("#side-title")
    browser.do("back")
    assert (region in NINE, browser.text("#side-title")) == (True, "一网通办")
    browser.do("back")
    assert browser.text("#side-title") == "从这里看起"


def test_the_language_changes_and_the_node_stays(browser: Browser, page: Path) -> None:
    """The switch turns every text but the sentences, which stay Chinese and say so."""
    browser.open(page, f"lang=zh&node={CONCEPT}")
    quotes = browser.texts("blockquote > p")
    browser.click("#language")
    assert browser.evaluate("document.documentElement.lang") == "en"
    assert browser.text("#side-title").startswith("Unified online government services")
    assert "Shanghai" in neighbours(browser)
    assert "Platform concept" in browser.text("#kinds .choices")
    assert set(browser.texts("blockquote > p")) == set(quotes)
    assert browser.evaluate("document.querySelector('blockquote > p').lang") == "zh-CN"


# --- for everybody ------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_assistive_technology_finds_its_way(
    language: str, size: tuple[int, int], browser: Browser, page: Path
) -> None:
    """Axe finds nothing serious or critical: at first, at a node, with hits, with all unfolded."""
    found = []
    for node in ("", f"&node={CONCEPT}", "&node=kgr:hunan"):
        browser.open(page, f"lang={language}{node}", size)
        browser.evaluate("document.querySelectorAll('details').forEach((e) => (e.open = true))")
        found += browser.do("violations")
    browser.open(page, f"lang={language}", size)
    browser.click("#query")
    browser.type("数据")
    found += browser.do("violations")
    assert [it for it in found if it["impact"] in {"serious", "critical"}] == []


@pytest.mark.parametrize(("name", "language"), SPOKEN)
def test_a_phone_needs_no_scrolling_sideways(
    name: str, language: str, browser: Browser, pages: Callable[[str], Path]
) -> None:
    """On 390 pixels nothing stands out at the side, and the picture has half of the screen."""
    browser.open(pages(name), f"lang={language}", NARROW)
    browser.evaluate("document.querySelectorAll('details').forEach((e) => (e.open = true))")
    width, height = browser.evaluate(
        "[document.documentElement.scrollWidth, document.getElementById('network').clientHeight]"
    )
    assert (width, height > 400) == (NARROW[0], True)


def test_a_keyboard_is_enough(browser: Browser, page: Path) -> None:
    """Search, hits, neighbours, filters and picture work without a pointer."""
    browser.open(page, "lang=zh")
    focused = "document.activeElement.id || document.activeElement.textContent"
    reached: list[str] = []
    while "query" not in reached and len(reached) < 20:
        browser.press("Tab")
        reached.append(browser.evaluate(focused))
    assert reached[0] == "skip"
    browser.type("一网通办")
    browser.press("ArrowDown")
    assert browser.evaluate(focused) == "一网通办"
    browser.press("Enter")
    assert browser.evaluate(focused) == "side-title"
    browser.press("Tab", "Tab")
    assert browser.evaluate(focused) in NINE
    browser.press("Enter")
    assert browser.text("#side-title") in NINE
    browser.press("Escape")
    assert browser.text("#side-title") == "从这里看起"


def test_the_picture_obeys_the_keyboard(browser: Browser, page: Path) -> None:
    """Plus and minus zoom, arrows move, 0 shows everything again."""
    browser.open(page, "lang=zh")
    view = f"[{PICTURE}.zoom(), {PICTURE}.pan().x, {PICTURE}.pan().y]"
    start = browser.evaluate(view)
    browser.evaluate("document.getElementById('network').focus()")
    browser.press("+")
    assert browser.evaluate(view)[0] > start[0]
    browser.press("-", "ArrowLeft")
    moved = browser.evaluate(view)
    assert (moved[0], moved[1]) == pytest.approx((start[0], start[1] + 60))
    browser.press("0")
    assert browser.evaluate(view) == pytest.approx(start)


def test_nothing_moves_for_who_wants_no_movement(browser: Browser, page: Path) -> None:
    """The picture glides to what is chosen, or stands there at once."""
    moving = []
    for still in (True, False):
        browser.open(page, "lang=zh", still=still)
        browser.evaluate(f"{PICTURE}.animate = () => (window.moved = true)")
        choose(browser, "一网通办")
        moving.append(browser.evaluate("window.moved ?? false"))
    assert moving == [False, True]
