"""A worker's answers: the standard's formats, whole or refused, counted exactly."""

from __future__ import annotations

import csv
import io
import json
from typing import Any, Final
from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest

from kg.errors import NotOfferedError, QueryError, TooMuchError
from kg.web import negotiation
from kg.web.limits import Limits
from kg.web.sparql import answers
from kg.web.sparql.answers import ROWS, TRIPLES, answer, count_rows

LIMITS: Final = Limits(10, 1 << 30, 1000, 1 << 20)
TRICKY: Final = ['}},{"', "a,{b", "x\r\ny", '"\n"', "<result>", "\\", '\\"', "[{", "上海", "\t", ""]
"""Texts that look like the ends of rows."""


def asked(sparql: str, wanted: tuple[str, str], limits: Limits = LIMITS) -> bytes:
    """Answer a query over nothing."""
    return answer(ox.Store(), sparql, wanted, limits)[1]


def rows(texts: list[str]) -> str:
    """Give a query whose rows hold some texts, and one that is empty."""
    values = " ".join(f"({ox.Literal(text)})" for text in texts)
    return f"SELECT * {{ VALUES (?x) {{ {values} (UNDEF) }} }}"


def test_negotiation_knows_what_can_be_written() -> None:
    """The formats that are offered are those that there are."""
    assert set(negotiation.ROWS) == set(ROWS)
    assert set(negotiation.TRIPLES) == set(TRIPLES)


@pytest.mark.parametrize("media_type", ROWS)
@pytest.mark.parametrize("count", [0, 1, 2, len(TRICKY)])
def test_rows_are_counted_exactly(media_type: str, count: int) -> None:
    """Whatever the texts hold."""
    body = asked(rows(TRICKY[:count]), (media_type, ""))
    assert count_rows(body, media_type) == count + 1
    assert body.count(answers.MARKS[media_type]) >= count


@pytest.mark.parametrize("media_type", ROWS)
def test_an_answer_without_rows_has_none(media_type: str) -> None:
    """Nor has an ASK."""
    for query in ("SELECT ?x { FILTER(false) }", "ASK {}"):
        assert count_rows(asked(query, (media_type, "")), media_type) == 0


@pytest.mark.parametrize("media_type", ROWS)
def test_the_bound_of_rows_is_exact(media_type: str) -> None:
    """As many as are allowed are given, one more is too much."""
    query = rows(TRICKY[:4])
    asked(query, (media_type, ""), Limits(10, 1 << 30, 5, 1 << 20))
    with pytest.raises(TooMuchError, match="4 rows"):
        asked(query, (media_type, ""), Limits(10, 1 << 30, 4, 1 << 20))


@pytest.mark.parametrize("media_type", TRIPLES)
def test_the_bound_of_triples_is_exact(media_type: str) -> None:
    """As with rows."""
    query = "CONSTRUCT { <a:s> <a:p> ?x } { VALUES ?x { 1 2 3 } }"
    asked(query, ("", media_type), Limits(10, 1 << 30, 3, 1 << 20))
    with pytest.raises(TooMuchError, match="2 rows"):
        asked(query, ("", media_type), Limits(10, 1 << 30, 2, 1 << 20))


@pytest.mark.parametrize("wanted", [(name, "") for name in ROWS] + [("", n) for n in TRIPLES])
def test_the_bound_of_bytes_stops_the_writing(wanted: tuple[str, str]) -> None:
    """Not only what is written, but the engine that writes."""
    form = "SELECT ?x" if wanted[0] else "CONSTRUCT { <a:s> <a:p> ?x }"
    query = form + " { VALUES ?x { " + " ".join(map(str, range(500))) + " } }"
    with pytest.raises(TooMuchError, match="900 bytes"):
        asked(query, wanted, Limits(10, 1 << 30, 10**6, 900))


def test_every_format_of_rows_reads_back() -> None:
    """By other readers than those that wrote it."""
    query = rows(TRICKY)
    expected = [*TRICKY, None]
    document: Any = json.loads(asked(query, ("application/sparql-results+json", "")))
    found = [row.get("x", {}).get("value") for row in document["results"]["bindings"]]
    assert found == expected
    lines = asked(query, ("text/csv", "")).decode()
    assert [row[0] if row else "" for row in csv.reader(io.StringIO(lines, newline=""))][1:] == [
        text or "" for text in expected
    ]
    tree = ET.fromstring(asked(query, ("application/sparql-results+xml", "")))  # noqa: S314
    ns = "{http://www.w3.org/2005/sparql-results#}"
    literals = [result.find(f".//{ns}literal") for result in tree.iter(f"{ns}result")]
    assert [None if one is None else one.text or "" for one in literals] == expected


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ('SELECT ("\\u0001" AS ?x) {}', ("application/sparql-results+xml", "")),
        ('CONSTRUCT { <a:s> <a:p> "\\u0008" } {}', ("", "application/rdf+xml")),
        ('SELECT ("\\uFFFF" AS ?x) {}', ("application/sparql-results+xml", "")),
        ('CONSTRUCT { <a:s> <http://a/1> "x" } {}', ("", "application/rdf+xml")),
        ('CONSTRUCT { <a:s> <http://a/> "x" } {}', ("", "application/rdf+xml")),
    ],
)
def test_what_xml_cannot_hold_is_refused_by_name(query: str, wanted: tuple[str, str]) -> None:
    """Never an XML that no parser takes, never a character that was not there."""
    with pytest.raises(NotOfferedError, match="XML"):
        asked(query, wanted)


@pytest.mark.parametrize(
    ("query", "wanted"),
    [("ASK {}", ("", "text/turtle")), ("CONSTRUCT {} {}", ("text/csv", ""))],
)
def test_a_format_that_does_not_fit_is_told(query: str, wanted: tuple[str, str]) -> None:
    """Rows are not given as triples, nor triples as rows."""
    with pytest.raises(NotOfferedError):
        asked(query, wanted)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("SELCT * {}", "line 1, column 1: SELCT: did you mean SELECT?"),
        ("SELECT *\n{ ?s kg:aboutRegion ?o }", "line 2, column 6: kg:aboutRegion: no such prefix"),
        ("SELECT * { ?s kgx:a ?o }", "did you mean"),
        ("SELECT * { 地区 ?p ?o }", "not a keyword"),
        ("SELECT * { ?s ?p }", "line 1, column 19: the query does not parse"),
        ("", "line 1, column 1"),
        ("SELECT * { <relative> ?p ?o }", "does not parse"),
    ],
)
def test_a_query_that_does_not_parse_is_told_its_place(query: str, told: str) -> None:
    """With line and column, and what was meant where that can be guessed."""
    with pytest.raises(QueryError) as caught:
        asked(query, ("text/csv", ""))
    assert told in caught.value.en
