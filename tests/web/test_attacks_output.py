"""Whatever a dataset or a request holds, no answer does anything to who reads it."""

from __future__ import annotations

import csv
import io
import json
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit
from xml.parsers import expat

import pyoxigraph as ox
import pytest
from attack_client import Service, afterwards, sent, together
from attack_data import EVERY_SIGN, LABEL, NOT_IN_XML, TEXTS
from attack_requests import Sent, asked, posted, request
from graph_fixtures import HEAD, run_kg

from kg.errors import UsageError
from kg.names import PREFIXES
from kg.web.limits import Limits
from kg.web.negotiation import FORMATS, prefers_page
from kg.web.sparql.answers import ROWS, TRIPLES
from kg.web.workers.holding import Plan, hold

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from exchange import Answer

pytest_plugins = ["attack_services"]

KG: Final = PREFIXES["kg"]
SCRIPT: Final = "<script>alert(1)</script>"
UNSEEN: Final = "\u202e\u2066\u200e\x01\x85"
"""Signs that turn text around, or that nobody sees."""

PAGES: Final = (
    *("/", "/?lang=en", "/queries", "/queries?lang=en", "/sparql"),
    *("/queries/platforms-of-concept", "/queries/platforms-of-concept.html?lang=en"),
    *("/id/region/shaanxi.html", "/id/region/shaanxi.html?lang=en", "/id/region/shanghai.html"),
    *("/id/platform/sui-shen-ban.html", "/id/concept/yi-wang-tong-ban.html", "/id/concept"),
    *("/id/region/", "/id/platform", "/id/source", "/id/claim/shanghai-one.html", "/id/claim"),
    *("/graph/source/one.html", "/graph/reference.html", "/id/source/one.html?lang=en"),
)

ECHOES: Final = (
    *("/queries/platforms-of-concept?concept=#", "/queries/platforms-of-concept?#=1"),
    *(
        "/queries/platforms-of-concept?by=#&region=#&lang=en",
        "/queries/platforms-of-concept?lang=#",
    ),
    *("/queries/platforms-of-concept?format=#", "/queries/#", "/id/#", "/id/#/#", "/id/region/#"),
    *("/id/region/shanghai.html?#", "/id/region/shanghai.html?lang=#", "/graph/#", "/ontology/#"),
    *("/static/#", "/#", "/?#=#", "/sparql?#", "/sparql?query=#", "/sparql?query=ASK{}&format=#"),
    *("/sparql?query=ASK{}&default-graph-uri=#", "/sparql?query=SELECT+?#+{}", "/queries?lang=#"),
    "/sparql?query=SELECT+*+{+%3Curn:a%3E+%3Curn:b%3E+%22#",
)
"""Where something that is told back to the client can stand."""


@pytest.fixture
def release(labelled: Service) -> Iterator[Service]:
    """Give a service of a release with hostile labels, which answers afterwards as before."""
    with afterwards(labelled):
        yield labelled


@pytest.fixture
def file(texts: Service) -> Iterator[Service]:
    """Give a service of a data file with hostile texts, which answers afterwards as before."""
    with afterwards(texts):
        yield texts


# --- pages --------------------------------------------------------------------------------------


