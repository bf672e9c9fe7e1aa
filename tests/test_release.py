"""Releases are written whole or not at all, and read only when whole."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox
import pytest
from conftest import copy_queries
from graph_fixtures import ROOT, run_kg, run_python, small_nquads

from kg.dataset import sha256
from kg.errors import ReleaseError
from kg.release import KEPT, UNFINISHED, Release, current, open_release, write_release

STEPS: Final = ("dataset", "store", "search", "sync", "manifest", "rename", "switch", "prune")
"""Every step of writing a release, in order."""

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.project import Project

OLD: Final = small_nquads("旧")
NEW: Final = small_nquads("新的")

WRITER: Final = """
import os, signal, sys
from pathlib import Path
from kg.release import write_release
build, nquads, fatal, how = sys.argv[1:]
def step(name):
    if name == fatal:
        os._exit(9) if how == "exit" else os.kill(os.getpid(), signal.SIGKILL)
write_release(Path(build), Path(nquads).read_bytes(), {"kg": "test"}, step)
"""
"""A program that writes a release and may be made to die before a step."""


def quads_in_store(release: Release) -> int:
    """Count the quads that an engine sees."""
    return len(ox.Store.read_only(str(release.path / "store")))


def leftovers(build: Path) -> list[str]:
    """Name what unfinished writers left behind."""
    return [path.name for path in build.rglob(f"{UNFINISHED}*")]


@pytest.fixture
def new(tmp_path: Path) -> str:
    """Give the path of a file that holds the new dataset, for writers in other processes."""
    path = tmp_path / "new.nq"
    path.write_bytes(NEW)
    return str(path)


@pytest.fixture
def build(tmp_path: Path) -> Path:
    """Give the path of a build folder."""
    return tmp_path / "build"


@pytest.fixture
def release(build: Path) -> Release:
    """Give a whole release."""
    return write_release(build, OLD, {"kg": "test"})


# --- one release --------------------------------------------------------------------------------


def test_a_release_is_named_by_its_content(release: Release) -> None:
    """The folder's name is the start of the dataset's SHA-256, and so is the id."""
    assert release.path.name == release.id == sha256(OLD)[:12]


def test_a_release_holds_the_bytes_that_were_given(release: Release) -> None:
    """`dataset.nq` is the text that was written."""
    assert release.dataset.read_bytes() == OLD


def test_the_store_holds_every_line(release: Release) -> None:
    """The engine's store has as many quads as the text has lines."""
    assert quads_in_store(release) == OLD.count(b"\n")


def test_the_manifest_says_size_checksum_and_facts(release: Release) -> None:
    """The manifest holds what it was given, and checksum and size of the dataset."""
    sizes = {"bytes": len(OLD), "quads": OLD.count(b"\n"), "sha256": sha256(OLD)}
    assert release.manifest == {"kg": "test", **sizes}


def test_current_is_a_relative_link_to_the_release(build: Path, release: Release) -> None:
    """`current` is a symbolic link that stays right when the folder is moved."""
    link = build / "current"
    assert link.readlink() == Path("releases") / release.id


def test_current_opens_the_release_itself(build: Path, release: Release) -> None:
    """A reader gets the resolved path, so that a switch does not change what it reads."""
    assert current(build).path == release.path.resolve()


def test_no_release_yet_says_how_to_make_one(build: Path) -> None:
    """Without a release the error names the command that makes one, and where one may be."""
    with pytest.raises(ReleaseError, match=r"run kg build first.* folder or with --root"):
        current(build)


def test_writing_the_same_again_keeps_what_stands(build: Path, release: Release) -> None:
    """A release that stands already is not written anew."""
    before = release.dataset.stat().st_ino
    again = write_release(build, OLD, {"kg": "test"})
    assert again.dataset.stat().st_ino == before


def test_the_manifest_is_written_last(build: Path) -> None:
    """When the manifest is about to be written, all else is there and it is not."""
    seen: list[set[str]] = []

    def step(name: str) -> None:
        if name == "manifest":
            (folder,) = (build / "releases").iterdir()
            seen.append({path.name for path in folder.iterdir()})

    write_release(build, OLD, {}, step)
    assert seen == [{"dataset.nq", "search.sqlite", "search.sqlite.sha256", "store"}]


