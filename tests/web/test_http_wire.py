"""The service on the wire: connections, versions of HTTP, what clients send raw or leave."""

from __future__ import annotations

import re
import socket
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import pytest
from exchange import Answer, address_of, answers, ask, asking, exchange
from graph_fixtures import small_release
from service import ending, started

if TYPE_CHECKING:
    from collections.abc import Iterator

HEALTH: Final = b"GET /health HTTP/1.1\r\nHost: test\r\n\r\n"
LAST: Final = b"GET /health HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n"
ASK: Final = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: test\r\n\r\n"
KEPT: Final = b"GET /queries HTTP/1.1\r\nHost: test\r\n\r\n"
SHANGHAI: Final = (
    "SELECT?x{?x%3Chttp://www.w3.org/2004/02/skos/core%23prefLabel%3E%22上海%22@zh}&format=csv"
)
"""A query of which the Chinese alone is not encoded."""


class Running:
    """A running service: its address and its process."""

    def __init__(self, url: str, pid: int) -> None:
        """Remember both."""
        self.url = url
        self.pid = pid

    @property
    def memory(self) -> int:
        """The bytes of memory that the process has, without those that it forked."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        assert found is not None
        return int(found[1]) << 10

    def tell(self, *requests: bytes) -> list[Answer]:
        """Send requests over one connection, all at once, and read the answers."""
        methods = [request.partition(b" ")[0].decode() for request in requests]
        return answers(exchange(self.url, b"".join(requests), 20), *methods)

    def is_well(self) -> bool:
        """Tell whether the service answers."""
        return [answer.status for answer in self.tell(ASK, LAST)] == [200, 200]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Give a service of the small graph."""
    build = tmp_path_factory.mktemp("wire")
    small_release(build)
    process, url = started("--build-dir", build, "serve", "--workers", "2")
    with ending(process):
        yield Running(url, process.pid)


# --- connections --------------------------------------------------------------------------------


def test_a_connection_is_kept_for_the_next_request(service: Running) -> None:
    """Of any kind: at once, from a worker, kept, wrong, posted."""
    query = b"ASK {}"
    posted = (
        b"POST /sparql HTTP/1.1\r\nHost: test\r\nContent-Type: application/sparql-query\r\n"
        b"Content-Length: %d\r\n\r\n%b" % (len(query), query)
    )
    requests = (HEALTH, ASK, KEPT, b"GET /nothing HTTP/1.1\r\nHost: test\r\n\r\n", posted, KEPT)
    with socket.create_connection(address_of(service.url), timeout=20) as sock:
        for request in requests:
            sock.sendall(request)
            found = b""
            while not (found and _is_whole(found)):
                found += sock.recv(1 << 16)
            (answer,) = answers(found)
            assert answer.status == (404 if b"nothing" in request else 200)
            assert "connection" not in answer.headers


def _is_whole(data: bytes) -> bool:
    head, _, body = data.partition(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head)
    return length is not None and len(body) >= int(length[1])


