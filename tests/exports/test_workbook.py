"""The tables lose nothing, keep three states apart, and say what their columns hold."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox
import pytest
from graph_fixtures import ROOT, open_engine, real_project
from sample_tables import cell_of, real_tables, toy_tables

from kg.engines import open_remote
from kg.errors import UsageError
from kg.exports.dictionary import dictionary
from kg.exports.workbook import SHEETS, workbook
from kg.graph import KnowledgeGraph
from kg.names import ONTOLOGY_GRAPH, expand, shorten
from kg.queries import read_query
from kg.replies import Reply
from kg.results import JSON_RESULTS, Answer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kg.exports.sheets import Sheet, Workbook

pytest_plugins = ["open_graphs"]

DOCUMENT: Final = ROOT / "docs" / "tables.md"


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    """Give the tables of the real graph."""
    return real_tables(tmp_path_factory)


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    """Give the tables of the toy."""
    return toy_tables(tmp_path_factory)


def sheet(book: Workbook, name: str) -> Sheet:
    """Give a sheet by its name."""
    return next(it for it in book.sheets if it.name == name)


def test_every_question_of_tables_is_a_sheet() -> None:
    """A new question `table-…` is not forgotten."""
    names = {path.stem for path in (ROOT / "queries" / "exports").glob("table-*.rq")}
    assert names == {f"table-{name.replace('_', '-')}" for name in SHEETS}


# --- nothing is lost ----------------------------------------------------------------------------

ELSEWHERE: Final = {
    "rdf:type": "a table is a class; `kind` and `isSoftware` tell the rest",
    "skos:inScheme": "all concepts are in one scheme",
    "skos:topConceptOf": "a concept without a broader one",
    "kg:reading": "a word, and labels, in place of the id",
    "kg:evidence": "a column of evidence, whose role is `evidence`",
    "kg:context": "a column of evidence, whose role is `context`",
    "kg:quantity": "a column of quantities",
    "kg:part": "a column of framework_parts",
    "kg:form": "of mentions and parts there is one form",
    "oa:hasSelector": "its quote and place are columns of evidence",
    "oa:hasSource": "the same as `source`",
    "time:hasTime": "as exact as `latest` with its `precision`",
}
"""Properties that need no cell in the row of a thing, and where they are told."""


def cells(book: Workbook) -> dict[str, set[str]]:
    """Give all that the rows of each thing hold, as texts."""
    found: dict[str, set[str]] = defaultdict(set)
    for it in book.sheets:
        for row in it.rows:
            for value in row[1:]:
                several = value if isinstance(value, tuple) else (value,)
                found[str(row[0])].update(plain(item) for item in several if item is not None)
    return found


def plain(value: object) -> str:
    """Give a value as it is compared: numbers by value."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)


