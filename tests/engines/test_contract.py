"""What every engine does: one suite, over each row of ENGINES and over a service."""

from __future__ import annotations

import contextlib
import csv
import io
import json
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest
from graph_fixtures import HEAD, TRICKY, small_nquads, small_release

from kg.engines import ENGINES, open_remote
from kg.engines.oxigraph import OxigraphEngine
from kg.engines.rdflib import RdflibEngine
from kg.engines.remote import RemoteEngine
from kg.errors import QueryError, UsageError
from kg.results import BOOLEAN, GRAPH_TYPES, JSON_RESULTS, RESULT_TYPES, Table, Term

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from kg.engines import Engine
    from kg.release import Release

XSD: Final = "http://www.w3.org/2001/XMLSchema#"
TRICKY_QUERY: Final = HEAD + "SELECT ?text WHERE { kgg:tricky kg:text ?text }"
SHANGHAI: Final = HEAD + "SELECT ?label WHERE { kgr:shanghai skos:prefLabel ?label }"
ONE: Final = "kgs:one ?p ?o"
GRAPH_FORMATS: Final = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "rdf": ox.RdfFormat.RDF_XML,
}


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """Give the small graph as a release."""
    return small_release(tmp_path_factory.mktemp("contract"))


@pytest.fixture(scope="module", params=[*sorted(ENGINES), "remote"])
def engine(
    release: Release, endpoint: Callable[[Path], str], request: pytest.FixtureRequest
) -> Iterator[Engine]:
    """Give each engine over the small graph."""
    if request.param == "remote":
        opened: Engine = open_remote(endpoint(release.dataset))
    else:
        opened = ENGINES[request.param](release.path)
    yield opened
    opened.close()


def table(engine: Engine, sparql: str) -> Table:
    """Answer a query, the graph's prefixes declared, as a table."""
    return Table.from_answer(engine.answer(HEAD + sparql, JSON_RESULTS))


def column(engine: Engine, sparql: str) -> list[str]:
    """Answer a query as the texts of its first column, in order."""
    return [str(row[0]) for row in table(engine, sparql).rows]


def triples(body: bytes, form: str) -> set[ox.Triple]:
    """Read an answer of triples back."""
    return {quad.triple for quad in ox.parse(body, format=GRAPH_FORMATS[form])}


# --- formats of SELECT and ASK ------------------------------------------------------------------


def test_select_as_json_keeps_every_character(engine: Engine) -> None:
    """SPARQL JSON gives quotes, line breaks, tabs and signs beyond the BMP as they are."""
    document = json.loads(engine.answer(TRICKY_QUERY, RESULT_TYPES["srj"]).body)
    (row,) = document["results"]["bindings"]
    assert row == {"text": {"type": "literal", "value": TRICKY}}


def test_select_as_xml_keeps_every_character(engine: Engine) -> None:
    """SPARQL XML is well-formed and gives the literal as it is."""
    tree = ET.fromstring(engine.answer(TRICKY_QUERY, RESULT_TYPES["srx"]).body)  # noqa: S314 -- ours
    assert [node.text for node in tree.iter() if node.tag.endswith("}literal")] == [TRICKY]


def test_select_as_csv_keeps_every_character(engine: Engine) -> None:
    """SPARQL CSV quotes a cell with line breaks and quotation marks."""
    body = engine.answer(TRICKY_QUERY, RESULT_TYPES["csv"]).body.decode()
    assert list(csv.reader(io.StringIO(body, newline=""))) == [["text"], [TRICKY]]


def test_select_as_tsv_is_one_line_a_row(engine: Engine) -> None:
    """SPARQL TSV escapes line breaks and tabs, so that a row is a line and a term is a cell."""
    body = engine.answer(TRICKY_QUERY, RESULT_TYPES["tsv"]).body.decode()
    assert body == f"?text\n{ox.Literal(TRICKY)}\n"


@pytest.mark.parametrize("form", sorted(RESULT_TYPES))
def test_an_answer_names_its_format(engine: Engine, form: str) -> None:
    """The answer carries the media type that was asked for."""
    assert engine.answer(SHANGHAI, RESULT_TYPES[form]).media_type == RESULT_TYPES[form]


