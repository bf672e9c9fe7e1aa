"""Forms of saved questions: what they offer is understood, what they send asks the same."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Final

import pytest
from graph_fixtures import ROOT, open_engine, real_project, toy_project
from page_reader import Page

from kg.catalogue import Catalogue
from kg.lookup import Scope
from kg.names import expand
from kg.web.html import pages
from kg.web.html.forms import Option, fields_of, given_by
from kg.web.html.layout import LANGUAGES, STATIC, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.queries import SavedQuery
    from kg.web.html.pages import Site

EVERY: Final = list(Catalogue(ROOT / "queries"))
VENDOR: Final = STATIC / "vendor"


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Give the toy, with all questions of the repository."""
    with open_engine(toy_project(tmp_path_factory)) as graph:
        graph.hold()
        yield pages.prepare(graph)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Give the real graph."""
    with open_engine(real_project(tmp_path_factory)) as graph:
        graph.hold()
        yield pages.prepare(graph)


def form(site: Site, name: str, *params: tuple[str, str], language: str = "zh") -> Page:
    """Give the page of a question."""
    here = Place(f"/queries/{name}", language, params)
    return Page(pages.question(site, here, name)[1])


@pytest.mark.parametrize("question", EVERY)
def test_a_form_sent_as_it_stands_asks_the_same(real: Site, question: str) -> None:
    """What a browser sends of a form that nobody has touched are the question's defaults."""
    query = real.queries[question]
    if not query.header.params:
        return
    language = LANGUAGES[len(question) % 2]
    sent = given_by(form(real, question, language=language).submitted())
    assert real.graph.bind(query, sent)[0] == defaults(query)


