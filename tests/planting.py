"""How mistakes are planted in a copy of the data, and where each should be told.

Targets are chosen by content, so that later edits of the data do not matter, and each mistake
takes a block of its own, so that many can stand in one copy. Of the sources only the first is
touched: what other sources say does not matter either.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

__all__ = [
    "BLOCK", "CLAIMS", "CONCEPTS", "FOLDER", "INITIATIVES", "PLATFORMS", "REGIONS", "SOURCE",
    "TEXT", "Copy", "Mistake", "Told", "behind", "in_block", "in_file", "instead", "missing",
]  # fmt: skip

FOLDER: Final = "data/sources/2021-provincial-roundup"
"""The one source that mistakes are planted in, however many there are."""

CLAIMS: Final = f"{FOLDER}/claims/*.yaml"
SOURCE: Final = f"{FOLDER}/source.yaml"
TEXT: Final = f"{FOLDER}/text.txt"
CONCEPTS: Final = "data/concepts.yaml"
PLATFORMS: Final = "data/platforms.yaml"
INITIATIVES: Final = "data/initiatives.yaml"
REGIONS: Final = "data/regions.csv"

BLOCK: Final = re.compile(r"  - (?:key|region): (\S+)\n(?:    .*\n)*")
"""A block of a list: its first line names it, the others are indented."""


@dataclass(frozen=True)
class Told:
    """Where a mistake should be told: on the line of `at`, sought from `after` on."""

    file: str
    word: str
    after: str = ""
    at: str = ""

    def line(self, root: Path) -> int:
        """Give the line, counted when all mistakes are planted."""
        path = root / self.file
        text = path.read_bytes().decode("utf-8", "replace") if path.is_file() else ""
        return text.count("\n", 0, text.index(self.at, text.index(self.after))) + 1


@dataclass
class Copy:
    """A copy of the data, and what of it mistakes have taken already."""

    root: Path
    blocks: set[tuple[str, str]] = field(default_factory=set)
    taken: set[str] = field(default_factory=set)
    """Files that hold a mistake."""
    closed: set[str] = field(default_factory=set)
    """Files that can hold no further one."""

    def files(self, pattern: str) -> Iterator[str]:
        """Give the files that can still hold a mistake."""
        for path in sorted(self.root.glob(pattern)):
            if (name := path.relative_to(self.root).as_posix()) not in self.closed:
                yield name

    def untouched(self) -> str:
        """Give the last claims file without a mistake, and close it."""
        name = [name for name in self.files(CLAIMS) if name not in self.taken][-1]
        self.closed.add(name)
        return name

    def read(self, name: str) -> str:
        """Give the text of a file."""
        return (self.root / name).read_text(encoding="utf-8")

    def write(self, name: str, text: str) -> None:
        """Replace the text of a file."""
        (self.root / name).write_text(text, encoding="utf-8", newline="")
        self.taken.add(name)

    def free(self, pattern: str) -> Iterator[tuple[str, re.Match[str]]]:
        """Give each block without a mistake: its file, and the match of its text and key."""
        for name in self.files(pattern):
            for block in BLOCK.finditer(self.read(name)):
                if (name, block.group(1)) not in self.blocks:
                    yield name, block

    def put(self, name: str, block: re.Match[str], text: str) -> None:
        """Replace the text of a block, and take it."""
        whole = self.read(name)
        assert whole.count(block.group()) == 1
        self.write(name, whole.replace(block.group(), text))
        keys = {found.group(1) for found in (block, BLOCK.match(text)) if found}
        self.blocks.update((name, key) for key in keys)

    def keep(self, name: str, key: str) -> None:
        """Take a block on which a mistake elsewhere rests."""
        self.blocks.add((name, key))


Mistake: TypeAlias = "Callable[[Copy], Told]"


# --- makers of mistakes -------------------------------------------------------------------


def in_block(pattern: str, old: str, new: str, word: str, at: str | None = None) -> Mistake:
    """Make a mistake: in the first block that has `old`, a regular expression, put `new`.

    It is told at the line of `at` in the block; left out, at that of `new`; "" is the head's.
    """

    def plant(copy: Copy) -> Told:
        for name, block in copy.free(pattern):
            if match := re.search(old, block.group()):
                said = match.expand(new)
                changed = block.group()[: match.start()] + said + block.group()[match.end() :]
                copy.put(name, block, changed)
                place = said.lstrip("\n").partition("\n")[0] if at is None else at
                return Told(name, word, changed, place)
        raise AssertionError(old)

    return plant


def in_file(pattern: str, old: str, new: str, word: str, at: str | None = None) -> Mistake:
    """Make a mistake: in the first file that has `old`, a regular expression, put `new`."""

    def plant(copy: Copy) -> Told:
        for name in copy.files(pattern):
            text = copy.read(name)
            if match := re.search(old, text, re.MULTILINE):
                said = match.expand(new)
                copy.write(name, text[: match.start()] + said + text[match.end() :])
                return Told(name, word, at=said if at is None else at)
        raise AssertionError(old)

    return plant


def behind(end: str, word: str, at: str) -> Mistake:
    """Make a mistake: put some lines behind the end of a claims file, which it spoils."""

    def plant(copy: Copy) -> Told:
        name = copy.untouched()
        copy.write(name, copy.read(name) + end)
        return Told(name, word, at=at)

    return plant


def instead(make: Callable[[bytes], bytes], word: str, at: str = "") -> Mistake:
    """Make a mistake: replace the bytes of a claims file, which it spoils."""

    def plant(copy: Copy) -> Told:
        name = copy.untouched()
        path = copy.root / name
        path.write_bytes(make(path.read_bytes()))
        return Told(name, word, at=at)

    return plant


def missing(name: str) -> Mistake:
    """Make a mistake: delete a file."""

    def plant(copy: Copy) -> Told:
        (copy.root / name).unlink()
        return Told(name, "cannot be read")

    return plant