class Page(HTMLParser):
    """What a browser makes of a page."""

    def __init__(self, text: str) -> None:
        """Read it."""
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember an element."""
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        """Remember a text."""
        self.texts.append(data)


LINKS: Final = frozenset({"href", "src", "action", "formaction", "data", "poster", "cite"})


def safe(answer: Answer, *, script: bool = False) -> Page:
    """See that a page does nothing of its own, and give what is on it."""
    assert answer.headers["x-content-type-options"] == "nosniff"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert ("script-src" in policy) is script
    assert "frame-ancestors 'none'" in policy
    text = answer.text
    assert not set(text) & set(UNSEEN)
    page = Page(text)
    for tag, attributes in page.tags:
        assert tag not in {"img", "iframe", "object", "embed", "base", "style", "svg"}
        assert tag != "script" or script
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        for name in LINKS & attributes.keys():
            assert urlsplit(attributes[name]).scheme in {"", "http", "https"}, attributes
            assert not attributes[name].startswith("//")
    return page


@pytest.mark.parametrize("path", PAGES)
def test_hostile_labels_are_text_on_every_page(release: Service, path: str) -> None:
    """They neither run, nor end what they stand in, nor turn what stands beside them around."""
    answer = sent(release, request(path, "Accept: text/html"))
    assert (answer.status, answer.media_type) == (200, "text/html")
    safe(answer, script=path == "/sparql")


def test_a_hostile_label_is_told_whole(release: Service) -> None:
    """Signs that cannot be seen are written as their code."""
    page = safe(sent(release, request("/id/region/shaanxi.html", "Accept: text/html")))
    shown = "".join(page.texts)
    assert '<script src=//evil>alert("随")</script>' in shown
    assert "\\u202e<img onerror=x>" in shown


def test_an_iri_that_is_no_address_is_not_linked(release: Service, file: Service) -> None:
    """It is told, as text."""
    page = safe(sent(release, request("/id/region/shaanxi.html", "Accept: text/html")))
    assert "javascript:alert(1)" in "".join(page.texts)
    assert "href" not in json.dumps([a for t, a in page.tags if "javascript:" in str(a)])
    answer = sent(file, posted("SELECT * { ?s <javascript:alert(1)> ?o }"))
    assert answer.media_type == "application/sparql-results+json"


@pytest.mark.parametrize(
    "told", [SCRIPT, f'"{SCRIPT}', f"'>{SCRIPT}", UNSEEN, "javascript:alert(1)"]
)
def test_what_a_request_says_is_told_back_as_text(release: Service, told: str) -> None:
    """In pages, in errors, in every format."""
    targets = [echo.replace("#", quote(told, safe="")) for echo in ECHOES]
    accepts = ("text/html", "application/json", "*/*")
    found: list[Answer] = []
    for target in targets:
        found += together(release, [Sent(request(target, f"Accept: {a}")) for a in accepts])
    for answer in found:
        assert answer.status in {200, 303, 400, 403, 404, 406}
        if answer.media_type == "text/html":
            safe(answer, script="script-src" in answer.headers["content-security-policy"])
        else:
            inert(answer)


# --- results ------------------------------------------------------------------------------------


def inert(answer: Answer) -> None:
    """See that a browser makes nothing of an answer."""
    assert answer.media_type not in {"text/html", "application/xhtml+xml", "image/svg+xml"}
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert "set-cookie" not in answer.headers
    if answer.status >= 400:
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "accept",
    [
        *("text/html", "text/html, */*;q=0.1", "application/xhtml+xml", "image/svg+xml", "*/*"),
        *("text/*", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
        *ROWS,
        *TRIPLES,
    ],
)
def test_results_are_never_a_page(file: Service, release: Service, accept: str) -> None:
    """Whatever a browser says that it would like, and whatever they hold."""
    select, construct = "SELECT * { ?s ?p ?o }", "CONSTRUCT WHERE { ?s ?p ?o }"
    wrong = ("SELECT * { <script>", f"SELECT * {{}} # {SCRIPT}", "LOAD <urn:x>", "")
    for service in (file, release):
        for query in (select, construct, f'ASK {{ FILTER("{SCRIPT}" != "") }}', *wrong):
            for send in (asked, posted):
                answer = sent(service, send(query, f"Accept: {accept}"))
                assert answer.status in {200, 400, 403, 406}
                if service is release and send is asked and prefers_page(accept):
                    safe(answer, script=True)  # the editor, which runs no query by itself
                else:
                    inert(answer)


@pytest.mark.parametrize("name", [*FORMATS, "html", "text/html", "application/xhtml+xml"])
def test_no_format_is_a_page(file: Service, name: str) -> None:
    """Nor one that is asked for by its name."""
    for query in ("SELECT * { ?s ?p ?o }", "CONSTRUCT WHERE { ?s ?p ?o }"):
        answer = sent(file, asked(query, "Accept: text/html", params={"format": name}))
        assert answer.media_type != "text/html"
        inert(answer)


def texts_of(body: bytes) -> list[str]:
    """Read XML, which has to be well-formed, and give the text of each literal."""
    found: list[str] = []
    within: list[str] = []

    def start(name: str, _: object) -> None:
        within.append(name)
        if name.endswith(" literal"):
            found.append("")

    def data(text: str) -> None:
        if within[-1].endswith(" literal"):
            found[-1] += text

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: within.pop()
    parser.CharacterDataHandler = data
    parser.Parse(body, True)
    return found


def text_of(name: str) -> str:
    """Write the query for a text of the data file."""
    return f"SELECT ?t {{ <urn:{name}> <urn:is> ?t }}"


@pytest.mark.parametrize(
    ("name", "text"),
    [("every", EVERY_SIGN), *((f"text{at}", text) for at, text in enumerate(TEXTS))],
)
def test_every_text_comes_back_as_it_is(file: Service, name: str, text: str) -> None:
    """In each format for rows; XML is well-formed, and no part of a text ends anything."""
    json_, xml, csv_, tsv = (
        sent(file, posted(text_of(name), f"Accept: {accept}")) for accept in ROWS
    )
    assert json_.json["results"]["bindings"][0]["t"]["value"] == text
    assert texts_of(xml.body) == [text]
    rows = list(csv.reader(io.StringIO(csv_.text, newline="")))
    assert rows == [["t"], [text]]
    assert tsv.text.count("\n") == 2
    (quad,) = ox.parse(f"<a:> <b:> {tsv.text.split(chr(10))[1]} .", format=ox.RdfFormat.TURTLE)
    assert isinstance(quad.object, ox.Literal)
    assert quad.object.value == text


@pytest.mark.parametrize("accept", TRIPLES)
def test_every_text_comes_back_as_it_is_in_triples(file: Service, accept: str) -> None:
    """In each format for triples."""
    names = {"every": EVERY_SIGN, **{f"text{at}": text for at, text in enumerate(TEXTS)}}
    listed = " ".join(f"<urn:{name}>" for name in names)
    query = f"CONSTRUCT {{ ?s ?p ?o }} {{ VALUES ?s {{ {listed} }} ?s ?p ?o }}"
    answer = sent(file, posted(query, f"Accept: {accept}"))
    assert answer.status == 200
    if accept == "application/rdf+xml":
        texts_of(answer.body)
    found = {}
    for quad in ox.parse(answer.body, format=TRIPLES[accept]):
        assert isinstance(quad.subject, ox.NamedNode)
        assert isinstance(quad.object, ox.Literal)
        found[quad.subject.value.removeprefix("urn:")] = quad.object.value
    if accept == "application/rdf+xml":  # a parser of XML reads line ends as it likes
        names = {name: text for name, text in names.items() if "\r" not in text}
    assert {name: found[name] for name in names} == names


@pytest.mark.parametrize("at", range(len(NOT_IN_XML)))
def test_what_xml_cannot_hold_is_refused_as_xml(file: Service, at: int) -> None:
    """And told in any other format."""
    query = text_of(f"sign{at}")
    rows = sent(file, posted(query, "Accept: application/sparql-results+xml"))
    triples = query.replace("SELECT ?t", f"CONSTRUCT {{ <urn:sign{at}> <urn:is> ?t }}")
    graph = sent(file, posted(triples, "Accept: application/rdf+xml"))
    assert (rows.status, graph.status) == (406, 406)
    answer = sent(file, posted(query))
    assert answer.json["results"]["bindings"][0]["t"]["value"] == NOT_IN_XML[at]


@pytest.mark.parametrize(
    "query",
    [
        'SELECT (IRI("http://a/\\u0001") AS ?x) {}',
        'SELECT (IRI("http://a/\\"><x y=\\"&") AS ?x) {}',
        'SELECT (STRDT("a", IRI("http://a/\\"><&")) AS ?x) {}',
        'SELECT (STRLANG("a", "zh\\"><x y=\\"") AS ?x) {}',
        'SELECT ("a\\u0000b" AS ?x) {}',
        'SELECT ("<&>]]>" AS ?x) {}',
        "SELECT (1 AS ?变量) {}",
        "SELECT (BNODE() AS ?x) {}",
        "SELECT (1/0 AS ?x) {}",
        *(
            f'CONSTRUCT {{ <urn:a> <{iri}> "x" }} {{}}'
            for iri in (
                "http://a/1",
                "http://a/",
                "urn:%20",
                "urn:𠮷",
                "http://a/·",
                f"{KG}1/2",
                KG,
            )
        ),
        'CONSTRUCT { <urn:a> <urn:a:&b> "<&>" } {}',
        'CONSTRUCT { <urn:a> <urn:p> ?x } { BIND(STRLANG("a", "x\\"y") AS ?x) }',
    ],
)
def test_xml_is_well_formed_or_refused(file: Service, query: str) -> None:
    """Whatever a query makes itself."""
    accept = "Accept: application/sparql-results+xml, application/rdf+xml"
    answer = sent(file, posted(query, accept))
    assert answer.status in {200, 400, 406}
    if answer.status == 200:
        texts_of(answer.body)


# --- what is loaded -----------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["202E", "2066", "200F", "0001", "007F", "0085", "061C"])
@pytest.mark.parametrize(
    "line",
    [
        *("<urn:#> <urn:b> <urn:c> .", "<urn:a> <urn:#> <urn:c> .", "<urn:a> <urn:b> <urn:#> ."),
        *("<urn:a> <urn:b> <urn:c> <urn:#> .", '<urn:a> <urn:b> "c"^^<urn:#> .'),
        *("<urn:a> <urn:b> <<( <urn:a> <urn:b> <urn:#> )>> .",),
        '<urn:a> <urn:b> <<( <urn:a> <urn:b> <<( <urn:a> <urn:b> "c"^^<urn:#> )>> )>> .',
    ],
)
def test_an_iri_that_deceives_the_eye_is_not_served(tmp_path: Path, line: str, code: str) -> None:
    """Wherever it stands, it is refused when the file is loaded."""
    path = tmp_path / "deceiving.nq"
    path.write_text(line.replace("#", f"\\u{code}") + "\n", encoding="utf-8")
    plan = Plan(tmp_path, path, is_release=False, public_url="http://x", limits=Limits(1, 1, 1, 1))
    with pytest.raises(UsageError):
        hold(plan)


def test_a_service_says_what_it_does_not_serve(tmp_path: Path) -> None:
    """It does not start; its message shows the sign as its code."""
    path = tmp_path / "deceiving.nq"
    path.write_text("<urn:a\\u202Eb> <urn:b> <urn:c> .\n", encoding="utf-8")
    run = run_kg("serve", "--data", path, "--port", "0")
    assert (run.returncode, run.stdout) == (2, b"")
    assert b"\\u202e" in run.stderr
    assert "\u202e".encode() not in run.stderr


def test_a_query_that_deceives_the_eye_is_refused(file: Service) -> None:
    """It says something else than is read; what is meant can be written as its code."""
    answer = sent(file, posted('ASK { FILTER("\u202e" = "a") }'))
    assert (answer.status, "\\u202e" in answer.text, "\u202e" in answer.text) == (400, True, False)
    told = sent(file, posted('SELECT ("\\u202e" AS ?x) {}')).json
    assert told["results"]["bindings"][0]["x"]["value"] == "\u202e"


def test_labels_in_the_formats_of_documents_are_data(release: Service) -> None:
    """As they are in the dataset, and never as a page."""
    for suffix, media_type in (
        *(("ttl", "text/turtle"), ("nt", "application/n-triples")),
        *(("jsonld", "application/ld+json"), ("json", "application/json")),
    ):
        answer = sent(release, request(f"/id/region/shaanxi.{suffix}", "Accept: text/html"))
        assert (answer.status, answer.media_type) == (200, media_type)
        inert(answer)
    (quad,) = (
        quad
        for quad in ox.parse(
            sent(release, request("/id/region/shaanxi.nt")).body, format=ox.RdfFormat.N_TRIPLES
        )
        if quad.predicate.value.endswith("#prefLabel")
        and isinstance(quad.object, ox.Literal)
        and quad.object.language == "zh"
        and str(quad.subject).endswith("/shaanxi>")
    )
    assert quad.object.value == f"陕西{LABEL}"
    found = sent(release, asked(f'{HEAD} SELECT * {{ ?s skos:prefLabel ?o FILTER(?o = "x") }}'))
    assert found.status == 200