@pytest.mark.parametrize(("pattern", "expected"), [("?s ?p ?o", True), ("kgr:china ?p 7", False)])
def test_ask_as_json(engine: Engine, pattern: str, expected: bool) -> None:
    """ASK as JSON is a boolean."""
    body = engine.answer(f"{HEAD}ASK {{ {pattern} }}", RESULT_TYPES["srj"]).body
    assert json.loads(body)["boolean"] is expected


@pytest.mark.parametrize(("pattern", "expected"), [("?s ?p ?o", True), ("kgr:china ?p 7", False)])
@pytest.mark.parametrize("form", ["csv", "tsv", "srx"])
def test_ask_in_the_other_formats(engine: Engine, form: str, pattern: str, expected: bool) -> None:
    """ASK as XML, CSV or TSV says true or false and nothing of the other."""
    body = engine.answer(f"{HEAD}ASK {{ {pattern} }}", RESULT_TYPES[form]).body.decode()
    assert (str(expected).lower() in body, str(not expected).lower() in body) == (True, False)


def test_ask_as_a_table_is_one_cell(engine: Engine) -> None:
    """ASK read as a table is a column `answer` with one cell."""
    expected = Table(("answer",), ((Term("literal", "true", datatype=BOOLEAN),),))
    assert table(engine, "ASK { kgr:shanghai a kg:Region }") == expected


@pytest.mark.parametrize("form", sorted(RESULT_TYPES))
def test_no_rows_is_an_answer(engine: Engine, form: str) -> None:
    """A SELECT that finds nothing answers in every format, its column named."""
    body = engine.answer(
        f"{HEAD}SELECT ?thing WHERE {{ ?thing a kg:Nothing }}", RESULT_TYPES[form]
    ).body
    assert b"thing" in body


def test_no_rows_is_an_empty_table(engine: Engine) -> None:
    """A SELECT that finds nothing is a table with columns and no row."""
    assert table(engine, "SELECT ?a ?b WHERE { ?a a kg:Nothing ; ?b 1 }") == Table(("a", "b"), ())


def test_columns_keep_their_order(engine: Engine) -> None:
    """The columns stand as the query names them."""
    answer = table(engine, "SELECT ?zh ?a ?m WHERE { VALUES (?a ?m ?zh) { (1 2 3) } }")
    assert answer.columns == ("zh", "a", "m")


def test_an_unbound_cell_is_none(engine: Engine) -> None:
    """A variable without a value is None in the table."""
    answer = table(engine, "SELECT ?a ?b WHERE { VALUES (?a ?b) { (1 UNDEF) } }")
    assert [cell is None for cell in answer.rows[0]] == [False, True]


# --- formats of CONSTRUCT and DESCRIBE ----------------------------------------------------------


@pytest.mark.parametrize("form", sorted(GRAPH_TYPES))
def test_construct_reads_back_as_the_same_triples(engine: Engine, form: str) -> None:
    """CONSTRUCT in every format holds the triples of the dataset, Chinese labels included."""
    query = f"{HEAD}CONSTRUCT {{ {ONE} }} WHERE {{ {ONE} }}"
    expected = {
        quad.triple
        for quad in ox.parse(small_nquads(), format=ox.RdfFormat.N_QUADS)
        if str(quad.subject) == "<https://w3id.org/dgkg/id/source/one>"
    }
    assert triples(engine.answer(query, GRAPH_TYPES[form]).body, form) == expected


@pytest.mark.parametrize("form", sorted(GRAPH_TYPES))
def test_construct_keeps_every_character(engine: Engine, form: str) -> None:
    """CONSTRUCT in every format gives quotes, line breaks and signs beyond the BMP back."""
    query = f"{HEAD}CONSTRUCT {{ kgg:tricky kg:text ?t }} WHERE {{ kgg:tricky kg:text ?t }}"
    (found,) = triples(engine.answer(query, GRAPH_TYPES[form]).body, form)
    assert found.object == ox.Literal(TRICKY)


@pytest.mark.parametrize("form", sorted(GRAPH_TYPES))
def test_describe_gives_the_thing(engine: Engine, form: str) -> None:
    """DESCRIBE in every format holds each triple that the thing is the subject of."""
    found = triples(engine.answer(f"{HEAD}DESCRIBE kgs:one", GRAPH_TYPES[form]).body, form)
    query = f"{HEAD}CONSTRUCT {{ {ONE} }} WHERE {{ {ONE} }}"
    assert found >= triples(engine.answer(query, GRAPH_TYPES[form]).body, form)


