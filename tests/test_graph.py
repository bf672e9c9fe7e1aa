"""The graph as notebooks use it: opening, asking, prefixes, evidence, and the page on Python."""

from __future__ import annotations

import doctest
import inspect
import re
from typing import TYPE_CHECKING, Any, Final

import pytest
from graph_fixtures import ROOT, open_engine, small_nquads, small_project

import kg
from kg.errors import NamingError, QueryError, ReleaseError, UsageError
from kg.graph import KnowledgeGraph, open_graph
from kg.release import current, write_release

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytest_plugins = ["open_graphs"]

QUESTION: Final = "platforms-of-concept"
TARGET: Final = "https://w3id.org/dgkg/id/claim/fujian-digital-economy-growth"
FRAMEWORK: Final = "https://w3id.org/dgkg/id/claim/shanxi-five-ones"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    """Give the small graph."""
    with open_engine(small_project(tmp_path_factory.mktemp("graph"))) as graph:
        yield graph


def test_prefixes_stand_on_a_line_of_their_own(small: KnowledgeGraph) -> None:
    """The query begins on a new line, so that a parser's columns fit it."""
    query = "ASK { kgr:shanghai a kg:Region }"
    assert small.with_prefixes(query).split("\n")[1:] == [query]


@pytest.mark.parametrize(
    "query", ["ASK {} # kg:x", 'SELECT ("kg:x" AS ?a) {}', "PREFIX kg: <a:> ASK { ?s kg:x 1 }"]
)
def test_prefixes_that_are_not_used_are_not_declared(small: KnowledgeGraph, query: str) -> None:
    """Comments and texts use no prefix, and a declared one stays as it is."""
    assert small.with_prefixes(query) == query


def test_a_prefix_declared_in_a_comment_is_declared(small: KnowledgeGraph) -> None:
    """What a comment declares is not declared."""
    assert "\n" in small.with_prefixes("ASK { ?s a kg:X } # PREFIX kg: <a:>")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("# SELECT it's\nCONSTRUCT {} {}", True),
        ("PREFIX ask: <a:> DESCRIBE ask:x", True),
        ('SELECT ("CONSTRUCT" AS ?a) {}', False),
        ("PREFIX describe: <a:> ASK {}", False),
        ("", False),
    ],
)
def test_the_form_of_a_query(small: KnowledgeGraph, query: str, expected: bool) -> None:
    """Comments, texts and names do not tell the form of a query."""
    assert small.is_construct(query) is expected


@pytest.mark.parametrize(
    ("language", "value"),
    [
        ("zh", "15% 全省数字经济增加值年均增长率"),
        ("en", "15% Average annual growth of the value added of the province's digital economy"),
    ],
)
def test_a_quantity_is_told_in_words(real_graph: KnowledgeGraph, language: str, value: str) -> None:
    """A quantity of a claim is shown with value, unit and indicator."""
    rows = real_graph.describe(TARGET, language).records()
    assert value in [row["value"] for row in rows if "value" in row]


def test_parts_stand_in_their_order(real_graph: KnowledgeGraph) -> None:
    """The parts of a framework stand as the text counts them."""
    rows = list(real_graph.describe(FRAMEWORK).records())
    parts = [row["value"] for row in rows if row["property"] == "组成部分"]
    assert parts == ["一朵云", "一张网", "一平台", "一系统", "一城墙"]


@pytest.mark.parametrize("iri", ["", "上海", "a:b> ?p ?o } #"])
def test_only_an_iri_can_be_described(small: KnowledgeGraph, iri: str) -> None:
    """What is no IRI is refused before it gets into a query."""
    with pytest.raises(NamingError, match="不是 IRI"):
        small.describe(iri)


# --- opening ------------------------------------------------------------------------------------


def test_the_package_opens_the_graph(tmp_path: Path) -> None:
    """`kg.open` gives the graph of a project, to be closed by `with`."""
    project = small_project(tmp_path)
    with kg.open(project.root) as graph:
        assert isinstance(graph, kg.KnowledgeGraph)
        assert graph.release == current(project.build)
        assert len(graph.ask(QUESTION)) == 1


def test_the_package_has_no_other_names() -> None:
    """What is not there is an attribute error, as of any module."""
    with pytest.raises(AttributeError, match="no attribute 'opne'"):
        kg.__getattr__("opne")


def test_an_older_release_can_be_opened(tmp_path: Path) -> None:
    """By its id, as long as it is on disk."""
    project = small_project(tmp_path)
    old = current(project.build).id
    new = write_release(project.build, small_nquads("news"), {}).id
    for wanted, found in ((old, old), (new, new), ("", new)):
        with open_graph(project.root, release=wanted) as graph:
            assert graph.release is not None
            assert graph.release.id == found


def test_a_release_that_is_gone_is_told(tmp_path: Path) -> None:
    """No other one is opened in its place."""
    project = small_project(tmp_path)
    with pytest.raises(ReleaseError):
        open_graph(project.root, release="0123456789ab")


@pytest.mark.parametrize("engine", ["steam", "", "OXIGRAPH", "x" * 10_000])
def test_an_unknown_engine_is_told_with_those_there_are(tmp_path: Path, engine: str) -> None:
    """In one short line."""
    project = small_project(tmp_path)
    with pytest.raises(UsageError, match="oxigraph rdflib") as caught:
        open_graph(project.root, engine=engine)
    assert len(str(caught.value)) < 400


