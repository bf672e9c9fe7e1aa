"""Pages of networks of the real graph, and a browser that opens them, once for all tests."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import pytest
from browser import DRIVER, Browser
from made_networks import prepared_of
from network_page import FACTS, written
from node_packages import installed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from kg.exports.network import Network


@pytest.fixture(scope="session")
def networks(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Network]:
    """Give a function that gives a network of the real graph."""

    @cache
    def give(name: str) -> Network:
        made = prepared_of(tmp_path_factory, name)
        return replace(made, facts=dict(sorted({**made.facts, **FACTS}.items())))

    return give


@pytest.fixture(scope="session")
def pages(
    networks: Callable[[str], Network], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Path]:
    """Give a function that gives the page of a network of the real graph."""
    folder = tmp_path_factory.mktemp("pages")

    @cache
    def give(name: str) -> Path:
        return written(networks(name), folder / f"{name}.html")

    return give


@pytest.fixture(scope="session")
def page(pages: Callable[[str], Path]) -> Path:
    """Give the page of regions and concepts."""
    return pages("region-concept")


@pytest.fixture(scope="session")
def running(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Browser]:
    """Give Chromium, started once for all tests."""
    packages = installed(DRIVER, pytestconfig, tmp_path_factory)
    with Browser(packages, tmp_path_factory.mktemp("browser")) as browser:
        yield browser


@pytest.fixture
def browser(running: Browser) -> Iterator[Browser]:
    """Give Chromium, and see that the page neither complains nor asks for anything."""
    yield running
    assert running.heard() == []
