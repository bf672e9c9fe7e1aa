"""Whatever is asked, nothing is fetched, read from the disk, or changed."""

from __future__ import annotations

import os
import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlencode

import pytest
from attack_client import Canary, Service, afterwards, sent, together, until
from attack_requests import Sent, Write, asked, form, posted, request
from graph_fixtures import run_kg, run_python

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest_plugins = ["attack_services"]

CALL: Final = "SERVICE <#> { ?x ?y ?z }"
UP: Final = "SERVICE".translate({ord(c): f"\\u{ord(c):04X}" for c in "SERVICE"})
WIDE: Final = "".join(chr(ord(c) + 0xFEE0) for c in "SERVICE")

HIDDEN: Final = (
    f"SELECT * {{ {CALL} }}",
    f"ASK {{ {CALL} }}",
    f"CONSTRUCT {{ ?x ?y ?z }} WHERE {{ {CALL} }}",
    f"DESCRIBE ?x {{ {CALL} }}",
    "SELECT * { SERVICE SILENT <#> { ?x ?y ?z } }",
    "SELECT * { seRVice<#>{?x ?y ?z} }",
    "SELECT * {SERVICE<#>{}}",
    f"SELECT * {{ {{ {{ {{ {CALL} }} }} }} }}",
    f"SELECT * {{ ?s ?p ?o OPTIONAL {{ {CALL} }} }}",
    f"SELECT * {{ ?s ?p ?o MINUS {{ {CALL} }} }}",
    f"SELECT * {{ {{ ?s ?p ?o }} UNION {{ {CALL} }} }}",
    f"SELECT * {{ ?s ?p ?o FILTER EXISTS {{ {CALL} }} }}",
    f"SELECT * {{ ?s ?p ?o FILTER NOT EXISTS {{ {CALL} }} }}",
    f"SELECT * {{ ?s ?p ?o BIND(EXISTS {{ {CALL} }} AS ?b) }}",
    f"SELECT (EXISTS {{ {CALL} }} AS ?b) {{}}",
    f"SELECT * {{}} ORDER BY (EXISTS {{ {CALL} }})",
    f"SELECT * {{ ?s ?p ?o }} HAVING (EXISTS {{ {CALL} }})",
    f"SELECT * {{ GRAPH ?g {{ {CALL} }} }}",
    f"SELECT * {{ {{ SELECT * {{ {{ SELECT * {{ {CALL} }} }} }} }} }}",
    f"SELECT * {{ LATERAL {{ {CALL} }} }}",
    "SELECT * { SERVICE ?where { ?x ?y ?z } VALUES ?where { <#> } }",
    "SELECT * { BIND(<#> AS ?where) SERVICE ?where { ?x ?y ?z } }",
    'SELECT * { BIND(IRI("#") AS ?where) SERVICE ?where { ?x ?y ?z } }',
    "PREFIX p: <#> SELECT * { SERVICE p: { ?x ?y ?z } }",
    "PREFIX p: <#> SELECT * { SERVICE p:x { ?x ?y ?z } }",
    "PREFIX : <#> SELECT * { SERVICE:{ ?x ?y ?z } }",
    "BASE <#> SELECT * { SERVICE <> { ?x ?y ?z } }",
    "BASE <#/> SELECT * { SERVICE <x> { ?x ?y ?z } }",
    "SELECT * { SERVICE#comment\n<#> { ?x ?y ?z } }",
    "SELECT * { #comment\rSERVICE <#> { ?x ?y ?z } }",
    "SELECT * { #comment\r\nSERVICE <#> { ?x ?y ?z } }",
    "SELECT * { #comment\x0bSERVICE <#> { ?x ?y ?z }\n }",
    "SELECT * { #comment\x85SERVICE <#> { ?x ?y ?z }\n }",
    "SELECT * { #comment\\u000ASERVICE <#> { ?x ?y ?z } }",
    f"SELECT * {{ {UP} <#> {{ ?x ?y ?z }} }}",
    "SELECT * { SERV\\u0049CE <#> { ?x ?y ?z } }",
    "SELECT * { SERV\\U00000049CE <#> { ?x ?y ?z } }",
    "SELECT * { \\u007B SERVICE <#> { ?x ?y ?z } \\u007D }",
    "SELECT * { SERVICE \\u003C#\\u003E { ?x ?y ?z } }",
    f"SELECT * {{ {WIDE} <#> {{ ?x ?y ?z }} }}",
    "SELECT * { \u017fERVICE <#> { ?x ?y ?z } }",
    "SELECT * { SERV\u0131CE <#> { ?x ?y ?z } }",
    "SELECT * { SER\u200bVICE <#> { ?x ?y ?z } }",
    "SELECT * { SER\x00VICE <#> { ?x ?y ?z } }",
    "SELECT * { ?s ?p trueSERVICE <#> { ?x ?y ?z } }",
    "SELECT * { ?s ?p 1SERVICE <#> { ?x ?y ?z } }",
    "SELECT * { ?s ?p 1.SERVICE <#> { ?x ?y ?z } }",
    "SELECT * { ?s ?p 1e1SERVICE <#> { ?x ?y ?z } }",
    'SELECT * { ?s ?p "a"SERVICE <#> { ?x ?y ?z } }',
    'SELECT * { ?s ?p "a"@zhSERVICE <#> { ?x ?y ?z } }',
    'SELECT * { ?s ?p "a"@zh SERVICE <#> { ?x ?y ?z } }',
    "SELECT * { ?s ?p <urn:a>SERVICE <#> { ?x ?y ?z } }",
    "PREFIX a: <urn:a> SELECT * { ?s ?p a:SERVICE <#> { ?x ?y ?z } }",
    "PREFIX a: <urn:a> SELECT * { ?s ?p a:b.SERVICE <#> { ?x ?y ?z } }",
    "PREFIX a: <urn:a> SELECT * { ?s ?p a:b\\.SERVICE <#> { ?x ?y ?z } }",
    "PREFIX a: <urn:a> SELECT * { ?s ?p a:%41SERVICE <#> { ?x ?y ?z } }",
    "PREFIX SERVICE: <#> SELECT * { SERVICE:a SERVICE:b SERVICE:c . SERVICE <#> {} }",
    "PREFIX SERVICE: <#> SELECT * { SERVICE: { ?x ?y ?z } }",
    "SELECT * { _:SERVICE ?p ?o . _:aSERVICE <#> { ?x ?y ?z } }",
    "SELECT * { ?s ?p ?oSERVICE <#> { ?x ?y ?z } }",
    "SELECT * { ?s ?p ?o.SERVICE <#> { ?x ?y ?z } }",
    "SELECT * { ?s ?p ?o FILTER(?s<?p)SERVICE <#> { ?x ?y ?z } }",
    "SELECT * { ?s ?p ?o FILTER(?s<?p)#>\nSERVICE <#> { ?x ?y ?z }#>\n }",
    "SELECT * { ?s ?p ?o FILTER(?s<?o&&?p>?o)SERVICE <#> { ?x ?y ?z } }",
    "SELECT * { ?s ?p ?o FILTER(?s<'SERVICE>') SERVICE <#> {} FILTER('<'>?o) }",
    'SELECT * { ?s ?p "\\"" SERVICE <#> { ?x ?y ?z } }',
    'SELECT * { ?s ?p """a"b""c\\"""" SERVICE <#> { ?x ?y ?z } }',
    "SELECT * { ?s ?p '''a'b''c''' SERVICE <#> { ?x ?y ?z } }",
    'SELECT * { ?s ?p "a\'" . SERVICE <#> { ?x ?y ?z } ?a ?b "\'" }',
    'SELECT * { ?s ?p "# " . SERVICE <#> { ?x ?y ?z } }',
    "SELECT * { ?s ?p <urn:a#b> . SERVICE <#> { ?x ?y ?z } }",
    "SELECT * { ?s ?p <urn:'> . SERVICE <#> { ?x ?y ?z } ?a ?b <urn:'> }",
    'SELECT * { ?s ?p "\\u0022 . SERVICE <#> { ?x ?y ?z } ?a ?b "" }',
    'SELECT * { ?s ?p "\\\\" . SERVICE <#> { ?x ?y ?z } ?a ?b "\\\\" }',
    "SELECT * { <<?s ?p ?o>> ?q ?r . SERVICE <#> { ?x ?y ?z } }",
    "\ufeffSELECT * { SERVICE <#> { ?x ?y ?z } }",
)
"""Queries that call another service, or would if they parsed; `#` in `<#>` is the canary."""

