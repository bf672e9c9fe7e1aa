"""How long a service is asked anything, and whether it still is well.

Each test of this kind runs for some seconds, for longer with more in `KG_FUZZ_SECONDS`. What they
have found stands beside them as examples.
"""

from __future__ import annotations

import os
import time
from typing import Final

from exchange import exchange
from hypothesis import HealthCheck, settings

__all__ = ["GIVEN", "SECONDS", "Clock", "is_well", "lasting", "statuses"]

GIVEN: Final = os.environ.get("KG_FUZZ_SECONDS", "")
SECONDS: Final = int(GIVEN or 4)
"""Seconds for which each of them runs at the most."""


def lasting(rate: int) -> settings:
    """Give as many examples as there is time for, at a rate a second; others without a seed."""
    return settings(
        max_examples=SECONDS * rate,
        derandomize=not GIVEN,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


class Clock:
    """Tells whether there is time left, from its first look on."""

    def __init__(self) -> None:
        """Wait for the first look."""
        self.until = 0.0

    def is_up(self) -> bool:
        """Tell whether the time is over."""
        self.until = self.until or time.monotonic() + SECONDS
        return time.monotonic() > self.until


def statuses(found: bytes) -> list[int]:
    """Give the statuses of all that came, without reading it as HTTP."""
    pieces = found.split(b"HTTP/1.1 ")[1:]
    return [int(piece[:3]) for piece in pieces if piece[:3].isdigit()]


def is_well(url: str) -> bool:
    """Tell whether a service answers a good request."""
    data = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n"
    return statuses(exchange(url, data)) == [200]
