"""Each path leads to what it means and to nothing else."""

from __future__ import annotations

from typing import Any, Final

import pytest
from fake_site import BROWSER, HTML, JSON, Site
from hypothesis import given
from hypothesis import strategies as st

from kg.web.http.routes import ANSWERS, ROUTES, decoded
from kg.web.response import DOCUMENTS


@pytest.fixture
def site() -> Site:
    """Give an application."""
    return Site()


# --- what a path means --------------------------------------------------------------------------

MEANT: Final[tuple[tuple[str, dict[str, str], dict[str, Any]], ...]] = (
    ("/", {}, {"op": "start", "lang": "zh", "path": "/"}),
    ("/?lang=en", {}, {"op": "start", "lang": "en"}),
    ("/?lang=fr", {"accept-language": "en"}, {"op": "start", "lang": "en"}),
    ("/queries", {}, {"op": "questions", "form": "html"}),
    ("/queries/", {}, {"op": "questions", "form": "html"}),
    ("/queries.json", HTML, {"op": "questions", "form": "json"}),
    ("/queries", JSON, {"op": "questions", "form": "json"}),
    ("/queries?format=json", {}, {"op": "questions", "form": "json"}),
    ("/queries/a-b", {}, {"op": "question", "id": "a-b", "form": "html"}),
    ("/queries/a-b.csv", HTML, {"op": "question", "id": "a-b", "form": "csv"}),
    ("/queries/a-b.csv?format=json", {}, {"op": "question", "form": "csv"}),
    ("/queries/a-b?format=tsv", HTML, {"op": "question", "form": "tsv"}),
    ("/queries/a-b", {"accept": "text/csv"}, {"op": "question", "form": "csv"}),
    ("/queries/%E4%B8%8A", {}, {"op": "question", "id": "上"}),
    ("/id", {}, {"op": "listing", "kind": ""}),
    ("/id/", HTML, {"op": "listing", "kind": ""}),
    ("/id/region", {}, {"op": "listing", "kind": "region"}),
    ("/id/nothing", JSON, {"op": "listing", "kind": "nothing"}),
    ("/id/region/", {}, {"op": "listing", "kind": "region"}),
    ("/id/region/a", {}, {"op": "thing", "thing": "/id/region/a", "suffix": "ttl"}),
    ("/id/region/a", HTML, {"op": "thing", "thing": "/id/region/a", "suffix": "html"}),
    ("/id/region/a.nt", HTML, {"op": "thing", "thing": "/id/region/a", "suffix": "nt"}),
    ("/id/region/a.b.nt", {}, {"op": "thing", "thing": "/id/region/a.b", "suffix": "nt"}),
    ("/id/region/a.None", {}, {"op": "thing", "thing": "/id/region/a.None"}),
    ("/id/region/a.", {}, {"op": "thing", "thing": "/id/region/a."}),
    ("/id/region/a%2Fb", {}, {"op": "thing", "thing": "/id/region/a/b"}),
    ("/id/region/a%3Fb", {}, {"op": "thing", "thing": "/id/region/a?b"}),
    ("/id/region/%25E4", {}, {"op": "thing", "thing": "/id/region/%E4"}),
    ("/id/region/a%0Ab", {}, {"op": "thing", "thing": "/id/region/a\nb"}),
    ("/graph/source/a.json", {}, {"op": "thing", "thing": "/graph/source/a", "suffix": "json"}),
    ("/ontology", {}, {"op": "thing", "thing": "/ontology", "suffix": "ttl"}),
    ("/ontology.ttl", {}, {"op": "thing", "thing": "/ontology", "suffix": "ttl"}),
    ("/ontology/1.0.0", {}, {"op": "thing", "thing": "/ontology/1.0.0", "suffix": "ttl"}),
    ("/ontology/1.0.0.nt", {}, {"op": "thing", "thing": "/ontology/1.0.0", "suffix": "nt"}),
    ("/sparql", {}, {"op": "description", "name": "service", "media_type": "text/turtle"}),
    ("/sparql/", {}, {"op": "description", "name": "service"}),
    ("/sparql", HTML, {"op": "editor"}),
    ("/sparql?query=ASK%7B%7D", BROWSER, {"op": "editor", "params": [["query", "ASK{}"]]}),
    ("/sparql?query=ASK%7B%7D", JSON, {"op": "sparql"}),
    ("/sparql?query=ASK%7B%7D&format=xml", HTML, {"op": "sparql"}),
    ("/.well-known/void", {}, {"op": "description", "name": "void"}),
    ("/.well-known/sparql-examples", {}, {"op": "description", "name": "sparql-examples"}),
    ("/openapi.json", HTML, {"op": "openapi"}),
)


@pytest.mark.parametrize(("target", "headers", "expected"), MEANT)
def test_a_path_means_one_thing(
    site: Site, target: str, headers: dict[str, str], expected: dict[str, Any]
) -> None:
    """A worker is told which, decoded once."""
    found = site.head(target, headers)
    assert {name: found.get(name) for name in expected} == expected


