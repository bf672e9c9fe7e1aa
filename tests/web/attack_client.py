"""A client that attacks: many requests at once, from several addresses of this machine.

And a service under attack: what it is made of, what it counts, and whether it still answers.
"""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import itertools
import os
import re
import signal
import socket
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from attack_requests import FOE, FRIEND, Sent, asked, request
from exchange import Answer, address_of, answers
from graph_fixtures import TRICKY
from service import KG, ending, started

from kg.names import PREFIXES

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator, Sequence

__all__ = [
    "GOOD",
    "OPTIONS",
    "Canary",
    "Service",
    "afterwards",
    "answers_meanwhile",
    "connected",
    "exchanged",
    "fresh",
    "is_good",
    "process",
    "sent",
    "standing_still",
    "statuses",
    "together",
    "under_attack",
    "until",
]

PATIENCE: Final = 30
"""Seconds in which everything has to have been answered."""

OPTIONS: Final = ("--timeout", "2", "--memory", "256", "--workers", "4")
"""How a service that is attacked is started."""

NUMBERS: Final = itertools.count()
GOOD: Final = f"SELECT ?t {{ <{PREFIXES['kgg']}tricky> <{PREFIXES['kg']}text> ?t }}"
"""A query with one right answer, hard to write, in every dataset that is attacked."""


# --- a service ----------------------------------------------------------------------------------


@dataclass
class Service:
    """A service that runs."""

    process: subprocess.Popen[bytes]
    url: str

    @property
    def port(self) -> int:
        """Where it listens."""
        return address_of(self.url)[1]

    def family(self) -> dict[int, int]:
        """Give its processes and the parent of each."""
        parents: dict[int, int] = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):  # it has just ended
                state, parent = stat.read_text(encoding="utf-8").rpartition(")")[2].split()[:2]
                if state != "Z":
                    parents[int(stat.parent.name)] = int(parent)
        found: dict[int, int] = {self.process.pid: os.getpid()}
        while more := {pid: up for pid, up in parents.items() if up in found and pid not in found}:
            found |= more
        return found

    def loaders(self) -> list[int]:
        """Give the processes that hold a release, or look at one that is new."""
        return [pid for pid, up in self.family().items() if up == self.process.pid]

    def workers(self) -> list[int]:
        """Give the processes that answer."""
        loaders = self.loaders()
        return [pid for pid, up in self.family().items() if up in loaders]

    def memory(self) -> float:
        """Give the MiB that the process that listens has."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        found = re.search(r"VmRSS:\s+(\d+)", status)
        assert found is not None
        return int(found[1]) / 1024

    def metrics(self) -> dict[str, float]:
        """Give what it counts."""
        text = sent(self, request("/metrics")).text
        lines = (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
        return {name: float(value) for name, _, value in lines}

    def ended(self, reason: str) -> float:
        """Count the jobs that were ended for a reason."""
        return self.metrics().get(f'kg_ended_total{{reason="{reason}"}}', 0)

    def is_quiet(self) -> bool:
        """Tell whether nothing runs or waits."""
        counts = self.metrics()
        states = [counts[f'kg_workers{{state="{state}"}}'] for state in ("busy", "slow")]
        return not any(states) and not counts["kg_waiting"]

    def check(self, source: str = FRIEND) -> None:
        """Ask what has one right answer."""
        answer = sent(self, asked(fresh(GOOD)), source)
        assert is_good(answer), answer


def fresh(query: str) -> str:
    """Give a query as nobody has asked it before."""
    return f"{query} #{next(NUMBERS)}"


@contextlib.contextmanager
def process(*arguments: object, program: Sequence[object] = KG) -> Iterator[Service]:
    """Give a service, which ends afterwards whatever happens.

    Args:
        arguments: of `kg`.
        program: what Python runs as `kg`.
    """
    run, url = started(*arguments, program=program)
    with ending(run):
        yield Service(run, url)


@contextlib.contextmanager
def under_attack(*arguments: object, program: Sequence[object] = KG) -> Iterator[Service]:
    """Give a service that has to be afterwards what it was before, and to have had no fault."""
    with process(*arguments, *OPTIONS, program=program) as service:
        until(lambda: len(service.workers()) == 5)
        yield service
        until(service.is_quiet)
        service.check()
        until(lambda: len(service.workers()) == 5)
        assert len(service.family()) == 7
        failed = {name: n for name, n in service.metrics().items() if 'status="500"' in name}
        assert failed == {}
        assert service.ended("fault") == 0


@contextlib.contextmanager
def afterwards(service: Service) -> Iterator[None]:
    """See that nothing is left of an attack, and a good query is answered right."""
    yield
    until(service.is_quiet)
    service.check()


def until(is_so: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Wait until something is so.

    Raises:
        AssertionError: it does not become so.
    """
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it does not come to be"
        time.sleep(0.05)