UPDATES: Final = (
    "LOAD <#>",
    "LOAD SILENT <#> INTO GRAPH <urn:g>",
    "INSERT DATA { <urn:a> <urn:b> <urn:c> }",
    "DELETE WHERE { ?s ?p ?o }",
    "WITH <urn:g> DELETE { ?s ?p ?o } INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }",
    "CLEAR ALL",
    "DROP ALL",
    "CREATE GRAPH <urn:g>",
    "COPY DEFAULT TO <urn:g>",
    "MOVE DEFAULT TO <urn:g>",
    "ADD DEFAULT TO <urn:g>",
    "ASK {} ; CLEAR ALL",
    "ASK {} CLEAR ALL",
)
"""What changes a store."""

COUNT: Final = "SELECT (COUNT(*) AS ?n) { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"

DIRECTLY: Final = """
import sys
import pyoxigraph as ox
from kg.errors import KgError
from kg.web.sparql.answers import answer
from kg.web.limits import Limits

limits = Limits(5, 256 << 20, 100, 10_000)
store = ox.Store()
store.add(ox.Quad(*[ox.NamedNode("urn:x")] * 3))
said = ("text/csv", "text/turtle")
if sys.argv[1] == "held":
    limits.hold()
for query in sys.argv[2:]:
    try:
        print(answer(store, query, said, limits)[1])
    except KgError as error:
        print(type(error).__name__)
try:
    open("/etc/passwd")
except OSError:
    print("nothing opens")
"""
"""Asks in a process of its own, held to the limits of a worker or not, past every guard."""


