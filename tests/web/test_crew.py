"""A loader and its workers are told apart from those that fail, talk nonsense, or end."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import stat
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from families import PATIENCE, alive, within
from graph_fixtures import ROOT

from kg.errors import KgError, ReleaseError, UsageError
from kg.web.limits import Limits
from kg.web.workers import crew as crew_module
from kg.web.workers.crew import Crew, Worker
from kg.web.workers.frames import packed, told
from kg.web.workers.holding import Plan
from kg.web.workers.pool import Bounds, Pool

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from kg.web.response import Response
    from kg.web.workers.frames import Frame

LIMITS: Final = Limits(5, 1 << 28, 1000, 1 << 20)
SPARQL: Final = {"op": "sparql", "wanted": ["text/csv", ""]}

HEAD: Final = f"""#!{sys.executable}
import json, os, socket, sys, time
control = socket.socket(fileno=int(sys.argv[3]))
told = json.loads(control.recv(1 << 16))
def say(event, *descriptors):
    data = event if isinstance(event, bytes) else json.dumps(event).encode()
    socket.send_fds(control, [data], descriptors)
ready = {{"event": "ready", "id": "abc", "graphs": []}}
"""
"""How a loader that is none begins: it is told the plan."""


class Recorder:
    """An owner that remembers what it is told."""

    def __init__(self) -> None:
        """Begin."""
        self.events: asyncio.Queue[tuple[Any, ...]] = asyncio.Queue()

    def ready(self, worker: Worker) -> None:
        """A worker is new."""
        self.events.put_nowait(("ready", worker))

    def answered(self, worker: Worker, frame: Frame) -> None:
        """A worker has answered."""
        self.events.put_nowait(("answered", worker, frame))

    def lost(self, worker: Worker, status: int | None) -> None:
        """A worker has ended."""
        self.events.put_nowait(("lost", worker, status))

    def lacking(self) -> None:
        """There is a worker less."""
        self.events.put_nowait(("lacking",))

    def broken(self, crew: Crew) -> None:
        """The loader has ended."""
        self.events.put_nowait(("broken", crew))

    async def next(self) -> tuple[Any, ...]:
        """Give what it is told next, in time."""
        return await asyncio.wait_for(self.events.get(), PATIENCE)


def with_crew(plan: Plan, act: Callable[[Crew, Recorder], Awaitable[None]]) -> None:
    """Have a crew do something; no process and no descriptor is left of it."""

    async def run() -> None:
        owner = Recorder()
        crew = Crew(plan, owner)
        try:
            await act(crew, owner)
        finally:
            crew.close()
        assert crew.process.poll() is not None
        await asyncio.sleep(0.05)

    before = _descriptors()
    asyncio.run(run())
    assert _descriptors() == before


def _descriptors() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


async def start(crew: Crew) -> None:
    """Start a crew that somebody waits for."""
    await crew.start(lambda: False)


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    """Give a plan to hold a small data file."""
    path = tmp_path / "data.ttl"
    path.write_text('<http://example.org/a> <http://example.org/b> "上海"@zh .', encoding="utf-8")
    return Plan(ROOT, path, is_release=False, public_url="http://127.0.0.1:9", limits=LIMITS)


@pytest.fixture
def loader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Give a function that puts some Python in the place of the loader."""

    def put(code: str) -> None:
        path = tmp_path / "loader"
        path.write_text(HEAD + code, encoding="utf-8")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setattr(sys, "executable", str(path))

    return put


# --- a loader that loads ------------------------------------------------------------------------


def test_a_loader_holds_what_it_is_told(plan: Plan) -> None:
    """And forks workers, which answer."""

    async def act(crew: Crew, owner: Recorder) -> None:
        await start(crew)
        assert len(crew.id) == 12
        crew.fork(2)
        assert crew.pending == 2
        workers = [(await owner.next())[1] for _ in range(2)]
        assert (crew.pending, len({worker.pid for worker in workers})) == (0, 2)
        for at, worker in enumerate(workers):
            query = f"SELECT ?x ({at} AS ?n) {{ ?s ?p ?x }}".encode()
            worker.give(packed(told(SPARQL), query))
            kind, who, frame = await owner.next()
            assert (kind, who, frame.head["status"]) == ("answered", worker, 200)
            assert frame.body.decode() == f"x,n\r\n上海,{at}\r\n"

    with_crew(plan, act)


