"""The service behind HTTP: its crew of workers, and the release that it follows."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kg.errors import KgError, ProblemsError, UsageError
from kg.project import current_release
from kg.web.workers.crew import Crew
from kg.web.workers.pool import Bounds, Pool

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from pathlib import Path

    from kg.web.workers.holding import Plan

__all__ = ["Service"]

LOG: Final = logging.getLogger("kg.web")
LOOK: Final = 1.0
"""Seconds between two looks for a new release."""
PAUSES: Final = (0.1, 1.0, 5.0, 30.0)
"""Seconds before a loader that ended is started again, the first time and later ones."""
LIVED: Final = 60.0
"""Seconds after which the end of a crew is no longer one more of several in a row."""


class Service:
    """Keeps a crew at work, on the current release."""

    def __init__(self, plan: Plan, workers: int, follow: Path | None) -> None:
        """Prepare; `start` begins.

        Args:
            plan: what to serve first.
            workers: how many answer at once.
            follow: the folder of releases whose current one is served; none for a data file.
        """
        self.plan = plan
        self.bounds = Bounds(workers, plan.limits.seconds)
        self.follow = follow
        self.tasks: set[asyncio.Task[None]] = set()
        self.starting = asyncio.Lock()
        self.stopped = False
        self.failures = 0
        self.since = 0.0
        self.error: KgError | None = None
        self.is_over: Callable[[], bool] = lambda: False
        self.on_switch: Callable[[], None] = lambda: None

    @property
    def id(self) -> str:
        """What is served: the id of a release, or of a data file's bytes."""
        return self.pool.crew.id if self.pool.crew else ""

    @property
    def dataset(self) -> Path | None:
        """The file that holds the whole of a release."""
        return self.plan.source / "dataset.nq" if self.plan.is_release else None

    @property
    def is_up(self) -> bool:
        """Whether there is a crew."""
        return self.pool.crew is not None

    async def start(self) -> None:
        """Start the first crew.

        Raises:
            KgError: what is to be served cannot be; `error` keeps it.
        """
        self.pool = Pool(self.bounds)
        self.pool.on_broken = self._mend
        try:
            await self._serve(self.plan)
        except KgError as error:
            self.error = error
            raise
        except OSError as error:
            why = error.strerror
            self.error = UsageError(f"无法启动进程：{why}", f"no process can be started: {why}")
            raise self.error from error
        if self.follow is not None:
            self._spawn(self._watch(self.follow))

    async def stop(self) -> None:
        """End all processes."""
        self.stopped = True
        for task in self.tasks:
            task.cancel()
        if self.pool.crew is not None:
            self.pool.crew.close()

    async def _serve(self, plan: Plan) -> None:
        crew = Crew(plan, self.pool)
        await crew.start(self.is_over)
        before = self.pool.take_over(crew)
        self.plan = plan
        self.since = self.pool.loop.time()
        self.on_switch()
        LOG.info("serving %s", crew.id)
        if before is not None:
            self._spawn(self._retire(before))

    async def _retire(self, crew: Crew) -> None:
        """Let a crew finish what it has begun, then end it."""
        try:
            await self.pool.done_with(crew)
            await crew.retire()
        finally:  # also of a service that ends meanwhile
            crew.close()

    async def _watch(self, build: Path) -> None:
        """Serve each new release; one that cannot be served is told and left."""
        refused: Path | None = None
        while True:
            await asyncio.sleep(LOOK)
            try:
                path = current_release(build)
            except KgError:
                continue
            if path in {self.plan.source, refused}:
                continue
            try:
                async with self.starting:
                    await self._serve(replace(self.plan, source=path))
            except (KgError, OSError) as error:
                LOG.error("release not taken: %s", _said(error))  # noqa: TRY400 -- told in full
                refused = path if isinstance(error, KgError) else None

    def _mend(self, _: Crew) -> None:
        if not self.stopped:
            if self.pool.loop.time() - self.since >= LIVED:
                self.failures = 0
            self._spawn(self._again())

    async def _again(self) -> None:
        """Start a crew in place of one that ended, a little later each time."""
        while self.pool.crew is None:
            pause = PAUSES[min(self.failures, len(PAUSES) - 1)]
            self.failures += 1
            LOG.warning("the loader ended and is started again in %s s", pause)
            await asyncio.sleep(pause)
            try:
                async with self.starting:
                    if self.pool.crew is None:  # else a new release was taken meanwhile
                        await self._serve(self.plan)
            except (KgError, OSError) as error:
                LOG.error("not served: %s", _said(error))  # noqa: TRY400 -- told in full

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.ensure_future(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)


def _said(error: KgError | OSError) -> str:
    """Tell an error with each of its problems."""
    return "; ".join(map(str, error.problems if isinstance(error, ProblemsError) else (error,)))
