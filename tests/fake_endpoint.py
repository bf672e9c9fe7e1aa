"""A SPARQL service that answers as a test tells it to, on a free port of loopback."""

from __future__ import annotations

import contextlib
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator
    from email.message import Message

    Script = Callable[["Exchange"], None]

EMPTY: Final = b'{"head":{"vars":["s"]},"results":{"bindings":[]}}'
"""A SELECT that finds nothing, in SPARQL JSON."""

JSON: Final = "application/sparql-results+json"


@dataclass(frozen=True)
class Received:
    """What a client sent."""

    method: str
    path: str
    headers: Message = field(repr=False)
    body: bytes

    @property
    def form(self) -> dict[str, list[str]]:
        """The parameters of the body, or of the path where there is none."""
        return parse_qs(self.body.decode() or self.path.partition("?")[2])


class Exchange(BaseHTTPRequestHandler):
    """One request, and the means to answer it."""

    protocol_version = "HTTP/1.1"

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length)
        server = self.server
        assert isinstance(server, Fake)
        server.received.append(Received(self.command, self.path, self.headers, body))
        script = server.scripts.pop(0) if len(server.scripts) > 1 else server.scripts[0]
        self.close_connection = True
        with contextlib.suppress(ConnectionError):  # the client may have gone
            script(self)

    do_GET = do_POST = _serve  # noqa: N815 -- names that http.server calls

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Fake(ThreadingHTTPServer):
    """Answers by its scripts, one a request, the last for all further ones."""

    daemon_threads = True

    def __init__(self, *scripts: Script, tls: ssl.SSLContext | None = None) -> None:
        """Listen on a free port."""
        super().__init__(("127.0.0.1", 0), Exchange)
        self.scripts = list(scripts)
        self.received: list[Received] = []
        self.scheme = "https" if tls else "http"
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_side=True)

    @property
    def place(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.server_address[1]}"

    @property
    def url(self) -> str:
        """The URL to ask."""
        return f"{self.scheme}://{self.place}/sparql"

    def handle_error(self, *_: object) -> None:
        """Say nothing of a client that has gone."""


@contextlib.contextmanager
def listening(*scripts: Script, tls: ssl.SSLContext | None = None) -> Iterator[Fake]:
    """Answer requests as long as the context lasts."""
    with Fake(*scripts, tls=tls) as fake:
        thread = threading.Thread(target=fake.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield fake
        finally:
            fake.shutdown()
            thread.join()


def reply(status: int = 200, body: bytes = EMPTY, media_type: str = JSON, **more: str) -> Script:
    """Answer with a status and a body; more headers by name, `_` for `-`, an empty one left out."""
    headers = {"Content-Type": media_type, "Content-Length": str(len(body))}
    headers |= {name.replace("_", "-"): value for name, value in more.items()}

    def script(exchange: Exchange) -> None:
        exchange.send_response(status)
        for name, value in headers.items():
            if value:
                exchange.send_header(name, value)
        exchange.end_headers()
        exchange.wfile.write(body)

    return script


def raw(*pieces: bytes, pause: Callable[[], object] = lambda: None) -> Script:
    """Write bytes as they are, pausing before each piece."""

    def script(exchange: Exchange) -> None:
        for piece in pieces:
            pause()
            exchange.wfile.write(piece)
            exchange.wfile.flush()

    return script
