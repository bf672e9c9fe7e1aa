"""Every saved query: right as a file, on the real data, on every engine, for unread regions."""

from __future__ import annotations

import csv
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox
import pytest
import yaml
from graph_fixtures import ROOT, open_engine, real_project

from kg.catalogue import Catalogue
from kg.engines import open_remote
from kg.graph import KnowledgeGraph
from kg.queries import read_query

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from kg.project import Project
    from kg.queries import SavedQuery
    from kg.results import Table, Term

pytest_plugins = ["open_graphs"]

FILES: Final = sorted(
    path for path in (ROOT / "queries").rglob("*.rq") if not path.stem.endswith("-violation")
)
UNREAD: Final = ("kgr:chongqing", "重庆")
"""A province-level region of which no text was read, and its name."""

FIXED: Final = """
regions-sharing-concept concept → region
regions-lacking-concept concept → region presence
shared-concepts min_regions → concept regions
concept-matrix → region concept presence
region-similarity region → region other shared jaccard
distinctive-concepts → region concept
concept-variants concept → concept wording region
concept-cooccurrence → concept other regions
platforms-by-region region → region platform status
platform-gaps kind → region presence
targets-due by region → target region latest precision
targets-quantified → target indicator value unit comparator
targets-undated → region
target-strength → region strength targets
milestone-timeline → milestone region latest
achievements-quantified → achievement value unit comparator
rank-aims → region target
rank-claims → region achievement
framework-parts framework → framework position part
slogans-with-one-name → slogan region part
initiatives-by-kind → initiative region kind
themes-by-region → region theme claims
region-group-contrast concept → group regions stated
evidence-of thing → quote start end
source-gaps → gap
coverage-by-region → region share
overdue-at date → target region latest
service-brands → region brand
"""
"""Questions that others build on: id, parameters → columns, which do not change."""


@pytest.fixture(params=FILES, ids=[path.stem for path in FILES])
def saved(request: pytest.FixtureRequest) -> SavedQuery:
    """Give each saved query."""
    path: Path = request.param
    return read_query(path, path.relative_to(ROOT).as_posix())


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Give the real project, built."""
    return real_project(tmp_path_factory)


@pytest.fixture(scope="module")
def real(project: Project) -> Iterator[KnowledgeGraph]:
    """Give the real graph with the default engine."""
    with open_engine(project) as graph:
        yield graph


@pytest.fixture(scope="module")
def reference(project: Project) -> Iterator[KnowledgeGraph]:
    """Give the real graph with the reference engine."""
    with open_engine(project, "rdflib") as graph:
        yield graph


@pytest.fixture(scope="module")
def remote(
    project: Project, real: KnowledgeGraph, endpoint: Callable[[Path], str]
) -> Iterator[KnowledgeGraph]:
    """Give the real graph as a server answers for it."""
    assert real.release is not None
    url = endpoint(real.release.dataset)
    with KnowledgeGraph(project, None, open_remote(url), name=url) as graph:
        yield graph


# --- as a file ----------------------------------------------------------------------------------


def test_there_are_forty_questions() -> None:
    """The questions, exports apart, are at least forty."""
    assert len([path for path in FILES if path.parent.name != "exports"]) >= 40


@pytest.mark.parametrize("line", FIXED.strip().split("\n"), ids=lambda line: line.split(" ")[0])
def test_what_others_build_on_is_there(line: str) -> None:
    """Ids, parameters and columns that other programs name do not go away."""
    question, columns = (part.split(" ") for part in line.split(" → "))
    header = Catalogue(ROOT / "queries").get(question[0]).header
    assert set(question[1:]) <= set(header.params)
    assert set(columns) <= set(header.columns)


def test_every_question_answers_a_competency_question() -> None:
    """Each question, exports apart, has a reason to exist that a researcher would recognise."""
    catalogue = Catalogue(ROOT / "queries")
    answering = {name for item in catalogue.contents().competency for name in item.answered_by}
    asked = {path.stem for path in FILES if path.parent.name != "exports"}
    assert (sorted(asked - answering), catalogue.check()) == ([], [])


def test_it_is_sparql_as_it_stands(saved: SavedQuery) -> None:
    """The whole file, header included, parses: it runs on any endpoint."""
    assert isinstance(ox.Store().query(saved.path.read_text(encoding="utf-8")), ox.QuerySolutions)


def test_it_declares_the_prefixes_that_it_uses(saved: SavedQuery) -> None:
    """No prefix is declared in vain."""
    declared = re.findall(r"PREFIX ([\w-]+):", saved.sparql)
    body = re.sub(r"PREFIX .*", "", saved.sparql)
    assert [prefix for prefix in declared if not re.search(rf"\b{prefix}:", body)] == []


def test_grlc_reads_it(saved: SavedQuery) -> None:
    """By grlc's own rule: lines that begin with #+, that sign taken off, are YAML with its keys."""
    # `get_yaml_decorators` in https://github.com/CLARIAH/grlc/blob/master/src/gquery.py
    text = saved.path.read_text(encoding="utf-8")
    header = "\n".join(row.lstrip("#+") for row in text.split("\n") if row.startswith("#+"))
    told = yaml.safe_load(header)
    assert isinstance(told["summary"], str)
    assert isinstance(told["description"], str)
    assert isinstance(told["tags"], list)


