"""Term coverage: a term that nothing uses and a question that nothing answers show up."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Final

import pytest
from conftest import ROOT
from graph_fixtures import open_engine, real_project, run_kg, toy_project

from kg.errors import QuestionsError
from kg.names import ONTOLOGY_GRAPH, PREFIXES, REFERENCE_GRAPH
from kg.project import Project
from kg.release import current, write_release
from kg.term_coverage import term_coverage

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kg.term_coverage import TermCoverage

KG: Final = PREFIXES["kg"]
TYPE: Final = f"<{PREFIXES['rdf']}type>"
LABEL: Final = f"<{PREFIXES['rdfs']}label>"
GAP: Final = {"zh": "谁先提出“一网通办”？", "en": "Who spoke of it first?"}


@pytest.fixture
def project(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Project:
    """Give the toy with all questions, to be changed."""
    root = tmp_path / "project"
    for name in ("ontology", "data"):
        (root / name).mkdir(parents=True)
    shutil.copytree(ROOT / "queries", root / "queries")
    shutil.copytree(toy_project(tmp_path_factory).build.resolve(), root / "build", symlinks=True)
    return Project(root, root / "build")


@pytest.fixture
def plant(project: Project) -> Callable[..., None]:
    """Give a function that adds quads to the dataset."""

    def add(*quads: str) -> None:
        nquads = current(project.build).dataset.read_bytes().splitlines(keepends=True)
        lines = {*nquads, *(f"{quad} .\n".encode() for quad in quads)}
        write_release(project.build, b"".join(sorted(lines)), {})

    return add


def measure(project: Project, language: str = "zh", *, every: bool = False) -> TermCoverage:
    """Measure the coverage of a project."""
    with open_engine(project) as graph:
        return term_coverage(graph.engine, graph.catalogue(), language, every=every)


def rows(found: TermCoverage) -> dict[str, dict[str, str]]:
    """Give term -> its row."""
    return {row["term"]: row for row in found.table.records()}


def declared(name: str, kind: str) -> tuple[str, str, str]:
    """Give the quads of a term of the ontology, with its labels."""
    return (
        f"<{KG}{name}> {TYPE} <{PREFIXES['owl']}{kind}> <{ONTOLOGY_GRAPH}>",
        f'<{KG}{name}> {LABEL} "种下的"@zh <{ONTOLOGY_GRAPH}>',
        f'<{KG}{name}> {LABEL} "planted"@en <{ONTOLOGY_GRAPH}>',
    )


def write_query(project: Project, text: str) -> None:
    """Add a query that names a term."""
    (project.queries / "checks" / "planted-violation.rq").write_text(text, encoding="utf-8")


# --- terms --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "told"),
    [("Class", "class"), ("ObjectProperty", "property"), ("DatatypeProperty", "property")],
)
def test_a_term_that_nothing_uses_is_told(
    project: Project, plant: Callable[..., None], kind: str, told: str
) -> None:
    """With its label, its kind, and that neither data nor queries use it."""
    assert "kg:planted" not in rows(measure(project))
    plant(*declared("planted", kind))
    row = {"term": "kg:planted", "label": "种下的", "kind": told, "data": "0", "queries": "0"}
    assert rows(measure(project))["kg:planted"] == row
    assert rows(measure(project, "en"))["kg:planted"] == {**row, "label": "planted"}


def test_a_term_that_only_data_uses_is_told(project: Project, plant: Callable[..., None]) -> None:
    """A property counts where it is the predicate."""
    used = f"<a:s> <{KG}planted> <a:o> <{REFERENCE_GRAPH}>"
    plant(*declared("planted", "ObjectProperty"), used, used.replace("a:s", "a:t"))
    row = rows(measure(project))["kg:planted"]
    assert (row["data"], row["queries"]) == ("2", "0")


def test_a_term_that_only_a_query_uses_is_told(
    project: Project, plant: Callable[..., None]
) -> None:
    """Each query counts once, however often it names the term; comments and texts do not count."""
    plant(*declared("planted", "Class"))
    write_query(project, 'ASK { ?s a kg:planted , kg:planted } # kg:planted "kg:planted"\n')
    row = rows(measure(project))["kg:planted"]
    assert (row["data"], row["queries"]) == ("0", "1")


@pytest.mark.parametrize("query", ["# ?s a kg:planted\nASK {}\n", 'ASK { ?s ?p "kg:planted" }\n'])
def test_what_a_query_only_speaks_of_is_not_used(
    project: Project, plant: Callable[..., None], query: str
) -> None:
    """A comment or a text asks for nothing."""
    plant(*declared("planted", "Class"))
    write_query(project, query)
    assert rows(measure(project))["kg:planted"]["queries"] == "0"


@pytest.mark.parametrize(
    ("kind", "quad"),
    [
        ("Class", f"<a:s> {TYPE} <{KG}planted>"),
        ("ObjectProperty", f"<a:s> <{KG}planted> <a:o>"),
        ("DatatypeProperty", f'<a:s> <{KG}planted> "x"'),
    ],
)
def test_a_term_that_both_use_is_left_out(
    project: Project, plant: Callable[..., None], kind: str, quad: str
) -> None:
    """Unless every term is asked for."""
    plant(*declared("planted", kind), f"{quad} <{REFERENCE_GRAPH}>")
    write_query(project, "ASK { ?s ?p kg:planted }\n")
    assert "kg:planted" not in rows(measure(project))
    row = rows(measure(project, every=True))["kg:planted"]
    assert (row["data"], row["queries"]) == ("1", "1")


def test_the_ontology_does_not_use_its_own_terms(
    project: Project, plant: Callable[..., None]
) -> None:
    """That a property has a class for its domain is no use of the class."""
    domain = f"<{KG}x> <{PREFIXES['rdfs']}domain> <{KG}planted> <{ONTOLOGY_GRAPH}>"
    plant(*declared("planted", "Class"), domain)
    assert rows(measure(project))["kg:planted"]["data"] == "0"


def test_a_value_needs_no_query_of_its_own(project: Project, plant: Callable[..., None]) -> None:
    """It is met by its property; one that no data has is told."""
    value = f"<{KG}planted> {TYPE} <{KG}Value> <{ONTOLOGY_GRAPH}>"
    plant(value)
    assert rows(measure(project))["kg:planted"]["kind"] == "value"
    plant(f"<a:s> <{KG}theme> <{KG}planted> <{REFERENCE_GRAPH}>")
    assert "kg:planted" not in rows(measure(project))


def test_a_foreign_term_is_none_of_ours(project: Project, plant: Callable[..., None]) -> None:
    """Only terms of the project's own namespace are listed."""
    foreign = f"<{PREFIXES['skos']}Planted> {TYPE} <{PREFIXES['owl']}Class> <{ONTOLOGY_GRAPH}>"
    plant(foreign)
    assert all(term.startswith("kg:") for term in rows(measure(project, every=True)))


