"""The files of the pages, read once: no request leads into the file system."""

from __future__ import annotations

from typing import Final

from kg.web.layout import STATIC
from kg.web.response import Response

__all__ = ["FILES"]

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
