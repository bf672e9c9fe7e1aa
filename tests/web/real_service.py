"""A service of the real release, which all tests of its answers share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from graph_fixtures import real_project
from service import running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["build", "url"]


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of the real release."""
    return real_project(tmp_path_factory).build


@pytest.fixture(scope="session")
def url(build: Path) -> Iterator[str]:
    """Give a service of the real release."""
    with running("--build-dir", build, "serve", "--workers", "2") as address:
        yield address
