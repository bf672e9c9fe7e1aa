"""Requests of the SPARQL 1.1 Protocol, made by hand so that they are what a case says."""

from __future__ import annotations

import http.client
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import quote, urlencode, urlsplit

__all__ = ["Pairs", "Request", "Response", "direct", "form", "get", "send"]

Pairs: TypeAlias = tuple[tuple[str, str], ...]
"""Parameters; one name may stand several times."""


@dataclass(frozen=True)
class Request:
    """A request: method, parameters of the URL, media type and body; what is empty is not sent."""

    method: str
    params: Pairs = ()
    media_type: str = ""
    body: bytes = b""


@dataclass(frozen=True)
class Response:
    """What came back; the media type is without its parameters."""

    status: int
    media_type: str
    body: bytes

    def __str__(self) -> str:
        """Give the status and the beginning of the body."""
        return f"{self.status} {self.media_type} {self.body[:200]!r}"


def get(*params: tuple[str, str]) -> Request:
    """Ask in the URL."""
    return Request("GET", params)


def form(*params: tuple[str, str]) -> Request:
    """Post all parameters as a form."""
    return Request("POST", (), "application/x-www-form-urlencoded", _encoded(params).encode())


def direct(text: str, *params: tuple[str, str], kind: str = "query") -> Request:
    """Post a query or update as it is, other parameters in the URL."""
    return Request("POST", params, f"application/sparql-{kind}", text.encode())


def send(url: str, request: Request, accept: str = "") -> Response:
    """Send a request over a connection of its own."""
    parts = urlsplit(url)
    headers = {"Content-Type": request.media_type} if request.media_type else {}
    if accept:
        headers["Accept"] = accept
    target = parts.path + (f"?{_encoded(request.params)}" if request.params else "")
    connection = http.client.HTTPConnection(parts.netloc, timeout=60)
    try:
        connection.request(request.method, target, request.body or None, headers)
        response = connection.getresponse()
        media_type = response.headers.get("Content-Type", "").partition(";")[0].strip()
        return Response(response.status, media_type, response.read())
    finally:
        connection.close()


def _encoded(params: Pairs) -> str:
    return urlencode(params, quote_via=quote, safe="")
