"""What the documents say of the data is what the data is."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

import pytest
from graph_fixtures import ROOT

from kg.curation import read
from kg.project import Project

KINDS: Final = (
    "target",
    "milestone",
    "achievement",
    "framework",
    "platform-claim",
    "initiative-claim",
)


def counts() -> tuple[list[int], list[int]]:
    """Count claims in all and by kind, and concepts, platforms, initiatives."""
    corpus = read(Project(ROOT, ROOT / "build"))
    kinds: Counter[str] = Counter()
    for folder in corpus.sources:
        kinds += folder.kinds
    claims = [kinds.total(), *(kinds[kind] for kind in KINDS)]
    return claims, [len(corpus.concepts), len(corpus.platforms), len(corpus.initiatives)]


@pytest.mark.parametrize(
    ("name", "claims", "things"),
    [
        ("README.md", r"^\| claims \|", r"^\| shared concepts"),
        ("README.zh-CN.md", r"^\| 断言 \|", r"^\| 共享概念"),
    ],
)
def test_the_readme_counts_what_is_there(name: str, claims: str, things: str) -> None:
    """The numbers of the first table are those of the curated files."""
    lines = (ROOT / name).read_text(encoding="utf-8").split("\n")

    def numbers(start: str) -> list[int]:
        (line,) = (line for line in lines if re.match(start, line))
        return [int(number) for number in re.findall(r"\d+", line)]

    found = counts()
    way_out = f"write the numbers of the data into the first table of {name}: {found}"
    assert (numbers(claims), numbers(things)) == found, way_out
