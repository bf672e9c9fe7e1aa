"""A service of the toy that gives up soon, which all tests share that ask it anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from graph_fixtures import toy_project
from service import running

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["fuzzed"]


@pytest.fixture(scope="session")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give a service of the toy, with all questions, that gives up soon."""
    build = toy_project(tmp_path_factory).build
    options = ("--workers", "2", "--timeout", "1", "--memory", "128", "--max-rows", "5000")
    with running("--build-dir", build, "serve", *options) as address:
        yield address