@pytest.mark.parametrize("form", sorted(GRAPH_TYPES))
def test_construct_of_nothing_is_an_empty_graph(engine: Engine, form: str) -> None:
    """CONSTRUCT that finds nothing answers with a graph without triples."""
    query = f"{HEAD}CONSTRUCT {{ ?s ?p ?o }} WHERE {{ ?s a kg:Nothing ; ?p ?o }}"
    assert triples(engine.answer(query, GRAPH_TYPES[form]).body, form) == set()


# --- graphs -------------------------------------------------------------------------------------


def test_the_default_graph_is_the_union(engine: Engine) -> None:
    """A pattern joins triples that stand in different graphs."""
    query = "SELECT ?claim WHERE { ?claim kg:platform/kg:realises kgc:yi-wang-tong-ban }"
    assert set(column(engine, query)) == {"kgcl:shanghai-one", "kgcl:shanghai-two"}


def test_the_union_counts_each_triple_once(engine: Engine) -> None:
    """As many triples as the text has lines: none is doubled by the union."""
    lines = small_nquads().count(b"\n")
    assert column(engine, "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }") == [str(lines)]


def test_graphs_have_their_names(engine: Engine) -> None:
    """GRAPH with a variable gives every named graph and no other."""
    graphs = column(engine, "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }")
    root = "https://w3id.org/dgkg/graph/"
    assert set(graphs) == {
        f"{root}{name}" for name in ("ontology", "reference", "source/one", "source/two")
    }


def test_a_graph_holds_its_own_triples_only(engine: Engine) -> None:
    """GRAPH with a name leaves out what other graphs say."""
    query = """SELECT ?claim WHERE {
      GRAPH <https://w3id.org/dgkg/graph/source/two> { ?claim a kg:Target } }"""
    assert column(engine, query) == ["kgcl:shanghai-two"]


def test_a_pattern_within_a_graph_does_not_join_across(engine: Engine) -> None:
    """Inside GRAPH a join over two graphs finds nothing."""
    query = "SELECT ?c WHERE { GRAPH ?g { ?c kg:platform/kg:realises ?concept } }"
    assert column(engine, query) == []


def test_what_two_sources_share_is_declared_once(engine: Engine) -> None:
    """A platform that two sources speak of is one platform with two claims."""
    query = """SELECT (COUNT(?platform) AS ?platforms) (COUNT(DISTINCT ?claim) AS ?claims) WHERE {
      { ?platform a kg:Platform } UNION { ?claim kg:platform kgp:sui-shen-ban } }"""
    (row,) = table(engine, query).rows
    assert [str(cell) for cell in row] == ["1", "2"]


def test_a_count_over_a_shared_concept_is_not_doubled(engine: Engine) -> None:
    """Regions that name a concept in two sources count once where the query says DISTINCT."""
    query = """SELECT (COUNT(DISTINCT ?region) AS ?n) WHERE {
      ?claim kg:names kgc:yi-wang-tong-ban ; kg:aboutRegion ?region }"""
    assert column(engine, query) == ["1"]


# --- terms --------------------------------------------------------------------------------------


def test_language_tags_come_along(engine: Engine) -> None:
    """A label comes with its language."""
    rows = table(engine, "SELECT ?label WHERE { kgr:shanghai skos:prefLabel ?label }").rows
    assert set(rows) == {(Term("literal", "上海", "zh"),), (Term("literal", "Shanghai", "en"),)}


def test_language_filters(engine: Engine) -> None:
    """LANG and LANGMATCHES tell languages apart."""
    query = """SELECT ?label WHERE { kgr:shanghai skos:prefLabel ?label .
      FILTER(LANG(?label) = "zh" && LANGMATCHES(LANG(?label), "ZH")) }"""
    assert column(engine, query) == ["上海"]


def test_chinese_literals_match_exactly(engine: Engine) -> None:
    """A Chinese label in a query finds its thing; without its language it does not."""
    query = 'SELECT ?t WHERE { { ?t skos:prefLabel "一网通办"@zh } UNION { ?t ?p "一网通办" } }'
    assert column(engine, query) == ["kgc:yi-wang-tong-ban"]


