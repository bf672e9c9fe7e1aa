"""Every format, by suffix, parameter and Accept; and the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyoxigraph as ox
import pytest
from addresses import BROWSER, CONSTRUCT, QUESTION, SELECT, THING
from exchange import answers, ask, asking, exchange
from page_reader import Page

from kg.web.http.routes import ANSWERS, LISTS
from kg.web.negotiation import ALSO, FORMATS, ROWS, TRIPLES
from kg.web.response import DOCUMENTS
from kg.web.sparql.answers import TRIPLES as OX_TRIPLES

if TYPE_CHECKING:
    from exchange import Answer

pytest_plugins = ["real_service"]


OFFERS: Final[dict[str, tuple[str, ...]]] = {
    SELECT: ROWS,
    asking("/sparql", {"query": "ASK { ?s ?p ?o }"}): ROWS,
    CONSTRUCT: TRIPLES,
    "/sparql": (*TRIPLES, "text/html"),
    "/.well-known/void": TRIPLES,
    "/.well-known/sparql-examples": TRIPLES,
    "/queries": tuple(LISTS.values()),
    QUESTION: tuple(ANSWERS.values()),
}
"""Address -> the media types that it offers."""


@pytest.mark.parametrize(
    ("target", "media_type"), [(t, m) for t, offers in OFFERS.items() for m in offers]
)
def test_every_format_is_given_that_is_offered(url: str, target: str, media_type: str) -> None:
    """Alone, or where others are liked less or are not there."""
    for accept in (media_type, f"{media_type};q=0.9, */*;q=0.1", f"image/png, {media_type};q=0.2"):
        answer = ask(url, target, {"Accept": accept})
        assert (answer.status, answer.media_type) == (200, media_type)


@pytest.mark.parametrize("target", [*OFFERS, THING])
def test_what_is_not_offered_is_not_given(url: str, target: str) -> None:
    """406 says what is; also where a client refuses everything."""
    for accept in ("image/png", "*/*;q=0", "nonsense/*"):
        answer = ask(url, target, {"Accept": accept})
        assert answer.status == 406
        assert answer.headers["cache-control"] == "no-store"
    if target in {*list(OFFERS)[3:], THING}:
        assert "text/turtle" in answer.text or "application/json" in answer.text


@pytest.mark.parametrize(("suffix", "media_type"), ANSWERS.items())
def test_suffix_parameter_and_accept_agree_on_a_question(
    url: str, suffix: str, media_type: str
) -> None:
    """All three ways give the same bytes; the suffix wins, then the parameter."""
    whole = ask(url, f"{QUESTION}.{suffix}").body
    assert ask(url, QUESTION, {"Accept": media_type}).body == whole or suffix == "html"
    assert ask(url, f"{QUESTION}?format={suffix}", {"Accept": "image/png"}).status == 200
    if suffix != "html":
        assert ask(url, f"{QUESTION}?format={suffix}").body == whole
        assert ask(url, f"{QUESTION}.{suffix}", {"Accept": "image/png"}).body == whole
        assert ask(url, f"{QUESTION}.{suffix}?format=html").body == whole


@pytest.mark.parametrize(("name", "wanted"), FORMATS.items())
def test_the_parameter_and_accept_agree_on_a_query(
    url: str, name: str, wanted: tuple[str, str]
) -> None:
    """`format` of the endpoint is short for a media type, for rows, triples or both."""
    for target, media_type in zip((SELECT, CONSTRUCT), wanted, strict=True):
        answer = ask(url, f"{target}&format={name}", {"Accept": "image/png"})
        if media_type:
            assert answer.media_type == media_type
            assert answer.body == ask(url, target, {"Accept": media_type}).body
        else:
            assert answer.status == 406


@pytest.mark.parametrize("media_type", ["text/csv", "text/tab-separated-values"])
def test_tables_as_text_tell_their_charset(url: str, media_type: str) -> None:
    """Which programs might guess otherwise, at the endpoint as at a question."""
    for target in (SELECT, QUESTION, asking("/sparql", {"query": "ASK {}"})):
        answer = ask(url, target, {"Accept": media_type})
        assert answer.headers["content-type"] == f"{media_type}; charset=utf-8"


@pytest.mark.parametrize(("asked", "meant"), ALSO.items())
def test_plain_json_and_xml_mean_results(url: str, asked: str, meant: str) -> None:
    """As many clients ask for them."""
    answer = ask(url, SELECT, {"Accept": asked})
    assert (answer.status, answer.media_type) == (200, meant)


@pytest.mark.parametrize("media_type", TRIPLES)
def test_every_format_of_triples_holds_the_same(url: str, media_type: str) -> None:
    """Read by a parser, each is the graph that Turtle gives."""
    for target in ("/sparql", "/.well-known/void", CONSTRUCT):
        turtle = ox.parse(ask(url, target).body, format=ox.RdfFormat.TURTLE)
        other = ox.parse(
            ask(url, target, {"Accept": media_type}).body, format=OX_TRIPLES[media_type]
        )
        told = {str(quad.triple) for quad in other}
        assert told == {str(quad.triple) for quad in turtle}
        assert told


@pytest.mark.parametrize(("suffix", "media_type"), DOCUMENTS.items())
def test_accept_leads_to_the_document_of_its_suffix(url: str, suffix: str, media_type: str) -> None:
    """A thing, a graph and the ontology have the same five."""
    wanted = media_type.partition(";")[0]
    for path in (THING, "/graph/reference", "/ontology"):
        answer = ask(url, path, {"Accept": wanted})
        assert (answer.status, answer.headers["location"]) == (303, f"{path}.{suffix}")
        document = ask(url, answer.headers["location"], {"Accept": wanted})
        assert (document.status, document.headers["content-type"]) == (200, media_type)
        assert ask(url, f"{path}?format={suffix}").headers["location"] == f"{path}.{suffix}"


@pytest.mark.parametrize("target", ["/", "/sparql", "/queries", QUESTION, "/id/region"])
def test_a_browser_gets_pages(url: str, target: str) -> None:
    """And a program that takes anything gets what it can read."""
    answer = ask(url, target, {"Accept": BROWSER})
    assert (answer.status, answer.media_type) == (200, "text/html")
    assert Page(answer.text).faults == []


@pytest.mark.parametrize(
    ("given", "asked", "expected"),
    [
        ("", "", "zh-Hans"),
        ("", "en-GB,en;q=0.9", "en"),
        ("", "zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"),
        ("", "fr", "zh-Hans"),
        ("en", "zh-CN", "en"),
        ("zh", "en", "zh-Hans"),
        ("xx", "en", "en"),
    ],
)
def test_pages_speak_the_readers_language(url: str, given: str, asked: str, expected: str) -> None:
    """That of the parameter, else of the browser, else Chinese."""
    for path in ("/", "/queries", QUESTION, "/id/region", f"{THING}.html", "/ontology.html"):
        target = f"{path}?lang={given}" if given else path
        headers = {"Accept": "text/html", **({"Accept-Language": asked} if asked else {})}
        page = Page(ask(url, target, headers).text)
        assert page.one("html").attributes["lang"] == expected


def test_two_lines_of_a_header_are_one(url: str) -> None:
    """What is kept for a client that takes two types is not given to one that takes the second."""
    target = "/queries/platforms-to-be-built"
    both = [("Accept", "text/html"), ("Accept", "text/csv")]
    assert raw(url, target, both).media_type == "text/html"
    assert raw(url, target, both[1:]).media_type == "text/csv"
    assert raw(url, target, both[:1]).media_type == "text/html"


def raw(url: str, target: str, headers: list[tuple[str, str]]) -> Answer:
    """Ask with headers that may repeat."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
    data = f"GET {target} HTTP/1.1\r\nHost: test\r\n{lines}Connection: close\r\n\r\n"
    return answers(exchange(url, data.encode()))[0]
