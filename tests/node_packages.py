"""Packages of npm that tests need: installed from a lock file, once for each of its versions."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

__all__ = ["installed", "program"]


def program(name: str, *others: str) -> str:
    """Give the path of a program by the first of its names that is installed."""
    found = next(filter(None, map(shutil.which, (name, *others))), None)
    assert found, f"install {name}: scripts/system.sh does, and npm comes with Node.js 20"
    return found


def installed(
    folder: Path, config: pytest.Config, factory: pytest.TempPathFactory, *scripts: str
) -> Path:
    """Give a folder with `node_modules` as a folder's lock file has them; pytest's cache keeps it.

    Args:
        folder: has `package.json` and `package-lock.json`, and the scripts.
        config: of pytest, whose cache is used unless it is switched off.
        factory: makes a folder where there is no cache.
        scripts: what is to stand beside `node_modules`, where node looks for packages.
    """
    cache: pytest.Cache | None = getattr(config, "cache", None)
    base = factory.mktemp("npm") if cache is None else cache.mkdir("npm")
    files = [folder / name for name in ("package.json", "package-lock.json", *scripts)]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:16]
    found = base / digest
    with (base / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # pytest-xdist: one process installs, the others wait
        if not found.exists():
            part = found.with_suffix(".part")
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir()
            for path in files:
                shutil.copyfile(path, part / path.name)
            command = [program("npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            done = subprocess.run(command, check=False, capture_output=True, cwd=part)
            assert done.returncode == 0, done.stderr.decode()
            part.rename(found)
    return found