@pytest.fixture(params=["patient", "texts"])
def service(request: pytest.FixtureRequest) -> Iterator[Service]:
    """Give a service of a release, and one of a data file, which answer afterwards as before."""
    found: Service = request.getfixturevalue(request.param)
    with afterwards(found):
        yield found


@pytest.fixture(scope="module")
def canary() -> Iterator[Canary]:
    """Give somebody whom nobody may call."""
    found = Canary()
    yield found
    found.close()


@pytest.fixture(autouse=True)
def _nothing_is_called(canary: Canary) -> Iterator[None]:
    """See after every attack that nothing was fetched."""
    yield
    assert not canary.is_called()


def size(service: Service) -> str:
    """Count all triples."""
    found: str = sent(service, asked(COUNT)).json["results"]["bindings"][0]["n"]["value"]
    return found


def aimed(query: str, canary: Canary) -> str:
    """Aim a query at the canary."""
    return query.replace("<#", f"<{canary.url}").replace('IRI("#")', f'IRI("{canary.url}")')


# --- SERVICE ------------------------------------------------------------------------------------


def test_a_canary_sees_who_calls(canary: Canary) -> None:
    """Without the limits of a worker, a query calls it."""
    query = f"ASK {{ SERVICE SILENT <{canary.url}> {{ ?x ?y ?z }} }}"
    run = run_python(DIRECTLY, "free", query, environment={"no_proxy": "*"})
    assert (run.returncode, canary.is_called()) == (0, True), run.stderr


def test_a_worker_calls_nobody_though_every_guard_fails(canary: Canary) -> None:
    """It can open no socket and no file; what it is asked beside that it answers."""
    queries = [
        f"SELECT * {{ SERVICE <{canary.url}> {{ ?x ?y ?z }} }}",
        f"SELECT ?s {{ ?s ?p ?o SERVICE SILENT <{canary.url}> {{ ?x ?y ?z }} }}",
        f"SELECT ?s FROM <{canary.url}> FROM NAMED <file:///etc/passwd> {{ ?s ?p ?o }}",  # noqa: S608 -- SPARQL
        "SELECT ?s { ?s ?p ?o }",
    ]
    run = run_python(DIRECTLY, "held", *queries, environment={"no_proxy": "*"})
    said = run.stdout.decode().splitlines()
    assert run.returncode == 0, run.stderr
    assert (said[0], said[-2:]) == ("QueryError", ["b's\\r\\nurn:x\\r\\n'", "nothing opens"])
    assert not canary.is_called()


