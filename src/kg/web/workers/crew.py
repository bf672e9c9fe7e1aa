"""A crew: one loader and the workers that it forks, as its service sees them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import signal
import socket
import subprocess
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

from kg.errors import KgError, Problem, QuestionsError, ReleaseError, UsageError
from kg.web.workers.frames import LONGEST_MESSAGE, FrameError, Reader

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.web.workers.frames import Frame
    from kg.web.workers.holding import Plan

__all__ = ["Crew", "Owner", "Worker"]

LOG: Final = logging.getLogger("kg.web")

SLACK: Final = 1 << 20
"""Bytes of a frame beside the answer itself."""
PATIENCE: Final = 300
"""Seconds that a loader may take to load."""


def _error(event: dict[str, Any]) -> KgError:
    """Give the error that a loader told."""
    if problems := event.get("problems"):
        return QuestionsError([Problem(**problem) for problem in problems])
    kind = UsageError if event.get("kind") == "UsageError" else ReleaseError
    return kind(event["zh"], event["en"])


class Owner(Protocol):
    """Who is told what workers do."""

    def ready(self, worker: Worker) -> None:
        """A worker is new and waits."""

    def answered(self, worker: Worker, frame: Frame) -> None:
        """A worker has answered."""

    def lost(self, worker: Worker, status: int | None) -> None:
        """A worker has ended, with the status of `waitpid`; none where nobody knows."""

    def lacking(self) -> None:
        """There is a worker less than was asked for."""

    def broken(self, crew: Crew) -> None:
        """The loader has ended: there will be no more workers."""


class Worker(asyncio.Protocol):
    """One worker: takes a frame, gives a frame."""

    transport: asyncio.Transport

    def __init__(self, crew: Crew, pid: int) -> None:
        """Remember whose it is."""
        self.crew = crew
        self.pid = pid
        self.reader = Reader(crew.plan.limits.bytes + SLACK)
        self.ended = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Pass an answer on when it is whole; a worker that talks nonsense is ended."""
        try:
            frames = list(self.reader.feed(data))
        except (FrameError, ValueError) as error:
            LOG.warning("a worker talks nonsense and is ended: %s", error)
            self.kill()
            return
        for frame in frames:
            self.crew.owner.answered(self, frame)

    def connection_lost(self, _: Exception | None) -> None:
        """Have the process reaped; what it ended by is told then."""
        self.ended = True
        self.crew.reap(self)

    def give(self, data: bytes) -> None:
        """Give it something to do."""
        self.transport.write(data)

    def kill(self) -> None:
        """End the process, whatever it is doing."""
        if not self.ended:
            with contextlib.suppress(ProcessLookupError):  # ended by itself just now
                os.kill(self.pid, signal.SIGKILL)  # its id is its own until we have it reaped

    def yield_to_others(self, nice: int) -> None:
        """Let it run only where others leave the processor free."""
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self.pid, nice)