def test_chinese_text_is_counted_in_characters(engine: Engine) -> None:
    """STRLEN and SUBSTR count code points, also beyond the BMP."""
    query = 'SELECT (STRLEN("𠮷🙂一网") AS ?n) (SUBSTR("𠮷🙂一网", 3) AS ?rest) WHERE {}'
    (row,) = table(engine, query).rows
    assert [str(cell) for cell in row] == ["4", "一网"]


def test_chinese_regular_expressions(engine: Engine) -> None:
    """REGEX and CONTAINS work on Chinese labels."""
    query = """SELECT ?t WHERE { ?t a kg:PlatformConcept ; skos:prefLabel ?l .
      FILTER(REGEX(STR(?l), "^一网.办$") && CONTAINS(STR(?l), "通")) }"""
    assert column(engine, query) == ["kgc:yi-wang-tong-ban"]


def test_dates_have_their_datatype(engine: Engine) -> None:
    """A date is an `xsd:date` in its own lexical form."""
    rows = table(engine, "SELECT ?day WHERE { kgs:one dcterms:issued ?day }").rows
    assert rows == ((Term("literal", "2021-03-31", "", f"{XSD}date"),),)


def test_dates_compare_by_day(engine: Engine) -> None:
    """Dates are compared, and sorted, as days."""
    query = """SELECT ?claim WHERE { ?claim kg:latest ?day .
      FILTER(?day <= "2022-12-31"^^xsd:date) }"""
    assert column(engine, query) == ["kgcl:shanghai-one"]


def test_dates_sort(engine: Engine) -> None:
    """ORDER BY puts the earlier day first."""
    query = "SELECT ?claim WHERE { ?claim kg:latest ?day } ORDER BY DESC(?day)"
    assert column(engine, query) == ["kgcl:shanghai-two", "kgcl:shanghai-one"]


def test_decimals_keep_their_form(engine: Engine) -> None:
    """A decimal comes as it was written, without a float's noise."""
    rows = table(
        engine, "SELECT ?v WHERE { kgcl:shanghai-one kg:quantity/qudt:numericValue ?v }"
    ).rows
    assert rows == ((Term("literal", "99.5", "", f"{XSD}decimal"),),)


def test_decimals_and_integers_compare(engine: Engine) -> None:
    """A decimal and an integer are compared as numbers."""
    query = "SELECT ?q WHERE { ?q qudt:numericValue ?v . FILTER(?v > 99.9) }"
    assert column(engine, query) == ["kgcl:shanghai-two.quantity.1"]


def test_booleans_filter(engine: Engine) -> None:
    """A boolean literal is true or false in a filter."""
    query = "SELECT ?e WHERE { ?e kg:fromHeading ?heading . FILTER(?heading) }"
    assert column(engine, query) == ["kge:shanghai-two.1"]


# --- operators ----------------------------------------------------------------------------------


def test_minus_takes_away(engine: Engine) -> None:
    """MINUS leaves out what matches."""
    query = "SELECT ?r WHERE { ?r a kg:Region MINUS { ?r kg:level kg:level-province } }"
    assert column(engine, query) == ["kgr:china"]


def test_minus_without_a_shared_variable_takes_nothing(engine: Engine) -> None:
    """MINUS over other variables leaves every row."""
    query = "SELECT ?s WHERE { ?s a kg:SourceDocument MINUS { ?x a kg:Region } }"
    assert set(column(engine, query)) == {"kgs:one", "kgs:two"}


def test_not_exists_filters(engine: Engine) -> None:
    """FILTER NOT EXISTS keeps what has no match."""
    query = """SELECT ?c WHERE { ?c a kg:PlatformConcept .
      FILTER NOT EXISTS { ?x kg:realises ?c } FILTER NOT EXISTS { ?y skos:broader ?c }
      FILTER NOT EXISTS { ?c skos:prefLabel "五个一"@zh } }"""
    assert column(engine, query) == ["kgc:yi-wang-tong-guan"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("skos:broader*", {"kgc:yi-wang-tong-ban", "kgc:zheng-wu-fu-wu"}),
        ("skos:broader+", {"kgc:yi-wang-tong-ban"}),
        ("skos:broader?", {"kgc:yi-wang-tong-ban", "kgc:zheng-wu-fu-wu"}),
        ("^skos:broader", set[str]()),
        ("kg:realises/skos:broader", {"kgp:sui-shen-ban"}),
        ("(kg:names|^kg:realises)/skos:broader", {"kgcl:shanghai-one", "kgcl:shanghai-two"}),
    ],
)
def test_property_paths(engine: Engine, path: str, expected: set[str]) -> None:
    """Each kind of path leads to the things that it should."""
    query = f"SELECT DISTINCT ?thing WHERE {{ ?thing {path} kgc:zheng-wu-fu-wu }}"
    assert set(column(engine, query)) == expected