def test_every_term_is_listed_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    """In order, each in one row, those that are used as well."""
    found = measure(real_project(tmp_path_factory), every=True)
    terms = [row["term"] for row in found.table.records()]
    assert len(terms) == len(set(terms)) > 100
    assert {"kg:Target", "kg:aboutRegion", "kg:form-mention", "kg:GB2260"} <= set(terms)
    assert set(found.heads) == set(found.table.columns)


def test_uses_are_those_of_the_data(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Of a class its things, of a property its triples, of a datatype its literals."""
    project = real_project(tmp_path_factory)
    with open_engine(project) as graph:
        counts = {
            name: str(
                graph.table(graph.with_prefixes(f"SELECT (COUNT(*) AS ?n) {{ {where} }}")).rows[0][
                    0
                ]
            )
            for name, where in (
                ("kg:Region", "?s a kg:Region"),
                ("kg:aboutRegion", "?s kg:aboutRegion ?o"),
                ("kg:GB2260", "?s skos:notation ?o FILTER(DATATYPE(?o) = kg:GB2260)"),
                ("kg:strength-binding", "?s kg:strength kg:strength-binding"),
            )
        }
    found = rows(measure(project, every=True))
    assert {name: found[name]["data"] for name in counts} == counts


# --- competency questions -----------------------------------------------------------------------


def add_competency(project: Project, answered_by: str) -> None:
    """Put a competency question before those of the catalogue."""
    path = project.queries / "catalogue.yaml"
    subjects = path.read_text(encoding="utf-8").partition("\ncompetency:")[0]
    question = f'{{zh: "{GAP["zh"]}", en: "{GAP["en"]}"}}'
    path.write_text(
        f"{subjects}\ncompetency:\n  - question: {question}\n    answered_by: [{answered_by}]\n",
        encoding="utf-8",
    )


def test_a_question_that_nothing_answers_is_a_gap(project: Project) -> None:
    """One that a saved question answers is none."""
    add_competency(project, "")
    assert [gap.question.zh for gap in measure(project).gaps] == [GAP["zh"]]
    add_competency(project, "first-by-date")
    assert measure(project).gaps == ()


def test_the_command_line_tells_terms_and_gaps(
    project: Project, plant: Callable[..., None]
) -> None:
    """Terms on stdout, gaps and counts on stderr in both languages, and it ends with 0."""
    add_competency(project, "")
    plant(*declared("planted", "Class"))
    run = run_kg("--root", project.root, "coverage", "--terms", "-f", "csv")
    head, *lines = run.stdout.decode().splitlines()
    assert (run.returncode, head) == (0, "term,label,kind,data,queries")
    assert "kg:planted,种下的,class,0,0" in lines
    told = run.stderr.decode().splitlines()
    assert told[0] == f"尚无查询：{GAP['zh']} | no query yet: {GAP['en']}"
    assert told[1] == f"{len(lines)} 个术语，1 个空缺 | {len(lines)} terms, 1 gaps"
    every = run_kg("--root", project.root, "coverage", "--terms", "--all", "-f", "csv")
    assert every.stdout.count(b"\n") > run.stdout.count(b"\n")


def test_a_query_that_cannot_be_read_is_told(project: Project) -> None:
    """A file in another coding is a problem with a place, and no traceback."""
    path = project.queries / "checks" / "planted-violation.rq"
    path.write_bytes("ASK {} # 一网通办".encode("gb18030"))
    with pytest.raises(QuestionsError) as caught:
        measure(project)
    assert [p.file for p in caught.value.problems] == ["queries/checks/planted-violation.rq"]
    run = run_kg("--root", project.root, "coverage", "--terms")
    assert (run.returncode, b"Traceback" in run.stderr) == (4, False)
