"""Clients that take for ever: to send a head or a body, or to read what they have asked for."""

from __future__ import annotations

import contextlib
import http.client
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from attack_client import (
    GOOD,
    Service,
    afterwards,
    connected,
    fresh,
    sent,
    until,
)
from attack_requests import FOE, Write, asked, posted, request
from exchange import answers

from kg.web.http.outgoing import OF_CLIENT

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest_plugins = ["attack_services"]

START: Final = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\n"
POST: Final = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
CHUNKED: Final = POST + b"Transfer-Encoding: chunked\r\n\r\n"
LONG: Final = "SELECT ?a ?f { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } LIMIT 60000"
"""A query with an answer of some megabytes."""


@pytest.fixture(autouse=True)
def _as_before(hasty: Service) -> Iterator[None]:
    with afterwards(hasty):
        yield


# --- that send slowly ---------------------------------------------------------------------------


def drip(service: Service, start: bytes, drop: bytes) -> bytes:
    """Send something, then a little at a time; give what comes until the service hangs up.

    Raises:
        AssertionError: it does not.
    """
    found = bytearray()
    with connected(service) as sock:
        sock.sendall(start)
        sock.settimeout(0.2)
        for _ in range(100):
            try:
                if not (piece := sock.recv(1 << 16)):
                    return bytes(found)
                found += piece
            except TimeoutError:
                with contextlib.suppress(OSError):
                    sock.sendall(drop)
            except ConnectionError:
                return bytes(found)
    raise AssertionError("it is still connected")


def dripped(service: Service, *each: tuple[bytes, bytes]) -> list[bytes]:
    """Do that several times at once."""
    with ThreadPoolExecutor(len(each)) as threads:
        return list(threads.map(lambda one: drip(service, *one), each))


def test_a_slow_head_is_told_so(hasty: Service) -> None:
    """However it is kept alive: by nothing, a letter, a value, lines, headers."""
    a_value, headers = (b"GET / HTTP/1.1\r\nA:", b"x"), (START, b"A: b\r\n")
    found = dripped(hasty, (b"", b""), (b"G", b""), a_value, (b"\r\n", b"\r\n"), headers)
    assert all(told.startswith(b"HTTP/1.1 408 ") for told in found)


def test_a_slow_body_is_told_so_or_cut_off(hasty: Service) -> None:
    """Whether somebody waits for it or not, and however it is kept alive."""
    length = b"Content-Length: 1000\r\n\r\n"
    bodies = [
        (POST + length, b"x"),
        (POST + length, b""),
        (CHUNKED, b"1\r\nx\r\n"),
        (CHUNKED + b"5;a=", b"x"),
        (CHUNKED + b"5\r\nASK{}\r\n0\r\nA: ", b"x"),
        (b"POST /health HTTP/1.1\r\nHost: x\r\n" + length, b"x"),
        (START + b"Host: x\r\n" + length, b"x"),
    ]
    for told in dripped(hasty, *bodies):
        assert told == b"" or told.split(b" ")[1] in {b"200", b"405", b"408"}


def test_a_body_in_pieces_without_end_is_cut_off(hasty: Service) -> None:
    """It is told so after the first megabyte, and soon nobody listens any more."""
    with connected(hasty) as sock:
        sock.sendall(CHUNKED)
        with pytest.raises(OSError):  # noqa: PT011 -- reset or broken, as the system likes
            _pour(sock, b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
        with contextlib.suppress(OSError):
            assert b"413" in sock.recv(1 << 16)[:20]
    assert hasty.memory() < 150


def _pour(sock: socket.socket, data: bytes) -> None:
    """Send something for long, if anybody takes it."""
    for _ in range(1 << 16):
        sock.sendall(data)


# --- that do not read ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        asked(LONG, close=False),
        posted(LONG, "Accept: text/csv"),
        asked("SELECT * { ?s ?p ?o } LIMIT 300", close=False) * 300,
        request("/queries/platforms-of-concept.json", close=False) * 3000,
        request("/data/dataset.nq", close=False) * 300,
    ],
    ids=["get", "post", "pipeline", "kept", "file"],
)
def test_who_does_not_read_is_cut_off(hasty: Service, data: bytes) -> None:
    """No connection stays, nor anything of the answers, and nobody takes a part for the whole."""
    before, descriptors = hasty.memory(), _descriptors(hasty)
    with connected(hasty, buffer=4096) as sock:
        with contextlib.suppress(OSError):
            sock.sendall(data)
        assert sock.recv(4, socket.MSG_PEEK) == b"HTTP"
        until(lambda: _descriptors(hasty) <= descriptors)
        assert hasty.memory() - before < 50
        hasty.check()
        if data.count(b"HTTP/1.1") == 1:
            with pytest.raises(http.client.IncompleteRead):
                answers(_rest(sock))


@pytest.mark.parametrize("send", [asked, posted])
def test_who_reads_a_little_at_a_time_is_cut_off(hasty: Service, send: Write) -> None:
    """As who reads nothing: the connection is let go long before all is read."""
    descriptors = _descriptors(hasty)
    with connected(hasty, buffer=4096) as sock:
        sock.sendall(send(LONG))
        read = [len(sock.recv(4))]

        def is_let_go() -> bool:
            with contextlib.suppress(ConnectionError):
                read.append(len(sock.recv(4000)))  # enough not to be one who reads nothing
            return _descriptors(hasty) <= descriptors

        until(is_let_go)
    assert sum(read) < 400_000


def _rest(sock: socket.socket) -> bytes:
    """Read what is left."""
    found = bytearray()
    with contextlib.suppress(OSError):
        while piece := sock.recv(1 << 16):
            found += piece
    return bytes(found)


def test_who_wants_no_more_and_does_not_read_is_cut_off(hasty: Service) -> None:
    """A connection that closes does not wait for ever for its client to read what is left."""
    descriptors, query = _descriptors(hasty), "SELECT * { ?s ?p ?o } LIMIT 150"
    size = len(sent(hasty, asked(query)).body)
    about = 2_800_000 // size  # as much as a system holds itself, or a little more
    with contextlib.ExitStack() as stack:
        held = [stack.enter_context(connected(hasty, buffer=4096)) for _ in range(16)]
        for at, sock in enumerate(held):
            count = about + 2 * (at - 8)
            sock.sendall(asked(query, close=False) * count + asked(query))
        for sock in held:
            assert sock.recv(4, socket.MSG_PEEK) == b"HTTP"
        until(lambda: _descriptors(hasty) <= descriptors)


def _descriptors(service: Service) -> int:
    """Count the files and sockets of the process that listens."""
    return len(list(Path(f"/proc/{service.process.pid}/fd").iterdir()))


def test_slow_readers_have_a_share_that_comes_back(patient: Service) -> None:
    """Past it a client is told to wait; others are not; when it goes, it has its share again."""
    query = "SELECT ?a ?f { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } LIMIT 90000"
    size = len(sent(patient, posted(query)).body)
    count = OF_CLIENT // size + 2
    with contextlib.ExitStack() as stack:
        held = [stack.enter_context(connected(patient, FOE, buffer=4096)) for _ in range(count)]
        told: list[bytes] = []
        for at, sock in enumerate(held):
            sock.sendall(asked(f"{query} #{at}", close=False))
            told.append(sock.recv(20).split(b" ")[1])
        assert told == [b"200"] * (count - 2) + [b"503"] * 2
        assert sent(patient, posted(query)).status == 503
        assert len(sent(patient, posted(query), "127.0.0.4").body) == size
        assert sent(patient, posted(fresh(GOOD))).status == 200  # short answers have no share
    until(lambda: sent(patient, posted(query)).status == 200)
