"""What a service serves is read whole before it is served, or refused with the reason."""

from __future__ import annotations

import gc
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox
import pytest
from graph_fixtures import ROOT, small_nquads, small_release, toy_project

from kg.errors import KgError, ReleaseError, UsageError
from kg.web.limits import Limits
from kg.web.workers.holding import DATA_FORMATS, Holding, Plan, hold
from kg.web.workers.worker import respond

if TYPE_CHECKING:
    from collections.abc import Iterator

URL: Final = "https://example.org/kg"
LIMITS: Final = Limits(10, 1 << 30, 10_000, 1 << 24)


@pytest.fixture(autouse=True)
def _thawed() -> Iterator[None]:
    """Give back to the collector of garbage what `hold` takes from it for good."""
    yield
    gc.unfreeze()


def held(path: Path, *, is_release: bool = False) -> Holding:
    """Hold a file or a release."""
    return hold(Plan(ROOT, path, is_release, URL, LIMITS))


TRIPLE: Final = '<http://example.org/a> <http://example.org/b> "上海"@zh .'
LINKED: Final = '{"@id": "http://example.org/a", "http://example.org/b": 1}'


@pytest.mark.parametrize("suffix", DATA_FORMATS)
def test_a_file_is_read_by_its_suffix(tmp_path: Path, suffix: str) -> None:
    """In any case of its letters; it has no questions, and is known by its bytes."""
    text = LINKED if suffix == ".jsonld" else TRIPLE
    path, other = tmp_path / f"data{suffix}", tmp_path / f"other{suffix.upper()}"
    path.write_text(text, encoding="utf-8")
    other.write_text(text, encoding="utf-8")
    holding = held(path)
    assert len(holding.store) == 1
    assert (holding.graph, holding.site, holding.graphs) == (None, None, [])
    assert {*holding.descriptions} == {"service", "void"}
    assert held(other).id == holding.id
    path.write_text(f"{text}\n", encoding="utf-8")
    assert held(path).id != holding.id


def test_the_graphs_of_a_file_are_named(tmp_path: Path) -> None:
    """Blank ones apart, in the order of their names; what is relative is so to the file."""
    path = tmp_path / "data.trig"
    path.write_text("<x:b> { <a> a <x:c> } <x:a> { <a> a <x:c> } _:c { <a> a <x:c> }")
    holding = held(path)
    assert holding.graphs == ["x:a", "x:b"]
    assert {quad.subject for quad in holding.store} == {
        ox.NamedNode(f"file://{tmp_path.as_posix()}/a")
    }


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("data.ttl", b"<a> <b", "cannot be read"),
        ("data.ttl", b"\xff\xfe", "cannot be read"),
        ("data.jsonld", b'{"@context": "http://127.0.0.1:9/"}', "cannot be read"),
        ("data.csv", b"a,b", "--data takes a file in: .ttl .nt .nq .trig .jsonld"),
        ("data", b"", "--data takes a file in"),
        ("data.ttl", b"<x:a> <x:b> <x:\\u202E> .", "turns text around: x:\\u202e"),
        ("data.ttl", b"<x:\\u0007> <x:b> 'c' .", "cannot be read"),
        ("data.ttl", b"<x:a> <x:\\u2067> 'c' .", "turns text around"),
        ("data.trig", b"<x:\\u202A> { <x:a> <x:b> 'c' }", "turns text around"),
        ("data.ttl", b"<x:a> <x:b> 'c'^^<x:\\u202D> .", "turns text around"),
    ],
)
def test_a_file_that_cannot_be_served_is_refused(
    tmp_path: Path, name: str, data: bytes, told: str
) -> None:
    """On one line, whatever is in it."""
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(UsageError) as caught:
        held(path)
    assert told in caught.value.en
    assert caught.value.en.isprintable()
    assert caught.value.zh.isprintable()


def test_a_file_that_has_gone_is_told(tmp_path: Path) -> None:
    """As one that cannot be read."""
    with pytest.raises(UsageError, match="cannot be read"):
        held(tmp_path / "data.ttl")


