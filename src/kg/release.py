"""Releases: folders named by content, written whole or not at all, read only when whole.

`DIR/releases/<first 12 of sha256(dataset.nq)>/{dataset.nq,MANIFEST.json,store/}` with the search
index beside them, and `DIR/current`, a symbolic link replaced in one step. No clock, no machine,
no order of chance.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from kg.dataset import sha256
from kg.errors import ReleaseError
from kg.index import INDEX, SEAL, is_whole
from kg.indexing import write_index
from kg.project import current_release

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Release", "current", "no_step", "open_release", "write_release"]

KEPT: Final = 2
"""How many releases stay on disk; older ones are removed after a switch."""
NAME_LENGTH: Final = 12
NAME: Final = re.compile(f"[0-9a-f]{{{NAME_LENGTH}}}")
UNFINISHED: Final = ".unfinished-"
UNFINISHED_MANIFEST: Final = f"{UNFINISHED}manifest"
"""The file in a release's folder that becomes its manifest, unless the writer is killed."""
UNFINISHED_INDEX: Final = f"{UNFINISHED}search"
"""The same of its search index."""
LOCK: Final = ".lock"
"""The file in the build folder whose lock a writer holds; it stays when the lock is given up."""


@dataclass(frozen=True)
class Release:
    """A whole release on disk."""

    path: Path
    manifest: dict[str, Any]

    @property
    def id(self) -> str:
        """The first 12 digits of the dataset's SHA-256."""
        return str(self.manifest["sha256"])[:NAME_LENGTH]

    @property
    def dataset(self) -> Path:
        """The N-Quads text."""
        return self.path / "dataset.nq"


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_tree(folder: Path) -> None:
    for path in folder.rglob("*"):
        _sync(path)
    _sync(folder)


@contextmanager
def _locked(build: Path) -> Iterator[None]:
    """Hold the build folder's lock; the kernel gives it up when the process ends, however."""
    import fcntl  # noqa: PLC0415 -- not on Windows, where releases can still be read

    build.mkdir(parents=True, exist_ok=True)
    with (build / LOCK).open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def _workspace(releases: Path) -> Iterator[Path]:
    """Give a temporary folder beside the releases, removed if anything goes wrong."""
    releases.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=releases))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def no_step(_: str) -> None:
    """Take note of no step."""


def write_release(
    build: Path,
    nquads: bytes,
    facts: dict[str, Any],
    step: Callable[[str], None] = no_step,
) -> Release:
    """Write a release and make it the current one; one that stands already is kept.

    A second writer into the same folder waits until the first has ended.

    Args:
        build: the folder that holds `releases/` and `current`.
        nquads: the dataset, sorted.
        facts: what the manifest says besides checksum and size; nothing that depends on
            clock or machine.
        step: told the name of each step before it is taken.

    Raises:
        ReleaseError: it cannot be written, say on a full disk; the current one stays.
    """
    digest = sha256(nquads)
    releases = build / "releases"
    final = releases / digest[:NAME_LENGTH]
    sizes = {"bytes": len(nquads), "quads": nquads.count(b"\n"), "sha256": digest}
    manifest = {**facts, **sizes}
    try:
        with _locked(build):
            before = (build / "current").resolve().name
            stands = _standing(final)
            if stands is None:
                _write_whole(final, nquads, manifest, step)
            else:
                if not is_whole(final):  # an older release has none
                    step("search")
                    _write_index(final, nquads, digest)
                if stands.manifest != manifest:
                    step("manifest")
                    _write_manifest(final, manifest)
            step("switch")
            _switch(build, final)
            step("prune")
            _prune(releases, final, before)
            return open_release(final)
    except OSError as error:
        raise ReleaseError(
            f"无法写入发布版：{error}", f"cannot write a release: {error}"
        ) from error


def _write_whole(
    final: Path, nquads: bytes, manifest: dict[str, Any], step: Callable[[str], None]
) -> None:
    with _workspace(final.parent) as folder:
        step("dataset")
        _write(folder / "dataset.nq", nquads)
        step("store")
        _fill_store(folder)
        step("search")
        _write_index(folder, nquads, manifest["sha256"])
        step("sync")
        _sync_tree(folder)
        step("manifest")
        _write_manifest(folder, manifest)
        folder.chmod(0o755)
        step("rename")
        if final.exists():
            _remove(final)
        folder.rename(final)
    _sync(final.parent)


