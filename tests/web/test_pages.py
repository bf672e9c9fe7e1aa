"""Pages: the start, the questions, a question with its answer, the editor, errors."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from graph_fixtures import ROOT, open_engine, real_project, run_python, toy_project
from page_reader import Page

from kg.catalogue import Catalogue
from kg.errors import QueryError
from kg.web.html import pages, things
from kg.web.html.layout import LANGUAGES, TITLES, Place, error_page
from kg.web.html.pages import Site, description_of

if TYPE_CHECKING:
    from collections.abc import Iterator

EVERY: Final = list(Catalogue(ROOT / "queries"))
SHARING: Final = "regions-sharing-concept"
URL: Final = "https://example.org/dgkg"

PATHS: Final = re.compile(
    r"/dgkg(?:/|/queries(?:/[a-z-]+(?:\.(?:csv|tsv|json))?)?|/sparql|/openapi\.json"
    r"|/ontology\.(?:html|ttl|jsonld)|/id/[a-z]+(?:/[a-z0-9.-]+\.[a-z]+)?|/data/dataset\.nq"
    r"|/graph/[a-z0-9/-]+\.[a-z]+|/\.well-known/(?:void|sparql-examples))"
)
"""Paths that the service has."""


def place(path: str, language: str = "zh", *params: tuple[str, str]) -> Place:
    """Give where a page stands."""
    return Place(path, language, params, URL)


def ask(site: Site, name: str, language: str = "zh", *params: tuple[str, str]) -> tuple[int, Page]:
    """Give the status and the page of a question, whose form holds to what pages hold to."""
    status, text = pages.question(site, place(f"/queries/{name}", language, *params), name)
    page = Page(text)
    assert page.faults == []
    return status, page


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Give the toy, with all questions of the repository."""
    with open_engine(toy_project(tmp_path_factory)) as graph:
        yield pages.prepare(graph)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Give the real graph."""
    with open_engine(real_project(tmp_path_factory)) as graph:
        graph.hold()
        yield pages.prepare(graph)


# --- every page ---------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("question", EVERY)
def test_every_question_has_a_page(toy: Site, question: str, language: str) -> None:
    """It has a row for each of the answer's, one heading, labels, and no dead link."""
    status, page = ask(toy, question, language)
    rows = toy.graph.ask(question)
    assert status == 200
    assert len(page.table if rows else []) == min(len(rows), 1000)
    assert page.one("html").attributes["lang"] == {"zh": "zh-Hans", "en": "en"}[language]
    told = {urlsplit(link).path for link in page.links if not link.startswith("#")}
    assert [path for path in told if not PATHS.fullmatch(unquote(path))] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_other_pages_are_whole(toy: Site, language: str) -> None:
    """The start, the list, the editor, the vocabulary, lists of things, graphs, errors."""
    graph = "https://w3id.org/dgkg/graph/source/toy-review"
    texts = [
        pages.start(toy, place("/", language)),
        pages.questions(toy, place("/queries", language)),
        pages.editor(toy, place("/sparql", language)),
        things.page(toy, place("/ontology.html", language), "https://w3id.org/dgkg/ontology"),
        things.page(toy, place("/graph/source/toy-review.html", language), graph),
        *(
            things.listing(toy, place(f"/id/{kind}", language), kind)
            for kind in ("region", "claim")
        ),
        *(error_page(status, "错", "wrong", language, public_url=URL) for status in TITLES),
    ]
    for page in map(Page, texts):
        assert page.faults == []
        told = {urlsplit(link).path for link in page.links if not link.startswith("#")}
        assert [path for path in told if not PATHS.fullmatch(path)] == []


def test_links_keep_to_the_language_and_to_the_service(toy: Site) -> None:
    """Pages are linked in their language below the service's own path; one leads to the other."""
    params = (("concept", "一网通办"), ("lang", "en"))
    page = Page(pages.question(toy, place(f"/queries/{SHARING}", "en", *params), SHARING)[1])
    (other,) = (node for node in page.all("a") if node.attributes.get("hreflang") == "zh-Hans")
    parts = urlsplit(other.attributes["href"])
    assert parts.path == f"/dgkg/queries/{SHARING}"
    assert parse_qsl(parts.query) == [("concept", "一网通办"), ("lang", "zh")]
    inner = [link for link in page.links if re.search(r"\.html|/queries/[^.]*\?", link)]
    inner.remove(other.attributes["href"])
    assert {dict(parse_qsl(urlsplit(link).query))["lang"] for link in inner} == {"en"}


# --- start and list -----------------------------------------------------------------------------