def test_aggregates(engine: Engine) -> None:
    """COUNT, SUM, AVG, MIN and MAX over decimals and integers are exact."""
    query = """SELECT (COUNT(?v) AS ?n) (SUM(?v) AS ?sum) (AVG(?v) AS ?avg) (MIN(?v) AS ?min)
      (MAX(?v) AS ?max) WHERE { ?q qudt:numericValue ?v }"""
    (row,) = table(engine, query).rows
    assert [str(cell) for cell in row] == ["2", "199.5", "99.75", "99.5", "100"]


def test_groups_with_having(engine: Engine) -> None:
    """GROUP BY and HAVING count by group."""
    query = """SELECT ?label (COUNT(?thing) AS ?n) WHERE { ?thing skos:prefLabel ?label }
      GROUP BY ?label HAVING(COUNT(?thing) > 1) ORDER BY STR(?label)"""
    rows = [[str(cell) for cell in row] for row in table(engine, query).rows]
    assert rows == [["Five ones", "2"], ["五个一", "2"]]


def test_an_aggregate_over_nothing_is_zero(engine: Engine) -> None:
    """COUNT over no match is one row with 0."""
    assert column(engine, "SELECT (COUNT(?x) AS ?n) WHERE { ?x a kg:Nothing }") == ["0"]


def test_subqueries_with_values(engine: Engine) -> None:
    """A subquery with VALUES inside is joined with what stands outside."""
    query = """SELECT ?label WHERE {
      { SELECT ?r (MIN(?start) AS ?first) WHERE {
          VALUES ?source { UNDEF } ?c kg:inSource ?source ; kg:aboutRegion ?r ; kg:start ?start
        } GROUP BY ?r }
      ?r skos:prefLabel ?label . FILTER(LANG(?label) = "zh" && ?first = 10) }"""
    assert column(engine, query) == ["上海"]


def test_optional_and_bind(engine: Engine) -> None:
    """OPTIONAL leaves a cell unbound, COALESCE fills it."""
    query = """SELECT ?out WHERE { VALUES ?r { kgr:china kgr:shanghai } ?r a kg:Region .
      OPTIONAL { ?r kg:abbreviation ?short } BIND(COALESCE(STR(?short), "无") AS ?out) }"""
    assert set(column(engine, query)) == {"沪", "无"}


# --- known limits: authors of queries work around them; a test that passes says when they go ----


def limit(request: pytest.FixtureRequest, engine: str, reason: str) -> None:
    """Expect the test to fail on one engine, and on no other."""
    if engine in request.node.name:
        request.applymarker(pytest.mark.xfail(reason=reason, raises=(AssertionError, QueryError)))


def test_optional_right_after_values(engine: Engine, request: pytest.FixtureRequest) -> None:
    """OPTIONAL keeps the rows of a VALUES block that it does not match."""
    limit(request, "rdflib", "https://github.com/RDFLib/rdflib/issues/2332")
    query = """SELECT ?r WHERE { VALUES ?r { kgr:china kgr:shanghai }
      OPTIONAL { ?r kg:abbreviation ?short } }"""
    assert set(column(engine, query)) == {"kgr:china", "kgr:shanghai"}


# --- names with dots ----------------------------------------------------------------------------


def test_a_curie_with_two_dots(engine: Engine) -> None:
    """A prefixed name may hold several dots (https://www.w3.org/TR/sparql11-query/#rPN_LOCAL)."""
    query = "SELECT ?v WHERE { kgcl:shanghai-one.quantity.1 qudt:numericValue ?v }"
    assert column(engine, query) == ["99.5"]


def test_a_curie_with_dots_may_end_a_triple(engine: Engine) -> None:
    """The dot that ends a triple right behind a name is no part of the name."""
    query = "SELECT ?p WHERE { ?s ?p kgcl:shanghai-one.quantity.1. ?s a kg:Claim.}"
    assert column(engine, query) == ["kg:quantity"]


