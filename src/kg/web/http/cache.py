"""Keeps whole answers of a release, the least used given up first."""

from __future__ import annotations

from collections import OrderedDict
from typing import Generic, TypeVar

__all__ = ["Cache"]

K = TypeVar("K")
V = TypeVar("V")


class Cache(Generic[K, V]):
    """Values by key, as many as their bytes allow; one may have half of them.

    >>> cache = Cache(10)
    >>> for key in "abc":
    ...     cache.put(key, key.upper(), 4)
    >>> [cache.get(key) for key in "abc"]
    [None, 'B', 'C']
    """

    def __init__(self, most: int) -> None:
        """Begin empty.

        Args:
            most: bytes that all values may have together.
        """
        self.most = most
        self.held: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self.size = 0

    def get(self, key: K) -> V | None:
        """Give a value, which is then the last to be given up; none where there is none."""
        found = self.held.get(key)
        if found is None:
            return None
        self.held.move_to_end(key)
        return found[0]

    def put(self, key: K, value: V, size: int) -> None:
        """Keep a value of a size in bytes, unless that is too much for one."""
        before = self.held.pop(key, None)
        if before is not None:
            self.size -= before[1]
        if size > self.most // 2:
            return
        self.held[key] = value, size
        self.size += size
        while self.size > self.most:
            _, (_, gone) = self.held.popitem(last=False)
            self.size -= gone

    def clear(self) -> None:
        """Give up all."""
        self.held.clear()
        self.size = 0
