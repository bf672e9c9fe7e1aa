"""A load generator for `endpoint.py`, as a process of its own: plain sockets, kept open.

`python benchmarks/load.py KIND URL TARGET SECONDS CONNECTIONS [SOURCE]` asks as fast as it is
answered, and prints counts and times as JSON. KIND is `same`, which asks the same each time,
`good`, whose queries differ by a comment, so that nobody answers what it has kept; or one of
hostile clients: `heavy`, `leave`, `deep`, `large`, `silent`, `flood`, `row`.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Final, cast
from urllib.parse import quote, urlsplit

import uvloop

if TYPE_CHECKING:
    from collections.abc import Callable

ALL: Final = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l"
HEAVY: Final = (
    f"SELECT (COUNT(*) AS ?n) {{ {ALL} }}",
    f"SELECT * {{ {ALL} }} ORDER BY ?c ?f LIMIT 10",
    f"SELECT DISTINCT ?b {{ {ALL} FILTER(REGEX(CONCAT(STR(?c), STR(?l)), '(x+x+)+y$')) }}",
    "SELECT (COUNT(*) AS ?n) { ?a (<urn:p>|!<urn:p>)* ?b . ?c (<urn:p>|!<urn:p>)* ?d }",
    f"ASK {{ ?s {'/'.join(['<urn:p>'] * 600)} ?o }}",
    'SELECT (STRLEN(?v30) AS ?n) { BIND("0123456789" AS ?v0) '
    + " ".join(f"BIND(CONCAT(?v{at}, ?v{at}) AS ?v{at + 1})" for at in range(30))
    + " }",
)
"""Queries that take hours, or all memory."""

ROW: Final = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: localhost\r\n\r\n" * 100
"""Requests in a row, each of which is answered at once from what is kept."""

NUMBERS: Final = count()


@dataclass
class Seen:
    """What came back."""

    times: list[float] = field(default_factory=list)
    statuses: dict[str, int] = field(default_factory=dict)
    broken: int = 0


def request(target: str, accept: str) -> bytes:
    """Write a GET."""
    return f"GET {target} HTTP/1.1\r\nHost: localhost\r\nAccept: {accept}\r\n\r\n".encode()


def asking(query: str) -> bytes:
    """Write a GET of a query that nobody has asked before."""
    return request(f"/sparql?query={quote(f'{query} #{next(NUMBERS)}')}", "*/*")


def length(buffer: bytes) -> int:
    """Give the bytes of the answer at the beginning of a buffer; 0 while it is not whole."""
    end = buffer.find(b"\r\n\r\n")
    if end < 0:
        return 0
    head = buffer[:end].lower()
    at = head.find(b"content-length:")
    if at >= 0:
        whole = end + 4 + int(head[at + 15 :].split(b"\r\n", 1)[0])
        return whole if len(buffer) >= whole else 0
    return len(buffer) if buffer.endswith(b"0\r\n\r\n") else 0  # in pieces


class Asking(asyncio.Protocol):
    """A connection over which one request follows the other."""

    def __init__(self, write: Callable[[], bytes], seen: Seen) -> None:
        """Take what writes the requests, and where answers are counted."""
        self.write = write
        self.seen = seen
        self.buffer = b""
        self.began = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask first."""
        self.transport = cast("asyncio.Transport", transport)
        self.ask()

    def ask(self) -> None:
        """Ask once."""
        self.began, self.buffer = time.perf_counter(), b""
        self.transport.write(self.write())

    def data_received(self, data: bytes) -> None:
        """Count an answer and ask again."""
        self.buffer += data
        if length(self.buffer):
            status = self.buffer[9:12].decode()
            self.seen.statuses[status] = self.seen.statuses.get(status, 0) + 1
            self.seen.times.append(time.perf_counter() - self.began)
            self.ask()

    def connection_lost(self, _: Exception | None) -> None:
        """Count an answer that does not come."""
        self.seen.broken += 1


class Silent(asyncio.Protocol):
    """A connection that asks and does not read, or begins and does not end."""

    def __init__(self, data: bytes) -> None:
        """Take what is sent."""
        self.data = data

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send it."""
        stream = cast("asyncio.Transport", transport)
        stream.write(self.data)
        stream.pause_reading()


def writer(kind: str, target: str) -> Callable[[], bytes]:
    """Give what writes the requests of a kind of client."""
    accept = "application/sparql-results+json, application/json"
    same = request(target, accept)
    deep = "(" * 5000
    writers: dict[str, Callable[[], bytes]] = {
        "same": lambda: same,
        "good": lambda: request(f"{target}%20%23{next(NUMBERS)}", accept),
        "heavy": lambda: asking(HEAVY[next(NUMBERS) % len(HEAVY)]),
        "leave": lambda: asking(HEAVY[0]),
        "deep": lambda: asking(f"ASK {{ FILTER({deep}1) }}"),
        "large": lambda: asking("SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 60000"),
        "silent": lambda: asking("SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 20000"),
        "flood": lambda: b"".join(asking("LOAD <urn:a>") for _ in range(20)),
        "row": lambda: ROW,
    }
    return writers[kind]


async def leave(write: Callable[[], bytes], place: tuple[str, int], source: str) -> None:
    """Ask and hang up, again and again."""
    while True:
        _, stream = await asyncio.open_connection(*place, local_addr=(source, 0))
        stream.write(write())
        await asyncio.sleep(0.05)
        stream.close()


async def main(kind: str, url: str, target: str, seconds: float, several: int, source: str) -> None:
    """Ask for some seconds and print what was seen."""
    parts, loop, seen = urlsplit(url), asyncio.get_running_loop(), Seen()
    place = (parts.hostname or "", parts.port or 80)
    write = writer(kind, target)
    tasks = []
    for _ in range(several):
        if kind == "leave":
            tasks.append(loop.create_task(leave(write, place, source)))
            continue
        one: Callable[[], asyncio.Protocol] = (
            (lambda: Silent(write())) if kind == "silent" else lambda: Asking(write, seen)
        )
        await loop.create_connection(one, *place, local_addr=(source, 0))
    await asyncio.sleep(seconds)
    for task in tasks:
        task.cancel()
    times = sorted(seen.times) or [0.0]
    told = {
        "rate": len(seen.times) / seconds,
        "p50": times[len(times) // 2] * 1000,
        "p99": times[int(len(times) * 0.99)] * 1000,
        "max": times[-1] * 1000,
        "statuses": seen.statuses,
        "broken": seen.broken,
    }
    print(json.dumps(told))


if __name__ == "__main__":
    KIND, URL, TARGET, SECONDS, SEVERAL, *REST = sys.argv[1:]
    uvloop.run(main(KIND, URL, TARGET, float(SECONDS), int(SEVERAL), (*REST, "127.0.0.1")[0]))
