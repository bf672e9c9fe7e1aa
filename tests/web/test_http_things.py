"""Linked data over HTTP: every IRI of the dataset leads to what the endpoint knows of it."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit

import pyoxigraph as ox
import pytest
from exchange import ask, asking
from page_reader import Page

from kg.names import GRAPH, ID, KINDS, ROOT
from kg.web.linked.documents import path_of

if TYPE_CHECKING:
    from pathlib import Path

pytest_plugins = ["real_service"]

FORMATS: Final = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
}
"""Suffix of a document in RDF -> how Oxigraph calls its format."""

FEW: Final = 40
"""Things of each kind and class that are looked at."""


@pytest.fixture(scope="module")
def facts(build: Path) -> dict[str, set[str]]:
    """Give subject -> the lines of its triples, as the file of the release has them."""
    found: dict[str, set[str]] = defaultdict(set)
    for line in (build / "current" / "dataset.nq").read_text(encoding="utf-8").splitlines():
        triple, _, graph = line.removesuffix(" .").rpartition(" ")
        found[line.partition(" ")[0].strip("<>")].add(triple)
        found[graph.strip("<>")]  # a graph is a thing as well
    return found


@pytest.fixture(scope="module")
def things(facts: dict[str, set[str]]) -> list[str]:
    """Give some IRIs of every kind, of the longest and of all those that are hard to write."""
    of_kind: dict[str, list[str]] = defaultdict(list)
    for iri in sorted(facts):
        if iri.startswith(ROOT):
            kind = iri.removeprefix(ROOT).partition("#")[0].rpartition("/")[0] or "ontology"
            of_kind["id/claim" if "claim" in kind else kind].append(iri)
    assert {f"id/{kind}" for kind in KINDS} <= of_kind.keys()
    hard = [iri for iri in facts if iri.startswith(ROOT) and re.search(r"[^a-z0-9:/#.-]", iri)]
    some = [iri for iris in of_kind.values() for iri in iris[:: max(1, len(iris) // 4)]]
    return sorted({*some, *hard[:FEW], *(iri for iri in facts if iri.startswith(GRAPH))})


def triples(body: bytes, suffix: str) -> set[str]:
    """Give the triples of a document as lines."""
    return {str(quad.triple) for quad in ox.parse(body, format=FORMATS[suffix])}


def test_every_kind_of_iri_leads_to_its_document(url: str, things: list[str]) -> None:
    """By its own path, without a second redirect, in every format; and to a page."""
    for iri in things:
        path = path_of(iri).partition("#")[0]
        for suffix, accept in (("ttl", ""), ("html", "text/html"), ("json", "application/json")):
            answer = ask(url, path, {"Accept": accept} if accept else {})
            found = path_of(iri, suffix).partition("#")[0]
            assert (answer.status, answer.headers["location"]) == (303, found)
            document = ask(url, found)
            assert document.status == 200, f"{found}: {document}"
            assert document.body


def test_what_is_nothing_is_nothing_in_any_format(url: str) -> None:
    """404, while a thing that has no such format is a 406."""
    wrong = {"Accept": "application/rdf+xml"}
    assert ask(url, "/id/region/nothing-of-that-name", wrong).status == 404
    told = ask(url, "/id/region/shanghai", wrong)
    assert told.status == 406
    assert "text/turtle" in told.text


def test_all_formats_hold_the_same(url: str, things: list[str]) -> None:
    """The same triples, and JSON is about the same thing."""
    for iri in things:
        told = []
        for suffix in FORMATS:
            path = path_of(iri, suffix).partition("#")[0]
            lines = triples(ask(url, path).body, suffix)
            of_itself = f"<{url}{path}> "
            assert sum(line.startswith(of_itself) for line in lines) > 3
            told.append({line.replace(of_itself, "<document> ") for line in lines})
        assert told[0] == told[1] == told[2]
        plain = ask(url, path_of(iri, "json").partition("#")[0]).json
        assert iri.partition("#")[0] in json.dumps(plain, ensure_ascii=False)


def test_documents_tell_what_the_dataset_says(
    url: str, things: list[str], facts: dict[str, set[str]]
) -> None:
    """All that it says of the thing itself; and of others nothing that it does not say."""
    for iri in things:
        topic = iri.partition("#")[0]
        told = triples(ask(url, path_of(topic, "nt")).body, "nt")
        ours = {line for line in told if not line.startswith(f"<{url}/")}
        if iri.startswith(GRAPH):
            ours = {line for line in ours if not line.startswith(f"<{iri}>")}
        said = {line for line in ours if line not in facts[line.partition(" ")[0].strip("<>")]}
        assert said == set()
        assert facts[topic] <= told


def test_documents_agree_with_the_endpoint(url: str, things: list[str]) -> None:
    """DESCRIBE of the thing gives a part of its document."""
    for iri in things[::5]:
        if iri.startswith(ID):
            target = asking("/sparql", {"query": f"DESCRIBE <{iri}>", "format": "nt"})
            described = triples(ask(url, target).body, "nt")
            assert described
            assert described <= triples(ask(url, path_of(iri, "nt")).body, "nt")


# --- names --------------------------------------------------------------------------------------

NAMES: Final = {
    "/id/region/上海": "/id/region/shanghai",
    "/id/region/上海市": "/id/region/shanghai",
    "/id/region/沪": "/id/region/shanghai",
    "/id/region/Shanghai": "/id/region/shanghai",
    "/id/region/SHANGHAI": "/id/region/shanghai",
    "/id/region/shang hai": "/id/region/shanghai",
    "/id/region/CN-SH": "/id/region/shanghai",
    "/id/region/310000": "/id/region/shanghai",
    "/id/concept/一网通办": "/id/concept/yi-wang-tong-ban",
    "/id/concept/yiwangtongban": "/id/concept/yi-wang-tong-ban",
    "/id/concept/“一网通办”": "/id/concept/yi-wang-tong-ban",
    "/graph/source/2021-provincial-roundup": "/graph/source/2021-provincial-roundup",
}
"""Path with a name -> path of the thing."""


@pytest.mark.parametrize(("named", "meant"), NAMES.items())
def test_any_name_leads_to_the_thing(url: str, named: str, meant: str) -> None:
    """Encoded in capitals or not, wholly or in part; with a suffix to the document of it."""
    encoded = quote(named, safe="/")
    wholly = "/".join(
        "".join(f"%{byte:02x}" for byte in part.encode()) for part in named.split("/")
    )
    for path in (encoded, encoded.replace("%E", "%e"), wholly):
        answer = ask(url, path)
        assert (answer.status, answer.headers["location"]) == (303, f"{meant}.ttl")
    if named != meant:
        for suffix in ("html", "ttl", "jsonld", "nt", "json"):
            answer = ask(url, f"{encoded}.{suffix}")
            assert (answer.status, answer.headers["location"]) == (303, f"{meant}.{suffix}")
            assert ask(url, answer.headers["location"]).status == 200


def test_every_label_leads_to_what_bears_it(url: str, facts: dict[str, set[str]]) -> None:
    """Or, where several things bear it, to a choice that has it."""
    label = re.compile(
        r'<([^>]*/id/(?:region|concept|platform|initiative)/[^>]*)> <[^>]*prefLabel> "(.*)"@\w+'
    )
    found = sorted(
        {
            match.groups()
            for lines in facts.values()
            for line in lines
            if (match := label.match(line))
        }
    )
    some = found[:: max(1, len(found) // FEW)]
    assert len(some) >= FEW
    for iri, text in some:
        name = text.encode().decode("unicode_escape") if "\\" in text else text
        kind = iri.removeprefix(ID).partition("/")[0]
        answer = ask(url, f"/id/{kind}/{quote(name, safe='')}")
        assert answer.status in {300, 303}, f"{name}: {answer}"
        assert path_of(iri, "ttl") in answer.text


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("/id/region/shan%20xi", ("/id/region/shaanxi", "/id/region/shanxi")),
        (
            f"/id/concept/{quote('五个一')}",
            ("/id/concept/wu-ge-yi-guangxi", "/id/concept/wu-ge-yi-shanxi"),
        ),
    ],
)
def test_an_ambiguous_name_leads_to_a_choice(url: str, path: str, meant: tuple[str, ...]) -> None:
    """As text, and in the header `Link`; none of them is taken for the other."""
    for suffix in ("ttl", "json"):
        answer = ask(url, f"{path}.{suffix}")
        assert answer.status == 300
        for one in meant:
            assert f"{one}.{suffix}\n" in answer.text
            assert f'<{one}.{suffix}>; rel="alternate"' in answer.headers["link"]
            assert ask(url, f"{one}.{suffix}").status == 200


def test_an_ambiguous_name_is_a_page_to_a_browser(url: str) -> None:
    """With a link to each thing that may be meant."""
    answer = ask(url, "/id/region/shan%20xi", {"Accept": "text/html", "Accept-Language": "en"})
    assert (answer.status, answer.media_type) == (300, "text/html")
    page = Page(answer.text)
    assert page.faults == []
    assert {"/id/region/shaanxi.html", "/id/region/shanxi.html"} <= {
        urlsplit(link).path for link in page.links
    }


def test_the_language_of_a_link_is_kept(url: str) -> None:
    """A page in English that links to a thing leads to the page of the thing in English."""
    for path in ("/id/region/shanghai", f"/id/region/{quote('上海')}", "/ontology"):
        answer = ask(url, f"{path}?lang=en", {"Accept": "text/html", "Accept-Language": "zh"})
        assert answer.status == 303
        page = Page(ask(url, answer.headers["location"], {"Accept-Language": "zh"}).text)
        assert page.one("html").attributes["lang"] == "en"


@pytest.mark.parametrize(
    "path",
    [
        "/id/region/nowhere",
        "/id/region/shanghai.None",
        "/id/region/shanghai.xml",
        "/id/region/shanghai/",
        "/id/region/shanghai.ttl.ttl",
        "/id/region//shanghai",
        "/id/region/../concept/yi-wang-tong-ban",
        "/id/region/..%2Fconcept%2Fyi-wang-tong-ban",
        "/id/region/%2e%2e/%2e%2e/etc/passwd",
        "/id/concept/shanghai",
        "/id/region/shanghai%00",
        "/id/region/shanghai%0d%0aX: y",
        "/id/region/%E2%80%AEshanghai",
        "/id/region/%ED%A0%80",
        f"/id/region/{'x' * 5000}",
        "/id/region/https://w3id.org/dgkg/id/concept/yi-wang-tong-ban",
        "/id/evidence/nothing",
        "/id/evidence/上海",
        "/graph/source/nothing",
        "/graph/https://example.org",
        "/ontology/nothing",
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static//etc/passwd",
    ],
)
def test_what_is_not_there_is_not_found(url: str, path: str) -> None:
    """No path leads to another thing, out of the store, or to a file."""
    for suffix in ("", "?format=json"):
        answer = ask(url, f"{path}{suffix}")
        assert answer.status == 404, str(answer)
        assert "x" not in answer.headers
        assert len(answer.text) < 3000


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_list(url: str, kind: str) -> None:
    """Or says that there is none; what is listed is there."""
    answer = ask(url, f"/id/{kind}?lang=en", {"Accept": "text/html"})
    assert answer.status in {200, 404}
    page = Page(answer.text)
    assert page.faults == []
    listed = [link for link in page.links if link.startswith(f"/id/{kind}/")]
    assert bool(listed) == (answer.status == 200)
    for link in listed[:3]:
        assert ask(url, link).status == 200
