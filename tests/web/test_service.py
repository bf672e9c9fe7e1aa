"""A service keeps a crew at work: on the current release, and another when one ends."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, Final

import pytest
from graph_fixtures import ROOT

from kg.errors import KgError, Problem, QuestionsError, ReleaseError
from kg.project import current_release
from kg.web.limits import Limits
from kg.web.workers import service as service_module
from kg.web.workers.frames import Frame
from kg.web.workers.holding import Plan
from kg.web.workers.service import Service

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path

    from kg.web.response import Response

LIMITS: Final = Limits(5, 1 << 28, 1000, 1 << 20)
ANSWER: Final = Frame({"status": 200, "type": "text/csv", "headers": {}}, b"x")


class FakeWorker:
    """A worker that waits for ever."""

    def __init__(self, crew: FakeCrew) -> None:
        """Belong to a crew."""
        self.crew = crew
        self.killed = self.ended = False

    def give(self, _: bytes) -> None:
        """Take a job."""
        assert not self.killed

    def kill(self) -> None:
        """End, which is told a little later."""
        self.killed = True
        asyncio.get_running_loop().call_soon(self.crew.owner.lost, self, 9)

    def yield_to_others(self, _: int) -> None:
        """Do so."""


class FakeCrew:
    """A crew whose id is the name of the folder that it serves, unless that is a wrong one."""

    made: Final[list[FakeCrew]] = []
    loading: Final[list[str]] = []
    most: Final[list[int]] = []
    gates: Final[dict[str, asyncio.Event]] = {}
    wrong: Final[dict[str, Exception]] = {}

    def __init__(self, plan: Plan, owner: Any) -> None:  # noqa: ANN401 -- a pool
        """Prepare."""
        self.plan = plan
        self.owner = owner
        self.id = ""
        self.closed = self.retired = False
        self.pending = 0
        self.made.append(self)

    async def start(self, _: Callable[[], bool]) -> None:
        """Start, if it can be."""
        name = self.plan.source.name
        self.loading.append(name)
        self.most.append(len(self.loading))
        await asyncio.sleep(0)
        if name in self.gates:
            await self.gates[name].wait()
        self.loading.remove(name)
        if name in self.wrong:
            self.close()
            raise self.wrong[name]
        self.id = name

    def fork(self, count: int = 1) -> None:
        """Make workers."""
        for _ in range(count):
            self.owner.ready(FakeWorker(self))

    def close(self) -> None:
        """End."""
        self.closed = True

    async def retire(self) -> None:
        """End, while others are served."""
        self.retired = True
        self.closed = True

    def die(self) -> None:
        """End by itself."""
        self.closed = True
        self.owner.broken(self)


@pytest.fixture(autouse=True)
def _fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(service_module, "Crew", FakeCrew)
    monkeypatch.setattr(service_module, "LOOK", 0.01)
    monkeypatch.setattr(service_module, "PAUSES", (0.01, 0.02, 0.03))
    for kept in (FakeCrew.made, FakeCrew.wrong, FakeCrew.loading, FakeCrew.most, FakeCrew.gates):
        kept.clear()
    yield
    FakeCrew.made.clear()


@pytest.fixture
def build(tmp_path: Path) -> Path:
    """Give a folder of releases, one of them current."""
    (tmp_path / "releases").mkdir()
    switch(tmp_path, "first")
    return tmp_path


def switch(build: Path, name: str) -> None:
    """Make a release the current one."""
    (build / "releases" / name).mkdir(exist_ok=True)
    link = build / "next"
    link.symlink_to(build / "releases" / name)
    link.replace(build / "current")


def plan_of(build: Path) -> Plan:
    """Give the plan to serve the current release."""
    source = (build / "current").resolve()
    return Plan(ROOT, source, is_release=True, public_url="http://x", limits=LIMITS)


def serving(build: Path, act: Callable[[Service], Awaitable[None]]) -> None:
    """Have a service do something."""

    async def run() -> None:
        service = Service(plan_of(build), 2, build)
        await service.start()
        try:
            await act(service)
        finally:
            await service.stop()
        await asyncio.sleep(0.02)
        assert all(crew.closed for crew in FakeCrew.made)
        assert all(task.done() for task in service.tasks)

    asyncio.run(run())


async def turns() -> None:
    """Let all that can go on do so: a few turns of the loop."""
    for _ in range(10):
        await asyncio.sleep(0)


async def becomes(is_so: Callable[[], bool], seconds: float = 30) -> bool:
    """Tell whether something becomes so in time."""
    for _ in range(int(seconds / 0.005)):
        if is_so():
            return True
        await asyncio.sleep(0.005)
    return False


def test_it_serves_what_it_is_told(build: Path) -> None:
    """And says what that is, and where it lies."""

    async def act(service: Service) -> None:
        assert (service.id, service.is_up) == ("first", True)
        assert service.dataset == build / "releases" / "first" / "dataset.nq"
        assert len(service.pool.idle) == 3

    serving(build, act)


def test_a_data_file_is_no_release(build: Path) -> None:
    """It has no file to download, and nothing is followed."""

    async def run() -> None:
        plan = Plan(ROOT, build / "x.ttl", is_release=False, public_url="", limits=LIMITS)
        service = Service(plan, 1, None)
        await service.start()
        switch(build, "second")
        await asyncio.sleep(0.05)
        assert (service.id, service.dataset, len(FakeCrew.made)) == ("x.ttl", None, 1)
        await service.stop()

    asyncio.run(run())


def test_a_new_release_is_taken(build: Path) -> None:
    """What is kept is given up at that moment, and the crew before ends when it has finished."""

    async def act(service: Service) -> None:
        seen: list[str] = []
        service.on_switch = lambda: seen.append(service.id)
        service.pool.submit("client", b"{}", b"", lambda _: None)
        (first,) = FakeCrew.made
        switch(build, "second")
        assert await becomes(lambda: service.id == "second")
        assert seen == ["second"]
        assert service.plan.source.name == "second"
        assert not first.closed  # it has a job still
        worker = next(iter(service.pool.running))
        service.pool.lost(worker, 9)
        assert await becomes(lambda: first.retired)
        assert len(FakeCrew.made) == 2

    serving(build, act)


def test_a_release_that_cannot_be_served_is_told_once(
    build: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The one before goes on; a later one is taken."""
    FakeCrew.wrong["second"] = ReleaseError("损坏", "it is damaged")

    async def act(service: Service) -> None:
        switch(build, "second")
        await asyncio.sleep(0.2)
        assert (service.id, service.is_up) == ("first", True)
        assert len(FakeCrew.made) == 2
        switch(build, "third")
        assert await becomes(lambda: service.id == "third")

    with caplog.at_level(logging.INFO, "kg.web"):
        serving(build, act)
    told = [it for it in caplog.messages if "it is damaged" in it]
    assert len(told) == 1


