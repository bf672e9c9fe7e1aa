"""Pages of things: facts, statements with their quotes, links, and what was not read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

import pytest
from graph_fixtures import (
    open_engine,
    real_project,
    small_nquads,
    small_project,
    toy_project,
)
from page_reader import Page

from kg.errors import NamingError
from kg.names import PREFIXES, expand
from kg.release import write_release
from kg.web.html import pages, things
from kg.web.html.cells import marked, page_path, web_address
from kg.web.html.layout import LANGUAGES, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.web.html.pages import Site

HOSTILE: Final = '</td><script>alert("随")</script>\n\u202ex'
"""A label that a page must not run, reorder or break at."""

KINDS: Final = ("region", "concept", "platform", "initiative", "source", "gap", "claim")


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Give the toy, with all questions of the repository."""
    with open_engine(toy_project(tmp_path_factory)) as graph:
        yield pages.prepare(graph)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Give the real graph."""
    with open_engine(real_project(tmp_path_factory)) as graph:
        yield pages.prepare(graph)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Give the small graph with hostile labels, and a link that would run a script."""
    project = small_project(tmp_path_factory.mktemp("hostile"))
    label = json.dumps(HOSTILE)[1:-1]
    nquads = small_nquads().decode()
    for name in ("“随申办”", "一网通办", "一网通办理", "陕西", "上海", "上线“随申办”"):
        nquads = nquads.replace(f'"{name}"@zh', f'"{name}{label}"@zh')
    nquads += (
        f"<{PREFIXES['kgr']}shanghai> <{PREFIXES['skos']}exactMatch> "
        "<javascript:alert(1)> <https://w3id.org/dgkg/graph/reference> .\n"
    )
    lines = sorted(nquads.encode().splitlines(keepends=True))
    write_release(project.build, b"".join(lines), {})
    with open_engine(project) as graph:
        yield pages.prepare(graph)


def show(site: Site, name: str, language: str = "zh") -> Page:
    """Give the page of a thing, which is whole."""
    iri = expand(name)
    page = Page(things.page(site, Place(page_path(iri), language), iri))
    assert page.faults == []
    return page


def iri_at(path: str) -> str:
    """Give the IRI that a page's path tells of."""
    return f"https://w3id.org/dgkg{unquote(path).removesuffix('.html')}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_thing_has_a_page(toy: Site, kind: str, language: str) -> None:
    """The list leads to all of a kind, each page to its data, and nowhere outside the graph."""
    try:
        listed = Page(things.listing(toy, Place(f"/id/{kind}", language), kind))
    except NamingError:
        assert kind == "gap"
        return
    paths = {urlsplit(node.attributes["href"]).path for node in listed.one("main").all("a")}
    assert listed.faults == []
    assert len(paths) > 0
    for path in sorted(paths):
        page = show(toy, iri_at(path), language)
        (files,) = page.of_class("files")
        told = [node.attributes["href"] for node in files.all("a")]
        stem = path.removesuffix("html")
        assert told == [f"{stem}{suffix}" for suffix in ("ttl", "jsonld", "nt", "json")]


def test_every_link_between_things_leads_to_one(toy: Site) -> None:
    """What pages of things link to has a page too."""
    rows = toy.graph.table(
        toy.graph.with_prefixes("SELECT DISTINCT ?s { ?s ?p ?o FILTER(ISIRI(?s)) }")
    ).records()
    held = {page_path(expand(row["s"])).partition("#")[0] for row in rows}
    for kind in ("region", "concept", "claim"):
        listed = Page(things.listing(toy, Place(f"/id/{kind}"), kind))
        for link in [link for link in listed.links if link.startswith(f"/id/{kind}/")]:
            page = show(toy, iri_at(urlsplit(link).path))
            paths = {urlsplit(to).path for to in page.links if to.startswith("/id/")}
            assert {path for path in paths if path.endswith(".html")} <= held


def test_a_claim_has_its_words_marked_where_they_stand(real: Site) -> None:
    """Evidence and context stand in their sentences, with line and source."""
    page = show(real, "kgcl:fujian-digital-economy-growth")
    figures = page.of_class("quote")
    assert [node.one("mark").text for node in figures] == ["年均增长15%以上", "全省数字经济增加值"]
    assert all("第 127 行" in node.text for node in figures)
    assert "15% 全省数字经济增加值年均增长率" in page.text
    assert "2022-12-31" in page.text


def test_a_concept_has_the_statements_that_name_it(real: Site) -> None:
    """By kind, with region, sentence and line; and the questions that can be asked of it."""
    page = show(real, "kgc:yi-wang-tong-ban", "en")
    rows = [row for table in page.all("tbody") for row in table.all("tr")]
    assert len(rows) > 10
    assert all(row.of_class("sentence")[0].text for row in rows)
    assert any("Guangdong" in row.text for row in rows)
    asked = next(link for link in page.links if "/queries/regions-sharing-concept" in link)
    assert "concept=kgc%3Ayi-wang-tong-ban" in asked
    assert "One-stop online service" in page.text


def test_a_region_that_was_not_read_says_so(real: Site) -> None:
    """Of one that was read, there is no such note."""
    (note,) = show(real, "kgr:chongqing", "en").of_class("notes")
    assert "no text on this region was read" in note.text.lower()
    assert show(real, "kgr:shanghai", "en").of_class("notes") == []


