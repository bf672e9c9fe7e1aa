"""What a query of the SPARQL protocol has a worker do, and the ETag of what comes of it."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Final, NamedTuple

from kg import __version__
from kg.web import negotiation
from kg.web.http.delivery import header, not_modified
from kg.web.sparql.bounds import glance
from kg.web.workers.frames import told

if TYPE_CHECKING:
    from kg.web.http.delivery import Scope
    from kg.web.protocol import Asked
    from kg.web.response import Response
    from kg.web.workers.frames import Head

__all__ = ["Work", "etag", "plan"]

VERSION: Final = __version__.encode()


class Work(NamedTuple):
    """What a worker is to do, and the ETag of what comes of it from a release.

    There is no ETag where two answers to the query may differ.
    """

    head: bytes
    body: bytes
    etag: str
    release: str


def plan(scope: Scope, asked: Asked, release: str) -> Response | Work | None:
    """Give what a worker is to do, or the answer that needs none; nothing without a query.

    Args:
        scope: the request.
        asked: what it asks.
        release: the id of what is served.

    Raises:
        KgError: the query is not let through, or there is no such format.
    """
    if asked.query is None:
        return None
    accept = header(scope, b"accept")
    wanted = negotiation.wanted(accept, asked.format)
    plain, stable = glance(asked.query)
    coding = negotiation.coding(header(scope, b"accept-encoding"))
    make = _head.__wrapped__ if asked.default or asked.named else _head  # not kept
    of_all = (wanted, coding, asked.default, asked.named, not plain)
    head, body = make(*of_all, as_json=False), asked.query.encode()
    found = etag(release, head, body) if stable else ""
    if negotiation.wants_json(accept):  # errors, which have no ETag
        head = make(*of_all, as_json=True)
    return not_modified(scope, found) or Work(head, body, found, release)


def etag(release: str, *facts: bytes) -> str:
    """Give the ETag of what a release answers to something, before it is asked."""
    said = b"\0".join((VERSION, release.encode(), *facts))
    return f'"{blake2b(said, digest_size=20).hexdigest()}"'


@lru_cache(maxsize=256)
def _head(
    wanted: tuple[str, str],
    coding: str,
    default: tuple[str, ...],
    named: tuple[str, ...],
    closer: bool,
    as_json: bool,
) -> bytes:
    head: Head = {"op": "sparql", "wanted": wanted, "coding": coding}
    if default or named:
        head |= {"default": default, "named": named}
    if closer:
        head["closer"] = True
    if as_json:
        head["json"] = True
    return told(head)
