"""A query that does not parse is told its place, and what was meant where that can be guessed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.web.sparql.bounds import rewritten
from kg.web.sparql.hints import KEYWORDS, bad_syntax

if TYPE_CHECKING:
    from kg.errors import QueryError

PLACE = re.compile(r"line (\d+), column (\d+): ")


def said_of(sparql: str) -> QueryError:
    """Give what is told of a query that the engine refuses."""
    with pytest.raises(SyntaxError) as caught:
        ox.Store().query(sparql)
    return bad_syntax(sparql, str(caught.value))


@pytest.mark.parametrize(
    ("sparql", "zh", "en"),
    [
        ("SELCT * {}", "是否想写 SELECT？", "line 1, column 1: SELCT: did you mean SELECT?"),
        ("select * wher {}", "是否想写 WHERE？", "column 10: wher: did you mean WHERE?"),
        ("ASK { ?s ?p ?o FILTR(?o) }", "是否想写 FILTER？", "did you mean FILTER?"),
        ("SELECT ?n { ?s ?p ?n } ORDRE BY ?n", "是否想写 ORDER？", "did you mean ORDER?"),
        ("SELECT * { 地区 ?p ?o }", "变量前须有 ?", "地区: not a keyword"),
        (
            "SELECT * {\n\n  ?s kg:names ?o }",
            "第 3 行第 6 列：kg:names：前缀未声明",
            "kg:names: no such prefix: begin with PREFIX kg: <https://w3id.org/dgkg/ontology#>",
        ),
        ("SELECT * { ?s skso:a ?o }", "是否想写 skos:", "did you mean skos:?"),
        (
            "PREFIX example: <http://example.org/> ASK { ?s exmple:a ?o }",
            "是否想写 example:",
            "the prefix exmple: is not declared; did you mean example:?",
        ),
        (
            "SELECT ?s (SUM(?o) AS ?t) {?s ?p ?o}",
            "第 1 行第 37 列：查询无法解析，SELECT 中有变量既不在 GROUP BY 中，也未聚合",
            "does not parse; SELECT has a variable that is neither grouped by nor aggregated",
        ),
        ("SELECT (1 AS ?x) (2 AS ?x) {}", "SELECT 中一个变量出现两次", "a variable twice"),
        ("SELECT ?s (1 AS ?s) {?s ?p ?o}", "已有的变量", "gives a variable a second value"),
        ("SELECT * {?s ?p ?o} GROUP BY ?s", "不能用 SELECT *", "no SELECT * with GROUP BY"),
        ("DESCRIBE <a>", "相对 IRI 而没有 BASE", "relative without a BASE"),
        ("ASK {?s http://a/b ?o}", "IRI 写在 < 与 > 之间", "an IRI stands between < and >"),
        ("ASK { ?s zzzzzz:a ?o }", "前缀 zzzzzz: 未声明", "the prefix zzzzzz: is not declared"),
        ("ASK { ?s ?p }", "第 1 行第 14 列：查询无法解析", "line 1, column 14: the query does not"),
        ("", "第 1 行第 1 列", "line 1, column 1: the query does not parse"),
        ("ASK { <relative> ?p ?o }", "查询无法解析", "the query does not parse"),
        ("SELECT ?x { ?s ?p ?o } GROUP BY ?s", "查询无法解析", "the query does not parse"),
    ],
)
def test_a_wrong_query_is_told(sparql: str, zh: str, en: str) -> None:
    """In both languages."""
    error = said_of(sparql)
    assert zh in error.zh
    assert en in error.en


@pytest.mark.parametrize(
    ("sparql", "column"),
    [
        ('ASK {?s ?p "service" . ?a ?b }', 31),
        ("PREFIX kgt: <https://w3id.org/dgkg/id/x/> ASK {kgt:a.b.c ?p ?o . ?a ?b }", 73),
        ("PREFIX service: <http://a/> ASK {service:b ?p ?o . ?a ?b }", 59),
        ("PREFIX a: <http://service/> ASK {?s a:b.c.d ?o . ?a ?b }", 57),
    ],
)
def test_the_place_is_one_of_the_query_as_it_came(sparql: str, column: int) -> None:
    """Though the parser sees another, in which no name and no text holds SERVICE."""
    with pytest.raises(SyntaxError) as caught:
        ox.Store().query(rewritten(sparql))
    assert f"line 1, column {column}: " in bad_syntax(sparql, str(caught.value)).en


@pytest.mark.parametrize(
    "sparql",
    [
        "ASK {_:a ?p ?o . {_:a ?p ?o}}",
        "SELECT * {?s ?p ?o} LIMIT -1",
    ],
)
def test_nothing_is_said_that_is_no_help(sparql: str) -> None:
    """Of a list that is not whole, or of what is not reported."""
    assert said_of(sparql).en.endswith(": the query does not parse")


def test_a_prefix_may_be_relative() -> None:
    """It is declared all the same."""
    error = said_of("BASE <http://e/> PREFIX a: <x#> SELECT ?s { ?s a:b }")
    assert "declared" not in error.en


@pytest.mark.parametrize(
    "sparql",
    [
        "# SELCT in a comment\nASK { ?s ?p }",
        "ASK { ?s ?p 'SELCT' . ?s ?p }",
        "ASK { <http://example.org/SELCT> ?p }",
        "ASK { ?SELCT ?p }",
        "ASK { 'x'@SELCT ?p }",
        "PREFIX selct: <http://example.org/> ASK { selct:selct ?p }",
        "ASK { _:selct ?p }",
    ],
)
def test_what_is_no_word_of_the_query_is_left_alone(sparql: str) -> None:
    """Texts, comments, IRIs, variables and names may hold any word."""
    error = said_of(sparql)
    assert "did you mean" not in error.en
    assert PLACE.search(error.en)


@pytest.mark.parametrize("word", sorted(KEYWORDS))
def test_no_keyword_is_taken_for_a_mistake(word: str) -> None:
    """In any case of its letters."""
    for written in (word, word.lower(), word.capitalize()):
        error = bad_syntax(f"{written} ]", "error at 1:2: expected nothing")
        assert "did you mean" not in error.en
        assert "not a keyword" not in error.en


def test_a_mistake_is_told_once_and_shortly() -> None:
    """However long the word is, or what the parser would have taken."""
    error = bad_syntax(f"ASK {'x' * 5000}", "error at 1:1: expected nothing")
    assert len(error.en) < 300
    long = "one of " + ", ".join(f'"{at}"' for at in range(1000))
    error = bad_syntax("ASK ]", f"error at 1:5: expected {long}")
    assert error.en.startswith("line 1, column 5: the query does not parse; there may be ")
    assert error.en.endswith("…")
    assert len(error.en) < 300
    assert len(bad_syntax("ASK ]", "no place is told " * 100).en) < 400


def test_what_the_service_does_not_take_is_not_proposed() -> None:
    """Though the parser would."""
    error = bad_syntax("ASK { ]", "error at 1:7: expected one of FILTER, LATERAL, SERVICE, [_]")
    assert error.en.endswith("there may be one of FILTER")


@given(st.text(max_size=80), st.text(max_size=80))
def test_whatever_is_wrong_something_is_told(sparql: str, said: str) -> None:
    """On one line, in both languages, and not too long."""
    error = bad_syntax(sparql, said)
    for told in (error.zh, error.en):
        assert 0 < len(told) < 700
        assert not re.search("[\r\n]", told)


PIECES = (
    *("SELECT", "ASK", "WHERE", "{", "}", "(", ")", ".", ";", ",", "?s", "?p", "?o", "kg:a", "_:b"),
    *(
        "'x'",
        '"y"@zh',
        "12",
        "FILTER",
        "OPTIONAL",
        "#c\n",
        "<http://e/>",
        "a",
        "^",
        "|",
        "上海",
        "\n",
    ),
)


@given(st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join))
def test_the_place_is_one_of_the_query(sparql: str) -> None:
    """Wherever a place is told, it stands in the query or just behind it."""
    said = ""
    try:
        ox.Store().query(sparql)
    except SyntaxError as error:
        said = str(error)
    told = PLACE.search(bad_syntax(sparql, said).en)
    lines = sparql.split("\n")
    line, column = (int(told[1]), int(told[2])) if told is not None else (1, 1)
    assert 1 <= line <= len(lines)
    assert 1 <= column <= len(lines[line - 1]) + 2
