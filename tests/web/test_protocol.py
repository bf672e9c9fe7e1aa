"""Requests of the SPARQL protocol are decoded once, by all three ways."""

from __future__ import annotations

from contextlib import suppress
from urllib.parse import quote, quote_from_bytes, quote_plus, unquote_to_bytes

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kg.errors import RefusedError, UsageError
from kg.web.protocol import MOST_GRAPHS, MOST_PAIRS, Asked, pairs, read_direct, read_form

IRI = "https://w3id.org/dgkg/id/region/%E4%B8%8A%E6%B5%B7"


@given(st.lists(st.tuples(st.text(), st.text()).filter(any), max_size=5))
def test_pairs_come_as_they_were_meant(given_: list[tuple[str, str]]) -> None:
    """Whatever a client encodes, with blanks as plus or %20, comes back, decoded once."""
    for encode in (quote, quote_plus):
        encoded = "&".join(f"{encode(n, safe='')}={encode(v, safe='')}" for n, v in given_)
        assert pairs(encoded.encode()) == given_


CODED = st.one_of(
    st.text("%=+0aFgZ \n\r\t_", max_size=12).map(str.encode),
    st.binary(max_size=12),
    st.lists(st.binary(max_size=3).map(quote_from_bytes)).map(
        lambda parts: "".join(parts).encode()
    ),
)


def test_a_text_that_is_not_encoded_is_refused() -> None:
    """A thousand percent signs may stand for themselves; to read a million would take its time."""
    assert pairs(b"query=" + b"%zz" * 1000) == [("query", "%zz" * 1000)]
    for broken in (b"%zz", b"%", b"%%41", b"%4\n"):
        with pytest.raises(UsageError, match="not percent-encoded"):
            pairs(b"query=" + broken * 300_000)


def test_a_mark_before_a_query_is_left_out() -> None:
    """Some editors put one before a text; within it is a character as any."""
    assert read_form(b"query=%EF%BB%BFASK {}").query == "ASK {}"
    assert read_form(b"query=%EF%BB%BFASK {}&format=csv").query == "ASK {}"
    assert read_direct(b"\xef\xbb\xbfASK {'\xef\xbb\xbf'}", b"").query == "ASK {'\ufeff'}"


@given(CODED.filter(lambda value: b"&" not in value))
@example(b"%\n41")
@example(b"%%41")
@example(b"=%3D==%")
def test_broken_escapes_stay_as_they_are(encoded: bytes) -> None:
    """A percent sign without two digits is itself, whatever stands beside it, as for urllib."""
    expected = unquote_to_bytes(encoded.replace(b"+", b" "))
    try:
        text = expected.decode()
    except UnicodeDecodeError:
        with pytest.raises(UsageError):
            pairs(b"query=" + encoded)
    else:
        assert pairs(b"query=" + encoded) == [("query", text)]


def test_a_percent_sign_of_a_query_stays() -> None:
    """An IRI that is itself percent-encoded is not decoded a second time."""
    query = f"ASK {{ <{IRI}> ?p ?o }}"
    encoded = f"query={quote(query, safe='')}".encode()
    assert read_form(encoded).query == query
    assert read_direct(query.encode(), b"").query == query


def test_raw_chinese_is_taken() -> None:
    """A client that does not encode it is understood."""
    assert read_form("query=ASK{?s ?p '上海'}".encode()).query == "ASK{?s ?p '上海'}"


def test_the_dataset_and_format_are_read() -> None:
    """Each graph parameter may come several times; output is another name of format."""
    query_string = b"default-graph-uri=a:1&default-graph-uri=a:2&named-graph-uri=a:3&output=csv"
    expected = Asked("ASK {}", ("a:1", "a:2"), ("a:3",), "csv")
    assert read_direct(b"ASK {}", query_string) == expected
    assert read_form(b"query=ASK+%7B%7D&" + query_string) == expected


def test_without_a_query_nothing_is_asked() -> None:
    """Then the service describes itself."""
    assert read_form(b"").query is None
    assert read_form(b"lang=zh").query is None


@pytest.mark.parametrize(
    "encoded",
    [
        b"query=ASK{}&query=ASK{}",
        b"query=%FF",
        b"query=%ED%A0%80",
        b"query=\xb2\xe9",
        b"query=ASK{}&default-graph-uri=no-iri",
        b"query=ASK{}&named-graph-uri=a:b c",
        b"&".join([b"a=1"] * (MOST_PAIRS + 1)),
        b"query=ASK{}&" + b"&".join([b"default-graph-uri=a:b"] * (MOST_GRAPHS + 1)),
    ],
)
def test_what_is_wrong_is_told(encoded: bytes) -> None:
    """Two queries, other encodings, graphs that are no IRIs, too many of anything."""
    with pytest.raises(UsageError):
        read_form(encoded)


@pytest.mark.parametrize("body", [b"\xff", "ASK {}".encode("utf-16")])
def test_a_body_is_utf_8(body: bytes) -> None:
    """Any other encoding is told."""
    with pytest.raises(UsageError):
        read_direct(body, b"")


def test_a_body_and_a_parameter_are_two_queries() -> None:
    """Neither is preferred in silence."""
    with pytest.raises(UsageError):
        read_direct(b"ASK {}", b"query=ASK{}")


@pytest.mark.parametrize(
    "encoded", [b"update=CLEAR+ALL", b"query=ASK{}&update=x", b"query=ASK{}&using-graph-uri=a:b"]
)
def test_updates_are_refused(encoded: bytes) -> None:
    """Whatever stands beside."""
    with pytest.raises(RefusedError):
        read_form(encoded)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(encoded: bytes) -> None:
    """Nothing but an error of ours comes of any bytes."""
    with suppress(UsageError, RefusedError):
        assert read_form(encoded).format is not None
    with suppress(UsageError, RefusedError):
        assert read_direct(encoded, b"").query == encoded.decode()