def test_wrong_questions_are_told_each(build: Path, caplog: pytest.LogCaptureFixture) -> None:
    """That there are some would help nobody."""
    problems = [Problem("a.rq", line, "title", "不对", "is wrong") for line in (3, 5)]
    FakeCrew.wrong["second"] = QuestionsError(problems)

    async def act(_: Service) -> None:
        switch(build, "second")
        assert await becomes(lambda: "a.rq:3" in caplog.text)

    with caplog.at_level(logging.INFO, "kg.web"):
        serving(build, act)
    assert "a.rq:5: title" in caplog.text


def test_a_release_that_is_not_there_for_a_moment_is_waited_for(build: Path) -> None:
    """A link that is taken away and comes back is none of its business."""

    async def act(service: Service) -> None:
        (build / "current").unlink()
        await asyncio.sleep(0.05)
        assert (service.id, service.is_up) == ("first", True)
        switch(build, "second")
        assert await becomes(lambda: service.id == "second")

    serving(build, act)


def test_a_crew_that_ends_is_replaced(build: Path) -> None:
    """By one on the same release; meanwhile it is told that none is up."""

    async def act(service: Service) -> None:
        FakeCrew.made[0].die()
        assert (service.is_up, service.id) == (False, "")
        assert await becomes(lambda: service.is_up)
        assert (service.id, len(FakeCrew.made), service.failures) == ("first", 2, 1)

    serving(build, act)


@pytest.mark.parametrize(
    "error", [ReleaseError("损坏", "it is damaged"), OSError(11, "no processes are left")]
)
def test_it_is_tried_again_until_it_can_be(build: Path, error: Exception) -> None:
    """A little later each time: whether the release or the machine is at fault."""

    async def act(service: Service) -> None:
        FakeCrew.wrong["first"] = error
        FakeCrew.made[0].die()
        assert await becomes(lambda: service.failures >= 4)
        assert not service.is_up
        FakeCrew.wrong.clear()
        assert await becomes(lambda: service.is_up)

    serving(build, act)