# --- to a service -------------------------------------------------------------------------------


def connected(service: Service, source: str = FOE, buffer: int = 0) -> socket.socket:
    """Give a connection.

    Args:
        service: to what.
        source: from which address.
        buffer: bytes that may have come and not be read; as many as the system likes.
    """
    sock = socket.socket()
    if buffer:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    sock.settimeout(PATIENCE)
    sock.bind((source, 0))
    sock.connect(("127.0.0.1", service.port))
    return sock


def exchanged(service: Service, data: bytes) -> bytes:
    """Send bytes, and give all that comes until the service hangs up.

    Raises:
        TimeoutError: it does not.
    """
    found = bytearray()
    with connected(service) as sock:
        with contextlib.suppress(ConnectionError):  # refused before all was sent
            sock.sendall(data)
        with contextlib.suppress(ConnectionError):
            while piece := sock.recv(1 << 16):
                found += piece
    return bytes(found)


def statuses(service: Service, data: bytes) -> list[int]:
    """Send bytes, and give the status of every answer that comes until the service hangs up."""
    return [answer.status for answer in answers(exchanged(service, data))]


@contextlib.contextmanager
def standing_still(service: Service) -> Iterator[None]:
    """Let a service do nothing meanwhile, so that all that is sent to it comes at once."""
    service.process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        service.process.send_signal(signal.SIGCONT)


def sent(service: Service, data: bytes, source: str = FOE) -> Answer:
    """Send one request and give its whole answer; of status 0 where there was none."""
    return together(service, [Sent(data, source)])[0]


def together(service: Service, requests: Sequence[Sent]) -> list[Answer]:
    """Send requests at once, each over a connection of its own, and give all whole answers.

    Raises:
        http.client.IncompleteRead: an answer was cut.
        TimeoutError: there was no answer in time.
    """

    async def run() -> list[bytes]:
        return await asyncio.gather(*(_exchanged(service, one) for one in requests))

    return [_whole(data) for data in asyncio.run(run())]


async def _exchanged(service: Service, one: Sent) -> bytes:
    reader, writer = await asyncio.open_connection(
        "127.0.0.1", service.port, local_addr=(one.source, 0)
    )
    found = bytearray()
    try:
        async with asyncio.timeout(PATIENCE):
            with contextlib.suppress(ConnectionError):  # refused before all was sent
                writer.write(one.data)
                await writer.drain()
            with contextlib.suppress(ConnectionError):
                while piece := await reader.read(1 << 16):
                    found += piece
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
    return bytes(found)


def _whole(data: bytes) -> Answer:
    if not data:
        return Answer(0, {}, b"")
    (answer,) = answers(data)
    return answer


@contextlib.contextmanager
def answers_meanwhile(service: Service, source: str = FRIEND) -> Iterator[list[Answer]]:
    """Ask good queries all the while, give what is answered, and fail unless all of it is right.

    On a machine that has no time a query may be told to come again, which it does, not for ever.
    """
    found: list[Answer] = []
    wrong: list[str] = []
    over = threading.Event()

    def ask() -> None:
        while not found or not over.wait(0.05):
            try:
                for _ in range(3):
                    answer = sent(service, asked(fresh(GOOD)), source)
                    if answer.status not in {503, 504} or "retry-after" not in answer.headers:
                        break
                found.append(answer)
                if not is_good(answer):
                    wrong.append(str(answer))
            except (OSError, http.client.HTTPException) as error:
                wrong.append(repr(error))
                return

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield found
    finally:
        over.set()
        thread.join()
    assert wrong == [], wrong


def is_good(answer: Answer) -> bool:
    """Tell whether an answer is the right one to the good query."""
    if answer.status != 200:
        return False
    return [row["t"]["value"] for row in answer.json["results"]["bindings"]] == [TRICKY]


# --- a canary -----------------------------------------------------------------------------------


class Canary:
    """Someone who listens, hangs up on who calls, and remembers it."""

    def __init__(self) -> None:
        """Begin to listen."""
        self.sock = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.sock.getsockname()[1]}/canary"
        self.calls: list[object] = []
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):  # until it is closed
            while True:
                caller, name = self.sock.accept()
                self.calls.append(name)
                caller.close()

    def is_called(self) -> bool:
        """Tell whether somebody has called since this was last asked."""
        with socket.create_connection(self.sock.getsockname()) as probe:
            ours = probe.getsockname()
            until(lambda: ours in self.calls)  # who called before was heard before
        calls = self.calls[: self.calls.index(ours) + 1]
        del self.calls[: len(calls)]
        return len(calls) > 1

    def close(self) -> None:
        """Listen no more."""
        self.sock.shutdown(socket.SHUT_RDWR)
        self.sock.close()
        self.thread.join()
