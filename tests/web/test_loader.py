"""A loader forks what it is told to, and goes on where the machine has no room."""

from __future__ import annotations

import errno
import itertools
import json
import os
import socket
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from kg.web.workers.frames import LONGEST_MESSAGE
from kg.web.workers.loader import _obey

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.web.workers.holding import Holding


def events(order: dict[str, Any]) -> list[tuple[dict[str, Any], int]]:
    """Give what a loader tells after an order, each with the number of its descriptors."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    found: list[tuple[dict[str, Any], int]] = []

    def obey() -> None:
        with theirs:
            _obey(theirs, cast("Holding", None), order)

    thread = threading.Thread(target=obey)
    thread.start()
    with ours:
        while True:
            data, descriptors, _, _ = socket.recv_fds(ours, LONGEST_MESSAGE, 1)
            for descriptor in descriptors:
                os.close(descriptor)
            if not data:
                break
            found.append((json.loads(data), len(descriptors)))
    thread.join()
    return found


@pytest.fixture
def forking(monkeypatch: pytest.MonkeyPatch) -> Callable[[set[int]], None]:
    """Give a function that puts counting in the place of forking."""

    def put(failing: set[int]) -> None:
        pids = itertools.count(1)

        def fork() -> int:
            pid = next(pids)
            if pid in failing:
                raise BlockingIOError(errno.EAGAIN, "no room for another process")
            return pid

        monkeypatch.setattr(os, "fork", fork)

    put(set())
    return put


@pytest.mark.usefixtures("forking")
@pytest.mark.parametrize("count", [0, 1, 3, 300])
def test_an_order_forks_as_many_as_it_says(count: int) -> None:
    """Each is told with its end of a socket."""
    expected = [({"event": "worker", "pid": pid}, 1) for pid in range(1, count + 1)]
    assert events({"fork": count}) == expected


def test_a_worker_that_cannot_be_forked_is_told(forking: Callable[[set[int]], None]) -> None:
    """The others are, the loader goes on, and nothing is left open."""
    forking({2, 3})
    before = len(list(Path("/proc/self/fd").iterdir()))
    lacking = ({"event": "lacking"}, 0)
    first, last = (({"event": "worker", "pid": pid}, 1) for pid in (1, 4))
    assert events({"fork": 4}) == [first, lacking, lacking, last]
    assert len(list(Path("/proc/self/fd").iterdir())) == before