def test_it_speaks_both_languages(saved: SavedQuery) -> None:
    """Chinese text is Chinese, English text has no Chinese, and questions end as questions do."""
    header = saved.header
    pairs = [header.title, header.question]
    pairs += [column.label for column in header.columns.values()]
    pairs += [parameter.label for parameter in header.params.values()]
    han = re.compile(r"[\u4e00-\u9fff]")
    assert [pair for pair in pairs if not han.search(pair.zh)] == []
    assert [pair.en for pair in pairs if han.search(pair.en)] == []
    assert (header.question.zh[-1], header.question.en[-1]) == ("？", "?")


# --- on the real data ---------------------------------------------------------------------------


def keys(table: Table, key: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Give the key columns as texts."""
    rows = table.only(key).rows
    return [tuple("" if term is None else str(term) for term in row) for row in rows]


def test_it_gives_the_expected_rows(
    real: KnowledgeGraph, saved: SavedQuery, request: pytest.FixtureRequest
) -> None:
    """The default run gives the rows that were recorded and no others, by key."""
    found = keys(real.ask(saved.id).table, saved.header.key)
    if saved.header.expect is None:
        assert saved.subject == "exports"
        return
    path = ROOT / saved.header.expect
    if request.config.getoption("--accept"):
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([saved.header.key, *found])
    with path.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    expected = [tuple(line[name] for name in saved.header.key) for line in lines]
    hint = f"if `kg ask {saved.id} -f csv` is right, record its rows by `make expected`"
    assert sorted(found) == sorted(expected), hint


def test_a_list_comes_in_its_order(real: KnowledgeGraph, saved: SavedQuery) -> None:
    """Where the order is part of the answer, the recorded rows stand in it."""
    if saved.header.order == "set" or saved.header.expect is None:
        return
    with (ROOT / saved.header.expect).open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    expected = [tuple(line[name] for name in saved.header.key) for line in lines]
    assert keys(real.ask(saved.id).table, saved.header.key) == expected


def example_of(saved: SavedQuery, *names: str) -> dict[str, str]:
    """Give the examples of some parameters."""
    return {name: saved.header.params[name].example for name in names}


def test_an_example_changes_the_answer(real: KnowledgeGraph, saved: SavedQuery) -> None:
    """Every parameter has an effect: its example gives other rows than its default."""
    # Either beside the defaults of the others, or beside their examples. While there is one
    # source, naming it changes nothing: the toy has two.
    names = [n for n, p in saved.header.params.items() if p.class_ != "kg:SourceDocument"]
    for name in names:
        others = [other for other in names if other != name]
        runs = [
            ({}, example_of(saved, name)),
            (example_of(saved, *others), example_of(saved, *names)),
        ]
        answers = [[real.ask(saved.id, **given).table.rows for given in run] for run in runs]
        assert any(one != other for one, other in answers), name


def test_a_source_changes_the_answer(toy_graph: KnowledgeGraph, saved: SavedQuery) -> None:
    """A parameter that takes a source holds the answer to it, where the toy answers at all."""
    least = {"min_regions": "1"} if "min_regions" in saved.header.params else {}
    for name, parameter in saved.header.params.items():
        if parameter.class_ == "kg:SourceDocument" and len(toy_graph.ask(saved.id, **least)):
            runs = ({name: "toy-review"}, {name: "toy-bulletin"})
            answers = [toy_graph.ask(saved.id, **least, **given).table.rows for given in runs]
            assert answers[0] != answers[1]


def test_two_sources_do_not_double_rows(toy_graph: KnowledgeGraph, saved: SavedQuery) -> None:
    """The key tells rows apart where two sources speak of one region, too."""
    found = keys(toy_graph.ask(saved.id).table, saved.header.key)
    assert len(found) == len(set(found))


# --- engines ------------------------------------------------------------------------------------


def value(term: Term | None) -> Any:  # noqa: ANN401 -- for comparison only
    """Give a term for comparison: numbers by value, whatever engines write them like."""
    if term is not None and re.search(r"#(integer|decimal|double)$", term.datatype):
        return Decimal(term.value).normalize()
    return term


def rows(graph: KnowledgeGraph, saved: SavedQuery, given: dict[str, str]) -> list[list[object]]:
    """Ask, and give the rows, sorted unless their order is part of the answer."""
    found = [[value(term) for term in row] for row in graph.ask(saved.id, **given).table.rows]
    return found if saved.header.order == "list" else sorted(found, key=repr)


@pytest.fixture(scope="module")
def unstated(real: KnowledgeGraph) -> str:
    """Give a concept that no statement names."""
    sparql = "SELECT ?c { ?c a kg:PlatformConcept MINUS { ?s kg:names ?c } } ORDER BY ?c LIMIT 1"
    (row,) = real.table(real.with_prefixes(sparql)).records()
    return row["c"]


@pytest.mark.parametrize("given", ["defaults", "examples", "nothing"])
def test_engines_give_equal_rows(
    real: KnowledgeGraph,
    reference: KnowledgeGraph,
    remote: KnowledgeGraph,
    saved: SavedQuery,
    unstated: str,
    given: str,
) -> None:
    """Oxigraph in the process, rdflib and a server agree, also where there is nothing."""
    # rdflib has a way of finding everything where a group is empty.
    params = saved.header.params
    empty = {"kg:Region": UNREAD[1], "kg:PlatformConcept": unstated}
    values = {
        "defaults": {},
        "examples": example_of(saved, *params),
        "nothing": {n: empty[p.class_] for n, p in params.items() if p.class_ in empty},
    }[given]
    if given != "defaults" and not values:
        return
    expected = rows(real, saved, values)
    assert rows(remote, saved, values) == expected
    assert rows(reference, saved, values) == expected


# --- what was not read --------------------------------------------------------------------------


def test_what_was_not_read_is_never_said_to_be_missing(
    real: KnowledgeGraph, saved: SavedQuery
) -> None:
    """No row of an unread region says that its text lacks something, or counts nothing in it."""
    for row in real.ask(saved.id):
        if row.get("region") == UNREAD[0]:
            assert row.get("presence", "not-read") == "not-read"
            assert "0" not in row.values()


def test_asking_for_an_unread_region_says_so(real: KnowledgeGraph, saved: SavedQuery) -> None:
    """A question put to an unread region answers that nothing was read, not that nothing is."""
    for name, parameter in saved.header.params.items():
        if parameter.class_ == "kg:Region":
            reply = real.ask(saved.id, **{name: UNREAD[1]})
            said = {row.get("presence") for row in reply if row.get("region") == UNREAD[0]}
            assert said <= {"not-read", None}
            told = {row.get("presence") or row.get("reading") for row in reply}
            assert "not-read" in told or any(UNREAD[1] in note.zh for note in reply.notes)