@pytest.mark.parametrize(
    ("lived", "pauses"), [(60.0, ["0.01", "0.02", "0.03", "0.03"]), (0.0, ["0.01"] * 4)]
)
def test_a_loader_that_ends_soon_after_loading_is_waited_for_longer(
    build: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    lived: float,
    pauses: list[str],
) -> None:
    """To have loaded is no proof of health: only one that lived begins the pauses anew."""
    monkeypatch.setattr(service_module, "LIVED", lived)

    async def act(service: Service) -> None:
        for _ in pauses:
            FakeCrew.made[-1].die()
            assert await becomes(lambda: service.is_up)

    with caplog.at_level(logging.WARNING, "kg.web"):
        serving(build, act)
    told = [it.split()[-2] for it in caplog.messages if "is started again" in it]
    assert told == pauses


def test_a_release_waits_for_a_crew_that_is_being_replaced(
    build: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two loaders at once may be more than the memory holds; the newer release is served then."""
    looks: list[str] = []
    look = current_release

    def looking(build: Path) -> Path:
        looks.append(look(build).name)
        return look(build)

    monkeypatch.setattr(service_module, "current_release", looking)

    async def act(service: Service) -> None:
        FakeCrew.gates["first"] = asyncio.Event()
        FakeCrew.made[0].die()
        assert await becomes(lambda: FakeCrew.loading == ["first"])
        switch(build, "second")
        assert await becomes(lambda: "second" in looks)
        await turns()
        assert FakeCrew.loading == ["first"]
        FakeCrew.gates["first"].set()
        assert await becomes(lambda: service.id == "second")
        assert (max(FakeCrew.most), len(FakeCrew.made)) == (1, 3)

    serving(build, act)


def test_a_crew_is_not_replaced_by_an_older_one(
    build: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the one before ends while a new release is being loaded, that one is enough."""
    monkeypatch.setattr(service_module, "PAUSES", (0,))

    async def act(service: Service) -> None:
        FakeCrew.gates["second"] = asyncio.Event()
        switch(build, "second")
        assert await becomes(lambda: FakeCrew.loading == ["second"])
        FakeCrew.made[0].die()
        await turns()
        assert (service.failures, FakeCrew.loading) == (1, ["second"])
        FakeCrew.gates["second"].set()
        await turns()
        assert (service.id, service.plan.source.name) == ("second", "second")
        assert (max(FakeCrew.most), len(FakeCrew.made)) == (1, 2)

    serving(build, act)


def test_a_new_release_is_tried_again_when_the_machine_was_at_fault(build: Path) -> None:
    """Following goes on, whatever happens to one."""
    FakeCrew.wrong["second"] = OSError(11, "no processes are left")

    async def act(service: Service) -> None:
        switch(build, "second")
        await asyncio.sleep(0.1)
        assert service.id == "first"
        FakeCrew.wrong.clear()
        switch(build, "third")
        assert await becomes(lambda: service.id == "third")

    serving(build, act)


@pytest.mark.parametrize(
    "error", [ReleaseError("损坏", "it is damaged"), OSError(11, "it is damaged")]
)
def test_what_cannot_be_served_at_all_is_kept_to_be_told(build: Path, error: Exception) -> None:
    """To whoever started it."""
    FakeCrew.wrong["first"] = error

    async def run() -> Service:
        service = Service(plan_of(build), 2, build)
        with pytest.raises(KgError, match="it is damaged"):
            await service.start()
        await service.stop()
        return service

    service = asyncio.run(run())
    assert "it is damaged" in str(service.error)
    assert all(crew.closed for crew in FakeCrew.made)


def test_a_worker_that_was_ended_takes_no_job(build: Path) -> None:
    """Though it had answered just before: the next client would be told of an end not its own."""

    async def act(service: Service) -> None:
        pool = service.pool
        told: list[Response] = []
        for _ in range(2):
            job = pool.submit("gone", b"{}", b"", lambda _: None)
            (worker,) = pool.running
            pool.abandon(job)
            pool.answered(worker, ANSWER)
        pool.submit("other", b"{}", b"", told.append)
        await asyncio.sleep(0.05)
        assert told == []
        (worker,) = pool.running
        pool.answered(worker, ANSWER)
        await asyncio.sleep(0)
        assert [response.status for response in told] == [200]

    serving(build, act)


def test_nothing_is_started_after_its_end(build: Path) -> None:
    """A crew that ends with it is not replaced."""

    async def run() -> None:
        service = Service(plan_of(build), 2, build)
        await service.start()
        await service.stop()
        FakeCrew.made[0].die()
        switch(build, "second")
        await asyncio.sleep(0.1)
        assert len(FakeCrew.made) == 1

    asyncio.run(run())
