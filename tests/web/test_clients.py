"""The clients of the field: every example of docs/serving.md, run as it stands there."""

from __future__ import annotations

import csv
import http.client
import io
import os
import re
import shutil
import subprocess
import sys
import warnings
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.error import HTTPError
from urllib.parse import urlsplit

import pytest
from documented import ADDRESS, Example, commands, examples, fits
from graph_fixtures import ROOT, real_project
from node_packages import installed, program
from rdflib import Graph
from rdflib import Literal as RdfLiteral
from service import running
from SPARQLWrapper import SPARQLWrapper

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

JS: Final = Path(__file__).parent / "js"
"""Where the JavaScript client is locked."""

PATIENCE: Final = 120
"""Seconds that an example, or the installation of its client, may take."""

EXAMPLES: Final = tuple(examples())
OF_R: Final = next(example for example in EXAMPLES if example.language == "r")


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give a service of the real release."""
    build = real_project(tmp_path_factory).build
    with running("--build-dir", build, "serve", "--workers", "2") as address:
        yield address


@pytest.fixture(scope="session")
def modules(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder into which npm has put the JavaScript client."""
    return installed(JS, pytestconfig, tmp_path_factory)


def run(command: list[str], folder: Path) -> str:
    """Run a program that has to end well, and give what it prints."""
    done = subprocess.run(
        command,
        check=False,
        capture_output=True,
        cwd=folder,
        timeout=PATIENCE,
        env={**os.environ, "PYTHONUTF8": "1", "LC_ALL": "C.UTF-8"},
    )
    assert done.returncode == 0, (done.stdout + done.stderr).decode()
    return done.stdout.decode()


def as_r(code: str, _: Path) -> str:
    """Send what R's `read.csv` sends for an address, and print as R does."""
    found = re.search(r'read\.csv\("([^"]+)"\)\nrows\$(\w+)\[1:2\]', code)
    assert found is not None
    parts = urlsplit(found[1])
    with closing(http.client.HTTPConnection(parts.netloc, timeout=PATIENCE)) as connection:
        connection.putrequest("GET", f"{parts.path}?{parts.query}", skip_accept_encoding=True)
        connection.putheader("User-Agent", "R (4.2.2 x86_64-pc-linux-gnu) libcurl/7.88.1")
        connection.putheader("Accept", "*/*")
        connection.endheaders()
        answer = connection.getresponse()
        assert answer.status == 200
        rows = list(csv.DictReader(io.StringIO(answer.read().decode())))
    cells = [f'"{row[found[2]]}"' for row in rows[:2]]
    width = max(map(len, cells))
    return "[1] " + " ".join(cell.ljust(width) for cell in cells)


RUN: Final[dict[str, Callable[[str, Path], str]]] = {
    "python": lambda code, _: run([sys.executable, "-W", "error", "-c", code], ROOT),
    "r": as_r,
    "sh": lambda code, folder: run([program("bash"), "-euo", "pipefail", "-c", code], folder),
}
"""Language of an example -> what runs it; it is given a folder to write into."""


def named(example: Example) -> str:
    """Name an example by its heading and its first words."""
    return f"{example.title}-{example.language}-{' '.join(example.code.split()[:6])}"


def test_every_client_has_an_example() -> None:
    """The page shows the clients of the field, each with what it prints."""
    titles = {(example.title, example.language) for example in EXAMPLES}
    assert titles == {
        ("curl", "sh"),
        ("SPARQLWrapper", "python"),
        ("pandas", "python"),
        ("Jupyter", "python"),
        ("R", "r"),
        ("JavaScript", "js"),
    }


@pytest.mark.parametrize("example", [e for e in EXAMPLES if e.language in RUN], ids=named)
def test_an_example_prints_what_the_page_says(example: Example, url: str, tmp_path: Path) -> None:
    """Each example runs as it stands, against the address of a service that runs."""
    found = RUN[example.language](example.at(url), tmp_path)
    assert fits(example.printed, found), found


@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv"])
def test_sparqlwrapper_gets_rows_in_every_format(form: str, url: str) -> None:
    """Its own reader of the format takes what comes."""
    client = SPARQLWrapper(f"{url}/sparql", returnFormat=form)
    client.setQuery('SELECT ?thing { ?thing ?p "一网通办"@zh }')
    answer = client.query()
    found: Any = answer.convert()
    text = found.toxml() if form == "xml" else found.decode() if isinstance(found, bytes) else found
    assert form in answer.info()["content-type"].replace("tab-separated-values", "tsv")
    assert "yi-wang-tong-ban" in str(text)


