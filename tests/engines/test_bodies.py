"""A body is an answer when it is whole, of the format asked for and of the kind asked."""

from __future__ import annotations

import json
from typing import Final

import pytest

from kg.engines.bodies import ALIASES, flaw
from kg.results import GRAPH_TYPES, RESULT_TYPES

ROWS: Final = '{"head":{"vars":["s"]},"results":{"bindings":[%s]}}'
CELL: Final = '{"s":{"type":"literal","value":"一","xml:lang":"zh"}}'
ASKED: Final = '{"head":{},"boolean":true}'
NS: Final = "http://www.w3.org/2005/sparql-results#"
XML: Final = f'<?xml version="1.0"?><sparql xmlns="{NS}"><head/><results/></sparql>'
ASKED_XML: Final = f'<sparql xmlns="{NS}"><head/><boolean>true</boolean></sparql>'
RDF: Final = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="a:a" xmlns:b="b:"><b:c>1</b:c></rdf:Description></rdf:RDF>'
)
MEDIA_TYPES: Final = {**RESULT_TYPES, **GRAPH_TYPES}


def wrong(form: str, body: str | bytes, *, ask: bool = False, framed: bool = True) -> str:
    """Give what is wrong with a body, or nothing."""
    data = body.encode() if isinstance(body, str) else body
    found = flaw(data, MEDIA_TYPES[form], ask=ask, framed=framed)
    return found.en if found else ""


def test_every_format_is_known() -> None:
    """What an engine can be asked for is what is checked."""
    assert set(ALIASES) == set(MEDIA_TYPES.values())


@pytest.mark.parametrize(
    ("form", "body"),
    [
        ("srj", ROWS % ""),
        ("srj", ROWS % f"{CELL},{{}}"),
        ("srj", ROWS % '{"s":{"type":"bnode","value":"b0"}}'),
        ("srj", ROWS % r'{"s":{"type":"literal","value":"\ud83d\ude42"}}'),
        ("srx", XML),
        ("csv", "a,b\r\n1,\r\n"),
        ("csv", "a,b\n1,2"),
        ("csv", 'a,b\r\n"x,""\r\n",2\r\n'),
        ("csv", f'a\r\n"{"x" * 200_000}"\r\n'),
        ("csv", "a\r\n\r\n\r\n"),
        ("tsv", "?a\t?b\n\t\n1\t2\n"),
        ("tsv", "?a\n\n\n"),
        ("tsv", '?a\n"\u2028\x85"\n'),
        ("ttl", ""),
        ("ttl", "@prefix a: <b:> . a:b a:c a:d ."),
        ("ttl", "<a:b> <c:d> <relative> ."),
        ("nt", "<a:a> <b:b> <c:c> .\n"),
        ("rdf", RDF),
    ],
)
def test_a_whole_body_is_an_answer(form: str, body: str) -> None:
    """Rows and triples in every format, empty ones included."""
    assert wrong(form, body) == ""


@pytest.mark.parametrize(
    ("form", "body"),
    [("srj", ASKED), ("srx", ASKED_XML), ("csv", "true"), ("tsv", "false"), ("csv", "_ask\ntrue")],
)
def test_a_yes_or_no_is_an_answer(form: str, body: str) -> None:
    """ASK in every format."""
    assert wrong(form, body, ask=True) == ""


@pytest.mark.parametrize("form", sorted(MEDIA_TYPES))
@pytest.mark.parametrize("body", [b"\xff", "\ufeff\u4e00".encode("utf-16"), b"\x1f\x8b\x08\x00"])
def test_what_is_no_text_is_no_answer(form: str, body: bytes) -> None:
    """Every format is UTF-8."""
    assert wrong(form, body) == "it is cut off, or not of the format asked for"


@pytest.mark.parametrize(
    ("form", "whole"),
    [("srj", ROWS % CELL), ("srx", XML), ("rdf", RDF)],
)
def test_no_beginning_of_a_body_is_an_answer(form: str, whole: str) -> None:
    """Wherever JSON or XML is cut off, it is seen."""
    assert [at for at in range(len(whole)) if not wrong(form, whole[:at])] == []


