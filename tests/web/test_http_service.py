"""A service from its start to its end: what it refuses to serve, and what ends with it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox
import pytest
from exchange import address_of, ask, asking
from families import PATIENCE, alive, children, crew, is_at_work, processes, processing, within
from graph_fixtures import ROOT, small_project, small_release

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

EVERYTHING: Final = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
"""Takes a third of a second; with another pattern a minute."""


@pytest.fixture
def build(tmp_path: Path) -> Path:
    """Give the folder of a small release of its own."""
    small_release(tmp_path / "build")
    return tmp_path / "build"


def asked(url: str, patterns: str) -> socket.socket:
    """Ask for a count, and give the connection as soon as a worker is at it."""
    query = f"SELECT (COUNT(*) AS ?n) {{ {patterns} }}"
    target = asking("/sparql", {"query": query, "format": "csv"})
    sock = socket.create_connection(address_of(url), timeout=PATIENCE)
    sock.sendall(f"GET {target} HTTP/1.1\r\nHost: test\r\n\r\n".encode())
    assert within(lambda: is_at_work(url))
    return sock


# --- its end ------------------------------------------------------------------------------------


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_all_processes_end_when_it_is_told_to(build: Path, sign: signal.Signals) -> None:
    """Also while a worker is busy; the exit code tells no failure."""
    options = ("--workers", "2", "--timeout", "1")
    with processing("--build-dir", build, "serve", *options) as (process, url):
        every = crew(process.pid)
        with asked(url, f"{EVERYTHING} . ?j ?k ?l"):
            process.send_signal(sign)
            code = process.wait(PATIENCE)
        assert code in {0, -sign, 128 + sign}
        assert within(lambda: not alive(every))


def test_all_processes_end_with_it(build: Path) -> None:
    """Even when it is killed, and can tell nobody."""
    with processing("--build-dir", build, "serve", "--workers", "2") as (process, _):
        every = crew(process.pid)
        process.kill()
        process.wait()
        assert within(lambda: not alive(every))


def test_what_was_begun_is_answered(build: Path) -> None:
    """A request that was taken before the end is answered before it."""
    options = ("--workers", "2", "--timeout", "60")
    with processing("--build-dir", build, "serve", *options) as (process, url):
        with asked(url, f"{EVERYTHING} VALUES ?v {{ 1 2 3 4 }}") as sock:
            process.send_signal(signal.SIGTERM)
            assert sock.recv(1000).startswith(b"HTTP/1.1 200 OK\r\n")
        process.wait(PATIENCE)


def test_a_loader_that_ends_is_replaced(build: Path) -> None:
    """Requests that wait meanwhile are answered by the next one."""
    with processing("--build-dir", build, "serve", "--workers", "2") as (process, url):
        (loader,) = children(process.pid)
        os.kill(loader, signal.SIGKILL)
        assert ask(url, "/sparql?query=ASK%7B%7D").status == 200
        assert ask(url, "/health").json["status"] == "ok"
        assert loader not in processes(process.pid)


# --- its start ----------------------------------------------------------------------------------


def failing(*arguments: object) -> tuple[int, str]:
    """Start a service that cannot be, and give its exit code and what it says."""
    command = [sys.executable, "-m", "kg", *map(str, arguments)]
    run = subprocess.run(command, check=False, capture_output=True, cwd=ROOT, timeout=PATIENCE)
    assert run.stdout == b""
    return run.returncode, run.stderr.decode()


def is_told_in_both(said: str) -> bool:
    """Tell whether a message is one line in Chinese and English, and no trace of a program."""
    (line,) = said.strip().splitlines()
    zh, sign, en = line.partition(" | ")
    has_chinese = any("\u4e00" <= letter <= "\u9fff" for letter in zh)
    return has_chinese and bool(sign and en) and "Traceback" not in said


def test_without_a_release_it_does_not_start(tmp_path: Path) -> None:
    """It says how to make one."""
    code, said = failing("--build-dir", tmp_path, "serve", "--port", "0")
    assert (code, is_told_in_both(said)) == (3, True)
    assert "kg build" in said
    assert list(tmp_path.iterdir()) == []


def _cut(release: Path) -> None:
    data = (release / "dataset.nq").read_bytes()
    (release / "dataset.nq").write_bytes(data[:-100])


def _change(release: Path) -> None:
    data = (release / "dataset.nq").read_bytes()
    (release / "dataset.nq").write_bytes(data.replace(b"Shanghai", b"Shanghei"))


def _lose(release: Path) -> None:
    (release / "MANIFEST.json").unlink()


def _empty(release: Path) -> None:
    shutil.rmtree(release / "store")
    ox.Store(str(release / "store")).flush()


@pytest.mark.parametrize("damage", [_cut, _change, _lose, _empty])
def test_a_damaged_release_is_not_served(build: Path, damage: Callable[[Path], None]) -> None:
    """Whatever is missing or changed."""
    damage((build / "current").resolve())
    code, said = failing("--build-dir", build, "serve", "--port", "0")
    assert (code, is_told_in_both(said)) == (3, True)
    assert str((build / "current").resolve()) in said


def test_wrong_questions_are_told_with_their_places(tmp_path: Path) -> None:
    """File, line and what is wrong, as `kg ask` tells them."""
    project = small_project(tmp_path / "project")
    (path,) = project.queries.glob("*.rq")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("#+ tags:", "#+ tagz:"), encoding="utf-8")
    code, said = failing("--root", project.root, "serve", "--port", "0")
    assert code in {3, 4}
    assert f"{path.name}:7: header.tagz" in said


DATA: Final = {
    "broken.ttl": "<http://example.org/a> <http://example.org/b",
    "broken.nq": "<http://example.org/a> .",
    "broken.jsonld": '{"@context": "https://example.org/context.jsonld"}',
    "turned.ttl": '<http://example.org/\\u202E> a "x" .',
    "turned.trig": '<http://example.org/\\u0001> { <http://example.org/a> a "x" }',
    "typed.nt": '<http://example.org/a> <http://example.org/b> "x"^^<http://example.org/\\u2066> .',
    "table.csv": "a,b\n",
    "nothing": "",
}
"""File -> what is in it that cannot be served."""


@pytest.mark.parametrize(("name", "text"), DATA.items())
def test_a_file_that_is_no_data_is_not_served(tmp_path: Path, name: str, text: str) -> None:
    """It says which file, and what is wrong in it."""
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    code, said = failing("serve", "--port", "0", "--data", path)
    assert (code, is_told_in_both(said)) == (2, True)


def test_a_file_that_is_not_there_is_not_served(tmp_path: Path) -> None:
    """Nor a folder."""
    for path in (tmp_path / "no.ttl", tmp_path):
        code, said = failing("serve", "--port", "0", "--data", path)
        assert code == 2
        assert str(path) in said


def test_a_port_that_is_taken_is_told(build: Path) -> None:
    """Before anything is loaded."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        code, said = failing("--build-dir", build, "serve", "--port", port)
    assert (code, is_told_in_both(said)) == (2, True)
    assert f"127.0.0.1:{port}" in said


