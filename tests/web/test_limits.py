"""A worker has what it was given: no further memory, time, file or socket, whatever it runs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
from families import alive, within

HELD: Final = """
import ctypes, json, os, resource, signal, socket, subprocess, sys, time
from pathlib import Path
import pyoxigraph as ox
from kg.web.limits import Limits, die_with_parent, raise_descriptors, silence

def hold(memory=64 << 20, seconds=1.0):
    limits = Limits(seconds, memory, 10, 10)
    limits.hold()
    return limits

def said(work):
    try:
        return f"done: {work()!r}"[:60]
    except BaseException as error:
        return type(error).__name__

def tell(told):
    print(json.dumps(told), flush=True)
"""


def run(code: str, seconds: float = 60) -> subprocess.CompletedProcess[bytes]:
    """Run some Python in a process of its own, which may hold itself to limits."""
    return subprocess.run(
        [sys.executable, "-c", HELD + code], check=False, capture_output=True, timeout=seconds
    )


def told(code: str) -> Any:  # noqa: ANN401 -- whatever the code tells
    """Run some Python, and give what it tells."""
    done = run(code)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def test_a_worker_computes_while_others_wait_for_requests() -> None:
    """It is scheduled as what computes, so that it does not interrupt the parent."""
    assert told("hold(); tell(os.sched_getscheduler(0) == os.SCHED_BATCH)") is True


OPENING: Final = {
    "a file": "open('/etc/hostname')",
    "a file to write": "open('/tmp/kg-limits', 'w')",
    "a folder": "os.listdir('/')",
    "a socket": "socket.socket()",
    "a socket of the machine": "socket.socket(socket.AF_UNIX)",
    "a pair of sockets": "socket.socketpair()",
    "a pipe": "os.pipe()",
    "a copy": "os.dup(1)",
    "memory as a file": "os.memfd_create('x')",
    "a name": "socket.getaddrinfo('localhost', 80)",
    "a connection": "socket.create_connection(('127.0.0.1', 9))",
    "a program": "subprocess.run(['true'])",
}
"""What would need another descriptor -> Python that does it."""


@pytest.mark.parametrize("work", OPENING.values(), ids=OPENING)
def test_nothing_can_be_opened(work: str) -> None:
    """Though it could be before."""
    before, after = told(
        f"before = said(lambda: {work})\nhold()\ntell([before, said(lambda: {work})])"
    )
    assert after in {"OSError", "gaierror"}
    assert before.startswith("done") or "('127.0.0.1', 9)" in work
    Path("/tmp/kg-limits").unlink(missing_ok=True)  # noqa: S108 -- what the code above makes


def test_the_engine_cannot_reach_out() -> None:
    """SERVICE and LOAD fail for want of a socket or a file; queries run on."""
    found = told(
        """
store = ox.Store()
store.add(ox.Quad(ox.NamedNode("a:a"), ox.NamedNode("a:b"), ox.Literal("x")))
hold()
def ask(query):
    return said(lambda: bool(store.query(query)))
tell([
    ask("ASK { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"),
    said(lambda: store.update("LOAD <http://127.0.0.1:9/>")),
    said(lambda: store.bulk_load(path="/etc/hostname", format=ox.RdfFormat.TURTLE)),
    ask("ASK { ?s ?p 'x' }"),
])
"""
    )
    assert found[0] in {"OSError", "RuntimeError", "done: False"}
    assert found[1] in {"OSError", "RuntimeError"}
    assert found[2] == "OSError"
    assert found[3] == "done: True"


def test_what_is_open_stays_so() -> None:
    """A worker goes on to read and write its socket."""
    found = told(
        """
ours, theirs = socket.socketpair()
hold()
ours.sendall(b"still")
tell(theirs.recv(10).decode())
"""
    )
    assert found == "still"


def test_limits_cannot_be_raised_again() -> None:
    """Neither the soft ones nor the hard; the process gains no rights from a program."""
    found = told(
        """
