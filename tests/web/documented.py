"""Reads docs/serving.md for tests: its examples with what they print, its tables, its commands."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from graph_fixtures import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["ADDRESS", "PAGE", "Example", "commands", "examples", "fits", "section", "table"]

PAGE: Final = ROOT / "docs" / "serving.md"

ADDRESS: Final = "http://127.0.0.1:8000"
"""Where the examples have the service."""

PIECE: Final = re.compile(
    r"^### (?P<title>[^\n]+)$|^```(?P<language>\w+)\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True)
class Example:
    """An example below a heading, its language, and the text block behind it: what it prints."""

    title: str
    language: str
    code: str
    printed: str

    def at(self, url: str) -> str:
        """Give the code with the address of a service that runs."""
        assert ADDRESS in self.code
        return self.code.replace(ADDRESS, url)


def section(title: str) -> str:
    """Give what stands below a heading of the page that begins so."""
    found = re.search(
        rf"^## {re.escape(title)}.*?\n(.*?)(?=^## |\Z)",
        PAGE.read_text(encoding="utf-8"),
        re.MULTILINE | re.DOTALL,
    )
    assert found is not None, title
    return found[1]


def table(title: str) -> list[list[str]]:
    """Give the rows of the first table below a heading, cell by cell, its head apart."""
    lines = [line for line in section(title).split("\n") if line.startswith("|")]
    return [
        [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip("|"))] for line in lines[2:]
    ]


def examples() -> Iterator[Example]:
    """Give the examples of asking; each has a text block behind it."""
    title = language = code = ""
    for piece in PIECE.finditer(section("提问")):
        if piece["title"]:
            title = piece["title"]
        elif piece["language"] == "text":
            yield Example(title, language, code, piece["code"])
            language = code = ""
        else:
            assert not code, f"{title}: an example without what it prints"
            language, code = piece["language"], piece["code"]
    assert not code, f"{title}: an example without what it prints"


def fits(printed: str, found: str) -> bool:
    """Tell whether what came is what the page says; `…` stands for anything."""
    wanted = ".*".join(re.escape(part) for part in printed.strip().split("…"))
    plain = "\n".join(line.rstrip() for line in found.strip().splitlines())
    return re.fullmatch(wanted, plain, re.DOTALL) is not None


def commands(path: Path, word: str) -> list[list[str]]:
    """Give the commands of a document's shell blocks that begin with a word, split into words."""
    text = path.read_text(encoding="utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    lines = "\n".join(blocks).replace("\\\n", " ").split("\n")
    return [shlex.split(line, comments=True) for line in lines if line.startswith(f"{word} ")]