def test_a_region_of_which_only_the_heading_was_read_says_so(real: Site) -> None:
    """It has claims all the same, which rest on the heading."""
    page = show(real, "kgr:hunan", "en")
    (note,) = page.of_class("notes")
    assert "only the heading could be read" in note.text
    assert "只读到标题" in show(real, "kgr:hunan").of_class("notes")[0].text
    assert len(page.of_class("sentence")) > 0


def test_lines_lead_to_statements(real: Site) -> None:
    """As those of the answers to questions do."""
    page = show(real, "kgr:shanghai")
    rows = [row for table in page.all("tbody") for row in table.all("tr")]
    lines = [link for row in rows for link in row.of_class("num")[-1].all("a")]
    assert len(lines) == len(rows) > 0
    assert all("/id/claim/" in link.attributes["href"] for link in lines)


def test_regions_stand_by_code_provinces_apart_from_groups(real: Site) -> None:
    """And of which no text was read is marked, as on the start page."""
    page = Page(things.listing(real, Place("/id/region", "en"), "region"))
    names = [link.text for link in page.one("main").all("a")]
    assert names[:4] == ["China", "Beijing", "Tianjin", "Hebei"]
    assert names.index("Macao") < names.index("Yangtze River Delta")
    assert page.one("h1").text == "Region 44"
    items = [node for node in page.one("main").all("li") if not list(node.all("ul"))]
    unread = [next(node.all("a")).text for node in items if node.of_class("not-read")]
    start = Page(pages.start(real, Place("/", "en")))
    marked_ = [node for node in start.of_class("unread") if node.name == "a"]
    assert unread == [next(node.all("bdi")).text for node in marked_] != []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_kinds_are_listed(real: Site, language: str) -> None:
    """Each leads to its list, with how many there are."""
    page = Page(things.kinds(real, Place("/id", language)))
    assert page.faults == []
    for link in page.one("main").all("a"):
        kind = urlsplit(link.attributes["href"]).path.removeprefix("/id/")
        listed = Page(things.listing(real, Place(f"/id/{kind}", language), kind))
        assert listed.one("h1").text == link.text
    assert len(list(page.one("main").all("a"))) == len(KINDS)


def test_the_vocabulary_has_a_place_for_each_term(real: Site) -> None:
    """A link to a term finds it: each has its own anchor."""
    page = show(real, "https://w3id.org/dgkg/ontology", "en")
    anchors = {node.attributes.get("id") for node in page.all("tr")}
    assert {"Target", "latest", "list-theme", "theme-data", "form-initiative"} <= anchors
    links = show(real, "kgcl:fujian-digital-economy-growth").links
    told = {link.partition("#")[2] for link in links if "/ontology" in link and "#" in link}
    assert told <= anchors
    assert "strength-binding" in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_in_the_data_is_markup(hostile: Site, language: str) -> None:
    """Labels in every place of every page are texts, and can be read in one direction."""
    name = f"一网通办理{HOSTILE}"
    texts = [
        things.page(hostile, Place("/", language), expand(thing))
        for thing in (
            "kgr:shanghai",
            "kgp:sui-shen-ban",
            "kgc:yi-wang-tong-ban",
            "kgcl:shanghai-one",
        )
    ]
    texts += [things.listing(hostile, Place("/", language), kind) for kind in KINDS[:3]]
    texts += [pages.start(hostile, Place("/", language))]
    for params in (("concept", name), ("concept", HOSTILE), (HOSTILE, HOSTILE)):
        here = Place(f"/queries/{HOSTILE}", language, (params,))
        texts.append(pages.question(hostile, here, "platforms-of-concept")[1])
    for text in texts:
        page = Page(text)
        assert page.faults == []
        assert "\u202e" not in text
        assert not any(node.name == "script" for node in page.all())
    assert any('<script>alert("随")</script>' in Page(text).text for text in texts)
    assert any("javascript:alert(1)" in text for text in texts)


def test_what_the_graph_does_not_hold_has_no_page(real: Site) -> None:
    """Nor has what is no IRI of the dataset."""
    root = "https://w3id.org/dgkg/"
    for iri in ("id/region/nowhere", "graph/none", "id/region/a> ?p ?o } #", "id/region/上海"):
        with pytest.raises(NamingError):
            things.page(real, Place("/"), root + iri)
    with pytest.raises(NamingError):
        things.thing(real, Place("/"), "https://example.org/id/region/shanghai")
    with pytest.raises(NamingError):
        things.listing(real, Place("/id/nothing"), "nothing")


def test_a_quote_is_marked_where_it_stands() -> None:
    """By its place if that is known, else where it is first; never a place that is not its own."""
    assert marked("一网通一网", "一网", 3) == ("一网通", "一网", "")
    assert marked("一网通一网", "一网") == ("", "一网", "通一网")
    assert marked("一网通一网", "一网", 2) == ("", "一网", "通一网")
    assert marked("一网", "一网") is None
    assert marked("一网", "通") is None


@pytest.mark.parametrize(
    "text",
    ["javascript:alert(1)", "data:text/html,x", "//a.org", "http://", "https://a b", "ftp://a"],
)
def test_only_addresses_of_the_web_are_linked(text: str) -> None:
    """No script, no data, no half address."""
    assert web_address(text) == ""