@pytest.mark.parametrize("send", [asked, posted, form])
def test_no_service_is_called_wherever_it_hides(
    service: Service, canary: Canary, send: Write
) -> None:
    """Every one is refused, as such or because it does not parse."""
    queries = [aimed(query, canary) for query in HIDDEN]
    found = together(service, [Sent(send(query)) for query in queries])
    let = {q: str(a) for q, a in zip(HIDDEN, found, strict=True) if a.status not in {400, 403}}
    assert let == {}
    refused = sum(answer.status == 403 for answer in found)
    assert refused > len(HIDDEN) // 2


def test_the_word_in_texts_and_names_is_no_call(service: Service) -> None:
    """A guard that is too strict would be one too."""
    queries = (
        'ASK { BIND("SERVICE <http://x> {}" AS ?x) }',
        "ASK { BIND('''SERVICE\n<http://x> {}''' AS ?x) } # SERVICE <http://x> {}",
        "ASK { ?service ?p ?o FILTER(?service != <http://x/SERVICE>) }",
        "PREFIX x: <urn:> ASK { FILTER NOT EXISTS { x:serviceOf x:from x:load } }",
    )
    found = together(service, [Sent(posted(query)) for query in queries])
    assert [answer.json for answer in found] == [{"head": {}, "boolean": True}] * 4


def test_parameters_of_questions_are_no_queries(service: Service, canary: Canary) -> None:
    """Nor is any other part of a request."""
    call = f"}} SERVICE <{canary.url}> {{ ?x ?y ?z }} {{"
    lines = [f"{name}: {call}" for name in ("Accept", "Origin", "Referer", "If-None-Match")]
    requests = [
        request(f"/queries/platforms-of-concept.json?concept={quote(call)}"),
        request(f"/queries/platforms-of-concept?concept={quote(canary.url)}"),
        request(f"/queries/platforms-of-concept.csv?by={quote(call)}"),
        request(f"/queries/{quote(call, safe='')}"),
        request(f"/id/{quote(canary.url, safe='')}"),
        request(f"/id/region/{quote(call, safe='')}"),
        request(canary.url),
        request(f"/sparql?query=ASK%7B%7D&format={quote(call)}"),
        request("/sparql?query=ASK%7B%7D", *lines),
        request(f"/?lang={quote(canary.url)}"),
    ]
    found = together(service, [Sent(data) for data in requests])
    assert {answer.status for answer in found} <= {200, 303, 400, 404, 406}


# --- graphs and files ---------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["FROM", "FROM NAMED", "default-graph-uri", "named-graph-uri"])
def test_no_graph_is_fetched_or_read(service: Service, canary: Canary, by: str) -> None:
    """A graph is one of the dataset, or none."""
    for iri in (canary.url, "file:///etc/passwd", "/etc/passwd", "file:attack_data.py", "data:,a"):
        for query in ("SELECT * # {{ ?s ?p ?o }}", "SELECT * # {{ GRAPH ?g {{ ?s ?p ?o }} }}"):
            text = query.replace("#", f"{by} <{iri}>" if by.isupper() else "")
            text = text.replace("{{", "{").replace("}}", "}")
            params = {} if by.isupper() else {by: iri}
            target = f"/sparql?{urlencode(params)}"
            requests = [
                asked(text, params=params),
                form(text, params=params),
                posted(text, target=target),
            ]
            for answer in together(service, [Sent(data) for data in requests]):
                told = answer.status == 200 and answer.json["results"]["bindings"]
                assert not told, (text, answer)
                assert answer.status in {200, 400, 403}
                assert b"root:" not in answer.body


def test_a_graph_of_that_name_is_only_a_name(service: Service, canary: Canary) -> None:
    """It is asked for in the store."""
    query = f"ASK {{ GRAPH <{canary.url}> {{ ?s ?p ?o }} }}"
    assert sent(service, asked(query)).json["boolean"] is False


