"""What the service answers: status, media type, body; and how an error of the package is told."""

from __future__ import annotations

import gzip
import json
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

import brotli

from kg.errors import (
    KgError,
    NamingError,
    NotInstalledError,
    NotOfferedError,
    QueryError,
    QuestionsError,
    RefusedError,
    TooMuchError,
    UsageError,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = [
    "DOCUMENTS",
    "EDITOR",
    "FAULT",
    "HTML",
    "JSON",
    "PAGE",
    "TEXT",
    "Response",
    "compressed",
    "failure",
    "not_allowed",
    "not_offered",
    "status_of",
    "tell",
]

HTML: Final = "text/html; charset=utf-8"
JSON: Final = "application/json"
TEXT: Final = "text/plain; charset=utf-8"

PAGE: Final = {
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
}
"""A page runs no script, and asks nobody but this service for anything."""

EDITOR: Final = {
    "content-security-policy": "default-src 'none'; script-src 'self'; connect-src 'self'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
}
"""The editor runs its own scripts, which set styles."""

DOCUMENTS: Final = {
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
    "json": JSON,
    "html": HTML,
}
"""Suffix of the document of a thing -> its media type, the preferred first."""

STATUS: Final[tuple[tuple[type[KgError], int], ...]] = (
    (RefusedError, 403),
    (NamingError, 404),
    (NotOfferedError, 406),
    (TooMuchError, 413),
    (QuestionsError, 500),
    (QueryError, 400),
    (NotInstalledError, 500),
    (UsageError, 400),
)
"""Kind of error -> status of HTTP, the closest first."""

FAULT: Final = "fault"
"""The header with which a worker tells its service what went wrong; clients never see it."""

SHORT: Final = 1024
"""Bytes of a body that is not worth compressing."""


NONE: Final[Mapping[str, str]] = MappingProxyType({})
"""No headers."""


class Response(NamedTuple):
    """A whole answer.

    It has an `etag` of its own where that is known without a worker, and a `release` where a
    worker gave it that holds one.
    """

    status: int
    media_type: str
    body: bytes
    headers: Mapping[str, str] = NONE
    etag: str = ""
    release: str = ""


def status_of(error: KgError) -> int:
    """Give the status of HTTP that tells an error."""
    return next((status for kind, status in STATUS if isinstance(error, kind)), 500)


def tell(status: int, zh: str, en: str, headers: Mapping[str, str] | None = None) -> Response:
    """Tell something in both languages as text, one line each."""
    return Response(status, TEXT, f"{zh}\n{en}\n".encode(), headers or {})


def not_allowed(methods: str) -> Response:
    """Tell which methods there are."""
    en = f"the method is to be one of {methods}"
    return tell(405, f"方法只能是 {methods}", en, {"allow": methods})


def not_offered(offers: Iterable[str]) -> NotOfferedError:
    """Tell which formats there are."""
    listed = " ".join(offers)
    return NotOfferedError(f"可给的格式：{listed}", f"there are these formats: {listed}")


def failure(error: KgError, *, as_json: bool = False) -> Response:
    """Tell an error in both languages, as text or JSON."""
    near = list(getattr(error, "near", ()))
    if as_json:
        told = json.dumps(
            {"error": {"zh": error.zh, "en": error.en, "near": near}}, ensure_ascii=False
        )
        return Response(status_of(error), JSON, told.encode())
    return tell(status_of(error), error.zh, error.en)


def compressed(response: Response, coding: str) -> Response:
    """Give a response in a content coding, if that pays.

    Args:
        response: a response.
        coding: `br`, `gzip`, or nothing.
    """
    if not coding or len(response.body) < SHORT:
        return response
    if coding == "br":
        body = brotli.compress(response.body, quality=5)
    else:
        body = gzip.compress(response.body, 5, mtime=0)
    headers = {**response.headers, "content-encoding": coding}
    return Response(response.status, response.media_type, body, headers)