@pytest.mark.parametrize(
    "options",
    [
        ("--port", "99999"),
        ("--workers", "0"),
        ("--timeout", "0"),
        ("--memory", "1"),
        ("--max-rows", "0"),
        ("--host", "no-such-host.invalid"),
        ("--public-url", "example.org"),
        ("--public-url", "not a url"),
        ("--public-url", "ftp://example.org/"),
        ("--public-url", 'https://example.org/"><script>'),
        ("--public-url", "https://example.org/?a=b"),
    ],
    ids=" ".join,
)
def test_an_option_that_cannot_be_is_told(build: Path, options: tuple[str, str]) -> None:
    """With exit code 2, and nothing is started."""
    code, said = failing("--build-dir", build, "serve", "--port", "0", *options)
    assert code == 2
    assert "Traceback" not in said
    assert any("\u4e00" <= letter <= "\u9fff" for letter in said)


def test_nothing_is_left_of_a_start_that_failed(build: Path) -> None:
    """Neither a process nor a file."""
    _cut((build / "current").resolve())
    before = sorted(build.rglob("*"))
    command = [sys.executable, "-m", "kg", "--build-dir", str(build), "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        seen = {process.pid}
        while process.poll() is None:
            seen |= processes(process.pid)
            time.sleep(0.02)
    assert process.returncode == 3
    assert len(seen) >= 2
    assert within(lambda: not alive(seen))
    assert sorted(build.rglob("*")) == before