def test_a_worker_that_is_killed_is_told_with_its_end(plan: Plan) -> None:
    """And only when it has been reaped, so that its number is nobody else's before."""

    async def act(crew: Crew, owner: Recorder) -> None:
        await start(crew)
        crew.fork()
        _, worker = await owner.next()
        worker.kill()
        assert await owner.next() == ("lost", worker, signal.SIGKILL)
        assert not _is_there(worker.pid)
        assert crew.workers == {}
        worker.kill()
        worker.yield_to_others(10)
        crew.fork()
        assert (await owner.next())[0] == "ready"

    with_crew(plan, act)


def test_a_worker_may_be_told_to_yield(plan: Plan) -> None:
    """It runs where others leave the processor free."""

    async def act(crew: Crew, owner: Recorder) -> None:
        await start(crew)
        crew.fork()
        _, worker = await owner.next()
        before = os.getpriority(os.PRIO_PROCESS, worker.pid)
        worker.yield_to_others(before + 5)
        assert os.getpriority(os.PRIO_PROCESS, worker.pid) == before + 5

    with_crew(plan, act)


@pytest.mark.parametrize(
    "data", [b"\xff" * 100, packed(b"no JSON"), packed(b"[") + b"x", packed(b'{"a":1', b"x")]
)
def test_a_worker_that_talks_nonsense_is_ended(plan: Plan, data: bytes) -> None:
    """A frame beyond any bound, or a head that is no JSON."""

    async def act(crew: Crew, owner: Recorder) -> None:
        await start(crew)
        crew.fork()
        _, worker = await owner.next()
        worker.data_received(data)
        assert await owner.next() == ("lost", worker, signal.SIGKILL)

    with_crew(plan, act)


def test_all_end_when_it_is_closed(plan: Plan) -> None:
    """Loader and workers, and nobody is told of their end; a second time nothing happens."""

    async def act(crew: Crew, owner: Recorder) -> None:
        await start(crew)
        crew.fork(3)
        workers = [(await owner.next())[1] for _ in range(3)]
        crew.close()
        crew.close()
        assert await asyncio.to_thread(_ended, *workers)
        told_ = [(await owner.next())[0::2] for _ in workers]
        assert told_ == [("lost", None)] * 3
        assert owner.events.empty()

    with_crew(plan, act)


