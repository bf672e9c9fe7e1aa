"""Files and folders that are whole or not there: written beside their place, then renamed."""

from __future__ import annotations

import errno
import io
import json
import tempfile
import zipfile
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kg.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["FULL", "MANIFEST", "write_file", "write_folder", "zipped"]

FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""What the system says where nothing more can be written."""
MANIFEST: Final = "MANIFEST.json"
"""The file in a folder that lists the others, with their sizes and SHA-256."""
MAKER: Final = "kg export"
"""Who a manifest says made a folder; a folder that someone else made is never replaced."""
OLDEST: Final = (1980, 1, 1, 0, 0, 0)
"""The first day that a ZIP can tell; no clock."""


@contextmanager
def _writing(place: Path) -> Iterator[None]:
    """Tell in both languages what the system refuses; a full disk is told as such.

    Raises:
        UsageError: the place cannot be written.
    """
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise
        raise UsageError(
            f"无法写入 {place}：{error.strerror}", f"{place} cannot be written: {error.strerror}"
        ) from error


def write_file(place: Path, pieces: Iterable[bytes]) -> None:
    """Write a file whole: it is as it was until all of the new one is there.

    Args:
        place: a file, or a pipe or device, which is written as it is.
        pieces: its bytes.

    Raises:
        UsageError: it cannot be written.
        OSError: the disk is full.
    """
    path = place.resolve()  # behind a symbolic link
    unfinished = path.with_name(f".{path.name}.unfinished")
    with _writing(place):
        if path.exists() and not path.is_file():
            _fill(path, pieces)
            return
        try:
            _fill(unfinished, pieces)
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)


def _fill(path: Path, pieces: Iterable[bytes]) -> tuple[int, str]:
    """Write bytes to a file; gives their number and SHA-256."""
    size, digest = 0, sha256()
    with path.open("wb") as file:
        for piece in pieces:
            file.write(piece)
            digest.update(piece)
            size += len(piece)
    return size, digest.hexdigest()


def write_folder(
    place: Path, files: Iterable[tuple[str, Iterable[bytes]]], facts: Mapping[str, Any]
) -> int:
    """Write a folder whole, with a manifest; one that was made so before is replaced.

    Args:
        place: a folder that is not there, is empty, or has such a manifest.
        files: the name of each, with slashes, and its bytes.
        facts: what else the manifest says.

    Returns:
        The number of files, the manifest apart.

    Raises:
        UsageError: there is something else, or it cannot be written.
        OSError: the disk is full.
    """
    path = place.resolve()
    _check_ours(path)
    with _writing(place):
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(
            prefix=f".{path.name}.unfinished-", dir=path.parent, ignore_cleanup_errors=True
        ) as folder:
            made, away = Path(folder) / "made", Path(folder) / "away"
            made.mkdir()
            listed = {name: _within(made, name, pieces) for name, pieces in files}
            manifest = {"made_by": MAKER, **facts, "files": dict(sorted(listed.items()))}
            text = json.dumps(manifest, ensure_ascii=False, indent=2)
            _fill(made / MANIFEST, (f"{text}\n".encode(),))
            if path.exists():
                path.rename(away)
            try:
                made.rename(path)
            except OSError:
                if away.exists():
                    away.rename(path)
                raise
    return len(listed)


def _within(folder: Path, name: str, pieces: Iterable[bytes]) -> dict[str, Any]:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    size, digest = _fill(path, pieces)
    if name.endswith(".sh"):
        path.chmod(0o755)
    return {"bytes": size, "sha256": digest}


def _check_ours(path: Path) -> None:
    """Refuse to replace what no export made.

    Raises:
        UsageError: it is something else.
    """
    if not path.exists() or (path.is_dir() and not any(path.iterdir())):
        return
    try:
        told = json.loads((path / MANIFEST).read_bytes())
    except (OSError, ValueError):
        told = None
    if not isinstance(told, dict) or told.get("made_by") != MAKER:
        raise UsageError(
            f"{path.name} 已存在，且不是先前的导出，不会覆盖：请换一个文件夹",
            f"{path.name} exists and no export made it, so it is kept: name another folder",
        )


class _Pieces(io.RawIOBase):
    """A file that is written to, and read from in between."""

    def __init__(self) -> None:
        super().__init__()
        self.held: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:  # noqa: ANN401 -- any buffer
        self.held.append(bytes(data))
        return len(data)

    def taken(self) -> Iterator[bytes]:
        """Give what was written since."""
        yield from self.held
        self.held.clear()


def zipped(files: Iterable[tuple[str, Iterable[bytes]]]) -> Iterator[bytes]:
    """Give the files of a folder as one ZIP, piece by piece; equal files give equal bytes."""
    out = _Pieces()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, pieces in files:
            info = zipfile.ZipInfo(name, OLDEST)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = (0o755 if name.endswith(".sh") else 0o644) << 16
            with archive.open(info, "w", force_zip64=True) as file:
                for piece in pieces:
                    file.write(piece)
                    yield from out.taken()
            yield from out.taken()
    yield from out.taken()