def test_requests_that_come_at_once_are_answered_in_order(service: Running) -> None:
    """Whatever takes longer; HEAD has no body between them."""
    slow = asking("/sparql", {"query": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }"})
    requests = [
        f"{method} {target} HTTP/1.1\r\nHost: test\r\n\r\n".encode()
        for method, target in (
            ("GET", slow),
            ("GET", "/health"),
            ("HEAD", "/queries"),
            ("GET", "/nothing"),
            ("HEAD", slow),
            ("OPTIONS", "/sparql"),
            ("GET", "/queries.json"),
        )
    ]
    found = service.tell(*requests, LAST)
    assert [answer.status for answer in found] == [200, 200, 200, 404, 200, 204, 200, 200]
    kinds = [answer.media_type for answer in found]
    assert kinds[0] == kinds[4] == "application/sparql-results+json"
    assert kinds[6:] == ["application/json", "application/json"]
    assert (found[2].body, found[4].body) == (b"", b"")
    assert found[-1].headers["connection"] == "close"


@pytest.mark.parametrize("count", [200, 1500])
def test_a_thousand_requests_at_once_are_answered(service: Running, count: int) -> None:
    """Behind one that waits for a worker, each of the others is known at once."""
    assert ask(service.url, "/queries").status == 200
    found = service.tell(ASK, *[KEPT] * count, ASK, LAST)
    assert [answer.status for answer in found] == [200] * (count + 3)
    assert len({answer.body for answer in found}) == 3


def test_who_does_not_read_is_not_written_for(service: Running) -> None:
    """Answers that nobody takes do not fill the memory: their requests are not read."""
    size = len(ask(service.url, "/queries").body)
    before = service.memory
    most = 6000
    with socket.create_connection(address_of(service.url), timeout=2) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 14)
        try:
            for _ in range(most // 100):
                sock.sendall(KEPT * 100)
        except TimeoutError:
            pass  # that is what it is to come to
        time.sleep(0.5)
        assert service.memory - before < 24 << 20 < size * most
    assert service.is_well()


def test_an_older_client_is_answered_and_left(service: Running) -> None:
    """HTTP/1.0 needs no host; the connection ends after the answer, or is told to."""
    for request in (b"GET /health HTTP/1.0\r\n\r\n", b"GET /queries HTTP/1.0\r\n\r\n"):
        (answer,) = service.tell(request)
        assert answer.status == 200
        assert answer.headers["connection"] == "close"
        assert int(answer.headers["content-length"]) == len(answer.body)


def test_an_address_may_be_whole(service: Running) -> None:
    """As https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2 wants of every server."""
    request = b"GET http://example.org/health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    (answer,) = service.tell(request)
    assert answer.json["status"] == "ok"


def test_an_upgrade_is_left_aside(service: Running) -> None:
    """The request is answered as if none had been asked for."""
    for wish in (b"websocket", b"h2c"):
        head = b"Connection: Upgrade\r\nUpgrade: " + wish + b"\r\n\r\n"
        found = exchange(service.url, ASK.replace(b"\r\n\r\n", b"\r\n" + head), 1)
        assert answers(found)[0].status == 200


def test_a_body_is_waited_for_when_it_is_announced(service: Running) -> None:
    """`Expect: 100-continue`, which curl sends before long queries."""
    head = (
        b"POST /sparql HTTP/1.1\r\nHost: test\r\nContent-Type: application/sparql-query\r\n"
        b"Expect: 100-continue\r\nContent-Length: 6\r\nConnection: close\r\n\r\n"
    )
    with socket.create_connection(address_of(service.url), timeout=20) as sock:
        sock.sendall(head)
        assert sock.recv(1000).startswith(b"HTTP/1.1 100 Continue\r\n")
        sock.sendall(b"ASK {}")
        assert b" 200 OK" in sock.recv(1000)


def test_a_body_may_come_in_pieces(service: Running) -> None:
    """Chunked, and each piece in a packet of its own."""
    head = (
        b"POST /sparql HTTP/1.1\r\nHost: test\r\nContent-Type: application/sparql-query\r\n"
        b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    )
    with socket.create_connection(address_of(service.url), timeout=20) as sock:
        for piece in (head, b"3\r\nASK\r\n", b"3\r\n {}\r\n", b"0\r\n\r\n"):
            sock.sendall(piece)
            time.sleep(0.02)
        assert b" 200 OK" in sock.recv(1000)


def test_the_body_of_a_get_is_left_aside(service: Running) -> None:
    """And is not taken for the next request."""
    request = ASK.replace(
        b"\r\n\r\n", b"\r\nContent-Length: 40\r\n\r\n"
    ) + b"DELETE / HTTP/1.1\r\n".ljust(40)
    found = service.tell(request, LAST)
    assert [answer.status for answer in found] == [200, 200]


# --- what is raw --------------------------------------------------------------------------------


def raw(target: str) -> bytes:
    """Give a request whose target is not encoded at all."""
    return f"GET {target} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n".encode()


def test_raw_chinese_is_understood(service: Running) -> None:
    """As curl and many scripts send it, in a path and in a query; and in two packets."""
    targets = ("/id/region/上海", "/id/region/上海.ttl", f"/sparql?query={SHANGHAI}")
    whole = [service.tell(raw(target))[0] for target in targets]
    encoded = [ask(service.url, quote(target, safe="/?=&%{}:@")) for target in targets]
    for one, other in zip(whole, encoded, strict=True):
        assert (one.status, one.body) == (other.status, other.body)
    assert [answer.status for answer in whole] == [303, 303, 200]
    assert "region/shanghai" in whole[2].text
    with socket.create_connection(address_of(service.url), timeout=20) as sock:
        data = raw(targets[0])
        at = data.index("海".encode()) + 1  # within a character
        sock.sendall(data[:at])
        time.sleep(0.1)
        sock.sendall(data[at:])
        assert b" 303 See Other" in sock.recv(1000)


def test_what_is_encoded_once_is_decoded_once(service: Running) -> None:
    """An IRI of the dataset that is itself percent-encoded would not be lost."""
    for text in ("%E4%B8%8A", "a+b", "%2B", "100%"):
        query = f'SELECT ("{text}" AS ?x) {{}}'
        target = asking("/sparql", {"query": query, "format": "csv"})
        assert ask(service.url, target).text == f"x\r\n{text}\r\n"


BAD: Final = (
    b"GET /health HTTP/1.1\r\n\r\n",
    b"GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    b"GET /health HTTP/1.1\r\nHost : a\r\n\r\n",
    b"GET /health HTTP/1.1\r\n Host: a\r\n\r\n",
    b"GET /\x00 HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET health HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /health HTTP/9.9\r\nHost: a\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"CONNECT example.org:80 HTTP/1.1\r\nHost: a\r\n\r\n",
    b"POST /sparql HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n",
    b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
    b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Length: 1_0\r\n\r\n",
    b"POST /sparql HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
)
"""Requests that are none."""


@pytest.mark.parametrize("data", BAD)
def test_what_is_no_request_is_refused(service: Running, data: bytes) -> None:
    """With 400 and the end of the connection; nothing of it is answered twice."""
    found = exchange(service.url, data, 5)
    assert found.startswith(b"HTTP/1.1 400 "), found
    assert found.count(b"HTTP/1.1 ") == 1
    assert b"connection: close" in found.lower()
    assert service.is_well()


LONG_HEADERS: Final = (
    "a/b;a" + " " * 60_000 + '"x"y',
    '"' + '\\"' * 30_000,
    ";a=" * 20_000,
    "a/b;q=" + "0" * 60_000,
    "," * 60_000,
    "*/*" + ";" * 60_000,
)
"""Headers that would take long to read with a pattern that goes back."""


@pytest.mark.parametrize("value", LONG_HEADERS, ids=lambda value: value[:8])
@pytest.mark.parametrize("name", ["Accept", "Accept-Encoding", "Accept-Language", "If-None-Match"])
def test_a_long_header_is_read_in_no_time(service: Running, name: str, value: str) -> None:
    """A pattern that goes back would take minutes, for which nobody waits here."""
    line = f"{name}: {value}\r\n\r\n".encode()
    requests = (ASK[:-2] + line, KEPT[:-2] + line, LAST)
    found = [answer.status for answer in service.tell(*requests)]
    assert len(found) == 3
    assert {*found} <= {200, 406}
