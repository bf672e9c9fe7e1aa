"""Sends a request to a SPARQL service: one deadline for all of it, few redirects, no secret astray.

urllib alone would bound each wait but not their sum, read files and FTP on a redirect, make a
POST a GET there, and send the password along to whatever host it leads to.
"""

from __future__ import annotations

import contextlib
import functools
import http.client
import io
import ssl
import time
import urllib.request
from dataclasses import dataclass, field
from http import HTTPStatus
from random import random
from typing import IO, TYPE_CHECKING, Any, Final
from urllib.parse import urljoin

from kg.engines.address import ascii_url, shown_url
from kg.errors import EndpointError, clipped

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator
    from email.message import Message
    from urllib.request import Request

    from kg.engines.address import Address

__all__ = ["Clock", "Deadline", "Reply", "received", "sent", "trusted"]

CONNECTING: Final = 10.0
"""Seconds to wait for a connection, TLS included; name look-up has the system's own bound."""

HOPS: Final = 5
"""Redirects that are followed."""

REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})

KEPT: Final = ("Accept", "Content-type", "User-agent")
"""Headers that a request keeps when it is sent anew, as urllib spells them."""

CHUNK: Final = 1 << 16
SAID: Final = 1 << 14
"""Bytes that are read of what comes with an error."""


@dataclass(frozen=True)
class Clock:
    """What tells the time, waits, and gives chance between 0 and 1; tests have their own."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random


class Deadline:
    """The moment at which an answer must be there."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        """Set it some seconds from now."""
        self.clock = clock
        self.end = clock.now() + seconds

    def left(self) -> float:
        """Give the seconds left.

        Raises:
            TimeoutError: there are none.
        """
        seconds = self.end - self.clock.now()
        if seconds <= 0:
            raise TimeoutError("deadline")
        return seconds


@dataclass(frozen=True)
class Reply:
    """What a server sent; `framed` when it told the length beforehand or marked the end."""

    status: int
    headers: Message
    body: bytes = field(repr=False)
    framed: bool

    @property
    def media_type(self) -> str:
        """The media type without its parameters, or nothing."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()


class _Timed(io.RawIOBase):
    """What comes from a socket, each wait bounded by the deadline."""

    def __init__(self, raw: io.RawIOBase, connection: socket.socket, deadline: Deadline) -> None:
        self.raw, self.connection, self.deadline = raw, connection, deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:  # noqa: ANN401 -- as its base has it
        self.connection.settimeout(self.deadline.left())
        return self.raw.readinto(buffer)

    def close(self) -> None:
        self.raw.close()
        super().close()


class _Response(http.client.HTTPResponse):
    """A response whose head and body are read against the deadline."""

    def __init__(self, deadline: Deadline, sock: socket.socket, *args: Any, **extra: Any) -> None:  # noqa: ANN401 -- as its base has them
        super().__init__(sock, *args, **extra)
        self.fp = io.BufferedReader(_Timed(self.fp.detach(), sock, deadline))


class _Connection(http.client.HTTPConnection):
    """A connection that is made, and answers, before the deadline."""

    def __init__(self, host: str, *, deadline: Deadline, **extra: Any) -> None:  # noqa: ANN401 -- as its base has them
        super().__init__(host, **extra)
        self.deadline = deadline
        self.response_class = functools.partial(_Response, deadline)  # type: ignore[assignment]

    def connect(self) -> None:
        self.timeout = min(CONNECTING, self.deadline.left())
        super().connect()
        self.sock.settimeout(self.deadline.left())


class _SecureConnection(_Connection, http.client.HTTPSConnection):
    """The same with TLS."""


class _Handler(urllib.request.AbstractHTTPHandler):
    """Opens HTTP and HTTPS with these connections, and nothing else."""

    def __init__(self, deadline: Deadline) -> None:
        super().__init__()
        self.deadline = deadline

    http_request = https_request = urllib.request.AbstractHTTPHandler.do_request_

    def http_open(self, request: Request) -> http.client.HTTPResponse:
        return self.do_open(functools.partial(_Connection, deadline=self.deadline), request)

    def https_open(self, request: Request) -> http.client.HTTPResponse:
        connection = functools.partial(_SecureConnection, deadline=self.deadline)
        return self.do_open(connection, request, context=trusted())

    def http_error_default(
        self, _request: Request, response: http.client.HTTPResponse, *_: object
    ) -> http.client.HTTPResponse:
        """Give a response as it is, whatever its status."""
        return response


@functools.cache
def trusted() -> ssl.SSLContext:
    """Give the system's certificates, or those of SSL_CERT_FILE."""
    return ssl.create_default_context()


class _Probe(urllib.request.Request):
    """A request that does not tell who asks."""


class _Credentials(urllib.request.BaseHandler):
    """Tells who asks, and only a service that is trusted with it: Basic at once."""

    def __init__(self, address: Address) -> None:
        self.address = address

    def http_request(self, request: Request) -> Request:
        known = request.has_header("Authorization") or isinstance(request, _Probe)
        if not known and self.address.trusts(request.full_url):
            request.add_unredirected_header("Authorization", self.address.basic())
        return request

    https_request = http_request


