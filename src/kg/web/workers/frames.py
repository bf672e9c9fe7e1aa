"""How the processes of the service talk: frames of a short head in JSON and a body of bytes."""

from __future__ import annotations

import json
import struct
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator

__all__ = ["LONGEST_MESSAGE", "Frame", "FrameError", "Head", "Reader", "packed", "receive", "told"]

SIZES: Final = struct.Struct("!II")
"""The bytes of head and body, before both."""
PIECE: Final = 1 << 18
"""Bytes that are received at once."""

LONGEST_MESSAGE: Final = 1 << 16
"""Bytes of the longest message between loader and service."""

SHORT: Final = 1024
"""Bytes of a head that is kept, read."""

Head: TypeAlias = dict[str, Any]


class FrameError(Exception):
    """What came is not the beginning of a frame, or more than one may hold."""


class Frame(NamedTuple):
    """A head, which nobody changes, and a body."""

    head: Head
    body: bytes


def told(head: Head) -> bytes:
    """Give a head as bytes."""
    return json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()


def _read(head: bytes) -> Head:
    """Give a head that came; most are short, and like one that came before."""
    if len(head) <= SHORT:
        return _known(head)
    found: Head = json.loads(head)
    return found


@lru_cache(maxsize=256)
def _known(head: bytes) -> Head:
    found: Head = json.loads(head)
    return found


def packed(head: bytes, body: bytes = b"") -> bytes:
    """Give a frame as bytes."""
    return b"".join((SIZES.pack(len(head), len(body)), head, body))


class Reader:
    """Puts frames together from bytes as they come."""

    def __init__(self, most: int) -> None:
        """Begin.

        Args:
            most: bytes that a frame may have.
        """
        self.most = most
        self.held = bytearray()

    def feed(self, data: bytes) -> Iterator[Frame]:
        """Take bytes and give the frames that are whole.

        Raises:
            FrameError: a frame would have more bytes than it may.
        """
        held = self.held
        held += data
        while len(held) >= SIZES.size:
            head, body = SIZES.unpack_from(held)
            end = SIZES.size + head + body
            if end > self.most:
                raise FrameError(end)
            if len(held) < end:
                return
            whole = bytes(held[:end])
            del held[:end]
            start = SIZES.size + head
            yield Frame(_read(whole[SIZES.size : start]), whole[start:])


def receive(sock: socket.socket) -> Frame | None:
    """Wait for a frame; none when the other side has gone."""
    data = sock.recv(PIECE)
    while len(data) < SIZES.size or len(data) < SIZES.size + sum(SIZES.unpack_from(data)):
        more = sock.recv(PIECE)
        if not more:
            return None
        data += more
    start = SIZES.size + SIZES.unpack_from(data)[0]
    return Frame(_read(data[SIZES.size : start]), data[start:])
