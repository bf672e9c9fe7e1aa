"""Where the service listens, and how much it writes into its log."""

from __future__ import annotations

import logging
import socket
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kg.errors import UsageError
from kg.web import server as server_module
from kg.web.limits import Limits
from kg.web.server import Listening, _Few, _Server, address, bind, serve
from kg.web.workers.holding import Plan

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def taken() -> Iterator[int]:
    """Give a port that another listens at."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_free_port_is_had() -> None:
    """And told as an address that a browser can be given."""
    with closing(bind("127.0.0.1", 0)) as sock:
        port = sock.getsockname()[1]
        assert address(sock) == f"http://127.0.0.1:{port}"
        sock.listen()
        with socket.create_connection(("127.0.0.1", port)) as client:
            assert client.getpeername()[1] == port


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("0.0.0.0", "http://127.0.0.1:"),  # noqa: S104 -- for a moment
        ("::", "http://[::1]:"),
        ("::1", "http://[::1]:"),
        ("localhost", "http://127.0.0.1:"),
    ],
)
def test_an_address_is_one_that_can_be_asked(host: str, expected: str) -> None:
    """Not that of every interface; IPv6 stands in brackets."""
    with closing(bind(host, 0)) as sock:
        assert address(sock).startswith(expected)
        assert address(sock).removeprefix(expected).isdecimal()


def test_a_port_that_is_taken_is_told(taken: int) -> None:
    """In both languages, and by its number."""
    with pytest.raises(UsageError) as caught:
        bind("127.0.0.1", taken)
    assert f"无法监听 127.0.0.1:{taken}" in caught.value.zh
    assert f"cannot listen on 127.0.0.1:{taken}" in caught.value.en


@pytest.mark.parametrize("host", ["no-such-host.invalid", "203.0.113.1", "2001:db8::1", ""])
def test_a_host_that_is_not_ours_is_told(host: str) -> None:
    """Whether there is none of that name, or it is another's; no host is every one."""
    if host:
        with pytest.raises(UsageError, match="cannot listen"):
            bind(host, 0)
    else:
        with closing(bind(host, 0)) as sock:
            assert address(sock).startswith("http://127.0.0.1:")


def test_a_port_is_had_again_at_once() -> None:
    """After a service that had clients has ended."""
    with closing(bind("127.0.0.1", 0)) as sock:
        sock.listen()
        port = sock.getsockname()[1]
        client = socket.create_connection(("127.0.0.1", port))
        sock.accept()[0].close()
        client.close()
    with closing(bind("127.0.0.1", port)) as again:
        assert again.getsockname()[1] == port


@pytest.fixture
def quiet() -> Iterator[logging.Logger]:
    """Give uvicorn's log, which is afterwards as it was."""
    log = logging.getLogger("uvicorn.error")
    level, filters = log.level, log.filters[:]
    yield log
    log.setLevel(level)
    log.filters[:] = filters


def test_a_fault_of_ours_is_logged_and_a_bad_request_is_not(
    quiet: logging.Logger, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The server beneath tells of both: anybody could fill the log with the second."""
    error = RuntimeError("a fault of ours")

    def run(_: _Server, sockets: list[socket.socket]) -> None:
        assert len(sockets) == 1
        quiet.warning("Invalid HTTP request received.")
        quiet.error("Exception in ASGI application", exc_info=error)

    monkeypatch.setattr(_Server, "run", run)
    monkeypatch.setattr(server_module, "raise_descriptors", lambda: None)
    plan = Plan(Path(), Path(), is_release=False, public_url="", limits=Limits(5, 1, 1, 1))
    with closing(bind("127.0.0.1", 0)) as sock:
        serve(plan, Listening(sock, 1, ()), None)
    assert caplog.messages == ["Exception in ASGI application"]
    assert "RuntimeError: a fault of ours" in caplog.text


def record(second: float) -> logging.LogRecord:
    """Give a line of a log at a time."""
    made = logging.LogRecord("kg.web", logging.INFO, "", 0, "said", (), None)
    made.created = second
    return made


def test_a_log_is_bounded() -> None:
    """So many lines a minute; the next minute begins with how many were left out."""
    few = _Few(3)
    assert [few.filter(record(60 + at)) for at in range(5)] == [True] * 3 + [False] * 2
    first, second = record(120), record(121)
    assert few.filter(first)
    assert few.filter(second)
    assert first.getMessage() == "(2 lines left out) said"
    assert second.getMessage() == "said"