@pytest.mark.parametrize(
    ("form", "media_type"),
    [
        ("json", "application/ld+json"),
        ("json-ld", "application/ld+json"),
        ("xml", "application/rdf+xml"),
        ("rdf", "application/rdf+xml"),
        ("rdf+xml", "application/rdf+xml"),
        ("turtle", "text/turtle"),
        ("n3", "text/turtle"),
    ],
)
def test_sparqlwrapper_gets_triples_in_every_format(form: str, media_type: str, url: str) -> None:
    """The same triples, however it calls the format."""
    client = SPARQLWrapper(f"{url}/sparql", returnFormat=form)
    client.setQuery("DESCRIBE <https://w3id.org/dgkg/id/region/shanghai>")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # json is none of its formats, rdflib's classes are old
        answer = client.query()
        found: Any = answer.convert()
    if isinstance(found, bytes):
        found = Graph().parse(data=found, format="turtle")
    assert answer.info()["content-type"] == media_type
    assert (None, None, RdfLiteral("上海", lang="zh")) in found


@pytest.mark.parametrize(
    ("form", "query"),
    [(form, "SELECT * {}") for form in ("rdf", "rdf+xml", "turtle", "n3", "json-ld")]
    + [(form, "DESCRIBE <urn:x>") for form in ("csv", "tsv")],
)
def test_sparqlwrapper_is_told_what_has_no_such_format(form: str, query: str, url: str) -> None:
    """Rows are no RDF, and triples no table: 406, and not that the format is unknown."""
    client = SPARQLWrapper(f"{url}/sparql", returnFormat=form)
    client.setQuery(query)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        with pytest.raises(HTTPError) as caught:
            client.query()
    caught.value.close()
    assert caught.value.code == 406


@pytest.mark.parametrize("example", [e for e in EXAMPLES if e.language == "js"], ids=named)
def test_a_javascript_client_runs(example: Example, url: str, modules: Path) -> None:
    """The client that tests/web/js locks runs its example on node."""
    script = modules / f"example-{os.getpid()}.mjs"
    script.write_text(example.at(url), encoding="utf-8")
    try:
        found = run([program("node"), script.name], modules)
    finally:
        script.unlink()
    assert fits(example.printed, found), found


@pytest.mark.parametrize("operation", ["get", "postUrlencoded", "postDirect"])
def test_a_javascript_client_may_ask_by_all_three_ways(
    operation: str, url: str, modules: Path
) -> None:
    """Chinese texts and IRIs come through, by GET, as a form, and as the body itself."""
    code = f"""
        import Client from "sparql-http-client/ParsingClient.js";
        const client = new Client({{ endpointUrl: "{url}/sparql" }});
        const how = {{ operation: "{operation}" }};
        const told = 'SELECT ?thing ?iri {{ ?thing ?p "一网通办"@zh BIND(<urn:x:一网> AS ?iri) }}';
        const [row] = await client.query.select(told, how);
        const triples = await client.query.construct(`DESCRIBE <${{row.thing.value}}>`, how);
        console.log(row.iri.value, triples.size > 5, await client.query.ask("ASK {{}}", how));
    """
    found = run([program("node"), "--input-type=module", "--eval", code], modules)
    assert found == "urn:x:一网 true true\n"


def test_r_itself_prints_what_the_page_says(url: str, tmp_path: Path) -> None:
    """Where R is installed, it reads the answer as its stand-in does."""
    rscript = shutil.which("Rscript")
    runs = as_r if rscript is None else lambda code, path: run([rscript, "-e", code], path)
    assert fits(OF_R.printed, runs(OF_R.at(url), tmp_path))


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_front_pages_ask_what_is_answered(name: str, url: str, tmp_path: Path) -> None:
    """Every `curl` of the front pages gets an answer, and the two pages have the same."""
    found = commands(ROOT / name, "curl")
    assert found == commands(ROOT / "README.md", "curl")
    assert len(found) == 3
    for _, *words in found:
        here = [word.replace(ADDRESS, url) for word in words]
        answer = run([program("curl"), "--fail", "--silent", *here], tmp_path)
        assert len(answer.splitlines()) > 3


def test_an_answer_that_differs_is_noticed() -> None:
    """What the page says is compared in full; only `…` stands for anything."""
    assert fits("a\n…\nb", "a\r\nx\r\ny\r\nb\r\n")
    assert not fits("a\nb", "a\nb\nc")
    assert not fits("403", "200")
