"""Gives jobs to workers: in fair turns, within bounds of time, the quick before the slow.

A job that lasts is slow: its worker yields the processor to others and no longer counts among
those that answer quick ones, up to a number of slow jobs. Past it, a job that becomes slow while
others wait is ended. So quick jobs are answered whatever a few hostile clients ask.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from kg.web.response import FAULT, Response, tell
from kg.web.workers.frames import packed
from kg.web.workers.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.web.workers.crew import Crew, Worker
    from kg.web.workers.frames import Frame

__all__ = ["Bounds", "Job", "Pool"]

LOG: Final = logging.getLogger("kg.web")

TICK: Final = 0.025
"""Seconds between two looks at what runs."""
SLOW: Final = 0.25
"""Seconds from which a job is slow."""
NICE: Final = 10
"""What a slow job's worker adds to its niceness."""
SPENT: Final = frozenset({signal.SIGABRT, signal.SIGBUS, signal.SIGKILL, signal.SIGSEGV})
"""What a worker ends by that has no memory or stack left, or that the system ends for that."""


@dataclass(frozen=True)
class Bounds:
    """How many workers answer at once, and how many jobs may wait."""

    workers: int
    seconds: float
    of_client: int = 128
    in_all: int = 1024

    @property
    def slow(self) -> int:
        """How many slow jobs may run beside."""
        return self.workers


@dataclass(eq=False, slots=True)
class Job:
    """One request to a worker, and who waits for its answer."""

    client: str
    data: bytes
    done: Callable[[Response], None]
    born: float
    finished: bool = False
    on_slow: Callable[[], None] | None = None
    on_fault: Callable[[], None] | None = None
    started: float = 0.0
    is_slow: bool = False
    tries: int = 0
    verdict: Response | None = field(default=None, repr=False)

    def tell(self, response: Response) -> None:
        """Tell the answer; a fault of ours on the way goes on to the log of the loop."""
        is_told = False
        try:
            self.done(response)
            is_told = True
        finally:
            if not is_told and self.on_fault is not None:  # else the client would wait for ever
                self.on_fault()