def test_every_fact_of_things_and_claims_is_in_a_cell(
    tables: Workbook, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever the dataset says of a thing stands in a row of it, or is told by the table."""
    path = real_project(tmp_path_factory).build / "current" / "dataset.nq"
    held = cells(tables)
    lost: dict[str, list[str]] = defaultdict(list)
    for quad in ox.parse(path=path, format=ox.RdfFormat.N_QUADS):
        it, term = shorten(quad.subject.value), quad.object
        if quad.graph_name.value == ONTOLOGY_GRAPH or it not in held:
            continue
        is_number = isinstance(term, ox.Literal) and term.datatype.value == expand("xsd:decimal")
        value = plain(float(term.value)) if is_number else shorten(term.value)
        if value not in held[it]:
            lost[shorten(quad.predicate.value)].append(it)
    assert {link: things[:3] for link, things in lost.items() if link not in ELSEWHERE} == {}


def test_what_has_no_row_is_part_of_a_row(
    tables: Workbook, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Only selectors and times, which are columns of what has them, have no row of their own."""
    held = cells(tables)
    query = "SELECT DISTINCT ?x ?class WHERE { ?x a ?class MINUS { ?x rdfs:isDefinedBy ?y } }"
    with open_engine(real_project(tmp_path_factory)) as graph:
        rows = [*graph.table(graph.with_prefixes(query)).records()]
    assert {row["class"] for row in rows if row["x"] not in held} == {
        "oa:TextQuoteSelector", "oa:TextPositionSelector", "owl:Ontology", "time:Instant",
        "time:ProperInterval",
    }  # fmt: skip


def test_every_thing_has_a_row(tables: Workbook, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A table has as many rows as its class has things, each once."""
    project = real_project(tmp_path_factory)
    with open_engine(project) as graph:
        for it in tables.sheets:
            if not SHEETS[it.name]:
                continue
            query = f"SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE {{ ?x a {SHEETS[it.name]} }}"
            (row,) = graph.table(graph.with_prefixes(query)).records()
            assert (it.name, len({row[0] for row in it.rows})) == (it.name, int(row["n"]))
            assert len(it.rows) == int(row["n"])


def test_every_kind_of_claim_is_among_the_claims(tables: Workbook) -> None:
    """The tables of kinds add up to that of all claims."""
    kinds = ("targets", "milestones", "achievements", "frameworks", "platform_claims")
    keys = [row[0] for name in (*kinds, "initiative_claims") for row in sheet(tables, name).rows]
    assert sorted(keys, key=str) == [row[0] for row in sheet(tables, "claims").rows]


# --- what is in it ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("region", "reading"),
    [
        ("kgr:guangdong", "text"),
        ("kgr:hunan", "picture"),
        ("kgr:chongqing", "not-read"),
        ("kgr:xinjiang", "not-read"),
        ("kgr:anshan", None),
    ],
)
def test_what_was_not_read_says_so(tables: Workbook, region: str, reading: str | None) -> None:
    """Not read, a picture, and text are told apart; of a city no section is expected."""
    assert cell_of(tables, "regions", region, "reading") == reading


def test_values_are_what_they_are(tables: Workbook) -> None:
    """Numbers, days, truths, lists and texts have their types."""
    target = "kgcl:beijing-nine-tenths-city-wide"
    assert cell_of(tables, "targets", target, "latest") == "2025-12-31"
    assert cell_of(tables, "targets", target, "quote") == "九成政务服务事项将实现“全城通办”"
    assert cell_of(tables, "targets", target, "fromHeading") is False
    assert cell_of(tables, "targets", target, "quantity") == (f"{target}.quantity.1",)
    assert cell_of(tables, "quantities", f"{target}.quantity.1", "value") == 90.0
    assert cell_of(tables, "regions", "kgr:anhui", "gb2260") == "340000"


def test_labels_stand_beside_what_they_name(tables: Workbook) -> None:
    """Ids and labels of several things are in the same order."""
    regions = {row[0]: row[1] for row in sheet(tables, "regions").rows}
    many = sheet(tables, "regions")
    names = [column.name for column in many.columns]
    at, label = names.index("member"), names.index("memberLabel")
    rows = [row for row in many.rows if row[at]]
    assert len(rows) > 4
    for row in rows:
        ids, labels = row[at], row[label]
        assert isinstance(ids, tuple)
        assert tuple(regions[it] for it in ids) == labels


@pytest.mark.parametrize("which", ["tables", "toy"])
def test_links_lead_somewhere(which: str, request: pytest.FixtureRequest) -> None:
    """Every id of another table is a key there, also where there are several."""
    book: Workbook = request.getfixturevalue(which)
    keys = {it.name: {row[0] for row in it.rows} for it in book.sheets}
    linked = 0
    for it in book.sheets:
        names = [column.name for column in it.columns]
        assert set(it.links) <= set(names)
        for column, other in it.links.items():
            for row in it.rows:
                value = row[names.index(column)]
                several = value if isinstance(value, tuple) else (value,)
                assert set(several) - {None} <= keys[other], (it.name, column)
                linked += value is not None
    assert linked > 100


@pytest.mark.parametrize("which", ["tables", "toy"])
def test_what_is_required_is_there(which: str, request: pytest.FixtureRequest) -> None:
    """A required column has a value in every row."""
    book: Workbook = request.getfixturevalue(which)
    for it in book.sheets:
        for at, column in enumerate(it.columns):
            if column.name in it.required:
                missing = [row[0] for row in it.rows if row[at] is None]
                assert (it.name, column.name, missing) == (it.name, column.name, [])


def test_columns_say_what_they_hold(tables: Workbook) -> None:
    """The ontology's definition stands in both languages; heads of a table differ."""
    for it in tables.sheets:
        assert len({column.zh for column in it.columns}) == len(it.columns)
        assert len({column.en for column in it.columns}) == len(it.columns)
        assert len({column.name for column in it.columns}) == len(it.columns)
    notes = {column.name: column.note for column in sheet(tables, "targets").columns}
    assert notes["target"].endswith("how firmly, with what number, by when.")
    assert notes["latest"].startswith("期限允许的最后一天")
    assert sum(bool(note) for note in notes.values()) > 15


def test_the_dictionary_is_written_down(
    real_graph: KnowledgeGraph, request: pytest.FixtureRequest
) -> None:
    """docs/tables.md is what questions, ontology and measures say; --accept writes it anew."""
    told = dictionary(real_graph.material().workbook())
    if request.config.getoption("--accept"):
        DOCUMENT.write_text(told, encoding="utf-8")
    assert DOCUMENT.read_text(encoding="utf-8") == told, "write it by pytest --accept"


def test_an_endpoint_gives_the_same(
    tables: Workbook,
    tmp_path_factory: pytest.TempPathFactory,
    endpoint: Callable[[Path], str],
) -> None:
    """The tables are made of answers alone, whoever answers."""
    project = real_project(tmp_path_factory)
    url = endpoint(project.build / "current" / "dataset.nq")
    with KnowledgeGraph(project, None, open_remote(url), name=url) as graph:
        assert workbook(graph.ask, tables.facts) == tables


# --- what does not fit --------------------------------------------------------------------------


def made(**answers: list[dict[str, dict[str, str]]]) -> Workbook:
    """Make tables of given answers; the others are empty."""

    def ask(question: str) -> Reply:
        path = ROOT / "queries" / "exports" / f"{question}.rq"
        query = read_query(path, path.name)
        rows = answers.get(question.removeprefix("table-"), [])
        document = {"head": {"vars": list(query.header.columns)}, "results": {"bindings": rows}}
        return Reply(query, {}, {}, {}, "", Answer(JSON_RESULTS, json.dumps(document).encode()), ())

    return workbook(ask)


def uri(name: str) -> dict[str, str]:
    """Give an IRI as an answer has it."""
    return {"type": "uri", "value": expand(name)}


def literal(value: str, datatype: str = "") -> dict[str, str]:
    """Give a literal as an answer has it."""
    return {
        "type": "literal",
        "value": value,
        **({"datatype": expand(datatype)} if datatype else {}),
    }


def test_rows_of_one_thing_are_folded() -> None:
    """Several values are a tuple, in the order of the answer, each once; labels go with them."""
    key = {"region": uri("kgr:x")}
    rows = [
        {**key, "regionLabel": literal("甲")},
        {**key, "member": uri("kgr:b"), "memberLabel": literal("同名")},
        {**key, "member": uri("kgr:a"), "memberLabel": literal("同名")},
        {**key, "member": uri("kgr:b"), "memberLabel": literal("同名")},
        {**key, "member": uri("kgr:c")},
    ]
    book = made(regions=rows)
    assert cell_of(book, "regions", "kgr:x", "regionLabel") == "甲"
    assert cell_of(book, "regions", "kgr:x", "member") == ("kgr:b", "kgr:a", "kgr:c")
    assert cell_of(book, "regions", "kgr:x", "memberLabel") == ("同名", "同名", "kgr:c")
    assert cell_of(book, "regions", "kgr:x", "variant") is None


def test_rows_are_sorted_by_their_key() -> None:
    """Whatever order an endpoint gives them in."""
    book = made(regions=[{"region": uri(f"kgr:{name}")} for name in ("b", "c", "a")])
    assert [row[0] for row in sheet(book, "regions").rows] == ["kgr:a", "kgr:b", "kgr:c"]


def test_two_values_for_one_are_refused() -> None:
    """A column for one value is never filled with the first that comes."""
    key = {"region": uri("kgr:x")}
    rows = [{**key, "regionLabel": literal("甲")}, {**key, "regionLabel": literal("乙")}]
    with pytest.raises(UsageError, match="kgr:x has two values of regionLabel"):
        made(regions=rows)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("count", literal("many", "xsd:integer")),
        ("count", literal("3")),
        ("count", literal("3.5", "xsd:decimal")),
        ("fromHeading", literal("yes")),
        ("start", literal("true", "xsd:boolean")),
    ],
)
def test_a_value_of_another_kind_is_refused(column: str, value: dict[str, str]) -> None:
    """The place of what does not fit is told."""
    rows = [{"framework": uri("kgcl:x"), column: value}]
    with pytest.raises(
        UsageError, match=rf"frameworks kgcl:x {column}: .* is no (integer|boolean)"
    ):
        made(frameworks=rows)


@pytest.mark.parametrize("day", ["2021", "2021-01-01Z", "20210101", "soon", "2021-02-30"])
def test_a_day_is_a_full_day(day: str) -> None:
    """A column of days holds nothing else."""
    rows = [{"source": uri("kgs:x"), "issued": literal(day, "xsd:date")}]
    with pytest.raises(UsageError, match=r"issued: .* is no date"):
        made(sources=rows)


def test_a_whole_number_is_a_number_too() -> None:
    """A quantity may be an integer in the answer of some engine."""
    rows = [{"quantity": uri("kgcl:x.quantity.1"), "value": literal("90", "xsd:integer")}]
    found = cell_of(made(quantities=rows), "quantities", "kgcl:x.quantity.1", "value")
    assert (found, type(found)) == (90.0, float)