@pytest.mark.parametrize(
    "path", ["id", "static", "queries", "graph", "ontology", "data", ".well-known"]
)
def test_no_path_leads_out(service: Service, path: str) -> None:
    """Paths are names; no file is looked for at one."""
    ups = (
        "..",
        "%2e%2e",
        "%2E.",
        "..%2f..",
        "%252e%252e",
        "..\\..",
        "..%5c..",
        "....//",
        "%c0%ae%c0%ae",
        ".",
    )
    ends = (
        "etc/passwd",
        "etc%2fpasswd",
        "MANIFEST.json",
        "dataset.nq",
        "app.py",
        "",
        "etc/passwd%00.ttl",
    )
    targets = [f"/{path}/{'/'.join([up] * 8)}/{end}" for up in ups for end in ends]
    targets += [f"/{path}//etc/passwd", f"/{path}/file:///etc/passwd", f"/../{path}/../etc/passwd"]
    targets += [f"/{path}/region/{up}/{end}" for up in ups for end in ends]
    for start in range(0, len(targets), 20):
        some = targets[start : start + 20]
        found = together(service, [Sent(request(target)) for target in some])
        for target, answer in zip(some, found, strict=True):
            assert answer.status in {300, 303, 400, 404, 503, 504}, (target, answer)
            assert b"root:" not in answer.body


# --- updates ------------------------------------------------------------------------------------


def test_nothing_is_changed(service: Service, canary: Canary) -> None:
    """Updates are refused by whatever way they come, and the dataset is as it was."""
    before = size(service)
    for update in (aimed(update, canary) for update in UPDATES):
        text, kind = quote(update, safe=""), "Content-Type: application/x-www-form-urlencoded"
        for send in (asked, posted, form):
            assert sent(service, send(update)).status in {400, 403}, update
        for data in (
            request(f"/sparql?update={text}"),
            request("/sparql", kind, method="POST", body=f"update={text}".encode()),
            request(f"/sparql?update={text}&query=ASK%7B%7D"),
            request("/sparql", kind, method="POST", body=f"query=ASK{{}}&update={text}".encode()),
            request(
                "/sparql",
                "Content-Type: application/sparql-update",
                method="POST",
                body=update.encode(),
            ),
        ):
            assert sent(service, data).status == 403
    assert size(service) == before


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "MKCOL"])
def test_other_methods_are_refused(service: Service, method: str) -> None:
    """Of the endpoint, of graphs, of everything."""
    before = size(service)
    for target in ("/sparql", "/sparql?default", "/graph/reference", "/data/dataset.nq", "/"):
        data = request(target, "Content-Type: text/turtle", method=method, body=b"<a:> <b:> <c:> .")
        assert sent(service, data).status in {400, 405}
    assert size(service) == before


# --- what is loaded -----------------------------------------------------------------------------


def test_a_file_that_refers_to_others_makes_nobody_fetch_them(
    canary: Canary, tmp_path: Path
) -> None:
    """A context of JSON-LD elsewhere is not fetched: such a file is refused."""
    path = tmp_path / "remote.jsonld"
    path.write_text(f'{{"@context": "{canary.url}", "@id": "urn:a", "b": "c"}}', encoding="utf-8")
    run = run_kg("serve", "--data", path, "--port", "0", environment={"no_proxy": "*"})
    assert (run.returncode != 0, run.stdout) == (True, b"")
    assert b"cannot be read" in run.stderr


def test_workers_hold_no_file_but_their_own_socket(service: Service) -> None:
    """Nothing that somebody else opened is to be had in them."""

    def is_bare(pid: int) -> bool:
        held = {str(path.readlink()) for path in Path(f"/proc/{pid}/fd").iterdir()}
        return {name for name in held if not name.startswith("socket:")} <= {os.devnull}

    until(lambda: len(service.workers()) == 5)
    for pid in service.workers():
        until(partial(is_bare, pid))  # a new one looks up first how large it is
        limits = Path(f"/proc/{pid}/limits").read_text(encoding="utf-8")
        assert re.search(r"Max open files +0 +0 ", limits)
        assert re.search(r"Max core file size +0 +0 ", limits)
