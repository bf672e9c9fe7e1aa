"""Starts `kg serve` for tests, on a port of its own, and ends it."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["ending", "running", "started"]

PATIENCE = 60
"""Seconds in which a service has to answer."""
KG: Final = ("-m", "kg")
"""What Python runs."""


def started(
    *arguments: object, program: Sequence[object] = KG
) -> tuple[subprocess.Popen[bytes], str]:
    """Start `kg serve` and give the process and its address.

    Args:
        arguments: options of `kg serve`, or of `kg` before a `serve`.
        program: what Python runs as `kg`.
    """
    words = [str(argument) for argument in arguments]
    command = words if "serve" in words else ["serve", *words]
    process = subprocess.Popen(
        [sys.executable, *map(str, program), *command, "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    ready, _, _ = select.select([process.stdout], [], [], PATIENCE)
    address = process.stdout.readline().decode().strip() if ready else ""
    if not address:
        process.kill()
        process.wait()
        raise AssertionError("the service did not start")
    return process, address


@contextmanager
def ending(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """See that a service ends, whatever happens meanwhile."""
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise
        finally:
            assert process.stdout is not None
            process.stdout.close()


@contextmanager
def running(*arguments: object) -> Iterator[str]:
    """Give the address of a service, which ends afterwards."""
    process, address = started(*arguments)
    with ending(process):
        yield address