@pytest.mark.parametrize(
    "text", ['"kge:a.b.c"', "'kge:a.b.c'", '"""kge:a.b.c"""', '"\\"kge:a.b.c"', '"# kge:a.b.c"']
)
def test_dots_in_a_literal_stay_as_they_are(engine: Engine, text: str) -> None:
    """What looks like a name inside a literal is text."""
    (found,) = column(engine, f"SELECT ({text} AS ?t) WHERE {{}} # it's kge:a.b.c")
    assert found.strip('"# ') == "kge:a.b.c"


def test_dots_in_an_iri_stay_as_they_are(engine: Engine) -> None:
    """What looks like a name inside an IRI is part of the IRI."""
    assert column(engine, "SELECT (STR(<urn:kge:a.b.c>) AS ?t) WHERE {}") == ["urn:kge:a.b.c"]


# --- errors -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "",
        "SELECT",
        "SELECT ?s WHERE { ?s ?p }",
        "SELECT ?s WHERE { ?s ?p ?o",
        "SELEC ?s WHERE { ?s ?p ?o }",
        "SELECT ?s WHERE { ?s ?p <not an iri> }",
        "SELECT ?s WHERE { ?s ?p ?o } ORDER ?s",
        "SELECT ?s WHERE { FILTER(?s = 'a }",
        "一网通办",
    ],
)
def test_a_syntax_error_is_a_query_error(engine: Engine, query: str) -> None:
    """A query that does not parse is told as such, in both languages."""
    with pytest.raises(QueryError, match=r"查询无法解析.*the query does not parse"):
        engine.answer(query, JSON_RESULTS)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?s WHERE { ?s foo:bar ?o }",
        "SELECT ?s WHERE { ?s skos:broader ?o }",
        "SELECT ?s WHERE { ?s ?p '1'^^xsd:integer }",
        "SELECT ?s WHERE { VALUES ?s { kgr:shanghai } }",
        "SELECT ?s WHERE { ?s (foo:a|^foo:b)* ?o }",
        "ASK { GRAPH foo:x { ?s ?p ?o } }",
        "SELECT ?s WHERE { { SELECT ?s WHERE { ?s :b ?o } } }",
    ],
)
def test_an_undeclared_prefix_is_a_query_error(engine: Engine, query: str) -> None:
    """A prefix that the query does not declare is an error, also a well-known one."""
    with pytest.raises(QueryError, match="the query does not parse"):
        engine.answer(query, JSON_RESULTS)


@pytest.mark.parametrize("update", ["INSERT DATA { <a:a> <b:b> <c:c> }", "CLEAR ALL", "DROP ALL"])
def test_an_update_is_a_query_error(engine: Engine, update: str) -> None:
    """An update is no query: it is refused and changes nothing."""
    with pytest.raises(QueryError):
        engine.answer(update, JSON_RESULTS)
    lines = small_nquads().count(b"\n")
    assert column(engine, "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }") == [str(lines)]


@pytest.mark.parametrize("media_type", [*GRAPH_TYPES.values(), "text/html", ""])
@pytest.mark.parametrize("query", ["SELECT ?s WHERE { ?s ?p ?o }", "ASK { ?s ?p ?o }"])
def test_rows_in_a_format_of_triples_are_refused(
    engine: Engine, query: str, media_type: str
) -> None:
    """SELECT and ASK in a format for triples, or an unknown one, is a usage error."""
    with pytest.raises(UsageError, match="srj srx csv tsv"):
        engine.answer(query, media_type)


@pytest.mark.parametrize("media_type", [*RESULT_TYPES.values(), "text/html", ""])
@pytest.mark.parametrize("query", ["CONSTRUCT WHERE { ?s ?p ?o }", "DESCRIBE <http://e/>"])
def test_triples_in_a_format_of_rows_are_refused(
    engine: Engine, query: str, media_type: str
) -> None:
    """CONSTRUCT and DESCRIBE in a format for rows, or an unknown one, is a usage error."""
    with pytest.raises(UsageError, match="ttl nt rdf"):
        engine.answer(query, media_type)