def _write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    """Write the manifest in one step; a reader sees the old one or the new one."""
    text = json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True)
    temporary = folder / UNFINISHED_MANIFEST
    _write(temporary, f"{text}\n".encode())
    temporary.replace(folder / "MANIFEST.json")
    _sync(folder)


def _write_index(folder: Path, nquads: bytes, digest: str) -> None:
    """Write the search index and its seal; one without the other is none."""
    temporary = folder / UNFINISHED_INDEX
    seal = write_index(temporary, nquads, digest)
    _sync(temporary)
    temporary.replace(folder / INDEX)
    _write(folder / SEAL, f"{seal}  {INDEX}\n".encode())
    _sync(folder)


def _fill_store(folder: Path) -> None:
    store = ox.Store(str(folder / "store"))
    store.bulk_load(path=str(folder / "dataset.nq"), format=ox.RdfFormat.N_QUADS)
    store.optimize()
    store.flush()
    del store


def _switch(build: Path, final: Path) -> None:
    link = build / f"{UNFINISHED}current"
    link.unlink(missing_ok=True)
    link.symlink_to(Path("releases") / final.name)
    link.replace(build / "current")
    _sync(build)


def _prune(releases: Path, newest: Path, before: str) -> None:
    """Remove what killed builds left, and all releases but the last; nothing else is touched.

    Args:
        releases: the folder of releases.
        newest: the one that is current now.
        before: the name of the one that was current until now, which readers may hold.
    """
    ours = [path for path in releases.iterdir() if _is_ours(path)]
    done = sorted(
        (path for path in ours if not path.name.startswith(UNFINISHED)),
        key=lambda path: (path == newest, path.name == before, path.stat().st_mtime),
        reverse=True,
    )
    for path in ours:
        if path in done[:KEPT]:
            for name in (UNFINISHED_MANIFEST, UNFINISHED_INDEX):
                (path / name).unlink(missing_ok=True)
        else:
            _remove(path)


def _is_ours(path: Path) -> bool:
    """Tell whether a build made a folder: unfinished, or named by content and with a manifest."""
    named = NAME.fullmatch(path.name) and (path / "MANIFEST.json").is_file()
    return bool(named) or path.name.startswith(UNFINISHED)


def _remove(release: Path) -> None:
    """Take a folder away whole, then its files one by one: no reader meets a half one."""
    away = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=release.parent))
    release.rename(away / release.name)
    shutil.rmtree(away, ignore_errors=True)


def _standing(path: Path) -> Release | None:
    """Give the release that stands there already, if it is whole."""
    try:
        return open_release(path)
    except ReleaseError:
        return None


def _count(store: Path) -> int:
    """Count the quads of a store: one whose log is cut short opens without error, and empty."""
    try:
        return len(ox.Store.read_only(str(store)))
    except (OSError, RuntimeError, ValueError):
        return -1


def open_release(path: Path, *, verify: bool = True) -> Release:
    """Open a release: its manifest, its dataset, and a store with as many quads.

    Args:
        path: its folder, links resolved.
        verify: read the whole dataset and compare its SHA-256; else its size has to do.

    Raises:
        ReleaseError: it is missing, unfinished or changed.
    """
    try:
        manifest = json.loads((path / "MANIFEST.json").read_bytes())
        dataset = path / "dataset.nq"
        size = dataset.stat().st_size
        digest = sha256(dataset.read_bytes()) if verify else None
    except (OSError, ValueError) as error:
        raise ReleaseError(f"没有完整的发布版：{path}", f"no whole release at {path}") from error
    told = manifest if isinstance(manifest, dict) else {}
    named = told.get("sha256")
    whole = told.get("bytes") == size and isinstance(named, str) and digest in {None, named}
    if not whole or _count(path / "store") != told.get("quads"):
        raise ReleaseError(f"发布版已损坏：{path}", f"the release is damaged: {path}")
    return Release(path, told)


def current(build: Path, *, verify: bool = True) -> Release:
    """Open the current release, its link resolved once; see `open_release`.

    Raises:
        ReleaseError: there is none, or it is not whole.
    """
    path = current_release(build)
    try:
        return open_release(path, verify=verify)
    except ReleaseError:
        if (build / "current").resolve() == path:
            raise
    return current(build, verify=verify)  # it was pruned after the link had been switched