def test_the_start_tells_what_was_read(real: Site) -> None:
    """Figures are those of the graph; a region that was not read is drawn apart, and says so."""
    page = Page(pages.start(real, place("/")))
    read = {
        row["regionLabel"]
        for row in real.graph.ask("coverage-by-region")
        if row["reading"] == "text"
    }
    figures = [node.text for node in page.all("dd")]
    unread = page.of_class("unread")
    assert figures[0] == f"{len(read)} / 34"
    assert len([node for node in unread if node.name == "a"]) == 34 - len(read)
    assert all("没有读到文本" in node.text for node in unread if node.name == "a")
    assert real.graph.release is not None
    assert f"发布版 {real.graph.release.id}" in page.text


def test_the_list_has_every_question_and_every_gap(toy: Site) -> None:
    """By subject in the order of the catalogue; what no query answers stands at the end."""
    page = Page(pages.questions(toy, place("/queries", "en")))
    listed = [link for link in page.links if re.search(r"/queries/[a-z]", link)]
    assert [urlsplit(link).path.rpartition("/")[2] for link in listed] == list(toy.queries)
    gaps = [item.question.en for item in toy.competency if not item.answered_by]
    assert [node.text for node in page.of_class("gaps")[0].all("li")] == gaps != []


def test_questions_for_programs_are_counted_and_listed_apart(toy: Site) -> None:
    """On the start page and above the list; behind all others they say what they feed."""
    feeding = [query.id for query in toy.queries.values() if query.subject == "exports"]
    own = len(toy.queries) - len(feeding)
    counted = f"{own} questions, and {len(feeding)} that feed kg export"
    told = Page(pages.start(toy, place("/", "en")))
    assert counted in [node.text for node in told.all("h2")]
    page = Page(pages.questions(toy, place("/queries", "en")))
    assert counted in page.one("h1").text
    last = list(page.all("section"))[-1]
    assert [urlsplit(node.attributes["href"]).path[14:] for node in last.all("a")] == feeding != []
    assert "These feed kg export" in last.text
    assert f"另有 {len(feeding)} 个供 kg export" in pages.start(toy, place("/"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_editor_begins_with_the_query_of_its_address(toy: Site, language: str) -> None:
    """Else with a first one; and has a hint at hand for an answer without rows."""
    query = 'SELECT * { ?s ?p "</textarea><script>" }'
    page = Page(pages.editor(toy, place("/sparql", language, ("query", query))))
    assert (page.faults, page.one("textarea").text) == ([], query)
    plain = Page(pages.editor(toy, place("/sparql", language)))
    assert plain.one("textarea").text.startswith("PREFIX kg:")
    (hint,) = [node for node in plain.all("p") if node.attributes.get("id") == "empty"]
    assert "hidden" in hint.attributes
    assert any("/ontology.html" in link.attributes["href"] for link in hint.all("a"))


# --- a question ---------------------------------------------------------------------------------


def test_quotes_are_marked_and_lines_lead_to_statements(real: Site) -> None:
    """Each quote stands out in its sentence, each line leads to what rests on it."""
    _, page = ask(real, "targets-due")
    rows = list(real.graph.ask("targets-due"))
    marks = [node.text for node in page.all("mark")]
    assert marks == [r["quote"] for r in rows if r["quote"] in r["sentence"] != r["quote"]]
    lines = [row.of_class("num")[-1].one("a") for row in page.one("tbody").all("tr")]
    keys = [row["statement"].partition(":")[2] for row in rows]
    assert [node.text for node in lines] == [row["line"] for row in rows]
    assert [urlsplit(node.attributes["href"]).path for node in lines] == [
        f"/dgkg/id/claim/{key}.html" for key in keys
    ]


def test_what_was_not_read_stands_above_the_table(real: Site) -> None:
    """A reader meets the note before the rows."""
    _, page = ask(real, SHARING, "en")
    (note,) = page.of_class("notes")
    order = [node for node in page.all() if node is note or node.name == "table"]
    assert order[0] is note
    assert "No text was read of" in note.text
    assert "default: " not in note.text


def test_states_are_drawn_apart(real: Site) -> None:
    """Stated, not in the text, not read: a class each."""
    _, page = ask(real, "regions-lacking-concept")
    words = {"stated": "说到", "not-in-text": "所读文本未提", "not-read": "未读到"}
    for state, word in words.items():
        assert {node.text for node in page.of_class(state)} == {word}


def test_an_empty_answer_explains_itself(real: Site) -> None:
    """It says what no row means, and leads back."""
    status, page = ask(real, "targets-due", "en", ("by", "2019"), ("region", "湖北"))
    (told,) = page.of_class("empty")
    assert status == 200
    assert "it does not say how things are" in told.text
    assert list(page.all("table")) == []
    assert urlsplit(told.one("a").attributes["href"]).path == "/dgkg/queries/targets-due"


def test_a_long_answer_is_cut_in_the_page_only(real: Site) -> None:
    """The page says so and leads to the files, which hold all."""
    _, page = ask(real, "concept-matrix", "en", ("min_regions", "2"))
    assert len(page.table) == 1000
    assert "Only the first 1000 rows stand here" in page.text
    csv = next(link for link in page.links if ".csv" in link)
    assert parse_qsl(urlsplit(csv).query) == [("min_regions", "2")]


def test_files_calls_and_citation_ask_the_same(real: Site) -> None:
    """CSV, TSV, JSON, kg, curl, Python, R, SPARQL and the citation hold the parameters."""
    given = (("by", "2022"), ("region", "湖北"), ("lang", "en"))
    _, page = ask(real, "targets-due", "en", *given)
    files = [link for link in page.links if re.search(r"\.(csv|tsv|json)\?", link)]
    assert [parse_qsl(urlsplit(link).query) for link in files] == [list(given[:2])] * 3
    calls = [node.text for node in page.all("code")]
    assert "kg ask targets-due -p by=2022 -p 'region=湖北'" in calls
    for words in (
        f"curl -G {URL}/queries/targets-due.csv",
        f'kg.open(engine="{URL}/sparql")',
        'graph.ask("targets-due", by="2022", region="湖北")',
        f'read.csv("{URL}/queries/targets-due.csv?by=2022&region=%E6%B9%96%E5%8C%97"',
        "VALUES ?region { <https://w3id.org/dgkg/id/region/hubei> }",
        "(by=2022; region=湖北)",
    ):
        assert any(words in call for call in calls), words
    assert any("[YYYY-MM-DD]" in call for call in calls)


def test_a_query_opens_in_the_editor(real: Site) -> None:
    """The link holds the whole query, which no sign of it cuts short."""
    _, page = ask(real, "targets-due")
    (link,) = (link for link in page.links if "#query=" in link)
    assert unquote(link.partition("#query=")[2]) == real.graph.ask("targets-due").sparql
    assert re.fullmatch(r"[\w.%~-]+", link.partition("#query=")[2])


def test_a_page_is_the_same_text_each_time(real: Site) -> None:
    """Nothing in it depends on the day or on chance: one release, one page."""
    first, second = (pages.question(real, place(f"/queries/{SHARING}"), SHARING) for _ in range(2))
    assert first == second
    assert pages.start(real, place("/")) == pages.start(real, place("/"))


def test_a_description_is_told_in_one_language(toy: Site) -> None:
    """English and Chinese are told apart; names of columns are told by their heads."""
    for query in toy.queries.values():
        zh, en = ("".join(text for _, text in description_of(query, lang)) for lang in LANGUAGES)
        assert len(re.findall("[\u4e00-\u9fff]", zh)) > len(zh) / 3, query.id
        assert en.isascii() or len(re.findall("[\u4e00-\u9fff]", en)) < len(en) / 4, query.id
        assert not re.search("[。；]", en), query.id
    pieces = description_of(toy.queries["targets-due"], "en")
    assert (True, "Precision") in pieces


# --- what is wrong ------------------------------------------------------------------------------


def test_an_unknown_name_is_told_beside_its_field(real: Site) -> None:
    """In both languages, with near names that ask again; what was written stays."""
    status, page = ask(real, SHARING, "en", ("concept", "一网通辦"), ("narrower", "true"))
    fault = next(node for node in page.all() if node.attributes.get("id") == "p-concept-fault")
    box = next(node for node in page.all("input") if node.attributes["name"] == "concept")
    assert status == 404
    assert {node.attributes["lang"] for node in fault.all("p")} == {"zh-Hans", "en"}
    assert (box.attributes["value"], box.attributes["aria-invalid"]) == ("一网通辦", "true")
    links = {node.text: node.attributes["href"] for node in fault.all("a")}
    asked = parse_qsl(urlsplit(links["一网通办"]).query)
    assert asked == [("narrower", "true"), ("concept", "一网通办"), ("lang", "en")]
    assert ask(real, SHARING, "en", *asked)[0] == 200


def test_an_ambiguous_name_offers_its_meanings(real: Site) -> None:
    """Each leads to one thing."""
    status, page = ask(real, SHARING, "zh", ("concept", "五个一"))
    (fault,) = page.of_class("fault")
    asked = [parse_qsl(urlsplit(node.attributes["href"]).query) for node in fault.all("a")]
    assert status == 404
    assert len(asked) > 1
    assert {ask(real, SHARING, "zh", *params)[0] for params in asked} == {200}


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ([("by", "soon")], "2022-08-31"),
        ([("region", "湖北"), ("region", "上海")], "takes one value"),
        ([("by", "soon"), ("region", "nowhere")], "nothing is called"),
        ([("reigon", "湖北")], "did you mean region?"),
    ],
)
def test_a_malformed_value_is_told(real: Site, params: list[tuple[str, str]], words: str) -> None:
    """Every fault at once, each beside its field, or above the form where it has none."""
    status, page = ask(real, "targets-due", "en", *params)
    faults = page.of_class("fault")
    assert status in {400, 404}
    assert words in " ".join(node.text for node in faults)
    assert len(faults) == len({name for name, _ in params})
    assert list(page.all("table")) == []


