"""Errors are told in both languages, as text, as JSON or as a page."""

from __future__ import annotations

from typing import Final

import pytest
from addresses import BROWSER, QUESTION
from exchange import ask, asking
from page_reader import Page

from kg.web.response import EDITOR, PAGE

pytest_plugins = ["real_service"]

WAYS_OUT: Final = {"/?lang=en", "/queries?lang=en", "/sparql?lang=en"}
"""Links of every error page."""

ERRORS: Final = {
    "/nothing/here": 404,
    "/queries/no-such-question": 404,
    "/queries/no-such-question.csv": 404,
    f"{QUESTION}.csv?no=1": 400,
    f"{QUESTION}?concept=%E6%B2%A1%E6%9C%89%E8%BF%99%E4%B8%AA&format=csv": 404,
    f"{QUESTION}?format=pdf": 400,
    "/id/region/no-such-region": 404,
    "/id/region/no-such-region.ttl": 404,
    "/id/nothing/shanghai": 404,
    "/id/nothing": 404,
    "/graph/nothing.ttl": 404,
    "/ontology/9.9.9": 404,
    "/static/nothing.css": 404,
    "/%FF": 404,
    "/id/region/%00": 404,
    "/queries?x=%FF": 400,
}
"""Address -> the error that it gives, whatever format is asked for."""


@pytest.mark.parametrize(("target", "status"), ERRORS.items())
def test_errors_are_told_as_text(url: str, target: str, status: int) -> None:
    """Chinese first, then English, and kept by nobody."""
    answer = ask(url, target)
    assert (answer.status, answer.headers["content-type"]) == (status, "text/plain; charset=utf-8")
    zh, en, *rest = answer.text.split("\n")
    assert any("\u4e00" <= sign <= "\u9fff" for sign in zh)
    assert en.isascii() or "“" in en
    assert (rest, answer.headers["cache-control"]) == ([""], "no-store")
    assert "etag" not in answer.headers


@pytest.mark.parametrize(("target", "status"), ERRORS.items())
def test_errors_are_told_as_json(url: str, target: str, status: int) -> None:
    """To a program that asks for JSON: the same message, and what may have been meant."""
    answer = ask(url, target, {"Accept": "application/json"})
    assert (answer.status, answer.media_type) == (status, "application/json")
    told = answer.json["error"]
    assert ask(url, target).text == f"{told['zh']}\n{told['en']}\n"
    assert isinstance(told["near"], list)


@pytest.mark.parametrize(("target", "status"), ERRORS.items())
def test_errors_are_told_as_a_page(url: str, target: str, status: int) -> None:
    """To a browser: the message in both languages, in a frame of its own, with the ways out."""
    answer = ask(url, target, {"Accept": BROWSER, "Accept-Language": "en"})
    assert (answer.status, answer.media_type) == (status, "text/html")
    page = Page(answer.text)
    assert (page.faults, page.one("html").attributes["lang"]) == ([], "en")
    assert {*page.links} >= WAYS_OUT
    zh, en = ask(url, target).text.split("\n")[:2]
    assert zh in page.one("main").text
    assert en in page.one("main").text
    assert answer.headers["content-security-policy"] == PAGE["content-security-policy"]


def test_errors_name_what_may_have_been_meant(url: str) -> None:
    """Of a question, a parameter, a kind and a thing."""
    json = {"Accept": "application/json"}
    for target, meant in (
        ("/queries/regions-sharing-concepts", "regions-sharing-concept"),
        (f"{QUESTION}.json?concpt=x", "concept"),
        ("/id/regoin/shanghai", "region"),
        ("/id/region/shanghia", "Shanghai"),
    ):
        assert meant in ask(url, target).text
        assert meant in ask(url, target, json).text


QUERIES: Final = ("SELCT <script>alert(1)</script>", "ASK { SERVICE <http://x/> {} }", "ASK {}")


JAVA: Final = "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"
"""What programs in Java accept unless told otherwise."""


def test_a_browser_gets_the_editor_with_the_query_of_the_address(url: str) -> None:
    """Nothing is run: the page holds the query as text, also what a stranger wrote."""
    for query in QUERIES:
        answer = ask(url, asking("/sparql", {"query": query}), {"Accept": BROWSER})
        assert (answer.status, answer.media_type) == (200, "text/html")
        page = Page(answer.text)
        assert page.faults == []
        assert page.one("textarea").text == query
        assert answer.headers["content-security-policy"] == EDITOR["content-security-policy"]


@pytest.mark.parametrize(
    ("accept", "format_"),
    [
        ("text/html;q=0.9, */*", ""),
        ("application/json", ""),
        ("", ""),
        ("text/html", ""),
        (JAVA, ""),
        (BROWSER, "json"),
    ],
)
def test_the_endpoint_never_answers_a_query_with_a_page(
    url: str, accept: str, format_: str
) -> None:
    """Neither with results nor with errors, which may hold what a stranger wrote."""
    for query in QUERIES:
        target = asking("/sparql", {"query": query, "format": format_})
        answer = ask(url, target, {"Accept": accept})
        assert answer.media_type != "text/html"
        assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
