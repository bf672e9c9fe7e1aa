"""Sends answers: headers that keep browsers safe, ETags, HEAD, at the client's pace."""

from __future__ import annotations

import asyncio
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from kg.web.response import Response

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping, Sequence
    from pathlib import Path

__all__ = [
    "CHUNK",
    "Receive",
    "Scope",
    "Send",
    "address",
    "deliver",
    "deliver_file",
    "header",
    "lines",
    "not_modified",
    "pace",
]

Message: TypeAlias = "MutableMapping[str, Any]"
Scope: TypeAlias = "MutableMapping[str, Any]"
Receive: TypeAlias = "Callable[[], Awaitable[Message]]"
Send: TypeAlias = "Callable[[Message], Awaitable[None]]"
"""What ASGI hands over (https://asgi.readthedocs.io/en/latest/specs/www.html)."""

Fields: TypeAlias = "tuple[tuple[bytes, bytes], ...]"

SAFE: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, Retry-After, Link"),
    (b"vary", b"Accept, Accept-Encoding, Accept-Language"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; sandbox"),
)
"""Whatever an answer holds, a browser runs nothing of it, and any page may read it."""

BODILESS: Final = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})
"""Statuses without a body, and so without its length."""

CHUNK: Final = 1 << 16
"""Bytes that are sent at once of a long body."""
SLOWEST: Final = 50_000
"""Bytes a second that a client has to read at the least, some seconds of grace apart."""
GRACE: Final = 20
LONGEST: Final = 4096
"""Bytes of a header that are looked at: what is made of some is kept by its text."""
HEADERS: Final = "kg.headers"
"""Where the headers by name are kept in the scope of a request."""


def address(client: tuple[str, int] | None) -> str:
    """Give the address of a client, of IPv4 as such also where it came by IPv6."""
    return client[0].removeprefix("::ffff:") if client else ""


def header(scope: Scope, name: bytes) -> str:
    """Give a header of a request, several as one; empty where there is none."""
    found = scope.get(HEADERS)
    if found is None:
        found = scope[HEADERS] = _joined(scope["headers"])
    value: bytes | None = found.get(name)
    return value.decode("latin-1") if value else ""


def _joined(headers: Sequence[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """Give headers by name, several of a name as one."""
    found = dict(headers)
    if len(found) != len(headers):
        several: dict[bytes, list[bytes]] = {}
        for name, value in headers:
            several.setdefault(name, []).append(value)
        found = {name: b", ".join(values) for name, values in several.items()}
    return {name: value[:LONGEST] for name, value in found.items()}


@lru_cache(maxsize=256)
def _fixed(status: int, media_type: str, given: tuple[tuple[str, str], ...]) -> Fields:
    """Give the headers of an answer that do not depend on its body."""
    own = tuple((name.lower().encode(), value.encode("latin-1")) for name, value in given)
    names = {name for name, _ in own}
    fields = [(b"content-type", media_type.encode())] if media_type else []
    safe = SAFE if status != HTTPStatus.NOT_MODIFIED else SAFE[:-1]  # the page has its own policy
    fields += [field for field in safe if field[0] not in names]
    if b"cache-control" not in names:  # what is no success is kept by nobody
        ok = status < HTTPStatus.BAD_REQUEST
        fields.append((b"cache-control", b"no-cache" if ok else b"no-store"))
    return (*fields, *own)


@lru_cache(maxsize=256)
def _fixed_lines(status: int, media_type: str, given: tuple[tuple[str, str], ...]) -> bytes:
    return b"".join(b"%b: %b\r\n" % field for field in _fixed(status, media_type, given))


def lines(response: Response, etag: str) -> bytes:
    """Give the headers of an answer as they stand in HTTP, up to the empty line."""
    given = tuple(response.headers.items())
    fixed = _fixed_lines(response.status, response.media_type, given)
    length = b"content-length: %d\r\n" % len(response.body)
    length = b"" if response.status in BODILESS else length
    return b"%b%b%b" % (fixed, length, b"etag: %b\r\n" % etag.encode() if etag else b"")


def not_modified(scope: Scope, etag: str, *, exists: bool = False) -> Response | None:
    """Give the answer to a client that has the answer of this ETag already.

    Args:
        scope: the request; one that posts a query is always answered.
        etag: that of the answer that there is, or would be.
        exists: whether there is one, which `*` asks for; before a query is run nobody knows.
    """
    if not etag or scope["method"] not in {"GET", "HEAD"}:
        return None
    known = header(scope, b"if-none-match")
    if known.strip() == "*":
        return Response(304, "", b"", etag=etag) if exists else None
    return Response(304, "", b"", etag=etag) if known and etag in known else None


def pace(size: int) -> float:
    """Give the seconds in which a client has to have read a body."""
    return GRACE + size / SLOWEST


async def deliver(scope: Scope, send: Send, response: Response, etag: str = "") -> None:
    """Send an answer over ASGI; to HEAD without its body.

    Raises:
        TimeoutError: the client reads too slowly; the connection is cut, which shows, since the
            body is not as long as was said.
    """
    body = response.body
    headers = list(_fixed(response.status, response.media_type, tuple(response.headers.items())))
    if response.status not in BODILESS:
        headers.append((b"content-length", b"%d" % len(body)))
    if etag:
        headers.append((b"etag", etag.encode()))
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    if scope["method"] == "HEAD":
        body = b""
    async with asyncio.timeout(pace(len(body))):
        for start in range(0, len(body) or 1, CHUNK):
            piece = body[start : start + CHUNK]
            more = start + CHUNK < len(body)
            await send({"type": "http.response.body", "body": piece, "more_body": more})


async def deliver_file(scope: Scope, send: Send, path: Path, response: Response, etag: str) -> None:
    """Send a file over ASGI, a piece at a time; see `deliver`."""
    size = (await asyncio.to_thread(path.stat)).st_size
    fields = _fixed(response.status, response.media_type, tuple(response.headers.items()))
    headers = [*fields, (b"content-length", b"%d" % size), (b"etag", etag.encode())]
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    if scope["method"] == "HEAD":
        await send({"type": "http.response.body", "body": b""})
        return
    with await asyncio.to_thread(path.open, "rb") as file:
        async with asyncio.timeout(pace(size)):
            while piece := await asyncio.to_thread(file.read, CHUNK):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
