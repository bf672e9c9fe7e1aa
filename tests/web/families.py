"""Processes of this machine: what one has started, which of them run, and waiting for them."""

from __future__ import annotations

import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from exchange import ask
from service import ending, started

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator

__all__ = [
    "PATIENCE",
    "alive",
    "children",
    "crew",
    "is_at_work",
    "processes",
    "processing",
    "within",
]

PATIENCE: Final = 30
"""Seconds in which everything has to have become so."""


def within(is_so: Callable[[], bool], seconds: float = PATIENCE) -> bool:
    """Tell whether something becomes so in time."""
    until = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def children(pid: int) -> set[int]:
    """Give the processes that a process has started itself."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        words = " ".join((task / "children").read_text(encoding="ascii") for task in tasks)
    except OSError:  # it has just ended
        return set()
    return {int(word) for word in words.split()}


def processes(pid: int) -> set[int]:
    """Give a process and all that it started, and those, by their ids."""
    found, waiting = {pid}, [pid]
    while waiting:
        new = children(waiting.pop()) - found
        found |= new
        waiting += new
    return found


def alive(pids: set[int]) -> set[int]:
    """Give those that still run."""
    found = set()
    for pid in pids:
        try:
            stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
        except OSError:
            continue
        if stat.rpartition(")")[2].split()[0] != "Z":
            found.add(pid)
    return found


def crew(pid: int) -> set[int]:
    """Give a service with two workers: itself, its loader, the workers and a spare one."""
    assert within(lambda: len(processes(pid)) >= 5)
    return processes(pid)


def is_at_work(url: str) -> bool:
    """Tell whether a worker of a service is answering."""
    lines = ask(url, "/metrics").text.splitlines()
    states = ('kg_workers{state="busy"} ', 'kg_workers{state="slow"} ')
    return any(line.startswith(states) and not line.endswith(" 0.0") for line in lines)


@contextmanager
def processing(*arguments: object) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Give the process and the address of a service, which ends afterwards."""
    process, url = started(*arguments)
    with ending(process):
        yield process, url
