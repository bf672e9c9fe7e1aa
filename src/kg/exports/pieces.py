"""Text as bytes, in pieces that are neither many nor large."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kg.exports.columns import Cell, Column

__all__ = ["as_json", "given", "pieces"]

PIECE: Final = 1 << 16
"""Characters that are gathered, about, before they are given."""


def pieces(texts: Iterable[str]) -> Iterator[bytes]:
    r"""Give texts as UTF-8, gathered.

    >>> list(pieces(["一", "网"]))
    [b'\xe4\xb8\x80\xe7\xbd\x91']
    """
    gathered: list[str] = []
    size = 0
    for text in texts:
        gathered.append(text)
        size += len(text)
        if size >= PIECE:
            yield "".join(gathered).encode()
            gathered.clear()
            size = 0
    if gathered:
        yield "".join(gathered).encode()


def as_json(value: object) -> str:
    """Give a value as JSON on one line, Chinese as it is."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def given(columns: Sequence[Column], values: Sequence[Cell]) -> Mapping[str, Cell]:
    """Give the values that there are, by the names of their columns."""
    return {
        column.name: value
        for column, value in zip(columns, values, strict=True)
        if value is not None
    }