def test_an_unknown_question_is_an_error(real: Site) -> None:
    """The nearest is named."""
    with pytest.raises(QueryError, match="did you mean targets-due"):
        pages.question(real, place("/queries/target-due"), "target-due")


def test_an_error_page_offers_what_may_have_been_meant() -> None:
    """Names with their paths, in the language of the page."""
    near = [("五个一（广西）", "/id/concept/wu-ge-yi-guangxi")]
    page = Page(error_page(404, "没有\n这一页", "no <such> page", "en", near=near))
    assert page.faults == []
    assert "no <such> page" in page.one("main").text
    assert "/id/concept/wu-ge-yi-guangxi?lang=en" in page.links


# --- the editor ---------------------------------------------------------------------------------


def test_the_editor_knows_our_terms(real: Site) -> None:
    """Prefixes, classes and properties stand in the page, which loads nothing from elsewhere."""
    page = Page(pages.editor(real, place("/sparql", "en")))
    assert page.one("form").attributes["action"] == "/dgkg/sparql"
    if not real.has_editor:
        assert "make web" in page.text
        return
    told = json.loads(next(node.text for node in page.all("script") if "type" in node.attributes))
    assert told["endpoint"] == "/dgkg/sparql"
    assert ["https://w3id.org/dgkg/ontology#latest", "latest"] in told["properties"]
    assert ["https://w3id.org/dgkg/ontology#Target", "Target"] in told["classes"]
    options = [node.attributes["value"] for node in page.one("main").all("option")]
    assert set(real.queries) <= set(options)


