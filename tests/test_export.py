"""`kg export`: every format, to a file, a folder, a ZIP or a pipe; whole, equal, or refused."""

from __future__ import annotations

import io
import json
import os
import resource
import subprocess
import sys
import zipfile
from contextlib import suppress
from hashlib import sha256
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

import pytest
from click.testing import CliRunner
from graph_fixtures import open_engine, run_kg, toy_project
from service import running

from kg.cli import cli
from kg.errors import KgError, NotInstalledError
from kg.exports import DATASETS, EXPORTERS, NETWORKS
from kg.exports.base import Exporter
from kg.exports.writing import write_all
from kg.files import MANIFEST

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from click.testing import Result

    from kg.graph import KnowledgeGraph
    from kg.project import Project

FOLDERS: Final = sorted(name for name, it in EXPORTERS.items() if not isinstance(it, Exporter))
FILES: Final = sorted(set(EXPORTERS) - set(FOLDERS))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Give the toy, built."""
    return toy_project(tmp_path_factory)


@pytest.fixture(scope="module")
def graph(project: Project) -> Iterator[KnowledgeGraph]:
    """Give the toy's graph."""
    with open_engine(project) as graph:
        yield graph


@pytest.fixture
def kg(project: Project) -> Any:  # noqa: ANN401 -- a function
    """Give what runs `kg export` within this process."""

    def run(*words: object) -> Result:
        place = ("--root", project.root, "--build-dir", project.build, "export")
        return CliRunner().invoke(cli, [str(word) for word in (*place, *words)])

    return run


def held(folder: Path) -> dict[str, bytes]:
    """Give every file below a folder."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def unpacked(data: bytes) -> dict[str, bytes]:
    """Give every file of a ZIP."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


# --- formats ------------------------------------------------------------------------------------


def test_without_a_format_all_are_listed(kg: Any) -> None:  # noqa: ANN401
    """Each with what it is for, in both languages."""
    lines = kg().stdout.splitlines()
    assert [line.split()[0] for line in lines] == list(EXPORTERS)
    assert all(" | " in line for line in lines)


def test_help_names_every_format(kg: Any) -> None:  # noqa: ANN401
    """And every network."""
    text = "".join(kg("--help").stdout.split())  # click breaks lines at hyphens
    names = (*EXPORTERS, "full", "region-concept", "region-region", "concept-concept")
    assert [name for name in names if name not in text] == []


@pytest.mark.parametrize("form", FILES)
def test_a_file_and_a_pipe_get_the_same(
    form: str,
    kg: Any,  # noqa: ANN401
    tmp_path: Path,
) -> None:
    """What is written to a file is what goes to stdout, and twice the same."""
    path = tmp_path / f"out{EXPORTERS[form].suffix}"  # type: ignore[union-attr]
    about = ("--about", "河北") if form == "mermaid" else ()
    for _ in range(2):
        ran = kg(form, *about, "-o", path)
        assert ran.exit_code == 0, ran.output
        assert str(path) in ran.stderr
        assert kg(form, *about, "-o", "-").stdout_bytes == path.read_bytes()
    assert [it.name for it in tmp_path.iterdir()] == [path.name]
    assert path.stat().st_size > 200


@pytest.mark.parametrize("form", FOLDERS)
def test_a_folder_a_zip_and_a_pipe_get_the_same(
    form: str,
    kg: Any,  # noqa: ANN401
    tmp_path: Path,
) -> None:
    """The folder has a manifest besides."""
    assert kg(form, "-o", tmp_path / "out").exit_code == 0
    assert kg(form, "-o", tmp_path / "out.zip").exit_code == 0
    found = held(tmp_path / "out")
    manifest = json.loads(found.pop(MANIFEST))
    assert unpacked((tmp_path / "out.zip").read_bytes()) == found
    assert unpacked(kg(form, "-o", "-").stdout_bytes) == found
    assert {name: it["sha256"] for name, it in manifest["files"].items()} == {
        name: sha256(data).hexdigest() for name, data in found.items()
    }


