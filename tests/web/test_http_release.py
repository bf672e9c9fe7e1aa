"""The release that a service follows: each new one is taken, unless it is damaged."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from exchange import ask, asking
from families import PATIENCE, alive, children, crew, processing, within
from graph_fixtures import small_nquads, small_release

from kg.release import write_release

if TYPE_CHECKING:
    from kg.release import Release

EXTRA: Final = asking(
    "/sparql",
    {"query": "SELECT ?t { <https://w3id.org/dgkg/id/gap/extra> ?p ?t }", "format": "csv"},
)
"""Asks for the word by which two releases differ."""


@pytest.fixture
def build(tmp_path: Path) -> Path:
    """Give the folder of a small release of its own."""
    small_release(tmp_path / "build")
    return tmp_path / "build"


def another(build: Path, word: str) -> Release:
    """Make a release with a word in it the current one."""
    nquads = small_nquads(word)
    return write_release(build, nquads, {"quads": nquads.count(b"\n")})


def test_a_new_release_is_taken(build: Path) -> None:
    """Answers, kept pages, ETags and the download are of the new one; the old processes end."""
    with processing("--build-dir", build, "serve", "--workers", "2") as (process, url):
        first = {target: ask(url, target) for target in (EXTRA, "/", "/queries", "/openapi.json")}
        again = {target: ask(url, target) for target in first}
        assert [it.body for it in again.values()] == [it.body for it in first.values()]
        every = crew(process.pid) - {process.pid}
        release = another(build, "新的")
        assert within(lambda: ask(url, "/health").json["release"] == release.id)
        second = {target: ask(url, target) for target in first}
        assert second[EXTRA].text == "t\r\n新的\r\n"
        assert second["/"].body != first["/"].body
        for target, answer in second.items():
            assert answer.status == 200
            assert answer.headers["etag"] != first[target].headers["etag"]
            known = {"If-None-Match": first[target].headers["etag"]}
            assert ask(url, target, known).status == 200
        download = ask(url, "/data/dataset.nq")
        assert download.body == release.dataset.read_bytes()
        assert release.id in download.headers["content-disposition"]
        assert f'kg_release{{id="{release.id}"}} 1.0' in ask(url, "/metrics").text
        assert within(lambda: not alive(every))


def test_a_release_that_is_damaged_is_not_taken(build: Path) -> None:
    """The one before is served on, and the next whole one is taken."""
    with processing("--build-dir", build, "serve", "--workers", "2") as (process, url):
        old = ask(url, "/health").json["release"]
        release = another(build, "damaged")
        assert within(lambda: ask(url, "/health").json["release"] == release.id)
        link = build / "current"
        bad = build / "releases" / "0123456789ab"
        shutil.copytree(build / "releases" / old, bad)
        (bad / "dataset.nq").write_bytes(b"")
        assert within(lambda: len(children(process.pid)) == 1)
        loader = children(process.pid)
        link.unlink()
        link.symlink_to(Path("releases") / bad.name)
        assert within(lambda: bool(children(process.pid) - loader))  # it is tried
        assert within(lambda: children(process.pid) == loader)  # in vain
        assert ask(url, "/health").json["release"] == release.id
        assert ask(url, EXTRA).text == "t\r\ndamaged\r\n"
        link.unlink()
        link.symlink_to(Path("releases") / old)
        assert within(lambda: ask(url, "/health").json["release"] == old)


def test_no_request_is_lost_when_a_release_is_taken(build: Path) -> None:
    """A client that asks all the while gets one answer or the other, and never an old one after."""
    with processing("--build-dir", build, "serve", "--workers", "2") as (_, url):
        found = []
        release = another(build, "新的")
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            answer = ask(url, EXTRA)
            found.append((answer.status, answer.text))
            if answer.text != "t\r\n" and found.count(found[-1]) > 200:
                break
        assert {*found} == {(200, "t\r\n"), (200, "t\r\n新的\r\n")}
        assert found == sorted(found, key=lambda it: len(it[1]))
        assert ask(url, "/health").json["release"] == release.id