hold()
status = resource.getrlimit(resource.RLIMIT_NOFILE), resource.getrlimit(resource.RLIMIT_CORE)
libc = ctypes.CDLL(None)
tell([*status, libc.prctl(39, 0, 0, 0, 0)])
"""
    )
    assert found == [[0, 0], [0, 0], 1]


def test_memory_beyond_the_limit_is_refused() -> None:
    """And what was refused can be told; within the limit there is some."""
    found = told(
        """
hold(memory=200 << 20)
small = said(lambda: len(bytearray(100 << 20)))
large = said(lambda: len(bytearray(300 << 20)))
tell([small, large, said(lambda: len(bytearray(100 << 20)))])
"""
    )
    assert found == ["done: 104857600", "MemoryError", "done: 104857600"]


def test_the_engine_ends_when_it_has_no_memory() -> None:
    """Only its process, by a signal or an error, and within the time of a query."""
    done = run(
        """
store = ox.Store()
store.extend([
    ox.Quad(ox.NamedNode("a:a"), ox.NamedNode("a:b"), ox.Literal(str(at))) for at in range(3000)
])
hold(memory=150 << 20)
query = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i LIMIT 1"
print(said(lambda: len(list(store.query(query)))))
"""
    )
    assert done.returncode in {-signal.SIGABRT, -signal.SIGSEGV, -signal.SIGKILL} or (
        b"MemoryError" in done.stdout
    )


def test_processor_time_is_that_of_a_query() -> None:
    """Past it the system ends the process; the first query's time is not the second's."""
    done = run(
        """
limits = hold(seconds=0.0)
for _ in range(4):
    limits.renew()
    until = time.process_time() + 0.6
    while time.process_time() < until: pass
print("renewed", flush=True)
while True: pass
"""
    )
    assert (done.returncode, done.stdout) == (-signal.SIGXCPU, b"renewed\n")


def test_each_query_has_as_much_time_as_the_last() -> None:
    """At least what it may take on the clock, and hardly more."""
    found = told(
        """
limits = hold(seconds=5.0)
limits.renew()
first = resource.getrlimit(resource.RLIMIT_CPU)[0] - time.process_time()
until = time.process_time() + 1.2
while time.process_time() < until: pass
left = resource.getrlimit(resource.RLIMIT_CPU)[0] - time.process_time()
limits.renew()
tell([first, left, resource.getrlimit(resource.RLIMIT_CPU)[0] - time.process_time()])
"""
    )
    assert 5 <= found[0] <= 7.5
    assert found[1] < found[0] - 1
    assert 5 <= found[2] <= 7.5


# --- parents ------------------------------------------------------------------------------------


def test_a_child_ends_with_its_parent() -> None:
    """Whatever it is doing."""
    done = run(
        """
parent = os.getpid()
child = os.fork()
if child == 0:
    os.setsid()
    die_with_parent(parent)
    while True: pass
time.sleep(0.3)
print(child, flush=True)
os.kill(parent, signal.SIGKILL)
"""
    )
    child = int(done.stdout)
    assert within(lambda: not alive({child}))
    assert done.returncode == -signal.SIGKILL


def test_a_child_whose_parent_has_ended_already_ends_at_once() -> None:
    """It does not wait for an end that has been."""
    done = run("die_with_parent(1 if os.getppid() != 1 else 2)\nprint('still there')")
    assert (done.returncode, done.stdout) == (0, b"")


def test_a_child_of_its_parent_goes_on() -> None:
    """As long as that is there."""
    done = run(f"die_with_parent({os.getpid()})\nprint('still there')")
    assert done.stdout == b"still there\n"


def test_a_silenced_process_says_nothing() -> None:
    """Neither Python nor a library that dies; its streams are still open, so nobody takes them."""
    done = run(
        """
print("before", flush=True)
silence()
print("after", flush=True)
os.write(2, b"dying")
other = os.open("/dev/null", os.O_RDONLY)
os._exit(0 if other > 2 else 1)
"""
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"before\n", b"")


def test_a_service_may_have_many_descriptors() -> None:
    """As many as the system allows."""
    found = told(
        """
most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (100, most))
raise_descriptors()
tell([resource.getrlimit(resource.RLIMIT_NOFILE), most])
"""
    )
    assert found[0] == [found[1], found[1]]
