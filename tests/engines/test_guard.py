"""What the guard lets through reaches nothing, and what only looks like a keyword is answered."""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox
import pytest
from graph_fixtures import HEAD, small_release
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.engines import ENGINES
from kg.engines.guard import disarm, guard, tokens
from kg.engines.oxigraph import OxigraphEngine
from kg.errors import QueryError
from kg.results import JSON_RESULTS, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.engines import Engine
    from kg.release import Release

AWAY: Final = "http://127.0.0.1:9/"
"""An endpoint that no client asks: Oxigraph says so where it would."""
CALL: Final = f"SERVICE<{AWAY}>{{ ?a ?b ?c }}"


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """Give the small graph as a release."""
    return small_release(tmp_path_factory.mktemp("guard"))


@pytest.fixture(scope="module", params=sorted(ENGINES))
def engine(release: Release, request: pytest.FixtureRequest) -> Iterator[Engine]:
    """Give each engine over the small graph."""
    opened = ENGINES[request.param](release.path)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def oxigraph(release: Release) -> Iterator[OxigraphEngine]:
    """Give Oxigraph, whose parser needs no blanks between keywords."""
    opened = OxigraphEngine(release.path / "store")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def bare(release: Release) -> ox.Store:
    """Give the store without any guard."""
    return ox.Store.read_only(str(release.path / "store"))


# --- what would reach out -----------------------------------------------------------------------

GLUED: Final = [
    f"?s ?p ?o.{CALL}",
    f"?s ?p ?o FILTER(true){CALL}",
    f"?s ?p ?o FILTER(?o=true){CALL}",
    f"OPTIONAL {{ ?s ?p true }}{CALL}",
    f"VALUES ?x {{ true }}{CALL}",
    f'VALUES ?x {{ """ "}}{CALL}#\\q"""\n',
    f"VALUES ?x {{ ''' '}}{CALL}#\\q'''\n",
    f"VALUES ?x {{ <http://e/\\u0041#> }}{CALL}",
    "SERVICE:nine{ ?a ?b ?c }",
    "service:nine{ ?a ?b ?c }",
    "VALUES ?x { kg:a.b }service:nine{ ?a ?b ?c }",
    f"# '\r {CALL} #'\n",
    f"VALUES (?s ?o) {{ (1 2) }} FILTER(?s<?o)#>'''\n {CALL} #'''\n",
]
"""Groups that make Oxigraph ask another endpoint."""
PREFIXES: Final = f"{HEAD}PREFIX : <{AWAY}> PREFIX service: <http://e/> PREFIX port: <http://e:8>\n"


@pytest.mark.parametrize("group", GLUED)
def test_without_the_guard_it_would_reach_out(bare: ox.Store, group: str) -> None:
    """The parser finds SERVICE there, so what the next test shows is the guard's doing."""
    sparql = f"{PREFIXES}SELECT * {{ {group} }}"
    rows = bare.query(sparql, use_default_graph_as_union=True)
    assert isinstance(rows, ox.QuerySolutions)
    with pytest.raises(OSError, match="port 9"):
        list(rows)


@pytest.mark.parametrize("group", [*GLUED, f"?s ?p port:{CALL}", f"?s ?p port:a.b.{CALL}"])
def test_with_the_guard_it_reaches_nothing(engine: Engine, group: str) -> None:
    """It is refused, or it no longer parses; the endpoint is never asked."""
    with pytest.raises(QueryError) as caught:
        engine.answer(f"{PREFIXES}SELECT * {{ {group} }}", JSON_RESULTS)
    assert not isinstance(caught.value.__cause__, OSError)


@pytest.mark.parametrize("mark", ["'", '"'])
def test_what_only_looks_like_a_text_hides_nothing(mark: str) -> None:
    r"""With `\q`, which is no sign of a text, the long text ends as two short ones."""
    sparql = f"SELECT * {{ VALUES ?x {{ {3 * mark} {mark}}}{CALL}#\\q{3 * mark}\n }}"
    with pytest.raises(QueryError, match=r"no SERVICE|has no end"):
        guard(sparql, lambda _: True)


@pytest.mark.parametrize("piece", ['\\"', "a.", "a-", "a:b....c", '"', "a:-", "..", "<a", "\\u"])
def test_long_texts_are_read_in_no_time(piece: str) -> None:
    """Twice as long takes twice as long, not four times: else this would not end."""
    for text in (piece * 30_000, f'"{piece * 30_000}', f"ASK {{ {piece * 30_000}"):
        found = tokens(text)
        assert sum(len(token.text) for token in found) <= len(text)
        assert [token.start for token in found] == sorted({token.start for token in found})


def test_a_text_without_an_end_is_told_its_place() -> None:
    """Line and column of where it begins."""
    with pytest.raises(QueryError, match="line 2, column 3"):
        guard('ASK {\n  "abc }', lambda _: True)


PIECES: Final = [
    *("SERVICE", "service", "SERVICE:nine", "service:nine", "port:SERVICE", "trueservice:a"),
    *(CALL, f"<{AWAY}>", "{ ?a ?b ?c }", ":nine", "kg:a", "kg:a.b.", "_:b", "true", "1", "1.5e3"),
    *("?s ?p ?o", "?s", "?", "$", "?service", "a", "=", "<", ">", "<http://e/\\u0041#>", "<#'>"),
    *("'", '"', "'''", '"""', "\\", "\\q", "\\u0022", "#", "\n", "\r", " ", "@en", "^^"),
    *("{", "}", "(", ")", "[", "]", ".", ";", ",", "*", "|", "^", "µ", "·", "\u0302"),
    *("FILTER(", "VALUES ?x {", "OPTIONAL {", "BIND(", " AS ?y)", "GRAPH ?g {", "UNION", "MINUS {"),
]
"""What queries are glued together from: keywords, and the ends of all that hides them."""
GLUE: Final = st.lists(st.sampled_from(PIECES), max_size=4).map("".join)


