"""A worker: answers one request after another, within limits, until its service has gone."""

from __future__ import annotations

import os
import sys
import traceback
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NoReturn

from kg.errors import KgError, TooMuchError
from kg.web.response import FAULT, compressed, failure, tell
from kg.web.workers.frames import packed, receive, told
from kg.web.workers.operations import OPERATIONS

if TYPE_CHECKING:
    import socket

    from kg.web.response import Response
    from kg.web.workers.holding import Holding

__all__ = ["respond", "work"]


def work(sock: socket.socket, holding: Holding) -> NoReturn:
    """Answer what comes over a socket; the process ends when nothing more can.

    A worker that ran out of memory, or into a fault of ours, ends after it has said so: nobody
    knows what is left whole.
    """
    holding.plan.limits.hold()
    try:
        while (frame := receive(sock)) is not None:
            holding.plan.limits.renew()
            _say(sock, respond(holding, frame.head, frame.body))
    finally:
        try:
            if sys.exc_info()[0] is not None:
                _say(sock, _fault(), is_last=True)
        finally:  # whatever becomes of that: a worker never goes on as a loader would
            os._exit(0)


def _say(sock: socket.socket, response: Response, *, is_last: bool = False) -> None:
    headers = tuple(response.headers.items())
    head = _head(response.status, response.media_type, headers, is_last)
    sock.sendall(packed(head, response.body))


def _fault() -> Response:
    """Tell that there is too little memory, or a fault of ours: to the log what it is."""
    if isinstance(sys.exc_info()[1], MemoryError):
        error = TooMuchError(
            "查询所需内存超过上限", "the query needs more memory than a query may use"
        )
        return failure(error)
    fault = {FAULT: traceback.format_exc()[-4000:]}
    return tell(500, "服务内部出错", "something is wrong within the service", fault)


@lru_cache(maxsize=64)
def _head(
    status: int, media_type: str, headers: tuple[tuple[str, str], ...], is_last: bool
) -> bytes:
    last = {"last": True} if is_last else {}
    return told({"status": status, "type": media_type, "headers": dict(headers), **last})


def respond(holding: Holding, head: dict[str, Any], body: bytes) -> Response:
    """Answer one request.

    Args:
        holding: what is asked.
        head: the operation's name `op`, and what it needs.
        body: the query, of an operation that has one.
    """
    try:
        response = OPERATIONS[head["op"]](holding, head, body)
    except KgError as error:
        response = failure(error, as_json=bool(head.get("json")))
    return compressed(response, head.get("coding", ""))
