"""What an exporter is: a function that gives the bytes of a file, or of the files of a folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

__all__ = ["Exporter", "FolderExporter", "Watch", "always", "unwatched"]

T = TypeVar("T")
Item = TypeVar("Item")


class Watch(Protocol):
    """Looks on while a writer goes through its items, to show how far it is."""

    def __call__(self, items: Sequence[Item]) -> Iterable[Item]:
        """Give the items as they are, one after the other."""


def always() -> None:
    """Have all that a format needs."""


def unwatched(items: Sequence[Item]) -> Iterable[Item]:
    """Give the items; nobody looks on."""
    return items


@dataclass(frozen=True)
class Exporter(Generic[T]):
    """A format that is one file.

    Args:
        suffix: of the file, with its dot.
        media_type: as the web calls it.
        zh: what it is for, in Chinese.
        en: what it is for, in English.
        write: gives the bytes, piece by piece; equal values give equal bytes.
        check: raises NotInstalledError where a library of the format is missing.
        others: suffixes that such files have as well.
    """

    suffix: str
    media_type: str
    zh: str
    en: str
    write: Callable[[T, Watch], Iterator[bytes]]
    check: Callable[[], None] = always
    others: tuple[str, ...] = ()

    def fits(self, suffix: str) -> bool:
        """Tell whether a file may end so; one without an end may."""
        return suffix.lower() in {"", self.suffix, *self.others}


@dataclass(frozen=True)
class FolderExporter(Generic[T]):
    """A format that is a folder of files; `-o x.zip` and `-o -` make one file of it.

    Args:
        zh: what it is for, in Chinese.
        en: what it is for, in English.
        write: gives the name of each file, with slashes, and its bytes, piece by piece; each
            file is to be taken before the next one is asked for.
        check: raises NotInstalledError where a library of the format is missing.
    """

    zh: str
    en: str
    write: Callable[[T, Watch], Iterator[tuple[str, Iterator[bytes]]]]
    check: Callable[[], None] = always
