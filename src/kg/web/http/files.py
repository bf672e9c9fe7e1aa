"""The files of the pages, read once: no request leads into the file system."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Final

from kg.web.html.layout import STATIC
from kg.web.response import Response, compressed

__all__ = ["FILES", "file_of"]

TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}
"""Suffix -> media type; other files are not given out."""


def _read() -> dict[str, Response]:
    return {
        path.relative_to(STATIC).as_posix(): Response(200, TYPES[path.suffix], path.read_bytes())
        for path in sorted(STATIC.rglob("*"))
        if path.suffix in TYPES
    }


FILES: Final = _read()
"""Path below `/static/` -> what is answered."""


@lru_cache(maxsize=64)
def file_of(name: str, coding: str) -> Response:
    """Give one of the files in a content coding, with the ETag of these bytes."""
    found = compressed(FILES[name], coding)
    return found._replace(etag=f'"{hashlib.blake2b(found.body, digest_size=12).hexdigest()}"')
