"""A SPARQL service to test against: Oxigraph's server over a dataset, on loopback."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sysconfig
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

SERVER: Final = Path(sysconfig.get_path("scripts")) / "oxigraph"
"""The program that the package `oxigraph` brings; without it, starting fails and tells so."""

Command = list[str | Path]

STARTING: Final = 60
"""Seconds that a server may take until it answers."""

TRIES: Final = 3
"""Ports that are tried: another program may take a free one before the server does."""


@contextlib.contextmanager
def serving(dataset: Path, store: Path) -> Iterator[str]:
    """Serve an N-Quads file, its default graph the union of all; give the URL to ask.

    Args:
        dataset: the file.
        store: a folder for the server's store, which must not exist.
    """
    load: Command = [SERVER, "load", "--location", store, "--file", dataset]
    subprocess.run(load, check=True, capture_output=True)
    with _started(store) as url:
        yield url


@contextlib.contextmanager
def _started(store: Path) -> Iterator[str]:
    for _ in range(TRIES):
        with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as free:
            place = f"127.0.0.1:{free.getsockname()[1]}"
        serve: Command = [SERVER, "serve-read-only", "--location", store, "--bind", place]
        log = store.with_suffix(".log")
        with log.open("ab") as output, _ended(
            subprocess.Popen([*serve, "--union-default-graph"], stdout=output, stderr=output)
        ) as server:  # fmt: skip
            if _answers(f"http://{place}/", server):
                yield f"http://{place}/query"
                return
    raise RuntimeError(f"the server does not start: {log.read_text(encoding='utf-8')}")


@contextlib.contextmanager
def _ended(server: subprocess.Popen[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """End a server whatever happens."""
    with server:
        try:
            yield server
        finally:
            server.kill()


def _answers(url: str, server: subprocess.Popen[bytes]) -> bool:
    """Wait until a server answers; tell whether it does."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    end = time.monotonic() + STARTING
    while server.poll() is None and time.monotonic() < end:
        with contextlib.suppress(OSError), opener.open(url, timeout=5) as response:
            return bool(response.status)
        time.sleep(0.02)
    return False