@pytest.mark.parametrize(
    ("form", "body"),
    [
        ("csv", ""),
        ("csv", "a,b\r\n1"),
        ("csv", 'a,b\r\n1,"x'),
        ("csv", "a,b\r\n1,2\r\nError: out of memory\r\n"),
        ("tsv", ""),
        ("tsv", "?a\t?b\n1\n"),
        ("tsv", "?a\t?b\n1\t2\n!!!!>># An error has occurred\n"),
        ("ttl", "<a:a> <b:b> "),
        ("ttl", "<html><body>Sorry</body></html>"),
        ("nt", "<a:a> <b:b> <c:c"),
        ("nt", "<a:a> <b:b> <c:c> .\n# x\njava.lang.Error"),
    ],
)
def test_a_torn_row_is_no_answer(form: str, body: str) -> None:
    """A row or triple that is not whole, or a message behind the rows, is seen."""
    assert wrong(form, body) == "it is cut off, or not of the format asked for"


@pytest.mark.parametrize(
    ("form", "body"), [("csv", "a\n1\n"), ("tsv", "?a\n1\n"), ("nt", ""), ("ttl", "")]
)
def test_a_format_without_an_end_needs_a_length(form: str, body: str) -> None:
    """Rows and triples may stop anywhere: without a length nobody knows."""
    assert wrong(form, body) == ""
    assert wrong(form, body, framed=False).startswith("its length is not told")


@pytest.mark.parametrize(("form", "body"), [("srj", ROWS % ""), ("srx", XML), ("rdf", RDF)])
def test_a_format_with_an_end_needs_no_length(form: str, body: str) -> None:
    """JSON and XML are whole when they parse."""
    assert wrong(form, body, framed=False) == ""


@pytest.mark.parametrize(
    "body",
    [
        "null",
        "[]",
        "{}",
        '{"head":null,"results":{}}',
        '{"head":{},"results":{"bindings":[]}}',
        '{"head":{"vars":[1]},"results":{"bindings":[]}}',
        '{"head":{"vars":["s"]}}',
        '{"head":{"vars":["s"]},"results":[]}',
        '{"head":{"vars":["s"]},"results":{"bindings":{}}}',
        ROWS % "1",
        ROWS % '{"s":1}',
        ROWS % '{"s":{"type":"literal"}}',
        ROWS % '{"s":{"value":"1"}}',
        ROWS % '{"s":{"type":"literal","value":1}}',
        ROWS % '{"s":{"type":"triple","value":{}}}',
        ROWS % '{"s":{"type":"literal","value":"1","datatype":null}}',
        ROWS % '{"s":{"type":"literal","value":"1","xml:lang":1}}',
        ROWS % r'{"s":{"type":"literal","value":"\ud83d"}}',
        ROWS % "NaN",
        (ROWS % "") + " x",
        "[" * 100_000,
        f'{{"head":{"9" * 5000}}}',
        '{"error": "no such repository"}',
    ],
)
def test_json_that_is_no_result_is_no_answer(body: str) -> None:
    """Everything that a table is made of is there, and is of its type."""
    assert wrong("srj", body) == "it is cut off, or not of the format asked for"


@pytest.mark.parametrize(
    "body",
    [
        "<html/>",
        "<sparql/>",
        f'<!DOCTYPE sparql [<!ENTITY a "b">]>{XML.partition("?>")[2]}',
        f"{XML}<more/>",
        "",
        f'<x><sparql xmlns="{NS}"/></x>',
    ],
)
def test_xml_that_is_no_result_is_no_answer(body: str) -> None:
    """Another root, or a document type that could define entities, is refused."""
    assert wrong("srx", body) == "it is cut off, or not of the format asked for"


@pytest.mark.parametrize(
    ("form", "body", "ask"),
    [
        ("srj", ASKED, False),
        ("srj", ROWS % "", True),
        ("srj", json.dumps({"head": {}, "boolean": "true"}), True),
        ("srx", ASKED_XML, False),
        ("srx", XML, True),
    ],
)
def test_an_answer_to_another_question_is_none(form: str, body: str, ask: bool) -> None:
    """Rows are no yes, and a yes is no row."""
    assert wrong(form, body, ask=ask) == "it is not of the kind asked for"