def test_both_engines_of_the_process_answer_alike(tmp_path: Path) -> None:
    """The reference engine gives the rows that the default one gives."""
    project = small_project(tmp_path)
    replies = []
    for engine in ("oxigraph", "rdflib"):
        with open_graph(project.root, engine=engine) as graph:
            replies.append(graph.ask(QUESTION).to_csv())
    assert replies[0] == replies[1]


def test_a_graph_speaks_one_language(tmp_path: Path) -> None:
    """Titles, heads and columns of its replies are in it."""
    project = small_project(tmp_path)
    with open_graph(project.root, language="en") as graph:
        reply = graph.ask(QUESTION)
    assert reply.title().startswith("Platforms that realise a concept (")
    assert reply.written("md").startswith("| Platform | Claims |")


# --- asking -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "一网通办", "“一网通办”", " 一网通办 ", "一网通办理", "Yiwang Tongban",
        "yi wang tong ban", "yiwangtongban", "yi-wang-tong-ban", "kgc:yi-wang-tong-ban",
        "https://w3id.org/dgkg/id/concept/yi-wang-tong-ban",
    ],
)  # fmt: skip
def test_a_thing_goes_by_any_of_its_names(small: KnowledgeGraph, name: str) -> None:
    """Label, variant, English, pinyin, key, CURIE and IRI give one answer."""
    reply = small.ask(QUESTION, concept=name)
    assert reply.bound == {"concept": ["<https://w3id.org/dgkg/id/concept/yi-wang-tong-ban>"]}
    assert [row["platform"] for row in reply] == ["kgp:sui-shen-ban"]


def test_several_values_are_a_list(small: KnowledgeGraph) -> None:
    """Where the question takes several, any of them fits."""
    assert len(small.ask(QUESTION, region=["山西", "上海"])) == 1
    assert len(small.ask(QUESTION, region=["山西"])) == len(small.ask(QUESTION, region="山西")) == 0


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"concpet": "一网通办"}, UsageError),
        ({"question": "x"}, UsageError),
        ({"concept": ["一网通办", "一网统管"]}, UsageError),
        ({"by": "someday"}, UsageError),
        ({"by": ""}, UsageError),
        ({"concept": "没有"}, NamingError),
        ({"concept": "上海"}, NamingError),
        ({"concept": "五个一"}, NamingError),
        ({"concept": ""}, UsageError),
        ({"concept": "x" * 10_000}, NamingError),
        ({"region": ["上海", "没有"]}, NamingError),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_wrong_value_is_told(
    small: KnowledgeGraph, values: dict[str, Any], error: type[Exception]
) -> None:
    """An unknown parameter, a malformed value, an unknown or ambiguous name."""
    with pytest.raises(error):
        small.ask(QUESTION, **values)


def test_an_unknown_question_is_told(small: KnowledgeGraph) -> None:
    """With the one that was probably meant."""
    with pytest.raises(QueryError, match=f"did you mean {QUESTION}"):
        small.ask("platform-of-concepts")


def test_a_thing_has_its_evidence(real_graph: KnowledgeGraph) -> None:
    """Each quote of a claim, with its place in the text."""
    (row, *_) = real_graph.evidence(TARGET)
    text = (
        ROOT / "data" / "sources" / row["inSource"].removeprefix("kgs:") / "text.txt"
    ).read_bytes()
    assert text.decode()[int(row["start"]) : int(row["end"])] == row["quote"]


# --- the page -----------------------------------------------------------------------------------


def test_the_examples_of_the_page_run(real_graph: KnowledgeGraph) -> None:
    """Every example of `docs/python.md` gives what stands there, and none is skipped."""
    page = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    assert "+SKIP" not in page
    plain = re.sub(r"^```.*$", "", page, flags=re.MULTILINE)
    test = doctest.DocTestParser().get_doctest(plain, {"graph": real_graph}, "python.md", None, 0)
    told: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    failed, tried = runner.run(test, out=told.append)
    assert failed == 0, "".join(told)
    assert tried > 30


def test_the_page_names_what_a_graph_can_do() -> None:
    """Every public method of the graph is in the page, and has a docstring."""
    page = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    methods = [n for n, _ in inspect.getmembers(KnowledgeGraph, inspect.isfunction) if n[0] != "_"]
    named = [name for name in methods if re.search(rf"\b{name}\b", page)]
    assert [name for name in methods if name not in {*named, *INNER}] == []
    assert all(getattr(KnowledgeGraph, name).__doc__ for name in methods)


INNER: Final = {"bind", "catalogue", "hold", "is_construct"}
"""Methods that the command line and the service need and readers do not."""


def test_an_endpoint_has_no_release_to_choose(tmp_path: Path) -> None:
    """Asked for one, opening says so and does not silently take what the endpoint has."""
    project = small_project(tmp_path / "p")
    with pytest.raises(UsageError, match="an endpoint has no releases"):
        open_graph(project.root, engine="http://127.0.0.1:9/sparql", release="0123456789ab")


def test_a_closed_graph_answers_nothing(tmp_path: Path) -> None:
    """`close` lets go of the store, as the end of `with` does."""
    graph = open_graph(small_project(tmp_path / "p").root)
    assert graph.table("ASK {}").rows
    graph.close()
    with pytest.raises(ReleaseError):
        graph.table("ASK {}")