@settings(max_examples=300)
@given(GLUE, st.sampled_from(["", CALL, *GLUED]), GLUE)
def test_however_it_is_glued_nothing_is_reached(
    oxigraph: OxigraphEngine, before: str, group: str, after: str
) -> None:
    """Whatever the parser makes of a query, no connection is tried."""
    reached = False
    try:
        oxigraph.answer(f"{PREFIXES}SELECT * {{ {before}{group}{after}\n }}", JSON_RESULTS)
    except QueryError as error:
        reached = isinstance(error.__cause__, OSError)
    assert not reached


@settings(max_examples=300)
@given(GLUE, st.sampled_from(["", CALL, *GLUED]), GLUE)
def test_what_the_parser_sees_has_the_word_in_variables_only(
    before: str, group: str, after: str
) -> None:
    """So a reading of the guard that differs from the parser's does no harm."""
    written = ""
    with contextlib.suppress(QueryError):
        written = disarm(f"{PREFIXES}SELECT * {{ {before}{group}{after}\n }}")
    assert "service" not in re.sub(r"[?$]\w+", "", written).lower()


# --- what only looks like it --------------------------------------------------------------------

NAMES: Final = f"""{HEAD}PREFIX service: <http://e/>
PREFIX # its IRI is on the next line
  myservice: <http://e/service/> PREFIX from: <http://e/from/> PREFIX aFROM: <http://e/a/>
PREFIX r: <http://e/r/> """


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT (STR(service:a) AS ?t) {}", "http://e/a"),
        ("SELECT (STR(service:) AS ?t) {}", "http://e/"),
        ("SELECT (STR(myservice:a.b.c) AS ?t) {}", "http://e/service/a.b.c"),
        ("SELECT (STR(from:service) AS ?t) {}", "http://e/from/service"),
        ("SELECT (STR(aFROM:x) AS ?t) {}", "http://e/a/x"),
        ("SELECT (STR(r:SERVICE) AS ?t) {}", "http://e/r/SERVICE"),
        ("SELECT (STR(r:from) AS ?t) {}", "http://e/r/from"),
        ('SELECT (STR(DATATYPE("x"^^service:x)) AS ?t) {}', "http://e/x"),
        ("SELECT ?t { BIND(1 AS ?t) FILTER(!(?t<service:b)||true) }", "1"),
        ("SELECT ?t { BIND(1 AS ?t) MINUS { ?t service:a|^from:b/(r:service)* ?t } }", "1"),
        ("ASK { _:Service a kg:Region . _:Service kg:level kg:level-province }", "true"),
        ("SELECT ?service { BIND('Service' AS ?service) } # service:", "Service"),
        ("SELECT ('''\"service\"''' AS ?t) {}", '"service"'),
        ("SELECT (STR(<http://e/\\u0041#service>) AS ?t) {}", "http://e/A#service"),
    ],
)
def test_a_declared_prefix_may_hold_a_keyword(engine: Engine, query: str, expected: str) -> None:
    """A name whose prefix is declared is a name, whatever its letters."""
    answer = Table.from_answer(engine.answer(NAMES + query, JSON_RESULTS))
    assert [str(cell) for row in answer.rows for cell in row] == [expected]


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("SELECT * { ?s myservice:a ?o }", "SERVICE"),
        ("PREFIX myservice: <e> SELECT * { ?s myservice:a ?o }", "SERVICE"),
        ("SELECT * { ?s my:service ?o }", "SERVICE"),
        ("ASKfrom:x { ?s ?p ?o }", "FROM"),
    ],
)
def test_another_prefix_is_to_be_declared(engine: Engine, query: str, word: str) -> None:
    """The message says which, and how."""
    with pytest.raises(QueryError, match=rf"{word}.*用完整的 IRI 声明.*declare it with a full IRI"):
        engine.answer(query, JSON_RESULTS)


def test_a_name_that_is_declared_is_never_read_as_from(engine: Engine) -> None:
    """`ASKfrom:x` is a name then, which makes no query."""
    query = "PREFIX : <http://e/> PREFIX ASKfrom: <http://e/> ASKfrom:x { ?s ?p ?o }"
    with pytest.raises(QueryError, match="the query does not parse"):
        engine.answer(query, JSON_RESULTS)


def test_an_escaped_sign_of_a_name_is_written_plain() -> None:
    """In an IRI it needs no backslash; every use of the name is written out."""
    written = disarm(r"PREFIX service: <a:> ASK { service:a\.b ?p service:c }")
    assert written == "   ASK {  <a:a.b>  ?p  <a:c>  }"


def test_a_query_without_the_words_stays_as_it_is() -> None:
    """Then errors of the parser name the places of the query as it was written."""
    query = f"{HEAD}SELECT * {{ ?s kg:form ?o ; kg:fro 'm' }} # ser vice"
    assert disarm(query) == query


def test_names_with_from_stay_as_they_are() -> None:
    """Only a prefix could be taken for FROM, and FROM reaches nothing."""
    query = f"{HEAD}ASK {{ ?s kg:fromHeading ?from }} # from 'FROM'"
    assert disarm(query) == query
