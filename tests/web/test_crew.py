"""A loader and its workers are told apart from those that fail, talk nonsense, or end."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from families import PATIENCE, alive, within
from graph_fixtures import ROOT

from kg.errors import KgError, ReleaseError, UsageError
from kg.web import crew as crew_module
from kg.web.crew import Crew, Worker
from kg.web.frames import packed, told
from kg.web.holding import Plan
from kg.web.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from kg.web.frames import Frame

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
