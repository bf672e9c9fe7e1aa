"""Floods, hang-ups, processes that are killed, releases that come meanwhile: nothing is lost."""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import signal
import socket
import threading
from collections import Counter
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from attack_client import (
    GOOD,
    OPTIONS,
    Service,
    afterwards,
    answers_meanwhile,
    connected,
    fresh,
    is_good,
    process,
    sent,
    standing_still,
    together,
    under_attack,
    until,
)
from attack_requests import FRIEND, Sent, Write, asked, form, posted, request
from exchange import answers
from graph_fixtures import small_nquads, small_project

from kg.names import PREFIXES
from kg.release import write_release
from kg.web.http.connection import OF_CLIENT
from kg.web.workers.pool import Bounds

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest_plugins = ["attack_services"]

HEAVY: Final = "SELECT (COUNT(*) AS ?x) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"
TEXTS: Final = f"SELECT ?t {{ ?s <{PREFIXES['kg']}text> ?t }}"
WAITING: Final = Bounds(1, 1).of_client
"""Requests of one client that may wait."""
WORKERS: Final = 4
"""Queries that are answered at once; there may be as many slow ones."""


@pytest.fixture(autouse=True)
def service(patient: Service) -> Iterator[Service]:
    """Give a service that has to be after each attack what it was before."""
    with afterwards(patient):
        yield patient


# --- floods -------------------------------------------------------------------------------------


def test_three_hundred_good_queries_at_once_are_all_answered(service: Service) -> None:
    """Of three clients; none is refused, none is answered wrong."""
    ways: list[Write] = [asked, posted, form]
    requests = [Sent(ways[at % 3](fresh(GOOD)), f"127.0.0.{10 + at % 7}") for at in range(300)]
    found = together(service, requests)
    assert Counter(answer.status for answer in found) == {200: 300}
    assert len({answer.body for answer in found}) == 1


def test_a_client_that_asks_too_much_is_told_to_wait_and_others_are_not(service: Service) -> None:
    """So many of its requests may wait; the rest is refused at once, and it may come again."""
    with answers_meanwhile(service), contextlib.ExitStack() as stack:
        held = asked_at_once(service, stack, asked, 300)
        (found,) = zip(*(answers(everything(sock)) for sock in held), strict=True)
    counted = Counter(answer.status for answer in found)
    assert counted[429] >= 300 - WAITING - 20
    assert set(counted) <= {429, 503, 504}
    for answer in found:
        assert int(answer.headers["retry-after"]) > 0
        assert answer.headers["cache-control"] == "no-store"


def asked_at_once(
    service: Service, stack: contextlib.ExitStack, write: Write, count: int
) -> list[socket.socket]:
    """Ask heavy queries, all of which the service hears at the same time."""
    with standing_still(service):
        held = [stack.enter_context(connected(service)) for _ in range(count)]
        for sock in held:
            sock.sendall(write(fresh(HEAVY)))
    return held


def everything(sock: socket.socket) -> bytes:
    """Read until the service hangs up."""
    found = bytearray()
    while piece := sock.recv(1 << 16):
        found += piece
    return bytes(found)


def test_clients_take_turns(service: Service) -> None:
    """One that asks now and then is answered before one that asked a hundred times before it."""
    with contextlib.ExitStack() as stack:
        held = asked_at_once(service, stack, asked, 100)
        until(lambda: service.metrics()["kg_waiting"] > 50)
        found = together(service, [Sent(posted(fresh(GOOD)), FRIEND) for _ in range(3)])
        told, _, _ = select.select(held, [], [], 0)
        assert all(map(is_good, found))
        assert len(told) < 50


@pytest.mark.parametrize("send", [asked, posted])
def test_who_hangs_up_frees_a_worker(service: Service, send: Write) -> None:
    """In the middle of a query, or while it waits, which is then never begun."""
    before = service.ended("abandoned")
    with contextlib.ExitStack() as stack:
        asked_at_once(service, stack, send, 60)
        until(lambda: service.metrics()['kg_workers{state="slow"}'] >= 1)
        with standing_still(service):
            stack.close()  # all hang up at once
    until(service.is_quiet)
    assert 1 <= service.ended("abandoned") - before <= 2 * WORKERS