def test_without_a_place_the_usual_name_is_taken(project: Project, tmp_path: Path) -> None:
    """It says where it wrote."""
    place = ("--root", str(project.root), "--build-dir", str(project.build))
    for words, name in (
        (("gexf",), "region-concept.gexf"),
        (("gexf", "--network", "full"), "full.gexf"),
        (("ttl",), "dataset.ttl"),
        (("csv",), "tables-csv"),
    ):
        command = (sys.executable, "-m", "kg", *place, "export", *words)
        ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
        assert (tmp_path / name).exists()
        assert name in ran.stderr


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("nothing",), 2, "no format nothing"),
        (("gexf", "--network", "nothing"), 2, "no network nothing"),
        (("csv", "--about", "河北"), 2, "only formats of networks"),
        (("xlsx", "--network", "full"), 2, "only formats of networks"),
        (("gexf", "-o", "paper.txt"), 2, "files of gexf end with .gexf"),
        (("xlsx", "-o", "a.gexf"), 2, "files of xlsx end with .xlsx"),
        (("gexf", "--about", "没有这个地方"), 3, "没有这个地方"),
        (("gexf", "--about", "冀", "--network", "concept-concept"), 3, "concept-concept"),
        (("--all",), 2, "-o FOLDER"),
        (("--all", "-o", "-"), 2, "-o FOLDER"),
        (("gexf", "--all", "-o", "x"), 2, "-o FOLDER"),
    ],
)
def test_what_cannot_be_is_refused(
    words: Sequence[str], code: int, said: str, project: Project, tmp_path: Path
) -> None:
    """It is told in both languages, and nothing is written."""
    command = ("--root", str(project.root), "--build-dir", str(project.build), "export", *words)
    ran = subprocess.run(
        (sys.executable, "-m", "kg", *command), cwd=tmp_path, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert ran.returncode == code, ran.stderr
    assert said in ran.stderr
    assert " | " in ran.stderr
    assert list(tmp_path.iterdir()) == []


def test_only_a_thing_and_its_neighbours(kg: Any) -> None:  # noqa: ANN401
    """By any of its names; the rest of the network is left out."""
    whole = json.loads(kg("node-link", "-o", "-").stdout)
    for name in ("河北", "Hebei", "kgr:hebei", "hebei"):
        part = json.loads(kg("node-link", "--about", name, "-o", "-").stdout)
        near = {
            end
            for edge in whole["edges"]
            for end in (edge["source"], edge["target"])
            if "kgr:hebei" in (edge["source"], edge["target"])
        }
        assert {node["id"] for node in part["nodes"]} == near
        assert 1 < len(near) < len(whole["nodes"])


# --- everything ---------------------------------------------------------------------------------


def test_everything_is_written_and_twice_the_same(graph: KnowledgeGraph, tmp_path: Path) -> None:
    """Every format of the dataset, the tables and each network, listed with its SHA-256."""
    count, lacking = write_all(graph.material(), tmp_path / "one")
    assert lacking == {}
    assert write_all(graph.material(), tmp_path / "two") == (count, {})
    found = held(tmp_path / "one")
    assert found == held(tmp_path / "two")
    manifest = json.loads(found.pop(MANIFEST))
    assert len(found) == count
    assert manifest["release"] == graph.release.id if graph.release else False
    assert {name: it["sha256"] for name, it in manifest["files"].items()} == {
        name: sha256(data).hexdigest() for name, data in found.items()
    }
    for form, it in EXPORTERS.items():
        end = it.suffix if isinstance(it, Exporter) else f"-{form}"
        stems = [f"networks/{name}" for name in graph.material().networks()]
        stems = stems if form in NETWORKS else ["dataset" if form in DATASETS else "tables"]
        stems = ["networks/regions/hebei"] if form == "mermaid" else stems
        for stem in stems:
            assert any(name.split("/MAN")[0].startswith(f"{stem}{end}") for name in found), form


def test_what_is_not_installed_is_left_out_and_told(
    kg: Any,  # noqa: ANN401
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """Everything else is written; asked for by name, such a format is refused."""
    monkeypatch.setattr("kg.exports.html.VENDOR", tmp_path / "none")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    ran = kg("--all", "-o", tmp_path / "out")
    assert ran.exit_code == 0, ran.output
    assert "parquet is left out: pyarrow is not installed" in ran.stderr
    assert "html is left out: " in ran.stderr
    found = held(tmp_path / "out")
    assert json.loads(found[MANIFEST])["left_out"] == ["html", "parquet"]
    assert not [name for name in found if "html" in name or "parquet" in name]
    assert "dataset.ttl" in found
    for form in ("html", "parquet"):
        assert isinstance(kg(form, "-o", tmp_path / "no").exception, NotInstalledError)
    assert not (tmp_path / "no").exists()


def test_what_a_person_has_made_is_not_replaced(kg: Any, tmp_path: Path) -> None:  # noqa: ANN401
    """A folder of one's own stays as it is."""
    (tmp_path / "mine.txt").write_text("mine")
    ran = kg("csv", "-o", tmp_path)
    assert isinstance(ran.exception, KgError)
    assert "name another folder" in str(ran.exception)
    assert held(tmp_path) == {"mine.txt": b"mine"}


# --- where it cannot be written -----------------------------------------------------------------


@pytest.mark.parametrize("form", ["ttl", "gexf", "csv", "xlsx", "neo4j"])
def test_a_full_disk_leaves_nothing(form: str, project: Project, tmp_path: Path) -> None:
    """Where a file may not grow, nothing stands under the name, and the reason is told."""
    command = ("--root", str(project.root), "--build-dir", str(project.build), "export", form)
    ran = subprocess.run(
        (sys.executable, "-m", "kg", *command, "-o", str(tmp_path / "out")),
        capture_output=True, text=True, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000)),
    )  # fmt: skip
    assert ran.returncode == 1, ran.stderr
    assert "无法写出" in ran.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_reader_who_leaves_ends_it_quietly(project: Project) -> None:
    """`| head` is no error."""
    command = ("--root", str(project.root), "--build-dir", str(project.build), "export", "nq")
    with subprocess.Popen(
        (sys.executable, "-m", "kg", *command, "-o", "-"),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.read(10) == b"<http://pu"
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0


def test_a_bar_is_shown_on_a_terminal_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And only if there is much to do; the items are the same."""
    module = import_module("kg.cli.export")  # in the package the name is the command's
    monkeypatch.setattr(module, "LONG", 3)
    watched = module.watched
    assert list(watched(range(5))) == list(range(5))
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert list(watched(range(5))) == list(range(5))
    assert "100%" in capsys.readouterr().err
    assert list(watched(range(2))) == [0, 1]
    assert capsys.readouterr().err == ""


def test_each_step_is_told_before_it_is_taken(graph: KnowledgeGraph) -> None:
    """Networks and questions, once each: what is made is kept."""
    material, told = graph.material(), list[str]()
    material.step = told.append
    for _ in range(2):
        material.network("region-concept")
        material.workbook()
    assert told[0] == "region-concept"
    assert {"table-targets", "full", "concept-concept"} <= set(told)
    assert len(set(told)) == len(told)


def test_what_is_made_is_shown_on_a_terminal(project: Project) -> None:
    """On one line, which a pipe never sees."""
    place = ("--root", str(project.root), "--build-dir", str(project.build))
    command = (sys.executable, "-m", "kg", *place, "export", "node-link", "-o", "-")
    ours, theirs = os.openpty()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=theirs) as process:
        os.close(theirs)
        assert process.stdout is not None
        json.loads(process.stdout.read())
        shown = b""
        with suppress(OSError):  # the end of a terminal
            while piece := os.read(ours, 4096):
                shown += piece
    os.close(ours)
    assert "正在准备 region-concept" in shown.decode()


# --- from an endpoint ---------------------------------------------------------------------------


def test_an_endpoint_gives_the_same_networks_and_tables(
    project: Project, graph: KnowledgeGraph, tmp_path: Path
) -> None:
    """Of the same release; RDF is to be downloaded from it instead."""
    place = ("--root", project.root, "--build-dir", project.build)
    with running(*place, "serve") as url:
        far = ("--engine", f"{url}/sparql", "-o")
        root = ("--root", str(project.root), "export")
        for form in ("gexf", "csv"):
            graph.export(form, tmp_path / f"here.{form}")
            assert run_kg(*root, form, *far, str(tmp_path / f"there.{form}")).returncode == 0
        ran = run_kg(*root, "ttl", *far, "-")
    assert (tmp_path / "here.gexf").read_bytes() == (tmp_path / "there.gexf").read_bytes()
    assert held(tmp_path / "here.csv") == held(tmp_path / "there.csv")
    assert ran.returncode == 2
    assert b"/data/dataset.nq" in ran.stderr
