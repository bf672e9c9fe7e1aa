"""The loader: holds what is served and forks workers that share it.

`python -m kg.web.workers.loader` is started with the number of a socket (datagrams) whose other
end its service has, and is told in JSON: first the plan, then `fork` and `reap`. A worker's
process id stays its own until its service has it reaped, so that no other process can be killed
in its place.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from kg.errors import KgError, ProblemsError
from kg.web.limits import Limits, die_with_parent, silence
from kg.web.workers.frames import LONGEST_MESSAGE
from kg.web.workers.holding import Holding, Plan, hold
from kg.web.workers.worker import work

__all__ = ["main"]

PROBLEMS: Final = 20
"""Problems that are told of wrong questions."""


def main() -> None:
    """Hold what is told, say so, and fork and reap on demand until the service has gone."""
    die_with_parent(int(sys.argv[2]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the service, which then ends us
    with socket.socket(fileno=int(sys.argv[1])) as control:
        told = json.loads(control.recv(LONGEST_MESSAGE))
        try:
            holding = hold(_plan(told))
        except KgError as error:
            _say(control, _failed(error))
            return
        _say(control, {"event": "ready", "id": holding.id})
        while message := control.recv(LONGEST_MESSAGE):
            _obey(control, holding, json.loads(message))


def _plan(told: dict[str, Any]) -> Plan:
    return Plan(
        Path(told["root"]),
        Path(told["source"]),
        told["is_release"],
        told["public_url"],
        Limits(**told["limits"]),
    )


def _failed(error: KgError) -> dict[str, Any]:
    """Tell an error; of its problems as many as a message surely holds."""
    problems = error.problems[:PROBLEMS] if isinstance(error, ProblemsError) else ()
    return {
        "event": "failed",
        "kind": type(error).__name__,
        "zh": error.zh,
        "en": error.en,
        "problems": [asdict(problem) for problem in problems],
    }


def _say(control: socket.socket, event: dict[str, Any], *descriptors: int) -> None:
    socket.send_fds(control, [json.dumps(event).encode()], descriptors)


def _obey(control: socket.socket, holding: Holding, order: dict[str, Any]) -> None:
    if "reap" in order:
        _, status = os.waitpid(order["reap"], 0)
        _say(control, {"event": "reaped", "pid": order["reap"], "status": status})
        return
    for _ in range(order["fork"]):
        _fork(control, holding)


def _fork(control: socket.socket, holding: Holding) -> None:
    """Fork a worker, and hand over the other end of its socket."""
    ours, theirs = socket.socketpair()
    loader = os.getpid()
    try:
        pid = os.fork()
    except OSError:  # no room for another process is no reason to end those that run
        ours.close()
        theirs.close()
        _say(control, {"event": "lacking"})
        return
    if pid == 0:
        die_with_parent(loader)
        ours.close()
        control.close()
        silence()
        work(theirs, holding)
    theirs.close()
    _say(control, {"event": "worker", "pid": pid}, ours.fileno())
    ours.close()


if __name__ == "__main__":
    main()