def test_hanging_up_all_the_time_is_no_attack(service: Service) -> None:
    """Others are answered all the while."""
    over = threading.Event()

    def annoy(source: str) -> None:
        while not over.wait(0.01):
            with connected(service, source) as sock:
                sock.sendall(posted(fresh(HEAVY)))

    threads = [threading.Thread(target=annoy, args=(f"127.0.0.{20 + at}",)) for at in range(4)]
    with answers_meanwhile(service) as found:
        for thread in threads:
            thread.start()
        try:
            until(lambda: len(found) > 25)
        finally:
            over.set()
            for thread in threads:
                thread.join()
    assert all(map(is_good, found))


def test_requests_in_a_row_wait_as_they_are(service: Service) -> None:
    """Behind a slow one: they are short, and read they would take a hundred times as much."""
    before, row = service.memory(), b"GET /nothing HTTP/1.1\r\nHost:x\r\n\r\n" * 8000
    with contextlib.ExitStack() as stack:
        for sock in asked_at_once(service, stack, partial(asked, close=False), 20):
            sock.sendall(row)
        until(service.is_quiet)
        assert service.memory() - before < 60


def test_five_hundred_requests_in_a_row_are_answered_in_a_row(service: Service) -> None:
    """Over one connection, sent before the first is answered: short, kept, refused and missing."""
    row = [
        asked(GOOD, close=False),
        request("/queries/platforms-of-concept.json", close=False),
        asked("ASK {", close=False),
        request("/nothing", close=False),
        asked("LOAD <urn:a>", close=False),
    ]
    rows = [piece for _ in range(100) for piece in (asked(fresh(GOOD), close=False), *row)]
    with connected(service) as sock:
        sock.sendall(b"".join(rows) + asked(GOOD))
        found = [answer.status for answer in answers(everything(sock))]
    assert found == [200, 200, 200, 400, 404, 403] * 100 + [200]


