"""An application over a service that is none: what a worker is told for a request."""

from __future__ import annotations

import asyncio
import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import unquote

from kg.web.http.app import App
from kg.web.response import Response
from kg.web.workers.pool import Job
from kg.web.workers.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.web.workers.service import Service

__all__ = ["BROWSER", "HTML", "JSON", "FakeService", "Site", "answer"]

HTML: Final = {"accept": "text/html"}
BROWSER: Final = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
JSON: Final = {"accept": "application/json"}


class FakeService:
    """A service whose only worker is the test."""

    def __init__(self, *, is_release: bool = True) -> None:
        """Begin with a release, or with a data file."""
        self.id = "first"
        self.is_up = True
        self.plan = SimpleNamespace(is_release=is_release, public_url="http://test")
        self.dataset = None
        self.pool = self
        self.on_switch: Callable[[], None] = lambda: None
        self.heads: list[dict[str, Any]] = []
        self.abandoned: list[object] = []
        self.respond: Callable[[dict[str, Any]], Response] | None = answer
        self.turns: Turns[int] = Turns()
        self.idle: list[int] = []
        self.running: dict[int, int] = {}
        self.slow, self.ended = 0, {"time": 1}

    def submit(
        self, client: str, head: bytes, body: bytes, done: Callable[[Response], None]
    ) -> Job:
        """Take a job, and answer it unless it is to last."""
        found = json.loads(head)
        self.heads.append(found)
        job = Job(client, head + body, done, 0.0)
        release = self.id
        if self.respond is not None:
            done(self.respond(found)._replace(release=release))
        return job

    def abandon(self, job: object) -> None:
        """Remember which."""
        self.abandoned.append(job)

    def switch(self) -> None:
        """Serve another release."""
        self.id = "second"
        self.on_switch()


def answer(head: dict[str, Any]) -> Response:
    """Tell what was asked for."""
    return Response(200, "text/plain", json.dumps(head).encode())


class Site:
    """An application over a service that is none, and what it answers."""

    def __init__(self, *, is_release: bool = True) -> None:
        """Begin."""
        self.service = FakeService(is_release=is_release)
        self.app = App(cast("Service", self.service))

    async def asked(
        self,
        target: str,
        headers: dict[str, str] | None = None,
        *,
        method: str = "GET",
        receive: Callable[[], Any] | None = None,
    ) -> Response:
        """Ask over ASGI."""
        path, _, query = target.partition("?")
        scope = {
            "type": "http",
            "method": method,
            "path": unquote(path, errors="replace"),
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": [(n.lower().encode(), v.encode()) for n, v in (headers or {}).items()],
            "client": ("192.0.2.1", 1),
        }
        told: list[Any] = []

        async def send(message: Any) -> None:  # noqa: ANN401 -- as ASGI has it
            told.append(message)

        async def nothing() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        await self.app(scope, receive or nothing, send)
        if not told:
            return Response(0, "", b"")
        found = {name.decode(): value.decode() for name, value in told[0]["headers"]}
        body = b"".join(message["body"] for message in told[1:])
        return Response(told[0]["status"], found.get("content-type", ""), body, found)

    def ask(
        self, target: str, headers: dict[str, str] | None = None, *, method: str = "GET"
    ) -> Response:
        """Ask, and wait for the answer."""
        return asyncio.run(self.asked(target, headers, method=method))

    def head(self, target: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
        """Give what a worker is told for a request."""
        response = self.ask(target, headers)
        assert response.status == 200, response.body
        found: dict[str, Any] = json.loads(response.body)
        return found