def test_every_step_is_told_in_order(build: Path) -> None:
    """The steps that a writer reports are those that the tests of killed builds go through."""
    steps: list[str] = []
    write_release(build, OLD, {}, steps.append)
    assert tuple(steps) == STEPS


def test_the_last_two_releases_are_kept(build: Path) -> None:
    """Of four releases the newest and the one before it stay on disk."""
    written = [write_release(build, small_nquads(word), {}).id for word in "甲乙丙丁"]
    kept = {path.name for path in (build / "releases").iterdir()}
    assert kept == set(written[-KEPT:])


def test_going_back_to_an_older_release_keeps_it(build: Path) -> None:
    """Writing the older of two releases makes it the current one and removes neither."""
    old = write_release(build, OLD, {})
    new = write_release(build, NEW, {})
    write_release(build, OLD, {})
    assert (current(build).id, open_release(new.path).id) == (old.id, new.id)


# --- damage -------------------------------------------------------------------------------------


def test_a_release_without_a_manifest_is_refused(release: Release) -> None:
    """A release whose manifest is missing was never finished."""
    (release.path / "MANIFEST.json").unlink()
    with pytest.raises(ReleaseError, match="no whole release"):
        open_release(release.path)


def test_a_release_without_a_dataset_is_refused(release: Release) -> None:
    """A release whose dataset is missing is not whole."""
    release.dataset.unlink()
    with pytest.raises(ReleaseError, match="no whole release"):
        open_release(release.path)


def test_a_release_without_a_store_is_refused(release: Release) -> None:
    """A release whose store is missing is damaged."""
    shutil.rmtree(release.path / "store")
    with pytest.raises(ReleaseError, match="damaged"):
        open_release(release.path)


