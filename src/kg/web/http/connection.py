"""One connection: bounded before it is a request, and answered at once where that can be."""

from __future__ import annotations

import asyncio
import logging
import re
import socket
import sys
import traceback
from typing import TYPE_CHECKING, Any, ClassVar, Final

from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

from kg.web.http.app import BODY_SECONDS
from kg.web.http.delivery import CHUNK, address, lines, pace
from kg.web.http.outgoing import UNREAD, busy
from kg.web.response import tell
from kg.web.workers.pool import Job

if TYPE_CHECKING:
    from kg.web.http.app import App, Ready

__all__ = ["Connection"]

LOG: Final = logging.getLogger("kg.web")

HEAD_SECONDS: Final = 10
"""Seconds in which the head of a request has to come."""
HEAD_BYTES: Final = 1 << 17
"""Bytes that the head of a request may have."""
URL_BYTES: Final = (1 << 16) - 1
"""Bytes that the parser of URLs takes; longer queries are sent by POST."""
UNREAD_SECONDS: Final = 60
"""Seconds for which a client may read nothing of what is sent, be it the end of all."""
PIECE: Final = 1 << 12
"""Bytes of requests that are parsed at once: what is parsed takes a hundred times as many."""
HIGH: Final = re.compile(rb"[\x80-\xff]")
OF_CLIENT: Final = 512
"""Connections that one client may have."""
IN_ALL: Final = 4096
"""Connections that there may be."""


