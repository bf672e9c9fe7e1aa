"""Which dataset is asked: a release tells itself, an endpoint by its description or not at all."""

from __future__ import annotations

import http.server
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import pytest
from graph_fixtures import open_engine, small_project
from service import running

from kg.graph import open_graph
from kg.identity import identify

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HASH: Final = "8360176f575b3190692b88dd7a56c96d4ff83042ff80e54323ab80f9c59fff03"
TOLD: Final = (
    '<http://a/> <http://purl.org/dc/terms/identifier> "{release}" .\n'
    '<http://a/> <http://spdx.org/rdf/terms#checksumValue> "{sha256}" .\n'
)


@contextmanager
def answering(
    body: str, status: int = 200, media_type: str = "application/n-triples"
) -> Iterator[str]:
    """Give the address of an endpoint that gives one description, and asks for nothing else."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = self.path == "/there/.well-known/void"
            self.send_response(status if found else 404)
            self.send_header("Content-Type", media_type)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/there/sparql"
        finally:
            server.shutdown()
            thread.join()


def test_release(tmp_path: Path) -> None:
    """A release on disk is told by its id and its whole hash."""
    with open_engine(small_project(tmp_path)) as graph:
        assert graph.release is not None
        found = identify(graph)
        assert (found.release, found.engine) == (graph.release.id, "oxigraph")
        assert str(found) == f"发布版 {found.release} · SHA-256 {graph.release.manifest['sha256']}"


def test_service(tmp_path: Path) -> None:
    """A running service tells the release that it serves."""
    project = small_project(tmp_path)
    with open_engine(project) as graph:
        before = identify(graph)
    with running("--build-dir", project.build, "serve", "--workers", "1") as address:
        after = identify(open_graph(engine=f"{address}/sparql"))
    assert (after.release, after.sha256) == (before.release, before.sha256)
    assert after.engine == f"{address}/sparql"


def test_description_beside_the_endpoint() -> None:
    """The description is looked for beside the address that queries go to."""
    with answering(TOLD.format(release=HASH[:12], sha256=HASH)) as address:
        assert identify(open_graph(engine=address)).sha256 == HASH


@pytest.mark.parametrize(
    ("body", "status", "media_type"),
    [
        (TOLD.format(release=HASH[:12], sha256=HASH), 404, "application/n-triples"),
        (TOLD.format(release=HASH[:12], sha256=HASH), 200, "text/html"),
        ("no triples", 200, "application/n-triples"),
        ("", 200, "application/n-triples"),
        (TOLD.format(release="0" * 12, sha256=HASH), 200, "application/n-triples"),
        (TOLD.format(release="<b>", sha256=HASH), 200, "application/n-triples"),
        (TOLD.format(release="", sha256=HASH), 200, "application/n-triples"),
    ],
)
def test_untold(body: str, status: int, media_type: str) -> None:
    """An endpoint without a description, or with another one, is named by its address."""
    with answering(body, status, media_type) as address:
        found = identify(open_graph(engine=address))
    assert (found.release, found.sha256) == ("", "")
    assert str(found) == found.short == f"{address}（未告知发布版）"


def test_no_connection() -> None:
    """Where nothing answers, the address is all that is told."""
    assert identify(open_graph(engine="http://127.0.0.1:1/sparql")).release == ""
