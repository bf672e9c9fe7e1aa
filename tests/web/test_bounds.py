"""Queries are admitted or refused before any engine sees them, quickly and without exception."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Final

import pytest
from graph_fixtures import ROOT
from hypothesis import example, given
from hypothesis import strategies as st

from kg.catalogue import Catalogue
from kg.engines.guard import disarm, escape_dots, guard, tokens
from kg.errors import QueryError, RefusedError, TooMuchError
from kg.web.sparql import bounds
from kg.web.sparql.bounds import DEPTH, LENGTH, SIGNS, WORDS, admit, glance

PLAIN: Final = (
    'SELECT * WHERE { ?s <http://www.w3.org/2004/02/skos/core#prefLabel> "上海"@zh } LIMIT 5'
)


def admitted(sparql: str, *graphs: str) -> bounds.Admitted:
    """Let a query through to a dataset of some graphs, as the service and its worker do."""
    if glance(sparql).plain:
        return bounds.Admitted(sparql, chosen=False)
    return admit(sparql, graphs.__contains__)


@pytest.mark.parametrize("query", list(Catalogue(ROOT / "queries")))
def test_every_saved_question_is_admitted(query: str) -> None:
    """No question of ours is too large, or gives another answer each time."""
    sparql = Catalogue(ROOT / "queries").get(query).sparql
    assert admitted(sparql).sparql
    assert glance(sparql).stable


def test_a_plain_query_is_left_as_it_is() -> None:
    """It goes to the engine unchanged, over the whole dataset, and may be cached."""
    assert (glance(PLAIN), admitted(PLAIN)) == ((True, True), (PLAIN, False))


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://a/> { ?s ?p ?o } }",
        "SELECT * { service <http://a/> { ?s ?p ?o } }",
        "SELECT * { ?s ?p ?o SERVICE SILENT ?g { } }",
        "SELECT * { ?s ?p 1SERVICE <http://a/> { } }",
        "LOAD <http://a/>",
        "INSERT DATA { <a:b> <a:b> <a:b> }",
        "DELETE WHERE { ?s ?p ?o }",
        "CLEAR ALL",
        "SELECT * FROM <http://a/> { }",
        "SELECT * FROM NAMED <file:///etc/passwd> { }",
        "BASE <http://a/> SELECT * FROM <b> { }",
    ],
)
def test_what_leaves_home_is_refused(query: str) -> None:
    """SERVICE, updates and graphs of others, whatever stands around them."""
    with pytest.raises(RefusedError):
        admitted(query)


@pytest.mark.parametrize(
    ("query", "graph"),
    [
        ("SELECT * FROM <http://a/b> { }", "http://a/b"),
        ("BASE <http://a/x> SELECT * FROM NAMED <b> { }", "http://a/b"),
        ("PREFIX g: <http://a/> SELECT * FROM g:b { }", "http://a/b"),
    ],
)
def test_a_graph_of_the_dataset_may_be_chosen(query: str, graph: str) -> None:
    """FROM is taken where the dataset has the graph, and then chooses the dataset."""
    assert admitted(query, graph).chosen


@pytest.mark.parametrize(
    ("query", "stable"),
    [
        ("SELECT (NOW() AS ?t) {}", False),
        ("SELECT (rand() AS ?t) {}", False),
        ("SELECT (STRUUID() AS ?t) {}", False),
        ("SELECT ?known { ?known ?brand ?o }", True),
    ],
)
def test_what_changes_by_itself_is_told(query: str, stable: bool) -> None:
    """An answer that is another one each time must not be taken for known."""
    assert glance(query).stable is stable


@pytest.mark.parametrize(
    ("make", "most"),
    [
        (lambda n: "ASK " + "{" * n + "}" * n, DEPTH),
        (lambda n: "ASK { FILTER" + "(" * (n - 1) + "1" + ")" * (n - 1) + " }", DEPTH),
        (lambda n: "ASK { ?s ?p " + "[<a:p> " * (n - 1) + "1" + "]" * (n - 1) + " }", DEPTH),
        (lambda n: "ASK { " + "UNION {} " * (n - 1) + "}", WORDS),
        (lambda n: "ASK { FILTER(1" + "+1" * n + ") }", SIGNS),
    ],
)
def test_bounds_are_exact(make: object, most: int) -> None:
    """As many as are allowed are admitted, one more is not."""
    assert callable(make)
    admitted(make(most))
    with pytest.raises(QueryError, match=str(most + 1)):
        admitted(make(most + 1))


def test_brackets_in_texts_iris_and_comments_do_not_count() -> None:
    """Only what a parser would open is counted."""
    many = "(" * (DEPTH + 50)
    for query in (f'ASK {{ ?s ?p "{many}" }}', f"ASK {{ ?s ?p <a:{many}> }}", f"ASK {{}} # {many}"):
        assert admitted(query).sparql == query


def test_a_query_has_a_greatest_length() -> None:
    """It is told before anything of it is read."""
    admitted("ASK {} #" + "x" * (LENGTH - 8))
    with pytest.raises(TooMuchError):
        admitted("ASK {} #" + "x" * (LENGTH - 7))


@pytest.mark.parametrize("sign", ["\0", "\x1b", "\u202e", "\u2066", "\x85"])
def test_what_cannot_be_seen_is_refused(sign: str) -> None:
    """A control character, or one that turns text around, hides what a query says."""
    with pytest.raises(QueryError, match="u") as caught:
        admitted(f'ASK {{ ?s ?p "{sign}" }}')
    assert sign not in str(caught.value)


PIECES: Final = st.sampled_from(
    [
        *("SELECT", "ASK", "SERVICE", "FROM", "NAMED", "LOAD", "now", "INSERT", "WITH", "a"),
        *(
            "{",
            "}",
            "(",
            ")",
            "[",
            "]",
            ".",
            ";",
            " ",
            "\n",
            "#",
            '"',
            "'",
            "<",
            ">",
            "\\",
            "\\u0053",
        ),
        *("?s", "<a:b>", "kg:a.b.c", '"x"', "service:", "1", "BASE", "PREFIX", "上海", "ſervice"),
    ]
)


@given(st.lists(PIECES, max_size=40).map("".join))
@example("ASK { ?a<?b)#> SERVICE <http://a/> {} }")
@example("ASK {FILTER(trueSERVICE)}")
def test_the_short_way_admits_nothing_that_the_long_way_refuses(query: str) -> None:
    """A query that is let through without a closer look would be let through with one, as it is."""
    unfinished = any(token.kind == "unfinished" for token in tokens(query))
    if unfinished or not bounds._is_plain(query):  # noqa: SLF001 -- no parser takes the former
        return
    found = admitted(query)
    bounds._measure(query)  # noqa: SLF001
    assert not guard(query, lambda _: False)
    assert disarm(escape_dots(query)) == query == found.sparql
    assert not re.search("service", found.sparql, re.IGNORECASE | re.ASCII)


@given(st.text(min_size=1, max_size=300))
def test_any_text_is_admitted_or_refused(text: str) -> None:
    """Nothing but an error of ours comes of any text."""
    with suppress(QueryError):
        assert admitted(text).sparql
