"""Requests as bytes, so that an attack can write them as no client does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias
from urllib.parse import quote, urlencode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["FOE", "FRIEND", "JSON", "Sent", "Write", "asked", "form", "posted", "request"]

FRIEND: Final = "127.0.0.3"
FOE: Final = "127.0.0.2"
"""Addresses of clients, neither of them one of a trusted proxy."""

JSON: Final = "Accept: application/sparql-results+json"

Params: TypeAlias = "Mapping[str, str]"
Write: TypeAlias = "Callable[[str], bytes]"
"""A way to submit a query."""


def request(
    target: str, *lines: str, method: str = "GET", body: bytes | None = None, close: bool = True
) -> bytes:
    """Write a request.

    Args:
        target: as it stands in the request line.
        lines: headers.
        method: the method.
        body: what is sent with it.
        close: whether the connection ends with the answer.
    """
    head = [f"{method} {target} HTTP/1.1", "Host: localhost", *lines]
    if close:
        head.append("Connection: close")
    if body is not None:
        head.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*head, "", ""]).encode() + (body or b"")


def asked(query: str, *lines: str, close: bool = True, params: Params | None = None) -> bytes:
    """Write a GET of a query."""
    target = urlencode({"query": query, **(params or {})}, quote_via=quote)
    return request(f"/sparql?{target}", *(lines or (JSON,)), close=close)


def posted(query: str | bytes, *lines: str, target: str = "/sparql") -> bytes:
    """Write a POST of a query as it is."""
    body = query.encode() if isinstance(query, str) else query
    lines = lines or (JSON,)
    kind = "Content-Type: application/sparql-query"
    return request(target, kind, *lines, method="POST", body=body)


def form(query: str, *lines: str, params: Params | None = None) -> bytes:
    """Write a POST of a query as a form."""
    body = urlencode({"query": query, **(params or {})}).encode()
    kind = "Content-Type: application/x-www-form-urlencoded"
    return request("/sparql", kind, *(lines or (JSON,)), method="POST", body=body)


@dataclass(frozen=True)
class Sent:
    """A request and the address that it comes from."""

    data: bytes
    source: str = FOE
