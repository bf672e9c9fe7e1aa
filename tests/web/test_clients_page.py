"""What docs/serving.md tells of options, addresses, formats, statuses, limits and counts is so."""

from __future__ import annotations

import http.client
import json
import re
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import quote, urlencode, urlsplit

import click
import pytest
from documented import commands, section, table
from graph_fixtures import ROOT, real_project, run_kg, small_nquads, small_project
from service import running

from kg.cli.serve import serve
from kg.release import write_release
from kg.web.http import app, connection, delivery, outgoing
from kg.web.http.metrics import METRICS_TYPE
from kg.web.http.routes import DOWNLOAD, ROUTES
from kg.web.negotiation import FORMATS
from kg.web.sparql import bounds
from kg.web.workers.pool import SLOW, Bounds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OPTIONS: Final = {option.opts[0]: option for option in serve.params}
FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}
SHARING: Final = "/queries/regions-sharing-concept"


class Request(NamedTuple):
    """A request that has a certain status."""

    path: str
    method: str = "GET"
    headers: dict[str, str] = {}  # noqa: RUF012 -- nobody changes it
    body: str | None = None


def asking(query: str) -> str:
    """Give the address of a query."""
    return f"/sparql?{urlencode({'query': query})}"


PROVOKED: Final = {
    200: Request(asking("ASK {}")),
    204: Request("/sparql", "OPTIONS"),
    300: Request(f"/id/concept/{quote('五个一')}"),
    303: Request(f"/id/concept/{quote('一网通办')}"),
    304: Request("/queries", headers={"If-None-Match": "*"}),
    400: Request(asking("SELEC * {}")),
    403: Request("/sparql", "POST", FORM, urlencode({"update": "CLEAR ALL"})),
    404: Request(f"{SHARING}?concept=nothing-of-that-name"),
    405: Request("/sparql", "DELETE"),
    406: Request(asking("ASK {}"), headers={"Accept": "image/png"}),
    413: Request("/sparql", "POST", FORM, urlencode({"query": "#" * (bounds.LENGTH + 1)})),
    414: Request(asking(f"ASK {{}} #{'x' * 66_000}")),
    415: Request("/sparql", "POST", {"Content-Type": "text/plain"}, "ASK {}"),
    504: Request(asking("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")),
}
"""Status -> a request that has it."""

ELSEWHERE: Final = {408, 429, 431, 500, 503}
"""Statuses that the tests of the service itself provoke: of what is slow, much, long or broken."""


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of the real releases."""
    return real_project(tmp_path_factory).build


@pytest.fixture(scope="module")
def url(build: Path) -> Iterator[str]:
    """Give a service of the real release, which does not wait long for a query."""
    arguments = ("--build-dir", build, "serve", "--workers", "2", "--timeout", "3")
    with running(*arguments) as address:
        yield address


def send(url: str, request: Request) -> tuple[int, bytes, dict[str, str]]:
    """Send a request, and give status, body and headers."""
    with closing(http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)) as client:
        client.request(request.method, request.path, request.body, request.headers)
        answer = client.getresponse()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, answer.read(), headers


def codes(text: str) -> list[str]:
    """Give what stands in code marks."""
    return re.findall(r"`([^`]+)`", text)


def spaced(number: float) -> str:
    """Write a number as the page does."""
    return f"{number:,}"


# --- options ------------------------------------------------------------------------------------


def test_the_options_are_those_of_the_command() -> None:
    """The table has every option of `kg serve`, in its order, and no other."""
    rows = [codes(row[0])[0] for row in table("选项")]
    assert rows == [name for name in OPTIONS if name != "--help"]
    told = run_kg("serve", "--help").stdout.decode()
    assert rows == re.findall(r"^  (--[a-z-]+)", told, re.MULTILINE)


def test_the_defaults_are_those_of_the_command() -> None:
    """Each default in the table is the option's, where it has one."""
    for name, default, _ in table("选项"):
        option = OPTIONS[codes(name)[0]]
        if option.default in {None, ()} or not isinstance(
            option.default, str | int | float | tuple
        ):
            assert not re.match(r"[0-9]+$", default)
        elif isinstance(option.default, tuple):
            assert default == ", ".join(option.default)
        else:
            assert default == str(option.default)


@pytest.mark.parametrize("name", ["docs/serving.md", "README.md", "README.zh-CN.md"])
def test_the_commands_are_ones_that_the_program_takes(name: str) -> None:
    """Every `kg serve` of the documents has options that there are."""
    found = [words for words in commands(ROOT / name, "kg") if words[1] == "serve"]
    assert found
    for words in found:
        arguments = ["--data=README.md" if word == "my.trig" else word for word in words[2:]]
        arguments = [word for word in arguments if word != "--data"]
        context = serve.make_context("serve", arguments)
        assert isinstance(context, click.Context)


# --- addresses and formats ----------------------------------------------------------------------