# --- releases -----------------------------------------------------------------------------------


def test_a_release_is_verified(tmp_path: Path) -> None:
    """Every byte of its dataset."""
    release = small_release(tmp_path)
    assert held(release.path, is_release=True).id == release.id
    data = release.dataset.read_bytes()
    release.dataset.write_bytes(data.replace(b"Shanghai", b"Shanghei"))
    with pytest.raises(ReleaseError, match="damaged"):
        held(release.path, is_release=True)
    shutil.rmtree(release.path)
    with pytest.raises(ReleaseError):
        held(release.path, is_release=True)


def test_a_release_is_held_as_its_file_has_it(tmp_path: Path) -> None:
    """In memory, not as its store on the disk."""
    release = small_release(tmp_path)
    shutil.copy(release.dataset, tmp_path / "copy.nq")
    holding = held(release.path, is_release=True)
    opened = [it.readlink() for it in Path("/proc/self/fd").iterdir() if it.is_symlink()]
    assert [path for path in opened if path.is_relative_to(tmp_path)] == []
    shutil.rmtree(release.path)
    assert len(holding.store) == small_nquads().count(b"\n")
    assert holding.graphs == held(tmp_path / "copy.nq").graphs
    assert {*holding.descriptions} == {"service", "void", "sparql-examples"}
    assert json.loads(holding.openapi)["servers"] == [{"url": URL}]


OPERATIONS: Final = [
    {"op": "start", "path": "/", "lang": "zh", "params": []},
    {"op": "questions", "form": "html", "path": "/queries", "lang": "en", "params": []},
    {"op": "questions", "form": "json", "path": "/queries", "lang": "en", "params": []},
    {"op": "editor", "path": "/sparql", "lang": "zh", "params": []},
    {"op": "listing", "kind": "region", "path": "/id/region", "lang": "zh", "params": []},
    {"op": "description", "name": "void", "media_type": "application/ld+json"},
    {"op": "description", "name": "service", "media_type": "application/rdf+xml"},
    {"op": "description", "name": "sparql-examples", "media_type": "text/turtle"},
    {"op": "openapi"},
]
"""What a worker can be asked for, questions and things apart."""


def test_nothing_is_read_afterwards(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker can open no file: whatever it is asked, it has read before."""
    project = toy_project(tmp_path_factory)
    holding = held((project.build / "current").resolve(), is_release=True)
    opened: list[object] = []

    def refuse(path: object, *_: object, **__: object) -> None:
        opened.append(path)
        raise OSError(24, "too many open files")

    for name in ("builtins.open", "io.open", "os.open", "os.listdir", "os.scandir"):
        monkeypatch.setattr(name, refuse)
    found = [respond(holding, head, b"") for head in OPERATIONS]  # type: ignore[arg-type]
    for name in (*_questions(holding), "no-such-question"):
        for form in ("html", "json", "csv", "tsv", "rq"):
            path = f"/queries/{name}"
            head = {"op": "question", "id": name, "form": form, "path": path}
            found.append(respond(holding, {**head, "lang": "zh", "params": []}, b""))
    for thing in ("/id/region/hebei", "/id/region/河北", "/id/region/nowhere", "/ontology"):
        for suffix in ("html", "ttl", "jsonld", "nt", "json"):
            head = {"op": "thing", "thing": thing, "suffix": suffix, "path": f"{thing}.{suffix}"}
            found.append(respond(holding, {**head, "lang": "en", "params": []}, b""))
    monkeypatch.undo()
    assert opened == []
    assert {response.status for response in found} <= {200, 303, 404}
    assert len(found) > 300


def _questions(holding: Holding) -> list[str]:
    assert holding.graph is not None
    return list(holding.graph.catalogue())


def test_a_fault_of_the_data_is_an_error_of_ours(tmp_path: Path) -> None:
    """Whatever cannot be held is told by an error of the package."""
    for name in ("x.ttl", "x.trig", "x.nq"):
        (tmp_path / name).write_bytes(b"\x00")
        with pytest.raises(KgError):
            held(tmp_path / name)