def defaults(query: SavedQuery) -> dict[str, list[str]]:
    """Give the terms of the parameters that have a default."""
    return {
        name: [f"<{expand(value)}>" for value in parameter.default.split()]
        if parameter.class_
        else [query.term(name, parameter.default)]
        for name, parameter in query.header.params.items()
        if parameter.default
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("question", EVERY)
def test_the_examples_of_a_form_are_understood(real: Site, question: str, language: str) -> None:
    """What a reader would give comes back in the form, in either language, and means the same."""
    query = real.queries[question]
    given = {name: [parameter.example] for name, parameter in query.header.params.items()}
    fields = fields_of(query, given, {}, real.names, Place("/", language))
    shown = {field.name: list(field.values) for field in fields}
    assert real.graph.bind(query, shown)[0] == real.graph.bind(query, given)[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_name_that_is_offered_means_its_thing(toy: Site, real: Site, language: str) -> None:
    """No name that several things bear, or that is another's key, is offered."""
    for site, step in ((toy, 1), (real, 9)):
        for key, names in site.names.items():
            scope = Scope(("kg:Value",), key) if names.scheme else Scope((key,))
            for iri in list(names.labels)[::step]:
                assert site.graph.resolve(names.best(iri, language), scope).iri == iri


def test_a_name_of_several_things_is_not_offered(real: Site) -> None:
    """The code is, beside the label that a reader looks for."""
    options = real.names["kg:PlatformConcept"].options("zh")
    alike = next(option.label for option in options if option.value != option.label)
    codes = [option.value for option in options if option.label == alike]
    assert codes
    assert all(code.startswith("kgc:") for code in codes)
    assert len({option.value for option in options}) == len(options)


def test_things_are_offered_and_lists_are_chosen_from(real: Site) -> None:
    """A field that names a thing offers names; a closed list and a switch are chosen from."""
    page = form(real, "targets-quantified", ("theme", "数字经济"), language="en")
    theme, region = page.one("select"), page.one("datalist")
    chosen = [node for node in theme.all("option") if "selected" in node.attributes]
    assert [(node.attributes["value"], node.text) for node in chosen] == [("economy", "economy")]
    assert next(theme.all("option")).attributes["value"] == ""
    assert "Shanghai" in {node.attributes["value"] for node in region.all("option")}
    boxes = {node.attributes.get("name"): node for node in page.all("input")}
    assert boxes["region"].attributes["list"] == region.attributes["id"]


def test_several_values_have_a_field_each(real: Site) -> None:
    """Filled ones, and two that are empty for more."""
    params = [("sharing", "数据共享"), ("sharing", "数据要素")]
    page = form(real, "data-opening-with-security", *params)
    told = [value for name, value in page.submitted() if name == "sharing"]
    assert told == ["数据共享", "数据要素", "", ""]
    fieldset = next(page.all("fieldset"))
    assert fieldset.one("legend").text in page.one("caption").text


def test_a_name_is_told_in_the_language_of_the_page(real: Site) -> None:
    """So that a page and its twin in the other language ask the same."""
    page = form(real, "targets-due", ("region", "湖北"), ("by", "2022"), language="en")
    assert ("region", "Hubei") in page.submitted()
    assert "Region: Hubei" in page.one("caption").text


def test_an_option_for_which_there_are_too_many_names_is_a_plain_field(real: Site) -> None:
    """Some hundreds of names are offered at the most."""
    query = real.queries["regions-sharing-concept"]
    place = Place("/")
    names = {**real.names, "kg:PlatformConcept": real.names["kg:PlatformConcept"]}
    many = tuple(Option(str(at), str(at)) for at in range(401))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(names["kg:PlatformConcept"]), "options", lambda *_: many)
        (field, *_) = fields_of(query, {}, {}, names, place)
    assert field.options == ()


def test_empty_values_and_those_of_the_service_give_nothing() -> None:
    """A form sends its empty fields too."""
    params = [("by", " "), ("lang", "en"), ("format", "html"), ("region", "上海"), ("region", "")]
    assert given_by(params) == {"region": ["上海"]}


# --- files --------------------------------------------------------------------------------------


def test_our_files_reach_nowhere() -> None:
    """Style and script of our own name no other host."""
    for name in ("style.css", "sparql.css", "sparql.js"):
        assert not re.search(r"https?:|url\(|@import", (STATIC / name).read_text(encoding="utf-8"))


def test_what_scrolls_is_the_page() -> None:
    """On a narrow screen, and in the vocabulary, no table has a height of its own."""
    style = (STATIC / "style.css").read_text(encoding="utf-8")
    narrow = style.partition("@media (max-width: 40rem)")[2].partition("@media print")[0]
    assert ".scroll { max-height: none; }" in narrow
    assert ".scroll.whole { max-height: none; }" in style
    page = (STATIC.parent / "templates" / "ontology.html").read_text(encoding="utf-8")
    assert page.count('class="scroll') == page.count('class="scroll whole"') == 1


def test_the_editor_keeps_its_buttons_off_the_query() -> None:
    """They have a strip of their own, the run button a word, and a wide result scrolls alone."""
    style, script = (
        (STATIC / name).read_text(encoding="utf-8") for name in ("sparql.css", "sparql.js")
    )
    (strip,) = re.findall(r"\.CodeMirror \{ padding-top: ([\d.]+)rem;", style)
    assert f"height: {strip}rem" in style
    assert "#editor .yasr_results { overflow-x: auto; }" in style
    assert "content: attr(data-word)" in style
    assert "dataset.word = settings.texts.run" in script


def test_browser_libraries_are_locked_and_run_nothing() -> None:
    """Exact versions with checksums, and no script at installation but our own."""
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert package["private"] is True
    assert package["scripts"] == {"bundle": "node scripts/bundle.mjs"}
    for name, version in package["dependencies"].items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version)
        assert lock[f"node_modules/{name}"]["version"] == version
    assert all("integrity" in entry for path, entry in lock.items() if path)
    assert not any("resolved" in entry for entry in lock.values())


def test_bundled_files_are_those_of_the_manifest() -> None:
    """Each has the checksum and the version that is locked, and the licences of what it holds."""
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    files = json.loads((VENDOR / "MANIFEST.json").read_text(encoding="utf-8"))["files"]
    for told in files:
        body = (VENDOR / told["file"]).read_bytes()
        assert hashlib.sha256(body).hexdigest() == told["sha256"]
        assert lock[f"node_modules/{told['name']}"]["version"] == told["version"]
        licences = (VENDOR / told["licences"]).read_text(encoding="utf-8")
        for held in told.get("holds", []):
            assert f"\n{held['name']} {held['version']}: " in licences
    assert set(pages.EDITOR) <= {told["file"] for told in files}