def _is_there(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def _ended(*workers: Worker) -> bool:
    """Wait for the end of processes, and tell whether it has come."""
    return within(lambda: not alive({worker.pid for worker in workers}))


def test_when_the_loader_ends_so_do_its_workers(plan: Plan) -> None:
    """The owner is told first that there will be no more, then of each what nobody knows."""

    async def act(crew: Crew, owner: Recorder) -> None:
        await start(crew)
        crew.fork()
        _, worker = await owner.next()
        crew.process.kill()
        assert await owner.next() == ("broken", crew)
        assert await owner.next() == ("lost", worker, None)
        assert crew.closed
        assert await asyncio.to_thread(_ended, worker)
        crew.fork()
        crew.reap(worker)

    with_crew(plan, act)


# --- a loader that does not ---------------------------------------------------------------------


def failing(plan: Plan, kind: type[KgError] = ReleaseError) -> str:
    """Start a crew that cannot be, and give what is told, to nobody but who starts it."""
    told_: list[str] = []

    async def act(crew: Crew, owner: Recorder) -> None:
        with pytest.raises(kind) as caught:
            await asyncio.wait_for(start(crew), PATIENCE)
        assert any("\u4e00" <= sign <= "\u9fff" for sign in caught.value.zh)
        await asyncio.sleep(0.1)
        assert owner.events.empty()
        assert crew.closed
        told_.append(caught.value.en)

    with_crew(plan, act)
    return told_[0]


def test_a_loader_that_cannot_load_says_why(plan: Plan) -> None:
    """The reason that it gives, and the kind of error that it is."""
    plan.source.write_text("<a> <b", encoding="utf-8")
    assert "cannot be read" in failing(plan, UsageError)
    release = Plan(ROOT, plan.source.parent, is_release=True, public_url="http://x", limits=LIMITS)
    assert "no whole release" in failing(release)


@pytest.mark.parametrize(
    "code",
    [
        "",
        "os._exit(1)",
        "os.kill(os.getpid(), 9)",
        "raise MemoryError",
        "control.close(); time.sleep(60)",
        "say(b'no JSON'); time.sleep(60)",
        "say(b'[1, 2]'); time.sleep(60)",
        "say(b'null'); time.sleep(60)",
        "say({}); time.sleep(60)",
        "say({'event': 'worker'}); time.sleep(60)",
        "say({'event': 'worker'}, 1); time.sleep(60)",
        "say({'event': 'reaped'}); time.sleep(60)",
    ],
)
def test_a_loader_that_ends_or_talks_nonsense_is_told(
    plan: Plan, loader: Callable[[str], None], code: str
) -> None:
    """Whoever starts it does not wait for what will not come."""
    loader(code)
    assert "the loader" in failing(plan)


def test_a_loader_that_says_nothing_is_not_waited_for(
    plan: Plan, loader: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """For longer than loading may take."""
    monkeypatch.setattr(crew_module, "PATIENCE", 0.5)
    loader("time.sleep(60)")
    assert "took too long" in failing(plan)


def test_a_service_that_ends_waits_no_longer(plan: Plan, loader: Callable[[str], None]) -> None:
    """For a loader that still loads."""
    loader("time.sleep(60)")

    async def act(crew: Crew, _: Recorder) -> None:
        begun = asyncio.get_running_loop().time()
        starting = crew.start(lambda: asyncio.get_running_loop().time() > begun + 0.3)
        with pytest.raises(ReleaseError):
            await asyncio.wait_for(starting, PATIENCE)
        assert crew.closed

    with_crew(plan, act)


@pytest.mark.parametrize(
    "code", ["", "say(b'no JSON'); time.sleep(60)", "say({'event': 'worker'}); time.sleep(60)"]
)
def test_a_loader_that_fails_later_is_told(
    plan: Plan, loader: Callable[[str], None], code: str
) -> None:
    """When it was ready before: its owner starts another one."""
    loader(f"say(ready); control.recv(1000); {code}")

    async def act(crew: Crew, owner: Recorder) -> None:
        await start(crew)
        crew.fork()
        assert await owner.next() == ("broken", crew)
        assert crew.closed

    with_crew(plan, act)


def test_a_loader_that_ends_at_once_is_told_later(
    plan: Plan, loader: Callable[[str], None]
) -> None:
    """Not before its owner has it, who could not start another one."""
    loader("say(ready)")

    async def act(crew: Crew, owner: Recorder) -> None:
        await start(crew)
        assert (crew.id, owner.events.empty()) == ("abc", True)
        assert await owner.next() == ("broken", crew)
        assert crew.closed

    with_crew(plan, act)


def test_the_end_of_a_loader_is_told_once(plan: Plan, loader: Callable[[str], None]) -> None:
    """However often it was then asked for something: its owner would start so many others."""
    loader("say(ready)")

    async def act(crew: Crew, owner: Recorder) -> None:
        await start(crew)
        crew.process.wait()
        for _ in range(3):
            crew.fork(9)
        await asyncio.sleep(0)
        assert (owner.events.qsize(), await owner.next()) == (1, ("broken", crew))

    with_crew(plan, act)


@pytest.mark.parametrize("count", [3, 300])
def test_workers_are_asked_for_by_one_order(
    plan: Plan, loader: Callable[[str], None], count: int
) -> None:
    """As many as are wanted, also more than there is room for orders to wait in."""
    loader(
        """
say(ready)
while not os.path.exists(told["root"]):
    time.sleep(0.01)
order = json.loads(control.recv(1000))
open(told["source"], "w").write(json.dumps(order))
for _ in range(order["fork"]):
    say({"event": "lacking"})
time.sleep(60)
"""
    )
    begin = plan.source.with_name("begin")

    async def act(crew: Crew, owner: Recorder) -> None:
        await start(crew)
        crew.fork(count)
        assert (crew.pending, crew.closed, owner.events.empty()) == (count, False, True)
        begin.touch()
        assert [await owner.next() for _ in range(count)] == [("lacking",)] * count
        assert (crew.pending, crew.closed) == (0, False)
        assert json.loads(plan.source.read_text(encoding="utf-8")) == {"fork": count}

    with_crew(replace(plan, root=begin), act)


FAILING: Final = f"""#!{sys.executable}
import os, sys
from kg.web.workers.loader import main
forks, calls = os.fork, []
def fork():
    calls.append(1)
    if len(calls) == 2:
        raise BlockingIOError(11, "no room for another process")
    return forks()
os.fork = fork
sys.argv = sys.argv[2:]
main()
"""
"""The loader, on a machine that has no room for its second worker, and then has."""


def test_a_loader_that_cannot_fork_goes_on(plan: Plan, loader: Callable[[str], None]) -> None:
    """What runs is answered, and the worker that could not be had is had a little later."""
    loader("")
    Path(sys.executable).write_text(FAILING, encoding="utf-8")

    async def act(crew: Crew, _: Recorder) -> None:
        pool = Pool(Bounds(1, 60))
        broken: list[Crew] = []
        pool.on_broken = broken.append
        crew.owner = pool
        answered: asyncio.Future[Response] = crew.loop.create_future()
        pool.submit("client", told(SPARQL), b"SELECT ?x {?s ?p ?x}", answered.set_result)
        await start(crew)
        pool.take_over(crew)
        assert (await asyncio.wait_for(answered, PATIENCE)).status == 200
        for _turn in range(50 * PATIENCE):
            if len(pool.idle) == 2 or broken:
                break
            await asyncio.sleep(0.02)
        assert (len(pool.idle), broken) == (2, [])

    with_crew(plan, act)


def test_a_worker_says_its_last_word_as_such(plan: Plan) -> None:
    """After a fault of ours it ends; after an answer it does not."""

    async def act(crew: Crew, owner: Recorder) -> None:
        await start(crew)
        crew.fork()
        _, worker = await owner.next()
        found = []
        for op in ("context", "no such"):
            worker.give(packed(told({"op": op})))
            frame = (await owner.next())[2]
            found.append((frame.head["status"], frame.head.get("last")))
        assert found == [(200, None), (500, True)]
        assert await owner.next() == ("lost", worker, 0)

    with_crew(plan, act)


def test_a_loader_that_is_left_is_waited_for_beside_the_loop(
    plan: Plan, loader: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Others are served meanwhile: it may take long to give its memory back."""
    loader("say(ready); time.sleep(60)")
    waits: list[int] = []

    async def act(crew: Crew, _: Recorder) -> None:
        await start(crew)
        wait = crew.process.wait

        def waiting() -> int:
            waits.append(threading.get_ident())
            return wait()

        monkeypatch.setattr(crew.process, "wait", waiting)
        await crew.retire()
        assert (crew.closed, crew.process.returncode) == (True, -signal.SIGKILL)
        assert threading.get_ident() not in waits
        assert len(waits) == 1

    with_crew(plan, act)


def test_a_worker_without_a_socket_is_reaped(plan: Plan, loader: Callable[[str], None]) -> None:
    """If there was no descriptor left for it; its owner is told a little later."""
    loader(
        """
say(ready)
control.recv(1000)
say({"event": "worker", "pid": 4711})
asked = json.loads(control.recv(1000))
open(told["source"], "w").write(json.dumps(asked))
say({"event": "reaped", "pid": 4711, "status": 0})
time.sleep(60)
"""
    )

    async def act(crew: Crew, owner: Recorder) -> None:
        await start(crew)
        crew.fork()
        assert await owner.next() == ("lacking",)
        assert (crew.pending, crew.workers) == (0, {})
        assert json.loads(plan.source.read_text(encoding="utf-8")) == {"reap": 4711}

    with_crew(plan, act)