class Connection(HttpToolsProtocol):
    """uvicorn's, which by itself waits for ever for a head, of any length, from anybody."""

    application: ClassVar[App]
    open: ClassVar[dict[str, int]] = {}
    dated: ClassVar[tuple[list[tuple[bytes, bytes]], bytes]] = ([], b"")
    counted = ""
    head = 0
    in_head = True
    in_line = False
    rest = b""
    going_on = False
    timer: asyncio.TimerHandle | None = None
    job: Job | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin, unless there are too many."""
        super().connection_made(transport)
        _let_go_if_unread(transport)
        self.counted = address(self.client)
        self.open[self.counted] = self.open.get(self.counted, 0) + 1
        alone = self.counted not in self.application.proxies
        if len(self.connections) > IN_ALL or (alone and self.open[self.counted] > OF_CLIENT):
            self._refuse(503, "连接过多", "there are too many connections", "retry-after: 10")
        else:
            self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """End, and give up what is asked."""
        self._stop_timer()
        left = self.open.get(self.counted, 1) - 1
        if left:
            self.open[self.counted] = left
        else:
            self.open.pop(self.counted, None)
        if self.job is not None:
            self.application.service.pool.abandon(self.job)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes; those behind a request that waits for the answer of another wait too.

        One piece at a time, between which others have their turn: who sends a row of requests
        without end, each of which is answered at once, keeps nobody waiting.
        """
        self.rest += data
        if self.rest and not self.pipeline and not self.transport.is_closing():
            piece, self.rest = self.rest[:PIECE], self.rest[PIECE:]
            self._take(piece)
        self._go_on_later()

    def _take(self, data: bytes) -> None:
        """Take bytes, as many and as fast as a head may have."""
        if self.in_head:
            if not self.head or self.in_line:
                data = self._encoded(data)
            self.head += len(data)
        super().data_received(data)
        if self.in_head and self.head > HEAD_BYTES:
            self._refuse(431, "请求头过长", "the head of the request is too long")
        elif self.timer is None and not self.in_head:
            self.timer = self.loop.call_later(BODY_SECONDS + 1, self._late)
        elif self.timer is None and self.head:
            self._await_head()

    def _encoded(self, data: bytes) -> bytes:
        """Percent-encode what is not ASCII in a request line: many clients send it as it is."""
        line, end, rest = data.partition(b"\n")
        self.in_line = not end
        if line.isascii():
            return data
        return HIGH.sub(lambda found: b"%%%02X" % found[0][0], line) + end + rest

    def on_headers_complete(self) -> None:
        """A head is whole."""
        self.in_head = False
        self.head = 0
        self._stop_timer()
        hosts = [name for name, _ in self.headers].count(b"host")
        if hosts > 1 or (not hosts and self.parser.get_http_version() == "1.1"):
            self._refuse(400, "须有一个 Host", "there is to be one Host")
            return
        if len(self.url) > URL_BYTES:
            self._refuse(414, "网址过长，请用 POST", "the address is too long: use POST")
            return
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """A request is whole; what comes next is a head."""
        self.in_head = True
        self._stop_timer()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Go on with what has come and waits."""
        super().on_response_complete()
        self._go_on_later()

    def _go_on_later(self) -> None:
        if self.rest and not self.transport.is_closing():
            self.flow.pause_reading()
            if not self.pipeline and not self.going_on:
                self.going_on = True
                self.loop.call_soon(self._go_on)

    def _go_on(self) -> None:
        self.going_on = False
        self.data_received(b"")
        if not self.rest and not self.pipeline and not self.transport.is_closing():
            self.flow.resume_reading()

    def _await_head(self) -> None:
        self.timer = self.loop.call_later(HEAD_SECONDS, self._late)

    def _stop_timer(self) -> None:
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None

    def _late(self) -> None:
        """Give up on a head; and on a body, whose request may be answered already."""
        self.timer = None
        answered = self.cycle is None or self.cycle.response_complete
        if self.in_head and answered:
            self._refuse(408, "请求迟迟未到", "the request did not come")
        elif not self.in_head:
            self.transport.close()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no request; not once more, and not what a fault of ours has stopped."""
        self._refuse(400, "不是 HTTP 请求", msg)

    def _fail(self, cycle: RequestResponseCycle) -> None:
        """Tell a fault of ours, or cut off an answer that it came into."""
        if cycle.response_started:
            self.transport.abort()
        else:
            self._refuse(500, "服务内部出错", "something is wrong within the service")

    def _refuse(self, status: int, zh: str, en: str, *more: str) -> None:
        """Refuse what is no request, or comes at a bad time, and close the connection."""
        if not self.transport.is_closing():
            refused = tell(status, zh, en)
            ends = "".join(f"{line}\r\n" for line in ("connection: close", *more, ""))
            told = lines(refused, "") + ends.encode()
            self.transport.write(STATUS_LINE[status] + told + refused.body)
            self.transport.close()

    # --- at once ------------------------------------------------------------------------------

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:  # noqa: ANN401
        """Answer at once what can be, without a task; the rest over ASGI."""
        if cycle.scope["method"] == "GET":
            begun: Job | bool | None = None
            try:
                begun = self.application.begin(
                    cycle.scope,  # type: ignore[arg-type]  # uvicorn's type of a scope is narrower
                    lambda ready: self._finish(cycle, ready),
                )
            finally:
                if begun is None:  # it goes on to the parser, which keeps it to itself
                    LOG.error("a request cannot be begun\n%s", traceback.format_exc())
                    self._fail(cycle)
            if begun:
                self.job = begun if isinstance(begun, Job) and not cycle.response_complete else None
                if self.job is not None:
                    self.job.on_fault = lambda: self._fail(cycle)
                return

        async def whole(*asgi: Any) -> None:  # noqa: ANN401
            await app(*asgi)
            if cycle.response_started and not cycle.response_complete:
                self.transport.abort()  # to close it is to wait for who does not read

        super()._start_asgi_task(cycle, whole)

    def _finish(self, cycle: RequestResponseCycle, ready: Ready) -> None:
        """Write a whole answer in one piece, a long one at the client's pace."""
        self.job = None
        if cycle.disconnected or self.transport.is_closing():
            return
        body = ready.response.body
        status, told = ready.response.status, ready.lines
        client = self.application.client(cycle.scope)  # type: ignore[arg-type]
        if not self.application.outgoing.reserve(client, len(body)):
            refused = busy(*UNREAD)
            status, told, body = 503, lines(refused, ""), refused.body
        cycle.response_started = True
        close = b"" if cycle.keep_alive else b"connection: close\r\n"
        head = b"".join((STATUS_LINE[status], self._date(cycle), told, close, b"\r\n"))
        if len(body) <= CHUNK and not self.flow.write_paused:
            self.transport.write(head + body)
            self._finished(cycle)
        else:
            task = self.loop.create_task(self._send(cycle, head, body, client))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    def _date(self, cycle: RequestResponseCycle) -> bytes:
        """Give the headers that uvicorn renews each second, as they stand in HTTP."""
        given, written = self.dated
        if given is not cycle.default_headers:
            written = b"".join([b"%b: %b\r\n" % field for field in cycle.default_headers])
            Connection.dated = cycle.default_headers, written
        return written

    async def _send(
        self, cycle: RequestResponseCycle, head: bytes, body: bytes, client: str
    ) -> None:
        """Write an answer that is long, or behind one that is; who reads too slowly is cut off."""
        try:
            async with asyncio.timeout(pace(len(body))):
                await self.flow.drain()
                self.transport.write(head)
                for start in range(0, len(body), CHUNK):
                    await self.flow.drain()
                    if cycle.disconnected:
                        return
                    self.transport.write(body[start : start + CHUNK])
                await self.flow.drain()
        except TimeoutError:
            self.transport.abort()
        else:
            self._finished(cycle)
        finally:
            self.application.outgoing.release(client, len(body))

    def _finished(self, cycle: RequestResponseCycle) -> None:
        cycle.response_complete = True
        cycle.message_event.set()
        if not cycle.keep_alive:
            self.transport.close()
        if self.pipeline:
            self.loop.call_soon(cycle.on_response)  # not within: a thousand may be answered at once
        else:
            cycle.on_response()


def _let_go_if_unread(transport: asyncio.Transport) -> None:
    """Have the system cut off who reads nothing: to close such a connection would take for ever."""
    sock = transport.get_extra_info("socket")
    if sock is not None and sys.platform == "linux":
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(UNREAD_SECONDS * 1000))
