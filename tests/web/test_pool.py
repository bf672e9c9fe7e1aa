"""Jobs are given to workers in turns, ended when they must be, and never left without an answer."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING, Any, Final

import pytest

from kg.web.workers import pool as pool_module
from kg.web.workers.frames import Frame
from kg.web.workers.pool import Bounds, Job, Pool

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from kg.web.response import Response

ANSWER: Final = Frame({"status": 200, "type": "text/csv", "headers": {}}, b"x\r\n")
LAST: Final = Frame({"status": 413, "type": "text/plain", "headers": {}, "last": True}, b"")
KILLED: Final = signal.SIGKILL
CODE: Final = 256
"""What `waitpid` gives for a process that ended with 1."""


class FakeWorker:
    """A worker that answers when it is told to."""

    def __init__(self, crew: FakeCrew) -> None:
        """Belong to a crew."""
        self.crew = crew
        self.given: list[bytes] = []
        self.ended = False
        self.killed = False
        self.nice = 0

    def give(self, data: bytes) -> None:
        """Take a job."""
        self.given.append(data)

    def kill(self) -> None:
        """End, which is told a little later, as by the loader."""
        if not self.killed:
            self.killed = True
            asyncio.get_running_loop().call_soon(self.crew.pool.lost, self, int(KILLED))

    def yield_to_others(self, nice: int) -> None:
        """Remember it."""
        self.nice = nice


class FakeCrew:
    """A crew whose workers come at once."""

    def __init__(self, pool: Pool) -> None:
        """Belong to a pool."""
        self.pool: Any = pool
        self.id = "release"
        self.closed = False
        self.pending = 0
        self.workers: list[FakeWorker] = []

    def fork(self, count: int = 1) -> None:
        """Make workers."""
        for _ in range(count):
            worker = FakeWorker(self)
            self.workers.append(worker)
            self.pool.ready(worker)

    def busy(self) -> list[FakeWorker]:
        """Give the workers that have a job."""
        return [worker for worker in self.workers if worker in self.pool.running]


class Desk:
    """A pool with a fake crew, and the answers that came."""

    def __init__(self, bounds: Bounds) -> None:
        """Open with workers."""
        self.pool = Pool(bounds)
        self.crew = FakeCrew(self.pool)
        self.pool.take_over(self.crew)  # type: ignore[arg-type]
        self.answers: dict[str, Response] = {}

    def ask(self, client: str, name: str) -> Job:
        """Submit a job by the name under which its answer is kept."""

        def done(response: Response) -> None:
            assert name not in self.answers
            self.answers[name] = response

        return self.pool.submit(client, b"{}", name.encode(), done)

    def worker_of(self, name: str) -> FakeWorker:
        """Give the worker that has a job."""
        return next(w for w in self.crew.busy() if w.given[-1].endswith(name.encode()))

    def finish(self, worker: FakeWorker) -> None:
        """Let a worker answer."""
        self.pool.answered(worker, ANSWER)  # type: ignore[arg-type]

    async def statuses(self) -> dict[str, int]:
        """Give the status of each answer, when all that were given have been told."""
        await asyncio.sleep(0)
        return {name: response.status for name, response in self.answers.items()}


async def turns() -> None:
    """Let all that can go on do so: a few turns of the loop."""
    for _ in range(10):
        await asyncio.sleep(0)


def desk(test: Callable[[Desk], Awaitable[None]], **bounds: float) -> None:
    """Run a test with a desk of two workers, where a job is slow after 50 ms."""

    async def run() -> None:
        await test(Desk(Bounds(**{"workers": 2, "seconds": 60.0, **bounds})))  # type: ignore[arg-type]

    asyncio.run(run())


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool_module, "TICK", 0.005)
    monkeypatch.setattr(pool_module, "SLOW", 0.05)


def test_as_many_run_as_may_and_the_next_follows() -> None:
    """A worker that has answered takes what waits."""

    async def test(desk: Desk) -> None:
        for name in "abc":
            desk.ask("client", name)
        assert len(desk.pool.running) == 2
        desk.finish(desk.worker_of("a"))
        assert (await desk.statuses(), len(desk.pool.running)) == ({"a": 200}, 2)

    desk(test)


def test_a_worker_that_has_ended_is_given_nothing() -> None:
    """Though nobody has told of its end: what waits goes to another."""

    async def test(desk: Desk) -> None:
        dead = desk.pool.idle[-1]
        dead.ended = True
        desk.ask("client", "a")
        assert dead not in desk.pool.running
        desk.finish(desk.worker_of("a"))
        assert await desk.statuses() == {"a": 200}

    desk(test)


def test_there_is_a_spare_worker() -> None:
    """So that one that is lost is replaced at once."""

    async def test(desk: Desk) -> None:
        assert len(desk.pool.idle) == 3
        desk.ask("client", "a")
        desk.ask("client", "b")
        assert len(desk.pool.idle) == 1

    desk(test)


def test_clients_take_turns() -> None:
    """Who asks once does not wait for all that another has asked before."""

    async def test(desk: Desk) -> None:
        for name in ("1", "2", "3", "4", "5"):
            desk.ask("many", name)
        desk.ask("one", "x")
        desk.finish(desk.crew.busy()[0])
        desk.finish(desk.crew.busy()[0])
        running = {worker.given[-1][-1:] for worker in desk.crew.busy()}
        assert b"x" in running

    desk(test)


def test_a_client_may_not_wait_with_more_than_its_share() -> None:
    """It is told 429 with the time to wait, others are still taken."""

    async def test(desk: Desk) -> None:
        for name in "abcdef":
            desk.ask("many", name)
        desk.ask("other", "x")
        assert await desk.statuses() == {"f": 429}
        assert desk.answers["f"].headers["retry-after"] == "1"

    desk(test, of_client=3)


def test_all_may_not_wait_with_more_than_there_is_room_for() -> None:
    """Then a new client is told 503."""

    async def test(desk: Desk) -> None:
        for name in "abcde":
            desk.ask(name, name)
        assert await desk.statuses() == {"e": 503}

    desk(test, in_all=2)


def test_a_job_that_lasts_too_long_is_ended_and_told_so() -> None:
    """Its worker is lost, and there is another."""

    async def test(desk: Desk) -> None:
        desk.ask("client", "a")
        (worker,) = desk.crew.busy()
        await asyncio.sleep(0.2)
        assert (worker.killed, await desk.statuses()) == (True, {"a": 504})
        assert desk.answers["a"].headers["retry-after"] == "10"
        assert (len(desk.pool.idle), desk.pool.slow) == (3, 0)
        assert desk.pool.ended == {"time": 1}

    desk(test, seconds=0.1)


def test_slow_jobs_leave_room_for_quick_ones() -> None:
    """Two that last yield to others and do not count: two more run, and are answered."""

    async def test(desk: Desk) -> None:
        desk.ask("slow", "a")
        desk.ask("slow", "b")
        slow = desk.crew.busy()
        await asyncio.sleep(0.1)
        assert (desk.pool.slow, [worker.nice > 0 for worker in slow]) == (2, [True, True])
        desk.ask("quick", "c")
        desk.ask("quick", "d")
        for worker in [w for w in desk.crew.busy() if w not in slow]:
            desk.finish(worker)
        assert await desk.statuses() == {"c": 200, "d": 200}
        desk.finish(slow[0])
        assert (slow[0].killed, desk.pool.slow) == (True, 1)

    desk(test)


def test_more_slow_jobs_than_there_may_be_are_ended_where_others_wait() -> None:
    """They are told to come again; where nobody waits they go on."""

    async def test(desk: Desk) -> None:
        for name in "abcd":
            desk.ask("slow", name)
            await asyncio.sleep(0.03)
        await asyncio.sleep(0.15)
        assert (desk.pool.slow, len(desk.pool.running), desk.answers) == (2, 4, {})
        desk.ask("quick", "x")
        await asyncio.sleep(0.1)
        assert 503 in (await desk.statuses()).values()
        assert any(worker.given[-1].endswith(b"x") for worker in desk.crew.busy())
        assert desk.pool.ended["load"] >= 1

    desk(test)


def test_every_job_that_lasts_is_told_so_once() -> None:
    """Also one beyond the slow ones that there may be: its client may have gone."""

    async def test(desk: Desk) -> None:
        told: list[str] = []
        for name in "abcd":
            desk.ask("slow", name).on_slow = lambda name=name: told.append(name)
            await asyncio.sleep(0.03)
        await asyncio.sleep(0.15)
        assert (desk.pool.slow, told) == (2, list("abcd"))

    desk(test)


def test_a_job_that_is_given_up_frees_its_worker() -> None:
    """Nobody is told, and what waits is not run."""

    async def test(desk: Desk) -> None:
        jobs = [desk.ask("client", name) for name in "abc"]
        first = desk.worker_of("a")
        desk.pool.abandon(jobs[2])
        desk.pool.abandon(jobs[0])
        await asyncio.sleep(0.02)
        assert (first.killed, desk.answers, len(desk.pool.running)) == (True, {}, 1)
        assert desk.pool.ended == {"abandoned": 1}

    desk(test)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (int(signal.SIGXCPU), 504),
        (int(signal.SIGSEGV), 413),
        (int(signal.SIGABRT), 413),
        (int(signal.SIGKILL), 413),
        (int(signal.SIGTERM), 500),
        (CODE, 500),
    ],
)
def test_the_end_of_a_worker_tells_why(status: int, expected: int) -> None:
    """Processor time, memory or stack, or a fault of ours."""

    async def test(desk: Desk) -> None:
        desk.ask("client", "a")
        (worker,) = desk.crew.busy()
        desk.pool.lost(worker, status)  # type: ignore[arg-type]
        assert await desk.statuses() == {"a": expected}

    desk(test)


def test_what_is_lost_with_a_whole_crew_is_done_by_the_next() -> None:
    """Once: a job that ends two crews is not tried again."""

    async def test(desk: Desk) -> None:
        desk.ask("client", "a")
        for _ in range(2):
            (worker,) = desk.crew.busy()
            desk.crew.closed = True
            desk.pool.broken(desk.crew)  # type: ignore[arg-type]
            desk.pool.lost(worker, None)  # type: ignore[arg-type]
            desk.crew = FakeCrew(desk.pool)
            desk.pool.take_over(desk.crew)  # type: ignore[arg-type]
        assert await desk.statuses() == {"a": 503}

    desk(test)


def test_a_new_crew_takes_over_and_the_old_one_finishes() -> None:
    """What runs is answered by the old, what comes by the new, and then the old is done."""

    async def test(desk: Desk) -> None:
        desk.ask("client", "a")
        old, (worker,) = desk.crew, desk.crew.busy()
        desk.crew = FakeCrew(desk.pool)
        desk.pool.take_over(desk.crew)  # type: ignore[arg-type]
        done = asyncio.ensure_future(desk.pool.done_with(old))  # type: ignore[arg-type]
        desk.ask("client", "b")
        desk.finish(desk.crew.busy()[0])
        await asyncio.sleep(0)
        assert (await desk.statuses(), done.done()) == ({"b": 200}, False)
        desk.finish(worker)
        await asyncio.wait_for(done, 1)
        assert await desk.statuses() == {"a": 200, "b": 200}

    desk(test)


def test_crews_that_follow_soon_on_each_other_are_both_done() -> None:
    """Whichever finishes first: who waits for one is not forgotten for the other."""

    async def test(desk: Desk) -> None:
        waiting = []
        for name in "ab":
            desk.ask("client", name)
            old, desk.crew = desk.crew, FakeCrew(desk.pool)
            desk.pool.take_over(desk.crew)  # type: ignore[arg-type]
            done = desk.pool.done_with(old)  # type: ignore[arg-type]
            waiting.append(asyncio.ensure_future(done))
        await turns()
        assert [task.done() for task in waiting] == [False, False]
        for worker in list(desk.pool.running):
            desk.pool.answered(worker, ANSWER)
        await turns()
        found = [task.done() for task in waiting]
        for task in waiting:
            task.cancel()
        assert found == [True, True]

    desk(test)


def test_a_worker_that_said_its_last_word_is_given_nothing() -> None:
    """It ends by itself just now, and what it was given would be lost with it."""

    async def test(desk: Desk) -> None:
        desk.ask("client", "a")
        desk.ask("client", "b")
        worker = desk.worker_of("a")
        desk.pool.answered(worker, LAST)  # type: ignore[arg-type]
        assert (worker.killed, len(worker.given)) == (True, 1)
        desk.finish(desk.worker_of("b"))
        assert await desk.statuses() == {"a": 413, "b": 200}

    desk(test, workers=1)


def test_a_worker_that_could_not_be_had_is_asked_for_again() -> None:
    """When its crew tells that it is lacking."""

    async def test(desk: Desk) -> None:
        desk.pool.idle.pop()
        desk.pool.lacking()
        assert len(desk.pool.idle) == 3

    desk(test)


def test_a_fault_in_telling_an_answer_is_no_other_job_s(caplog: pytest.LogCaptureFixture) -> None:
    """It is logged, whoever waits for it learns of it, and the others are answered."""
    faults: list[str] = []

    def fail(_: Response) -> None:
        raise RuntimeError("a fault of ours")

    async def test(desk: Desk) -> None:
        for name in "ab":
            desk.ask("client", name)
        job = desk.pool.running[desk.worker_of("a")]  # type: ignore[index]
        job.done, job.on_fault = fail, lambda: faults.append("a")
        desk.ask("client", "c")
        for name in "abc":
            desk.finish(desk.worker_of(name))
        assert await desk.statuses() == {"b": 200, "c": 200}
        assert (faults, len(desk.pool.idle), desk.pool.running) == (["a"], 3, {})

    desk(test)
    assert "a fault of ours" in caplog.text


def test_a_fault_in_refusing_a_job_leaves_the_others_in_peace() -> None:
    """All that have waited too long are told, and the pool goes on looking."""

    def fail(_: Response) -> None:
        raise RuntimeError("a fault of ours")

    async def test(desk: Desk) -> None:
        jobs = [desk.ask("client", name) for name in "abcde"]
        jobs[2].done = fail
        for job in jobs[2:]:
            job.born -= 1000
        for _ in range(2000):
            await asyncio.sleep(0.005)
            if len(desk.answers) == 2:
                break
        assert await desk.statuses() == {"d": 503, "e": 503}
        assert desk.pool.ticking is not None

    desk(test)


def test_what_waits_too_long_is_told() -> None:
    """It is not left waiting for workers that never come free."""

    async def test(desk: Desk) -> None:
        desk.pool.crew = None
        desk.pool.idle.clear()
        desk.ask("client", "a")
        await asyncio.sleep(0.15)
        assert await desk.statuses() == {"a": 503}

    desk(test, seconds=0.1)


def test_only_what_waits_too_long_is_told_so() -> None:
    """A job that came just now is not refused for the old ones of another client."""

    async def test(desk: Desk) -> None:
        desk.pool.crew = None
        desk.pool.idle.clear()
        desk.ask("old", "a")
        desk.ask("old", "b")
        await asyncio.sleep(0.07)
        desk.ask("new", "x")
        await asyncio.sleep(0.05)
        assert await desk.statuses() == {"a": 503, "b": 503}

    desk(test, seconds=0.1)


def test_a_fault_within_is_logged_and_not_told(caplog: pytest.LogCaptureFixture) -> None:
    """The client learns that there was one."""

    async def test(desk: Desk) -> None:
        desk.ask("client", "a")
        (worker,) = desk.crew.busy()
        frame = Frame({"status": 500, "type": "text/plain", "headers": {"fault": "Trace"}}, b"")
        desk.pool.answered(worker, frame)  # type: ignore[arg-type]
        assert await desk.statuses() == {"a": 500}
        assert desk.answers["a"].headers == {}

    desk(test)
    assert "Trace" in caplog.text