@pytest.mark.parametrize("target", ["/sparql?query=ASK%7B%7D", "/openapi.json", "/metrics"])
def test_a_row_of_requests_without_end_keeps_nobody_waiting(service: Service, target: str) -> None:
    """Though each is answered at once, from what is kept."""
    row = request(target, close=False) * 2000
    over = threading.Event()

    def read(sock: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while not over.is_set() and sock.recv(1 << 20):
                pass

    def write(sock: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while not over.is_set():
                sock.sendall(row)

    with connected(service) as sock:
        threads = [threading.Thread(target=work, args=(sock,)) for work in (read, write)]
        for thread in threads:
            thread.start()
        try:
            with answers_meanwhile(service) as found:
                until(lambda: len(found) > 10)
        finally:
            over.set()
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            for thread in threads:
                thread.join()
    service.check()


def test_a_client_has_so_many_connections_and_no_more(service: Service) -> None:
    """Others have theirs; and when it lets go, it has them again."""
    with contextlib.ExitStack() as stack:
        held = [stack.enter_context(connected(service)) for _ in range(OF_CLIENT + 20)]
        told = held[-1].recv(100)
        assert told.startswith(b"HTTP/1.1 503 ")
        service.check(FRIEND)
        held[0].sendall(asked(fresh(GOOD)))
        assert held[0].recv(100).startswith(b"HTTP/1.1 200 ")
    until(lambda: sent(service, asked(fresh(GOOD))).status == 200)


@pytest.mark.parametrize(
    ("write", "count"),
    [
        (lambda text: request(f"/queries.json?x={text}", f"Accept: */*, {text}"), 1000),
        (lambda text: request(f"/queries/platforms-of-concept.json?concept={text[:40]}"), 50),
        (lambda text: request(f"/id/region/{text}", f"If-None-Match: {text}"), 200),
        (lambda text: form(f"ASK {{}} #{text}", f"Accept: {text}", params={"format": text}), 200),
    ],
    ids=["kept", "question", "thing", "query"],
)
def test_floods_do_not_fill_the_memory(service: Service, write: Write, count: int) -> None:
    """Requests of which no two are alike leave little behind."""
    before = service.memory()
    for start in range(0, count, 50):
        texts = [f"{at}{'x' * 60_000}" for at in range(start, start + 50)]
        together(service, [Sent(write(text)) for text in texts])
    assert service.memory() - before < 100


def test_bodies_that_do_not_end_do_not_fill_the_memory(service: Service) -> None:
    """Of one client, only so many may wait for their end; others are heard."""
    before = service.memory()
    head = "POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
    with contextlib.ExitStack() as stack:
        for _ in range(300):
            sock = stack.enter_context(connected(service))
            with contextlib.suppress(ConnectionError):  # refused
                sock.sendall(f"{head}Content-Length: 1000000\r\n\r\n".encode() + b" " * 900_000)
        service.check()
        assert sent(service, posted(f"{fresh(GOOD)} #{'x' * 90_000}"), FRIEND).status == 200
        assert service.memory() - before < 100
    until(lambda: sent(service, posted(f"{fresh(GOOD)} #{'x' * 90_000}")).status == 200)


# --- processes ----------------------------------------------------------------------------------


def test_a_worker_that_is_killed_is_replaced(service: Service) -> None:
    """One that waits, without a word; one that answers, with a reason."""
    killed = service.workers()
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    with connected(service) as sock:
        until(lambda: len(set(service.workers()).difference(killed)) == 5)
        service.check()
        workers = service.workers()
        sock.sendall(asked(fresh(HEAVY)))
        until(lambda: not service.is_quiet())
        for pid in workers:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        assert sock.recv(100).split(b" ")[1] in {b"413", b"503"}
    until(lambda: len(set(service.workers()).difference(workers)) == 5)


def test_a_worker_that_stands_still_is_ended(service: Service) -> None:
    """As one that takes too long."""
    still = service.workers()
    for pid in still:
        os.kill(pid, signal.SIGSTOP)
    found = together(service, [Sent(asked(fresh(GOOD))) for _ in range(6)])
    assert {answer.status for answer in found} <= {200, 503, 504}
    until(lambda: sent(service, asked(fresh(GOOD))).status == 200)
    assert len(set(still) & set(service.workers())) <= 1
    for pid in still:  # the spare one was not asked
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)


def test_a_loader_that_is_killed_is_started_again(service: Service) -> None:
    """Who asks meanwhile waits, or is told to come again; no connection hangs."""
    (before,), found = service.loaders(), Counter[int]()
    with connected(service) as sock:
        sock.sendall(asked(fresh(HEAVY)))
        until(lambda: not service.is_quiet())
        os.kill(before, signal.SIGKILL)
        for _ in range(3):
            found += Counter(
                a.status for a in together(service, [Sent(posted(fresh(GOOD))) for _ in range(20)])
            )
        assert sock.recv(100).split(b" ")[1] in {b"503", b"504"}
    assert set(found) <= {200, 503}
    until(lambda: sent(service, asked(fresh(GOOD))).status == 200)
    assert before not in service.loaders()
    assert sent(service, request("/health")).json["status"] == "ok"


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_is_left_of_a_service_that_ends(tmp_path: Path, how: signal.Signals) -> None:
    """However it ends, with idle workers and with busy ones."""
    project = small_project(tmp_path)
    with process("--root", project.root, "serve", *OPTIONS) as service:
        until(lambda: len(service.workers()) == 5)
        with contextlib.ExitStack() as stack:
            for _ in range(3):
                stack.enter_context(connected(service)).sendall(asked(fresh(HEAVY)))
            until(lambda: service.metrics()['kg_workers{state="slow"}'] >= 1)
            family = service.family()
            service.process.send_signal(how)
            service.process.wait(20)
        until(lambda: not any(is_running(pid) for pid in family))
        assert [pid for pid in family if is_running(pid)] == []


def is_running(pid: int) -> bool:
    """Tell whether a process of ours runs."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


# --- releases -----------------------------------------------------------------------------------


def test_a_new_release_is_taken_without_a_failure(tmp_path: Path) -> None:
    """Under load, several times; an answer is of one release; a damaged one is not taken."""
    project = small_project(tmp_path)
    words = [f"word{at}" for at in range(2)]
    with under_attack("--root", project.root, "serve") as service:
        with answers_meanwhile(service), answers_meanwhile(service, "127.0.0.4"):
            for word in words:
                release = write_release(project.build, small_nquads(word), {})
                until(partial(serves, service, release.id))
                assert word in sent(service, asked(TEXTS)).text
            damaged = release.path.with_name("a" * 12)
            shutil.copytree(release.path, damaged)
            path = damaged / "dataset.nq"
            path.write_bytes(path.read_bytes().replace(words[-1].encode(), b"other"))
            link = project.build / "next"
            link.symlink_to(damaged)
            link.replace(project.build / "current")
            until(lambda: len(service.loaders()) == 2)  # it is looked at
            until(lambda: len(service.loaders()) == 1)
            assert serves(service, release.id)
            assert words[-1] in sent(service, asked(TEXTS)).text
        until(lambda: len(service.family()) == 7)  # nothing of the releases before is left


def serves(service: Service, release: str) -> bool:
    """Tell whether a service serves a release."""
    return bool(sent(service, request("/health")).json["release"] == release)
