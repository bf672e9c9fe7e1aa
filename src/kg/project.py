"""Where each thing of a project lies: ontology, data, queries, build."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kg.errors import ReleaseError, UsageError

__all__ = ["Project", "current_release", "find", "question_files"]

SHARE: Final = Path(__file__).parent / "share"
"""Where the wheel carries ontology, data and queries."""


@dataclass(frozen=True)
class Project:
    """A folder with `ontology/`, `data/` and `queries/`, and where its releases go."""

    root: Path
    build: Path

    @property
    def ontology(self) -> Path:
        """What can be said."""
        return self.root / "ontology"

    @property
    def data(self) -> Path:
        """What is said."""
        return self.root / "data"

    @property
    def queries(self) -> Path:
        """What can be asked."""
        return self.root / "queries"

    def sources(self) -> list[Path]:
        """Give the folder of each source, by name."""
        folder = self.data / "sources"
        return sorted(path for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []

    def name(self, path: Path) -> str:
        """Give a path as problems name it: from the root, with slashes."""
        return path.relative_to(self.root).as_posix()


def _is_root(path: Path) -> bool:
    return (path / "ontology").is_dir() and (path / "data").is_dir()


def _cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "dgkg"


def find(root: Path | None = None, build: Path | None = None) -> Project:
    """Find the project: a given root, else upward from here, else the one in the package.

    Raises:
        UsageError: the given root holds no project.
    """
    if root is not None:
        if not _is_root(root):
            raise UsageError(
                f"{root} 里没有 ontology/ 与 data/", f"no ontology/ and data/ in {root}"
            )
        root = root.resolve()
        return Project(root, (build or root / "build").absolute())
    for folder in (Path.cwd(), *Path.cwd().parents):
        if _is_root(folder):
            return Project(folder, (build or folder / "build").absolute())
    return Project(SHARE, (build or _cache()).absolute())


def current_release(build: Path) -> Path:
    """Give the folder of the current release, its link resolved once.

    Raises:
        ReleaseError: there is none.
    """
    link = build / "current"
    if not link.exists():
        raise ReleaseError(
            f"{build} 中还没有发布版，请先运行 kg build；已有发布版的，请在项目文件夹中运行，"
            "或用 --root 指明",
            f"there is no release in {build} yet: run kg build first; where one is built already, "
            "run this in the project's folder or with --root",
        )
    return link.resolve()


def question_files(folder: Path) -> dict[str, list[Path]]:
    """Give the files of saved questions below a folder, checks apart, by id: usually one each."""
    found: dict[str, list[Path]] = {}
    for path in sorted(folder.rglob("*.rq")):
        if not path.stem.endswith("-violation"):
            found.setdefault(path.stem, []).append(path)
    return found