class _Digest(urllib.request.HTTPDigestAuthHandler):
    """Answers one challenge of a service that wants Digest (https://www.rfc-editor.org/rfc/rfc7616)."""

    def __init__(self, address: Address) -> None:
        self.passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        super().__init__(self.passwords)
        self.address = address

    def http_error_401(
        self, request: Request, response: IO[bytes], _code: int, _reason: str, headers: Message
    ) -> http.client.HTTPResponse | None:
        basic = request.unredirected_hdrs.get("Authorization", "").startswith("Basic ")
        challenge = self._challenge(request, headers) if basic else None
        if challenge is None:
            return None
        home = self.address
        self.passwords.add_password(None, request.full_url, home.user, home.password)
        try:
            answered = self.retry_http_digest_auth(request, challenge)
        except (ValueError, LookupError):  # no challenge, or what urllib has no digest of
            return None
        if answered is not None:
            response.close()
        return answered

    def _challenge(self, request: Request, headers: Message) -> str | None:
        """Give the challenge of a refusal; Virtuoso makes none to who has said Basic."""
        if "WWW-Authenticate" not in headers:
            probe = _Probe(request.full_url, request.data, _kept(request))
            with self.parent.open(probe, timeout=CONNECTING) as response:
                headers = response.headers
        challenges = headers.get_all("WWW-Authenticate") or []
        return next((text for text in challenges if text.lower().startswith("digest ")), None)


def _kept(request: Request) -> dict[str, str]:
    return {name: value for name, value in request.header_items() if name in KEPT}


def sent(request: Request, address: Address, deadline: Deadline) -> http.client.HTTPResponse:
    """Send a request and give the response, redirects followed, whatever its status.

    Raises:
        EndpointError: it is redirected too often, or to where no request may go.
        OSError: no connection, no TLS, or no head of a response in time.
        HTTPException: what comes back is no HTTP.
    """
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        _Handler(deadline),
        urllib.request.HTTPErrorProcessor(),
        *([_Credentials(address), _Digest(address)] if address.user else []),
    ):
        opener.add_handler(handler)
    for _ in range(HOPS + 1):
        response: http.client.HTTPResponse = opener.open(request, timeout=CONNECTING)
        if response.status not in REDIRECTS:
            return response
        with response:
            request = _followed(request, response, address)
    raise EndpointError(
        f"{address.shown} 重定向超过 {HOPS} 次", f"{address.shown} redirects over {HOPS} times"
    )


def _followed(request: Request, response: http.client.HTTPResponse, address: Address) -> Request:
    """Give the request that a redirect asks for: the same query, and none of the secrets.

    Raises:
        EndpointError: it leads nowhere, or to what is not HTTP.
    """
    location = response.headers.get("Location", "")
    url = _target(request.full_url, location)
    if url is None:
        shown = clipped(address.scrub(shown_url(location)))
        raise EndpointError(
            f"{address.shown} 重定向到不能访问之处：{shown}",
            f"{address.shown} redirects to where no query is sent: {shown}",
            response.status,
        )
    headers = _kept(request)
    if response.status == HTTPStatus.SEE_OTHER or request.data is None:
        headers.pop("Content-type", None)
        return urllib.request.Request(url, headers=headers)  # noqa: S310 -- _target gives HTTP
    return urllib.request.Request(url, data=request.data, headers=headers)  # noqa: S310


def _target(url: str, location: str) -> str | None:
    try:
        return ascii_url(urljoin(url, location)) if location else None
    except ValueError:
        return None


def received(
    response: http.client.HTTPResponse, address: Address, deadline: Deadline, limit: int
) -> Reply:
    """Read a response to its end; of what is no success, the beginning.

    Raises:
        EndpointError: it is longer than the limit.
        OSError: the connection broke, or the deadline passed.
        HTTPException: it is shorter than it says, or the end of a chunked body is missing.
    """
    length = response.length
    framed = response.chunked or length is not None
    body = b""
    with response:
        if response.status == HTTPStatus.OK:
            body = b"".join(_pieces(response, address, deadline, limit))
            if length is not None and len(body) < length:
                raise http.client.IncompleteRead(b"", length - len(body))
        else:
            with contextlib.suppress(OSError, http.client.HTTPException):
                while len(body) < SAID and (piece := response.read1(SAID)):
                    body += piece
    return Reply(response.status, response.headers, body, framed)


def _pieces(
    response: http.client.HTTPResponse, address: Address, deadline: Deadline, limit: int
) -> Iterator[bytes]:
    size = 0
    while max(size, response.length or 0) <= limit and (piece := response.read1(CHUNK)):
        yield piece
        size += len(piece)
        deadline.left()
    if max(size, response.length or 0) > limit:
        raise EndpointError(
            f"{address.shown} 的回答超过 {limit >> 20} MiB，请加 LIMIT",
            f"the answer of {address.shown} is over {limit >> 20} MiB: set a LIMIT",
        )
