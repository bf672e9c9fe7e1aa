"""Which dataset is asked: the id and the SHA-256 of its release, on disk or behind an endpoint.

An endpoint is asked for its VoID description, beside the address that queries go to; see
https://www.w3.org/TR/void/#well-known.
"""

from __future__ import annotations

import http.client
import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, Protocol
from urllib.parse import urljoin
from urllib.request import Request

import pyoxigraph as ox

from kg.engines.remote import LIMIT, TIMEOUT, RemoteEngine
from kg.engines.transport import Clock, Deadline, received, sent
from kg.errors import EndpointError
from kg.vocabularies import node

if TYPE_CHECKING:
    from kg.engines import Engine
    from kg.release import Release

__all__ = ["Identity", "identify"]

DESCRIPTION: Final = ".well-known/void"
MEDIA_TYPE: Final = "application/n-triples"
NAMES: Final = ("dcterms:identifier", "spdx:checksumValue")
"""Properties that tell the release, and the SHA-256 of its N-Quads."""
NAME: Final = re.compile("[0-9a-f]{12}")
SHA256: Final = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True)
class Identity:
    """What is asked: `release` and `sha256` are empty where an endpoint does not tell them."""

    release: str
    sha256: str
    engine: str

    @property
    def short(self) -> str:
        """What a caption says: the release, or the address of an endpoint that does not tell."""
        return f"发布版 {self.release}" if self.release else f"{self.engine}（未告知发布版）"

    def __str__(self) -> str:
        """Give it on one line, with the whole hash."""
        return f"{self.short} · SHA-256 {self.sha256}" if self.release else self.short


class Opened(Protocol):
    """A graph that is open: a release, or an endpoint that has none."""

    @property
    def release(self) -> Release | None: ...

    @property
    def engine(self) -> Engine: ...

    @property
    def name(self) -> str: ...


def identify(graph: Opened) -> Identity:
    """Tell which dataset a graph holds; an endpoint is asked once.

    An endpoint that has no such description is named by its address alone.
    """
    if graph.release is not None:
        return Identity(graph.release.id, str(graph.release.manifest["sha256"]), graph.name)
    engine = graph.engine
    told = _described(engine) if isinstance(engine, RemoteEngine) else b""
    return _read(told, graph.name)


def _described(engine: RemoteEngine) -> bytes:
    """Give what stands at the well-known address as N-Triples; nothing where there is none."""
    url = urljoin(engine.address.url, DESCRIPTION)
    request = Request(url, headers={"Accept": MEDIA_TYPE})  # noqa: S310 -- the address is HTTP
    deadline = Deadline(Clock(), TIMEOUT)
    try:
        reply = received(sent(request, engine.address, deadline), engine.address, deadline, LIMIT)
    except (OSError, http.client.HTTPException, EndpointError):
        return b""
    found = reply.status == HTTPStatus.OK and reply.media_type == MEDIA_TYPE
    return reply.body if found else b""


def _read(told: bytes, engine: str) -> Identity:
    """Read a description; what does not name a release by its hash tells nothing."""
    try:
        triples = [quad.triple for quad in ox.parse(told, format=ox.RdfFormat.N_TRIPLES)]
    except SyntaxError:
        triples = []
    said = {
        triple.predicate.value: triple.object.value
        for triple in triples
        if isinstance(triple.object, ox.Literal)
    }
    release, whole = (said.get(node(name).value, "") for name in NAMES)
    known = NAME.fullmatch(release) and SHA256.fullmatch(whole) and whole.startswith(release)
    return Identity(release, whole, engine) if known else Identity("", "", engine)
