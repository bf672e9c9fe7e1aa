"""Services that are attacked, shared by the tests of all attacks: each has to outlive them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from attack_client import Service, under_attack
from attack_data import hostile_file, hostile_project
from graph_fixtures import small_project

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["hasty", "labelled", "patient", "texts"]

LAUNCHER: Final = Path(__file__).with_name("attack_launcher.py")


@pytest.fixture(scope="session")
def patient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Give a service of a small release."""
    project = small_project(tmp_path_factory.mktemp("patient"))
    with under_attack("--root", project.root, "serve") as service:
        yield service


@pytest.fixture(scope="session")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Give one that waits a second, and not ten, for heads, bodies and slow readers."""
    project = small_project(tmp_path_factory.mktemp("hasty"))
    with under_attack("--root", project.root, "serve", program=[LAUNCHER]) as service:
        yield service


@pytest.fixture(scope="session")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Give one of a release with hostile labels."""
    project = hostile_project(tmp_path_factory.mktemp("labelled"))
    with under_attack("--root", project.root, "serve") as service:
        yield service


@pytest.fixture(scope="session")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Give one of a data file with hostile texts."""
    path = hostile_file(tmp_path_factory.mktemp("texts"))
    with under_attack("serve", "--data", path) as service:
        yield service