def test_an_engine_answers_on_after_an_error(engine: Engine) -> None:
    """A wrong query leaves the engine as it was."""
    with pytest.raises(QueryError):
        engine.answer("SELECT", JSON_RESULTS)
    assert set(column(engine, SHANGHAI.removeprefix(HEAD))) == {"上海", "Shanghai"}


def test_an_engine_that_loads_a_file_itself(release: Release) -> None:
    """Every engine can be filled from N-Quads, in memory."""
    lines = str(small_nquads().count(b"\n"))
    for empty in (OxigraphEngine(), RdflibEngine()):
        empty.load(release.dataset)
        assert column(empty, "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }") == [lines]
        empty.close()


# --- the guard ----------------------------------------------------------------------------------

AWAY: Final = "http://127.0.0.1:9/sparql"
"""An endpoint that nothing listens at."""
SOURCE_ONE: Final = "https://w3id.org/dgkg/graph/source/one"


@pytest.mark.parametrize(
    "inner",
    [
        f"SERVICE <{AWAY}> {{ ?a ?b ?c }}",
        f"service silent<{AWAY}>{{ ?a ?b ?c }}",
        f"?s ?p trueSERVICE<{AWAY}>{{ ?a ?b ?c }}",
        f"?s ?p 1SERVICE<{AWAY}>{{ ?a ?b ?c }}",
        "OPTIONAL {} SERVICEkg:x { ?a ?b ?c }",
        f"# '\r SERVICE <{AWAY}> {{ ?a ?b ?c }} #'",
        f"?s ?p ?o FILTER(?s<?o)#>'''\n SERVICE <{AWAY}> {{ ?a ?b ?c }} #'''\n",
        f"?s ?p 'it\\'s' . SERVICE <{AWAY}> {{ ?a ?b ?c }}",
    ],
)
def test_no_query_reaches_another_endpoint(engine: Engine, inner: str) -> None:
    """SERVICE is refused however it is written."""
    with pytest.raises(QueryError, match=r"SERVICE.*no SERVICE|小于号"):
        table(engine, f"SELECT * WHERE {{ {inner} }}")


def test_an_escaped_service_is_refused(engine: Engine) -> None:
    """SERVICE with a sign written as its code point reaches nothing either."""
    with pytest.raises(QueryError):
        table(engine, f"SELECT * WHERE {{ \\u0053ERVICE <{AWAY}> {{ ?a ?b ?c }} }}")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ('SELECT ("SERVICE" AS ?t) {}', "SERVICE"),
        ("SELECT ('LOAD FROM 服务' AS ?t) {}", "LOAD FROM 服务"),
        ('SELECT ("""a"SERVICE""" AS ?t) {}', 'a"SERVICE'),
        ("SELECT ?service { BIND(1 AS ?service) }", "1"),
        ("SELECT $from { BIND(1 AS $from) }", "1"),
        ("SELECT (STR(kg:service) AS ?t) {}", "https://w3id.org/dgkg/ontology#service"),
        ("SELECT (1 AS ?t) {} # SERVICE <a:b> {}", "1"),
        ("SELECT (STR(<http://e/SERVICE#from>) AS ?t) {}", "http://e/SERVICE#from"),
        ("SELECT ?t { BIND(1 AS ?t) FILTER(?t<2&&3>?t) }", "1"),
    ],
)
def test_what_only_looks_like_service_is_answered(
    engine: Engine, query: str, expected: str
) -> None:
    """Texts, variables, names, comments and IRIs may hold the guarded words."""
    assert column(engine, query) == [expected]


@pytest.mark.parametrize("word", ["LOAD <file:/x>", "INSERT DATA { <a:a> <b:b> 1 }", "DROP ALL"])
def test_an_update_is_told_as_one(engine: Engine, word: str) -> None:
    """An update is refused in both languages, by its own name."""
    with pytest.raises(QueryError, match=r"不作更新.*updates are not"):
        table(engine, word)


@pytest.mark.parametrize("graph", [f"<{SOURCE_ONE}>", "g:one"])
def test_from_chooses_the_default_graph(engine: Engine, graph: str) -> None:
    """FROM a graph of the dataset, as an IRI or a CURIE, leaves the others out."""
    query = "PREFIX g: <https://w3id.org/dgkg/graph/source/> SELECT ?s FROM % { ?s a kg:Target }"
    assert column(engine, query.replace("%", graph)) == ["kgcl:shanghai-one"]