@pytest.mark.parametrize(
    "target",
    [
        "//",
        "/idx",
        "/queries/a/b",
        "/queries/a.pdf",
        "/queries/.csv",
        "/queriesx",
        "/graph/",
        "/graph",
        "/ontology/",
        "/ontologyx",
        "/ontology/a/b",
        "/.well-known/",
        "/.well-known/voidx",
        "/openapi",
        "/static",
        "/static/",
        "/health/",
        "/data/",
        "/data/dataset.nq",
        "/%2F",
        "/\u00ff",
        "*",
        "",
    ],
)
def test_any_other_path_means_nothing(site: Site, target: str) -> None:
    """No worker is asked; the path is told, so that a mistake in it is seen."""
    response = site.ask(target)
    assert (response.status, site.service.heads) == (404, [])
    assert response.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/%FF", "/%ED%A0%80", "/id/region/%C3", "/static/%80"])
def test_a_path_that_is_no_text_is_told(site: Site, path: str) -> None:
    """It is not guessed what it may have been."""
    response = site.ask(path)
    assert (response.status, site.service.heads) == (404, [])
    assert "UTF-8" in response.body.decode()


@given(st.text(min_size=1))
def test_a_path_is_decoded_once(text: str) -> None:
    """Whatever it holds, encoded byte by byte."""
    try:
        path = "".join(f"%{byte:02X}" for byte in text.encode())
    except UnicodeEncodeError:  # a lone surrogate is no text
        return
    assert decoded({"raw_path": f"/{path}".encode()}) == f"/{text}"


@given(st.text(alphabet=list("/.%ab2Fidregonlhtmc?\n"), max_size=40))
def test_no_path_is_understood_in_two_ways(path: str) -> None:
    """Where two patterns fit, nobody could say which is meant."""
    fitting = [pattern.pattern for pattern, _ in ROUTES if pattern.fullmatch(f"/{path}")]
    assert len(fitting) <= 1


# --- parameters ---------------------------------------------------------------------------------


def test_parameters_are_passed_in_their_order(site: Site) -> None:
    """Those of pages with the language and format; programs' without."""
    query = "region=%E4%B8%8A&by=2022&region=b&lang=en&format="
    pairs = [["region", "上"], ["by", "2022"], ["region", "b"]]
    assert site.head(f"/queries/a.csv?{query}csv")["params"] == pairs
    page = site.head(f"/queries/a?{query}html")["params"]
    assert page == [*pairs, ["lang", "en"], ["format", "html"]]


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/queries/a?format=pdf", 400),
        ("/queries?format=csv", 400),
        ("/id/region/a?format=rdf", 400),
        ("/queries/a?x=%FF", 400),
        ("/queries/a?" + "&".join("x" * 2000), 400),
    ],
)
def test_what_cannot_be_read_is_told_at_once(site: Site, target: str, status: int) -> None:
    """No worker is asked; a format that there is not with those that there are."""
    response = site.ask(target)
    assert (response.status, site.service.heads) == (status, [])
    if "format" in target:
        assert "json" in response.body.decode()


@pytest.mark.parametrize(
    "target",
    ["/queries/a", "/queries", "/id", "/id/region", "/sparql", "/.well-known/void"],
)
def test_what_is_not_offered_is_told_at_once(site: Site, target: str) -> None:
    """With what is."""
    response = site.ask(target, {"accept": "image/png"})
    assert (response.status, site.service.heads) == (406, [])
    assert "/" in response.body.decode()


def test_a_worker_knows_whether_there_is_a_thing_in_no_format(site: Site) -> None:
    """It is asked also where the client takes none of the formats."""
    assert site.head("/id/region/a", {"accept": "image/png"})["suffix"] == ""


@pytest.mark.parametrize(
    ("target", "media_type"),
    [
        ("/sparql?format=jsonld", "application/ld+json"),
        ("/.well-known/void?format=nt", "application/n-triples"),
        ("/.well-known/sparql-examples?format=text/turtle", "text/turtle"),
    ],
)
def test_a_description_comes_in_the_format_of_the_address(
    site: Site, target: str, media_type: str
) -> None:
    """Whatever the client accepts; a format of rows is none of it."""
    for headers in ({}, HTML, {"accept": "application/rdf+xml"}):
        assert site.head(target, headers)["media_type"] == media_type
    path, _, _ = target.partition("?")
    assert site.ask(f"{path}?format=csv").status == 406
    assert site.ask(f"{path}?format=nothing").status == 400


def test_a_data_file_has_no_editor() -> None:
    """Its start leads to the endpoint."""
    site = Site(is_release=False)
    assert site.ask("/sparql", HTML).status == 406
    start = site.ask("/")
    assert (start.status, start.headers["location"]) == (303, "sparql")
    assert site.service.heads == []


def test_every_format_has_its_way_in(site: Site) -> None:
    """As a suffix and as a parameter."""
    for suffix in ANSWERS:
        assert site.head(f"/queries/a.{suffix}")["form"] == suffix
        assert site.head(f"/queries/a?format={suffix}")["form"] == suffix
    for suffix in DOCUMENTS:
        assert site.head(f"/id/region/a.{suffix}")["suffix"] == suffix
        assert site.head(f"/id/region/a?format={suffix}")["suffix"] == suffix
