"""Projects to test on: copies of the toy and of the real one, each in a folder of its own."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import settings
from remote_server import serving

from kg.project import Project

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT: Final = Path(__file__).parents[1]
"""The repository."""

settings.register_profile("steady", deadline=None, database=None, derandomize=True)
settings.load_profile("steady")


QUESTION: Final = Path("concepts/regions-sharing-concept.rq")
"""The one question that copies keep: all of them on every copy would take minutes."""


def copy_queries(folder: Path) -> None:
    """Copy the checks and one question into a new folder of queries."""
    shutil.copytree(ROOT / "queries" / "checks", folder / "checks")
    (folder / QUESTION).parent.mkdir()
    shutil.copyfile(ROOT / "queries" / QUESTION, folder / QUESTION)


def copy_project(data: Path, root: Path) -> Project:
    """Copy curated data into a new folder, beside ontology, checks and one question."""
    shutil.copytree(data, root / "data")
    (root / "ontology").symlink_to(ROOT / "ontology")
    copy_queries(root / "queries")
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


@pytest.fixture(scope="session", autouse=True)
def _loopback() -> Iterator[None]:
    """Leave loopback to itself, whatever proxy and credentials the environment has."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("no_proxy", "127.0.0.1,localhost")
        for name in ("KG_USER", "KG_PASSWORD", "SSL_CERT_FILE"):
            patch.delenv(name, raising=False)
        yield


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Path], str]]:
    """Give a function that serves an N-Quads file, once a session, and tells the URL to ask."""
    with contextlib.ExitStack() as servers:
        urls: dict[Path, str] = {}

        def serve(dataset: Path) -> str:
            if dataset not in urls:
                store = tmp_path_factory.mktemp("server") / "store"
                urls[dataset] = servers.enter_context(serving(dataset, store))
            return urls[dataset]

        yield serve


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the expected rows of saved queries be written anew; see `make expected`."""
    parser.addoption("--accept", action="store_true", help="record the rows of saved queries")