@pytest.mark.parametrize("verify", [True, False])
@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '"text"', "{}", '{"sha256": 1}', '{"sha256": []}', "\xff"]
)
def test_a_malformed_manifest_is_refused(release: Release, text: str, verify: bool) -> None:
    """A manifest that is cut, of another shape or not UTF-8 is refused as such."""
    (release.path / "MANIFEST.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(ReleaseError):
        open_release(release.path, verify=verify)


def test_a_manifest_with_another_hash_is_refused(release: Release) -> None:
    """A manifest that names another dataset does not make this one whole."""
    wrong = {**release.manifest, "sha256": sha256(NEW)}
    (release.path / "MANIFEST.json").write_text(json.dumps(wrong), encoding="utf-8")
    with pytest.raises(ReleaseError, match="damaged"):
        open_release(release.path)


@pytest.mark.parametrize("cut", [1, 100, len(OLD) // 2, len(OLD)])
def test_a_truncated_dataset_is_refused(release: Release, cut: int) -> None:
    """A dataset that lost its end, be it one byte, is refused."""
    release.dataset.write_bytes(OLD[:-cut])
    with pytest.raises(ReleaseError, match="damaged"):
        open_release(release.path)


def test_every_flipped_byte_is_noticed(release: Release) -> None:
    """A dataset with any one byte changed, tried every 97 bytes, is refused."""
    accepted: list[int] = []
    for at in range(0, len(OLD), 97):
        data = bytearray(OLD)
        data[at] ^= 1
        release.dataset.write_bytes(data)
        try:
            open_release(release.path)
        except ReleaseError:
            continue
        accepted.append(at)
    assert accepted == []


def test_an_added_line_is_noticed(release: Release) -> None:
    """A dataset with a line more than its manifest knows is refused."""
    with release.dataset.open("ab") as file:
        file.write(b"<http://e/s> <http://e/p> <http://e/o> <http://e/g> .\n")
    with pytest.raises(ReleaseError, match="damaged"):
        open_release(release.path)


def test_a_store_that_would_open_empty_is_refused(release: Release) -> None:
    """A store whose own manifest is cut short opens as an empty one: the release is damaged."""
    (log,) = (release.path / "store").glob("MANIFEST-*")
    log.write_bytes(log.read_bytes()[: log.stat().st_size // 2])
    with pytest.raises(ReleaseError, match="damaged"):
        open_release(release.path)


def test_a_store_with_a_lost_file_is_refused(release: Release) -> None:
    """A store that lost one of its tables is damaged, and is told as such."""
    next((release.path / "store").glob("*.sst")).unlink()
    with pytest.raises(ReleaseError, match="damaged"):
        open_release(release.path)


def test_building_again_repairs_a_damaged_release(build: Path, release: Release) -> None:
    """A damaged release of the same content is replaced by a whole one."""
    release.dataset.write_bytes(OLD[:-10])
    write_release(build, OLD, {"kg": "test"})
    assert current(build).dataset.read_bytes() == OLD


def test_a_link_to_nothing_is_refused(build: Path, release: Release) -> None:
    """`current` that leads to a removed release is no release."""
    shutil.rmtree(release.path)
    with pytest.raises(ReleaseError):
        current(build)


# --- quick opening ------------------------------------------------------------------------------


def test_a_quick_opening_gives_the_same_release(release: Release) -> None:
    """Opening without reading the whole dataset gives what opening with it gives."""
    assert open_release(release.path, verify=False) == open_release(release.path)


def test_a_quick_opening_trusts_bytes_of_the_right_number(build: Path, release: Release) -> None:
    """Only the full verification, as before a release is written, notices a byte that changed."""
    release.dataset.write_bytes(OLD[:-2] + b",\n")
    assert current(build, verify=False).id == release.id
    with pytest.raises(ReleaseError, match="damaged"):
        current(build)


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: (path / "MANIFEST.json").unlink(),
        lambda path: (path / "dataset.nq").unlink(),
        lambda path: (path / "dataset.nq").write_bytes(OLD[:-1]),
        lambda path: (path / "dataset.nq").write_bytes(OLD + b"\n"),
        lambda path: shutil.rmtree(path / "store"),
        lambda path: next((path / "store").glob("*.sst")).unlink(),
        lambda path: next((path / "store").glob("MANIFEST-*")).write_bytes(b""),
        lambda path: (path / "MANIFEST.json").write_text(
            json.dumps({"bytes": len(OLD), "quads": OLD.count(b"\n")}), encoding="utf-8"
        ),
    ],
    ids=["manifest", "dataset", "cut", "longer", "store", "table", "log", "no hash"],
)
def test_a_quick_opening_refuses_what_is_not_whole(
    build: Path, release: Release, damage: Callable[[Path], object]
) -> None:
    """Missing parts, another size and a store of other quads are noticed without reading it all."""
    damage(release.path)
    with pytest.raises(ReleaseError):
        current(build, verify=False)


# --- killed builds ------------------------------------------------------------------------------


@pytest.mark.parametrize("fatal", STEPS)
def test_a_build_killed_at_any_step_leaves_a_whole_release(
    build: Path, new: str, fatal: str
) -> None:
    """After a death before any step the current release is whole: old, or new once switched."""
    write_release(build, OLD, {"kg": "test"})
    died = run_python(WRITER, str(build), new, fatal, "kill")
    assert died.returncode == -signal.SIGKILL, died.stderr.decode()
    expected = NEW if fatal == "prune" else OLD
    assert current(build).dataset.read_bytes() == expected


@pytest.mark.parametrize("fatal", STEPS)
def test_the_build_after_a_killed_one_succeeds_and_cleans_up(
    build: Path, new: str, fatal: str
) -> None:
    """The next build makes its release current and leaves nothing unfinished behind."""
    write_release(build, OLD, {"kg": "test"})
    died = run_python(WRITER, str(build), new, fatal, "exit")
    assert died.returncode == 9, died.stderr.decode()
    write_release(build, NEW, {"kg": "test"})
    assert (current(build).dataset.read_bytes(), leftovers(build)) == (NEW, [])


OVERTAKEN: Final = """
import os, sys
from pathlib import Path
from kg.release import write_release
Path.replace = lambda *_: os._exit(9)
write_release(Path(sys.argv[1]), Path(sys.argv[2]).read_bytes(), {"kg": "other"})
"""
"""A program that dies when it has written a manifest and not yet put it in its place."""


@pytest.mark.parametrize("nquads", [OLD, NEW], ids=["same", "other"])
def test_a_manifest_that_a_killed_build_left_is_removed(
    tmp_path: Path, build: Path, release: Release, nquads: bytes
) -> None:
    """Whether the next build gives the release that stands, or another one beside it."""
    old = tmp_path / "old.nq"
    old.write_bytes(OLD)
    died = run_python(OVERTAKEN, str(build), str(old))
    assert died.returncode == 9, died.stderr.decode()
    assert leftovers(build) == [f"{UNFINISHED}manifest"]
    write_release(build, nquads, {"kg": "test"})
    assert leftovers(build) == []
    assert open_release(release.path).manifest == release.manifest


WATCHED: Final = """
import sys
from pathlib import Path
from kg.release import current, open_release, write_release
build, nquads = Path(sys.argv[1]), Path(sys.argv[2]).read_bytes()
looking, seen = False, []
def look(event, arguments):
    global looking
    if looking or event not in EVENTS:
        return
    looking = True
    seen.append((event, len(current(build).dataset.read_bytes())))
    looking = False
EVENTS = {"open", "os.chmod", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.symlink"}
sys.addaudithook(look)
write_release(build, nquads, {})
looking = True
print(*sorted({event for event, _ in seen}), *sorted({size for _, size in seen}))
"""
"""A program that opens the current release before each of its own steps in the file system."""


def test_a_whole_release_is_current_at_every_moment(build: Path, new: str) -> None:
    """Before each file that a writer opens, renames or removes, a reader gets a whole release."""
    write_release(build, small_nquads("更旧"), {})
    write_release(build, OLD, {})
    watched = run_python(WATCHED, str(build), new)
    assert watched.returncode == 0, watched.stderr.decode()
    *events, old, new_size = watched.stdout.decode().split()
    assert {"open", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.symlink"} <= set(events)
    assert {int(old), int(new_size)} == {len(OLD), len(NEW)}


def test_the_first_build_killed_leaves_no_release(build: Path, new: str) -> None:
    """A first build that dies before the rename leaves nothing that could be read."""
    run_python(WRITER, str(build), new, "rename", "kill")
    with pytest.raises(ReleaseError, match="run kg build first"):
        current(build)


def test_an_error_in_a_step_leaves_nothing_unfinished(build: Path) -> None:
    """A writer that raises removes its temporary folder."""

    def step(name: str) -> None:
        if name == "manifest":
            raise KeyboardInterrupt

    write_release(build, OLD, {})
    with pytest.raises(KeyboardInterrupt):
        write_release(build, NEW, {}, step)
    assert (current(build).dataset.read_bytes(), leftovers(build)) == (OLD, [])


FULL: Final = """
import resource, sys
from pathlib import Path
from kg.errors import ReleaseError
from kg.release import write_release
build, nquads, limit = sys.argv[1:]
resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
try:
    write_release(Path(build), Path(nquads).read_bytes(), {})
except ReleaseError as error:
    print(error)
    sys.exit(7)
"""
"""A program that may write files of some size only, as on a full disk."""


@pytest.mark.parametrize(
    "limit", [0, len(NEW) // 2, len(NEW) + 1], ids=["nothing", "dataset", "store"]
)
def test_a_full_disk_leaves_the_old_release_whole(build: Path, new: str, limit: int) -> None:
    """When a file can no longer grow the writer says so, and the old release stays."""
    write_release(build, OLD, {})
    full = run_python(FULL, str(build), new, str(limit))
    assert full.returncode == 7, full.stderr.decode()
    assert (current(build).dataset.read_bytes(), leftovers(build)) == (OLD, [])


def test_a_folder_that_cannot_be_written_is_told(build: Path) -> None:
    """A build folder that is a file gives a release error, not a traceback of another kind."""
    build.write_text("a file", encoding="utf-8")
    with pytest.raises(ReleaseError, match="cannot write"):
        write_release(build, OLD, {})


def test_a_link_that_a_killed_switch_left_is_replaced(build: Path) -> None:
    """A writer that died between making the new link and putting it in place harms nothing."""
    build.mkdir()
    (build / f"{UNFINISHED}current").symlink_to("nowhere")
    write_release(build, OLD, {})
    assert (current(build).dataset.read_bytes(), leftovers(build)) == (OLD, [])


# --- readers and writers at once ----------------------------------------------------------------


def test_a_reader_never_meets_a_half_release(build: Path) -> None:
    """While a writer switches again and again, each reading is of one whole release."""
    write_release(build, OLD, {})

    def write() -> None:
        for number in range(40):
            write_release(build, NEW if number % 2 else OLD, {})

    seen: set[tuple[bytes, int]] = set()
    with ThreadPoolExecutor(1) as pool:
        writer = pool.submit(write)
        while not writer.done():
            release = current(build)
            seen.add((release.dataset.read_bytes(), quads_in_store(release)))
    assert writer.exception() is None
    assert seen <= {(text, text.count(b"\n")) for text in (OLD, NEW)}


def test_a_reader_that_was_overtaken_looks_again(
    build: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader whose release is pruned between link and file gets the one that is current then."""
    write_release(build, OLD, {})
    texts = [small_nquads(word) for word in "甲乙"]

    def overtaken(path: Path, *, verify: bool) -> Release:
        monkeypatch.undo()
        for text in texts:
            write_release(build, text, {})
        return open_release(path, verify=verify)

    monkeypatch.setattr("kg.release.open_release", overtaken)
    assert current(build).dataset.read_bytes() == texts[-1]


READER: Final = """
import sys
from pathlib import Path
from kg.release import current
build = Path(sys.argv[1])
print("ready", flush=True)
seen = set()
while not (build / "done").exists():
    release = current(build)
    seen.add(release.id)
print(len(seen))
"""


def test_a_reader_follows_releases_that_are_pruned(build: Path) -> None:
    """A reader in another process never fails although releases that it may hold are removed."""
    write_release(build, OLD, {})
    command = [sys.executable, "-c", READER, str(build)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == b"ready\n"
        for number in range(15):
            write_release(build, small_nquads(f"第{number}版"), {})
        (build / "done").touch()
        out, err = reader.communicate()
    assert reader.returncode == 0, err.decode()
    assert int(out) > 1


def test_builds_into_one_folder_do_not_harm_each_other(tmp_path: Path, build: Path) -> None:
    """Writers that start at once all succeed, and one of their releases is current and whole."""
    texts = [small_nquads(word) for word in "甲乙丙丁"]
    writers: list[subprocess.Popen[bytes]] = []
    for number, text in enumerate(texts):
        path = tmp_path / f"{number}.nq"
        path.write_bytes(text)
        command = [sys.executable, "-c", WRITER, str(build), str(path), "", ""]
        writers.append(subprocess.Popen(command, stderr=subprocess.PIPE))
    errors = [writer.communicate()[1].decode() for writer in writers]
    assert [writer.returncode for writer in writers] == [0] * len(texts), errors
    assert current(build).dataset.read_bytes() in texts
    assert leftovers(build) == []


def test_whole_builds_of_one_project_do_not_harm_each_other(toy: Project) -> None:
    """`kg build` started twice at once ends well twice, its cached report included."""
    command = [sys.executable, "-m", "kg", "--root", str(toy.root), "build"]
    builds = [
        subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    errors = [run.communicate()[1].decode() for run in builds]
    assert [run.returncode for run in builds] == [0, 0], errors
    assert (leftovers(toy.build), list((toy.build / "reports").glob("*.tmp"))) == ([], [])


def test_a_writer_waits_for_the_lock(build: Path) -> None:
    """While one writer is at work a second one does not begin."""
    begun, order = threading.Event(), list[str]()

    def first(name: str) -> None:
        order.append(f"first {name}")
        if name == "store":
            begun.set()

    one = threading.Thread(target=write_release, args=(build, OLD, {}, first))
    one.start()
    begun.wait()
    write_release(build, NEW, {}, lambda name: order.append(f"second {name}"))
    one.join()
    assert order == [f"{who} {name}" for who in ("first", "second") for name in STEPS]


def test_a_killed_writer_gives_the_lock_up(build: Path, new: str) -> None:
    """The lock of a writer that was killed does not keep the next one waiting."""
    run_python(WRITER, str(build), new, "store", "kill")
    assert write_release(build, NEW, {}).dataset.read_bytes() == NEW


# --- the same bytes everywhere ------------------------------------------------------------------


def test_builds_in_other_surroundings_are_identical(tmp_path: Path, new: str) -> None:
    """Dataset and manifest do not depend on folder, hash seed, time zone, locale or umask."""
    surroundings = [
        ({"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C"}, 0o022),
        ({"PYTHONHASHSEED": "2", "TZ": "Asia/Shanghai", "LC_ALL": "C.UTF-8"}, 0o077),
    ]
    made: list[dict[str, bytes]] = []
    for number, (environment, umask) in enumerate(surroundings):
        folder = tmp_path / f"folder {number}" / "构建"
        before = os.umask(umask)
        try:
            written = run_python(WRITER, str(folder), new, "", "", environment=environment)
        finally:
            os.umask(before)
        assert written.returncode == 0, written.stderr.decode()
        path = current(folder).path
        made.append({name: (path / name).read_bytes() for name in ("dataset.nq", "MANIFEST.json")})
    assert made[0] == made[1]


def test_whole_builds_in_other_surroundings_are_identical(tmp_path: Path) -> None:
    """From curated files to release, two builds of the toy in two places are the same bytes."""
    surroundings = [
        {"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "2", "TZ": "Asia/Shanghai", "LC_ALL": "C.UTF-8"},
    ]
    made: list[dict[str, bytes]] = []
    for number, environment in enumerate(surroundings):
        root = tmp_path / f"folder {number}" / "项目"
        shutil.copytree(ROOT / "tests" / "toy" / "data", root / "data")
        shutil.copytree(ROOT / "ontology", root / "ontology")
        copy_queries(root / "queries")
        built = run_kg("--root", root, "build", environment=environment)
        assert built.returncode == 0, built.stderr.decode()
        path = current(root / "build").path
        made.append({name: (path / name).read_bytes() for name in ("dataset.nq", "MANIFEST.json")})
    assert made[0] == made[1]


def test_the_manifest_ends_its_line_and_sorts_its_keys(release: Release) -> None:
    """The manifest is text with sorted keys and a line end at its end."""
    text = (release.path / "MANIFEST.json").read_text(encoding="utf-8")
    assert text == json.dumps(release.manifest, indent=2, sort_keys=True) + "\n"


def test_what_a_build_did_not_make_is_left_alone(build: Path) -> None:
    """Folders and files that only happen to lie there are somebody's."""
    foreign = build / "releases" / "v1"
    foreign.mkdir(parents=True)
    (build / "releases" / "notes.txt").write_text("mine")
    (build / "releases" / "0123456789ab").mkdir()
    write_release(build, OLD, {})
    write_release(build, small_nquads("甲"), {})
    assert sorted(p.name for p in (build / "releases").iterdir() if len(p.name) != 12) == [
        "notes.txt",
        "v1",
    ]
    assert (build / "releases" / "0123456789ab").is_dir()


def test_the_release_that_was_current_is_kept(build: Path) -> None:
    """However old it is, readers may hold it."""
    texts = [small_nquads(word) for word in "甲乙丙"]
    first = write_release(build, texts[0], {})
    write_release(build, texts[1], {})
    write_release(build, texts[0], {})
    write_release(build, texts[2], {})
    assert open_release(first.path).dataset.read_bytes() == texts[0]


def test_the_release_that_was_current_is_kept_behind_a_link(tmp_path: Path) -> None:
    """Nor does it matter that the build folder is reached through a symbolic link."""
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    names = [write_release(tmp_path / "link", small_nquads(w), {}).id for w in "甲乙甲丙"]
    left = {path.name for path in (tmp_path / "real" / "releases").iterdir()}
    assert left == {names[0], names[3]}


def test_a_release_that_stands_takes_the_new_manifest(build: Path) -> None:
    """Equal inputs give equal bytes, whatever was built there before."""
    write_release(build, OLD, {"kg": "1"})
    assert write_release(build, OLD, {"kg": "2"}).manifest["kg"] == "2"
