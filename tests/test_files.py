"""Files and folders are whole or not there, and equal ones are equal bytes."""

from __future__ import annotations

import io
import json
import os
import threading
import zipfile
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kg.errors import UsageError
from kg.files import MANIFEST, write_file, write_folder, zipped

if TYPE_CHECKING:
    from collections.abc import Iterator

FILES = (("a.txt", (b"one", b"two")), ("in/b.sh", ("中文".encode(),)))
"""Two files of a folder, in pieces."""


class BrokenError(Exception):
    """What a writer meets half-way."""


def breaking() -> Iterator[bytes]:
    """Give a piece, then fail."""
    yield b"half"
    raise BrokenError


def held(folder: Path) -> dict[str, bytes]:
    """Give every file below a folder."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def test_a_file_is_what_its_pieces_are(tmp_path: Path) -> None:
    """One that was there before is replaced, and nothing stays beside it."""
    path = tmp_path / "a.txt"
    path.write_bytes(b"before")
    write_file(path, (b"one", b"two"))
    assert held(tmp_path) == {"a.txt": b"onetwo"}


def test_a_file_is_not_touched_when_its_writer_fails(tmp_path: Path) -> None:
    """It stays as it was, or is not there."""
    path = tmp_path / "a.txt"
    for before in ({}, {"a.txt": b"before"}):
        for name, data in before.items():
            (tmp_path / name).write_bytes(data)
        with pytest.raises(BrokenError):
            write_file(path, breaking())
        assert held(tmp_path) == before


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """What is behind it is replaced."""
    (tmp_path / "behind").write_bytes(b"before")
    (tmp_path / "link").symlink_to("behind")
    write_file(tmp_path / "link", (b"after",))
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "behind").read_bytes() == b"after"


def test_a_pipe_is_written_as_it_is(tmp_path: Path) -> None:
    """A named pipe is not replaced by a file."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    write_file(pipe, (b"one", b"two"))
    reader.join()
    assert read == [b"onetwo"]
    assert pipe.is_fifo()


def test_a_full_disk_is_told_as_such_and_leaves_nothing(tmp_path: Path) -> None:
    """The system's own error comes through, and no half file is there."""
    with pytest.raises(OSError, match="No space left"):
        write_file(Path("/dev/full"), (b"x" * 10_000,))
    with pytest.raises(UsageError, match="cannot be written"):
        write_file(tmp_path / "none" / "a.txt", (b"x",))
    assert held(tmp_path) == {}


def test_a_folder_has_a_manifest(tmp_path: Path) -> None:
    """It lists every file with its size and SHA-256, and what else is to be known."""
    assert write_folder(tmp_path / "out", FILES, {"release": "r1"}) == 2
    found = held(tmp_path / "out")
    manifest = json.loads(found.pop(MANIFEST))
    assert found == {name: b"".join(pieces) for name, pieces in FILES}
    assert manifest["release"] == "r1"
    assert manifest["files"] == {
        name: {"bytes": len(data), "sha256": sha256(data).hexdigest()}
        for name, data in found.items()
    }
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_folder_is_replaced_whole(tmp_path: Path) -> None:
    """Files of the former one do not stay, and equal ones give equal manifests."""
    out = tmp_path / "out"
    write_folder(out, (*FILES, ("gone.txt", (b"",))), {})
    write_folder(out, FILES, {})
    first = held(out)
    assert "gone.txt" not in first
    write_folder(out, FILES, {})
    assert held(out) == first
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_folder_is_not_touched_when_its_writer_fails(tmp_path: Path) -> None:
    """It stays as it was, and nothing stays beside it."""
    out = tmp_path / "out"
    write_folder(out, FILES, {})
    before = held(out)
    with pytest.raises(BrokenError):
        write_folder(out, (("a.txt", (b"new",)), ("b.txt", breaking())), {})
    assert held(out) == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("manifest", [None, "{}", "[]", "no JSON", '{"made_by": "me"}'])
def test_what_no_export_made_is_kept(tmp_path: Path, manifest: str | None) -> None:
    """A folder of someone's own is not replaced, whatever is in it; an empty one is."""
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine.txt").write_bytes(b"mine")
    if manifest is not None:
        (out / MANIFEST).write_text(manifest)
    before = held(out)
    with pytest.raises(UsageError, match="name another folder"):
        write_folder(out, FILES, {})
    assert held(out) == before
    (tmp_path / "empty").mkdir()
    assert write_folder(tmp_path / "empty", FILES, {}) == 2


def test_a_file_is_not_taken_for_a_folder(tmp_path: Path) -> None:
    """It is kept."""
    (tmp_path / "out").write_bytes(b"mine")
    with pytest.raises(UsageError, match="name another folder"):
        write_folder(tmp_path / "out", FILES, {})
    assert (tmp_path / "out").read_bytes() == b"mine"


def test_a_zip_holds_the_files_of_a_folder() -> None:
    """Twice the same gives the same bytes; scripts can be run."""
    data = b"".join(zipped(FILES))
    assert data == b"".join(zipped(FILES))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert {it.filename: archive.read(it) for it in archive.infolist()} == {
            name: b"".join(pieces) for name, pieces in FILES
        }
        assert [it.external_attr >> 16 for it in archive.infolist()] == [0o644, 0o755]


def test_a_zip_comes_piece_by_piece() -> None:
    """What is written is handed on before the next file is asked for."""
    asked: list[str] = []

    def files() -> Iterator[tuple[str, Iterator[bytes]]]:
        for name in ("a", "b"):
            asked.append(name)
            yield name, iter((os.urandom(100_000),))

    pieces = zipped(files())
    assert len(next(pieces)) > 0
    assert asked == ["a"]
    assert sum(map(len, pieces)) > 100_000
    assert asked == ["a", "b"]