def test_several_from_are_merged(engine: Engine) -> None:
    """The default graph is the union of the graphs that FROM names."""
    two = SOURCE_ONE.replace("one", "two")
    graphs = f"FROM <{SOURCE_ONE}> FROM <{two}>"
    query = "SELECT ?s % { ?s a kg:Target }"
    assert set(column(engine, query.replace("%", graphs))) == {
        "kgcl:shanghai-one",
        "kgcl:shanghai-two",
    }


def test_from_named_chooses_the_named_graphs(engine: Engine) -> None:
    """GRAPH sees only the graphs that FROM NAMED names."""
    query = "SELECT ?s FROM NAMED <%> { GRAPH ?g { ?s a kg:Target } }"
    assert column(engine, query.replace("%", SOURCE_ONE)) == ["kgcl:shanghai-one"]


@pytest.mark.parametrize(
    "clause",
    [f"FROM <{AWAY}>", f"FROM NAMED <{AWAY}>", f"FROM <{SOURCE_ONE}> FROM <{AWAY}>",
     "FROM <file:/x>", "FROM kg:nowhere", "FROM <urn:x-rdflib:default>"],
)  # fmt: skip
def test_from_a_graph_outside_is_refused(engine: Engine, clause: str) -> None:
    """FROM a graph that is not there is an error, or empty at a service; never a download."""
    query = f"SELECT DISTINCT ?claim {clause} WHERE {{ ?claim a kg:Target }}"
    if isinstance(engine, RemoteEngine):
        assert column(engine, query) == ["kgcl:shanghai-one"] * (SOURCE_ONE in clause)
        return
    with pytest.raises(QueryError, match=r"数据集中没有图.*the dataset has no graph"):
        table(engine, query)


def test_from_that_touches_another_word_is_refused(engine: Engine) -> None:
    """A parser may read FROM where no blank sets it off, so that is refused."""
    with pytest.raises(QueryError, match="leave a blank"):
        table(engine, f"ASKFROM<{SOURCE_ONE}>{{ ?s ?p ?o }}")


# --- errors while a query runs ------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (SUM(?x) AS ?x) { ?s qudt:numericValue ?x }",
        'SELECT ?s { ?s skos:prefLabel ?x FILTER(REGEX(STR(?x), "(")) }',
        'SELECT (REPLACE("a", "a", "$9") AS ?x) {}',
        'SELECT ("\ud800" AS ?x) {}',
        'SELECT ("\\uD800" AS ?x) {}',
        "SELECT ?s { ?s ?p ?o } LIMIT 99999999999999999999",
        "SELECT ?y (COUNT(?x) AS ?n) { ?s ?p ?x }",
    ],
)
def test_a_query_that_makes_no_sense_is_a_query_error_at_worst(engine: Engine, query: str) -> None:
    """What an engine cannot evaluate or write is a QueryError, or an answer where it can."""
    with contextlib.suppress(QueryError):
        assert engine.answer(HEAD + query, JSON_RESULTS).body


def test_rdflib_tells_a_bad_pattern() -> None:
    """The reference engine says what is wrong with a regular expression."""
    engine = RdflibEngine()
    with pytest.raises(QueryError, match=r"查询无法计算.*cannot be evaluated: missing"):
        engine.answer('SELECT (REGEX("a", "(") AS ?x) {}', JSON_RESULTS)


def test_rdflib_writes_no_broken_iri() -> None:
    """A triple with what is no IRI is a QueryError, not an exception of the writer."""
    query = 'CONSTRUCT { <a:s> ?p 1 } { BIND(IRI("a b") AS ?p) }'
    with pytest.raises(QueryError, match="no IRI"):
        RdflibEngine().answer(query, GRAPH_TYPES["ttl"])


class Broken:
    """A store whose disk fails."""

    def query(self, sparql: str, *, use_default_graph_as_union: bool) -> None:
        """Fail as a disk does."""
        raise OSError(f"no disk for {sparql} {use_default_graph_as_union}")


def test_oxigraph_tells_a_failing_disk() -> None:
    """An OSError while a query runs is a QueryError."""
    engine = OxigraphEngine()
    engine.store = Broken()  # type: ignore[assignment]
    with pytest.raises(QueryError, match="no disk"):
        engine.answer("ASK {}", JSON_RESULTS)
