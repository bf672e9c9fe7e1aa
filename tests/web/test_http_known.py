"""What a client knows already, or can decode, is sent to it in no other way."""

from __future__ import annotations

from typing import Final

import pytest
from addresses import FILES, HTML, QUESTION, SELECT, STEADY, THING, unchanged
from exchange import ask, asking

pytest_plugins = ["real_service"]


# --- conditional requests -----------------------------------------------------------------------


@pytest.mark.parametrize("target", STEADY)
def test_what_is_known_is_not_sent_again(url: str, target: str) -> None:
    """Whether its ETag stands alone, weak, in a list; and it is, where the client has another."""
    got = ask(url, target)
    etag = got.headers["etag"]
    assert etag.startswith('"')
    assert len(etag) > 10
    for known in (etag, f"W/{etag}", f'"other", {etag}'):
        answer = unchanged(url, target, known)
        assert (answer.status, answer.body) == (304, b"")
        assert answer.headers["etag"] == etag
        assert answer.headers["vary"] == got.headers["vary"]
        assert answer.headers["cache-control"] == got.headers["cache-control"]
    again = unchanged(url, target, '"other"')
    assert (again.status, again.body, again.headers["etag"]) == (200, got.body, etag)


@pytest.mark.parametrize("target", FILES)
def test_files_of_pages_are_not_sent_again_either(url: str, target: str) -> None:
    """A reader of several pages gets the style sheet once."""
    etag = ask(url, target).headers["etag"]
    assert unchanged(url, target, etag).status == 304
    assert unchanged(url, target, '"other"').status == 200


@pytest.mark.parametrize("target", [SELECT, f"{QUESTION}.csv", f"{THING}.ttl", "/data/dataset.nq"])
def test_any_answer_is_known_that_there_is(url: str, target: str) -> None:
    """`*` means whatever there is, so of what there is not an error is told."""
    assert unchanged(url, target, "*").status == 304
    assert ask(url, target).status == 200


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/id/region/no-such-region", 404),
        ("/id/region/no-such-region.ttl", 404),
        ("/queries/no-such-question", 404),
        (f"{QUESTION}.json?no=1", 400),
        (asking("/sparql", {"query": "SELCT"}), 400),
        (THING, 303),
    ],
)
def test_what_there_is_not_is_known_to_nobody(url: str, target: str, status: int) -> None:
    """An error or a way elsewhere is told to a client that would know any answer."""
    assert unchanged(url, target, "*").status == status
    assert ask(url, target).status == status


def test_posted_queries_are_answered_whatever_is_known(url: str) -> None:
    """`Not modified` is an answer to GET and HEAD alone."""
    query = b"ASK {}"
    kind = {"Content-Type": "application/sparql-query"}
    etag = ask(url, "/sparql", kind, method="POST", body=query).headers.get("etag", '"none"')
    known = {**kind, "If-None-Match": etag}
    answer = ask(url, "/sparql", known, method="POST", body=query)
    assert answer.status in {200, 412}


def test_each_kind_of_answer_has_an_etag_of_its_own(url: str) -> None:
    """Formats, codings and languages are told apart; what is random has none."""
    given = [
        {},
        {"Accept": "text/csv"},
        {"Accept-Encoding": "gzip"},
        {"Accept-Encoding": "br"},
        {"Accept-Language": "en"},
    ]
    etags = [ask(url, QUESTION, headers).headers["etag"] for headers in given]
    assert len({*etags}) == len(given)
    etags = [ask(url, SELECT, headers).headers["etag"] for headers in given[:4]]
    assert len({*etags}) == 4
    random = asking("/sparql", {"query": "SELECT (RAND() AS ?x) {}"})
    assert "etag" not in ask(url, random).headers


def test_what_is_known_in_one_form_is_sent_in_another(url: str) -> None:
    """An ETag of the page does not stand for the table."""
    etag = ask(url, QUESTION, HTML).headers["etag"]
    answer = unchanged(url, QUESTION, etag, {"Accept": "text/csv"})
    assert (answer.status, answer.media_type) == (200, "text/csv")
    assert unchanged(url, QUESTION, etag, {"Accept": "text/html"}).status == 304


# --- content codings ----------------------------------------------------------------------------

CODINGS: Final = (
    ("gzip", "gzip"),
    ("br", "br"),
    ("gzip, deflate, br, zstd", "br"),
    ("gzip;q=1.0, br;q=0.5", "gzip"),
    ("*", "br"),
    ("identity", ""),
    ("gzip;q=0", ""),
    ("deflate", ""),
)
"""What a client takes -> what it gets."""

LARGE: Final = [target for target in STEADY if target != "/data/dataset.nq"]
"""Addresses whose answer is worth compressing; the whole dataset is read from the disk."""


@pytest.mark.parametrize("target", LARGE)
def test_bodies_are_compressed_for_those_who_ask(url: str, target: str) -> None:
    """And give the same bytes when they are decoded; each has an ETag by which it is known."""
    plain = ask(url, target)
    assert "content-encoding" not in plain.headers
    for coding in ("gzip", "br"):
        headers = {"Accept-Encoding": coding}
        answer = ask(url, target, headers)
        assert answer.plain == plain.body
        if len(plain.body) >= 1024:
            assert answer.headers["content-encoding"] == coding
            assert len(answer.body) < len(plain.body)
        assert unchanged(url, target, answer.headers["etag"], headers).status == 304
        assert unchanged(url, target, plain.headers["etag"], headers).status == 200


@pytest.mark.parametrize(("taken", "expected"), CODINGS)
def test_the_coding_is_one_that_is_taken(url: str, taken: str, expected: str) -> None:
    """By quality, Brotli where both will do."""
    answer = ask(url, SELECT, {"Accept-Encoding": taken})
    assert answer.headers.get("content-encoding", "") == expected


@pytest.mark.parametrize("target", ["/static/style.css", "/static/sparql.js"])
def test_files_of_pages_are_compressed_too(url: str, target: str) -> None:
    """They are what a first reader waits for."""
    plain = ask(url, target)
    for coding in ("gzip", "br"):
        answer = ask(url, target, {"Accept-Encoding": coding})
        assert answer.headers.get("content-encoding") == coding
        assert answer.plain == plain.body