class Pool:
    """The workers of a crew, what each is doing, and what waits."""

    def __init__(self, bounds: Bounds) -> None:
        """Begin without a crew."""
        self.bounds = bounds
        self.loop = asyncio.get_running_loop()
        self.crew: Crew | None = None
        self.turns: Turns[Job] = Turns()
        self.idle: list[Worker] = []
        self.running: dict[Worker, Job] = {}
        self.slow = 0
        self.ticking: asyncio.TimerHandle | None = None
        self.ended: dict[str, int] = {}
        self.settled = asyncio.Event()
        self.on_broken: Callable[[Crew], None] = lambda _: None

    # --- jobs ---------------------------------------------------------------------------------

    def submit(
        self, client: str, head: bytes, body: bytes, done: Callable[[Response], None]
    ) -> Job:
        """Take a job; `done` is told an answer whatever happens, unless the job is given up."""
        job = Job(client, packed(head, body), done, self.loop.time())
        if self.turns.of(client) >= self.bounds.of_client:
            self._refuse(
                job, 429, "同一客户端等待的请求过多", "too many requests of one client wait"
            )
        elif len(self.turns) >= self.bounds.in_all:
            self._refuse(job, 503, "等待的请求过多", "too many requests wait")
        elif not self.turns and (worker := self._next_idle()) is not None:  # as most
            self._start(worker, job)
            self._keep_ticking()
        else:
            self.turns.put(client, job)
            self._dispatch()
        return job

    def abandon(self, job: Job) -> None:
        """Give up a job whose client has gone, and free its worker."""
        if job.finished:
            return
        job.finished = True
        self.turns.remove(job.client, job)
        for worker, running in self.running.items():
            if running is job:
                self._count("abandoned")
                worker.kill()
                return

    def _dispatch(self) -> None:
        while self.turns and (worker := self._next_idle()) is not None:
            job = self.turns.take()
            if job.finished:
                self.idle.append(worker)
            else:
                self._start(worker, job)
        self._keep_ticking()

    def _next_idle(self) -> Worker | None:
        """Take a worker for another job, if there may be another; ended ones are let go."""
        while self.idle and len(self.running) - self.slow < self.bounds.workers:
            worker = self.idle.pop()
            if not worker.ended:  # else it is told in full when it is reaped
                return worker
        return None

    def _start(self, worker: Worker, job: Job) -> None:
        job.started = self.loop.time()
        self.running[worker] = job
        worker.give(job.data)

    def _keep_ticking(self) -> None:
        if self.ticking is None and (self.running or self.turns):
            self.ticking = self.loop.call_later(TICK, self._tick)

    def _tick(self) -> None:
        self.ticking = None
        now = self.loop.time()
        for worker, job in list(self.running.items()):
            lasted = now - job.started
            if lasted > self.bounds.seconds:
                self._end(worker, job, "time")
            elif lasted > SLOW and not job.is_slow:
                self._slow_down(worker, job)
        late = self.turns.drop(lambda job: now - job.born > self.bounds.seconds)
        for job in list(late):  # at once, since who is refused may ask again meanwhile
            self._refuse(job, 503, "等待过久", "it has waited too long")
        self._dispatch()

    def _slow_down(self, worker: Worker, job: Job) -> None:
        if job.on_slow is not None:
            job.on_slow()
            job.on_slow = None
        if self.slow >= self.bounds.slow:
            if self.turns:
                self._end(worker, job, "load")
            return
        job.is_slow = True
        self.slow += 1
        worker.yield_to_others(NICE)
        self._man()

    def _end(self, worker: Worker, job: Job, why: str) -> None:
        """End a job and its worker, for having run too long or for running where others wait."""
        if job.verdict is not None:
            return
        seconds = f"{self.bounds.seconds:g}"
        if why == "time":
            job.verdict = _told(
                504,
                f"查询超过 {seconds} 秒，已停止；请缩小查询范围或加 LIMIT",
                f"the query was stopped after {seconds} seconds: ask for less, or use LIMIT",
                10,
            )
        else:
            job.verdict = _told(
                503,
                "服务繁忙，耗时的查询已停止；请稍后再试",
                "the service is busy, and long queries are stopped: try again later",
                10,
            )
        self._count(why)
        worker.kill()

    def _refuse(self, job: Job, status: int, zh: str, en: str) -> None:
        self._say(job, _told(status, zh, en, 1))

    def _count(self, why: str) -> None:
        self.ended[why] = self.ended.get(why, 0) + 1

    # --- workers ------------------------------------------------------------------------------

    def take_over(self, crew: Crew) -> Crew | None:
        """Give all further jobs to another crew; give back the one before, which ends its own."""
        before, self.crew = self.crew, crew
        if before is not None:
            for worker in self.idle:
                worker.kill()
        self.idle = []
        self._man()
        return before

    async def done_with(self, crew: Crew) -> None:
        """Wait until no job of a crew runs any more."""
        while any(worker.crew is crew for worker in self.running):
            self.settled.clear()  # the same for all who wait: two releases may follow at once
            await self.settled.wait()

    def _man(self) -> None:
        """Have as many workers as there are to be: those that answer, the slow, and a spare."""
        if self.crew is None or self.crew.closed:
            return
        ours = sum(worker.crew is self.crew for worker in self.running)
        have = ours + len(self.idle) + self.crew.pending
        slow = sum(j.is_slow for w, j in self.running.items() if w.crew is self.crew)
        self.crew.fork(max(0, self.bounds.workers + 1 + slow - have))

    def ready(self, worker: Worker) -> None:
        """Take a new worker."""
        if worker.crew is not self.crew:
            worker.kill()
            return
        self.idle.append(worker)
        self._dispatch()

    def answered(self, worker: Worker, frame: Frame) -> None:
        """Pass an answer on, and give its worker the next job."""
        job = self.running.pop(worker, None)
        if job is None:
            worker.kill()
            return
        if job.finished or job.verdict is not None:  # it was ended just before it answered
            self.settled.set()
        elif job.is_slow or worker.crew is not self.crew or frame.head.get("last"):
            worker.kill()  # it yields for good, or ends by itself just now
            self.settled.set()
        else:
            self.idle.append(worker)
        self._finish(job, job.verdict or _response(frame, worker.crew.id))
        self._dispatch()

    def lost(self, worker: Worker, status: int | None) -> None:
        """Tell whoever waits for a worker that has ended, and have another one."""
        if worker in self.idle:
            self.idle.remove(worker)
        job = self.running.pop(worker, None)
        if job is not None:
            if job.finished:  # given up
                self.slow -= job.is_slow
            elif job.verdict is None and status is None and job.tries == 0:
                self._again(job)
            else:
                self._finish(job, job.verdict or self._death(status))
        self.settled.set()
        self._man()
        self._dispatch()

    def lacking(self) -> None:
        """Have a worker in place of one that could not be had."""
        self._man()

    def _again(self, job: Job) -> None:
        """Let a job wait again that was lost with its whole crew."""
        self.slow -= job.is_slow
        job.is_slow = False
        job.tries += 1
        self.turns.put_back(job.client, job)

    def broken(self, crew: Crew) -> None:
        """Pass on that a crew has ended."""
        if crew is self.crew:
            self.crew = None
            self.idle = []
        self.on_broken(crew)

    def _finish(self, job: Job, response: Response) -> None:
        self.slow -= job.is_slow
        self._say(job, response)

    def _say(self, job: Job, response: Response) -> None:
        if not job.finished:
            job.finished = True
            self.loop.call_soon(job.tell, response)  # not within: what it raises is no other's

    def _death(self, status: int | None) -> Response:
        """Tell why a worker ended that nobody had ended."""
        if status is None:
            return _told(503, "服务正在重启", "the service is restarting", 1)
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU:
            self._count("time")
            return _told(504, "查询耗时过长，已停止", "the query took too long and was stopped", 10)
        if not os.WIFSIGNALED(status) or os.WTERMSIG(status) not in SPENT:
            self._count("fault")
            return _told(500, "服务内部出错", "something is wrong within the service", 1)
        self._count("memory")
        return _told(
            413,
            "查询所需内存超过上限，已停止；请缩小查询范围",
            "the query needs more memory than a query may use and was stopped: ask for less",
            10,
        )


def _response(frame: Frame, release: str) -> Response:
    head = frame.head
    headers = head["headers"]
    if FAULT in headers:
        LOG.error("%s", headers[FAULT])
        headers = {name: value for name, value in headers.items() if name != FAULT}
    return Response(head["status"], head["type"], frame.body, headers, release=release)


def _told(status: int, zh: str, en: str, seconds: int) -> Response:
    return tell(status, zh, en, {"retry-after": str(seconds)})
