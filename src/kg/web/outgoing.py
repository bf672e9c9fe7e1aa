"""Counts the long answers that are on their way, so that slow readers do not fill the memory."""

from __future__ import annotations

from collections import Counter
from typing import Final

from kg.web.response import TEXT, Response

__all__ = ["Outgoing", "busy"]

LONG: Final = 1 << 16
"""Bytes from which an answer is long."""
IN_ALL: Final = 256 << 20
"""Bytes of long answers that may be on their way at once."""
OF_CLIENT: Final = IN_ALL // 4
"""The same of one client."""


class Outgoing:
    """The bytes of long answers that are on their way, by client."""

    def __init__(self) -> None:
        """Begin with none."""
        self.bytes: Counter[str] = Counter()

    def reserve(self, client: str, size: int) -> bool:
        """Count an answer that is to be sent; tell whether it may be."""
        if size <= LONG:
            return True
        if self.bytes[client] + size > OF_CLIENT or self.bytes.total() + size > IN_ALL:
            return False
        self.bytes[client] += size
        return True

    def release(self, client: str, size: int) -> None:
        """Count an answer that has arrived, or was given up."""
        if size > LONG:
            self.bytes[client] -= size
            if not self.bytes[client]:
                del self.bytes[client]


def busy() -> Response:
    """Tell that too much is on its way."""
    said = "正在发送的长答案过多\ntoo many long answers are on their way\n"
    return Response(503, TEXT, said.encode(), {"retry-after": "10"})