class Crew:
    """A loader process, its control socket, and its workers by process id."""

    def __init__(self, plan: Plan, owner: Owner) -> None:
        """Prepare; `start` begins."""
        self.plan = plan
        self.owner = owner
        self.id = ""
        self.workers: dict[int, Worker] = {}
        self.pending = 0
        self.closed = False
        self.loop = asyncio.get_running_loop()
        self.told: asyncio.Future[dict[str, Any]] = self.loop.create_future()
        self.connecting: set[asyncio.Task[None]] = set()

    async def start(self, is_over: Callable[[], bool]) -> None:
        """Start the loader and wait until it holds what it is to hold.

        Args:
            is_over: tells whether nobody waits for it any more.

        Raises:
            ReleaseError: it cannot; with its reason.
        """
        self._spawn()
        self._tell(
            {
                **{name: str(getattr(self.plan, name)) for name in ("root", "source")},
                "is_release": self.plan.is_release,
                "public_url": self.plan.public_url,
                "limits": asdict(self.plan.limits),
            }
        )
        until = self.loop.time() + PATIENCE
        try:
            while not self.told.done() and not is_over() and self.loop.time() < until:
                await asyncio.wait({self.told}, timeout=0.2)
        except asyncio.CancelledError:  # else nobody would have the loader to end it
            self.close()
            raise
        late = {"zh": "加载超时或被中止", "en": "loading took too long, or was ended"}
        event = self.told.result() if self.told.done() else late
        if event.get("event") != "ready":
            await self.retire()
            raise _error(event)
        self.id = event["id"]

    def _spawn(self) -> None:
        """Start the loader process, and listen to it."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setblocking(False)
        self.control = ours
        numbers = (str(theirs.fileno()), str(os.getpid()))
        command = [sys.executable, "-m", "kg.web.workers.loader", *numbers]
        try:
            self.process = subprocess.Popen(  # noqa: S603 -- ourselves
                command,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError:
            ours.close()
            raise
        finally:
            theirs.close()
        self.loop.add_reader(ours.fileno(), self._hear)

    def fork(self, count: int = 1) -> None:
        """Ask for more workers; each is told to the owner when it is there."""
        if count:  # one order, since the socket holds a few hundred
            self.pending += count
            self._tell({"fork": count})

    def reap(self, worker: Worker) -> None:
        """Have a worker's process reaped, whose end the owner is then told."""
        if self.closed:
            self._forget(worker, None)
        else:
            self._tell({"reap": worker.pid})

    def close(self) -> None:
        """End the loader and all workers, and wait until the loader has ended."""
        self._end()
        self.process.wait()

    async def retire(self) -> None:
        """Do as `close`, while others are served: an end with much memory takes its time."""
        self._end()
        await asyncio.to_thread(self.process.wait)

    def _end(self) -> None:
        if self.closed:
            return
        self.closed = True
        self.loop.remove_reader(self.control.fileno())
        self.control.close()
        for worker in list(self.workers.values()):
            worker.kill()
            worker.transport.abort()
        self.process.kill()

    def _tell(self, order: dict[str, Any]) -> None:
        try:
            self.control.send(json.dumps(order).encode())
        except OSError:
            self._break()

    def _hear(self) -> None:
        while not self.closed:
            try:
                data, descriptors, _, _ = socket.recv_fds(self.control, LONGEST_MESSAGE, 1)
            except BlockingIOError:
                return
            except OSError:
                data, descriptors = b"", []
            if not data:
                self._break()
                return
            try:
                self._take(json.loads(data), descriptors)
            except (AttributeError, KeyError, TypeError, ValueError):
                LOG.exception("the loader talks nonsense")
                for descriptor in descriptors:
                    os.close(descriptor)
                self._break()
                return

    def _take(self, event: dict[str, Any], descriptors: list[int]) -> None:
        if event["event"] == "lacking":
            self._lack()
        elif event["event"] == "worker" and not descriptors:  # there was none left for its socket
            self._tell({"reap": event["pid"]})
            self._lack()
        elif event["event"] == "worker":
            task = self.loop.create_task(self._connect(event["pid"], descriptors[0]))
            self.connecting.add(task)
            task.add_done_callback(self.connecting.discard)
        elif event["event"] == "reaped":
            if worker := self.workers.get(event["pid"]):
                self._forget(worker, event["status"])
        elif not self.told.done():
            self.told.set_result(event)

    def _lack(self) -> None:
        """A worker could not be had; a little later another may be."""
        self.pending -= 1
        self.loop.call_later(1, self.owner.lacking)

    async def _connect(self, pid: int, descriptor: int) -> None:
        sock = socket.socket(fileno=descriptor)
        sock.setblocking(False)
        _, worker = await self.loop.create_connection(lambda: Worker(self, pid), sock=sock)
        self.workers[pid] = worker
        self.pending -= 1
        self.owner.ready(worker)

    def _forget(self, worker: Worker, status: int | None) -> None:
        self.workers.pop(worker.pid, None)
        self.owner.lost(worker, status)

    def _break(self) -> None:
        """The loader has ended, which ends its workers: nothing that they had comes back."""
        if not self.told.done():
            self.told.set_result({"zh": "加载进程意外结束", "en": "the loader ended unexpectedly"})
        if self.closed or not self.id:  # whoever starts it is told, and closes it
            return
        workers = list(self.workers.values())
        self.close()
        self.owner.broken(self)
        for worker in workers:
            self._forget(worker, None)
