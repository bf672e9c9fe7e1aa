"""Projects to test on: copies of the toy and of the real one, each in a folder of its own."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import settings

from kg.project import Project

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT: Final = Path(__file__).parents[1]
"""The repository."""

settings.register_profile("steady", deadline=None, database=None, derandomize=True)
settings.load_profile("steady")


def copy_project(data: Path, root: Path) -> Project:
    """Copy curated data into a new folder, beside the repository's ontology and queries."""
    shutil.copytree(data, root / "data")
    for name in ("ontology", "queries"):
        (root / name).symlink_to(ROOT / name)
    return Project(root, root / "build")


@pytest.fixture
def toy(tmp_path: Path) -> Project:
    """Give a copy of the toy project, which is clean."""
    return copy_project(ROOT / "tests" / "toy" / "data", tmp_path / "toy")


@pytest.fixture
def real(tmp_path: Path) -> Project:
    """Give a copy of the real project."""
    return copy_project(ROOT / "data", tmp_path / "real")


@pytest.fixture
def change(toy: Project) -> Callable[[str, str, str], int]:
    """Give a function that replaces words of a file of the toy and tells their line.

    The words stand in the file exactly once; `change(file, old, new)`.
    """

    def replace(file: str, old: str, new: str) -> int:
        path = toy.root / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        path.write_text(text.replace(old, new), encoding="utf-8")
        return text.count("\n", 0, text.index(old)) + 1

    return replace
