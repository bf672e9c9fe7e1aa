"""Counts long answers and long bodies on their way, so that slow clients do not fill the memory."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from kg.web.http.delivery import CHUNK
from kg.web.response import tell

if TYPE_CHECKING:
    from kg.web.response import Response

__all__ = ["UNREAD", "Outgoing", "busy"]

LONG: Final = CHUNK
"""Bytes beyond which an answer, or the body of a request, is long: it does not go out at once."""
IN_ALL: Final = 256 << 20
"""Bytes of long ones that may be on their way at once."""
OF_CLIENT: Final = IN_ALL // 4
"""The same of one client."""
UNREAD: Final = ("正在发送的长答案过多", "too many long answers are on their way")
"""What is told to who has no share left."""


class Outgoing:
    """The bytes of long answers, or of long bodies, that are on their way, by client."""

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

    def grow(self, client: str, before: int, size: int) -> bool:
        """Count anew a body of which more has come; tell whether it may be, else it is let go."""
        self.release(client, before)
        return self.reserve(client, size)

    def release(self, client: str, size: int) -> None:
        """Count an answer that has arrived, or was given up."""
        if size > LONG:
            self.bytes[client] -= size
            if not self.bytes[client]:
                del self.bytes[client]


def busy(zh: str, en: str) -> Response:
    """Tell that too much is on its way."""
    return tell(503, zh, en, {"retry-after": "10"})