# --- the worker ---------------------------------------------------------------------------------

SHUT_IN: Final = """
import os, resource, sys
from pathlib import Path
import pyoxigraph as ox
from kg.engines.oxigraph import OxigraphEngine
from kg.errors import KgError
from kg.graph import KnowledgeGraph
from kg.project import Project
from kg.release import current
from kg.web.html import pages, things
from kg.web.html.layout import Place, error_page
release = current(Path(sys.argv[2]))
engine = OxigraphEngine()
engine.store = ox.Store()
engine.store.bulk_load(path=str(release.dataset), format=ox.RdfFormat.N_QUADS)
graph = KnowledgeGraph(Project(Path(sys.argv[1]), Path(sys.argv[2])), release, engine)
graph.hold()
site = pages.prepare(graph)
resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
for lang in ("zh", "en"):
    for name in site.queries:
        assert pages.question(site, Place(f"/queries/{name}", lang), name)[0] == 200
    bad = Place("/queries/targets-due", lang, (("by", "soon"), ("region", "nowhere")))
    assert pages.question(site, bad, "targets-due")[0] == 400
    for page in (pages.start, pages.questions, pages.editor):
        page(site, Place("/", lang))
    for iri in ("id/region/guangxi", "id/concept/yi-wang-tong-ban", "ontology"):
        things.page(site, Place("/", lang), "https://w3id.org/dgkg/" + iri)
    things.listing(site, Place("/", lang), "concept")
    error_page(404, "没有", "none", lang)
print("whole")
"""


def test_pages_need_no_file(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A process that can open nothing more gives every page."""
    project = toy_project(tmp_path_factory)
    done = run_python(SHUT_IN, str(ROOT), str(project.build))
    assert done.stdout.decode() == "whole\n", done.stderr.decode()


def test_an_error_page_needs_no_store() -> None:
    """The service's parent, which has none, can tell its own errors."""
    code = (
        "import sys; from kg.web.html.layout import error_page, load; load()\n"
        "error_page(503, '忙', 'busy', 'zh')\n"
        "print(sorted({'pyoxigraph', 'rdflib', 'networkx'} & sys.modules.keys()))"
    )
    done = run_python(code)
    assert done.stdout.decode() == "[]\n", done.stderr.decode()
