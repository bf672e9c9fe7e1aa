"""A service of a data file, as it is; and where a service is, to others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from addresses import HTML
from exchange import ask, asking, exchange
from graph_fixtures import small_release
from page_reader import Page
from service import running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TRIG: Final = """
@prefix : <http://example.org/> .
:a :b "上海"@zh , 5 . <rel> :b <#it> .
:one { :a :c :d } :two { :a :c :e }
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give a service of a data file."""
    path = tmp_path_factory.mktemp("data") / "some data.trig"
    path.write_text(TRIG, encoding="utf-8")
    with running("--data", path, "--workers", "1") as url:
        yield url


def rows(url: str, query: str, **params: str) -> list[str]:
    """Ask for one column."""
    answer = ask(url, asking("/sparql", {"query": query, "format": "csv", **params}))
    assert answer.status == 200, str(answer)
    return sorted(answer.text.split("\r\n")[1:-1])


def test_a_data_file_is_served_as_it_is(data: str) -> None:
    """Its default graph is its own: no union of the others."""
    assert len(rows(data, "SELECT ?o { ?s ?p ?o }")) == 3
    assert rows(data, "SELECT ?o { GRAPH ?g { ?s ?p ?o } }") == [
        "http://example.org/d",
        "http://example.org/e",
    ]
    (relative,) = rows(data, "SELECT ?s { ?s ?p ?o FILTER(STRSTARTS(STR(?s), 'file:')) }")
    assert relative.endswith("/rel")


def test_the_dataset_of_a_data_file_can_be_chosen(data: str) -> None:
    """By the protocol and by the query; a graph that it does not have is an empty one."""
    one, two = "http://example.org/one", "http://example.org/two"
    everything = "SELECT ?o { ?s ?p ?o }"
    assert rows(data, everything, **{"default-graph-uri": one}) == ["http://example.org/d"]
    assert rows(data, everything.replace("{", f"FROM <{two}> {{", 1)) == ["http://example.org/e"]
    assert rows(data, everything, **{"default-graph-uri": "http://example.org/none"}) == []


def test_a_data_file_is_described(data: str) -> None:
    """Its service, its triples; and there is a page of nothing."""
    service = ask(data, "/sparql")
    assert (service.status, service.media_type) == (200, "text/turtle")
    assert "UnionDefaultGraph" not in service.text
    assert "void:triples 3" in ask(data, "/.well-known/void").text.replace('"', "")
    document = ask(data, "/openapi.json").json
    assert not [path for path in document["paths"] if path.startswith(("/queries", "/id"))]
    assert ask(data, "/sparql", HTML).status == 406
    start = ask(data, "/")
    assert (start.status, start.headers["location"]) == (303, "sparql")


@pytest.mark.parametrize(
    "path",
    [
        "/queries",
        "/queries.json",
        "/queries/targets-due",
        "/queries/targets-due.rq",
        "/id/region",
        "/id/region/shanghai",
        "/id/region/shanghai.ttl",
        "/ontology",
        "/ontology.ttl",
        "/graph/reference.ttl",
        "/.well-known/sparql-examples",
        "/data/dataset.nq",
    ],
)
def test_a_data_file_has_neither_questions_nor_things(data: str, path: str) -> None:
    """Nothing of our release is told of a dataset of others."""
    for headers in ({}, HTML, {"Accept": "application/json"}):
        assert ask(data, path, headers).status in {404, 406}
    assert ask(data, path).status == 404


@pytest.mark.parametrize("suffix", ["ttl", "nt", "nq", "trig", "jsonld"])
def test_every_format_of_data_is_read(tmp_path: Path, suffix: str) -> None:
    """By its suffix, in capitals too."""
    path = tmp_path / f"data.{suffix.upper()}"
    triple = '<http://example.org/a> <http://example.org/b> "上海"@zh .'
    linked = '{"@id": "http://example.org/a", "http://example.org/b": "上海"}'
    path.write_text(linked if suffix == "jsonld" else triple, encoding="utf-8")
    with running("--data", path, "--workers", "1") as url:
        assert rows(url, "SELECT ?o { ?s ?p ?o }") == ["上海"]


# --- where it is ----------------------------------------------------------------------------------


def test_it_tells_the_address_that_others_see(tmp_path: Path) -> None:
    """Behind a proxy: in documents, in links of pages and of errors, in redirects."""
    small_release(tmp_path)
    public = "https://example.org/dgkg"
    options = ("--workers", "1", "--public-url", f"{public}/")
    with running("--build-dir", tmp_path, "serve", *options) as url:
        location = ask(url, "/id/region/shanghai").headers["location"]
        assert location == "/dgkg/id/region/shanghai.ttl"
        assert f"<{public}/sparql>" in ask(url, "/sparql").text
        assert ask(url, "/openapi.json").json["servers"] == [{"url": public}]
        for target in ("/", "/queries", "/id/region/shanghai.html", "/nothing", "/id/region/x"):
            page = Page(ask(url, target, HTML).text)
            inner = [link for link in page.links if not link.startswith("#")]
            assert [link for link in inner if not link.startswith("/dgkg/")] == []
            assert inner
            style = [it.attributes["href"] for it in page.all("link")]
            assert [link for link in style if not link.startswith("/dgkg/")] == []


def test_it_listens_where_it_is_told(tmp_path: Path) -> None:
    """On IPv6 as well; the address that it tells is one that can be asked."""
    small_release(tmp_path)
    with running("--build-dir", tmp_path, "serve", "--workers", "1", "--host", "::1") as url:
        assert url.startswith("http://[::1]:")
        data = b"GET /health HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n"
        assert b" 200 OK" in exchange(url, data)
