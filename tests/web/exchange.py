"""Requests over HTTP for tests: sent as they are written, and the answers as they come."""

from __future__ import annotations

import gzip
import http.client
import io
import json
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode, urlsplit

import brotli

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["Answer", "address_of", "answers", "ask", "asking", "exchange"]

PATIENCE: Final = 60
"""Seconds in which an answer has to come."""


@dataclass(frozen=True)
class Answer:
    """An answer as it came; names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        """The media type without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0]

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    @property
    def json(self) -> Any:  # noqa: ANN401 -- whatever JSON holds
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def plain(self) -> bytes:
        """The body without its content coding."""
        coding = self.headers.get("content-encoding", "")
        if coding == "br":
            found: bytes = brotli.decompress(self.body)
            return found
        return gzip.decompress(self.body) if coding == "gzip" else self.body

    def __str__(self) -> str:
        """Give the status and the beginning of the body."""
        return f"{self.status} {self.media_type} {self.body[:200]!r}"


def address_of(url: str) -> tuple[str, int]:
    """Give host and port of a service."""
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or 80


def ask(
    url: str,
    target: str,
    headers: Mapping[str, str] | None = None,
    *,
    method: str = "GET",
    body: bytes | None = None,
) -> Answer:
    """Send a request over a connection of its own, with no header that is not given.

    Args:
        url: of the service.
        target: path and query; what no URL has is percent-encoded.
        headers: name -> value.
        method: the method.
        body: what is sent with it.
    """
    connection = http.client.HTTPConnection(*address_of(url), timeout=PATIENCE)
    try:
        safe = quote(target, safe="/?&=%:;,+@!$'()*~#.-_")
        connection.putrequest(method, safe, skip_accept_encoding=True)
        for name, value in (headers or {}).items():
            connection.putheader(name, value)
        if body is not None:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        return _answer(connection.getresponse())
    finally:
        connection.close()


def asking(path: str, params: Iterable[tuple[str, str]] | Mapping[str, str]) -> str:
    """Give the target of a path with parameters, which may repeat."""
    pairs = params.items() if hasattr(params, "items") else params
    return f"{path}?{urlencode(list(pairs), quote_via=quote)}"


def exchange(url: str, data: bytes, seconds: float = PATIENCE) -> bytes:
    """Send bytes and give all that comes until the service hangs up, or nothing has come for long.

    Args:
        url: of the service.
        data: the bytes.
        seconds: for which nothing may come.
    """
    found = bytearray()
    with socket.create_connection(address_of(url), timeout=seconds) as sock:
        try:
            sock.sendall(data)
            while piece := sock.recv(1 << 16):
                found += piece
        except (TimeoutError, ConnectionError):
            pass  # what came until then is told
    return bytes(found)


class _Stream:
    """Bytes that came, as `http.client` reads a socket."""

    def __init__(self, data: bytes) -> None:
        self.file = io.BytesIO(data)

    def makefile(self, *_: object) -> io.BytesIO:
        """Give the bytes; `close` of one answer leaves them to the next."""
        self.file.close = lambda: None  # type: ignore[method-assign]
        return self.file


def answers(data: bytes, *methods: str) -> list[Answer]:
    """Read the answers that came over one connection.

    Args:
        data: all that came.
        methods: of the requests, since HEAD has no body; GET where there are no more.
    """
    stream = _Stream(data)
    found: list[Answer] = []
    while stream.file.tell() < len(data):
        method = methods[len(found)] if len(found) < len(methods) else "GET"
        response = http.client.HTTPResponse(stream, method=method)  # type: ignore[arg-type]
        response.begin()
        found.append(_answer(response))
    return found


def _answer(response: http.client.HTTPResponse) -> Answer:
    headers: dict[str, str] = {}
    for name, value in response.getheaders():
        known = headers.get(name.lower())
        headers[name.lower()] = value if known is None else f"{known}, {value}"
    return Answer(response.status, headers, response.read())
