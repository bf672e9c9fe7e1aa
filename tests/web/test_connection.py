"""A fault of ours is told as one on a connection, and is never the client's nor a long wait."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, Final, NoReturn, cast

import pytest
import uvicorn
from fake_site import FakeService
from uvicorn.server import ServerState

from kg.web.http.app import App
from kg.web.http.connection import Connection
from kg.web.response import Response
from kg.web.workers.pool import Job

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from kg.web.workers.service import Service

ASK: Final = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: test\r\n\r\n"
KEPT: Final = b"GET /queries HTTP/1.1\r\nHost: test\r\n\r\n"
FAULT: Final = "a fault of ours"


class Wire(asyncio.Transport):
    """A transport that keeps what is written."""

    def __init__(self) -> None:
        """Begin."""
        super().__init__({"peername": ("192.0.2.1", 9), "sockname": ("192.0.2.2", 80)})
        self.written = b""
        self.closing = self.aborted = False

    def write(self, data: Any) -> None:  # noqa: ANN401 -- bytes, or like them
        """Keep it, also behind an end: what comes there is a mistake that shows."""
        self.written += data

    def is_closing(self) -> bool:
        """Tell whether it ends."""
        return self.closing

    def close(self) -> None:
        """End."""
        self.closing = True

    def abort(self) -> None:
        """End at once."""
        self.closing = self.aborted = True

    def pause_reading(self) -> None:
        """Nothing comes but from the test."""

    def resume_reading(self) -> None:
        """As above."""


class Line:
    """A connection with an application over a service that is none."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Connect."""
        self.service = FakeService()
        self.app = App(cast("Service", self.service))
        monkeypatch.setattr(Connection, "application", self.app, raising=False)
        monkeypatch.setattr(Connection, "open", {})
        config = uvicorn.Config(self.app, http=Connection, log_config=None)
        config.load()
        self.connection = Connection(config, ServerState(), {})
        self.wire = Wire()
        self.connection.connection_made(self.wire)
        self.jobs: list[Job] = []

    @property
    def statuses(self) -> list[bytes]:
        """The status of each answer that was written."""
        return [part[:3] for part in self.wire.written.split(b"HTTP/1.1 ")[1:]]

    def submit(self, client: str, head: bytes, body: bytes, done: Callable[..., None]) -> Job:
        """Take a job that waits, in the place of the service."""
        self.jobs.append(Job(client, head + body, done, 0.0))
        return self.jobs[-1]


def on_a_line(monkeypatch: pytest.MonkeyPatch, act: Callable[[Line], Awaitable[None]]) -> None:
    """Have something done on a connection, which ends afterwards."""

    async def run() -> None:
        line = Line(monkeypatch)
        await act(line)
        line.connection.connection_lost(None)
        await asyncio.sleep(0)

    asyncio.run(run())


def fail(*_: object) -> NoReturn:
    """Be at fault."""
    raise RuntimeError(FAULT)


@pytest.mark.parametrize(
    ("name", "request_"),
    [("_begin_query", ASK), ("_is_for_readers", ASK), ("client", ASK), ("key", KEPT)],
)
def test_a_fault_in_beginning_is_told_as_one(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    name: str,
    request_: bytes,
) -> None:
    """With 500, and to the log: the parser would tell that the request is invalid."""

    async def act(line: Line) -> None:
        monkeypatch.setattr(line.app, name, fail)
        line.connection.data_received(request_ + request_)
        assert line.statuses == [b"500"]
        assert b"connection: close" in line.wire.written
        assert line.wire.closing

    with caplog.at_level(logging.ERROR, "kg.web"):
        on_a_line(monkeypatch, act)
    assert f"RuntimeError: {FAULT}" in caplog.text


def test_what_is_no_request_is_still_the_client_s(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is told once, and no fault of ours is logged."""

    async def act(line: Line) -> None:
        line.connection.data_received(b"no request\r\n\r\n")
        assert line.statuses == [b"400"]

    with caplog.at_level(logging.ERROR, "kg.web"):
        on_a_line(monkeypatch, act)
    assert caplog.messages == []


def test_a_fault_in_telling_is_told_as_one(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The client does not wait for ever for the answer that its worker gave."""

    async def act(line: Line) -> None:
        monkeypatch.setattr(line.service, "submit", line.submit)
        line.connection.data_received(ASK)
        assert (line.statuses, len(line.jobs)) == ([], 1)
        monkeypatch.setattr(line.app, "_keep", fail)
        answer = Response(200, "text/csv", b"x")
        line.connection.loop.call_soon(line.jobs[0].tell, answer)
        await asyncio.sleep(0)
        assert (line.statuses, line.wire.closing) == ([b"500"], True)

    with caplog.at_level(logging.ERROR):
        on_a_line(monkeypatch, act)
    assert f"RuntimeError: {FAULT}" in caplog.text


def test_a_fault_within_an_answer_cuts_it_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half an answer does not look like a whole one, and no second is written behind it."""

    async def act(line: Line) -> None:
        monkeypatch.setattr(line.connection, "_finished", fail)
        line.connection.data_received(ASK)
        assert (line.statuses, line.wire.aborted) == ([b"200"], True)

    on_a_line(monkeypatch, act)
