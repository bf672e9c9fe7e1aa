"""A fair queue: clients take turns, whoever has many jobs waiting."""

from __future__ import annotations

from collections import OrderedDict, deque
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Turns"]

T = TypeVar("T")


class Turns(Generic[T]):
    """Jobs that wait, by client; each client in its turn gives its oldest.

    >>> turns = Turns()
    >>> for client, job in (("a", 1), ("a", 2), ("a", 3), ("b", 4)):
    ...     turns.put(client, job)
    >>> [turns.take() for _ in range(4)]
    [1, 4, 2, 3]
    """

    def __init__(self) -> None:
        """Begin without jobs."""
        self.waiting: OrderedDict[str, deque[T]] = OrderedDict()
        self.count = 0

    def __len__(self) -> int:
        """Count the jobs that wait."""
        return self.count

    def of(self, client: str) -> int:
        """Count the jobs of a client that wait."""
        return len(self.waiting.get(client, ()))

    def put(self, client: str, job: T) -> None:
        """Let a job wait behind the others of its client."""
        self.waiting.setdefault(client, deque()).append(job)
        self.count += 1

    def put_back(self, client: str, job: T) -> None:
        """Let a job wait before the others of its client, and the client before the others."""
        self.waiting.setdefault(client, deque()).appendleft(job)
        self.waiting.move_to_end(client, last=False)
        self.count += 1

    def remove(self, client: str, job: T) -> None:
        """Let a job wait no more."""
        jobs = self.waiting.get(client, deque())
        if job in jobs:
            jobs.remove(job)
            self.count -= 1
            if not jobs:
                del self.waiting[client]

    def drop(self, is_over: Callable[[T], bool]) -> Iterator[T]:
        """Give the jobs that have waited too long, which wait no more; each client's oldest first.

        Args:
            is_over: tells whether a job is one of them.
        """
        for client, jobs in list(self.waiting.items()):
            while jobs and is_over(jobs[0]):
                self.count -= 1
                yield jobs.popleft()
            if not jobs:
                self.waiting.pop(client, None)

    def take(self) -> T:
        """Take the oldest job of the client whose turn it is.

        Raises:
            KeyError: none waits.
        """
        client, jobs = self.waiting.popitem(last=False)
        job = jobs.popleft()
        if jobs:
            self.waiting[client] = jobs
        self.count -= 1
        return job
