"""Runs the service with uvicorn."""

from __future__ import annotations

import contextlib
import logging
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import uvicorn

from kg.errors import UsageError
from kg.web.http.app import App
from kg.web.http.connection import Connection
from kg.web.limits import raise_descriptors
from kg.web.workers.service import Service

if TYPE_CHECKING:
    from pathlib import Path

    from kg.web.workers.holding import Plan

__all__ = ["Listening", "address", "bind", "serve"]

LOG: Final = logging.getLogger("kg.web")


@dataclass(frozen=True)
class Listening:
    """Where the service listens, with how many workers, behind which proxies."""

    sock: socket.socket
    workers: int
    proxies: tuple[str, ...]


class _Few(logging.Filter):
    """Lets so many lines through a minute, and then says how many it left out."""

    def __init__(self, most: int = 100) -> None:
        super().__init__()
        self.most = most
        self.minute = self.count = 0

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether a line is written."""
        minute = int(record.created // 60)
        if minute != self.minute:
            if self.count > self.most:
                record.msg = f"({self.count - self.most} lines left out) {record.msg}"
            self.minute, self.count = minute, 0
        self.count += 1
        return self.count <= self.most


class _Server(uvicorn.Server):
    """uvicorn's, which says where it listens."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and sockets:
            print(address(sockets[0]), flush=True)  # noqa: T201 -- who started it reads it


def bind(host: str, port: int) -> socket.socket:
    """Give a socket that listens.

    Raises:
        UsageError: the address cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
    except OSError as error:
        sock.close()
        raise UsageError(
            f"无法监听 {host}:{port}：{error.strerror}",
            f"cannot listen on {host}:{port}: {error.strerror}",
        ) from error
    return sock


def address(sock: socket.socket) -> str:
    """Give the address at which a browser on this machine finds a socket."""
    host, port = sock.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 -- not bound to
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(plan: Plan, listening: Listening, follow: Path | None) -> None:
    """Serve until told to end.

    Args:
        plan: what to serve first.
        listening: where, and with how many workers.
        follow: the folder of releases whose current one is served; none for a data file.

    Raises:
        KgError: what is to be served cannot be.
    """
    raise_descriptors()
    handler = logging.StreamHandler()
    handler.addFilter(_Few())
    form = "%(asctime)s %(name)s %(message)s"
    logging.basicConfig(level=logging.INFO, format=form, handlers=[handler])
    faults = logging.getLogger("uvicorn.error")  # which else has a line for each bad request
    faults.addFilter(lambda record: record.exc_info is not None)
    service = Service(plan, listening.workers, follow)
    app = App(service, frozenset(listening.proxies))
    Connection.application = app
    config = uvicorn.Config(
        app,
        loop="uvloop",
        http=Connection,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=10,
        backlog=1024,
    )
    server = _Server(config)
    service.is_over = lambda: bool(server.should_exit)
    try:
        with contextlib.suppress(KeyboardInterrupt):  # Ctrl-C, after which all has ended
            server.run(sockets=[listening.sock])
    finally:
        if service.error is not None:  # rather than that uvicorn ends the process
            raise service.error
