"""Formats, codings and languages are chosen by quality values, as HTTP has it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import UsageError
from kg.web.negotiation import ALIASES, FORMATS, ROWS, TRIPLES, coding, language, media_type, wanted

JSON, XML, CSV, TSV = ROWS
TURTLE = TRIPLES[0]


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", JSON),
        ("*/*", JSON),
        ("text/csv", CSV),
        ("TEXT/CSV", CSV),
        ("text/*", CSV),
        ("application/json", JSON),
        ("application/xml", XML),
        ("text/xml", XML),
        ("text/csv;q=0.5, application/sparql-results+xml", XML),
        ("text/csv;q=0.5, application/sparql-results+xml;q=0.4", CSV),
        ("text/csv;q=0, */*", JSON),
        (f"{JSON};q=0, */*;q=0.1", XML),
        ("text/tab-separated-values, */*;q=0.9", TSV),
        ('text/csv;header="a,b;q=0";q=0.9, text/tab-separated-values;q=0.8', CSV),
        ("text/html, application/xhtml+xml, */*;q=0.8", JSON),
        ("text/html", ""),
        ("text/csv;q=0", ""),
        ("nonsense", ""),
    ],
)
def test_rows_are_given_as_asked(accept: str, expected: str) -> None:
    """The best quality wins, the closest range decides, the order of ours breaks ties."""
    assert media_type(accept, ROWS) == expected


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_by_name_wins_over_the_header(name: str) -> None:
    """`format=` is for those who cannot set headers."""
    assert wanted("text/html", name) == FORMATS[name]
    assert wanted("text/html", name.upper()) == FORMATS[name]


@pytest.mark.parametrize("name", [*ROWS, *TRIPLES])
def test_a_format_may_be_a_media_type(name: str) -> None:
    """Also where a plus came as a blank."""
    assert name in wanted("", name)
    assert name in wanted("", name.replace("+", " "))


@pytest.mark.parametrize(("alias", "name"), ALIASES.items())
def test_a_format_has_the_names_that_clients_give_it(alias: str, name: str) -> None:
    """Also where a plus came as a blank, and in capitals."""
    for written in (alias, alias.upper(), alias.replace("+", " ")):
        assert wanted("", written) == FORMATS[name]


def test_an_unknown_format_is_told() -> None:
    """With those that there are."""
    with pytest.raises(UsageError, match="json srj xml"):
        wanted("", "docx")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", ""),
        ("gzip", "gzip"),
        ("gzip, br", "br"),
        ("gzip, br;q=0.5", "gzip"),
        ("br;q=0, gzip;q=0", ""),
        ("*", "br"),
        ("identity", ""),
        ("zstd, deflate", ""),
    ],
)
def test_codings(header: str, expected: str) -> None:
    """Brotli where both are liked alike, nothing where neither is."""
    assert coding(header) == expected


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", "zh"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en;q=0.4, zh-TW;q=0.5", "zh"),
        ("fr", "zh"),
    ],
)
def test_languages(header: str, expected: str) -> None:
    """Chinese, unless English is liked better."""
    assert language(header) == expected


@pytest.mark.parametrize(
    "header",
    ["a" + ";b " * 30_000 + ";=", '\\"' * 30_000, '"' * 30_000, "a;" * 30_000, "," * 30_000],
)
def test_a_long_header_is_read_in_no_time(header: str) -> None:
    """Every piece of it is read once or twice; else this would not end."""
    assert media_type(header, ROWS) in {*ROWS, ""}


@given(st.text(max_size=80))
def test_any_header_is_read(header: str) -> None:
    """What comes is one of ours or nothing, never an exception."""
    assert media_type(header, ROWS) in {*ROWS, ""}
    assert coding(header) in {"br", "gzip", ""}
    assert language(header) in {"zh", "en"}
