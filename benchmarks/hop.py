"""Where the time of one request to the endpoint goes, for `endpoint.py`: each stage by itself."""

from __future__ import annotations

import asyncio
import socket
import time
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import quote

import httptools
import pyoxigraph as ox

from kg.web.http.app import App, Ready
from kg.web.http.delivery import lines
from kg.web.http.work import plan
from kg.web.negotiation import wanted
from kg.web.protocol import read_form
from kg.web.response import Response
from kg.web.sparql.bounds import glance
from kg.web.workers.frames import Reader, packed, receive, told

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kg.web.http.delivery import Scope
    from kg.web.workers.service import Service

__all__ = ["stages"]

RUNS: Final = 2000
WITHIN: Final = ("form read", "guard: a glance")
"""Stages that another one has in it."""
JSON: Final = "application/sparql-results+json"


def timed(run: Callable[[], object]) -> float:
    """Give the microseconds of one run: the best of five times so many."""
    best = float("inf")
    for _ in range(5):
        start = time.perf_counter()
        for _ in range(RUNS // 5):
            run()
        best = min(best, (time.perf_counter() - start) / (RUNS // 5))
    return best * 1e6


class Parsed:
    """What a parser of HTTP tells of."""

    def __init__(self) -> None:
        """Begin without headers."""
        self.headers: list[tuple[bytes, bytes]] = []
        self.url = b""

    def on_url(self, url: bytes) -> None:
        """Take the target."""
        self.url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header."""
        self.headers.append((name.lower(), value))


def parse(data: bytes) -> None:
    """Parse a request as uvicorn does."""
    found = Parsed()
    httptools.HttpRequestParser(found).feed_data(data)
    httptools.parse_url(found.url)


async def stages(dataset: Path, query: str) -> None:
    """Print the time of each stage of a small query, in process."""
    store = ox.Store()
    store.bulk_load(path=str(dataset), format=ox.RdfFormat.N_QUADS)
    encoded = f"query={quote(query)}".encode()
    data = b"GET /sparql?%b HTTP/1.1\r\nHost: localhost\r\nAccept: %b\r\n\r\n" % (
        encoded,
        JSON.encode(),
    )
    scope: Scope = {
        "method": "GET",
        "path": "/sparql",
        "raw_path": b"/sparql",
        "query_string": encoded,
        "headers": [(b"host", b"localhost"), (b"accept", JSON.encode())],
        "client": ("127.0.0.1", 1),
    }
    app = App(cast("Service", SimpleNamespace(id="x", on_switch=None)))
    head = told({"op": "sparql", "wanted": wanted(JSON, ""), "coding": ""})
    frame = packed(head, query.encode())

    def ask() -> Any:  # noqa: ANN401 -- whatever Oxigraph gives
        return store.query(query, use_default_graph_as_union=True)

    body = ask().serialize(format=ox.QueryResultsFormat.JSON)
    answer = packed(told({"status": 200, "type": JSON, "headers": {}}), body)
    response = Response(200, JSON, body)
    left, right = socket.socketpair()
    beyond, behind = socket.socketpair()

    def passed(sock: socket.socket, other: socket.socket, sent: bytes) -> None:
        sock.sendall(sent)
        receive(other)

    def written() -> None:
        ready = Ready(response, '"x"', lines(response, '"x"'))
        beyond.sendall(ready.lines + body)
        behind.recv(1 << 16)

    rows: dict[str, tuple[str, Callable[[], object]]] = {
        "HTTP parsed": ("parent", lambda: parse(data)),
        "looked up among what is kept": ("parent", lambda: app.pages.get(app.key(scope))),
        "form read": ("parent", lambda: read_form(encoded)),
        "guard: a glance": ("parent", lambda: glance(query)),
        "planned: these two, format, ETag": (
            "parent",
            lambda: plan(scope, read_form(encoded), "x"),
        ),
        "frame written": ("parent", lambda: packed(head, query.encode())),
        "passed to the worker and read": ("both", lambda: passed(left, right, frame)),
        "asked and serialised": (
            "worker",
            lambda: ask().serialize(format=ox.QueryResultsFormat.JSON),
        ),
        "passed back and read": ("both", lambda: passed(right, left, answer)),
        "put together": ("parent", lambda: list(Reader(1 << 25).feed(answer))),
        "written to the client": ("parent", written),
    }
    print(f"{'where the time of one request goes':38}{'in':8}{'µs':>8}")
    found = {name: timed(run) for name, (_, run) in rows.items()}
    for name, (place, _) in rows.items():
        print(f"{name:38}{place:8}{found[name]:8.1f}")
    print(f"{'all of these':46}{sum(found.values()) - sum(found[name] for name in WITHIN):8.1f}")
    for sock in (left, right, beyond, behind):
        sock.close()
    await asyncio.sleep(0)
