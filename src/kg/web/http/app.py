"""The service over HTTP: what is asked most is answered at once, the rest over ASGI by routes."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from kg.errors import KgError
from kg.web import negotiation
from kg.web.http.cache import Cache
from kg.web.http.delivery import address, deliver, header, lines, not_modified
from kg.web.http.metrics import Metrics
from kg.web.http.outgoing import UNREAD, Outgoing, busy
from kg.web.http.routes import METHODS as READING
from kg.web.http.routes import Routes, told_for
from kg.web.http.work import Work, plan
from kg.web.protocol import FORM, QUERY, UPDATE, Asked, no_update, read_direct, read_form
from kg.web.response import Response, failure, not_allowed, tell
from kg.web.workers.frames import told

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.web.http.delivery import Receive, Scope, Send
    from kg.web.workers.frames import Head
    from kg.web.workers.pool import Job
    from kg.web.workers.service import Service

__all__ = ["App"]

BODY: Final = 1 << 20
"""Bytes that the body of a request may have."""
BODY_SECONDS: Final = 15
"""Seconds in which the body of a request has to come."""
CACHED: Final = 64 << 20
"""Bytes of pages and saved questions that are kept, and as many of queries."""
LARGE: Final = 1 << 20
"""Bytes from which the answer to a query is not kept."""
OK: Final = 200
TAGGED: Final = frozenset({200, 304})
"""Statuses with which an ETag goes out."""

ENDPOINT: Final = frozenset({"/sparql", "/sparql/"})
"""Where the endpoint is."""
METHODS: Final = {True: "GET, HEAD, POST, OPTIONS", False: READING}
"""Whether it is the endpoint -> the methods that there are."""
PREFLIGHT: Final = {
    is_endpoint: Response(
        204,
        "",
        b"",
        {
            "allow": methods,
            "access-control-allow-methods": methods,
            "access-control-allow-headers": "Accept, Content-Type, If-None-Match",
            "access-control-max-age": "86400",
        },
    )
    for is_endpoint, methods in METHODS.items()
}


class Ready(NamedTuple):
    """An answer with its headers as they stand in HTTP, which may be kept."""

    response: Response
    etag: str
    lines: bytes


class GoneError(Exception):
    """The client has gone."""


class App:
    """The application over a service."""

    def __init__(self, service: Service, proxies: frozenset[str] = frozenset()) -> None:
        """Take the service; its start and end are those of the application.

        Args:
            service: what does the work.
            proxies: addresses whose X-Forwarded-For is believed.
        """
        self.service = service
        self.proxies = proxies
        self.metrics = Metrics(service)
        self.pages: Cache[tuple[bytes | str, ...], Ready] = Cache(CACHED)
        self.queries: Cache[str, Ready] = Cache(CACHED)
        self.routes = Routes(self)
        self.outgoing = Outgoing()
        self.incoming = Outgoing()
        service.on_switch = self.forget

    def forget(self) -> None:
        """Let go of what is kept, since another release is served."""
        self.pages.clear()
        self.queries.clear()

    # --- at once ------------------------------------------------------------------------------

    def begin(self, scope: Scope, finish: Callable[[Ready], None]) -> Job | bool:
        """Answer a query, or a GET of what is kept, without ASGI; tell whether it can be.

        Args:
            scope: the request.
            finish: takes the answer, now or when a worker has given it.

        Returns:
            The job to give up if the client goes; or whether the request is answered.
        """
        if scope["path"] in ENDPOINT and scope["query_string"].find(b"query=") >= 0:
            return not self._is_for_readers(scope) and self._begin_query(scope, finish)
        kept = self.pages.get(self.key(scope))
        if kept is None:
            return False
        finish(self._again(scope, kept))
        return True

    def _begin_query(self, scope: Scope, finish: Callable[[Ready], None]) -> Job | bool:
        try:
            found = plan(scope, read_form(scope["query_string"]), self.service.id)
        except KgError as error:
            found = _refusal(scope, error)
        if found is None:
            return False
        if isinstance(found, Response):
            finish(self._ready(scope, found, found.etag))
            return True
        if (kept := self.queries.get(found.etag)) is not None:
            finish(self._again(scope, kept))
            return True

        def done(response: Response) -> None:
            finish(self._unless_known(scope, self._keep(scope, found, response)))

        return self.service.pool.submit(self.client(scope), found.head, found.body, done)

    def _is_for_readers(self, scope: Scope) -> bool:
        """Tell whether a query in an address is to be shown in the editor: a browser opens it."""
        is_read = scope["method"] in {"GET", "HEAD"} and self.service.plan.is_release
        return is_read and negotiation.prefers_page(header(scope, b"accept"))

    def _again(self, scope: Scope, kept: Ready) -> Ready:
        """Give an answer that is kept."""
        ready = self._unless_known(scope, kept)
        self.metrics.answered(scope["path"], ready.response.status, was_kept=True)
        return ready

    def _unless_known(self, scope: Scope, ready: Ready) -> Ready:
        known = not_modified(scope, ready.etag, exists=True)
        return ready if known is None else Ready(known, ready.etag, lines(known, ready.etag))

    def _ready(self, scope: Scope, response: Response, etag: str = "") -> Ready:
        """Give an answer that is new."""
        self.metrics.answered(scope["path"], response.status)
        etag = etag if response.status in TAGGED else ""
        return Ready(response, etag, lines(response, etag))

    def key(self, scope: Scope) -> tuple[bytes | str, ...]:
        """Give what an answer depends on, headers as far as they are looked at."""
        return (
            scope["raw_path"],
            scope["query_string"],
            header(scope, b"accept"),
            header(scope, b"accept-encoding"),
            header(scope, b"accept-language"),
        )

    def client(self, scope: Scope) -> str:
        """Give the address of a client: of a proxy that is believed, the one that it tells."""
        peer = address(scope.get("client"))
        if peer in self.proxies:  # not `header`, which clips: the last is what the proxy wrote
            told = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
            last = told[-1].rpartition(b",")[2].strip()[:64] if told else b""
            return last.decode("latin-1") or peer
        return peer

    # --- SPARQL -------------------------------------------------------------------------------

    def _keep(self, scope: Scope, work: Work, response: Response) -> Ready:
        """Take what came of some work, and keep it if it is of the release that is served."""
        same = work.release == response.release == self.service.id
        ready = self._ready(scope, response, work.etag if same else "")
        size = len(response.body) + len(ready.lines)
        if ready.etag and response.status == OK and size < LARGE:
            self.queries.put(ready.etag, ready, size + 512)
        return ready

    async def _sparql(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request of the protocol, or describe the service."""
        asked = await self._read(scope, receive)
        if isinstance(asked, Response):
            await self.respond(scope, send, asked)
            return
        shown = asked.query is not None and not asked.format and self._is_for_readers(scope)
        found = None if shown else plan(scope, asked, self.service.id)
        if found is None:
            await self.routes.describe(scope, receive, send)
        elif isinstance(found, Response):
            await self.respond(scope, send, found, found.etag)
        elif (kept := self.queries.get(found.etag)) is not None:
            await self._deliver(scope, send, self._again(scope, kept))
        else:
            response = await self._work(scope, receive, found.head, found.body)
            await self._deliver(scope, send, self._keep(scope, found, response))

    async def _read(self, scope: Scope, receive: Receive) -> Asked | Response:
        """Read what is asked; or give the answer to what cannot be read."""
        if scope["method"] in {"GET", "HEAD"}:
            return read_form(scope["query_string"])
        if scope["method"] != "POST":
            return not_allowed(METHODS[True])
        kind, _, params = header(scope, b"content-type").lower().partition(";")
        kind = kind.strip()
        if kind == UPDATE:
            raise no_update()
        charset = re.search(r"charset\s*=\s*\"?([^\s\";]+)", params)
        known = not charset or charset[1] in {"utf-8", "utf8"}
        if kind not in {FORM, QUERY} or not known or not _is_plain(scope):
            return _unsupported()
        body = await self._body(scope, receive)
        if isinstance(body, Response):
            return body
        return read_form(body) if kind == FORM else read_direct(body, scope["query_string"])

    async def _body(self, scope: Scope, receive: Receive) -> bytes | Response:
        """Read the body of a request, or give the answer to one that is too long or too slow."""
        too_long = tell(413, f"正文超过 {BODY} 字节", f"the body has more than {BODY} bytes")
        length = header(scope, b"content-length")
        if length.isdecimal() and int(length) > BODY:
            return too_long
        client, body = self.client(scope), bytearray()
        try:
            async with asyncio.timeout(BODY_SECONDS):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise GoneError
                    piece = message.get("body", b"")
                    if not self.incoming.grow(client, len(body), len(body) + len(piece)):
                        body.clear()
                        return busy("正在接收的长正文过多", "too many long bodies are on their way")
                    body += piece
                    if len(body) > BODY:
                        return too_long
                    if not message.get("more_body"):
                        return bytes(body)
        except TimeoutError:
            return tell(408, "正文迟迟未到", "the body did not come")
        finally:
            self.incoming.release(client, len(body))

    # --- over ASGI ----------------------------------------------------------------------------

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or start and end the service."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            try:
                await self._answer(scope, receive, send)
            except (GoneError, TimeoutError):  # nobody is there, or reads: the connection is cut
                return
            except KgError as error:
                if scope["path"] in ENDPOINT:
                    said = _refusal(scope, error)
                else:
                    said = told_for(scope, error, self.service.plan.public_url)
                await self.respond(scope, send, said)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            await self.service.start()
        except KgError as error:
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.service.stop()
        await send({"type": "lifespan.shutdown.complete"})

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "OPTIONS":
            await self.respond(scope, send, PREFLIGHT[scope["path"] in ENDPOINT])
            return
        if scope["method"] in {"GET", "HEAD"} and (kept := self.pages.get(self.key(scope))):
            await self._deliver(scope, send, self._again(scope, kept))
        elif scope["path"] in ENDPOINT:
            await self._sparql(scope, receive, send)
        else:
            await self.routes.answer(scope, receive, send)

    async def ask(self, scope: Scope, receive: Receive, head: Head) -> Response:
        """Have a worker do something; a client that goes away meanwhile frees it.

        Raises:
            GoneError: the client has gone.
        """
        return await self._work(scope, receive, told(head), b"")

    async def _work(self, scope: Scope, receive: Receive, head: bytes, body: bytes) -> Response:
        answer: asyncio.Future[Response] = asyncio.get_running_loop().create_future()

        def done(response: Response) -> None:
            if not answer.done():
                answer.set_result(response)

        watching: list[asyncio.Task[None]] = []
        job = self.service.pool.submit(self.client(scope), head, body, done)

        def watch() -> None:
            watching.append(asyncio.create_task(_watch(receive, answer)))

        if job.started or job.finished:  # most are answered before anybody could go
            job.on_slow = watch
        else:
            watch()
        try:
            return await answer
        except (GoneError, asyncio.CancelledError):
            self.service.pool.abandon(job)
            raise
        finally:
            for task in watching:
                task.cancel()

    async def respond(
        self, scope: Scope, send: Send, response: Response, etag: str = "", *, keep: bool = False
    ) -> None:
        """Send an answer, and keep it if it may be asked for again."""
        ready = self._ready(scope, response, etag)
        if keep and response.status == OK:
            key = self.key(scope)  # an address is as long as the client likes
            size = len(response.body) + len(ready.lines) + sum(map(len, key))
            self.pages.put(key, ready, size + 900)
        await self._deliver(scope, send, ready)

    async def _deliver(self, scope: Scope, send: Send, ready: Ready) -> None:
        response = self._unless_known(scope, ready).response
        size = len(response.body)
        client = self.client(scope)
        if not self.outgoing.reserve(client, size):
            await deliver(scope, send, busy(*UNREAD))
            return
        try:
            await deliver(scope, send, response, ready.etag)
        finally:
            self.outgoing.release(client, size)


def _refusal(scope: Scope, error: KgError) -> Response:
    """Tell an error as the endpoint does: never as a page."""
    return failure(error, as_json=negotiation.wants_json(header(scope, b"accept")))


def _is_plain(scope: Scope) -> bool:
    """Tell whether a body is as it is, not compressed."""
    return header(scope, b"content-encoding").lower() in {"", "identity"}


async def _watch(receive: Receive, answer: asyncio.Future[Response]) -> None:
    """Give up waiting when the client goes."""
    while (await receive())["type"] != "http.disconnect":
        pass
    if not answer.done():
        answer.set_exception(GoneError())


def _unsupported() -> Response:
    zh = f"正文须为 UTF-8 的 {FORM} 或 {QUERY}"
    en = f"the body is to be {FORM} or {QUERY}, in UTF-8"
    return tell(415, zh, en, {"accept-post": f"{FORM}, {QUERY}"})