def test_every_kind_of_address_is_told() -> None:
    """The table has an example of each route, and each of its addresses leads somewhere."""
    told = {path for row in table("网址") for path in codes(row[0])}
    samples = {
        path.replace("…", "reference").replace("ID", "x").replace("KIND/NAME", "region/hebei")
        for path in told
    } | {"/id/region", "/queries.json", "/static/style.css"}
    own = {"/sparql", DOWNLOAD}
    lost = [path for path in samples - own if not any(p.fullmatch(path) for p, _ in ROUTES)]
    assert lost == []
    unnamed = [p.pattern for p, _ in ROUTES if not any(p.fullmatch(path) for path in samples)]
    assert unnamed == []


def test_the_formats_are_those_of_the_endpoint() -> None:
    """The table has every word that `format=` takes, with the media types it stands for."""
    found: dict[str, tuple[str, str]] = {}
    for names, *types in table("格式"):
        rows, triples = map(codes, types)
        words = codes(names)
        for number, word in enumerate(words):
            row = rows[number if len(rows) > 1 else 0] if rows else ""
            triple = triples[number if len(triples) > 1 else 0] if triples else ""
            found[word] = (row, triple)
    assert found == FORMATS


# --- statuses -----------------------------------------------------------------------------------


def test_every_status_that_is_told_is_provoked_somewhere() -> None:
    """The table has the statuses that are provoked here or elsewhere, and no other."""
    told = [int(row[0]) for row in table("状态码")]
    assert told == sorted({*PROVOKED, *ELSEWHERE})


@pytest.mark.parametrize("status", sorted(PROVOKED))
def test_a_status_is_as_told(status: int, url: str) -> None:
    """The service answers with the statuses that the page tells."""
    found, body, _ = send(url, PROVOKED[status])
    assert found == status, body[:300]


def test_what_was_stopped_says_when_to_come_again(url: str) -> None:
    """A query that took too long is a 504 with Retry-After."""
    _, _, headers = send(url, PROVOKED[504])
    assert int(headers["retry-after"]) > 0


# --- limits and counts --------------------------------------------------------------------------

LIMITS: Final = (
    (bounds.LENGTH,),
    (bounds.DEPTH,),
    (bounds.WORDS, bounds.SIGNS),
    (connection.HEAD_BYTES, app.BODY),
    (connection.HEAD_SECONDS, app.BODY_SECONDS),
    ("--timeout",),
    ("--memory",),
    ("--max-rows", "--max-bytes"),
    (Bounds(1, 1).of_client, Bounds(1, 1).in_all),
    ("--timeout",),
    (connection.OF_CLIENT, connection.IN_ALL),
    (outgoing.OF_CLIENT >> 20, outgoing.IN_ALL >> 20),
    (outgoing.OF_CLIENT >> 20, outgoing.IN_ALL >> 20),
    (app.LARGE >> 20, app.CACHED >> 20),
    (delivery.SLOWEST,),
    (connection.UNREAD_SECONDS,),
)


def test_the_limits_are_those_of_the_service() -> None:
    """Each number in the table is the one that the code has."""
    told = [codes(row[1]) or row[1].split(" · ") for row in table("界限")]
    wanted = [[n if isinstance(n, str) else spaced(n) for n in row] for row in LIMITS]
    assert told == wanted
    assert f"{delivery.GRACE} seconds of grace" in section("界限")
    assert f"slow after {SLOW} seconds" in section("界限")


def test_an_address_may_be_as_long_as_told(url: str) -> None:
    """Up to 65,535 bytes of an address are read; one more is not."""
    assert "65,535 bytes" in section("界限")
    path = asking("ASK {} #")
    longest = path + "x" * (65_535 - len(path))
    assert send(url, Request(longest))[0] == 200
    assert send(url, Request(f"{longest}x"))[0] == 414


def test_the_counts_are_those_of_the_service(url: str) -> None:
    """The table has every count of `/metrics` with its labels, and no other."""
    send(url, PROVOKED[504])
    status, body, headers = send(url, Request("/metrics"))
    assert (status, headers["content-type"]) == (200, METRICS_TYPE)
    lines = re.findall(r"^(kg_\w+)(\{.*?\})? ", body.decode(), re.MULTILINE)
    found = {name + re.sub(r'="[^"]*"', "", labels) for name, labels in lines}
    assert found == {name for row in table("日志") for name in codes(row[0])}


def test_health_is_as_told(url: str, build: Path) -> None:
    """`/health` names the release."""
    status, body, _ = send(url, Request("/health"))
    release = (build / "current").resolve().name
    assert (status, json.loads(body)) == (200, {"status": "ok", "release": release})


def test_a_new_release_is_taken_while_it_runs(tmp_path: Path) -> None:
    """After `kg build` the service turns to the new release, and no request is lost."""
    project = small_project(tmp_path)
    query = Request(asking("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"))
    with (
        running("--root", tmp_path, "serve", "--workers", "2") as url,
        ThreadPoolExecutor() as pool,
    ):
        written = pool.submit(write_release, project.build, small_nquads("new"), {})
        answers = [send(url, query)]
        until = time.monotonic() + 60
        while len({body for _, body, _ in answers}) < 2 and time.monotonic() < until:
            answers.append(send(url, query))
        _, body, _ = send(url, Request("/health"))
    assert json.loads(body)["release"] == written.result().id
    assert {status for status, _, _ in answers} == {200}
    tags = {headers.get("etag") for _, _, headers in answers}  # while it turns there is none
    assert len(tags - {None}) == 2
