"""What a worker may use: memory, processor time, and no file or socket that it has not already."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

__all__ = ["Limits", "die_with_parent", "raise_descriptors", "silence"]

PR_SET_PDEATHSIG: Final = 1
PR_SET_NO_NEW_PRIVS: Final = 38
"""https://man7.org/linux/man-pages/man2/prctl.2.html"""

LIBC: Final = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
"""Opened when the module is, since a worker can open nothing."""


@dataclass(frozen=True)
class Limits:
    """What one query may use; `memory` in bytes, `seconds` on the clock."""

    seconds: float
    memory: int
    rows: int
    bytes: int

    def hold(self) -> None:
        """Hold this process to them: more memory, a core dump, a new descriptor are refused.

        It is scheduled as one that computes, and does not interrupt those that wait for requests.
        """
        if LIBC is not None:
            LIBC.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
            with contextlib.suppress(OSError):  # a container may forbid it
                os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
            most = _address_space() + self.memory
            resource.setrlimit(resource.RLIMIT_AS, (most, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))  # those that are open stay so

    def renew(self) -> None:
        """Give the processor time of one query; past it the system ends the process."""
        used = resource.getrusage(resource.RUSAGE_SELF)
        soft = int(used.ru_utime + used.ru_stime + self.seconds) + 2
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        soft = soft if hard == resource.RLIM_INFINITY else min(soft, hard)
        resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def _address_space() -> int:
    """Give the bytes of address space that this process has now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * resource.getpagesize()


def die_with_parent(parent: int) -> None:
    """Let the system end this process when its parent ends, whatever it is doing.

    Args:
        parent: the parent's process id, since it may have ended just now.
    """
    if LIBC is not None:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)


def raise_descriptors() -> None:
    """Let this process open as many files and sockets as the system lets it, often 1024 before."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def silence() -> None:
    """Let go of the standard streams: what a dying library says of itself fills no log."""
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    os.close(null)
